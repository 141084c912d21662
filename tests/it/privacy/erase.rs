//! Being erased.

use domain::{
    Actor,
    account::{Client, Proof},
};
use harness::{Persona, TestApp, on_both_databases, operation};
use serde_json::{Value, json};

use super::{EMAIL, NAME, PASSWORD, live, person, rows, tables};

pub(crate) async fn erase(app: &TestApp, actor: &Actor, input: Value) -> harness::Answer {
    let document = "mutation($input: AccountEraseInput!) { accountErase(input: $input) { \
        receipt { erasedAt keptContributions tables { name rows } } userErrors { code message field } } }";
    app.execute_as(actor.clone(), document, json!({ "input": input }))
        .await
}

/// Where a text still stands, in any column of any table.
pub(crate) async fn holders(app: &TestApp, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for table in tables(app).await {
        for row in rows(app, &table).await {
            for (column, value) in row.as_object().expect("columns") {
                let holds = match value {
                    Value::String(value) => value.contains(text),
                    // Bytes.
                    Value::Array(bytes) => {
                        let bytes: Vec<u8> = bytes
                            .iter()
                            .filter_map(|byte| u8::try_from(byte.as_u64()?).ok())
                            .collect();
                        bytes
                            .windows(text.len())
                            .any(|part| part == text.as_bytes())
                    }
                    _ => false,
                };
                if holds {
                    found.push(format!("{table}.{column}"));
                }
            }
        }
    }
    found
}

/// A poll's results as everyone gets them, to the byte.
async fn results(app: &TestApp, poll: &Value) -> String {
    let document = "query($slug: String!) { poll(slug: $slug) { voterCount questions { results { \
        revision voterCount summary options { voterCount share distribution { value count } } } } } }";
    let variables = json!({ "slug": poll["slug"] });
    let answer = app.execute(Persona::Anonymous, document, variables).await;
    answer.0.to_string()
}

on_both_databases! {
    async fn nothing_holds_the_person_and_results_stay_to_the_byte(app) {
        let (actor, poll) = person(app).await;
        live(app, &actor, &poll).await;
        assert!(holders(app, EMAIL).await.contains(&"account.email".to_owned()), "the search finds what is there");
        assert!(holders(app, NAME).await.contains(&"account.display_name".to_owned()));
        let before = results(app, &poll).await;
        let erased = erase(app, &actor, json!({ "password": PASSWORD })).await;
        let receipt = &erased.accepted("accountErase")["receipt"];
        assert_eq!(receipt["keptContributions"], true);
        let names: Vec<&str> = receipt["tables"].as_array().expect("a list").iter().filter_map(|table| table["name"].as_str()).collect();
        for table in ["account", "account_role", "job", "mailed_link", "refresh_token", "session", "theme", "theme_follow"] {
            assert!(names.contains(&table), "{table}: {names:?}");
        }
        for text in [EMAIL, NAME, "an.smit-de-wit"] {
            assert_eq!(holders(app, text).await, Vec::<String>::new(), "{text}");
        }
        assert_eq!(results(app, &poll).await, before);
        let id = actor.account().expect("an account");
        let kept = rows(app, "erasure").await;
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0]["account_id"], json!(id.0.to_string()));

        // The theme they followed has one follower less, and their comment a nobody as author.
        let theme = &app.send(Persona::Anonymous, "ThemeList", json!({})).await;
        assert_eq!(theme.data("/themes/edges/0/node/followerCount"), 0);
        let comments = rows(app, "comment").await;
        assert_eq!(comments[0]["body"], "Dat lijkt mij ook.");

        // Nobody signs in as them any more, and the address is free.
        let input = json!({ "input": { "email": EMAIL, "password": PASSWORD } });
        let again = app.send(Persona::Anonymous, "SessionCreate", input).await;
        assert_eq!(again.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
        let twice = erase(app, &actor, json!({ "password": PASSWORD })).await;
        assert_eq!(twice.refusals("accountErase"), ["CREDENTIALS_INVALID"]);
        person(app).await;
    }

    async fn what_they_wrote_goes_where_they_want_it(app) {
        let (actor, poll) = person(app).await;
        live(app, &actor, &poll).await;
        let before = results(app, &poll).await;
        let erased = erase(app, &actor, json!({ "password": PASSWORD, "keepContributions": false })).await;
        erased.accepted("accountErase");
        for text in [EMAIL, NAME, "Dat lijkt mij ook.", "Een brug verbindt", "De brug bij de sluis"] {
            assert_eq!(holders(app, text).await, Vec::<String>::new(), "{text}");
        }
        assert_eq!(results(app, &poll).await, before, "ballots count on");
        let theme = &app.send(Persona::Anonymous, "ThemeList", json!({})).await;
        let variables = json!({ "subjectId": theme.data("/themes/edges/0/node/id"), "first": 5 });
        let thread = app.send(Persona::Anonymous, "Comments", variables).await;
        assert_eq!(thread.data("/node/commentCount"), 0, "kept counts equal their rows");
    }

    async fn who_cannot_show_who_they_are_is_not_erased(app) {
        let (actor, _) = person(app).await;
        for (input, refusal) in [
            (json!({ "password": "een ander wachtwoord" }), "CREDENTIALS_INVALID"),
            (json!({}), "CREDENTIALS_INVALID"),
            (json!({ "password": PASSWORD, "token": "x" }), "CREDENTIALS_INVALID"),
            (json!({ "token": "geen-link" }), "LINK_TOKEN_INVALID input.token"),
        ] {
            let declined = erase(app, &actor, input.clone()).await;
            assert_eq!(declined.refusals("accountErase"), [refusal], "{input}");
        }
        let nobody = erase(app, &Actor::Visitor(None), json!({ "password": PASSWORD })).await;
        assert_eq!(nobody.code(), "UNAUTHENTICATED");
        assert!(!holders(app, EMAIL).await.is_empty());
        for _ in 0..5 {
            erase(app, &actor, json!({ "password": "mis" })).await;
        }
        let waits = erase(app, &actor, json!({ "password": PASSWORD })).await;
        assert_eq!(waits.code(), "RATE_LIMITED");
    }

    async fn a_link_by_mail_shows_it_too(app) {
        let (actor, _) = person(app).await;
        let link = json!({ "input": { "email": EMAIL } });
        app.send(Persona::Anonymous, "SessionLinkRequest", link).await;
        app.run_jobs().await;
        let mail = app.mails().pop().expect("a mail");
        let token = mail.text.split_once("?token=").expect("a link").1;
        let token = token.split_whitespace().next().expect("a token");
        let document = &operation("AccountErase").document;
        let variables = json!({ "input": { "token": token, "keepContributions": true } });
        let erased = app.execute_as(actor, document, variables).await;
        erased.accepted("accountErase");
        assert_eq!(holders(app, EMAIL).await, Vec::<String>::new());
    }

    async fn of_many_at_once_one_erases(app) {
        let (actor, poll) = person(app).await;
        live(app, &actor, &poll).await;
        let tries = (0..4).map(|_| {
            let proof = Some(Proof::Password(PASSWORD.into()));
            app.services.privacy.erase(&actor, Client::default(), proof, true)
        });
        let outcomes = futures_util::future::join_all(tries).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert_eq!(rows(app, "erasure").await.len(), 1);
    }
}
