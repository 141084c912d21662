//! What was kept long enough goes.

use chrono::TimeDelta;
use domain::{Actor, clock::Clock, mail::Mailer};
use harness::{DatabaseKind, Persona, TestApp, on_both_databases};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::rows;

async fn retain(app: &TestApp) -> Vec<(&'static str, u64)> {
    let gone = app
        .services
        .privacy
        .retain(&Actor::System)
        .await
        .expect("it works");
    gone.into_iter().collect()
}

async fn sign_in(app: &TestApp, email: &str) -> String {
    let variables = json!({ "input": { "email": email } });
    app.send(Persona::Anonymous, "SessionLinkRequest", variables)
        .await
        .accepted("sessionLinkRequest");
    app.run_jobs().await;
    let mail = app.mails().pop().expect("a mail");
    let token = mail
        .text
        .split_once("?token=")
        .expect("a link")
        .1
        .split_whitespace()
        .next();
    let variables = json!({ "input": { "token": token } });
    let session = app
        .send(Persona::Anonymous, "SessionCreateFromLink", variables)
        .await;
    let session = session.accepted("sessionCreateFromLink")["session"].clone();
    session["refreshToken"]
        .as_str()
        .expect("a token")
        .to_owned()
}

/// Returns the statements that make the database refuse every change of this account.
fn refusing(app: &TestApp, id: &str) -> Vec<String> {
    match app.kind {
        DatabaseKind::Sqlite => vec![format!(
            "CREATE TRIGGER refuse BEFORE UPDATE ON account WHEN lower(hex(OLD.id)) = '{id}'
             BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )],
        DatabaseKind::Postgres => vec![
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
             AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$"
                .to_owned(),
            format!(
                "CREATE TRIGGER refuse BEFORE UPDATE ON account FOR EACH ROW
                 WHEN (OLD.id = '{id}') EXECUTE FUNCTION refuse()"
            ),
        ],
    }
}

fn unrefusing(app: &TestApp) -> String {
    match app.kind {
        DatabaseKind::Sqlite => "DROP TRIGGER refuse".to_owned(),
        DatabaseKind::Postgres => "DROP TRIGGER refuse ON account".to_owned(),
    }
}

const RESIDENT: &str = "resident@voorbeeld.example";

