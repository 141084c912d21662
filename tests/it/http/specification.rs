//! The GraphQL specification, as clients meet it at `/graphql`; what concerns validation and
//! execution alone stands beside them (`api/src/graphql/operation`).

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};
use tower::ServiceExt;

/// The answer to a request; its status with it.
async fn post(app: &TestApp, query: &str, variables: Value) -> (StatusCode, Value) {
    let body = json!({ "query": query, "variables": variables }).to_string();
    answer(app, "application/graphql-response+json", body).await
}

async fn answer(app: &TestApp, accept: &str, body: String) -> (StatusCode, Value) {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, accept)
        .body(Body::from(body))
        .expect("a request");
    let response = app.http(request).await;
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20).await;
    let answer = serde_json::from_slice(&bytes.expect("a body")).expect("JSON");
    (status, answer)
}

/// The one event of an operation at `/graphql/stream`.
async fn streamed(router: Router, query: &str) -> String {
    let request = Request::post("/graphql/stream")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::HOST, "localhost")
        .body(Body::from(json!({ "query": query }).to_string()))
        .expect("a request");
    let response = router.oneshot(request).await.expect("an answer");
    let bytes = to_bytes(response.into_body(), 1 << 20).await;
    String::from_utf8(bytes.expect("a body").to_vec()).expect("UTF-8")
}

fn assert_refused(answer: &(StatusCode, Value), about: &str) {
    let (status, answer) = answer;
    assert_eq!(*status, StatusCode::BAD_REQUEST, "{about}: {answer:#}");
    let code = &answer["errors"][0]["extensions"]["code"];
    assert_eq!(code, "BAD_INPUT", "{about}: {answer:#}");
    assert_eq!(answer.get("data"), None, "{about}");
}

