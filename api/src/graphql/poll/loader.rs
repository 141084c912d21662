//! What the resolvers of polls ask for, read batch by batch.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::dataloader::Loader as Load;
use domain::{
    id::{PollId, QuestionId, ThemeId},
    poll::{self, View},
    theme,
};

use crate::graphql::loader::{LoadError, Loader};

/// The questions of a poll, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct QuestionsOf(pub(super) PollId);

/// What a poll is about, by title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ThemesOf(pub(super) PollId);

/// Whether the viewer may change, open and close a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Manageable(pub(super) PollId);

/// Whether the viewer may see the results of every question of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ResultsVisible(pub(super) PollId);

/// The options of a question that the viewer may see, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct OptionsOf(pub(super) QuestionId);

/// The viewer's own ballot for a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct BallotOf(pub(super) QuestionId);

/// The results of a question, if the viewer may see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ResultsOf(pub(super) QuestionId);

/// The results of a question in a run of its poll, if the viewer may see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct RunResultsOf(pub(super) QuestionId, pub(super) i32);

/// The split results of a question, if the viewer may see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SplitOf(pub(super) QuestionId);

/// The runs of a poll, the present one last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct RunsOf(pub(super) PollId);

/// Who follows the room of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ParticipantsOf(pub(super) PollId);

/// What voters wrote that stands on the viewer's own ballot for a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct OwnWrittenOf(pub(super) QuestionId);

/// What the viewer's own ballot for a quiz earned, if they may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PointsOf(pub(super) QuestionId);

/// What voters wrote beside the option for other answers, if the viewer may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct OtherTextsOf(pub(super) QuestionId);

/// How many polls about a theme the viewer may know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PollCountOf(pub(crate) ThemeId);

/// What was found, under the keys that were asked.
fn keyed<I: Hash + Eq, K: Hash + Eq, V>(
    found: HashMap<I, V>,
    key: impl Fn(I) -> K,
) -> HashMap<K, V> {
    found
        .into_iter()
        .map(|(id, value)| (key(id), value))
        .collect()
}

impl Loader {
    /// What the state that is executed for holds of these questions; none where one of them is
    /// another poll's.
    fn in_view<K: Hash + Eq + Copy, V>(
        &self,
        keys: &[K],
        question: impl Fn(&K) -> QuestionId,
        part: impl Fn(&View, QuestionId) -> Option<V>,
    ) -> Option<HashMap<K, V>> {
        let view = self.view.as_ref()?;
        keys.iter().all(|key| view.asks(question(key))).then(|| {
            keys.iter()
                .filter_map(|key| Some((*key, part(view, question(key))?)))
                .collect()
        })
    }
}

impl Load<PollId> for Loader {
    type Value = poll::Poll;
    type Error = LoadError;

    async fn load(&self, ids: &[PollId]) -> Result<HashMap<PollId, poll::Poll>, LoadError> {
        let polls = self.services.polls.by_ids(&self.actor, ids).await?;
        Ok(polls.into_iter().map(|poll| (poll.id, poll)).collect())
    }
}

impl Load<QuestionId> for Loader {
    type Value = poll::Question;
    type Error = LoadError;

    async fn load(
        &self,
        ids: &[QuestionId],
    ) -> Result<HashMap<QuestionId, poll::Question>, LoadError> {
        if let Some(found) = self.in_view(ids, |id| *id, View::question) {
            return Ok(found);
        }
        Ok(self
            .services
            .polls
            .questions_by_ids(&self.actor, ids)
            .await?)
    }
}

impl Load<QuestionsOf> for Loader {
    type Value = Vec<poll::Question>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[QuestionsOf],
    ) -> Result<HashMap<QuestionsOf, Vec<poll::Question>>, LoadError> {
        if let ([key], Some(view)) = (keys, &self.view)
            && view.poll().id == key.0
        {
            return Ok(HashMap::from([(*key, view.questions())]));
        }
        let ids: Vec<PollId> = keys.iter().map(|key| key.0).collect();
        let found = self.services.polls.questions(&self.actor, &ids).await?;
        Ok(keyed(found, QuestionsOf))
    }
}

impl Load<ThemesOf> for Loader {
    type Value = Vec<theme::Theme>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[ThemesOf],
    ) -> Result<HashMap<ThemesOf, Vec<theme::Theme>>, LoadError> {
        let ids: Vec<PollId> = keys.iter().map(|key| key.0).collect();
        let found = self.services.polls.themes(&self.actor, &ids).await?;
        Ok(keyed(found, ThemesOf))
    }
}

impl Load<Manageable> for Loader {
    type Value = bool;
    type Error = LoadError;

    async fn load(&self, keys: &[Manageable]) -> Result<HashMap<Manageable, bool>, LoadError> {
        let ids: Vec<PollId> = keys.iter().map(|key| key.0).collect();
        let manageable = self.services.polls.manageable(&self.actor, &ids).await?;
        Ok(keys
            .iter()
            .map(|key| (*key, manageable.contains(&key.0)))
            .collect())
    }
}

impl Load<ResultsVisible> for Loader {
    type Value = bool;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[ResultsVisible],
    ) -> Result<HashMap<ResultsVisible, bool>, LoadError> {
        let ids: Vec<PollId> = keys.iter().map(|key| key.0).collect();
        let visible = self
            .services
            .polls
            .with_visible_results(&self.actor, &ids)
            .await?;
        Ok(keys
            .iter()
            .map(|key| (*key, visible.contains(&key.0)))
            .collect())
    }
}

