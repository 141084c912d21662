//! Polls as clients see them.

use async_graphql::{Context, Enum, ID, Object};
use domain::poll::{self, Participants};

use super::{
    loader::{Manageable, ParticipantsOf, QuestionsOf, ResultsVisible, RunsOf, ThemesOf},
    question::Question,
    room::PollRun,
};
use crate::graphql::{
    budget::{Held, charge_list, charge_text, charged_html},
    comment::{Comment, CommentOrder, comments, may_comment},
    connection::{Connection, paging},
    context::request,
    error::{Failure, nullable},
    node,
    partner::Partner,
    scalar::DateTime,
    theme::Theme,
};

/// A poll as the API shows it.
pub(crate) struct Poll(poll::Poll);

/// Where a poll stands, by its times compared with now.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::PollStatus")]
pub(crate) enum PollStatus {
    /// It has no opening time yet; only staff sees it.
    Draft,
    /// It will open.
    Scheduled,
    /// Votes are taken.
    Open,
    /// Votes are not taken for the moment.
    Paused,
    /// Votes are no longer taken.
    Closed,
    /// Closed, and the results are published.
    ResultsPublished,
    /// Put away.
    Archived,
    /// Called off.
    Cancelled,
}

/// Who decides when a question may be answered.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::Pace")]
pub(crate) enum PollPace {
    /// Everyone answers at their own pace while the poll is open.
    Audience,
    /// A presenter opens one question at a time, in a room.
    Presenter,
}

/// Who sees the results, and from when. Editors, moderators and admins always do; how many
/// people voted is shown to everyone who may know of the poll. In a room, AFTER_VOTE and
/// AFTER_CLOSE both wait for the presenter: everyone sees the results of a question once it is
/// REVEALED, and those of every question that is not HIDDEN once the poll is closed.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::ResultsVisibility")]
pub(crate) enum ResultsVisibility {
    /// Everyone, at once.
    Always,
    /// Who answered the question; everyone once the poll is closed. In a room as AFTER_CLOSE.
    AfterVote,
    /// Everyone once the poll is closed; in a room once the question is REVEALED, too.
    AfterClose,
    /// Only editors, moderators and admins.
    Staff,
}

/// Whether a voter may come back on a ballot.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::VoteChange")]
pub(crate) enum VoteChange {
    /// A ballot is final.
    Locked,
    /// A ballot may be changed and retracted while the poll is open.
    UntilClose,
}

/// Who may vote.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::Eligibility")]
pub(crate) enum PollEligibility {
    /// Everyone with an account or a visitor's token.
    Anyone,
    /// Everyone with an account.
    Account,
}

/// A poll (peiling): one or more questions. A poll without an opening time is a draft, which
/// only editors, moderators and admins know of.
#[Object]
impl Poll {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// The poll's address, unique; it stays when the title changes.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// One line, 3 to 255 characters.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Markdown, at most 5,000 characters; may be empty.
    async fn description(&self, ctx: &Context<'_>) -> async_graphql::Result<&str> {
        Ok(charge_text(ctx, &self.0.description).await?)
    }

    /// The description as sanitised HTML: headings from `h3`, links with
    /// `rel="nofollow ugc noopener"`.
    async fn description_html(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(charged_html(ctx, &self.0.description).await?)
    }

    /// Where it stands now.
    async fn status(&self) -> PollStatus {
        self.0.status.into()
    }

    /// Who decides when a question may be answered.
    async fn pace(&self) -> PollPace {
        self.0.pace.into()
    }

    /// What people type to enter the room, six digits: see `pollByJoinCode`. It is unique among
    /// the rooms that are not over; one that is over loses it, and gets another when it is
    /// restarted, or the same. Null where the audience sets the pace, where the poll is over, and
    /// for everyone but editors, moderators, admins and who came in by `pollByJoinCode`.
    async fn join_code(&self) -> Option<&str> {
        self.0.join_code.as_deref()
    }

    /// From when votes are taken, this instant included; null for a draft.
    async fn opens_at(&self) -> Option<DateTime> {
        self.0.times.opens_at.map(DateTime)
    }

    /// From when votes are no longer taken, this instant included, by plan or by hand; null
    /// where it stays open until it is closed by hand.
    async fn closes_at(&self) -> Option<DateTime> {
        self.0.times.ends_at().map(DateTime)
    }

    /// When its ballots were anonymised, some time after it closed (90 days unless its operator
    /// chose another): since then no ballot leads back to its voter, and `viewerBallot` is null for
    /// everyone. Null before, and in a run that began since.
    async fn ballots_anonymized_at(&self) -> Option<DateTime> {
        self.0.ballots_anonymized_at.map(DateTime)
    }

    /// Who sees the results, and from when.
    async fn results_visibility(&self) -> ResultsVisibility {
        self.0.results_visibility.into()
    }

    /// Whether a ballot may change.
    async fn vote_change(&self) -> VoteChange {
        self.0.vote_change.into()
    }

    /// Who may vote.
    async fn eligibility(&self) -> PollEligibility {
        self.0.eligibility.into()
    }

