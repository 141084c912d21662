//! The shape of an answer: what async-graphql gives, brought into the form of the specification.
//!
//! Fields stand in the order in which they were asked for. An object with nothing left is `{}`. A
//! field that failed is null, and where it cannot be null, its nearest parent that can (6.4.4);
//! async-graphql leaves it out.

use apollo_compiler::ast::Type;
use async_graphql::{
    ErrorExtensionValues, Name, PathSegment, Pos, Response, ServerError, Value, indexmap::IndexMap,
};

use super::plan::{Field, Plan, Selection, TYPE_KEY};

/// Brings an answer into the shape of its plan.
pub(super) fn shape(plan: &Plan, response: &mut Response) {
    let was_executed = response.errors.is_empty()
        || response.data != Value::Null
        || response.errors.iter().any(|error| !error.path.is_empty());
    if !was_executed {
        return;
    }
    if response.data == Value::Null {
        response.data = Value::Object(IndexMap::new());
    }
    let mut shaper = Shaper {
        path: Vec::new(),
        errors: &mut response.errors,
    };
    let is_there = match &mut response.data {
        Value::Object(object) => shaper.object(&plan.root, object),
        _ => false,
    };
    if !is_there {
        response.data = Value::Null;
    }
}

#[derive(Clone, Copy)]
enum Segment<'a> {
    Field(&'a str),
    Index(usize),
}

impl PartialEq<PathSegment> for Segment<'_> {
    fn eq(&self, other: &PathSegment) -> bool {
        match (self, other) {
            (Segment::Field(one), PathSegment::Field(other)) => one == other,
            (Segment::Index(one), PathSegment::Index(other)) => one == other,
            _ => false,
        }
    }
}

struct Shaper<'a, 'b> {
    path: Vec<Segment<'a>>,
    errors: &'b mut Vec<ServerError>,
}

impl<'a> Shaper<'a, '_> {
    /// Shapes an object; `false` if it must be null.
    fn object(&mut self, selection: &'a Selection, object: &mut IndexMap<Name, Value>) -> bool {
        let named = if selection.asks_type {
            object.swap_remove(TYPE_KEY)
        } else {
            None
        };
        let named = match &named {
            Some(Value::String(named)) => Some(named.as_str()),
            _ => None,
        };
        let fields = || selection.of(named);
        let is_in_order = fields().len() == object.len()
            && fields()
                .zip(object.keys())
                .all(|(field, key)| field.key == *key);
        if !is_in_order {
            let mut ordered = IndexMap::with_capacity(fields().len());
            for field in fields() {
                let value = object.swap_remove(&field.key).unwrap_or_default();
                ordered.insert(field.key.clone(), value);
            }
            *object = ordered;
        }
        let mut is_there = true;
        for (field, value) in fields().zip(object.values_mut()) {
            self.path.push(Segment::Field(&field.key));
            // The others as well: each error has its own place.
            is_there &= self.value(field, &field.ty, value);
            self.path.pop();
        }
        is_there
    }

    /// Shapes a value of this type; `false` if what holds it must be null.
    fn value(&mut self, field: &'a Field, ty: &Type, value: &mut Value) -> bool {
        let is_there = match value {
            Value::List(items) if ty.is_list() => {
                let mut is_there = true;
                for (index, item) in items.iter_mut().enumerate() {
                    self.path.push(Segment::Index(index));
                    is_there &= self.value(field, ty.item_type(), item);
                    self.path.pop();
                }
                is_there
            }
            Value::Object(object) => match &field.selection {
                Some(selection) => self.object(selection, object),
                None => true,
            },
            Value::Null => match &field.selection {
                // An object of which every field failed.
                Some(selection) if !ty.is_list() && self.failed_within() => {
                    let mut object = IndexMap::new();
                    let is_there = self.object(selection, &mut object);
                    *value = Value::Object(object);
                    is_there
                }
                _ => true,
            },
            _ => true,
        };
        if !is_there {
            *value = Value::Null;
        }
        if *value != Value::Null || !ty.is_non_null() {
            return true;
        }
        self.explain(field);
        false
    }

    /// Returns true if a field of the object here failed.
    fn failed_within(&self) -> bool {
        let here = &self.path;
        self.errors.iter().any(|error| {
            error.path.len() > here.len()
                && here
                    .iter()
                    .zip(&error.path)
                    .all(|(one, other)| one == other)
        })
    }

    /// Sees to it that there is an error for a null that may not be.
    fn explain(&mut self, field: &Field) {
        let here = &self.path;
        let is_explained = self.errors.iter().any(|error| {
            error.path.len() >= here.len()
                && here
                    .iter()
                    .zip(&error.path)
                    .all(|(one, other)| one == other)
        });
        if is_explained {
            return;
        }
        let path = here.iter().map(|segment| match segment {
            Segment::Field(key) => PathSegment::Field((*key).to_owned()),
            Segment::Index(index) => PathSegment::Index(*index),
        });
        let mut error = internal(Some(field.place));
        error.path = path.collect();
        self.errors.push(error);
    }
}

/// A fault of ours, to be sealed.
pub(super) fn internal(place: Option<Pos>) -> ServerError {
    let mut error = ServerError::new("Something went wrong on our side.", place);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", "INTERNAL");
    error.extensions = Some(extensions);
    error
}
