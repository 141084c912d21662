use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::{
    parse_query, parse_schema,
    types::{BaseType, TypeKind, TypeSystemDefinition},
};

use super::*;

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
            let shared = result(of, field);
            let is_own = own.contains(&field.as_str());
            assert!(
                shared.is_some() != is_own,
                "{of}.{field} should be in exactly one of the lists: does it depend on the viewer, or on more than the poll's standing?"
            );
            if let Some(listed) = shared {
                let expected = objects.contains_key(gives).then_some(gives.as_str());
                assert_eq!(listed, expected, "what {of}.{field} gives");
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

fn shared(document: &str) -> bool {
    are_shared(&parse_query(document).unwrap(), None)
}

#[test]
fn fragments_are_looked_into() {
    assert!(shared(
        r#"subscription { pollUpdated(pollId: "x") { ...P } }
           fragment P on Poll { __typename id questions { ... on Question { results { ...R } } } }
           fragment R on QuestionResults { revision options { option { label } } }"#
    ));
    for own in [
        "viewerCanVote",
        "questions { viewerBallot { id } }",
        "...P",
        "... on Poll { activeQuestion { ... { viewerBallot { id } } } }",
        "comments(first: 3) { totalCount }",
        "unknown",
        "... on Node { id }",
    ] {
        let document = format!(
            r#"subscription {{ pollUpdated(pollId: "x") {{ id {own} }} }}
               fragment P on Poll {{ questions {{ ...Q }} }}
               fragment Q on Question {{ viewerBallot {{ id }} }}"#
        );
        assert!(!shared(&document), "{own}");
    }
}

#[test]
fn a_ring_of_fragments_is_not_followed_for_ever() {
    assert!(!shared(
        r#"subscription { pollUpdated(pollId: "x") { ...P } } fragment P on Poll { ...P }"#
    ));
}
