//! What was kept long enough goes.

use chrono::TimeDelta;
use domain::Actor;
use harness::{Persona, TestApp, on_both_databases};
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
        assert_eq!(names.iter().filter(|email| email.ends_with("@erased.invalid")).count(), 3);
        assert_eq!(rows(app, "erasure").await.len(), 3);
        assert!(retain(app).await.iter().all(|(kind, _)| *kind != "account"), "once");
    }

    async fn a_server_that_slept_warns_first(app) {
        app.clock.advance(TimeDelta::days(2_000));
        assert_eq!(retain(app).await, [("account warned", 5)]);
        app.clock.advance(TimeDelta::days(89));
        assert_eq!(retain(app).await, []);
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(retain(app).await, [("account", 5)]);
    }

    async fn accounts_that_nobody_verified_go(app) {
        let input = json!({ "email": "an@voorbeeld.example", "password": "een lang wachtwoord",
            "displayName": "An Smit", "locale": "NL" });
        app.send(Persona::Anonymous, "AccountRegister", json!({ "input": input })).await.accepted("accountRegister");
        app.run_jobs().await;
        app.clock.advance(TimeDelta::days(29));
        assert_eq!(retain(app).await, [("verification link", 1)]);
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
