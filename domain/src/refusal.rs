//! Why a well-meant request is declined: a stable code, the place in the input, and a sentence
//! for people.

use std::fmt;

use crate::{Error, Locale, text};

/// The stable codes of refusals; clients branch on these, so one is never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The value is empty.
    Required,
    /// The text has fewer characters than the least allowed.
    TooShort,
    /// The text has more characters than the most allowed.
    TooLong,
    /// The text holds a control or direction-changing character.
    ForbiddenCharacter,
    /// `first` or `last` is out of range, or both ends are asked at once.
    PageInvalid,
    /// The cursor cannot be read, or belongs to another list, filter or order.
    CursorInvalid,
    /// No mail could reach the address.
    EmailInvalid,
    /// The address has an account.
    EmailTaken,
    /// The address is unknown or the password is wrong.
    CredentialsInvalid,
    /// The address was not verified yet.
    EmailNotVerified,
    /// The verification link was used, replaced, or has expired.
    VerificationTokenInvalid,
    /// The visitor's token is not good, or no longer.
    VisitorTokenInvalid,
    /// The refresh token is unknown, or its session has ended.
    RefreshTokenInvalid,
    /// The refresh token was used before.
    RefreshTokenReused,
    /// Another request with the same refresh token was a moment earlier; nothing ended.
    RefreshTokenRaced,
    /// The mailed link was used, replaced, or has expired.
    LinkTokenInvalid,
    /// The account has a second factor, and no code came with the request.
    SecondFactorRequired,
    /// The code of the second factor is wrong or was used before.
    SecondFactorInvalid,
    /// The account has a second factor already.
    SecondFactorSet,
    /// No second factor was asked for.
    SecondFactorNotEnrolled,
    /// The account is blocked.
    AccountBlocked,
    /// The name passes for that of the province, a partner, or those who work for them.
    NameReserved,
    /// The name holds a listed word, a link or personal data.
    NameUnfit,
    /// Moderators hid this name of the account.
    NameHidden,
    /// The list has more items than the most allowed.
    ListTooLong,
    /// The language is not one of those listed.
    LanguageUnknown,
    /// There is no municipality with this code.
    MunicipalityUnknown,
    /// There is no such theme.
    ThemeUnknown,
    /// The address is not that of a site, starting with https://.
    UrlInvalid,
    /// The instant is too long ago or too far ahead.
    TimeOutOfRange,
    /// The story waits for a judgement already, or needs none.
    StoryAlreadySubmitted,
    /// Its author has not submitted the story yet.
    StoryNotSubmitted,
    /// The moderators asked its author to change the story first.
    StoryChangesRequested,
    /// The public sees the story already.
    StoryAlreadyPublished,
    /// The public does not see the story.
    StoryNotPublic,
    /// The moderators rejected or hid the story.
    StoryRejected,
    /// The story was withdrawn or put away.
    StoryWithdrawn,
    /// There is no such story.
    StoryUnknown,
    /// The story was named before in the same list.
    StoryTwice,
    /// The story stands in another series.
    StoryInOtherSeries,
    /// A poll has fewer or more questions than allowed.
    QuestionCountInvalid,
    /// The poll has no question with this id.
    QuestionUnknown,
    /// No option of a quiz is right.
    RightAnswerMissing,
    /// A question has fewer or more options than its kind allows.
    OptionCountInvalid,
    /// Two options of a question say the same, or two marks name the same option.
    OptionRepeated,
    /// The question has no option with this id.
    OptionUnknown,
    /// The rules of a question do not fit its kind, its options or each other.
    PollConfigurationInvalid,
    /// The poll would open more than ten years from now, or close before it opens, in the past,
    /// or after more than a year.
    PollTimesInvalid,
    /// The poll has ballots: from the first on, only its wording changes.
    PollHasBallots,
    /// The poll is not open yet.
    PollNotOpen,
    /// The poll is paused.
    PollPaused,
    /// The poll is closed.
    PollClosed,
    /// The poll was called off.
    PollCancelled,
    /// The presenter takes no answers to the question now.
    QuestionNotOpen,
    /// The audience sets the poll's pace: no presenter shows its questions.
    NotARoom,
    /// The question is no longer in the state that the request starts from.
    QuestionStateChanged,
    /// A timer runs 1 to 3,600 seconds, and only while a question is open.
    TimerInvalid,
    /// The poll is no longer in the run that the request starts from.
    RunChanged,
    /// The voter has a ballot already, and the poll's ballots are final.
    AlreadyVoted,
    /// The poll's ballots are final: none is retracted.
    BallotFinal,
    /// The ballot marks fewer options than the least allowed.
    ChoiceCountBelowMinimum,
    /// The ballot marks more options than the most allowed.
    ChoiceCountAboveMaximum,
    /// The question does not know a mark of this value.
    ScoreInvalid,
    /// A mark's value is below the lowest step or number.
    ScoreBelowMinimum,
    /// A mark's value is above the highest step or number.
    ScoreAboveMaximum,
    /// A mark takes points away.
    ScoreNegative,
    /// The ballot gives more points than the budget has.
    DotsExceeded,
    /// The ballot leaves points of a budget that must be spent whole.
    DotsUnspent,
    /// The ballot ranks fewer or more options than asked.
    RankedChoiceCountInvalid,
    /// The places of a ranking do not run from 1 without gaps, each once.
    RankSequenceInvalid,
    /// The ballot says none of the options, and more.
    NoneOfTheAboveWithChoices,
    /// A ballot that skips the question marks options as well.
    ChoicesNotAllowed,
    /// The question may not be skipped.
    SkipNotAllowed,
    /// The question takes no answers of the voter's own.
    WriteInsNotAllowed,
    /// The option that the voter words is marked without the words.
    OtherTextRequired,
    /// The option is the question's own: only what voters wrote is judged.
    OptionNotWritten,
    /// The idempotency key was used before, for another ballot.
    IdempotencyMismatch,
    /// What the comment is about takes no comments now.
    CommentsClosed,
    /// The comment was deleted, removed by a moderator, or awaits one.
    CommentNotVisible,
    /// The parent of the comment stands under something else.
    CommentParentElsewhere,
    /// The parent of the comment is at depth 3, which takes no replies.
    CommentTooDeep,
    /// The comment was posted more than 15 minutes ago.
    EditWindowClosed,
    /// The comment is the supporter's own.
    OwnComment,
    /// The public does not see it.
    ContentNotPublic,
    /// The reporter wrote it.
    OwnContent,
    /// The same person reported it before.
    AlreadyReported,
    /// The case is no longer in the version that the request starts from.
    CaseChanged,
    /// Another moderator judges the case now.
    CaseClaimed,
    /// The decision does not fit what it is about.
    ActionUnfit,
    /// The moderator who decided before may not judge the appeal.
    AppealNeedsAnotherModerator,
    /// The decision does not go against its author, or another came after it.
    DecisionNotAppealable,
    /// The decision is more than 14 days old.
    AppealTooLate,
    /// There was an appeal against the decision before, or it was made on one.
    AlreadyAppealed,
    /// The account works for the province, or is one's own.
    AccountNotToBlock,
    /// The account is not blocked.
    AccountNotBlocked,
    /// The origin is not scheme, host and port and nothing more.
    OriginInvalid,
    /// The origin stands for several hosts.
    OriginWildcard,
    /// The origin starts with `http://` and is not that of one's own computer.
    OriginInsecure,
    /// The colour is not `#` and six hexadecimal digits.
    ColorInvalid,
    /// White text on the colour has a contrast below 4.5 to 1; the message names the nearest darker
    /// shade that would pass.
    ContrastTooLow,
    /// The key is not a public Ed25519 key.
    SubjectKeyInvalid,
    /// What the partner signed of its visitor is not taken.
    SubjectInvalid,
    /// The poll is in the name of another partner.
    PollOfOtherPartner,
    /// The embed was revoked.
    EmbedRevoked,
}

