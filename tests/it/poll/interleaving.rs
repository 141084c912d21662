//! Any interleaving of what voters and editors do adds up to what a recount finds.

use domain::{
    Actor, Error,
    clock::Clock,
    id::{OptionId, PollId, QuestionId, VisitorId},
    poll::{BallotDraft, BallotRefusal, Mark},
};
use entity::{poll_option, question};
use futures_util::{StreamExt, stream};
use harness::{Persona, TestApp, check_property, on_both_databases};
use proptest::{prelude::*, test_runner::TestCaseError};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{poll, question, recount::recount};

const VOTERS: usize = 5;
const OPTIONS: usize = 4;
/// Which of the questions voters answer in their own words.
const OPEN: usize = 2;

/// What someone does.
#[derive(Debug, Clone)]
enum Deed {
    /// A voter casts or changes a ballot for the first or the second question: which options,
    /// as bits, and whether under a name that comes again.
    Cast(usize, bool, u8, Option<u8>),
    /// A voter skips a question.
    Skip(usize, bool),
    /// A voter answers the third question in words of their own, which others use as well.
    Write(usize, u8),
    /// A voter takes the ballot for one of the questions back.
    Retract(usize, usize),
    /// The moderator approves or rejects one of the answers that were written.
    Judge(usize, bool),
    /// The editor closes the poll.
    Close,
    /// The editor starts a new run.
    Restart,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let voter = || (0..VOTERS, any::<bool>());
    let deed = prop_oneof![
        12 => (voter(), 1..16_u8, prop::option::weighted(0.3, 0..3_u8))
            .prop_map(|((voter, second), marks, name)| Deed::Cast(voter, second, marks, name)),
        3 => voter().prop_map(|(voter, second)| Deed::Skip(voter, second)),
        5 => (0..VOTERS, 0..=OPEN).prop_map(|(voter, question)| Deed::Retract(voter, question)),
        6 => (0..VOTERS, 0..4_u8).prop_map(|(voter, words)| Deed::Write(voter, words)),
        3 => (0..4_usize, any::<bool>()).prop_map(|(which, approved)| Deed::Judge(which, approved)),
        1 => Just(Deed::Close),
        1 => Just(Deed::Restart),
    ];
    prop::collection::vec(deed, 1..60)
}

/// A poll with two questions to choose in and one to write in, and their options.
async fn made(app: &TestApp) -> (PollId, Vec<(QuestionId, Vec<OptionId>)>) {
    let mut multiple = question("MULTIPLE", &["A", "B", "C", "D"]);
    multiple["rules"] = json!({ "allowSkip": true });
    let mut open = question("OPEN", &[]);
    open["rules"] = json!({ "moderated": true });
    let draft = json!({ "voteChange": "UNTIL_CLOSE", "questions": [multiple, multiple, open] });
    let slug = poll(app, draft).await["slug"].clone();
    let slug = slug.as_str().expect("a slug");
    let found = app.services.polls.by_slug(&Actor::System, slug).await;
    let poll = found.expect("read").expect("the poll").id;
    let rows = question::Entity::find()
        .filter(question::Column::PollId.eq(poll))
        .order_by_asc(question::Column::Position)
        .all(app.database.read())
        .await
        .expect("questions");
    let mut questions = Vec::new();
    for row in rows {
        questions.push((row.id, options(app, row.id).await));
    }
    let counts: Vec<usize> = questions.iter().map(|(_, options)| options.len()).collect();
    assert_eq!(counts, [OPTIONS, OPTIONS, 0]);
    (poll, questions)
}

async fn options(app: &TestApp, question: QuestionId) -> Vec<OptionId> {
    let rows = poll_option::Entity::find()
        .filter(poll_option::Column::QuestionId.eq(question))
        .order_by_asc(poll_option::Column::Position)
        .all(app.database.read())
        .await
        .expect("options");
    rows.into_iter().map(|option| option.id).collect()
}

fn done<T>(_: T) {}

/// Does all of it, up to `at_once` deeds at the same time, and recounts.
async fn play(app: &TestApp, deeds: Vec<Deed>, at_once: usize) -> Result<(), TestCaseError> {
    let (poll, questions) = made(app).await;
    let crowd: Vec<Actor> = (0..VOTERS)
        .map(|_| Actor::Visitor(Some(VisitorId::new(app.clock.now()))))
        .collect();
    let ends: Vec<_> = stream::iter(deeds)
        .map(|deed| async {
            let polls = &app.services.polls;
            let end = match deed.clone() {
                Deed::Cast(voter, second, marks, name) => {
                    let (question, options) = &questions[usize::from(second)];
                    let marked = options
                        .iter()
                        .enumerate()
                        .filter(|(place, _)| marks & (1 << place) != 0);
                    let draft = BallotDraft {
                        marks: marked
                            .map(|(_, &option)| Mark { option, value: 1 })
                            .collect(),
                        idempotency_key: name.map(|name| name.to_string()),
                        ..BallotDraft::default()
                    };
                    polls.cast(&crowd[voter], *question, draft).await.map(done)
                }
                Deed::Skip(voter, second) => {
                    let draft = BallotDraft {
                        skip: true,
                        ..BallotDraft::default()
                    };
                    let question = questions[usize::from(second)].0;
                    polls.cast(&crowd[voter], question, draft).await.map(done)
                }
                Deed::Write(voter, words) => {
                    let draft = BallotDraft {
                        write_ins: vec![format!("Antwoord {words}")],
                        ..BallotDraft::default()
                    };
                    let question = questions[OPEN].0;
                    polls.cast(&crowd[voter], question, draft).await.map(done)
                }
                Deed::Retract(voter, question) => polls
                    .retract(&crowd[voter], questions[question].0)
                    .await
                    .map(|_| ()),
                Deed::Judge(which, approved) => {
                    let written = options(app, questions[OPEN].0).await;
                    if let Some(&option) = written.get(which) {
                        let moderator = app.actor(Persona::Moderator);
                        let judged = polls.judge(moderator, option, approved).await;
                        judged.expect("judged");
                    }
                    Ok(())
                }
                Deed::Close => {
                    let editor = app.actor(Persona::Editor);
                    polls.close(editor, poll).await.expect("closed");
                    Ok(())
                }
                Deed::Restart => {
                    let editor = app.actor(Persona::Editor);
                    polls.restart(editor, poll, None).await.expect("restarted");
                    Ok(())
                }
            };
            (deed, end)
        })
        .buffer_unordered(at_once)
        .collect()
        .await;
    for (deed, end) in ends {
        if let Err(error) = end {
            let expected = matches!(&error, Error::Refused(reasons)
                if matches!(reasons[..], [BallotRefusal::PollClosed | BallotRefusal::IdempotencyMismatch]));
            prop_assert!(expected, "{deed:?}: {error:?}");
        }
    }
    let recounts = app
        .services
        .polls
        .recount(&Actor::System, Some(&[poll]))
        .await;
    let recounts = recounts.expect("a recount");
    prop_assert_eq!(&recounts[0].differences, &[]);
    Ok(())
}

on_both_databases! {
    async fn every_interleaving_equals_a_recount(app) {
        check_property(24, &(deeds(), 1..12_usize), |(deeds, at_once)| play(app, deeds, at_once));
        recount(app).await;
    }
}
