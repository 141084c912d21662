//! From a plan to what async-graphql executes: a document of one operation, without fragments that
//! have a name, variables or directives.

use async_graphql::{
    Name, Pos, Positioned, Variables,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field as ParsedField, InlineFragment,
        OperationDefinition, Selection as ParsedSelection, SelectionSet, TypeCondition,
    },
};

use super::plan::{Field, Plan, Selection, TYPE_KEY};

const NOWHERE: Pos = Pos { line: 0, column: 0 };

/// Returns the document of a plan, with the values of variables in their places.
pub(super) fn document(plan: &Plan, variables: &Variables) -> ExecutableDocument {
    let operation = OperationDefinition {
        ty: plan.kind,
        variable_definitions: Vec::new(),
        directives: Vec::new(),
        selection_set: set(&plan.root, variables),
    };
    ExecutableDocument {
        operations: DocumentOperations::Single(Positioned::new(operation, NOWHERE)),
        fragments: std::collections::HashMap::new(),
    }
}

fn set(selection: &Selection, variables: &Variables) -> Positioned<SelectionSet> {
    let mut items = Vec::with_capacity(selection.fields.len() + 1);
    if selection.asks_type {
        items.push(type_name());
    }
    if selection.types.is_empty() {
        items.extend(selection.fields.iter().map(|field| one(field, variables)));
    } else {
        let of_some = |index: usize| {
            let mut types = selection.types.iter();
            types.any(|fields| fields.own.contains(&index))
        };
        let fields = selection.fields.iter().enumerate();
        let common = fields.filter(|(index, _)| !of_some(*index));
        items.extend(common.map(|(_, field)| one(field, variables)));
        for fields in selection
            .types
            .iter()
            .filter(|fields| !fields.own.is_empty())
        {
            let own = fields
                .own
                .iter()
                .filter_map(|index| selection.fields.get(*index));
            let inline = InlineFragment {
                type_condition: Some(nowhere(TypeCondition {
                    on: nowhere(fields.of.clone()),
                })),
                directives: Vec::new(),
                selection_set: nowhere(SelectionSet {
                    items: own.map(|field| one(field, variables)).collect(),
                }),
            };
            items.push(nowhere(ParsedSelection::InlineFragment(nowhere(inline))));
        }
    }
    nowhere(SelectionSet { items })
}

fn one(field: &Field, variables: &Variables) -> Positioned<ParsedSelection> {
    let at = field.place;
    let argument = |(name, value): &(Name, super::plan::Input)| {
        let value = value.resolve(variables)?.into_value();
        Some((
            Positioned::new(name.clone(), at),
            Positioned::new(value, at),
        ))
    };
    let parsed = ParsedField {
        alias: (field.key != field.name).then(|| Positioned::new(field.key.clone(), at)),
        // The place of the name is the number of the field: `poll/rendered.rs` tells fields by it.
        name: Positioned::new(
            field.name.clone(),
            Pos {
                line: 0,
                column: field.number,
            },
        ),
        arguments: field.arguments.iter().filter_map(argument).collect(),
        directives: Vec::new(),
        selection_set: match &field.selection {
            Some(selection) => set(selection, variables),
            None => nowhere(SelectionSet::default()),
        },
    };
    Positioned::new(ParsedSelection::Field(Positioned::new(parsed, at)), at)
}

fn type_name() -> Positioned<ParsedSelection> {
    let field = ParsedField {
        alias: Some(nowhere(Name::new(TYPE_KEY))),
        name: nowhere(Name::new("__typename")),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: nowhere(SelectionSet::default()),
    };
    nowhere(ParsedSelection::Field(nowhere(field)))
}

fn nowhere<T>(node: T) -> Positioned<T> {
    Positioned::new(node, NOWHERE)
}
