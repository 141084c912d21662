//! Every problem of a ballot at once, each at its mark.

mod kinds;

use super::*;
use crate::{
    poll::fixture,
    refusal::{Code, Refusal},
};

fn question(kind: QuestionKind, min: i32, max: i32) -> Question {
    let mut question = fixture::question(kind);
    question.rules.min_choices = Some(min);
    question.rules.max_choices = Some(max);
    question
}

fn option(number: u128) -> OptionId {
    fixture::option_id(number)
}

fn ballot(marks: &[(u128, i32)]) -> BallotDraft {
    BallotDraft {
        marks: marks
            .iter()
            .map(|&(number, value)| Mark {
                option: option(number),
                value,
            })
            .collect(),
        ..BallotDraft::default()
    }
}

fn writing(marks: &[(u128, i32)], texts: &[&str]) -> BallotDraft {
    BallotDraft {
        write_ins: texts.iter().map(|text| (*text).to_owned()).collect(),
        ..ballot(marks)
    }
}

/// Options 1 to 4, and 8 for other answers, 9 for none of the others.
fn known() -> Known {
    let role = |role| Markable { role, own: false };
    let mut known: Known = (1..=4)
        .map(|number| (option(number), role(OptionRole::Choice)))
        .collect();
    known.insert(option(8), role(OptionRole::Other));
    known.insert(option(9), role(OptionRole::NoneOfTheAbove));
    known
}

/// The problems of a ballot on a question with those options.
fn problems(question: &Question, ballot: &BallotDraft) -> Vec<(Code, String)> {
    ballot
        .problems(question, &known())
        .iter()
        .map(|refusal| (refusal.code(), refusal.path().segments().join(".")))
        .collect()
}

fn at(code: Code, path: &str) -> (Code, String) {
    (code, path.to_owned())
}

#[test]
fn a_single_choice_is_one_option() {
    let question = question(QuestionKind::Single, 1, 1);
    assert_eq!(problems(&question, &ballot(&[(1, 1)])), []);
    assert_eq!(
        problems(&question, &ballot(&[])),
        [at(Code::ChoiceCountBelowMinimum, "marks")]
    );
    assert_eq!(
        problems(&question, &ballot(&[(1, 1), (2, 1)])),
        [at(Code::ChoiceCountAboveMaximum, "marks")]
    );
    assert_eq!(
        problems(&question, &ballot(&[(1, 2)])),
        [at(Code::ScoreInvalid, "marks.0.value")]
    );
}

#[test]
fn a_multiple_choice_keeps_to_its_counts() {
    let question = question(QuestionKind::Multiple, 2, 3);
    assert_eq!(
        problems(&question, &ballot(&[(1, 1)])),
        [at(Code::ChoiceCountBelowMinimum, "marks")]
    );
    assert_eq!(problems(&question, &ballot(&[(1, 1), (2, 1)])), []);
    assert_eq!(problems(&question, &ballot(&[(1, 1), (2, 1), (3, 1)])), []);
    assert_eq!(
        problems(&question, &ballot(&[(1, 1), (2, 1), (3, 1), (4, 1)])),
        [at(Code::ChoiceCountAboveMaximum, "marks")]
    );
}

#[test]
fn statements_take_three_values_on_any_part() {
    let question = question(QuestionKind::Statements, 1, 4);
    let all = ballot(&[(1, 1), (2, 0), (3, -1)]);
    assert_eq!(problems(&question, &all), []);
    assert_eq!(
        problems(&question, &ballot(&[(1, 2), (2, -2)])),
        [
            at(Code::ScoreInvalid, "marks.0.value"),
            at(Code::ScoreInvalid, "marks.1.value")
        ]
    );
}

#[test]
fn every_problem_comes_at_once() {
    let question = question(QuestionKind::Multiple, 1, 3);
    let mut ballot = ballot(&[(1, 1), (7, 1), (1, 1), (2, 5)]);
    ballot.write_ins = vec!["anders".to_owned()];
    assert_eq!(
        problems(&question, &ballot),
        [
            at(Code::WriteInsNotAllowed, "writeIns"),
            at(Code::OptionUnknown, "marks.1.optionId"),
            at(Code::OptionRepeated, "marks.2.optionId"),
            at(Code::ScoreInvalid, "marks.3.value"),
            at(Code::ChoiceCountAboveMaximum, "marks"),
        ]
    );
}

#[test]
fn skipping_needs_leave_and_no_marks() {
    let mut question = question(QuestionKind::Single, 1, 1);
    let mut skip = ballot(&[]);
    skip.skip = true;
    assert_eq!(
        problems(&question, &skip),
        [at(Code::SkipNotAllowed, "skip")]
    );
    question.rules.allow_skip = true;
    assert_eq!(problems(&question, &skip), []);
    skip.marks = ballot(&[(1, 1)]).marks;
    assert_eq!(
        problems(&question, &skip),
        [at(Code::ChoicesNotAllowed, "marks")]
    );
}

#[test]
fn the_digest_knows_the_marks_and_not_their_order() {
    let one = ballot(&[(1, 1), (2, 0)]).digest();
    assert_eq!(one, ballot(&[(2, 0), (1, 1)]).digest());
    assert_ne!(one, ballot(&[(1, 1), (2, 1)]).digest());
    assert_ne!(one, ballot(&[(1, 1)]).digest());
    let mut skip = ballot(&[]);
    let empty = skip.digest();
    skip.skip = true;
    assert_ne!(empty, skip.digest());
}

#[test]
fn a_ballot_of_more_than_1000_marks_is_not_looked_at() {
    let marks: Vec<(u128, i32)> = (0..1_001).map(|number| (number, 1)).collect();
    assert!(ballot(&marks).check().is_err());
    assert!(ballot(&marks[..1_000]).check().is_ok());
    let named = |key: String| BallotDraft {
        idempotency_key: Some(key),
        ..ballot(&[(1, 1)])
    };
    assert!(named(String::new()).check().is_err());
    assert!(named("k".repeat(100)).check().is_ok());
    assert!(named("k".repeat(101)).check().is_err());
}
