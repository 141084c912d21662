//! What the values of a ballot's marks, and their number, must be for each kind of question.

use super::{
    super::{BallotRefusal, Mark, OptionRole, Question, QuestionKind},
    Known, MARKS,
};

/// What is wrong with the value of the mark at this place.
pub(super) fn value_problem(
    marks: &[Mark],
    place: usize,
    question: &Question,
    known: &Known,
) -> Option<BallotRefusal> {
    let Mark { option, value } = *marks.get(place)?;
    let (rules, mark) = (&question.rules, place);
    let invalid = |valid: bool| (!valid).then_some(BallotRefusal::ScoreInvalid { mark });
    let role = known
        .get(&option)
        .map_or(OptionRole::Choice, |option| option.role);
    if role == OptionRole::NoneOfTheAbove {
        return invalid(value == 1);
    }
    match question.kind {
        QuestionKind::Single
        | QuestionKind::Multiple
        | QuestionKind::Quiz
        | QuestionKind::WordCloud
        | QuestionKind::Open => invalid(value == 1),
        QuestionKind::Statements => invalid((-1..=1).contains(&value)),
        QuestionKind::Scale | QuestionKind::Number => {
            let min = rules.scale_min.unwrap_or(i32::MIN);
            let max = rules.scale_max.unwrap_or(i32::MAX);
            if value < min {
                Some(BallotRefusal::ScoreBelowMinimum { mark, min })
            } else if value > max {
                Some(BallotRefusal::ScoreAboveMaximum { mark, max })
            } else {
                None
            }
        }
        QuestionKind::Points => (value < 0).then_some(BallotRefusal::ScoreNegative { mark }),
        QuestionKind::Ranking => {
            let is_place = usize::try_from(value).is_ok_and(|nth| nth >= 1 && nth <= marks.len());
            let taken = marks.iter().take(place).any(|mark| mark.value == value);
            (!is_place || taken).then_some(BallotRefusal::RankSequence { mark })
        }
    }
}

/// What is wrong with how many options are marked, and with what their values add up to.
pub(super) fn count_problems(
    marks: &[Mark],
    question: &Question,
    problems: &mut Vec<BallotRefusal>,
) {
    let rule = |rule: Option<i32>| rule.and_then(|count| usize::try_from(count).ok());
    let min = rule(question.rules.min_choices).unwrap_or(1);
    let max = rule(question.rules.max_choices).unwrap_or(MARKS);
    match question.kind {
        QuestionKind::Ranking => {
            if marks.len() < min || marks.len() > max {
                problems.push(BallotRefusal::RankedChoiceCount { min, max });
            }
        }
        QuestionKind::Points => point_problems(marks, question, problems),
        _ => {
            if marks.len() < min {
                problems.push(BallotRefusal::ChoicesBelowMinimum(min));
            }
            if marks.len() > max {
                problems.push(BallotRefusal::ChoicesAboveMaximum(max));
            }
        }
    }
}

fn point_problems(marks: &[Mark], question: &Question, problems: &mut Vec<BallotRefusal>) {
    let given = marks.iter().map(|mark| i64::from(mark.value.max(0)));
    let budget = question.rules.budget.unwrap_or(0);
    if marks.iter().all(|mark| mark.value == 0) {
        problems.push(BallotRefusal::ChoicesBelowMinimum(1));
        return;
    }
    let sum: i64 = given.sum();
    if sum > i64::from(budget) {
        problems.push(BallotRefusal::DotsExceeded { budget });
    } else if question.rules.spend_all && sum < i64::from(budget) {
        problems.push(BallotRefusal::DotsUnspent { budget });
    }
}
