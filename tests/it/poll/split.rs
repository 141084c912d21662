//! Results split by channel and assurance.

use domain::{
    Actor, Member, Roles,
    clock::Clock,
    id::{AccountId, SessionId, VisitorId},
    poll::{BallotDraft, Mark},
};
use entity::{ballot, poll_option};
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::{Value, json};

use super::{cast, choice, close, page, poll, question, retract};

/// Ballots of people with and without an account: how many, for which options.
async fn vote(app: &TestApp, accounts: usize, visitors: usize) {
    let options = poll_option::Entity::find()
        .order_by_asc(poll_option::Column::Position)
        .all(app.database.read())
        .await
        .expect("options");
    for number in 0..accounts + visitors {
        let now = app.clock.now();
        let actor = if number < accounts {
            Actor::Member(Member {
                id: AccountId::new(now),
                session: SessionId::new(now),
                roles: Roles::default(),
            })
        } else {
            Actor::Visitor(Some(VisitorId::new(now)))
        };
        let skip = number % 7 == 6;
        let marks = options
            .iter()
            .enumerate()
            .filter(|(place, _)| !skip && (number + place) % 3 != 0)
            .map(|(_, option)| Mark {
                option: option.id,
                value: 1,
            })
            .collect();
        let draft = BallotDraft {
            marks,
            skip,
            ..BallotDraft::default()
        };
        let cast = app
            .services
            .polls
            .cast(&actor, options[0].question_id, draft);
        cast.await.expect("a ballot");
    }
}

/// Makes the first so many ballots come in over a partner's page.
async fn embed(app: &TestApp, count: usize) {
    let rows = ballot::Entity::find()
        .order_by_asc(ballot::Column::Id)
        .all(app.database.read())
        .await
        .expect("ballots");
    for row in rows.into_iter().take(count) {
        let mut change: ballot::ActiveModel = row.into();
        change.channel = Set(ballot::Channel::Embed);
        change.update(app.database.writer()).await.expect("moved");
    }
}

async fn split(app: &TestApp, persona: Persona, made: &Value) -> Value {
    app.send(persona, "PollResultsSplit", json!({ "slug": made["slug"] }))
        .await
        .data("/poll/questions/0")
        .clone()
}

/// The names of the groups, each with whether its results are shown.
fn groups(split: &Value, field: &str, name: &str) -> Vec<(String, bool)> {
    let groups = split[field].as_array().expect("groups");
    let group = |group: &Value| {
        let name = group[name].as_str().expect("a name").to_owned();
        (name, !group["results"].is_null())
    };
    groups.iter().map(group).collect()
}

fn sum(groups: &Value, path: &str) -> i64 {
    let groups = groups.as_array().expect("groups").iter();
    let number = |group: &Value| group["results"].pointer(path).and_then(Value::as_i64);
    groups.map(|group| number(group).expect("a number")).sum()
}

