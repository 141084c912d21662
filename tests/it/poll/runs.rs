//! The results of every run stay what they were when it ended, whatever happens in later ones.

use domain::{
    Actor, Error,
    clock::Clock,
    id::{OptionId, QuestionId, VisitorId},
    poll::{BallotDraft, BallotRefusal, Mark},
};
use entity::{poll_option, question as question_table};
use futures_util::{StreamExt, stream};
use harness::{Persona, TestApp, check_property, on_both_databases};
use proptest::{prelude::*, test_runner::TestCaseError};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{cast, close, poll, question, recount::recount, writing};

/// All that results say of a question, but for what moderators make of an answer afterwards.
const RESULTS: &str = "fragment R on QuestionResults {
    revision voterCount skipCount summary
    options { option { id label } voterCount share percentage total mean meanText median score rank
        caption distribution { value count } nearest { value count } } }";

/// The results of every question of a poll in one of its runs, as staff sees them.
async fn results_of_run(app: &TestApp, poll: &Value, run: usize) -> Value {
    let document = format!(
        "query($slug: String!, $run: Int!) {{ poll(slug: $slug) {{
            questions {{ kind resultsOfRun(run: $run) {{ ...R }} }} }} }} {RESULTS}"
    );
    let variables = json!({ "slug": poll["slug"], "run": run });
    let answer = app.execute(Persona::Editor, &document, variables).await;
    answer.data("/poll/questions").clone()
}

/// The results of every question of a poll in its present run, as staff sees them.
async fn present_results(app: &TestApp, poll: &Value) -> Value {
    let document = format!(
        "query($slug: String!) {{ poll(slug: $slug) {{
            questions {{ kind resultsOfRun: results {{ ...R }} }} }} }} {RESULTS}"
    );
    let variables = json!({ "slug": poll["slug"] });
    let answer = app.execute(Persona::Editor, &document, variables).await;
    answer.data("/poll/questions").clone()
}

async fn restart(app: &TestApp, poll: &Value) {
    let input = json!({ "input": { "pollId": poll["id"] } });
    let answer = app.send(Persona::Editor, "PollRestart", input).await;
    answer.accepted("pollRestart");
}

const VOTERS: usize = 6;
const KINDS: [&str; 10] = [
    "SINGLE",
    "MULTIPLE",
    "SCALE",
    "STATEMENTS",
    "RANKING",
    "POINTS",
    "NUMBER",
    "QUIZ",
    "WORD_CLOUD",
    "OPEN",
];
/// The first of the kinds that are answered in words.
const WRITTEN: usize = 8;
const WORDS: [&str; 5] = ["Bos", "heide", "de", "Ja", "het water"];

/// A step of someone.
#[derive(Debug, Clone)]
enum Deed {
    /// A voter casts or changes a ballot for a question; the number says which.
    Cast(usize, usize, u16),
    Skip(usize, usize),
    Retract(usize, usize),
    /// A moderator approves or rejects one of the written answers, of whatever run.
    Judge(usize, bool),
    Close,
}

/// Runs one after the other, each with what happens in it and how much of that at once.
fn runs() -> impl Strategy<Value = Vec<(Vec<Deed>, usize)>> {
    let place = || (0..VOTERS, 0..KINDS.len());
    let deed = prop_oneof![
        24 => (place(), any::<u16>()).prop_map(|((voter, asked), number)| Deed::Cast(voter, asked, number)),
        12 => (0..VOTERS, WRITTEN..KINDS.len(), any::<u16>()).prop_map(|(voter, asked, number)| Deed::Cast(voter, asked, number)),
        3 => place().prop_map(|(voter, asked)| Deed::Skip(voter, asked)),
        5 => place().prop_map(|(voter, asked)| Deed::Retract(voter, asked)),
        4 => (0..8_usize, any::<bool>()).prop_map(|(which, approved)| Deed::Judge(which, approved)),
        1 => Just(Deed::Close),
    ];
    prop::collection::vec((prop::collection::vec(deed, 0..40), 1..8_usize), 2..5)
}

