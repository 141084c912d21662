//! The chain that the record of moderation forms: each entry holds the hash of the one before.

use chrono::SecondsFormat;
use entity::{content_report::Reason, moderation_entry::Model as Entry};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::Instant;

/// The format of new entries.
pub(super) const FORMAT: i32 = 2;

/// The hash of an entry, made as its format says; none if this version does not know the format.
pub(super) fn hash(entry: &Entry) -> Option<String> {
    match entry.format {
        1 => Some(hash_by_length(entry)),
        2 => Some(format!("{:x}", Sha256::digest(lines(entry)))),
        _ => None,
    }
}

/// The text that an entry of format 2 is hashed over: one line a value, as
/// `docs/moderation-record.md` describes it. No value holds a line end.
fn lines(entry: &Entry) -> String {
    let uuid = |id: Uuid| id.hyphenated().to_string();
    let instant = |at: Instant| at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let mut text = String::from("moderation entry, format 2\n");
    for (name, value) in [
        ("previous", Some(entry.previous_hash.clone())),
        ("position", Some(entry.position.to_string())),
        ("id", Some(uuid(entry.id.0))),
        ("case", Some(uuid(entry.case_id.0))),
        ("subject", Some(entry.subject_kind.stored())),
        ("action", Some(entry.action.stored())),
        ("reason", entry.reason_code.map(Reason::stored)),
        ("statement", entry.statement_hash.clone()),
        ("reversal", Some(entry.is_reversal.to_string())),
        ("parent", entry.parent_id.map(|parent| uuid(parent.0))),
        ("opened", entry.opened_at.map(instant)),
        ("created", Some(instant(entry.created_at))),
    ] {
        text.push_str(name);
        text.push(':');
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            text.push(' ');
            text.push_str(&value);
        }
        text.push('\n');
    }
    text
}

/// The hash of an entry of format 1: each part goes with its length, an absent one is a zero byte.
fn hash_by_length(entry: &Entry) -> String {
    let mut digest = Sha256::new();
    for part in [
        Some(entry.previous_hash.clone()),
        Some(entry.position.to_string()),
        Some(entry.id.0.to_string()),
        Some(entry.case_id.0.to_string()),
        Some(camel_case(&entry.subject_kind.stored())),
        Some(camel_case(&entry.action.stored())),
        entry.reason_code.map(|reason| camel_case(&reason.stored())),
        entry.statement_hash.clone(),
        Some(entry.is_reversal.to_string()),
        entry.parent_id.map(|parent| parent.0.to_string()),
        entry.opened_at.map(|at| at.timestamp_micros().to_string()),
        Some(entry.created_at.timestamp_micros().to_string()),
    ] {
        match part {
            None => digest.update([0]),
            Some(part) => {
                digest.update([1]);
                digest.update((part.len() as u64).to_be_bytes());
                digest.update(part);
            }
        }
    }
    format!("{:x}", digest.finalize())
}

/// `REQUEST_CHANGES` as `RequestChanges`, the names that format 1 hashed.
fn camel_case(stored: &str) -> String {
    let words = stored.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_owned() + &rest.to_lowercase()
    });
    words.collect()
}

/// The hash that an entry keeps of what an author was told.
pub(super) fn statement_hash(salt: &str, text: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(salt);
    digest.update(text);
    format!("{:x}", digest.finalize())
}

/// The entry up to which a record was checked.
#[derive(Debug, Default)]
pub(super) struct Checkpoint {
    pub(super) position: i64,
    pub(super) hash: String,
    format: i32,
}

/// The first entry that is not as it was made, or does not follow the one before. A format never
/// goes back, so that nobody can hide a change behind an older one.
pub(super) fn first_broken<'a>(last: &mut Checkpoint, entries: &'a [Entry]) -> Option<&'a Entry> {
    entries.iter().find(|entry| {
        let holds = entry.position == last.position + 1
            && entry.previous_hash == last.hash
            && entry.format >= last.format
            && hash(entry).as_ref() == Some(&entry.hash);
        *last = Checkpoint {
            position: entry.position,
            hash: entry.hash.clone(),
            format: entry.format,
        };
        !holds
    })
}

