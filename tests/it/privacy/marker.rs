//! A marker for each person in everything that can hold one: no export holds another's.

use chrono::TimeDelta;
use domain::{
    clock::Clock,
    id::{AccountId, RegistrationId, SessionId, VisitorId},
    privacy::HOLDINGS,
};
use entity::{
    account::Locale, account_block, account_contribution, account_identity, account_role::Role,
    account_use, hidden_name, mailed_link, recovery_code, registration, second_factor, session,
    stated_role,
};
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use crate::{
    comment::comment,
    embed::embed,
    moderation::{case_of, report},
    poll::{choice, poll},
    story,
    theme::theme,
};

/// Everyone with an account, with the marker that stands in whatever they write.
const PEOPLE: [(Persona, &str); 5] = [
    (Persona::Resident, "merkfatma"),
    (Persona::Neighbour, "merkjan"),
    (Persona::Editor, "merkeva"),
    (Persona::Moderator, "merkmo"),
    (Persona::Admin, "merkada"),
];

async fn act(app: &TestApp, persona: Persona, name: &str, input: Value) -> Value {
    let answer = app.send(persona, name, json!({ "input": input })).await;
    let mut field = name.to_owned();
    field[..1].make_ascii_lowercase();
    answer.accepted(&field).clone()
}

/// Adds a row of an entity's model to its table, unless it is there.
macro_rules! insert {
    ($app:expr, $entity:ident { $($field:ident: $value:expr),+ $(,)? }) => {
        $entity::Entity::insert(
            $entity::Model { $($field: $value),+ }.into_active_model().reset_all(),
        )
        .on_conflict_do_nothing()
        .exec_without_returning($app.database.writer())
        .await
        .expect("a row");
    };
}

/// Adds what signing in, registering and being blocked leave of a person.
async fn plant(app: &TestApp, id: AccountId, marker: &str) {
    let now = app.clock.now();
    insert!(
        app,
        account_block {
            account_id: id,
            blocked_at: now,
            blocked_until: Some(now),
        }
    );
    insert!(
        app,
        account_contribution {
            account_id: id,
            contributions: 7,
        }
    );
    insert!(
        app,
        account_identity {
            issuer: format!("https://{marker}.example"),
            subject: marker.to_owned(),
            account_id: id,
            created_at: now,
        }
    );
    insert!(
        app,
        account_use {
            account_id: id,
            seen_at: now,
            warned_at: None,
            erasable_at: None,
        }
    );
    insert!(
        app,
        registration {
            id: RegistrationId::new(now),
            account_id: id,
            password_hash: format!("geheim-a-{marker}"),
            display_name: "Een vreemde".to_owned(),
            locale: Locale::Nl,
            visitor_id: Some(VisitorId::new(now)),
            token_hash: Some(format!("geheim-f-{marker}")),
            expires_at: now,
            created_at: now,
        }
    );
    insert!(
        app,
        hidden_name {
            account_id: id,
            name_key: format!("geheim-b-{marker}"),
            created_at: now,
        }
    );
    insert!(
        app,
        mailed_link {
            token_hash: format!("geheim-c-{marker}"),
            account_id: id,
            purpose: mailed_link::Purpose::SignIn,
            expires_at: now,
        }
    );
    insert!(
        app,
        recovery_code {
            account_id: id,
            code_hash: format!("geheim-d-{marker}"),
        }
    );
    insert!(
        app,
        second_factor {
            account_id: id,
            secret: format!("geheim-e-{marker}").into_bytes(),
            last_step: 0,
            enrolled_at: now,
            confirmed_at: None,
        }
    );
    insert!(
        app,
        session {
            id: SessionId::new(now),
            account_id: id,
            created_at: now,
            last_seen_at: now,
            expires_at: now + TimeDelta::days(1),
            revoked_at: None,
            second_factor: false,
        }
    );
    insert!(
        app,
        stated_role {
            issuer: format!("https://{marker}.example"),
            subject: marker.to_owned(),
            role: Role::Editor,
            account_id: id,
            stated_at: now,
        }
    );
}

