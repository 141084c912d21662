//! Table `embed`: a poll on the pages of a partner.

use sea_orm::entity::prelude::*;

use crate::{
    account::Locale,
    id::{AccountId, EmbedId, PartnerId, PollId},
};

/// A row of `embed`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "embed")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EmbedId,
    /// The poll.
    pub poll_id: PollId,
    /// The partner on whose pages it stands.
    pub partner_id: PartnerId,
    /// In which language.
    pub locale: Locale,
    /// As `#rrggbb`.
    pub accent_color: Option<String>,
    /// The Ed25519 key, 32 bytes, by which the partner vouches for its visitors.
    pub subject_key: Option<Vec<u8>>,
    /// How often it was changed.
    pub revision: i64,
    /// Who made it.
    pub created_by: Option<AccountId>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Since when it is shown nowhere.
    pub revoked_at: Option<DateTimeUtc>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
