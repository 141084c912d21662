//! The pages of those who were not here before: made once for each state of a poll, whoever asks
//! meanwhile waiting for the same. What takes long is done away from the threads that answer.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use axum::http::HeaderMap;
use domain::{Actor, Result, Services, poll::Edition, recent::Recent};
use tokio::{
    sync::{Mutex as Gate, OnceCell},
    task::spawn_blocking,
};

use super::{
    document::{Document, Notice, Told},
    filled::Filled,
    frame::Frame,
    packed::{Head, Packed},
    sheet::Sheet,
};

/// Most pages that are kept, in each of two generations.
const PAGES: usize = 256;
/// Most beginnings of pages that are kept, in each of two generations: one a colour and language.
const HEADS: usize = 64;

/// A page of at most so many bytes is compressed where it is made: that takes less than to make it.
/// Handed over one by one they would go to hundreds of threads, each with memory of its own.
const SHORT: usize = 64 * 1024;

/// The pages that many get.
#[derive(Debug)]
pub(in crate::http) struct Pages {
    heads: Recent<String, Arc<OnceCell<Option<Arc<Head>>>>>,
    /// By their address and language.
    places: Recent<String, Arc<Place>>,
}

/// Where a page is kept.
#[derive(Debug, Default)]
struct Place {
    kept: Mutex<Option<Arc<Kept>>>,
    /// Who makes the page holds it; the others wait here.
    gate: Gate<()>,
    /// How often someone has begun to make it.
    begun: AtomicU64,
}

/// A page as it was made last.
#[derive(Debug)]
pub(super) struct Kept {
    /// Which of all that were begun it is.
    number: u64,
    edition: Edition,
    /// That of the embed, where it is shown in one.
    revision: Option<i64>,
    pub(super) headers: HeaderMap,
    pub(super) document: Document,
    /// None where it could not be compressed, or is made for each anew.
    pub(super) packed: Option<Arc<Packed>>,
    /// Whether everyone has an order of options of their own, and so a page of their own.
    pub(super) is_shuffled: bool,
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            heads: Recent::new(HEADS),
            places: Recent::new(PAGES),
        }
    }
}

impl Pages {
    /// The page as it stands now; none where there is no such poll for everyone.
    pub(super) async fn page(
        &self,
        services: &Services,
        frame: &Frame,
    ) -> Result<Option<Arc<Kept>>> {
        let nobody = Actor::Visitor(None);
        let Some(edition) = services.polls.edition(&nobody, &frame.slug).await? else {
            return Ok(None);
        };
        let key = format!("{} {}", frame.path, frame.locale.tag());
        let place = self.places.get_or_put(key, Arc::default);
        let begun = place.begun.load(Ordering::Acquire);
        if let Some(kept) = place.kept().filter(|kept| kept.is_of(&edition, frame)) {
            return Ok(Some(kept));
        }
        let _turn = place.gate.lock().await;
        // One that was begun since we asked says at least what there was to say then.
        let since = |kept: &Arc<Kept>| kept.number > begun && kept.revision == revision(frame);
        let before = place.kept();
        if let Some(kept) = before.clone().filter(since) {
            return Ok(Some(kept));
        }
        let number = place.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let made = self.make(services, frame, number, before).await?;
        place.keep(made.clone());
        Ok(made)
    }

    /// Makes the page; compresses it where that is not how it was `before`.
    async fn make(
        &self,
        services: &Services,
        frame: &Frame,
        number: u64,
        before: Option<Arc<Kept>>,
    ) -> Result<Option<Arc<Kept>>> {
        let nobody = Actor::Visitor(None);
        // What changes in between makes the page newer than it says, so that it is made again.
        let Some(edition) = services.polls.edition(&nobody, &frame.slug).await? else {
            return Ok(None);
        };
        let Some(sheet) = Sheet::read(services, &nobody, &frame.slug).await? else {
            return Ok(None);
        };
        let is_shuffled = sheet.is_shuffled();
        let filled = Filled::default();
        let document = Document::new(&sheet, frame, &filled, &Told::new(), Notice::None);
        let packed = match before {
            _ if is_shuffled => None,
            Some(before) if before.document == document => before.packed.clone(),
            _ => self.packed(frame, &document).await,
        };
        Ok(Some(Arc::new(Kept {
            number,
            edition,
            revision: revision(frame),
            headers: frame.headers(),
            document,
            packed,
            is_shuffled,
        })))
    }

    /// A page in this frame, compressed; none where that cannot be done.
    pub(super) async fn packed(&self, frame: &Frame, document: &Document) -> Option<Arc<Packed>> {
        let head = self.head(frame, document).await?;
        if document.html.len() <= SHORT {
            return Packed::new(&head, &document.html, document.place).map(Arc::new);
        }
        let Document { html, place, .. } = document.clone();
        let packed = spawn_blocking(move || Packed::new(&head, &html, place)).await;
        packed.ok().flatten().map(Arc::new)
    }

    /// The beginning of the pages in such a frame.
    async fn head(&self, frame: &Frame, document: &Document) -> Option<Arc<Head>> {
        let head = self.heads.get_or_put(frame.look(), Arc::default);
        let make = async || {
            let html = document.head().to_owned();
            let made = spawn_blocking(move || Head::new(html)).await;
            made.ok().flatten().map(Arc::new)
        };
        head.get_or_init(make).await.clone()
    }
}

impl Place {
    fn kept(&self) -> Option<Arc<Kept>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }

    fn keep(&self, made: Option<Arc<Kept>>) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = made;
    }
}

impl Kept {
    /// Whether it is still what there is to say.
    fn is_of(&self, edition: &Edition, frame: &Frame) -> bool {
        self.edition.is(edition) && self.revision == revision(frame)
    }
}

/// How often the embed was changed whose frame it is.
fn revision(frame: &Frame) -> Option<i64> {
    frame.embed.as_ref().map(|shown| shown.revision)
}
