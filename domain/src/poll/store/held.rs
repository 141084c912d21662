//! The ballots of one person over all polls, found by their keys.

use std::collections::{BTreeMap, BTreeSet};

use entity::{ballot, poll, poll_option};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::Expr,
};

use super::{
    super::voter::{VoterKey, VoterSecret},
    counting::marks_of,
    rows::{Kind, Rows},
};
use crate::id::{OptionId, PollId};

/// Keys that are looked up at once.
const CHUNK: usize = 1_000;

/// The tables by which a poll and a voter's key lead to the voter's ballots: there is an index for
/// each step, and none for fewer.
const OF_VOTER: [(&str, &str); 3] = [
    ("question", "question.poll_id = asked.poll_id"),
    ("question_run", "question_run.question_id = question.id"),
    (
        "ballot",
        "ballot.question_id = question_run.question_id AND ballot.run = question_run.run \
         AND ballot.voter_key = asked.voter_key",
    ),
];

/// The secrets of all polls that have one.
pub(in crate::poll) async fn secrets(
    connection: &impl ConnectionTrait,
) -> Result<Vec<(PollId, VoterSecret)>, DbErr> {
    let rows: Vec<(PollId, Vec<u8>)> = poll::Entity::find()
        .select_only()
        .column(poll::Column::Id)
        .column(poll::Column::VoterSecret)
        .filter(poll::Column::BallotsAnonymizedAt.is_null())
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(poll, secret)| Some((poll, VoterSecret::stored(secret)?)))
        .collect())
}

#[derive(FromQueryResult)]
struct HeldRow {
    poll_id: PollId,
    #[sea_orm(nested)]
    ballot: ballot::Model,
}

/// A ballot in any run, with its marks.
pub(in crate::poll) struct HeldBallot {
    pub(in crate::poll) poll: PollId,
    pub(in crate::poll) row: ballot::Model,
    pub(in crate::poll) marks: Vec<(OptionId, i32)>,
}

/// The ballots under these keys, in all runs, retracted ones as well. To be read in a transaction
/// that [finds by key](crate::database::find_by_key).
pub(in crate::poll) async fn ballots(
    connection: &impl ConnectionTrait,
    keys: &[(PollId, VoterKey)],
) -> Result<Vec<HeldBallot>, DbErr> {
    let mut held = Vec::new();
    for keys in keys.chunks(CHUNK) {
        let rows = keys
            .iter()
            .map(|(poll, key)| [poll.0.into(), key.clone().into()]);
        let rows: Vec<HeldRow> = Rows::new([Kind::Uuid, Kind::Bytes], rows)
            .look_up(
                connection,
                "poll_id, voter_key",
                "asked.poll_id, ballot.*",
                &OF_VOTER,
            )
            .await?;
        let mut marks = marks_of(connection, rows.iter().map(|row| row.ballot.id)).await?;
        marks.sort_unstable_by_key(|mark| mark.option_id);
        held.extend(rows.into_iter().map(|row| {
            HeldBallot {
                poll: row.poll_id,
                marks: marks
                    .extract_if(.., |mark| mark.ballot_id == row.ballot.id)
                    .map(|mark| (mark.option_id, mark.value))
                    .collect(),
                row: row.ballot,
            }
        }));
    }
    Ok(held)
}

/// A voter's key.
pub(in crate::poll) type Key = VoterKey;

/// Returns those of these polls in which there are people under these keys. To be read in a
/// transaction that [finds by key](crate::database::find_by_key).
pub(in crate::poll) async fn polls(
    connection: &impl ConnectionTrait,
    keys: &[(PollId, VoterKey)],
) -> Result<BTreeSet<PollId>, DbErr> {
    #[derive(FromQueryResult)]
    struct Found {
        poll_id: PollId,
    }
    let mut polls = BTreeSet::new();
    for keys in keys.chunks(CHUNK) {
        let rows = keys
            .iter()
            .map(|(poll, key)| [poll.0.into(), key.clone().into()]);
        let found: Vec<Found> = Rows::new([Kind::Uuid, Kind::Bytes], rows)
            .look_up(
                connection,
                "poll_id, voter_key",
                "DISTINCT asked.poll_id",
                &OF_VOTER,
            )
            .await?;
        polls.extend(found.into_iter().map(|found| found.poll_id));
    }
    Ok(polls)
}

/// Puts the ballots of one voter of a poll under the key of another, in all runs, and what they
/// wrote with them; a question that the other has a ballot for is left alone. Gives whether there
/// was anything to move. The caller holds the poll's lock, in a transaction that
/// [finds by key](crate::database::find_by_key).
pub(in crate::poll) async fn hand_over(
    connection: &impl ConnectionTrait,
    poll: PollId,
    from: &VoterKey,
    to: &VoterKey,
) -> Result<bool, DbErr> {
    let both = [(poll, from.clone()), (poll, to.clone())];
    let held = ballots(connection, &both).await?;
    let place = |row: &ballot::Model| (row.question_id, row.run);
    let taken: BTreeSet<_> = held
        .iter()
        .filter(|held| held.row.voter_key == *to)
        .map(|held| place(&held.row))
        .collect();
    let moved: Vec<&ballot::Model> = held
        .iter()
        .map(|held| &held.row)
        .filter(|row| row.voter_key == *from && !taken.contains(&place(row)))
        .collect();
    if moved.is_empty() {
        return Ok(false);
    }
    ballot::Entity::update_many()
        .col_expr(ballot::Column::VoterKey, Expr::value(to.clone()))
        .filter(ballot::Column::Id.is_in(moved.iter().map(|row| row.id)))
        .exec(connection)
        .await?;
    let questions = moved.iter().map(|row| row.question_id);
    poll_option::Entity::update_many()
        .col_expr(poll_option::Column::WrittenBy, Expr::value(to.clone()))
        .filter(poll_option::Column::QuestionId.is_in(questions))
        .filter(poll_option::Column::WrittenBy.eq(from.clone()))
        .exec(connection)
        .await?;
    let mut people = BTreeMap::new();
    for row in moved.iter().filter(|row| row.retracted_at.is_none()) {
        *people.entry((poll, row.run, from.clone())).or_default() -= 1;
        *people.entry((poll, row.run, to.clone())).or_default() += 1;
    }
    super::counting::add_people(connection, people).await?;
    Ok(true)
}
