//! What a socket or a stream sends for an operation: one payload, or one for every state.
//!
//! A subscription is executed once to ask what it watches, and then once for every state, as if
//! the state were all there is. Subscribers who ask the same and see the same share that: they
//! are one group, for which a state is resolved and serialised once ([`hub`]). A document that
//! selects anything that depends on the viewer ([`fields`]) is executed for each of its own.

mod fields;
mod hub;

use std::sync::Arc;

use async_graphql::{Response, parser::types::OperationType};
use bytes::Bytes;
use domain::{
    Actor, Locale, Services, moderation,
    poll::{State, Watch},
};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use tokio::sync::watch;

use super::{
    Schema,
    context::{Asked, Live, RequestContext, Watched},
    error::seal,
    operation::{Operation, Refusal, execute, execute_stream},
};

pub(super) use hub::Hub;

/// An execution result as JSON, ready to be sent; cheap to clone.
pub type Payload = Bytes;

/// An operation that is executed for every state of what it watches.
struct Watching {
    schema: Schema,
    services: Services,
    actor: Actor,
    locale: Locale,
    operation: Operation,
    answer_bytes: usize,
}

/// Begins a subscription: a payload for its state now, if it has one, and for every newer state;
/// who reads slowly misses states, never the last. Nothing that happens after this has returned
/// is missed. The answer, not sealed, of one that is refused, and of any other operation.
pub async fn subscribe(
    schema: Schema,
    operation: Operation,
    context: RequestContext,
) -> Result<BoxStream<'static, Payload>, Response> {
    if operation.plan.kind != OperationType::Subscription {
        return Err(execute(&schema, &operation, context).await);
    }
    let asked = Asked::default();
    let watching = Watching {
        schema: schema.clone(),
        services: context.services.clone(),
        actor: context.actor.clone(),
        locale: context.locale,
        operation: operation.clone(),
        answer_bytes: context.budget.limit(),
    };
    let context = context.asking(&asked);
    if let Some(answer) = execute_stream(&schema, &operation, context).next().await {
        return Err(answer);
    }
    match asked.take() {
        Some(Watched::Poll(watch)) => Ok(live(watching, watch)),
        Some(Watched::Cases(watch)) => Ok(cases(watching, watch)),
        // A subscription that watches nothing has no states.
        None => Ok(stream::empty().boxed()),
    }
}

/// The payloads of someone who watches.
fn live(watching: Watching, watch: Watch) -> BoxStream<'static, Payload> {
    match watching.schema.data::<Hub>().cloned() {
        Some(hub) if fields::are_shared(&watching.operation.plan) => {
            let subscriber = hub.join(watching, watch);
            stream::unfold(subscriber, |mut subscriber| async {
                Some((sent(subscriber.next().await?), subscriber))
            })
            .boxed()
        }
        _ => {
            let alone = Alone {
                states: watch.states(),
                watching,
                watch,
                has_begun: false,
                has_ended: false,
            };
            stream::unfold(alone, |mut alone| async {
                Some((sent(alone.next().await?), alone))
            })
            .boxed()
        }
    }
}

/// Counts what goes to one who watches.
fn sent(state: Payload) -> Payload {
    metrics::counter!("jij_states_sent_total").increment(1);
    state
}

/// The payloads of a moderator who watches the queue: each is executed for them alone, since
/// there are as few of them as moderators at work.
fn cases(watching: Watching, watch: moderation::Watch) -> BoxStream<'static, Payload> {
    stream::unfold((watching, watch), |(watching, mut watch)| async {
        let live = Live::SeesCase(Box::new(watch.next().await));
        let payload = watching.execute(watching.actor.clone(), live).await;
        Some((sent(payload), (watching, watch)))
    })
    .boxed()
}

/// A subscriber whose document is executed for them alone.
struct Alone {
    watching: Watching,
    watch: Watch,
    states: watch::Receiver<State>,
    has_begun: bool,
    has_ended: bool,
}

impl Alone {
    async fn next(&mut self) -> Option<Payload> {
        if self.has_ended {
            return None;
        }
        if self.has_begun {
            tokio::select! {
                changed = self.states.changed() => changed.ok()?,
                () = self.watch.sight_changed() => {}
            }
        }
        self.has_begun = true;
        let state = self.states.borrow_and_update().clone();
        let view = state.view(self.watch.sight(state.hangs_on_ballots()));
        self.has_ended = state.is_last() || !view.is_seen();
        let live = Live::Sees(Arc::new(view));
        let actor = self.watching.actor.clone();
        Some(self.watching.execute(actor, live).await)
    }
}

impl Watching {
    /// Returns the payload of a state, as `actor` of that view sees it.
    async fn execute(&self, actor: Actor, live: Live) -> Payload {
        metrics::counter!("jij_states_made_total").increment(1);
        let context = RequestContext::seeing(self.services.clone(), actor, self.locale, live)
            .with_answer_limit(self.answer_bytes);
        let mut answers = execute_stream(&self.schema, &self.operation, context);
        let mut response = answers.next().await.unwrap_or_default();
        seal(&mut response, &domain::random::token().unwrap_or_default());
        payload(&response, self.answer_bytes)
    }
}

/// A sealed response as it goes out; one with more bytes than `limit` is refused in its place.
pub fn payload(response: &Response, limit: usize) -> Payload {
    // A response is made of JSON's own types.
    let bytes = serde_json::to_vec(response).unwrap_or_default();
    if bytes.len() > limit {
        return Refusal::answer_too_large(limit).payload("");
    }
    Bytes::from(bytes)
}
