//! The presenter's room: its code, its questions' states, and its timer.

use chrono::TimeDelta;
use domain::clock::Clock;
use entity::{ballot, join_code, poll_run};
use futures_util::future::join_all;
use harness::{Answer, DatabaseKind, Persona, TestApp, on_both_databases};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use serde_json::{Value, json};

use super::{cast, choice, close, page, poll, question, recount::recount};

/// An open room with two questions.
pub(super) async fn room(app: &TestApp, changes: Value) -> Value {
    let mut parts = json!({
        "pace": "PRESENTER",
        "questions": [question("SINGLE", &["Ja", "Nee"]), question("SINGLE", &["Nu", "Later"])],
    });
    for (name, value) in changes.as_object().expect("changes are an object") {
        parts[name] = value.clone();
    }
    poll(app, parts).await
}

/// The editor brings a question of a room, counted from 0, into a state.
pub(super) async fn present(app: &TestApp, room: &Value, question: usize, state: &str) -> Answer {
    step(app, room, question, json!({ "state": state })).await
}

async fn step(app: &TestApp, room: &Value, question: usize, mut input: Value) -> Answer {
    input["questionId"] = room["questions"][question]["id"].clone();
    app.send(
        Persona::Editor,
        "PollQuestionPresent",
        json!({ "input": input }),
    )
    .await
}

/// Shows a question for the first time, as far as this state.
pub(super) async fn show(app: &TestApp, room: &Value, question: usize, state: &str) {
    for next in ["OPEN", "LOCKED", "REVEALED"] {
        present(app, room, question, next)
            .await
            .accepted("pollQuestionPresent");
        if next == state {
            return;
        }
    }
}

async fn join(app: &TestApp, persona: Persona, code: &str) -> Answer {
    app.send(persona, "PollJoin", json!({ "joinCode": code }))
        .await
}

async fn states(app: &TestApp, room: &Value) -> Vec<String> {
    let page = page(app, Persona::Editor, room).await;
    let questions = page["questions"].as_array().expect("questions");
    let state = |question: &Value| question["state"].as_str().expect("a state").to_owned();
    questions.iter().map(state).collect()
}

