//! People, stories, comments and polls by the hundred thousand, past the API.

use domain::database::{ConnectionTrait, Database, Settings};

/// The numbers of rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub accounts: usize,
    pub stories: usize,
    pub comments: usize,
    pub themes: usize,
    pub polls: usize,
}

/// The sentence that texts are made of.
const SENTENCE: &str =
    "In ons dorp staat het oude schoolgebouw al drie jaar leeg, en dat is jammer. ";

/// Fills an empty database. Stories were published a minute apart; every second one is about two
/// themes, the others about one. Half of the comments begin a thread, the others reply to them.
pub(crate) async fn fill(url: &str, size: Size) {
    let settings = Settings {
        url: url.to_owned(),
        connections: 1,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    for statement in statements(size) {
        database
            .writer()
            .execute_unprepared(&statement)
            .await
            .unwrap_or_else(|fault| panic!("{statement}: {fault}"));
    }
    database.close().await.expect("closed");
}

/// The id of the row with this number.
fn id(number: &str) -> String {
    format!("('0190' || lpad(to_hex({number}), 28, '0'))::uuid")
}

fn statements(size: Size) -> Vec<String> {
    let Size {
        accounts,
        stories,
        comments,
        themes,
        polls,
    } = size;
    let row = id("n");
    let roots = comments / 2;
    let numbers = |last: usize| format!("generate_series(1, {last}) AS n");
    let at = "timestamptz '2026-01-01' + n * interval '1 second'";
    let author = id(&format!("1 + n * 7919 % {accounts}"));
    let comment = |kind: &str| {
        format!(
            "INSERT INTO comment (id, subject_kind, subject_id, parent_id, root_id, depth, body, language, author_id, state, created_at, reply_count, support_count) \
             SELECT {row}, 'STORY', {story}, {kind}, 'Reactie ' || n || '. {SENTENCE}', 'nl', {author}, 'VISIBLE', {at}",
            story = id(&format!("1 + n % {stories}")),
        )
    };
    vec![
        "SET statement_timeout = 0".to_owned(),
        format!(
            "INSERT INTO account (id, email, password_hash, display_name, locale, email_verified_at, created_at, updated_at) \
             SELECT {row}, 'bewoner' || n || '@voorbeeld.nl', '', 'Bewoner ' || n, 'nl', {at}, {at}, {at} FROM {}",
            numbers(accounts)
        ),
        format!(
            "INSERT INTO theme (id, slug, title, title_key, summary, description, status, follower_count, comment_count, created_at, updated_at) \
             SELECT {row}, 'thema-' || n, 'Thema ' || n, 'thema ' || n, '{SENTENCE}', repeat('{SENTENCE}', 10), 'RAISED', 0, 0, {at}, {at} FROM {}",
            numbers(themes)
        ),
        format!(
            "INSERT INTO story (id, slug, kind, title, summary, body, language, author_id, submitted_at, published_at, moderation, version, comment_count, love_count, join_count, share_count, energy, created_at, updated_at) \
             SELECT {row}, 'verhaal-' || n, 'STORY', 'Het schoolgebouw van dorp ' || n, repeat('{SENTENCE}', 2), repeat('{SENTENCE}', 15), 'nl', {author}, \
             timestamptz '2020-01-01', timestamptz '2020-01-01' + n * interval '1 minute', 'APPROVED', 1, 10, n % 7, n % 3, 0, n % 7 + n % 3, {at}, {at} FROM {}",
            numbers(stories)
        ),
        format!(
            "INSERT INTO story_theme (story_id, theme_id) SELECT {row}, {} FROM {}",
            id(&format!("1 + n % {themes}")),
            numbers(stories)
        ),
        format!(
            "INSERT INTO story_theme (story_id, theme_id) SELECT {row}, {} FROM {} WHERE n % 2 = 0",
            id(&format!("1 + (n + 1) % {themes}")),
            numbers(stories)
        ),
        format!(
            "{}, 1, 0 FROM {}",
            comment(&format!("NULL, {row}, 1")),
            numbers(roots)
        ),
        format!(
            "{}, 0, 0 FROM generate_series({}, {comments}) AS n",
            comment(&format!(
                "{parent}, {parent}, 2",
                parent = id(&format!("n - {roots}"))
            )),
            roots + 1
        ),
        format!(
            "INSERT INTO poll (id, slug, title, title_key, description, pace, opens_at, results_visibility, vote_change, eligibility, run, voter_secret, comment_count, created_at, updated_at) \
             SELECT {row}, 'peiling-' || n, 'Peiling ' || n, 'peiling ' || n, '{SENTENCE}', 'AUDIENCE', timestamptz '2020-01-01', 'ALWAYS', 'UNTIL_CLOSE', 'ANYONE', 1, sha256(n::text::bytea), 0, {at}, {at} FROM {}",
            numbers(polls)
        ),
        format!(
            "INSERT INTO poll_run (poll_id, run, started_at, voter_count, participant_peak, refused_ballots) \
             SELECT {row}, 1, {at}, n % 500, 0, 0 FROM {}",
            numbers(polls)
        ),
        "VACUUM ANALYZE".to_owned(),
    ]
}
