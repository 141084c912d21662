//! GraphQL over HTTP where npm's audits do not look: methods, forms, caching, other sites.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use harness::{TestApp, on_both_databases};
use serde_json::{Value, json};

/// `{__typename}`, as an address has it.
const TYPENAME: &str = "/graphql?query=%7B__typename%7D";
const MODERN: (header::HeaderName, &str) = (header::ACCEPT, "application/graphql-response+json");
const JSON: (header::HeaderName, &str) = (header::CONTENT_TYPE, "application/json");

struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Got {
    fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("text"))
            .unwrap_or_default()
    }

    fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default()
    }
}

async fn send(
    app: &TestApp,
    method: Method,
    address: &str,
    headers: &[(header::HeaderName, &str)],
    body: impl Into<Body>,
) -> Got {
    let mut request = Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let request = request.body(body.into()).expect("a request");
    let response = app.http(request).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    Got {
        status: parts.status,
        headers: parts.headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}

async fn get(app: &TestApp, address: &str, headers: &[(header::HeaderName, &str)]) -> Got {
    send(app, Method::GET, address, headers, Body::empty()).await
}

async fn post(app: &TestApp, headers: &[(header::HeaderName, &str)], body: &Value) -> Got {
    send(app, Method::POST, "/graphql", headers, body.to_string()).await
}

on_both_databases! {
    async fn each_method_has_its_operations(app) {
        let mutation = "/graphql?query=mutation%7BvisitorCreate%7BaccessToken%7D%7D";
        for (method, address, status, allow) in [
            (Method::GET, TYPENAME, StatusCode::OK, ""),
            (Method::HEAD, TYPENAME, StatusCode::OK, ""),
            (Method::GET, mutation, StatusCode::METHOD_NOT_ALLOWED, "POST"),
            (Method::GET, "/graphql?query=subscription%7BpollUpdated(pollId:1)%7Bid%7D%7D", StatusCode::METHOD_NOT_ALLOWED, "POST"),
            (Method::PUT, TYPENAME, StatusCode::METHOD_NOT_ALLOWED, "GET, POST"),
            (Method::DELETE, TYPENAME, StatusCode::METHOD_NOT_ALLOWED, "GET, POST"),
            (Method::GET, "/graphql", StatusCode::BAD_REQUEST, ""),
        ] {
            let got = send(app, method.clone(), address, &[], Body::empty()).await;
            assert_eq!(got.status, status, "{method} {address}");
            assert_eq!(got.header(header::ALLOW), allow, "{method} {address}");
        }
        let subscription = json!({ "query": "subscription { pollUpdated(pollId: \"x\") { id } }" });
        let got = post(app, &[JSON, MODERN], &subscription).await;
        assert_eq!((got.status, got.code()), (StatusCode::BAD_REQUEST, "SUBSCRIPTION_NOT_HERE"));
    }

    async fn what_was_not_executed_has_no_data(app) {
        for (query, code) in [
            ("{", "BAD_INPUT"),
            ("{ nothing }", "BAD_INPUT"),
            ("query A { __typename } query B { __typename }", "BAD_INPUT"),
            ("query($id: ID!) { node(id: $id) { id } }", "BAD_INPUT"),
            ("{ __schema { types { name } } }", "INTROSPECTION_DISABLED"),
            ("{ stories(first: 100) { nodes { comments(first: 100) { nodes { body author { displayName } } } } } }", "COST_LIMIT_EXCEEDED"),
        ] {
            let body = json!({ "query": query });
            let modern = post(app, &[JSON, MODERN], &body).await;
            assert_eq!((modern.status, modern.code()), (StatusCode::BAD_REQUEST, code), "{query}: {:#}", modern.body);
            assert_eq!(modern.header(header::CONTENT_TYPE), "application/graphql-response+json; charset=utf-8");
            let plain = post(app, &[JSON], &body).await;
            assert_eq!((plain.status, plain.code()), (StatusCode::OK, code), "{query}");
            for got in [modern, plain] {
                assert_eq!(got.body.get("data"), None, "{query}");
                assert_eq!(got.header(header::CACHE_CONTROL), "private, no-store");
            }
        }
        // Executed, though all of it failed.
        let failed = post(app, &[JSON, MODERN], &json!({ "query": "{ node(id: \"x\") { id } }" })).await;
        assert_eq!((failed.status, failed.code()), (StatusCode::OK, "BAD_INPUT"));
        assert_eq!(failed.body["data"], json!({ "node": null }));
    }

    async fn only_json_is_read_and_only_known_forms_are_given(app) {
        let body = json!({ "query": "{ __typename }" });
        for media in ["text/plain", "application/graphql", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"] {
            let got = post(app, &[(header::CONTENT_TYPE, media)], &body).await;
            assert_eq!((got.status, got.code()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "NOT_JSON"), "{media}");
        }
        let got = post(app, &[JSON, (header::ACCEPT, "text/html")], &body).await;
        assert_eq!((got.status, got.code()), (StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE"));
        let got = post(app, &[JSON], &json!([body])).await;
        assert_eq!((got.status, got.code()), (StatusCode::BAD_REQUEST, "BATCH_REFUSED"));
        let more = json!({ "query": "{ __typename }", "operationName": "", "variables": null, "extensions": null, "unknown": 1 });
        assert_eq!(post(app, &[JSON], &more).await.body, json!({ "data": { "__typename": "Query" } }));
        let got = post(app, &[JSON, (header::AUTHORIZATION, "Bearer x"), MODERN], &body).await;
        assert_eq!((got.status, got.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
    }

    async fn what_everyone_sees_may_be_kept(app) {
        let polls = "/graphql?query=%7Bpolls%7Bnodes%7Bid%20title%7D%7D%7D";
        let first = get(app, polls, &[]).await;
        assert_eq!(first.header(header::CACHE_CONTROL), "public, max-age=10", "{:#}", first.body);
        let vary = first.header(header::VARY).to_owned();
        for name in ["Accept", "Accept-Language", "Authorization", "Origin"] {
            assert!(vary.contains(name), "{vary}");
        }
        let tag = first.header(header::ETAG).to_owned();
        let again = get(app, polls, &[(header::IF_NONE_MATCH, &tag)]).await;
        assert_eq!((again.status, &again.body), (StatusCode::NOT_MODIFIED, &Value::Null));
        assert_eq!(again.header(header::ETAG), tag);
        crate::http::poll(app, 1, 2).await;
        let changed = get(app, polls, &[(header::IF_NONE_MATCH, &tag)]).await;
        assert_eq!(changed.status, StatusCode::OK);
        assert_ne!(changed.header(header::ETAG), tag);

        let token = format!("Bearer {}", crate::http::visitor(app).await);
        let own = get(app, polls, &[(header::AUTHORIZATION, &token)]).await;
        let personal = get(app, "/graphql?query=%7Bpolls%7Bnodes%7BviewerCanVote%7D%7D%7D", &[]).await;
        let viewer = get(app, "/graphql?query=%7Bpolls%7Bnodes%7Bid%7D%7Dviewer%7Baccount%7Bid%7D%7D%7D", &[]).await;
        let failed = get(app, "/graphql?query=%7Bpolls(first:101)%7Bnodes%7Bid%7D%7D%7D", &[]).await;
        let posted = post(app, &[JSON], &json!({ "query": "{ polls { nodes { id } } }" })).await;
        for got in [own, personal, viewer, failed, posted] {
            assert_eq!(got.header(header::CACHE_CONTROL), "private, no-store", "{:#}", got.body);
            assert_eq!(got.header(header::ETAG), "");
        }
    }

    async fn pages_of_allowed_sites_may_read_answers(app) {
        let ours = (header::ORIGIN, harness::SITE);
        let got = get(app, TYPENAME, &[ours]).await;
        assert_eq!(got.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), harness::SITE);
        assert_eq!(got.header(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "");
        let asked = (header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
        let preflight = send(app, Method::OPTIONS, "/graphql", &[(header::ORIGIN, harness::SITE), asked], Body::empty()).await;
        assert_eq!(preflight.status, StatusCode::NO_CONTENT);
        assert!(preflight.header(header::ACCESS_CONTROL_ALLOW_HEADERS).contains("content-type"));
        for elsewhere in ["https://elders.example", "null"] {
            let asked = (header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
            let got = send(app, Method::OPTIONS, "/graphql", &[(header::ORIGIN, elsewhere), asked], Body::empty()).await;
            assert_eq!(got.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "", "{elsewhere}");
            assert_ne!(got.status, StatusCode::NO_CONTENT);
        }
    }

    async fn every_answer_tells_browsers_to_be_careful(app) {
        for address in [TYPENAME, "/graphql", "/livez", "/graphiql", "/moderate", "/verify-email?token=x", "/nowhere"] {
            let got = get(app, address, &[]).await;
            assert_eq!(got.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{address}");
            assert_eq!(got.header(header::REFERRER_POLICY), "no-referrer", "{address}");
            assert!(got.header(header::CONTENT_SECURITY_POLICY).starts_with("default-src 'none'"), "{address}");
            assert_eq!(got.header(header::SET_COOKIE), "", "{address}");
        }
    }

    async fn the_cost_is_told_where_it_is_asked_for(app) {
        let body = json!({ "query": "{ polls(first: 3) { nodes { id } } }" });
        let got = post(app, &[JSON], &body).await;
        assert_eq!(got.body.get("extensions"), None);
        let cost = header::HeaderName::from_static("graphql-cost");
        let got = post(app, &[JSON, (cost, "1")], &body).await;
        assert_eq!(got.body["extensions"]["cost"], json!({ "requested": 7, "limit": 20_000 }));
        assert_eq!(got.header("x-request-id").len(), 43);
    }

    async fn at_most_ten_errors_come_back(app) {
        let fields: Vec<String> = (0..30).map(|number| format!("field{number}")).collect();
        let fields = fields.join(" ");
        let got = post(app, &[JSON], &json!({ "query": format!("{{ {fields} }}") })).await;
        assert_eq!(got.body["errors"].as_array().map(Vec::len), Some(10));
    }
}
