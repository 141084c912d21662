//! Scalars beyond those of the specification.

mod date_time;
mod json;

pub(crate) use date_time::DateTime;
pub(crate) use json::Json;