#[cfg(test)]
mod tests {
    use entity::{
        id::{ModerationCaseId, ModerationEntryId},
        moderation_case::SubjectKind,
        moderation_entry::Action,
    };
    use uuid::Uuid;

    use super::*;

    fn entry(position: i64, format: i32, previous_hash: String) -> Entry {
        let mut entry = Entry {
            id: ModerationEntryId(Uuid::from_u128(position.unsigned_abs().into())),
            position,
            case_id: ModerationCaseId(Uuid::nil()),
            subject_kind: SubjectKind::Comment,
            action: Action::RequestChanges,
            reason_code: Some(Reason::PersonalData),
            statement_hash: Some(statement_hash("zout", "Scheldwoord.")),
            is_reversal: false,
            parent_id: None,
            opened_at: None,
            created_at: Instant::UNIX_EPOCH,
            previous_hash,
            hash: String::new(),
            format,
        };
        entry.hash = hash(&entry).unwrap();
        entry
    }

    fn chain(formats: &[i32]) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for (position, format) in (1..).zip(formats) {
            let previous = entries.last().map(|last| last.hash.clone());
            entries.push(entry(position, *format, previous.unwrap_or_default()));
        }
        entries
    }

    fn broken(entries: &[Entry]) -> Option<i64> {
        first_broken(&mut Checkpoint::default(), entries).map(|entry| entry.position)
    }

    #[test]
    fn what_was_only_added_to_holds_across_formats() {
        assert_eq!(broken(&chain(&[1, 1, 2, 2])), None);
    }

    #[test]
    fn a_format_never_goes_back_and_an_unknown_one_is_broken() {
        assert_eq!(broken(&chain(&[1, 2, 1, 2])), Some(3));
        let mut entries = chain(&[1, 2, 2]);
        entries[2].format = 3;
        assert_eq!(broken(&entries), Some(3));
    }

    #[test]
    fn the_first_changed_entry_is_named() {
        for format in [1, 2] {
            let mut entries = chain(&[format; 4]);
            entries[1].statement_hash = Some(statement_hash("zout", "Geen scheldwoord."));
            assert_eq!(broken(&entries), Some(2));
            entries[1].hash = hash(&entries[1]).unwrap();
            assert_eq!(
                broken(&entries),
                Some(3),
                "the next one still names the old"
            );
        }
    }

    #[test]
    fn an_entry_that_is_gone_is_missed() {
        let mut entries = chain(&[2; 4]);
        entries.remove(1);
        assert_eq!(broken(&entries), Some(3));
    }

    /// The hash that this very entry got when enums were hashed by the names of the source.
    #[test]
    fn hashes_of_format_1_do_not_depend_on_names_in_the_source() {
        assert_eq!(
            entry(7, 1, "abc".to_owned()).hash,
            "b759271baa73205ec29578fc82074042f54f524824029d82ec02fb4f6be7bf4a"
        );
    }

    #[test]
    fn the_example_in_the_documentation_is_an_entry_and_its_hash() {
        let page = include_str!("../../../docs/moderation-record.md");
        let mut blocks = page.split("```");
        let text = blocks.find(|block| block.starts_with("text\n")).unwrap();
        let text = text.trim_start_matches("text\n");
        let hash = format!("{:x}", Sha256::digest(text));
        assert!(
            page.contains(&format!("`{hash}`")),
            "{hash} is not in the page"
        );
        let example = Entry {
            id: ModerationEntryId("0193b1a4-7c00-7000-8000-000000000002".parse().unwrap()),
            position: 2,
            case_id: ModerationCaseId("0193b1a4-7c00-7000-8000-0000000000aa".parse().unwrap()),
            opened_at: Some("2026-11-30T09:15:00Z".parse().unwrap()),
            created_at: "2026-11-30T11:04:05.25Z".parse().unwrap(),
            ..entry(2, 2, entry(1, 2, String::new()).hash)
        };
        assert_eq!(text, lines(&example));
        assert_eq!(super::hash(&example), Some(hash));
    }
}
