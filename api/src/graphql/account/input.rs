//! What clients send about accounts and sessions.

use async_graphql::{ID, InputObject, OneofObject};
use domain::account::{AccountChange, AccountDraft, Credentials, Password, Proof, Revocation};

use super::types::Locale;
use crate::graphql::{error::Failure, node};

/// A request for an account.
#[derive(InputObject)]
pub(crate) struct AccountRegisterInput {
    /// At most 254 bytes; upper and lower case are the same, and so are both spellings of a domain
    /// with other letters than ASCII's. Before the @ it is in ASCII: not every mail server takes
    /// more. A link is mailed to it.
    email: String,
    /// 12 to 128 characters of any kind; spaces count.
    #[graphql(secret)]
    password: String,
    /// The name that others see: 2 to 60 characters on one line, no name that passes for the province's,
    /// a partner's or a moderator's (NAME_RESERVED), without links, addresses and listed words
    /// (NAME_UNFIT).
    display_name: String,
    /// The language for mail; the request's where absent or null.
    locale: Option<Locale>,
    /// The access token that `visitorCreate` gave to who asks. Once the address is verified, the
    /// ballots that were cast with it are the account's, except for questions that the account has
    /// answered already. Null where nothing was done as a visitor.
    #[graphql(secret)]
    pub(super) visitor_token: Option<String>,
}

/// The proof that an address is yours.
#[derive(InputObject)]
pub(crate) struct AccountVerifyEmailInput {
    /// From the link in the mail; good for once, within 24 hours.
    #[graphql(secret)]
    pub(super) token: String,
}

/// What you sign in with.
#[derive(InputObject)]
pub(crate) struct SessionCreateInput {
    /// The account's address.
    email: String,
    /// The account's password.
    #[graphql(secret)]
    password: String,
    /// The six figures that your authenticator shows, or a recovery code; only for an account
    /// with a second factor.
    #[graphql(secret)]
    second_factor_code: Option<String>,
    /// The last refresh token of a session that you had on this device, even if it ended: tries of
    /// others then do not make you wait. It counts for 30 days after the session's end. A token of
    /// another account, or an unknown one, changes nothing. Null on a new device.
    #[graphql(secret)]
    pub(super) former_refresh_token: Option<String>,
}

/// Whom to mail a link to sign in by.
#[derive(InputObject)]
pub(crate) struct SessionLinkRequestInput {
    /// The account's address.
    pub(super) email: String,
    /// As in `SessionCreateInput`.
    #[graphql(secret)]
    pub(super) former_refresh_token: Option<String>,
}

/// The proof that a link was mailed to you.
#[derive(InputObject)]
pub(crate) struct SessionCreateFromLinkInput {
    /// From the link in the mail; good for once, within 15 minutes.
    #[graphql(secret)]
    pub(super) token: String,
    /// The six figures that your authenticator shows, or a recovery code; only for an account
    /// with a second factor. Where it is missing or wrong the link stays good.
    #[graphql(secret)]
    pub(super) second_factor_code: Option<String>,
    /// As in `SessionCreateInput`.
    #[graphql(secret)]
    pub(super) former_refresh_token: Option<String>,
}

/// Whom to mail a link to choose another password by.
#[derive(InputObject)]
pub(crate) struct AccountPasswordResetRequestInput {
    /// The account's address.
    pub(super) email: String,
    /// As in `SessionCreateInput`.
    #[graphql(secret)]
    pub(super) former_refresh_token: Option<String>,
}

/// Another password, and the proof that a link was mailed to you.
#[derive(InputObject)]
pub(crate) struct AccountPasswordResetInput {
    /// From the link in the mail; good for once, within 15 minutes.
    #[graphql(secret)]
    pub(super) token: String,
    /// 12 to 128 characters of any kind; spaces count.
    #[graphql(secret)]
    pub(super) password: String,
}

/// The proof that it is you who sets a second factor: exactly one of these.
#[derive(InputObject)]
pub(crate) struct SecondFactorEnrollInput {
    /// Your password; or give a token.
    #[graphql(secret)]
    pub(super) password: Option<String>,
    /// The token of a link that `sessionLinkRequest` mailed to you, still good, which is taken; or
    /// give your password.
    #[graphql(secret)]
    pub(super) token: Option<String>,
}

/// The proof that your authenticator has the secret.
#[derive(InputObject)]
pub(crate) struct SecondFactorConfirmInput {
    /// The six figures that it shows now.
    #[graphql(secret)]
    pub(super) code: String,
}

/// The renewal of a session.
#[derive(InputObject)]
pub(crate) struct SessionRefreshInput {
    /// The session's newest refresh token.
    #[graphql(secret)]
    pub(super) refresh_token: String,
}

/// Which session to end: exactly one of these.
#[derive(OneofObject)]
pub(crate) enum SessionRevokeInput {
    /// A refresh token of the session, as proof that it is yours; one that is not known needs no
    /// ending and is no error.
    #[graphql(secret)]
    RefreshToken(String),
    /// A session of your own; you must be signed in.
    SessionId(ID),
}

/// What changes in your account; what is absent or null stays.
#[derive(InputObject)]
pub(crate) struct AccountUpdateInput {
    /// The name that others see: as in `AccountRegisterInput`, and none that moderators hid (NAME_HIDDEN);
    /// null leaves it.
    display_name: Option<String>,
    /// The language for mail.
    locale: Option<Locale>,
}

impl AccountRegisterInput {
    /// The draft, in the request's language where none is given.
    pub(super) fn draft(self, language: domain::Locale) -> AccountDraft {
        AccountDraft {
            email: self.email,
            password: Password::from(self.password.as_str()),
            display_name: self.display_name,
            locale: self.locale.map_or(language, Into::into),
        }
    }
}

/// Returns the proof that was given; none if there is neither, or both.
pub(crate) fn proof(password: Option<String>, token: Option<String>) -> Option<Proof> {
    match (password, token) {
        (None, Some(token)) => Some(Proof::Link(token)),
        (Some(password), None) => Some(Proof::Password(Password::from(password.as_str()))),
        (None, None) | (Some(_), Some(_)) => None,
    }
}

impl From<SessionCreateInput> for Credentials {
    fn from(input: SessionCreateInput) -> Self {
        Self {
            email: input.email,
            password: Password::from(input.password.as_str()),
            second_factor_code: input.second_factor_code,
        }
    }
}

impl TryFrom<SessionRevokeInput> for Revocation {
    type Error = Failure;

    fn try_from(input: SessionRevokeInput) -> Result<Self, Failure> {
        Ok(match input {
            SessionRevokeInput::RefreshToken(token) => Self::RefreshToken(token),
            SessionRevokeInput::SessionId(id) => Self::Session(node::decode(&id, "sessionId")?),
        })
    }
}

impl From<AccountUpdateInput> for AccountChange {
    fn from(input: AccountUpdateInput) -> Self {
        Self {
            display_name: input.display_name,
            locale: input.locale.map(Into::into),
        }
    }
}
