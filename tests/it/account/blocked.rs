//! The rights of a blocked account: reading, appealing, exporting and erasing.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use domain::{Locale, clock::Clock, id::AccountId, local_time, moderation::Block};
use harness::{Answer, TestApp, on_both_databases, operation};
use serde_json::{Value, json};

use super::{
    EMAIL, PASSWORD, block, link, mailed_token, post, post_as, post_document, refresh, sign_in,
    signed_in, text, verified_account,
};

const OWN: &str = "{ viewer { block { until } account { id moderationDecision { id action appealableUntil } } } }";

/// An account that is blocked for a week.
async fn blocked(app: &TestApp) -> AccountId {
    let account = verified_account(app, EMAIL).await;
    let until = app.clock.now() + TimeDelta::days(7);
    block(app, account.id, Block::Until(until)).await;
    account.id
}

async fn own(app: &TestApp, access: &str) -> Answer {
    let authorization = format!("Bearer {access}");
    let (status, _, answer) = post_document(app, &[&authorization], OWN, json!({})).await;
    assert_eq!(status, StatusCode::OK);
    answer
}

async fn rename(app: &TestApp, access: &str) -> Answer {
    let input = json!({ "input": { "displayName": "Een ander" } });
    post_as(app, access, "AccountUpdate", input).await
}