/// A question of each kind.
fn questions() -> Vec<Value> {
    let asked = KINDS.map(|kind| {
        let labels: &[&str] = match kind {
            "NUMBER" | "WORD_CLOUD" | "OPEN" => &[],
            _ => &["A", "B", "C", "D"],
        };
        let mut asked = question(kind, labels);
        asked["rules"] = match kind {
            "SCALE" => json!({ "allowSkip": true, "scaleMin": 1, "scaleMax": 5 }),
            "NUMBER" => json!({ "allowSkip": true, "scaleMin": 0, "scaleMax": 100, "target": 32 }),
            "RANKING" => json!({ "allowSkip": true, "minChoices": 1 }),
            "OPEN" => json!({ "allowSkip": true, "moderated": true }),
            _ => json!({ "allowSkip": true }),
        };
        if kind == "QUIZ" {
            asked["options"][1]["isRight"] = json!(true);
        }
        asked
    });
    asked.to_vec()
}

/// A ballot for a question of this kind with these options: another for each number.
fn ballot_of(kind: usize, options: &[OptionId], number: u16) -> BallotDraft {
    let number = usize::from(number);
    let mark = |place: usize, value: usize| Mark {
        option: options[place % options.len()],
        value: i32::try_from(value).expect("a small number"),
    };
    let chosen = || (0..4).filter(|place| (number % 15 + 1) & (1 << place) != 0);
    let mut draft = BallotDraft::default();
    draft.marks = match KINDS[kind] {
        "SINGLE" | "QUIZ" => vec![mark(number, 1)],
        "MULTIPLE" => chosen().map(|place| mark(place, 1)).collect(),
        "SCALE" => chosen()
            .map(|place| mark(place, (number + place) % 5 + 1))
            .collect(),
        "STATEMENTS" => {
            let step = |place| (number / 3 + place) % 3;
            let mut marks: Vec<Mark> = chosen().map(|place| mark(place, step(place))).collect();
            for mark in &mut marks {
                mark.value -= 1;
            }
            marks
        }
        "RANKING" => (0..=(number % 4))
            .map(|place| mark(number + place, place + 1))
            .collect(),
        "POINTS" => chosen().map(|place| mark(place, number % 25 + 1)).collect(),
        "NUMBER" => vec![mark(0, number % 101)],
        _ => {
            draft.write_ins = vec![WORDS[number % WORDS.len()].to_owned()];
            Vec::new()
        }
    };
    draft
}

/// A poll and what it asks, with their options.
struct Game {
    poll: Value,
    questions: Vec<(QuestionId, Vec<OptionId>)>,
    voters: Vec<Actor>,
}

impl Game {
    async fn begin(app: &TestApp) -> Self {
        let poll = poll(
            app,
            json!({ "voteChange": "UNTIL_CLOSE", "questions": questions() }),
        )
        .await;
        let slug = poll["slug"].as_str().expect("a slug");
        let found = app.services.polls.by_slug(&Actor::System, slug).await;
        let rows = question_table::Entity::find()
            .filter(question_table::Column::PollId.eq(found.expect("read").expect("the poll").id))
            .order_by_asc(question_table::Column::Position)
            .all(app.database.read())
            .await
            .expect("questions");
        let mut questions = Vec::new();
        for row in rows {
            questions.push((row.id, options(app, row.id).await));
        }
        let voters = (0..VOTERS).map(|_| Actor::Visitor(Some(VisitorId::new(app.clock.now()))));
        Self {
            poll,
            questions,
            voters: voters.collect(),
        }
    }

