//! The demo's polls, and visitors who vote in them.

use std::collections::HashMap;

use domain::{
    Actor, Services,
    clock::{Clock, SystemClock},
    id::{ThemeId, VisitorId},
    poll::{
        BallotDraft, Eligibility, Mark, OptionDraft, Pace, PollDraft, PollOption, QuestionDraft,
        QuestionKind, ResultsVisibility, Rules, VoteChange,
    },
};

use super::{
    Failure,
    content::{self, Content},
};

/// How many visitors vote, each on every question of every poll.
const VOTERS: usize = 40;

/// Opens the demo's polls and casts ballots in them.
pub(super) async fn polls(
    services: &Services,
    content: &Content,
    themes: &HashMap<String, ThemeId>,
) -> Result<(), Failure> {
    let visitors: Vec<Actor> = (0..VOTERS)
        .map(|_| Actor::Visitor(Some(VisitorId::new(SystemClock.now()))))
        .collect();
    for poll in &content.polls {
        let id = services
            .polls
            .create(&Actor::System, draft(poll, themes))
            .await?
            .id;
        services.polls.open(&Actor::System, id).await?;
        if poll.room {
            continue;
        }
        let questions = services.polls.questions(&Actor::System, &[id]).await?;
        for (question, asked) in questions
            .get(&id)
            .into_iter()
            .flatten()
            .zip(&poll.questions)
        {
            let options = services
                .polls
                .options(&Actor::System, &[question.id])
                .await?
                .remove(&question.id)
                .unwrap_or_default();
            for (voter, visitor) in visitors.iter().enumerate() {
                services
                    .polls
                    .cast(visitor, question.id, ballot(&options, asked, voter))
                    .await?;
            }
        }
    }
    Ok(())
}

fn draft(poll: &content::Poll, themes: &HashMap<String, ThemeId>) -> PollDraft {
    PollDraft {
        title: poll.title.clone(),
        description: poll.description.clone(),
        themes: poll
            .themes
            .iter()
            .filter_map(|title| themes.get(title).copied())
            .collect(),
        partner: None,
        pace: if poll.room {
            Pace::Presenter
        } else {
            Pace::Audience
        },
        results_visibility: match poll.visibility {
            content::Visibility::Always => ResultsVisibility::Always,
            content::Visibility::AfterVote => ResultsVisibility::AfterVote,
        },
        vote_change: VoteChange::UntilClose,
        eligibility: Eligibility::Anyone,
        new_voters_per_network: None,
        opens_at: None,
        closes_at: None,
        questions: poll.questions.iter().map(question).collect(),
    }
}

fn question(question: &content::Question) -> QuestionDraft {
    QuestionDraft {
        kind: match question.kind {
            content::QuestionKind::Single => QuestionKind::Single,
            content::QuestionKind::Multiple => QuestionKind::Multiple,
            content::QuestionKind::Statements => QuestionKind::Statements,
            content::QuestionKind::Scale => QuestionKind::Scale,
            content::QuestionKind::Ranking => QuestionKind::Ranking,
            content::QuestionKind::Points => QuestionKind::Points,
            content::QuestionKind::Number => QuestionKind::Number,
            content::QuestionKind::WordCloud => QuestionKind::WordCloud,
            content::QuestionKind::Open => QuestionKind::Open,
            content::QuestionKind::Quiz => QuestionKind::Quiz,
        },
        prompt: question.prompt.clone(),
        description: String::new(),
        options: question
            .options
            .iter()
            .map(|label| OptionDraft {
                label: label.clone(),
                description: String::new(),
                is_right: question.right.contains(label),
            })
            .collect(),
        rules: Rules {
            min_choices: question.min_choices,
            max_choices: question.max_choices,
            scale_min: question.scale_min,
            scale_max: question.scale_max,
            scale_min_label: question.scale_min_label.clone(),
            scale_max_label: question.scale_max_label.clone(),
            max_answers: question.max_answers,
            answers_visible: question.answers_visible,
            ..Rules::default()
        },
        target: question.target,
    }
}

