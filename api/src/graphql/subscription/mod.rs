//! What a socket or a stream sends for an operation: one payload, or one for every state.
//!
//! A subscription is executed once to ask what it watches, and then once for every state, as if
//! the state were all there is. Subscribers who ask the same and see the same share that: they
//! are one group, for which a state is resolved and serialised once ([`hub`]). A document that
//! selects anything that depends on the viewer ([`fields`]) is executed for each of its own.

mod fields;
mod hub;

use std::sync::Arc;

use async_graphql::{
    Pos, Request, Response, Variables,
    parser::types::{ExecutableDocument, OperationType},
};
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
    document::Refusal,
    error::{Failure, seal},
    execute::execute_stream,
};

pub(super) use hub::Hub;

/// An execution result as JSON, ready to be sent; cheap to clone.
pub type Payload = Bytes;

/// What a subscriber asks, to be executed for every state.
struct Plan {
    schema: Schema,
    services: Services,
    actor: Actor,
    locale: Locale,
    query: String,
    document: ExecutableDocument,
    operation: Option<String>,
    variables: Variables,
    answer_bytes: usize,
}

/// Begins a subscription: a payload for its state now, if it has one, and for every newer state;
/// who reads slowly misses states, never the last. Nothing that happens after this has returned
/// is missed. The answer, not sealed, of one that is refused, and of any other operation.
pub async fn subscribe(
    schema: Schema,
    mut request: Request,
    context: RequestContext,
) -> Result<BoxStream<'static, Payload>, Response> {
    let asked = Asked::default();
    let plan = Plan::of(&schema, &mut request, &context);
    let context = context.asking(&asked);
    if let Some(answer) = execute_stream(&schema, request, context).next().await {
        return Err(answer);
    }
    match (asked.take(), plan) {
        (Some(Watched::Poll(watch)), Some(plan)) => Ok(live(plan, watch)),
        (Some(Watched::Cases(watch)), Some(plan)) => Ok(cases(plan, watch)),
        _ => {
            let failure = Failure::bad_input(
                "query".into(),
                "A subscription names its one field itself, not in a fragment.",
            );
            let error = async_graphql::Error::from(failure);
            Err(Response::from_errors(vec![
                error.into_server_error(Pos::default()),
            ]))
        }
    }
}

/// The payloads of someone who watches.
fn live(plan: Plan, watch: Watch) -> BoxStream<'static, Payload> {
    match plan.schema.data::<Hub>().cloned() {
        Some(hub) if fields::are_shared(&plan.document, plan.operation.as_deref()) => {
            let subscriber = hub.join(plan, watch);
            stream::unfold(subscriber, |mut subscriber| async {
                Some((sent(subscriber.next().await?), subscriber))
            })
            .boxed()
        }
        _ => {
            let alone = Alone {
                states: watch.states(),
                plan,
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
fn cases(plan: Plan, watch: moderation::Watch) -> BoxStream<'static, Payload> {
    stream::unfold((plan, watch), |(plan, mut watch)| async {
        let case = Box::new(watch.next().await);
        let payload = plan.execute(plan.actor.clone(), Live::SeesCase(case)).await;
        Some((sent(payload), (plan, watch)))
    })
    .boxed()
}

/// A subscriber whose document is executed for them alone.
struct Alone {
    plan: Plan,
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
        Some(self.plan.execute(self.plan.actor.clone(), live).await)
    }
}

impl Plan {
    /// None where the request is no subscription, or is not well formed.
    fn of(schema: &Schema, request: &mut Request, context: &RequestContext) -> Option<Self> {
        let document = request.parsed_query().ok()?.clone();
        let operation = request.operation_name.clone();
        let (_, asked) = document
            .operations
            .iter()
            .find(|(name, _)| match (&operation, name) {
                (Some(operation), Some(name)) => name.as_str() == operation,
                (None, _) => true,
                (Some(_), None) => false,
            })?;
        if asked.node.ty != OperationType::Subscription {
            return None;
        }
        Some(Self {
            schema: schema.clone(),
            services: context.services.clone(),
            actor: context.actor.clone(),
            locale: context.locale,
            query: request.query.clone(),
            variables: request.variables.clone(),
            document,
            operation,
            answer_bytes: context.budget.limit(),
        })
    }

    /// The payload of a state, as `actor` of that view sees it.
    async fn execute(&self, actor: Actor, live: Live) -> Payload {
        metrics::counter!("jij_states_made_total").increment(1);
        let context = RequestContext::seeing(self.services.clone(), actor, self.locale, live)
            .with_answer_limit(self.answer_bytes);
        let mut request = Request::new(self.query.clone()).variables(self.variables.clone());
        request.set_parsed_query(self.document.clone());
        if let Some(operation) = &self.operation {
            request = request.operation_name(operation.clone());
        }
        let response = execute_stream(&self.schema, request, context).next().await;
        let mut response = response.unwrap_or_default();
        seal(&mut response, &domain::random::token().unwrap_or_default());
        payload(&response, self.answer_bytes)
    }
}

/// A sealed response as it goes out; one with more bytes than `limit` is refused in its place.
pub fn payload(response: &Response, limit: usize) -> Payload {
    // A response is made of JSON's own types.
    let bytes = serde_json::to_vec(response).unwrap_or_default();
    if bytes.len() > limit {
        return Refusal::answer_too_large(limit).payload();
    }
    Bytes::from(bytes)
}