/// Lets the five act on and with each other.
async fn live(app: &TestApp) {
    use Persona::{Admin, Editor, Moderator, Neighbour, Resident};
    let theme = theme(app, "Thema van merkeva").await;
    let posted = json!({ "themeId": theme["id"], "title": "Nieuws van merkeva", "body": "Tekst van merkeva.", "status": "AGENDA" });
    act(app, Editor, "ThemeUpdatePost", posted).await;
    let series = json!({ "title": "Reeks van merkeva", "intro": "Inleiding van merkeva." });
    act(app, Editor, "StorySeriesCreate", series).await;

    // The editor changes what the resident wrote, and the resident what the editor left.
    let mut input = story::input("Een verhaal van merkfatma");
    input["body"] = json!("Wat merkfatma zag aan het water. ".repeat(10));
    let told = act(app, Resident, "StoryCreate", input).await["story"].clone();
    act(
        app,
        Resident,
        "StorySubmit",
        json!({ "storyId": told["id"] }),
    )
    .await;
    act(
        app,
        Editor,
        "StoryPublish",
        json!({ "storyId": told["id"] }),
    )
    .await;
    let change =
        json!({ "storyId": told["id"], "summary": "Samengevat voor iedereen die het leest." });
    act(app, Editor, "StoryUpdate", change).await;
    for persona in [Resident, Neighbour] {
        act(
            app,
            persona,
            "ThemeFollow",
            json!({ "themeId": theme["id"], "following": true }),
        )
        .await;
        let energy = json!({ "subjectId": told["id"], "kind": "LOVE", "active": true });
        act(app, persona, "ReactionSet", energy).await;
    }

    // Each reports the other; one moderator decides, the author appeals, another takes it up.
    let of_resident = comment(app, Resident, &theme, "Reactie van merkfatma.").await;
    let of_neighbour = comment(app, Neighbour, &theme, "Reactie van merkjan.").await;
    act(
        app,
        Neighbour,
        "CommentSupport",
        json!({ "commentId": of_resident["id"], "supporting": true }),
    )
    .await;
    act(
        app,
        Resident,
        "CommentSupport",
        json!({ "commentId": of_neighbour["id"], "supporting": true }),
    )
    .await;
    for (persona, subject, explanation) in [
        (Neighbour, &of_resident, "Gemeld door merkjan."),
        (Resident, &of_neighbour, "Gemeld door merkfatma."),
    ] {
        let input = json!({ "subjectId": subject["id"], "reason": "OFFENSIVE", "explanation": explanation });
        act(app, persona, "ContentReport", input).await;
        let case = case_of(app, subject).await;
        act(
            app,
            Moderator,
            "ModerationCaseClaim",
            json!({ "caseId": case["id"] }),
        )
        .await;
        let decision = json!({ "caseId": case["id"], "expectedVersion": case["version"], "action": "HIDE",
            "reasonCode": "OFFENSIVE", "statement": "Zo praten we hier niet." });
        act(app, Moderator, "ModerationCaseDecide", decision).await;
    }
    let document =
        "query($id: ID!) { node(id: $id) { ... on Comment { moderationDecision { id } } } }";
    let seen = app
        .execute(Resident, document, json!({ "id": of_resident["id"] }))
        .await;
    let appeal = json!({ "decisionId": seen.data("/node/moderationDecision/id"), "statement": "Bezwaar van merkfatma." });
    act(app, Resident, "ModerationDecisionAppeal", appeal).await;
    let case = case_of(app, &of_resident).await;
    act(
        app,
        Admin,
        "ModerationCaseClaim",
        json!({ "caseId": case["id"] }),
    )
    .await;
    // A name is reported as well: its case is about the account itself.
    let author = json!({ "id": of_resident["author"]["id"] });
    let document = "query($id: ID!) { node(id: $id) { ... on Story { author { id } } } }";
    let known = app
        .execute(Neighbour, document, json!({ "id": told["id"] }))
        .await;
    assert!(author["id"].is_null() || author["id"] == *known.data("/node/author/id"));
    report(app, Neighbour, known.data("/node/author"), "OTHER")
        .await
        .accepted("contentReport");

    // A partner of the admin, with an embed of the resident; a poll of the editor.
    embed(app, json!({})).await;
    let made = poll(app, json!({ "title": "Peiling van merkeva" })).await;
    for (persona, option) in [(Resident, 0), (Neighbour, 1)] {
        act(app, persona, "BallotCast", choice(&made, 0, &[option])).await;
    }
    // Once there are ballots, a change of the wording is kept.
    act(
        app,
        Editor,
        "PollUpdate",
        json!({ "pollId": made["id"], "title": "Andere titel van merkeva" }),
    )
    .await;
}

