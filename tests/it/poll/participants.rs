//! Who follows a room, over one process and over two.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    Actor, Services, Settings,
    account::PasswordCost,
    clock::{Clock, SharedClock},
    id::VisitorId,
    mail::Mailer,
    poll::{ConnectionId, Following, Poll},
};
use entity::room_presence;
use harness::{Persona, SITE, TestApp, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{page, poll, room::room};

/// The operation by which the big screen of a room follows it.
const SCREEN: &str = include_str!("../../../api/assets/present/operations/room.graphql");
/// The operation by which its remote control follows it.
const REMOTE: &str = include_str!("../../../api/assets/present/operations/every-question.graphql");

/// Another process on the same database.
async fn neighbour(app: &TestApp) -> Services {
    let clock: SharedClock = Arc::new(app.clock.clone());
    let settings = Settings {
        password_cost: PasswordCost::LEAST,
        ..Settings::new(SITE, Mailer::memory())
    };
    Services::new(&app.database, &clock, settings)
        .await
        .expect("another process")
}

async fn found(app: &TestApp, made: &Value) -> Poll {
    let slug = made["slug"].as_str().expect("a slug");
    let found = app.services.polls.by_slug(&Actor::System, slug).await;
    found.expect("read").expect("the poll")
}

/// How many participants there are and were at most, as the API says.
async fn counts(app: &TestApp, made: &Value) -> (i64, i64) {
    let document =
        "query($slug: String!) { poll(slug: $slug) { participantCount participantPeak } }";
    let answer = app
        .execute(Persona::Visitor, document, json!({ "slug": made["slug"] }))
        .await;
    let number = |path| answer.data(path).as_i64().expect("a count");
    (
        number("/poll/participantCount"),
        number("/poll/participantPeak"),
    )
}

fn someone(app: &TestApp) -> Actor {
    Actor::Visitor(Some(VisitorId::new(app.clock.now())))
}

on_both_databases! {
    async fn people_are_counted_once_and_the_peak_stays(app) {
        let made = room(app, json!({})).await;
        let poll = found(app, &made).await;
        let polls = &app.services.polls;
        let visitor = someone(app);
        let mut inside: Vec<_> = [&visitor, &visitor, app.actor(Persona::Resident), &Actor::Visitor(None), &Actor::Visitor(None)]
            .map(|actor| polls.enter(actor, &poll).expect("a room")).into();
        assert_eq!(counts(app, &made).await, (4, 4));
        polls.report_participants().await.expect("reported");
        inside.truncate(1);
        assert_eq!(counts(app, &made).await, (1, 4));
        inside.push(polls.enter(&someone(app), &poll).expect("a room"));
        assert_eq!(counts(app, &made).await, (2, 4));
        drop(inside);
        polls.report_participants().await.expect("reported");
        assert_eq!(counts(app, &made).await, (0, 4));
        assert!(room_presence::Entity::find().all(app.database.read()).await.expect("rows").is_empty());
        let (done, statements) = app.statements_of(polls.report_participants()).await;
        done.expect("reported");
        assert_eq!(statements, Vec::<String>::new(), "an empty house costs nothing");
    }

    async fn a_peak_between_two_reports_is_not_missed(app) {
        let made = room(app, json!({})).await;
        let poll = found(app, &made).await;
        let polls = &app.services.polls;
        let crowd: Vec<_> = (0..50).map(|_| polls.enter(&someone(app), &poll)).collect();
        drop(crowd);
        polls.report_participants().await.expect("reported");
        assert_eq!(counts(app, &made).await, (0, 50));
    }

    async fn two_processes_count_together_until_one_falls_silent(app) {
        let made = room(app, json!({})).await;
        let poll = found(app, &made).await;
        let other = neighbour(app).await;
        let here = app.services.polls.enter(&someone(app), &poll);
        let there: Vec<_> = (0..3).map(|_| other.polls.enter(&someone(app), &poll)).collect();
        assert_eq!(counts(app, &made).await, (1, 1), "the other has not said so yet");
        other.polls.report_participants().await.expect("reported");
        app.services.polls.report_participants().await.expect("reported");
        assert_eq!(counts(app, &made).await, (4, 4));
        // It is gone without a word.
        drop(there);
        app.clock.advance(TimeDelta::seconds(11));
        assert_eq!(counts(app, &made).await, (1, 4));
        app.clock.advance(TimeDelta::minutes(1));
        app.services.polls.report_participants().await.expect("reported");
        assert_eq!(room_presence::Entity::find().all(app.database.read()).await.expect("rows").len(), 1);
        // It ends in good order.
        app.services.polls.attend(async {}).await;
        assert!(room_presence::Entity::find().all(app.database.read()).await.expect("rows").is_empty());
        drop(here);
    }

    async fn who_watches_a_room_is_in_it(app) {
        let made = room(app, json!({})).await;
        let id = found(app, &made).await.id;
        let watching = app.services.polls.watch(app.actor(Persona::Resident), id, Following::default()).await.expect("a watch");
        assert_eq!(counts(app, &made).await, (1, 1));
        let leading = app.services.polls.watch(app.actor(Persona::Editor), id, Following::default()).await.expect("a watch");
        assert_eq!(counts(app, &made).await, (1, 1), "who leads a room does not take part in it");
        drop((watching, leading));
        assert_eq!(counts(app, &made).await.0, 0);
        let made = poll(app, json!({})).await;
        assert!(app.services.polls.enter(app.actor(Persona::Resident), &found(app, &made).await).is_none());
        assert_eq!(page(app, Persona::Resident, &made).await["joinCode"], Value::Null);
    }

    async fn a_connection_counts_once_however_often_it_subscribes(app) {
        let made = room(app, json!({})).await;
        let id = found(app, &made).await.id;
        let watch = async |following: Following| {
            app.services.polls.watch(&Actor::Visitor(None), id, following).await.expect("a watch")
        };
        let socket = Following { connection: Some(ConnectionId::next()), as_screen: false };
        let mut watching = vec![watch(socket).await, watch(socket).await, watch(socket).await];
        assert_eq!(counts(app, &made).await, (1, 1));
        watching.push(watch(Following { connection: Some(ConnectionId::next()), ..socket }).await);
        assert_eq!(counts(app, &made).await, (2, 2));
        watching.truncate(1);
        assert_eq!(counts(app, &made).await.0, 1);
    }

    async fn screens_and_remotes_never_count_signed_in_or_not(app) {
        let made = room(app, json!({})).await;
        let ids = json!({ "id": made["id"] });
        let mut screens = Vec::new();
        for document in [SCREEN, REMOTE] {
            for persona in Persona::ALL {
                for _ in 0..2 {
                    let mut screen = app.watch(app.actor(persona).clone(), document, ids.clone()).await;
                    screen.next().await.expect("a state");
                    screens.push(screen);
                }
            }
        }
        assert_eq!(counts(app, &made).await, (0, 0));
        app.services.polls.report_participants().await.expect("reported");
        let mut hall = app.subscribe(Persona::Visitor, "PollUpdated", json!({ "pollId": made["id"] })).await;
        hall.next().await.expect("a state");
        assert_eq!(counts(app, &made).await, (1, 1));
    }

    async fn a_restart_starts_the_peak_from_who_is_there(app) {
        let made = room(app, json!({})).await;
        let poll = found(app, &made).await;
        let polls = &app.services.polls;
        let here = polls.enter(&someone(app), &poll);
        drop(polls.enter(&someone(app), &poll));
        polls.report_participants().await.expect("reported");
        drop(polls.enter(&someone(app), &poll));
        polls.restart(app.actor(Persona::Editor), poll.id, None).await.expect("restarted");
        polls.report_participants().await.expect("reported");
        assert_eq!(counts(app, &made).await, (1, 1));
        let runs = polls.runs(&Actor::System, &[poll.id]).await.expect("runs");
        let peaks: Vec<i64> = runs[&poll.id].iter().map(|run| run.participant_peak).collect();
        assert_eq!(peaks, [2, 1]);
        drop(here);
    }
}