/// What the voter with this number says: the same at every start, and spread by the weights.
fn ballot(options: &[PollOption], asked: &content::Question, voter: usize) -> BallotDraft {
    let mark = |place: usize, value: i32| {
        options.get(place).map(|option| Mark {
            option: option.id,
            value,
        })
    };
    let values: Vec<(usize, i32)> = match asked.kind {
        content::QuestionKind::Single | content::QuestionKind::Quiz => {
            vec![(one(&asked.weights, voter), 1)]
        }
        content::QuestionKind::Multiple => some(&asked.weights, voter)
            .take(3)
            .map(|place| (place, 1))
            .collect(),
        content::QuestionKind::Statements => statements(&asked.weights, voter).collect(),
        content::QuestionKind::Scale => scale(asked, voter).collect(),
        content::QuestionKind::Ranking => ranking(&asked.weights, voter),
        content::QuestionKind::Points => points(&asked.weights, voter),
        content::QuestionKind::Number => vec![(0, number(asked, voter))],
        content::QuestionKind::WordCloud | content::QuestionKind::Open => Vec::new(),
    };
    let most = match asked.kind {
        content::QuestionKind::WordCloud => 3,
        content::QuestionKind::Open => 1,
        _ => 0,
    };
    BallotDraft {
        marks: values
            .into_iter()
            .filter_map(|(place, value)| mark(place, value))
            .collect(),
        write_ins: some(&asked.weights, voter)
            .filter_map(|place| asked.written.get(place).cloned())
            .take(most)
            .collect(),
        ..BallotDraft::default()
    }
}

/// One place, as likely as it weighs.
fn one(weights: &[usize], voter: usize) -> usize {
    let total: usize = weights.iter().sum();
    let mut lot = voter * 7 % total.max(1);
    for (place, weight) in weights.iter().enumerate() {
        if lot < *weight {
            return place;
        }
        lot -= weight;
    }
    0
}

/// Some places, at least one.
fn some(weights: &[usize], voter: usize) -> impl Iterator<Item = usize> {
    let count = weights.len().max(1);
    weights
        .iter()
        .enumerate()
        .filter(move |(place, weight)| {
            (voter * 3 + place * 5) % 10 < **weight || *place == voter % count
        })
        .map(|(place, _)| place)
}

fn statements(weights: &[usize], voter: usize) -> impl Iterator<Item = (usize, i32)> {
    weights
        .iter()
        .enumerate()
        .filter(move |(place, _)| !(voter + place).is_multiple_of(6))
        .map(move |(place, weight)| {
            let lot = (voter * 7 + place * 3) % 10;
            let value = if lot < *weight {
                1
            } else {
                -i32::from(!lot.is_multiple_of(3))
            };
            (place, value)
        })
}

fn scale(asked: &content::Question, voter: usize) -> impl Iterator<Item = (usize, i32)> {
    let (min, max) = (asked.scale_min.unwrap_or(1), asked.scale_max.unwrap_or(5));
    asked
        .weights
        .iter()
        .enumerate()
        .map(move |(place, weight)| {
            let liking = (weight + (voter * 7 + place * 3) % 6)
                .saturating_sub(2)
                .min(10);
            let step = min + (max - min) * i32::try_from(liking).unwrap_or(10) / 10;
            (place, step)
        })
}

/// The places from the most liked on, each with its number.
fn ranking(weights: &[usize], voter: usize) -> Vec<(usize, i32)> {
    let mut places: Vec<usize> = (0..weights.len()).collect();
    places.sort_by_key(|place| {
        let weight = weights.get(*place).copied().unwrap_or_default();
        std::cmp::Reverse(weight * 2 + (voter * 5 + place * 7) % 11)
    });
    places.into_iter().zip(1..).collect()
}

/// A hundred points, most of them where the weight is.
fn points(weights: &[usize], voter: usize) -> Vec<(usize, i32)> {
    let liking = |place: usize, weight: usize| weight + (voter * 3 + place * 5) % 7;
    let total: usize = weights
        .iter()
        .enumerate()
        .map(|(place, weight)| liking(place, *weight))
        .sum();
    weights
        .iter()
        .enumerate()
        .map(|(place, weight)| {
            let part = liking(place, *weight) * 100 / total.max(1);
            (place, i32::try_from(part).unwrap_or(0))
        })
        .collect()
}

/// A guess around the target.
fn number(asked: &content::Question, voter: usize) -> i32 {
    let (min, max) = (asked.scale_min.unwrap_or(0), asked.scale_max.unwrap_or(100));
    let around = asked.target.unwrap_or(min.midpoint(max));
    let off = i32::try_from(voter * 37 % 41).unwrap_or(0) - 20;
    (around + off * (max - min) / 100).clamp(min, max)
}
