//! What partners send about embeds.

use async_graphql::{ID, InputObject, MaybeUndefined};
use domain::embed::{Change, EmbedChange, EmbedDraft};

use crate::graphql::{account::Locale, error::Failure, node, scalar::HexColor};

/// A poll for the pages of a partner.
#[derive(InputObject)]
pub(crate) struct EmbedCreateInput {
    /// The partner on whose pages it stands.
    partner_id: ID,
    /// The poll: one of the province's, or of that very partner.
    poll_id: ID,
    /// The sites that it may stand on, 1 to 20: scheme, host and port and nothing more, such as
    /// `https://www.raalte.nl`. `http://` only for one's own computer; no `*`.
    allowed_origins: Vec<String>,
    /// In which language.
    #[graphql(default_with = "Locale::Nl")]
    locale: Locale,
    /// The partner's colour; the platform's own where absent or null. Refused where white text on
    /// it has a contrast below 4.5 to 1; the message names the nearest shade that would pass.
    accent_color: Option<HexColor>,
    /// The public Ed25519 key by which the partner signs its visitors: PEM, or its 32 bytes in
    /// base64url. Where absent or null, nobody is vouched for.
    subject_key: Option<String>,
}

/// What changes in an embed; what is absent stays.
#[derive(InputObject)]
pub(crate) struct EmbedUpdateInput {
    /// The embed.
    pub(super) embed_id: ID,
    /// The sites that it may stand on, in the place of all before; as in `EmbedCreateInput`.
    allowed_origins: Option<Vec<String>>,
    /// In which language.
    locale: Option<Locale>,
    /// The partner's colour, as in `EmbedCreateInput`; null for the platform's own.
    accent_color: MaybeUndefined<HexColor>,
    /// The key by which the partner signs its visitors, as in `EmbedCreateInput`; null for none.
    subject_key: MaybeUndefined<String>,
}

/// An embed that is to be shown nowhere any more.
#[derive(InputObject)]
pub(crate) struct EmbedRevokeInput {
    /// The embed.
    pub(super) embed_id: ID,
}

impl EmbedCreateInput {
    pub(super) fn draft(self) -> Result<EmbedDraft, Failure> {
        Ok(EmbedDraft {
            partner: node::decode(&self.partner_id, "partnerId")?,
            poll: node::decode(&self.poll_id, "pollId")?,
            origins: self.allowed_origins,
            locale: self.locale.into(),
            accent: self.accent_color.map(|color| color.0),
            subject_key: self.subject_key,
        })
    }
}

impl From<EmbedUpdateInput> for EmbedChange {
    fn from(input: EmbedUpdateInput) -> Self {
        Self {
            origins: input.allowed_origins,
            locale: input.locale.map(Into::into),
            accent: change(input.accent_color, |color| color.0),
            subject_key: change(input.subject_key, |key| key),
        }
    }
}

fn change<T, U>(value: MaybeUndefined<T>, map: impl FnOnce(T) -> U) -> Change<U> {
    match value {
        MaybeUndefined::Undefined => Change::Keep,
        MaybeUndefined::Null => Change::Clear,
        MaybeUndefined::Value(value) => Change::Set(map(value)),
    }
}
