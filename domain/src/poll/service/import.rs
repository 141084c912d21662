//! Importing a conversation of another platform as a poll.

use sha2::{Digest, Sha256};

use super::{
    super::{
        Assurance, Channel, Eligibility, Export, Imported, Mark, OptionModeration, OptionRole,
        Pace, Poll, PollOption, PollRefusal, PollTimes, Question, QuestionKind, QuestionState,
        ResultsVisibility, Rules, VoteChange,
        counting::{Act, Casting, Ledger, Seat, Way},
        draft,
        store::{self, question::NewOption},
        voter::{Voter, VoterSecret},
    },
    Polls, allow,
    create::insert,
};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    database::Transaction,
    id::{OptionId, PollId, QuestionId},
    text,
};

/// Votes that are counted together.
const BATCH: usize = 2_000;

impl Polls {
    /// Makes a poll of a conversation, in one transaction; what was imported before stays as it
    /// is. `progress` hears how many votes are counted.
    pub async fn import(
        &self,
        actor: &Actor,
        export: &Export,
        progress: impl Fn(usize) + Send + Sync,
    ) -> Result<Imported, PollRefusal> {
        allow(actor)?;
        let now = self.clock.now();
        let poll = &new_poll(export, now)?;
        let question = &new_question(export, poll, now);
        let options = &new_options(export, question, now);
        let progress = &progress;
        self.database
            .write(|transaction| async move {
                if let Some(poll) = store::imported(&transaction, &export.digest, now).await? {
                    return Ok(Imported::Already(poll));
                }
                let poll = insert(&transaction, actor, poll).await?;
                store::question::insert(
                    &transaction,
                    std::slice::from_ref(question),
                    options,
                    poll.run,
                )
                .await?;
                count(&transaction, export, &poll, question, options, progress).await?;
                let (digest, title) = (&export.digest, &export.title);
                if !store::add_import(&transaction, digest, title, poll.id, now).await? {
                    return Err(Error::internal("the same import runs elsewhere"));
                }
                let poll = store::by_id(&transaction, poll.id, now).await?;
                Ok(Imported::Made(poll.ok_or(Error::NotFound)?))
            })
            .await
    }
}

/// Counts every vote as a ballot is counted, in the order in which they were cast.
async fn count(
    transaction: &Transaction,
    export: &Export,
    poll: &Poll,
    question: &Question,
    options: &[NewOption],
    progress: &(impl Fn(usize) + Send + Sync),
) -> Result<(), PollRefusal> {
    let mut counted = 0;
    // The poll is new, so that nothing is on record but what is counted here.
    let mut ledger = Ledger::default();
    for batch in export.votes.chunks(BATCH) {
        let castings = batch
            .iter()
            .zip(counted..)
            .map(|(vote, number)| {
                let option = options
                    .get(vote.statement)
                    .ok_or_else(|| Error::internal("a vote for no statement"))?;
                let mark = Mark {
                    option: option.option.id,
                    value: vote.value,
                };
                let idempotency_key = format!("import:{number}");
                Ok(Casting {
                    seat: Seat {
                        poll: poll.id,
                        run: poll.run,
                        question: question.id,
                        voter: poll
                            .voter_key(Voter::Import(vote.voter))
                            .ok_or_else(|| Error::internal("a new poll has a secret"))?,
                    },
                    act: Act::Amend(vec![mark]),
                    at: vote.at,
                    digest: Sha256::digest(&idempotency_key).to_vec(),
                    idempotency_key,
                    way: Way {
                        channel: Channel::Import,
                        assurance: Assurance::Open,
                        embed: None,
                    },
                    other_text: None,
                })
            })
            .collect::<Result<Vec<Casting>, PollRefusal>>()?;
        for casting in castings {
            ledger.take(casting);
        }
        store::counting::settle(transaction, ledger.settle()).await?;
        counted += batch.len();
        progress(counted);
    }
    Ok(())
}

fn new_poll(export: &Export, now: Instant) -> Result<Poll, PollRefusal> {
    let (title, description) = draft::heading(&export.title, &export.description)?;
    let times = PollTimes {
        opens_at: Some(export.votes.first().map_or(now, |vote| vote.at)),
        // Just past the last vote: a poll takes no vote at the instant of its close.
        closes_at: Some(
            export.votes.last().map_or(now, |vote| vote.at) + chrono::TimeDelta::milliseconds(1),
        ),
        ..PollTimes::default()
    };
    Ok(Poll {
        id: PollId::new(now),
        slug: text::slug(&title),
        title,
        description,
        status: times.status(now),
        pace: Pace::Audience,
        join_code: None,
        active_question: None,
        times,
        results_visibility: ResultsVisibility::Always,
        vote_change: VoteChange::UntilClose,
        eligibility: Eligibility::Anyone,
        new_voters_per_network: None,
        run: 1,
        voter_count: 0,
        comment_count: 0,
        partner: None,
        created_at: now,
        updated_at: now,
        ballots_anonymized_at: None,
        secret: Some(VoterSecret::new()?),
    })
}

fn new_question(export: &Export, poll: &Poll, now: Instant) -> Question {
    Question {
        id: QuestionId::new(now),
        poll: poll.id,
        position: 0,
        kind: QuestionKind::Statements,
        prompt: poll.title.clone(),
        description: String::new(),
        state: QuestionState::Open,
        opened_at: None,
        timer_ends_at: None,
        rules: Rules {
            min_choices: Some(1),
            max_choices: i32::try_from(export.statements.len()).ok(),
            ..Rules::default()
        },
        target: None,
        answer: None,
    }
}

fn new_options(export: &Export, question: &Question, now: Instant) -> Vec<NewOption> {
    (0..)
        .zip(&export.statements)
        .map(|(position, statement)| NewOption {
            option: PollOption {
                id: OptionId::new(now),
                question: question.id,
                position,
                label: statement.label.clone(),
                description: String::new(),
                role: OptionRole::Choice,
                is_right: None,
                right: false,
                written_by: None,
                moderation: if statement.rejected {
                    OptionModeration::Rejected
                } else {
                    OptionModeration::Approved
                },
            },
            reference: Some(statement.reference.clone()),
        })
        .collect()
}
