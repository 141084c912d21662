//! What the counting reads and writes: a batch is read in six statements, seven where a poll was
//! restarted, and written in at most eight, however many polls, questions and voters are in it, in one order of rows.

mod people;
mod settle;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{ballot, ballot_event, mark, question};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult,
    JoinType, QueryFilter, QuerySelect, RelationDef,
};

use super::{
    super::{
        Ballot, OptionModeration, OptionRole, Question,
        ballot::Named,
        counting::{Event, Held, Seat, Way},
        voter::VoterKey,
    },
    poll::PollRow,
    rows::{Kind, Rows, look_up},
};
use crate::id::{BallotId, OptionId, PollId, QuestionId};

pub(in crate::poll) use people::add_people;
pub(in crate::poll) use settle::settle;

/// The polls of these questions, behind the lock that every change of a poll takes, had in the
/// order of their ids: whoever needs several never waits in a ring. What a row says is its newest
/// state, however long the wait; the time should be read after this.
pub(in crate::poll) async fn lock(
    connection: &impl ConnectionTrait,
    questions: &BTreeSet<QuestionId>,
) -> Result<Vec<PollRow>, DbErr> {
    // Not the strongest lock: adding a comment or a question, which refers to the poll, need not
    // wait for a vote. `SQLite` needs none: its transaction is the only one that writes.
    let backend = connection.get_database_backend();
    let locked = match backend {
        DatabaseBackend::Postgres => {
            look_up(backend, "poll", "poll.id = its.poll_id FOR NO KEY UPDATE")
        }
        _ => look_up(backend, "poll", "poll.id = its.poll_id"),
    };
    let question = look_up(backend, "question", "question.id = asked.question_id");
    ids(questions.iter().map(|question| question.0))
        .query(
            connection,
            // How many voters a poll has is of no use here, and would be of before the lock.
            &format!(
                "WITH asked (question_id) AS ({{rows}}), its AS ( \
                     SELECT DISTINCT question.poll_id FROM asked {question} \
                     ORDER BY question.poll_id \
                 ) SELECT poll.*, CAST(0 AS BIGINT) AS voter_count FROM its {locked}"
            ),
        )
        .await
}

/// These questions; read after the locks of their polls are had, since they change behind them.
pub(in crate::poll) async fn questions(
    connection: &impl ConnectionTrait,
    asked: &BTreeSet<QuestionId>,
) -> Result<Vec<Question>, DbErr> {
    let rows: Vec<question::Model> = ids(asked.iter().map(|question| question.0))
        .look_up(
            connection,
            "question_id",
            "question.*",
            &[("question", "question.id = asked.question_id")],
        )
        .await?;
    Ok(rows.into_iter().map(Question::from).collect())
}

#[derive(FromQueryResult)]
struct NamedRow {
    id: OptionId,
    question_id: QuestionId,
    role: OptionRole,
    moderation: OptionModeration,
    written_by: Option<VoterKey>,
}

/// What ballots need to know of these options.
pub(in crate::poll) async fn named(
    connection: &impl ConnectionTrait,
    options: &BTreeSet<OptionId>,
) -> Result<HashMap<OptionId, Named>, DbErr> {
    let found: Vec<NamedRow> = ids(options.iter().map(|option| option.0))
        .look_up(
            connection,
            "option_id",
            "poll_option.id, poll_option.question_id, poll_option.role, \
             poll_option.moderation, poll_option.written_by",
            &[("poll_option", "poll_option.id = asked.option_id")],
        )
        .await?;
    Ok(found
        .into_iter()
        .map(|row| {
            let named = Named {
                question: row.question_id,
                role: row.role,
                moderation: row.moderation,
                written_by: row.written_by,
            };
            (row.id, named)
        })
        .collect())
}

/// Those of these voters who have, or had, a ballot in their poll's run.
pub(in crate::poll) async fn known_voters(
    connection: &impl ConnectionTrait,
    voters: &BTreeSet<(PollId, i32, &VoterKey)>,
) -> Result<Vec<(PollId, VoterKey)>, DbErr> {
    let rows = voters
        .iter()
        .map(|(poll, run, voter)| [poll.0.into(), (*run).into(), (*voter).clone().into()]);
    let by_key = "poll_voter.poll_id = asked.poll_id AND poll_voter.run = asked.run \
                  AND poll_voter.voter_key = asked.voter_key";
    let found: Vec<VoterRow> = Rows::new([Kind::Uuid, Kind::Integer, Kind::Bytes], rows)
        .look_up(
            connection,
            "poll_id, run, voter_key",
            "poll_voter.poll_id, poll_voter.voter_key",
            &[("poll_voter", by_key)],
        )
        .await?;
    let found = found.into_iter();
    Ok(found.map(|row| (row.poll_id, row.voter_key)).collect())
}

#[derive(FromQueryResult)]
struct VoterRow {
    poll_id: PollId,
    voter_key: VoterKey,
}

/// The ballots on record at these seats, retracted ones included.
pub(in crate::poll) async fn held(
    connection: &impl ConnectionTrait,
    seats: &BTreeSet<&Seat>,
) -> Result<HashMap<Seat, Held>, DbErr> {
    let rows = seats.iter().map(|seat| {
        [
            seat.question.0.into(),
            seat.run.into(),
            seat.voter.clone().into(),
        ]
    });
    let by_key = "ballot.question_id = asked.question_id AND ballot.run = asked.run \
                  AND ballot.voter_key = asked.voter_key";
    let rows: Vec<ballot::Model> = Rows::new([Kind::Uuid, Kind::Integer, Kind::Bytes], rows)
        .look_up(
            connection,
            "question_id, run, voter_key",
            "ballot.*",
            &[("ballot", by_key)],
        )
        .await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let mut marks = marks(connection, rows.iter().map(|row| row.id)).await?;
    let mut found: HashMap<(QuestionId, i32, VoterKey), Held> = rows
        .into_iter()
        .map(|row| {
            let marks = marks.remove(&row.id).unwrap_or_default();
            let place = (row.question_id, row.run, row.voter_key.clone());
            (place, held_by(&row, marks))
        })
        .collect();
    Ok(seats
        .iter()
        .filter_map(|seat| {
            let held = found.remove(&(seat.question, seat.run, seat.voter.clone()))?;
            Some(((*seat).clone(), held))
        })
        .collect())
}

