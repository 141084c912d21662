//! Table `poll_edit`: what was reworded in a poll that had ballots.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, OptionId, PollEditId, PollId, QuestionId};

/// A text of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum PollField {
    /// The poll's title.
    Title,
    /// The description of the poll, the question or the option.
    Description,
    /// The question's prompt.
    Prompt,
    /// The option's label.
    Label,
}

/// A row of `poll_edit`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "poll_edit")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PollEditId,
    /// The poll.
    pub poll_id: PollId,
    /// The question whose text changed; none where it is the poll's own.
    pub question_id: Option<QuestionId>,
    /// The option whose text changed.
    pub option_id: Option<OptionId>,
    /// Which text.
    pub field: PollField,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
    /// Who changed it.
    pub edited_by: Option<AccountId>,
    /// When.
    pub edited_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
