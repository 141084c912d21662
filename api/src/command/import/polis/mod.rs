//! pol.is exports: read whole and checked row by row before anything is written.
//!
//! A folder holds the files as pol.is exports them (`comments.csv`, `votes.csv` and, if they are
//! there, `participants-votes.csv` and `summary.csv`), or the prepared form (`statements.csv`,
//! `votes.csv`, `participants.csv`).

mod table;

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use csv::ReaderBuilder;
use domain::{
    poll::{Export, Statement, Vote},
    text::Problem,
};
use table::{Column, Row, Table, optional, required};

pub use table::Damage;

const COMMENTS: &str = "comments.csv";
const STATEMENTS: &str = "statements.csv";
const VOTES: &str = "votes.csv";
const PARTICIPANTS: &str = "participants.csv";
const MATRIX: &str = "participants-votes.csv";
const SUMMARY: &str = "summary.csv";

const STATEMENT_COLUMNS: [Column; 10] = [
    required("comment-id", "statement_id"),
    required("comment-body", "body"),
    required("moderated", "moderated"),
    required("timestamp", "created_ms"),
    optional("datetime", "datetime"),
    optional("author-id", "author_id"),
    optional("agrees", "agrees"),
    optional("disagrees", "disagrees"),
    optional("is-seed", "is_seed"),
    optional("is-meta", "is_meta"),
];
const VOTE_COLUMNS: [Column; 5] = [
    required("timestamp", "ts_ms"),
    required("comment-id", "statement_id"),
    required("voter-id", "voter_id"),
    required("vote", "vote"),
    optional("datetime", "datetime"),
];
const PARTICIPANT_COLUMNS: [Column; 7] = [
    required("participant", "voter_id"),
    optional("xid", "xid"),
    required("group-id", "group_id"),
    required("n-comments", "n_comments"),
    required("n-votes", "n_votes"),
    required("n-agree", "n_agree"),
    required("n-disagree", "n_disagree"),
];

/// A conversation that was read, and what a person should know of it.
#[derive(Debug)]
pub struct Conversation {
    /// The conversation, ready to become a poll.
    pub export: Export,
    /// Sentences about rows and columns that were not taken as they stand.
    pub warnings: Vec<String>,
}

/// The value in `votes.csv` that means agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Agreement {
    /// 1 agrees and -1 disagrees, as in pol.is' published data.
    #[default]
    Positive,
    /// -1 agrees and 1 disagrees, as in pol.is' own tables and some of its exports.
    Negative,
}

