//! `/embed.js`: what a partner's page loads to show a poll. The same for every page, compressed
//! once.

use std::{io::Write, sync::LazyLock};

use axum::{
    Router,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{AppState, accept::takes_brotli, asset};

const SCRIPT: &str = include_str!("../../assets/embed/embed.js");
/// Pages of partners load it from elsewhere, and those that are isolated ask for this.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The script, compressed as far as it goes; none where that failed.
static COMPRESSED: LazyLock<Option<Vec<u8>>> = LazyLock::new(|| compress(SCRIPT.as_bytes()).ok());
static TAG: LazyLock<String> = LazyLock::new(|| asset::tag(SCRIPT));

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/embed.js", get(script))
}

async fn script(headers: HeaderMap) -> Response {
    let always = [
        (header::ETAG, TAG.as_str()),
        // Its address is in pages of others for years: it cannot change with its content.
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::VARY, "Accept-Encoding"),
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (RESOURCE_POLICY, "cross-origin"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    if asset::is_known(&TAG, &headers) {
        return (StatusCode::NOT_MODIFIED, always).into_response();
    }
    match COMPRESSED.as_ref().filter(|_| takes_brotli(&headers)) {
        Some(compressed) => {
            let encoding = [(header::CONTENT_ENCODING, "br")];
            (always, encoding, compressed.as_slice()).into_response()
        }
        None => (always, SCRIPT).into_response(),
    }
}

fn compress(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4_096, 11, 22);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_small() {
        let size = COMPRESSED.as_ref().map(Vec::len).unwrap();
        assert!(size < 1_024, "{size} bytes");
    }
}
