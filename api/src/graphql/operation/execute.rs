//! Executing an operation: its data loader's batches run within its own task, a panic ends nothing
//! but it, and its answer has the shape of its plan.
//!
//! All of it stands around the schema and not in extensions of it: with an extension, async-graphql
//! looks up and boxes every single field twice.

use std::{any::Any, panic::AssertUnwindSafe, sync::Arc};

use async_graphql::{Executor, Request, Response, Variables};
use futures_util::{FutureExt, Stream, StreamExt, stream};

use super::{
    super::{budget::Budget, context::RequestContext},
    Refusal, executable,
    plan::Plan,
    shape::{internal, shape},
};

/// An operation that may be executed: its plan, and the values of its variables. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Operation {
    pub(crate) plan: Arc<Plan>,
    pub(crate) variables: Arc<Variables>,
}

impl Operation {
    /// Returns the request that async-graphql executes.
    fn request(&self, context: impl Any + Send + Sync) -> Request {
        let mut request = Request::new(String::new()).data(context);
        request.set_parsed_query(executable::document(&self.plan, &self.variables));
        request
    }
}

/// Executes a query or a mutation.
pub async fn execute(
    schema: &impl Executor,
    operation: &Operation,
    mut context: RequestContext,
) -> Response {
    context.plan = Some(operation.plan.id);
    let (batches, budget) = (context.batches.clone(), context.budget.clone());
    // In a box: it is large, and lies within whatever waits for it.
    let executed = schema.execute(operation.request(context)).boxed();
    let executed = budget.in_turns(batches.run(executed));
    let executed = executed.map(|response| within(&budget, response));
    finished(&operation.plan, executed).await
}

/// Returns what `executed` gives, in the shape of its plan; a fault of ours where it panics, so that
/// whoever else is served by the same connection or task is served on.
async fn finished(plan: &Plan, executed: impl Future<Output = Response>) -> Response {
    let executed = AssertUnwindSafe(executed).catch_unwind().await;
    let mut response = executed.unwrap_or_else(|_| after_panic());
    shape(plan, &mut response);
    response
}

/// Executes any operation: a query or a mutation gives one answer, a subscription several.
pub(in crate::graphql) fn execute_stream<S: Executor>(
    schema: &S,
    operation: &Operation,
    mut context: RequestContext,
) -> impl Stream<Item = Response> + Send + Unpin + use<S> {
    context.plan = Some(operation.plan.id);
    let (batches, budget) = (context.batches.clone(), context.budget.clone());
    let answers = schema.execute_stream(operation.request(context), None);
    let state = (answers, Arc::clone(&operation.plan), batches, budget);
    stream::unfold(Some(state), |state| {
        Box::pin(async move {
            let (mut answers, plan, batches, budget) = state?;
            let next = budget.in_turns(batches.run(answers.next()));
            let next = AssertUnwindSafe(next).catch_unwind().await;
            let (mut response, is_last) = match next {
                Ok(next) => (next?, false),
                Err(_) => (after_panic(), true),
            };
            response = within(&budget, response);
            shape(&plan, &mut response);
            Some((
                response,
                (!is_last).then_some((answers, plan, batches, budget)),
            ))
        })
    })
}

/// The answer in place of one that was never finished. The panic itself is in the log.
fn after_panic() -> Response {
    count_panic();
    Response::from_errors(vec![internal(None)])
}

/// Counts a panic that was caught.
pub(super) fn count_panic() {
    metrics::counter!("jij_panics_total").increment(1);
}

/// Returns the response, or in its place that it would hold more than it may: parts of it would be
/// null for no reason of theirs.
fn within(budget: &Budget, response: Response) -> Response {
    if budget.is_exceeded() {
        Refusal::answer_too_large(budget.limit()).response()
    } else {
        response
    }
}

#[cfg(test)]
mod tests;