on_both_databases! {
    async fn who_was_not_seen_is_warned_and_then_erased(app) {
        assert_eq!(retain(app).await, []);
        app.clock.advance(TimeDelta::days(400));
        sign_in(app, RESIDENT).await;
        app.clock.advance(TimeDelta::days(370));
        // Everyone but the resident, who was here.
        let warned = retain(app).await;
        assert_eq!(warned[0], ("account warned", 4), "{warned:?}");
        let before = app.mails().len();
        app.run_jobs().await;
        let mails = app.mails().split_off(before);
        assert_eq!(mails.len(), 4);
        assert!(mails.iter().all(|mail| mail.to != RESIDENT && mail.text.contains("verwijderen")));
        let again = retain(app).await;
        assert!(again.iter().all(|(kind, _)| *kind != "account warned"), "once: {again:?}");
        // The moderator comes back in time.
        app.clock.advance(TimeDelta::days(80));
        sign_in(app, "moderator@voorbeeld.example").await;
        app.clock.advance(TimeDelta::days(9));
        assert!(retain(app).await.iter().all(|(kind, _)| *kind != "account"), "not a day early");
        app.clock.advance(TimeDelta::days(1));
        let erased = retain(app).await;
        assert!(erased.contains(&("account", 3)), "{erased:?}");
        let names: Vec<String> = rows(app, "account").await.iter()
            .filter_map(|row| row["email"].as_str().map(str::to_owned)).collect();
        assert!(names.iter().any(|email| email == RESIDENT), "{names:?}");
        assert!(names.iter().any(|email| email == "moderator@voorbeeld.example"));
        assert_eq!(names.iter().filter(|email| email.starts_with("erased:") && !email.contains('@')).count(), 3);
        assert_eq!(rows(app, "erasure").await.len(), 3);
        assert!(retain(app).await.iter().all(|(kind, _)| *kind != "account"), "once");
    }

    async fn an_account_that_cannot_be_erased_keeps_no_other(app) {
        app.clock.advance(TimeDelta::days(770));
        assert_eq!(retain(app).await, [("account warned", 5)]);
        app.run_jobs().await;
        app.clock.advance(TimeDelta::days(90));
        let id = app.actor(Persona::Resident).account().expect("an account").0;
        for statement in refusing(app, &id.simple().to_string()) {
            app.database.writer().execute_unprepared(&statement).await.expect("a trigger");
        }
        assert_eq!(retain(app).await, [("account", 4), ("account not erased", 1)]);
        assert_eq!(retain(app).await, [("account not erased", 1)]);
        app.database.writer().execute_unprepared(&unrefusing(app)).await.expect("no trigger");
        assert_eq!(retain(app).await, [("account", 1)]);
    }

    async fn a_step_that_fails_stops_no_other(app) {
        app.clock.advance(TimeDelta::days(770));
        sign_in(app, RESIDENT).await;
        let writer = app.database.writer();
        writer.execute_unprepared("ALTER TABLE account_use RENAME TO away").await.expect("a table");
        app.clock.advance(TimeDelta::days(60));
        let failed = app.services.privacy.retain(&Actor::System).await;
        assert!(failed.is_err());
        assert!(rows(app, "session").await.is_empty(), "sessions that ended are gone");
    }

    async fn nobody_can_take_what_erasure_writes(app) {
        let id = app.actor(Persona::Neighbour).account().expect("an account").0;
        for email in [format!("{id}@erased.invalid"), format!("erased:{id}"), format!("erased:{id}@example.org")] {
            let input = json!({ "email": email, "password": "een lang wachtwoord", "displayName": "Een vreemde" });
            app.send(Persona::Anonymous, "AccountRegister", json!({ "input": input })).await;
        }
        app.run_jobs().await;
        app.clock.advance(TimeDelta::days(770));
        retain(app).await;
        app.run_jobs().await;
        app.clock.advance(TimeDelta::days(90));
        let erased = retain(app).await;
        assert!(erased.contains(&("account", 5)), "{erased:?}");
    }

    async fn a_server_that_slept_warns_first(app) {
        app.clock.advance(TimeDelta::days(2_000));
        assert_eq!(retain(app).await, [("account warned", 5)]);
        app.run_jobs().await;
        app.clock.advance(TimeDelta::days(89));
        assert_eq!(retain(app).await, []);
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(retain(app).await, [("account", 5)]);
    }

    async fn nobody_is_erased_whose_warning_no_mail_server_took(app) {
        app.clock.advance(TimeDelta::days(770));
        let unreachable = Mailer::smtp("smtp://127.0.0.1:1", "jij@example.org").expect("settings");
        let unsent = app.mailing(unreachable).await;
        assert_eq!(retain(&unsent).await, [("account warned", 5)]);
        for _ in 0..10 {
            unsent.run_jobs().await;
            app.clock.advance(TimeDelta::days(1));
        }
        app.clock.advance(TimeDelta::days(75));
        assert_eq!(retain(&unsent).await, [], "no warning arrived");
        // The time that the first warning would have given is over: they are warned once more.
        app.clock.advance(TimeDelta::days(15));
        let again = retain(app).await;
        assert!(again.contains(&("account warned", 5)), "{again:?}");
        app.run_jobs().await;
        let mails = app.mails();
        assert_eq!(mails.len(), 5);
        let erasable_at = app.clock.now() + TimeDelta::days(90);
        let named = domain::local_time::moment(erasable_at, domain::Locale::Nl);
        assert!(mails[0].text.contains(&named), "{named}: {}", mails[0].text);
        app.clock.advance(TimeDelta::days(90) - TimeDelta::seconds(1));
        assert!(retain(app).await.iter().all(|(kind, _)| *kind != "account"), "not before the time named");
        app.clock.advance(TimeDelta::seconds(1));
        assert!(retain(app).await.contains(&("account", 5)));
    }

    async fn a_warning_that_waited_names_a_time_from_when_it_was_sent(app) {
        app.clock.advance(TimeDelta::days(770));
        assert_eq!(retain(app).await, [("account warned", 5)]);
        app.clock.advance(TimeDelta::days(80));
        app.run_jobs().await;
        app.clock.advance(TimeDelta::days(89));
        assert!(retain(app).await.iter().all(|(kind, _)| *kind != "account"));
        app.clock.advance(TimeDelta::days(1));
        assert!(retain(app).await.contains(&("account", 5)));
    }

    async fn without_a_mail_server_nobody_is_erased_for_being_away(app) {
        let mailless = app.mailing(Mailer::none()).await;
        app.clock.advance(TimeDelta::days(2_000));
        assert_eq!(retain(&mailless).await, []);
        // Not even those who were warned while there was one.
        assert_eq!(retain(app).await, [("account warned", 5)]);
        app.run_jobs().await;
        app.clock.advance(TimeDelta::days(90));
        assert_eq!(retain(&mailless).await, []);
        assert_eq!(retain(app).await, [("account", 5)]);
    }

    async fn a_link_that_could_not_be_mailed_for_a_day_is_not_mailed_any_more(app) {
        let variables = json!({ "input": { "email": RESIDENT } });
        app.send(Persona::Anonymous, "SessionLinkRequest", variables).await.accepted("sessionLinkRequest");
        app.clock.advance(TimeDelta::hours(23));
        assert_eq!(retain(app).await, []);
        app.clock.advance(TimeDelta::hours(1));
        assert_eq!(retain(app).await, [("unsent link", 1)]);
        assert_eq!(app.run_jobs().await, 0);
    }

    async fn accounts_that_nobody_verified_go(app) {
        let input = json!({ "email": "an@voorbeeld.example", "password": "een lang wachtwoord",
            "displayName": "An Smit", "locale": "NL" });
        app.send(Persona::Anonymous, "AccountRegister", json!({ "input": input })).await.accepted("accountRegister");
        app.run_jobs().await;
        app.clock.advance(TimeDelta::days(29));
        assert_eq!(retain(app).await, []);
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(retain(app).await, [("account unverified", 1)]);
        let left = rows(app, "account").await;
        assert!(left.iter().all(|row| row["email"] != "an@voorbeeld.example"));
    }

    async fn sessions_and_links_go_after_their_end(app) {
        sign_in(app, RESIDENT).await;
        app.send(Persona::Anonymous, "SessionLinkRequest", json!({ "input": { "email": RESIDENT } })).await;
        app.run_jobs().await;
        assert_eq!(retain(app).await, []);
        app.clock.advance(TimeDelta::days(2));
        assert_eq!(retain(app).await, [("mailed link", 1)]);
        app.clock.advance(TimeDelta::days(57));
        assert_eq!(retain(app).await, []);
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(retain(app).await, [("session", 1)]);
        assert!(rows(app, "refresh_token").await.is_empty());
        for (persona, may) in [(Persona::Anonymous, false), (Persona::Admin, false)] {
            let asked = app.services.privacy.retain(app.actor(persona)).await;
            assert_eq!(asked.is_ok(), may, "{persona:?}");
        }
    }
}
