//! What the rest of the program sees of partners.

use crate::{
    Role, Roles,
    account::Profile,
    clock::Instant,
    id::PartnerId,
    page::{Key, Sort},
    text,
};

pub use entity::{partner::PartnerKind, partner_member::PartnerRole};

/// A municipality of Overijssel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Municipality {
    /// The CBS code, such as `GM0193`.
    pub code: String,
    /// The name as CBS prints it.
    pub name: String,
}

/// An organisation that works with the province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Its id.
    pub id: PartnerId,
    /// Its address, unique and for ever.
    pub slug: String,
    /// One line.
    pub name: String,
    /// What kind of organisation it is.
    pub kind: PartnerKind,
    /// The address of its own site.
    pub website: Option<String>,
    /// The code of the municipality that it is, or is of.
    pub municipality: Option<String>,
    /// When it was made.
    pub created_at: Instant,
}

/// For whom an author speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorKind {
    /// For themselves.
    Person,
    /// For a partner.
    Partner,
    /// For the province: they write its themes and polls.
    Province,
    /// For those who run the platform: a moderator or an admin.
    Staff,
}

/// Someone who works for a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerMember {
    /// Who.
    pub account: Profile,
    /// What they may do.
    pub role: PartnerRole,
}

impl AuthorKind {
    /// Returns what someone is with these roles, who works for a partner or not: the province
    /// comes before the platform, and the platform before a partner.
    pub(super) fn of(roles: Option<&Roles>, is_member: bool) -> Self {
        let has = |wanted: &[Role]| {
            roles.is_some_and(|roles| roles.iter().any(|role| wanted.contains(&role)))
        };
        if has(&[Role::Editor]) {
            Self::Province
        } else if has(&[Role::Moderator, Role::Admin]) {
            Self::Staff
        } else if is_member {
            Self::Partner
        } else {
            Self::Person
        }
    }
}

impl Partner {
    /// The partner's place in the list, A to Z.
    pub(super) fn key(&self) -> Key {
        Key {
            sort: Sort::Text(text::sort_key(&self.name)),
            id: self.id.0,
        }
    }
}
