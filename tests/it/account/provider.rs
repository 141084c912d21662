//! Staff who come in by tokens of their own provider, a real one.

use std::process::Stdio;

use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::{Actor, Role, account::Provider, clock::Clock, moderation::Block};
use harness::{Answer, TestApp, node, on_both_databases};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout},
};

use super::{EMAIL, PASSWORD, block, post, register, sign_in, verified_account};

/// The provider, and the application that takes its tokens.
struct Met {
    running: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    app: TestApp,
}

impl Met {
    /// None where there is no Node.
    async fn start(app: &TestApp) -> Option<Self> {
        let mut running = node("provider.mjs")?
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Node starts");
        let orders = running.stdin.take().expect("its input");
        let answers = running.stdout.take().expect("its output");
        let mut answers = BufReader::new(answers).lines();
        let issuer = answers
            .next_line()
            .await
            .expect("a line")
            .expect("an issuer");
        let provider = Provider {
            issuer: serde_json::from_str(&issuer).expect("a text"),
            audience: "jij".to_owned(),
            roles_claim: "groups".to_owned(),
            roles: vec![
                ("moderatie".to_owned(), Role::Moderator),
                ("redactie".to_owned(), Role::Editor),
                ("beheer".to_owned(), Role::Admin),
            ],
        };
        let mut met = Self {
            running,
            orders,
            answers,
            app: app.trusting(vec![provider]).await,
        };
        met.token("jan", "RS256").await;
        Some(met)
    }

    async fn order(&mut self, order: Value) -> Value {
        let line = format!("{order}\n");
        self.orders
            .write_all(line.as_bytes())
            .await
            .expect("an order");
        let answer = self.answers.next_line().await.expect("a line");
        serde_json::from_str(&answer.expect("an answer")).expect("JSON")
    }

    async fn token(&mut self, who: &str, algorithm: &str) -> String {
        let token = self.order(json!(["token", who, algorithm])).await;
        let token = token.as_str().expect("a token").to_owned();
        // The provider reads the machine's clock.
        let claims = token.split('.').nth(1).expect("claims");
        let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).expect("base64");
        let claims: Value = serde_json::from_slice(&claims).expect("JSON");
        let given_at = claims["iat"].as_i64().expect("a time");
        let behind = given_at - self.app.clock.now().timestamp();
        self.app.clock.advance(TimeDelta::seconds(behind.max(0)));
        token
    }

    async fn forge(&mut self, kind: &str) -> String {
        let token = self.order(json!(["forge", kind])).await;
        token.as_str().expect("a token").to_owned()
    }

    async fn asked(&mut self) -> u64 {
        self.order(json!(["asked"]))
            .await
            .as_u64()
            .expect("a number")
    }

    /// What the application answers to whoever sends this token.
    async fn viewer(&self, token: &str) -> (StatusCode, Answer) {
        self.send(token, "Viewer", json!({})).await
    }

    async fn send(&self, token: &str, name: &str, variables: Value) -> (StatusCode, Answer) {
        let authorization = format!("Bearer {token}");
        let (status, _, answer) = post(&self.app, &[&authorization], name, variables).await;
        (status, answer)
    }

    async fn account(&self, token: &str) -> Value {
        let (status, answer) = self.viewer(token).await;
        assert_eq!(status, StatusCode::OK, "{:#}", answer.0);
        answer.data("/viewer/account").clone()
    }

    async fn refused(&self, token: &str) -> StatusCode {
        self.viewer(token).await.0
    }

    async fn end(mut self) {
        self.running.kill().await.expect("it ends");
        self.app.end().await;
    }
}

