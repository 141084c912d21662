//! Table `written_option`: what voters wrote, so that the same words are the same option.

use sea_orm::{DeriveValueType, entity::prelude::*};

use crate::id::{OptionId, QuestionId};

/// What a written text comes down to: the same for texts that say the same, 32 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct TextKey(pub Vec<u8>);

impl sea_orm::TryFromU64 for TextKey {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("TextKey"))
    }
}

/// A row of `written_option`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "written_option")]
pub struct Model {
    /// The question.
    #[sea_orm(primary_key, auto_increment = false)]
    pub question_id: QuestionId,
    /// What the text comes down to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub text_key: TextKey,
    /// The option that it became.
    pub option_id: OptionId,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
