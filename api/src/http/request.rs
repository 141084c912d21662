//! A GraphQL request as JSON, which every way in carries alike.

use async_graphql::{Request, Variables};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Shared;

/// The members of a request; others are ignored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GraphqlRequest {
    pub(super) query: String,
    #[serde(default)]
    pub(super) operation_name: Option<String>,
    #[serde(default)]
    pub(super) variables: Option<Map<String, Value>>,
}

impl Shared {
    /// The request to execute, its document parsed where that was not done before.
    pub(super) fn request(&self, asked: GraphqlRequest) -> Request {
        let mut request = Request::new(asked.query);
        if let Some(variables) = asked.variables {
            request = request.variables(Variables::from_json(variables.into()));
        }
        if let Some(name) = asked.operation_name.filter(|name| !name.is_empty()) {
            request = request.operation_name(name);
        }
        self.parsed.attach(&mut request);
        request
    }
}
