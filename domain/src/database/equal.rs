//! Comparing a column with a text that a client sent.

use sea_orm::{ColumnTrait, sea_query::Expr};

use crate::text;

/// The rows whose `column` is `text`: none where no database could hold it, which `PostgreSQL`
/// would answer with an error.
pub fn equal(column: impl ColumnTrait, text: &str) -> Expr {
    if text::is_kept(text) {
        column.eq(text)
    } else {
        Expr::value(false)
    }
}
