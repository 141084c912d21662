//! Conversations from pol.is, whole or not at all.

use std::{fs, path::Path};

use api::command::import::{import, polis};
use harness::{Persona, TestApp, on_both_databases, shared_data};
use serde_json::{Value, json};

use super::recount::recount;

const STATEMENTS: &str = "statement_id,author_id,created_ms,moderated,is_seed,is_meta,agrees,disagrees,body\n\
    0,0,1500000000000,1,,,2,1,Zwemmen moet kunnen.\n\
    1,0,1500000000001,-1,,,0,0,\"Twee regels,\nvan een mens.\"\n\
    7,3,1500000000002,0,,,0,0,Varen ook.\n";
const VOTES: &str = "ts_ms,statement_id,voter_id,vote\n\
    1500000001000,0,4,1\n\
    1500000002000,0,5,-1\n\
    1500000004000,0,4,-1\n\
    1500000003000,0,4,0\n\
    1500000003000,1,4,1\n\
    1500000005000,7,5,1\n";
const PARTICIPANTS: &str = "voter_id,group_id,n_comments,n_votes,n_agree,n_disagree\n\
    4,1,0,3,1,1\n\
    5,,0,2,1,1\n\
    6,,1,0,0,0\n";

/// A folder with an export of which one file says something else.
fn export(changed: Option<(&str, &str)>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (file, text) in [
        ("statements.csv", STATEMENTS),
        ("votes.csv", VOTES),
        ("participants.csv", PARTICIPANTS),
    ] {
        let text = match changed {
            Some((name, changed)) if name == file => changed,
            _ => text,
        };
        fs::write(folder.path().join(file), text).expect("written");
    }
    folder
}

async fn imported(app: &TestApp, folder: &Path, title: Option<&str>) -> Result<String, String> {
    let export = polis::read(folder, title).map_err(|damage| damage.to_string())?;
    import(&app.services, &export)
        .await
        .map_err(|failure| failure.to_string())
}

/// Each statement that a persona sees, in order, with who agrees, passes and disagrees.
async fn tallies(app: &TestApp, persona: Persona, slug: &str) -> Vec<(String, [i64; 3])> {
    let page = app.send(persona, "PollPage", json!({ "slug": slug })).await;
    page.data("/poll/questions/0/results/options")
        .as_array()
        .expect("results")
        .iter()
        .map(|option| {
            let count = |value: i64| {
                option["distribution"]
                    .as_array()
                    .expect("a distribution")
                    .iter()
                    .find(|entry| entry["value"] == value)
                    .and_then(|entry| entry["count"].as_i64())
                    .unwrap_or(0)
            };
            let label = option["option"]["label"].as_str().expect("a label");
            (label.to_owned(), [count(1), count(0), count(-1)])
        })
        .collect()
}

