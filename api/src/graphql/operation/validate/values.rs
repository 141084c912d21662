//! Rules about values that apollo-compiler lacks: variables in the places of lists and input
//! objects and with a null default (5.8.5), input fields given twice (5.6.3), and `@oneOf`
//! (September 2025, 5.6.5).

use std::collections::HashSet;

use apollo_compiler::{
    ExecutableDocument, Name, Node,
    ast::{Argument, Directive, InputValueDefinition, Type, Value, VariableDefinition},
    executable::{Operation, Selection, SelectionSet},
};

use super::{super::definitions::Definitions, Problem, place};

/// Returns the rules that the values of a document break.
pub(super) fn check(definitions: &Definitions, document: &ExecutableDocument) -> Vec<Problem> {
    let mut found = Vec::new();
    for operation in document.operations.iter() {
        let mut check = Check {
            definitions,
            document,
            variables: &operation.variables,
            spread: HashSet::new(),
            found: &mut found,
        };
        check.operation(operation);
    }
    // Operations that share a fragment find the same in it.
    let mut told = Vec::with_capacity(found.len());
    for problem in found {
        if !told.contains(&problem) {
            told.push(problem);
        }
    }
    told
}

struct Check<'a, 'b> {
    definitions: &'a Definitions,
    document: &'a ExecutableDocument,
    variables: &'a [Node<VariableDefinition>],
    /// The fragments that were looked at.
    spread: HashSet<&'a Name>,
    found: &'b mut Vec<Problem>,
}

/// The place of a value: the type that it must be of, and whether the schema has a default there.
#[derive(Clone, Copy)]
struct Place<'a> {
    ty: Option<&'a Type>,
    has_default: bool,
    /// It is the one field of an input object of `@oneOf`.
    is_one_of: bool,
}

impl<'a> Place<'a> {
    fn of(definition: &'a InputValueDefinition) -> Self {
        Self {
            ty: Some(&definition.ty),
            has_default: definition.default_value.is_some(),
            is_one_of: false,
        }
    }

    /// The place of an item, or of a value that cannot be known: within free JSON.
    fn within(ty: Option<&'a Type>) -> Self {
        Self {
            ty,
            has_default: false,
            is_one_of: false,
        }
    }
}

impl<'a> Check<'a, '_> {
    fn operation(&mut self, operation: &'a Operation) {
        self.directives(&operation.directives);
        for variable in self.variables {
            self.directives(&variable.directives);
            if let Some(default) = &variable.default_value {
                self.value(default, Place::within(Some(&variable.ty)));
            }
        }
        self.selections(&operation.selection_set);
    }

    fn selections(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.arguments, &field.definition.arguments);
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(inline) => self.selections(&inline.selection_set),
                Selection::FragmentSpread(named) => {
                    if self.spread.insert(&named.fragment_name)
                        && let Some(fragment) = self.document.fragments.get(&named.fragment_name)
                    {
                        self.directives(&fragment.directives);
                        self.selections(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'a [Node<Directive>]) {
        for directive in directives {
            let schema = self.definitions.schema();
            if let Some(definition) = schema.directive_definitions.get(&directive.name) {
                self.arguments(&directive.arguments, &definition.arguments);
            }
        }
    }

    fn arguments(
        &mut self,
        arguments: &'a [Node<Argument>],
        definitions: &'a [Node<InputValueDefinition>],
    ) {
        for argument in arguments {
            if let Some(definition) = definitions.iter().find(|known| known.name == argument.name) {
                self.value(&argument.value, Place::of(definition));
            }
        }
    }

    fn value(&mut self, value: &'a Node<Value>, at: Place<'a>) {
        match &**value {
            Value::Variable(name) => self.variable(value, name, at),
            Value::List(items) => {
                // One item may stand for a list of it, a list of lists included.
                let item = at
                    .ty
                    .map(|ty| if ty.is_list() { ty.item_type() } else { ty });
                for item_value in items {
                    self.value(item_value, Place::within(item));
                }
            }
            Value::Object(fields) => self.object(value, fields, at.ty),
            _ => {}
        }
    }

    fn object(
        &mut self,
        value: &'a Node<Value>,
        fields: &'a [(Name, Node<Value>)],
        ty: Option<&'a Type>,
    ) {
        let mut names = HashSet::new();
        for (name, given) in fields {
            if !names.insert(name) {
                self.add(given, format!("The input field `{name}` is given twice."));
            }
        }
        let object = ty.and_then(|ty| self.definitions.input_object(ty.inner_named_type()));
        let is_one_of = object.is_some_and(|object| object.directives.has("oneOf"));
        if is_one_of && (fields.len() != 1 || fields.iter().any(|(_, given)| given.is_null())) {
            let message = "An input object of `@oneOf` has one field, and that is not null.";
            self.add(value, message.to_owned());
        }
        for (name, given) in fields {
            let definition = object.and_then(|object| object.fields.get(name));
            let mut at = definition.map_or(Place::within(None), |field| Place::of(field));
            at.is_one_of = is_one_of;
            self.value(given, at);
        }
    }

    /// The rule `IsVariableUsageAllowed`.
    fn variable(&mut self, value: &'a Node<Value>, name: &'a Name, at: Place<'a>) {
        let Some(variable) = self.variables.iter().find(|known| known.name == *name) else {
            return;
        };
        let Some(wanted) = at.ty else { return };
        let has_default = variable
            .default_value
            .as_ref()
            .is_some_and(|default| !default.is_null());
        let fits = if wanted.is_non_null() && !variable.ty.is_non_null() {
            let nullable = wanted.clone().nullable();
            (has_default || at.has_default) && variable.ty.is_assignable_to(&nullable)
        } else {
            variable.ty.is_assignable_to(wanted)
        };
        if !fits {
            let message = format!(
                "The variable `${name}` of type `{}` does not fit a place of type `{wanted}`.",
                variable.ty
            );
            self.add(value, message);
        } else if at.is_one_of && !variable.ty.is_non_null() {
            let message = format!("The variable `${name}` must not be null here (`@oneOf`).");
            self.add(value, message);
        }
    }

    fn add(&mut self, value: &Node<Value>, message: String) {
        self.found.push(Problem {
            message,
            place: place(self.document, value.location()),
        });
    }
}
