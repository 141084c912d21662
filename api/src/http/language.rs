//! The language of an answer.

use axum::http::{HeaderMap, header};
use domain::Locale;

/// The first of our languages that the client names; Dutch where it names none.
pub(super) fn locale(headers: &HeaderMap) -> Locale {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map(preferred)
        .unwrap_or_default()
}

/// The first of our languages that this value of an `Accept-Language` header names.
pub(super) fn preferred(value: &str) -> Locale {
    value
        .split(',')
        .find_map(|range| {
            let tag = range.split([';', '-']).next().unwrap_or_default().trim();
            if tag.eq_ignore_ascii_case("nl") {
                Some(Locale::Nl)
            } else if tag.eq_ignore_ascii_case("en") {
                Some(Locale::En)
            } else {
                None
            }
        })
        .unwrap_or_default()
}
