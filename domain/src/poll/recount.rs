//! What comes of counting every ballot of a poll again.

use std::fmt;

use crate::id::{OptionId, PollId, QuestionId};

/// What comes of counting every ballot of a poll again, in all its runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recount {
    /// The poll.
    pub poll: PollId,
    /// Its address.
    pub slug: String,
    /// How many ballots count, those that skip a question included.
    pub ballots: i64,
    /// Every sum that is not what the ballots add up to; none where all is well.
    pub differences: Vec<Difference>,
}

/// A sum that is not what the ballots add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The sum.
    pub sum: Sum,
    /// The run, from 1.
    pub run: i32,
    /// What is kept.
    pub kept: i64,
    /// What the ballots add up to.
    pub counted: i64,
}

/// A sum that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// How many ballots give an option a value.
    Tally(QuestionId, OptionId, i32),
    /// How many ballots answer a question.
    Voters(QuestionId),
    /// How many ballots skip a question.
    Skips(QuestionId),
    /// How many people have a ballot in the poll.
    People,
    /// How many ballots each of them has: the ballots of those for whom it is not right.
    BallotsOfPeople,
    /// How many marks there are on ballots that are retracted or skip; there should be none.
    StrayMarks(QuestionId),
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sum,
            run,
            kept,
            counted,
        } = self;
        write!(
            formatter,
            "{sum}, run {run}: kept {kept}, counted {counted}"
        )
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tally(question, option, value) => write!(
                formatter,
                "ballots that give option {} of question {} the value {value}",
                option.0, question.0
            ),
            Self::Voters(question) => {
                write!(formatter, "ballots that answer question {}", question.0)
            }
            Self::Skips(question) => write!(formatter, "ballots that skip question {}", question.0),
            Self::People => formatter.write_str("people with a ballot"),
            Self::BallotsOfPeople => formatter.write_str("ballots of each voter, where wrong"),
            Self::StrayMarks(question) => write!(
                formatter,
                "marks on ballots for question {} that do not count",
                question.0
            ),
        }
    }
}