/// The marks of these ballots.
pub(super) async fn marks_of(
    connection: &impl ConnectionTrait,
    ballots: impl IntoIterator<Item = BallotId>,
) -> Result<Vec<mark::Model>, DbErr> {
    ids(ballots.into_iter().map(|ballot| ballot.0))
        .look_up(
            connection,
            "ballot_id",
            "mark.*",
            &[("mark", "mark.ballot_id = asked.ballot_id")],
        )
        .await
}

async fn marks(
    connection: &impl ConnectionTrait,
    ballots: impl IntoIterator<Item = BallotId>,
) -> Result<HashMap<BallotId, BTreeMap<OptionId, i32>>, DbErr> {
    let rows = marks_of(connection, ballots).await?;
    let mut marks: HashMap<BallotId, BTreeMap<OptionId, i32>> = HashMap::new();
    for row in rows {
        marks
            .entry(row.ballot_id)
            .or_default()
            .insert(row.option_id, row.value);
    }
    Ok(marks)
}

/// Those events of ballots that bear one of the names asked after.
pub(in crate::poll) async fn seen<'a>(
    connection: &impl ConnectionTrait,
    asked: impl IntoIterator<Item = (BallotId, &'a str)>,
) -> Result<Vec<Event>, DbErr> {
    let rows = asked
        .into_iter()
        .map(|(ballot, key)| [ballot.0.into(), key.into()]);
    let by_name = "ballot_event.ballot_id = asked.ballot_id \
                   AND ballot_event.idempotency_key = asked.idempotency_key";
    let rows: Vec<ballot_event::Model> = Rows::new([Kind::Uuid, Kind::Text], rows)
        .look_up(
            connection,
            "ballot_id, idempotency_key",
            "ballot_event.*",
            &[("ballot_event", by_name)],
        )
        .await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

impl From<ballot_event::Model> for Event {
    fn from(row: ballot_event::Model) -> Self {
        Self {
            ballot: row.ballot_id,
            sequence: row.sequence,
            kind: row.kind,
            at: row.at,
            idempotency_key: row.idempotency_key,
            digest: row.digest,
        }
    }
}

#[derive(FromQueryResult)]
struct EarlierRow {
    question_id: QuestionId,
    voter_key: VoterKey,
    #[sea_orm(nested)]
    event: ballot_event::Model,
}

/// Those events of ballots in earlier runs of the same questions by the same voters that bear the
/// name asked after: a poll may have been restarted between a request and its retry.
pub(in crate::poll) async fn seen_earlier<'a>(
    connection: &impl ConnectionTrait,
    asked: impl IntoIterator<Item = (&'a Seat, &'a str)>,
) -> Result<Vec<(QuestionId, VoterKey, Event)>, DbErr> {
    let rows = asked.into_iter().map(|(seat, key)| {
        [
            seat.question.0.into(),
            seat.run.into(),
            seat.voter.clone().into(),
            key.into(),
        ]
    });
    let kinds = [Kind::Uuid, Kind::Integer, Kind::Bytes, Kind::Text];
    // By the runs, of which there are few: no index leads from a question and a voter alone to
    // their ballots.
    let tables = [
        (
            "question_run",
            "question_run.question_id = asked.question_id AND question_run.run < asked.run",
        ),
        (
            "ballot",
            "ballot.question_id = question_run.question_id AND ballot.run = question_run.run \
             AND ballot.voter_key = asked.voter_key",
        ),
        (
            "ballot_event",
            "ballot_event.ballot_id = ballot.id \
             AND ballot_event.idempotency_key = asked.idempotency_key",
        ),
    ];
    let rows: Vec<EarlierRow> = Rows::new(kinds, rows)
        .look_up(
            connection,
            "question_id, run, voter_key, idempotency_key",
            "ballot.question_id, ballot.voter_key, ballot_event.*",
            &tables,
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.question_id, row.voter_key, Event::from(row.event)))
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
    let mut ballots: HashMap<QuestionId, Held> = HashMap::new();
    for row in rows {
        let held = ballots
            .entry(row.ballot.question_id)
            .or_insert_with(|| held_by(&row.ballot, BTreeMap::new()));
        held.marks.extend(row.option_id.zip(row.value));
    }
    Ok(ballots
        .into_iter()
        .filter(|(_, held)| held.stands())
        .map(|(question, held)| (question, held.ballot(question)))
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

fn held_by(row: &ballot::Model, marks: BTreeMap<OptionId, i32>) -> Held {
    Held {
        id: row.id,
        cast_at: row.cast_at,
        changed_at: row.changed_at,
        retracted_at: row.retracted_at,
        skipped: row.skipped,
        way: Way {
            channel: row.channel,
            assurance: row.assurance,
            embed: row.embed_id,
        },
        event_count: row.event_count,
        marks,
        other_text: row.other_text.clone(),
    }
}

/// Rows of one id each.
fn ids(ids: impl IntoIterator<Item = uuid::Uuid>) -> Rows<1> {
    Rows::new([Kind::Uuid], ids.into_iter().map(|id| [id.into()]))
}
