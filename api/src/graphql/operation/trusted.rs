//! Documents that were written with the client and are sent by their hash.

use std::{collections::HashMap, sync::Arc};

use super::guard;

/// Documents by their hash. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Trusted(Arc<HashMap<String, Arc<str>>>);

/// Why a list of trusted documents cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NotTrusted {
    /// It is no JSON object of texts.
    #[error("it is not a JSON object with a document for each hash: {0}")]
    Form(#[from] serde_json::Error),
    /// One of the documents would be refused.
    #[error("the document {0} would be refused: {1}")]
    Document(String, guard::Refusal),
}

impl Trusted {
    /// What `graphql-codegen` (`persistedDocuments`) and Relay's compiler write: an object with
    /// the document of each hash.
    pub fn from_json(text: &str, limits: &guard::Limits) -> Result<Self, NotTrusted> {
        let documents: HashMap<String, Arc<str>> = serde_json::from_str(text)?;
        for (hash, document) in &documents {
            guard::check(document, limits)
                .map_err(|refusal| NotTrusted::Document(hash.clone(), refusal))?;
        }
        Ok(Self(Arc::new(documents)))
    }

    /// The document with this hash, with or without the hash's kind before it (`sha256:…`).
    pub(super) fn document(&self, id: &str) -> Option<Arc<str>> {
        let found = self.0.get(id);
        found
            .or_else(|| self.0.get(id.split_once(':')?.1))
            .map(Arc::clone)
    }

    /// Whether this very text is among them.
    pub(super) fn holds(&self, document: &str) -> bool {
        self.0.values().any(|known| **known == *document)
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
