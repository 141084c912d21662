//! Making, opening and closing polls.

use chrono::TimeDelta;
use domain::clock::Clock;
use harness::{Persona, on_both_databases};
use serde_json::{Value, json};

use super::{cast, choice, close, draft, page, poll, question};
use crate::theme::theme;

on_both_databases! {
    async fn a_poll_is_made_whole(app) {
        let theme = theme(app, "Water").await;
        let mut multiple = question("MULTIPLE", &["Fiets", "Auto", "Bus"]);
        multiple["rules"] = json!({ "maxChoices": 2, "allowSkip": true });
        let made = poll(app, json!({
            "themeIds": [theme["id"]],
            "questions": [question("SINGLE", &["Ja", "Nee"]), multiple],
            "closesAt": app.clock.now() + TimeDelta::days(7),
        })).await;
        assert_eq!((made["slug"].as_str(), made["status"].as_str()), (Some("zwemmen-in-de-kanalen"), Some("OPEN")));
        let page = page(app, Persona::Anonymous, &made).await;
        assert_eq!(page["themes"], json!([{ "slug": "water", "title": "Water" }]));
        assert!(page["descriptionHtml"].as_str().expect("html").starts_with("<h4>Waarom</h4>"), "{page:#}");
        assert_eq!((&page["joinCode"], &page["activeQuestion"]), (&Value::Null, &Value::Null));
        assert_eq!((&page["viewerCanVote"], &page["viewerCanManage"]), (&json!(false), &json!(false)));
        let rules = &page["questions"][1]["rules"];
        assert_eq!((&rules["minChoices"], &rules["maxChoices"], &rules["allowSkip"]), (&json!(1), &json!(2), &json!(true)));
        assert_eq!(page["questions"][1]["options"][2]["label"], "Bus");
        assert_eq!(page["questions"][0]["results"]["summary"], "Nobody has voted yet.");
        let again = poll(app, json!({})).await;
        assert_ne!(again["slug"], made["slug"]);
    }

    async fn every_problem_of_a_draft_comes_at_once(app) {
        let theme = theme(app, "Water").await;
        let mut input = draft(app, &json!({
            "title": "",
            "closesAt": app.clock.now(),
            "questions": [question("SINGLE", &["Ja"]), question("QUIZ", &["Rust", "Ruimte"])],
        }));
        let answer = app.send(Persona::Editor, "PollCreate", json!({ "input": input })).await;
        assert_eq!(answer.refusals("pollCreate"), [
            "POLL_TIMES_INVALID input.closesAt",
            "REQUIRED input.title",
            "OPTION_COUNT_INVALID input.questions.0.options",
            "RIGHT_ANSWER_MISSING input.questions.1.options",
        ]);
        let ghost = app.services.themes.create(app.actor(Persona::Editor), domain::theme::ThemeDraft {
            title: "Spook".to_owned(), summary: "Verdwijnt.".to_owned(), description: String::new(),
        }).await.expect("a theme");
        entity_gone(app, ghost.id).await;
        input = draft(app, &json!({ "themeIds": [theme["id"], global(b'T', ghost.id.0)] }));
        let answer = app.send(Persona::Editor, "PollCreate", json!({ "input": input })).await;
        assert_eq!(answer.refusals("pollCreate"), ["THEME_UNKNOWN input.themeIds.1"]);
        input["themeIds"] = json!(["nonsense"]);
        let answer = app.send(Persona::Editor, "PollCreate", json!({ "input": input })).await;
        assert_eq!(answer.code(), "BAD_INPUT");
        let list = app.send(Persona::Editor, "PollList", json!({})).await;
        assert_eq!(list.data("/polls/edges"), &json!([]), "nothing was made");
    }

    async fn a_draft_is_known_to_staff_only(app) {
        let draft = poll(app, json!({ "opensAt": null })).await;
        assert_eq!(draft["status"], "DRAFT");
        let node = "query($id: ID!) { node(id: $id) { id } }";
        let question = &draft["questions"][0]["id"];
        for persona in Persona::ALL {
            let staff = matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin);
            let found = app.send(persona, "PollPage", json!({ "slug": draft["slug"] })).await;
            assert_eq!(found.data("/poll").is_null(), !staff, "{persona:?}");
            for id in [&draft["id"], question] {
                let found = app.execute(persona, node, json!({ "id": id })).await;
                assert_eq!(found.data("/node").is_null(), !staff, "{persona:?}");
            }
            let list = app.send(persona, "PollList", json!({})).await;
            assert_eq!(list.data("/polls/edges").as_array().expect("edges").is_empty(), !staff, "{persona:?}");
        }
        let vote = cast(app, Persona::Resident, choice(&draft, 0, &[0])).await;
        assert_eq!(vote.code(), "NOT_FOUND");
    }

    async fn a_poll_opens_and_closes_by_hand(app) {
        let made = poll(app, json!({ "opensAt": null })).await;
        assert_eq!(close(app, &made).await.refusals("pollClose"), ["POLL_NOT_OPEN"]);
        let input = json!({ "input": { "pollId": made["id"] } });
        let opened = app.send(Persona::Editor, "PollOpen", input.clone()).await;
        assert_eq!(opened.accepted("pollOpen")["poll"]["status"], "OPEN");
        let at = opened.accepted("pollOpen")["poll"]["opensAt"].clone();
        app.clock.advance(TimeDelta::seconds(5));
        let again = app.send(Persona::Editor, "PollOpen", input.clone()).await;
        assert_eq!(again.accepted("pollOpen")["poll"]["opensAt"], at);
        let closed = close(app, &made).await;
        assert_eq!(closed.accepted("pollClose")["poll"]["status"], "CLOSED");
        let at = closed.accepted("pollClose")["poll"]["closesAt"].clone();
        app.clock.advance(TimeDelta::seconds(5));
        assert_eq!(close(app, &made).await.accepted("pollClose")["poll"]["closesAt"], at);
        let reopened = app.send(Persona::Editor, "PollOpen", input).await;
        assert_eq!(reopened.refusals("pollOpen"), ["POLL_CLOSED"]);
    }

    async fn a_scheduled_poll_opens_and_closes_by_the_clock(app) {
        let made = poll(app, json!({
            "opensAt": app.clock.now() + TimeDelta::hours(1),
            "closesAt": app.clock.now() + TimeDelta::hours(2),
        })).await;
        assert_eq!(made["status"], "SCHEDULED");
        let vote = choice(&made, 0, &[0]);
        let early = cast(app, Persona::Resident, vote.clone()).await;
        assert_eq!(early.refusals("ballotCast"), ["POLL_NOT_OPEN"]);
        app.clock.advance(TimeDelta::hours(1) - TimeDelta::microseconds(1));
        assert_eq!(cast(app, Persona::Resident, vote.clone()).await.refusals("ballotCast"), ["POLL_NOT_OPEN"]);
        app.clock.advance(TimeDelta::microseconds(1));
        cast(app, Persona::Resident, vote.clone()).await.accepted("ballotCast");
        app.clock.advance(TimeDelta::hours(1) - TimeDelta::microseconds(1));
        cast(app, Persona::Neighbour, vote.clone()).await.accepted("ballotCast");
        app.clock.advance(TimeDelta::microseconds(1));
        let late = cast(app, Persona::Visitor, vote).await;
        assert_eq!(late.refusals("ballotCast"), ["POLL_CLOSED"]);
        let page = page(app, Persona::Anonymous, &made).await;
        assert_eq!((&page["status"], &page["voterCount"]), (&json!("CLOSED"), &json!(2)));
    }
}

/// The global form of an id.
fn global(kind: u8, id: uuid::Uuid) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut bytes = vec![kind];
    bytes.extend_from_slice(id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

async fn entity_gone(app: &harness::TestApp, id: domain::id::ThemeId) {
    use sea_orm::EntityTrait;
    entity::theme::Entity::delete_by_id(id)
        .exec(app.database.writer())
        .await
        .expect("the theme goes");
}
