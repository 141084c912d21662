//! The queue: promises are kept at least once, later where it must be, and not for ever.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    Services, Settings, account::PasswordCost, clock::SharedClock, job::Lane, mail::Mailer,
    screening::Rules,
};
use entity::job;
use harness::{Persona, SITE, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use tokio::net::TcpListener;

use super::{EMAIL, register, registration};
use crate::{comment::comment, moderation::case_of, theme::theme};

async fn services(app: &TestApp, mailer: Mailer) -> Services {
    let clock: SharedClock = Arc::new(app.clock.clone());
    let settings = Settings {
        password_cost: PasswordCost::LEAST,
        ..Settings::new(SITE, mailer)
    };
    Services::new(&app.database, &clock, settings)
        .await
        .expect("services")
}

/// A mailer whose server refuses every connection.
fn unreachable() -> Mailer {
    Mailer::smtp("smtp://127.0.0.1:1", "jij@example.org").expect("settings")
}

async fn only_job(app: &TestApp) -> job::Model {
    let mut jobs = job::Entity::find()
        .all(app.database.read())
        .await
        .expect("jobs");
    assert_eq!(jobs.len(), 1);
    jobs.remove(0)
}

on_both_databases! {
    async fn a_job_that_fails_is_tried_again_later_and_given_up_at_last(app) {
        register(app, registration(EMAIL)).await.accepted("accountRegister");
        let mailless = services(app, unreachable()).await;
        let mut waits = Vec::new();
        for attempt in 1..=8 {
            assert_eq!(mailless.run_due_jobs().await.expect("a run"), 1, "try {attempt}");
            let job = only_job(app).await;
            assert_eq!(job.attempts, attempt);
            let fault = job.last_error.as_deref().expect("an error");
            assert!(fault.starts_with("the mail server cannot be used"), "{fault}");
            assert_eq!(job.failed_at.is_some(), attempt == 8);
            assert_eq!(mailless.run_due_jobs().await.expect("a run"), 0, "not before its time");
            let wait = job.run_at - domain::clock::Clock::now(&app.clock);
            waits.push(wait);
            app.clock.advance(wait);
        }
        assert!(waits.is_sorted() && waits[0] == TimeDelta::minutes(1), "{waits:?}");
        app.clock.advance(TimeDelta::days(100));
        assert_eq!(app.run_jobs().await, 0, "given up");
    }

    async fn a_job_succeeds_when_its_obstacle_has_gone(app) {
        register(app, registration(EMAIL)).await.accepted("accountRegister");
        let mailless = services(app, unreachable()).await;
        assert_eq!(mailless.run_due_jobs().await.expect("a run"), 1);
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(app.run_jobs().await, 1);
        assert_eq!(app.mails().len(), 1);
        assert_eq!(job::Entity::find().count(app.database.read()).await.expect("a count"), 0);
    }

    async fn mail_waits_untried_until_there_is_a_server(app) {
        register(app, registration(EMAIL)).await.accepted("accountRegister");
        let mailless = services(app, Mailer::none()).await;
        for _ in 0..10 {
            assert_eq!(mailless.run_due_jobs().await.expect("a run"), 0);
            app.clock.advance(TimeDelta::days(1));
        }
        let job = only_job(app).await;
        assert_eq!((job.attempts, job.failed_at, job.last_error), (0, None, None));
        assert_eq!(mailless.count_due_jobs(Lane::Mail).await.expect("a count"), 1);
        assert_eq!(mailless.count_due_jobs(Lane::General).await.expect("a count"), 0);
        assert_eq!(app.run_jobs().await, 1, "a server was set");
        assert_eq!(app.mails().len(), 1);
    }

    async fn a_mail_server_that_says_nothing_does_not_delay_moderation(app) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let held_up = services(app, Mailer::smtp(&url, "jij@example.org").expect("settings")).await;
        register(app, registration(EMAIL)).await.accepted("accountRegister");
        let theme = theme(app, "Water").await;
        let rules = Rules { comments_read_first: true, ..Rules::default() };
        let screening = app.screening(rules).await;
        let moderation = async {
            // The server has the connection and is silent: from now on the mail is being tried.
            let (silent, _) = listener.accept().await.expect("a connection");
            let posted = comment(&screening, Persona::Resident, &theme, "Een vraag.").await;
            while case_of(app, &posted).await.is_null() {
                tokio::task::yield_now().await;
            }
            silent
        };
        let work = held_up.work(std::future::pending());
        tokio::select! {
            () = work => panic!("nobody asked the worker to end"),
            silent = moderation => drop(silent),
        }
        // The general lane's own job may not be removed yet: its worker was stopped as soon as the case was there.
        let mail = job::Entity::find().filter(job::Column::Kind.eq("MAIL_VERIFICATION"));
        let jobs = mail.all(app.database.read()).await.expect("jobs");
        assert_eq!(jobs.len(), 1, "{jobs:?}");
        assert_eq!((jobs[0].kind.as_str(), jobs[0].attempts, &jobs[0].last_error), ("MAIL_VERIFICATION", 1, &None));
    }

    async fn workers_side_by_side_share_the_jobs(app) {
        for number in 0..20 {
            register(app, registration(&format!("an{number}@voorbeeld.example"))).await.accepted("accountRegister");
        }
        let runs = futures_util::future::join_all((0..4).map(|_| app.run_jobs())).await;
        assert_eq!(runs.iter().sum::<usize>(), 20);
        let mut addresses: Vec<String> = app.mails().into_iter().map(|mail| mail.to).collect();
        addresses.sort();
        addresses.dedup();
        assert_eq!(addresses.len(), 20);
        assert_eq!(app.mails().len(), 20);
    }

    async fn a_job_that_this_version_does_not_know_waits_for_one_that_does(app) {
        register(app, registration(EMAIL)).await.accepted("accountRegister");
        let known = only_job(app).await;
        let mut unknown: job::ActiveModel = known.into();
        unknown.kind = sea_orm::ActiveValue::Set("BAKE_BREAD".to_owned());
        sea_orm::ActiveModelTrait::update(unknown, app.database.writer()).await.expect("changed");
        assert_eq!(app.run_jobs().await, 1);
        let job = only_job(app).await;
        assert!(job.failed_at.is_none());
        assert!(job.last_error.is_some_and(|error| error.contains("BAKE_BREAD")));
    }

    async fn a_worker_ends_when_it_is_asked(app) {
        let (ask, asked) = tokio::sync::oneshot::channel::<()>();
        let work = app.services.work(async { asked.await.unwrap_or_default() });
        let rest = async {
            register(app, registration(EMAIL)).await.accepted("accountRegister");
            while app.mails().is_empty() {
                tokio::task::yield_now().await;
            }
            ask.send(()).expect("a worker that listens");
        };
        futures_util::future::join(work, rest).await;
        assert_eq!(app.mails().len(), 1);
    }
}
