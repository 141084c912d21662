//! The people who use the platform.

use domain::Role;

/// Someone who uses the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Persona {
    /// Nobody in particular: no token.
    Anonymous,
    /// A visitor's token, no account.
    Visitor,
    /// Fatma, a resident; she writes what the tests need an author for.
    Resident,
    /// Jan, another resident.
    Neighbour,
    /// An editor of the province.
    Editor,
    /// A moderator of the province.
    Moderator,
    /// An administrator.
    Admin,
}

impl Persona {
    /// Everyone, in the order of the access matrix.
    pub const ALL: [Self; 7] = [
        Self::Anonymous,
        Self::Visitor,
        Self::Resident,
        Self::Neighbour,
        Self::Editor,
        Self::Moderator,
        Self::Admin,
    ];

    /// The roles of their account.
    pub(crate) fn roles(self) -> Vec<Role> {
        match self {
            Self::Anonymous | Self::Visitor => vec![],
            Self::Resident | Self::Neighbour => vec![Role::Resident],
            Self::Editor => vec![Role::Resident, Role::Editor],
            Self::Moderator => vec![Role::Resident, Role::Moderator],
            Self::Admin => vec![Role::Resident, Role::Admin],
        }
    }

    /// The name that others see; none without an account.
    pub fn display_name(self) -> Option<&'static str> {
        match self {
            Self::Anonymous | Self::Visitor => None,
            Self::Resident => Some("Fatma de Boer"),
            Self::Neighbour => Some("Jan Pietersen"),
            Self::Editor => Some("Eva Redactie"),
            Self::Moderator => Some("Mo Moderator"),
            Self::Admin => Some("Ada Beheer"),
        }
    }
}
