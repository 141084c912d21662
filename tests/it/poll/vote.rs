//! Casting, changing, skipping and retracting.

use chrono::TimeDelta;
use domain::clock::Clock;
use entity::{ballot, poll};
use harness::{Persona, on_both_databases};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use super::{cast, choice, close, page, poll, question, retract, voters};

on_both_databases! {
    async fn a_ballot_is_cast_counted_and_shown_to_its_voter(app) {
        let made = poll(app, json!({})).await;
        let answer = cast(app, Persona::Resident, choice(&made, 0, &[1])).await;
        let payload = answer.accepted("ballotCast");
        assert_eq!(payload["ballot"]["marks"][0]["option"]["label"], "Nee");
        let results = &payload["question"]["results"];
        assert_eq!((&results["voterCount"], &results["revision"]), (&json!(1), &json!(1)));
        assert_eq!(results["summary"], "1 person voted; the most chosen is “Nee” (100%).");
        let option = &results["options"][1];
        assert_eq!((&option["share"], &option["rank"], &option["total"]), (&json!(1.0), &json!(1), &Value::Null));
        let mine = page(app, Persona::Resident, &made).await;
        assert_eq!(mine["questions"][0]["viewerBallot"]["id"], payload["ballot"]["id"]);
        assert_eq!(mine["voterCount"], 1);
        for other in [Persona::Anonymous, Persona::Neighbour, Persona::Admin] {
            let page = page(app, other, &made).await;
            assert_eq!(page["questions"][0]["viewerBallot"], Value::Null, "{other:?}");
        }
        let row = ballot::Entity::find().one(app.database.read()).await.expect("read").expect("a ballot");
        assert_eq!((row.channel, row.assurance), (ballot::Channel::Site, ballot::Assurance::Account));
    }

    async fn a_voter_counts_once_a_poll_whatever_the_questions(app) {
        let made = poll(app, json!({ "questions": [
            question("SINGLE", &["Ja", "Nee"]),
            question("STATEMENTS", &["Zwemmen moet", "Varen moet", "Vissen moet"]),
        ] })).await;
        cast(app, Persona::Visitor, choice(&made, 0, &[0])).await.accepted("ballotCast");
        let statements = &made["questions"][1];
        let marks = json!([
            { "optionId": statements["options"][0]["id"], "value": 1 },
            { "optionId": statements["options"][2]["id"], "value": -1 },
        ]);
        let ballot = json!({ "questionId": statements["id"], "marks": marks });
        cast(app, Persona::Visitor, ballot).await.accepted("ballotCast");
        let page = page(app, Persona::Visitor, &made).await;
        assert_eq!(page["voterCount"], 1);
        let distribution = |option: usize| page["questions"][1]["results"]["options"][option]["distribution"].clone();
        assert_eq!(distribution(0), json!([{ "value": -1, "count": 0 }, { "value": 0, "count": 0 }, { "value": 1, "count": 1 }]));
        assert_eq!(distribution(2)[0], json!({ "value": -1, "count": 1 }));
        assert_eq!(page["questions"][1]["viewerBallot"]["marks"].as_array().expect("marks").len(), 2);
    }

    async fn every_refusal_has_its_code_and_place_and_counts_nothing(app) {
        let mut multiple = question("MULTIPLE", &["A", "B", "C", "D"]);
        multiple["rules"] = json!({ "minChoices": 2, "maxChoices": 3 });
        let made = poll(app, json!({ "questions": [multiple, question("SINGLE", &["Ja", "Nee"])] })).await;
        let (many, one) = (&made["questions"][0], &made["questions"][1]);
        let mark = |question: &Value, option: usize, value: i32| json!({ "optionId": question["options"][option]["id"], "value": value });
        let vote = |marks: Value| json!({ "questionId": many["id"], "marks": marks });
        let mut skip = vote(json!([mark(many, 0, 1)]));
        skip["skip"] = json!(true);
        let mut written = choice(&made, 0, &[0, 1]);
        written["writeIns"] = json!(["Anders"]);
        let mut named = choice(&made, 0, &[0, 1]);
        named["idempotencyKey"] = json!("");
        for (ballot, refusals) in [
            (vote(json!([])), vec!["CHOICE_COUNT_BELOW_MINIMUM input.marks"]),
            (vote(json!([mark(many, 0, 1)])), vec!["CHOICE_COUNT_BELOW_MINIMUM input.marks"]),
            (choice(&made, 0, &[0, 1, 2, 3]), vec!["CHOICE_COUNT_ABOVE_MAXIMUM input.marks"]),
            (choice(&made, 1, &[0, 1]), vec!["CHOICE_COUNT_ABOVE_MAXIMUM input.marks"]),
            (vote(json!([mark(many, 0, 1), mark(many, 1, 0)])), vec!["SCORE_INVALID input.marks.1.value"]),
            (vote(json!([mark(many, 0, 1), mark(many, 0, 1)])), vec!["OPTION_REPEATED input.marks.1.optionId"]),
            (
                vote(json!([mark(many, 0, 1), mark(one, 0, 1), mark(many, 0, 2)])),
                vec![
                    "OPTION_UNKNOWN input.marks.1.optionId",
                    "OPTION_REPEATED input.marks.2.optionId",
                    "SCORE_INVALID input.marks.2.value",
                ],
            ),
            (skip, vec!["SKIP_NOT_ALLOWED input.skip", "CHOICES_NOT_ALLOWED input.marks"]),
            (written, vec!["WRITE_INS_NOT_ALLOWED input.writeIns"]),
            (named, vec!["REQUIRED input.idempotencyKey"]),
        ] {
            let answer = cast(app, Persona::Resident, ballot.clone()).await;
            assert_eq!(answer.refusals("ballotCast"), refusals, "{ballot:#}");
            assert_eq!(answer.data("/ballotCast/ballot"), &Value::Null);
        }
        for (id, code) in [(json!("nonsense"), "BAD_INPUT"), (made["id"].clone(), "BAD_INPUT")] {
            let ballot = vote(json!([{ "optionId": id, "value": 1 }]));
            assert_eq!(cast(app, Persona::Resident, ballot).await.code(), code);
            assert_eq!(cast(app, Persona::Resident, json!({ "questionId": id, "marks": [] })).await.code(), code);
        }
        let page = page(app, Persona::Resident, &made).await;
        assert_eq!((&page["voterCount"], &page["questions"][0]["results"]["revision"]), (&json!(0), &json!(0)));
        assert!(ballot::Entity::find().all(app.database.read()).await.expect("read").is_empty());
    }

    async fn a_ballot_changes_until_the_close(app) {
        let made = poll(app, json!({ "voteChange": "UNTIL_CLOSE" })).await;
        let first = cast(app, Persona::Resident, choice(&made, 0, &[0])).await;
        app.clock.advance(TimeDelta::minutes(1));
        let second = cast(app, Persona::Resident, choice(&made, 0, &[1])).await;
        assert_eq!(first.accepted("ballotCast")["ballot"]["id"], second.accepted("ballotCast")["ballot"]["id"]);
        assert_eq!(voters(app, &made).await, [0, 1]);
        retract(app, Persona::Resident, &made).await.accepted("ballotRetract");
        assert_eq!(voters(app, &made).await, [0, 0]);
        let gone = page(app, Persona::Resident, &made).await;
        assert_eq!((&gone["voterCount"], &gone["questions"][0]["viewerBallot"]), (&json!(0), &Value::Null));
        retract(app, Persona::Resident, &made).await.accepted("ballotRetract");
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        assert_eq!(voters(app, &made).await, [1, 0]);
        close(app, &made).await.accepted("pollClose");
        assert_eq!(retract(app, Persona::Resident, &made).await.refusals("ballotRetract"), ["POLL_CLOSED"]);
        assert_eq!(cast(app, Persona::Resident, choice(&made, 0, &[1])).await.refusals("ballotCast"), ["POLL_CLOSED"]);
        assert_eq!(voters(app, &made).await, [1, 0]);
    }

    async fn a_final_ballot_stays(app) {
        let made = poll(app, json!({ "voteChange": "LOCKED" })).await;
        retract(app, Persona::Resident, &made).await.accepted("ballotRetract");
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        assert_eq!(cast(app, Persona::Resident, choice(&made, 0, &[1])).await.refusals("ballotCast"), ["ALREADY_VOTED"]);
        assert_eq!(retract(app, Persona::Resident, &made).await.refusals("ballotRetract"), ["BALLOT_FINAL"]);
        assert_eq!(voters(app, &made).await, [1, 0]);
    }

    async fn skipping_is_counted_apart(app) {
        let mut one = question("SINGLE", &["Ja", "Nee"]);
        one["rules"] = json!({ "allowSkip": true });
        let made = poll(app, json!({ "questions": [one] })).await;
        let skip = json!({ "questionId": made["questions"][0]["id"], "skip": true });
        let answer = cast(app, Persona::Resident, skip).await;
        let results = &answer.accepted("ballotCast")["question"]["results"];
        assert_eq!((&results["voterCount"], &results["skipCount"]), (&json!(0), &json!(1)));
        assert_eq!(page(app, Persona::Anonymous, &made).await["voterCount"], 1);
        let answer = cast(app, Persona::Resident, choice(&made, 0, &[0])).await;
        let results = &answer.accepted("ballotCast")["question"]["results"];
        assert_eq!((&results["voterCount"], &results["skipCount"]), (&json!(1), &json!(0)));
    }

    async fn a_paused_or_cancelled_poll_takes_no_ballot(app) {
        let made = poll(app, json!({})).await;
        let row = poll::Entity::find().one(app.database.read()).await.expect("read").expect("a poll");
        let mut change: poll::ActiveModel = row.into();
        change.paused_at = Set(Some(app.clock.now()));
        let row = change.update(app.database.writer()).await.expect("paused");
        let vote = choice(&made, 0, &[0]);
        assert_eq!(cast(app, Persona::Resident, vote.clone()).await.refusals("ballotCast"), ["POLL_PAUSED"]);
        let mut change: poll::ActiveModel = row.into();
        change.cancelled_at = Set(Some(app.clock.now()));
        change.update(app.database.writer()).await.expect("called off");
        assert_eq!(cast(app, Persona::Resident, vote).await.refusals("ballotCast"), ["POLL_CANCELLED"]);
        assert_eq!(close(app, &made).await.refusals("pollClose"), ["POLL_CANCELLED"]);
    }
}
