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
        pace: Pace::Audience,
        results_visibility: match poll.visibility {
            content::Visibility::Always => ResultsVisibility::Always,
            content::Visibility::AfterVote => ResultsVisibility::AfterVote,
        },
        vote_change: VoteChange::UntilClose,
        eligibility: Eligibility::Anyone,
        opens_at: None,
        closes_at: None,
        questions: poll
            .questions
            .iter()
            .map(|question| QuestionDraft {
                kind: match question.kind {
                    content::QuestionKind::Single => QuestionKind::Single,
                    content::QuestionKind::Multiple => QuestionKind::Multiple,
                    content::QuestionKind::Statements => QuestionKind::Statements,
                },
                prompt: question.prompt.clone(),
                description: String::new(),
                options: question
                    .options
                    .iter()
                    .map(|label| OptionDraft {
                        label: label.clone(),
                        description: String::new(),
                    })
                    .collect(),
                rules: Rules {
                    min_choices: question.min_choices,
                    max_choices: question.max_choices,
                    ..Rules::default()
                },
            })
            .collect(),
    }
}

/// What the voter with this number says: the same at every start, and spread by the weights.
fn ballot(options: &[PollOption], asked: &content::Question, voter: usize) -> BallotDraft {
    let weighed = options.iter().zip(&asked.weights);
    let mark = |option: &PollOption, value| Mark {
        option: option.id,
        value,
    };
    let marks = match asked.kind {
        content::QuestionKind::Single => {
            let total: usize = asked.weights.iter().sum();
            let mut place = voter * 7 % total.max(1);
            weighed
                .filter_map(|(option, weight)| {
                    let chosen = place < *weight;
                    place = if chosen {
                        usize::MAX
                    } else {
                        place.wrapping_sub(*weight)
                    };
                    chosen.then(|| mark(option, 1))
                })
                .take(1)
                .collect()
        }
        content::QuestionKind::Multiple => weighed
            .enumerate()
            .filter(|(place, (_, weight))| {
                (voter * 3 + place * 5) % 10 < **weight || *place == voter % asked.options.len()
            })
            .map(|(_, (option, _))| mark(option, 1))
            .take(3)
            .collect(),
        content::QuestionKind::Statements => weighed
            .enumerate()
            .filter(|(place, _)| !(voter + place).is_multiple_of(6))
            .map(|(place, (option, weight))| {
                let lot = (voter * 7 + place * 3) % 10;
                mark(
                    option,
                    if lot < *weight {
                        1
                    } else {
                        -i32::from(!lot.is_multiple_of(3))
                    },
                )
            })
            .collect(),
    };
    BallotDraft {
        marks,
        ..BallotDraft::default()
    }
}
