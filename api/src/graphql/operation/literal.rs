//! Values that stand in a document, by the type of their place.

use apollo_compiler::ast::{self, Type};
use async_graphql::{Name, Value};

use super::{definitions::Definitions, plan::Input};

/// Reads a validated literal of this type; of none within free JSON.
pub(super) fn read(definitions: &Definitions, value: &ast::Value, ty: Option<&Type>) -> Input {
    let named = ty.map(|ty| ty.inner_named_type().as_str());
    Input::Constant(match value {
        ast::Value::Null => Value::Null,
        ast::Value::Boolean(value) => Value::Boolean(*value),
        ast::Value::String(text) => Value::String(text.clone()),
        ast::Value::Enum(name) => Value::Enum(Name::new(name)),
        ast::Value::Int(number) if named == Some("ID") => Value::String(number.as_str().to_owned()),
        ast::Value::Int(number) => whole(number.as_str()),
        ast::Value::Float(number) => decimal(number.as_str()),
        ast::Value::Variable(name) => return Input::Variable(Name::new(name)),
        ast::Value::List(items) => {
            let item = ty.map(|ty| if ty.is_list() { ty.item_type() } else { ty });
            let items: Vec<Input> = items
                .iter()
                .map(|value| read(definitions, value, item))
                .collect();
            if !items.iter().all(is_constant) {
                return Input::List(items);
            }
            Value::List(items.into_iter().filter_map(constant).collect())
        }
        ast::Value::Object(fields) => {
            let object = named.and_then(|named| definitions.input_object(named));
            let fields: Vec<(Name, Input)> = fields
                .iter()
                .map(|(name, value)| {
                    let field = object.and_then(|object| object.fields.get(name));
                    let ty = field.map(|field| &*field.ty);
                    (Name::new(name), read(definitions, value, ty))
                })
                .collect();
            if !fields.iter().all(|(_, value)| is_constant(value)) {
                return Input::Object(fields);
            }
            let constants = fields
                .into_iter()
                .filter_map(|(name, value)| Some((name, constant(value)?)));
            Value::Object(constants.collect())
        }
    })
}

/// Reads a literal without variables, such as a default value.
pub(super) fn read_constant(definitions: &Definitions, value: &ast::Value, ty: &Type) -> Value {
    constant(read(definitions, value, Some(ty))).unwrap_or_default()
}

fn is_constant(value: &Input) -> bool {
    matches!(value, Input::Constant(_))
}

fn constant(value: Input) -> Option<Value> {
    match value {
        Input::Constant(value) => Some(value),
        _ => None,
    }
}

fn whole(digits: &str) -> Value {
    match digits.parse::<i64>() {
        Ok(number) => Value::from(number),
        Err(_) => decimal(digits),
    }
}

fn decimal(digits: &str) -> Value {
    digits.parse::<f64>().map_or(Value::Null, Value::from)
}
