//! Collecting fields (6.3.2): from a validated document to a plan.

use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicU64, Ordering},
};

use apollo_compiler::{
    self as apollo, ExecutableDocument, Node,
    ast::{Argument, Directive, FieldDefinition, Value},
    executable::{self, SelectionSet},
};
use async_graphql::{Name, Pos, indexmap::IndexMap, parser::types::OperationType};

use super::{
    Refusal,
    definitions::Definitions,
    literal,
    plan::{Field, ObjectFields, Plan, Selection},
    validate::{Problem, place},
};

/// The values of the variables that decide `@skip` and `@include`.
pub(super) type Conditions<'a> = HashMap<&'a str, bool>;

/// Makes the plan of an operation; with no conditions, everything counts as included. `most`
/// bounds its fields: one field of an interface may become one for each object type.
pub(super) fn collect(
    definitions: &Definitions,
    document: &ExecutableDocument,
    operation: &executable::Operation,
    conditions: Option<&Conditions<'_>>,
    most: usize,
) -> Result<Plan, Refusal> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut collector = Collector {
        definitions,
        document,
        conditions,
        most,
        fields: 0,
    };
    let set = &operation.selection_set;
    let mut root = collector.selection(&set.ty, &[set])?;
    root.asks_type = false;
    Ok(Plan {
        id: NEXT.fetch_add(1, Ordering::Relaxed),
        kind: match operation.operation_type {
            executable::OperationType::Query => OperationType::Query,
            executable::OperationType::Mutation => OperationType::Mutation,
            executable::OperationType::Subscription => OperationType::Subscription,
        },
        root,
    })
}

/// Returns the variables that decide what an operation leaves out.
pub(super) fn conditions(
    document: &ExecutableDocument,
    operation: &executable::Operation,
) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut spread = HashSet::new();
    let mut sets = vec![&operation.selection_set];
    while let Some(set) = sets.pop() {
        for selection in &set.selections {
            for (_, value) in decisions(selection.directives()) {
                if let Value::Variable(name) = value
                    && !found.iter().any(|known| known == name.as_str())
                {
                    found.push(name.to_string());
                }
            }
            match selection {
                executable::Selection::Field(field) => sets.push(&field.selection_set),
                executable::Selection::InlineFragment(inline) => sets.push(&inline.selection_set),
                executable::Selection::FragmentSpread(named) => {
                    if spread.insert(&named.fragment_name)
                        && let Some(fragment) = document.fragments.get(&named.fragment_name)
                    {
                        sets.push(&fragment.selection_set);
                    }
                }
            }
        }
    }
    found
}

/// Returns the `if` of each `@skip` (false) and `@include` (true).
fn decisions(directives: &[Node<Directive>]) -> impl Iterator<Item = (bool, &Value)> {
    directives.iter().filter_map(|directive| {
        let includes = match directive.name.as_str() {
            "skip" => false,
            "include" => true,
            _ => return None,
        };
        Some((includes, &**directive.specified_argument_by_name("if")?))
    })
}

struct Collector<'a> {
    definitions: &'a Definitions,
    document: &'a ExecutableDocument,
    conditions: Option<&'a Conditions<'a>>,
    most: usize,
    fields: usize,
}

/// The places where one object is asked for the same response key.
type Group<'a> = Vec<&'a Node<executable::Field>>;

