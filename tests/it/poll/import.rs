//! Conversations from pol.is, whole or not at all.

use std::{fs, path::Path};

use api::command::import::{
    import,
    polis::{self, Agreement},
};
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
/// The same conversation as pol.is exports it: comments by how much they are talked about, votes by
/// comment, seconds, a column that is newer than our knowledge, and a comment without a text.
const COMMENTS: &str = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body,importance\n\
    1500000002,Fri Jul 14 2017,7,3,1,0,0,Varen ook.,0\n\
    1500000001,Fri Jul 14 2017,1,0,1,0,-1,\"Twee regels,\nvan een mens.\",0\n\
    1500000003,Fri Jul 14 2017,8,3,0,1,1,  ,0\n\
    1500000000,Fri Jul 14 2017,0,0,1,2,1,Zwemmen moet kunnen.,0\n";
const POLIS_VOTES: &str = "timestamp,datetime,comment-id,voter-id,vote\n\
    1500000011,Fri Jul 14 2017,0,4,1\n\
    1500000014,Fri Jul 14 2017,0,4,-1\n\
    1500000013,Fri Jul 14 2017,0,4,0\n\
    1500000012,Fri Jul 14 2017,0,5,-1\n\
    1500000013,Fri Jul 14 2017,1,4,1\n\
    1500000015,Fri Jul 14 2017,7,5,1\n\
    1500000016,Fri Jul 14 2017,8,5,-1\n";
const MATRIX: &str = "participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,7,8\n\
    4,,0,0,3,1,1,-1,1,,\n\
    5,,,0,2,1,2,-1,,1,-1\n";
const SUMMARY: &str = "topic,\"Zwemmen, in het kanaal\"\nurl,https://pol.is/1abc\nvoters,2\nconversation-description,\"Mag het?\n\n*Doe mee.*\"";

const PARTICIPANTS: &str = "voter_id,group_id,n_comments,n_votes,n_agree,n_disagree\n\
    4,1,0,3,1,1\n\
    5,,0,2,1,1\n\
    6,,1,0,0,0\n";

/// A folder with an export of which one file says something else.
fn export(changed: Option<(&str, &str)>) -> tempfile::TempDir {
    folder(
        &[
            ("statements.csv", STATEMENTS),
            ("votes.csv", VOTES),
            ("participants.csv", PARTICIPANTS),
        ]
        .map(|(file, text)| match changed {
            Some((name, changed)) if name == file => (file, changed),
            _ => (file, text),
        }),
    )
}

