//! Who may do what with an account. Everyone may register, sign in and become a visitor, and
//! see every display name; all else of an account is its owner's alone.

use crate::Actor;

/// Returns true if `actor` may change their own account: whoever has one.
pub fn may_update(actor: &Actor) -> bool {
    actor.account().is_some()
}

/// Whether `actor` may make verified accounts and give and take roles: the operator's commands.
pub fn may_operate(actor: &Actor) -> bool {
    matches!(actor, Actor::System)
}
