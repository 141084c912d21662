//! Scales, rankings, points and numbers, and what questions may add: none of the others, another
//! answer, and an order of one's own.

use std::collections::BTreeSet;

use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{ballot, cast, close, draft, page, poll, question, recount::recount, retract, writing};

/// A question of this kind with these options and rules.
fn ruled(kind: &str, labels: &[&str], rules: Value) -> Value {
    let mut question = question(kind, labels);
    question["rules"] = rules;
    question
}

async fn one(app: &TestApp, kind: &str, labels: &[&str], rules: Value) -> Value {
    poll(app, json!({ "questions": [ruled(kind, labels, rules)] })).await
}

/// Has several people vote, each with these values.
async fn votes(app: &TestApp, poll: &Value, ballots: &[&[(usize, i32)]]) {
    let people = [
        Persona::Visitor,
        Persona::Resident,
        Persona::Neighbour,
        Persona::Admin,
    ];
    for (persona, values) in people.into_iter().zip(ballots) {
        cast(app, persona, ballot(poll, 0, values))
            .await
            .accepted("ballotCast");
    }
}

/// The results of a poll's first question, as the public sees them.
async fn results(app: &TestApp, poll: &Value) -> Value {
    recount(app).await;
    page(app, Persona::Anonymous, poll).await["questions"][0]["results"].clone()
}

/// A part of each option's results.
fn parts(results: &Value, name: &str) -> Vec<Value> {
    let options = results["options"].as_array().expect("options");
    options.iter().map(|option| option[name].clone()).collect()
}

