//! Long after a poll closed no ballot leads back to its voter, whatever one holds of the platform.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use domain::{
    Actor,
    clock::Clock,
    database::ConnectionTrait,
    id::{OptionId, PollId, QuestionId, VisitorId},
    poll::{BallotDraft, Mark},
};
use entity::{account, ballot as ballot_table, poll as poll_table, poll_option};
use harness::{DatabaseKind, Persona, TestApp, on_both_databases};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{cast, choice, close, page, poll, question, recount::recount, writing};
use crate::privacy::{rows, tables};

/// HMAC-SHA-256 as RFC 2104 defines it, so that what is looked for is not made by what is tested.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new()
        .chain_update(padded(0x36))
        .chain_update(message);
    let outer = Sha256::new()
        .chain_update(padded(0x5c))
        .chain_update(inner.finalize());
    outer.finalize().to_vec()
}

/// Everything in the database that may be a key, those that sign tokens and hide visits included.
async fn candidate_keys(app: &TestApp) -> BTreeSet<Vec<u8>> {
    let mut keys = BTreeSet::from([Vec::new()]);
    for table in tables(app).await {
        for row in rows(app, &table).await {
            for value in row.as_object().expect("columns").values() {
                match value {
                    Value::String(text) => {
                        keys.insert(text.as_bytes().to_vec());
                        keys.extend(STANDARD.decode(text).ok());
                    }
                    Value::Array(bytes) => {
                        let byte = |value: &Value| u8::try_from(value.as_u64()?).ok();
                        keys.extend(bytes.iter().map(byte).collect::<Option<Vec<u8>>>());
                    }
                    _ => {}
                }
            }
        }
    }
    keys
}

/// Everyone whose ballot someone with the whole database finds, by what the platform calls them.
async fn found_voters(app: &TestApp, visitors: &[VisitorId]) -> BTreeSet<String> {
    let read = app.database.read();
    let accounts = account::Entity::find().all(read).await.expect("accounts");
    let accounts = accounts.iter().map(|row| format!("account:{}", row.id.0));
    let visitors = visitors.iter().map(|id| format!("visitor:{}", id.0));
    let names: Vec<String> = accounts.chain(visitors).collect();
    let mut stored = BTreeSet::new();
    for table in ["ballot", "poll_voter", "poll_option"] {
        for row in rows(app, table).await {
            for column in ["voter_key", "written_by"] {
                stored.extend(row[column].as_array().map(|bytes| {
                    let byte = |value: &Value| u8::try_from(value.as_u64()?).ok();
                    bytes.iter().filter_map(byte).collect::<Vec<u8>>()
                }));
            }
        }
    }
    let mut found = BTreeSet::new();
    for key in candidate_keys(app).await {
        let is_found = |name: &&String| stored.contains(&hmac(&key, name.as_bytes()));
        found.extend(names.iter().filter(is_found).cloned());
    }
    found
}

async fn retain(app: &TestApp) -> BTreeMap<&'static str, u64> {
    let gone = app.services.privacy.retain(&Actor::System).await;
    gone.expect("it works")
}

async fn anonymized_at(app: &TestApp, poll: &Value) -> Value {
    let document = "query($slug: String!) { poll(slug: $slug) { ballotsAnonymizedAt } }";
    let variables = json!({ "slug": poll["slug"] });
    let answer = app.execute(Persona::Anonymous, document, variables).await;
    answer.data("/poll/ballotsAnonymizedAt").clone()
}

async fn own_ballot(app: &TestApp, persona: Persona, poll: &Value) -> Value {
    page(app, persona, poll).await["questions"][0]["viewerBallot"].clone()
}

/// The poll's results as everyone gets them, to the byte.
async fn results(app: &TestApp, poll: &Value) -> String {
    let page = page(app, Persona::Anonymous, poll).await;
    let of = |question: &Value| question["results"].clone();
    let questions = page["questions"].as_array().expect("questions");
    Value::from(questions.iter().map(of).collect::<Vec<Value>>()).to_string()
}

/// The ids of the only poll, its first question and that question's first option.
async fn ids(app: &TestApp) -> (PollId, QuestionId, OptionId) {
    let options = poll_option::Entity::find()
        .order_by_asc(poll_option::Column::Position)
        .one(app.database.read())
        .await;
    let option = options.expect("read").expect("an option");
    let poll = poll_table::Entity::find().one(app.database.read()).await;
    (
        poll.expect("read").expect("a poll").id,
        option.question_id,
        option.id,
    )
}

/// A closed poll of two questions with ballots of two accounts and a visitor, and that visitor.
async fn closed(app: &TestApp) -> (Value, VisitorId) {
    let questions = [
        question("MULTIPLE", &["A", "B"]),
        question("WORD_CLOUD", &[]),
    ];
    let made = poll(
        app,
        json!({ "questions": questions, "resultsVisibility": "AFTER_CLOSE" }),
    )
    .await;
    let (_, question, option) = ids(app).await;
    for persona in [Persona::Resident, Persona::Neighbour] {
        cast(app, persona, choice(&made, 0, &[0, 1]))
            .await
            .accepted("ballotCast");
        cast(app, persona, writing(&made, 1, &["water"]))
            .await
            .accepted("ballotCast");
    }
    let visitor = VisitorId::new(app.clock.now());
    let draft = BallotDraft {
        marks: vec![Mark { option, value: 1 }],
        ..BallotDraft::default()
    };
    let voter = Actor::Visitor(Some(visitor));
    let cast = app.services.polls.cast(&voter, question, draft).await;
    cast.expect("a ballot");
    close(app, &made).await.accepted("pollClose");
    (made, visitor)
}

