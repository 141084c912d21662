//! The mails about decisions: to authors and to those who reported.

use chrono::TimeDelta;
use domain::{Actor, Locale, clock::Clock, local_time, mail::Mail};
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{case_of, decide, person, report, reported, send};
use crate::{comment::comment, poll::poll};

const AUTHOR: &str = "resident@voorbeeld.example";
const REPORTER: &str = "neighbour@voorbeeld.example";

/// The mails to an address since the last look.
async fn mails_to(app: &TestApp, address: &str) -> Vec<Mail> {
    app.run_jobs().await;
    let mails = app.mails().into_iter();
    mails.filter(|mail| mail.to == address).collect()
}

fn outcomes(mails: &[Mail]) -> Vec<&str> {
    let of_reports = mails
        .iter()
        .filter(|mail| mail.subject == "Uw melding is afgehandeld");
    of_reports.map(|mail| mail.text.as_str()).collect()
}

on_both_databases! {
    async fn the_author_reads_what_was_decided_about_which_text_and_until_when_to_appeal(app) {
        let posted_at = app.clock.now();
        let (_, case) = reported(app).await;
        app.clock.advance(TimeDelta::days(3));
        decide(app, Persona::Moderator, &case, "HIDE").await.accepted("moderationCaseDecide");
        let until = app.clock.now() + TimeDelta::days(14);
        let mails = mails_to(app, AUTHOR).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!(mails[0].subject, "We hebben uw reactie verborgen");
        let text = &mails[0].text;
        let day = local_time::day(posted_at, Locale::Nl);
        let until = local_time::moment(until, Locale::Nl);
        for part in [
            format!("We hebben uw reactie verborgen: \"Scheldwoord.\" (bij 'Water', {day})."),
            "De reden: kwetsend of beledigend.".to_owned(),
            "Schelden mag hier niet.".to_owned(),
            format!("U kunt tot {until} één keer bezwaar maken tegen besluit 1."),
            harness::SITE.to_owned(),
        ] {
            assert!(text.contains(&part), "{part} is not in {text}");
        }
    }

    async fn a_comment_under_a_poll_comes_with_the_address_of_the_poll(app) {
        let poll = poll(app, json!({})).await;
        let posted = comment(app, Persona::Resident, &poll, "Scheldwoord.").await;
        report(app, Persona::Neighbour, &posted, "OFFENSIVE").await.accepted("contentReport");
        let case = case_of(app, &posted).await;
        decide(app, Persona::Moderator, &case, "HIDE").await.accepted("moderationCaseDecide");
        let mails = mails_to(app, AUTHOR).await;
        let page = format!("{}/polls/{}\n", harness::SITE, poll["slug"].as_str().expect("a slug"));
        assert!(mails[0].text.contains(&page), "{page} is not in {}", mails[0].text);
    }

    async fn each_reporter_hears_once_how_it_ended_and_not_who_decided(app) {
        let (posted, _) = reported(app).await;
        let reported_at = local_time::moment(app.clock.now(), Locale::Nl);
        let els = person(app, "Els", &[]).await;
        send(app, &els, "ContentReport", json!({ "input": { "subjectId": posted["id"], "reason": "SPAM" } }))
            .await.accepted("contentReport");
        report(app, Persona::Visitor, &posted, "SPAM").await.accepted("contentReport");
        app.clock.advance(TimeDelta::hours(2));
        let case = case_of(app, &posted).await;
        assert_eq!(outcomes(&mails_to(app, REPORTER).await), Vec::<&str>::new(), "not before it ended");
        decide(app, Persona::Moderator, &case, "HIDE").await.accepted("moderationCaseDecide");
        let mails = mails_to(app, REPORTER).await;
        let told = outcomes(&mails);
        assert_eq!(told.len(), 1, "{mails:?}");
        assert!(told[0].contains(&format!("Op {reported_at} meldde u een reactie bij 'Water'.")), "{}", told[0]);
        assert!(told[0].contains("niet meer te zien"), "{}", told[0]);
        for private in ["Scheldwoord", "Schelden mag", "Moderator", "Els", "Iris"] {
            assert!(!told[0].contains(private), "{private} is in {}", told[0]);
        }
        let all = app.mails();
        assert_eq!(outcomes(&all).len(), 2, "Els as well; a visitor has no address: {all:?}");
        // A second decision ends it another way: each hears that, too, once.
        let case = case_of(app, &posted).await;
        decide(app, Persona::Admin, &case, "RESTORE").await.accepted("moderationCaseDecide");
        let mails = mails_to(app, REPORTER).await;
        let told = outcomes(&mails);
        assert_eq!(told.len(), 2);
        assert!(told[1].contains("geen reden om in te grijpen"), "{}", told[1]);
    }

    async fn a_reporter_hears_that_an_appeal_reversed_a_decision_and_not_that_it_stood(app) {
        for (action, heard) in [("HIDE", 1), ("RESTORE", 2)] {
            let (posted, case) = reported(app).await;
            decide(app, Persona::Moderator, &case, "HIDE").await.accepted("moderationCaseDecide");
            let before = outcomes(&mails_to(app, REPORTER).await).len();
            let document = "query($id: ID!) { node(id: $id) { ... on Comment { moderationDecision { id } } } }";
            let seen = app.execute(Persona::Resident, document, json!({ "id": posted["id"] })).await;
            let input = json!({ "decisionId": seen.data("/node/moderationDecision/id"), "statement": "Het was een grap." });
            app.clock.advance(TimeDelta::hours(1));
            app.send(Persona::Resident, "ModerationDecisionAppeal", json!({ "input": input })).await
                .accepted("moderationDecisionAppeal");
            let case = case_of(app, &posted).await;
            decide(app, Persona::Admin, &case, action).await.accepted("moderationCaseDecide");
            let mails = mails_to(app, REPORTER).await;
            let told = outcomes(&mails);
            assert_eq!(told.len(), before + heard - 1, "{action}: {told:?}");
        }
        let mails = mails_to(app, REPORTER).await;
        let last = *outcomes(&mails).last().expect("a mail");
        assert!(last.contains("geen reden om in te grijpen"), "{last}");
    }

    async fn three_reports_hide_an_item_and_tell_nobody_that_it_ended(app) {
        let (posted, _) = reported(app).await;
        for name in ["Els", "Piet"] {
            let actor: Actor = person(app, name, &[]).await;
            let input: Value = json!({ "input": { "subjectId": posted["id"], "reason": "SPAM" } });
            send(app, &actor, "ContentReport", input).await.accepted("contentReport");
        }
        app.run_jobs().await;
        assert_eq!(outcomes(&app.mails()), Vec::<&str>::new());
    }
}
