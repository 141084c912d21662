//! What clients send about questions.

use async_graphql::InputObject;
use domain::poll;

use super::super::question::QuestionKind;

/// A new question.
#[derive(InputObject)]
pub(crate) struct QuestionInput {
    /// What a ballot for it looks like.
    kind: QuestionKind,
    /// The question, one line, 1 to 500 characters.
    prompt: String,
    /// Markdown, at most 5,000 characters.
    #[graphql(default)]
    description: String,
    /// The options in order, no two the same: 2 to 50, SCALE 1 to 50, STATEMENTS 1 to 1,000; none
    /// for NUMBER, WORD_CLOUD and OPEN. QUIZ: one or more of them are right.
    #[graphql(default)]
    options: Vec<PollOptionInput>,
    /// What a ballot must keep to; what is absent follows from the kind.
    rules: Option<QuestionRulesInput>,
}

/// A new option.
#[derive(InputObject)]
pub(crate) struct PollOptionInput {
    /// One line, 1 to 120 characters, statements up to 1,000.
    label: String,
    /// A few words more, at most 1,000 characters.
    #[graphql(default)]
    description: String,
    /// QUIZ: whether it is a right answer.
    #[graphql(default)]
    is_right: bool,
}

/// What a ballot must keep to. A rule that the kind of question does not have is refused.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own, on or off"
)]
#[derive(InputObject)]
pub(crate) struct QuestionRulesInput {
    /// MULTIPLE: fewest options on a ballot, from 1; 1 where absent. RANKING: fewest options that
    /// are ranked; as many as `maxChoices` where absent.
    min_choices: Option<i32>,
    /// MULTIPLE and RANKING: most options on a ballot; all where absent.
    max_choices: Option<i32>,
    /// SCALE: the lowest step, from -10; 1 where absent. NUMBER: the lowest number, from
    /// -1,000,000,000; 0 where absent.
    scale_min: Option<i32>,
    /// SCALE: the highest step, at most 10, for 2 to 11 steps in all; 5 where absent. NUMBER: the
    /// highest number, at most 1,000,000,000; 100 where absent.
    scale_max: Option<i32>,
    /// SCALE: what the lowest step means, one line, 1 to 120 characters.
    scale_min_label: Option<String>,
    /// SCALE: what the highest step means, one line, 1 to 120 characters.
    scale_max_label: Option<String>,
    /// POINTS: points to spread, 1 to 10,000; 100 where absent.
    budget: Option<i32>,
    /// Most answers of the voter's own on a ballot. WORD_CLOUD: 1 to 10 words, 3 where absent.
    /// OPEN: 1 to 5 answers, 1 where absent.
    max_answers: Option<i32>,
    /// Longest answer of the voter's own, in characters. WORD_CLOUD: at most 25, which it is where
    /// absent. OPEN: at most 500, which it is where absent.
    max_length: Option<i32>,
    /// Whether a voter may skip the question on the record.
    #[graphql(default)]
    allow_skip: bool,
    /// POINTS: whether a ballot must spend the whole budget, and not at most that.
    #[graphql(default)]
    spend_all: bool,
    /// WORD_CLOUD and OPEN: whether what voters write is held back until it is approved.
    #[graphql(default)]
    moderated: bool,
    /// OPEN: shows approved answers before the results are shown, so that others can support them.
    /// If false (the default), answers are shown to those who may see the results.
    #[graphql(default)]
    answers_visible: bool,
    /// SINGLE, MULTIPLE, RANKING and POINTS: adds an option that says none of the others.
    #[graphql(default)]
    none_of_the_above: bool,
    /// SINGLE and MULTIPLE: adds an option that the voter words.
    #[graphql(default)]
    other: bool,
    /// Whether each voter sees the options in an order of their own; not for NUMBER, WORD_CLOUD
    /// and OPEN.
    #[graphql(default)]
    shuffled: bool,
    /// QUIZ: how long answering quickly earns points, 1 to 3,600 seconds; speed earns nothing
    /// where absent.
    time_limit_seconds: Option<i32>,
    /// NUMBER: the number to guess, hidden until the question is REVEALED or its poll over.
    target: Option<i32>,
}

impl From<QuestionInput> for poll::QuestionDraft {
    fn from(input: QuestionInput) -> Self {
        Self {
            kind: input.kind.into(),
            prompt: input.prompt,
            description: input.description,
            options: input
                .options
                .into_iter()
                .map(|option| poll::OptionDraft {
                    label: option.label,
                    description: option.description,
                    is_right: option.is_right,
                })
                .collect(),
            target: input.rules.as_ref().and_then(|rules| rules.target),
            rules: input.rules.map(Into::into).unwrap_or_default(),
        }
    }
}

impl From<QuestionRulesInput> for poll::Rules {
    fn from(input: QuestionRulesInput) -> Self {
        Self {
            min_choices: input.min_choices,
            max_choices: input.max_choices,
            scale_min: input.scale_min,
            scale_max: input.scale_max,
            scale_min_label: input.scale_min_label,
            scale_max_label: input.scale_max_label,
            budget: input.budget,
            max_answers: input.max_answers,
            max_length: input.max_length,
            allow_skip: input.allow_skip,
            spend_all: input.spend_all,
            moderated: input.moderated,
            answers_visible: input.answers_visible,
            none_of_the_above: input.none_of_the_above,
            other: input.other,
            shuffled: input.shuffled,
            time_limit_seconds: input.time_limit_seconds,
        }
    }
}
