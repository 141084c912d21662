//! Whatever is sent, it is prepared or refused.

use proptest::prelude::*;

use super::*;

/// The fuzzer's corpus (`fuzz/`): each document is prepared or refused, without a panic.
#[test]
fn the_corpus_is_prepared_or_refused() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus/guard");
    let documents = Documents::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let Ok(document) = std::str::from_utf8(&bytes) else {
            continue;
        };
        let variables = json!({ "input": {}, "id": [1, null], "first": 1e300 });
        assert_ne!(
            code_of(&documents, GraphqlRequest::new(document, variables)),
            "INTERNAL",
            "{document}"
        );
    }
}

/// Values of any form for the variables of any type.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-zA-Z0-9:+-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map(
                prop::sample::select(vec!["subjectId", "body", "language", "refreshToken"])
                    .prop_map(str::to_owned),
                inner,
                0..3
            )
            .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever the values, they are coerced or refused.
    #[test]
    fn values_are_coerced_or_refused(value in values(), ty in prop::sample::select(vec![
        "Int", "Float", "String", "ID", "Boolean", "[ID!]", "[[Int!]!]", "DateTime!", "BigInt",
        "StorySort", "CommentAddInput", "[SessionRevokeInput!]!",
    ])) {
        let definitions = Definitions::of_the_server();
        let document = format!("query($a: {ty}) {{ __typename }}");
        let document = apollo_compiler::ExecutableDocument::parse(definitions.schema(), document, "d").unwrap();
        let operation = document.operations.get(None).unwrap();
        let variable = variables::Variable::read(&definitions, &operation.variables[0]);
        let mut sent = serde_json::Map::new();
        sent.insert("a".to_owned(), value);
        let _ = variables::coerce(&definitions, &[variable], sent);
    }
}

fn code_of(documents: &Documents, request: GraphqlRequest) -> &'static str {
    documents
        .prepare(request, &NOBODY)
        .map_or_else(|refusal| refusal.code, |_| "")
}
