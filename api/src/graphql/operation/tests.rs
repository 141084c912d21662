mod hostile;
mod plans;

use domain::clock::{Clock, SystemClock};
use domain::{
    Member, Role, Roles,
    id::{AccountId, SessionId},
};
use serde_json::{Value, json};

use super::*;

/// A schema whose every object has every field.
const SDL: &str = r"
    directive @once on FIELD_DEFINITION
    interface Any { a(first: Int, last: Int, ids: [ID!]): Query }
    union Either = Query | Other
    type Query implements Any {
        a(first: Int, last: Int, ids: [ID!]): Query
        b(first: Int, last: Int, ids: [ID!]): Query
        c(first: Int, last: Int, ids: [ID!]): Query
        leaf: Int
        cursor: Int
        edges: [Query]
        node: Query
        nodes: [Query]
        any: Any
        either: Either
        contributionScreening: Query
        sessionCreate: Query
        poll(slug: String): Poll
        viewer: Query
    }
    type Other implements Any { a(first: Int, last: Int, ids: [ID!]): Query leaf: Int }
    type Poll { title: String viewerCanVote: Boolean questions: [Question!]! }
    type Question { options: [Option!]! results: Results }
    type Results { options: [OptionResults!]! }
    type OptionResults { option: Option! voterCount: Int share: Float distribution: [Count!]! }
    type Option { id: ID label: String }
    type Count { value: Int count: Int }
    type Mutation { sessionCreate: Query @once ballotCast: Query @once commentAdd: Query }
";

fn documents() -> Documents {
    documents_by(Rules::default())
}

fn documents_by(rules: Rules) -> Documents {
    Documents::of(rules, Arc::new(Definitions::read(SDL).unwrap()))
}

const NOBODY: Actor = Actor::Visitor(None);

fn member() -> Actor {
    let now = SystemClock.now();
    Actor::Member(Member {
        id: AccountId::new(now),
        session: SessionId::new(now),
        roles: Roles::new([Role::Resident]),
    })
}

fn sent(value: Value) -> GraphqlRequest {
    serde_json::from_value(value).unwrap()
}

fn code(documents: &Documents, actor: &Actor, value: Value) -> &'static str {
    match documents.prepare(sent(value), actor) {
        Ok(_) => "",
        Err(refusal) => refusal.code,
    }
}

fn cost(query: &str, variables: &Value) -> u64 {
    let request = sent(json!({ "query": query, "variables": variables }));
    documents().prepare(request, &NOBODY).unwrap().cost
}

#[test]
fn what_stands_below_a_list_costs_as_often_as_it_has_items() {
    for (query, variables, expected) in [
        ("{ leaf b { leaf } }", json!({}), 3),
        (
            "{ a(first: 7) { edges { node { leaf } } } }",
            json!({}),
            1 + 7 * 3,
        ),
        ("{ a { edges { node { leaf } } } }", json!({}), 1 + 20 * 3),
        (
            "{ a(first: null) { nodes { leaf } } }",
            json!({}),
            1 + 20 * 2,
        ),
        ("{ a(first: 0) { nodes { leaf } } }", json!({}), 3),
        (
            "query($n: Int) { a(first: $n) { nodes { leaf } } }",
            json!({ "n": 3 }),
            1 + 3 * 2,
        ),
        (
            "query($n: Int = 4) { a(last: $n) { nodes { leaf } } }",
            json!({}),
            1 + 4 * 2,
        ),
        (
            "query($n: Int) { a(last: $n) { nodes { leaf } } }",
            json!({}),
            1 + 20 * 2,
        ),
        (
            "query($i: [ID!]!) { a(ids: $i) { leaf } }",
            json!({ "i": ["x", "y"] }),
            3,
        ),
        ("{ a(ids: [\"x\", \"y\", \"z\"]) { leaf } }", json!({}), 4),
        (
            "{ a { ...F } } fragment F on Query { ... on Any { ... on Query { edges { cursor } } } }",
            json!({}),
            1 + 20 * 2,
        ),
        (
            "{ a(first: 100) { nodes { b(first: 50) { nodes { leaf } } } } }",
            json!({}),
            1 + 100 * (1 + 1 + 50 * 2),
        ),
        // What is merged is executed once, and what is left out not at all.
        (
            "{ b { leaf } ... { b { leaf } } b { leaf @skip(if: true) } }",
            json!({}),
            2,
        ),
        // Of several types, the heaviest counts.
        (
            "{ either { ... on Query { a { leaf } leaf } ... on Other { leaf } } }",
            json!({}),
            4,
        ),
        ("{ any { a { leaf } ... on Query { leaf } } }", json!({}), 4),
    ] {
        assert_eq!(cost(query, &variables), expected, "{query}");
    }
}

