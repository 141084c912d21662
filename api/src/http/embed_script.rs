//! `/embed.js`: what a partner's page loads to show a poll. The same for every page, compressed
//! once.

use std::{io::Write, sync::LazyLock};

use axum::{
    Router,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{AppState, asset};

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

/// Whether the client reads brotli.
fn takes_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|coding| coding.split(';').map(str::trim))
        .any(|mut coding| {
            coding
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("br"))
                && !coding.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
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
    fn brotli_is_sent_to_who_reads_it() {
        for (value, takes) in [
            ("gzip, deflate, br", true),
            ("BR;q=0.5", true),
            ("br;q=0", false),
            ("br; q=0.0, gzip", false),
            ("gzip", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]);
            assert_eq!(takes_brotli(&headers), takes, "{value}");
        }
        assert!(!takes_brotli(&HeaderMap::new()));
    }

    #[test]
    fn the_script_is_small() {
        let size = COMPRESSED.as_ref().map(Vec::len).unwrap();
        assert!(size < 1_024, "{size} bytes");
    }
}
