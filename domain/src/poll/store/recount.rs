//! Counting every ballot again. The database adds up on both sides and gives only what differs.

use std::collections::{BTreeSet, HashMap};

use entity::poll;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryOrder, QuerySelect};

use super::{
    super::{Difference, Recount, Sum},
    rows::{Kind, Rows},
};
use crate::id::{OptionId, PollId, QuestionId};

/// A sum that is not what the ballots add up to; what does not apply is absent.
#[derive(FromQueryResult)]
struct Differing {
    poll_id: PollId,
    run: i32,
    question_id: Option<QuestionId>,
    option_id: Option<OptionId>,
    value: Option<i32>,
    kept: i64,
    counted: i64,
}

#[derive(FromQueryResult)]
struct Named {
    id: PollId,
    slug: String,
    ballots: i64,
}

const TALLY: &str = "\
    SELECT poll_id, run, question_id, option_id, value, \
        CAST(SUM(kept) AS BIGINT) AS kept, CAST(SUM(counted) AS BIGINT) AS counted \
    FROM ( \
        SELECT question.poll_id, tally.run, tally.question_id, tally.option_id, tally.value, \
            tally.ballots AS kept, 0 AS counted \
        FROM asked JOIN question ON question.poll_id = asked.poll \
        JOIN tally ON tally.question_id = question.id \
        UNION ALL \
        SELECT question.poll_id, ballot.run, ballot.question_id, mark.option_id, mark.value, 0, 1 \
        FROM asked JOIN question ON question.poll_id = asked.poll \
        JOIN ballot ON ballot.question_id = question.id \
        JOIN mark ON mark.ballot_id = ballot.id \
        WHERE ballot.retracted_at IS NULL AND NOT ballot.skipped \
    ) AS both_sides \
    GROUP BY poll_id, run, question_id, option_id, value HAVING SUM(kept) <> SUM(counted) \
    ORDER BY poll_id, run, question_id, option_id, value";

const VOTERS: &str = "\
    SELECT poll_id, run, question_id, \
        CAST(SUM(kept) AS BIGINT) AS kept, CAST(SUM(counted) AS BIGINT) AS counted \
    FROM ( \
        SELECT question.poll_id, question_run.run, question_run.question_id, \
            question_run.voter_count AS kept, 0 AS counted \
        FROM asked JOIN question ON question.poll_id = asked.poll \
        JOIN question_run ON question_run.question_id = question.id \
        UNION ALL \
        SELECT question.poll_id, ballot.run, ballot.question_id, 0, 1 \
        FROM asked JOIN question ON question.poll_id = asked.poll \
        JOIN ballot ON ballot.question_id = question.id \
        WHERE ballot.retracted_at IS NULL AND NOT ballot.skipped \
    ) AS both_sides \
    GROUP BY poll_id, run, question_id HAVING SUM(kept) <> SUM(counted) \
    ORDER BY poll_id, run, question_id";

const PEOPLE: &str = "\
    SELECT poll_id, run, \
        CAST(SUM(kept) AS BIGINT) AS kept, CAST(SUM(counted) AS BIGINT) AS counted \
    FROM ( \
        SELECT poll_run.poll_id, poll_run.run, poll_run.voter_count AS kept, 0 AS counted \
        FROM asked JOIN poll_run ON poll_run.poll_id = asked.poll \
        UNION ALL \
        SELECT poll_id, run, 0, 1 FROM ( \
            SELECT DISTINCT question.poll_id, ballot.run, ballot.voter_key \
            FROM asked JOIN question ON question.poll_id = asked.poll \
            JOIN ballot ON ballot.question_id = question.id \
            WHERE ballot.retracted_at IS NULL \
        ) AS people \
    ) AS both_sides \
    GROUP BY poll_id, run HAVING SUM(kept) <> SUM(counted) ORDER BY poll_id, run";

