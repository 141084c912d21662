//! Staff who come in by tokens of their own provider, a real one.

use std::process::Stdio;

use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::{
    Actor, Role,
    account::{AccessTokenType, KnownAddress, Provider},
    clock::Clock,
    moderation::{Block, BlockDraft, Reason},
};
use entity::account;
use harness::{Answer, Persona, TestApp, node, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout},
};

use super::{
    PASSWORD, block, mailed_token, post, register, signed_in, text, verified_account, verify,
};

/// The provider, and the application that takes its tokens.
struct Met {
    running: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    provider: Provider,
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
            access_tokens: AccessTokenType::Jwt,
            trusts_addresses: false,
            known_address: KnownAddress::NewAccount,
        };
        let mut met = Self {
            running,
            orders,
            answers,
            app: app.trusting(vec![provider.clone()]).await,
            provider,
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
        // A new token of a blocked account lets its owner read, and use their rights.
        let third = met.token("jan", "PS256").await;
        met.account(&third).await;
        let rename = json!({ "input": { "displayName": "Een ander" } });
        let declined = met.send(&third, "AccountUpdate", rename).await.1;
        assert_eq!(declined.refusals("accountUpdate"), ["ACCOUNT_BLOCKED"]);
        met.end().await;
    }

    async fn another_signature_of_a_token_is_the_same_session(app) {
        let Some(mut met) = Met::start(app).await else { return };
        let token = met.token("jan", "ES256").await;
        let other = met.order(json!(["malleate", token])).await;
        let other = other.as_str().expect("a token").to_owned();
        assert_ne!(token, other);
        met.account(&other).await;
        let (_, viewer) = met.viewer(&token).await;
        let sessions = viewer.data("/viewer/sessions").as_array().expect("sessions").clone();
        assert_eq!(sessions.len(), 1, "{:#}", viewer.0);
        let variables = json!({ "input": { "sessionId": sessions[0]["id"] } });
        met.send(&token, "SessionRevoke", variables).await.1.accepted("sessionRevoke");
        assert_eq!(met.refused(&token).await, StatusCode::UNAUTHORIZED);
        assert_eq!(met.refused(&other).await, StatusCode::UNAUTHORIZED);
        met.end().await;
    }

    async fn a_provider_that_marks_its_access_tokens_gives_no_others(app) {
        let Some(mut met) = Met::start(app).await else { return };
        let untyped = met.order(json!(["untyped"])).await;
        let untyped = untyped.as_str().expect("a token");
        met.account(untyped).await;
        let marked = Provider { access_tokens: AccessTokenType::AtJwt, ..met.provider.clone() };
        met.app = app.trusting(vec![marked]).await;
        assert_eq!(met.refused(untyped).await, StatusCode::UNAUTHORIZED);
        let typed = met.token("jan", "RS256").await;
        met.account(&typed).await;
        met.end().await;
    }

    async fn an_address_of_a_local_account_lends_neither_side_anything(app) {
        let Some(mut met) = Met::start(app).await else { return };
        let theirs = verified_account(app, "jan.bos@overijssel.example").await;
        let token = met.token("jan", "RS256").await;
        let staff = met.account(&token).await;
        assert_eq!(staff["roles"], json!(["RESIDENT", "MODERATOR"]));
        assert_eq!(staff["email"], "jan.bos@overijssel.example");
        let again = met.token("jan", "ES256").await;
        assert_eq!(met.account(&again).await["id"], staff["id"], "one account a person");
        // The provider's person is another account: nothing of the local one is theirs.
        let rename = json!({ "input": { "displayName": "Een ander" } });
        met.send(&token, "AccountUpdate", rename).await.1.accepted("accountUpdate");
        let (_, export) = met.send(&token, "MyData", json!({})).await;
        assert!(!export.0.to_string().contains(&theirs.id.0.to_string()));
        let erase = json!({ "input": { "password": PASSWORD, "keepContributions": true } });
        let declined = met.send(&token, "AccountErase", erase).await.1;
        assert_eq!(declined.refusals("accountErase"), ["CREDENTIALS_INVALID"]);
        // And the local one has its name and its own roles, whichever way it signs in.
        let (access, _) = signed_in(&met.app, "jan.bos@overijssel.example").await;
        let local = met.account(&access).await;
        assert_eq!(local["displayName"], "An Smit");
        assert_eq!(local["roles"], json!(["RESIDENT"]));
        assert_ne!(local["id"], staff["id"]);
        met.end().await;
    }

    async fn many_at_once_with_the_address_of_a_local_account_make_one(app) {
        let Some(mut met) = Met::start(app).await else { return };
        verified_account(app, "jan.bos@overijssel.example").await;
        let token = met.token("jan", "RS256").await;
        let all = futures_util::future::join_all((0..8).map(|_| met.account(&token))).await;
        assert!(all.iter().all(|account| account["id"] == all[0]["id"]));
        let accounts = account::Entity::find()
            .filter(account::Column::ProviderEmail.is_not_null())
            .count(met.app.database.read());
        assert_eq!(accounts.await.expect("a count"), 1);
        met.end().await;
    }

    async fn a_stated_address_must_be_verified_there_and_here(app) {
        let Some(mut met) = Met::start(app).await else { return };
        // What a stranger typed for an address is no part of the account of its owner at the provider.
        register(app, json!({
            "email": "els@overijssel.example", "password": PASSWORD, "displayName": "Dief", "locale": "NL"
        })).await.accepted("accountRegister");
        let strangers = mailed_token(app).await;
        let token = met.token("els", "RS256").await;
        assert_eq!(met.account(&token).await["displayName"], "Medewerker");
        let opened = verify(app, &strangers).await;
        opened.accepted("accountVerifyEmail");
        let local = met.account(&text(&opened, "/accountVerifyEmail/session/accessToken")).await;
        assert_ne!(local["id"], met.account(&token).await["id"]);
        let bas = met.token("bas", "RS256").await;
        assert_eq!(met.refused(&bas).await, StatusCode::UNAUTHORIZED, "an address nobody verified");
        met.end().await;
    }

    async fn staff_of_a_provider_are_staff_to_moderation(app) {
        let Some(mut met) = Met::start(app).await else { return };
        let token = met.token("jan", "RS256").await;
        met.account(&token).await;
        let accounts = &met.app.services.accounts;
        let jan = accounts.by_email(&Actor::System, "jan.bos@overijssel.example").await.expect("an account").id;
        let till = app.clock.now() + TimeDelta::days(400);
        let blocked = async || {
            let draft = BlockDraft {
                account: jan,
                block: Block::Until(till),
                reason: Some(Reason::Other),
                statement: Some("Dit account is overgenomen.".to_owned()),
            };
            app.services.moderation.block(app.actor(Persona::Moderator), draft).await.is_ok()
        };
        assert!(!blocked().await, "a local moderator blocks no colleague");
        let count = async || {
            let moderators = app.services.moderation.moderators().await.expect("moderators");
            (moderators.len(), moderators.contains(&jan))
        };
        assert_eq!(count().await, (3, true), "with the local moderator and admin");

        // Three reports hide what a resident wrote, and not what he did.
        let theme = crate::theme::theme(app, "Wonen aan het water").await;
        let input = json!({ "input": { "subjectId": theme["id"], "body": "Morgen meer nieuws.", "language": "nl" } });
        let (_, written) = met.send(&token, "CommentAdd", input.clone()).await;
        let his = written.accepted("commentAdd")["comment"]["id"].clone();
        let written = app.send(Persona::Resident, "CommentAdd", input).await;
        let hers = written.accepted("commentAdd")["comment"]["id"].clone();
        for comment in [&his, &hers] {
            for persona in [Persona::Neighbour, Persona::Editor, Persona::Moderator] {
                let report = json!({ "input": { "subjectId": comment, "reason": "SPAM" } });
                app.send(persona, "ContentReport", report).await.accepted("contentReport");
            }
        }
        let variables = json!({ "subjectId": theme["id"], "first": 5 });
        let thread = app.send(Persona::Anonymous, "Comments", variables).await.0.to_string();
        assert_eq!(thread.matches(r#""state":"VISIBLE""#).count(), 1, "{thread}");
        assert_eq!(thread.matches(r#""state":"HIDDEN""#).count(), 1, "{thread}");
        assert!(thread.contains("Jan Bos"), "his is the one that stays: {thread}");

        // What the provider said counts for thirty days, and until it says otherwise.
        app.clock.advance(TimeDelta::days(30) + TimeDelta::minutes(1));
        assert_eq!(count().await, (2, false));
        assert!(blocked().await);
        met.end().await;
    }

    async fn a_newer_token_without_a_role_takes_it(app) {
        let Some(mut met) = Met::start(app).await else { return };
        let first = met.token("jan", "RS256").await;
        met.account(&first).await;
        let moderators = async || app.services.moderation.moderators().await.expect("moderators").len();
        assert_eq!(moderators().await, 3);
        met.order(json!(["groups", "jan", ["kantine"]])).await;
        let next = met.token("jan", "RS256").await;
        assert_eq!(met.account(&next).await["roles"], json!(["RESIDENT"]));
        assert_eq!(moderators().await, 2);
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
