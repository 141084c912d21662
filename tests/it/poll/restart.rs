//! Starting a poll again: a new run, the old one kept.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::{
    Actor, Error,
    clock::Clock,
    id::{OptionId, PollId, QuestionId, VisitorId},
    poll::{BallotDraft, Mark, PollRefusal},
};
use entity::{ballot, poll, poll_option, poll_run};
use futures_util::{StreamExt, future::join_all, stream};
use harness::{Answer, Persona, TestApp, on_both_databases};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::{Value, json};

use super::{
    cast, choice, close, page, page as page_of, poll as make, question,
    recount::recount,
    retract,
    room::{room, show},
    voters,
};

async fn restart(app: &TestApp, made: &Value, expected: Option<i32>) -> Answer {
    let mut input = json!({ "pollId": made["id"] });
    if let Some(run) = expected {
        input["expectedRun"] = json!(run);
    }
    app.send(Persona::Editor, "PollRestart", json!({ "input": input }))
        .await
}

/// The ids behind the only poll.
async fn ids(app: &TestApp) -> (PollId, QuestionId, Vec<OptionId>) {
    let poll = poll::Entity::find()
        .one(app.database.read())
        .await
        .expect("read")
        .expect("a poll");
    let options = poll_option::Entity::find()
        .order_by_asc(poll_option::Column::Position)
        .all(app.database.read())
        .await
        .expect("options");
    let ids = options.iter().map(|option| option.id).collect();
    (poll.id, options[0].question_id, ids)
}

fn ballot_of(options: &[OptionId]) -> BallotDraft {
    let marks = options.iter().map(|&option| Mark { option, value: 1 });
    BallotDraft {
        marks: marks.collect(),
        ..BallotDraft::default()
    }
}

