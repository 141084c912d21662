//! What arrives at `/graphql` that is not a good request.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use harness::{TestApp, on_both_databases};
use serde_json::Value;

async fn post(app: &TestApp, body: impl Into<Body>) -> (StatusCode, Value) {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into())
        .expect("a request");
    let response = app.http(request).await;
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    (
        status,
        serde_json::from_slice(&bytes).expect("an answer in JSON"),
    )
}

on_both_databases! {
    async fn a_body_that_is_not_a_request_is_refused(app) {
        for body in ["", "nonsense", "{}", "{\"query\": 1}", "{\"query\": \"{ __typename }\", \"variables\": []}"] {
            let (status, answer) = post(app, body).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{body}");
            assert_eq!(answer.get("data"), None, "{body}");
        }
    }

    async fn a_body_over_256_kib_is_refused(app) {
        let fits = format!("{{\"query\": \"{{ __typename }}\", \"x\": \"{}\"}}", "x".repeat(255 * 1024));
        let (status, answer) = post(app, fits).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(answer["data"]["__typename"], "Query");
        let (status, answer) = post(app, "x".repeat(256 * 1024 + 1)).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BODY_TOO_LARGE");
    }
}
