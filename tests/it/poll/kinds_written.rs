//! What voters write: the words of a cloud, and answers that others support and staff judges.

use chrono::TimeDelta;
use domain::{
    Actor,
    clock::Clock,
    id::{QuestionId, VisitorId},
    poll::BallotDraft,
};
use entity::{poll_option, question as question_table, written_option};
use futures_util::future::join_all;
use harness::{Answer, Persona, TestApp, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{ballot, cast, close, page, poll, question, recount::recount, retract, writing};

async fn one(app: &TestApp, kind: &str, rules: Value) -> Value {
    let mut asked = question(kind, &[]);
    asked["rules"] = rules;
    poll(app, json!({ "questions": [asked] })).await
}

/// What the results show, with how many voters.
async fn shown(app: &TestApp, persona: Persona, poll: &Value) -> Vec<(String, i64)> {
    let page = page(app, persona, poll).await;
    let options = page["questions"][0]["results"]["options"].clone();
    options
        .as_array()
        .expect("results")
        .iter()
        .map(|one| {
            let label = one["option"]["label"].as_str().expect("a label").to_owned();
            (label, one["voterCount"].as_i64().expect("a count"))
        })
        .collect()
}

fn pairs(pairs: &[(&str, i64)]) -> Vec<(String, i64)> {
    pairs
        .iter()
        .map(|(label, count)| ((*label).to_owned(), *count))
        .collect()
}

/// The labels of the options that a persona sees on the form, and of those on their own ballot.
async fn labels(app: &TestApp, persona: Persona, poll: &Value) -> (Vec<Value>, Vec<Value>) {
    let page = page(app, persona, poll).await;
    let question = &page["questions"][0];
    let list = |value: &Value, path: &str| -> Vec<Value> {
        let items = value.as_array().into_iter().flatten();
        items
            .map(|one| one.pointer(path).cloned().unwrap_or_default())
            .collect()
    };
    (
        list(&question["options"], "/label"),
        list(&question["viewerBallot"]["marks"], "/option/label"),
    )
}

async fn judge(app: &TestApp, persona: Persona, option: &Value, decision: &str) -> Answer {
    let input = json!({ "optionId": option, "decision": decision });
    app.send(persona, "PollAnswerJudge", json!({ "input": input }))
        .await
}

/// The id of the option that says this, as a moderator sees it.
async fn id_of(app: &TestApp, poll: &Value, label: &str) -> Value {
    let page = page(app, Persona::Moderator, poll).await;
    let options = page["questions"][0]["options"]
        .as_array()
        .expect("options")
        .clone();
    let found = options.into_iter().find(|one| one["label"] == label);
    found.expect("the option")["id"].clone()
}

on_both_databases! {
    async fn words_become_one_cloud(app) {
        let made = one(app, "WORD_CLOUD", json!({})).await;
        let mine = cast(app, Persona::Resident, writing(&made, 0, &["Rust", " RUST ", "Ruimte", "het"])).await;
        let marks = mine.accepted("ballotCast")["ballot"]["marks"].as_array().expect("marks").clone();
        let said: Vec<_> = marks.iter().map(|mark| (mark["option"]["label"].as_str().expect("own words"), &mark["value"])).collect();
        assert_eq!(said.len(), 3, "the same word once");
        for word in ["rust", "ruimte", "het"] {
            assert!(said.contains(&(word, &json!(1))), "{said:?}");
        }
        cast(app, Persona::Neighbour, writing(&made, 0, &["ｒｕｓｔ", "Groene   Ruimte"])).await.accepted("ballotCast");
        recount(app).await;
        assert_eq!(shown(app, Persona::Anonymous, &made).await[0], ("rust".to_owned(), 2));
        let mut rest = shown(app, Persona::Anonymous, &made).await.split_off(1);
        rest.sort();
        assert_eq!(rest, pairs(&[("groene ruimte", 1), ("ruimte", 1)]), "stop words are not shown");
        let page = page(app, Persona::Anonymous, &made).await;
        assert_eq!(page["questions"][0]["results"]["summary"], "2 people voted; the most mentioned is “rust” (2 times).");
        assert_eq!(page["questions"][0]["options"], json!([]));
        let stored = poll_option::Entity::find().all(app.database.read()).await.expect("options");
        assert!(stored.iter().any(|row| row.label == "het"), "they stay in the data");
        let keys = written_option::Entity::find().all(app.database.read()).await.expect("keys");
        assert_eq!(keys.len(), 4);
        for (texts, refusals) in [
            (vec!["a", "b", "c", "d"], vec!["CHOICE_COUNT_ABOVE_MAXIMUM input.writeIns"]),
            (vec!["", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "a\u{202E}b"], vec![
                "REQUIRED input.writeIns.0", "TOO_LONG input.writeIns.1", "FORBIDDEN_CHARACTER input.writeIns.2",
            ]),
            (vec![], vec!["CHOICE_COUNT_BELOW_MINIMUM input.marks"]),
        ] {
            assert_eq!(cast(app, Persona::Visitor, writing(&made, 0, &texts)).await.refusals("ballotCast"), refusals);
        }
        // A word that is there can be said by its option as well.
        let rust = id_of(app, &made, "rust").await;
        let input = json!({ "questionId": made["questions"][0]["id"], "marks": [{ "optionId": rust }], "writeIns": ["RUST", "water"] });
        cast(app, Persona::Visitor, input).await.accepted("ballotCast");
        assert_eq!(shown(app, Persona::Anonymous, &made).await[0], ("rust".to_owned(), 3));
        cast(app, Persona::Resident, writing(&made, 0, &["water"])).await.accepted("ballotCast");
        retract(app, Persona::Neighbour, &made).await.accepted("ballotRetract");
        assert_eq!(shown(app, Persona::Anonymous, &made).await, pairs(&[("water", 2), ("rust", 1)]));
        recount(app).await;
    }

    async fn a_retry_of_written_words_counts_once(app) {
        let made = one(app, "WORD_CLOUD", json!({})).await;
        let named = |texts: &[&str]| {
            let mut input = writing(&made, 0, texts);
            input["idempotencyKey"] = json!("een");
            input
        };
        let first = cast(app, Persona::Resident, named(&["Rust", "Ruimte"])).await;
        app.clock.advance(TimeDelta::minutes(1));
        let again = cast(app, Persona::Resident, named(&["ruimte ", "RUST"])).await;
        assert_eq!(again.accepted("ballotCast"), first.accepted("ballotCast"));
        let other = cast(app, Persona::Resident, named(&["Rust"])).await;
        assert_eq!(other.refusals("ballotCast"), ["IDEMPOTENCY_MISMATCH input.idempotencyKey"]);
        assert_eq!(shown(app, Persona::Anonymous, &made).await.len(), 2);
        close(app, &made).await.accepted("pollClose");
        let late = cast(app, Persona::Resident, named(&["Rust", "Ruimte"])).await;
        assert_eq!(late.accepted("ballotCast")["ballot"], first.accepted("ballotCast")["ballot"]);
        recount(app).await;
    }

    async fn many_who_write_the_same_at_once_share_one_option(app) {
        one(app, "WORD_CLOUD", json!({})).await;
        let asked = question_table::Entity::find().one(app.database.read()).await.expect("read").expect("a question");
        let crowd: Vec<Actor> = (0..60).map(|_| Actor::Visitor(Some(VisitorId::new(app.clock.now())))).collect();
        let words = ["Water", "WATER ", "water", "wáter"];
        let casts = crowd.iter().enumerate().map(|(number, voter)| {
            let draft = BallotDraft {
                write_ins: vec![words[number % 4].to_owned(), format!("woord {}", number % 7)],
                ..BallotDraft::default()
            };
            app.services.polls.cast(voter, QuestionId(asked.id.0), draft)
        });
        for cast in join_all(casts).await {
            cast.expect("taken");
        }
        let stored = poll_option::Entity::find().all(app.database.read()).await.expect("options");
        assert_eq!(stored.len(), 9);
        assert_eq!(written_option::Entity::find().all(app.database.read()).await.expect("keys").len(), 9);
        recount(app).await;
    }

    async fn answers_are_written_and_supported(app) {
        let made = one(app, "OPEN", json!({ "maxAnswers": 2 })).await;
        let first = cast(app, Persona::Resident, writing(&made, 0, &["Meer bomen!", "Een dorpshuis"])).await;
        let results = &first.accepted("ballotCast")["question"]["results"];
        assert_eq!(results["options"].as_array().expect("options").len(), 2, "seen at once where nobody holds it back");
        let form = page(app, Persona::Visitor, &made).await;
        let options = &form["questions"][0]["options"];
        assert_eq!(options.as_array().expect("options").len(), 2);
        let bomen = id_of(app, &made, "Meer bomen!").await;
        let support = json!({ "questionId": made["questions"][0]["id"], "marks": [{ "optionId": bomen, "value": 1 }] });
        cast(app, Persona::Visitor, support).await.accepted("ballotCast");
        // Who writes the same supports it.
        cast(app, Persona::Neighbour, writing(&made, 0, &["meer  BOMEN!"])).await.accepted("ballotCast");
        assert_eq!(shown(app, Persona::Anonymous, &made).await, pairs(&[("Meer bomen!", 3), ("Een dorpshuis", 1)]));
        let page = page(app, Persona::Anonymous, &made).await;
        assert_eq!(page["questions"][0]["results"]["summary"], "3 people voted; the most supported is “Meer bomen!” (3 people).");
        let many = cast(app, Persona::Visitor, writing(&made, 0, &["Een", "Twee", "Drie"])).await;
        assert_eq!(many.refusals("ballotCast"), ["CHOICE_COUNT_ABOVE_MAXIMUM input.writeIns"]);
        let long = cast(app, Persona::Visitor, writing(&made, 0, &[&"a".repeat(501)])).await;
        assert_eq!(long.refusals("ballotCast"), ["TOO_LONG input.writeIns.0"]);
        let loud = json!({ "questionId": made["questions"][0]["id"], "marks": [{ "optionId": bomen, "value": 2 }] });
        assert_eq!(cast(app, Persona::Visitor, loud).await.refusals("ballotCast"), ["SCORE_INVALID input.marks.0.value"]);
        // What nobody stands behind any more is gone from the form, and comes back with support.
        retract(app, Persona::Resident, &made).await.accepted("ballotRetract");
        assert_eq!(labels(app, Persona::Visitor, &made).await.0, ["Meer bomen!"]);
        cast(app, Persona::Resident, writing(&made, 0, &["een dorpshuis"])).await.accepted("ballotCast");
        assert_eq!(labels(app, Persona::Visitor, &made).await.0.len(), 2);
        recount(app).await;
    }

    async fn answers_wait_for_a_judgement_where_the_question_says_so(app) {
        let made = one(app, "OPEN", json!({ "moderated": true })).await;
        cast(app, Persona::Resident, writing(&made, 0, &["Meer bomen"])).await.accepted("ballotCast");
        cast(app, Persona::Neighbour, writing(&made, 0, &["Onzin"])).await.accepted("ballotCast");
        let empty: Vec<(String, i64)> = Vec::new();
        for persona in Persona::ALL {
            let staff = matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin);
            let (form, own) = labels(app, persona, &made).await;
            assert_eq!(form.len(), if staff { 2 } else { 0 }, "{persona:?}");
            assert_eq!(shown(app, persona, &made).await.len(), if staff { 2 } else { 0 }, "{persona:?}");
            let expected: Vec<Value> = match persona {
                Persona::Resident => vec![json!("Meer bomen")],
                Persona::Neighbour => vec![json!("Onzin")],
                _ => vec![],
            };
            assert_eq!(own, expected, "{persona:?}");
            assert_eq!(page(app, persona, &made).await["questions"][0]["results"]["voterCount"], 2);
        }
        let (bomen, onzin) = (id_of(app, &made, "Meer bomen").await, id_of(app, &made, "Onzin").await);
        let support = |option: &Value| json!({ "questionId": made["questions"][0]["id"], "marks": [{ "optionId": option, "value": 1 }] });
        let refused = cast(app, Persona::Visitor, support(&bomen)).await;
        assert_eq!(refused.refusals("ballotCast"), ["OPTION_UNKNOWN input.marks.0.optionId"]);
        // One's own may stay on a changed ballot.
        cast(app, Persona::Resident, support(&bomen)).await.accepted("ballotCast");

        let revision = async || page(app, Persona::Anonymous, &made).await["questions"][0]["results"]["revision"].as_i64().expect("a number");
        let before = revision().await;
        for persona in [Persona::Anonymous, Persona::Visitor, Persona::Resident] {
            let denied = judge(app, persona, &bomen, "APPROVE").await;
            assert!(["UNAUTHENTICATED", "FORBIDDEN"].contains(&denied.code()), "{persona:?}: {:#}", denied.0);
        }
        let approved = judge(app, Persona::Moderator, &bomen, "APPROVE").await;
        assert_eq!(approved.accepted("pollAnswerJudge")["option"]["moderation"], "APPROVED");
        judge(app, Persona::Editor, &onzin, "REJECT").await.accepted("pollAnswerJudge");
        assert_eq!(revision().await, before + 2, "what is shown has changed");
        judge(app, Persona::Admin, &onzin, "REJECT").await.accepted("pollAnswerJudge");
        assert_eq!(revision().await, before + 2, "the same judgement changes nothing");

        assert_eq!(shown(app, Persona::Anonymous, &made).await, pairs(&[("Meer bomen", 1)]));
        cast(app, Persona::Visitor, support(&bomen)).await.accepted("ballotCast");
        assert_eq!(cast(app, Persona::Admin, support(&onzin)).await.refusals("ballotCast"), ["OPTION_UNKNOWN input.marks.0.optionId"]);
        assert_eq!(labels(app, Persona::Neighbour, &made).await.1, ["Onzin"], "its author still sees it");
        cast(app, Persona::Editor, writing(&made, 0, &["ONZIN"])).await.accepted("ballotCast");
        assert_eq!(shown(app, Persona::Anonymous, &made).await, pairs(&[("Meer bomen", 2)]));
        judge(app, Persona::Moderator, &bomen, "REJECT").await.accepted("pollAnswerJudge");
        assert_eq!(shown(app, Persona::Anonymous, &made).await, empty);
        assert_eq!(labels(app, Persona::Visitor, &made).await.1, [Value::Null], "a supporter no longer does");
        recount(app).await;

        let single = poll(app, json!({})).await;
        let own = judge(app, Persona::Moderator, &single["questions"][0]["options"][0]["id"], "REJECT").await;
        assert_eq!(own.refusals("pollAnswerJudge"), ["OPTION_NOT_WRITTEN input.optionId"]);
        assert_eq!(judge(app, Persona::Moderator, &single["id"], "REJECT").await.code(), "BAD_INPUT");
    }

    async fn what_voters_wrote_is_not_reworded(app) {
        let made = one(app, "OPEN", json!({})).await;
        cast(app, Persona::Resident, writing(&made, 0, &["Meer bomen"])).await.accepted("ballotCast");
        let option = id_of(app, &made, "Meer bomen").await;
        let input = json!({ "pollId": made["id"], "wording": [{
            "questionId": made["questions"][0]["id"],
            "options": [{ "optionId": option, "label": "Minder bomen" }],
        }] });
        let refused = app.send(Persona::Editor, "PollUpdate", json!({ "input": input })).await;
        assert_eq!(refused.refusals("pollUpdate"), ["OPTION_UNKNOWN input.wording.0.options.0.optionId"]);
    }

    async fn other_kinds_take_no_texts(app) {
        let made = poll(app, json!({})).await;
        let mut input = ballot(&made, 0, &[(0, 1)]);
        input["writeIns"] = json!(["Misschien"]);
        assert_eq!(cast(app, Persona::Resident, input).await.refusals("ballotCast"), ["WRITE_INS_NOT_ALLOWED input.writeIns"]);
    }
}
