//! From what editors typed to what is stored: every problem at once, no database.

mod question;
mod rules;

use std::{collections::HashSet, ops::RangeInclusive};

use chrono::{SubsecRound, TimeDelta};

use super::{
    Eligibility, Pace, PollRefusal, PollTimes, QuestionKind, ResultsVisibility, Rules, VoteChange,
};
use crate::{
    Result,
    clock::Instant,
    id::{OptionId, PartnerId, QuestionId, ThemeId},
    refusal::{Checks, Path},
    text::Limits,
};

pub(super) use question::label_limits;

const TITLE: Limits = Limits::new(3, 255);
const DESCRIPTION: Limits = Limits::new(0, 5_000);
const PROMPT: Limits = Limits::new(1, 500);
const OPTION_DESCRIPTION: Limits = Limits::new(0, 1_000);
/// The option for other answers.
pub(super) const OTHER_LABEL: &str = "Anders, namelijk";
/// The option that says none of the others.
pub(super) const NONE_LABEL: &str = "Geen van deze";
/// Most themes of a poll.
const THEMES: usize = 20;
/// New voters of a network within an hour.
const NEW_VOTERS: RangeInclusive<i32> = 1..=1_000_000;
/// From a poll's opening to its close.
const LONGEST: TimeDelta = TimeDelta::days(366);
/// From now to a poll's opening, either way.
const FURTHEST: TimeDelta = TimeDelta::days(3_660);

/// A poll as typed.
#[derive(Debug, Clone)]
pub struct PollDraft {
    /// 3 to 255 characters on one line.
    pub title: String,
    /// Markdown, at most 5,000 characters.
    pub description: String,
    /// What it is about, at most 20.
    pub themes: Vec<ThemeId>,
    /// The partner in whose name it is.
    pub partner: Option<PartnerId>,
    /// Who decides when a question may be answered.
    pub pace: Pace,
    /// Who sees the results, and from when.
    pub results_visibility: ResultsVisibility,
    /// Whether a ballot may change.
    pub vote_change: VoteChange,
    /// Who may vote.
    pub eligibility: Eligibility,
    /// The most visitors' tokens that are new to the poll and vote from one network within an
    /// hour, 1 to 1,000,000, by editors alone; the installation's limit where absent.
    pub new_voters_per_network: Option<i32>,
    /// From when votes are taken; a draft where absent.
    pub opens_at: Option<Instant>,
    /// From when votes are no longer taken, within a year; until it is closed where absent.
    pub closes_at: Option<Instant>,
    /// 1 to 50.
    pub questions: Vec<QuestionDraft>,
}

/// A question as typed.
#[derive(Debug, Clone)]
pub struct QuestionDraft {
    /// What a ballot for it looks like.
    pub kind: QuestionKind,
    /// 1 to 500 characters on one line.
    pub prompt: String,
    /// Markdown, at most 5,000 characters.
    pub description: String,
    /// 2 to 50, scales 1 to 50, statements 1 to 1,000; none for numbers, word clouds and open
    /// questions.
    pub options: Vec<OptionDraft>,
    /// What a ballot must keep to.
    pub rules: Rules,
    /// The number to guess.
    pub target: Option<i32>,
}

/// An option as typed.
#[derive(Debug, Clone)]
pub struct OptionDraft {
    /// 1 to 120 characters on one line, statements up to 1,000.
    pub label: String,
    /// At most 1,000 characters.
    pub description: String,
    /// Whether it is a right answer of a quiz.
    pub is_right: bool,
}

/// What changes in a poll; what is absent stays. From the first ballot on, only the title, the
/// description and `wording` may be given with other values than they have.
#[derive(Debug, Clone, Default)]
pub struct PollChange {
    /// As in [`PollDraft`].
    pub title: Option<String>,
    /// As in [`PollDraft`].
    pub description: Option<String>,
    /// As in [`PollDraft`].
    pub themes: Option<Vec<ThemeId>>,
    /// As in [`PollDraft`].
    pub results_visibility: Option<ResultsVisibility>,
    /// As in [`PollDraft`].
    pub vote_change: Option<VoteChange>,
    /// As in [`PollDraft`].
    pub eligibility: Option<Eligibility>,
    /// As in [`PollDraft`], also once there are ballots; none within for the installation's limit.
    pub new_voters_per_network: Option<Option<i32>>,
    /// As in [`PollDraft`]; none within makes it a draft again.
    pub opens_at: Option<Option<Instant>>,
    /// As in [`PollDraft`]; none within leaves it open until it is closed.
    pub closes_at: Option<Option<Instant>>,
    /// Questions in the place of all that there are.
    pub questions: Option<Vec<QuestionDraft>>,
    /// Other words for questions that there are.
    pub wording: Vec<QuestionWording>,
}

/// Other words for a question; what is absent stays.
#[derive(Debug, Clone)]
pub struct QuestionWording {
    /// The question.
    pub question: QuestionId,
    /// As in [`QuestionDraft`].
    pub prompt: Option<String>,
    /// As in [`QuestionDraft`].
    pub description: Option<String>,
    /// Other words for options of the question.
    pub options: Vec<OptionWording>,
}

