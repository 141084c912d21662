//! Making polls.

use super::{
    super::{
        OptionDraft, OptionModeration, OptionRole, Poll, PollDraft, PollOption, PollRefusal,
        PollTimes, Question, QuestionDraft, QuestionKind,
        draft::{NONE_LABEL, OTHER_LABEL},
        policy, room,
        store::{self, question::NewOption},
        voter::VoterSecret,
    },
    Polls,
    room::with_code,
};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    database::Transaction,
    id::{OptionId, PollId, QuestionId, ThemeId},
    random,
    refusal::{Checks, Path},
    text, theme,
};

impl Polls {
    /// Makes a poll; a draft where it has no opening time.
    /// In the name of a partner by who works for it, otherwise by editors.
    pub async fn create(&self, actor: &Actor, draft: PollDraft) -> Result<Poll, PollRefusal> {
        self.allow_for(actor, draft.partner).await?;
        allow_limit(actor, draft.new_voters_per_network.is_some())?;
        let now = self.clock.now();
        let draft = draft.check(now)?;
        let times = PollTimes {
            opens_at: draft.opens_at,
            closes_at: draft.closes_at,
            ..PollTimes::default()
        };
        let poll = &Poll {
            id: PollId::new(now),
            slug: text::slug(&draft.title),
            title: draft.title,
            description: draft.description,
            status: times.status(now),
            pace: draft.pace,
            join_code: None,
            active_question: None,
            times,
            results_visibility: draft.results_visibility,
            vote_change: draft.vote_change,
            eligibility: draft.eligibility,
            new_voters_per_network: draft.new_voters_per_network,
            run: 1,
            voter_count: 0,
            comment_count: 0,
            partner: draft.partner,
            created_at: now,
            updated_at: now,
            ballots_anonymized_at: None,
            secret: Some(VoterSecret::new()?),
        };
        let form = &Form::new(poll, draft.questions, now);
        let themes = &draft.themes;
        self.database
            .write(|transaction| async move {
                check_themes(&transaction, themes).await?;
                let poll = insert(&transaction, actor, poll).await?;
                form.insert(&transaction, poll.run).await?;
                store::edit::set_themes(&transaction, poll.id, themes).await?;
                with_code(&transaction, poll, now).await
            })
            .await
    }
}

/// Refuses an actor who may not set how many new voters a network may bring, where that is `given`.
pub(super) fn allow_limit(actor: &Actor, given: bool) -> Result<(), PollRefusal> {
    if given && !policy::may_manage(actor) {
        return Err(actor.denied());
    }
    Ok(())
}

/// Adds a poll under the first free slug of its title.
pub(super) async fn insert<R>(
    transaction: &Transaction,
    actor: &Actor,
    poll: &Poll,
) -> Result<Poll, R> {
    let mut poll = poll.clone();
    let base = poll.slug.clone();
    while !store::insert(transaction, &poll, actor.account()).await? {
        poll.slug = format!("{base}-{}", random::slug_suffix()?);
    }
    Ok(poll)
}

/// That every theme exists.
pub(super) async fn check_themes(
    transaction: &Transaction,
    themes: &[ThemeId],
) -> Result<(), PollRefusal> {
    let mut checks = Checks::default();
    if !themes.is_empty() {
        let found = theme::store::by_ids(transaction, themes).await?;
        for (position, id) in themes.iter().enumerate() {
            if !found.iter().any(|theme| theme.id == *id) {
                checks.refuse(PollRefusal::ThemeUnknown(
                    Path::from("themeIds").at(position),
                ));
            }
        }
    }
    checks.finish(())
}

/// The questions of a new poll, or of one that has no ballots.
#[derive(Debug)]
pub(super) struct Form {
    questions: Vec<Question>,
    options: Vec<NewOption>,
}

impl Form {
    pub(super) fn new(poll: &Poll, drafts: Vec<QuestionDraft>, now: Instant) -> Self {
        let mut form = Self {
            questions: Vec::new(),
            options: Vec::new(),
        };
        for (position, draft) in (0..).zip(drafts) {
            let question = Question {
                id: QuestionId::new(now),
                poll: poll.id,
                position,
                kind: draft.kind,
                prompt: draft.prompt,
                description: draft.description,
                state: room::start(poll.pace),
                opened_at: None,
                timer_ends_at: None,
                rules: draft.rules,
                target: None,
                answer: draft.target,
            };
            let options = draft
                .options
                .into_iter()
                .map(|option| (OptionRole::Choice, option))
                .chain(own_options(&question));
            form.options.extend(
                (0..)
                    .zip(options)
                    .map(|(position, (role, option))| NewOption {
                        option: PollOption {
                            id: OptionId::new(now),
                            question: question.id,
                            position,
                            label: option.label,
                            description: option.description,
                            role,
                            moderation: OptionModeration::Approved,
                            is_right: None,
                            right: option.is_right,
                            written_by: None,
                        },
                        reference: None,
                    }),
            );
            form.questions.push(question);
        }
        form
    }

    pub(super) async fn insert<R>(&self, transaction: &Transaction, run: i32) -> Result<(), R> {
        store::question::insert(transaction, &self.questions, &self.options, run)
            .await
            .map_err(Error::from)
    }
}

/// The options that a question has by its kind and rules; editors may reword them.
fn own_options(question: &Question) -> impl Iterator<Item = (OptionRole, OptionDraft)> {
    let option = |given: bool, role, label: &str| {
        given.then(|| {
            let draft = OptionDraft {
                label: label.to_owned(),
                description: String::new(),
                is_right: false,
            };
            (role, draft)
        })
    };
    let rules = &question.rules;
    let number = question.kind == QuestionKind::Number;
    [
        option(number, OptionRole::Choice, "Getal"),
        option(rules.other, OptionRole::Other, OTHER_LABEL),
        option(
            rules.none_of_the_above,
            OptionRole::NoneOfTheAbove,
            NONE_LABEL,
        ),
    ]
    .into_iter()
    .flatten()
}