impl<'a> Collector<'a> {
    /// Collects what these sets select of a value of type `of`.
    fn selection(
        &mut self,
        of: &apollo::Name,
        sets: &[&'a SelectionSet],
    ) -> Result<Selection, Refusal> {
        let definitions = self.definitions;
        let possible = definitions.possible(of);
        let mut selection = Selection::default();
        // One field serves all types that ask for it in the same places and give it the same type.
        let mut known: HashMap<(Vec<usize>, String), usize> = HashMap::new();
        for object in possible {
            let mut order = Vec::new();
            for (key, group) in self.groups(object, sets) {
                let Some(first) = group.first() else { continue };
                let definition = self.definition(object, first);
                let places = group.iter().map(|field| address(field)).collect();
                let same = (places, definition.ty.to_string());
                let index = if let Some(index) = known.get(&same) {
                    *index
                } else {
                    let field = self.field(definition, key, &group)?;
                    selection.fields.push(field);
                    selection.fields.len() - 1
                };
                known.insert(same, index);
                order.push(index);
            }
            selection.asks_type |= order.is_empty();
            let of = Name::new(object);
            let own = Vec::new();
            selection.types.push(ObjectFields { of, order, own });
        }
        self.split(of, &mut selection);
        Ok(selection)
    }

    /// Tells the fields of some types from those of all, which are asked of the type itself.
    fn split(&self, of: &apollo::Name, selection: &mut Selection) {
        let all: Vec<usize> = (0..selection.fields.len()).collect();
        if selection.types.iter().all(|fields| fields.order == all) {
            let are_its_own = selection.fields.iter().all(|field| self.is_of(of, field));
            if are_its_own {
                selection.types.clear();
                return;
            }
        }
        selection.asks_type = true;
        let is_common = |index: &usize| {
            let types = selection.types.iter();
            let mut orders = types.map(|fields| &fields.order);
            self.is_of(of, &selection.fields[*index]) && orders.all(|order| order.contains(index))
        };
        let common: HashSet<usize> = all.into_iter().filter(is_common).collect();
        for fields in &mut selection.types {
            let own = fields.order.iter().filter(|index| !common.contains(index));
            fields.own = own.copied().collect();
        }
    }

    /// Returns true if a type itself has a field.
    fn is_of(&self, of: &apollo::Name, field: &Field) -> bool {
        self.definitions
            .schema()
            .type_field(of, &field.name)
            .is_ok()
    }

    fn groups(
        &self,
        object: &apollo::Name,
        sets: &[&'a SelectionSet],
    ) -> IndexMap<&'a str, Group<'a>> {
        let mut groups = IndexMap::new();
        let mut spread = HashSet::new();
        for set in sets {
            self.gather(object, set, &mut groups, &mut spread);
        }
        groups
    }

    fn gather(
        &self,
        object: &apollo::Name,
        set: &'a SelectionSet,
        groups: &mut IndexMap<&'a str, Group<'a>>,
        spread: &mut HashSet<&'a apollo::Name>,
    ) {
        for selection in &set.selections {
            if !self.includes(selection.directives()) {
                continue;
            }
            let (of, below) = match selection {
                executable::Selection::Field(field) => {
                    let key = field.response_key().as_str();
                    groups.entry(key).or_default().push(field);
                    continue;
                }
                executable::Selection::InlineFragment(inline) => {
                    (inline.type_condition.as_ref(), &inline.selection_set)
                }
                executable::Selection::FragmentSpread(named) => {
                    let name = &named.fragment_name;
                    let Some(fragment) = self.document.fragments.get(name) else {
                        continue;
                    };
                    if !spread.insert(name) {
                        continue;
                    }
                    (Some(&fragment.selection_set.ty), &fragment.selection_set)
                }
            };
            if of.is_none_or(|of| self.definitions.is_of(object, of)) {
                self.gather(object, below, groups, spread);
            }
        }
    }

    fn includes(&self, directives: &[Node<Directive>]) -> bool {
        let Some(conditions) = self.conditions else {
            return true;
        };
        decisions(directives).all(|(includes, value)| match value {
            Value::Boolean(decided) => *decided == includes,
            Value::Variable(name) => conditions.get(name.as_str()) == Some(&includes),
            _ => true,
        })
    }

    /// Returns the definition of a field by the object that has it.
    fn definition(
        &self,
        object: &apollo::Name,
        field: &'a executable::Field,
    ) -> &'a FieldDefinition {
        let schema = self.definitions.schema();
        match schema.type_field(object, &field.name) {
            Ok(definition) => definition,
            Err(_) => &field.definition,
        }
    }

    fn field(
        &mut self,
        definition: &'a FieldDefinition,
        key: &str,
        group: &[&'a Node<executable::Field>],
    ) -> Result<Field, Refusal> {
        let Some((first, others)) = group.split_first() else {
            return Err(Refusal::internal());
        };
        self.fields += 1;
        if self.fields > self.most {
            return Err(Refusal::too_many_fields(self.most));
        }
        let number = self.fields;
        let at = place(self.document, first.location());
        if let Some(other) = others.iter().find(|other| !are_same(first, other)) {
            return Err(Refusal::invalid(vec![Problem {
                message: format!("`{key}` stands for different fields or arguments."),
                place: place(self.document, other.location()).or(at),
            }]));
        }
        let named = definition.ty.inner_named_type();
        let selection = if self.definitions.is_composite(named) {
            let below: Vec<&SelectionSet> =
                group.iter().map(|field| &field.selection_set).collect();
            Some(self.selection(named, &below)?)
        } else {
            None
        };
        let arguments = first.arguments.iter().map(|argument| {
            let known = definition.argument_by_name(&argument.name);
            let ty = known.map(|known| &*known.ty);
            let value = literal::read(self.definitions, &argument.value, ty);
            (Name::new(&argument.name), value)
        });
        Ok(Field {
            key: Name::new(key),
            name: Name::new(&first.name),
            number,
            place: at.unwrap_or(Pos { line: 0, column: 0 }),
            ty: definition.ty.clone(),
            arguments: arguments.collect(),
            is_once: definition.directives.has("once"),
            selection,
        })
    }
}

fn address<T>(of: &Node<T>) -> usize {
    std::ptr::from_ref(&**of).addr()
}

/// Returns true if two fields of one object are the same (5.3.2): apollo-compiler compares lists by
/// their common start only.
fn are_same(one: &executable::Field, other: &executable::Field) -> bool {
    let holds = |arguments: &[Node<Argument>], wanted: &Argument| {
        arguments
            .iter()
            .any(|given| given.name == wanted.name && is_same_value(&given.value, &wanted.value))
    };
    one.name == other.name
        && one.arguments.len() == other.arguments.len()
        && one
            .arguments
            .iter()
            .all(|argument| holds(&other.arguments, argument))
}

fn is_same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_same_value(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| {
                    let mut fields = other.iter();
                    fields.any(|(known, given)| known == name && is_same_value(value, given))
                })
        }
        (one, other) => one == other,
    }
}
