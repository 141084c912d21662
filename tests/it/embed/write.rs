//! Making, changing and revoking embeds.

use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{PUBLIC, PUBLIC_PEM, SITE, draft, embed, shown};
use crate::{partner::partner_of, poll};

const ALL: &str = "query($id: ID!) { node(id: $id) { ... on Embed {
    id url snippet scriptSnippet allowedOrigins locale accentColor subjectKey revokedAt
    ballotCount poll { title } partner { slug } loads { count } refusals { count }
} } }";

async fn read(app: &TestApp, persona: Persona, embed: &Value) -> Value {
    let answer = app
        .execute(persona, ALL, json!({ "id": embed["id"] }))
        .await;
    answer.data("/node").clone()
}

async fn refusals(app: &TestApp, changes: Value) -> Vec<String> {
    let partner = partner_of(app, "Raalte", &[(Persona::Resident, "EDITOR")]).await;
    let poll = poll::poll(app, json!({})).await;
    let input = draft(&partner, &poll, &changes);
    app.send(Persona::Resident, "EmbedCreate", json!({ "input": input }))
        .await
        .refusals("embedCreate")
}

async fn update(app: &TestApp, embed: &Value, changes: Value) -> harness::Answer {
    let mut input = changes;
    input["embedId"] = embed["id"].clone();
    app.send(Persona::Resident, "EmbedUpdate", json!({ "input": input }))
        .await
}

