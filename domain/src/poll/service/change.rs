//! Changing, opening and closing polls.

use std::collections::HashSet;

use super::{
    super::{
        Poll, PollChange, PollOption, PollRefusal, PollStatus, PollTimes, Question,
        QuestionWording,
        draft::{check_times, times_fit},
        store::{
            self,
            edit::{Edit, PollField},
        },
    },
    Polls,
    anonymize::renew_secret,
    create::{Form, allow_limit, check_themes},
    existing,
    room::with_code,
};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    database::Transaction,
    id::PollId,
    refusal::{Checks, Path},
    text,
};

impl Polls {
    /// Changes a poll; from its first ballot on only its wording, on the record. Its slug stays.
    pub async fn update(
        &self,
        actor: &Actor,
        id: PollId,
        change: PollChange,
    ) -> Result<Poll, PollRefusal> {
        self.allow_at(actor, id).await?;
        allow_limit(actor, change.new_voters_per_network.is_some())?;
        let change = &change.check()?;
        let poll = self
            .database
            .write(|transaction| async move {
                let (poll, now) = self.locked(&transaction, id).await?;
                let voted = store::edit::has_ballots(&transaction, id).await?;
                let mut checks = Checks::default();
                if voted {
                    only_wording(&mut checks, &transaction, &poll, change).await?;
                } else {
                    let times = change.times(poll.times);
                    if times != poll.times {
                        check_times(&mut checks, times.opens_at, times.closes_at, now);
                    }
                    check_themes(&transaction, change.themes.as_deref().unwrap_or_default())
                        .await?;
                }
                let (wording, mut edits) =
                    reword(&mut checks, &transaction, actor, &poll, change).await?;
                checks.finish(())?;
                store::edit::update(&transaction, id, change, now).await?;
                if !voted {
                    rebuild(&transaction, &poll, change, now).await?;
                    renew_secret(&transaction, &poll).await?;
                }
                for wording in &wording {
                    store::edit::reword_question(&transaction, wording).await?;
                    for option in &wording.options {
                        store::edit::reword_option(&transaction, option).await?;
                    }
                }
                if voted {
                    edits.extend(own_edits(&poll, change));
                    store::edit::add_edits(&transaction, id, edits, actor.account(), now).await?;
                }
                with_code(&transaction, existing(&transaction, id, now).await?, now).await
            })
            .await?;
        self.changed(id);
        Ok(poll)
    }

    /// Opens a poll now, or lets one go on that is paused; an open poll stays as it is.
    pub async fn open(&self, actor: &Actor, id: PollId) -> Result<Poll, PollRefusal> {
        self.allow_at(actor, id).await?;
        let poll = self
            .database
            .write(|transaction| async move {
                let (poll, now) = self.locked(&transaction, id).await?;
                let times = match poll.status {
                    PollStatus::Open => return Ok(poll),
                    PollStatus::Cancelled => return Err(Error::refused(PollRefusal::Cancelled)),
                    PollStatus::Paused => PollTimes {
                        paused_at: None,
                        ..poll.times
                    },
                    PollStatus::Draft | PollStatus::Scheduled => PollTimes {
                        opens_at: Some(now),
                        ..poll.times
                    },
                    PollStatus::Closed | PollStatus::ResultsPublished | PollStatus::Archived => {
                        return Err(Error::refused(PollRefusal::Closed));
                    }
                };
                if !times_fit(times.opens_at, times.closes_at, now) {
                    return Err(Error::refused(PollRefusal::Times(Path::default())));
                }
                store::edit::set_times(&transaction, id, times, now).await?;
                with_code(&transaction, existing(&transaction, id, now).await?, now).await
            })
            .await?;
        self.changed(id);
        Ok(poll)
    }

    /// Closes a poll now, for good: no ballot is taken from here on. A closed poll stays as it
    /// is.
    pub async fn close(&self, actor: &Actor, id: PollId) -> Result<Poll, PollRefusal> {
        self.allow_at(actor, id).await?;
        let poll = self
            .database
            .write(|transaction| async move {
                let (poll, now) = self.locked(&transaction, id).await?;
                match poll.status {
                    PollStatus::Open | PollStatus::Paused => {}
                    PollStatus::Closed | PollStatus::ResultsPublished | PollStatus::Archived => {
                        return Ok(poll);
                    }
                    PollStatus::Cancelled => return Err(Error::refused(PollRefusal::Cancelled)),
                    PollStatus::Draft | PollStatus::Scheduled => {
                        return Err(Error::refused(PollRefusal::NotOpen));
                    }
                }
                let times = PollTimes {
                    closed_early_at: Some(now),
                    ..poll.times
                };
                store::edit::set_times(&transaction, id, times, now).await?;
                existing(&transaction, id, now).await
            })
            .await?;
        self.changed(id);
        Ok(poll)
    }
}

