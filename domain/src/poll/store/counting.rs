//! What the counting reads and writes: a batch is read in two statements and written in at most
//! eight, whatever its size, in one order of rows.

use std::collections::{BTreeMap, HashMap};

use entity::{ballot, ballot_event, mark, poll_run, poll_voter, question_run, tally};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult,
    JoinType, QueryFilter, QuerySelect, QueryTrait, RelationDef,
    sea_query::{Expr, OnConflict, Query},
};

use super::super::{
    Ballot, Mark,
    counting::{Event, Held, Settlement},
    voter::VoterKey,
};
use crate::id::{BallotId, OptionId, PollId, QuestionId};

/// Rows of one statement: both databases bound the parameters of one, at 32,766 the lower.
const ROWS: usize = 2_000;
/// Ballots of one statement that takes marks away; `SQLite` bounds the depth of a condition.
const CONDITIONS: usize = 200;

/// The ballots that these voters have on record for a question, retracted ones included.
pub(in crate::poll) async fn held(
    connection: &impl ConnectionTrait,
    question: QuestionId,
    run: i32,
    voters: impl IntoIterator<Item = VoterKey>,
) -> Result<HashMap<VoterKey, Held>, DbErr> {
    let condition = Condition::all()
        .add(ballot::Column::QuestionId.eq(question))
        .add(ballot::Column::Run.eq(run))
        .add(ballot::Column::VoterKey.is_in(voters));
    let ballots = matching(connection, condition).await?;
    Ok(ballots
        .into_iter()
        .map(|(_, voter, held)| (voter, held))
        .collect())
}

/// The ballots of one voter a poll, where each of these questions asks after its own run and
/// voter; retracted ones are left out.
pub(in crate::poll) async fn ballots(
    connection: &impl ConnectionTrait,
    asked: impl IntoIterator<Item = (QuestionId, i32, VoterKey)>,
) -> Result<HashMap<QuestionId, Ballot>, DbErr> {
    let mut condition = Condition::any();
    for (question, run, voter) in asked {
        condition = condition.add(
            Condition::all()
                .add(ballot::Column::QuestionId.eq(question))
                .add(ballot::Column::Run.eq(run))
                .add(ballot::Column::VoterKey.eq(voter)),
        );
    }
    if condition.is_empty() {
        return Ok(HashMap::new());
    }
    let ballots = matching(connection, condition).await?;
    Ok(ballots
        .into_iter()
        .filter(|(_, _, held)| held.stands())
        .map(|(question, _, held)| (question, held.ballot(question)))
        .collect())
}

/// A ballot beside one of its marks.
#[derive(Debug, FromQueryResult)]
struct Marked {
    #[sea_orm(nested)]
    ballot: ballot::Model,
    option_id: Option<OptionId>,
    value: Option<i32>,
}

async fn matching(
    connection: &impl ConnectionTrait,
    condition: Condition,
) -> Result<Vec<(QuestionId, VoterKey, Held)>, DbErr> {
    let marks: RelationDef = ballot::Entity::belongs_to(mark::Entity)
        .from(ballot::Column::Id)
        .to(mark::Column::BallotId)
        .into();
    let rows = ballot::Entity::find()
        .column(mark::Column::OptionId)
        .column(mark::Column::Value)
        .join(JoinType::LeftJoin, marks)
        .filter(condition)
        .into_model::<Marked>()
        .all(connection)
        .await?;
    let mut ballots: HashMap<BallotId, (QuestionId, VoterKey, Held)> = HashMap::new();
    for Marked {
        ballot: row,
        option_id,
        value,
    } in rows
    {
        let (_, _, held) = ballots.entry(row.id).or_insert_with(|| {
            let held = Held {
                id: row.id,
                cast_at: row.cast_at,
                changed_at: row.changed_at,
                retracted_at: row.retracted_at,
                skipped: row.skipped,
                channel: row.channel,
                assurance: row.assurance,
                event_count: row.event_count,
                marks: BTreeMap::new(),
            };
            (row.question_id, row.voter_key, held)
        });
        held.marks.extend(option_id.zip(value));
    }
    Ok(ballots.into_values().collect())
}

