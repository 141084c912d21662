//! Automatic persisted queries: documents that clients sent once with their hash.

use std::{
    collections::{HashMap, VecDeque},
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

/// Documents by the SHA-256 of their text, the oldest forgotten first.
#[derive(Debug)]
pub(super) struct Remembered {
    most_bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    documents: HashMap<String, Arc<str>>,
    order: VecDeque<String>,
    bytes: usize,
}

impl Remembered {
    /// None yet; at most so many bytes of them.
    pub(super) fn new(most_bytes: usize) -> Self {
        Self {
            most_bytes,
            kept: Mutex::default(),
        }
    }

    /// The document with this hash.
    pub(super) fn document(&self, hash: &str) -> Option<Arc<str>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.documents.get(&hash.to_ascii_lowercase()).cloned()
    }

    /// Keeps a document, whose hash was compared, and forgets the oldest that no longer fit.
    pub(super) fn keep(&self, hash: &str, document: &Arc<str>) {
        let size = |document: &str| document.len() + 64;
        if size(document) > self.most_bytes {
            return;
        }
        let hash = hash.to_ascii_lowercase();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.documents.contains_key(&hash) {
            return;
        }
        kept.bytes += size(document);
        kept.documents.insert(hash.clone(), Arc::clone(document));
        kept.order.push_back(hash);
        while kept.bytes > self.most_bytes
            && let Some(oldest) = kept.order.pop_front()
        {
            if let Some(document) = kept.documents.remove(&oldest) {
                kept.bytes -= size(&document);
            }
        }
    }
}

/// Whether this is the SHA-256 of the document, in hexadecimal.
pub(super) fn is_hash_of(hash: &str, document: &str) -> bool {
    let digest = Sha256::digest(document);
    let mut text = String::with_capacity(64);
    for byte in digest {
        // Writing to a string never fails.
        let _ = write!(text, "{byte:02x}");
    }
    hash.eq_ignore_ascii_case(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten_first() {
        let remembered = Remembered::new(210);
        let document: Arc<str> = Arc::from("{ a }");
        for hash in ["A", "b", "c", "a"] {
            remembered.keep(hash, &document);
        }
        assert_eq!(remembered.document("b").as_deref(), Some("{ a }"));
        assert!(remembered.document("C").is_some());
        assert!(remembered.document("a").is_some());
        let long: Arc<str> = Arc::from("x".repeat(210));
        remembered.keep("d", &long);
        assert!(remembered.document("d").is_none(), "never fits");
    }

    #[test]
    fn a_hash_is_hexadecimal_in_any_case() {
        let hash = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
        assert!(is_hash_of(hash, "{__typename}"));
        assert!(is_hash_of(&hash.to_uppercase(), "{__typename}"));
        assert!(!is_hash_of(hash, "{ __typename }"));
    }
}