on_both_databases! {
    async fn the_last_vote_of_a_person_counts(app) {
        let line = imported(app, export(None).path(), Some("Zwemmen")).await.expect("imported");
        assert!(line.starts_with("imported \"Zwemmen\" as poll zwemmen: 6 votes by 2 voters on 3 statements"), "{line}");
        let stated = |label: &str, counts| (label.to_owned(), counts);
        let (first, second, third) = (
            stated("Zwemmen moet kunnen.", [0, 0, 2]),
            stated("Twee regels, van een mens.", [1, 0, 0]),
            stated("Varen ook.", [1, 0, 0]),
        );
        let staff = tallies(app, Persona::Moderator, "zwemmen").await;
        assert_eq!(staff, [first.clone(), second, third.clone()]);
        let public = tallies(app, Persona::Anonymous, "zwemmen").await;
        assert_eq!(public, [first, third]);
        let page = app.send(Persona::Anonymous, "PollPage", json!({ "slug": "zwemmen" })).await;
        assert_eq!((page.data("/poll/status"), page.data("/poll/voterCount")), (&json!("CLOSED"), &json!(2)));
        assert_eq!(page.data("/poll/opensAt"), &json!("2017-07-14T02:40:01.000Z"));
        recount(app).await;
    }

    async fn a_second_import_changes_nothing(app) {
        let folder = export(None);
        imported(app, folder.path(), Some("Zwemmen")).await.expect("imported");
        let before = tallies(app, Persona::Admin, "zwemmen").await;
        let again = imported(app, folder.path(), Some("Anders")).await.expect("known");
        assert_eq!(again, "nothing changed: this export was imported before, as poll zwemmen");
        assert_eq!(tallies(app, Persona::Admin, "zwemmen").await, before);
        let list = app.send(Persona::Admin, "PollList", json!({})).await;
        assert_eq!(list.data("/polls/edges").as_array().expect("edges").len(), 1);
        recount(app).await;
    }

    async fn damage_is_named_and_leaves_nothing(app) {
        let (statements, votes, participants) = ("statements.csv", "votes.csv", "participants.csv");
        let with = |text: &str, line: &str| format!("{text}{line}\n");
        for (file, text, complaint) in [
            (votes, with(VOTES, "1500000006000,0,5,2"), "votes.csv:8: vote is \"2\", not -1, 0 or 1"),
            (votes, with(VOTES, "1500000006000,9,5,1"), "votes.csv:8: statement 9 is not in statements.csv"),
            (votes, with(VOTES, "1500000006000,0,9,1"), "votes.csv:8: voter 9 is not in participants.csv"),
            (votes, with(VOTES, "gisteren,0,5,1"), "votes.csv:8: ts_ms is \"gisteren\", not a whole number"),
            (votes, with(VOTES, "-1,0,5,1"), "votes.csv:8: ts_ms is -1, below 0"),
            (votes, with(VOTES, "9900000006000,0,5,1"), "votes.csv:8: ts_ms is 9900000006000, not before 2100"),
            (votes, with(VOTES, "1500000006000,0,5"), "votes.csv:8: 3 columns where the header has 4"),
            (votes, VOTES.replace("vote\n", "stem\n"), "votes.csv:1: unknown column \"stem\""),
            (votes, VOTES.replace(",vote\n", "\n"), "votes.csv:1: column \"vote\" is missing"),
            (votes, "ts_ms,statement_id,voter_id,vote\n".to_owned(), "votes.csv: no votes"),
            (statements, with(STATEMENTS, "0,0,1500000000000,1,,,0,0,Nog eens."), "statements.csv:6: statement 0 is there twice"),
            (statements, with(STATEMENTS, "8,0,1500000000000,3,,,0,0,Tekst."), "statements.csv:6: moderated is \"3\", not -1, 0 or 1"),
            (statements, with(STATEMENTS, "8,0,1500000000000,1,,,0,0,"), "statements.csv:6: body is empty"),
            (statements, with(STATEMENTS, &format!("8,0,1500000000000,1,,,0,0,{}", "a".repeat(1001))), "statements.csv:6: body is longer than 1000 characters"),
            (participants, with(PARTICIPANTS, "4,1,0,0,0,0"), "participants.csv:5: voter 4 is there twice"),
            (participants, with(PARTICIPANTS, "8,1,0,veel,0,0"), "participants.csv:5: n_votes is \"veel\", not a whole number"),
        ] {
            let folder = export(Some((file, &text)));
            let complained = imported(app, folder.path(), None).await.expect_err(complaint);
            let (first, hint) = complained.split_once('\n').expect("a hint");
            assert_eq!(first, complaint);
            assert!(hint.starts_with("hint: "), "{hint}");
        }
        let folder = export(None);
        fs::write(folder.path().join(votes), b"ts_ms,statement_id\n\xFF\n").expect("written");
        assert!(imported(app, folder.path(), None).await.expect_err("not text").starts_with("votes.csv:2: not UTF-8"));
        fs::remove_file(folder.path().join(votes)).expect("removed");
        assert!(imported(app, folder.path(), None).await.expect_err("no file").starts_with("votes.csv: cannot be read"));
        let title = imported(app, export(None).path(), Some("")).await.expect_err("no title");
        assert!(title.starts_with("title: Fill this in."), "{title}");
        let list = app.send(Persona::Admin, "PollList", json!({})).await;
        assert_eq!(list.data("/polls/edges"), &json!([]));
    }

    async fn real_conversations_equal_their_known_tallies(app) {
        let Some(folder) = shared_data("polis") else {
            return;
        };
        for name in ["brexit-consensus", "london-youth-policing", "nz-freshwater", "seattle-15-per-hour"] {
            let folder = folder.join(name);
            imported(app, &folder, None).await.expect(name);
            let expected = fs::read_to_string(folder.join("expected_tallies.json")).expect("tallies");
            let expected: Value = serde_json::from_str(&expected).expect("JSON");
            let expected = expected["statements"].as_object().expect("statements");
            let (mut all, mut shown) = (Vec::new(), Vec::new());
            for (id, rejected, label) in statements(&folder.join("statements.csv")) {
                let count = |key: &str| {
                    expected
                        .get(&id)
                        .and_then(|counts| counts[key].as_i64())
                        .unwrap_or(0)
                };
                let counts = [count("agree"), count("pass"), count("disagree")];
                if !rejected {
                    shown.push((label.clone(), counts));
                }
                all.push((label, counts));
            }
            assert_eq!(tallies(app, Persona::Moderator, name).await, all, "{name}");
            assert_eq!(tallies(app, Persona::Anonymous, name).await, shown, "{name}");
        }
        recount(app).await;
    }
}

/// Id, whether it was rejected, and text on one line of each statement.
fn statements(file: &Path) -> Vec<(String, bool, String)> {
    let mut reader = csv::Reader::from_path(file).expect("statements");
    reader
        .records()
        .map(|record| {
            let record = record.expect("a row");
            let words: Vec<&str> = record[8].split_whitespace().collect();
            (record[0].to_owned(), &record[3] == "-1", words.join(" "))
        })
        .collect()
}
