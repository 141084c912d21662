//! What pages are told of an embed.

use chrono::TimeDelta;
use domain::Locale;
use harness::on_both_databases;
use serde_json::json;

use super::{SITE, embed, shown};

on_both_databases! {
    async fn a_page_is_told_what_it_needs_and_from_memory(app) {
        let (made, poll, _) = embed(app, json!({ "accentColor": "#00529c" })).await;
        let first = shown(app, &made).await.expect("it is shown");
        assert_eq!(json!(first.poll_slug), poll["slug"]);
        assert_eq!(first.locale, Locale::Nl);
        assert_eq!(first.accent.expect("a colour").to_string(), "#00529c");
        assert_eq!(first.origins, [SITE]);
        assert!(first.may_stand_on(SITE) && !first.may_stand_on("https://evil.example"));
        assert!(!first.vouches());
        let (second, statements) = app.statements_of(shown(app, &made)).await;
        assert_eq!(second.as_ref(), Some(&first));
        assert_eq!(statements, [""; 0]);
    }

    async fn another_process_sees_a_change_within_five_seconds(app) {
        let (made, _, _) = embed(app, json!({})).await;
        let other = app.neighbour().await;
        assert!(shown(&other, &made).await.is_some());
        let input = json!({ "input": { "embedId": made["id"] } });
        app.send(harness::Persona::Resident, "EmbedRevoke", input).await.accepted("embedRevoke");
        assert!(shown(app, &made).await.is_none());
        assert!(shown(&other, &made).await.is_some(), "from memory");
        app.clock.advance(TimeDelta::seconds(5));
        assert!(shown(&other, &made).await.is_none());
        other.end().await;
    }
}
