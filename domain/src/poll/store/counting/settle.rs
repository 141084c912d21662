//! Writing the net change of a batch, each table in one statement and in the order of its key.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ActiveEnum, ConnectionTrait, DatabaseBackend, DbErr, FromQueryResult};

use super::{
    super::{
        super::{
            Mark,
            counting::{Change, Counted, Event, Held, Seat, Settlement},
            new_voters::NetworkKey,
            results::Head,
        },
        rows::{Kind, Rows, optional},
        written,
    },
    people::{add_people, add_refused},
};
use crate::{
    id::{BallotId, OptionId, PollId, QuestionId},
    job::{self, HeldContribution, Job},
    screening,
};

/// A batch as it was written.
#[derive(Debug, Default)]
pub(in crate::poll) struct Settled {
    /// The results of each question after the batch.
    pub counted: Vec<Counted>,
    /// The networks of voters who had no ballot in their poll's run before.
    pub new_voters: Vec<(PollId, NetworkKey)>,
}

/// Writes the net change of a batch. The caller holds the locks of its polls.
pub(in crate::poll) async fn settle(
    connection: &impl ConnectionTrait,
    settlement: Settlement,
) -> Result<Settled, DbErr> {
    if settlement.is_empty() {
        return Ok(Settled::default());
    }
    let waiting: Vec<Job> = settlement
        .written
        .iter()
        .filter(|written| !written.held.is_empty())
        .map(|written| Job::QueueContribution {
            contribution: HeldContribution::Answer(written.option.id),
            findings: written.held.clone(),
            by: None,
        })
        .collect();
    if let Some(first) = settlement.written.first() {
        job::push_all(connection, &waiting, first.at).await?;
    }
    written::add(connection, settlement.written).await?;
    write_ballots(connection, settlement.ballots).await?;
    erase_marks(connection, settlement.erased).await?;
    write_marks(connection, settlement.marks).await?;
    add_events(connection, settlement.events).await?;
    let (people, new) = add_people(connection, settlement.people).await?;
    add_refused(connection, settlement.refused).await?;
    add_to_tally(connection, &settlement.changes).await?;
    let heads = add_to_heads(connection, &settlement.changes).await?;
    // Last, as where one account contributes otherwise.
    screening::store::count(connection, settlement.writers).await?;
    let networks = settlement.networks;
    let new_voters = new.iter().filter_map(|person| {
        let network = networks.get(person)?;
        Some((person.0, *network))
    });
    let counted = settlement
        .changes
        .into_iter()
        .map(|((question, run), change)| {
            let head = heads.get(&(question, run)).ok_or_else(|| {
                DbErr::RecordNotFound(format!("the head of question {} in run {run}", question.0))
            })?;
            Ok(Counted {
                poll: change.poll,
                question,
                run,
                head: *head,
                people: people.get(&(change.poll, run)).copied(),
                tally: change
                    .tally
                    .into_iter()
                    .map(|((option, value), ballots)| (option, value, ballots))
                    .collect(),
            })
        })
        .collect::<Result<_, DbErr>>()?;
    Ok(Settled {
        counted,
        new_voters: new_voters.collect(),
    })
}

async fn write_ballots(
    connection: &impl ConnectionTrait,
    ballots: Vec<(Seat, Held)>,
) -> Result<(), DbErr> {
    let kinds = [
        Kind::Uuid,
        Kind::Uuid,
        Kind::Integer,
        Kind::Bytes,
        Kind::Instant,
        Kind::OptionalInstant,
        Kind::OptionalInstant,
        Kind::Flag,
        Kind::Text,
        Kind::Text,
        Kind::OptionalUuid,
        Kind::Integer,
        Kind::OptionalText,
    ];
    let rows = ballots.into_iter().map(|(seat, held)| {
        [
            held.id.0.into(),
            seat.question.0.into(),
            seat.run.into(),
            seat.voter.into(),
            held.cast_at.into(),
            optional(held.changed_at),
            optional(held.retracted_at),
            held.skipped.into(),
            held.way.channel.to_value().into(),
            held.way.assurance.to_value().into(),
            held.way.embed.map(|embed| embed.0).into(),
            held.event_count.into(),
            held.other_text.into(),
        ]
    });
    // Only a ballot's own id may be there already: a second ballot of a voter breaks the unique
    // key and with it the transaction.
    Rows::new(kinds, rows)
        .execute(
            connection,
            "INSERT INTO ballot (id, question_id, run, voter_key, cast_at, changed_at, \
             retracted_at, skipped, channel, assurance, embed_id, event_count, other_text) {rows} \
             ON CONFLICT (id) DO UPDATE SET cast_at = excluded.cast_at, \
             changed_at = excluded.changed_at, retracted_at = excluded.retracted_at, \
             skipped = excluded.skipped, channel = excluded.channel, \
             assurance = excluded.assurance, embed_id = excluded.embed_id, \
             event_count = excluded.event_count, \
             other_text = excluded.other_text",
        )
        .await
}

