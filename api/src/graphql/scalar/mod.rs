//! Scalars beyond those of the specification.

mod big_int;
mod date_time;
mod hex_color;
mod json;

pub(crate) use big_int::BigInt;
pub(crate) use date_time::DateTime;
pub(crate) use hex_color::HexColor;
pub(crate) use json::Json;

use async_graphql::{ScalarType, Value};

/// Returns true if a scalar of this name takes a value; one that is not ours takes any.
pub(crate) fn takes(named: &str, value: &Value) -> bool {
    let value = value.clone();
    match named {
        "BigInt" => BigInt::parse(value).is_ok(),
        "DateTime" => DateTime::parse(value).is_ok(),
        "HexColor" => HexColor::parse(value).is_ok(),
        _ => true,
    }
}
