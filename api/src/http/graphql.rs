//! `/graphql`: one GraphQL request by `POST` as JSON, a query also by `GET` (GraphQL over HTTP).

use async_graphql::{
    Response as GraphqlResponse, ServerError, Value, parser::types::OperationType,
};
use axum::{
    Extension, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::any,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    AppState,
    accept::Form,
    address::{Connection, address},
    bearer::sender,
    edge::{Caller, Outcome, Transport},
    language::locale,
    problem::Problem,
    request::{self, BODY_LIMIT},
    request_id::RequestId,
};
use crate::graphql::{
    operation::{GraphqlRequest, Refusal},
    seal,
};

const NOT_ACCEPTABLE: Problem = Problem::new(
    StatusCode::NOT_ACCEPTABLE,
    "NOT_ACCEPTABLE",
    "This address answers with application/graphql-response+json or application/json.",
);
const OTHER_METHOD: Problem = Problem {
    allow: "GET, POST",
    ..Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        "This address takes GET and POST.",
    )
};
const ONLY_QUERIES: Problem = Problem::new(
    StatusCode::METHOD_NOT_ALLOWED,
    "METHOD_NOT_ALLOWED",
    "Only queries are sent with GET; send this with POST.",
);

/// What an answer depends on beside its address.
const VARY: &str = "Accept, Accept-Language, Authorization, GraphQL-Cost, Origin";
/// Asks what the operation cost.
pub(super) const COST: HeaderName = HeaderName::from_static("graphql-cost");

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/graphql", any(answer))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

async fn answer(
    State(state): State<AppState>,
    connection: Connection,
    Extension(request_id): Extension<RequestId>,
    method: Method,
    address: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Some(form) = Form::wanted(&headers) else {
        return NOT_ACCEPTABLE.answer(Form::Json);
    };
    // Before anything is parsed: what comes on top costs next to nothing.
    let place = match state.admission.enter().await {
        Ok(place) => place,
        Err(problem) => return problem.answer(form),
    };
    let request = match method {
        Method::GET | Method::HEAD => request::of_address(&address),
        Method::POST => request::of_body(&headers, body),
        _ => Err(OTHER_METHOD),
    };
    let changes_nothing = method != Method::POST;
    let answered = match request {
        Ok(request) => {
            let asked = Asked {
                request,
                request_id,
                form,
                changes_nothing,
            };
            execute(&state, connection, &headers, asked).await
        }
        Err(problem) => Err(problem),
    };
    drop(place);
    let mut response = answered.unwrap_or_else(|problem| problem.answer(form));
    let vary = HeaderValue::from_static(VARY);
    response.headers_mut().insert(header::VARY, vary);
    response
}

/// A request, and how it came.
struct Asked {
    request: GraphqlRequest,
    request_id: RequestId,
    form: Form,
    /// It came by a method that is not to change anything.
    changes_nothing: bool,
}

async fn execute(
    state: &AppState,
    connection: Connection,
    headers: &HeaderMap,
    asked: Asked,
) -> Result<Response, Problem> {
    let Asked {
        request,
        request_id,
        form,
        changes_nothing,
    } = asked;
    let sender = sender(&state.services, headers).await?;
    let id = request_id.0.clone();
    let prepared = match state.prepare(request, &sender.actor, Transport::Http) {
        Ok(prepared) => prepared,
        Err(refusal) => return Ok(refused(refusal, form, &id)),
    };
    match prepared.kind {
        OperationType::Query => {}
        _ if changes_nothing => return Err(ONLY_QUERIES),
        OperationType::Mutation => {}
        OperationType::Subscription => return Ok(refused(Refusal::not_here(), form, &id)),
    }
    let rules = state.documents.rules();
    let (cost, is_personal) = (prepared.cost, prepared.is_personal);
    let caller = Caller {
        actor: sender.actor,
        locale: locale(headers),
        address: address(connection),
        connection: None,
        transport: Transport::Http,
        request_id,
    };
    let Outcome::Answer(mut response) = state.execute(caller, prepared).await else {
        return Ok(refused(Refusal::not_here(), form, &id));
    };
    if headers.contains_key(&COST) {
        let told = async_graphql::value!({ "requested": cost, "limit": rules.cost });
        response.extensions.insert("cost".to_owned(), told);
    }
    let is_public = changes_nothing
        && !is_personal
        && !headers.contains_key(header::AUTHORIZATION)
        && response.errors.is_empty()
        && response.cache_control.public
        && response.cache_control.max_age > 0;
    let answer = encode(&response, form);
    if answer.body.len() > rules.answer_bytes {
        let refusal = Refusal::answer_too_large(rules.answer_bytes);
        return Ok(refused(refusal, form, &id));
    }
    let age = is_public.then_some(response.cache_control.max_age);
    Ok(match age {
        Some(age) => keepable(answer, age, headers),
        None => answer.into_response(),
    })
}

/// An answer before it becomes a response.
struct Answer {
    status: StatusCode,
    form: Form,
    /// When to try again, in seconds.
    retry_after: Option<u64>,
    body: Vec<u8>,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, self.form.media()),
            (header::CACHE_CONTROL, "private, no-store"),
        ];
        let mut response = (self.status, headers, self.body).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// The members of an answer, in the order that the specification recommends.
#[derive(Serialize)]
struct Members<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    extensions: &'a std::collections::BTreeMap<String, Value>,
}

fn encode(response: &GraphqlResponse, form: Form) -> Answer {
    // What was executed has data, or errors that name a field.
    let executed =
        response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
    let members = Members {
        errors: &response.errors,
        data: executed.then_some(&response.data),
        extensions: &response.extensions,
    };
    let status = match form {
        _ if is_passing(response) => StatusCode::SERVICE_UNAVAILABLE,
        Form::Response if !executed => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    Answer {
        status,
        form,
        retry_after: retry_after(response),
        // A response is made of JSON's own types.
        body: serde_json::to_vec(&members).unwrap_or_default(),
    }
}

/// Returns true if a retry, or a proxy's at another instance, may succeed.
fn is_passing(response: &GraphqlResponse) -> bool {
    extensions(response, "code")
        .any(|code| ["UNAVAILABLE", "TIMEOUT"].map(Value::from).contains(code))
}

/// The longest wait that an answer asks for, in seconds.
fn retry_after(response: &GraphqlResponse) -> Option<u64> {
    extensions(response, "retryAfter")
        .filter_map(|wait| match wait {
            Value::Number(seconds) => seconds.as_u64(),
            _ => None,
        })
        .max()
}

/// This extension of each error that has it.
fn extensions<'a>(response: &'a GraphqlResponse, name: &str) -> impl Iterator<Item = &'a Value> {
    response
        .errors
        .iter()
        .filter_map(move |error| error.extensions.as_ref()?.get(name))
}

fn refused(refusal: Refusal, form: Form, request_id: &str) -> Response {
    let is_malformed = refusal.is_malformed;
    let mut response = refusal.response();
    seal(&mut response, request_id);
    let mut answer = encode(&response, form);
    if is_malformed {
        answer.status = StatusCode::BAD_REQUEST;
    }
    answer.into_response()
}

/// An answer that everyone may keep for some seconds, and that need not be sent again to who has
/// it already.
fn keepable(answer: Answer, age: i32, headers: &HeaderMap) -> Response {
    let digest = Sha256::digest(&answer.body);
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..18]));
    let is_known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == tag || known == "*");
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        answer.into_response()
    };
    let control = format!("public, max-age={age}");
    for (name, value) in [(header::ETAG, tag), (header::CACHE_CONTROL, control)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
