//! Odd and malicious strings through everything that people type.

use harness::{Persona, TestApp, on_both_databases, shared_data};
use serde_json::{Value, json};

/// Filler that makes a body long enough and is not itself of interest.
const FILLER: &str = "Dit is het verhaal van een straat in Almelo waar de bomen terugkwamen, en van de buren die elkaar weer kennen sinds die ene zomer waarin het zo heet was op de stoep.";

/// The big list of naughty strings, then attempts at scripting, most of them many a text.
fn payloads() -> Option<(Vec<String>, Vec<String>)> {
    let naughty = std::fs::read_to_string(shared_data("hostile-text/blns.json")?).expect("blns");
    let naughty = serde_json::from_str(&naughty).expect("a list of strings");
    let attacks = std::fs::read(shared_data("hostile-text/xss-payloads.txt")?).expect("payloads");
    let attacks = String::from_utf8_lossy(&attacks)
        .lines()
        .map(str::to_owned)
        .collect();
    Some((naughty, attacks))
}

/// Payloads joined, a blank line between each, into texts of at most `limit` characters.
fn joined(payloads: &[String], limit: usize) -> Vec<String> {
    let mut texts: Vec<String> = vec![String::new()];
    for payload in payloads
        .iter()
        .filter(|payload| payload.chars().count() < limit)
    {
        let last = texts.last_mut().expect("there is always one");
        if last.chars().count() + payload.chars().count() + 2 > limit {
            texts.push(payload.clone());
        } else {
            last.push_str("\n\n");
            last.push_str(payload);
        }
    }
    texts
}

/// What is stored must be what was typed: trimmed, line ends as LF, composed (NFC).
fn as_typed(typed: &str, stored: &str) -> bool {
    use unicode_normalization::UnicodeNormalization;
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    let typed: String = typed.trim().nfc().collect();
    typed == stored
}

/// The tags of sanitised HTML that carry what they must not.
fn dangers(html: &str) -> Vec<String> {
    html.split('<')
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap_or(rest).to_ascii_lowercase())
        .filter(|tag| {
            let name = tag.split([' ', '/']).next().unwrap_or_default();
            let allowed = [
                "",
                "a",
                "p",
                "br",
                "hr",
                "em",
                "strong",
                "del",
                "code",
                "pre",
                "blockquote",
                "ul",
                "ol",
                "li",
                "h3",
                "h4",
                "h5",
                "h6",
            ];
            !allowed.contains(&name)
                || tag.contains(" on")
                || tag.contains("style=")
                || (tag.contains("href=")
                    && !["href=\"http://", "href=\"https://", "href=\"mailto:"]
                        .iter()
                        .any(|safe| tag.contains(safe)))
        })
        .collect()
}

/// Creates a story; gives it, or the codes of its refusals.
async fn story(app: &TestApp, title: &str, body: &str) -> Result<Value, Vec<String>> {
    let document = "mutation($input: StoryCreateInput!) { storyCreate(input: $input) {
        story { title body bodyHtml } userErrors { code field } } }";
    let input = json!({ "input": {
        "kind": "STORY", "title": title, "summary": "Een straat waar de bomen terugkwamen.",
        "body": body, "language": "nl", "themeIds": [],
    } });
    let answer = app.execute(Persona::Resident, document, input).await;
    let payload = answer.data("/storyCreate");
    if payload["story"].is_null() {
        Err(answer.refusals("storyCreate"))
    } else {
        Ok(payload["story"].clone())
    }
}

/// Adds a comment; gives it, or the codes of its refusals.
async fn comment(app: &TestApp, subject: &Value, body: &str) -> Result<Value, Vec<String>> {
    let document = "mutation($input: CommentAddInput!) { commentAdd(input: $input) {
        comment { body bodyHtml } userErrors { code field } } }";
    let input = json!({ "input": { "subjectId": subject, "body": body, "language": "nl" } });
    let answer = app.execute(Persona::Resident, document, input).await;
    let payload = answer.data("/commentAdd");
    if payload["comment"].is_null() {
        Err(answer.refusals("commentAdd"))
    } else {
        Ok(payload["comment"].clone())
    }
}