on_both_databases! {
    async fn a_comment_that_is_asked_for_twice_is_added_once(app) {
        let theme = crate::theme::theme(app, "Eenmaal").await;
        let document = "mutation($i: CommentAddInput!) { ...A ...B }
            fragment A on Mutation { commentAdd(input: $i) { comment { id } } }
            fragment B on Mutation { commentAdd(input: $i) { comment { body } userErrors { code } } }";
        let input = json!({ "i": { "subjectId": theme["id"], "body": "Een reactie.", "language": "nl" } });
        let answer = app.execute(Persona::Resident, document, input).await;
        let comment = &answer.data("/commentAdd")["comment"];
        assert!(comment["id"].is_string() && comment["body"] == "Een reactie.", "{comment:#}");
        let count = "query($id: ID!) { node(id: $id) { ... on Theme { commentCount } } }";
        let answer = app.execute(Persona::Resident, count, json!({ "id": theme["id"] })).await;
        assert_eq!(answer.data("/node")["commentCount"], 1);
    }

    async fn a_request_tries_one_password(app) {
        let fields = "userErrors { code }";
        for other in ["", "b: "] {
            let document = format!(
                "{{ sessionCreate(input: {{ email: \"a@example.nl\", password: \"x\" }}) {{ {fields} }}
                    ... on Mutation {{ {other}sessionCreate(input: {{ email: \"a@example.nl\", password: \"y\" }}) {{ {fields} }} }} }}"
            );
            let (status, answer) = post(app, &format!("mutation {document}"), Value::Null).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{answer:#}");
            let expected = if other.is_empty() { "BAD_INPUT" } else { "MUTATION_REPEATED" };
            assert_eq!(answer["errors"][0]["extensions"]["code"], expected, "{answer:#}");
        }
    }

    async fn defaults_stand_in_for_what_is_absent(app) {
        let included = "query($x: Boolean = true) { viewer @include(if: $x) { account { id } } }";
        let (_, answer) = post(app, included, json!({})).await;
        assert_eq!(answer["data"], json!({ "viewer": { "account": null } }));
        let (_, answer) = post(app, included, json!({ "x": false })).await;
        assert_eq!(answer, json!({ "data": {} }));
        let figures = "query($d: Int) { a: moderationFigures(days: $d) { decided appealed } b: moderationFigures { decided appealed } }";
        let (status, answer) = post(app, figures, json!({})).await;
        assert_eq!(status, StatusCode::OK, "{answer:#}");
        assert_eq!(answer["data"]["a"], answer["data"]["b"]);
        let (_, answer) = post(app, figures, json!({ "d": null })).await;
        assert_eq!((&answer["data"], &answer["errors"][0]["path"]), (&Value::Null, &json!(["a"])), "{answer:#}");
        assert_refused(&post(app, "query($n: Int! = 3) { stories(first: $n) { totalCount } }", json!({ "n": null })).await, "null");
    }

    async fn an_answer_with_nothing_left_is_an_empty_object(app) {
        let nothing = "{ viewer @skip(if: true) { account { id } } }";
        assert_eq!(post(app, nothing, Value::Null).await, (StatusCode::OK, json!({ "data": {} })));
        let body = json!({ "query": nothing }).to_string();
        assert_eq!(answer(app, "application/json", body).await, (StatusCode::OK, json!({ "data": {} })));
        let (router, _) = app.router(api::http::Limits::default());
        let events = streamed(router, nothing).await;
        assert!(events.starts_with("event: next\ndata: {\"data\":{}}\n\n"), "{events}");
        let (_, answer) = post(app, "{ stories { nodes { id } pageInfo { hasNextPage @skip(if: true) } } }", Value::Null).await;
        assert_eq!(answer["data"]["stories"]["pageInfo"], json!({}));
    }

    async fn values_have_the_type_of_their_variable(app) {
        let (status, answer) = post(app, "query($n: Int) { stories(first: $n) { nodes { id } } }", json!({ "n": 1.0 })).await;
        assert_eq!((status, answer.get("errors")), (StatusCode::OK, None), "{answer:#}");
        for (query, variables, place) in [
            ("query($n: Int) { stories(first: $n) { nodes { id } } }", json!({ "n": "1" }), json!(["n"])),
            ("query($n: Int) { stories(first: $n) { nodes { id } } }", json!({ "n": 1.5 }), json!(["n"])),
            ("query($i: [ID!]!) { nodes(ids: $i) { id } }", json!({ "i": ["a", null] }), json!(["i", "1"])),
            ("query($i: [ID!]!) { nodes(ids: $i) { id } }", json!({ "i": [{}] }), json!(["i", "0"])),
            ("query($i: [ID!]!) { nodes(ids: $i) { id } }", json!({}), json!(["i"])),
            ("mutation($i: CommentAddInput!) { commentAdd(input: $i) { userErrors { code } } }",
             json!({ "i": { "subjectId": "x", "body": "x", "language": "nl", "nope": 1 } }), json!(["i", "nope"])),
            ("mutation($i: CommentAddInput!) { commentAdd(input: $i) { userErrors { code } } }",
             json!({ "i": { "subjectId": "x" } }), json!(["i", "body"])),
            ("mutation($i: SessionRevokeInput!) { sessionRevoke(input: $i) { userErrors { code } } }", json!({ "i": {} }), json!(["i"])),
        ] {
            let answer = post(app, query, variables).await;
            assert_refused(&answer, query);
            assert_eq!(answer.1["errors"][0]["extensions"]["field"], place, "{query}");
        }
    }

    async fn more_than_ten_errors_are_counted(app) {
        let fields: Vec<_> = (0..13).map(|alias| format!("a{alias}: nodes(ids: [\"bad\"]) {{ id }} ")).collect();
        let fields = fields.concat();
        let failing = format!("{{ {fields} }}");
        let (_, answer) = post(app, &failing, Value::Null).await;
        let told = answer["errors"].as_array().map_or(0, Vec::len);
        assert_eq!((told, &answer["extensions"]["errorsOmitted"]), (10, &json!(3)), "{answer:#}");
        let unknown: Vec<_> = (0..12).map(|field| format!("nope{field} ")).collect();
        let unknown = unknown.concat();
        let (_, answer) = post(app, &format!("{{ {unknown} }}"), Value::Null).await;
        assert_eq!(answer["errors"].as_array().map_or(0, Vec::len), 10);
        assert_eq!(answer["extensions"]["errorsOmitted"], 2, "{answer:#}");
    }

    async fn what_is_valid_is_taken_and_what_is_not_is_refused(app) {
        for valid in [
            "{ node(id: \"\\u{1F600}\") { id } }",
            "{ node(id: \"\\uD83D\\uDE00\") { id } }",
            "query($i: [ ID! ]! = []) { nodes(ids: $i) { id } }",
            "query($i: [ # of these\n ID! ]! = []) { nodes(ids: $i) { id } }",
            "query($x: Boolean! = true) { __typename @include(if: $x) }",
            "{ stories(first: -0) { nodes { id } } }",
        ] {
            let (status, answer) = post(app, valid, json!({})).await;
            assert_eq!(status, StatusCode::OK, "{valid}: {answer:#}");
        }
        for invalid in [
            "query($n: [Nope!] = 1) { __typename }",
            "{ __typename(a: 1) }",
            "{ __typename @nope }",
            "query($n: String) { stories(first: $n) { nodes { id } } }",
            "{ stories(sort: \"NEWEST\") { nodes { id } } }",
            "mutation { sessionRevoke(input: { refreshToken: \"a\", refreshToken: \"b\" }) { userErrors { code } } }",
        ] {
            assert_refused(&post(app, invalid, json!({})).await, invalid);
        }
        let two = json!({ "query": "query A { __typename } query B { viewer { account { id } } }", "operationName": "A" });
        let (_, chosen) = answer(app, "application/json", two.to_string()).await;
        assert_eq!(chosen, json!({ "data": { "__typename": "Query" } }));
    }
}
