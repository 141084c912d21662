//! An author who is erased: their words go, the record stays whole.

use domain::{Actor, moderation::Verified};
use harness::{Persona, on_both_databases};
use serde_json::json;

use super::{PASSWORD, case_of, decide, person, report, send};
use crate::{
    privacy::erase::{erase, holders},
    theme::theme,
};

on_both_databases! {
    async fn their_words_and_what_they_were_told_go_and_the_record_holds(app) {
        let author = person(app, "Vertrekker", &[]).await;
        let theme = theme(app, "Wonen").await;
        let document = "mutation($input: CommentAddInput!) { commentAdd(input: $input) { comment { id } userErrors { code } } }";
        let input = json!({ "input": { "subjectId": theme["id"], "language": "nl", "body": "Klinkklare kolder." } });
        let added = app.execute_as(author.clone(), document, input).await;
        let posted = added.accepted("commentAdd")["comment"].clone();
        report(app, Persona::Neighbour, &posted, "OFFENSIVE").await.accepted("contentReport");
        let case = case_of(app, &posted).await;
        decide(app, Persona::Moderator, &case, "HIDE").await.accepted("moderationCaseDecide");
        let read = "query($id: ID!) { node(id: $id) { ... on Comment { moderationDecision { id statement } } } }";
        let seen = app.execute_as(author.clone(), read, json!({ "id": posted["id"] })).await;
        let decision = seen.data("/node/moderationDecision").clone();
        let appeal = json!({ "input": { "decisionId": decision["id"], "statement": "Dat meende ik echt." } });
        send(app, &author, "ModerationDecisionAppeal", appeal).await.accepted("moderationDecisionAppeal");
        let words = ["Klinkklare kolder.", "Schelden mag hier niet.", "Dat meende ik echt.", "Vertrekker"];
        for text in words {
            assert_ne!(holders(app, text).await, Vec::<String>::new(), "the search finds what is there: {text}");
        }
        let erased = erase(app, &author, json!({ "password": PASSWORD, "keepContributions": false })).await;
        erased.accepted("accountErase");
        for text in words {
            assert_eq!(holders(app, text).await, Vec::<String>::new(), "{text}");
        }
        let whole = app.services.moderation.verify(&Actor::System, None).await.expect("a record");
        assert!(matches!(whole, (Verified::Whole { entries: 1, .. }, true)), "{whole:?}");
        // Moderators still see that there was a case, and may close it.
        let left = case_of(app, &posted).await;
        assert_eq!((&left["state"], &left["subjectSnapshot"]), (&json!("OPEN"), &json!("")));
        assert!(left["decisions"][0]["statement"].is_null());
        decide(app, Persona::Admin, &left, "HIDE").await.accepted("moderationCaseDecide");
    }
}