fn assert_refused_for_its_text(refusals: &[String], typed: &str) {
    let expected = ["REQUIRED", "TOO_SHORT", "TOO_LONG", "FORBIDDEN_CHARACTER"];
    assert!(
        !refusals.is_empty()
            && refusals
                .iter()
                .all(|refusal| expected.iter().any(|code| refusal.starts_with(code))),
        "{typed:?}: {refusals:?}"
    );
}

on_both_databases! {
    async fn naughty_strings_are_stored_as_typed_or_refused(app) {
        let Some((naughty, _)) = payloads() else { return };
        let theme = crate::theme::theme(app, "Alles wat mensen typen").await;
        let (mut stored, mut refused) = (0, 0);
        for typed in &naughty {
            let title = format!("Verhaal: {typed}");
            let body = format!("{FILLER}\n\n{typed}");
            match story(app, &title, &body).await {
                Ok(story) => {
                    stored += 1;
                    assert!(as_typed(&title, story["title"].as_str().expect("a title")), "{title:?}");
                    assert!(as_typed(&body, story["body"].as_str().expect("a body")), "{body:?}");
                    let html = story["bodyHtml"].as_str().expect("HTML");
                    assert_eq!(dangers(html), Vec::<String>::new(), "{typed:?}");
                }
                Err(refusals) => {
                    refused += 1;
                    assert_refused_for_its_text(&refusals, typed);
                }
            }
            match comment(app, &theme["id"], typed).await {
                Ok(comment) => {
                    assert!(as_typed(typed, comment["body"].as_str().expect("a body")), "{typed:?}");
                    let html = comment["bodyHtml"].as_str().expect("HTML");
                    assert_eq!(dangers(html), Vec::<String>::new(), "{typed:?}");
                }
                Err(refusals) => assert_refused_for_its_text(&refusals, typed),
            }
        }
        assert!(stored > 10 * refused, "{stored} stored, {refused} refused");
    }

    async fn attempts_at_scripting_come_out_as_text(app) {
        let Some((_, attacks)) = payloads() else { return };
        let theme = crate::theme::theme(app, "Alles wat mensen typen").await;
        for attack in joined(&attacks, 9_000) {
            let body = format!("{FILLER}\n\n{attack}");
            match story(app, "Een verhaal met van alles erin", &body).await {
                Ok(story) => {
                    let html = story["bodyHtml"].as_str().expect("HTML");
                    assert_eq!(dangers(html), Vec::<String>::new());
                }
                Err(refusals) => assert_refused_for_its_text(&refusals, &attack),
            }
        }
        for attack in joined(&attacks, 900).iter().step_by(8) {
            match comment(app, &theme["id"], attack).await {
                Ok(comment) => {
                    let html = comment["bodyHtml"].as_str().expect("HTML");
                    assert_eq!(dangers(html), Vec::<String>::new());
                }
                Err(refusals) => assert_refused_for_its_text(&refusals, attack),
            }
        }
        for attack in attacks.iter().step_by(10) {
            let title = format!("Verhaal {attack}");
            match story(app, &title, FILLER).await {
                Ok(story) => assert!(as_typed(&title, story["title"].as_str().expect("a title"))),
                Err(refusals) => assert_refused_for_its_text(&refusals, attack),
            }
        }
    }
}

#[test]
fn dangers_are_found() {
    assert!(dangers("<p>5 &lt; 6 <a href=\"https://x\" rel=\"nofollow\">x</a></p>").is_empty());
    for html in [
        "<script>",
        "<p onclick=\"x\">",
        "<a href=\"javascript:x\">",
        "<img src=x>",
        "<p style=\"x\">",
    ] {
        assert_eq!(dangers(html).len(), 1, "{html}");
    }
}
