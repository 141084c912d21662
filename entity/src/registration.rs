//! Table `registration`: the requests for an account that wait for their address to be confirmed.

use sea_orm::entity::prelude::*;

use crate::{
    account::Locale,
    id::{AccountId, RegistrationId, VisitorId},
};

/// A row of `registration`; those of an account go together once one of them is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registration")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RegistrationId,
    /// The unverified account that holds the address; several registrations of it may wait.
    pub account_id: AccountId,
    /// The password of this registration, as Argon2id in PHC string format.
    pub password_hash: String,
    /// The display name of this registration.
    pub display_name: String,
    /// The language for mail.
    pub locale: Locale,
    /// The visitor who registered; null for a person who was none.
    pub visitor_id: Option<VisitorId>,
    /// SHA-256 of the token of this registration's link, in hexadecimal; null until it is mailed.
    pub token_hash: Option<String>,
    /// When the link stops working.
    pub expires_at: DateTimeUtc,
    /// When it was received.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
