//! Reading polls, questions, ballots and results.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{
    super::{
        Edition, Poll, PollFilter, PollOption, PollOrder, Question, QuestionResults, Sight, View,
        policy, standing::Standing, store, voter::Voter, written,
    },
    Polls,
};
use crate::{
    Actor, Result,
    id::{PollId, QuestionId, ThemeId},
    page::{self, Page, Paging},
    theme::Theme,
};

/// Most texts of other answers that are listed at once.
const OTHER_TEXTS: u64 = 1_000;

impl Polls {
    /// The poll with this slug, if the actor may know of it.
    pub async fn by_slug(&self, actor: &Actor, slug: &str) -> Result<Option<Poll>> {
        let now = self.clock.now();
        let poll = match self.standings.kept_at(slug) {
            Some(standing) => Some(standing.at(now)),
            None => store::by_slug(self.database.read(), slug, now).await?,
        };
        Ok(poll
            .filter(|poll| policy::may_see(actor, poll))
            .map(|poll| shown(actor, poll)))
    }

    /// The poll with this slug as it stands now, to be compared; none where the actor may not know
    /// of it.
    pub async fn edition(&self, actor: &Actor, slug: &str) -> Result<Option<Edition>> {
        let now = self.clock.now();
        let known = match self.standings.at(slug) {
            Some(poll) => Some(poll),
            None => store::by_slug(self.database.read(), slug, now)
                .await?
                .map(|poll| poll.id),
        };
        let Some(poll) = known else {
            return Ok(None);
        };
        let standing = self.standings.one(poll).await?;
        let now = self.clock.now();
        Ok(standing
            .filter(|standing| policy::may_see(actor, &standing.at(now)))
            .map(|standing| Edition::new(standing, now)))
    }

    /// Those of the polls that the actor may know of, in no order.
    pub async fn by_ids(&self, actor: &Actor, ids: &[PollId]) -> Result<Vec<Poll>> {
        let now = self.clock.now();
        let kept = self.standings.kept(ids);
        let missing: Vec<PollId> = ids
            .iter()
            .copied()
            .filter(|id| !kept.iter().any(|standing| standing.id() == *id))
            .collect();
        let mut polls: Vec<Poll> = kept
            .iter()
            .map(|standing| standing.at(now))
            .filter(|poll| policy::may_see(actor, poll))
            .collect();
        if !missing.is_empty() {
            polls.extend(store::by_ids(self.database.read(), actor, &missing, now).await?);
        }
        Ok(polls.into_iter().map(|poll| shown(actor, poll)).collect())
    }

