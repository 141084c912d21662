//! What a socket or a stream sends for an operation: one payload, or one for every state.

use async_graphql::Request;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::{Schema, context::RequestContext, error::seal};

/// An execution result as JSON, ready to be sent; cheap to clone.
pub type Payload = Bytes;

/// Executes an operation: a query or a mutation gives one payload, a subscription one for its
/// state now and for every newer state; who reads slowly misses states, never the last.
pub fn subscribe(
    schema: &Schema,
    request: Request,
    context: RequestContext,
    request_id: String,
) -> impl Stream<Item = Payload> + Send + use<> {
    schema
        .execute_stream(request.data(context))
        .map(move |mut response| {
            seal(&mut response, &request_id);
            // A response is made of JSON's own types.
            Bytes::from(serde_json::to_vec(&response).unwrap_or_default())
        })
}
