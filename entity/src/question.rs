//! Table `question`.

use sea_orm::entity::prelude::*;

use crate::id::{PollId, QuestionId};

/// What a ballot for a question looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum QuestionKind {
    /// One option.
    Single,
    /// Some options.
    Multiple,
    /// Agree, pass or disagree with any of the statements.
    Statements,
    /// A step on a scale for each option.
    Scale,
    /// Options in order of preference.
    Ranking,
    /// A budget of points spread over options.
    Points,
    /// A whole number.
    Number,
    /// Words of the voter's own.
    WordCloud,
    /// Answers of the voter's own.
    Open,
    /// One option, of which some are right.
    Quiz,
}

/// Where a question stands in the hands of a presenter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum QuestionState {
    /// Not shown.
    Hidden,
    /// Shown, and answers are taken.
    Open,
    /// Shown, and answers are no longer taken.
    Locked,
    /// Shown with its results.
    Revealed,
}

/// A row of `question`.
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "question")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuestionId,
    /// The poll.
    pub poll_id: PollId,
    /// Its place in the poll, from 0.
    pub position: i32,
    /// What a ballot looks like.
    pub kind: QuestionKind,
    /// The question, one line.
    pub prompt: String,
    /// Markdown.
    pub description: String,
    /// Where it stands.
    pub state: QuestionState,
    /// When the presenter first opened it in the present run.
    pub opened_at: Option<DateTimeUtc>,
    /// From when an open question counts as locked.
    pub timer_ends_at: Option<DateTimeUtc>,
    /// Fewest options on a ballot.
    pub min_choices: Option<i32>,
    /// Most options on a ballot.
    pub max_choices: Option<i32>,
    /// The lowest step or number.
    pub scale_min: Option<i32>,
    /// The highest step or number.
    pub scale_max: Option<i32>,
    /// What the lowest step means.
    pub scale_min_label: Option<String>,
    /// What the highest step means.
    pub scale_max_label: Option<String>,
    /// Points to spread.
    pub budget: Option<i32>,
    /// Most written answers on a ballot.
    pub max_answers: Option<i32>,
    /// Longest written answer, in graphemes.
    pub max_length: Option<i32>,
    /// Whether a voter may skip it on the record.
    pub allow_skip: bool,
    /// Whether every point of the budget must be spent.
    pub spend_all: bool,
    /// Whether written answers wait for a judgement.
    pub moderated: bool,
    /// True if written answers are shown before the results are, so that others can support them.
    pub answers_visible: bool,
    /// Whether it has an option that says none of the others.
    pub none_of_the_above: bool,
    /// Whether it has an option that the voter words.
    pub other: bool,
    /// Whether each voter sees its options in an order of their own.
    pub shuffled: bool,
    /// The number to guess.
    pub target: Option<i32>,
    /// How long answering quickly earns points, in seconds.
    pub time_limit_seconds: Option<i32>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