async fn imported(app: &TestApp, folder: &Path, title: Option<&str>) -> Result<String, String> {
    let conversation =
        polis::read(folder, title, Agreement::Positive).map_err(|damage| damage.to_string())?;
    import(&app.services, &conversation.export)
        .await
        .map_err(|failure| failure.to_string())
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (file, text) in files {
        fs::write(folder.path().join(file), text).expect("written");
    }
    folder
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

    async fn the_files_of_polis_are_read_as_they_are_exported(app) {
        let files = [("comments.csv", COMMENTS), ("votes.csv", POLIS_VOTES), ("participants-votes.csv", MATRIX), ("summary.csv", SUMMARY)];
        let exported = folder(&files);
        let read = polis::read(exported.path(), None, Agreement::Positive).expect("read");
        assert_eq!(read.warnings, [
            "comments.csv: not read: importance",
            "comments.csv:5: statement 8 has no text: it is imported, and shown to staff only",
        ]);
        let line = imported(app, exported.path(), None).await.expect("imported");
        assert!(line.starts_with("imported \"Zwemmen, in het kanaal\" as poll zwemmen-in-het-kanaal: 7 votes by 2 voters on 4 statements"), "{line}");
        let stated = |label: &str, counts| (label.to_owned(), counts);
        let (first, second, third, untold) = (
            stated("Zwemmen moet kunnen.", [0, 0, 2]),
            stated("Twee regels, van een mens.", [1, 0, 0]),
            stated("Varen ook.", [1, 0, 0]),
            stated("Stelling 8 (zonder tekst)", [0, 0, 1]),
        );
        let slug = "zwemmen-in-het-kanaal";
        assert_eq!(tallies(app, Persona::Moderator, slug).await, [first.clone(), second, third.clone(), untold]);
        assert_eq!(tallies(app, Persona::Anonymous, slug).await, [first, third]);
        let document = "query($slug: String!) { poll(slug: $slug) { description } }";
        let page = app.execute(Persona::Anonymous, document, json!({ "slug": slug })).await;
        assert_eq!(page.data("/poll/description"), &json!("Mag het?\n\n*Doe mee.*"));
        recount(app).await;

        // Line ends, a byte order mark and the optional files make no other conversation of it.
        let expected = tallies(app, Persona::Moderator, slug).await;
        for (title, end, mark) in [("Met CRLF", "\r\n", ""), ("Met CR", "\r", ""), ("Met BOM", "\n", "\u{FEFF}")] {
            let texts = files[..2].iter().map(|(file, text)| (*file, format!("{mark}{}", text.replace('\n', end))));
            let texts: Vec<(&str, String)> = texts.collect();
            let other = folder(&texts.iter().map(|(file, text)| (*file, text.as_str())).collect::<Vec<_>>());
            fs::write(other.path().join("summary.csv"), format!("topic,{title}")).expect("written");
            imported(app, other.path(), None).await.expect(title);
            assert_eq!(tallies(app, Persona::Moderator, &title.to_lowercase().replace(' ', "-")).await, expected, "{title}");
        }
        recount(app).await;
    }

    async fn votes_with_their_signs_turned_round_are_noticed_and_read_on_demand(app) {
        let turned = POLIS_VOTES.replace(",1\n", ",x\n").replace(",-1\n", ",1\n").replace(",x\n", ",-1\n");
        let exported = folder(&[("comments.csv", COMMENTS), ("votes.csv", &turned), ("participants-votes.csv", MATRIX), ("summary.csv", SUMMARY)]);
        let complained = imported(app, exported.path(), None).await.expect_err("the opposite");
        assert!(complained.starts_with("votes.csv: says the opposite of participants-votes.csv (5 of 5 votes): give --agree=-1\n"), "{complained}");
        let read = polis::read(exported.path(), None, Agreement::Negative).expect("read");
        import(&app.services, &read.export).await.expect("imported");
        let public = tallies(app, Persona::Anonymous, "zwemmen-in-het-kanaal").await;
        assert_eq!(public, [("Zwemmen moet kunnen.".to_owned(), [0, 0, 2]), ("Varen ook.".to_owned(), [1, 0, 0])]);
        // Another vote than in the matrix is no reason to stop.
        let other = MATRIX.replace("4,,0,0,3,1,1,-1,1", "4,,0,0,3,1,1,-1,0");
        fs::write(exported.path().join("participants-votes.csv"), other).expect("written");
        let read = polis::read(exported.path(), None, Agreement::Negative).expect("read");
        assert_eq!(read.warnings.last().map(String::as_str), Some("participants-votes.csv: 1 of 5 votes differ from the last ones in votes.csv, which are counted"));
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
            (votes, VOTES.replace("vote\n", "stem\n"), "votes.csv:1: column \"vote\" (or \"vote\") is missing"),
            (votes, VOTES.replace(",voter_id,", ",vote,"), "votes.csv:1: column \"vote\" is there twice"),
            (votes, "ts_ms,statement_id,voter_id,vote\n".to_owned(), "votes.csv: no votes"),
            (statements, with(STATEMENTS, "0,0,1500000000000,1,,,0,0,Nog eens."), "statements.csv:6: statement 0 is there twice"),
            (statements, with(STATEMENTS, "8,0,1500000000000,3,,,0,0,Tekst."), "statements.csv:6: moderated is \"3\", not -1, 0 or 1"),
            (statements, with(STATEMENTS, &format!("8,0,1500000000000,1,,,0,0,{}", "a".repeat(1001))), "statements.csv:6: the text is longer than 1000 characters"),
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