#[test]
fn lists_that_nobody_bounds_are_weighed_too() {
    assert_eq!(
        cost(
            "{ poll { questions { options { id label } } } }",
            &json!({})
        ),
        1 + 1 + 5 * (1 + 10 * 2)
    );
    let poll = "poll(slug: \"x\") { questions { results { options { \
                option { id label } voterCount share distribution { value count } } } } }";
    let aliases: Vec<String> = (0..30).map(|alias| format!("a{alias}: {poll}")).collect();
    let request = json!({ "query": format!("{{ {} }}", aliases.join(" ")) });
    let refused = code(&documents(), &NOBODY, request);
    assert_eq!(refused, "COST_LIMIT_EXCEEDED");
}

#[test]
fn what_costs_or_nests_too_much_is_refused() {
    let documents = documents();
    for (query, expected) in [
        (
            "{ a(first: 1000000) { nodes { leaf } } }",
            "COST_LIMIT_EXCEEDED",
        ),
        (
            "{ a(first: 2147483647) { b(first: 2147483647) { c(first: 2147483647) { leaf } } } }",
            "COST_LIMIT_EXCEEDED",
        ),
        (
            "{ a: contributionScreening { leaf } b: contributionScreening { leaf } }",
            "",
        ),
        (
            "{ a: contributionScreening { leaf } ...F } fragment F on Query { \
             b: contributionScreening { leaf } c: contributionScreening { leaf } \
             d: contributionScreening { leaf } }",
            "COST_LIMIT_EXCEEDED",
        ),
        ("{a{a{a{a{a{a{a{a{a{a{a{a{a{a{leaf}}}}}}}}}}}}}}}", ""),
        (
            "{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{leaf}}}}}}}}}}}}}}}}",
            "DEPTH_LIMIT_EXCEEDED",
        ),
        (
            "{a{a{a{a{a{a{a{...F}}}}}}}} fragment F on Query {a{a{a{a{a{a{a{a{leaf}}}}}}}}}",
            "DEPTH_LIMIT_EXCEEDED",
        ),
    ] {
        assert_eq!(
            code(&documents, &NOBODY, json!({ "query": query })),
            expected,
            "{query}"
        );
    }
}

#[test]
fn the_operation_that_is_meant_is_weighed() {
    let documents = documents();
    let query = "query A { leaf } query B { a(first: 100000) { nodes { leaf } } }";
    for (name, expected) in [
        (json!("A"), ""),
        (json!("B"), "COST_LIMIT_EXCEEDED"),
        (json!("C"), "BAD_INPUT"),
        (json!(""), "BAD_INPUT"),
        (json!(null), "BAD_INPUT"),
    ] {
        let request = json!({ "query": query, "operationName": name });
        assert_eq!(code(&documents, &NOBODY, request), expected, "{name}");
    }
    let only = documents.prepare(sent(json!({ "query": "query A { leaf }" })), &NOBODY);
    assert_eq!(only.unwrap().name.as_deref(), Some("A"));
    let other = json!({ "query": "{ leaf }", "operationName": "A" });
    assert_eq!(code(&documents, &NOBODY, other), "BAD_INPUT");
}

#[test]
fn a_field_that_stands_alone_is_asked_for_once() {
    let documents = documents();
    for (query, expected) in [
        ("mutation { sessionCreate { leaf } }", ""),
        (
            "mutation { sessionCreate { leaf } sessionCreate { cursor } }",
            "",
        ),
        (
            "mutation { a: sessionCreate { leaf } b: sessionCreate { leaf } }",
            "MUTATION_REPEATED",
        ),
        (
            "mutation { ballotCast { leaf } ...F } fragment F on Mutation { ... { b: ballotCast { leaf } } }",
            "MUTATION_REPEATED",
        ),
        (
            "mutation { ballotCast { leaf } b: ballotCast @skip(if: true) { leaf } }",
            "",
        ),
        (
            "mutation { a: commentAdd { leaf } b: commentAdd { leaf } }",
            "",
        ),
        (
            "query { a: sessionCreate { leaf } b: sessionCreate { leaf } }",
            "",
        ),
    ] {
        assert_eq!(
            code(&documents, &NOBODY, json!({ "query": query })),
            expected,
            "{query}"
        );
    }
}

