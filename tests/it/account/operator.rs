//! What operators do, past the API.

use domain::{
    Actor, Error, Locale, Role, Roles,
    account::{AccountDraft, AccountRefusal},
};
use harness::{Persona, on_both_databases};

use super::{EMAIL, PASSWORD, sign_in, verified_account};

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
            assert!(denied(accounts.withdraw(actor, EMAIL, Role::Resident).await.err()), "{persona:?}");
        }
    }
}
