//! Who may do what with a theme. Everyone may see every theme.

use crate::Actor;

/// Whether `actor` may make and change themes and post to their log: editors.
pub fn may_edit(actor: &Actor) -> bool {
    actor.is_editor()
}

/// Whether `actor` may follow a theme: everyone with an account.
pub fn may_follow(actor: &Actor) -> bool {
    actor.account().is_some()
}
