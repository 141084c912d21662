//! Following themes.

use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::{list::slugs, theme};

async fn follow(app: &TestApp, persona: Persona, theme: &Value, following: bool) -> Value {
    let answer = app
        .send(
            persona,
            "ThemeFollow",
            json!({ "input": { "themeId": theme["id"], "following": following } }),
        )
        .await;
    answer.accepted("themeFollow")["theme"].clone()
}

/// Followers as rows, to compare the kept count with.
async fn recount(app: &TestApp, slug: &str) -> (i64, u64) {
    let theme = entity::theme::Entity::find()
        .filter(entity::theme::Column::Slug.eq(slug))
        .one(app.database.read())
        .await
        .expect("a query")
        .expect("the theme");
    let rows = entity::theme_follow::Entity::find()
        .filter(entity::theme_follow::Column::ThemeId.eq(theme.id))
        .count(app.database.read())
        .await
        .expect("a count");
    (theme.follower_count, rows)
}

on_both_databases! {
    async fn following_twice_is_the_same_as_once(app) {
        let theme = theme(app, "Water").await;
        follow(app, Persona::Resident, &theme, true).await;
        let followed = follow(app, Persona::Resident, &theme, true).await;
        assert_eq!(followed["followerCount"], 1);
        assert_eq!(followed["viewerIsFollowing"], true);
        let neighbour = follow(app, Persona::Neighbour, &theme, true).await;
        assert_eq!(neighbour["followerCount"], 2);
        follow(app, Persona::Resident, &theme, false).await;
        let ended = follow(app, Persona::Resident, &theme, false).await;
        assert_eq!(ended["followerCount"], 1);
        assert_eq!(ended["viewerIsFollowing"], false);
        assert_eq!(recount(app, "water").await, (1, 1));
    }

    async fn followers_who_come_at_once_are_each_counted_once(app) {
        let theme = theme(app, "Water").await;
        let same = (0..40).map(|_| follow(app, Persona::Resident, &theme, true));
        futures_util::future::join_all(same).await;
        follow(app, Persona::Neighbour, &theme, true).await;
        assert_eq!(recount(app, "water").await, (2, 2));
    }

    async fn a_list_can_hold_only_what_i_follow(app) {
        let water = theme(app, "Water").await;
        theme(app, "Wonen").await;
        follow(app, Persona::Resident, &water, true).await;
        for (persona, following, expected) in [
            (Persona::Resident, true, vec!["water"]),
            (Persona::Resident, false, vec!["wonen"]),
            (Persona::Anonymous, true, vec![]),
        ] {
            let list = app
                .send(persona, "ThemeList", json!({ "filter": { "viewerIsFollowing": following } }))
                .await;
            assert_eq!(slugs(&list), expected, "{persona:?} {following}");
        }
    }
}
