//! From a report to a decision and its record.

use domain::{Actor, moderation::Verified};
use entity::{moderation_chain, moderation_entry};
use harness::{Persona, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{decide, queue, report, reported};

on_both_databases! {
    async fn a_report_opens_one_case_and_a_decision_closes_it(app) {
        let (posted, case) = reported(app).await;
        assert_eq!(case["state"], "OPEN");
        assert_eq!(case["subject"]["id"], posted["id"]);
        assert_eq!(case["subjectSnapshot"], "Scheldwoord.");
        let again = report(app, Persona::Neighbour, &posted, "SPAM").await;
        assert_eq!(again.refusals("contentReport"), ["ALREADY_REPORTED input.subjectId"]);
        let own = report(app, Persona::Resident, &posted, "SPAM").await;
        assert_eq!(own.refusals("contentReport"), ["OWN_CONTENT input.subjectId"]);
        let hidden = decide(app, Persona::Moderator, &case, "HIDE").await;
        let hidden = hidden.accepted("moderationCaseDecide")["case"].clone();
        assert_eq!(hidden["state"], "HIDDEN");
        assert_eq!(hidden["decisions"][0]["statement"], "Schelden mag hier niet.");
        let restored = decide(app, Persona::Admin, &hidden, "RESTORE").await;
        assert_eq!(restored.accepted("moderationCaseDecide")["case"]["state"], "APPROVED");
        let seen = queue(app).await;
        assert_eq!(seen["totalCount"], 1);
        assert_eq!(seen["countsByState"][0]["state"], "APPROVED");
    }

    async fn of_two_decisions_on_one_version_the_second_is_told_so(app) {
        let (_, case) = reported(app).await;
        decide(app, Persona::Moderator, &case, "HIDE").await.accepted("moderationCaseDecide");
        let second = decide(app, Persona::Admin, &case, "IGNORE").await;
        assert_eq!(second.refusals("moderationCaseDecide"), ["CASE_CHANGED input.expectedVersion"]);
        assert_eq!(second.data("/moderationCaseDecide")["case"]["state"], "HIDDEN");
    }

    async fn the_record_is_only_added_to_and_says_where_it_is_broken(app) {
        let (_, case) = reported(app).await;
        let hidden = decide(app, Persona::Moderator, &case, "HIDE").await;
        let hidden = hidden.accepted("moderationCaseDecide")["case"].clone();
        decide(app, Persona::Moderator, &hidden, "RESTORE").await.accepted("moderationCaseDecide");
        let moderation = &app.services.moderation;
        let whole = moderation.verify(&Actor::System, None).await.expect("a record");
        assert!(matches!(whole, (Verified::Whole { entries: 2, .. }, true)), "{whole:?}");
        let changed = moderation_entry::Entity::update_many()
            .col_expr(moderation_entry::Column::IsReversal, Expr::value(true))
            .filter(moderation_entry::Column::Position.eq(1))
            .exec(app.database.writer())
            .await;
        assert!(changed.is_err(), "an entry was changed");
        let removed = moderation_entry::Entity::delete_many().exec(app.database.writer()).await;
        assert!(removed.is_err(), "the record was emptied");
        let end = moderation_chain::Entity::find().one(app.database.read()).await.expect("a query");
        assert_eq!(end.expect("the end").length, 2);
    }
}