/// A reason to decline a request.
pub trait Refusal: fmt::Debug + Send + Sync + 'static {
    /// The stable code.
    fn code(&self) -> Code;

    /// The place in the input, outermost first, positions counted from 0; empty where the
    /// request as a whole is declined.
    fn path(&self) -> Path {
        Path::default()
    }

    /// One plain sentence for people.
    fn message(&self, locale: Locale) -> String;
}

impl Refusal for std::convert::Infallible {
    fn code(&self) -> Code {
        match *self {}
    }

    fn message(&self, _: Locale) -> String {
        match *self {}
    }
}

/// A place in an input, outermost first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(Vec<String>);

impl Path {
    /// The place `name` inside this one.
    #[must_use]
    pub fn then(&self, name: &str) -> Self {
        let mut path = self.clone();
        path.0.push(name.to_owned());
        path
    }

    /// The place at `position`, counted from 0, inside this one.
    #[must_use]
    pub fn at(&self, position: usize) -> Self {
        self.then(&position.to_string())
    }

    /// The names and positions, outermost first.
    pub fn segments(&self) -> &[String] {
        &self.0
    }
}

impl From<&str> for Path {
    fn from(name: &str) -> Self {
        Self::default().then(name)
    }
}

/// A text that breaks its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidText {
    /// Where it stands in the input.
    pub path: Path,
    /// What is wrong with it.
    pub problem: text::Problem,
}