on_both_databases! {
    async fn staff_come_in_with_the_roles_of_their_token(app) {
        let Some(mut met) = Met::start(app).await else { return };
        let mut ids = Vec::new();
        for algorithm in ["RS256", "PS256", "ES256"] {
            let token = met.token("jan", algorithm).await;
            let jan = met.account(&token).await;
            assert_eq!(jan["email"], "jan.bos@overijssel.example");
            assert_eq!(jan["displayName"], "Jan Bos");
            assert_eq!(jan["emailVerified"], true);
            assert_eq!(jan["roles"], json!(["RESIDENT", "MODERATOR"]));
            ids.push(jan["id"].clone());
        }
        assert_eq!((&ids[0], &ids[0]), (&ids[1], &ids[2]), "one account");
        let token = met.token("els", "ES256").await;
        let els = met.account(&token).await;
        assert_eq!(els["roles"], json!(["RESIDENT", "EDITOR"]));
        // A name that will not do is not taken, and nothing is made of the address.
        assert_eq!(els["displayName"], "Medewerker");
        assert_eq!(met.asked().await, 1, "the keys are asked for once");
        met.end().await;
    }

    async fn what_the_provider_never_gave_is_refused(app) {
        let Some(mut met) = Met::start(app).await else { return };
        let good = met.token("jan", "RS256").await;
        met.account(&good).await;
        let kinds = met.order(json!(["forge", "kinds"])).await;
        let kinds: Vec<String> = serde_json::from_value(kinds).expect("kinds");
        assert!(kinds.len() >= 20);
        for kind in kinds {
            let token = met.forge(&kind).await;
            assert_eq!(met.refused(&token).await, StatusCode::UNAUTHORIZED, "{kind}");
        }
        let other = met.order(json!(["token", "jan", "RS256", "urn:other"])).await;
        let other = other.as_str().expect("a token");
        assert_eq!(met.refused(other).await, StatusCode::UNAUTHORIZED);
        met.account(&good).await;
        app.clock.advance(TimeDelta::minutes(11));
        assert_eq!(met.refused(&good).await, StatusCode::UNAUTHORIZED, "expired");
        met.end().await;
    }

    async fn unknown_keys_are_asked_for_once_a_minute(app) {
        let Some(mut met) = Met::start(app).await else { return };
        for _ in 0..20 {
            let token = met.forge("an unknown key").await;
            assert_eq!(met.refused(&token).await, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(met.asked().await, 1);
        app.clock.advance(TimeDelta::seconds(60));
        for _ in 0..20 {
            let token = met.forge("an unknown key").await;
            assert_eq!(met.refused(&token).await, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(met.asked().await, 2);
        met.end().await;
    }

    async fn a_provider_that_is_away_makes_nobody_a_stranger(app) {
        let Some(mut met) = Met::start(app).await else { return };
        let (first, second) = (met.token("jan", "RS256").await, met.token("els", "ES256").await);
        met.order(json!(["away"])).await;
        assert_eq!(met.refused(&first).await, StatusCode::SERVICE_UNAVAILABLE);
        met.order(json!(["back"])).await;
        assert_eq!(met.refused(&first).await, StatusCode::SERVICE_UNAVAILABLE, "not a minute ago");
        app.clock.advance(TimeDelta::seconds(60));
        met.account(&first).await;
        // Keys that are known are good while it is away.
        met.order(json!(["away"])).await;
        met.account(&second).await;
        met.end().await;
    }

    async fn a_token_is_a_session_that_can_be_ended(app) {
        let Some(mut met) = Met::start(app).await else { return };
        let token = met.token("jan", "RS256").await;
        let (_, viewer) = met.viewer(&token).await;
        let sessions = viewer.data("/viewer/sessions").as_array().expect("sessions").clone();
        assert_eq!(sessions.len(), 1, "{:#}", viewer.0);
        assert_eq!(sessions[0]["current"], true);
        let variables = json!({ "input": { "sessionId": sessions[0]["id"] } });
        met.send(&token, "SessionRevoke", variables).await.1.accepted("sessionRevoke");
        assert_eq!(met.refused(&token).await, StatusCode::UNAUTHORIZED);
        let another = met.token("jan", "ES256").await;
        met.account(&another).await;
        let accounts = &met.app.services.accounts;
        let jan = accounts.by_email(&Actor::System, "jan.bos@overijssel.example").await.expect("an account");
        block(&met.app, jan.id, Block::ForGood).await;
        assert_eq!(met.refused(&another).await, StatusCode::UNAUTHORIZED);
        let third = met.token("jan", "PS256").await;
        assert_eq!(met.refused(&third).await, StatusCode::UNAUTHORIZED);
        met.end().await;
    }

    async fn an_address_has_one_account_and_must_be_verified(app) {
        let Some(mut met) = Met::start(app).await else { return };
        let theirs = verified_account(app, EMAIL).await;
        let token = met.token("ans", "RS256").await;
        met.account(&token).await;
        let (Actor::Member(ans), _) = met.app.services.accounts
            .authenticate_until(&token).await.expect("she is known") else { panic!("a member") };
        assert_eq!(ans.id, theirs.id, "who had an account keeps it");
        assert_eq!(sign_in(app, EMAIL, PASSWORD).await.data("/sessionCreate/userErrors"), &json!([]));

        // What a stranger typed for an address counts no more once its owner was seen.
        register(app, json!({
            "email": "els@overijssel.example", "password": PASSWORD, "displayName": "Dief", "locale": "NL"
        })).await;
        let token = met.token("els", "RS256").await;
        assert_eq!(met.account(&token).await["displayName"], "Medewerker");
        let tried = sign_in(app, "els@overijssel.example", PASSWORD).await;
        assert_ne!(tried.data("/sessionCreate/userErrors"), &json!([]));

        let bas = met.token("bas", "RS256").await;
        assert_eq!(met.refused(&bas).await, StatusCode::UNAUTHORIZED, "an address nobody verified");
        met.end().await;
    }

    async fn many_at_once_make_one_account(app) {
        let Some(mut met) = Met::start(app).await else { return };
        let token = met.token("jan", "RS256").await;
        let all = futures_util::future::join_all((0..8).map(|_| met.account(&token))).await;
        assert!(all.iter().all(|account| account["id"] == all[0]["id"]));
        met.end().await;
    }
}
