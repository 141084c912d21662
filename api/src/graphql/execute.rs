//! Executing a request: its data loader's batches run within its own task, and its fields are
//! answered in the order in which they were asked for.
//!
//! Both stand around the schema and not in extensions of it: with an extension, async-graphql
//! looks up and boxes every single field twice.

use async_graphql::{Request, Response};
use futures_util::{FutureExt, Stream, StreamExt, stream};

use super::{
    Schema,
    budget::Budget,
    context::RequestContext,
    document::Refusal,
    order::{Order, Orders},
};

/// Executes a query or a mutation.
pub async fn execute(schema: &Schema, request: Request, context: RequestContext) -> Response {
    let (mut request, mut context) = (request, context);
    let order = order(schema, &mut request);
    context.document = order.as_ref().and_then(Order::document);
    let (batches, budget) = (context.batches.clone(), context.budget.clone());
    // In a box: it is large, and lies within whatever waits for it.
    let executed = schema.execute(request.data(context)).boxed();
    let mut response = within(&budget, budget.in_turns(batches.run(executed)).await);
    if let Some(order) = order {
        order.arrange(&mut response);
    }
    response
}

/// Executes any operation: a query or a mutation gives one answer, a subscription several.
pub(super) fn execute_stream(
    schema: &Schema,
    request: Request,
    context: RequestContext,
) -> impl Stream<Item = Response> + Send + Unpin + use<> {
    let (mut request, mut context) = (request, context);
    let order = order(schema, &mut request);
    context.document = order.as_ref().and_then(Order::document);
    let (batches, budget) = (context.batches.clone(), context.budget.clone());
    let answers = schema.execute_stream(request.data(context)).boxed();
    stream::unfold(
        (answers, order, batches, budget),
        |(mut answers, order, batches, budget)| {
            Box::pin(async move {
                let next = budget.in_turns(batches.run(answers.next())).await?;
                let mut response = within(&budget, next);
                if let Some(order) = &order {
                    order.arrange(&mut response);
                }
                Some((response, (answers, order, batches, budget)))
            })
        },
    )
}

/// The response, or in its place that it would hold more than it may: parts of it would be null for
/// no reason of theirs.
fn within(budget: &Budget, response: Response) -> Response {
    if budget.is_exceeded() {
        Refusal::answer_too_large(budget.limit()).response()
    } else {
        response
    }
}

/// The order of the request's fields; none where its document cannot be parsed.
fn order(schema: &Schema, request: &mut Request) -> Option<Order> {
    let orders = schema.data::<Orders>()?.clone();
    let operation = request.operation_name.clone();
    request.parsed_query().ok()?;
    // Out of the way, while the document is borrowed from the request.
    let query = std::mem::take(&mut request.query);
    let order = request
        .parsed_query()
        .ok()
        .map(|document| orders.of(&query, document, operation.as_deref()));
    request.query = query;
    order
}
