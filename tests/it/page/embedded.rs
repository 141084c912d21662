//! The page in a frame of a partner.

use chrono::TimeDelta;
use entity::ballot::{Assurance, Channel};
use harness::{Persona, on_both_databases};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{chosen, open, open_with, results, send};
use crate::embed::{
    PUBLIC, SITE, embed,
    session::{ballots, signed},
    token,
};

const OTHER: &str = "https://elders.example";

on_both_databases! {
    async fn the_frame_is_in_the_partners_language_and_colour_and_on_its_pages_alone(app) {
        let changes = json!({ "allowedOrigins": [SITE, OTHER], "accentColor": "#7a1f5c", "locale": "EN" });
        let (made, _, _) = embed(app, changes).await;
        let page = open(app, &made).await;
        assert_eq!(page.status, 200);
        let policy = page.header("content-security-policy");
        let (_, ancestors) = policy.split_once("frame-ancestors ").expect("a rule for frames");
        let mut ancestors: Vec<&str> = ancestors.split(' ').collect();
        ancestors.sort_unstable();
        assert_eq!(ancestors, [OTHER, SITE]);
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
        assert!(!page.headers.contains_key("x-frame-options"));
        assert!(!page.headers.contains_key("set-cookie"));
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert!(page.text().contains("--accent:#7a1f5c"));
        assert!(page.text().contains("<html lang=\"en\">"));
        assert!(page.text().contains(&format!("data-o=\"{OTHER} {SITE}\"")));
        let packed = open_with(app, &made, &[("accept-encoding", "br")]).await;
        assert_eq!(packed.header("content-encoding"), "br");
        assert!(packed.body.len() <= 10 * 1024, "{} bytes", packed.body.len());
    }

    async fn who_votes_in_a_frame_without_a_script_comes_in_by_it(app) {
        let (made, poll, _) = embed(app, json!({})).await;
        let page = open(app, &made).await;
        for place in [0, 1] {
            let voted = send(app, &made, page.token(), &[chosen(&poll, 0, place)]).await;
            assert_eq!(voted.status, 200, "{}", voted.text());
            assert!(voted.text().contains("Uw stem is geteld."));
        }
        assert_eq!(ballots(app).await, [(Channel::Embed, Assurance::Open, true)]);
        assert_eq!(results(app, &poll).await[0]["options"][1]["voterCount"], 1);
        // A token of another kind of page is none for this frame.
        let fresh = send(app, &made, "no-token", &[chosen(&poll, 0, 0)]).await;
        assert_eq!(fresh.status, 401);
        let voted = send(app, &made, fresh.token(), &[chosen(&poll, 0, 0)]).await;
        assert_eq!(voted.status, 200);
        assert_eq!(ballots(app).await.len(), 2);
    }

    async fn a_page_that_may_not_show_it_is_refused_and_counted(app) {
        let (made, poll, partner) = embed(app, json!({})).await;
        let framed = async |referer: &str| {
            let headers = [("sec-fetch-dest", "iframe"), ("referer", referer), ("host", "jij.example")];
            open_with(app, &made, &headers).await.status.as_u16()
        };
        assert_eq!(framed("https://www.raalte.example/").await, 200);
        assert_eq!(framed("https://evil.example/page?who=piet").await, 403);
        assert_eq!(framed("not an address").await, 403);
        // The frame itself goes on, which is no new load.
        assert_eq!(framed("https://jij.example/embed/1").await, 200);
        // Who opens it outside a frame is no load of a partner's page.
        assert_eq!(open(app, &made).await.status, 200);
        app.services.embeds.write_loads().await.expect("written");
        let used = app
            .send(Persona::Resident, "EmbedUse", json!({ "partnerSlug": partner["slug"] }))
            .await;
        let embed = used.data("/partner/embeds/edges/0/node");
        let counts = |kind: &str| -> Vec<(Value, Value)> {
            let loads = embed[kind].as_array().expect("a list").iter();
            let mut counts: Vec<_> = loads.map(|load| (load["origin"].clone(), load["count"].clone())).collect();
            counts.sort_by_key(|(origin, _)| origin.is_null());
            counts
        };
        assert_eq!(counts("loads"), [(json!(SITE), json!(1))]);
        assert_eq!(counts("refusals"), [(json!("https://evil.example"), json!(1)), (Value::Null, json!(1))]);
        assert!(!used.0.to_string().contains("piet"));
        assert_eq!(results(app, &poll).await[0]["voterCount"], 0);
    }

    async fn what_is_revoked_or_was_never_there_is_not_shown(app) {
        let (made, poll, _) = embed(app, json!({ "subjectKey": PUBLIC })).await;
        let page = open(app, &made).await;
        let vouched = token(app, &made, &signed(app, &made, "piet")).await;
        let input = json!({ "input": { "embedId": made["id"] } });
        app.send(Persona::Resident, "EmbedRevoke", input).await.accepted("embedRevoke");
        let unknown = json!({ "url": "https://jij.example/embed/00000000-0000-0000-0000-000000000000" });
        let malformed = json!({ "url": "https://jij.example/embed/1" });
        for gone in [&made, &unknown, &malformed] {
            assert_eq!(open(app, gone).await.status, 404, "{gone}");
            let sent = send(app, gone, page.token(), &[chosen(&poll, 0, 0)]).await;
            assert_eq!(sent.status, 404);
        }
        // The poll has a page of its own, where its token is worth no more.
        for token in [page.token(), &vouched] {
            let sent = send(app, &poll, token, &[chosen(&poll, 0, 0)]).await;
            assert_eq!(sent.status, 401);
        }
        assert_eq!(results(app, &poll).await[0]["voterCount"], 0);
    }

    async fn a_token_that_cannot_be_looked_up_is_not_called_bad(app) {
        let (made, poll, _) = embed(app, json!({})).await;
        let bearer = format!("Bearer {}", open(app, &made).await.token());
        let known = [("authorization", &bearer[..])];
        assert_eq!(open_with(app, &poll, &known).await.status, 200);
        app.clock.advance(TimeDelta::seconds(6));
        let broken = "ALTER TABLE embed RENAME TO embed_away";
        app.database.writer().execute_unprepared(broken).await.expect("broken");
        // Whoever hears that their token is bad lets it go, and with it who they are.
        assert_eq!(open_with(app, &poll, &known).await.status, 503);
        let mended = "ALTER TABLE embed_away RENAME TO embed";
        app.database.writer().execute_unprepared(mended).await.expect("mended");
        assert_eq!(open_with(app, &poll, &known).await.status, 200);
    }
}
