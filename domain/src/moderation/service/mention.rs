//! Loading what mails say of an item that was decided about.

use super::{
    super::{Subject, mail_text::Mention, store},
    Moderation,
};
use crate::{
    Actor, Result,
    clock::Instant,
    comment::{self, SubjectId},
    id::{AccountId, ModerationCaseId, PollId},
    poll, story, theme,
};

impl Moderation {
    /// Loads what a mail says of the item of a case; none if there is no such case.
    pub(in crate::moderation) async fn mention(
        &self,
        id: ModerationCaseId,
    ) -> Result<Option<Mention>> {
        let read = self.0.database.read();
        let Some(case) = store::by_ids(read, &[id]).await?.pop() else {
            return Ok(None);
        };
        let subject = Subject::of(&case);
        let mut mention = Mention {
            kind: case.subject_kind,
            text: case.snapshot,
            under: None,
            written_at: None,
            path: None,
        };
        match subject {
            Subject::Story(id) => {
                let found = story::store::by_id(read, &Actor::System, id, self.0.clock.now());
                if let Some(story) = found.await? {
                    mention.written_at = story.submitted_at.or(story.published_at);
                }
                // Its case keeps the title, the summary and the body, one after the other.
                if let Some((title, _)) = mention.text.split_once("\n\n") {
                    mention.text = title.to_owned();
                }
            }
            Subject::Comment(id) => {
                let now = self.0.clock.now();
                let found = comment::store::by_ids(read, &Actor::System, &[id], now).await?;
                if let Some(comment) = found.into_iter().next() {
                    mention.written_at = Some(comment.created_at);
                    self.stands_under(comment.subject.id(), &mut mention)
                        .await?;
                }
            }
            Subject::Answer(id) => {
                if let Some(poll) = poll::store::poll_of(read, id).await? {
                    self.stands_under(SubjectId::Poll(poll), &mut mention)
                        .await?;
                }
            }
            Subject::Profile(_) => {}
        }
        Ok(Some(mention))
    }

    /// Notes the title of what an item stands under, and the page of it if we have one.
    async fn stands_under(&self, id: SubjectId, mention: &mut Mention) -> Result<()> {
        let (read, now) = (self.0.database.read(), self.0.clock.now());
        match id {
            SubjectId::Story(id) => {
                let found = story::store::by_id(read, &Actor::System, id, now).await?;
                mention.under = found.map(|story| story.title);
            }
            SubjectId::Theme(id) => {
                mention.under = theme::store::by_id(read, id)
                    .await?
                    .map(|theme| theme.title);
            }
            SubjectId::Poll(id) => self.stands_under_poll(id, mention).await?,
        }
        Ok(())
    }

    async fn stands_under_poll(&self, id: PollId, mention: &mut Mention) -> Result<()> {
        let read = self.0.database.read();
        if let Some(poll) = poll::store::by_id(read, id, self.0.clock.now()).await? {
            mention.path = Some(format!("/polls/{}", poll.slug));
            mention.under = Some(poll.title);
        }
        Ok(())
    }

    /// Loads when an account last reported in a case, by `until`; none if it did not.
    pub(in crate::moderation) async fn reported_at(
        &self,
        case: ModerationCaseId,
        account: AccountId,
        until: Instant,
    ) -> Result<Option<Instant>> {
        let reports = store::reports(self.0.database.read(), &[case]).await?;
        let own = reports
            .into_values()
            .flatten()
            .filter(|report| report.account_id == Some(account) && report.created_at <= until);
        Ok(own.map(|report| report.created_at).max())
    }
}
