//! A plan: an operation as it is executed. Fragments and duplicate fields are merged (6.3.2), so
//! that each object has each field once, with what is left out by `@skip` and `@include` gone.
//!
//! One tree serves all that follows: weighing, what is shared or personal, executing, and the
//! shape of the answer.

use apollo_compiler::ast::Type;
use async_graphql::indexmap::IndexMap;
use async_graphql::{Name, Pos, Value, Variables, parser::types::OperationType};

/// An operation whose conditions are decided.
#[derive(Debug)]
pub(crate) struct Plan {
    /// A number that no other plan of the process has.
    pub(crate) id: u64,
    pub(crate) kind: OperationType,
    pub(crate) root: Selection,
}

/// The fields that are selected where an object stands.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// Each field once, in the order in which it is first asked for.
    pub(crate) fields: Vec<Field>,
    /// The fields of each object type, where objects of several types may stand and do not have
    /// the same; empty otherwise.
    pub(crate) types: Vec<ObjectFields>,
    /// The type of the object is asked for under [`TYPE_KEY`], because the answer alone would not
    /// tell it, or nothing else is asked for.
    pub(crate) asks_type: bool,
}

/// The fields that objects of one type have.
#[derive(Debug)]
pub(crate) struct ObjectFields {
    pub(crate) of: Name,
    /// All of them in their order, as indices of the selection's fields.
    pub(crate) order: Vec<usize>,
    /// Those that not every object at this place has.
    pub(crate) own: Vec<usize>,
}

/// The response key under which an object's type is asked for: no name that a client can give.
pub(crate) const TYPE_KEY: &str = "*";

/// A field that is executed once for each object.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) key: Name,
    pub(crate) name: Name,
    /// A number that no other field of the plan has.
    pub(crate) number: usize,
    pub(crate) place: Pos,
    pub(crate) ty: Type,
    pub(crate) arguments: Vec<(Name, Input)>,
    /// The schema says that it stands in an operation once (`@once`).
    pub(crate) is_once: bool,
    /// The fields of its value, if it has any.
    pub(crate) selection: Option<Selection>,
}

/// A value in the document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Input {
    Constant(Value),
    Variable(Name),
    List(Vec<Input>),
    Object(Vec<(Name, Input)>),
}

impl Plan {
    /// Returns true if it asks for the schema.
    pub(super) fn introspects(&self) -> bool {
        let mut fields = self.root.fields.iter();
        fields.any(|field| field.name == "__schema" || field.name == "__type")
    }

    /// Returns true if it asks something about who asks.
    pub(super) fn is_personal(&self) -> bool {
        self.root.any(&|field| field.name.starts_with("viewer"))
    }

    /// Returns the first field that stands in an operation once, and in this one more often: each
    /// try at a password, a link or a vote is a request of its own, which limits by time can count.
    pub(super) fn repeated(&self) -> Option<&str> {
        let fields = &self.root.fields;
        let mut once = fields.iter().enumerate().filter(|(_, field)| field.is_once);
        once.find(|(index, field)| {
            fields
                .iter()
                .take(*index)
                .any(|other| other.name == field.name)
        })
        .map(|(_, field)| field.name.as_str())
    }
}

impl Selection {
    /// Returns the fields that an object of this type has, in their order.
    pub(crate) fn of<'a>(&'a self, named: Option<&str>) -> Fields<'a> {
        let mut types = self.types.iter();
        match types.find(|fields| named.is_some_and(|named| fields.of == named)) {
            Some(fields) => Fields::Some(&self.fields, fields.order.iter()),
            None if self.types.is_empty() => Fields::All(self.fields.iter()),
            None => Fields::All([].iter()),
        }
    }

    /// Returns true if a field here or below is like this.
    pub(crate) fn any(&self, like: &impl Fn(&Field) -> bool) -> bool {
        self.fields.iter().any(|field| {
            like(field)
                || field
                    .selection
                    .as_ref()
                    .is_some_and(|below| below.any(like))
        })
    }
}

/// An iterator over fields.
pub(crate) enum Fields<'a> {
    All(std::slice::Iter<'a, Field>),
    Some(&'a [Field], std::slice::Iter<'a, usize>),
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a Field;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::All(fields) => fields.next(),
            Self::Some(fields, order) => order.next().and_then(|index| fields.get(*index)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::All(fields) => fields.size_hint(),
            Self::Some(_, order) => order.size_hint(),
        }
    }
}

impl ExactSizeIterator for Fields<'_> {}

impl Input {
    /// Returns the value with variables in their places; none if it is a variable that was not
    /// given (6.4.1).
    pub(crate) fn resolve(&self, variables: &Variables) -> Option<Value> {
        Some(match self {
            Self::Constant(value) => value.clone(),
            Self::Variable(name) => variables.get(name)?.clone(),
            Self::List(items) => {
                let items = items.iter().map(|item| item.resolve(variables));
                Value::List(items.map(Option::unwrap_or_default).collect())
            }
            Self::Object(fields) => {
                let given = |(name, value): &(Name, Self)| {
                    value.resolve(variables).map(|value| (name.clone(), value))
                };
                Value::Object(fields.iter().filter_map(given).collect::<IndexMap<_, _>>())
            }
        })
    }
}
