//! The one way in for operations: HTTP, WebSockets and event streams frame what happens here.
//!
//! An operation is admitted, prepared, executed within its time, sealed, counted and logged, by
//! whichever of the three it came.

use std::net::IpAddr;

use async_graphql::{Response, parser::types::OperationType};
use domain::{Actor, Locale, poll::ConnectionId};
use futures_util::{
    FutureExt, StreamExt,
    stream::{self, BoxStream},
};
use tokio::sync::OwnedSemaphorePermit;
use tracing::Instrument;

use super::{Shared, problem::Problem, request_id::RequestId};
use crate::graphql::{
    self, Payload, RequestContext,
    operation::{GraphqlRequest, Prepared, Refusal},
    payload, seal,
};

/// The ways in which operations come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Http,
    EventStream,
    WebSocket,
}

/// The sender of an operation, and the way it came.
pub(super) struct Caller {
    pub(super) actor: Actor,
    pub(super) locale: Locale,
    /// The address that it comes from; none where it is not known.
    pub(super) address: Option<IpAddr>,
    /// The connection that stays open for it, where one does.
    pub(super) connection: Option<ConnectionId>,
    pub(super) transport: Transport,
    pub(super) request_id: RequestId,
}

/// The result of an operation.
pub(super) enum Outcome {
    /// One answer, sealed.
    Answer(Box<Response>),
    /// The states of what is watched.
    States(BoxStream<'static, Payload>),
}

impl Transport {
    /// The name in metrics and in the log.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::EventStream => "stream",
            Self::WebSocket => "websocket",
        }
    }
}

impl Shared {
    /// Prepares what a client sent, or says why it is not executed.
    pub(super) fn prepare(
        &self,
        request: GraphqlRequest,
        actor: &Actor,
        transport: Transport,
    ) -> Result<Prepared, Refusal> {
        self.documents
            .prepare(request, actor)
            .inspect_err(|_| count(transport, "unknown", "refused"))
    }

    /// Executes an operation that was admitted and prepared, within its time.
    pub(super) async fn execute(&self, caller: Caller, prepared: Prepared) -> Outcome {
        let rules = self.documents.rules();
        let (transport, kind) = (caller.transport, kind_of(prepared.kind));
        let (request_id, operation, cost) = (caller.request_id.0, prepared.name, prepared.cost);
        let context = RequestContext::new(self.services.clone(), caller.actor, caller.locale)
            .with_address(caller.address)
            .with_connection(caller.connection)
            .with_answer_limit(rules.answer_bytes);
        let span = tracing::info_span!(
            "operation",
            request_id,
            transport = transport.name(),
            kind,
            operation,
            cost
        );
        let begun = self.services.clock.now();
        // In boxes: they are large, and lie within whatever waits for them.
        let executed = match prepared.kind {
            OperationType::Subscription => {
                graphql::subscribe(self.schema.clone(), prepared.operation, context)
                    .map(|begun| begun.map_or_else(Outcome::answer, Outcome::States))
                    .boxed()
            }
            OperationType::Query | OperationType::Mutation => {
                graphql::execute(&self.schema, &prepared.operation, context)
                    .map(Outcome::answer)
                    .boxed()
            }
        };
        let executed = tokio::time::timeout(rules.time_out, executed.instrument(span)).await;
        let took = self.services.clock.now() - begun;
        let (outcome, how) = match executed {
            Ok(Outcome::Answer(response)) if !response.errors.is_empty() => {
                (Outcome::Answer(response), "errors")
            }
            Ok(outcome) => (outcome, "answered"),
            Err(_) => {
                tracing::warn!(request_id, operation, cost, "an operation took too long");
                let refusal = Refusal::timed_out();
                (Outcome::answer(refusal.response()), "timed_out")
            }
        };
        count(transport, kind, how);
        metrics::histogram!("jij_operation_seconds", "transport" => transport.name(), "kind" => kind)
            .record(took.to_std().unwrap_or_default().as_secs_f64());
        tracing::info!(
            request_id,
            transport = transport.name(),
            kind,
            operation,
            cost,
            milliseconds = took.num_milliseconds(),
            outcome = how,
            "executed"
        );
        outcome.sealed(&request_id)
    }

    /// Waits for the turn of an operation over a connection that stays open, for as long as it may
    /// take: there are only so many connections, and nobody asks again by itself.
    pub(super) async fn enter(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let patience = self.documents.rules().time_out;
        self.admission.enter_within(patience).await
    }

    /// The results of an operation as a connection that stays open sends them, from its turn on.
    pub(super) async fn run(
        &self,
        caller: Caller,
        request: GraphqlRequest,
    ) -> BoxStream<'static, Payload> {
        let _turn = match self.enter().await {
            Ok(turn) => turn,
            Err(problem) => return one(problem.payload()),
        };
        match self.prepare(request, &caller.actor, caller.transport) {
            Ok(prepared) => self.results(caller, prepared).await,
            Err(refusal) => one(refusal.payload(&caller.request_id.0)),
        }
    }

    /// The results of an operation whose turn has come and that is prepared.
    pub(super) async fn results(
        &self,
        caller: Caller,
        prepared: Prepared,
    ) -> BoxStream<'static, Payload> {
        match self.execute(caller, prepared).await {
            Outcome::Answer(response) => {
                one(payload(&response, self.documents.rules().answer_bytes))
            }
            Outcome::States(states) => states,
        }
    }
}

impl Outcome {
    fn answer(response: Response) -> Self {
        Self::Answer(Box::new(response))
    }

    fn sealed(self, request_id: &str) -> Self {
        match self {
            Self::Answer(mut response) => {
                seal(&mut response, request_id);
                Self::Answer(response)
            }
            Self::States(states) => Self::States(states),
        }
    }
}

fn one(payload: Payload) -> BoxStream<'static, Payload> {
    stream::iter([payload]).boxed()
}

fn kind_of(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

fn count(transport: Transport, kind: &'static str, outcome: &'static str) {
    metrics::counter!(
        "jij_operations_total",
        "transport" => transport.name(),
        "kind" => kind,
        "outcome" => outcome
    )
    .increment(1);
}