on_both_databases! {
    async fn a_scale_is_measured(app) {
        let rules = json!({ "scaleMin": 0, "scaleMax": 10, "scaleMinLabel": "Nooit", "scaleMaxLabel": "Altijd", "allowSkip": true });
        let made = one(app, "SCALE", &["Fietsen", "Varen"], rules).await;
        let form = page(app, Persona::Anonymous, &made).await["questions"][0]["rules"].clone();
        assert_eq!((&form["scaleMin"], &form["scaleMax"], &form["scaleMaxLabel"]), (&json!(0), &json!(10), &json!("Altijd")));
        votes(app, &made, &[&[(0, 8), (1, 3)], &[(0, 9)], &[(0, 10), (1, 0)]]).await;
        let skip = json!({ "questionId": made["questions"][0]["id"], "skip": true });
        cast(app, Persona::Admin, skip).await.accepted("ballotCast");
        let found = results(app, &made).await;
        assert_eq!((&found["voterCount"], &found["skipCount"]), (&json!(3), &json!(1)));
        assert_eq!(parts(&found, "voterCount"), [3, 2]);
        assert_eq!(parts(&found, "mean"), [9.0, 1.5]);
        assert_eq!(parts(&found, "median"), [9.0, 1.5]);
        assert_eq!(parts(&found, "rank"), [1, 2]);
        assert_eq!(parts(&found, "share"), [Value::Null, Value::Null]);
        assert_eq!(found["options"][0]["distribution"].as_array().expect("steps").len(), 11);
        assert_eq!(
            found["summary"],
            "3 people voted; on a scale from 0 to 10, highest is “Fietsen” (9 on average), lowest “Varen” \
             (1.5 on average); 1 person skipped the question."
        );
        let refused = cast(app, Persona::Editor, ballot(&made, 0, &[(0, 11), (1, -1)])).await;
        assert_eq!(refused.refusals("ballotCast"), [
            "SCORE_ABOVE_MAXIMUM input.marks.0.value",
            "SCORE_BELOW_MINIMUM input.marks.1.value",
        ]);
    }

    async fn a_ranking_is_counted_after_borda(app) {
        let made = one(app, "RANKING", &["Huizen", "Bus", "Bomen"], json!({ "minChoices": 1, "noneOfTheAbove": true })).await;
        let options = made["questions"][0]["options"].as_array().expect("options");
        assert_eq!(options[3]["label"], "Geen van deze");
        votes(app, &made, &[&[(0, 1), (1, 2), (2, 3)], &[(1, 1), (0, 2)], &[(0, 1)], &[(3, 1)]]).await;
        let found = results(app, &made).await;
        assert_eq!(found["voterCount"], 4);
        assert_eq!(parts(&found, "score"), [json!(5.0), json!(3.0), json!(0.0), Value::Null]);
        assert_eq!(parts(&found, "rank"), [json!(1), json!(2), json!(3), Value::Null]);
        assert_eq!(parts(&found, "share"), [0.5, 0.25, 0.0, 0.25]);
        assert_eq!(parts(&found, "mean"), [json!(4.0 / 3.0), json!(1.5), json!(3.0), Value::Null]);
        assert_eq!(found["options"][0]["distribution"], json!([
            { "value": 1, "count": 2 }, { "value": 2, "count": 1 }, { "value": 3, "count": 0 },
        ]));
        for (marks, refusals) in [
            (ballot(&made, 0, &[(0, 1), (1, 3)]), vec!["RANK_SEQUENCE_INVALID input.marks.1.value"]),
            (ballot(&made, 0, &[(0, 1), (1, 1), (2, 0)]), vec![
                "RANK_SEQUENCE_INVALID input.marks.1.value",
                "RANK_SEQUENCE_INVALID input.marks.2.value",
            ]),
            (ballot(&made, 0, &[]), vec!["RANKED_CHOICE_COUNT_INVALID input.marks"]),
            (ballot(&made, 0, &[(0, 1), (3, 1)]), vec!["NONE_OF_THE_ABOVE_WITH_CHOICES input.marks.1.optionId"]),
        ] {
            assert_eq!(cast(app, Persona::Editor, marks).await.refusals("ballotCast"), refusals);
        }
        // A new order replaces the old one whole.
        cast(app, Persona::Visitor, ballot(&made, 0, &[(2, 1)])).await.accepted("ballotCast");
        assert_eq!(parts(&results(app, &made).await, "score"), [json!(3.0), json!(2.0), json!(2.0), Value::Null]);
    }

    async fn points_are_spread_within_the_budget(app) {
        let made = one(app, "POINTS", &["Speelplek", "Licht", "Feest"], json!({})).await;
        votes(app, &made, &[&[(0, 60), (1, 40), (2, 0)], &[(0, 100)], &[(1, 30)]]).await;
        let mine = page(app, Persona::Visitor, &made).await;
        assert_eq!(mine["questions"][0]["viewerBallot"]["marks"].as_array().expect("marks").len(), 2, "0 points are no mark");
        let found = results(app, &made).await;
        assert_eq!(parts(&found, "total"), [160, 70, 0]);
        assert_eq!(parts(&found, "share"), [json!(160.0 / 230.0), json!(70.0 / 230.0), json!(0.0)]);
        assert_eq!(parts(&found, "mean"), [json!(160.0 / 3.0), json!(70.0 / 3.0), json!(0.0)]);
        assert_eq!(parts(&found, "median"), [60.0, 30.0, 0.0]);
        assert_eq!(parts(&found, "voterCount"), [2, 2, 0]);
        assert_eq!(found["options"][1]["distribution"], json!([
            { "value": 0, "count": 1 }, { "value": 30, "count": 1 }, { "value": 40, "count": 1 },
        ]));
        let over = cast(app, Persona::Editor, ballot(&made, 0, &[(0, 99), (1, 2), (2, -1)])).await;
        assert_eq!(over.refusals("ballotCast"), ["SCORE_NEGATIVE input.marks.2.value", "DOTS_EXCEEDED input.marks"]);
        let whole = one(app, "POINTS", &["A", "B"], json!({ "budget": 8, "spendAll": true })).await;
        let under = cast(app, Persona::Editor, ballot(&whole, 0, &[(0, 7)])).await;
        assert_eq!(under.refusals("ballotCast"), ["DOTS_UNSPENT input.marks"]);
        cast(app, Persona::Editor, ballot(&whole, 0, &[(0, 7), (1, 1)])).await.accepted("ballotCast");
    }

    async fn a_number_is_guessed_and_the_target_shown_at_the_close(app) {
        let made = one(app, "NUMBER", &[], json!({ "scaleMin": 0, "scaleMax": 50, "target": 31 })).await;
        votes(app, &made, &[&[(0, 10)], &[(0, 30)], &[(0, 32)], &[(0, 32)]]).await;
        let document = "query($slug: String!) { poll(slug: $slug) { questions {
            rules { target } results { summary options { total mean median distributionStep nearest { value count } } } } } }";
        let look = async |persona: Persona| {
            let answer = app.execute(persona, document, json!({ "slug": made["slug"] })).await;
            answer.data("/poll/questions/0").clone()
        };
        for persona in Persona::ALL {
            let staff = matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin);
            let found = look(persona).await;
            assert_eq!(!found["rules"]["target"].is_null(), staff, "{persona:?}");
            assert_eq!(!found["results"]["options"][0]["nearest"].is_null(), staff, "{persona:?}");
            assert_eq!(found.to_string().contains("31"), staff, "{persona:?}");
        }
        // A ballot that is taken back answers with the question as its voter may see it.
        let document = "mutation($input: BallotRetractInput!) { ballotRetract(input: $input) { question { rules { target } } userErrors { code } } }";
        let input = json!({ "input": { "questionId": made["questions"][0]["id"] } });
        let retracted = app.execute(Persona::Visitor, document, input).await;
        assert_eq!(retracted.accepted("ballotRetract")["question"]["rules"]["target"], Value::Null);
        close(app, &made).await.accepted("pollClose");
        let found = look(Persona::Anonymous).await;
        assert_eq!(found["rules"]["target"], 31);
        let option = &found["results"]["options"][0];
        assert_eq!(option["nearest"], json!([{ "value": 30, "count": 1 }, { "value": 32, "count": 2 }]));
        assert_eq!((&option["total"], &option["median"], &option["distributionStep"]), (&json!(94), &json!(32.0), &json!(1)));
        assert_eq!(
            found["results"]["summary"],
            "3 people voted; 31.3 on average, the middle value is 32; the right number is 31, nearest was 30 and 32 (3 times)."
        );
    }

    async fn none_of_the_others_and_another_answer(app) {
        let made = one(app, "MULTIPLE", &["Bus", "Fiets"], json!({ "noneOfTheAbove": true, "other": true })).await;
        let document = "query($slug: String!) { poll(slug: $slug) { questions { options { id label role }
            rules { maxChoices noneOfTheAbove other } otherTexts { text voterCount } viewerBallot { otherText } } } }";
        let look = async |persona: Persona| {
            let answer = app.execute(persona, document, json!({ "slug": made["slug"] })).await;
            answer.data("/poll/questions/0").clone()
        };
        let form = look(Persona::Anonymous).await;
        let roles: Vec<_> = form["options"].as_array().expect("options").iter().map(|one| one["role"].clone()).collect();
        assert_eq!(roles, ["CHOICE", "CHOICE", "OTHER", "NONE_OF_THE_ABOVE"]);
        assert_eq!(form["rules"], json!({ "maxChoices": 3, "noneOfTheAbove": true, "other": true }));
        let other = |texts: &[&str]| {
            let mut input = ballot(&made, 0, &[(0, 1), (2, 1)]);
            input["writeIns"] = json!(texts);
            input
        };
        for (input, refusals) in [
            (ballot(&made, 0, &[(1, 1), (3, 1)]), vec!["NONE_OF_THE_ABOVE_WITH_CHOICES input.marks.1.optionId"]),
            (other(&[]), vec!["OTHER_TEXT_REQUIRED input.writeIns"]),
            (other(&[&"a".repeat(121)]), vec!["TOO_LONG input.writeIns.0"]),
            (writing(&made, 0, &["Trein"]), vec!["WRITE_INS_NOT_ALLOWED input.writeIns", "CHOICE_COUNT_BELOW_MINIMUM input.marks"]),
        ] {
            assert_eq!(cast(app, Persona::Resident, input).await.refusals("ballotCast"), refusals);
        }
        for persona in [Persona::Resident, Persona::Neighbour] {
            cast(app, persona, other(&["Met de  trein"])).await.accepted("ballotCast");
        }
        cast(app, Persona::Visitor, ballot(&made, 0, &[(3, 1)])).await.accepted("ballotCast");
        assert_eq!(parts(&results(app, &made).await, "voterCount"), [2, 0, 2, 1]);
        for persona in Persona::ALL {
            let staff = matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin);
            let own = matches!(persona, Persona::Resident | Persona::Neighbour);
            let found = look(persona).await;
            let texts = if staff { json!([{ "text": "Met de trein", "voterCount": 2 }]) } else { Value::Null };
            assert_eq!(found["otherTexts"], texts, "{persona:?}");
            assert_eq!(found.to_string().contains("trein"), staff || own, "{persona:?}");
            if own {
                assert_eq!(found["viewerBallot"]["otherText"], "Met de trein");
            }
        }
        // Without the option the text goes.
        cast(app, Persona::Resident, ballot(&made, 0, &[(0, 1)])).await.accepted("ballotCast");
        assert_eq!(look(Persona::Resident).await["viewerBallot"]["otherText"], Value::Null);
        retract(app, Persona::Neighbour, &made).await.accepted("ballotRetract");
        assert_eq!(look(Persona::Admin).await["otherTexts"], json!([]));
    }

    async fn shuffled_options_stay_in_each_voter_s_own_order(app) {
        let labels = ["A", "B", "C", "D", "E", "F", "G", "H"];
        let made = one(app, "SINGLE", &labels, json!({ "shuffled": true, "noneOfTheAbove": true })).await;
        let plain: Vec<String> = labels.map(str::to_owned).into_iter().chain(["Geen van deze".to_owned()]).collect();
        let seen = async |persona: Persona| -> Vec<String> {
            let page = page(app, persona, &made).await;
            let options = page["questions"][0]["options"].as_array().expect("options").clone();
            options.iter().map(|one| one["label"].as_str().expect("a label").to_owned()).collect()
        };
        assert_eq!(seen(Persona::Anonymous).await, plain);
        assert_eq!(seen(Persona::Editor).await, plain);
        let mut orders = BTreeSet::new();
        for persona in [Persona::Visitor, Persona::Resident, Persona::Neighbour] {
            let order = seen(persona).await;
            assert_eq!(order, seen(persona).await, "{persona:?}");
            assert_eq!(order.last().map(String::as_str), Some("Geen van deze"));
            assert_eq!(order.iter().collect::<BTreeSet<_>>(), plain.iter().collect());
            orders.insert(order);
        }
        assert!(orders.len() > 1, "{orders:?}");
        // Results stand in the question's order, whoever looks.
        let found = page(app, Persona::Resident, &made).await["questions"][0]["results"]["options"].clone();
        let labels: Vec<_> = found.as_array().expect("options").iter().map(|one| one["option"]["label"].clone()).collect();
        assert_eq!(labels, plain);
    }

    async fn a_draft_of_every_kind_says_what_does_not_fit(app) {
        let input = draft(app, &json!({ "questions": [
            ruled("SCALE", &["A"], json!({ "scaleMin": 0, "scaleMax": 11, "budget": 5 })),
            ruled("RANKING", &["A", "B"], json!({ "maxChoices": 3 })),
            ruled("POINTS", &["A", "B"], json!({ "budget": 0, "other": true })),
            ruled("NUMBER", &["A"], json!({ "target": 101 })),
            ruled("WORD_CLOUD", &[], json!({ "maxAnswers": 11, "maxLength": 26 })),
            ruled("OPEN", &[], json!({ "maxAnswers": 6, "shuffled": true })),
            ruled("QUIZ", &["A", "B"], json!({ "timeLimitSeconds": 0 })),
        ] }));
        let answer = app.send(Persona::Editor, "PollCreate", json!({ "input": input })).await;
        let mut found = answer.refusals("pollCreate");
        found.sort();
        let rule = |question: usize, name: &str| format!("POLL_CONFIGURATION_INVALID input.questions.{question}.rules.{name}");
        let mut expected = vec![
            rule(0, "scaleMax"), rule(0, "budget"), rule(1, "maxChoices"), rule(2, "budget"),
            rule(2, "other"), rule(3, "target"), rule(4, "maxAnswers"), rule(4, "maxLength"), rule(5, "maxAnswers"),
            rule(5, "shuffled"), rule(6, "timeLimitSeconds"),
            "OPTION_COUNT_INVALID input.questions.3.options".to_owned(),
            "RIGHT_ANSWER_MISSING input.questions.6.options".to_owned(),
        ];
        expected.sort();
        assert_eq!(found, expected);
    }
}
