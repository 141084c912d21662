//! Table `moderation_template`: what statements of moderators are written from.

use sea_orm::entity::prelude::*;

use crate::{
    account::Locale, content_report::Reason, id::ModerationTemplateId, moderation_entry::Action,
};

/// A row of `moderation_template`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moderation_template")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ModerationTemplateId,
    /// The action that it goes with.
    pub action: Action,
    /// The reason that it goes with.
    pub reason_code: Reason,
    /// The language.
    pub locale: Locale,
    /// The words.
    pub text: String,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
