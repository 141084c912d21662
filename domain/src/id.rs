//! Ids: one newtype a kind of object.

pub use entity::id::*;
