//! Second factors: who needs one, how it is set, shown, and lost.

use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::{Actor, Role, clock::Clock};
use entity::{recovery_code, session};
use harness::{Answer, Persona, TestApp, on_both_databases};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::{
    EMAIL, PASSWORD, link::asked, post, post_as, post_document, refresh, sign_in, signed_in, text,
    verified_account,
};

/// The code that an authenticator shows now.
fn code(app: &TestApp, uri: &str) -> String {
    let (_, secret) = uri.split_once("secret=").expect("a secret");
    let secret = secret.split('&').next().expect("a secret");
    let secret = Secret::try_from_base32(secret).expect("base32");
    let totp = Builder::new()
        .with_secret(secret)
        .build()
        .expect("a secret of 160 bits");
    let now = u64::try_from(app.clock.now().timestamp()).expect("after 1970");
    totp.generate(now).to_string()
}

async fn sign_in_with(app: &TestApp, code: &str) -> Answer {
    let input = json!({ "email": EMAIL, "password": PASSWORD, "secondFactorCode": code });
    app.send(
        Persona::Anonymous,
        "SessionCreate",
        json!({ "input": input }),
    )
    .await
}

async fn confirm(app: &TestApp, access: &str, code: &str) -> Answer {
    post_as(
        app,
        access,
        "SecondFactorConfirm",
        json!({ "input": { "code": code } }),
    )
    .await
}

/// Asks for a secret with this proof.
async fn enrol(app: &TestApp, access: &str, proof: Value) -> Answer {
    let variables = json!({ "input": proof });
    post_as(app, access, "SecondFactorEnrollWithProof", variables).await
}

/// Sets a second factor; gives its address and the recovery codes.
async fn set(app: &TestApp, access: &str) -> (String, Vec<String>) {
    let enrolled = enrol(app, access, json!({ "password": PASSWORD })).await;
    enrolled.accepted("secondFactorEnroll");
    let uri = text(&enrolled, "/secondFactorEnroll/otpauthUri");
    let confirmed = confirm(app, access, &code(app, &uri)).await;
    let codes = confirmed.accepted("secondFactorConfirm")["recoveryCodes"].clone();
    let codes = codes.as_array().expect("codes").iter();
    (
        uri,
        codes
            .map(|code| code.as_str().expect("text").to_owned())
            .collect(),
    )
}

/// What only an admin may do, of a theme that is not there.
async fn rename(app: &TestApp, access: &str) -> String {
    let document = "mutation($id: ID!) { themeUpdate(input: { themeId: $id, title: \"Water\" }) { userErrors { code } } }";
    let variables = json!({ "id": "VAGcrmtmAHSEpv1qy4O6Dj4" });
    let (_, _, answer) =
        post_document(app, &[&format!("Bearer {access}")], document, variables).await;
    answer.code().to_owned()
}

/// Reads of the viewer if a second factor is set, and if it is needed.
async fn factor(app: &TestApp, access: &str) -> (bool, bool) {
    let document = "{ viewer { hasSecondFactor needsSecondFactor } }";
    let (_, _, answer) =
        post_document(app, &[&format!("Bearer {access}")], document, json!({})).await;
    let told = answer.data("/viewer");
    let is = |field: &str| told[field].as_bool().expect("a truth");
    (is("hasSecondFactor"), is("needsSecondFactor"))
}

