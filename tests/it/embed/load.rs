//! Where an embed was shown, and what came of it.

use chrono::TimeDelta;
use domain::embed::LoadKind;
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{SITE, embed, shown, token, vote};

async fn used(app: &TestApp, partner: &Value) -> Value {
    let variables = json!({ "partnerSlug": partner["slug"] });
    app.send(Persona::Resident, "EmbedUse", variables)
        .await
        .data("/partner/embeds/edges/0/node")
        .clone()
}

on_both_databases! {
    async fn loads_and_refusals_are_counted_by_site_and_say_nothing_of_people(app) {
        let (made, _, partner) = embed(app, json!({})).await;
        let page = shown(app, &made).await.expect("it is shown");
        let embeds = &app.services.embeds;
        let ((), statements) = app.statements_of(async {
            for _ in 0..3 {
                embeds.observe(&page, Some("https://www.raalte.example/mijn?naam=piet"), LoadKind::Load);
            }
            embeds.observe(&page, None, LoadKind::Load);
            embeds.observe(&page, Some("https://evil.example/a"), LoadKind::Refusal);
        }).await;
        assert_eq!(statements, [""; 0], "nobody waits for the database");
        embeds.write_loads().await.expect("written");
        app.clock.advance(TimeDelta::seconds(10));
        embeds.observe(&page, Some(SITE), LoadKind::Load);
        embeds.write_loads().await.expect("written");
        embeds.write_loads().await.expect("nothing to write");
        let used = used(app, &partner).await;
        let loads = used["loads"].as_array().expect("loads");
        let counts: Vec<_> = loads.iter().map(|load| (&load["origin"], &load["count"])).collect();
        assert_eq!(counts, [(&json!(SITE), &json!(4)), (&Value::Null, &json!(1))]);
        assert!(loads[0]["lastSeenAt"].as_str() > loads[1]["lastSeenAt"].as_str());
        let refusals = &used["refusals"];
        assert_eq!((&refusals[0]["origin"], &refusals[0]["count"]), (&json!("https://evil.example"), &json!(1)));
        assert!(!used.to_string().contains("piet"));
    }

    async fn processes_add_up(app) {
        let (made, _, partner) = embed(app, json!({})).await;
        let page = shown(app, &made).await.expect("it is shown");
        let other = app.neighbour().await;
        for app in [app, &other] {
            for _ in 0..5 {
                app.services.embeds.observe(&page, Some(SITE), LoadKind::Load);
            }
        }
        let (one, two) = tokio::join!(
            app.services.embeds.write_loads(),
            other.services.embeds.write_loads(),
        );
        one.expect("written");
        two.expect("written");
        assert_eq!(used(app, &partner).await["loads"][0]["count"], 10);
        other.end().await;
    }

    async fn sites_that_nobody_named_are_bounded(app) {
        let (made, _, partner) = embed(app, json!({})).await;
        let page = shown(app, &made).await.expect("it is shown");
        let embeds = &app.services.embeds;
        for round in 0..3 {
            for number in 0..90 {
                let origin = format!("https://{round}-{number}.example");
                embeds.observe(&page, Some(&origin), LoadKind::Refusal);
            }
            embeds.write_loads().await.expect("written");
        }
        embeds.observe(&page, Some(SITE), LoadKind::Load);
        embeds.write_loads().await.expect("written");
        let used = used(app, &partner).await;
        let refusals = used["refusals"].as_array().expect("refusals");
        assert_eq!(refusals.len(), 101);
        let sum: i64 = refusals.iter().filter_map(|load| load["count"].as_i64()).sum();
        assert_eq!(sum, 270);
        assert_eq!(refusals[0]["origin"], Value::Null, "the rest are together");
        assert_eq!(used["loads"][0]["origin"], SITE, "a site that was named has room always");
    }

    async fn ballots_that_stand_are_counted_where_they_came_by(app) {
        let (made, poll, partner) = embed(app, json!({})).await;
        for _ in 0..3 {
            let token = token(app, &made, &json!({})).await;
            assert_eq!(vote(app, &token, &poll).await, "");
            assert_eq!(vote(app, &token, &poll).await, "");
        }
        assert_eq!(used(app, &partner).await["ballotCount"], 3);
        let variables = json!({ "partnerSlug": partner["slug"] });
        let (_, statements) = app
            .statements_of(app.send(Persona::Resident, "EmbedUse", variables))
            .await;
        assert!(statements.len() <= 9, "{}: {statements:#?}", statements.len());
    }
}
