//! How the page is served: headers, languages, what is not shown.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::clock::Clock;
use harness::{Persona, SITE, on_both_databases};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{open, open_with, path, poll, question};

on_both_databases! {
    async fn the_page_speaks_with_nobody_but_its_server(app) {
        let poll = poll(app, json!({ "title": "Zwemmen <script>alert(1)</script> & meer" })).await;
        let page = open(app, &poll).await;
        assert_eq!(page.status, 200);
        let policy = page.header("content-security-policy");
        for part in ["default-src 'none'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'sha256-", "style-src 'sha256-"] {
            assert!(policy.contains(part), "{part}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("cache-control"), "private, no-store");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(page.header("permissions-policy").contains("geolocation=()"));
        assert!(!page.headers.contains_key("set-cookie"));
        let text = page.text();
        // Where a page that links here finds what to show; no browser asks for it.
        let slug = poll["slug"].as_str().expect("a slug");
        let discovery = format!("href=\"{SITE}/oembed?url=https%3A%2F%2Fjij.example%2Fp%2F{slug}\"");
        assert!(text.contains(&format!("<link rel=alternate type=\"application/json+oembed\" {discovery}")));
        assert!(text.contains("Zwemmen &lt;script&gt;alert(1)&lt;/script&gt; &amp; meer"));
        for outside in ["http://", "https://", "@import", "url(", "style=\"", " onclick"] {
            // An XML namespace is a name, not an address that is asked.
            let without = text.replace("http://www.w3.org/2000/svg", "").replace(&discovery, "");
            assert!(!without.contains(outside), "{outside}");
        }
        for (name, start, end) in [("style", "<style>", "</style>"), ("script", "<script type=module>", "</script>")] {
            let (_, from) = text.split_once(start).expect(name);
            let inside = from.split_once(end).expect(name).0;
            let hash = STANDARD.encode(Sha256::digest(inside));
            assert!(policy.contains(&format!("{name}-src 'sha256-{hash}'")), "{name}");
        }
    }

    async fn the_page_is_dutch_or_english(app) {
        let poll = poll(app, json!({})).await;
        for (headers, lang, word) in [
            (&[][..], "nl", ">Stem<"),
            (&[("accept-language", "en-GB,nl;q=0.5")], "en", ">Vote<"),
            (&[("accept-language", "de, nl")], "nl", ">Stem<"),
        ] {
            let page = open_with(app, &poll, headers).await;
            assert_eq!(page.header("content-language"), lang);
            assert!(page.text().contains(&format!("<html lang=\"{lang}\">")));
            assert!(page.text().contains(word), "{lang}");
            assert!(page.header("vary").contains("Accept-Language"));
        }
        let mut wished = poll.clone();
        wished["slug"] = json!(format!("{}?lang=en", poll["slug"].as_str().expect("a slug")));
        assert!(open(app, &wished).await.text().contains(">Vote<"));
    }

    async fn what_one_may_not_see_is_not_there(app) {
        let draft = poll(app, json!({ "opensAt": null, "title": "Geheim plan" })).await;
        let there_is_none = json!({ "slug": "er-is-niets" });
        for poll in [&draft, &there_is_none] {
            let page = open(app, poll).await;
            assert_eq!(page.status, 404, "{}", path(poll));
            assert!(!page.text().contains("Geheim plan"));
            let sent = super::send(app, poll, "", &[]).await;
            assert_eq!(sent.status, 404);
        }
        let soon = app.clock.now() + chrono::TimeDelta::days(2);
        let scheduled = poll(app, json!({ "opensAt": soon })).await;
        let page = open(app, &scheduled).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("De peiling gaat open op "));
        assert!(!page.text().contains("<button>"));
    }

    async fn the_page_stands_in_no_frame(app) {
        let poll = poll(app, json!({})).await;
        for destination in ["iframe", "frame", "embed", "object"] {
            let page = open_with(app, &poll, &[("sec-fetch-dest", destination)]).await;
            assert_eq!(page.status, 403, "{destination}");
        }
        assert_eq!(open_with(app, &poll, &[("sec-fetch-dest", "document")]).await.status, 200);
    }

    async fn a_room_shows_what_its_presenter_opened(app) {
        let poll = poll(app, json!({ "pace": "PRESENTER", "questions": [
            question("SINGLE", &["Ja", "Nee"], json!({})),
            question("NUMBER", &[], json!({})),
        ] })).await;
        let sees = async |place: usize| {
            let id = poll["questions"][place]["id"].as_str().expect("an id").to_owned();
            open(app, &poll).await.text().contains(&format!("id=\"{id}\""))
        };
        assert!(!sees(0).await && !sees(1).await);
        let input = json!({ "questionId": poll["questions"][1]["id"], "state": "OPEN" });
        app.send(Persona::Editor, "PollQuestionPresent", json!({ "input": input })).await.accepted("pollQuestionPresent");
        assert!(!sees(0).await && sees(1).await);
    }
}
