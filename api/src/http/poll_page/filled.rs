//! What stands in the fields of the form: what was typed there, or what a ballot on record says.
//!
//! A choice is a field named for its question with the option as its value; a value is a field
//! named for its option. What one writes is `w.` and skipping `s.` with the question.

use std::collections::HashMap;

use domain::{
    Locale,
    id::{OptionId, QuestionId},
    poll::{BallotDraft, BallotRefusal, Mark, OptionRole, PollOption, QuestionKind},
    refusal::Refusal,
};

use super::sheet::Asked;
use crate::graphql::node;

/// What stands in the fields of the form: by their names, and of one name in their order.
#[derive(Debug, Default)]
pub(super) struct Filled(HashMap<String, Vec<String>>);

/// Something that a ballot cannot be cast with, and where it is told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) place: Place,
    pub(super) message: String,
}

/// Where a problem is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Question,
    Option(OptionId),
    /// A text of the voter's own, counted from 0.
    Written(usize),
}

/// A ballot as it was filled in.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) draft: BallotDraft,
    /// What is no number where one belongs.
    pub(super) problems: Vec<Problem>,
    /// Which field each text of the draft stood in.
    fields: Vec<usize>,
}

/// The name of the fields of a question's choices.
pub(super) fn choice_name(question: QuestionId) -> String {
    node::encode(&question).0
}

/// The name of the field of an option's value, and the value of its choice.
pub(super) fn option_name(option: OptionId) -> String {
    node::encode(&option).0
}

/// The name of the fields of what one writes.
pub(super) fn written_name(question: QuestionId) -> String {
    format!("w.{}", choice_name(question))
}

/// The name of the field that skips a question.
pub(super) fn skip_name(question: QuestionId) -> String {
    format!("s.{}", choice_name(question))
}

/// Whether an option is chosen or not, and has no value of its own.
pub(super) fn is_chosen(kind: QuestionKind, option: &PollOption) -> bool {
    match kind {
        QuestionKind::Single
        | QuestionKind::Multiple
        | QuestionKind::Quiz
        | QuestionKind::WordCloud
        | QuestionKind::Open => true,
        QuestionKind::Statements
        | QuestionKind::Scale
        | QuestionKind::Number
        | QuestionKind::Ranking
        | QuestionKind::Points => option.role != OptionRole::Choice,
    }
}

impl Filled {
    /// What was sent.
    pub(super) fn new(fields: Vec<(String, String)>) -> Self {
        let mut filled = Self::default();
        for (name, value) in fields {
            filled.add(name, value);
        }
        filled
    }

    fn add(&mut self, name: String, value: String) {
        self.0.entry(name).or_default().push(value);
    }

    /// What the voter's ballot for this question says, in the place of what was typed there.
    pub(super) fn record(&mut self, asked: &Asked) {
        let question = asked.question.id;
        let own = [
            choice_name(question),
            written_name(question),
            skip_name(question),
        ];
        for name in &own {
            self.0.remove(name);
        }
        for option in &asked.options {
            self.0.remove(&option_name(option.id));
        }
        let Some(ballot) = &asked.ballot else {
            return;
        };
        let [choice, written, skip] = own;
        if ballot.skipped {
            self.add(skip, "1".to_owned());
        }
        for mark in &ballot.marks {
            let Some(option) = asked.options.iter().find(|o| o.id == mark.option) else {
                continue;
            };
            let name = option_name(option.id);
            if is_chosen(asked.question.kind, option) {
                self.add(choice.clone(), name);
            } else {
                self.add(name, mark.value.to_string());
            }
        }
        // What stands among the options is chosen there.
        let texts = asked
            .written
            .iter()
            .filter(|text| asked.options.iter().all(|option| option.id != text.id))
            .map(|text| text.label.clone())
            .chain(ballot.other_text.clone());
        for text in texts {
            self.add(written.clone(), text);
        }
    }

    /// What stands in the first field of this name.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// What stands in the fields of this name.
    pub(super) fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let values = self.0.get(name).into_iter().flatten();
        values.map(String::as_str)
    }

    /// Whether a field of this name has this value.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.values(name).any(|other| other == value)
    }

    /// The ballot that was filled in for this question; none where nothing was.
    pub(super) fn ballot(&self, asked: &Asked, locale: Locale) -> Option<Typed> {
        let question = &asked.question;
        let choice = choice_name(question.id);
        let mut typed = Typed::default();
        typed.draft.skip = self.value(&skip_name(question.id)).is_some();
        for chosen in self.values(&choice) {
            if let Ok(option) = node::decode::<OptionId>(&chosen.into(), "optionId") {
                typed.draft.marks.push(Mark { option, value: 1 });
            }
        }
        for option in &asked.options {
            let name = option_name(option.id);
            let text = self.value(&name).unwrap_or_default().trim();
            if text.is_empty() || is_chosen(question.kind, option) {
                continue;
            }
            if let Ok(value) = text.parse() {
                let option = option.id;
                typed.draft.marks.push(Mark { option, value });
            } else {
                typed.problems.push(Problem {
                    place: Place::Option(option.id),
                    message: locale
                        .pick("Vul een heel getal in.", "Fill in a whole number.")
                        .to_owned(),
                });
            }
        }
        for (field, text) in self.values(&written_name(question.id)).enumerate() {
            if !text.trim().is_empty() {
                typed.draft.write_ins.push(text.to_owned());
                typed.fields.push(field);
            }
        }
        typed.mind_other(asked);
        let is_empty = typed.draft.marks.is_empty()
            && typed.draft.write_ins.is_empty()
            && typed.problems.is_empty()
            && !typed.draft.skip;
        (!is_empty).then_some(typed)
    }
}

impl Typed {
    /// A text beside the option for other answers chooses it where nothing else is chosen, and
    /// says nothing where something else is.
    fn mind_other(&mut self, asked: &Asked) {
        let other = asked.options.iter().find(|o| o.role == OptionRole::Other);
        let Some(other) = other else {
            return;
        };
        let marks = &mut self.draft.marks;
        if self.draft.write_ins.is_empty() || marks.iter().any(|mark| mark.option == other.id) {
            return;
        }
        if marks.is_empty() && !self.draft.skip {
            let option = other.id;
            marks.push(Mark { option, value: 1 });
        } else {
            self.draft.write_ins.clear();
        }
    }

    /// Where each of the reasons is told, and what is told there. `marks` are those that were
    /// sent.
    pub(super) fn told(
        marks: &[Mark],
        fields: &[usize],
        reasons: &[BallotRefusal],
        locale: Locale,
    ) -> Vec<Problem> {
        let place = |reason: &BallotRefusal| {
            let path = reason.path();
            let [list, position, ..] = path.segments() else {
                return Place::Question;
            };
            let position: usize = position.parse().unwrap_or(usize::MAX);
            match list.as_str() {
                "marks" => marks
                    .get(position)
                    .map_or(Place::Question, |mark| Place::Option(mark.option)),
                "writeIns" => fields
                    .get(position)
                    .map_or(Place::Question, |field| Place::Written(*field)),
                _ => Place::Question,
            }
        };
        reasons
            .iter()
            .map(|reason| Problem {
                place: place(reason),
                message: reason.message(locale),
            })
            .collect()
    }

    /// Which field each text of the draft stood in.
    pub(super) fn fields(&self) -> &[usize] {
        &self.fields
    }
}
