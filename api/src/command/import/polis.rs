//! pol.is exports: read whole and checked row by row, before anything is written.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use csv::{ReaderBuilder, StringRecord, Trim};
use domain::{
    clock::Instant,
    poll::{Export, Statement, Vote},
    text::Problem,
};

const STATEMENTS: &str = "statements.csv";
const VOTES: &str = "votes.csv";
const PARTICIPANTS: &str = "participants.csv";
/// Milliseconds since 1970 at the start of the year 2100.
const LATEST: i64 = 4_102_444_800_000;

/// Why an export cannot be imported.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}\nhint: mend the export and import it again; nothing was imported", place(.file, *.line))]
pub struct Damage {
    /// The file, by its name in the folder.
    pub file: &'static str,
    /// The line, from 1; none where the file as a whole is damaged.
    pub line: Option<u64>,
    /// What is wrong there.
    pub reason: String,
}

fn place(file: &str, line: Option<u64>) -> String {
    match line {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    }
}

/// Reads and checks the export in `folder`; titled after the folder where there is no `title`.
pub fn read(folder: &Path, title: Option<&str>) -> Result<Export, Damage> {
    let [statements_text, votes_text, participants_text] =
        [STATEMENTS, VOTES, PARTICIPANTS].map(|file| text(folder, file));
    let (statements_text, votes_text, participants_text) =
        (statements_text?, votes_text?, participants_text?);
    let (statements, positions) = statements(&statements_text)?;
    let participants = participants(&participants_text)?;
    let votes = votes(&votes_text, &positions, &participants)?;
    Ok(Export {
        title: title.map_or_else(|| name(folder), str::to_owned),
        digest: Export::digest(&[
            statements_text.as_bytes(),
            votes_text.as_bytes(),
            participants_text.as_bytes(),
        ]),
        statements,
        votes,
    })
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

fn text(folder: &Path, file: &'static str) -> Result<String, Damage> {
    let damage = |line, reason| Damage { file, line, reason };
    let bytes = fs::read(folder.join(file)).map_err(|error| {
        damage(
            None,
            format!("cannot be read in {}: {error}", folder.display()),
        )
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid]
            .split(|byte| *byte == b'\n')
            .count();
        damage(Some(line as u64), "not UTF-8".to_owned())
    })
}

/// A row of a file whose columns are known.
struct Row<'a> {
    file: &'static str,
    columns: &'a HashMap<&'static str, usize>,
    record: &'a StringRecord,
}

impl Row<'_> {
    fn damage(&self, reason: String) -> Damage {
        Damage {
            file: self.file,
            line: self.record.position().map(csv::Position::line),
            reason,
        }
    }

    fn value(&self, column: &str) -> &str {
        self.columns
            .get(column)
            .and_then(|position| self.record.get(*position))
            .unwrap_or_default()
    }

    /// A whole number from `least` on.
    fn number(&self, column: &str, least: i64) -> Result<i64, Damage> {
        let value = self.value(column);
        match value.trim().parse::<i64>() {
            Ok(number) if number >= least => Ok(number),
            Ok(_) => Err(self.damage(format!("{column} is {value}, below {least}"))),
            Err(_) => Err(self.damage(format!("{column} is {value:?}, not a whole number"))),
        }
    }

    /// -1, 0 or 1.
    fn sign(&self, column: &str) -> Result<i32, Damage> {
        match self.value(column).trim() {
            "-1" => Ok(-1),
            "0" => Ok(0),
            "1" => Ok(1),
            other => Err(self.damage(format!("{column} is {other:?}, not -1, 0 or 1"))),
        }
    }

    /// An instant in milliseconds since 1970, before 2100.
    fn instant(&self, column: &str) -> Result<Instant, Damage> {
        let milliseconds = self.number(column, 0)?;
        Some(milliseconds)
            .filter(|milliseconds| *milliseconds < LATEST)
            .and_then(Instant::from_timestamp_millis)
            .ok_or_else(|| self.damage(format!("{column} is {milliseconds}, not before 2100")))
    }
}

/// Calls `take` with every row of a file that has exactly these columns, in any order.
fn rows(
    file: &'static str,
    text: &str,
    known: &[&'static str],
    mut take: impl FnMut(&Row<'_>) -> Result<(), Damage>,
) -> Result<(), Damage> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = ReaderBuilder::new()
        .trim(Trim::Headers)
        .from_reader(text.as_bytes());
    let unreadable = |error: &csv::Error| Damage {
        file,
        line: error.position().map(csv::Position::line),
        reason: match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => format!("{len} columns where the header has {expected_len}"),
            _ => "not readable as CSV".to_owned(),
        },
    };
    let headers = reader
        .headers()
        .map_err(|error| unreadable(&error))?
        .clone();
    let columns = columns(file, &headers, known)?;
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        take(&Row {
            file,
            columns: &columns,
            record: &record,
        })?;
    }
    Ok(())
}