on_both_databases! {
    async fn an_embed_is_made_as_it_was_asked_for(app) {
        let (made, _, partner) = embed(app, json!({
            "allowedOrigins": ["HTTPS://Zwolle.example:443/", SITE, "http://localhost:5173", SITE],
            "locale": "EN", "accentColor": "#00529C", "subjectKey": PUBLIC_PEM,
        })).await;
        let origins = json!(["http://localhost:5173", SITE, "https://zwolle.example"]);
        assert_eq!(made["allowedOrigins"], origins);
        let read = read(app, Persona::Resident, &made).await;
        assert_eq!(read["allowedOrigins"], origins);
        assert_eq!((&read["locale"], &read["accentColor"]), (&json!("EN"), &json!("#00529c")));
        assert_eq!(read["subjectKey"], PUBLIC);
        assert_eq!(read["poll"]["title"], "Zwemmen in de kanalen");
        assert_eq!(read["partner"]["slug"], partner["slug"]);
        assert_eq!(read["ballotCount"], 0);
        let url = made["url"].as_str().expect("an address");
        assert!(url.starts_with("https://jij.example/embed/"), "{url}");
        let snippet = made["snippet"].as_str().expect("HTML");
        for part in [
            url, "title=\"Zwemmen in de kanalen\"", "loading=\"lazy\"",
            "referrerpolicy=\"strict-origin\"",
        ] {
            assert!(snippet.contains(part), "{snippet}");
        }
        let script = read["scriptSnippet"].as_str().expect("HTML");
        assert!(script.contains("src=\"https://jij.example/embed.js\""), "{script}");
    }

    async fn an_embed_stands_on_sites_that_are_named(app) {
        let origins = json!({ "allowedOrigins": [
            SITE, "*", "https://*.raalte.example", "http://raalte.example", "raalte.example",
            "https://raalte.example/meedoen",
        ] });
        assert_eq!(refusals(app, origins).await, [
            "ORIGIN_WILDCARD input.allowedOrigins.1",
            "ORIGIN_WILDCARD input.allowedOrigins.2",
            "ORIGIN_INSECURE input.allowedOrigins.3",
            "ORIGIN_INVALID input.allowedOrigins.4",
            "ORIGIN_INVALID input.allowedOrigins.5",
        ]);
        let none = json!({ "allowedOrigins": [] });
        assert_eq!(refusals(app, none).await, ["REQUIRED input.allowedOrigins"]);
        let many: Vec<String> = (0..21).map(|n| format!("https://{n}.example")).collect();
        let many = json!({ "allowedOrigins": many });
        assert_eq!(refusals(app, many).await, ["LIST_TOO_LONG input.allowedOrigins"]);
    }

    async fn a_colour_that_cannot_be_read_is_refused_with_one_that_can(app) {
        let partner = partner_of(app, "Raalte", &[(Persona::Resident, "EDITOR")]).await;
        let poll = poll::poll(app, json!({})).await;
        let send = async |color: &str| {
            let input = draft(&partner, &poll, &json!({ "accentColor": color }));
            app.send(Persona::Resident, "EmbedCreate", json!({ "input": input })).await
        };
        assert_eq!(send("blauw").await.refusals("embedCreate"), ["COLOR_INVALID input.accentColor"]);
        let refused = send("#ffcc00").await;
        assert_eq!(refused.refusals("embedCreate"), ["CONTRAST_TOO_LOW input.accentColor"]);
        let message = refused.data("/embedCreate/userErrors/0/message").as_str().expect("words");
        let at = message.rfind('#').expect("a colour");
        let proposed = &message[at..at + 7];
        assert_eq!(send(proposed).await.accepted("embedCreate")["embed"]["allowedOrigins"], json!([SITE]));
    }

    async fn a_key_is_a_public_one_of_ed25519(app) {
        for key in ["", "geheim", &PUBLIC[1..], super::KEY, &format!("{PUBLIC}AA")] {
            let refused = refusals(app, json!({ "subjectKey": key })).await;
            assert_eq!(refused, ["SUBJECT_KEY_INVALID input.subjectKey"], "{key}");
        }
    }

    async fn a_partner_shows_its_own_polls_and_those_of_the_province(app) {
        let own = partner_of(app, "Raalte", &[(Persona::Resident, "EDITOR")]).await;
        let other = partner_of(app, "Deventer", &[(Persona::Neighbour, "EDITOR")]).await;
        for (persona, partner, draft_only, expected) in [
            (Persona::Resident, json!(null), false, ""),
            (Persona::Resident, own["id"].clone(), false, ""),
            // What is not announced yet is its partner's to prepare, and known to nobody else.
            (Persona::Resident, own["id"].clone(), true, ""),
            (Persona::Resident, other["id"].clone(), false, "POLL_OF_OTHER_PARTNER input.pollId"),
            (Persona::Editor, other["id"].clone(), false, "POLL_OF_OTHER_PARTNER input.pollId"),
            (Persona::Resident, other["id"].clone(), true, "NOT_FOUND"),
            (Persona::Resident, json!(null), true, "NOT_FOUND"),
        ] {
            let mut changes = json!({ "partnerId": partner });
            if draft_only {
                changes["opensAt"] = Value::Null;
            }
            let made = poll::poll(app, changes).await;
            let input = json!({ "input": draft(&own, &made, &json!({})) });
            let answer = app.send(persona, "EmbedCreate", input).await;
            let outcome = match answer.code() {
                "" => answer.refusals("embedCreate").join(" "),
                code => code.to_owned(),
            };
            assert_eq!(outcome, expected, "{persona:?} {partner} {draft_only}");
        }
    }

    async fn what_is_absent_stays_and_null_clears(app) {
        let (made, _, _) = embed(app, json!({ "accentColor": "#00529c", "subjectKey": PUBLIC })).await;
        let before = shown(app, &made).await.expect("it is shown").revision;
        update(app, &made, json!({ "locale": "EN" })).await.accepted("embedUpdate");
        let now = read(app, Persona::Resident, &made).await;
        assert_eq!(now["accentColor"], "#00529c");
        assert_eq!(now["subjectKey"], PUBLIC);
        assert_eq!(now["allowedOrigins"], json!([SITE]));
        let other = json!({
            "allowedOrigins": ["https://b.example", "https://a.example"],
            "accentColor": null, "subjectKey": null,
        });
        let answer = update(app, &made, other).await;
        let updated = &answer.accepted("embedUpdate")["embed"];
        assert_eq!(updated["allowedOrigins"], json!(["https://a.example", "https://b.example"]));
        let now = read(app, Persona::Resident, &made).await;
        assert_eq!((&now["accentColor"], &now["subjectKey"], &now["locale"]), (&Value::Null, &Value::Null, &json!("EN")));
        let seen = shown(app, &made).await.expect("it is shown");
        assert_eq!(seen.revision, before + 2);
        assert!(seen.may_stand_on("https://a.example") && !seen.may_stand_on(SITE));
        let refused = update(app, &made, json!({ "allowedOrigins": ["*"] })).await;
        assert_eq!(refused.refusals("embedUpdate"), ["ORIGIN_WILDCARD input.allowedOrigins.0"]);
    }

    async fn a_revoked_embed_is_shown_nowhere_and_stays_so(app) {
        let (made, _, _) = embed(app, json!({})).await;
        assert!(shown(app, &made).await.is_some());
        let input = json!({ "input": { "embedId": made["id"] } });
        let first = app.send(Persona::Resident, "EmbedRevoke", input.clone()).await;
        let at = first.accepted("embedRevoke")["embed"]["revokedAt"].clone();
        assert!(at.is_string());
        app.clock.advance(chrono::TimeDelta::minutes(1));
        let second = app.send(Persona::Resident, "EmbedRevoke", input).await;
        assert_eq!(second.accepted("embedRevoke")["embed"]["revokedAt"], at);
        assert!(shown(app, &made).await.is_none());
        let refused = update(app, &made, json!({ "locale": "EN" })).await;
        assert_eq!(refused.refusals("embedUpdate"), ["EMBED_REVOKED input.embedId"]);
    }

    async fn an_embed_is_seen_by_its_own(app) {
        let (made, _, partner) = embed(app, json!({})).await;
        partner_of(app, "Deventer", &[(Persona::Neighbour, "ADMIN")]).await;
        for persona in Persona::ALL {
            let may = matches!(persona, Persona::Resident | Persona::Editor | Persona::Admin);
            assert_eq!(!read(app, persona, &made).await.is_null(), may, "{persona:?}");
            let listed = app
                .execute(
                    persona,
                    "query($slug: String!) { partner(slug: $slug) { embeds { totalCount nodes { id } } } }",
                    json!({ "slug": partner["slug"] }),
                )
                .await;
            let embeds = listed.data("/partner/embeds");
            assert_eq!(embeds.is_null(), !may, "{persona:?}");
            if may {
                assert_eq!(embeds["nodes"], json!([{ "id": made["id"] }]));
                assert_eq!(embeds["totalCount"], 1);
            }
        }
    }
}
