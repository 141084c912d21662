//! Table `poll_option`: what can be marked on a ballot.

use sea_orm::entity::prelude::*;

use crate::{
    id::{OptionId, QuestionId},
    poll_voter::VoterKey,
};

/// Whether an option may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum OptionModeration {
    /// Everyone sees it.
    Approved,
    /// Nobody but staff sees it until it is judged.
    Pending,
    /// Nobody but staff sees it.
    Rejected,
}

/// What an option stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum OptionRole {
    /// What it says.
    Choice,
    /// None of the others; it stands alone on a ballot.
    NoneOfTheAbove,
    /// What the voter writes beside it.
    Other,
}

/// A row of `poll_option`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "poll_option")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OptionId,
    /// The question.
    pub question_id: QuestionId,
    /// Its place in the question, from 0.
    pub position: i32,
    /// One line.
    pub label: String,
    /// A few words more.
    pub description: String,
    /// What it stands for.
    pub role: OptionRole,
    /// Whether it is a right answer of a quiz.
    pub is_right: bool,
    /// Whether it may be shown.
    pub moderation: OptionModeration,
    /// The voter who wrote it; none for the question's own.
    pub written_by: Option<VoterKey>,
    /// Its id in the source it was imported from.
    pub reference: Option<String>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