/// The column that holds a row's place in its table, and what keeps a query of places from becoming
/// a plain join. What changes rows finds their places by their
/// keys first, one by one: a plain join leaves it to the planner if it reads the whole table. Only
/// for rows that nobody else changes behind the polls' locks: a changed row has another place.
fn place(connection: &impl ConnectionTrait) -> (&'static str, &'static str) {
    match connection.get_database_backend() {
        DatabaseBackend::Postgres => ("ctid", "OFFSET 0"),
        _ => ("rowid", ""),
    }
}

async fn erase_marks(
    connection: &impl ConnectionTrait,
    erased: Vec<(BallotId, OptionId)>,
) -> Result<(), DbErr> {
    let rows = erased
        .into_iter()
        .map(|(ballot, option)| [ballot.0.into(), option.0.into()]);
    let (row, _) = place(connection);
    let found = format!(
        "SELECT (SELECT {row} FROM mark WHERE mark.ballot_id = asked.ballot_id \
         AND mark.option_id = asked.option_id) FROM asked"
    );
    let found = match connection.get_database_backend() {
        DatabaseBackend::Postgres => format!("= ANY (ARRAY({found}))"),
        _ => format!("IN ({found})"),
    };
    let text = format!(
        "WITH asked (ballot_id, option_id) AS ({{rows}}) DELETE FROM mark WHERE {row} {found}"
    );
    Rows::new([Kind::Uuid, Kind::Uuid], rows)
        .execute(connection, &text)
        .await
}

async fn write_marks(
    connection: &impl ConnectionTrait,
    marks: Vec<(BallotId, Mark)>,
) -> Result<(), DbErr> {
    let rows = marks
        .into_iter()
        .map(|(ballot, mark)| [ballot.0.into(), mark.option.0.into(), mark.value.into()]);
    Rows::new([Kind::Uuid, Kind::Uuid, Kind::Integer], rows)
        .execute(
            connection,
            "INSERT INTO mark (ballot_id, option_id, value) {rows} \
             ON CONFLICT (ballot_id, option_id) DO UPDATE SET value = excluded.value",
        )
        .await
}

async fn add_events(connection: &impl ConnectionTrait, events: Vec<Event>) -> Result<(), DbErr> {
    let kinds = [
        Kind::Uuid,
        Kind::Integer,
        Kind::Text,
        Kind::Instant,
        Kind::Text,
        Kind::Bytes,
    ];
    let rows = events.into_iter().map(|event| {
        [
            event.ballot.0.into(),
            event.sequence.into(),
            event.kind.to_value().into(),
            event.at.into(),
            event.idempotency_key.into(),
            event.digest.into(),
        ]
    });
    Rows::new(kinds, rows)
        .execute(
            connection,
            "INSERT INTO ballot_event (ballot_id, sequence, kind, at, idempotency_key, digest) \
             {rows}",
        )
        .await
}

type Changes = BTreeMap<(QuestionId, i32), Change>;

async fn add_to_tally(connection: &impl ConnectionTrait, changes: &Changes) -> Result<(), DbErr> {
    let rows = changes.iter().flat_map(|((question, run), change)| {
        change.tally.iter().map(|((option, value), ballots)| {
            [
                question.0.into(),
                (*run).into(),
                option.0.into(),
                (*value).into(),
                (*ballots).into(),
            ]
        })
    });
    let kinds = [
        Kind::Uuid,
        Kind::Integer,
        Kind::Uuid,
        Kind::Integer,
        Kind::Number,
    ];
    Rows::new(kinds, rows)
        .execute(
            connection,
            "INSERT INTO tally (question_id, run, option_id, value, ballots) {rows} \
             ON CONFLICT (question_id, run, option_id, value) \
             DO UPDATE SET ballots = tally.ballots + excluded.ballots",
        )
        .await
}

#[derive(FromQueryResult)]
struct HeadRow {
    question_id: QuestionId,
    run: i32,
    voter_count: i64,
    skip_count: i64,
    revision: i64,
}

/// Adds to the heads, and gives them as they are now.
async fn add_to_heads(
    connection: &impl ConnectionTrait,
    changes: &Changes,
) -> Result<HashMap<(QuestionId, i32), Head>, DbErr> {
    let rows = changes.iter().map(|((question, run), change)| {
        [
            question.0.into(),
            (*run).into(),
            change.voters.into(),
            change.skips.into(),
        ]
    });
    let (row, fence) = place(connection);
    let kinds = [Kind::Uuid, Kind::Integer, Kind::Number, Kind::Number];
    let heads: Vec<HeadRow> = Rows::new(kinds, rows)
        .query(
            connection,
            &format!(
                "WITH change (question, number, voters, skips) AS ({{rows}}) \
                 UPDATE question_run SET voter_count = voter_count + voters, \
                 skip_count = skip_count + skips, revision = revision + 1 \
                 FROM (SELECT voters, skips, ( \
                     SELECT {row} FROM question_run WHERE question_id = question AND run = number \
                 ) AS place FROM change {fence}) AS found \
                 WHERE question_run.{row} = found.place \
                 RETURNING question_id, run, voter_count, skip_count, revision"
            ),
        )
        .await?;
    Ok(heads
        .into_iter()
        .map(|row| {
            let head = Head {
                voter_count: row.voter_count,
                skip_count: row.skip_count,
                revision: row.revision,
            };
            ((row.question_id, row.run), head)
        })
        .collect())
}