/// Reads and checks the export in `folder`. Its title is `title`, else the topic of the summary,
/// else the folder's name.
pub fn read(
    folder: &Path,
    title: Option<&str>,
    agreement: Agreement,
) -> Result<Conversation, Damage> {
    let mut warnings = Vec::new();
    let is_prepared = !folder.join(COMMENTS).exists() && folder.join(STATEMENTS).exists();
    let statement_table = Table::read(folder, if is_prepared { STATEMENTS } else { COMMENTS })?;
    let vote_table = Table::read(folder, VOTES)?;
    let (participant_table, summary_table) = if is_prepared {
        (Some(Table::read(folder, PARTICIPANTS)?), None)
    } else {
        (
            Table::read_optional(folder, MATRIX)?,
            Table::read_optional(folder, SUMMARY)?,
        )
    };
    let (statements, positions) = statements(&statement_table, is_prepared, &mut warnings)?;
    let mut votes = votes(&vote_table, statement_table.file, &positions, &mut warnings)?;
    if agreement == Agreement::Negative {
        for vote in &mut votes {
            vote.value = -vote.value;
        }
    }
    match &participant_table {
        Some(table) if is_prepared => check_participants(table, &vote_table)?,
        Some(table) => compare(table, &positions, &votes, &mut warnings)?,
        None => {}
    }
    let summary = summary_table.as_ref().map(summary).transpose()?;
    let told = |key: &str| {
        let value = summary.as_ref()?.get(key)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    let files: Vec<&[u8]> = [
        Some(&statement_table),
        Some(&vote_table),
        participant_table.as_ref(),
        summary_table.as_ref(),
    ]
    .into_iter()
    .flatten()
    .map(|table| table.text.as_bytes())
    .collect();
    let export = Export {
        title: title
            .map(str::to_owned)
            .or_else(|| told("topic"))
            .unwrap_or_else(|| name(folder)),
        description: told("conversation-description").unwrap_or_default(),
        digest: Export::digest(&files),
        statements,
        votes,
    };
    Ok(Conversation { export, warnings })
}

/// The folder's name as a title: words, the first with a capital.
fn name(folder: &Path) -> String {
    let folder = folder
        .canonicalize()
        .unwrap_or_else(|_| folder.to_path_buf());
    let words = folder
        .file_name()
        .map(|name| name.to_string_lossy().replace(['-', '_'], " "))
        .unwrap_or_default();
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Warns of columns that are not read.
fn warn_of_columns(file: &str, unread: &[String], warnings: &mut Vec<String>) {
    if !unread.is_empty() {
        warnings.push(format!("{file}: not read: {}", unread.join(", ")));
    }
}

/// The statements, and the position of each by its id. pol.is lists its comments by how much they
/// are talked about; here they stand in the order in which they were made.
fn statements(
    table: &Table,
    is_prepared: bool,
    warnings: &mut Vec<String>,
) -> Result<(Vec<Statement>, HashMap<i64, usize>), Damage> {
    let mut statements = Vec::new();
    let mut ids = HashSet::new();
    let mut untold = Vec::new();
    let unread = table.rows(&STATEMENT_COLUMNS, |row| {
        let id = row.number("comment-id", 0)?;
        row.instant("timestamp")?;
        row.check_number("author-id", i64::MIN)?;
        row.check_number("agrees", 0)?;
        row.check_number("disagrees", 0)?;
        let rejected = row.sign("moderated")? == -1;
        if !ids.insert(id) {
            return Err(row.damage(format!("statement {id} is there twice")));
        }
        if statements.len() == Export::STATEMENTS {
            let most = Export::STATEMENTS;
            return Err(row.damage(format!("more than {most} statements")));
        }
        let body = row.value("comment-body");
        let statement = if body.trim().is_empty() {
            let place = table::place(table.file, row.line());
            untold.push(format!(
                "{place}: statement {id} has no text: it is imported, and shown to staff only"
            ));
            Statement::without_text(&id.to_string())
        } else {
            Statement::new(&id.to_string(), body, rejected)
                .map_err(|problem| row.damage(wording(problem)))?
        };
        statements.push((id, statement));
        Ok(())
    })?;
    warn_of_columns(table.file, &unread, warnings);
    warnings.append(&mut untold);
    if statements.is_empty() {
        return Err(table.damage("no statements".to_owned()));
    }
    if !is_prepared {
        statements.sort_by_key(|(id, _)| *id);
    }
    let positions = (0..)
        .zip(&statements)
        .map(|(position, (id, _))| (*id, position))
        .collect();
    let statements = statements.into_iter().map(|(_, statement)| statement);
    Ok((statements.collect(), positions))
}

fn wording(problem: Problem) -> String {
    match problem {
        Problem::Required | Problem::TooShort { .. } => "the text is empty".to_owned(),
        Problem::TooLong { max } => format!("the text is longer than {max} characters"),
        Problem::ForbiddenCharacter => {
            "the text holds a control or direction-changing character".to_owned()
        }
    }
}

/// The votes in the order in which they were cast; rows of the same instant as they stand.
fn votes(
    table: &Table,
    statement_file: &str,
    positions: &HashMap<i64, usize>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Vote>, Damage> {
    let mut votes = Vec::new();
    let unread = table.rows(&VOTE_COLUMNS, |row| {
        let at = row.instant("timestamp")?;
        let id = row.number("comment-id", 0)?;
        let Some(&statement) = positions.get(&id) else {
            return Err(row.damage(format!("statement {id} is not in {statement_file}")));
        };
        votes.push(Vote {
            at,
            voter: row.number("voter-id", 0)?.unsigned_abs(),
            statement,
            value: row.sign("vote")?,
        });
        Ok(())
    })?;
    warn_of_columns(table.file, &unread, warnings);
    if votes.is_empty() {
        return Err(table.damage("no votes".to_owned()));
    }
    votes.sort_by_key(|vote: &Vote| vote.at);
    Ok(votes)
}

/// A voter's number; checks the other columns that a participant has.
fn participant(row: &Row<'_>) -> Result<u64, Damage> {
    let voter = row.number("participant", 0)?;
    // Whoever voted too little to belong anywhere has no group.
    row.check_number("group-id", i64::MIN)?;
    for count in ["n-comments", "n-votes", "n-agree", "n-disagree"] {
        row.number(count, 0)?;
    }
    Ok(voter.unsigned_abs())
}

/// Refuses participants who are there twice, and votes of nobody.
fn check_participants(table: &Table, vote_table: &Table) -> Result<(), Damage> {
    let mut known = HashSet::new();
    table.rows(&PARTICIPANT_COLUMNS, |row| {
        let voter = participant(row)?;
        if !known.insert(voter) {
            return Err(row.damage(format!("voter {voter} is there twice")));
        }
        Ok(())
    })?;
    vote_table.rows(&VOTE_COLUMNS, |row| {
        let voter = row.number("voter-id", 0)?.unsigned_abs();
        if known.contains(&voter) {
            Ok(())
        } else {
            Err(row.damage(format!("voter {voter} is not in {}", table.file)))
        }
    })?;
    Ok(())
}

/// Compares the last vote of each voter with pol.is' own matrix: refuses votes that say the
/// opposite of it, warns of others that differ.
fn compare(
    table: &Table,
    positions: &HashMap<i64, usize>,
    votes: &[Vote],
    warnings: &mut Vec<String>,
) -> Result<(), Damage> {
    let last: HashMap<(u64, usize), i32> = votes
        .iter()
        .map(|vote| ((vote.voter, vote.statement), vote.value))
        .collect();
    let (mut all, mut same, mut opposite) = (0_usize, 0_usize, 0_usize);
    table.rows(&PARTICIPANT_COLUMNS, |row| {
        let participant = participant(row)?;
        for (header, value) in row.values() {
            let Some(statement) = header.parse().ok().and_then(|id| positions.get(&id)) else {
                continue;
            };
            let Some(value) = table::sign(value.trim()) else {
                continue;
            };
            let counted = last.get(&(participant, *statement)).copied();
            all += 1;
            same += usize::from(counted == Some(value));
            opposite += usize::from(value != 0 && counted == Some(-value));
        }
        Ok(())
    })?;
    if opposite > same {
        return Err(Damage {
            file: VOTES,
            line: None,
            reason: format!(
                "says the opposite of {} ({opposite} of {all} votes): give --agree=-1",
                table.file
            ),
        });
    }
    if same < all {
        warnings.push(format!(
            "{}: {} of {all} votes differ from the last ones in {VOTES}, which are counted",
            table.file,
            all - same
        ));
    }
    Ok(())
}

/// Returns the summary's values by their keys.
fn summary(table: &Table) -> Result<HashMap<String, String>, Damage> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(table.text.as_bytes())
        .records()
        .map(|record| {
            let record = record.map_err(|_| table.damage("not readable as CSV".to_owned()))?;
            let value = |position| record.get(position).unwrap_or_default().to_owned();
            Ok((value(0), value(1)))
        })
        .collect()
}
