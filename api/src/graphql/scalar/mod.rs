//! Scalars beyond those of the specification.

mod date_time;
mod hex_color;
mod json;

pub(crate) use date_time::DateTime;
pub(crate) use hex_color::HexColor;
pub(crate) use json::Json;
