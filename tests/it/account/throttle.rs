//! Whoever tries too often waits, the longer the more often.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use chrono::TimeDelta;
use domain::{Actor, account::Client};
use harness::{Answer, Persona, TestApp, on_both_databases, operation};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{EMAIL, PASSWORD, post, post_as, registration, sign_in, signed_in, verified_account};

const WRONG: &str = "een fout wachtwoord";

/// The code and the header `Retry-After` of a sign-in that comes from this address.
async fn from(app: &TestApp, address: &str, email: &str) -> (String, Option<String>) {
    let input = json!({ "email": email, "password": WRONG });
    let (answer, wait) = sent_from(app, address, "SessionCreate", input).await;
    (answer.code().to_owned(), wait)
}

/// The answer to an operation that comes from this address, and its header `Retry-After`.
async fn sent_from(
    app: &TestApp,
    address: &str,
    name: &str,
    input: Value,
) -> (Answer, Option<String>) {
    let document = &operation(name).document;
    let body = json!({ "query": document, "variables": { "input": input } });
    let peer = SocketAddr::new(address.parse().expect("an address"), 4711);
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .extension(ConnectInfo(peer))
        .body(Body::from(body.to_string()))
        .expect("a request");
    let (head, body) = app.http(request).await.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let answer = Answer(serde_json::from_slice(&bytes).expect("JSON"));
    let wait = head.headers.get(header::RETRY_AFTER);
    let wait = wait.map(|value| value.to_str().expect("text").to_owned());
    (answer, wait)
}

