//! Staying signed in.

use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::{Actor, Role};
use entity::{refresh_token, session};
use harness::{Answer, TestApp, on_both_databases};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;

use super::{EMAIL, post, post_as, post_document, refresh, signed_in, text, verified_account};

const INVALID: [&str; 1] = ["REFRESH_TOKEN_INVALID input.refreshToken"];
const RACED: [&str; 1] = ["REFRESH_TOKEN_RACED input.refreshToken"];
const REUSED: [&str; 1] = ["REFRESH_TOKEN_REUSED input.refreshToken"];

/// The next refresh token.
async fn renewed(app: &TestApp, token: &str) -> String {
    let answer = refresh(app, token).await;
    answer.accepted("sessionRefresh");
    text(&answer, "/sessionRefresh/session/refreshToken")
}

/// What an editor alone may ask, of a theme that is not there.
async fn rename(app: &TestApp, access: &str) -> Answer {
    let document = "mutation($id: ID!) { themeUpdate(input: { themeId: $id, title: \"Water\" }) { userErrors { code } } }";
    let variables = json!({ "id": "VAGcrmtmAHSEpv1qy4O6Dj4" });
    let (_, _, answer) =
        post_document(app, &[&format!("Bearer {access}")], document, variables).await;
    answer
}

on_both_databases! {
    async fn a_token_is_good_for_once_and_its_second_use_ends_the_session(app) {
        verified_account(app, EMAIL).await;
        let (_, first) = signed_in(app, EMAIL).await;
        let (_, elsewhere) = signed_in(app, EMAIL).await;
        let second = renewed(app, &first).await;
        let third = renewed(app, &second).await;
        assert_eq!(refresh(app, &first).await.refusals("sessionRefresh"), REUSED);
        assert_eq!(refresh(app, &third).await.refusals("sessionRefresh"), INVALID);
        renewed(app, &elsewhere).await;
    }

    async fn of_eight_at_once_exactly_one_is_renewed_and_stays(app) {
        verified_account(app, EMAIL).await;
        let (_, token) = signed_in(app, EMAIL).await;
        let answers = futures_util::future::join_all((0..8).map(|_| refresh(app, &token))).await;
        let (winners, refused): (Vec<_>, Vec<_>) = answers
            .iter()
            .partition(|answer| answer.refusals("sessionRefresh").is_empty());
        assert_eq!(winners.len(), 1);
        assert!(refused.iter().all(|answer| answer.refusals("sessionRefresh") == RACED));
        let next = text(winners[0], "/sessionRefresh/session/refreshToken");
        renewed(app, &next).await;
    }

    async fn a_lost_answer_is_forgiven_once(app) {
        verified_account(app, EMAIL).await;
        let (_, token) = signed_in(app, EMAIL).await;
        let lost = refresh(app, &token).await;
        app.clock.advance(TimeDelta::seconds(1));
        let again = refresh(app, &token).await;
        again.accepted("sessionRefresh");
        // What was lost does not work any more, should someone else have it.
        let access = text(&lost, "/sessionRefresh/session/accessToken");
        let (status, _, _) = post(app, &[&format!("Bearer {access}")], "Viewer", json!({})).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        let access = text(&again, "/sessionRefresh/session/accessToken");
        post_as(app, &access, "Viewer", json!({})).await;
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(refresh(app, &token).await.refusals("sessionRefresh"), REUSED);
        let (status, _, _) = post(app, &[&format!("Bearer {access}")], "Viewer", json!({})).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "the session has ended at once");
    }

    async fn an_answer_that_was_used_was_not_lost(app) {
        verified_account(app, EMAIL).await;
        let (_, token) = signed_in(app, EMAIL).await;
        let answer = refresh(app, &token).await;
        let access = text(&answer, "/sessionRefresh/session/accessToken");
        post_as(app, &access, "Viewer", json!({})).await;
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(refresh(app, &token).await.refusals("sessionRefresh"), REUSED);
        let next = text(&answer, "/sessionRefresh/session/refreshToken");
        assert_eq!(refresh(app, &next).await.refusals("sessionRefresh"), INVALID);
    }

    async fn who_uses_what_counted_as_lost_ends_the_session(app) {
        verified_account(app, EMAIL).await;
        let (_, token) = signed_in(app, EMAIL).await;
        let lost = renewed(app, &token).await;
        app.clock.advance(TimeDelta::seconds(1));
        let next = renewed(app, &token).await;
        assert_eq!(refresh(app, &lost).await.refusals("sessionRefresh"), REUSED);
        assert_eq!(refresh(app, &next).await.refusals("sessionRefresh"), INVALID);
    }

    async fn a_session_lives_thirty_days_from_its_last_renewal(app) {
        verified_account(app, EMAIL).await;
        let (_, mut token) = signed_in(app, EMAIL).await;
        for _ in 0..3 {
            app.clock.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
            token = renewed(app, &token).await;
        }
        app.clock.advance(TimeDelta::days(30));
        assert_eq!(refresh(app, &token).await.refusals("sessionRefresh"), INVALID);
        // It is kept for a while, because its token shows who was signed in on the device, then goes.
        app.clock.advance(TimeDelta::days(30));
        app.services.privacy.retain(&Actor::System).await.expect("retention runs");
        signed_in(app, EMAIL).await;
        let sessions = session::Entity::find().count(app.database.read()).await.expect("a count");
        let tokens = refresh_token::Entity::find().count(app.database.read()).await.expect("a count");
        assert_eq!((sessions, tokens), (1, 1));
    }

    async fn tokens_used_long_ago_are_forgotten(app) {
        verified_account(app, EMAIL).await;
        let (_, mut token) = signed_in(app, EMAIL).await;
        for _ in 0..10 {
            app.clock.advance(TimeDelta::days(20));
            token = renewed(app, &token).await;
        }
        let kept = refresh_token::Entity::find().count(app.database.read()).await.expect("a count");
        assert_eq!(kept, 3);
    }

    async fn roles_catch_up_at_a_renewal(app) {
        verified_account(app, EMAIL).await;
        let (access, token) = signed_in(app, EMAIL).await;
        app.services.accounts.grant(&Actor::System, EMAIL, Role::Editor).await.expect("a role");
        assert_eq!(rename(app, &access).await.code(), "FORBIDDEN");
        let answer = refresh(app, &token).await;
        let access = text(&answer, "/sessionRefresh/session/accessToken");
        assert_eq!(rename(app, &access).await.code(), "NOT_FOUND");
    }

    async fn a_renewal_is_seen_in_the_list_of_devices(app) {
        verified_account(app, EMAIL).await;
        let (_, token) = signed_in(app, EMAIL).await;
        app.clock.advance(TimeDelta::hours(1));
        let answer = refresh(app, &token).await;
        let access = text(&answer, "/sessionRefresh/session/accessToken");
        let viewer = post_as(app, &access, "Viewer", json!({})).await;
        assert_eq!(viewer.data("/viewer/sessions/0/createdAt"), "2026-03-02T12:00:00.000Z");
        assert_eq!(viewer.data("/viewer/sessions/0/lastSeenAt"), "2026-03-02T13:00:00.000Z");
    }

    async fn what_is_no_refresh_token_is_refused(app) {
        verified_account(app, EMAIL).await;
        let (access, refresh_token) = signed_in(app, EMAIL).await;
        for token in [access.as_str(), "", "nonsense", &refresh_token[1..]] {
            assert_eq!(refresh(app, token).await.refusals("sessionRefresh"), INVALID, "{token}");
        }
        renewed(app, &refresh_token).await;
    }

    async fn only_a_hash_of_a_token_is_kept(app) {
        verified_account(app, EMAIL).await;
        let (_, token) = signed_in(app, EMAIL).await;
        let rows = refresh_token::Entity::find().all(app.database.read()).await.expect("rows");
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].token_hash.len(), 64);
        assert!(!format!("{rows:?}").contains(&token));
    }
}
