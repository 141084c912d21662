//! Every column either leaves in an export or stays, by name.

use std::collections::{BTreeMap, BTreeSet};

use domain::privacy::{ACCOUNT, HOLDINGS, Holding};

/// Tables that name no account, or none that there is any longer: nothing of them leaves. Ballots
/// have an export of their own.
const WITHHELD: [&str; 30] = [
    "ballot",
    "ballot_event",
    "embed_load",
    "embed_origin",
    "erasure",
    "failed_attempt",
    "job",
    "join_code",
    "mark",
    "moderation_chain",
    "moderation_template",
    "municipality",
    "poll_import",
    "poll_option",
    "poll_run",
    "poll_theme",
    "poll_voter",
    "question",
    "question_run",
    "recent_contribution",
    "recent_text",
    "refresh_token",
    "reserved_name",
    "room_presence",
    "screening_key",
    "signing_key",
    "story_series_entry",
    "story_theme",
    "tally",
    "written_option",
];

/// Parts of names that no column that leaves has.
const SECRET: [&str; 8] = [
    "secret", "hash", "password", "salt", "digest", "token", "key", "code_",
];

/// The columns of every table with their types, as the entities state them; another test compares
/// those with the database.
fn tables() -> BTreeMap<String, BTreeMap<String, String>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../entity/src");
    let mut tables = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the entities").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a readable file");
        let Some((_, rest)) = text.split_once("table_name = \"") else {
            continue;
        };
        let table = rest.split('"').next().expect("a name").to_owned();
        let model = rest.split_once("pub struct Model {").expect("a model").1;
        let model = model.split_once("\n}").expect("its end").0;
        let columns = model.lines().filter_map(|line| {
            let (column, kind) = line.trim().strip_prefix("pub ")?.split_once(": ")?;
            Some((column.to_owned(), kind.trim_end_matches(',').to_owned()))
        });
        tables.insert(table, columns.collect());
    }
    assert!(!tables.is_empty());
    tables
}

fn holdings() -> impl Iterator<Item = &'static Holding> {
    std::iter::once(&ACCOUNT).chain(&HOLDINGS)
}

#[test]
fn every_column_of_every_table_leaves_or_stays() {
    let tables = tables();
    let listed: BTreeSet<&str> = holdings().map(|holding| holding.table).collect();
    let withheld: BTreeSet<&str> = WITHHELD.into_iter().collect();
    assert_eq!(listed.intersection(&withheld).count(), 0);
    let all: BTreeSet<&str> = tables.keys().map(String::as_str).collect();
    assert_eq!(
        all,
        listed.union(&withheld).copied().collect(),
        "decide of a new table whether it leaves: privacy::HOLDINGS, or here"
    );
    for holding in holdings() {
        let Holding { table, column, .. } = holding;
        let (leaves, stays) = (holding.leaves.iter(), holding.stays.iter());
        let mut stated: Vec<&str> = leaves.chain(stays).copied().collect();
        stated.sort_unstable();
        let columns: Vec<&str> = tables[*table].keys().map(String::as_str).collect();
        assert_eq!(stated, columns, "{table} by {column}: each column once");
    }
}

#[test]
fn no_column_leaves_that_is_called_a_secret_or_names_another() {
    let tables = tables();
    for holding in holdings() {
        for column in holding.leaves {
            let is_secret = SECRET.iter().any(|part| column.contains(part))
                // A municipality and a reason have codes that everyone knows.
                && !["municipality_code", "reason_code"].contains(column);
            assert!(!is_secret, "{}.{column}", holding.table);
            let names_account = tables[holding.table][*column].contains("AccountId");
            let is_own = *column == holding.column && holding.through.is_empty();
            assert!(!names_account || is_own, "{}.{column}", holding.table);
            let is_bytes = tables[holding.table][*column].contains("Vec<u8>");
            assert!(!is_bytes, "{}.{column}", holding.table);
        }
    }
}
