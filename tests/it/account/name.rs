//! Names that pass for another's, and for whom an author speaks.

use chrono::TimeDelta;
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{register, registration};
use crate::{
    comment::comment,
    moderation::{person, queue, report, send},
    partner::partner_of,
    theme::theme,
};

async fn rename(app: &TestApp, persona: Persona, name: &str) -> harness::Answer {
    let variables = json!({ "input": { "displayName": name } });
    app.send(persona, "AccountUpdate", variables).await
}

async fn register_as(app: &TestApp, name: &str) -> harness::Answer {
    let mut input = registration("nieuw@voorbeeld.example");
    input["displayName"] = json!(name);
    register(app, input).await
}

/// The names that neither registering nor renaming gives, with the code of the refusal.
async fn assert_refused(app: &TestApp, name: &str, code: &str) {
    let registered = register_as(app, name).await;
    let expected = [format!("{code} input.displayName")];
    assert_eq!(registered.refusals("accountRegister"), expected, "{name}");
    let renamed = rename(app, Persona::Resident, name).await;
    assert_eq!(renamed.refusals("accountUpdate"), expected, "{name}");
}

/// Each author of a comment under a theme, with the kind of author that they are.
async fn authors(app: &TestApp, theme: &Value) -> Value {
    let document =
        "query($id: ID!) { node(id: $id) { ... on Theme { comments(first: 20, orderBy: OLDEST) {
        nodes { author { displayName kind } } } } } }";
    let answer = app
        .execute(Persona::Anonymous, document, json!({ "id": theme["id"] }))
        .await;
    answer.data("/node/comments/nodes").clone()
}

