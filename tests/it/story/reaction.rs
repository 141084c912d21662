//! Energy.

use harness::{Answer, Persona, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::{draft, published, row};

pub(super) async fn react(
    app: &TestApp,
    persona: Persona,
    story: &Value,
    kind: &str,
    active: bool,
) -> Answer {
    app.send(
        persona,
        "ReactionSet",
        json!({ "input": { "subjectId": story["id"], "kind": kind, "active": active } }),
    )
    .await
}

/// The kept counts of LOVE, JOIN, SHARE and all together are those of the rows.
pub(super) async fn assert_recounted(app: &TestApp, story: &Value) -> i64 {
    let story = row(app, story).await;
    let mut all = 0;
    for (kind, kept) in [
        (entity::story_reaction::ReactionKind::Love, story.love_count),
        (entity::story_reaction::ReactionKind::Join, story.join_count),
        (
            entity::story_reaction::ReactionKind::Share,
            story.share_count,
        ),
    ] {
        let rows = entity::story_reaction::Entity::find()
            .filter(entity::story_reaction::Column::StoryId.eq(story.id))
            .filter(entity::story_reaction::Column::Kind.eq(kind))
            .count(app.database.read())
            .await
            .expect("a count");
        assert_eq!(u64::try_from(kept), Ok(rows), "{kind:?}");
        all += kept;
    }
    assert_eq!(story.energy, all);
    all
}

on_both_databases! {
    async fn setting_it_twice_is_the_same_as_once(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        react(app, Persona::Neighbour, &story, "LOVE", true).await.accepted("reactionSet");
        react(app, Persona::Neighbour, &story, "LOVE", true).await.accepted("reactionSet");
        react(app, Persona::Neighbour, &story, "SHARE", true).await.accepted("reactionSet");
        let answer = react(app, Persona::Resident, &story, "LOVE", true).await;
        assert_eq!(
            answer.accepted("reactionSet")["subject"],
            json!({
                "id": story["id"],
                "energy": 3,
                "reactions": [
                    { "kind": "LOVE", "count": 2, "viewerHasReacted": true },
                    { "kind": "JOIN", "count": 0, "viewerHasReacted": false },
                    { "kind": "SHARE", "count": 1, "viewerHasReacted": false },
                ],
            })
        );
        assert_eq!(assert_recounted(app, &story).await, 3);
        react(app, Persona::Neighbour, &story, "LOVE", false).await.accepted("reactionSet");
        react(app, Persona::Neighbour, &story, "LOVE", false).await.accepted("reactionSet");
        react(app, Persona::Neighbour, &story, "JOIN", false).await.accepted("reactionSet");
        assert_eq!(assert_recounted(app, &story).await, 2);
    }

    async fn only_public_stories_take_energy(app) {
        let story = draft(app, "Het dorpshuis van Lettele").await;
        let own = react(app, Persona::Resident, &story, "LOVE", true).await;
        assert_eq!(own.refusals("reactionSet"), ["STORY_NOT_PUBLIC"]);
        let foreign = react(app, Persona::Neighbour, &story, "LOVE", true).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
        let nobody = react(app, Persona::Visitor, &story, "LOVE", true).await;
        assert_eq!(nobody.code(), "UNAUTHENTICATED");
        assert_eq!(assert_recounted(app, &story).await, 0);
    }
}
