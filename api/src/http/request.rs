//! A GraphQL request as JSON, which every way in carries alike.

use async_graphql::Variables;
use serde::Deserialize;
use serde_json::{Map, Value};

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

impl From<GraphqlRequest> for async_graphql::Request {
    fn from(request: GraphqlRequest) -> Self {
        let mut converted = Self::new(request.query);
        if let Some(variables) = request.variables {
            converted = converted.variables(Variables::from_json(variables.into()));
        }
        if let Some(name) = request.operation_name.filter(|name| !name.is_empty()) {
            converted = converted.operation_name(name);
        }
        converted
    }
}
