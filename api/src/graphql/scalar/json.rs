//! Free JSON.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// The scalar `JSON`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Json(pub(crate) serde_json::Value);

/// Any JSON value, in a shape that the field describes. Only ever given, never taken.
#[Scalar(
    name = "JSON",
    specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259"
)]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        value
            .into_json()
            .map(Self)
            .map_err(|_| InputValueError::custom("a JSON value"))
    }

    fn to_value(&self) -> Value {
        // Whatever is JSON is a value.
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}
