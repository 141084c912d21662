//! The chain that the record of moderation forms: each entry holds the hash of the one before.

use entity::moderation_entry::Model as Entry;
use sha2::{Digest, Sha256};

/// The hash of an entry: over the hash before it and all that it says. Each part goes with its
/// length, so that no two entries are the same text.
pub(super) fn hash(entry: &Entry) -> String {
    let mut digest = Sha256::new();
    for part in [
        Some(entry.previous_hash.clone()),
        Some(entry.position.to_string()),
        Some(entry.id.0.to_string()),
        Some(entry.case_id.0.to_string()),
        Some(format!("{:?}", entry.subject_kind)),
        Some(format!("{:?}", entry.action)),
        entry.reason_code.map(|reason| format!("{reason:?}")),
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
                digest.update(part.len().to_be_bytes());
                digest.update(part);
            }
        }
    }
    format!("{:x}", digest.finalize())
}

/// The hash that an entry keeps of what an author was told.
pub(super) fn statement_hash(salt: &str, text: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(salt);
    digest.update(text);
    format!("{:x}", digest.finalize())
}

/// The first entry that is not as it was made, or does not follow the one before; `last` is the
/// position and hash of the entry before these.
pub(super) fn first_broken<'a>(
    last: &mut (i64, String),
    entries: &'a [Entry],
) -> Option<&'a Entry> {
    entries.iter().find(|entry| {
        let holds = entry.position == last.0 + 1
            && entry.previous_hash == last.1
            && entry.hash == hash(entry);
        *last = (entry.position, entry.hash.clone());
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
    use crate::clock::Instant;

    fn chain(length: i64) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for position in 1..=length {
            let mut entry = Entry {
                id: ModerationEntryId(Uuid::from_u128(position.unsigned_abs().into())),
                position,
                case_id: ModerationCaseId(Uuid::nil()),
                subject_kind: SubjectKind::Comment,
                action: Action::Hide,
                reason_code: None,
                statement_hash: Some(statement_hash("zout", "Scheldwoord.")),
                is_reversal: false,
                parent_id: None,
                opened_at: None,
                created_at: Instant::UNIX_EPOCH,
                previous_hash: entries
                    .last()
                    .map(|last| last.hash.clone())
                    .unwrap_or_default(),
                hash: String::new(),
            };
            entry.hash = hash(&entry);
            entries.push(entry);
        }
        entries
    }

    fn broken(entries: &[Entry]) -> Option<i64> {
        first_broken(&mut (0, String::new()), entries).map(|entry| entry.position)
    }

    #[test]
    fn what_was_only_added_to_holds() {
        assert_eq!(broken(&chain(4)), None);
    }

    #[test]
    fn the_first_changed_entry_is_named() {
        let mut entries = chain(4);
        entries[1].statement_hash = Some(statement_hash("zout", "Geen scheldwoord."));
        assert_eq!(broken(&entries), Some(2));
        entries[1].hash = hash(&entries[1]);
        assert_eq!(
            broken(&entries),
            Some(3),
            "the next one still names the old"
        );
    }

    #[test]
    fn an_entry_that_is_gone_is_missed() {
        let mut entries = chain(4);
        entries.remove(1);
        assert_eq!(broken(&entries), Some(3));
    }
}