on_both_databases! {
    async fn ninety_days_after_the_close_no_ballot_leads_to_anybody(app) {
        let (made, visitor) = closed(app).await;
        assert_eq!(found_voters(app, &[visitor]).await.len(), 3, "the search finds who voted");
        let (before, own) = (results(app, &made).await, own_ballot(app, Persona::Resident, &made).await);
        assert_eq!(own["marks"].as_array().map(Vec::len), Some(2));
        app.clock.advance(TimeDelta::days(90) - TimeDelta::seconds(1));
        assert!(!retain(app).await.contains_key("poll anonymised"), "not before");
        assert_eq!(own_ballot(app, Persona::Resident, &made).await, own);
        assert_eq!(anonymized_at(app, &made).await, Value::Null);

        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(retain(app).await.get("poll anonymised"), Some(&1));
        assert!(!retain(app).await.contains_key("poll anonymised"), "once");
        assert_eq!(found_voters(app, &[visitor]).await, BTreeSet::new());
        let now = app.clock.now().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        assert_eq!(anonymized_at(app, &made).await, json!(now));
        for persona in Persona::ALL {
            assert_eq!(own_ballot(app, persona, &made).await, Value::Null, "{persona:?}");
        }
        assert_eq!(results(app, &made).await, before, "every ballot counts as before");
        let export = app.execute(Persona::Resident, "{ viewer { dataExport } }", json!({})).await;
        assert_eq!(export.data("/viewer/dataExport/ballot"), &json!([]));
        recount(app).await;
    }

    async fn a_poll_of_anonymised_ballots_takes_new_ones_in_a_new_run_only(app) {
        let (made, visitor) = closed(app).await;
        app.clock.advance(TimeDelta::days(90));
        retain(app).await;
        let again = cast(app, Persona::Resident, choice(&made, 0, &[0])).await;
        assert_eq!(again.refusals("ballotCast"), ["POLL_CLOSED"]);
        let input = json!({ "input": { "pollId": made["id"] } });
        let opened = app.send(Persona::Editor, "PollOpen", input.clone()).await;
        assert_eq!(opened.refusals("pollOpen"), ["POLL_CLOSED"]);
        let later = json!({ "pollId": made["id"], "closesAt": app.clock.now() + TimeDelta::days(1) });
        let updated = app.send(Persona::Editor, "PollUpdate", json!({ "input": later })).await;
        assert_eq!(updated.refusals("pollUpdate"), ["POLL_HAS_BALLOTS input.closesAt"]);

        app.send(Persona::Editor, "PollRestart", input).await.accepted("pollRestart");
        assert_eq!(anonymized_at(app, &made).await, Value::Null);
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        assert_eq!(own_ballot(app, Persona::Resident, &made).await["marks"].as_array().map(Vec::len), Some(1));
        let runs: Vec<i32> = ballot_table::Entity::find().select_only().column(ballot_table::Column::Run)
            .order_by_asc(ballot_table::Column::Run).into_tuple().all(app.database.read()).await.expect("ballots");
        assert_eq!(runs, [1, 1, 1, 1, 1, 2]);
        let found = found_voters(app, &[visitor]).await;
        let resident = app.actor(Persona::Resident).account().expect("an account");
        assert_eq!(found, BTreeSet::from([format!("account:{}", resident.0)]), "of the new run");
        let export = app.execute(Persona::Resident, "{ viewer { dataExport } }", json!({})).await;
        let exported = export.data("/viewer/dataExport/ballot").as_array().expect("ballots").clone();
        assert!(matches!(exported.as_slice(), [only] if only["run"] == 2), "{exported:?}");
        recount(app).await;
    }

    async fn a_poll_without_ballots_that_opens_again_takes_them(app) {
        let made = poll(app, json!({ "closesAt": app.clock.now() + TimeDelta::hours(1) })).await;
        app.clock.advance(TimeDelta::days(91));
        assert_eq!(retain(app).await.get("poll anonymised"), Some(&1));
        let later = json!({ "pollId": made["id"], "closesAt": app.clock.now() + TimeDelta::days(1) });
        app.send(Persona::Editor, "PollUpdate", json!({ "input": later })).await.accepted("pollUpdate");
        assert_eq!(anonymized_at(app, &made).await, Value::Null);
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        assert_ne!(own_ballot(app, Persona::Resident, &made).await, Value::Null);
    }

    async fn an_open_poll_or_a_draft_keeps_its_secret(app) {
        poll(app, json!({})).await;
        poll(app, json!({ "opensAt": null, "closesAt": app.clock.now() + TimeDelta::hours(1) })).await;
        app.clock.advance(TimeDelta::days(400));
        assert!(!retain(app).await.contains_key("poll anonymised"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_destroyed_secret_is_not_left_in_the_file_either() {
    let app = TestApp::start(DatabaseKind::Sqlite).await.expect("SQLite");
    closed(&app).await;
    let poll = poll_table::Entity::find().one(app.database.read()).await;
    let secret = poll.expect("read").expect("a poll").voter_secret;
    let path = app
        .database
        .read()
        .query_one_raw(sea_orm::Statement::from_string(
            sea_orm::DatabaseBackend::Sqlite,
            "SELECT file FROM pragma_database_list WHERE name = 'main'",
        ));
    let path = path.await.expect("read").expect("a row");
    let path: String = path.try_get_by_index(0).expect("a path");
    let is_there = || {
        let held = |file: String| std::fs::read(file).unwrap_or_default();
        [held(path.clone()), held(format!("{path}-wal"))]
            .iter()
            .any(|bytes| bytes.windows(32).any(|window| window == secret))
    };
    assert!(is_there(), "the search finds it");
    app.clock.advance(TimeDelta::days(90));
    retain(&app).await;
    assert!(!is_there());
    app.end().await;
}