    /// The most visitors' tokens that are new to the poll and vote in it from one network within an
    /// hour; null where it has no limit of its own, and for all but editors, moderators and admins.
    async fn new_voters_per_network(&self, ctx: &Context<'_>) -> Option<i32> {
        let is_seen = poll::may_see_refused_ballots(&request(ctx).actor);
        self.0.new_voters_per_network.filter(|_| is_seen)
    }

    /// Which time round this is, from 1. Ballots and results are those of the present run;
    /// `runs` lists them all.
    async fn run(&self) -> i32 {
        self.0.run
    }

    /// How many people have a ballot for one question or more; retracted ones do not count.
    /// Everyone who may know of the poll sees this.
    async fn voter_count(&self) -> i64 {
        self.0.voter_count
    }

    /// How many visible comments it has, replies included.
    pub(crate) async fn comment_count(&self) -> i64 {
        self.0.comment_count
    }

    /// The comments that begin a thread; the replies stand under each.
    pub(crate) async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only comments behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only comments before this cursor.")] before: Option<String>,
        #[graphql(desc = "Sorted by what; NEWEST where absent.")] order_by: Option<CommentOrder>,
    ) -> async_graphql::Result<Connection<Comment>> {
        let paging = paging(first, after, last, before);
        Ok(comments(ctx, (&self.0).into(), &paging, order_by).await?)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When its text or times last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// What it is about, by title; at most 20.
    async fn themes(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Theme>> {
        let themes = request(ctx)
            .loader
            .load_one(ThemesOf(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(themes
            .unwrap_or_default()
            .into_iter()
            .map(Theme::from)
            .collect())
    }

    /// Its questions that you may know of, in order; 1 to 50 in all. In a room those that are
    /// HIDDEN are for editors, moderators and admins alone.
    async fn questions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Question>> {
        let questions = request(ctx)
            .loader
            .load_one(QuestionsOf(self.0.id))
            .await
            .map_err(Failure::from)?
            .unwrap_or_default();
        charge_list(ctx, questions.len(), &|_| Held::SHORT).await?;
        Ok(questions.into_iter().map(Question::from).collect())
    }

    /// The question that the presenter shows; null where the audience sets the pace, and while
    /// the presenter shows none.
    async fn active_question(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Question>> {
        nullable(async {
            let Some(id) = self.0.active_question else {
                return Ok(None);
            };
            let question = request(ctx)
                .loader
                .load_one(id)
                .await
                .map_err(Failure::from)?;
            Ok(question.map(Question::from))
        })
        .await
    }

    /// The people who follow the room now by `pollUpdated`: one for each account and visitor, and
    /// one for each connection of someone who is neither. Editors, moderators, admins and screens
    /// (`asScreen`) are not counted. Over several servers it lags by some seconds, and someone who follows over two of
    /// them counts twice. Null where the audience sets the pace.
    async fn participant_count(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<i64>> {
        nullable(async { Ok(self.participants(ctx).await?.map(|found| found.count)) }).await
    }

    /// The most people who followed the room at once in the present run; as for
    /// `participantCount`.
    async fn participant_peak(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<i64>> {
        nullable(async { Ok(self.participants(ctx).await?.map(|found| found.peak)) }).await
    }

    /// Every time round, the present one last.
    async fn runs(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<PollRun>> {
        let runs = request(ctx)
            .loader
            .load_one(RunsOf(self.0.id))
            .await
            .map_err(Failure::from)?
            .unwrap_or_default();
        charge_list(ctx, runs.len(), &|_| Held::SHORT).await?;
        Ok(runs.into_iter().map(PollRun::from).collect())
    }

    /// Whether you may vote now: the poll is open, and you are among those who may. A question
    /// may still refuse you, where you voted and ballots are final.
    async fn viewer_can_vote(&self, ctx: &Context<'_>) -> bool {
        poll::may_vote(&request(ctx).actor, &self.0)
    }

    /// Whether you may see the results of every question that you may know of, and of one at
    /// least.
    async fn viewer_can_see_results(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let visible = request(ctx)
            .loader
            .load_one(ResultsVisible(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(visible.unwrap_or(false))
    }

    /// Whether you may comment on it: everyone with an account, once it has an opening time.
    pub(crate) async fn viewer_can_comment(&self, ctx: &Context<'_>) -> bool {
        may_comment(ctx, (&self.0).into())
    }

    /// Whether you may change, open and close it: editors, and who works for its partner.
    async fn viewer_can_manage(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let manageable = request(ctx)
            .loader
            .load_one(Manageable(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(manageable.unwrap_or(false))
    }

    /// The partner in whose name it is; null where it is the province's own.
    async fn partner(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Partner>> {
        nullable(async {
            let Some(partner) = self.0.partner else {
                return Ok(None);
            };
            let partner = request(ctx)
                .loader
                .load_one(partner)
                .await
                .map_err(Failure::from)?;
            Ok(partner.map(Partner::from))
        })
        .await
    }
}

impl Poll {
    async fn participants(&self, ctx: &Context<'_>) -> Result<Option<Participants>, Failure> {
        Ok(request(ctx)
            .loader
            .load_one(ParticipantsOf(self.0.id))
            .await?)
    }
}

impl From<poll::Poll> for Poll {
    fn from(poll: poll::Poll) -> Self {
        Self(poll)
    }
}
