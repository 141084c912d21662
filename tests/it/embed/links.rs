//! What a link to a poll becomes elsewhere, and the script that shows an embed.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{embed, http};
use crate::poll;

async fn oembed(app: &TestApp, query: &str) -> (StatusCode, Value) {
    let request = Request::get(format!("/oembed?{query}"))
        .body(Body::empty())
        .expect("a request");
    http(app, request).await
}

fn encoded(url: &str) -> String {
    url.replace(':', "%3A").replace('/', "%2F")
}

on_both_databases! {
    async fn a_pasted_link_becomes_the_poll(app) {
        let (made, poll, _) = embed(app, json!({})).await;
        let url = made["url"].as_str().expect("an address");
        let (status, answer) = oembed(app, &format!("url={}&format=json&maxwidth=320", encoded(url))).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!((&answer["type"], &answer["version"]), (&json!("rich"), &json!("1.0")));
        assert_eq!(answer["title"], "Zwemmen in de kanalen");
        assert_eq!((&answer["width"], &answer["height"]), (&json!(320), &json!(600)));
        assert_eq!(answer["provider_url"], "https://jij.example");
        let html = answer["html"].as_str().expect("HTML");
        assert!(html.starts_with("<iframe ") && html.contains(url), "{html}");
        assert!(html.contains("width=\"320\" height=\"600\""), "{html}");
        let slug = poll["slug"].as_str().expect("a slug");
        let page = format!("https://jij.example/p/{slug}");
        let (status, answer) = oembed(app, &format!("url={}", encoded(&page))).await;
        assert_eq!(status, StatusCode::OK);
        let html = answer["html"].as_str().expect("HTML");
        assert!(html.contains(&format!("href=\"{page}\"")), "{html}");
    }

    async fn what_is_not_ours_or_not_known_is_not_found(app) {
        let (made, _, _) = embed(app, json!({})).await;
        let url = made["url"].as_str().expect("an address");
        let draft = poll::poll(app, json!({ "opensAt": null })).await;
        let draft = format!("https://jij.example/p/{}", draft["slug"].as_str().expect("a slug"));
        for (query, expected) in [
            (String::new(), StatusCode::BAD_REQUEST),
            (format!("url={}&maxwidth=breed", encoded(url)), StatusCode::BAD_REQUEST),
            (format!("url={}&format=xml", encoded(url)), StatusCode::NOT_IMPLEMENTED),
            (format!("url={}", encoded("https://elders.example/p/a")), StatusCode::NOT_FOUND),
            (format!("url={}", encoded("https://jij.example/p/onbekend")), StatusCode::NOT_FOUND),
            (format!("url={}", encoded(&draft)), StatusCode::NOT_FOUND),
        ] {
            assert_eq!(oembed(app, &query).await.0, expected, "{query}");
        }
        let input = json!({ "input": { "embedId": made["id"] } });
        app.send(Persona::Resident, "EmbedRevoke", input).await.accepted("embedRevoke");
        assert_eq!(oembed(app, &format!("url={}", encoded(url))).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_script_is_sent_once_and_compressed() {
    let app = TestApp::start(harness::DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let get = async |name: header::HeaderName, value: &str| {
        let request = Request::get("/embed.js").header(name, value);
        app.http(request.body(Body::empty()).expect("a request"))
            .await
    };
    let plain = get(header::ACCEPT, "*/*").await;
    assert_eq!(plain.status(), StatusCode::OK);
    let headers = plain.headers().clone();
    assert_eq!(
        headers[header::CONTENT_TYPE],
        "text/javascript; charset=utf-8"
    );
    assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
    assert!(headers.get(header::SET_COOKIE).is_none());
    let tag = headers[header::ETAG].to_str().expect("a tag").to_owned();
    let text = axum::body::to_bytes(plain.into_body(), 1 << 20)
        .await
        .expect("a body");
    let compressed = get(header::ACCEPT_ENCODING, "gzip, br").await;
    assert_eq!(compressed.headers()[header::CONTENT_ENCODING], "br");
    let bytes = axum::body::to_bytes(compressed.into_body(), 1 << 20)
        .await
        .expect("a body");
    assert!(
        bytes.len() < text.len() / 2,
        "{} of {}",
        bytes.len(),
        text.len()
    );
    let known = get(header::IF_NONE_MATCH, &tag).await;
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    app.end().await;
}
