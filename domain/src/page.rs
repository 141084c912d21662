//! Pages of a list by keyset: a page continues behind a row, not behind a number of rows, so it
//! costs the same everywhere in the list and skips nothing when rows come or go.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Error, Locale,
    clock::{self, Instant},
    refusal::{Code, Path, Refusal},
    text,
};

/// How many items a page has where nothing is asked.
pub const DEFAULT_LIMIT: u32 = 20;
/// How many items a page has at most.
pub const MAX_LIMIT: u32 = 100;

/// The page that a client asks for, unchecked (Relay cursor connections).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Paging {
    /// The first so many, 0 to 100; 20 where nothing is asked.
    pub first: Option<i32>,
    /// Only items behind this cursor.
    pub after: Option<String>,
    /// The last so many, 0 to 100.
    pub last: Option<i32>,
    /// Only items before this cursor.
    pub before: Option<String>,
}

/// The page to read, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// How many items at most.
    pub limit: u32,
    /// Whether the page is read from its end towards the beginning of the list.
    pub backward: bool,
    /// The row that the page continues behind; the list's beginning or end where none.
    pub from: Option<Key>,
    list: ListMark,
}

/// A row's place in a list: what the list is sorted by, and the row's id to tell equals apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What the list is sorted by.
    pub sort: Sort,
    /// The row's id.
    pub id: Uuid,
}

/// A value that a list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// A count or a position.
    Number(i64),
    /// An instant.
    Instant(Instant),
    /// Plain text.
    Text(String),
}

/// The kind of value that a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKind {
    /// A count or a position.
    Number,
    /// An instant.
    Instant,
    /// Plain text.
    Text,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The items in the order of the list.
    pub edges: Vec<Edge<T>>,
    /// Whether there are items behind this page.
    pub has_next: bool,
    /// Whether there are items before this page.
    pub has_previous: bool,
}

/// An item and its place in the list.
#[derive(Debug, Clone)]
pub struct Edge<T> {
    /// Opaque; good for `after` and `before` of the same list with the same filter and order.
    pub cursor: String,
    /// The item.
    pub node: T,
}

/// Why a page is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// `first` or `last` is below 0 or above 100.
    Limit(&'static str),
    /// `first` goes with `after`, `last` with `before`, and not both at once.
    BothEnds,
    /// The cursor was not made here.
    BrokenCursor(&'static str),
    /// The cursor belongs to another list, or to this one with another filter or order.
    ForeignCursor(&'static str),
}

impl Refusal for Invalid {
    fn code(&self) -> Code {
        match self {
            Self::Limit(_) | Self::BothEnds => Code::PageInvalid,
            Self::BrokenCursor(_) | Self::ForeignCursor(_) => Code::CursorInvalid,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::BothEnds => Path::default(),
            Self::Limit(argument)
            | Self::BrokenCursor(argument)
            | Self::ForeignCursor(argument) => Path::from(*argument),
        }
    }

    fn message(&self, locale: Locale) -> String {
        match self {
            Self::Limit(argument) => match locale {
                Locale::Nl => format!("{argument} ligt tussen 0 en {MAX_LIMIT}."),
                Locale::En => format!("{argument} lies between 0 and {MAX_LIMIT}."),
            },
            Self::BothEnds => locale
                .pick(
                    "Gebruik first met after, of last met before.",
                    "Use first with after, or last with before.",
                )
                .to_owned(),
            Self::BrokenCursor(_) => locale
                .pick(
                    "Deze cursor is niet leesbaar.",
                    "This cursor cannot be read.",
                )
                .to_owned(),
            Self::ForeignCursor(_) => locale
                .pick(
                    "Deze cursor hoort bij een andere lijst, filter of volgorde.",
                    "This cursor belongs to another list, filter or order.",
                )
                .to_owned(),
        }
    }
}

/// Tells a list with its filter and order from every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ListMark([u8; 8]);

impl ListMark {
    fn of(list: &str) -> Self {
        let digest = Sha256::digest(list.as_bytes());
        let mut mark = [0; 8];
        mark.copy_from_slice(&digest[..8]);
        Self(mark)
    }
}

impl Paging {
    /// The first page of `limit` items.
    pub fn first(limit: i32) -> Self {
        Self {
            first: Some(limit),
            ..Self::default()
        }
    }

    /// How many items are asked for, where it is the first page of a list and nothing else.
    pub fn beginning(&self) -> Option<u32> {
        if self.after.is_some() || self.last.is_some() || self.before.is_some() {
            return None;
        }
        match self.first {
            None => Some(DEFAULT_LIMIT),
            Some(first) => u32::try_from(first)
                .ok()
                .filter(|limit| *limit <= MAX_LIMIT),
        }
    }

    /// The checked window on `list`, a text that names the list with its filter and order, which
    /// is by values of the kind `sorted_by`.
    pub fn window(&self, list: &str, sorted_by: SortKind) -> Result<Window, Error<Invalid>> {
        let backward = self.last.is_some() || self.before.is_some();
        if backward && (self.first.is_some() || self.after.is_some()) {
            return Err(Error::refused(Invalid::BothEnds));
        }
        let (count, cursor, count_name, cursor_name) = if backward {
            (self.last, &self.before, "last", "before")
        } else {
            (self.first, &self.after, "first", "after")
        };
        let limit = match count {
            None => DEFAULT_LIMIT,
            Some(count) => u32::try_from(count)
                .ok()
                .filter(|count| *count <= MAX_LIMIT)
                .ok_or(Error::refused(Invalid::Limit(count_name)))?,
        };
        let list = ListMark::of(list);
        let from = cursor
            .as_deref()
            .map(|cursor| Key::decode(cursor, list, sorted_by, cursor_name))
            .transpose()?;
        Ok(Window {
            limit,
            backward,
            from,
            list,
        })
    }
}

impl Window {
    /// The first page of `list`, of `limit` items but never more than 100.
    pub fn first(limit: u32, list: &str) -> Self {
        Self {
            limit: limit.min(MAX_LIMIT),
            backward: false,
            from: None,
            list: ListMark::of(list),
        }
    }

    /// The page made of `rows`, read in the window's direction, up to one more than its limit.
    pub fn page<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> Key) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        if self.backward {
            rows.reverse();
        }
        let continued = self.from.is_some();
        Page {
            edges: rows
                .into_iter()
                .map(|node| Edge {
                    cursor: key(&node).encode(self.list),
                    node,
                })
                .collect(),
            has_next: if self.backward { continued } else { more },
            has_previous: if self.backward { more } else { continued },
        }
    }
}

