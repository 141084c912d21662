//! A request as a client sends it.

use serde::Deserialize;
use serde_json::{Map, Value};

/// A request as a client sends it; other members are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphqlRequest {
    /// The document.
    pub query: Option<String>,
    /// The hash of a trusted document, in place of its text.
    pub document_id: Option<String>,
    /// The name of one of the document's operations; empty is as good as absent.
    pub operation_name: Option<String>,
    /// The values of the operation's variables.
    pub variables: Option<Map<String, Value>>,
    /// `persistedQuery` of Apollo's automatic persisted queries; others are ignored.
    pub extensions: Option<Map<String, Value>>,
}

impl GraphqlRequest {
    /// A document of one operation, with the values of its variables.
    pub fn new(query: &str, variables: Value) -> Self {
        Self {
            query: Some(query.to_owned()),
            variables: match variables {
                Value::Object(variables) => Some(variables),
                _ => None,
            },
            ..Self::default()
        }
    }

    /// Returns true if it names no document in any way.
    pub fn is_empty(&self) -> bool {
        self.query.is_none() && self.document_id.is_none() && self.hash().is_none()
    }

    /// Returns the hash of an automatic persisted query.
    pub(super) fn hash(&self) -> Option<&str> {
        let persisted = self.extensions.as_ref()?.get("persistedQuery")?;
        persisted.get("sha256Hash")?.as_str()
    }
}
