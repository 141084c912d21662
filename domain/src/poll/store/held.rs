//! The ballots of one person over all polls, found by their keys.

use entity::{ballot, mark, poll};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QuerySelect};

use super::{
    super::voter::VoterKey,
    rows::{Kind, Rows},
};
use crate::id::{BallotId, OptionId, PollId};

/// Keys that are looked up at once.
const CHUNK: usize = 1_000;

/// The secrets of all polls.
pub(in crate::poll) async fn secrets(
    connection: &impl ConnectionTrait,
) -> Result<Vec<(PollId, Vec<u8>)>, DbErr> {
    poll::Entity::find()
        .select_only()
        .column(poll::Column::Id)
        .column(poll::Column::VoterSecret)
        .into_tuple()
        .all(connection)
        .await
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

/// The ballots under these keys, in all runs, retracted ones as well.
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
            .query(
                connection,
                "WITH asked (poll_id, voter_key) AS ({rows}) \
                 SELECT asked.poll_id, ballot.* FROM asked \
                 JOIN poll_run ON poll_run.poll_id = asked.poll_id \
                 JOIN question ON question.poll_id = asked.poll_id \
                 JOIN ballot ON ballot.question_id = question.id \
                 AND ballot.run = poll_run.run AND ballot.voter_key = asked.voter_key",
            )
            .await?;
        let mut marks = marks(connection, rows.iter().map(|row| row.ballot.id)).await?;
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

async fn marks(
    connection: &impl ConnectionTrait,
    ballots: impl Iterator<Item = BallotId>,
) -> Result<Vec<mark::Model>, DbErr> {
    Rows::new([Kind::Uuid], ballots.map(|ballot| [ballot.0.into()]))
        .query(
            connection,
            "WITH asked (id) AS ({rows}) \
             SELECT mark.* FROM asked JOIN mark ON mark.ballot_id = asked.id \
             ORDER BY mark.option_id",
        )
        .await
}
