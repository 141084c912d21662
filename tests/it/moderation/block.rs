//! Blocking accounts.

use chrono::TimeDelta;
use domain::{
    Actor, Error,
    clock::Clock,
    moderation::{Block, BlockDraft, Reason},
};
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{person, queue, reported};

async fn block(app: &TestApp, persona: Persona, author: &Value, days: i64) -> harness::Answer {
    let until = app.clock.now() + TimeDelta::days(days);
    let input = json!({
        "accountId": author["id"], "until": until, "reasonCode": "SPAM", "statement": "Te veel reclame.",
    });
    app.send(persona, "AccountBlock", json!({ "input": input }))
        .await
}

async fn unblock(app: &TestApp, author: &Value) -> harness::Answer {
    let document = "mutation($input: AccountUnblockInput!) { accountUnblock(input: $input) { account { displayName } userErrors { code message field } } }";
    let input = json!({ "input": { "accountId": author["id"] } });
    app.execute(Persona::Moderator, document, input).await
}

async fn seen_block(app: &TestApp, persona: Persona, case: &Value) -> harness::Answer {
    let document =
        "query($id: ID!) { node(id: $id) { ... on ModerationCase { authorBlock { until } } } }";
    app.execute(persona, document, json!({ "id": case["id"] }))
        .await
}

/// An author, as whoever reads their comment sees them.
async fn author(app: &TestApp) -> Value {
    let (posted, _) = reported(app).await;
    let document =
        "query($id: ID!) { node(id: $id) { ... on Comment { author { id displayName } } } }";
    let read = app
        .execute(Persona::Anonymous, document, json!({ "id": posted["id"] }))
        .await;
    read.data("/node/author").clone()
}

on_both_databases! {
    async fn who_is_blocked_is_told_and_the_content_stays(app) {
        let author = author(app).await;
        let blocked = block(app, Persona::Moderator, &author, 7).await;
        assert_eq!(blocked.accepted("accountBlock")["account"]["displayName"], author["displayName"]);
        app.run_jobs().await;
        let told = app.mails();
        assert!(told.iter().any(|mail| mail.text.contains("Te veel reclame.")), "{told:?}");
        let log = app.send(Persona::Anonymous, "ModerationLog", json!({})).await;
        let entry = log.data("/moderationLog/edges/0/node").clone();
        assert_eq!((&entry["action"], &entry["subjectKind"]), (&json!("BLOCK"), &json!("PROFILE")));
        unblock(app, &author).await.accepted("accountUnblock");
        let log = app.send(Persona::Anonymous, "ModerationLog", json!({})).await;
        let entry = log.data("/moderationLog/edges/0/node").clone();
        assert_eq!((&entry["action"], &entry["isReversal"]), (&json!("UNBLOCK"), &json!(true)));
        let again = unblock(app, &author).await;
        assert_eq!(again.refusals("accountUnblock"), ["ACCOUNT_NOT_BLOCKED input.accountId"]);
    }

    async fn moderators_see_in_a_case_whether_its_author_is_blocked(app) {
        let author = author(app).await;
        let case = queue(app).await["edges"][0]["node"].clone();
        assert_eq!(seen_block(app, Persona::Moderator, &case).await.data("/node")["authorBlock"], Value::Null);
        let until = app.clock.now() + TimeDelta::days(7);
        block(app, Persona::Moderator, &author, 7).await.accepted("accountBlock");
        let seen = seen_block(app, Persona::Moderator, &case).await;
        let told = seen.data("/node/authorBlock/until").as_str().expect("a time").to_owned();
        assert_eq!(told.parse::<domain::clock::Instant>().expect("a time"), until);
        app.clock.advance(TimeDelta::days(7));
        assert_eq!(seen_block(app, Persona::Moderator, &case).await.data("/node")["authorBlock"], Value::Null);
        let draft = BlockDraft {
            account: app.actor(Persona::Resident).account().expect("an account"),
            block: Block::ForGood,
            reason: Some(Reason::Illegal),
            statement: Some("Dit mag niet.".to_owned()),
        };
        app.services.moderation.block(&Actor::System, draft).await.expect("operators may");
        let seen = seen_block(app, Persona::Moderator, &case).await;
        assert_eq!(seen.data("/node/authorBlock"), &json!({ "until": null }));
        assert_eq!(seen_block(app, Persona::Resident, &case).await.data("/node"), &Value::Null);
    }

    async fn only_operators_block_for_good(app) {
        for persona in [Persona::Moderator, Persona::Admin] {
            let draft = BlockDraft {
                account: app.actor(Persona::Resident).account().expect("an account"),
                block: Block::ForGood,
                reason: Some(Reason::Spam),
                statement: Some("Reclame.".to_owned()),
            };
            let refused = app.services.moderation.block(app.actor(persona), draft).await;
            assert!(matches!(refused, Err(Error::Denied)), "{persona:?}");
        }
    }

    async fn a_block_ends_ahead_and_within_five_years(app) {
        let author = author(app).await;
        for days in [-1, 0, 3_000] {
            let wrong = block(app, Persona::Moderator, &author, days).await;
            assert_eq!(wrong.refusals("accountBlock"), ["TIME_OUT_OF_RANGE input.until"], "{days}");
        }
    }

    async fn only_admins_block_who_works_for_the_province(app) {
        let editor = person(app, "Redacteur", &[domain::Role::Editor]).await;
        let id = editor.account().expect("an account");
        let theme = crate::theme::theme(app, "Sport").await;
        let document = "mutation($input: CommentAddInput!) { commentAdd(input: $input) { comment { author { id } } userErrors { code } } }";
        let input = json!({ "input": { "subjectId": theme["id"], "language": "nl", "body": "Dag." } });
        let added = app.execute_as(editor, document, input).await;
        let author = added.accepted("commentAdd")["comment"]["author"].clone();
        let refused = block(app, Persona::Moderator, &author, 7).await;
        assert_eq!(refused.refusals("accountBlock"), ["ACCOUNT_NOT_TO_BLOCK input.accountId"], "{id:?}");
        block(app, Persona::Admin, &author, 7).await.accepted("accountBlock");
        assert_eq!(block(app, Persona::Resident, &author, 7).await.code(), "FORBIDDEN");
    }
}
