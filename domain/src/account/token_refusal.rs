//! The reasons for which an access token is refused.

/// A reason to refuse an access token: told to the operator in the log, and to its sender only if a
/// setting or a person can cure it. No reason repeats any part of the token but its issuer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// It is not good, or no longer.
    #[error("{0}")]
    Invalid(String),
    /// Its provider states no address of the person that was verified.
    #[error("the provider {issuer} states no verified address (email, email_verified)")]
    AddressMissing {
        /// The provider.
        issuer: String,
    },
    /// Its provider gave the person's address to somebody else before.
    #[error(
        "the address that the provider {issuer} states is known as another subject's, and \
         knownAddress is REFUSE"
    )]
    AddressKnown {
        /// The provider.
        issuer: String,
    },
    /// The person has so many groups that the provider left them out.
    #[error(
        "the provider {issuer} left the groups out and names where to ask for them \
         (_claim_names, hasgroups): let it state only the groups or roles of this application"
    )]
    GroupsLeftOut {
        /// The provider.
        issuer: String,
    },
}

impl TokenRefusal {
    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self::Invalid(reason.into())
    }
}