#[test]
fn the_schema_is_told_to_whom_the_setting_says() {
    let of = |introspection| {
        documents_by(Rules {
            introspection,
            ..Rules::default()
        })
    };
    let query =
        json!({ "query": "{ leaf ...F } fragment F on Query { s: __schema { types { name } } }" });
    let refused = "INTROSPECTION_DISABLED";
    for (audience, nobody, someone) in [
        (Audience::Everyone, "", ""),
        (Audience::SignedIn, refused, ""),
        (Audience::Nobody, refused, refused),
    ] {
        assert_eq!(code(&of(audience), &NOBODY, query.clone()), nobody);
        assert_eq!(code(&of(audience), &member(), query.clone()), someone);
    }
    assert_eq!(
        code(
            &of(Audience::Nobody),
            &NOBODY,
            json!({ "query": "{ __typename }" })
        ),
        ""
    );
}

#[test]
fn trusted_documents_are_sent_by_their_hash() {
    let of = |senders| {
        let trusted =
            Trusted::from_json(r#"{ "abc": "{ leaf }" }"#, &guard::Limits::DEFAULT).unwrap();
        documents_by(Rules {
            senders,
            trusted,
            ..Rules::default()
        })
    };
    for (request, open, signed_in, someone, only) in [
        (json!({ "documentId": "abc" }), "", "", "", ""),
        (json!({ "documentId": "sha256:abc" }), "", "", "", ""),
        (
            json!({ "documentId": "x" }),
            "DOCUMENT_NOT_FOUND",
            "DOCUMENT_NOT_FOUND",
            "DOCUMENT_NOT_FOUND",
            "DOCUMENT_NOT_FOUND",
        ),
        (json!({ "query": "{ leaf }" }), "", "", "", ""),
        (
            json!({ "query": "{ cursor }" }),
            "",
            "DOCUMENT_NOT_TRUSTED",
            "",
            "DOCUMENT_NOT_TRUSTED",
        ),
        (
            json!({ "query": "{ leaf }", "documentId": "abc" }),
            "BAD_INPUT",
            "BAD_INPUT",
            "BAD_INPUT",
            "BAD_INPUT",
        ),
    ] {
        assert_eq!(code(&of(Senders::Open), &NOBODY, request.clone()), open);
        assert_eq!(
            code(&of(Senders::SignedIn), &NOBODY, request.clone()),
            signed_in
        );
        assert_eq!(
            code(&of(Senders::SignedIn), &member(), request.clone()),
            someone
        );
        assert_eq!(code(&of(Senders::Only), &member(), request), only);
    }
    for bad in ["", "[]", r#"{ "a": 1 }"#, r#"{ "a": "{" }"#] {
        assert!(
            Trusted::from_json(bad, &guard::Limits::DEFAULT).is_err(),
            "{bad}"
        );
    }
}

#[test]
fn queries_that_were_sent_once_are_remembered_under_their_hash() {
    let documents = documents();
    let hash = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
    let by_hash = |hash: &str| json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
    let mut first = by_hash(hash);
    first["query"] = json!("{__typename}");
    assert_eq!(
        code(&documents, &NOBODY, by_hash(hash)),
        "PERSISTED_QUERY_NOT_FOUND"
    );
    assert_eq!(code(&documents, &NOBODY, first.clone()), "");
    assert_eq!(code(&documents, &NOBODY, by_hash(hash)), "");
    first["query"] = json!("{ __typename }");
    assert_eq!(code(&documents, &NOBODY, first), "PERSISTED_QUERY_MISMATCH");
    assert_eq!(code(&documents, &NOBODY, json!({})), "BAD_INPUT");
}

#[test]
fn what_is_about_who_asks_is_known_as_such() {
    for (query, expected) in [
        ("{ poll { title } }", false),
        ("{ viewer { leaf } }", true),
        (
            "{ poll { ...F } } fragment F on Poll { x: viewerCanVote }",
            true,
        ),
    ] {
        let prepared = documents().prepare(sent(json!({ "query": query })), &NOBODY);
        assert_eq!(prepared.unwrap().is_personal, expected, "{query}");
    }
}
