//! Fields in the order in which they are asked for, as the specification has it.
//!
//! async-graphql puts them in the order in which they were resolved, so that what waits for a
//! batch comes behind what did not. What the order is, is worked out once a document.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{
    Name, Response, Value,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

/// Documents whose order is kept; with more, it begins anew.
const DOCUMENTS: usize = 500;
/// The longest document whose order is kept, in bytes.
const LONGEST: usize = 16 * 1024;
/// Selections within selections that are followed; behind that, fields come as they come.
const DEPTH: usize = 64;

/// The fields of a selection in their order, each with those of its own.
#[derive(Debug, Default, PartialEq)]
struct Fields(Vec<(Name, Fields)>);

/// The fields of each operation of a document.
#[derive(Debug, Default)]
struct Operations(Vec<(Option<Name>, Fields)>);

/// The order of the fields of documents that were executed lately. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Orders {
    known: Arc<Mutex<HashMap<String, Arc<Operations>>>>,
    /// Names documents, by a key that nobody knows.
    naming: RandomState,
}

/// The order of the fields of one operation.
#[derive(Debug)]
pub(super) struct Order {
    operations: Arc<Operations>,
    operation: Option<String>,
    document: Option<u64>,
}

impl Orders {
    /// The order of the fields of the document's operation of this name, or of its only one.
    pub(super) fn of(
        &self,
        query: &str,
        document: &ExecutableDocument,
        operation: Option<&str>,
    ) -> Order {
        Order {
            operations: self.operations_of(query, document),
            operation: operation.map(str::to_owned),
            document: (!query.contains('@')).then(|| self.naming.hash_one(query)),
        }
    }

    fn operations_of(&self, query: &str, document: &ExecutableDocument) -> Arc<Operations> {
        let is_kept = !query.is_empty() && query.len() <= LONGEST;
        if !is_kept {
            return Arc::new(Operations::of(document));
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(operations) = known.get(query) {
            return Arc::clone(operations);
        }
        if known.len() >= DOCUMENTS {
            known.clear();
        }
        let operations = Arc::new(Operations::of(document));
        known.insert(query.to_owned(), Arc::clone(&operations));
        operations
    }
}

impl Order {
    /// Which document it is of, as a number that another has by chance only; none where directives
    /// may leave out parts of it: async-graphql takes those out before anything can look at them.
    pub(super) fn document(&self) -> Option<u64> {
        self.document
    }

    /// Puts the fields of an answer in this order.
    pub(super) fn arrange(&self, response: &mut Response) {
        if let Some(fields) = self.operations.named(self.operation.as_deref()) {
            fields.arrange(&mut response.data);
        }
    }
}

impl Operations {
    fn of(document: &ExecutableDocument) -> Self {
        Self(
            document
                .operations
                .iter()
                .map(|(name, operation)| {
                    let mut fields = Fields::default();
                    fields.add(document, &operation.node.selection_set.node, DEPTH);
                    (name.cloned(), fields)
                })
                .collect(),
        )
    }

    /// The fields of the operation of this name, or of the only one.
    fn named(&self, asked: Option<&str>) -> Option<&Fields> {
        let found = match asked {
            Some(asked) => self
                .0
                .iter()
                .find(|(name, _)| name.as_ref().is_some_and(|name| name == asked)),
            None => self.0.first(),
        };
        found.or(self.0.first()).map(|(_, fields)| fields)
    }
}

impl Fields {
    /// Adds a selection, fragments in their place; a field that is asked for again stands where
    /// it was asked for first. Fragments on several types leave their fields in one row, of
    /// which each object has its own.
    fn add(&mut self, document: &ExecutableDocument, set: &SelectionSet, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let key = &field.node.response_key().node;
                    let place = self.0.iter().position(|(name, _)| name == key);
                    let place = place.unwrap_or_else(|| {
                        self.0.push((key.clone(), Self::default()));
                        self.0.len() - 1
                    });
                    self.0[place]
                        .1
                        .add(document, &field.node.selection_set.node, depth);
                }
                Selection::InlineFragment(inline) => {
                    self.add(document, &inline.node.selection_set.node, depth);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = document.fragments.get(name) {
                        self.add(document, &fragment.node.selection_set.node, depth);
                    }
                }
            }
        }
    }

    /// Puts a value that answers these fields in their order.
    fn arrange(&self, value: &mut Value) {
        match value {
            Value::List(values) => {
                for value in values {
                    self.arrange(value);
                }
            }
            // A value without fields of its own, such as free JSON.
            Value::Object(_) if self.0.is_empty() => {}
            Value::Object(object) => {
                let mut in_order = true;
                let mut ahead = self.0.iter();
                for (key, value) in object.iter_mut() {
                    let Some((_, fields)) = ahead.find(|(name, _)| name == key) else {
                        in_order = false;
                        break;
                    };
                    fields.arrange(value);
                }
                if in_order {
                    return;
                }
                let mut placed = 0;
                for (name, _) in &self.0 {
                    if let Some(index) = object.get_index_of(name) {
                        object.move_index(index, placed);
                        placed += 1;
                    }
                }
                for (name, fields) in &self.0 {
                    if let Some(value) = object.get_mut(name) {
                        fields.arrange(value);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema};

    use super::*;

    struct Query;

    #[Object]
    impl Query {
        async fn slow(&self) -> i32 {
            tokio::task::yield_now().await;
            1
        }

        async fn slower(&self) -> Query {
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            Query
        }

        async fn quick(&self) -> i32 {
            2
        }

        async fn several(&self) -> Vec<Query> {
            vec![Query, Query]
        }
    }

    async fn answer(query: &str) -> String {
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription).finish();
        let orders = Orders::default();
        let execute = async || {
            let mut request = Request::new(query);
            let order = orders.of(query, request.parsed_query().unwrap(), None);
            let mut response = schema.execute(request).await;
            order.arrange(&mut response);
            response
        };
        let once = execute().await;
        let twice = execute().await;
        assert_eq!(once.data, twice.data, "with what is kept of the document");
        assert!(once.errors.is_empty(), "{:?}", once.errors);
        serde_json::to_string(&twice.data).unwrap()
    }

    #[tokio::test]
    async fn fields_come_as_they_are_asked_for() {
        assert_eq!(
            answer("{ slower { slow quick } slow quick }").await,
            r#"{"slower":{"slow":1,"quick":2},"slow":1,"quick":2}"#
        );
        assert_eq!(
            answer("{ slow several { slow a: slow quick } quick }").await,
            r#"{"slow":1,"several":[{"slow":1,"a":1,"quick":2},{"slow":1,"a":1,"quick":2}],"quick":2}"#
        );
    }

    #[tokio::test]
    async fn fragments_stand_in_their_place_and_what_is_asked_twice_where_it_was_first() {
        assert_eq!(
            answer(
                "query A { ...F quick slower { quick } ... on Query { slow } }
                 fragment F on Query { slower { slow __typename } }"
            )
            .await,
            r#"{"slower":{"slow":1,"__typename":"Query","quick":2},"quick":2,"slow":1}"#
        );
    }

    #[tokio::test]
    async fn what_is_left_out_leaves_no_hole() {
        assert_eq!(
            answer("{ slow @skip(if: true) slower { quick } quick @include(if: false) b: slow c: quick }")
                .await,
            r#"{"slower":{"quick":2},"b":1,"c":2}"#
        );
    }
}
