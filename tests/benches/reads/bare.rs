//! The bare server: axum, SQL written by hand, no GraphQL. Few statements, prepared, that read what
//! is shown and nothing else, on the same tables as ours.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use chrono::{DateTime, Utc};
use sea_orm::sqlx::{
    self, Row,
    postgres::{PgPool, PgPoolOptions, PgRow},
};
use serde::Serialize;
use uuid::Uuid;

/// As many as ours has by default.
const CONNECTIONS: u32 = 8;

type Answer<T> = Result<Json<T>, StatusCode>;

/// Serves until it is killed.
pub(crate) fn main(url: &str, listen: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let options = PgPoolOptions::new().max_connections(CONNECTIONS);
        let pool = options.connect(url).await.expect("it connects");
        let router = Router::new()
            .route("/livez", get(|| async { "ok" }))
            .route("/stories", get(stories))
            .route("/stories/{slug}", get(story))
            .route("/threads/{story}", get(threads))
            .route("/polls", get(polls))
            .with_state(pool);
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .expect("a free port");
        axum::serve(listener, router).await.expect("it serves");
    });
}

#[derive(Serialize)]
struct List<T> {
    nodes: Vec<T>,
    #[serde(rename = "hasNextPage")]
    has_next_page: bool,
}

/// A page of 20, of which one row more was read.
fn list<T>(mut nodes: Vec<T>) -> List<T> {
    let has_next_page = nodes.len() > 20;
    nodes.truncate(20);
    List {
        nodes,
        has_next_page,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    id: Uuid,
    slug: String,
    kind: String,
    title: String,
    summary: String,
    published_at: DateTime<Utc>,
    author: String,
    comment_count: i64,
    energy: i64,
    themes: Vec<Theme>,
}

impl Card {
    fn of(row: &PgRow) -> Self {
        Self {
            id: row.get(0),
            slug: row.get(1),
            kind: row.get(2),
            title: row.get(3),
            summary: row.get(4),
            published_at: row.get(5),
            author: row.get(6),
            comment_count: row.get(7),
            energy: row.get(8),
            themes: Vec::new(),
        }
    }
}

#[derive(Serialize)]
struct Theme {
    slug: String,
    title: String,
}

const CARDS: &str = "SELECT s.id, s.slug, s.kind, s.title, s.summary, s.published_at, \
    coalesce(p.name, a.display_name) AS author, s.comment_count, s.energy \
    FROM story s JOIN account a ON a.id = s.author_id LEFT JOIN partner p ON p.id = s.partner_id \
    WHERE s.published_at <= now() AND s.archived_at IS NULL AND s.withdrawn_at IS NULL \
    AND s.moderation IN ('NONE', 'APPROVED') ORDER BY s.published_at DESC, s.id DESC LIMIT 21";
const THEMES: &str = "SELECT st.story_id, t.slug, t.title FROM story_theme st \
    JOIN theme t ON t.id = st.theme_id WHERE st.story_id = ANY($1) ORDER BY t.title_key, t.id";
const PAGE: &str = "SELECT s.id, s.slug, s.kind, s.title, s.summary, s.published_at, \
    coalesce(p.name, a.display_name) AS author, s.comment_count, s.energy, \
    s.body, s.language, s.edited_at, m.name AS municipality \
    FROM story s JOIN account a ON a.id = s.author_id LEFT JOIN partner p ON p.id = s.partner_id \
    LEFT JOIN municipality m ON m.code = s.municipality_code \
    WHERE s.slug = $1 AND s.published_at <= now() AND s.archived_at IS NULL \
    AND s.withdrawn_at IS NULL AND s.moderation IN ('NONE', 'APPROVED')";
const ROOTS: &str = "SELECT c.id, c.body, c.state, c.created_at, a.display_name AS author, \
    c.reply_count, c.support_count FROM comment c JOIN account a ON a.id = c.author_id \
    WHERE c.subject_id = $1 AND c.subject_kind = 'STORY' AND c.parent_id IS NULL \
    AND c.state <> 'PENDING' ORDER BY c.created_at DESC, c.id DESC LIMIT 21";
const REPLIES: &str = "SELECT r.parent_id, r.id, r.body, r.state, r.created_at, r.author, \
    r.reply_count, r.support_count FROM unnest($1) AS root (id), LATERAL (\
    SELECT c.parent_id, c.id, c.body, c.state, c.created_at, a.display_name AS author, \
    c.reply_count, c.support_count FROM comment c JOIN account a ON a.id = c.author_id \
    WHERE c.parent_id = root.id AND c.state <> 'PENDING' ORDER BY c.created_at, c.id LIMIT 4) AS r";
const POLLS: &str = "SELECT p.id, p.slug, p.title, p.opens_at, p.closes_at, r.voter_count \
    FROM poll p JOIN poll_run r ON r.poll_id = p.id AND r.run = p.run \
    WHERE p.opens_at IS NOT NULL ORDER BY p.created_at DESC, p.id DESC LIMIT 21";

fn broken(_: sqlx::Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

/// Gives each of the stories its themes.
async fn with_themes(pool: &PgPool, cards: &mut [Card]) -> Result<(), StatusCode> {
    let ids: Vec<Uuid> = cards.iter().map(|card| card.id).collect();
    let rows: Vec<(Uuid, String, String)> = sqlx::query_as(THEMES)
        .bind(ids)
        .fetch_all(pool)
        .await
        .map_err(broken)?;
    for (story, slug, title) in rows {
        if let Some(card) = cards.iter_mut().find(|card| card.id == story) {
            card.themes.push(Theme { slug, title });
        }
    }
    Ok(())
}

async fn stories(State(pool): State<PgPool>) -> Answer<List<Card>> {
    let rows = sqlx::query(CARDS).fetch_all(&pool).await.map_err(broken)?;
    let mut list = list(rows.iter().map(Card::of).collect());
    with_themes(&pool, &mut list.nodes).await?;
    Ok(Json(list))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(flatten)]
    card: Card,
    body: String,
    language: String,
    edited_at: Option<DateTime<Utc>>,
    municipality: Option<String>,
    comments: Option<List<Comment>>,
    total_count: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Comment {
    id: Uuid,
    body: String,
    state: String,
    created_at: DateTime<Utc>,
    author: String,
    reply_count: i64,
    support_count: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    replies: Option<List<Comment>>,
}

impl Comment {
    /// Reads from the column with this number on.
    fn of(row: &PgRow, first: usize) -> Self {
        Self {
            id: row.get(first),
            body: row.get(first + 1),
            state: row.get(first + 2),
            created_at: row.get(first + 3),
            author: row.get(first + 4),
            reply_count: row.get(first + 5),
            support_count: row.get(first + 6),
            replies: None,
        }
    }
}

async fn roots(pool: &PgPool, story: Uuid) -> Result<List<Comment>, StatusCode> {
    let rows = sqlx::query(ROOTS).bind(story).fetch_all(pool).await;
    let rows = rows.map_err(broken)?;
    Ok(list(rows.iter().map(|row| Comment::of(row, 0)).collect()))
}

async fn story(State(pool): State<PgPool>, Path(slug): Path<String>) -> Answer<Page> {
    let row = sqlx::query(PAGE).bind(slug).fetch_optional(&pool).await;
    let row = row.map_err(broken)?.ok_or(StatusCode::NOT_FOUND)?;
    let mut page = Page {
        card: Card::of(&row),
        body: row.get(9),
        language: row.get(10),
        edited_at: row.get(11),
        municipality: row.get(12),
        comments: None,
        total_count: 0,
    };
    with_themes(&pool, std::slice::from_mut(&mut page.card)).await?;
    page.comments = Some(roots(&pool, page.card.id).await?);
    page.total_count = sqlx::query_scalar(
        "SELECT count(*) FROM comment c WHERE c.subject_id = $1 AND c.subject_kind = 'STORY' \
         AND c.parent_id IS NULL AND c.state <> 'PENDING'",
    )
    .bind(page.card.id)
    .fetch_one(&pool)
    .await
    .map_err(broken)?;
    Ok(Json(page))
}

async fn threads(State(pool): State<PgPool>, Path(story): Path<Uuid>) -> Answer<List<Comment>> {
    let mut list = roots(&pool, story).await?;
    let ids: Vec<Uuid> = list.nodes.iter().map(|comment| comment.id).collect();
    let rows = sqlx::query(REPLIES).bind(ids).fetch_all(&pool).await;
    for row in rows.map_err(broken)? {
        let (parent, reply): (Uuid, _) = (row.get(0), Comment::of(&row, 1));
        let root = list.nodes.iter_mut().find(|root| root.id == parent);
        if let Some(root) = root {
            let replies = root.replies.get_or_insert_with(|| List {
                nodes: Vec::new(),
                has_next_page: false,
            });
            if replies.nodes.len() < 3 {
                replies.nodes.push(reply);
            } else {
                replies.has_next_page = true;
            }
        }
    }
    Ok(Json(list))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Poll {
    id: Uuid,
    slug: String,
    title: String,
    opens_at: DateTime<Utc>,
    closes_at: Option<DateTime<Utc>>,
    voter_count: i64,
}

async fn polls(State(pool): State<PgPool>) -> Answer<List<Poll>> {
    let rows = sqlx::query(POLLS).fetch_all(&pool).await.map_err(broken)?;
    let read = |row: &PgRow| Poll {
        id: row.get(0),
        slug: row.get(1),
        title: row.get(2),
        opens_at: row.get(3),
        closes_at: row.get(4),
        voter_count: row.get(5),
    };
    Ok(Json(list(rows.iter().map(read).collect())))
}
