//! Queries on polls.

use entity::{join_code, poll, poll_import, poll_run};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult,
    QueryFilter, QueryResult, QuerySelect, QueryTrait, Select, TryInsertResult,
    sea_query::{Expr, Func, LockType, Query, SelectStatement, SimpleExpr},
};

use super::super::{Poll, PollTimes, voter::VoterSecret};
use crate::{
    Actor,
    clock::Instant,
    database::equal,
    id::{AccountId, PollId},
    text,
};

/// A poll with its count of voters and its join code.
#[derive(Debug)]
pub(in crate::poll) struct PollRow {
    poll: poll::Model,
    voter_count: i64,
    join_code: Option<String>,
}

impl FromQueryResult for PollRow {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            poll: poll::Model::from_query_result(row, prefix)?,
            voter_count: row.try_get(prefix, "voter_count")?,
            join_code: row.try_get(prefix, "join_code")?,
        })
    }
}

impl PollRow {
    /// The poll as it stands at `now`.
    pub(in crate::poll) fn at(self, now: Instant) -> Poll {
        let Self {
            poll: row,
            voter_count,
            join_code,
        } = self;
        let times = PollTimes {
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            closed_early_at: row.closed_early_at,
            paused_at: row.paused_at,
            cancelled_at: row.cancelled_at,
            results_published_at: row.results_published_at,
            archived_at: row.archived_at,
        };
        let status = times.status(now);
        Poll {
            id: row.id,
            slug: row.slug,
            title: row.title,
            description: row.description,
            status,
            pace: row.pace,
            join_code: join_code.filter(|_| !status.is_over()),
            active_question: row.active_question_id,
            times,
            results_visibility: row.results_visibility,
            vote_change: row.vote_change,
            eligibility: row.eligibility,
            new_voters_per_network: row.new_voters_per_network,
            run: row.run,
            voter_count,
            comment_count: row.comment_count,
            partner: row.partner_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
            ballots_anonymized_at: row.ballots_anonymized_at,
            secret: VoterSecret::stored(row.voter_secret),
        }
    }
}

/// How many voters the poll of a row has in its present run. No join: a transaction that waited
/// for the lock on a poll sees that poll's newest row, but the older rows of what it is joined to.
pub(in crate::poll) fn voter_count() -> SimpleExpr {
    let count: SelectStatement = Query::select()
        .column((poll_run::Entity, poll_run::Column::VoterCount))
        .from(poll_run::Entity)
        .and_where(
            Expr::col((poll_run::Entity, poll_run::Column::PollId))
                .equals((poll::Entity, poll::Column::Id)),
        )
        .and_where(
            Expr::col((poll_run::Entity, poll_run::Column::Run))
                .equals((poll::Entity, poll::Column::Run)),
        )
        .take();
    Func::coalesce([SimpleExpr::from(count), Expr::val(0_i64)]).into()
}

/// The join code of the poll of a row; a poll that is over may still have one.
pub(in crate::poll) fn join_code() -> SimpleExpr {
    let code: SelectStatement = Query::select()
        .column((join_code::Entity, join_code::Column::Code))
        .from(join_code::Entity)
        .and_where(
            Expr::col((join_code::Entity, join_code::Column::PollId))
                .equals((poll::Entity, poll::Column::Id)),
        )
        .limit(1)
        .take();
    code.into()
}

/// Polls with their counts of voters and their join codes.
pub(super) fn select() -> Select<poll::Entity> {
    poll::Entity::find()
        .expr_as(voter_count(), "voter_count")
        .expr_as(join_code(), "join_code")
}

/// That the actor may know of the poll of a row.
pub(in crate::poll) fn visible(actor: &Actor) -> Condition {
    if actor.is_staff() {
        Condition::all()
    } else {
        Condition::all().add(poll::Column::OpensAt.is_not_null())
    }
}

/// Adds a poll and its first run; `false` where the slug is taken.
pub(in crate::poll) async fn insert(
    connection: &impl ConnectionTrait,
    poll: &Poll,
    by: Option<AccountId>,
) -> Result<bool, DbErr> {
    let row = poll::ActiveModel {
        id: Set(poll.id),
        slug: Set(poll.slug.clone()),
        title: Set(poll.title.clone()),
        title_key: Set(text::sort_key(&poll.title)),
        description: Set(poll.description.clone()),
        pace: Set(poll.pace),
        active_question_id: Set(poll.active_question),
        opens_at: Set(poll.times.opens_at),
        closes_at: Set(poll.times.closes_at),
        closed_early_at: Set(poll.times.closed_early_at),
        paused_at: Set(poll.times.paused_at),
        cancelled_at: Set(poll.times.cancelled_at),
        results_published_at: Set(poll.times.results_published_at),
        archived_at: Set(poll.times.archived_at),
        results_visibility: Set(poll.results_visibility),
        vote_change: Set(poll.vote_change),
        eligibility: Set(poll.eligibility),
        new_voters_per_network: Set(poll.new_voters_per_network),
        run: Set(poll.run),
        voter_secret: Set(VoterSecret::to_stored(poll.secret.as_ref())),
        ballots_anonymized_at: Set(poll.ballots_anonymized_at),
        comment_count: Set(poll.comment_count),
        partner_id: Set(poll.partner),
        created_by: Set(by),
        created_at: Set(poll.created_at),
        updated_at: Set(poll.updated_at),
    };
    let inserted = poll::Entity::insert(row)
        .on_conflict_do_nothing_on([poll::Column::Slug])
        .exec_without_returning(connection)
        .await?;
    if !matches!(inserted, TryInsertResult::Inserted(1..)) {
        return Ok(false);
    }
    let run = poll_run::ActiveModel {
        poll_id: Set(poll.id),
        run: Set(poll.run),
        started_at: Set(poll.created_at),
        ended_at: Set(None),
        voter_count: Set(0),
        participant_peak: Set(0),
        refused_ballots: Set(0),
    };
    poll_run::Entity::insert(run)
        .exec_without_returning(connection)
        .await?;
    Ok(true)
}

