//! The page that is made once for many: when it is made anew.

use chrono::TimeDelta;
use domain::clock::Clock;
use futures_util::future::join_all;
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{Seen, chosen, open, open_with, packed::unpacked, poll, send};
use crate::embed::{SITE, embed};

/// The page as it is sent to most.
async fn packed(app: &TestApp, poll: &Value) -> String {
    let page = open_with(app, poll, &[("accept-encoding", "br")]).await;
    assert_eq!(page.header("content-encoding"), "br");
    unpacked(&page.body)
}

on_both_databases! {
    async fn a_crowd_after_a_vote_sees_it_and_asks_the_database_nothing(app) {
        let poll = poll(app, json!({})).await;
        let page = open(app, &poll).await;
        for votes in ["1 persoon heeft", "2 mensen hebben"] {
            let token = open(app, &poll).await.token().to_owned();
            assert_eq!(send(app, &poll, &token, &[chosen(&poll, 0, 0)]).await.status, 200);
            let crowd = join_all((0..20).map(|_| open_with(app, &poll, &[])));
            let (crowd, statements) = app.statements_of(crowd).await;
            assert_eq!(statements, [""; 0]);
            let mut tokens: Vec<&str> = crowd.iter().map(Seen::token).collect();
            tokens.sort_unstable();
            tokens.dedup();
            assert_eq!(tokens.len(), 20, "each has a token of their own");
            for seen in &crowd {
                assert!(seen.text().contains(votes), "{votes}");
            }
            assert!(packed(app, &poll).await.contains(votes), "{votes}");
        }
        assert!(!page.text().contains("persoon heeft"));
    }

    async fn a_page_changes_with_the_poll_and_with_time_alone(app) {
        let closes = app.clock.now() + TimeDelta::hours(1);
        let made = poll(app, json!({ "closesAt": closes })).await;
        assert!(packed(app, &made).await.contains("<button>Stem</button>"));
        let input = json!({ "pollId": made["id"], "title": "Zwemmen in de Vecht" });
        app.send(Persona::Editor, "PollUpdate", json!({ "input": input })).await.accepted("pollUpdate");
        let page = packed(app, &made).await;
        assert!(page.contains("<h1>Zwemmen in de Vecht</h1>") && page.contains("<button>"));
        app.clock.advance(TimeDelta::seconds(3_600));
        let page = packed(app, &made).await;
        assert!(page.contains("De peiling is gesloten.") && !page.contains("<button>"));
    }

    async fn a_frame_changes_with_its_embed(app) {
        let (made, _, _) = embed(app, json!({ "accentColor": "#7a1f5c" })).await;
        assert!(packed(app, &made).await.contains("--accent:#7a1f5c"));
        let other = "https://elders.example";
        let input = json!({ "embedId": made["id"], "accentColor": "#00529c", "allowedOrigins": [SITE, other] });
        app.send(Persona::Resident, "EmbedUpdate", json!({ "input": input })).await.accepted("embedUpdate");
        let page = open(app, &made).await;
        assert!(page.header("content-security-policy").contains(other));
        assert!(page.text().contains("--accent:#00529c"));
        assert!(packed(app, &made).await.contains("--accent:#00529c"));
    }
}