impl Refusal for InvalidText {
    fn code(&self) -> Code {
        match self.problem {
            text::Problem::Required => Code::Required,
            text::Problem::TooShort { .. } => Code::TooShort,
            text::Problem::TooLong { .. } => Code::TooLong,
            text::Problem::ForbiddenCharacter => Code::ForbiddenCharacter,
        }
    }

    fn path(&self) -> Path {
        self.path.clone()
    }

    fn message(&self, locale: Locale) -> String {
        match (self.problem, locale) {
            (text::Problem::Required, Locale::Nl) => "Vul dit in.".to_owned(),
            (text::Problem::Required, Locale::En) => "Fill this in.".to_owned(),
            (text::Problem::TooShort { min }, Locale::Nl) => {
                format!("Gebruik ten minste {min} tekens.")
            }
            (text::Problem::TooShort { min }, Locale::En) => {
                format!("Use at least {min} characters.")
            }
            (text::Problem::TooLong { max }, Locale::Nl) => {
                format!("Gebruik hoogstens {max} tekens.")
            }
            (text::Problem::TooLong { max }, Locale::En) => {
                format!("Use at most {max} characters.")
            }
            (text::Problem::ForbiddenCharacter, Locale::Nl) => {
                "Er staat een onzichtbaar stuurteken in deze tekst; haal het weg.".to_owned()
            }
            (text::Problem::ForbiddenCharacter, Locale::En) => {
                "This text holds an invisible control character; remove it.".to_owned()
            }
        }
    }
}

/// Checks an input part by part and gathers every reason to refuse it.
#[derive(Debug)]
pub struct Checks<R> {
    refusals: Vec<R>,
}

impl<R> Default for Checks<R> {
    fn default() -> Self {
        Self {
            refusals: Vec::new(),
        }
    }
}

impl<R: From<InvalidText>> Checks<R> {
    /// `raw` as one checked line, or an empty one and a reason more.
    pub fn line(&mut self, path: impl Into<Path>, raw: &str, limits: text::Limits) -> String {
        self.text(path, text::line(raw, limits))
    }

    /// `raw` as checked paragraphs, or none and a reason more.
    pub fn paragraphs(&mut self, path: impl Into<Path>, raw: &str, limits: text::Limits) -> String {
        self.text(path, text::paragraphs(raw, limits))
    }

    fn text(&mut self, path: impl Into<Path>, checked: Result<String, text::Problem>) -> String {
        checked.unwrap_or_else(|problem| {
            let path = path.into();
            self.refuse(InvalidText { path, problem });
            String::new()
        })
    }
}

impl<R> Checks<R> {
    /// Adds a reason.
    pub fn refuse(&mut self, reason: impl Into<R>) {
        self.refusals.push(reason.into());
    }

    /// `checked` if no reason was found, every reason otherwise.
    pub fn finish<T>(self, checked: T) -> Result<T, Error<R>> {
        if self.refusals.is_empty() {
            Ok(checked)
        } else {
            Err(Error::Refused(self.refusals))
        }
    }
}
