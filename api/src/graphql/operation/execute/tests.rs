//! Execution beside npm `graphql`: `golden.json` holds what that answers for the same schema
//! (`tests/npm/execution.mjs`).

use std::sync::atomic::{AtomicI32, Ordering};

use async_graphql::{
    EmptySubscription, Error, ID, Interface, Object, Result, Schema, Union, ValidationMode,
};
use domain::Actor;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    super::{Documents, GraphqlRequest, Rules, definitions::Definitions},
    *,
};

#[derive(Default)]
struct Query;

#[derive(Clone, Copy)]
struct Thing(i32);

#[derive(Clone, Copy)]
struct Other(i32);

#[derive(Interface)]
#[graphql(name = "Any", field(name = "id", ty = "ID"))]
enum AnyThing {
    Thing(Thing),
    Other(Other),
}

#[derive(Union)]
enum Either {
    Thing(Thing),
    Other(Other),
}

#[Object]
impl Other {
    async fn id(&self) -> ID {
        self.0.into()
    }

    async fn other(&self) -> i32 {
        self.0 * 10
    }
}

#[Object]
impl Thing {
    async fn id(&self) -> ID {
        self.0.into()
    }

    async fn name(&self) -> Option<String> {
        (self.0 != 2).then(|| format!("thing {}", self.0))
    }

    async fn slow(&self) -> i32 {
        tokio::task::yield_now().await;
        self.0
    }

    #[expect(clippy::unused_async, reason = "the library takes async fields only")]
    async fn failing(&self) -> Result<Option<i32>> {
        Err(Error::new("failing"))
    }

    /// Fails where the number is even.
    #[expect(clippy::unused_async, reason = "the library takes async fields only")]
    async fn hard(&self) -> Result<i32> {
        if self.0 % 2 == 0 {
            Err(Error::new("hard"))
        } else {
            Ok(self.0)
        }
    }

    async fn inner(&self) -> Option<Thing> {
        Some(Thing(self.0 + 1))
    }

    async fn inner_hard(&self) -> Thing {
        Thing(self.0 + 1)
    }

    async fn none(&self) -> Option<Thing> {
        None
    }
}

#[Object]
impl Query {
    async fn thing(&self, #[graphql(default = 1)] id: i32) -> Option<Thing> {
        Some(Thing(id))
    }

    async fn thing_hard(&self, #[graphql(default = 1)] id: i32) -> Thing {
        Thing(id)
    }

    #[expect(clippy::unused_async, reason = "the library takes async fields only")]
    async fn failing(&self) -> Result<Option<Thing>> {
        Err(Error::new("failing"))
    }

    #[expect(clippy::unused_async, reason = "the library takes async fields only")]
    async fn failing_hard(&self) -> Result<Thing> {
        Err(Error::new("failing hard"))
    }

    async fn nullable_items(&self) -> Vec<Option<Thing>> {
        vec![Some(Thing(1)), Some(Thing(2)), None]
    }

    async fn items(&self) -> Option<Vec<Thing>> {
        Some(vec![Thing(1), Thing(2)])
    }

    async fn items_hard(&self) -> Vec<Thing> {
        vec![Thing(1), Thing(2)]
    }

    async fn nested(&self) -> Vec<Option<Vec<Thing>>> {
        vec![Some(vec![Thing(1)]), None, Some(vec![Thing(3), Thing(4)])]
    }

    async fn any(&self) -> Vec<AnyThing> {
        vec![AnyThing::Thing(Thing(1)), AnyThing::Other(Other(2))]
    }

    async fn either(&self) -> Vec<Option<Either>> {
        vec![
            Some(Either::Other(Other(1))),
            None,
            Some(Either::Thing(Thing(2))),
        ]
    }

    async fn echo(
        &self,
        #[graphql(default = 30)] number: i32,
        text: Option<String>,
        list: Option<Vec<i32>>,
    ) -> String {
        format!("{number} {} {list:?}", text.unwrap_or_default())
    }

    async fn panics(&self) -> i32 {
        let numbers: Vec<i32> = Vec::new();
        numbers[numbers.len()]
    }
}

struct Mutation(Arc<AtomicI32>);

#[Object]
impl Mutation {
    async fn bump(&self, by: i32) -> Thing {
        Thing(self.0.fetch_add(by, Ordering::Relaxed) + by)
    }
}

type Tested = Schema<Query, Mutation, EmptySubscription>;

fn tested() -> (Tested, Documents) {
    let schema = Schema::build(Query, Mutation(Arc::default()), EmptySubscription)
        .validation_mode(ValidationMode::Fast)
        .finish();
    let definitions = Definitions::read(&schema.sdl()).unwrap();
    (
        schema,
        Documents::of(Rules::default(), Arc::new(definitions)),
    )
}

async fn respond(tested: &(Tested, Documents), query: &str, variables: Value) -> Response {
    let (schema, documents) = tested;
    let request = GraphqlRequest::new(query, variables);
    match documents.prepare(request, &Actor::System) {
        Ok(prepared) => {
            let operation = prepared.operation;
            finished(&operation.plan, schema.execute(operation.request(()))).await
        }
        Err(refusal) => refusal.response(),
    }
}

