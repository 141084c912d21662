//! What is remembered of who contributed, and for how long.

use chrono::TimeDelta;
use domain::Actor;
use entity::{account_contribution, recent_contribution, recent_text};
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::Value;

use super::{add, rules};
use crate::theme::theme;

/// Rows of accounts, of minutes, and of texts.
async fn rows(app: &TestApp) -> [u64; 3] {
    let connection = app.database.read();
    [
        account_contribution::Entity::find().count(connection).await,
        recent_contribution::Entity::find().count(connection).await,
        recent_text::Entity::find().count(connection).await,
    ]
    .map(|count| count.expect("a count"))
}

on_both_databases! {
    async fn who_said_what_is_forgotten_within_a_day(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(rules()).await;
        for text in ["Een.", "Twee.", "Drie."] {
            add(app, Persona::Resident, &on, text, Value::Null).await;
        }
        app.clock.advance(TimeDelta::hours(2));
        add(app, Persona::Neighbour, &on, "Vier.", Value::Null).await;
        // Three in one minute are one row.
        assert_eq!(rows(app).await, [2, 2, 4]);
        app.clock.advance(TimeDelta::hours(23));
        let gone = app.services.privacy.retain(&Actor::System).await.expect("it works");
        assert_eq!(gone.get("screening"), Some(&4));
        assert_eq!(rows(app).await, [2, 1, 1]);
        app.clock.advance(TimeDelta::hours(2));
        app.services.privacy.retain(&Actor::System).await.expect("it works");
        assert_eq!(rows(app).await, [2, 0, 0]);
    }

    async fn another_process_remembers_the_same(app) {
        let on = theme(app, "Water").await;
        let text = "Koop nu de allerbeste zonnepanelen van heel Overijssel.";
        let one = &app.screening(rules()).await;
        let other = &app.screening(rules()).await;
        assert_eq!(add(one, Persona::Resident, &on, text, Value::Null).await["comment"]["state"], "VISIBLE");
        assert_eq!(add(other, Persona::Neighbour, &on, text, Value::Null).await["comment"]["state"], "PENDING");
    }
}
