//! The pages that many get, as they were compressed last.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{clock::Instant, recent::Recent};

use super::{
    document::Document,
    frame::Frame,
    packed::{Effort, Packed},
};

/// Most pages that are kept compressed, in each of two generations.
const KEPT: usize = 256;
/// How long a page that changes is compressed quickly after it was compressed well: while votes come
/// in, each changes what everyone sees.
const PAUSE: TimeDelta = TimeDelta::seconds(5);

/// The pages that many get, compressed, by their address.
#[derive(Debug)]
pub(in crate::http) struct Pages(Recent<String, Arc<Kept>>);

/// A page as it was compressed last.
#[derive(Debug)]
struct Kept {
    html: String,
    packed: Option<Packed>,
    effort: Effort,
    /// When the page at this address was last compressed well.
    well_at: Instant,
}

impl Default for Pages {
    fn default() -> Self {
        Self(Recent::new(KEPT))
    }
}

impl Pages {
    /// The page with this token in it, compressed, if that can be done; compressed again only where
    /// it changed, and well only where that was a while ago.
    pub(super) fn packed(
        &self,
        frame: &Frame,
        document: &Document,
        token: &str,
        now: Instant,
    ) -> Option<Vec<u8>> {
        let key = format!("{} {}", frame.path, frame.locale.tag());
        let before = self.0.get(&key);
        let effort = match &before {
            Some(before) if now - before.well_at < PAUSE => Effort::Quick,
            _ => Effort::Well,
        };
        let is_good = |kept: &Arc<Kept>| {
            kept.html == document.html && (kept.effort == Effort::Well || effort == Effort::Quick)
        };
        let kept = before.clone().filter(is_good).unwrap_or_else(|| {
            let well_at = before.filter(|_| effort == Effort::Quick);
            let kept = Arc::new(Kept {
                html: document.html.clone(),
                packed: Packed::new(&document.html, document.place, token.len(), effort),
                effort,
                well_at: well_at.map_or(now, |before| before.well_at),
            });
            self.0.put(key, Arc::clone(&kept));
            kept
        });
        kept.packed.as_ref()?.with(token)
    }
}