on_both_databases! {
    async fn a_new_run_starts_from_nothing_and_the_old_one_is_kept(app) {
        let made = make(app, json!({ "voteChange": "LOCKED" })).await;
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        cast(app, Persona::Visitor, choice(&made, 0, &[1])).await.accepted("ballotCast");
        let first = app.clock.now().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        app.clock.advance(TimeDelta::minutes(5));
        let before = page(app, Persona::Resident, &made).await["questions"][0]["results"]["revision"].as_i64();
        let answer = restart(app, &made, Some(1)).await;
        assert_eq!(answer.accepted("pollRestart")["poll"], json!({ "id": made["id"], "run": 2, "status": "OPEN", "voterCount": 0 }));
        let fresh = page(app, Persona::Resident, &made).await;
        assert_eq!((&fresh["voterCount"], &fresh["questions"][0]["viewerBallot"]), (&json!(0), &Value::Null));
        assert_eq!(fresh["questions"][0]["results"]["voterCount"], 0);
        assert!(fresh["questions"][0]["results"]["revision"].as_i64() > before, "a revision never goes down");
        cast(app, Persona::Resident, choice(&made, 0, &[1])).await.accepted("ballotCast");
        assert_eq!(voters(app, &made).await, [0, 1]);

        let document = "query($slug: String!) { poll(slug: $slug) { opensAt
            runs { run startedAt endedAt voterCount participantPeak }
            questions { old: resultsOfRun(run: 1) { voterCount options { voterCount } }
                present: resultsOfRun(run: 2) { voterCount } none: resultsOfRun(run: 3) { voterCount } } } }";
        for persona in Persona::ALL {
            let answer = app.execute(persona, document, json!({ "slug": made["slug"] })).await;
            let now = app.clock.now().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
            assert_eq!(answer.data("/poll/runs"), &json!([
                { "run": 1, "startedAt": first, "endedAt": now, "voterCount": 2, "participantPeak": 0 },
                { "run": 2, "startedAt": now, "endedAt": null, "voterCount": 1, "participantPeak": 0 },
            ]));
            assert_eq!(answer.data("/poll/opensAt"), &json!(now));
            let staff = matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin);
            let expected = if staff {
                json!({ "old": { "voterCount": 2, "options": [{ "voterCount": 1 }, { "voterCount": 1 }] }, "present": { "voterCount": 1 }, "none": null })
            } else {
                json!({ "old": null, "present": null, "none": null })
            };
            assert_eq!(answer.data("/poll/questions/0"), &expected, "{persona:?}");
        }
        recount(app).await;
    }

    async fn a_poll_that_is_over_opens_again(app) {
        let made = make(app, json!({ "closesAt": app.clock.now() + TimeDelta::hours(1) })).await;
        app.clock.advance(TimeDelta::hours(2));
        assert_eq!(page(app, Persona::Resident, &made).await["status"], "CLOSED");
        restart(app, &made, None).await.accepted("pollRestart");
        let again = page(app, Persona::Resident, &made).await;
        assert_eq!((&again["status"], &again["closesAt"]), (&json!("OPEN"), &Value::Null));
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        close(app, &made).await.accepted("pollClose");
        restart(app, &made, None).await.accepted("pollRestart");
        assert_eq!(page(app, Persona::Resident, &made).await["status"], "OPEN");

        let closes = app.clock.now() + TimeDelta::hours(1);
        let made = make(app, json!({ "closesAt": closes })).await;
        restart(app, &made, None).await.accepted("pollRestart");
        assert_eq!(page(app, Persona::Resident, &made).await["closesAt"], json!(closes.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()), "a close to come holds");
        recount(app).await;
    }

    async fn a_room_starts_again_hidden_and_with_a_code(app) {
        let made = room(app, json!({})).await;
        show(app, &made, 0, "REVEALED").await;
        show(app, &made, 1, "OPEN").await;
        close(app, &made).await.accepted("pollClose");
        restart(app, &made, None).await.accepted("pollRestart");
        let page = page(app, Persona::Editor, &made).await;
        assert_eq!((&page["activeQuestion"], &page["questions"][0]["state"], &page["questions"][1]["state"]), (&Value::Null, &json!("HIDDEN"), &json!("HIDDEN")));
        let entered = app.send(Persona::Visitor, "PollJoin", json!({ "joinCode": page["joinCode"] })).await;
        assert_eq!(entered.data("/pollByJoinCode/id"), &made["id"]);
        let opened = "query($id: ID!) { node(id: $id) { ... on Question { openedAt timerEndsAt } } }";
        let opened = app.execute(Persona::Editor, opened, json!({ "id": made["questions"][1]["id"] })).await;
        assert_eq!(opened.data("/node"), &json!({ "openedAt": null, "timerEndsAt": null }));
        // Its code went to another room meanwhile: it gets a new one.
        close(app, &made).await.accepted("pollClose");
        let other = room(app, json!({})).await;
        entity::join_code::Entity::delete_by_id(page["joinCode"].as_str().expect("a code"))
            .exec(app.database.writer()).await.expect("gone");
        restart(app, &made, None).await.accepted("pollRestart");
        let code = page_of(app, Persona::Editor, &made).await["joinCode"].clone();
        assert!(code.is_string() && code != other["joinCode"], "{code}");
    }

    async fn a_restart_is_refused_where_there_is_none_to_make(app) {
        let refusals = async |made: &Value| restart(app, made, None).await.refusals("pollRestart");
        assert_eq!(refusals(&make(app, json!({ "opensAt": null })).await).await, ["POLL_NOT_OPEN"]);
        let later = app.clock.now() + TimeDelta::days(1);
        assert_eq!(refusals(&make(app, json!({ "opensAt": later })).await).await, ["POLL_NOT_OPEN"]);
        let made = make(app, json!({})).await;
        let rows = poll::Entity::find().all(app.database.read()).await.expect("polls");
        let row = rows.into_iter().find(|row| json!(row.slug) == made["slug"]).expect("the poll");
        let mut change: poll::ActiveModel = row.into();
        change.archived_at = Set(Some(app.clock.now()));
        let row = change.update(app.database.writer()).await.expect("put away");
        assert_eq!(refusals(&made).await, ["POLL_CLOSED"]);
        let mut change: poll::ActiveModel = row.into();
        change.cancelled_at = Set(Some(app.clock.now()));
        change.update(app.database.writer()).await.expect("called off");
        assert_eq!(refusals(&made).await, ["POLL_CANCELLED"]);
    }

    async fn eight_copies_of_a_restart_restart_once(app) {
        let made = make(app, json!({})).await;
        let answers = join_all((0..8).map(|_| restart(app, &made, Some(1)))).await;
        let mut taken = 0;
        for answer in answers {
            match answer.refusals("pollRestart").as_slice() {
                [] => taken += 1,
                refusals => assert_eq!(refusals, ["RUN_CHANGED input.expectedRun"]),
            }
        }
        assert_eq!(taken, 1);
        assert_eq!(page(app, Persona::Editor, &made).await["questions"][0]["results"]["voterCount"], 0);
        assert_eq!(poll_run::Entity::find().all(app.database.read()).await.expect("runs").len(), 2);
    }

    async fn no_ballot_of_a_burst_lands_in_a_run_that_has_ended(app) {
        make(app, json!({})).await;
        let (id, question, options) = ids(app).await;
        let taken = std::sync::Mutex::new(HashMap::new());
        stream::iter(0..160).for_each_concurrent(16, |number| {
            let (options, taken) = (&options, &taken);
            async move {
                // Every request at its own time, as on a clock that runs.
                app.clock.advance(TimeDelta::milliseconds(1));
                if number % 40 == 20 {
                    match app.services.polls.restart(app.actor(Persona::Editor), id, None).await {
                        Ok(_) | Err(Error::TooMany(_)) => return,
                        Err(error) => panic!("{error:?}"),
                    }
                }
                let voter = Actor::Visitor(Some(VisitorId::new(app.clock.now())));
                match app.services.polls.cast(&voter, question, ballot_of(&options[..1])).await {
                    Ok(ballot) => {
                        taken.lock().expect("ballots").insert(ballot.id, ballot.cast_at);
                    }
                    Err(Error::TooMany(_)) => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
        }).await;
        let taken = taken.into_inner().expect("ballots");
        let runs = poll_run::Entity::find().order_by_asc(poll_run::Column::Run).all(app.database.read()).await.expect("runs");
        assert!(runs.len() > 2, "{}", runs.len());
        let ballots = ballot::Entity::find().all(app.database.read()).await.expect("ballots");
        assert_eq!(ballots.len(), taken.len());
        for ballot in ballots {
            let run = &runs[usize::try_from(ballot.run - 1).expect("a run")];
            assert_eq!(taken[&ballot.id], ballot.cast_at);
            assert!(run.started_at <= ballot.cast_at, "{ballot:?} is older than {run:?}");
            assert!(run.ended_at.is_none_or(|end| ballot.cast_at <= end), "{ballot:?} is younger than {run:?}");
        }
        recount(app).await;
    }

    async fn whatever_voters_do_across_restarts_a_recount_agrees(app) {
        let mut multiple = question("MULTIPLE", &["A", "B", "C", "D"]);
        multiple["rules"] = json!({ "allowSkip": true });
        make(app, json!({ "voteChange": "UNTIL_CLOSE", "questions": [multiple] })).await;
        let (id, question, options) = ids(app).await;
        let crowd: Vec<Actor> = (0..8).map(|_| Actor::Visitor(Some(VisitorId::new(app.clock.now())))).collect();
        // A fixed, scattered sequence: who does what.
        let deeds = (0_usize..240).map(|step| (step * 7919) % 1009);
        stream::iter(deeds).for_each_concurrent(12, |deed| {
            let (crowd, options) = (&crowd, &options);
            async move {
                let polls = &app.services.polls;
                let (voter, editor) = (&crowd[deed % crowd.len()], app.actor(Persona::Editor));
                let closed = match (deed / 8) % 8 {
                    0 => matches!(polls.retract(voter, question).await, Err(Error::Internal(_) | Error::NotFound)),
                    1 => {
                        let skip = BallotDraft { skip: true, ..BallotDraft::default() };
                        matches!(polls.cast(voter, question, skip).await, Err(Error::Internal(_) | Error::NotFound))
                    }
                    2 if deed % 3 == 0 => matches!(polls.restart(editor, id, None).await, Err(Error::Internal(_) | Error::Refused(_))),
                    3 if deed % 5 == 0 => matches!(polls.close(editor, id).await, Err(Error::Internal(_) | Error::Refused(_))),
                    deed => {
                        let chosen = &options[..=deed % options.len()];
                        matches!(polls.cast(voter, question, ballot_of(chosen)).await, Err(Error::Internal(_) | Error::NotFound))
                    }
                };
                assert!(!closed, "{deed}");
            }
        }).await;
        let stale = app.services.polls.restart(app.actor(Persona::Editor), id, Some(0)).await;
        assert!(matches!(stale, Err(Error::Refused(reasons)) if reasons == [PollRefusal::RunChanged]));
        let runs = poll_run::Entity::find().all(app.database.read()).await.expect("runs");
        assert!(runs.len() > 2 && runs.iter().filter(|run| run.voter_count > 0).count() > 1, "{runs:?}");
        recount(app).await;
    }

    async fn a_ballot_of_an_old_run_is_not_retracted_from_the_new_one(app) {
        let made = make(app, json!({ "voteChange": "UNTIL_CLOSE" })).await;
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        restart(app, &made, None).await.accepted("pollRestart");
        retract(app, Persona::Resident, &made).await.accepted("ballotRetract");
        let rows = ballot::Entity::find().all(app.database.read()).await.expect("ballots");
        assert!(matches!(rows.as_slice(), [row] if row.run == 1 && row.retracted_at.is_none()), "{rows:?}");
        recount(app).await;
    }
}
