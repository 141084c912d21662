//! Changing stories.

use async_graphql::{Context, Object, SimpleObject};
use domain::{refusal::Path, story};

use super::{
    Story, StorySeries,
    input::{
        ReactionSetInput, StoryCreateInput, StoryPublishInput, StorySeriesArrangeInput,
        StorySeriesCreateInput, StorySubmitInput, StoryUpdateInput, StoryWithdrawInput,
    },
    reaction::ReactionSubject,
};
use crate::graphql::{
    context::request,
    node,
    screening::{ContributionWarning, form, warnings},
    user_error::{UserError, outcome},
};

/// What `storyCreate` gives.
#[derive(SimpleObject)]
pub(crate) struct StoryCreatePayload {
    /// The new story; null where it was declined.
    story: Option<Story>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `storyUpdate` gives.
#[derive(SimpleObject)]
pub(crate) struct StoryUpdatePayload {
    /// The changed story; null where the change was declined.
    story: Option<Story>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `storySubmit` gives.
#[derive(SimpleObject)]
pub(crate) struct StorySubmitPayload {
    /// The submitted story; null where it was declined.
    story: Option<Story>,
    /// What its author is told, which refuses nothing; empty where it was declined.
    warnings: Vec<ContributionWarning>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `storyPublish` gives.
#[derive(SimpleObject)]
pub(crate) struct StoryPublishPayload {
    /// The published or scheduled story; null where it was declined.
    story: Option<Story>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `storyWithdraw` gives.
#[derive(SimpleObject)]
pub(crate) struct StoryWithdrawPayload {
    /// The withdrawn story; null where it was declined.
    story: Option<Story>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `storySeriesCreate` gives.
#[derive(SimpleObject)]
pub(crate) struct StorySeriesCreatePayload {
    /// The new series; null where it was declined.
    story_series: Option<StorySeries>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `storySeriesArrange` gives.
#[derive(SimpleObject)]
pub(crate) struct StorySeriesArrangePayload {
    /// The series in its new order; null where it was declined.
    story_series: Option<StorySeries>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `reactionSet` gives.
#[derive(SimpleObject)]
pub(crate) struct ReactionSetPayload {
    /// What was given energy; null where it was declined.
    subject: Option<ReactionSubject>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Changing stories.
#[derive(Default)]
pub(crate) struct StoryMutation;

#[Object]
impl StoryMutation {
    /// Makes a story of yours, in lifecycle DRAFT. Everyone with an account.
    async fn story_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: StoryCreateInput,
    ) -> async_graphql::Result<StoryCreatePayload> {
        let request = request(ctx);
        let draft = input.try_into()?;
        let created = request.services.stories.create(&request.actor, draft).await;
        let (story, user_errors) = outcome(ctx, created)?;
        Ok(StoryCreatePayload {
            story: story.map(Story::from),
            user_errors,
        })
    }

    /// Changes a story; its slug stays. Its author until it is published, or where the
    /// moderators asked for changes; editors and admins from the first submission on. What its
    /// author changes after an approval waits for another.
    async fn story_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: StoryUpdateInput,
    ) -> async_graphql::Result<StoryUpdatePayload> {
        let request = request(ctx);
        let id = node::decode(&input.story_id, "storyId")?;
        let change = input.try_into()?;
        let updated = request
            .services
            .stories
            .update(&request.actor, id, change)
            .await;
        let (story, user_errors) = outcome(ctx, updated)?;
        Ok(StoryUpdatePayload {
            story: story.map(Story::from),
            user_errors,
        })
    }

    /// Offers a story to the moderators: a draft, or one that they asked changes of. Its author.
    async fn story_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: StorySubmitInput,
    ) -> async_graphql::Result<StorySubmitPayload> {
        let request = request(ctx);
        let id = node::decode(&input.story_id, "storyId")?;
        let form = form(input.form);
        let submitted = request.services.stories.submit(&request.actor, id, &form);
        let (submitted, user_errors) = outcome(ctx, submitted.await)?;
        let warnings = submitted.as_ref().map_or_else(Vec::new, |submitted| {
            let names = ["title", "summary", "body"];
            warnings(ctx, &submitted.screening, |text| {
                let name = names.get(text).copied().unwrap_or_default();
                Path::from("story").then(name)
            })
        });
        Ok(StorySubmitPayload {
            story: submitted.map(|submitted| submitted.kept.into()),
            warnings,
            user_errors,
        })
    }

    /// Publishes a submitted story or a draft of your own, now or from an instant to come, and
    /// approves it where it waits for a judgement. Its author follows its themes from then on.
    /// Editors and admins.
    async fn story_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: StoryPublishInput,
    ) -> async_graphql::Result<StoryPublishPayload> {
        let request = request(ctx);
        let id = node::decode(&input.story_id, "storyId")?;
        let published = request
            .services
            .stories
            .publish(&request.actor, id, input.published_at.map(|time| time.0))
            .await;
        let (story, user_errors) = outcome(ctx, published)?;
        Ok(StoryPublishPayload {
            story: story.map(Story::from),
            user_errors,
        })
    }

    /// Withdraws a story for good. Its author; editors and admins from the first submission on.
    async fn story_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: StoryWithdrawInput,
    ) -> async_graphql::Result<StoryWithdrawPayload> {
        let request = request(ctx);
        let id = node::decode(&input.story_id, "storyId")?;
        let withdrawn = request
            .services
            .stories
            .withdraw(&request.actor, id, input.into())
            .await;
        let (story, user_errors) = outcome(ctx, withdrawn)?;
        Ok(StoryWithdrawPayload {
            story: story.map(Story::from),
            user_errors,
        })
    }

    /// Makes a series without stories. Editors and admins.
    async fn story_series_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: StorySeriesCreateInput,
    ) -> async_graphql::Result<StorySeriesCreatePayload> {
        let request = request(ctx);
        let created = request
            .services
            .stories
            .create_series(&request.actor, input.into())
            .await;
        let (series, user_errors) = outcome(ctx, created)?;
        Ok(StorySeriesCreatePayload {
            story_series: series.map(StorySeries::from),
            user_errors,
        })
    }

    /// Puts exactly these stories in a series, in this order, public or not yet. Editors and
    /// admins.
    async fn story_series_arrange(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: StorySeriesArrangeInput,
    ) -> async_graphql::Result<StorySeriesArrangePayload> {
        let request = request(ctx);
        let id = node::decode(&input.story_series_id, "storySeriesId")?;
        let stories = node::decode_all(&input.story_ids, "storyIds")?;
        let arranged = request
            .services
            .stories
            .arrange_series(&request.actor, id, stories)
            .await;
        let (series, user_errors) = outcome(ctx, arranged)?;
        Ok(StorySeriesArrangePayload {
            story_series: series.map(StorySeries::from),
            user_errors,
        })
    }

    /// Gives a public story energy of one kind, or takes it back. Everyone with an account.
    async fn reaction_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: ReactionSetInput,
    ) -> async_graphql::Result<ReactionSetPayload> {
        let request = request(ctx);
        let id = node::decode(&input.subject_id, "subjectId")?;
        let kind = story::ReactionKind::from(input.kind);
        let reacted = request
            .services
            .stories
            .react(&request.actor, id, kind, input.active)
            .await;
        let (story, user_errors) = outcome(ctx, reacted)?;
        Ok(ReactionSetPayload {
            subject: story.map(|story| ReactionSubject::Story(Box::new(story.into()))),
            user_errors,
        })
    }
}
