//! Ballots by the hundred thousand, past the API, as counting would have left them.

use domain::database::{ConnectionTrait, Database, Settings};

/// Gives the first question of a database so many ballots, spread over its options.
pub(crate) async fn fill(url: &str, ballots: usize) {
    let database = Database::connect(&Settings {
        url: url.to_owned(),
        connections: 1,
    })
    .await
    .expect("it connects");
    let (numbers, id, voter) = if database.is_embedded() {
        (
            format!(
                "(WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ballots}) SELECT n FROM numbers)"
            ),
            "unhex(printf('0190%028x', n))",
            "randomblob(32)",
        )
    } else {
        (
            format!("(SELECT n FROM generate_series(1, {ballots}) AS n)"),
            "('0190' || lpad(to_hex(n), 28, '0'))::uuid",
            "sha256(n::text::bytea)",
        )
    };
    let place = "ROW_NUMBER() OVER (ORDER BY ballot.id)";
    let question = "(SELECT question_id FROM question_run ORDER BY question_id LIMIT 1)";
    let at = "'2026-03-02T12:00:00+00:00'";
    for statement in [
        "SET statement_timeout = 0".to_owned(),
        format!(
            "INSERT INTO ballot (id, question_id, run, voter_key, cast_at, skipped, channel, assurance, event_count) \
             SELECT {id}, {question}, 1, {voter}, {at}, FALSE, 'SITE', 'DEVICE', 1 FROM {numbers} AS numbers"
        ),
        format!(
            "INSERT INTO mark (ballot_id, option_id, value) \
             SELECT numbered.id, poll_option.id, 1 \
             FROM (SELECT ballot.id, ballot.question_id, {place} % 4 AS place FROM ballot) AS numbered \
             JOIN poll_option ON poll_option.question_id = numbered.question_id \
             AND poll_option.position = numbered.place ORDER BY numbered.id"
        ),
        format!(
            "INSERT INTO ballot_event (ballot_id, sequence, kind, at, idempotency_key, digest) \
             SELECT id, 1, 'CAST', {at}, 'seed', voter_key FROM ballot ORDER BY id"
        ),
        "INSERT INTO poll_voter (poll_id, run, voter_key, ballot_count) \
         SELECT question.poll_id, 1, ballot.voter_key, 1 FROM ballot \
         JOIN question ON question.id = ballot.question_id"
            .to_owned(),
        "INSERT INTO tally (question_id, run, option_id, value, ballots) \
         SELECT ballot.question_id, 1, mark.option_id, 1, COUNT(*) FROM ballot \
         JOIN mark ON mark.ballot_id = ballot.id GROUP BY ballot.question_id, mark.option_id"
            .to_owned(),
        format!(
            "UPDATE question_run SET voter_count = {ballots}, revision = 1 WHERE question_id = {question}"
        ),
        format!(
            "UPDATE poll_run SET voter_count = {ballots} WHERE poll_id = \
             (SELECT poll_id FROM question WHERE id = {question})"
        ),
        "ANALYZE".to_owned(),
    ] {
        if database.is_embedded() && statement.starts_with("SET ") {
            continue;
        }
        // One connection, so that the first statement holds for the others.
        database
            .writer()
            .execute_unprepared(&statement)
            .await
            .unwrap_or_else(|fault| panic!("{statement}: {fault}"));
    }
    database.close().await.expect("closed");
}
