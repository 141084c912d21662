//! The page that the link in a mail leads to.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use harness::{TestApp, on_both_databases};

use super::{EMAIL, PASSWORD, mailed_token, register, registration, sign_in};

async fn open(app: &TestApp, query: &str, language: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(format!("/verify-email{query}"))
        .header(header::ACCEPT_LANGUAGE, language)
        .body(Body::empty())
        .expect("a request");
    read(app, request).await
}

async fn press(app: &TestApp, token: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::post("/verify-email")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("token={token}")))
        .expect("a request");
    read(app, request).await
}

async fn read(app: &TestApp, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let (head, body) = app.http(request).await.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.expect("a body");
    let html = String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (head.status, head.headers, html)
}

on_both_databases! {
    async fn opening_the_page_changes_nothing_and_its_button_verifies(app) {
        register(app, registration(EMAIL)).await.accepted("accountRegister");
        let token = mailed_token(app).await;
        for _ in 0..2 {
            let (status, headers, html) = open(app, &format!("?token={token}"), "nl").await;
            assert_eq!(status, StatusCode::OK);
            assert!(html.contains("<html lang=\"nl\">") && html.contains(&format!("value=\"{token}\"")), "{html}");
            assert!(html.contains("<button type=\"submit\">Bevestigen</button>"), "{html}");
            assert!(!html.contains('{') && !html.contains("<script"), "{html}");
            assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
            assert_eq!(headers[header::CACHE_CONTROL], "private, no-store");
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
            assert!(policy.starts_with("default-src 'none'"), "{policy}");
        }
        assert_eq!(sign_in(app, EMAIL, PASSWORD).await.refusals("sessionCreate"), ["EMAIL_NOT_VERIFIED"]);
        let token = mailed_token(app).await;
        let (status, _, html) = press(app, &token).await;
        assert_eq!(status, StatusCode::OK);
        assert!(html.contains("Uw e-mailadres is bevestigd"), "{html}");
        sign_in(app, EMAIL, PASSWORD).await.accepted("sessionCreate");
        let (status, _, html) = press(app, &token).await;
        assert_eq!(status, StatusCode::GONE);
        assert!(html.contains("Deze link werkt niet meer"), "{html}");
    }

    async fn the_page_speaks_english_to_who_asks_for_it(app) {
        let (status, headers, html) = open(app, "?token=abc", "de, en-GB;q=0.8").await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[header::CONTENT_LANGUAGE], "en");
        assert!(html.contains("<html lang=\"en\">") && html.contains("Confirm your e-mail address"), "{html}");
    }

    async fn what_is_no_token_is_not_shown(app) {
        let long = format!("?token={}", "a".repeat(101));
        for query in ["", "?token=", "?token=%3Cscript%3E", "?token=%22%20autofocus", &long] {
            let (status, _, html) = open(app, query, "nl").await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{query}");
            assert!(!html.contains("<script") && !html.contains("autofocus") && !html.contains("aaaa"), "{html}");
        }
        let (status, _, _) = press(app, "%3Cscript%3E").await;
        assert_eq!(status, StatusCode::GONE);
        let (status, _, _) = press(app, &"a".repeat(5_000)).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    }
}
