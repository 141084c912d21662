//! Templates as clients see them.

use async_graphql::{ID, SimpleObject};
use domain::moderation;

use super::types::{ModerationAction, ModerationReason};
use crate::graphql::{account::Locale, node};

/// What a moderator's statement is written from. Moderators and admins see it.
#[derive(SimpleObject)]
pub(crate) struct ModerationTemplate {
    /// Opaque and stable.
    id: ID,
    /// The action that it goes with: REQUEST_CHANGES, REJECT, HIDE or BLOCK.
    action: ModerationAction,
    /// The reason that it goes with.
    reason_code: ModerationReason,
    /// The language that it is in.
    locale: Locale,
    /// The words, 1 to 1,000 characters.
    text: String,
}

impl From<moderation::Template> for ModerationTemplate {
    fn from(template: moderation::Template) -> Self {
        Self {
            id: node::encode(&template.id),
            action: template.action.into(),
            reason_code: template.reason_code.into(),
            locale: template.locale.into(),
            text: template.text,
        }
    }
}