fn columns(
    file: &'static str,
    headers: &StringRecord,
    known: &[&'static str],
) -> Result<HashMap<&'static str, usize>, Damage> {
    let damage = |reason| Damage {
        file,
        line: Some(1),
        reason,
    };
    let mut columns = HashMap::new();
    for (position, header) in headers.iter().enumerate() {
        let Some(name) = known.iter().find(|name| **name == header) else {
            return Err(damage(format!("unknown column {header:?}")));
        };
        if columns.insert(*name, position).is_some() {
            return Err(damage(format!("column {header:?} is there twice")));
        }
    }
    match known.iter().find(|name| !columns.contains_key(**name)) {
        Some(name) => Err(damage(format!("column {name:?} is missing"))),
        None => Ok(columns),
    }
}

/// The statements, and where each of their ids stands among them.
fn statements(text: &str) -> Result<(Vec<Statement>, HashMap<i64, usize>), Damage> {
    let known = [
        "statement_id",
        "author_id",
        "created_ms",
        "moderated",
        "is_seed",
        "is_meta",
        "agrees",
        "disagrees",
        "body",
    ];
    let mut statements = Vec::new();
    let mut positions = HashMap::new();
    rows(STATEMENTS, text, &known, |row| {
        let id = row.number("statement_id", 0)?;
        row.number("author_id", i64::MIN)?;
        row.instant("created_ms")?;
        let rejected = row.sign("moderated")? == -1;
        row.number("agrees", 0)?;
        row.number("disagrees", 0)?;
        if positions.insert(id, statements.len()).is_some() {
            return Err(row.damage(format!("statement {id} is there twice")));
        }
        if statements.len() == Export::STATEMENTS {
            let most = Export::STATEMENTS;
            return Err(row.damage(format!("more than {most} statements")));
        }
        let statement = Statement::new(&id.to_string(), row.value("body"), rejected)
            .map_err(|problem| row.damage(wording(problem)))?;
        statements.push(statement);
        Ok(())
    })?;
    if statements.is_empty() {
        return Err(Damage {
            file: STATEMENTS,
            line: None,
            reason: "no statements".to_owned(),
        });
    }
    Ok((statements, positions))
}

fn wording(problem: Problem) -> String {
    match problem {
        Problem::Required | Problem::TooShort { .. } => "body is empty".to_owned(),
        Problem::TooLong { max } => format!("body is longer than {max} characters"),
        Problem::ForbiddenCharacter => {
            "body holds a control or direction-changing character".to_owned()
        }
    }
}

/// The voters.
fn participants(text: &str) -> Result<HashSet<u64>, Damage> {
    let known = [
        "voter_id",
        "group_id",
        "n_comments",
        "n_votes",
        "n_agree",
        "n_disagree",
    ];
    let mut voters = HashSet::new();
    rows(PARTICIPANTS, text, &known, |row| {
        let voter = row.number("voter_id", 0)?;
        // Who voted too little to belong anywhere has no group.
        if !row.value("group_id").trim().is_empty() {
            row.number("group_id", i64::MIN)?;
        }
        for count in ["n_comments", "n_votes", "n_agree", "n_disagree"] {
            row.number(count, 0)?;
        }
        if !voters.insert(voter.unsigned_abs()) {
            return Err(row.damage(format!("voter {voter} is there twice")));
        }
        Ok(())
    })?;
    Ok(voters)
}

/// The votes in the order in which they were cast; rows of the same instant as they stand.
fn votes(
    text: &str,
    positions: &HashMap<i64, usize>,
    participants: &HashSet<u64>,
) -> Result<Vec<Vote>, Damage> {
    let known = ["ts_ms", "statement_id", "voter_id", "vote"];
    let mut cast = Vec::new();
    rows(VOTES, text, &known, |row| {
        let at = row.instant("ts_ms")?;
        let id = row.number("statement_id", 0)?;
        let Some(&statement) = positions.get(&id) else {
            return Err(row.damage(format!("statement {id} is not in {STATEMENTS}")));
        };
        let voter = row.number("voter_id", 0)?.unsigned_abs();
        if !participants.contains(&voter) {
            return Err(row.damage(format!("voter {voter} is not in {PARTICIPANTS}")));
        }
        cast.push(Vote {
            at,
            voter,
            statement,
            value: row.sign("vote")?,
        });
        Ok(())
    })?;
    if cast.is_empty() {
        return Err(Damage {
            file: VOTES,
            line: None,
            reason: "no votes".to_owned(),
        });
    }
    cast.sort_by_key(|vote: &Vote| vote.at);
    Ok(cast)
}
