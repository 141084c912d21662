//! Documents that were guarded and parsed lately: clients send the same few over and over.

use std::{fmt, sync::Arc};

use async_graphql::parser::{parse_query, types::ExecutableDocument};
use domain::recent::Recent;

use super::{
    super::guard::{self, Limits},
    Refusal,
};

/// Documents of a generation; see [`Recent`].
const MOST: usize = 256;
/// The longest text that is kept, in bytes: no client of ours sends a longer one, and what is
/// parsed takes about ten times its text.
const LONGEST: usize = 8 * 1024;

/// Documents that passed the guard and were parsed lately, by their text. What a document may do
/// is still checked for each request: its weight and its validity hang on the variables as well.
pub(super) struct Parsed(Recent<String, Arc<ExecutableDocument>>);

impl Parsed {
    /// No document yet.
    pub(super) fn new() -> Self {
        Self(Recent::new(MOST))
    }

    /// The document of this text, guarded and parsed where that was not done before.
    pub(super) fn document(
        &self,
        text: &str,
        limits: &Limits,
    ) -> Result<Arc<ExecutableDocument>, Refusal> {
        if let Some(document) = self.0.get(text) {
            return Ok(document);
        }
        guard::check(text, limits).map_err(|refusal| Refusal::guarded(&refusal))?;
        let document = parse_query(text).map_err(|error| Refusal::unreadable(&error))?;
        let document = Arc::new(document);
        if text.len() <= LONGEST {
            self.0.put(text.to_owned(), Arc::clone(&document));
        }
        Ok(document)
    }
}

impl fmt::Debug for Parsed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Parsed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_parsed_once_and_a_broken_one_is_not_kept() {
        let (parsed, limits) = (Parsed::new(), Limits::default());
        let first = parsed.document("{ viewer { id } }", &limits).unwrap();
        let second = parsed.document("{ viewer { id } }", &limits).unwrap();
        assert!(Arc::ptr_eq(&first, &second));
        assert!(parsed.document("{ viewer { id }", &limits).is_err());
        assert!(parsed.0.get("{ viewer { id }").is_none());
    }

    #[test]
    fn a_long_one_is_not_kept() {
        let (parsed, limits) = (Parsed::new(), Limits::default());
        let text = format!("{{ viewer {{ id }} }}{}", " ".repeat(LONGEST));
        assert!(parsed.document(&text, &limits).is_ok());
        assert!(parsed.0.get(text.as_str()).is_none());
    }
}
