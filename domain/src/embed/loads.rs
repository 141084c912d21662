//! Where embeds are shown, counted in memory until it is written: nobody who looks at a page
//! waits for the database.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::LoadKind;
use crate::{clock::Instant, id::EmbedId};

/// The most origins of an embed that are told apart, beside those where it may stand.
pub(super) const MOST_ORIGINS: usize = 100;

/// What an origin is called that is not known, or beyond the bound.
pub(super) const REST: &str = "";

/// How often, and when last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub count: i64,
    pub last: Instant,
}

/// Loads by origin and by what came of them, in the order of the table's key.
pub(super) type ByOrigin = BTreeMap<(String, LoadKind), Seen>;

/// Where embeds were shown since it was last written.
#[derive(Debug, Clone, Default)]
pub(super) struct Loads(Arc<Mutex<HashMap<EmbedId, ByOrigin>>>);

impl Loads {
    /// Counts one load.
    pub(super) fn add(
        &self,
        embed: EmbedId,
        origin: Option<String>,
        is_allowed: bool,
        kind: LoadKind,
        at: Instant,
    ) {
        let mut all = self.lock();
        let its = all.entry(embed).or_default();
        let mut key = (origin.unwrap_or_default(), kind);
        if !is_allowed {
            key = within(its, key);
        }
        add(its, key, Seen { count: 1, last: at });
    }

    /// Takes everything that was counted.
    pub(super) fn take(&self) -> BTreeMap<EmbedId, ByOrigin> {
        std::mem::take(&mut *self.lock()).into_iter().collect()
    }

    /// Puts back what could not be written.
    pub(super) fn give_back(&self, embed: EmbedId, loads: &ByOrigin) {
        let mut all = self.lock();
        let its = all.entry(embed).or_default();
        for (key, seen) in loads {
            let key = within(its, key.clone());
            add(its, key, *seen);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<EmbedId, ByOrigin>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The loads under the names that they are kept by: the origins in `known`, and others while
/// there is room, by themselves, the rest together. `allowed` have room always.
pub(super) fn bounded(
    loads: ByOrigin,
    allowed: &HashSet<String>,
    known: &HashSet<String>,
) -> ByOrigin {
    let mut strangers: HashSet<String> = known.difference(allowed).cloned().collect();
    strangers.remove(REST);
    let mut kept = ByOrigin::new();
    for ((origin, kind), seen) in loads {
        let is_told_apart = origin == REST
            || allowed.contains(&origin)
            || strangers.contains(&origin)
            || strangers.len() < MOST_ORIGINS && strangers.insert(origin.clone());
        let name = if is_told_apart {
            origin
        } else {
            REST.to_owned()
        };
        add(&mut kept, (name, kind), seen);
    }
    kept
}

/// What a load is counted under: its origin while there is room, or else the rest. That is twice the
/// bound: those where it may stand are few, and each may have both kinds.
fn within(loads: &ByOrigin, key: (String, LoadKind)) -> (String, LoadKind) {
    if loads.contains_key(&key) || loads.len() < 2 * MOST_ORIGINS {
        key
    } else {
        (REST.to_owned(), key.1)
    }
}

fn add(loads: &mut ByOrigin, key: (String, LoadKind), more: Seen) {
    loads
        .entry(key)
        .and_modify(|seen| {
            seen.count += more.count;
            seen.last = seen.last.max(more.last);
        })
        .or_insert(more);
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    use super::*;

    const EMBED: EmbedId = EmbedId(Uuid::nil());

    fn at(seconds: i64) -> Instant {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn all(loads: &Loads) -> ByOrigin {
        loads.take().remove(&EMBED).unwrap_or_default()
    }

    #[test]
    fn loads_add_up_and_are_taken_once() {
        let loads = Loads::default();
        for second in [3, 5, 4] {
            loads.add(
                EMBED,
                Some("https://a.nl".to_owned()),
                true,
                LoadKind::Load,
                at(second),
            );
        }
        loads.add(EMBED, None, false, LoadKind::Refusal, at(9));
        let first = all(&loads);
        assert_eq!(
            first[&("https://a.nl".to_owned(), LoadKind::Load)],
            Seen {
                count: 3,
                last: at(5)
            }
        );
        assert_eq!(first[&(REST.to_owned(), LoadKind::Refusal)].count, 1);
        assert!(all(&loads).is_empty());
        loads.add(EMBED, None, false, LoadKind::Refusal, at(7));
        loads.give_back(EMBED, &first);
        assert_eq!(
            all(&loads)[&(REST.to_owned(), LoadKind::Refusal)],
            Seen {
                count: 2,
                last: at(9)
            }
        );
    }

    #[test]
    fn strangers_are_bounded_in_memory_and_on_disk_and_none_is_lost() {
        let loads = Loads::default();
        for number in 0..1_000 {
            let origin = format!("https://{number}.example");
            loads.add(EMBED, Some(origin), false, LoadKind::Refusal, at(number));
        }
        loads.add(
            EMBED,
            Some("https://own.nl".to_owned()),
            true,
            LoadKind::Load,
            at(0),
        );
        let taken = all(&loads);
        assert!(taken.len() <= 2 * MOST_ORIGINS + 2);
        // What cannot be written is bounded as well, however often that is.
        for number in 0..150 {
            let origin = format!("https://later-{number}.example");
            loads.add(EMBED, Some(origin), false, LoadKind::Refusal, at(number));
        }
        loads.give_back(EMBED, &taken);
        let more = all(&loads);
        assert!(more.len() <= 2 * MOST_ORIGINS + 2);
        assert_eq!(more.values().map(|seen| seen.count).sum::<i64>(), 1_151);
        let allowed = HashSet::from(["https://own.nl".to_owned()]);
        let known = HashSet::from(["https://known.example".to_owned(), REST.to_owned()]);
        let kept = bounded(taken, &allowed, &known);
        assert_eq!(kept.len(), MOST_ORIGINS - 1 + 2);
        assert_eq!(kept.values().map(|seen| seen.count).sum::<i64>(), 1_001);
        assert!(kept.contains_key(&("https://own.nl".to_owned(), LoadKind::Load)));
    }
}
