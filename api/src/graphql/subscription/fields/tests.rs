use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, TypeKind, TypeSystemDefinition},
};

use super::*;
use crate::graphql::operation::{Documents, GraphqlRequest};

/// Every object of the schema: its fields, each with the name of its type.
fn objects() -> BTreeMap<String, BTreeMap<String, String>> {
    fn named(base: &BaseType) -> String {
        match base {
            BaseType::Named(name) => name.to_string(),
            BaseType::List(of) => named(&of.base),
        }
    }
    let document = parse_schema(crate::graphql::sdl()).unwrap();
    let mut objects = BTreeMap::new();
    for definition in document.definitions {
        if let TypeSystemDefinition::Type(definition) = definition
            && let TypeKind::Object(object) = &definition.node.kind
        {
            let fields = object.fields.iter().map(|field| {
                let field = &field.node;
                (field.name.node.to_string(), named(&field.ty.node.base))
            });
            objects.insert(definition.node.name.node.to_string(), fields.collect());
        }
    }
    objects
}

#[test]
fn every_field_that_a_poll_leads_to_is_the_same_or_ones_own() {
    let objects = objects();
    let (mut seen, mut ahead) = (BTreeSet::new(), vec!["Poll"]);
    while let Some(of) = ahead.pop() {
        if !seen.insert(of) {
            continue;
        }
        let own = OWN
            .iter()
            .find(|(name, _)| *name == of)
            .map_or(&[] as &[&str], |(_, fields)| fields);
        for (field, gives) in &objects[of] {
            let shared = shared(of, field);
            let is_own = own.contains(&field.as_str());
            assert!(
                shared.is_some() != is_own,
                "{of}.{field} should be in exactly one of the lists: does it depend on the viewer?"
            );
            if let Some((_, listed)) = shared {
                let expected = objects.contains_key(gives).then_some(gives.as_str());
                assert_eq!(*listed, expected, "what {of}.{field} gives");
                ahead.extend(listed);
            }
        }
        for field in own {
            assert!(objects[of].contains_key(*field), "{of}.{field} is gone");
        }
    }
    for (of, fields) in SAME {
        assert!(seen.contains(of), "{of} is not reached");
        for (field, _) in *fields {
            assert!(objects[*of].contains_key(*field), "{of}.{field} is gone");
        }
    }
}

/// None if the document is not valid.
fn may_share(document: &str) -> Option<bool> {
    let request = GraphqlRequest::new(document, serde_json::Value::Null);
    let prepared = Documents::default().prepare(request, &domain::Actor::Visitor(None));
    let operation = prepared.ok()?.operation;
    Some(are_shared(&operation.plan))
}

#[test]
fn fragments_are_looked_into() {
    assert_eq!(
        may_share(
            r#"subscription { ...S }
           fragment S on Subscription { ... { pollUpdated(pollId: "x") { ...P } } }
           fragment P on Poll { __typename id questions { ... on Question { results { ...R } } } }
           fragment R on QuestionResults { revision options { option { label } } }"#
        ),
        Some(true)
    );
    for (own, expected) in [
        ("viewerCanVote", Some(false)),
        ("questions { viewerBallot { id } }", Some(false)),
        ("...P", Some(false)),
        (
            "... on Poll { activeQuestion { ... { viewerBallot { id } } } }",
            Some(false),
        ),
        ("comments(first: 3) { totalCount }", Some(false)),
        ("questions { options { label } }", Some(false)),
        ("viewerCanVote @skip(if: true)", Some(true)),
        ("... on Node { id }", Some(true)),
        ("unknown", None),
    ] {
        let fragments = "fragment P on Poll { questions { ...Q } } \
                         fragment Q on Question { viewerBallot { id } }";
        let used = if own == "...P" { fragments } else { "" };
        let document =
            format!(r#"subscription {{ pollUpdated(pollId: "x") {{ id {own} }} }} {used}"#);
        assert_eq!(may_share(&document), expected, "{own}");
    }
}