async fn export(app: &TestApp, persona: Persona) -> Value {
    let answer = app.send(persona, "MyData", json!({})).await;
    answer.data("/viewer/dataExport").clone()
}

on_both_databases! {
    async fn no_export_holds_a_marker_a_name_or_an_id_of_another(app) {
        live(app).await;
        let mut exports = Vec::new();
        for (persona, marker) in PEOPLE {
            plant(app, app.actor(persona).account().expect("an account"), marker).await;
        }
        for (persona, marker) in PEOPLE {
            let held = export(app, persona).await;
            let text = held.to_string();
            assert!(text.contains(marker), "{persona:?} has what is theirs: {held:#}");
            assert!(!text.contains("geheim"), "{persona:?}: {held:#}");
            for (other, theirs) in PEOPLE.into_iter().filter(|(other, _)| *other != persona) {
                let id = app.actor(other).account().expect("an account").0.to_string();
                let email = format!("{other:?}@").to_lowercase();
                let name = other.display_name().expect("a name");
                for mark in [theirs, &id, &email, name] {
                    assert!(!text.contains(mark), "{mark} of {other:?} in what {persona:?} gets: {held:#}");
                }
            }
            exports.push(held);
        }
        for holding in HOLDINGS {
            let has = |held: &Value| held[holding.table].as_array().is_some_and(|rows| !rows.is_empty());
            assert!(exports.iter().any(has), "nobody has a row of {}", holding.table);
        }
    }

    async fn rows_of_one_table_that_two_columns_lead_to_are_all_there(app) {
        live(app).await;
        let resident = export(app, Persona::Resident).await;
        // Both a comment and a name of theirs have a case, and they claimed none.
        let cases = resident["moderation_case"].as_array().expect("cases");
        assert_eq!(cases.len(), 2, "{resident:#}");
        assert!(cases.iter().any(|case| case["snapshot"] == "Reactie van merkfatma."), "{resident:#}");
        assert_eq!(resident["moderation_statement"][0]["text"], "Zo praten we hier niet.");
        assert_eq!(resident["story_revision"][0]["number"], 1);
        assert!(resident["story_revision"][0]["body"].as_str().is_some_and(|body| body.contains("merkfatma")));
        let editor = export(app, Persona::Editor).await;
        assert_eq!(editor["story_revision"][0]["body"], Value::Null, "another's words");
        // Who judges has their claim, and nothing of what the case is about.
        let admin = export(app, Persona::Admin).await;
        let claimed = admin["moderation_case"].as_array().expect("cases");
        assert_eq!(claimed.len(), 1, "{admin:#}");
        assert_eq!(claimed[0]["snapshot"], Value::Null);
        assert!(claimed[0]["claimed_until"].is_string());
    }

    async fn an_export_does_not_tell_how_many_reported(app) {
        let theme = theme(app, "Water").await;
        let posted = comment(app, Persona::Resident, &theme, "Scheldwoord.").await;
        report(app, Persona::Neighbour, &posted, "OFFENSIVE").await.accepted("contentReport");
        let once = export(app, Persona::Resident).await;
        assert_eq!(once["moderation_case"].as_array().map(Vec::len), Some(1));
        app.clock.advance(TimeDelta::minutes(1));
        for persona in [Persona::Visitor, Persona::Editor] {
            report(app, persona, &posted, "SPAM").await.accepted("contentReport");
        }
        assert_eq!(case_of(app, &posted).await["reportCount"], 3);
        // Two accounts hide nothing yet, and the export is the same to the byte.
        assert_eq!(export(app, Persona::Resident).await, once);
    }
}
