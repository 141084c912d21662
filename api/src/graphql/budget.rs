//! A byte budget for an answer, charged while it is made: lists by what is in them, long texts by
//! their length. Weighing a document beforehand cannot know either.
//!
//! The unit is bytes of the answer. What is charged is a little less than what is sent, so that no
//! answer below the limit is refused here; whoever encodes an answer compares its whole length.
//! Charging also takes turns: once an answer has grown by [`TURN`], its resolvers yield, so that a
//! time-out and other requests get their turn too.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_graphql::{
    Context,
    parser::types::{Selection, SelectionSet},
};
use domain::text::markdown;

use super::{context::request, error::Failure, operation::TYPE_KEY};

/// The bytes that an answer may have unless a setting says otherwise.
pub(crate) const DEFAULT_LIMIT: usize = 4 << 20;
/// The charge of a field, in bytes: its name, its punctuation and a short value.
const FIELD: usize = 16;
/// The bytes that an answer grows by before its resolvers yield.
const TURN: usize = 128 << 10;

/// The byte budget of one answer. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Budget(Arc<Spent>);

struct Spent {
    limit: usize,
    bytes: AtomicUsize,
    in_turn: AtomicUsize,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(DEFAULT_LIMIT)
    }
}

impl Budget {
    /// An answer of at most so many bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self(Arc::new(Spent {
            limit,
            bytes: AtomicUsize::new(0),
            in_turn: AtomicUsize::new(0),
        }))
    }

    /// The most bytes that the answer may have.
    pub(crate) fn limit(&self) -> usize {
        self.0.limit
    }

    /// Returns true if the answer would hold more than it may.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.0.bytes.load(Ordering::Relaxed) > self.0.limit
    }

    /// Charges bytes of the answer, in the turn that they fit in.
    pub(crate) async fn charge(&self, bytes: usize) -> Result<(), Failure> {
        self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
        while !self.is_exceeded() && self.0.in_turn.load(Ordering::Relaxed) >= TURN {
            tokio::task::yield_now().await;
        }
        if self.is_exceeded() {
            return Err(Failure::answer_too_large());
        }
        self.0.in_turn.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }

    /// Runs what makes the answer, a turn each time that it is polled.
    pub(super) async fn in_turns<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|context| {
            self.0.in_turn.store(0, Ordering::Relaxed);
            work.as_mut().poll(context)
        })
        .await
    }
}

/// The content of one field of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// The items of a list; 1 if it is none.
    pub(crate) items: usize,
    /// The bytes of text.
    pub(crate) text: usize,
}

impl Held {
    /// A field with a short value.
    pub(crate) const SHORT: Self = Self { items: 1, text: 0 };

    /// A text of this length.
    pub(crate) fn text(text: usize) -> Self {
        Self { items: 1, text }
    }
}

/// Returns the content of the field of this name.
type HeldBy<'a> = &'a (dyn Fn(&str) -> Held + Sync);

/// Charges a list of so many items, each of which holds what `held` says on average.
pub(crate) async fn charge_list(
    ctx: &Context<'_>,
    items: usize,
    held: HeldBy<'_>,
) -> Result<(), Failure> {
    let each = bytes_of(&ctx.item.node.selection_set.node, held);
    let bytes = items.saturating_mul(each);
    request(ctx).budget.charge(bytes).await
}

/// Charges an object.
pub(crate) async fn charge_object(
    budget: &Budget,
    set: &SelectionSet,
    held: HeldBy<'_>,
) -> Result<(), Failure> {
    budget.charge(bytes_of(set, held)).await
}

/// Charges a text.
pub(crate) async fn charge_text<'a>(ctx: &Context<'_>, text: &'a str) -> Result<&'a str, Failure> {
    request(ctx).budget.charge(text.len()).await?;
    Ok(text)
}

/// Renders Markdown, charged by its length beforehand: its HTML is hardly ever shorter.
pub(crate) async fn charged_html(ctx: &Context<'_>, text: &str) -> Result<String, Failure> {
    Ok(markdown::html(charge_text(ctx, text).await?))
}

/// Returns the bytes of a selection in the answer, those below a list as often as it has items.
/// Plans have no fragments with a name, and ask for some types that the answer does not show.
fn bytes_of(set: &SelectionSet, held: HeldBy<'_>) -> usize {
    let of = |selection: &Selection| match selection {
        Selection::Field(field) if field.node.response_key().node == TYPE_KEY => 0,
        Selection::Field(field) => {
            let below = bytes_of(&field.node.selection_set.node, held);
            let held = held(field.node.name.node.as_str());
            below
                .saturating_mul(held.items)
                .saturating_add(held.text + FIELD)
        }
        Selection::InlineFragment(inline) => bytes_of(&inline.node.selection_set.node, held),
        Selection::FragmentSpread(_) => 0,
    };
    let all = set.items.iter().map(|selection| of(&selection.node));
    all.fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, future::join_all};

    use super::*;

    #[tokio::test]
    async fn an_answer_over_its_limit_is_refused() {
        let budget = Budget::new(10);
        assert!(budget.charge(10).await.is_ok());
        assert!(!budget.is_exceeded());
        assert!(budget.charge(1).await.is_err());
        assert!(budget.is_exceeded());
    }

    #[tokio::test]
    async fn a_long_answer_takes_as_many_turns_as_it_is_long() {
        let budget = &Budget::new(usize::MAX);
        let lists = join_all((0..64).map(|_| budget.charge(TURN)));
        let mut polls = 0;
        let mut work = pin!(budget.in_turns(lists));
        poll_fn(|context| {
            polls += 1;
            work.as_mut().poll(context).map(drop)
        })
        .await;
        assert_eq!(polls, 64);
        assert!(
            budget
                .in_turns(budget.charge(TURN - 1))
                .now_or_never()
                .is_some()
        );
    }
}
