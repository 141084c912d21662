//! CSV files of a pol.is export, read row by row with the line of every fault.

use std::{collections::HashMap, fs, path::Path};

use csv::{ReaderBuilder, StringRecord, Trim};
use domain::clock::Instant;

/// Milliseconds since 1970 at the start of the year 2100.
const LATEST: i64 = 4_102_444_800_000;
/// Smaller numbers are seconds: pol.is has exported both, and as milliseconds these end in 1973.
const FEWEST_MILLISECONDS: i64 = 100_000_000_000;

/// A fault in an export, with its place.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}\nhint: mend the export and import it again; nothing was imported", place(.file, *.line))]
pub struct Damage {
    /// The file's name in the folder.
    pub file: &'static str,
    /// The line, from 1; none if the file as a whole is damaged.
    pub line: Option<u64>,
    /// The fault in one sentence.
    pub reason: String,
}

/// `file:line`, or the file alone.
pub(super) fn place(file: &str, line: Option<u64>) -> String {
    match line {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    }
}

/// A column by its name in pol.is' own files and in the prepared form.
pub(super) struct Column {
    name: &'static str,
    prepared: &'static str,
    required: bool,
}

/// A column that each file must have.
pub(super) const fn required(name: &'static str, prepared: &'static str) -> Column {
    Column {
        name,
        prepared,
        required: true,
    }
}

/// A column that a file may lack.
pub(super) const fn optional(name: &'static str, prepared: &'static str) -> Column {
    Column {
        name,
        prepared,
        required: false,
    }
}

/// A file of the export, as text with LF line ends and without a byte order mark.
pub(super) struct Table {
    pub(super) file: &'static str,
    pub(super) text: String,
}

impl Table {
    /// Reads `file` in `folder`.
    pub(super) fn read(folder: &Path, file: &'static str) -> Result<Self, Damage> {
        let damage = |line, reason| Damage { file, line, reason };
        let bytes = fs::read(folder.join(file)).map_err(|error| {
            damage(
                None,
                format!("cannot be read in {}: {error}", folder.display()),
            )
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..valid]
                .split(|byte| *byte == b'\n')
                .count();
            damage(Some(line as u64), "not UTF-8".to_owned())
        })?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        Ok(Self {
            file,
            text: text.replace("\r\n", "\n").replace('\r', "\n"),
        })
    }

    /// As [`Table::read`]; none if the folder has no such file.
    pub(super) fn read_optional(folder: &Path, file: &'static str) -> Result<Option<Self>, Damage> {
        if folder.join(file).exists() {
            Self::read(folder, file).map(Some)
        } else {
            Ok(None)
        }
    }

    /// A fault of the file as a whole.
    pub(super) fn damage(&self, reason: String) -> Damage {
        Damage {
            file: self.file,
            line: None,
            reason,
        }
    }

    /// Calls `take` with every row; returns the headers that are not in `columns`, which stand in
    /// any order.
    pub(super) fn rows(
        &self,
        columns: &[Column],
        mut take: impl FnMut(&Row<'_>) -> Result<(), Damage>,
    ) -> Result<Vec<String>, Damage> {
        let mut reader = ReaderBuilder::new()
            .trim(Trim::Headers)
            .from_reader(self.text.as_bytes());
        let headers = reader
            .headers()
            .map_err(|error| self.unreadable(&error))?
            .clone();
        let mut positions = HashMap::new();
        let mut others = Vec::new();
        for (position, header) in headers.iter().enumerate() {
            let known = columns
                .iter()
                .find(|column| column.name == header || column.prepared == header);
            match known {
                None => others.push(header.to_owned()),
                Some(column) if positions.insert(column.name, position).is_some() => {
                    return Err(self.header(format!("column {header:?} is there twice")));
                }
                Some(_) => {}
            }
        }
        if let Some(missing) = columns
            .iter()
            .find(|column| column.required && !positions.contains_key(column.name))
        {
            return Err(self.header(format!(
                "column {:?} (or {:?}) is missing",
                missing.name, missing.prepared
            )));
        }
        for record in reader.records() {
            let record = record.map_err(|error| self.unreadable(&error))?;
            take(&Row {
                file: self.file,
                headers: &headers,
                positions: &positions,
                record: &record,
            })?;
        }
        Ok(others)
    }

    fn header(&self, reason: String) -> Damage {
        Damage {
            line: Some(1),
            ..self.damage(reason)
        }
    }

    fn unreadable(&self, error: &csv::Error) -> Damage {
        Damage {
            file: self.file,
            line: error.position().map(csv::Position::line),
            reason: match error.kind() {
                csv::ErrorKind::UnequalLengths {
                    expected_len, len, ..
                } => format!("{len} columns where the header has {expected_len}"),
                _ => "not readable as CSV".to_owned(),
            },
        }
    }
}

/// A row of a file whose columns are known.
pub(super) struct Row<'a> {
    file: &'static str,
    headers: &'a StringRecord,
    positions: &'a HashMap<&'static str, usize>,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    pub(super) fn line(&self) -> Option<u64> {
        self.record.position().map(csv::Position::line)
    }

    pub(super) fn damage(&self, reason: String) -> Damage {
        Damage {
            file: self.file,
            line: self.line(),
            reason,
        }
    }

    /// The value of a column by its pol.is name; empty if the file lacks the column.
    pub(super) fn value(&self, column: &str) -> &'a str {
        self.positions
            .get(column)
            .and_then(|position| self.record.get(*position))
            .unwrap_or_default()
    }

    /// The header as the file has it.
    fn header(&self, column: &'a str) -> &'a str {
        self.positions
            .get(column)
            .and_then(|position| self.headers.get(*position))
            .unwrap_or(column)
    }

    /// Every value with its header.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.headers.iter().zip(self.record.iter())
    }

    /// A whole number from `least` on.
    pub(super) fn number(&self, column: &str, least: i64) -> Result<i64, Damage> {
        let (value, header) = (self.value(column).trim(), self.header(column));
        match value.parse::<i64>() {
            Ok(number) if number >= least => Ok(number),
            Ok(_) => Err(self.damage(format!("{header} is {value}, below {least}"))),
            Err(_) => Err(self.damage(format!("{header} is {value:?}, not a whole number"))),
        }
    }

    /// As [`Row::number`]; refuses nothing if the value is empty.
    pub(super) fn check_number(&self, column: &str, least: i64) -> Result<(), Damage> {
        if self.value(column).trim().is_empty() {
            return Ok(());
        }
        self.number(column, least).map(|_| ())
    }

    /// -1, 0 or 1.
    pub(super) fn sign(&self, column: &str) -> Result<i32, Damage> {
        let (value, header) = (self.value(column).trim(), self.header(column));
        sign(value).ok_or_else(|| self.damage(format!("{header} is {value:?}, not -1, 0 or 1")))
    }

    /// An instant in seconds or milliseconds since 1970, before 2100.
    pub(super) fn instant(&self, column: &str) -> Result<Instant, Damage> {
        let number = self.number(column, 0)?;
        let milliseconds = if number < FEWEST_MILLISECONDS {
            number * 1_000
        } else {
            number
        };
        Some(milliseconds)
            .filter(|milliseconds| *milliseconds < LATEST)
            .and_then(Instant::from_timestamp_millis)
            .ok_or_else(|| {
                self.damage(format!(
                    "{} is {number}, not before 2100",
                    self.header(column)
                ))
            })
    }
}

/// -1, 0 or 1 as written.
pub(super) fn sign(value: &str) -> Option<i32> {
    match value {
        "-1" => Some(-1),
        "0" => Some(0),
        "1" => Some(1),
        _ => None,
    }
}
