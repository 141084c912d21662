//! Who may do what with an embed. `role` is what the actor is at the embed's partner.

use crate::{Actor, partner::PartnerRole};

/// Whether `actor` may make, see, change and revoke the partner's embeds: who works for that very
/// partner, and editors of the province.
pub(super) fn may_manage(actor: &Actor, role: Option<PartnerRole>) -> bool {
    actor.is_editor() || role.is_some()
}
