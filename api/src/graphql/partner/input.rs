//! What clients send about partners.

use async_graphql::{Enum, ID, InputObject};
use domain::partner;

use super::types::PartnerKind;

/// A new partner.
#[derive(InputObject)]
pub(crate) struct PartnerCreateInput {
    /// One line, 2 to 120 characters; the address (`slug`) is made of it.
    name: String,
    /// What kind of organisation it is.
    kind: PartnerKind,
    /// The address of its own site, starting with `https://`, at most 500 characters.
    website: Option<String>,
    /// The CBS code of the municipality that it is, or is of, such as `GM0193`.
    municipality_code: Option<String>,
}

/// What someone is to be at a partner.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartnerMemberSetRole {
    /// Writes the partner's polls and embeds.
    Editor,
    /// What an editor may, and says who works for the partner.
    Admin,
    /// Works for it no longer.
    None,
}

/// Someone's role at a partner.
#[derive(InputObject)]
pub(crate) struct PartnerMemberSetInput {
    /// The partner.
    pub(super) partner_id: ID,
    /// The address of their account, which they have shown to be theirs. For any other address
    /// nothing changes, and the answer does not say so.
    email: String,
    /// What they are from here on.
    role: PartnerMemberSetRole,
}

impl From<PartnerCreateInput> for partner::PartnerDraft {
    fn from(input: PartnerCreateInput) -> Self {
        Self {
            name: input.name,
            kind: input.kind.into(),
            website: input.website,
            municipality: input.municipality_code,
        }
    }
}

impl From<PartnerMemberSetInput> for partner::MemberDraft {
    fn from(input: PartnerMemberSetInput) -> Self {
        Self {
            email: input.email,
            role: match input.role {
                PartnerMemberSetRole::Editor => Some(partner::PartnerRole::Editor),
                PartnerMemberSetRole::Admin => Some(partner::PartnerRole::Admin),
                PartnerMemberSetRole::None => None,
            },
        }
    }
}
