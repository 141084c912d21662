//! Table `refresh_token`: the tokens that renew a session, each good for once.

use sea_orm::entity::prelude::*;

use crate::id::SessionId;

/// A row of `refresh_token`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    /// SHA-256 of the token, in hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// The session that it renews.
    pub session_id: SessionId,
    /// When it was given out.
    pub issued_at: DateTimeUtc,
    /// When it was used.
    pub used_at: Option<DateTimeUtc>,
    /// The name (`jti`) of the access token that was given out with it.
    pub access_id: Option<String>,
    /// When that access token was first used.
    pub access_used_at: Option<DateTimeUtc>,
    /// The token that was given when this one was used.
    pub replaced_by: Option<String>,
    /// When its second use was taken for that of a lost answer, which happens once.
    pub forgiven_at: Option<DateTimeUtc>,
    /// When it was taken for one that never arrived: neither it nor its access token works.
    pub voided_at: Option<DateTimeUtc>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