/// Those events of the ballots that bear one of the keys.
pub(in crate::poll) async fn events(
    connection: &impl ConnectionTrait,
    ballots: impl IntoIterator<Item = BallotId>,
    keys: impl IntoIterator<Item = &str>,
) -> Result<Vec<Event>, DbErr> {
    let ballots: Vec<BallotId> = ballots.into_iter().collect();
    if ballots.is_empty() {
        return Ok(Vec::new());
    }
    let rows = ballot_event::Entity::find()
        .filter(ballot_event::Column::BallotId.is_in(ballots))
        .filter(ballot_event::Column::IdempotencyKey.is_in(keys))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Event {
            ballot: row.ballot_id,
            sequence: row.sequence,
            kind: row.kind,
            at: row.at,
            idempotency_key: row.idempotency_key,
            digest: row.digest,
        })
        .collect())
}

/// Writes the net change of a batch. The caller holds the poll's lock.
pub(in crate::poll) async fn settle(
    connection: &impl ConnectionTrait,
    poll: PollId,
    question: QuestionId,
    run: i32,
    settlement: Settlement,
) -> Result<(), DbErr> {
    let changes_results = settlement.changes_results();
    write_ballots(connection, question, run, settlement.ballots).await?;
    erase_marks(connection, &settlement.erased).await?;
    write_marks(connection, &settlement.marks).await?;
    add_events(connection, settlement.events).await?;
    add_to_tally(connection, question, run, settlement.tally).await?;
    if changes_results {
        let head = |column: question_run::Column, change: i64| Expr::col(column).add(change);
        question_run::Entity::update_many()
            .col_expr(
                question_run::Column::VoterCount,
                head(question_run::Column::VoterCount, settlement.voters),
            )
            .col_expr(
                question_run::Column::SkipCount,
                head(question_run::Column::SkipCount, settlement.skips),
            )
            .col_expr(
                question_run::Column::Revision,
                head(question_run::Column::Revision, 1),
            )
            .filter(question_run::Column::QuestionId.eq(question))
            .filter(question_run::Column::Run.eq(run))
            .exec(connection)
            .await?;
    }
    add_to_people(connection, poll, run, settlement.people).await
}

async fn write_ballots(
    connection: &impl ConnectionTrait,
    question: QuestionId,
    run: i32,
    ballots: Vec<(VoterKey, Held)>,
) -> Result<(), DbErr> {
    let mut rows = ballots
        .into_iter()
        .map(|(voter, held)| ballot::ActiveModel {
            id: Set(held.id),
            question_id: Set(question),
            run: Set(run),
            voter_key: Set(voter),
            cast_at: Set(held.cast_at),
            changed_at: Set(held.changed_at),
            retracted_at: Set(held.retracted_at),
            skipped: Set(held.skipped),
            channel: Set(held.channel),
            assurance: Set(held.assurance),
            event_count: Set(held.event_count),
            other_text: Set(None),
        });
    // Only a ballot's own id may be there already: a second ballot of a voter breaks the unique
    // key and with it the transaction.
    let known = OnConflict::column(ballot::Column::Id)
        .update_columns([
            ballot::Column::CastAt,
            ballot::Column::ChangedAt,
            ballot::Column::RetractedAt,
            ballot::Column::Skipped,
            ballot::Column::Channel,
            ballot::Column::Assurance,
            ballot::Column::EventCount,
        ])
        .to_owned();
    loop {
        let chunk: Vec<_> = rows.by_ref().take(ROWS).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        ballot::Entity::insert_many(chunk)
            .on_conflict(known.clone())
            .exec_without_returning(connection)
            .await?;
    }
}

async fn erase_marks(
    connection: &impl ConnectionTrait,
    erased: &[(BallotId, Vec<OptionId>)],
) -> Result<(), DbErr> {
    for chunk in erased.chunks(CONDITIONS) {
        let mut condition = Condition::any();
        for (ballot, options) in chunk {
            condition = condition.add(
                Condition::all()
                    .add(mark::Column::BallotId.eq(*ballot))
                    .add(mark::Column::OptionId.is_in(options.iter().copied())),
            );
        }
        mark::Entity::delete_many()
            .filter(condition)
            .exec(connection)
            .await?;
    }
    Ok(())
}

