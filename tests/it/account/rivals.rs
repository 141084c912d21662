//! Several people who register one address, one of whom it belongs to.

use chrono::TimeDelta;
use domain::Actor;
use entity::{account, registration};
use harness::{Answer, Persona, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::{
    EMAIL, PASSWORD, link::asked, mailed_token, post_as, register, registration as typed, sign_in,
    text, verified_account, verify,
};

const STRANGERS: &str = "het wachtwoord van een vreemde";
const INVALID: [&str; 1] = ["VERIFICATION_TOKEN_INVALID input.token"];
const WRONG: [&str; 1] = ["CREDENTIALS_INVALID"];

/// Registers the address; returns the token of the link that is mailed for it.
async fn registered(app: &TestApp, password: &str, name: &str) -> String {
    let mut input = typed(EMAIL);
    input["password"] = json!(password);
    input["displayName"] = json!(name);
    register(app, input).await.accepted("accountRegister");
    mailed_token(app).await
}

/// The display name of the account whose session an answer to a link gives.
async fn name(app: &TestApp, verified: &Answer) -> String {
    verified.accepted("accountVerifyEmail");
    let access = text(verified, "/accountVerifyEmail/session/accessToken");
    let viewer = post_as(app, &access, "Viewer", json!({})).await;
    text(&viewer, "/viewer/account/displayName")
}

async fn waiting(app: &TestApp) -> u64 {
    let waiting = registration::Entity::find().count(app.database.read());
    waiting.await.expect("a count")
}

on_both_databases! {
    async fn a_strangers_registration_neither_voids_a_link_nor_gives_it_a_password(app) {
        let own = registered(app, PASSWORD, "An Smit").await;
        let strangers = registered(app, STRANGERS, "Een vreemde").await;
        assert_eq!(name(app, &verify(app, &own).await).await, "An Smit");
        sign_in(app, EMAIL, PASSWORD).await.accepted("sessionCreate");
        assert_eq!(sign_in(app, EMAIL, STRANGERS).await.refusals("sessionCreate"), WRONG);
        // The first that is confirmed wins.
        assert_eq!(verify(app, &strangers).await.refusals("accountVerifyEmail"), INVALID);
        assert_eq!(sign_in(app, EMAIL, STRANGERS).await.refusals("sessionCreate"), WRONG);
        assert_eq!(waiting(app).await, 0);
    }

    async fn a_registration_after_a_strangers_sets_its_own_password(app) {
        let strangers = registered(app, STRANGERS, "Een vreemde").await;
        let own = registered(app, PASSWORD, "An Smit").await;
        assert_eq!(name(app, &verify(app, &own).await).await, "An Smit");
        sign_in(app, EMAIL, PASSWORD).await.accepted("sessionCreate");
        assert_eq!(verify(app, &strangers).await.refusals("accountVerifyEmail"), INVALID);
    }

    async fn who_has_several_links_is_told_to_open_their_own(app) {
        registered(app, PASSWORD, "An Smit").await;
        assert!(!app.mails()[0].text.contains("meer dan één keer"));
        registered(app, STRANGERS, "Een vreemde").await;
        let second = &app.mails()[1].text;
        assert!(second.contains("Open alleen de link van uw eigen aanvraag."), "{second}");
        assert!(!second.contains("vreemde"), "nothing that a stranger typed");
    }

    async fn of_rival_links_at_once_one_is_confirmed(app) {
        let mut links = Vec::new();
        for number in 0..4 {
            links.push(registered(app, PASSWORD, &format!("Persoon {number}")).await);
            app.clock.advance(TimeDelta::minutes(10));
        }
        let answers = futures_util::future::join_all(links.iter().map(|link| verify(app, link))).await;
        let won: Vec<usize> = (0..4)
            .filter(|number| answers[*number].refusals("accountVerifyEmail").is_empty())
            .collect();
        assert_eq!(won.len(), 1);
        assert_eq!(name(app, &answers[won[0]]).await, format!("Persoon {}", won[0]));
    }

    async fn a_sign_in_by_mail_drops_every_typed_name_and_password(app) {
        let strangers = registered(app, STRANGERS, "Een vreemde").await;
        let link = asked(app, "SessionLinkRequest", EMAIL).await;
        let variables = json!({ "input": { "token": link } });
        let answer = app.send(Persona::Anonymous, "SessionCreateFromLink", variables).await;
        let access = text(&answer, "/sessionCreateFromLink/session/accessToken");
        let viewer = post_as(app, &access, "Viewer", json!({})).await;
        assert_eq!(text(&viewer, "/viewer/account/displayName"), "Deelnemer");
        assert_eq!(verify(app, &strangers).await.refusals("accountVerifyEmail"), INVALID);
        assert_eq!(sign_in(app, EMAIL, STRANGERS).await.refusals("sessionCreate"), WRONG);
    }

    async fn a_password_mails_the_link_of_its_own_registration(app) {
        registered(app, PASSWORD, "An Smit").await;
        app.clock.advance(TimeDelta::hours(25));
        assert_eq!(sign_in(app, EMAIL, PASSWORD).await.refusals("sessionCreate"), ["EMAIL_NOT_VERIFIED"]);
        let anew = mailed_token(app).await;
        registered(app, STRANGERS, "Een vreemde").await;
        assert_eq!(name(app, &verify(app, &anew).await).await, "An Smit");
    }

    async fn a_verified_account_keeps_no_registration(app) {
        verified_account(app, EMAIL).await;
        register(app, typed(EMAIL)).await.accepted("accountRegister");
        assert_eq!(waiting(app).await, 0);
    }

    async fn an_address_is_kept_while_a_registration_of_it_waits(app) {
        registered(app, PASSWORD, "An Smit").await;
        app.clock.advance(TimeDelta::days(20));
        registered(app, PASSWORD, "An Smit").await;
        app.clock.advance(TimeDelta::days(11));
        let gone = app.services.privacy.retain(&Actor::System).await.expect("it works");
        assert_eq!(gone.into_iter().collect::<Vec<_>>(), [("registration", 1)]);
        app.clock.advance(TimeDelta::days(19));
        let gone = app.services.privacy.retain(&Actor::System).await.expect("it works");
        assert_eq!(gone.into_iter().collect::<Vec<_>>(), [("account unverified", 1)]);
        let left = account::Entity::find().filter(account::Column::Email.eq(EMAIL));
        assert_eq!(left.count(app.database.read()).await.expect("a count"), 0);
        assert_eq!(waiting(app).await, 0);
    }
}
