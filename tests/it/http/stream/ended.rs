//! Streams whose session or embed ends before their token does.

use api::http::Limits;
use harness::{Persona, on_both_databases, operation};
use serde_json::json;
use tokio::time::timeout;

use super::{Event, Events, PATIENCE, post_as};

impl Events {
    /// That the next result is an error which says to sign in again, and then the end.
    pub(super) async fn is_unauthenticated(&mut self) {
        let mut next = self.next().await;
        while next == Some(Event::Comment) {
            next = self.next().await;
        }
        let Some(Event::Next(result)) = next else {
            panic!("{next:?}")
        };
        assert_eq!(result["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(result.get("data"), None, "{result:#}");
        assert_eq!(self.next().await, Some(Event::Complete));
        assert_eq!(self.next().await, None);
    }
}

on_both_databases! {
    async fn a_stream_ends_with_an_error_when_its_session_or_embed_ends(app) {
        let (router, connections) = app.router(Limits::default());
        let document = &operation("PollUpdated").document;
        crate::account::verified_account(app, crate::account::EMAIL).await;
        let (access, refresh) = crate::account::signed_in(app, crate::account::EMAIL).await;
        let (embed, poll, _) = crate::embed::embed(app, json!({})).await;
        let guest = crate::embed::token(app, &embed, &json!({})).await;
        let variables = json!({ "pollId": poll["id"] });
        let mut member = post_as(&router, Some(&access), document, variables.clone()).await;
        let mut guest = post_as(&router, Some(&guest), document, variables).await;
        for events in [&mut member, &mut guest] {
            events.until(0).await;
        }
        let input = json!({ "input": { "refreshToken": refresh } });
        app.send(Persona::Anonymous, "SessionRevoke", input).await.accepted("sessionRevoke");
        member.is_unauthenticated().await;
        let input = json!({ "input": { "embedId": embed["id"] } });
        app.send(Persona::Resident, "EmbedRevoke", input).await.accepted("embedRevoke");
        guest.is_unauthenticated().await;
        drop((router, member, guest));
        timeout(PATIENCE, connections.ended()).await.expect("both have ended");
    }
}