async fn sent(app: &TestApp, path: &str, form: &[(&str, &str)]) -> (StatusCode, String) {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT_LANGUAGE, "nl")
        .body(Body::from(form))
        .expect("a request");
    let response = app.http(request).await;
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    (status, String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

/// The value of a hidden field of a page.
fn hidden(html: &str, name: &str) -> String {
    let (_, rest) = html
        .split_once(&format!("name=\"{name}\" value=\""))
        .expect(name);
    rest.split('"').next().expect("a value").to_owned()
}

on_both_databases! {
    async fn whoever_is_blocked_reads_appeals_exports_and_erases_and_does_nothing_else(app) {
        blocked(app).await;
        let (access, _) = signed_in(app, EMAIL).await;
        let seen = own(app, &access).await;
        let until = app.clock.now() + TimeDelta::days(7);
        let told = text(&seen, "/viewer/block/until");
        assert_eq!(told.parse::<domain::clock::Instant>().expect("a time"), until);
        let decision = seen.data("/viewer/account/moderationDecision").clone();
        assert_eq!(decision["action"], "BLOCK");

        let refused = rename(app, &access).await;
        assert_eq!(refused.refusals("accountUpdate"), ["ACCOUNT_BLOCKED"]);
        let document = "mutation($input: AccountUpdateInput!) { accountUpdate(input: $input) { userErrors { message blockedUntil } } }";
        let input = json!({ "input": { "displayName": "Een ander" } });
        let authorization = format!("Bearer {access}");
        let (_, _, refused) = post_document(app, &[&authorization], document, input).await;
        let error = refused.data("/accountUpdate/userErrors/0");
        assert_eq!(error["blockedUntil"], told.as_str());
        assert!(error["message"].as_str().is_some_and(|message| message.contains("2026") || message.contains("2027")), "{error}");
        let (_, _, refused) = post(app, &[&authorization], "VisitorCreate", json!({})).await;
        assert_eq!(refused.code(), "ACCOUNT_BLOCKED");
        assert_eq!(refused.0["errors"][0]["extensions"]["blockedUntil"], told.as_str());

        let input = json!({ "input": { "decisionId": decision["id"], "statement": "Ik was het niet." } });
        let appealed = post_as(app, &access, "ModerationDecisionAppeal", input).await;
        assert_eq!(appealed.accepted("moderationDecisionAppeal")["case"]["state"], "OPEN");
        let data = post_as(app, &access, "MyData", json!({})).await;
        assert!(data.0.to_string().contains(EMAIL));
        let input = json!({ "input": { "password": PASSWORD, "keepContributions": false } });
        post_as(app, &access, "AccountErase", input).await.accepted("accountErase");
        assert_eq!(sign_in(app, EMAIL, PASSWORD).await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
    }

    async fn a_link_lets_them_in_and_what_they_wrote_goes_with_them(app) {
        let account = verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        let theme = crate::theme::theme(app, "Wonen aan het water").await;
        let input = json!({ "input": { "subjectId": theme["id"], "body": "Morgen meer nieuws.", "language": "nl" } });
        let comment = post_as(app, &access, "CommentAdd", input).await;
        let comment = comment.accepted("commentAdd")["comment"]["id"].clone();
        block(app, account.id, Block::ForGood).await;
        app.run_jobs().await;
        let token = link::asked(app, "SessionLinkRequest", EMAIL).await;
        let input = json!({ "input": { "token": token } });
        let opened = app.send(harness::Persona::Anonymous, "SessionCreateFromLink", input).await;
        opened.accepted("sessionCreateFromLink");
        let access = text(&opened, "/sessionCreateFromLink/session/accessToken");
        assert_eq!(own(app, &access).await.data("/viewer/block"), &json!({ "until": null }));
        let token = link::asked(app, "SessionLinkRequest", EMAIL).await;
        let input = json!({ "input": { "token": token, "keepContributions": false } });
        post_as(app, &access, "AccountErase", input).await.accepted("accountErase");
        let document = "query($id: ID!) { node(id: $id) { ... on Comment { state body } } }";
        let read = app.execute(harness::Persona::Anonymous, document, json!({ "id": comment })).await;
        assert!(!read.0.to_string().contains("Morgen"), "{:#}", read.0);
    }

    async fn a_session_is_limited_for_as_long_as_the_block_holds(app) {
        let account = blocked(app).await;
        let (access, token) = signed_in(app, EMAIL).await;
        assert_eq!(rename(app, &access).await.refusals("accountUpdate"), ["ACCOUNT_BLOCKED"]);
        let renewed = refresh(app, &token).await;
        renewed.accepted("sessionRefresh");
        let access = text(&renewed, "/sessionRefresh/session/accessToken");
        assert_eq!(rename(app, &access).await.refusals("accountUpdate"), ["ACCOUNT_BLOCKED"]);
        block(app, account, Block::Lifted).await;
        rename(app, &access).await.accepted("accountUpdate");
        // And one that ends by itself, to the second.
        let until = app.clock.now() + TimeDelta::minutes(5);
        block(app, account, Block::Until(until)).await;
        let (access, _) = signed_in(app, EMAIL).await;
        app.clock.advance(TimeDelta::minutes(5) - TimeDelta::seconds(1));
        assert_eq!(rename(app, &access).await.refusals("accountUpdate"), ["ACCOUNT_BLOCKED"]);
        app.clock.advance(TimeDelta::seconds(1));
        rename(app, &access).await.accepted("accountUpdate");
    }

    async fn the_mail_leads_to_pages_that_appeal_export_and_erase(app) {
        blocked(app).await;
        app.run_jobs().await;
        let mail = app.mails().pop().expect("a mail");
        assert!(mail.text.contains(&format!("{}/sign-in\n", harness::SITE)), "{}", mail.text);
        let until = local_time::moment(app.clock.now() + TimeDelta::days(7), Locale::Nl);
        assert!(mail.text.contains(&format!("U kunt tot {until} niet meedoen")), "{}", mail.text);
        let request = Request::get("/sign-in").header(header::ACCEPT_LANGUAGE, "nl").body(Body::empty());
        let page = app.http(request.expect("a request")).await;
        assert_eq!(page.status(), StatusCode::OK);
        let (status, html) = sent(app, "/sign-in-link", &[("email", EMAIL)]).await;
        assert!(status == StatusCode::OK && html.contains("Kijk in uw mail"), "{html}");
        let token = mailed_token(app).await;
        let (status, html) = sent(app, "/sign-in", &[("token", &token)]).await;
        assert_eq!(status, StatusCode::OK);
        assert!(html.contains("Uw account is geblokkeerd tot"), "{html}");
        let (access, decision) = (hidden(&html, "access"), hidden(&html, "decision"));

        let long = "a".repeat(1_001);
        let fields = |statement| [("access", access.as_str()), ("decision", decision.as_str()), ("statement", statement)];
        let (_, html) = sent(app, "/blocked-appeal", &fields(&long)).await;
        assert!(html.contains("Gebruik hoogstens 1000 tekens."), "{html}");
        let (_, html) = sent(app, "/blocked-appeal", &fields("Ik was het niet.")).await;
        assert!(html.contains("Uw bezwaar is ontvangen"), "{html}");
        let (status, data) = sent(app, "/blocked-export", &[("access", &access)]).await;
        assert_eq!(status, StatusCode::OK);
        let data: Value = serde_json::from_str(&data).expect("JSON");
        assert_eq!(data["account"][0]["email"], EMAIL);
        let (_, html) = sent(app, "/blocked-password", &[("access", &access)]).await;
        assert!(html.contains("Kijk in uw mail"), "{html}");
        let erase = |password| [("access", access.as_str()), ("password", password)];
        let (_, html) = sent(app, "/blocked-erase", &erase("een fout wachtwoord")).await;
        assert!(html.contains("klopt niet"), "{html}");
        let (_, html) = sent(app, "/blocked-erase", &erase(PASSWORD)).await;
        assert!(html.contains("Uw account is verwijderd"), "{html}");
        let (status, _) = sent(app, "/blocked-export", &[("access", &access)]).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }

    async fn a_mutation_sent_as_an_event_stream_is_refused_as_well(app) {
        blocked(app).await;
        let (access, _) = signed_in(app, EMAIL).await;
        let body = json!({
            "query": operation("AccountUpdate").document,
            "variables": { "input": { "displayName": "Een ander" } },
        });
        let request = Request::post("/graphql/stream")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "text/event-stream")
            .header(header::AUTHORIZATION, format!("Bearer {access}"))
            .body(Body::from(body.to_string()))
            .expect("a request");
        let response = app.http(request).await;
        let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        let events = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        assert!(events.contains("ACCOUNT_BLOCKED") && events.contains("event: complete"), "{events}");
    }
}
