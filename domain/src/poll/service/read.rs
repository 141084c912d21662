//! Reading polls, questions, ballots and results.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        Ballot, Poll, PollFilter, PollOption, PollOrder, Question, QuestionResults, policy,
        results, store, voter::Voter,
    },
    Polls,
};
use crate::{
    Actor, Result,
    id::{PollId, QuestionId, ThemeId},
    page::{self, Page, Paging},
    theme::Theme,
};

impl Polls {
    /// The poll with this slug, if the actor may know of it.
    pub async fn by_slug(&self, actor: &Actor, slug: &str) -> Result<Option<Poll>> {
        let poll = store::by_slug(self.database.read(), slug, self.clock.now()).await?;
        Ok(poll
            .filter(|poll| policy::may_see(actor, poll))
            .map(|poll| shown(actor, poll)))
    }

    /// Those of the polls that the actor may know of, in no order.
    pub async fn by_ids(&self, actor: &Actor, ids: &[PollId]) -> Result<Vec<Poll>> {
        let polls = store::by_ids(self.database.read(), actor, ids, self.clock.now()).await?;
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
        let window = paging.window(&format!("polls {filter:?} {order:?}"))?;
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

    /// The questions of those polls that the actor may know of, in order.
    pub async fn questions(
        &self,
        actor: &Actor,
        polls: &[PollId],
    ) -> Result<HashMap<PollId, Vec<Question>>> {
        let now = self.clock.now();
        let mut questions: HashMap<PollId, Vec<Question>> = HashMap::new();
        for question in store::question::of_polls(self.database.read(), actor, polls).await? {
            let its = questions.entry(question.poll).or_default();
            its.push(question.at(now));
        }
        Ok(questions)
    }

    /// Those of the questions that the actor may know of.
    pub async fn questions_by_ids(
        &self,
        actor: &Actor,
        ids: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Question>> {
        let now = self.clock.now();
        let found = store::question::with_polls(self.database.read(), actor, ids, now).await?;
        Ok(found
            .into_iter()
            .map(|(question, _)| (question.id, question))
            .collect())
    }

    /// The options of those questions that the actor may see, in order.
    pub async fn options(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Vec<PollOption>>> {
        Ok(store::question::options(self.database.read(), actor, questions).await?)
    }

    /// The actor's own ballots for those questions, retracted ones left out.
    pub async fn ballots(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Ballot>> {
        if Voter::of(actor).is_none() {
            return Ok(HashMap::new());
        }
        let now = self.clock.now();
        let found =
            store::question::with_polls(self.database.read(), actor, questions, now).await?;
        let asked: Vec<(&Question, &Poll)> = found
            .iter()
            .map(|(question, poll)| (question, poll))
            .collect();
        self.own_ballots(actor, &asked).await
    }

    /// The results of those questions whose results the actor may see, in the present run.
    pub async fn results(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, QuestionResults>> {
        let connection = self.database.read();
        let seen = self.with_seen_results(actor, questions).await?;
        if seen.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<QuestionId> = seen.iter().map(|(question, _)| question.id).collect();
        let mut options = store::question::options(connection, actor, &ids).await?;
        let asked: Vec<(QuestionId, i32)> = seen
            .iter()
            .map(|(question, poll)| (question.id, poll.run))
            .collect();
        let mut counts = store::results::counts(connection, asked).await?;
        Ok(seen
            .into_iter()
            .map(|(question, _)| {
                let (head, counts) = counts.remove(&question.id).unwrap_or_default();
                let options = options.remove(&question.id).unwrap_or_default();
                let results = results::read(question.kind, head, options, &counts);
                (question.id, results)
            })
            .collect())
    }

    /// Those of the questions whose results the actor may see, each with its poll.
    pub(super) async fn with_seen_results(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<Vec<(Question, Poll)>> {
        let now = self.clock.now();
        let found =
            store::question::with_polls(self.database.read(), actor, questions, now).await?;
        let undecided: Vec<(&Question, &Poll)> = found
            .iter()
            .filter(|(question, poll)| hangs_on_the_ballot(actor, poll, question))
            .map(|(question, poll)| (question, poll))
            .collect();
        let voted = self.own_ballots(actor, &undecided).await?;
        Ok(found
            .into_iter()
            .filter(|(question, poll)| {
                policy::may_see_results(actor, poll, question, voted.contains_key(&question.id))
            })
            .collect())
    }

    /// Those of the polls of which the actor may see the results of every question that they may
    /// know of, and of one at least.
    pub async fn with_visible_results(
        &self,
        actor: &Actor,
        polls: &[PollId],
    ) -> Result<HashSet<PollId>> {
        let found = self.by_ids(actor, polls).await?;
        let ids: Vec<PollId> = found.iter().map(|poll| poll.id).collect();
        let questions = self.questions(actor, &ids).await?;
        let its = |poll: &Poll| questions.get(&poll.id).map_or(&[][..], Vec::as_slice);
        let undecided: Vec<(&Question, &Poll)> = found
            .iter()
            .flat_map(|poll| its(poll).iter().map(move |question| (question, poll)))
            .filter(|(question, poll)| hangs_on_the_ballot(actor, poll, question))
            .collect();
        let voted = self.own_ballots(actor, &undecided).await?;
        Ok(found
            .iter()
            .filter(|poll| {
                let questions = its(poll);
                let mut seen = questions.iter().map(|question| {
                    let voted = voted.contains_key(&question.id);
                    policy::may_see_results(actor, poll, question, voted)
                });
                !questions.is_empty() && seen.all(|seen| seen)
            })
            .map(|poll| poll.id)
            .collect())
    }

    /// The actor's own ballots for these questions of these polls, retracted ones left out.
    pub(super) async fn own_ballots(
        &self,
        actor: &Actor,
        asked: &[(&Question, &Poll)],
    ) -> Result<HashMap<QuestionId, Ballot>> {
        let Some(voter) = Voter::of(actor) else {
            return Ok(HashMap::new());
        };
        let mut keys = Vec::with_capacity(asked.len());
        for (question, poll) in asked {
            keys.push((question.id, poll.run, poll.secret.key(voter)));
        }
        Ok(store::counting::ballots(self.database.read(), keys).await?)
    }
}

/// Whether it depends on the actor's own ballot if they may see a question's results.
fn hangs_on_the_ballot(actor: &Actor, poll: &Poll, question: &Question) -> bool {
    let seen = |voted| policy::may_see_results(actor, poll, question, voted);
    seen(true) && !seen(false)
}

/// The poll as the actor sees it: its join code is not for everyone.
fn shown(actor: &Actor, mut poll: Poll) -> Poll {
    poll.join_code = poll.join_code.filter(|_| policy::may_see_join_code(actor));
    poll
}