on_both_databases! {
    async fn nobody_takes_a_name_that_passes_for_the_provinces_or_a_moderators(app) {
        for name in ["Provincie Overijssel", "Рrоvinсiе Overijssel", "PROVlNCIE OVERIJSSEL", "Moderator", "M o d e r a t o r",
            "de moder\u{AD}ator", "Verborgen naam"] {
            assert_refused(app, name, "NAME_RESERVED").await;
        }
        assert_refused(app, "bel 06 12345678", "NAME_UNFIT").await;
        register_as(app, "Anna van Overijssel").await.accepted("accountRegister");
        rename(app, Persona::Resident, "Fatma B.").await.accepted("accountUpdate");
        // Every problem of a registration is named at once.
        let mut input = registration("geen adres");
        input["displayName"] = json!("Moderator");
        assert_eq!(register(app, input).await.refusals("accountRegister"), ["EMAIL_INVALID input.email", "NAME_RESERVED input.displayName"]);
    }

    async fn a_partners_name_is_nobody_elses(app) {
        rename(app, Persona::Neighbour, "Stichting Sallandhof").await.accepted("accountUpdate");
        partner_of(app, "Stichting Sallandhof", &[(Persona::Resident, "EDITOR")]).await;
        partner_of(app, "Raalte", &[]).await;
        for name in ["Stichting Sallandhof", "STICHTING SALLANDH0F", "Stichting Sallandhof (officieel)", "Raalte", "Rааlte"] {
            assert_refused(app, name, "NAME_RESERVED").await;
        }
        // A name of one word is a place as well, or a person's.
        rename(app, Persona::Resident, "Piet van Raalte").await.accepted("accountUpdate");
        // Who went by it before keeps it, and is told apart by what they are.
        let theme = theme(app, "Water").await;
        comment(app, Persona::Neighbour, &theme, "Ik heet ook zo.").await;
        app.clock.advance(TimeDelta::seconds(1));
        comment(app, Persona::Resident, &theme, "Ik werk er.").await;
        assert_eq!(authors(app, &theme).await, json!([
            { "author": { "displayName": "Stichting Sallandhof", "kind": "PERSON" } },
            { "author": { "displayName": "Piet van Raalte", "kind": "PARTNER" } },
        ]));
        let same = json!({ "input": { "displayName": "Stichting Sallandhof", "locale": "EN" } });
        app.send(Persona::Neighbour, "AccountUpdate", same).await.accepted("accountUpdate");
    }

    async fn names_of_partners_that_were_there_before_are_reserved_when_the_program_starts(app) {
        use sea_orm::EntityTrait;
        partner_of(app, "Stichting Sallandhof", &[]).await;
        let all = entity::reserved_name::Entity::delete_many();
        all.exec(app.database.writer()).await.expect("as before");
        let restarted = app.neighbour().await;
        assert_refused(&restarted, "Stichting Sallandhof", "NAME_RESERVED").await;
    }

    async fn an_author_is_a_person_a_partner_the_province_or_staff(app) {
        let theme = theme(app, "Wonen").await;
        for persona in [Persona::Resident, Persona::Editor, Persona::Moderator, Persona::Admin] {
            comment(app, persona, &theme, "Dat vind ik ook.").await;
            app.clock.advance(TimeDelta::seconds(1));
        }
        let (seen, statements) = app.statements_of(authors(app, &theme)).await;
        let kinds: Vec<&Value> = seen.as_array().expect("comments").iter().map(|node| &node["author"]["kind"]).collect();
        assert_eq!(kinds, ["PERSON", "PROVINCE", "STAFF", "STAFF"]);
        let of_kinds = statements.iter().filter(|text| text.contains("account_role") || text.contains("partner_member"));
        assert_eq!(of_kinds.count(), 2, "for all authors at once: {statements:#?}");
        // In the queue as well.
        let posted = comment(app, Persona::Editor, &theme, "De provincie bouwt.").await;
        report(app, Persona::Neighbour, &posted, "OTHER").await.accepted("contentReport");
        let document = "{ moderationCases(first: 1) { nodes { author { kind } } } }";
        let answer = app.execute(Persona::Moderator, document, json!({})).await;
        assert_eq!(answer.data("/moderationCases/nodes/0/author/kind"), "PROVINCE");
    }

    async fn a_name_that_moderators_hid_is_not_taken_back(app) {
        let rude = person(app, "Scheldnaam", &[]).await;
        let theme = theme(app, "Sport").await;
        let input = json!({ "input": { "subjectId": theme["id"], "language": "nl", "body": "Dag allemaal." } });
        let document = "mutation($input: CommentAddInput!) { commentAdd(input: $input) { comment { author { id } } userErrors { code } } }";
        let added = app.execute_as(rude.clone(), document, input).await;
        let author = added.accepted("commentAdd")["comment"]["author"].clone();
        report(app, Persona::Neighbour, &author, "OFFENSIVE").await.accepted("contentReport");
        let decide = async |action: &str| {
            let case = queue(app).await["edges"][0]["node"].clone();
            let input = json!({ "caseId": case["id"], "expectedVersion": case["version"], "action": action,
                "reasonCode": "OFFENSIVE", "statement": "Kies een andere naam." });
            app.send(Persona::Moderator, "ModerationCaseDecide", json!({ "input": input })).await.accepted("moderationCaseDecide");
        };
        decide("HIDE").await;
        let take = async |name: &str| send(app, &rude, "AccountUpdate", json!({ "input": { "displayName": name } })).await;
        for name in ["Scheldnaam", "scheldnaam", "Scheld-naam", "Sсheldnaam"] {
            assert_eq!(take(name).await.refusals("accountUpdate"), ["NAME_HIDDEN input.displayName"], "{name}");
        }
        take("Nette naam").await.accepted("accountUpdate");
        // It changed since it was judged: the same person may report it again.
        report(app, Persona::Neighbour, &author, "SPAM").await.accepted("contentReport");
        let twice = report(app, Persona::Neighbour, &author, "SPAM").await;
        assert_eq!(twice.refusals("contentReport"), ["ALREADY_REPORTED input.subjectId"]);
        decide("HIDE").await;
        assert_eq!(take("Nette naam").await.refusals("accountUpdate"), ["NAME_HIDDEN input.displayName"]);
        decide("RESTORE").await;
        take("Nette Naam").await.accepted("accountUpdate");
    }
}
