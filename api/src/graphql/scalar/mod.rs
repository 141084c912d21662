//! Scalars beyond those of the specification.

mod big_int;
mod date_time;
mod hex_color;
mod json;

pub(crate) use big_int::BigInt;
pub(crate) use date_time::DateTime;
pub(crate) use hex_color::HexColor;
pub(crate) use json::Json;
