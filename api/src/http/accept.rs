//! In which form an answer goes back: its media type where it is GraphQL's, and its coding (RFC 9110,
//! sections 12.5.1 and 12.5.3).

use axum::http::{HeaderMap, header};

/// A form of an answer, by its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Form {
    /// `application/graphql-response+json`: the status says whether anything was executed.
    Response,
    /// `application/json`: 200 for every request that could be read.
    #[default]
    Json,
}

impl Form {
    /// The media type.
    pub(super) fn media(self) -> &'static str {
        match self {
            Self::Response => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The form that the client likes best; none where it likes neither. JSON where it has no
    /// preference, which clients of before the newer type count on.
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let mut ranges = ranges(headers).peekable();
        if ranges.peek().is_none() {
            return Some(Self::Json);
        }
        let (mut response, mut json) = (Liking::default(), Liking::default());
        for range in ranges {
            response.hear(range, "application", "graphql-response+json");
            json.hear(range, "application", "json");
        }
        let named = response.precision == EXACT;
        if response.quality > json.quality
            || (named && response.quality > 0 && response.quality == json.quality)
        {
            Some(Self::Response)
        } else if json.quality > 0 {
            Some(Self::Json)
        } else {
            None
        }
    }
}

/// Returns true if the client accepts event streams, also by having no `Accept` header.
pub(super) fn takes_events(headers: &HeaderMap) -> bool {
    let mut events = Liking::default();
    let mut has_preference = false;
    for range in ranges(headers) {
        has_preference = true;
        events.hear(range, "text", "event-stream");
    }
    !has_preference || events.quality > 0
}

fn ranges(headers: &HeaderMap) -> impl Iterator<Item = Range<'_>> {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(Range::read)
}

/// Whether the client reads Brotli.
pub(super) fn takes_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let is_brotli = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("br"));
            let is_refused = parts.any(|part| {
                part.strip_prefix("q=")
                    .and_then(|quality| quality.parse::<f32>().ok())
                    .is_some_and(|quality| quality <= 0.0)
            });
            is_brotli && !is_refused
        })
}

/// A range that names one media type.
const EXACT: u8 = 3;

/// How much a client likes a media type, in thousandths, by the range that fits it best.
#[derive(Default)]
struct Liking {
    precision: u8,
    quality: u16,
}

impl Liking {
    fn hear(&mut self, range: Range<'_>, kind: &str, subtype: &str) {
        let precision = match (range.kind, range.subtype) {
            (found, _) if found.eq_ignore_ascii_case(kind) => {
                let found = range.subtype;
                if found.eq_ignore_ascii_case(subtype) {
                    EXACT
                } else if found == "*" {
                    2
                } else {
                    return;
                }
            }
            ("*", "*") => 1,
            _ => return,
        };
        if precision > self.precision {
            self.precision = precision;
            self.quality = range.quality;
        } else if precision == self.precision {
            self.quality = self.quality.max(range.quality);
        }
    }
}

#[derive(Clone, Copy)]
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    quality: u16,
}

impl<'a> Range<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut quality = 1_000;
        for part in parts {
            let Some((name, value)) = part.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"');
            match name.trim() {
                name if name.eq_ignore_ascii_case("q") => quality = thousandths(value)?,
                name if name.eq_ignore_ascii_case("charset")
                    && !value.eq_ignore_ascii_case("utf-8") =>
                {
                    return None;
                }
                _ => {}
            }
        }
        Some(Self {
            kind,
            subtype,
            quality,
        })
    }
}

/// A quality such as `0.8`.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let whole: u16 = whole.parse().ok()?;
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{part:0<3}").parse().ok()?;
    Some(whole.checked_mul(1_000)?.checked_add(part)?.min(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_liked_form_is_given() {
        let (response, json) = (Some(Form::Response), Some(Form::Json));
        for (accept, expected) in [
            ("application/json", json),
            ("application/graphql-response+json", response),
            ("*/*", json),
            ("application/*", json),
            (
                "application/graphql-response+json, application/json;q=0.9",
                response,
            ),
            (
                "application/json;q=0.9, application/graphql-response+json",
                response,
            ),
            (
                "application/graphql-response+json, application/json",
                response,
            ),
            (
                "application/graphql-response+json;q=0.5, application/json",
                json,
            ),
            (
                "application/graphql-response+json;q=0.5, */*;q=0.1",
                response,
            ),
            ("application/json;q=0, */*", response),
            (
                "application/graphql-response+json;charset=utf-8, application/json;charset=utf-8",
                response,
            ),
            ("APPLICATION/JSON", json),
            ("text/html, */*;q=0.8", json),
            ("text/html", None),
            ("application/json;q=0", None),
            ("text/event-stream, image/png", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(Form::wanted(&headers), expected, "{accept}");
        }
        assert_eq!(Form::wanted(&HeaderMap::new()), json);
    }

    #[test]
    fn events_are_sent_to_who_takes_them() {
        for (value, takes) in [
            ("text/event-stream", true),
            ("TEXT/*;q=0.1", true),
            ("application/json, */*", true),
            ("application/json", false),
            ("text/event-stream;q=0, */*", false),
            ("text/html", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, value.parse().unwrap())]);
            assert_eq!(takes_events(&headers), takes, "{value}");
        }
        assert!(takes_events(&HeaderMap::new()));
    }

    #[test]
    fn brotli_is_sent_to_who_reads_it() {
        for (value, takes) in [
            ("gzip, deflate, br", true),
            ("br;q=0.5", true),
            ("BR", true),
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
}