on_both_databases! {
    async fn who_lacks_no_role_for_want_of_a_factor_is_refused_as_always(app) {
        verified_account(app, EMAIL).await;
        app.services.accounts.grant(&Actor::System, EMAIL, Role::Editor).await.expect("a role");
        let (access, _) = signed_in(app, EMAIL).await;
        assert_eq!(factor(app, &access).await, (false, false));
        let (_, _, answer) = post(app, &[&format!("Bearer {access}")], "ModerationQueue", json!({})).await;
        assert_eq!(answer.code(), "FORBIDDEN");
        set(app, &access).await;
        assert_eq!(factor(app, &access).await, (true, false));
        app.services.accounts.grant(&Actor::System, EMAIL, Role::Moderator).await.expect("a role");
        assert_eq!(factor(app, &access).await, (true, true));
        let (_, _, answer) = post(app, &[&format!("Bearer {access}")], "ModerationQueue", json!({})).await;
        assert_eq!(answer.code(), "SECOND_FACTOR_MISSING");
    }

    async fn an_admin_acts_as_one_only_after_a_second_factor(app) {
        verified_account(app, EMAIL).await;
        app.services.accounts.grant(&Actor::System, EMAIL, Role::Admin).await.expect("a role");
        let (access, token) = signed_in(app, EMAIL).await;
        assert_eq!(rename(app, &access).await, "SECOND_FACTOR_MISSING");
        assert_eq!(factor(app, &access).await, (false, true));
        let (uri, _) = set(app, &access).await;
        assert_eq!(rename(app, &access).await, "SECOND_FACTOR_MISSING", "not before the session is renewed");
        assert_eq!(factor(app, &access).await, (true, true));
        let renewed = refresh(app, &token).await;
        assert_eq!(rename(app, &text(&renewed, "/sessionRefresh/session/accessToken")).await, "NOT_FOUND");
        app.clock.advance(TimeDelta::seconds(30));
        let answer = sign_in_with(app, &code(app, &uri)).await;
        answer.accepted("sessionCreate");
        assert_eq!(rename(app, &text(&answer, "/sessionCreate/session/accessToken")).await, "NOT_FOUND");
    }

    async fn a_session_of_staff_ends_after_eight_hours(app) {
        verified_account(app, EMAIL).await;
        app.services.accounts.grant(&Actor::System, EMAIL, Role::Moderator).await.expect("a role");
        let (access, _) = signed_in(app, EMAIL).await;
        let (uri, _) = set(app, &access).await;
        app.clock.advance(TimeDelta::seconds(30));
        let answer = sign_in_with(app, &code(app, &uri)).await;
        let mut token = text(&answer, "/sessionCreate/session/refreshToken");
        let mut access = String::new();
        for _ in 0..2 {
            app.clock.advance(TimeDelta::hours(4) - TimeDelta::minutes(1));
            let renewed = refresh(app, &token).await;
            renewed.accepted("sessionRefresh");
            token = text(&renewed, "/sessionRefresh/session/refreshToken");
            access = text(&renewed, "/sessionRefresh/session/accessToken");
        }
        post_as(app, &access, "Viewer", json!({})).await;
        app.clock.advance(TimeDelta::minutes(2));
        let (status, _, _) = post(app, &[&format!("Bearer {access}")], "Viewer", json!({})).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "before the token itself expires");
        assert_eq!(refresh(app, &token).await.refusals("sessionRefresh"), ["REFRESH_TOKEN_INVALID input.refreshToken"]);
    }

    async fn who_set_one_is_asked_for_it(app) {
        verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        let (uri, _) = set(app, &access).await;
        let missing = sign_in(app, EMAIL, PASSWORD).await;
        assert_eq!(missing.refusals("sessionCreate"), ["SECOND_FACTOR_REQUIRED"]);
        assert_eq!(missing.data("/sessionCreate/session"), &Value::Null);
        assert_eq!(sign_in(app, EMAIL, "een fout wachtwoord").await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
        let used = code(app, &uri);
        assert_eq!(sign_in_with(app, &used).await.refusals("sessionCreate"), ["SECOND_FACTOR_INVALID"], "used to confirm");
        app.clock.advance(TimeDelta::seconds(30));
        let next = code(app, &uri);
        sign_in_with(app, &next).await.accepted("sessionCreate");
        assert_eq!(sign_in_with(app, &next).await.refusals("sessionCreate"), ["SECOND_FACTOR_INVALID"], "good for once");
        let again = enrol(app, &access, json!({ "password": PASSWORD })).await;
        assert_eq!(again.refusals("secondFactorEnroll"), ["SECOND_FACTOR_SET"]);
    }

    async fn a_link_asks_for_it_too_and_stays_good_until_it_is_shown(app) {
        verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        let (uri, _) = set(app, &access).await;
        let token = asked(app, "SessionLinkRequest", EMAIL).await;
        let open = async |code: Option<&str>| {
            let input = json!({ "token": token, "secondFactorCode": code });
            app.send(Persona::Anonymous, "SessionCreateFromLink", json!({ "input": input })).await
        };
        assert_eq!(open(None).await.refusals("sessionCreateFromLink"), ["SECOND_FACTOR_REQUIRED"]);
        assert_eq!(open(Some("abcdef")).await.refusals("sessionCreateFromLink"), ["SECOND_FACTOR_INVALID"]);
        app.clock.advance(TimeDelta::seconds(30));
        open(Some(&code(app, &uri))).await.accepted("sessionCreateFromLink");
    }

    async fn a_recovery_code_is_good_for_once_and_only_its_hash_is_kept(app) {
        verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        let (_, codes) = set(app, &access).await;
        let kept = recovery_code::Entity::find().all(app.database.read()).await.expect("codes");
        assert!(kept.len() == 10 && codes.iter().all(|code| !format!("{kept:?}").contains(code)));
        sign_in_with(app, &codes[3].to_uppercase()).await.accepted("sessionCreate");
        assert_eq!(sign_in_with(app, &codes[3]).await.refusals("sessionCreate"), ["SECOND_FACTOR_INVALID"]);
        sign_in_with(app, &codes[4]).await.accepted("sessionCreate");
    }

    async fn guessing_codes_makes_the_guesser_wait(app) {
        verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        set(app, &access).await;
        for _ in 0..5 {
            assert_eq!(sign_in_with(app, "999999").await.refusals("sessionCreate"), ["SECOND_FACTOR_INVALID"]);
        }
        assert_eq!(sign_in_with(app, "999999").await.code(), "RATE_LIMITED");
    }

    async fn operators_help_who_lost_it(app) {
        verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        set(app, &access).await;
        app.services.accounts.reset_second_factor(&Actor::System, EMAIL).await.expect("reset");
        let (status, _, _) = post(app, &[&format!("Bearer {access}")], "Viewer", json!({})).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        signed_in(app, EMAIL).await;
        let open = session::Entity::find().count(app.database.read()).await.expect("a count");
        assert_eq!(open, 2, "the ended one is kept until it expires");
    }

    async fn a_stolen_access_token_alone_sets_no_second_factor(app) {
        verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        let without = post_as(app, &access, "SecondFactorEnroll", json!({})).await;
        assert_eq!(without.refusals("secondFactorEnroll"), ["CREDENTIALS_INVALID"]);
        assert_eq!(without.data("/secondFactorEnroll/otpauthUri"), &Value::Null);
        let neighbours = "buur@voorbeeld.example";
        verified_account(app, neighbours).await;
        let theirs = asked(app, "SessionLinkRequest", neighbours).await;
        let reset = asked(app, "AccountPasswordResetRequest", EMAIL).await;
        for (proof, refusal) in [
            (json!({}), "CREDENTIALS_INVALID"),
            (json!({ "password": "een fout wachtwoord" }), "CREDENTIALS_INVALID"),
            (json!({ "password": PASSWORD, "token": "x" }), "CREDENTIALS_INVALID"),
            (json!({ "token": "geen-link" }), "LINK_TOKEN_INVALID input.token"),
            (json!({ "token": theirs }), "LINK_TOKEN_INVALID input.token"),
            (json!({ "token": reset }), "LINK_TOKEN_INVALID input.token"),
        ] {
            let declined = enrol(app, &access, proof.clone()).await;
            assert_eq!(declined.refusals("secondFactorEnroll"), [refusal], "{proof}");
        }
        assert_eq!(confirm(app, &access, "000000").await.refusals("secondFactorConfirm"), ["SECOND_FACTOR_NOT_ENROLLED"]);
        let own = asked(app, "SessionLinkRequest", EMAIL).await;
        enrol(app, &access, json!({ "token": own })).await.accepted("secondFactorEnroll");
        let twice = enrol(app, &access, json!({ "token": own })).await;
        assert_eq!(twice.refusals("secondFactorEnroll"), ["LINK_TOKEN_INVALID input.token"], "good for once");
        for _ in 0..4 {
            enrol(app, &access, json!({ "password": "een fout wachtwoord" })).await;
        }
        let waits = enrol(app, &access, json!({ "password": PASSWORD })).await;
        assert_eq!(waits.code(), "RATE_LIMITED");
    }

    async fn what_was_not_asked_for_is_not_confirmed(app) {
        verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        assert_eq!(confirm(app, &access, "000000").await.refusals("secondFactorConfirm"), ["SECOND_FACTOR_NOT_ENROLLED"]);
        enrol(app, &access, json!({ "password": PASSWORD })).await.accepted("secondFactorEnroll");
        assert_eq!(confirm(app, &access, "nonsense").await.refusals("secondFactorConfirm"), ["SECOND_FACTOR_INVALID"]);
        // Not confirmed, not asked for.
        sign_in(app, EMAIL, PASSWORD).await.accepted("sessionCreate");
    }
}
