//! Beginning to vote in an embed.

use super::{EmbedRefusal, Embeds, Shown};
use crate::{
    Actor, Error, Result,
    account::AccessToken,
    actor::{Guest, Identity},
    embed::{Opening, SubjectProblem},
    id::{EmbedId, SubjectId, VisitorId},
    poll,
};

impl Embeds {
    /// A token for someone who votes in the embed: whom its partner vouches for, or else whoever
    /// holds the token. Nothing is kept of it, and of whom the partner vouches for only what the
    /// poll's secret makes of their name.
    pub async fn open(
        &self,
        _: &Actor,
        id: EmbedId,
        opening: Opening,
    ) -> Result<AccessToken, EmbedRefusal> {
        let shown = self.look_up(id).await?.ok_or(Error::NotFound)?;
        let identity = match opening.subject {
            Some(token) => match self.vouched(&shown, &token).await? {
                Some(subject) => Identity::Subject(subject),
                // The poll closed so long ago that nobody is told from others in it.
                None => Identity::Passing(VisitorId::new(self.clock.now())),
            },
            None if opening.is_kept => Identity::Device(VisitorId::new(self.clock.now())),
            None => Identity::Passing(VisitorId::new(self.clock.now())),
        };
        let guest = Guest {
            embed: shown.id,
            poll: shown.poll,
            identity,
        };
        self.accounts.admit_guest(guest)
    }

    /// Returns the person whom the embed's partner vouches for by this token; none once the poll's ballots are
    /// anonymised.
    async fn vouched(&self, shown: &Shown, token: &str) -> Result<Option<SubjectId>, EmbedRefusal> {
        let refused = |problem| Error::refused(EmbedRefusal::Subject(problem));
        let key = shown
            .subject_key
            .as_ref()
            .ok_or(refused(SubjectProblem::NoKey))?;
        let now = self.clock.now();
        let (url, id) = (self.url(shown.id), shown.id.0.to_string());
        let subject = key.vouched(token, &[&url, &id], now).map_err(refused)?;
        let poll = poll::store::by_id(self.database.read(), shown.poll, now)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(poll.subject(shown.partner, &subject))
    }
}