impl<T> Page<T> {
    /// The same page of other items.
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            edges: self
                .edges
                .into_iter()
                .map(|edge| Edge {
                    cursor: edge.cursor,
                    node: change(edge.node),
                })
                .collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}

impl Key {
    fn encode(&self, list: ListMark) -> String {
        let mut bytes = Vec::with_capacity(40);
        bytes.extend_from_slice(&list.0);
        bytes.extend_from_slice(self.id.as_bytes());
        match &self.sort {
            Sort::Number(number) => {
                bytes.push(b'n');
                bytes.extend_from_slice(&number.to_be_bytes());
            }
            Sort::Instant(instant) => {
                bytes.push(b'i');
                bytes.extend_from_slice(&instant.timestamp_micros().to_be_bytes());
            }
            Sort::Text(text) => {
                bytes.push(b't');
                bytes.extend_from_slice(text.as_bytes());
            }
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Returns the place that a cursor names. Anyone can make one, so that nothing of it reaches a
    /// statement but a value of the kind that the list is sorted by, and that the databases keep.
    fn decode(
        cursor: &str,
        list: ListMark,
        sorted_by: SortKind,
        argument: &'static str,
    ) -> Result<Self, Error<Invalid>> {
        let broken = || Error::refused(Invalid::BrokenCursor(argument));
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| broken())?;
        let (mark, rest) = bytes.split_at_checked(8).ok_or_else(broken)?;
        let (id, rest) = rest.split_at_checked(16).ok_or_else(broken)?;
        let (kind, value) = rest.split_first().ok_or_else(broken)?;
        let id = Uuid::from_slice(id).map_err(|_| broken())?;
        let sort = Sort::decode(*kind, value).ok_or_else(broken)?;
        if mark != list.0 || sort.kind() != sorted_by {
            return Err(Error::refused(Invalid::ForeignCursor(argument)));
        }
        Ok(Self { sort, id })
    }
}

impl Sort {
    fn kind(&self) -> SortKind {
        match self {
            Self::Number(_) => SortKind::Number,
            Self::Instant(_) => SortKind::Instant,
            Self::Text(_) => SortKind::Text,
        }
    }

    fn decode(kind: u8, value: &[u8]) -> Option<Self> {
        let number = || value.try_into().ok().map(i64::from_be_bytes);
        match kind {
            b'n' => number().map(Self::Number),
            b'i' => number()
                .and_then(Instant::from_timestamp_micros)
                .filter(clock::is_kept)
                .map(Self::Instant),
            b't' => String::from_utf8(value.to_vec())
                .ok()
                .filter(|text| text::is_kept(text))
                .map(Self::Text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