on_both_databases! {
    async fn five_wrong_passwords_make_the_sixth_wait_known_or_not(app) {
        verified_account(app, EMAIL).await;
        for email in [EMAIL, "niemand@voorbeeld.example"] {
            for _ in 0..5 {
                assert_eq!(sign_in(app, email, WRONG).await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
            }
            assert_eq!(sign_in(app, email, PASSWORD).await.code(), "RATE_LIMITED", "the right one waits too");
            let mut waits = Vec::new();
            for _ in 0..5 {
                let input = json!({ "input": { "email": email, "password": WRONG } });
                let (_, headers, answer) = post(app, &[], "SessionCreate", input).await;
                assert_eq!(answer.code(), "RATE_LIMITED", "{email}");
                let wait = answer.0["errors"][0]["extensions"]["retryAfter"].as_i64().expect("seconds");
                assert_eq!(headers[header::RETRY_AFTER], wait.to_string());
                waits.push(wait);
                app.clock.advance(TimeDelta::seconds(wait));
                assert_eq!(sign_in(app, email, WRONG).await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
            }
            assert_eq!(waits, [60, 120, 240, 480, 900], "{email}");
        }
        for _ in 0..10 {
            signed_in(app, EMAIL).await;
        }
    }

    async fn one_place_that_tries_many_accounts_waits(app) {
        for number in 0..20 {
            let email = format!("an{number}@voorbeeld.example");
            assert_eq!(from(app, "192.0.2.1", &email).await, (String::new(), None));
        }
        let waits = ("RATE_LIMITED".to_owned(), Some("60".to_owned()));
        assert_eq!(from(app, "192.0.2.1", EMAIL).await, waits);
        assert_eq!(from(app, "192.0.2.2", EMAIL).await, (String::new(), None));
    }

    async fn asking_for_links_and_accounts_is_bounded(app) {
        let ask = async |operation: &str, input| app.send(Persona::Anonymous, operation, json!({ "input": input })).await;
        for operation in ["SessionLinkRequest", "AccountRegister"] {
            let input = registration(EMAIL);
            let input = match operation {
                "AccountRegister" => input,
                _ => json!({ "email": EMAIL }),
            };
            for _ in 0..5 {
                assert_eq!(ask(operation, input.clone()).await.code(), "");
            }
            assert_eq!(ask(operation, input).await.code(), "RATE_LIMITED", "{operation}");
        }
        // A link of either kind fills the same mailbox.
        assert_eq!(ask("AccountPasswordResetRequest", json!({ "email": EMAIL })).await.code(), "RATE_LIMITED");
    }
    async fn failures_count_in_the_database_whatever_the_memory_holds(app) {
        verified_account(app, EMAIL).await;
        for email in [EMAIL, "niemand@voorbeeld.example"] {
            // Each process forgets what it had in memory when it ends.
            for _ in 0..2 {
                let process = app.neighbour().await;
                for _ in 0..5 {
                    let refused = sign_in(&process, email, WRONG).await;
                    assert_eq!(refused.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
                }
            }
            let process = app.neighbour().await;
            for password in [PASSWORD, WRONG] {
                let answer = sign_in(&process, email, password).await;
                assert_eq!(answer.code(), "RATE_LIMITED", "{email}");
                assert_eq!(answer.0["errors"][0]["extensions"]["retryAfter"], 900);
            }
        }
        app.clock.advance(TimeDelta::minutes(15));
        let process = app.neighbour().await;
        sign_in(&process, EMAIL, PASSWORD).await.accepted("sessionCreate");
        // The owner's success forgets what others failed at.
        for _ in 0..5 {
            let refused = sign_in(&process, EMAIL, WRONG).await;
            assert_eq!(refused.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
        }
        app.clock.advance(TimeDelta::hours(1));
        let gone = app.services.privacy.retain(&Actor::System).await.expect("retention runs");
        assert_eq!(gone.get("failed attempt"), Some(&2), "a row a name and minute");
    }

    async fn a_wrong_password_takes_the_same_work_known_or_not(app) {
        verified_account(app, EMAIL).await;
        let mut work = Vec::new();
        for email in [EMAIL, "niemand@voorbeeld.example"] {
            let (refused, statements) = app.statements_of(sign_in(app, email, WRONG)).await;
            assert_eq!(refused.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
            work.push(statements);
        }
        assert_eq!(work[0], work[1]);
    }

    async fn a_visitor_token_that_is_not_good_counts_for_nothing(app) {
        let mut input = registration(EMAIL);
        input["visitorToken"] = json!("geen token");
        for _ in 0..200 {
            let (refused, _) = sent_from(app, "192.0.2.1", "AccountRegister", input.clone()).await;
            assert_eq!(refused.refusals("accountRegister"), ["VISITOR_TOKEN_INVALID input.visitorToken"]);
        }
        let (asked, _) = sent_from(app, "192.0.2.1", "AccountRegister", registration(EMAIL)).await;
        asked.accepted("accountRegister");
    }

    async fn sixty_people_on_one_network_register_and_sign_in_in_one_evening(app) {
        let hall = "2001:db8:5:6::9";
        let email = |number: i32| format!("an{number}@voorbeeld.example");
        for number in 0..60 {
            let (asked, wait) = sent_from(app, hall, "AccountRegister", registration(&email(number))).await;
            assert_eq!(wait, None, "{number}");
            asked.accepted("accountRegister");
        }
        app.run_jobs().await;
        for mail in app.mails() {
            let (_, token) = mail.text.split_once("?token=").expect("a link");
            let token = token.split_whitespace().next().expect("a token");
            let (verified, _) = sent_from(app, hall, "AccountVerifyEmail", json!({ "token": token })).await;
            verified.accepted("accountVerifyEmail");
        }
        for number in 0..60 {
            let credentials = json!({ "email": email(number), "password": PASSWORD });
            let (signed_in, wait) = sent_from(app, hall, "SessionCreate", credentials).await;
            assert_eq!(wait, None, "{number}");
            signed_in.accepted("sessionCreate");
            let (asked, _) = sent_from(app, hall, "SessionLinkRequest", json!({ "email": email(number) })).await;
            asked.accepted("sessionLinkRequest");
        }
        // Who guesses there is let through as often as so many people may mistype, and no more.
        let mut guesses = 0;
        for number in 0..200 {
            let (code, _) = from(app, hall, &format!("jan{number}@voorbeeld.example")).await;
            guesses += usize::from(code.is_empty());
        }
        assert_eq!(guesses, 80);
        for _ in 0..5 {
            sign_in(app, &email(0), WRONG).await;
        }
        assert_eq!(sign_in(app, &email(0), WRONG).await.code(), "RATE_LIMITED");
    }

    async fn a_device_that_was_signed_in_before_is_not_locked_out_by_strangers(app) {
        let other = "jan@voorbeeld.example";
        for email in [EMAIL, other] {
            verified_account(app, email).await;
        }
        let (_, own) = signed_in(app, EMAIL).await;
        let (_, others) = signed_in(app, other).await;
        // Its session has ended, and retention has not taken it.
        app.clock.advance(TimeDelta::days(45));
        app.services.privacy.retain(&Actor::System).await.expect("retention runs");
        let attempt = async |former: Option<&str>, password: &str| {
            let input = json!({ "email": EMAIL, "password": password, "formerRefreshToken": former });
            let document = "mutation($input: SessionCreateInput!) { sessionCreate(input: $input) { session { accessToken } userErrors { code field } } }";
            app.execute(Persona::Anonymous, document, json!({ "input": input })).await
        };
        for _ in 0..5 {
            assert_eq!(attempt(None, WRONG).await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
        }
        for former in [None, Some("geen token"), Some(&others[..])] {
            assert_eq!(attempt(former, PASSWORD).await.code(), "RATE_LIMITED");
        }
        attempt(Some(&own), PASSWORD).await.accepted("sessionCreate");
        // It is bounded as well, and frees nobody else.
        for _ in 0..5 {
            assert_eq!(attempt(Some(&own), WRONG).await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
        }
        assert_eq!(attempt(Some(&own), PASSWORD).await.code(), "RATE_LIMITED");
        assert_eq!(attempt(None, PASSWORD).await.code(), "RATE_LIMITED");
        // Links are asked for in the same way.
        let ask = async |former: Option<&str>| {
            let input = json!({ "input": { "email": EMAIL, "formerRefreshToken": former } });
            let document = "mutation($input: SessionLinkRequestInput!) { sessionLinkRequest(input: $input) { userErrors { code field } } }";
            app.execute(Persona::Anonymous, document, input).await
        };
        for _ in 0..5 {
            ask(None).await.accepted("sessionLinkRequest");
        }
        assert_eq!(ask(None).await.code(), "RATE_LIMITED");
        ask(Some(&own)).await.accepted("sessionLinkRequest");
        // A session is kept for so long after its end, and its token counts no longer.
        app.clock.advance(TimeDelta::days(16));
        app.services.privacy.retain(&Actor::System).await.expect("retention runs");
        for _ in 0..5 {
            attempt(None, WRONG).await;
        }
        assert_eq!(attempt(Some(&own), PASSWORD).await.code(), "RATE_LIMITED");
    }

    async fn who_is_signed_in_proves_it_again_whatever_strangers_try(app) {
        verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        for _ in 0..6 {
            sign_in(app, EMAIL, WRONG).await;
        }
        let erase = async |password: &str| {
            post_as(app, &access, "AccountErase", json!({ "input": { "password": password } })).await
        };
        assert_eq!(erase(WRONG).await.refusals("accountErase"), ["CREDENTIALS_INVALID"]);
        erase(PASSWORD).await.accepted("accountErase");
    }

    async fn wrong_codes_of_a_second_factor_are_counted_in_the_database(app) {
        let account = verified_account(app, EMAIL).await;
        let now = domain::clock::Clock::now(&app.clock);
        entity::second_factor::Entity::insert(entity::second_factor::ActiveModel {
            account_id: sea_orm::ActiveValue::Set(account.id),
            secret: sea_orm::ActiveValue::Set(vec![7; 20]),
            last_step: sea_orm::ActiveValue::Set(0),
            enrolled_at: sea_orm::ActiveValue::Set(now),
            confirmed_at: sea_orm::ActiveValue::Set(Some(now)),
        })
        .exec_without_returning(app.database.writer())
        .await
        .expect("a second factor");
        let attempt = async |process: &TestApp| {
            let credentials = domain::account::Credentials {
                email: EMAIL.to_owned(),
                password: PASSWORD.into(),
                second_factor_code: Some("aaaa-bbbb-cccc-dddd".to_owned()),
            };
            let nobody = Actor::Visitor(None);
            process.services.accounts.sign_in(&nobody, Client::default(), credentials).await
        };
        for _ in 0..2 {
            let process = app.neighbour().await;
            for _ in 0..5 {
                assert!(matches!(attempt(&process).await, Err(domain::Error::Refused(_))));
            }
        }
        let process = app.neighbour().await;
        assert!(matches!(attempt(&process).await, Err(domain::Error::TooMany(_))));
    }
}
