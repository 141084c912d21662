//! Documents that were parsed lately: clients send the same few over and over.

use std::sync::Arc;

use async_graphql::{Request, parser::types::ExecutableDocument};
use domain::recent::Recent;

/// Documents of a generation; see [`Recent`].
const MOST: usize = 256;
/// The longest text that is kept, in bytes: no client of ours sends a longer one, and what is
/// parsed takes about ten times its text.
const LONGEST: usize = 8 * 1024;

/// Documents that were parsed lately, by their text. What a document may do is still checked for
/// each request: validation looks at the variables as well.
#[derive(Clone)]
pub struct Documents(Arc<Recent<String, Arc<ExecutableDocument>>>);

impl Documents {
    /// No document yet.
    pub fn new() -> Self {
        Self(Arc::new(Recent::new(MOST)))
    }

    /// Gives a request its parsed document, if it can be parsed; otherwise executing it says why
    /// not.
    pub fn attach(&self, request: &mut Request) {
        if request.query.len() > LONGEST {
            return;
        }
        if let Some(document) = self.0.get(request.query.as_str()) {
            request.set_parsed_query(ExecutableDocument::clone(&document));
            return;
        }
        let text = request.query.clone();
        if let Ok(document) = request.parsed_query() {
            self.0.put(text, Arc::new(document.clone()));
        }
    }
}

impl Default for Documents {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_parsed_once_and_a_broken_one_is_not_kept() {
        let documents = Documents::new();
        let mut first = Request::new("{ viewer { id } }");
        documents.attach(&mut first);
        let kept = documents.0.get("{ viewer { id } }").unwrap();
        let mut second = Request::new("{ viewer { id } }");
        documents.attach(&mut second);
        assert!(Arc::ptr_eq(
            &kept,
            &documents.0.get("{ viewer { id } }").unwrap()
        ));
        let mut broken = Request::new("{ viewer { id }");
        documents.attach(&mut broken);
        assert!(documents.0.get("{ viewer { id }").is_none());
        assert!(broken.parsed_query().is_err());
    }

    #[test]
    fn a_long_one_is_not_kept() {
        let documents = Documents::new();
        let text = format!("{{ viewer {{ id }} }}{}", " ".repeat(LONGEST));
        documents.attach(&mut Request::new(text.clone()));
        assert!(documents.0.get(text.as_str()).is_none());
    }
}
