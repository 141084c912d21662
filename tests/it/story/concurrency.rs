//! Many at once.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use harness::{Persona, on_both_databases};
use serde_json::json;

use super::{
    draft, published,
    reaction::{assert_recounted, react},
    series::series,
    submitted,
};

on_both_databases! {
    async fn reactions_that_come_at_once_are_each_counted_once(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        let everyone = [Persona::Resident, Persona::Neighbour, Persona::Editor, Persona::Moderator, Persona::Admin];
        let all = (0..8).flat_map(|_| everyone.iter().flat_map(|persona| ["LOVE", "JOIN"].map(|kind| (*persona, kind))));
        let answers = join_all(all.map(|(persona, kind)| react(app, persona, &story, kind, true))).await;
        for answer in answers {
            answer.accepted("reactionSet");
        }
        assert_eq!(assert_recounted(app, &story).await, 10);
        let wavering = (0..40).map(|number| react(app, Persona::Resident, &story, "LOVE", number % 2 == 0));
        join_all(wavering).await;
        assert_recounted(app, &story).await;
    }

    async fn equal_titles_at_once_get_slugs_of_their_own(app) {
        let stories = join_all((0..12).map(|_| draft(app, "Het dorpshuis van Lettele"))).await;
        let slugs: BTreeSet<String> = stories.iter().map(|story| story["slug"].to_string()).collect();
        assert_eq!(slugs.len(), 12);
    }

    async fn of_two_publications_at_once_one_is_refused(app) {
        let story = submitted(app, "Het dorpshuis van Lettele").await;
        let answers = join_all((0..6).map(|_| {
            app.send(Persona::Editor, "StoryPublish", json!({ "input": { "storyId": story["id"] } }))
        }))
        .await;
        let done = answers.iter().filter(|answer| answer.refusals("storyPublish").is_empty()).count();
        assert_eq!(done, 1);
    }

    async fn two_series_that_want_a_story_at_once_do_not_share_it(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        let (first, second) = (series(app, "Eerste reeks").await, series(app, "Tweede reeks").await);
        let answers = join_all([&first, &second].map(|series| {
            app.send(
                Persona::Editor,
                "StorySeriesArrange",
                json!({ "input": { "storySeriesId": series["id"], "storyIds": [story["id"]] } }),
            )
        }))
        .await;
        let mut outcomes: Vec<Vec<String>> = answers.iter().map(|answer| answer.refusals("storySeriesArrange")).collect();
        outcomes.sort();
        assert_eq!(outcomes, [vec![], vec!["STORY_IN_OTHER_SERIES input.storyIds.0".to_owned()]]);
    }
}