const BALLOTS_OF_PEOPLE: &str = "\
    SELECT poll_id, run, \
        CAST(SUM(kept) AS BIGINT) AS kept, CAST(SUM(counted) AS BIGINT) AS counted \
    FROM ( \
        SELECT poll_id, run, voter_key, SUM(kept) AS kept, SUM(counted) AS counted \
        FROM ( \
            SELECT poll_voter.poll_id, poll_voter.run, poll_voter.voter_key, \
                poll_voter.ballot_count AS kept, 0 AS counted \
            FROM asked JOIN poll_voter ON poll_voter.poll_id = asked.poll \
            UNION ALL \
            SELECT question.poll_id, ballot.run, ballot.voter_key, 0, 1 \
            FROM asked JOIN question ON question.poll_id = asked.poll \
            JOIN ballot ON ballot.question_id = question.id \
            WHERE ballot.retracted_at IS NULL \
        ) AS both_sides \
        GROUP BY poll_id, run, voter_key HAVING SUM(kept) <> SUM(counted) \
    ) AS wrong \
    GROUP BY poll_id, run ORDER BY poll_id, run";

const STRAY_MARKS: &str = "\
    SELECT question.poll_id, ballot.run, ballot.question_id, \
        COUNT(*) AS kept, CAST(0 AS BIGINT) AS counted \
    FROM asked JOIN question ON question.poll_id = asked.poll \
    JOIN ballot ON ballot.question_id = question.id \
    JOIN mark ON mark.ballot_id = ballot.id \
    WHERE ballot.retracted_at IS NOT NULL OR ballot.skipped \
    GROUP BY question.poll_id, ballot.run, ballot.question_id \
    ORDER BY question.poll_id, ballot.run, ballot.question_id";

/// Counts these polls again, all of them where none is named; those that are not there are left
/// out. By slug.
pub(in crate::poll) async fn recount(
    connection: &impl ConnectionTrait,
    polls: Option<&[PollId]>,
) -> Result<Vec<Recount>, DbErr> {
    let asked: BTreeSet<PollId> = match polls {
        Some(polls) => polls.iter().copied().collect(),
        None => poll::Entity::find()
            .select_only()
            .column(poll::Column::Id)
            .order_by_asc(poll::Column::Id)
            .into_tuple()
            .all(connection)
            .await?
            .into_iter()
            .collect(),
    };
    let named: Vec<Named> = among(
        connection,
        &asked,
        "SELECT poll.id, poll.slug, ( \
             SELECT COUNT(*) FROM question JOIN ballot ON ballot.question_id = question.id \
             WHERE question.poll_id = poll.id AND ballot.retracted_at IS NULL \
         ) AS ballots \
         FROM asked JOIN poll ON poll.id = asked.poll ORDER BY poll.slug",
    )
    .await?;
    let skips = VOTERS
        .replace("voter_count", "skip_count")
        .replace("AND NOT ballot.skipped", "AND ballot.skipped");
    let mut differences: HashMap<PollId, Vec<Difference>> = HashMap::new();
    for (text, sum) in [
        (TALLY, tally as fn(&Differing) -> Option<Sum>),
        (VOTERS, |row| row.question_id.map(Sum::Voters)),
        (&skips, |row| row.question_id.map(Sum::Skips)),
        (PEOPLE, |_| Some(Sum::People)),
        (BALLOTS_OF_PEOPLE, |_| Some(Sum::BallotsOfPeople)),
        (STRAY_MARKS, |row| row.question_id.map(Sum::StrayMarks)),
    ] {
        for row in among::<Differing>(connection, &asked, text).await? {
            let sum = sum(&row)
                .ok_or_else(|| DbErr::Custom("a difference without its place".to_owned()))?;
            differences
                .entry(row.poll_id)
                .or_default()
                .push(Difference {
                    sum,
                    run: row.run,
                    kept: row.kept,
                    counted: row.counted,
                });
        }
    }
    Ok(named
        .into_iter()
        .map(|poll| Recount {
            poll: poll.id,
            slug: poll.slug,
            ballots: poll.ballots,
            differences: differences.remove(&poll.id).unwrap_or_default(),
        })
        .collect())
}

fn tally(row: &Differing) -> Option<Sum> {
    Some(Sum::Tally(row.question_id?, row.option_id?, row.value?))
}

/// What a statement finds among these polls, which it knows as `asked`.
async fn among<T: FromQueryResult>(
    connection: &impl ConnectionTrait,
    polls: &BTreeSet<PollId>,
    text: &str,
) -> Result<Vec<T>, DbErr> {
    Rows::new([Kind::Uuid], polls.iter().map(|poll| [poll.0.into()]))
        .query(
            connection,
            &format!("WITH asked (poll) AS ({{rows}}) {text}"),
        )
        .await
}
