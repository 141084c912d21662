//! A GraphQL request as a body or an address carries it.

use axum::{
    body::Bytes,
    extract::{Query, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, Uri, header},
};
use serde::Deserialize;

use super::problem::Problem;
use crate::graphql::operation::GraphqlRequest;

/// The largest body that is read, in bytes.
pub(super) const BODY_LIMIT: usize = 256 * 1024;

const TOO_LARGE: Problem = Problem::new(
    StatusCode::PAYLOAD_TOO_LARGE,
    "BODY_TOO_LARGE",
    "The body is larger than 256 KiB.",
);
const BROKEN_OFF: Problem = Problem::bad_input(
    StatusCode::BAD_REQUEST,
    "The body broke off before its end.",
);
const NOT_JSON: Problem = Problem::new(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "NOT_JSON",
    "The body is application/json, in UTF-8.",
);
const BATCH: Problem = Problem::new(
    StatusCode::BAD_REQUEST,
    "BATCH_REFUSED",
    "One request at a time: batches are not taken.",
);
const BAD_BODY: Problem = Problem::bad_input(
    StatusCode::BAD_REQUEST,
    "The body is a JSON object with a text `query`, and `variables`, `operationName` and `extensions` where needed.",
);
const BAD_ADDRESS: Problem = Problem::bad_input(
    StatusCode::BAD_REQUEST,
    "The address has a parameter `query`, and where needed `operationName`, and `variables` and `extensions` as JSON objects.",
);

/// The request that a body holds.
pub(super) fn of_body(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<GraphqlRequest, Problem> {
    if !is_json(headers) {
        return Err(NOT_JSON);
    }
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
        _ => BROKEN_OFF,
    })?;
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(BATCH);
    }
    serde_json::from_slice(&body)
        .ok()
        .filter(|request: &GraphqlRequest| !request.is_empty())
        .ok_or(BAD_BODY)
}

/// The parameters of an address; others are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// The request that the parameters of an address hold.
pub(super) fn of_address(address: &Uri) -> Result<GraphqlRequest, Problem> {
    let Query(parameters) = Query::<Parameters>::try_from_uri(address).map_err(|_| BAD_ADDRESS)?;
    let object = |text: Option<String>| match text.filter(|text| !text.is_empty()) {
        Some(text) => serde_json::from_str(&text).map_err(|_| BAD_ADDRESS),
        None => Ok(None),
    };
    let request = GraphqlRequest {
        query: parameters.query,
        document_id: parameters.document_id,
        operation_name: parameters.operation_name,
        variables: object(parameters.variables)?,
        extensions: object(parameters.extensions)?,
    };
    if request.is_empty() {
        return Err(BAD_ADDRESS);
    }
    Ok(request)
}

/// Whether the body says of itself that it is JSON in UTF-8.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let Ok(value) = value.to_str() else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default();
    media.eq_ignore_ascii_case("application/json")
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
                value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_in_utf_8_is_read() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            is_json(&headers)
        };
        for good in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json;charset=\"utf-8\"",
            "application/json; x=y",
        ] {
            assert!(of(good), "{good}");
        }
        for bad in [
            "",
            "text/plain",
            "application/json-patch+json",
            "application/json; charset=latin1",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            "application/graphql",
        ] {
            assert!(!of(bad), "{bad}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn an_address_holds_a_request() {
        let of = |text: &str| of_address(&text.parse().unwrap());
        let request = of("/graphql?query=%7Ba%7D&operationName=&variables=%7B%22a%22:1%7D&x=y");
        let request = request.unwrap();
        assert_eq!(request.query.as_deref(), Some("{a}"));
        assert_eq!(request.variables.unwrap()["a"], 1);
        for bad in [
            "/graphql",
            "/graphql?variables=%7B%7D",
            "/graphql?query=%7Ba%7D&variables=1",
            "/graphql?query=%7Ba%7D&variables=x",
            "/graphql?query=%7Ba%7D&extensions=%5B%5D",
            "/graphql?query=a&query=b",
        ] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
