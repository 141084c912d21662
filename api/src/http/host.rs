//! The `Host` of a request (RFC 9112, section 3.2).

use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::Problem;

const ONE_HOST: Problem = Problem::bad_input(
    StatusCode::BAD_REQUEST,
    "A request names one host, in its header Host.",
);

/// Answers 400 to a request without a host, with two, or with one that is none: proxies and caches
/// may take another one of them for whom it is meant.
pub(super) async fn require_one(request: Request, next: Next) -> Response {
    if has_one(request.version(), request.headers()) {
        next.run(request).await
    } else {
        ONE_HOST.into_response()
    }
}

fn has_one(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => is_host(host.as_bytes()),
        // It did not exist before HTTP/1.1, and is a pseudo-header after it.
        (None, _) => version != Version::HTTP_11,
        (Some(_), Some(_)) => false,
    }
}

fn is_host(host: &[u8]) -> bool {
    Authority::try_from(host).is_ok_and(|host| !host.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_one_host() {
        for (version, hosts, good) in [
            (Version::HTTP_11, &["jij.example"][..], true),
            (Version::HTTP_11, &["[2001:db8::7]:8000"], true),
            (Version::HTTP_11, &[], false),
            (Version::HTTP_11, &[""], false),
            (Version::HTTP_11, &["jij.example", "jij.example"], false),
            (Version::HTTP_11, &["jij.example", "elders.example"], false),
            (Version::HTTP_11, &["jij.example/x"], false),
            (Version::HTTP_11, &["jij.example, elders.example"], false),
            (Version::HTTP_11, &["an@jij.example"], false),
            (Version::HTTP_10, &[], true),
            (Version::HTTP_10, &["jij.example", "elders.example"], false),
            (Version::HTTP_2, &[], true),
        ] {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, host.parse().unwrap());
            }
            assert_eq!(has_one(version, &headers), good, "{version:?} {hosts:?}");
        }
    }
}
