//! What is said of a contribution: warnings, before it is sent and with what it became.

mod input;
mod query;
mod warning;

pub(crate) use input::{FormInput, form};
pub(crate) use query::ScreeningQuery;
pub(crate) use warning::{ContributionWarning, warnings};
