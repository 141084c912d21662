//! Column shapes that every table shares, so that the same kind of value has the same type
//! everywhere.

use sea_orm_migration::prelude::*;

/// A UUID primary key.
pub(crate) fn id(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().primary_key().take()
}

/// A UUID that refers to another row.
pub(crate) fn reference(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}

/// A UUID that may be absent.
pub(crate) fn optional_reference(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).uuid().null().take()
}

/// Text of any length; the domain bounds it.
pub(crate) fn text(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// Text that may be absent.
pub(crate) fn optional_text(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

/// An instant.
pub(crate) fn instant(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name)
        .timestamp_with_time_zone()
        .not_null()
        .take()
}

/// An instant that may be absent.
pub(crate) fn optional_instant(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name)
        .timestamp_with_time_zone()
        .null()
        .take()
}

/// A count that starts at 0 and never goes below.
pub(crate) fn count(name: impl IntoIden) -> ColumnDef {
    let name = name.into_iden();
    ColumnDef::new(name.clone())
        .big_integer()
        .not_null()
        .default(0)
        .check(Expr::col(name).gte(0))
        .take()
}

/// One of a fixed list of words.
pub(crate) fn one_of(name: impl IntoIden, words: &[&str]) -> ColumnDef {
    let name = name.into_iden();
    text(name.clone())
        .check(Expr::col(name).is_in(words.iter().copied()))
        .take()
}

/// One of a fixed list of words, or absent.
pub(crate) fn optional_one_of(name: impl IntoIden, words: &[&str]) -> ColumnDef {
    let name = name.into_iden();
    optional_text(name.clone())
        .check(Expr::col(name).is_in(words.iter().copied()))
        .take()
}

/// A whole number.
pub(crate) fn number(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().take()
}

/// A whole number that may be absent.
pub(crate) fn optional_number(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).integer().null().take()
}

/// A sum of changes: never below 0 once a transaction is whole, though a row of an upsert that
/// takes away is, so no check can stand on it.
pub(crate) fn sum(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// Bytes of any length.
pub(crate) fn bytes(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).blob().not_null().take()
}

/// Yes or no.
pub(crate) fn flag(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().take()
}

/// Yes or no, or not known.
pub(crate) fn optional_flag(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).boolean().null().take()
}
