//! The language in which people are addressed.

pub use entity::account::Locale;