/// The poll with this id as it stands at `now`, whoever asks.
pub(crate) async fn by_id(
    connection: &impl ConnectionTrait,
    id: PollId,
    now: Instant,
) -> Result<Option<Poll>, DbErr> {
    one(connection, select().filter(poll::Column::Id.eq(id)), now).await
}

/// The poll with this slug as it stands at `now`, whoever asks.
pub(in crate::poll) async fn by_slug(
    connection: &impl ConnectionTrait,
    slug: &str,
    now: Instant,
) -> Result<Option<Poll>, DbErr> {
    one(
        connection,
        select().filter(equal(poll::Column::Slug, slug)),
        now,
    )
    .await
}

/// Those of the polls that the actor may know of, in no order.
pub(crate) async fn by_ids(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[PollId],
    now: Instant,
) -> Result<Vec<Poll>, DbErr> {
    let select = select()
        .filter(poll::Column::Id.is_in(ids.iter().copied()))
        .filter(visible(actor));
    all(connection, select, now).await
}

/// Those of the polls that the actor may know of, each with whether the public may.
pub(crate) async fn seen(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[PollId],
) -> Result<Vec<(PollId, bool)>, DbErr> {
    poll::Entity::find()
        .select_only()
        .column(poll::Column::Id)
        .expr_as(poll::Column::OpensAt.is_not_null(), "is_public")
        .filter(poll::Column::Id.is_in(ids.iter().copied()))
        .filter(visible(actor))
        .into_tuple()
        .all(connection)
        .await
}

/// The poll with this id, behind a lock that every ballot and every change of it takes, and that
/// ends with the transaction. What the row says is its newest state, however long the wait; the
/// time should be read after this.
pub(in crate::poll) async fn lock(
    connection: &impl ConnectionTrait,
    id: PollId,
) -> Result<Option<PollRow>, DbErr> {
    let mut select = select().filter(poll::Column::Id.eq(id));
    // Not the strongest lock: adding a comment or a question, which refers to the poll, need not
    // wait for a vote.
    QuerySelect::query(&mut select).lock_with_tables(LockType::NoKeyUpdate, [poll::Entity]);
    select.into_model().one(connection).await
}

pub(super) async fn one(
    connection: &impl ConnectionTrait,
    select: Select<poll::Entity>,
    now: Instant,
) -> Result<Option<Poll>, DbErr> {
    let row = select.into_model::<PollRow>().one(connection).await?;
    Ok(row.map(|row| row.at(now)))
}

/// The polls of the rows as they stand at `now`.
pub(super) async fn all(
    connection: &impl ConnectionTrait,
    select: Select<poll::Entity>,
    now: Instant,
) -> Result<Vec<Poll>, DbErr> {
    let rows = select.into_model::<PollRow>().all(connection).await?;
    Ok(rows.into_iter().map(|row| row.at(now)).collect())
}

/// Adds to a poll's count of visible comments.
pub(crate) async fn add_comments(
    connection: &impl ConnectionTrait,
    poll: PollId,
    change: i64,
) -> Result<(), DbErr> {
    let column = poll::Column::CommentCount;
    poll::Entity::update_many()
        .col_expr(column, Expr::col(column).add(change))
        .filter(poll::Column::Id.eq(poll))
        .exec(connection)
        .await?;
    Ok(())
}

/// The poll that was made of an import with this digest.
pub(in crate::poll) async fn imported(
    connection: &impl ConnectionTrait,
    digest: &str,
    now: Instant,
) -> Result<Option<Poll>, DbErr> {
    let made: SelectStatement = poll_import::Entity::find_by_id(digest.to_owned())
        .select_only()
        .column(poll_import::Column::PollId)
        .into_query();
    one(
        connection,
        select().filter(poll::Column::Id.in_subquery(made)),
        now,
    )
    .await
}

/// Records that a poll was imported; `false` where the digest is taken.
pub(in crate::poll) async fn add_import(
    connection: &impl ConnectionTrait,
    digest: &str,
    name: &str,
    poll: PollId,
    at: Instant,
) -> Result<bool, DbErr> {
    let row = poll_import::ActiveModel {
        digest: Set(digest.to_owned()),
        name: Set(name.to_owned()),
        poll_id: Set(poll),
        imported_at: Set(at),
    };
    let inserted = poll_import::Entity::insert(row)
        .on_conflict_do_nothing_on([poll_import::Column::Digest])
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1..)))
}