    /// A page of the polls that the actor may know of.
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &PollFilter,
        order: PollOrder,
        paging: &Paging,
    ) -> Result<Page<Poll>, page::Invalid> {
        let window = paging.window(&format!("polls {filter:?} {order:?}"), order.sorted_by())?;
        let now = self.clock.now();
        let rows = store::list(self.database.read(), actor, filter, order, &window, now).await?;
        let rows = rows.into_iter().map(|poll| shown(actor, poll)).collect();
        Ok(window.page(rows, |poll| poll.key(order)))
    }

    /// How many polls match of those that the actor may know of.
    pub async fn count(&self, actor: &Actor, filter: &PollFilter) -> Result<u64> {
        Ok(store::count(self.database.read(), actor, filter, self.clock.now()).await?)
    }

    /// How many polls about each theme the actor may know of; a theme without any is absent.
    pub async fn count_by_theme(
        &self,
        actor: &Actor,
        themes: &[ThemeId],
    ) -> Result<HashMap<ThemeId, i64>> {
        Ok(store::count_by_theme(self.database.read(), actor, themes).await?)
    }

    /// What each of the polls is about, by title, for those the actor may know of.
    pub async fn themes(
        &self,
        actor: &Actor,
        polls: &[PollId],
    ) -> Result<HashMap<PollId, Vec<Theme>>> {
        let mut themes: HashMap<PollId, Vec<Theme>> = HashMap::new();
        for (poll, theme) in store::themes(self.database.read(), actor, polls).await? {
            themes.entry(poll).or_default().push(theme);
        }
        Ok(themes)
    }

    /// Those of the polls that the actor may change, open and close: all to editors, and those of
    /// their partners to who works for one.
    pub async fn manageable(&self, actor: &Actor, polls: &[PollId]) -> Result<HashSet<PollId>> {
        if policy::may_manage(actor) {
            return Ok(polls.iter().copied().collect());
        }
        let Some(account) = actor.account() else {
            return Ok(HashSet::new());
        };
        let own = store::of_own_partner(self.database.read(), account, polls).await?;
        Ok(own.into_iter().collect())
    }

    /// The questions of those polls that the actor may know of, in order.
    pub async fn questions(
        &self,
        actor: &Actor,
        polls: &[PollId],
    ) -> Result<HashMap<PollId, Vec<Question>>> {
        let now = self.clock.now();
        let standings = self.standings.of(polls.iter().copied()).await?;
        Ok(standings
            .into_values()
            .map(|standing| View::new(standing, now, Sight::before_ballots(actor)))
            .filter(View::is_seen)
            .map(|view| (view.poll().id, view.questions()))
            .collect())
    }

    /// Those of the questions that the actor may know of.
    pub async fn questions_by_ids(
        &self,
        actor: &Actor,
        ids: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Question>> {
        self.in_views(actor, ids, |_| false, View::question).await
    }

    /// The options of those questions that the actor may see, in the order in which they see
    /// them; at most 1,000 a question.
    pub async fn options(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Vec<PollOption>>> {
        let options = |view: &View, id| view.options(actor, id);
        // What voters wrote is seen by whoever sees the results.
        let by_ballots = |question: &Question| written::is_written(question.kind);
        self.in_views(actor, questions, by_ballots, options).await
    }

    /// What voters wrote beside the options for other answers of those questions, in the present
    /// run, and how many wrote just that; the most first, at most 1,000 together. Nothing for
    /// those who may not see it.
    pub async fn other_texts(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Vec<(String, i64)>>> {
        if !policy::may_see_other_texts(actor) {
            return Ok(HashMap::new());
        }
        let runs = self
            .in_views(
                actor,
                questions,
                |_| false,
                |view, id| {
                    let takes_texts = view.question(id)?.rules.other;
                    takes_texts.then(|| view.poll().run)
                },
            )
            .await?;
        let mut texts: HashMap<QuestionId, Vec<(String, i64)>> = runs
            .keys()
            .map(|question| (*question, Vec::new()))
            .collect();
        for (question, text, count) in
            store::written::other_texts(self.database.read(), runs, OTHER_TEXTS).await?
        {
            texts.entry(question).or_default().push((text, count));
        }
        Ok(texts)
    }

    /// The results of those questions whose results the actor may see, in the present run.
    pub async fn results(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Arc<QuestionResults>>> {
        self.in_views(actor, questions, |_| true, View::results)
            .await
    }

    /// Those of the polls of which the actor may see the results of every question that they may
    /// know of, and of one at least.
    pub async fn with_visible_results(
        &self,
        actor: &Actor,
        polls: &[PollId],
    ) -> Result<HashSet<PollId>> {
        let standings = self.standings.of(polls.iter().copied()).await?;
        let views = self.views(actor, standings, |_| true).await?;
        Ok(views
            .into_iter()
            .filter(|(_, view)| view.sees_all_results())
            .map(|(poll, _)| poll)
            .collect())
    }

    /// Returns what `part` makes of these questions in the actor's view of their polls, which depends on
    /// the actor's own ballots for those questions of which `by_ballots` says so.
    pub(super) async fn in_views<T>(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
        by_ballots: impl Fn(&Question) -> bool,
        part: impl Fn(&View, QuestionId) -> Option<T>,
    ) -> Result<HashMap<QuestionId, T>> {
        let polls = self.standings.polls_of(questions).await?;
        let standings = self.standings.of(polls.values().copied()).await?;
        let asked: HashSet<QuestionId> = questions.iter().copied().collect();
        let views = self
            .views(actor, standings, |question| {
                asked.contains(&question.id) && by_ballots(question)
            })
            .await?;
        Ok(polls
            .into_iter()
            .filter_map(|(question, poll)| Some((question, part(views.get(&poll)?, question)?)))
            .collect())
    }

    /// The actor's view of those of the polls that they may know of, by their ballots for the
    /// questions `asked` where something hangs on them.
    async fn views(
        &self,
        actor: &Actor,
        standings: HashMap<PollId, Arc<Standing>>,
        asked: impl Fn(&Question) -> bool,
    ) -> Result<HashMap<PollId, View>> {
        let now = self.clock.now();
        let sight = Sight::before_ballots(actor);
        let mut hanging = Vec::new();
        if let Some(voter) = Voter::of(actor).filter(|_| !sight.is_staff) {
            for (standing, key) in standings
                .values()
                .filter(|standing| standing.hangs_on_ballots(now))
                .filter_map(|standing| Some((standing, standing.voter_key(voter)?)))
            {
                for question in standing.questions().filter(|question| asked(question)) {
                    hanging.push((question.id, standing.run(), key.clone()));
                }
            }
        }
        let voted = store::counting::ballots(self.database.read(), hanging).await?;
        let mut views = HashMap::with_capacity(standings.len());
        for (poll, standing) in standings {
            let answered = standing
                .questions()
                .map(|question| question.id)
                .filter(|question| voted.contains_key(question))
                .collect();
            let sight = Sight {
                answered,
                ..sight.clone()
            };
            let view = View::new(standing, now, sight);
            if view.is_seen() {
                views.insert(poll, view);
            }
        }
        Ok(views)
    }
}

/// The poll as the actor sees it: its join code is not for everyone.
fn shown(actor: &Actor, mut poll: Poll) -> Poll {
    poll.join_code = poll.join_code.filter(|_| policy::may_see_join_code(actor));
    poll
}
