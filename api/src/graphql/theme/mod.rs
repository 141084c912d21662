//! Themes in the API.

mod input;
mod mutation;
mod query;
mod types;

pub(crate) use mutation::ThemeMutation;
pub(crate) use query::ThemeQuery;
pub(crate) use types::{Theme, ThemeUpdate};