/// Other words for an option; what is absent stays.
#[derive(Debug, Clone)]
pub struct OptionWording {
    /// The option.
    pub option: OptionId,
    /// As in [`OptionDraft`].
    pub label: Option<String>,
    /// As in [`OptionDraft`].
    pub description: Option<String>,
}

/// Checks the title and the description of a poll that is imported.
pub(super) fn heading(title: &str, description: &str) -> Result<(String, String), PollRefusal> {
    let mut checks = Checks::default();
    let title = checks.line("title", title, TITLE);
    let description = checks.paragraphs("description", description, DESCRIPTION);
    checks.finish((title, description))
}

impl PollDraft {
    pub(super) fn check(self, now: Instant) -> Result<Self, PollRefusal> {
        let mut checks = Checks::default();
        check_times(&mut checks, self.opens_at, self.closes_at, now);
        check_new_voters(&mut checks, self.new_voters_per_network);
        let checked = Self {
            title: checks.line("title", &self.title, TITLE),
            description: checks.paragraphs("description", &self.description, DESCRIPTION),
            themes: themes(&mut checks, self.themes),
            questions: question::all(&mut checks, self.questions),
            opens_at: self.opens_at.map(|at| at.trunc_subsecs(6)),
            closes_at: self.closes_at.map(|at| at.trunc_subsecs(6)),
            ..self
        };
        checks.finish(checked)
    }
}

impl PollChange {
    pub(super) fn check(self) -> Result<Self, PollRefusal> {
        let mut checks = Checks::default();
        check_new_voters(&mut checks, self.new_voters_per_network.flatten());
        let checked = Self {
            title: self.title.map(|raw| checks.line("title", &raw, TITLE)),
            description: self
                .description
                .map(|raw| checks.paragraphs("description", &raw, DESCRIPTION)),
            themes: self.themes.map(|ids| themes(&mut checks, ids)),
            questions: self
                .questions
                .map(|drafts| question::all(&mut checks, drafts)),
            opens_at: self.opens_at.map(|at| at.map(|at| at.trunc_subsecs(6))),
            closes_at: self.closes_at.map(|at| at.map(|at| at.trunc_subsecs(6))),
            ..self
        };
        checks.finish(checked)
    }

    /// The times that the poll would have.
    pub(super) fn times(&self, times: PollTimes) -> PollTimes {
        PollTimes {
            opens_at: self.opens_at.unwrap_or(times.opens_at),
            closes_at: self.closes_at.unwrap_or(times.closes_at),
            ..times
        }
    }
}

impl QuestionWording {
    /// The wording of a question of this kind; labels as long as the kind allows.
    pub(super) fn check(
        &self,
        checks: &mut Checks<PollRefusal>,
        path: &Path,
        kind: QuestionKind,
    ) -> Self {
        Self {
            question: self.question,
            prompt: self
                .prompt
                .as_ref()
                .map(|raw| checks.line(path.then("prompt"), raw, PROMPT)),
            description: self
                .description
                .as_ref()
                .map(|raw| checks.paragraphs(path.then("description"), raw, DESCRIPTION)),
            options: self
                .options
                .iter()
                .enumerate()
                .map(|(position, option)| {
                    let path = path.then("options").at(position);
                    OptionWording {
                        option: option.option,
                        label: option
                            .label
                            .as_ref()
                            .map(|raw| checks.line(path.then("label"), raw, label_limits(kind))),
                        description: option.description.as_ref().map(|raw| {
                            checks.paragraphs(path.then("description"), raw, OPTION_DESCRIPTION)
                        }),
                    }
                })
                .collect(),
        }
    }
}

/// Refuses times that a poll cannot have, each at its place.
pub(super) fn check_times(
    checks: &mut Checks<PollRefusal>,
    opens_at: Option<Instant>,
    closes_at: Option<Instant>,
    now: Instant,
) {
    if opens_at.is_some_and(|opens_at| (opens_at - now).abs() > FURTHEST) {
        checks.refuse(PollRefusal::Times(Path::from("opensAt")));
    }
    if !times_fit(opens_at, closes_at, now) {
        checks.refuse(PollRefusal::Times(Path::from("closesAt")));
    }
}

/// Whether a poll with these times opens before it closes, in the future and within a year.
pub(super) fn times_fit(
    opens_at: Option<Instant>,
    closes_at: Option<Instant>,
    now: Instant,
) -> bool {
    let Some(closes_at) = closes_at else {
        return true;
    };
    let opens_at = opens_at.unwrap_or(now);
    closes_at > now && closes_at > opens_at && closes_at - opens_at <= LONGEST
}

fn check_new_voters(checks: &mut Checks<PollRefusal>, limit: Option<i32>) {
    if limit.is_some_and(|limit| !NEW_VOTERS.contains(&limit)) {
        checks.refuse(PollRefusal::Configuration(Path::from(
            "newVotersPerNetwork",
        )));
    }
}

fn themes(checks: &mut Checks<PollRefusal>, mut ids: Vec<ThemeId>) -> Vec<ThemeId> {
    let mut seen = HashSet::new();
    ids.retain(|id| seen.insert(*id));
    if ids.len() > THEMES {
        checks.refuse(PollRefusal::Configuration(Path::from("themeIds")));
    }
    ids
}

#[cfg(test)]
mod tests;