    async fn play(&self, app: &TestApp, deed: Deed) -> Result<(), TestCaseError> {
        let polls = &app.services.polls;
        let outcome = match deed.clone() {
            Deed::Cast(voter, asked, number) => {
                let (question, options) = &self.questions[asked];
                let draft = ballot_of(asked, options, number);
                polls
                    .cast(&self.voters[voter], *question, draft)
                    .await
                    .map(|_| ())
            }
            Deed::Skip(voter, asked) => {
                let skip = BallotDraft {
                    skip: true,
                    ..BallotDraft::default()
                };
                let question = self.questions[asked].0;
                polls
                    .cast(&self.voters[voter], question, skip)
                    .await
                    .map(|_| ())
            }
            Deed::Retract(voter, asked) => {
                let question = self.questions[asked].0;
                polls
                    .retract(&self.voters[voter], question)
                    .await
                    .map(|_| ())
            }
            Deed::Judge(which, approved) => {
                let written = [WRITTEN, WRITTEN + 1].map(|asked| self.questions[asked].0);
                let mut all = options(app, written[0]).await;
                all.extend(options(app, written[1]).await);
                if let Some(&option) = all.get(which) {
                    let moderator = app.actor(Persona::Moderator);
                    polls
                        .judge(moderator, option, approved)
                        .await
                        .expect("judged");
                }
                Ok(())
            }
            Deed::Close => {
                close(app, &self.poll).await.accepted("pollClose");
                Ok(())
            }
        };
        let is_closed = matches!(&outcome, Err(Error::Refused(reasons))
            if matches!(reasons[..], [BallotRefusal::PollClosed]));
        prop_assert!(outcome.is_ok() || is_closed, "{:?}: {:?}", deed, outcome);
        Ok(())
    }
}

async fn options(app: &TestApp, question: QuestionId) -> Vec<OptionId> {
    let rows = poll_option::Entity::find()
        .filter(poll_option::Column::QuestionId.eq(question))
        .order_by_asc(poll_option::Column::Position)
        .order_by_asc(poll_option::Column::Id)
        .all(app.database.read())
        .await
        .expect("options");
    rows.into_iter().map(|option| option.id).collect()
}

/// Plays every run, and compares the results of those that have ended after each.
async fn play(app: &TestApp, runs: Vec<(Vec<Deed>, usize)>) -> Result<(), TestCaseError> {
    let game = Game::begin(app).await;
    let mut ended: Vec<String> = Vec::new();
    for (deeds, at_once) in runs {
        let outcomes: Vec<_> = stream::iter(deeds)
            .map(|deed| game.play(app, deed))
            .buffer_unordered(at_once)
            .collect()
            .await;
        outcomes.into_iter().collect::<Result<(), _>>()?;
        ended.push(present_results(app, &game.poll).await.to_string());
        restart(app, &game.poll).await;
        for (run, before) in (1..).zip(&ended) {
            let after = results_of_run(app, &game.poll, run).await.to_string();
            prop_assert_eq!(&after, before, "run {}", run);
        }
    }
    Ok(())
}

on_both_databases! {
    async fn written_answers_of_an_earlier_run_stay_in_its_results(app) {
        let made = poll(app, json!({ "questions": [question("WORD_CLOUD", &[])] })).await;
        let question: QuestionId = question_table::Entity::find().one(app.database.read()).await
            .expect("read").expect("a question").id;
        let write = async |text: &str| {
            let voter = Actor::Visitor(Some(VisitorId::new(app.clock.now())));
            let draft = BallotDraft { write_ins: vec![text.to_owned()], ..BallotDraft::default() };
            app.services.polls.cast(&voter, question, draft).await.expect("a ballot");
        };
        for text in ["bos", "bos", "bos", "bos", "bos", "heide", "heide"] {
            write(text).await;
        }
        let first = present_results(app, &made).await;
        restart(app, &made).await;
        let of_first = async || results_of_run(app, &made, 1).await;
        let results = of_first().await[0]["resultsOfRun"].clone();
        let words: Vec<_> = results["options"].as_array().expect("options").iter()
            .map(|one| (one["option"]["label"].clone(), one["voterCount"].clone())).collect();
        assert_eq!(words, [(json!("bos"), json!(5)), (json!("heide"), json!(2))]);
        assert_eq!(of_first().await, first);
        cast(app, Persona::Resident, writing(&made, 0, &["heide"])).await.accepted("ballotCast");
        assert_eq!(of_first().await, first, "a word of the second run says nothing of the first");
        let second = results_of_run(app, &made, 2).await;
        assert_eq!(second[0]["resultsOfRun"]["options"].as_array().map(Vec::len), Some(1));
    }

    async fn whatever_happens_later_the_results_of_a_run_stay_to_the_byte(app) {
        check_property(10, &runs(), |runs| play(app, runs));
        recount(app).await;
    }
}