async fn write_marks(
    connection: &impl ConnectionTrait,
    marks: &[(BallotId, Mark)],
) -> Result<(), DbErr> {
    for chunk in marks.chunks(ROWS) {
        let rows = chunk.iter().map(|(ballot, mark)| mark::ActiveModel {
            ballot_id: Set(*ballot),
            option_id: Set(mark.option),
            value: Set(mark.value),
        });
        mark::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([mark::Column::BallotId, mark::Column::OptionId])
                    .update_column(mark::Column::Value)
                    .to_owned(),
            )
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

async fn add_events(connection: &impl ConnectionTrait, events: Vec<Event>) -> Result<(), DbErr> {
    let mut rows = events.into_iter().map(|event| ballot_event::ActiveModel {
        ballot_id: Set(event.ballot),
        sequence: Set(event.sequence),
        kind: Set(event.kind),
        at: Set(event.at),
        idempotency_key: Set(event.idempotency_key),
        digest: Set(event.digest),
    });
    loop {
        let chunk: Vec<_> = rows.by_ref().take(ROWS).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        ballot_event::Entity::insert_many(chunk)
            .exec_without_returning(connection)
            .await?;
    }
}

async fn add_to_tally(
    connection: &impl ConnectionTrait,
    question: QuestionId,
    run: i32,
    changes: BTreeMap<(OptionId, i32), i64>,
) -> Result<(), DbErr> {
    let mut rows = changes
        .into_iter()
        .map(|((option, value), change)| tally::ActiveModel {
            question_id: Set(question),
            run: Set(run),
            option_id: Set(option),
            value: Set(value),
            ballots: Set(change),
        });
    loop {
        let chunk: Vec<_> = rows.by_ref().take(ROWS).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        let sum = added(tally::Entity, tally::Column::Ballots);
        tally::Entity::insert_many(chunk)
            .on_conflict(
                OnConflict::columns([
                    tally::Column::QuestionId,
                    tally::Column::Run,
                    tally::Column::OptionId,
                    tally::Column::Value,
                ])
                .value(tally::Column::Ballots, sum)
                .to_owned(),
            )
            .exec_without_returning(connection)
            .await?;
    }
}

/// Counts each voter's ballots, and with them the people who have one.
async fn add_to_people(
    connection: &impl ConnectionTrait,
    poll: PollId,
    run: i32,
    changes: BTreeMap<VoterKey, i64>,
) -> Result<(), DbErr> {
    let mut people = 0;
    let mut rows = changes
        .iter()
        .map(|(voter, change)| poll_voter::ActiveModel {
            poll_id: Set(poll),
            run: Set(run),
            voter_key: Set(voter.clone()),
            ballot_count: Set(*change),
        });
    loop {
        let chunk: Vec<_> = rows.by_ref().take(ROWS).collect();
        if chunk.is_empty() {
            break;
        }
        let mut statement = poll_voter::Entity::insert_many(chunk)
            .on_conflict(
                OnConflict::columns([
                    poll_voter::Column::PollId,
                    poll_voter::Column::Run,
                    poll_voter::Column::VoterKey,
                ])
                .value(
                    poll_voter::Column::BallotCount,
                    added(poll_voter::Entity, poll_voter::Column::BallotCount),
                )
                .to_owned(),
            )
            .into_query();
        statement.returning(Query::returning().columns([
            poll_voter::Column::VoterKey,
            poll_voter::Column::BallotCount,
        ]));
        for row in connection.query_all(&statement).await? {
            let (voter, after): (VoterKey, i64) = row.try_get_many_by_index()?;
            let before = after - changes.get(&voter).copied().unwrap_or(0);
            people += i64::from(after > 0) - i64::from(before > 0);
        }
    }
    if people != 0 {
        poll_run::Entity::update_many()
            .col_expr(
                poll_run::Column::VoterCount,
                Expr::col(poll_run::Column::VoterCount).add(people),
            )
            .filter(poll_run::Column::PollId.eq(poll))
            .filter(poll_run::Column::Run.eq(run))
            .exec(connection)
            .await?;
    }
    Ok(())
}

/// The column's value with that of the proposed row added, for an upsert.
fn added<E: EntityTrait>(table: E, column: E::Column) -> sea_orm::sea_query::SimpleExpr {
    Expr::col((table, column)).add(Expr::col(("excluded", column)))
}
