//! Registering, and verifying an address.

use chrono::TimeDelta;
use entity::{account, job, registration};
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::{
    EMAIL, PASSWORD, mailed_token, post_as, register, registration, sign_in, text,
    verified_account, verify,
};

async fn accounts_with(app: &TestApp, email: &str) -> u64 {
    account::Entity::find()
        .filter(account::Column::Email.eq(email))
        .count(app.database.read())
        .await
        .expect("a count")
}

fn with(field: &str, value: &str) -> Value {
    let mut input = registration(EMAIL);
    input[field] = json!(value);
    input
}

on_both_databases! {
    async fn an_address_in_both_spellings_of_its_domain_is_one_account(app) {
        for (email, mailed) in [("an@münchen.voorbeeld.example", 1), ("AN@XN--MNCHEN-3YA.voorbeeld.example", 2)] {
            register(app, registration(email)).await.accepted("accountRegister");
            app.run_jobs().await;
            assert_eq!(app.mails().len(), mailed);
        }
        assert!(app.mails().iter().all(|mail| mail.to == "an@xn--mnchen-3ya.voorbeeld.example"));
        let token = mailed_token(app).await;
        verify(app, &token).await.accepted("accountVerifyEmail");
        for email in ["an@münchen.voorbeeld.example", "an@xn--mnchen-3ya.voorbeeld.example"] {
            sign_in(app, email, PASSWORD).await.accepted("sessionCreate");
        }
    }

    async fn what_no_mail_server_or_nobody_sees_is_refused_when_it_is_typed(app) {
        for email in ["josé@voorbeeld.example", "an\u{200B}@voorbeeld.example", "an@voor\u{AD}beeld.example", "a\u{2060}n@voorbeeld.example"] {
            let refused = register(app, registration(email)).await;
            assert_eq!(refused.refusals("accountRegister"), ["EMAIL_INVALID input.email"], "{email:?}");
        }
        app.run_jobs().await;
        assert_eq!(app.mails().len(), 0);
    }

    async fn the_mail_leads_to_an_account(app) {
        register(app, with("email", "An.Smit@Voorbeeld.example")).await.accepted("accountRegister");
        assert_eq!(app.mails().len(), 0, "a mail goes out after the answer");
        let token = mailed_token(app).await;
        let mail = &app.mails()[0];
        assert_eq!(mail.to, EMAIL);
        assert_eq!(mail.subject, "Bevestig uw e-mailadres");
        assert!(!mail.text.contains("An Smit"), "a stranger may have typed the name");
        let verified = verify(app, &token).await;
        verified.accepted("accountVerifyEmail");
        let access = text(&verified, "/accountVerifyEmail/session/accessToken");
        let viewer = post_as(app, &access, "Viewer", json!({})).await;
        let account = viewer.data("/viewer/account");
        assert_eq!(account["displayName"], "An Smit");
        assert_eq!(account["email"], EMAIL);
        assert_eq!(account["emailVerified"], true);
        assert_eq!(account["roles"], json!(["RESIDENT"]));
        assert_eq!(viewer.data("/viewer/sessions/0/current"), true);
        sign_in(app, EMAIL, PASSWORD).await.accepted("sessionCreate");
    }

    async fn the_mail_is_in_the_language_asked_for(app) {
        register(app, with("locale", "EN")).await.accepted("accountRegister");
        mailed_token(app).await;
        assert_eq!(app.mails()[0].subject, "Confirm your e-mail address");
    }

    async fn a_known_address_gets_the_same_answer_and_another_mail(app) {
        verified_account(app, EMAIL).await;
        let unknown = register(app, registration("nieuw@voorbeeld.example")).await;
        let known = register(app, with("password", "een ander wachtwoord")).await;
        assert_eq!(known, unknown);
        app.run_jobs().await;
        let mails = app.mails();
        let mail = mails.iter().find(|mail| mail.to == EMAIL).expect("a mail");
        assert_eq!(mail.subject, "U hebt al een account");
        assert!(!mail.text.contains("token"));
        sign_in(app, EMAIL, PASSWORD).await.accepted("sessionCreate");
        assert_eq!(
            sign_in(app, EMAIL, "een ander wachtwoord").await.refusals("sessionCreate"),
            ["CREDENTIALS_INVALID"]
        );
    }

    async fn the_work_is_the_same_for_every_address(app) {
        verified_account(app, EMAIL).await;
        register(app, registration("open@voorbeeld.example")).await.accepted("accountRegister");
        let mut work = Vec::new();
        for email in ["nieuw@voorbeeld.example", EMAIL, "open@voorbeeld.example"] {
            let (answer, statements) = app.statements_of(register(app, registration(email))).await;
            answer.accepted("accountRegister");
            work.push(statements);
        }
        assert!(work[0].len() >= 4 && work.iter().all(|statements| *statements == work[0]), "{work:#?}");
    }

    async fn a_link_is_good_for_once_and_a_day(app) {
        register(app, registration(EMAIL)).await.accepted("accountRegister");
        let late = mailed_token(app).await;
        app.clock.advance(TimeDelta::hours(24));
        for token in [late.as_str(), "", "nonsense", PASSWORD] {
            let answer = verify(app, token).await;
            assert_eq!(answer.refusals("accountVerifyEmail"), ["VERIFICATION_TOKEN_INVALID input.token"]);
            assert_eq!(answer.data("/accountVerifyEmail/session"), &Value::Null);
        }
        assert_eq!(sign_in(app, EMAIL, PASSWORD).await.refusals("sessionCreate"), ["EMAIL_NOT_VERIFIED"]);
        let fresh = mailed_token(app).await;
        app.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
        verify(app, &fresh).await.accepted("accountVerifyEmail");
        assert_eq!(verify(app, &fresh).await.refusals("accountVerifyEmail"), ["VERIFICATION_TOKEN_INVALID input.token"]);
    }

    async fn of_many_at_once_one_opens_the_link(app) {
        register(app, registration(EMAIL)).await.accepted("accountRegister");
        let token = mailed_token(app).await;
        let answers = futures_util::future::join_all((0..8).map(|_| verify(app, &token))).await;
        let opened = answers.iter().filter(|answer| answer.refusals("accountVerifyEmail").is_empty()).count();
        assert_eq!(opened, 1);
    }

    async fn many_who_register_at_once_share_one_account(app) {
        let answers = futures_util::future::join_all((0..5).map(|_| register(app, registration(EMAIL)))).await;
        for answer in answers {
            answer.accepted("accountRegister");
        }
        assert_eq!(accounts_with(app, EMAIL).await, 1);
        assert_eq!(app.run_jobs().await, 5);
        let waiting = registration::Entity::find().count(app.database.read()).await.expect("a count");
        assert_eq!(waiting, 5, "each with a link of its own");
    }

    async fn every_problem_is_told_at_once_and_nothing_is_stored(app) {
        let input = json!({ "email": "an", "password": "kort", "displayName": " A\u{202e} " });
        assert_eq!(
            register(app, input).await.refusals("accountRegister"),
            ["EMAIL_INVALID input.email", "TOO_SHORT input.password", "FORBIDDEN_CHARACTER input.displayName"]
        );
        for (field, value, code) in [
            ("email", format!("{}@voorbeeld.example", "a".repeat(240)), "EMAIL_INVALID input.email"),
            ("email", "an@voorbeeld.example\r\nBcc: jan@voorbeeld.example".to_owned(), "EMAIL_INVALID input.email"),
            ("password", "é".repeat(11), "TOO_SHORT input.password"),
            ("password", "é".repeat(129), "TOO_LONG input.password"),
            ("password", String::new(), "REQUIRED input.password"),
            ("displayName", "x".repeat(61), "TOO_LONG input.displayName"),
            ("displayName", " \u{200b} ".to_owned(), "REQUIRED input.displayName"),
            ("displayName", "An\nSmit".to_owned(), "FORBIDDEN_CHARACTER input.displayName"),
        ] {
            let answer = register(app, with(field, &value)).await;
            assert_eq!(answer.refusals("accountRegister"), [code], "{field}");
        }
        assert_eq!(register(app, with("locale", "DE")).await.code(), "BAD_INPUT");
        assert_eq!(accounts_with(app, EMAIL).await, 0);
        assert_eq!(app.run_jobs().await, 0);
    }

    async fn addresses_at_special_use_domains_are_refused(app) {
        let strict = app.configured(|settings| settings.special_use_domains = false).await;
        for domain in ["erased.invalid", "voorbeeld.example", "example.com", "x.test", "mail.localhost", "x.ｉｎｖａｌｉｄ"] {
            let answer = register(&strict, with("email", &format!("an@{domain}"))).await;
            assert_eq!(answer.refusals("accountRegister"), ["EMAIL_INVALID input.email"], "{domain}");
        }
        register(&strict, with("email", "an@overijssel.nl")).await.accepted("accountRegister");
        // Accounts that operators made at such a domain sign in as always.
        verified_account(&strict, EMAIL).await;
        sign_in(&strict, EMAIL, PASSWORD).await.accepted("sessionCreate");
        strict.end().await;
    }

    async fn nothing_secret_is_kept_or_shown(app) {
        let (_, statements) = app.statements_of(register(app, registration(EMAIL))).await;
        assert!(!statements.join("\n").contains(PASSWORD));
        let jobs = job::Entity::find().all(app.database.read()).await.expect("jobs");
        assert!(!format!("{jobs:?}").contains(EMAIL), "a job names its account by id");
        let token = mailed_token(app).await;
        assert_eq!(token.len(), 43);
        let links = registration::Entity::find().all(app.database.read()).await.expect("links");
        let kept = format!("{links:?}");
        assert!(!kept.contains(&token) && !kept.contains(PASSWORD) && kept.contains("$argon2id$"));
        let accounts = account::Entity::find().all(app.database.read()).await.expect("accounts");
        assert!(!format!("{accounts:?}").contains(PASSWORD));
        let shown = format!("{:?}", app.mails());
        assert!(!shown.contains(&token) && !shown.contains(EMAIL), "{shown}");
        assert_eq!(job::Entity::find().count(app.database.read()).await.expect("a count"), 0);
    }

    async fn a_member_may_change_their_name(app) {
        let update = async |name: &str| {
            let variables = json!({ "input": { "displayName": name, "locale": "EN" } });
            app.send(Persona::Resident, "AccountUpdate", variables).await
        };
        let changed = update("  Fatma  ").await;
        assert_eq!(changed.accepted("accountUpdate")["account"]["displayName"], "Fatma");
        assert_eq!(update("F").await.refusals("accountUpdate"), ["TOO_SHORT input.displayName"]);
        let viewer = app.execute(Persona::Resident, "{ viewer { account { displayName locale } } }", json!({})).await;
        assert_eq!(viewer.data("/viewer/account"), &json!({ "displayName": "Fatma", "locale": "EN" }));
        let nothing = app.send(Persona::Resident, "AccountUpdate", json!({ "input": {} })).await;
        assert_eq!(nothing.accepted("accountUpdate")["account"]["displayName"], "Fatma");
    }
}
