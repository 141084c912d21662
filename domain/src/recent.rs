//! A bounded cache that many threads share.

use std::{
    borrow::Borrow,
    hash::Hash,
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
};

use lru::LruCache;

/// A bounded cache that evicts the entry used longest ago.
#[derive(Debug)]
pub struct Recent<K: Eq + Hash, V>(Mutex<LruCache<K, V>>);

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    /// An empty cache of at most `most` entries, and of one at least.
    pub fn new(most: usize) -> Self {
        // It grows as it is filled, while one made with its bound takes all of it at once.
        let mut entries = LruCache::unbounded();
        entries.resize(NonZeroUsize::new(most).unwrap_or(NonZeroUsize::MIN));
        Self(Mutex::new(entries))
    }

    /// Returns what was put under `key`, if it is not evicted.
    pub fn get<Q>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.lock().get(key).cloned()
    }

    /// Returns what was put under `key`, or puts there what `make` gives.
    pub fn get_or_put(&self, key: K, make: impl FnOnce() -> V) -> V {
        self.lock().get_or_insert(key, make).clone()
    }

    /// Puts `value` under `key`, in the place of what was there.
    pub fn put(&self, key: K, value: V) {
        self.lock().put(key, value);
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_oldest_is_evicted() {
        let recent = Recent::new(10);
        for number in 0..1_000 {
            recent.put(number, number * 2);
            assert_eq!(recent.get(&0), Some(0));
        }
        assert_eq!(recent.get(&999), Some(1_998));
        assert_eq!(recent.get(&500), None);
        assert_eq!(recent.lock().len(), 10);
    }

    #[test]
    fn what_is_there_is_not_made_again() {
        let recent = Recent::new(2);
        assert_eq!(recent.get_or_put("a", || 1), 1);
        recent.put("b", 2);
        assert_eq!(recent.get_or_put("a", || 3), 1);
        assert_eq!(recent.get_or_put("c", || 4), 4);
        assert_eq!(recent.get_or_put("b", || 5), 5);
    }
}
