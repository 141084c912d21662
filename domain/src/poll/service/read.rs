//! Reading polls, questions, ballots and results.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        Poll, PollFilter, PollOption, PollOrder, Question, QuestionResults, policy, results, sight,
        store, voter::Voter,
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
        let poll = store::by_slug(self.database.read(), slug, self.clock.now()).await?;
        Ok(poll.filter(|poll| policy::may_see(actor, poll)))
    }

    /// Those of the polls that the actor may know of, in no order.
    pub async fn by_ids(&self, actor: &Actor, ids: &[PollId]) -> Result<Vec<Poll>> {
        Ok(store::by_ids(self.database.read(), actor, ids, self.clock.now()).await?)
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
        for (question, poll) in
            store::question::of_polls(self.database.read(), actor, polls, now).await?
        {
            let question = sight::question(actor, &poll, question);
            questions.entry(poll.id).or_default().push(question);
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
            .map(|(question, poll)| (question.id, sight::question(actor, &poll, question)))
            .collect())
    }

    /// The options of those questions that the actor may see, in the order in which they see
    /// them; at most 1,000 a question.
    pub async fn options(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Vec<PollOption>>> {
        let (connection, now) = (self.database.read(), self.clock.now());
        let found = store::question::with_polls(connection, actor, questions, now).await?;
        let mut options = store::question::options(connection, actor, questions).await?;
        Ok(found
            .into_iter()
            .map(|(question, poll)| {
                let its = options.remove(&question.id).unwrap_or_default();
                (question.id, sight::options(actor, &poll, &question, its))
            })
            .collect())
    }

    /// What voters wrote beside the options for other answers of those questions, in the present
    /// run, and how many wrote just that; the most first, at most 1,000 together. Nothing for
    /// those who may not see it.
    pub async fn other_texts(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Vec<(String, i64)>>> {
        let mut texts: HashMap<QuestionId, Vec<(String, i64)>> = HashMap::new();
        if !policy::may_see_other_texts(actor) {
            return Ok(texts);
        }
        let (connection, now) = (self.database.read(), self.clock.now());
        let found = store::question::with_polls(connection, actor, questions, now).await?;
        let asked: Vec<(QuestionId, i32)> = found
            .iter()
            .filter(|(question, _)| question.rules.other)
            .map(|(question, poll)| (question.id, poll.run))
            .collect();
        for (question, _) in &asked {
            texts.insert(*question, Vec::new());
        }
        for (question, text, count) in
            store::written::other_texts(connection, asked, OTHER_TEXTS).await?
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
    ) -> Result<HashMap<QuestionId, QuestionResults>> {
        let connection = self.database.read();
        let now = self.clock.now();
        let found = store::question::with_polls(connection, actor, questions, now).await?;
        let undecided: Vec<(&Question, &Poll)> = found
            .iter()
            .filter(|(_, poll)| hangs_on_the_ballot(actor, poll))
            .map(|(question, poll)| (question, poll))
            .collect();
        let voted = self.own_ballots(actor, &undecided).await?;
        let seen: Vec<&(Question, Poll)> = found
            .iter()
            .filter(|(question, poll)| {
                policy::may_see_results(actor, poll, voted.contains_key(&question.id))
            })
            .collect();
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
            .map(|(question, poll)| {
                let (head, counts) = counts.remove(&question.id).unwrap_or_default();
                let options = options.remove(&question.id).unwrap_or_default();
                let revealed = policy::may_see_answer(actor, poll, question);
                let results = results::read(question, revealed, head, options, &counts);
                (question.id, results)
            })
            .collect())
    }

    /// Those of the polls of which the actor may see the results of every question.
    pub async fn with_visible_results(
        &self,
        actor: &Actor,
        polls: &[PollId],
    ) -> Result<HashSet<PollId>> {
        let found = self.by_ids(actor, polls).await?;
        let (undecided, decided): (Vec<Poll>, Vec<Poll>) = found
            .into_iter()
            .partition(|poll| hangs_on_the_ballot(actor, poll));
        let mut visible: HashSet<PollId> = decided
            .into_iter()
            .filter(|poll| policy::may_see_results(actor, poll, false))
            .map(|poll| poll.id)
            .collect();
        if undecided.is_empty() || Voter::of(actor).is_none() {
            return Ok(visible);
        }
        let ids: Vec<PollId> = undecided.iter().map(|poll| poll.id).collect();
        let questions = self.questions(actor, &ids).await?;
        let mut asked = Vec::new();
        for poll in &undecided {
            for question in questions.get(&poll.id).into_iter().flatten() {
                asked.push((question, poll));
            }
        }
        let voted = self.own_ballots(actor, &asked).await?;
        visible.extend(undecided.iter().map(|poll| poll.id).filter(|poll| {
            questions
                .get(poll)
                .is_some_and(|its| its.iter().all(|question| voted.contains_key(&question.id)))
        }));
        Ok(visible)
    }
}

/// Whether it depends on the actor's own ballot if they may see results.
fn hangs_on_the_ballot(actor: &Actor, poll: &Poll) -> bool {
    policy::may_see_results(actor, poll, true) && !policy::may_see_results(actor, poll, false)
}
