//! Making and changing stories.

use harness::{Persona, on_both_databases};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use super::{
    body, create, draft, input, publish, published, read, submit, submitted, texts, update,
};
use crate::theme::theme;

on_both_databases! {
    async fn a_story_is_made_and_read_back(app) {
        let (water, wonen) = (theme(app, "Water").await, theme(app, "Wonen").await);
        let mut typed = input("  Het dorpshuis van Lettele ");
        typed["themeIds"] = json!([wonen["id"], water["id"], wonen["id"]]);
        typed["municipalityCode"] = json!("GM0150");
        typed["kind"] = json!("INITIATIVE");
        let made = create(app, Persona::Resident, typed).await;
        assert_eq!(made["slug"], "het-dorpshuis-van-lettele");
        assert_eq!(made["title"], "Het dorpshuis van Lettele");
        assert_eq!(made["kind"], "INITIATIVE");
        assert_eq!(made["lifecycle"], "DRAFT");
        assert_eq!(made["author"]["displayName"], "Fatma de Boer");
        assert_eq!(texts(&made["themes"], "/slug"), ["water", "wonen"]);
        assert_eq!(made["energy"], 0);
        assert_eq!(made["publishedAt"], Value::Null);
        let read = read(
            app,
            Persona::Resident,
            &made,
            "id body bodyHtml language moderation editedAt version municipality { code name } series { id } seriesPosition",
        )
        .await;
        assert_eq!(read["id"], made["id"]);
        assert_eq!(read["body"], body());
        assert!(read["bodyHtml"].as_str().expect("HTML").contains("<strong>Zo kon het niet langer.</strong>"));
        assert_eq!(read["municipality"], json!({ "code": "GM0150", "name": "Deventer" }));
        assert_eq!(read["moderation"], "NONE");
        assert_eq!(read["version"], 1);
        for field in ["editedAt", "series", "seriesPosition"] {
            assert_eq!(read[field], Value::Null, "{field}");
        }
    }

    async fn slugs_are_unique_and_stay_when_the_title_changes(app) {
        let first = draft(app, "Het dorpshuis").await;
        let second = draft(app, "Het dorpshuis").await;
        assert_eq!(first["slug"], "het-dorpshuis");
        assert!(second["slug"].as_str().expect("a slug").starts_with("het-dorpshuis-"));
        let answer = update(app, Persona::Resident, &first, json!({ "title": "Het buurthuis" })).await;
        let changed = &answer.accepted("storyUpdate")["story"];
        assert_eq!(changed["slug"], "het-dorpshuis");
        assert_eq!(changed["title"], "Het buurthuis");
        assert_eq!(changed["summary"], first["summary"]);
    }

    async fn every_problem_is_told_at_once_and_nothing_is_stored(app) {
        let mut themes = Vec::new();
        for number in 1..=6 {
            themes.push(theme(app, &format!("Thema {number}")).await["id"].clone());
        }
        let answer = app
            .send(
                Persona::Resident,
                "StoryCreate",
                json!({ "input": {
                    "kind": "STORY",
                    "title": "Te kort",
                    "summary": "\u{202e}Wat er gebeurde toen de buurt begon.",
                    "body": "é".repeat(10_001),
                    "language": "tlh",
                    "themeIds": themes,
                } }),
            )
            .await;
        assert_eq!(
            answer.refusals("storyCreate"),
            [
                "TOO_SHORT input.title",
                "FORBIDDEN_CHARACTER input.summary",
                "TOO_LONG input.body",
                "LANGUAGE_UNKNOWN input.language",
                "LIST_TOO_LONG input.themeIds",
            ]
        );
        let none = entity::story::Entity::find().all(app.database.read()).await.expect("a query");
        assert!(none.is_empty());
    }

    async fn themes_and_municipalities_that_are_not_there_are_refused(app) {
        let water = theme(app, "Water").await;
        let mut typed = input("Het dorpshuis van Lettele");
        typed["themeIds"] = json!([water["id"], "VAGaD7jSfKuSAAAAAAAAAAA"]);
        typed["municipalityCode"] = json!("GM0363");
        let answer = app.send(Persona::Resident, "StoryCreate", json!({ "input": typed })).await;
        assert_eq!(
            answer.refusals("storyCreate"),
            ["THEME_UNKNOWN input.themeIds.1", "MUNICIPALITY_UNKNOWN input.municipalityCode"]
        );
        let story = draft(app, "Het dorpshuis van Lettele").await;
        for ids in [json!(["nonsense"]), json!([story["id"]])] {
            let mut typed = input("Het dorpshuis van Lettele");
            typed["themeIds"] = ids;
            let answer = app.send(Persona::Resident, "StoryCreate", json!({ "input": typed })).await;
            assert_eq!(answer.code(), "BAD_INPUT");
            assert_eq!(answer.0["errors"][0]["extensions"]["field"], json!(["themeIds", "0"]));
        }
    }

    async fn what_is_absent_stays_and_a_null_municipality_goes(app) {
        let water = theme(app, "Water").await;
        let mut typed = input("Het dorpshuis van Lettele");
        typed["themeIds"] = json!([water["id"]]);
        typed["municipalityCode"] = json!("GM0150");
        let made = create(app, Persona::Resident, typed).await;
        let fields = "title language kind municipality { code } themes { slug }";
        update(app, Persona::Resident, &made, json!({ "language": "nds" })).await.accepted("storyUpdate");
        let kept = read(app, Persona::Resident, &made, fields).await;
        assert_eq!(
            kept,
            json!({
                "title": "Het dorpshuis van Lettele",
                "language": "nds",
                "kind": "STORY",
                "municipality": { "code": "GM0150" },
                "themes": [{ "slug": "water" }],
            })
        );
        update(app, Persona::Resident, &made, json!({ "municipalityCode": null, "themeIds": [], "title": null }))
            .await
            .accepted("storyUpdate");
        let cleared = read(app, Persona::Resident, &made, fields).await;
        assert_eq!(cleared["municipality"], Value::Null);
        assert_eq!(cleared["themes"], json!([]));
        assert_eq!(cleared["title"], made["title"]);
    }

    async fn edits_after_the_first_submission_leave_revisions(app) {
        let story = draft(app, "Het dorpshuis van Lettele").await;
        update(app, Persona::Resident, &story, json!({ "title": "Het dorpshuis, kladje" })).await.accepted("storyUpdate");
        let untold = read(app, Persona::Resident, &story, "version editedAt").await;
        assert_eq!(untold, json!({ "version": 1, "editedAt": null }));
        submit(app, &story).await;
        update(app, Persona::Resident, &story, json!({ "title": "Het dorpshuis, tweede versie" })).await.accepted("storyUpdate");
        update(app, Persona::Resident, &story, json!({ "title": "Het dorpshuis, tweede versie" })).await.accepted("storyUpdate");
        publish(app, &story, None).await;
        update(app, Persona::Editor, &story, json!({ "summary": "Nu in de woorden van de redactie gezet." })).await.accepted("storyUpdate");
        let told = read(app, Persona::Anonymous, &story, "version editedAt title").await;
        assert_eq!(told["version"], 3);
        assert_ne!(told["editedAt"], Value::Null);
        let revisions = entity::story_revision::Entity::find()
            .order_by_asc(entity::story_revision::Column::Number)
            .all(app.database.read())
            .await
            .expect("a query");
        let kept: Vec<(i64, &str)> = revisions.iter().map(|kept| (kept.number, kept.title.as_str())).collect();
        assert_eq!(kept, [(1, "Het dorpshuis, kladje"), (2, "Het dorpshuis, tweede versie")]);
        assert_eq!(revisions[1].summary, story["summary"].as_str().expect("text"));
        assert_eq!(revisions[1].body, body());
        assert_eq!(revisions[0].edited_by, app.actor(Persona::Resident).account());
        assert_eq!(revisions[1].edited_by, app.actor(Persona::Editor).account());
    }

    async fn the_author_edits_until_it_is_published_and_editors_after(app) {
        let change = json!({ "title": "Een andere titel hiervoor" });
        let story = submitted(app, "Het dorpshuis van Lettele").await;
        update(app, Persona::Resident, &story, change.clone()).await.accepted("storyUpdate");
        let story = published(app, "Het dorpshuis van Lettele").await;
        let late = update(app, Persona::Resident, &story, change.clone()).await;
        assert_eq!(late.refusals("storyUpdate"), ["STORY_ALREADY_PUBLISHED"]);
        assert_eq!(read(app, Persona::Resident, &story, "viewerCanEdit").await["viewerCanEdit"], false);
        assert_eq!(read(app, Persona::Editor, &story, "viewerCanEdit").await["viewerCanEdit"], true);
        update(app, Persona::Editor, &story, change).await.accepted("storyUpdate");
    }

    async fn a_body_never_becomes_a_script(app) {
        let mut typed = input("Het dorpshuis van Lettele");
        let raw = format!("{}\n\n<script>alert(1)</script> [klik](javascript:alert(1)) <img src=x onerror=alert(1)>", body());
        typed["body"] = json!(raw);
        let story = create(app, Persona::Resident, typed).await;
        let read = read(app, Persona::Resident, &story, "body bodyHtml").await;
        assert_eq!(read["body"], raw);
        let html = read["bodyHtml"].as_str().expect("HTML");
        for forbidden in ["<script", "href=\"javascript:", "<img"] {
            assert!(!html.contains(forbidden), "{html}");
        }
    }
}
