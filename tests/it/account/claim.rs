//! A guest who makes an account keeps what the guest did.

use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{EMAIL, mailed_token, post_as, register, registration, text, verify};
use crate::poll::{choice, poll};

async fn visitor(app: &TestApp) -> String {
    let made = app
        .send(Persona::Anonymous, "VisitorCreate", json!({}))
        .await;
    text(&made, "/visitorCreate/accessToken")
}

/// Asks for an account with what was done under this token.
async fn register_with(app: &TestApp, token: Option<&str>) {
    let mut input = registration(EMAIL);
    input["visitorToken"] = json!(token);
    register(app, input).await.accepted("accountRegister");
}

/// The access token of who opens the link in the newest mail; what follows was not done yet.
async fn verified(app: &TestApp) -> String {
    let mailed = mailed_token(app).await;
    let session = verify(app, &mailed).await;
    session.accepted("accountVerifyEmail");
    text(&session, "/accountVerifyEmail/session/accessToken")
}

async fn cast(app: &TestApp, token: &str, poll: &Value, question: usize, chosen: usize) {
    let input = choice(poll, question, &[chosen]);
    post_as(app, token, "BallotCast", json!({ "input": input }))
        .await
        .accepted("ballotCast");
}

/// The poll as the holder of this token sees it.
async fn page(app: &TestApp, token: &str, poll: &Value) -> Value {
    let page = post_as(app, token, "PollPage", json!({ "slug": poll["slug"] })).await;
    page.data("/poll").clone()
}

/// What the viewer chose, by its label.
fn chosen(page: &Value, question: usize) -> Option<&str> {
    let question = &page["questions"][question];
    let chosen = question["viewerBallot"]["marks"].get(0)?;
    let options = question["options"].as_array().expect("options");
    let option = options
        .iter()
        .find(|option| option["id"] == chosen["option"]["id"]);
    option.expect("the option")["label"].as_str()
}

fn two_questions() -> Value {
    let question = json!({ "kind": "SINGLE", "prompt": "Wat vindt u?",
        "options": [{ "label": "Ja" }, { "label": "Nee" }] });
    json!({ "questions": [question, question] })
}

/// Every tally and count equals its ballots.
async fn recounts(app: &TestApp) {
    let polls = &app.services.polls;
    for recount in polls
        .recount(&domain::Actor::System, None)
        .await
        .expect("a recount")
    {
        assert!(recount.differences.is_empty(), "{recount:?}");
    }
}

on_both_databases! {
    async fn a_guests_ballots_become_the_accounts(app) {
        let (one, other) = (poll(app, json!({})).await, poll(app, two_questions()).await);
        let guest = visitor(app).await;
        cast(app, &guest, &one, 0, 1).await;
        cast(app, &guest, &other, 1, 0).await;
        let before = page(app, &guest, &one).await["questions"][0]["results"].clone();
        register_with(app, Some(&guest)).await;
        let member = verified(app).await;
        assert_eq!(chosen(&page(app, &member, &one).await, 0), None, "not before the jobs");
        app.run_jobs().await;
        for _ in 0..2 {
            let page_of_one = page(app, &member, &one).await;
            assert_eq!(chosen(&page_of_one, 0), Some("Nee"));
            assert_eq!(page_of_one["voterCount"], 1);
            assert_eq!(page_of_one["questions"][0]["results"], before, "to the byte");
            assert_eq!(chosen(&page(app, &member, &other).await, 1), Some("Ja"));
            assert_eq!(chosen(&page(app, &guest, &one).await, 0), None, "it is theirs no more");
            recounts(app).await;
            app.run_jobs().await;
        }
        // The ballot can be changed by its new owner, and counts once.
        cast(app, &member, &one, 0, 0).await;
        assert_eq!(page(app, &member, &one).await["voterCount"], 1);
        recounts(app).await;
    }

    async fn what_the_account_answered_itself_stands(app) {
        let made = poll(app, two_questions()).await;
        let guest = visitor(app).await;
        cast(app, &guest, &made, 0, 0).await;
        cast(app, &guest, &made, 1, 0).await;
        register_with(app, Some(&guest)).await;
        let member = verified(app).await;
        cast(app, &member, &made, 0, 1).await;
        app.run_jobs().await;
        let theirs = page(app, &member, &made).await;
        assert_eq!((chosen(&theirs, 0), chosen(&theirs, 1)), (Some("Nee"), Some("Ja")));
        let guests = page(app, &guest, &made).await;
        assert_eq!((chosen(&guests, 0), chosen(&guests, 1)), (Some("Ja"), None));
        assert_eq!(theirs["voterCount"], 2, "two people still have a ballot");
        recounts(app).await;
    }

    async fn a_link_brings_the_ballots_of_its_own_registration_only(app) {
        let made = poll(app, json!({})).await;
        let guest = visitor(app).await;
        cast(app, &guest, &made, 0, 0).await;
        register_with(app, Some(&guest)).await;
        mailed_token(app).await;
        register_with(app, None).await;
        // The newest mail is the one of who brings nothing.
        let member = verified(app).await;
        app.run_jobs().await;
        assert_eq!(chosen(&page(app, &member, &made).await, 0), None);
        assert_eq!(chosen(&page(app, &guest, &made).await, 0), Some("Ja"));
    }

    async fn a_token_that_is_no_visitors_is_declined(app) {
        register_with(app, None).await;
        let member = verified(app).await;
        for wrong in ["", "x", &member] {
            let mut input = registration("bo@voorbeeld.example");
            input["visitorToken"] = json!(wrong);
            let answer = register(app, input).await;
            assert_eq!(answer.refusals("accountRegister"), ["VISITOR_TOKEN_INVALID input.visitorToken"]);
        }
    }
}
