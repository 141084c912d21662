//! The same request sent twice counts once, whatever happened in between.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    Services, Settings,
    account::PasswordCost,
    clock::SharedClock,
    database::{self, Database},
    id::{OptionId, QuestionId},
    mail::Mailer,
    poll::{BallotDraft, Mark},
};
use entity::{ballot_event, poll_option};
use harness::{Persona, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{cast, choice, close, poll, retract, voters};

fn named(mut ballot: Value, key: &str) -> Value {
    ballot["idempotencyKey"] = json!(key);
    ballot
}

on_both_databases! {
    async fn the_first_answer_is_given_again(app) {
        let made = poll(app, json!({ "voteChange": "UNTIL_CLOSE" })).await;
        let yes = named(choice(&made, 0, &[0]), "eerste");
        let first = cast(app, Persona::Resident, yes.clone()).await;
        let first = first.accepted("ballotCast")["ballot"].clone();
        app.clock.advance(TimeDelta::minutes(1));
        let again = cast(app, Persona::Resident, yes.clone()).await;
        assert_eq!(again.accepted("ballotCast")["ballot"], first);
        let no = named(choice(&made, 0, &[1]), "tweede");
        cast(app, Persona::Resident, no).await.accepted("ballotCast");
        let late = cast(app, Persona::Resident, yes.clone()).await;
        assert_eq!(late.accepted("ballotCast")["ballot"], first);
        assert_eq!(voters(app, &made).await, [0, 1], "what was cast since stays");
        retract(app, Persona::Resident, &made).await.accepted("ballotRetract");
        cast(app, Persona::Resident, yes.clone()).await.accepted("ballotCast");
        assert_eq!(voters(app, &made).await, [0, 0], "a late copy casts nothing again");
        close(app, &made).await.accepted("pollClose");
        let closed = cast(app, Persona::Resident, yes).await;
        assert_eq!(closed.accepted("ballotCast")["ballot"], first);
        let events = ballot_event::Entity::find().all(app.database.read()).await.expect("read");
        assert_eq!(events.len(), 3);
    }

    async fn a_request_from_before_a_restart_counts_in_the_old_run_only(app) {
        let made = poll(app, json!({ "voteChange": "UNTIL_CLOSE" })).await;
        let yes = named(choice(&made, 0, &[0]), "eerste");
        let first = cast(app, Persona::Resident, yes.clone()).await;
        let first = first.accepted("ballotCast")["ballot"].clone();
        let restart = json!({ "input": { "pollId": made["id"] } });
        app.send(Persona::Editor, "PollRestart", restart).await.accepted("pollRestart");
        let again = cast(app, Persona::Resident, yes.clone()).await;
        assert_eq!(again.accepted("ballotCast")["ballot"], first);
        assert_eq!(voters(app, &made).await, [0, 0], "the new run has no ballot");
        let other = cast(app, Persona::Resident, named(choice(&made, 0, &[1]), "eerste")).await;
        assert_eq!(other.refusals("ballotCast"), ["IDEMPOTENCY_MISMATCH input.idempotencyKey"]);
        let no = named(choice(&made, 0, &[1]), "tweede");
        cast(app, Persona::Resident, no).await.accepted("ballotCast");
        cast(app, Persona::Resident, yes).await.accepted("ballotCast");
        assert_eq!(voters(app, &made).await, [0, 1], "a late copy changes nothing");
    }

    async fn another_ballot_under_the_same_key_is_refused(app) {
        let made = poll(app, json!({})).await;
        cast(app, Persona::Resident, named(choice(&made, 0, &[0]), "een")).await.accepted("ballotCast");
        let other = cast(app, Persona::Resident, named(choice(&made, 0, &[1]), "een")).await;
        assert_eq!(other.refusals("ballotCast"), ["IDEMPOTENCY_MISMATCH input.idempotencyKey"]);
        assert_eq!(voters(app, &made).await, [1, 0]);
        // A key is the voter's own.
        cast(app, Persona::Neighbour, named(choice(&made, 0, &[1]), "een")).await.accepted("ballotCast");
        assert_eq!(voters(app, &made).await, [1, 1]);
    }

    async fn it_holds_where_ballots_are_final_and_after_a_restart(app) {
        let made = poll(app, json!({ "voteChange": "LOCKED" })).await;
        let ballot = named(choice(&made, 0, &[0]), "een");
        let first = cast(app, Persona::Resident, ballot.clone()).await;
        let again = cast(app, Persona::Resident, ballot).await;
        assert_eq!(again.accepted("ballotCast"), first.accepted("ballotCast"));

        let database = Database::connect(&database::Settings { url: app.database_url().to_owned(), connections: 1 })
            .await.expect("another process connects");
        let clock: SharedClock = Arc::new(app.clock.clone());
        let settings = Settings { password_cost: PasswordCost::LEAST, ..Settings::new("https://jij.example", Mailer::memory()) };
        let other = Services::new(&database, &clock, settings).await.expect("services");
        let option = poll_option::Entity::find().all(app.database.read()).await.expect("read").into_iter()
            .min_by_key(|option| option.position).expect("an option");
        let draft = BallotDraft {
            marks: vec![Mark { option: OptionId(option.id.0), value: 1 }],
            idempotency_key: Some("een".to_owned()),
            ..BallotDraft::default()
        };
        let actor = app.actor(Persona::Resident);
        other.polls.cast(actor, QuestionId(option.question_id.0), draft).await.expect("the first answer");
        drop(other);
        database.close().await.expect("closed");
        assert_eq!(voters(app, &made).await, [1, 0]);
    }
}
