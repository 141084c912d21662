//! Anything in every argument: what a client sends is answered or refused, and is never a fault of
//! ours nor an absent database.

mod cursor;
mod draw;

use apollo_compiler::{Schema, ast::FieldDefinition, validation::Valid};
use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use harness::{Chance, Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::{comment::comment, embed::embed, moderation::report, poll::poll, theme::theme};
use draw::{Draw, Drawn};

/// The requests for each field.
const QUERIES: usize = 24;
const MUTATIONS: usize = 12;

fn schema() -> Valid<Schema> {
    Schema::parse_and_validate(api::graphql::sdl(), "schema.graphql").expect("a valid schema")
}

fn fields(schema: &Schema, root: &str) -> Vec<FieldDefinition> {
    let object = schema.get_object(root).expect("a root");
    let fields = object.fields.values();
    fields.map(|field| FieldDefinition::clone(field)).collect()
}

/// Fills the lists with an item or two.
async fn fill(app: &TestApp) {
    for title in ["Water", "Wonen"] {
        let theme = theme(app, title).await;
        poll(app, json!({ "themeIds": [theme["id"]] })).await;
        for body in ["Schoon water.", "Scheldwoord."] {
            let posted = comment(app, Persona::Resident, &theme, body).await;
            report(app, Persona::Neighbour, &posted, "OFFENSIVE").await;
        }
    }
    embed(app, json!({})).await;
}

/// Fails where one of the errors is not the client's.
fn assert_no_fault(answer: &Value, drawn: &Drawn, whose: &str) {
    for error in answer["errors"].as_array().into_iter().flatten() {
        let code = error["extensions"]["code"].as_str().unwrap_or_default();
        assert!(
            !matches!(code, "INTERNAL" | "UNAVAILABLE" | ""),
            "{whose}: {error:#}\n{drawn:#?}"
        );
    }
}

/// Sends a request as nobody over HTTP; its answer, which is no 5xx.
async fn post(app: &TestApp, drawn: &Drawn, whose: &str) -> Value {
    let body = json!({ "query": drawn.document, "variables": drawn.variables });
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .expect("a request");
    let response = app.http(request).await;
    let status = response.status();
    assert!(!status.is_server_error(), "{whose}: {status}\n{drawn:#?}");
    let bytes = to_bytes(response.into_body(), 1 << 24)
        .await
        .expect("a body");
    serde_json::from_slice(&bytes).expect("JSON")
}

async fn send(app: &TestApp, persona: Persona, drawn: &Drawn, whose: &str) -> Value {
    let answer = if persona == Persona::Anonymous {
        post(app, drawn, whose).await
    } else {
        let variables = Value::Object(drawn.variables.clone());
        app.execute(persona, &drawn.document, variables).await.0
    };
    assert_no_fault(&answer, drawn, whose);
    answer
}

/// Asks for every field of a root as everyone, each so many times.
async fn ask(app: &TestApp, root: &str, times: usize) {
    fill(app).await;
    let schema = schema();
    let (chance, seed) = Chance::new();
    let mut draw = Draw::new(&schema, chance);
    for field in fields(&schema, "Query") {
        if field
            .arguments
            .iter()
            .any(|argument| argument.is_required())
        {
            continue;
        }
        for _ in 0..4 {
            let drawn = draw.document("query", &field, true);
            let whose = format!("JIJ_TEST_SEED={seed}, {}", field.name);
            let answer = send(app, Persona::Moderator, &drawn, &whose).await;
            draw.learn(&answer);
        }
    }
    assert!(draw.known.len() > 20, "{:?}", draw.known);
    let operation = root.to_lowercase();
    for field in fields(&schema, root) {
        for _ in 0..times {
            let persona = *draw.chance.one_of(&Persona::ALL);
            let drawn = draw.document(&operation, &field, false);
            let whose = format!("JIJ_TEST_SEED={seed}, {} as {persona:?}", field.name);
            let answer = send(app, persona, &drawn, &whose).await;
            draw.learn(&answer);
        }
    }
}

on_both_databases! {
    async fn no_argument_of_a_query_is_a_fault_of_ours(app) {
        ask(app, "Query", QUERIES).await;
    }

    async fn no_argument_of_a_mutation_is_a_fault_of_ours(app) {
        ask(app, "Mutation", MUTATIONS).await;
    }

    async fn a_slug_with_a_nul_is_nobodys(app) {
        for field in ["poll", "story", "storySeries", "theme", "partner"] {
            let document = format!("query($slug: String!) {{ {field}(slug: $slug) {{ id }} }}");
            let answer = app.execute(Persona::Anonymous, &document, json!({ "slug": "water\0" })).await;
            assert_eq!(answer.data(""), &json!({ field: null }));
        }
        let document = "query($filter: StoryFilter!) { stories(filter: $filter) { totalCount } }";
        for member in ["themeSlug", "municipalityCode", "language"] {
            let variables = json!({ "filter": { member: "nl\0" } });
            let answer = app.execute(Persona::Anonymous, document, variables).await;
            assert_eq!(answer.data("/stories/totalCount"), 0, "{member}");
        }
    }

    async fn no_address_is_a_fault_of_ours(app) {
        for part in ["%00", "water%00", "%FF", "%C3%28", "%F4%90%80%80", "..%2F", &"a".repeat(5_000)] {
            for address in [
                format!("/p/{part}"),
                format!("/p/{part}?vraag={part}"),
                format!("/polls/{part}/questions/1.svg"),
                format!("/polls/water/questions/{part}"),
                format!("/present/{part}"),
                format!("/present/{part}/remote"),
                format!("/present/{part}/qr.svg"),
                format!("/embed/{part}"),
                format!("/join/{part}"),
                format!("/join?code={part}"),
                format!("/oembed?url=https%3A%2F%2Fjij.example%2Fp%2F{part}"),
                format!("/verify-email?token={part}"),
                format!("/graphql?query=%7B__typename%7D&variables={part}"),
            ] {
                let request = Request::get(&address).body(Body::empty()).expect("a request");
                let status = app.http(request).await.status();
                assert!(!status.is_server_error(), "{address}: {status}");
            }
        }
    }
}
