//! Changing themes.

use async_graphql::{Context, Object, SimpleObject};

use super::{
    Theme,
    input::{ThemeCreateInput, ThemeFollowInput, ThemeUpdateInput, ThemeUpdatePostInput},
};
use crate::graphql::{
    context::request,
    node,
    user_error::{UserError, outcome},
};

/// What `themeCreate` gives.
#[derive(SimpleObject)]
pub(crate) struct ThemeCreatePayload {
    /// The new theme; null where it was declined.
    theme: Option<Theme>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `themeUpdate` gives.
#[derive(SimpleObject)]
pub(crate) struct ThemeUpdatePayload {
    /// The changed theme; null where the change was declined.
    theme: Option<Theme>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `themeUpdatePost` gives.
#[derive(SimpleObject)]
pub(crate) struct ThemeUpdatePostPayload {
    /// The theme with its new entry; null where the entry was declined.
    theme: Option<Theme>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `themeFollow` gives.
#[derive(SimpleObject)]
pub(crate) struct ThemeFollowPayload {
    /// The theme; null where the request was declined.
    theme: Option<Theme>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Changing themes.
#[derive(Default)]
pub(crate) struct ThemeMutation;

#[Object]
impl ThemeMutation {
    /// Makes a theme, in status RAISED. Editors and admins.
    async fn theme_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: ThemeCreateInput,
    ) -> async_graphql::Result<ThemeCreatePayload> {
        let request = request(ctx);
        let created = request
            .services
            .themes
            .create(&request.actor, input.into())
            .await;
        let (theme, user_errors) = outcome(ctx, created)?;
        Ok(ThemeCreatePayload {
            theme: theme.map(Theme::from),
            user_errors,
        })
    }

    /// Changes a theme's text; its slug stays. Editors and admins.
    async fn theme_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: ThemeUpdateInput,
    ) -> async_graphql::Result<ThemeUpdatePayload> {
        let request = request(ctx);
        let id = node::decode(&input.theme_id, "themeId")?;
        let updated = request
            .services
            .themes
            .update(&request.actor, id, input.into())
            .await;
        let (theme, user_errors) = outcome(ctx, updated)?;
        Ok(ThemeUpdatePayload {
            theme: theme.map(Theme::from),
            user_errors,
        })
    }

    /// Adds an entry to a theme's follow-up log and moves the theme to the entry's status.
    /// Editors and admins.
    async fn theme_update_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: ThemeUpdatePostInput,
    ) -> async_graphql::Result<ThemeUpdatePostPayload> {
        let request = request(ctx);
        let id = node::decode(&input.theme_id, "themeId")?;
        let posted = request
            .services
            .themes
            .post_update(&request.actor, id, input.into())
            .await;
        let (theme, user_errors) = outcome(ctx, posted)?;
        Ok(ThemeUpdatePostPayload {
            theme: theme.map(Theme::from),
            user_errors,
        })
    }

    /// Follows a theme or stops following it. Everyone with an account.
    async fn theme_follow(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: ThemeFollowInput,
    ) -> async_graphql::Result<ThemeFollowPayload> {
        let request = request(ctx);
        let id = node::decode(&input.theme_id, "themeId")?;
        let followed = request
            .services
            .themes
            .follow(&request.actor, id, input.following)
            .await;
        let (theme, user_errors) = outcome(ctx, followed)?;
        Ok(ThemeFollowPayload {
            theme: theme.map(Theme::from),
            user_errors,
        })
    }
}
