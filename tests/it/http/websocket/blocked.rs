//! Sockets of blocked accounts.

use api::http::Limits;
use chrono::TimeDelta;
use domain::{
    Actor,
    clock::Clock,
    id::AccountId,
    moderation::{Block, BlockDraft, Reason},
};
use harness::{TestApp, on_both_databases, operation};
use serde_json::json;

use super::{Client, end_of};
use crate::account::{EMAIL, signed_in, verified_account};

async fn block(app: &TestApp, account: AccountId, block: Block) {
    let draft = BlockDraft {
        account,
        block,
        reason: Some(Reason::Other),
        statement: Some("Dit account is overgenomen.".to_owned()),
    };
    let blocked = app.services.moderation.block(&Actor::System, draft).await;
    blocked.expect("operators may");
}

fn rename() -> serde_json::Value {
    json!({
        "query": operation("AccountUpdate").document,
        "variables": { "input": { "displayName": "Een ander" } },
    })
}

on_both_databases! {
    async fn a_socket_of_a_blocked_account_reads_and_closes_once_the_block_is_lifted(app) {
        let account = verified_account(app, EMAIL).await;
        block(app, account.id, Block::Until(app.clock.now() + TimeDelta::days(7))).await;
        let (access, _) = signed_in(app, EMAIL).await;
        let served = app.serve(Limits::default()).await;
        let parameters = json!({ "authorization": format!("Bearer {access}") });
        let mut client = Client::introduced(&served, parameters.clone()).await;
        client.say(json!({ "id": "a", "type": "subscribe", "payload": rename() })).await;
        let refused = client.hear().await;
        assert_eq!(refused["payload"]["data"]["accountUpdate"]["userErrors"][0]["code"], "ACCOUNT_BLOCKED", "{refused}");
        assert_eq!(client.hear().await["type"], "complete");
        let query = json!({ "query": "{ viewer { account { displayName } } }" });
        client.say(json!({ "id": "b", "type": "subscribe", "payload": query })).await;
        let read = client.hear().await;
        assert_eq!(read["payload"]["data"]["viewer"]["account"]["displayName"], "An Smit", "{read}");
        assert_eq!(client.hear().await["type"], "complete");

        block(app, account.id, Block::Lifted).await;
        assert_eq!(client.closed().await, (4403, "Forbidden".to_owned()));
        let mut client = Client::introduced(&served, parameters).await;
        client.say(json!({ "id": "a", "type": "subscribe", "payload": rename() })).await;
        let done = client.hear().await;
        assert_eq!(done["payload"]["data"]["accountUpdate"]["userErrors"], json!([]), "{done}");
        drop(client);
        end_of(served).await;
    }
}
