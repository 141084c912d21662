//! Voting by the form alone.

use harness::{Persona, on_both_databases};
use serde_json::json;

use super::{
    asked, chosen, every_kind, open, option, poll, question, results, send, valued, written,
};

on_both_databases! {
    async fn each_kind_is_voted_on_without_a_script(app) {
        let poll = every_kind(app).await;
        let page = open(app, &poll).await;
        assert_eq!(page.status, 200);
        let fields = [
            chosen(&poll, 0, 1),
            chosen(&poll, 1, 0),
            chosen(&poll, 1, 2),
            valued(&poll, 2, 0, "1"),
            valued(&poll, 2, 1, "-1"),
            valued(&poll, 3, 0, "4"),
            valued(&poll, 4, 0, "2"),
            valued(&poll, 4, 1, "1"),
            valued(&poll, 4, 2, "3"),
            valued(&poll, 5, 0, "7"),
            valued(&poll, 5, 1, ""),
            valued(&poll, 5, 2, "3"),
            valued(&poll, 6, 0, "42"),
            written(&poll, 7, "Groene ruimte"),
            written(&poll, 7, ""),
            written(&poll, 7, "rust"),
            written(&poll, 8, "Meer bankjes langs de Vecht"),
            chosen(&poll, 9, 0),
        ];
        let voted = send(app, &poll, page.token(), &fields).await;
        assert_eq!(voted.status, 200, "{}", voted.text());
        assert!(voted.text().contains("Uw stem is geteld."));
        assert_eq!(voted.token(), page.token());
        let found = results(app, &poll).await;
        for (place, results) in found.iter().enumerate() {
            assert_eq!(results["voterCount"], 1, "{place}: {results:#}");
        }
        let totals: Vec<_> = found[5]["options"].as_array().expect("options").iter().map(|o| o["total"].clone()).collect();
        assert_eq!(totals, [7, 0, 3]);
        assert_eq!(found[4]["options"][1]["rank"], 1);
        assert_eq!(found[7]["options"].as_array().expect("words").len(), 2);

        // What was voted stands in the fields, and the results below them.
        for (name, value) in fields.iter().filter(|(name, value)| !name.starts_with("w.") && !value.is_empty()) {
            let radio = format!("name=\"{name}\" value=\"{value}\" checked");
            let number = format!("name=\"{name}\" value=\"{value}\"");
            assert!(voted.text().contains(&radio) || voted.text().contains(&number) || voted.text().contains(&format!("<option selected>{value}<")), "{name} {value}");
        }
        assert!(voted.text().contains("value=\"groene ruimte\""));
        assert!(voted.question(&poll["questions"][5]["id"]).contains("7 punten (70%)"));
        assert!(voted.text().contains("Bewaar mijn antwoorden"));

        // The same form again says the same again.
        let again = send(app, &poll, page.token(), &fields).await;
        assert_eq!(again.status, 200, "{}", again.text());
        for found in results(app, &poll).await {
            assert_eq!(found["voterCount"], 1, "{found:#}");
        }
    }

    async fn what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(app) {
        let poll = every_kind(app).await;
        let page = open(app, &poll).await;
        let fields = [
            chosen(&poll, 1, 0),
            chosen(&poll, 1, 1),
            chosen(&poll, 1, 2),
            valued(&poll, 4, 0, "1"),
            valued(&poll, 4, 1, "1"),
            valued(&poll, 4, 2, "2"),
            valued(&poll, 5, 0, "8"),
            valued(&poll, 5, 1, "9"),
            valued(&poll, 6, 0, "veel \"><b>"),
            written(&poll, 7, "een woord dat langer is dan mag"),
            chosen(&poll, 9, 1),
        ];
        let refused = send(app, &poll, page.token(), &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("<title>Fout: "));
        let says = |place: usize, text: &str| {
            let part = refused.question(&poll["questions"][place]["id"]);
            assert!(part.contains(text), "{text}: {part}");
        };
        says(1, "Kies hoogstens 2.");
        says(4, &format!("aria-invalid=true aria-describedby=\"e{}\"", option(&poll, 4, 1)));
        says(4, &format!("<p class=e id=\"e{}\">De plaatsen lopen van 1 op", option(&poll, 4, 1)));
        says(5, "Verdeel hoogstens 10 punten.");
        says(5, &format!("name=\"{}\" value=\"9\"", option(&poll, 5, 1)));
        says(6, "Vul een heel getal in.");
        says(6, "value=\"veel &quot;&gt;&lt;b&gt;\"");
        says(7, "Gebruik hoogstens 25 tekens.");
        says(7, "value=\"een woord dat langer is dan mag\"");
        // What was right is counted.
        let counts: Vec<_> = results(app, &poll).await.iter().map(|r| r["voterCount"].clone()).collect();
        assert_eq!(counts, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

        let empty = send(app, &poll, page.token(), &[written(&poll, 7, "  ")]).await;
        assert_eq!(empty.status, 422);
        assert!(empty.text().contains("U hebt nog niets ingevuld."));
    }

    async fn a_second_vote_replaces_the_first_or_is_refused(app) {
        let poll = poll(app, json!({ "voteChange": "UNTIL_CLOSE" })).await;
        let page = open(app, &poll).await;
        for place in [0, 1] {
            let voted = send(app, &poll, page.token(), &[chosen(&poll, 0, place)]).await;
            assert_eq!(voted.status, 200, "{}", voted.text());
        }
        let found = results(app, &poll).await;
        assert_eq!(found[0]["voterCount"], 1);
        assert_eq!(found[0]["options"][1]["voterCount"], 1);
        // Another page is another visitor.
        let other = open(app, &poll).await;
        assert_ne!(other.token(), page.token());
        send(app, &poll, other.token(), &[chosen(&poll, 0, 0)]).await;
        assert_eq!(results(app, &poll).await[0]["voterCount"], 2);

        let last = super::poll(app, json!({ "voteChange": "LOCKED" })).await;
        let page = open(app, &last).await;
        let voted = send(app, &last, page.token(), &[chosen(&last, 0, 0)]).await;
        assert_eq!(voted.status, 200);
        assert!(voted.text().contains("Een stem staat vast."));
        assert!(voted.text().contains("<fieldset disabled"));
        assert!(!voted.text().contains("<button>"));
        let again = send(app, &last, page.token(), &[chosen(&last, 0, 1)]).await;
        assert_eq!(again.status, 422);
        assert!(again.text().contains("U hebt al gestemd, en een stem staat hier vast."));
        assert!(again.text().contains(&format!("value=\"{}\" checked", option(&last, 0, 0))));
        assert_eq!(results(app, &last).await[0]["options"][0]["voterCount"], 1);
    }

    async fn other_answers_none_and_skipping_have_fields(app) {
        let rules = json!({ "other": true, "noneOfTheAbove": true, "allowSkip": true });
        let poll = poll(app, json!({ "questions": [
            question("SINGLE", &["Ja", "Nee"], rules),
            question("POINTS", &["A", "B"], json!({ "noneOfTheAbove": true })),
        ] })).await;
        let options = poll["questions"][0]["options"].as_array().expect("options").len();
        assert_eq!(options, 4);
        let vote = async |fields: &[(String, String)]| {
            let page = open(app, &poll).await;
            send(app, &poll, page.token(), fields).await
        };
        // A text alone chooses the option that it stands beside.
        let voted = vote(&[written(&poll, 0, "Misschien")]).await;
        assert_eq!(voted.status, 200, "{}", voted.text());
        assert!(voted.text().contains("value=\"Misschien\""));
        // Beside another choice it says nothing.
        assert_eq!(vote(&[written(&poll, 0, "Toch niet"), chosen(&poll, 0, 0)]).await.status, 200);
        assert_eq!(vote(&[(format!("s.{}", asked(&poll, 0)), "1".to_owned())]).await.status, 200);
        let none = poll["questions"][1]["options"].as_array().expect("options").len() - 1;
        assert_eq!(vote(&[chosen(&poll, 1, none)]).await.status, 200);
        let both = vote(&[chosen(&poll, 1, none), valued(&poll, 1, 0, "3")]).await;
        assert_eq!(both.status, 422);
        assert!(both.text().contains("Kies geen van deze of iets anders, niet allebei."));
        let found = results(app, &poll).await;
        assert_eq!((&found[0]["voterCount"], &found[0]["skipCount"]), (&json!(2), &json!(1)));
        assert_eq!(found[1]["voterCount"], 1);
    }

    async fn answers_of_others_are_supported(app) {
        let poll = poll(app, json!({ "questions": [question("OPEN", &[], json!({}))] })).await;
        let page = open(app, &poll).await;
        send(app, &poll, page.token(), &[written(&poll, 0, "Meer bomen")]).await;
        let found = results(app, &poll).await;
        let answer = found[0]["options"][0]["option"]["id"].as_str().expect("an id").to_owned();
        let other = open(app, &poll).await;
        assert!(other.text().contains("<span>Meer bomen"));
        let voted = send(app, &poll, other.token(), &[(asked(&poll, 0), answer)]).await;
        assert_eq!(voted.status, 200, "{}", voted.text());
        assert_eq!(results(app, &poll).await[0]["options"][0]["voterCount"], 2);
    }

    async fn polls_for_accounts_take_no_visitors(app) {
        let poll = poll(app, json!({ "eligibility": "ACCOUNT" })).await;
        let page = open(app, &poll).await;
        assert!(page.text().contains("Eén stem per account"));
        assert!(!page.text().contains("<button>"));
        let refused = send(app, &poll, page.token(), &[chosen(&poll, 0, 0)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("Hier stemt u met een account."));
        assert_eq!(results(app, &poll).await[0]["voterCount"], 0);
    }

    async fn a_token_that_is_not_good_counts_nothing_and_keeps_what_was_typed(app) {
        let poll = poll(app, json!({})).await;
        let page = open(app, &poll).await;
        app.clock.advance(chrono::TimeDelta::days(31));
        for token in [page.token(), "no-token"] {
            let refused = send(app, &poll, token, &[chosen(&poll, 0, 1)]).await;
            assert_eq!(refused.status, 401);
            assert!(refused.text().contains("Deze pagina stond te lang open."));
            assert!(refused.text().contains(&format!("value=\"{}\" checked", option(&poll, 0, 1))));
            assert_eq!(results(app, &poll).await[0]["voterCount"], 0);
            assert_ne!(refused.token(), token);
        }
        // Without any, the form makes a visitor of its sender.
        let voted = send(app, &poll, "", &[chosen(&poll, 0, 1)]).await;
        assert_eq!(voted.status, 200);
        assert_eq!(results(app, &poll).await[0]["voterCount"], 1);
    }

    async fn a_closed_poll_shows_its_results_and_takes_nothing(app) {
        let poll = poll(app, json!({ "resultsVisibility": "AFTER_CLOSE" })).await;
        let page = open(app, &poll).await;
        let voted = send(app, &poll, page.token(), &[chosen(&poll, 0, 0)]).await;
        assert_eq!(voted.status, 200);
        for page in [&page, &voted] {
            assert!(!page.text().contains("<h3>Uitslag"), "no result before the close");
        }
        app.send(Persona::Editor, "PollClose", json!({ "input": { "pollId": poll["id"] } })).await.accepted("pollClose");
        let closed = open(app, &poll).await;
        assert_eq!(closed.status, 200);
        assert!(closed.text().contains("De peiling is gesloten."));
        assert!(closed.text().contains("1 persoon heeft gestemd"));
        assert!(closed.text().contains("100% (1)"));
        assert!(!closed.text().contains("<button>") && !closed.text().contains("<input type=radio"));
        let late = send(app, &poll, page.token(), &[chosen(&poll, 0, 1)]).await;
        assert_eq!(late.status, 422);
        assert!(late.text().contains("De peiling is gesloten."));
        assert_eq!(results(app, &poll).await[0]["options"][0]["voterCount"], 1);
    }

    async fn results_after_ones_own_vote_are_shown_to_who_voted(app) {
        let poll = poll(app, json!({ "resultsVisibility": "AFTER_VOTE" })).await;
        let page = open(app, &poll).await;
        assert!(!page.text().contains("<h3>Uitslag"));
        let voted = send(app, &poll, page.token(), &[chosen(&poll, 0, 0)]).await;
        assert!(voted.text().contains("<h3>Uitslag"));
        assert!(!open(app, &poll).await.text().contains("<h3>Uitslag"));
        let bearer = format!("Bearer {}", page.token());
        let again = super::open_with(app, &poll, &[("authorization", &bearer)]).await;
        assert!(again.text().contains("<h3>Uitslag"));
        assert!(again.text().contains(&format!("value=\"{}\" checked", option(&poll, 0, 0))));
    }
}