on_both_databases! {
    async fn the_groups_add_up_to_the_whole(app) {
        let mut multiple = question("MULTIPLE", &["A", "B", "C"]);
        multiple["rules"] = json!({ "allowSkip": true });
        let made = poll(app, json!({ "questions": [multiple] })).await;
        assert_eq!(split(app, Persona::Editor, &made).await["resultsByChannel"], json!([]), "no ballot, no group");
        vote(app, 9, 12).await;
        embed(app, 13).await;
        let whole = page(app, Persona::Editor, &made).await["questions"][0]["results"].clone();
        let split = split(app, Persona::Editor, &made).await;
        assert_eq!(groups(&split, "resultsByChannel", "channel"), [("SITE".to_owned(), true), ("EMBED".to_owned(), true)]);
        assert_eq!(groups(&split, "resultsByAssurance", "assurance"), [("DEVICE".to_owned(), true), ("ACCOUNT".to_owned(), true)]);
        for field in ["resultsByChannel", "resultsByAssurance"] {
            for path in ["/voterCount", "/skipCount", "/options/0/voterCount", "/options/1/voterCount", "/options/2/voterCount", "/options/0/distribution/0/count"] {
                assert_eq!(sum(&split[field], path), whole.pointer(path).and_then(Value::as_i64).expect("a number"), "{field} {path}");
            }
            for group in split[field].as_array().expect("groups") {
                assert_eq!(group["results"]["revision"], whole["revision"]);
            }
        }
        let accounts = &split["resultsByAssurance"][1]["results"];
        assert_eq!((&accounts["voterCount"], &accounts["skipCount"]), (&json!(8), &json!(1)));
    }

    async fn a_retracted_ballot_and_an_old_run_are_in_no_group(app) {
        let made = poll(app, json!({ "voteChange": "UNTIL_CLOSE" })).await;
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        retract(app, Persona::Resident, &made).await.accepted("ballotRetract");
        assert_eq!(split(app, Persona::Editor, &made).await["resultsByAssurance"], json!([]));
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        assert_eq!(split(app, Persona::Editor, &made).await["resultsByAssurance"][0]["results"]["voterCount"], 1);
        let restart = json!({ "input": { "pollId": made["id"] } });
        app.send(Persona::Editor, "PollRestart", restart).await.accepted("pollRestart");
        assert_eq!(split(app, Persona::Editor, &made).await["resultsByAssurance"], json!([]));
    }

    async fn the_public_sees_no_small_group(app) {
        let mut multiple = question("MULTIPLE", &["A", "B", "C"]);
        multiple["rules"] = json!({ "allowSkip": true });
        let made = poll(app, json!({ "questions": [multiple] })).await;
        vote(app, 5, 9).await;
        embed(app, 4).await;
        for persona in Persona::ALL {
            let staff = matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin);
            let split = split(app, persona, &made).await;
            // Of two groups the larger would tell of the smaller.
            assert_eq!(groups(&split, "resultsByChannel", "channel"), [("SITE".to_owned(), staff), ("EMBED".to_owned(), staff)], "{persona:?}");
            assert_eq!(groups(&split, "resultsByAssurance", "assurance"), [("DEVICE".to_owned(), true), ("ACCOUNT".to_owned(), true)], "{persona:?}");
        }
    }

    async fn a_split_shows_where_results_do(app) {
        let made = poll(app, json!({ "resultsVisibility": "AFTER_CLOSE" })).await;
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        for persona in Persona::ALL {
            let staff = matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin);
            let split = split(app, persona, &made).await;
            assert_eq!(!split["resultsByChannel"].is_null(), staff, "{persona:?}");
            assert_eq!(!split["resultsByAssurance"].is_null(), staff, "{persona:?}");
        }
        close(app, &made).await.accepted("pollClose");
        let split = split(app, Persona::Anonymous, &made).await;
        assert_eq!(groups(&split, "resultsByChannel", "channel"), [("SITE".to_owned(), false)]);
    }

    async fn a_split_is_counted_once_for_all_who_ask(app) {
        let mut multiple = question("MULTIPLE", &["A", "B", "C"]);
        multiple["rules"] = json!({ "allowSkip": true });
        let made = poll(app, json!({ "questions": [multiple] })).await;
        vote(app, 5, 5).await;
        let asks = |persona| app.send(persona, "PollResultsSplit", json!({ "slug": made["slug"] }));
        let attack = futures_util::future::join_all((0..300).map(|_| asks(Persona::Anonymous)));
        let (answers, statements) = app.statements_of(attack).await;
        let counts = |statements: &[String]| statements.iter().filter(|statement| statement.contains("UNION ALL") && statement.contains("assurance")).count();
        assert_eq!(counts(&statements), 1, "{statements:#?}");
        let answered = answers.iter().filter(|answer| answer.code().is_empty()).count();
        let refused = answers.iter().filter(|answer| answer.code() == "RATE_LIMITED").count();
        assert_eq!(answered + refused, 300);
        assert!(answered >= 1);
        // The next ballot makes another count; without one there is none, for staff neither.
        let (_, statements) = app.statements_of(asks(Persona::Editor)).await;
        assert_eq!(counts(&statements), 0);
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        let (answer, statements) = app.statements_of(asks(Persona::Editor)).await;
        assert_eq!(counts(&statements), 1);
        assert_eq!(sum(&answer.data("/poll/questions/0")["resultsByChannel"], "/voterCount"), page(app, Persona::Editor, &made).await["questions"][0]["results"]["voterCount"].as_i64().expect("a number"));
    }

    async fn a_split_costs_a_fixed_number_of_statements(app) {
        let questions = vec![question("SINGLE", &["Ja", "Nee"]); 5];
        let made = poll(app, json!({ "questions": questions })).await;
        let variables = json!({ "slug": made["slug"] });
        let (answer, statements) = app.statements_of(app.send(Persona::Neighbour, "PollResultsSplit", variables)).await;
        assert_eq!(answer.data("/poll/questions").as_array().expect("questions").len(), 5);
        assert!(statements.len() <= 6, "{}: {statements:#?}", statements.len());
    }
}
