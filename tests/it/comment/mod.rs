//! Comments through the API.

pub(crate) mod access;
mod concurrency;
mod delete;
mod edit;
mod list;
mod state;
mod subject;
mod support;
mod write;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::id::{CommentId, ThemeId};
use entity::{comment, comment_support, poll, story, theme};
use harness::{Answer, Persona, TestApp};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

/// A comment on what has an id, as `commentAdd` gives it.
pub(crate) async fn comment(app: &TestApp, persona: Persona, on: &Value, body: &str) -> Value {
    let answer = add(app, persona, on, None, body).await;
    answer.accepted("commentAdd")["comment"].clone()
}

/// A reply, as `commentAdd` gives it.
async fn reply(app: &TestApp, persona: Persona, on: &Value, to: &Value, body: &str) -> Value {
    let answer = add(app, persona, on, Some(to), body).await;
    answer.accepted("commentAdd")["comment"].clone()
}

async fn add(
    app: &TestApp,
    persona: Persona,
    on: &Value,
    to: Option<&Value>,
    body: &str,
) -> Answer {
    let input = json!({
        "subjectId": on["id"],
        "parentId": to.map(|to| to["id"].clone()),
        "body": body,
        "language": "nl",
    });
    app.send(persona, "CommentAdd", json!({ "input": input }))
        .await
}

async fn delete(app: &TestApp, persona: Persona, comment: &Value) -> Answer {
    let input = json!({ "commentId": comment["id"] });
    app.send(persona, "CommentDelete", json!({ "input": input }))
        .await
}

async fn support(app: &TestApp, persona: Persona, comment: &Value, supporting: bool) -> Answer {
    let input = json!({ "commentId": comment["id"], "supporting": supporting });
    app.send(persona, "CommentSupport", json!({ "input": input }))
        .await
}

/// What a persona sees of a comment: its fields, or null.
async fn read(app: &TestApp, persona: Persona, comment: &Value, fields: &str) -> Value {
    let document =
        format!("query($id: ID!) {{ node(id: $id) {{ ... on Comment {{ {fields} }} }} }}");
    let answer = app
        .execute(persona, &document, json!({ "id": comment["id"] }))
        .await;
    answer.data("/node").clone()
}

/// The comments under an object, as the contract's operation gives them.
async fn threads(app: &TestApp, persona: Persona, on: &Value) -> Value {
    let answer = app
        .send(persona, "Comments", json!({ "subjectId": on["id"] }))
        .await;
    answer.data("/node").clone()
}

/// What is behind the id of an object.
fn uuid(object: &Value) -> Uuid {
    let id = object["id"].as_str().expect("an id");
    let bytes = URL_SAFE_NO_PAD.decode(id).expect("base64");
    Uuid::from_slice(&bytes[1..]).expect("a UUID")
}

fn comment_id(comment: &Value) -> CommentId {
    CommentId(uuid(comment))
}

fn theme_id(theme: &Value) -> ThemeId {
    ThemeId(uuid(theme))
}

/// What is stored of a comment.
async fn row(app: &TestApp, comment: &Value) -> comment::Model {
    comment::Entity::find_by_id(comment_id(comment))
        .one(app.database.read())
        .await
        .expect("a query")
        .expect("the comment")
}

/// Every kept count of every comment and of all that can be commented on, against the rows.
async fn assert_recounted(app: &TestApp) {
    let connection = app.database.read();
    let comments = comment::Entity::find().all(connection).await.expect("rows");
    let visible = |of: &dyn Fn(&comment::Model) -> bool| {
        let counted = comments
            .iter()
            .filter(|row| row.state == comment::CommentState::Visible && of(row));
        i64::try_from(counted.count()).expect("a small count")
    };
    for row in &comments {
        let replies = visible(&|reply| reply.parent_id == Some(row.id));
        assert_eq!(row.reply_count, replies, "replies to {row:?}");
        let support = comment_support::Entity::find()
            .filter(comment_support::Column::CommentId.eq(row.id))
            .count(connection)
            .await
            .expect("a count");
        assert_eq!(u64::try_from(row.support_count), Ok(support), "{row:?}");
    }
    let stories = story::Entity::find().all(connection).await.expect("rows");
    let themes = theme::Entity::find().all(connection).await.expect("rows");
    let polls = poll::Entity::find().all(connection).await.expect("rows");
    let kept = stories
        .iter()
        .map(|row| (row.id.0, row.comment_count))
        .chain(themes.iter().map(|row| (row.id.0, row.comment_count)))
        .chain(polls.iter().map(|row| (row.id.0, row.comment_count)));
    for (subject, count) in kept {
        let rows = visible(&|row| row.subject_id == subject);
        assert_eq!(count, rows, "comments on {subject}");
    }
}

/// The text behind each of a list's items, in order.
fn texts(list: &Value, pointer: &str) -> Vec<String> {
    list.as_array()
        .expect("a list")
        .iter()
        .map(|item| {
            let text = item.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_else(|| panic!("no text at {pointer} in {item}"))
                .to_owned()
        })
        .collect()
}