/// That a change of a poll that has ballots changes its wording at most.
async fn only_wording(
    checks: &mut Checks<PollRefusal>,
    transaction: &Transaction,
    poll: &Poll,
    change: &PollChange,
) -> Result<(), PollRefusal> {
    let themes = match &change.themes {
        None => false,
        Some(themes) => {
            let asked: HashSet<_> = themes.iter().copied().collect();
            asked != store::edit::theme_ids(transaction, poll.id).await?
        }
    };
    for (name, changed) in [
        ("themeIds", themes),
        ("questions", change.questions.is_some()),
        (
            "resultsVisibility",
            change
                .results_visibility
                .is_some_and(|asked| asked != poll.results_visibility),
        ),
        (
            "voteChange",
            change
                .vote_change
                .is_some_and(|asked| asked != poll.vote_change),
        ),
        (
            "eligibility",
            change
                .eligibility
                .is_some_and(|asked| asked != poll.eligibility),
        ),
        (
            "opensAt",
            change
                .opens_at
                .is_some_and(|asked| asked != poll.times.opens_at),
        ),
        (
            "closesAt",
            change
                .closes_at
                .is_some_and(|asked| asked != poll.times.closes_at),
        ),
    ] {
        if changed {
            checks.refuse(PollRefusal::HasBallots(Path::from(name)));
        }
    }
    Ok(())
}

/// What a poll without ballots is about and asks, where that changes.
async fn rebuild(
    transaction: &Transaction,
    poll: &Poll,
    change: &PollChange,
    now: Instant,
) -> Result<(), PollRefusal> {
    if let Some(themes) = &change.themes {
        store::edit::set_themes(transaction, poll.id, themes).await?;
    }
    if let Some(questions) = &change.questions {
        store::question::delete_all(transaction, poll.id).await?;
        store::room::set_active(transaction, poll.id, None).await?;
        Form::new(poll, questions.clone(), now)
            .insert(transaction, poll.run)
            .await?;
    }
    Ok(())
}

/// The wording to write, and what it changes.
async fn reword(
    checks: &mut Checks<PollRefusal>,
    transaction: &Transaction,
    actor: &Actor,
    poll: &Poll,
    change: &PollChange,
) -> Result<(Vec<QuestionWording>, Vec<Edit>), PollRefusal> {
    let mut edits = Vec::new();
    if change.wording.is_empty() {
        return Ok((Vec::new(), edits));
    }
    if change.questions.is_some() {
        checks.refuse(PollRefusal::Configuration(Path::from("wording")));
        return Ok((Vec::new(), edits));
    }
    let questions = store::question::of_polls(transaction, actor, &[poll.id]).await?;
    let ids: Vec<_> = change.wording.iter().map(|asked| asked.question).collect();
    let options = store::question::options(transaction, actor, &ids).await?;
    let mut checked = Vec::new();
    for (position, wording) in change.wording.iter().enumerate() {
        let path = Path::from("wording").at(position);
        let Some(question) = questions.iter().find(|one| one.id == wording.question) else {
            checks.refuse(PollRefusal::QuestionUnknown(path.then("questionId")));
            continue;
        };
        let wording = wording.check(checks, &path, question.kind);
        edits.extend(question_edits(question, &wording));
        let its = options.get(&question.id).map_or(&[][..], Vec::as_slice);
        edits.extend(option_edits(checks, &path, its, &wording));
        checked.push(wording);
    }
    Ok((checked, edits))
}

fn question_edits(question: &Question, wording: &QuestionWording) -> Vec<Edit> {
    [
        (PollField::Prompt, &question.prompt, &wording.prompt),
        (
            PollField::Description,
            &question.description,
            &wording.description,
        ),
    ]
    .into_iter()
    .filter_map(|(field, before, after)| {
        let edit = edit(field, before, after.as_deref())?;
        Some(Edit {
            question: Some(question.id),
            ..edit
        })
    })
    .collect()
}

fn option_edits(
    checks: &mut Checks<PollRefusal>,
    path: &Path,
    options: &[PollOption],
    wording: &QuestionWording,
) -> Vec<Edit> {
    let mut edits = Vec::new();
    let label = |option: &PollOption| {
        let mut asked = wording.options.iter();
        let asked = asked.find(|asked| asked.option == option.id);
        let label = asked.and_then(|asked| asked.label.as_ref());
        text::alike(label.unwrap_or(&option.label))
    };
    for (position, asked) in wording.options.iter().enumerate() {
        let path = path.then("options").at(position);
        // What a voter wrote stays in their words.
        let mut own = options.iter().filter(|one| one.written_by.is_none());
        let Some(option) = own.find(|one| one.id == asked.option) else {
            checks.refuse(PollRefusal::OptionUnknown(path.then("optionId")));
            continue;
        };
        let same = options
            .iter()
            .any(|other| other.id != option.id && label(other) == label(option));
        if asked.label.is_some() && same {
            checks.refuse(PollRefusal::OptionRepeated(path.then("label")));
        }
        for (field, before, after) in [
            (PollField::Label, &option.label, &asked.label),
            (
                PollField::Description,
                &option.description,
                &asked.description,
            ),
        ] {
            edits.extend(edit(field, before, after.as_deref()).map(|edit| Edit {
                question: Some(option.question),
                option: Some(option.id),
                ..edit
            }));
        }
    }
    edits
}

fn own_edits(poll: &Poll, change: &PollChange) -> impl Iterator<Item = Edit> {
    [
        edit(PollField::Title, &poll.title, change.title.as_deref()),
        edit(
            PollField::Description,
            &poll.description,
            change.description.as_deref(),
        ),
    ]
    .into_iter()
    .flatten()
}

fn edit(field: PollField, before: &str, after: Option<&str>) -> Option<Edit> {
    let after = after.filter(|after| *after != before)?;
    Some(Edit {
        question: None,
        option: None,
        field,
        before: before.to_owned(),
        after: after.to_owned(),
    })
}
