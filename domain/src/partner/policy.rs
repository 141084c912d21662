//! Who may do what with a partner. `role` is what the actor is at that very partner.

use super::PartnerRole;
use crate::Actor;

/// Whether `actor` may make partners: admins of the platform.
pub fn may_create(actor: &Actor) -> bool {
    actor.is_admin()
}

/// Whether `actor` may say who works for the partner, and see it: its admins, and those of the
/// platform.
pub(crate) fn may_manage(actor: &Actor, role: Option<PartnerRole>) -> bool {
    actor.is_admin() || role == Some(PartnerRole::Admin)
}

/// Whether `actor` may write in the partner's name: who works for it, and admins of the platform.
pub(crate) fn may_write(actor: &Actor, role: Option<PartnerRole>) -> bool {
    actor.is_admin() || role.is_some()
}
