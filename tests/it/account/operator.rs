//! What operators do, past the API.

use axum::http::StatusCode;
use domain::{
    Actor, Error, Locale, Role, Roles,
    account::{AccountDraft, AccountRefusal},
    moderation::Block,
};
use harness::{Persona, on_both_databases};
use serde_json::json;

use super::{EMAIL, PASSWORD, block, post, post_as, refresh, sign_in, signed_in, verified_account};

fn draft() -> AccountDraft {
    AccountDraft {
        email: EMAIL.to_owned(),
        password: PASSWORD.into(),
        display_name: "Ada".to_owned(),
        locale: Locale::Nl,
    }
}

on_both_databases! {
    async fn a_made_account_can_sign_in_at_once(app) {
        let accounts = &app.services.accounts;
        let made = accounts.create(&Actor::System, draft(), Roles::new([Role::Admin])).await.expect("made");
        assert!(made.email_verified);
        let answer = sign_in(app, EMAIL, PASSWORD).await;
        let roles = &answer.accepted("sessionCreate")["viewer"]["account"]["roles"];
        assert_eq!(roles, &serde_json::json!(["RESIDENT", "ADMIN"]));
        assert_eq!(app.run_jobs().await, 0, "no mail is needed");
        let again = accounts.create(&Actor::System, draft(), Roles::default()).await;
        assert!(matches!(again, Err(Error::Refused(reasons)) if reasons == [AccountRefusal::EmailTaken]));
    }

    async fn a_role_is_given_and_taken(app) {
        verified_account(app, EMAIL).await;
        let accounts = &app.services.accounts;
        for _ in 0..2 {
            let granted = accounts.grant(&Actor::System, "An.Smit@voorbeeld.example", Role::Moderator).await.expect("granted");
            assert_eq!(granted.roles, Roles::new([Role::Resident, Role::Moderator]));
        }
        for _ in 0..2 {
            let withdrawn = accounts.withdraw(&Actor::System, EMAIL, Role::Moderator).await.expect("withdrawn");
            assert_eq!(withdrawn.roles, Roles::new([Role::Resident]));
        }
        let unknown = accounts.grant(&Actor::System, "niemand@voorbeeld.example", Role::Admin).await;
        assert!(matches!(unknown, Err(Error::NotFound)));
    }

    async fn a_block_ends_everything_at_once_and_is_lifted(app) {
        verified_account(app, EMAIL).await;
        let (access, token) = signed_in(app, EMAIL).await;
        post_as(app, &access, "Viewer", json!({})).await;
        let accounts = &app.services.accounts;
        let id = accounts.by_email(&Actor::System, EMAIL).await.expect("an account").id;
        block(app, id, Block::ForGood).await;
        let (status, _, _) = post(app, &[&format!("Bearer {access}")], "Viewer", json!({})).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(refresh(app, &token).await.refusals("sessionRefresh"), ["REFRESH_TOKEN_INVALID input.refreshToken"]);
        assert_eq!(sign_in(app, EMAIL, "een fout wachtwoord").await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
        app.run_jobs().await;
        let mails = app.mails();
        assert_eq!(mails.len(), 1, "what they are told: {mails:?}");
        assert!(mails[0].text.contains("Dit account is overgenomen."), "{}", mails[0].text);
        let log = app.send(Persona::Anonymous, "ModerationLog", json!({})).await;
        assert_eq!(log.data("/moderationLog/edges/0/node")["action"], "BLOCK");
        block(app, id, Block::Lifted).await;
        signed_in(app, EMAIL).await;
    }

    async fn sessions_are_listed_and_ended_by_operators(app) {
        verified_account(app, EMAIL).await;
        let (_, first) = signed_in(app, EMAIL).await;
        let (access, second) = signed_in(app, EMAIL).await;
        let accounts = &app.services.accounts;
        let listed = accounts.sessions_of(&Actor::System, EMAIL).await.expect("sessions");
        assert_eq!(listed.len(), 2);
        let unknown = domain::id::SessionId::new(domain::clock::Clock::now(&app.clock));
        let outcome = accounts.end_sessions(&Actor::System, EMAIL, Some(unknown)).await;
        assert!(matches!(outcome, Err(Error::NotFound)));
        accounts.end_sessions(&Actor::System, EMAIL, Some(listed[0].id)).await.expect("ended");
        assert_eq!(accounts.sessions_of(&Actor::System, EMAIL).await.expect("sessions").len(), 1);
        accounts.end_sessions(&Actor::System, EMAIL, None).await.expect("ended");
        for token in [first, second] {
            assert_eq!(refresh(app, &token).await.refusals("sessionRefresh"), ["REFRESH_TOKEN_INVALID input.refreshToken"]);
        }
        let (status, _, _) = post(app, &[&format!("Bearer {access}")], "Viewer", json!({})).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }

    async fn nobody_else_makes_accounts_or_gives_roles(app) {
        verified_account(app, EMAIL).await;
        let accounts = &app.services.accounts;
        for persona in Persona::ALL {
            let actor = app.actor(persona);
            let denied = |error: Option<Error<AccountRefusal>>| match actor {
                Actor::Visitor(_) => matches!(error, Some(Error::Unauthenticated)),
                _ => matches!(error, Some(Error::Denied)),
            };
            assert!(denied(accounts.create(actor, draft(), Roles::default()).await.err()), "{persona:?}");
            assert!(denied(accounts.grant(actor, EMAIL, Role::Admin).await.err()), "{persona:?}");
            assert!(denied(accounts.by_email(actor, EMAIL).await.err()), "{persona:?}");
            assert!(denied(accounts.reset_second_factor(actor, EMAIL).await.err()), "{persona:?}");
            assert!(denied(accounts.sessions_of(actor, EMAIL).await.err()), "{persona:?}");
            assert!(denied(accounts.end_sessions(actor, EMAIL, None).await.err()), "{persona:?}");
            assert!(denied(accounts.rotate_key(actor).await.err()), "{persona:?}");
            assert!(denied(accounts.withdraw(actor, EMAIL, Role::Resident).await.err()), "{persona:?}");
        }
    }
}
