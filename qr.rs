//! `/present/{slug}/qr.svg`: where people join, for the cameras of their telephones.

use std::fmt::Write as _;

use axum::{
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;

use super::is_slug;
use crate::http::{AppState, problem::not_found};

/// The white edge that a reader needs, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// Where the picture leads.
#[derive(Deserialize)]
pub(super) struct Target {
    /// The six digits of a room. They are drawn and not looked up: the picture says nothing but
    /// what its address says. Without them it leads to the poll's own page.
    code: Option<String>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Query(target): Query<Target>,
) -> Response {
    let site = &state.services.public_url;
    let address = match target.code {
        Some(code) if is_code(&code) => Some(format!("{site}/join/{code}")),
        None if is_slug(&slug) => Some(format!("{site}/p/{slug}")),
        _ => None,
    };
    match address.as_deref().and_then(drawn) {
        Some(svg) => {
            let headers = [
                (header::CONTENT_TYPE, "image/svg+xml; charset=utf-8"),
                (header::CACHE_CONTROL, "public, max-age=86400"),
            ];
            (headers, svg).into_response()
        }
        None => not_found().await.into_response(),
    }
}

fn is_code(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// An address as a QR code that may lose 15 of a hundred modules; none where it is too long.
fn drawn(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let width = code.width();
    let size = width + 2 * QUIET;
    let mut dark = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, length) = (x + QUIET, y + QUIET, run.len());
                write!(dark, "M{left} {top}h{length}v1h-{length}z").ok()?;
            }
            x += run.len();
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/>\
         <path d=\"{dark}\"/></svg>\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_as_large_as_its_address_needs() {
        let svg = drawn("https://jij.example/join/123456").expect("it fits");
        // 25 modules hold 34 letters with this much care, and the edge comes on top.
        assert!(svg.contains("viewBox=\"0 0 33 33\""), "{svg}");
        assert!(drawn(&"x".repeat(5_000)).is_none());
    }

    #[test]
    fn six_digits_are_a_code() {
        for text in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert!(!is_code(text), "{text}");
        }
        assert!(is_code("012345"));
    }
}
