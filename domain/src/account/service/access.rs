//! Looking up if the access that a token states still holds.

use std::collections::HashMap;

use super::{Accounts, open::needs_second_factor};
use crate::{
    Actor, Blocked, Error, Member, Result,
    account::{
        TokenRefusal,
        store::{self, Block, SessionAccess},
    },
    clock::Instant,
    event::{Event, Events},
    id::{AccountId, SessionId},
};

impl Accounts {
    /// Those of the actors whose session has ended, whose account lost a role that their token
    /// states, or was blocked or unblocked since, in one statement.
    pub(crate) async fn without_access(
        &self,
        actors: &[Actor],
        now: Instant,
    ) -> Result<Vec<Actor>> {
        let members = actors.iter().filter_map(Actor::signed_in);
        let sessions: Vec<SessionId> = members.map(|member| member.session).collect();
        let open = store::session_access(self.database.read(), &sessions, now).await?;
        let holds = |actor: &Actor| {
            let member = actor.signed_in()?;
            let access = open.get(&member.session)?;
            Some(is_same(actor, &self.actor_of(access, member)?))
        };
        Ok(actors
            .iter()
            .filter(|actor| holds(actor) != Some(true))
            .cloned()
            .collect())
    }

    /// Returns the actor that the member's session makes, and its end; [`TokenRefusal`] if it has ended, or
    /// does not give any more what their token states.
    pub(super) async fn open(
        &self,
        member: &Member,
        now: Instant,
    ) -> Result<(Actor, Instant), TokenRefusal> {
        let sessions = &[member.session];
        let mut open: HashMap<SessionId, SessionAccess> =
            store::session_access(self.database.read(), sessions, now).await?;
        let refused = |reason| Error::refused(TokenRefusal::invalid(reason));
        let access = open
            .remove(&member.session)
            .ok_or_else(|| refused("its session has ended"))?;
        let actor = self
            .actor_of(&access, member)
            .ok_or_else(|| refused("its account has lost a role that it states"))?;
        // A block's end is seen at once.
        let until = access.block.and_then(|block| block.until);
        Ok((
            actor,
            access.expires_at.min(until.unwrap_or(Instant::MAX_UTC)),
        ))
    }

    /// Returns the actor that a session makes; none if it does not give what their token states.
    fn actor_of(&self, access: &SessionAccess, member: &Member) -> Option<Actor> {
        let is_foreign = is_of_provider(member.session);
        let holds = |role| access.roles.contains(&role);
        if access.account != member.id || !(is_foreign || member.roles.iter().all(holds)) {
            return None;
        }
        let withheld = access.roles.iter().copied().filter(|role| {
            self.second_factor_required
                && !is_foreign
                && needs_second_factor(*role)
                && !member.roles.contains(*role)
        });
        let member = Member {
            roles: member.roles.clone().withholding(withheld),
            ..member.clone()
        };
        Some(match access.block {
            None => Actor::Member(member),
            Some(Block { until }) => Actor::Blocked(Blocked { member, until }),
        })
    }

    /// Tells everyone that a session has ended, once that is on disk.
    pub(super) fn session_ended(&self, session: SessionId) {
        self.events.publish(Event::SessionEnded(session));
    }

    /// Tells everyone that an account's sessions or roles have changed, once that is on disk.
    pub(super) fn access_changed(&self, account: AccountId) {
        self.events.publish(Event::AccessChanged(account));
    }

    /// Forgets verified tokens as soon as any process ends their access.
    pub(super) fn react_to(&self, events: &Events) {
        let verified = self.verified.clone();
        events.react(move |event| match event {
            Event::SessionEnded(session) => verified.forget_session(session),
            Event::AccessChanged(account) => verified.forget_account(account),
            Event::PollChanged(_) | Event::CasesChanged | Event::EmbedChanged(_) => {}
        });
    }
}

/// Returns true if both may do the same: blocked until the same instant, or not at all.
fn is_same(before: &Actor, now: &Actor) -> bool {
    match (before, now) {
        (Actor::Blocked(before), Actor::Blocked(now)) => before.until == now.until,
        (before, now) => before.account().is_some() && before.account() == now.account(),
    }
}

/// Returns if a session stands for the token of an identity provider, which states the roles
/// itself: its id is made of a hash (UUID version 8), that of our own sessions of the time.
fn is_of_provider(session: SessionId) -> bool {
    session.0.get_version() == Some(uuid::Version::Custom)
}