async fn answer(tested: &(Tested, Documents), query: &str, variables: Value) -> Value {
    let response = respond(tested, query, variables).await;
    serde_json::to_value(response).unwrap()
}

fn paths(answer: &Value) -> Vec<String> {
    let errors = answer["errors"].as_array();
    let paths = errors
        .into_iter()
        .flatten()
        .map(|error| error["path"].to_string());
    paths.collect()
}

#[tokio::test]
async fn answers_are_those_of_graphql_js() {
    let mut compared = 0;
    for line in include_str!("golden.json").lines() {
        let Ok(case) = serde_json::from_str::<Value>(line.trim_end_matches(',')) else {
            continue;
        };
        compared += 1;
        let query = case["query"].as_str().unwrap();
        let response = respond(&tested(), query, case["variables"].clone()).await;
        // As text: fields stand in their order.
        let data = format!(
            "\"data\":{}}}",
            serde_json::to_string(&response.data).unwrap()
        );
        assert!(line.contains(&data), "{query}\n{data}\n{line}");
        let ours = paths(&serde_json::to_value(response).unwrap());
        let theirs = paths(&case["answer"]);
        assert_eq!(ours.is_empty(), theirs.is_empty(), "{query}: {ours:?}");
        for path in &theirs {
            assert!(ours.contains(path), "{query}: {path} in {ours:?}");
        }
    }
    assert!(compared > 60, "{compared} compared");
}

#[tokio::test]
async fn a_field_asked_for_twice_is_executed_once() {
    let tested = tested();
    for query in [
        "mutation($b: Int!) { ...A ...B } fragment A on Mutation { bump(by: $b) { id } } \
         fragment B on Mutation { bump(by: $b) { slow } }",
        "mutation($b: Int!) { bump(by: $b) { id } ... { bump(by: $b) { id slow } } }",
    ] {
        let answer = answer(&tested, query, json!({ "b": 1 })).await;
        let bumped = &answer["data"]["bump"];
        assert_eq!(bumped["id"], bumped["slow"].to_string(), "{answer:#}");
    }
    assert_eq!(
        tested
            .0
            .execute("mutation { bump(by: 0) { slow } }")
            .await
            .data
            .to_string(),
        "{bump: {slow: 2}}"
    );
}

#[tokio::test]
async fn a_panic_ends_its_own_operation_only() {
    let tested = tested();
    let failed = answer(&tested, "{ thing { id } panics }", Value::Null).await;
    assert_eq!(failed["data"], Value::Null);
    assert_eq!(failed["errors"][0]["extensions"]["code"], "INTERNAL");
    let next = answer(&tested, "{ thing { id } }", Value::Null).await;
    assert_eq!(next, json!({ "data": { "thing": { "id": "1" } } }));
}

/// A random selection of a `Thing`, as a query and with every fragment and alias it may have.
fn things() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "id",
        "name",
        "slow",
        "failing",
        "hard",
        "__typename",
        "a: slow",
        "b: hard",
        "b2: name",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let set = prop::collection::vec(inner, 1..4).prop_map(|parts| parts.join(" "));
        (set, 0..7_usize).prop_map(|(set, kind)| match kind {
            0 => format!("inner {{ {set} }}"),
            1 => format!("innerHard {{ {set} }}"),
            2 => format!("none {{ {set} }}"),
            3 => format!("... on Thing {{ {set} }}"),
            4 => format!("... on Any {{ ... on Thing {{ {set} }} ... on Other {{ other }} }}"),
            5 => format!("... @skip(if: true) {{ {set} }}"),
            _ => format!("... @include(if: true) {{ {set} }}"),
        })
    })
}

proptest! {
    /// Whatever is asked for: no null stands where the schema has none, nothing is missing, and
    /// every null that should be a value is explained by an error at or below its place.
    #[test]
    fn nulls_are_only_where_the_schema_has_them(set in things()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let query = format!("{{ thing {{ {set} }} thingHard(id: 1) {{ id }} either {{ ... on Thing {{ {set} }} }} }}");
        let answer = runtime.block_on(answer(&tested(), &query, Value::Null));
        let failed = paths(&answer);
        if answer["data"].is_null() {
            prop_assert!(!failed.is_empty(), "{}\n{:#}", query, answer);
        } else {
            prop_assert_eq!(&answer["data"]["thingHard"], &json!({ "id": "1" }));
            check_thing(&answer["data"]["thing"], "[\"thing\"", &failed)?;
        }
    }
}

fn check_thing(thing: &Value, path: &str, failed: &[String]) -> Result<(), TestCaseError> {
    let Some(fields) = thing.as_object() else {
        let explained = failed.iter().any(|failed| failed.starts_with(path));
        prop_assert!(explained, "{} is null for no reason: {:?}", path, failed);
        return Ok(());
    };
    for (key, value) in fields {
        let path = format!("{path},\"{key}\"");
        match key.as_str() {
            "id" | "slow" | "hard" | "a" | "b" | "innerHard" | "__typename" => {
                prop_assert!(!value.is_null(), "{} is null", path);
            }
            "failing" => prop_assert!(failed.iter().any(|failed| failed.starts_with(&path))),
            "none" => prop_assert!(value.is_null()),
            _ => {}
        }
        if key == "inner" || key == "innerHard" {
            check_thing(value, &path, failed)?;
        }
    }
    Ok(())
}
