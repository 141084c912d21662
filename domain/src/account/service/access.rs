//! Looking up if the access that a token states still holds.

use std::collections::HashMap;

use super::Accounts;
use crate::{
    Member, Result,
    account::store::{self, SessionAccess},
    clock::Instant,
    event::{Event, Events},
    id::{AccountId, SessionId},
};

impl Accounts {
    /// Those of the members whose session has ended, or whose account lost a role that their
    /// token states, in one statement.
    pub(crate) async fn without_access(
        &self,
        members: &[Member],
        now: Instant,
    ) -> Result<Vec<Member>> {
        let sessions: Vec<SessionId> = members.iter().map(|member| member.session).collect();
        let open = store::session_access(self.database.read(), &sessions, now).await?;
        Ok(members
            .iter()
            .filter(|member| {
                !open
                    .get(&member.session)
                    .is_some_and(|its| gives(its, member))
            })
            .cloned()
            .collect())
    }

    /// The member's session, if it is open and still gives what their token states.
    pub(super) async fn open(
        &self,
        member: &Member,
        now: Instant,
    ) -> Result<Option<SessionAccess>> {
        let sessions = &[member.session];
        let mut open: HashMap<SessionId, SessionAccess> =
            store::session_access(self.database.read(), sessions, now).await?;
        let access = open.remove(&member.session);
        Ok(access.filter(|access| gives(access, member)))
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

/// Returns if a session gives what a member's token states.
fn gives(access: &SessionAccess, member: &Member) -> bool {
    access.account == member.id
        && (is_of_provider(member.session)
            || member.roles.iter().all(|role| access.roles.contains(&role)))
}

/// Returns if a session stands for the token of an identity provider, which states the roles
/// itself: its id is made of a hash (UUID version 8), that of our own sessions of the time.
fn is_of_provider(session: SessionId) -> bool {
    session.0.get_version() == Some(uuid::Version::Custom)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{Role, Roles};

    fn member(session: SessionId, roles: &[Role]) -> Member {
        Member {
            id: AccountId(Uuid::from_u128(1)),
            session,
            roles: Roles::new(roles.iter().copied()),
        }
    }

    #[test]
    fn a_lost_role_ends_access_unless_a_provider_states_it() {
        let now = Instant::UNIX_EPOCH;
        let access = SessionAccess {
            account: AccountId(Uuid::from_u128(1)),
            expires_at: now,
            roles: vec![Role::Resident],
        };
        let own = SessionId::new(now);
        assert!(gives(&access, &member(own, &[Role::Resident])));
        assert!(gives(&access, &member(own, &[])));
        let staff = [Role::Resident, Role::Moderator];
        assert!(!gives(&access, &member(own, &staff)));
        let foreign = SessionId(uuid::Builder::from_custom_bytes([7; 16]).into_uuid());
        assert!(gives(&access, &member(foreign, &staff)));
        let others = Member {
            id: AccountId(Uuid::from_u128(2)),
            ..member(own, &[])
        };
        assert!(!gives(&access, &others));
    }
}
