//! What the page costs on the way: bytes, and statements.

use std::io::Read;

use harness::on_both_databases;
use serde_json::json;

use super::{every_kind, open, open_with, poll, question, send, send_with};

/// Most bytes of the page with its style and script, compressed.
const BUDGET: usize = 10 * 1024;

pub(super) fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    brotli::Decompressor::new(bytes, 4_096)
        .read_to_string(&mut text)
        .expect("Brotli");
    text
}

on_both_databases! {
    async fn a_page_with_every_kind_of_question_fits_the_budget(app) {
        let poll = every_kind(app).await;
        let packed = open_with(app, &poll, &[("accept-encoding", "gzip, deflate, br")]).await;
        assert_eq!(packed.header("content-encoding"), "br");
        assert!(packed.body.len() <= BUDGET, "{} bytes", packed.body.len());
        // It is the page that others get as it is, but for the token.
        let plain = open(app, &poll).await;
        let text = unpacked(&packed.body);
        let start = text.rfind("name=token form=f value=\"").expect("a token") + 25;
        let end = start + text[start..].find('"').expect("its end");
        let token = text[start..end].trim_end();
        assert_eq!(text.replace(&text[start..end], ""), plain.text().replace(plain.token(), ""));
        let voted = send(app, &poll, token, &[super::chosen(&poll, 0, 0)]).await;
        assert_eq!(voted.status, 200);
        assert_ne!(token, plain.token());
    }

    async fn everyone_gets_a_token_of_their_own_and_the_newest_page(app) {
        let poll = poll(app, json!({})).await;
        let br = [("accept-encoding", "br")];
        let one = unpacked(&open_with(app, &poll, &br).await.body);
        let other = unpacked(&open_with(app, &poll, &br).await.body);
        assert_ne!(one, other);
        let page = open(app, &poll).await;
        send(app, &poll, page.token(), &[super::chosen(&poll, 0, 0)]).await;
        let after = unpacked(&open_with(app, &poll, &br).await.body);
        assert!(after.contains("1 persoon heeft gestemd") && !one.contains("1 persoon heeft gestemd"));
    }

    async fn a_page_that_was_asked_for_before_asks_the_database_nothing(app) {
        let poll = every_kind(app).await;
        open(app, &poll).await;
        let (page, statements) = app.statements_of(open(app, &poll)).await;
        assert_eq!(page.status, 200);
        assert_eq!(statements, Vec::<String>::new());
    }

    async fn shuffled_options_and_answers_to_a_form_are_compressed_too(app) {
        let rules = json!({ "shuffled": true });
        let poll = poll(app, json!({ "questions": [question("SINGLE", &["Ja", "Nee"], rules)] })).await;
        let br = [("accept-encoding", "br")];
        let page = open_with(app, &poll, &br).await;
        assert_eq!(page.header("content-encoding"), "br");
        assert!(unpacked(&page.body).contains("<span>Nee"));
        let token = open(app, &poll).await.token().to_owned();
        let voted = send_with(app, &poll, &token, &[super::chosen(&poll, 0, 0)], &br).await;
        assert_eq!(voted.header("content-encoding"), "br");
        let text = unpacked(&voted.body);
        assert!(text.contains("Uw stem is geteld."));
        assert!(text.contains(&format!("value=\"{token}\"")));
    }

    async fn shuffled_options_stand_in_each_voters_own_order(app) {
        let labels = ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8"];
        let rules = json!({ "shuffled": true });
        let poll = poll(app, json!({ "questions": [question("SINGLE", &labels, rules)] })).await;
        let order = |text: &str| {
            let mut order: Vec<_> = labels.iter().map(|label| (text.find(&format!("<span>{label}")).expect("a label"), *label)).collect();
            order.sort_unstable();
            order.into_iter().map(|(_, label)| label).collect::<Vec<_>>()
        };
        let mut orders = Vec::new();
        for _ in 0..4 {
            let page = open(app, &poll).await;
            let shown = order(page.text());
            let voted = send(app, &poll, page.token(), &[super::chosen(&poll, 0, 0)]).await;
            let form = voted.text().split("<div class=r").next().expect("the form");
            assert_eq!(order(form), shown, "the order stays");
            orders.push(shown);
        }
        orders.dedup();
        assert!(orders.len() > 1, "{orders:?}");
        // Who has just come has no ballot to be looked for.
        let (_, statements) = app.statements_of(open(app, &poll)).await;
        assert_eq!(statements, [""; 0]);
    }
}
