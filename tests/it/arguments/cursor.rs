//! Cursors that were not given for the list that they are used on.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use harness::{Persona, TestApp, on_both_databases};
use serde_json::json;

use super::fill;

/// Lists, with every kind of value that one is sorted by.
const LISTS: [&str; 11] = [
    "themes(orderBy: NEWEST, first: 1 #)",
    "themes(orderBy: MOST_FOLLOWED, first: 1 #)",
    "themes(orderBy: TITLE, first: 1 #)",
    "polls(orderBy: NEWEST, first: 1 #)",
    "polls(orderBy: MOST_VOTERS, first: 1 #)",
    "polls(orderBy: TITLE, first: 1 #)",
    "partners(first: 1 #)",
    "moderationCases(orderBy: PRIORITY, first: 1 #)",
    "moderationCases(orderBy: OLDEST, first: 1 #)",
    "moderationCases(orderBy: NEWEST, first: 1 #)",
    "moderationCases(orderBy: DUE, first: 1 #)",
];

/// Values of every kind, and some that no database keeps.
fn values() -> Vec<Vec<u8>> {
    let number = |kind: u8, number: i64| [&[kind][..], &number.to_be_bytes()].concat();
    vec![
        number(b'n', 3),
        number(b'i', 1_700_000_000_000_000),
        b"twater".to_vec(),
        number(b'i', i64::MAX),
        number(b'i', i64::MIN),
        number(b'i', -62_200_000_000_000_000),
        number(b'i', 253_402_300_800_000_000),
        b"twa\0ter".to_vec(),
        b"t\xff".to_vec(),
        b"n".to_vec(),
        b"x".to_vec(),
        Vec::new(),
    ]
}

/// The answer's code for this cursor on this list, empty where it was taken, and the cursors of
/// the page.
async fn page(app: &TestApp, list: &str, cursor: Option<&str>) -> (String, Vec<String>) {
    let after = cursor.map_or_else(String::new, |_| ", after: $after".to_owned());
    let list = list.replace(" #", &after);
    let declared = cursor.map_or("", |_| "($after: String!)");
    let document = format!("query{declared} {{ list: {list} {{ edges {{ cursor }} }} }}");
    let variables = cursor.map_or(json!({}), |after| json!({ "after": after }));
    let answer = app.execute(Persona::Moderator, &document, variables).await;
    let edges = answer.0["data"]["list"]["edges"].as_array();
    let cursors = edges.into_iter().flatten().map(|edge| {
        let cursor = edge["cursor"].as_str();
        cursor.expect("a cursor").to_owned()
    });
    (answer.code().to_owned(), cursors.collect())
}

on_both_databases! {
    async fn a_cursor_with_another_kind_of_value_is_bad_input(app) {
        fill(app).await;
        for list in LISTS {
            let (_, cursors) = page(app, list, None).await;
            let cursor = cursors.first().unwrap_or_else(|| panic!("{list} has an item"));
            assert_eq!(page(app, list, Some(cursor)).await.0, "", "{list}");
            let bytes = URL_SAFE_NO_PAD.decode(cursor).expect("base64");
            let (row, given) = bytes.split_at(24);
            for value in values() {
                let forged = URL_SAFE_NO_PAD.encode([row, &value].concat());
                let (code, _) = page(app, list, Some(&forged)).await;
                let is_kept = value != b"twa\0ter" && value != b"t\xff" && value.len() > 1;
                let is_instant = value.first() == Some(&b'i');
                if value.first() == given.first() && is_kept && !is_instant {
                    assert_eq!(code, "", "{list} {value:?}");
                } else if !is_instant || value.first() != given.first() {
                    assert_eq!(code, "BAD_INPUT", "{list} {value:?}");
                } else {
                    assert!(matches!(&*code, "" | "BAD_INPUT"), "{list} {value:?}: {code}");
                }
            }
        }
    }

    async fn a_cursor_of_another_list_or_order_is_bad_input(app) {
        fill(app).await;
        let mut cursors = Vec::new();
        for list in LISTS {
            cursors.push(page(app, list, None).await.1.remove(0));
        }
        for (given, cursor) in LISTS.iter().zip(&cursors) {
            for list in LISTS.iter().filter(|list| *list != given) {
                let (code, _) = page(app, list, Some(cursor)).await;
                assert_eq!(code, "BAD_INPUT", "a cursor of {given} on {list}");
            }
        }
    }
}