on_both_databases! {
    async fn a_room_is_entered_by_its_code(app) {
        let made = room(app, json!({})).await;
        let code = made["joinCode"].as_str().expect("a code").to_owned();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        for persona in Persona::ALL {
            for typed in [code.clone(), format!(" {} {} ", &code[..3], &code[3..])] {
                let entered = join(app, persona, &typed).await;
                assert_eq!(entered.data("/pollByJoinCode/id"), &made["id"], "{persona:?}");
                assert_eq!(entered.data("/pollByJoinCode/activeQuestion"), &Value::Null);
            }
            let shown = page(app, persona, &made).await["joinCode"].clone();
            let staff = matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin);
            assert_eq!(shown, if staff { json!(code) } else { Value::Null }, "{persona:?}");
        }
        let list = "{ polls { nodes { joinCode } } }";
        assert_eq!(app.execute(Persona::Resident, list, json!({})).await.data("/polls/nodes/0/joinCode"), &Value::Null);
        let entered = "query($code: String!) { pollByJoinCode(joinCode: $code) { joinCode } }";
        let inside = app.execute(Persona::Resident, entered, json!({ "code": code })).await;
        assert_eq!(inside.data("/pollByJoinCode/joinCode"), &json!(code));
        assert_eq!(poll(app, json!({})).await["joinCode"], Value::Null, "no presenter, no room");
        for nonsense in ["", "12345", "1234567", "abcdef", "０12345"] {
            assert_eq!(join(app, Persona::Resident, nonsense).await.data("/pollByJoinCode"), &Value::Null);
        }
        close(app, &made).await.accepted("pollClose");
        assert_eq!(join(app, Persona::Editor, &code).await.data("/pollByJoinCode"), &Value::Null);
        assert_eq!(page(app, Persona::Editor, &made).await["joinCode"], Value::Null);
    }

    async fn the_room_of_a_draft_is_for_staff(app) {
        let made = room(app, json!({ "opensAt": null })).await;
        let code = made["joinCode"].as_str().expect("a code");
        assert_eq!(join(app, Persona::Resident, code).await.data("/pollByJoinCode"), &Value::Null);
        assert_eq!(join(app, Persona::Moderator, code).await.data("/pollByJoinCode/id"), &made["id"]);
    }

    async fn wrong_guesses_are_limited_and_right_ones_free(app) {
        let made = room(app, json!({})).await;
        let code = made["joinCode"].as_str().expect("a code");
        let wrong = if code == "100000" { "100001" } else { "100000" };
        for _ in 0..10 {
            join(app, Persona::Visitor, code).await.data("/pollByJoinCode/id");
            assert_eq!(join(app, Persona::Visitor, wrong).await.data("/pollByJoinCode"), &Value::Null);
        }
        for guess in [wrong, code] {
            let limited = join(app, Persona::Visitor, guess).await;
            assert_eq!(limited.code(), "RATE_LIMITED", "nothing is learnt once it is too much");
            assert_eq!(limited.0["errors"][0]["extensions"]["retryAfter"], 60);
        }
        join(app, Persona::Neighbour, code).await.data("/pollByJoinCode/id");
        app.clock.advance(TimeDelta::minutes(1));
        join(app, Persona::Visitor, code).await.data("/pollByJoinCode/id");
        join(app, Persona::Visitor, wrong).await.data("/pollByJoinCode");
        assert_eq!(join(app, Persona::Visitor, wrong).await.code(), "RATE_LIMITED");
    }

    async fn two_rooms_never_share_a_code_and_one_that_is_over_gives_its_own_up(app) {
        let (open, over) = (room(app, json!({})).await, room(app, json!({})).await);
        assert_ne!(open["joinCode"], over["joinCode"]);
        close(app, &over).await.accepted("pollClose");
        let rows = join_code::Entity::find().all(app.database.read()).await.expect("codes");
        let holder = |made: &Value| rows.iter().find(|row| json!(row.code) == made["joinCode"]).expect("a code").poll_id;
        let (open_id, over_id) = (holder(&open), holder(&over));
        let twice = join_code::ActiveModel { code: Set(rows[0].code.clone()), poll_id: Set(open_id) };
        assert!(twice.insert(app.database.writer()).await.is_err(), "the database guards the code");

        // Every other code is taken: the even ones by the open room, the odd ones by the other.
        let database = app.database.writer();
        database.execute_unprepared("DROP INDEX join_code_poll").await.expect("in a database of its own");
        if app.kind == DatabaseKind::Postgres {
            let slow = "ALTER TABLE join_code DROP CONSTRAINT join_code_poll_id_fkey";
            database.execute_unprepared(slow).await.expect("in a database of its own");
        }
        let literal = |id: domain::id::PollId| match app.kind {
            DatabaseKind::Sqlite => format!("x'{}'", id.0.simple()),
            DatabaseKind::Postgres => format!("'{}'::uuid", id.0),
        };
        for first in (100_000..1_000_000).step_by(50_000) {
            let last = first + 49_999;
            let fill = format!(
                "WITH RECURSIVE code(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM code WHERE n < {last})
                 INSERT INTO join_code SELECT CAST(n AS text), CASE WHEN n % 2 = 0 THEN {} ELSE {} END
                 FROM code WHERE true ON CONFLICT DO NOTHING",
                literal(open_id), literal(over_id),
            );
            database.execute_unprepared(&fill).await.expect("filled");
        }
        let mut taken = Vec::new();
        for _ in 0..8 {
            taken.push(room(app, json!({})).await["joinCode"].clone());
        }
        for code in &taken {
            let row = join_code::Entity::find_by_id(code.as_str().expect("a code")).one(app.database.read()).await;
            let holder = row.expect("read").expect("a row").poll_id;
            assert!(holder != open_id && holder != over_id);
        }
        let open_codes = join_code::Entity::find().filter(join_code::Column::PollId.eq(open_id));
        let left = open_codes.all(app.database.read()).await.expect("codes").len();
        assert!(left >= 449_999, "an open room lost a code: {left}");
    }

    async fn a_question_moves_in_small_steps(app) {
        const STATES: [&str; 4] = ["HIDDEN", "OPEN", "LOCKED", "REVEALED"];
        for (from, allowed) in STATES.into_iter().zip([
            [true, true, false, false],
            [true, true, true, false],
            [true, true, true, true],
            [true, false, true, true],
        ]) {
            for (to, allowed) in STATES.into_iter().zip(allowed) {
                let made = room(app, json!({})).await;
                if from != "HIDDEN" {
                    show(app, &made, 0, from).await;
                }
                let answer = present(app, &made, 0, to).await;
                if allowed {
                    let shown = answer.accepted("pollQuestionPresent")["poll"]["activeQuestion"].clone();
                    let expected = if to == "HIDDEN" { Value::Null } else { json!({ "id": made["questions"][0]["id"], "state": to }) };
                    assert_eq!(shown, expected, "{from} to {to}");
                    assert_eq!(states(app, &made).await, [to, "HIDDEN"]);
                } else {
                    assert_eq!(answer.refusals("pollQuestionPresent"), ["QUESTION_STATE_CHANGED input.state"], "{from} to {to}");
                    assert_eq!(states(app, &made).await, [from, "HIDDEN"]);
                }
            }
        }
    }

    async fn one_question_is_active_and_open_at_a_time(app) {
        let made = room(app, json!({})).await;
        show(app, &made, 0, "OPEN").await;
        show(app, &made, 1, "OPEN").await;
        assert_eq!(states(app, &made).await, ["LOCKED", "OPEN"]);
        let seen = page(app, Persona::Resident, &made).await;
        assert_eq!(seen["activeQuestion"]["id"], made["questions"][1]["id"]);
        // Shown again as it is, it is the active one and closes the other.
        let again = present(app, &made, 0, "LOCKED").await;
        assert_eq!(again.accepted("pollQuestionPresent")["poll"]["activeQuestion"]["id"], made["questions"][0]["id"]);
        assert_eq!(states(app, &made).await, ["LOCKED", "LOCKED"]);
        // Hiding one that is not shown changes nothing for the one that is.
        present(app, &made, 1, "HIDDEN").await.accepted("pollQuestionPresent");
        assert_eq!(page(app, Persona::Resident, &made).await["activeQuestion"]["id"], made["questions"][0]["id"]);
        present(app, &made, 0, "HIDDEN").await.accepted("pollQuestionPresent");
        assert_eq!(page(app, Persona::Editor, &made).await["activeQuestion"], Value::Null);
    }

    async fn a_stale_step_is_refused(app) {
        let made = room(app, json!({})).await;
        let stale = step(app, &made, 0, json!({ "state": "OPEN", "expectedState": "LOCKED" })).await;
        assert_eq!(stale.refusals("pollQuestionPresent"), ["QUESTION_STATE_CHANGED input.state"]);
        show(app, &made, 0, "OPEN").await;
        let lock = json!({ "state": "LOCKED", "expectedState": "OPEN" });
        let answers = join_all((0..8).map(|_| step(app, &made, 0, lock.clone()))).await;
        let taken = answers.iter().filter(|answer| answer.refusals("pollQuestionPresent").is_empty()).count();
        assert_eq!(taken, 1);
        assert_eq!(states(app, &made).await, ["LOCKED", "HIDDEN"]);
    }

    async fn only_an_open_room_is_led(app) {
        let open = json!({ "state": "OPEN" });
        let refusals = async |made: &Value| step(app, made, 0, open.clone()).await.refusals("pollQuestionPresent");
        assert_eq!(refusals(&poll(app, json!({})).await).await, ["NOT_A_ROOM"]);
        assert_eq!(refusals(&room(app, json!({ "opensAt": null })).await).await, ["POLL_NOT_OPEN"]);
        let later = app.clock.now() + TimeDelta::days(1);
        assert_eq!(refusals(&room(app, json!({ "opensAt": later })).await).await, ["POLL_NOT_OPEN"]);
        let made = room(app, json!({})).await;
        close(app, &made).await.accepted("pollClose");
        assert_eq!(refusals(&made).await, ["POLL_CLOSED"]);
        let made = room(app, json!({})).await;
        for (seconds, state) in [(0, "OPEN"), (3_601, "OPEN"), (-1, "OPEN"), (30, "LOCKED")] {
            let timed = step(app, &made, 0, json!({ "state": state, "timerSeconds": seconds })).await;
            assert_eq!(timed.refusals("pollQuestionPresent"), ["TIMER_INVALID input.timerSeconds"], "{seconds} {state}");
        }
        let unknown = json!({ "questionId": poll(app, json!({})).await["id"], "state": "OPEN" });
        let unknown = app.send(Persona::Editor, "PollQuestionPresent", json!({ "input": unknown })).await;
        assert_eq!(unknown.code(), "BAD_INPUT");
    }

    async fn ballots_are_taken_while_the_question_is_open(app) {
        let made = room(app, json!({})).await;
        let vote = choice(&made, 0, &[0]);
        let refused = async || cast(app, Persona::Resident, vote.clone()).await.refusals("ballotCast");
        assert_eq!(refused().await, ["QUESTION_NOT_OPEN"]);
        show(app, &made, 0, "OPEN").await;
        cast(app, Persona::Resident, vote.clone()).await.accepted("ballotCast");
        for state in ["LOCKED", "REVEALED", "HIDDEN"] {
            present(app, &made, 0, state).await.accepted("pollQuestionPresent");
            assert_eq!(refused().await, ["QUESTION_NOT_OPEN"], "{state}");
        }
        let row = ballot::Entity::find().one(app.database.read()).await.expect("read").expect("a ballot");
        assert_eq!(row.channel, ballot::Channel::Room);
        recount(app).await;
    }

    async fn a_timer_ends_the_vote_without_anyone_doing_it(app) {
        let made = room(app, json!({})).await;
        let timed = step(app, &made, 0, json!({ "state": "OPEN", "timerSeconds": 30 })).await;
        timed.accepted("pollQuestionPresent");
        let document = "query($id: ID!) { node(id: $id) { ... on Question { state openedAt timerEndsAt } } }";
        let look = async || {
            let id = json!({ "id": made["questions"][0]["id"] });
            app.execute(Persona::Visitor, document, id).await.data("/node").clone()
        };
        let (opened, end) = (app.clock.now().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(), (app.clock.now() + TimeDelta::seconds(30)).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
        assert_eq!(look().await, json!({ "state": "OPEN", "openedAt": opened, "timerEndsAt": end }));
        app.clock.advance(TimeDelta::milliseconds(29_999));
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        app.clock.advance(TimeDelta::milliseconds(1));
        assert_eq!(cast(app, Persona::Visitor, choice(&made, 0, &[0])).await.refusals("ballotCast"), ["QUESTION_NOT_OPEN"]);
        assert_eq!(look().await["state"], "LOCKED");
        assert_eq!(states(app, &made).await, ["LOCKED", "HIDDEN"]);
        // The presenter goes on from what everyone sees.
        let stale = step(app, &made, 0, json!({ "state": "LOCKED", "expectedState": "OPEN" })).await;
        assert_eq!(stale.refusals("pollQuestionPresent"), ["QUESTION_STATE_CHANGED input.state"]);
        present(app, &made, 0, "REVEALED").await.accepted("pollQuestionPresent");
        assert_eq!(look().await, json!({ "state": "REVEALED", "openedAt": opened, "timerEndsAt": null }));
    }

    async fn the_peak_is_kept_with_the_run(app) {
        let made = room(app, json!({})).await;
        let row = poll_run::Entity::find().one(app.database.read()).await.expect("read").expect("a run");
        assert_eq!(row.participant_peak, 0);
        let counts = "query($slug: String!) { poll(slug: $slug) { participantCount participantPeak } }";
        let counts = async |made: &Value| app.execute(Persona::Resident, counts, json!({ "slug": made["slug"] })).await.data("/poll").clone();
        assert_eq!(counts(&made).await, json!({ "participantCount": 0, "participantPeak": 0 }));
        assert_eq!(counts(&poll(app, json!({})).await).await, json!({ "participantCount": null, "participantPeak": null }));
    }
}
