//! Colours.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// The scalar `HexColor`, as it was written: what takes one says what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HexColor(pub(crate) String);

/// A colour: `#` and six hexadecimal digits for red, green and blue (sRGB), such as `#00529c`.
/// Given in small letters; taken in both.
#[Scalar(
    name = "HexColor",
    specified_by_url = "https://www.w3.org/TR/css-color-4/#hex-notation"
)]
impl ScalarType for HexColor {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}
