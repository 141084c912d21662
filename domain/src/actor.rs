//! Who asks: the first argument of every use-case.

use crate::{
    Error,
    clock::Instant,
    id::{AccountId, EmbedId, PollId, SessionId, SubjectId, VisitorId},
};

pub use entity::account_role::Role;

/// Who asks for a use-case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person without an account; with an id when they hold a visitor's token.
    Visitor(Option<VisitorId>),
    /// A person on the page of a partner, who votes in the poll there and does nothing else.
    Guest(Guest),
    /// A person who signed in.
    Member(Member),
    /// A person who signed in to an account that is blocked: they read, and use their rights.
    Blocked(Blocked),
    /// The platform itself: jobs, imports and the operator's commands.
    System,
}

/// A person who signed in, as their access token states it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Member {
    /// Their account.
    pub id: AccountId,
    /// The session that the token belongs to.
    pub session: SessionId,
    /// What they may do beyond what everyone may.
    pub roles: Roles,
}

/// A person whose account is blocked. It acts for nobody ([`Actor::account`]), so that every
/// use-case refuses it except those that name it: reading, appealing, exporting and erasing, and
/// whatever keeps its own sessions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Blocked {
    /// The person, as their access token states it.
    pub member: Member,
    /// When the block ends; none where it does not by itself.
    pub until: Option<Instant>,
}

/// A person on the page of a partner, as the token states it that they got there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guest {
    /// The embed that they got it in.
    pub embed: EmbedId,
    /// The embed's poll.
    pub poll: PollId,
    /// What tells them from others.
    pub identity: Identity,
}

/// What tells a guest from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A token that their page forgets: on their next visit they are another.
    Passing(VisitorId),
    /// A token that their page keeps.
    Device(VisitorId),
    /// The word of the partner.
    Subject(SubjectId),
}

/// A set of roles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Roles {
    held: Vec<Role>,
    withheld: Vec<Role>,
}

impl Roles {
    /// The set of `roles`, each once, in the order of [`Role`].
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        Self {
            held: sorted(roles),
            withheld: Vec::new(),
        }
    }

    /// The set with roles that do not count, for want of a second factor.
    #[must_use]
    pub(crate) fn withholding(self, roles: impl IntoIterator<Item = Role>) -> Self {
        Self {
            withheld: sorted(roles),
            ..self
        }
    }

    /// Whether `role` itself is in the set.
    pub fn contains(&self, role: Role) -> bool {
        self.held.contains(&role)
    }

    /// The roles, each once.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.held.iter().copied()
    }
}

fn sorted(roles: impl IntoIterator<Item = Role>) -> Vec<Role> {
    let mut roles: Vec<Role> = roles.into_iter().collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

impl Actor {
    /// The account that the actor may act for, if they have one; none where it is blocked.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Member(member) => Some(member.id),
            Self::Visitor(_) | Self::Guest(_) | Self::Blocked(_) | Self::System => None,
        }
    }

    /// The person who signed in, blocked or not.
    pub fn signed_in(&self) -> Option<&Member> {
        match self {
            Self::Member(member) | Self::Blocked(Blocked { member, .. }) => Some(member),
            Self::Visitor(_) | Self::Guest(_) | Self::System => None,
        }
    }

    /// The account whose own things the actor may read, blocked or not.
    pub fn reader(&self) -> Option<AccountId> {
        self.signed_in().map(|member| member.id)
    }

    /// Whether the actor writes for the province: editors, admins and the platform itself.
    pub fn is_editor(&self) -> bool {
        self.has(Role::Editor)
    }

    /// Whether the actor judges what others submit: moderators, admins and the platform itself.
    pub fn is_moderator(&self) -> bool {
        self.has(Role::Moderator)
    }

    /// Whether the actor works for the province in any role.
    pub fn is_staff(&self) -> bool {
        self.is_editor() || self.is_moderator()
    }

    /// Whether the actor runs the platform: admins and the platform itself.
    pub fn is_admin(&self) -> bool {
        self.has(Role::Admin)
    }

    fn has(&self, role: Role) -> bool {
        match self {
            Self::System => true,
            Self::Member(member) => {
                member.roles.contains(role) || member.roles.contains(Role::Admin)
            }
            Self::Visitor(_) | Self::Guest(_) | Self::Blocked(_) => false,
        }
    }

    /// Refuses an account that is blocked, whatever it is that everyone else may do.
    pub(crate) fn unblocked<R>(&self) -> Result<(), Error<R>> {
        match self {
            Self::Blocked(_) => Err(self.denied()),
            Self::Visitor(_) | Self::Guest(_) | Self::Member(_) | Self::System => Ok(()),
        }
    }

    /// The refusal that fits when this actor may not do a thing: a visitor or guest should sign in
    /// first, a blocked account waits, a role may want a second factor, anyone else may not.
    pub fn denied<R>(&self) -> Error<R> {
        match self {
            Self::Visitor(_) | Self::Guest(_) => Error::Unauthenticated,
            Self::Blocked(blocked) => Error::Blocked(blocked.until),
            Self::Member(member) if !member.roles.withheld.is_empty() => Error::SecondFactorMissing,
            Self::Member(_) | Self::System => Error::Denied,
        }
    }
}