impl Load<OptionsOf> for Loader {
    type Value = Vec<poll::PollOption>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[OptionsOf],
    ) -> Result<HashMap<OptionsOf, Vec<poll::PollOption>>, LoadError> {
        let seen = |view: &View, id| view.options(&self.actor, id);
        if let Some(found) = self.in_view(keys, |key| key.0, seen) {
            return Ok(found);
        }
        let ids: Vec<QuestionId> = keys.iter().map(|key| key.0).collect();
        let found = self.services.polls.options(&self.actor, &ids).await?;
        Ok(keyed(found, OptionsOf))
    }
}

impl Load<BallotOf> for Loader {
    type Value = poll::Ballot;
    type Error = LoadError;

    async fn load(&self, keys: &[BallotOf]) -> Result<HashMap<BallotOf, poll::Ballot>, LoadError> {
        let ids: Vec<QuestionId> = keys.iter().map(|key| key.0).collect();
        let found = self.services.polls.ballots(&self.actor, &ids).await?;
        Ok(keyed(found, BallotOf))
    }
}

impl Load<ResultsOf> for Loader {
    type Value = Arc<poll::QuestionResults>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[ResultsOf],
    ) -> Result<HashMap<ResultsOf, Arc<poll::QuestionResults>>, LoadError> {
        if let Some(found) = self.in_view(keys, |key| key.0, View::results) {
            return Ok(found);
        }
        let ids: Vec<QuestionId> = keys.iter().map(|key| key.0).collect();
        let found = self.services.polls.results(&self.actor, &ids).await?;
        Ok(keyed(found, ResultsOf))
    }
}

impl Load<RunResultsOf> for Loader {
    type Value = Arc<poll::QuestionResults>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[RunResultsOf],
    ) -> Result<HashMap<RunResultsOf, Arc<poll::QuestionResults>>, LoadError> {
        let asked: Vec<(QuestionId, i32)> = keys.iter().map(|key| (key.0, key.1)).collect();
        let found = self
            .services
            .polls
            .results_of_runs(&self.actor, &asked)
            .await?;
        Ok(keyed(found, |(question, run)| RunResultsOf(question, run)))
    }
}

impl Load<SplitOf> for Loader {
    type Value = poll::Split;
    type Error = LoadError;

    async fn load(&self, keys: &[SplitOf]) -> Result<HashMap<SplitOf, poll::Split>, LoadError> {
        let ids: Vec<QuestionId> = keys.iter().map(|key| key.0).collect();
        let found = self.services.polls.split_results(&self.actor, &ids).await?;
        Ok(keyed(found, SplitOf))
    }
}

impl Load<RunsOf> for Loader {
    type Value = Vec<poll::Run>;
    type Error = LoadError;

    async fn load(&self, keys: &[RunsOf]) -> Result<HashMap<RunsOf, Vec<poll::Run>>, LoadError> {
        let ids: Vec<PollId> = keys.iter().map(|key| key.0).collect();
        let found = self.services.polls.runs(&self.actor, &ids).await?;
        Ok(keyed(found, RunsOf))
    }
}

impl Load<ParticipantsOf> for Loader {
    type Value = poll::Participants;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[ParticipantsOf],
    ) -> Result<HashMap<ParticipantsOf, poll::Participants>, LoadError> {
        let ids: Vec<PollId> = keys.iter().map(|key| key.0).collect();
        let found = self.services.polls.participants(&self.actor, &ids).await?;
        Ok(keyed(found, ParticipantsOf))
    }
}

impl Load<OwnWrittenOf> for Loader {
    type Value = Vec<poll::PollOption>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[OwnWrittenOf],
    ) -> Result<HashMap<OwnWrittenOf, Vec<poll::PollOption>>, LoadError> {
        let ids: Vec<QuestionId> = keys.iter().map(|key| key.0).collect();
        let found = self.services.polls.own_written(&self.actor, &ids).await?;
        Ok(keyed(found, OwnWrittenOf))
    }
}

impl Load<PointsOf> for Loader {
    type Value = i32;
    type Error = LoadError;

    async fn load(&self, keys: &[PointsOf]) -> Result<HashMap<PointsOf, i32>, LoadError> {
        let ids: Vec<QuestionId> = keys.iter().map(|key| key.0).collect();
        let found = self.services.polls.points(&self.actor, &ids).await?;
        Ok(keyed(found, PointsOf))
    }
}

impl Load<OtherTextsOf> for Loader {
    type Value = Vec<(String, i64)>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[OtherTextsOf],
    ) -> Result<HashMap<OtherTextsOf, Vec<(String, i64)>>, LoadError> {
        let ids: Vec<QuestionId> = keys.iter().map(|key| key.0).collect();
        let found = self.services.polls.other_texts(&self.actor, &ids).await?;
        Ok(keyed(found, OtherTextsOf))
    }
}

impl Load<PollCountOf> for Loader {
    type Value = i64;
    type Error = LoadError;

    async fn load(&self, keys: &[PollCountOf]) -> Result<HashMap<PollCountOf, i64>, LoadError> {
        let ids: Vec<ThemeId> = keys.iter().map(|key| key.0).collect();
        let found = self
            .services
            .polls
            .count_by_theme(&self.actor, &ids)
            .await?;
        Ok(keyed(found, PollCountOf))
    }
}
