//! The requests, to ours and to the bare server.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use harness::{operation, wire};
use serde_json::{Value, json};
use uuid::Uuid;

/// The story page of the contract, without what is rendered from Markdown: the bare server renders
/// nothing either.
const PAGE: &str = "query StoryPage($slug: String!) { story(slug: $slug) { \
    id slug kind title summary publishedAt author { displayName } themes { slug title } \
    commentCount energy body language editedAt municipality { code name } \
    comments(first: 20) { edges { cursor node { id body state createdAt author { displayName } replyCount } } \
    pageInfo { hasNextPage endCursor } totalCount } } }";
const THREAD: &str = "query Comments($id: ID!) { node(id: $id) { ... on Story { \
    comments(first: 20) { edges { cursor node { ...Body replyCount \
    replies(first: 3) { edges { node { ...Body } } pageInfo { hasNextPage endCursor } } } } \
    pageInfo { hasNextPage endCursor } } } } } \
    fragment Body on Comment { id body state createdAt author { displayName } supportCount }";

/// A kind of request.
pub(crate) struct Work {
    pub name: &'static str,
    pub title: &'static str,
    /// The document that ours is asked with, and its variables by the number of the request.
    document: String,
    variables: fn(usize) -> Value,
    /// The address that the bare server is asked at.
    path: fn(usize) -> String,
    stories: usize,
}

/// Every kind of request, over so many stories.
pub(crate) fn all(stories: usize) -> Vec<Work> {
    let contract = |name: &str| operation(name).document.clone();
    let work = |name, title, document, variables, path| Work {
        name,
        title,
        document,
        variables,
        path,
        stories,
    };
    vec![
        work(
            "list",
            "story list, 20 items with authors and themes",
            contract("StoryList"),
            |_| json!({ "first": 20 }),
            |_| "/stories".to_owned(),
        ),
        work(
            "page",
            "story page with 20 comments",
            PAGE.to_owned(),
            |number| json!({ "slug": format!("verhaal-{number}") }),
            |number| format!("/stories/verhaal-{number}"),
        ),
        work(
            "thread",
            "thread of 20 comments with their replies",
            THREAD.to_owned(),
            |number| json!({ "id": global(number) }),
            |number| format!("/threads/{}", uuid(number)),
        ),
        work(
            "polls",
            "poll list, 20 items",
            contract("PollList"),
            |_| json!({ "first": 20 }),
            |_| "/polls".to_owned(),
        ),
    ]
}

/// The page of the list of stories behind this cursor.
pub(crate) fn list(after: Option<&str>) -> Vec<u8> {
    let document = &operation("StoryList").document;
    let variables = json!({ "first": 20, "after": after });
    let body = json!({ "query": document, "variables": variables });
    wire::post("/graphql", None, &body.to_string())
}

impl Work {
    /// So many requests, each for the next story in a sequence that skips about.
    pub(crate) fn requests(&self, bare: bool, count: usize) -> Vec<Vec<u8>> {
        let request = |number: usize| {
            let story = number * 7_919 % self.stories + 1;
            if bare {
                let path = (self.path)(story);
                return format!("GET {path} HTTP/1.1\r\nHost: jij\r\n\r\n").into_bytes();
            }
            let variables = (self.variables)(story);
            let body = json!({ "query": self.document, "variables": variables });
            wire::post("/graphql", None, &body.to_string())
        };
        (0..count).map(request).collect()
    }
}

/// Returns true if an answer has data and no errors.
pub(crate) fn is_good(answer: &[u8]) -> bool {
    let start = &answer[..answer.len().min(12)];
    answer.len() > 100 && !start.starts_with(b"{\"errors\"")
}

fn uuid(number: usize) -> Uuid {
    Uuid::from_u128((0x0190 << 112) + number as u128)
}

/// A story's id as the API has it.
fn global(number: usize) -> String {
    URL_SAFE_NO_PAD.encode([&b"S"[..], uuid(number).as_bytes()].concat())
}
