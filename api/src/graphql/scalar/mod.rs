//! Scalars beyond those of the specification.

mod date_time;

pub(crate) use date_time::DateTime;
