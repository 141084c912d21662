//! Expected refusals: part of a mutation's payload, never a top-level error.

use async_graphql::{Context, Enum, SimpleObject};
use domain::{
    Error,
    account::AccountRefusal,
    refusal::{Code, Refusal},
};

use super::{context::request, error::Failure, scalar::DateTime};

/// Why a mutation was declined. All reasons are given at once.
#[derive(SimpleObject)]
pub(crate) struct UserError {
    /// Stable; branch on this.
    code: UserErrorCode,
    /// One plain sentence for people, Dutch or English by the request's `Accept-Language`.
    message: String,
    /// The place in the arguments, outermost first, positions in a list counted from 0, such as
    /// `["input", "marks", "2", "optionId"]`; null where the request as a whole is declined.
    field: Option<Vec<String>>,
    /// The end of the block where the code is ACCOUNT_BLOCKED; null where the block does not end by
    /// itself, and for every other code.
    blocked_until: Option<DateTime>,
}

/// The stable codes of expected refusals. New ones may be added.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Code")]
pub(crate) enum UserErrorCode {
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

/// A use-case's outcome as the two parts of a payload: what changed, and why not. Anything but a
/// refusal, or that the account is blocked, is a top-level error.
pub(crate) fn outcome<T, R: Refusal>(
    ctx: &Context<'_>,
    outcome: Result<T, Error<R>>,
) -> async_graphql::Result<(Option<T>, Vec<UserError>)> {
    match outcome {
        Ok(changed) => Ok((Some(changed), Vec::new())),
        Err(Error::Refused(reasons)) => {
            let locale = request(ctx).locale;
            let errors = reasons
                .iter()
                .map(|reason| UserError {
                    code: reason.code().into(),
                    message: reason.message(locale),
                    field: field(reason),
                    blocked_until: None,
                })
                .collect();
            Ok((None, errors))
        }
        Err(Error::Blocked(until)) => {
            let reason = AccountRefusal::Blocked(until);
            let error = UserError {
                code: reason.code().into(),
                message: reason.message(request(ctx).locale),
                field: None,
                blocked_until: until.map(DateTime),
            };
            Ok((None, vec![error]))
        }
        Err(error) => Err(Failure::from(error).into()),
    }
}

fn field(reason: &impl Refusal) -> Option<Vec<String>> {
    let path = reason.path();
    if path.segments().is_empty() {
        return None;
    }
    let mut field = vec!["input".to_owned()];
    field.extend_from_slice(path.segments());
    Some(field)
}
