//! Who asks: the first argument of every use-case.

use crate::id::{AccountId, EmbedId, PollId, SessionId, SubjectId, VisitorId};

pub use entity::account_role::Role;

/// Who asks for a use-case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person without an account; with an id when they hold a visitor's token.
    Visitor(Option<VisitorId>),
    /// A person on the page of a partner, who votes in the poll there and does nothing else.
    Guest(Guest),
    /// A person who signed in.
    Member(Member),
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

/// A person on the page of a partner, as the token states it that they got there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guest {
    /// The embed that they got it in.
    pub embed: EmbedId,
    /// The embed's poll.
    pub poll: PollId,
    /// What tells them from others.
    pub identity: Identity,
}

/// What tells a guest from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
pub struct Roles(Vec<Role>);

impl Roles {
    /// The set of `roles`, each once, in the order of [`Role`].
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }

    /// Whether `role` itself is in the set.
    pub fn contains(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// The roles, each once.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }
}

impl Actor {
    /// The account of the person who asks, if they have one.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Member(member) => Some(member.id),
            Self::Visitor(_) | Self::Guest(_) | Self::System => None,
        }
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
            Self::Visitor(_) | Self::Guest(_) => false,
        }
    }

    /// The refusal that fits when this actor may not do a thing: a visitor or guest should sign in first,
    /// anyone else may not.
    pub fn denied<R>(&self) -> crate::Error<R> {
        match self {
            Self::Visitor(_) | Self::Guest(_) => crate::Error::Unauthenticated,
            Self::Member(_) | Self::System => crate::Error::Denied,
        }
    }
}
