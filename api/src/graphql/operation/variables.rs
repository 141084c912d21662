//! Coercing the values of variables (6.1.2): each has the type that the operation declares, with
//! defaults in the place of what is absent, and what is absent told from null.

use apollo_compiler::{
    Name as DefinedName, Node,
    ast::{Type, VariableDefinition},
    schema::{InputObjectType, InputValueDefinition},
};
use async_graphql::{Name, Value, Variables, indexmap::IndexMap};
use serde_json::{Map, Number, Value as Json};

use super::{Refusal, definitions::Definitions, literal};
use crate::graphql::scalar;

/// A variable of an operation.
#[derive(Debug)]
pub(super) struct Variable {
    name: Name,
    ty: Type,
    default: Option<Value>,
}

impl Variable {
    /// Reads a variable's definition.
    pub(super) fn read(definitions: &Definitions, definition: &VariableDefinition) -> Self {
        let default = definition.default_value.as_ref();
        Self {
            name: Name::new(&definition.name),
            ty: (*definition.ty).clone(),
            default: default
                .map(|value| literal::read_constant(definitions, value, &definition.ty)),
        }
    }
}

/// Returns the values of an operation's variables; what else was sent is ignored.
pub(super) fn coerce(
    definitions: &Definitions,
    variables: &[Variable],
    mut sent: Map<String, Json>,
) -> Result<Variables, Refusal> {
    let mut coerced = Variables::default();
    for variable in variables {
        let value = match sent.remove(variable.name.as_str()) {
            None => match &variable.default {
                Some(default) => default.clone(),
                None if variable.ty.is_non_null() => {
                    return Err(Refusal::missing_variable(&variable.name));
                }
                None => continue,
            },
            Some(Json::Null) if variable.ty.is_non_null() => {
                return Err(Refusal::missing_variable(&variable.name));
            }
            Some(value) => {
                let mut place = vec![variable.name.to_string()];
                let mut coercion = Coercion {
                    definitions,
                    place: &mut place,
                };
                coercion
                    .value(value, &variable.ty)
                    .map_err(|problem| Refusal::bad_variable(&place, &problem))?
            }
        };
        coerced.insert(variable.name.clone(), value);
    }
    Ok(coerced)
}

struct Coercion<'a, 'b> {
    definitions: &'a Definitions,
    /// The place that is looked at: where a problem is found, it stays.
    place: &'b mut Vec<String>,
}

impl Coercion<'_, '_> {
    fn value(&mut self, value: Json, ty: &Type) -> Result<Value, String> {
        if value.is_null() {
            return if ty.is_non_null() {
                Err(format!("`{ty}` is not null"))
            } else {
                Ok(Value::Null)
            };
        }
        if !ty.is_list() {
            return self.named(value, ty.inner_named_type());
        }
        let Json::Array(items) = value else {
            // One value stands for a list of one.
            return Ok(Value::List(vec![self.value(value, ty.item_type())?]));
        };
        let mut coerced = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let item = self.within(index.to_string(), |this| this.value(item, ty.item_type()))?;
            coerced.push(item);
        }
        Ok(Value::List(coerced))
    }

    fn within<T>(
        &mut self,
        segment: String,
        look: impl FnOnce(&mut Self) -> Result<T, String>,
    ) -> Result<T, String> {
        self.place.push(segment);
        let found = look(self)?;
        self.place.pop();
        Ok(found)
    }

    fn named(&mut self, value: Json, named: &DefinedName) -> Result<Value, String> {
        if let Some(object) = self.definitions.input_object(named) {
            return match value {
                Json::Object(fields) => self.object(fields, object),
                _ => Err(format!("`{named}` is an object")),
            };
        }
        if let Some(list) = self.definitions.enumeration(named) {
            return match value {
                Json::String(text) if list.values.contains_key(text.as_str()) => {
                    Ok(Value::Enum(Name::new(text)))
                }
                _ => Err(format!("it is no value of `{named}`")),
            };
        }
        let coerced = match (named.as_str(), value) {
            ("Int", Json::Number(number)) => whole(&number).map(Value::from),
            ("Float", Json::Number(number)) => Some(Value::Number(number)),
            ("String" | "ID", Json::String(text)) => Some(Value::String(text)),
            ("ID", Json::Number(number)) => identifier(&number).map(Value::String),
            ("Boolean", Json::Bool(value)) => Some(Value::Boolean(value)),
            ("Int" | "Float" | "String" | "ID" | "Boolean", _) => None,
            (_, value) => Value::from_json(value)
                .ok()
                .filter(|value| scalar::takes(named, value)),
        };
        coerced.ok_or_else(|| format!("it is no `{named}`"))
    }

    fn object(
        &mut self,
        mut sent: Map<String, Json>,
        object: &InputObjectType,
    ) -> Result<Value, String> {
        let is_one_of = object.directives.has("oneOf");
        if is_one_of && (sent.len() != 1 || sent.values().any(Json::is_null)) {
            return Err("it has one field, and that is not null".to_owned());
        }
        let mut coerced = IndexMap::with_capacity(object.fields.len());
        for (name, field) in &object.fields {
            let given = sent.remove(name.as_str());
            if let Some(value) = self.field(name, field, given)? {
                coerced.insert(Name::new(name), value);
            }
        }
        match sent.keys().next() {
            Some(unknown) => {
                self.place.push(unknown.clone());
                Err(format!("`{}` has no such field", object.name))
            }
            None => Ok(Value::Object(coerced)),
        }
    }

    fn field(
        &mut self,
        name: &DefinedName,
        field: &Node<InputValueDefinition>,
        given: Option<Json>,
    ) -> Result<Option<Value>, String> {
        self.within(name.to_string(), |this| {
            match (given, &field.default_value) {
                (Some(value), _) => this.value(value, &field.ty).map(Some),
                (None, Some(default)) => Ok(Some(literal::read_constant(
                    this.definitions,
                    default,
                    &field.ty,
                ))),
                (None, None) if field.ty.is_non_null() => Err("it needs a value".to_owned()),
                (None, None) => Ok(None),
            }
        })
    }
}

/// Returns the whole number of 32 bits that this is, written as `1.0` as well.
fn whole(number: &Number) -> Option<i32> {
    if let Some(whole) = number.as_i64() {
        return i32::try_from(whole).ok();
    }
    let decimal = number.as_f64()?;
    let fits =
        decimal.fract() == 0.0 && decimal >= f64::from(i32::MIN) && decimal <= f64::from(i32::MAX);
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and fits")]
    fits.then_some(decimal as i32)
}

/// Returns an ID that is written as a whole number.
fn identifier(number: &Number) -> Option<String> {
    if number.is_i64() || number.is_u64() {
        return Some(number.to_string());
    }
    let decimal = number.as_f64()?;
    (decimal.fract() == 0.0).then(|| format!("{decimal:.0}"))
}
