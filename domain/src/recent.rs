//! What was of use lately: a map that forgets, so that it stays within bounds.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

/// A map of what was of use lately. It holds two generations of at most so many entries: when
/// the younger is full, the older is forgotten; what is asked for again stays.
#[derive(Debug)]
pub struct Recent<K, V> {
    generations: Mutex<Generations<K, V>>,
    most: usize,
}

#[derive(Debug)]
struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    /// An empty map with generations of at most `most` entries.
    pub fn new(most: usize) -> Self {
        Self {
            generations: Mutex::new(Generations {
                young: HashMap::new(),
                old: HashMap::new(),
            }),
            most,
        }
    }

    /// What was put under `key`, if it is not forgotten.
    pub fn get<Q>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let mut generations = self.lock();
        if let Some(value) = generations.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = generations.old.remove_entry(key)?;
        generations.put(key, value.clone(), self.most);
        Some(value)
    }

    /// What was put under `key`, or else what `make` gives, which is put there.
    pub fn get_or_put(&self, key: K, make: impl FnOnce() -> V) -> V {
        let mut generations = self.lock();
        if let Some(value) = generations.young.get(&key) {
            return value.clone();
        }
        let value = generations.old.remove(&key).unwrap_or_else(make);
        generations.put(key, value.clone(), self.most);
        value
    }

    /// Puts `value` under `key`, in the place of what was there.
    pub fn put(&self, key: K, value: V) {
        self.lock().put(key, value, self.most);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations<K, V>> {
        // A map that someone broke off in is still a map: each change is one insertion.
        self.generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> Generations<K, V> {
    fn put(&mut self, key: K, value: V, most: usize) {
        if self.young.len() >= most {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let recent = Recent::new(10);
        for number in 0..1_000 {
            recent.put(number, number * 2);
            assert_eq!(recent.get(&0), Some(0));
        }
        assert_eq!(recent.get(&999), Some(1_998));
        assert_eq!(recent.get(&500), None);
        let generations = recent.generations.lock().unwrap();
        assert!(generations.young.len() + generations.old.len() <= 20);
    }

    #[test]
    fn what_is_there_is_not_made_again() {
        let recent = Recent::new(1);
        assert_eq!(recent.get_or_put("a", || 1), 1);
        recent.put("b", 2);
        assert_eq!(recent.get_or_put("a", || 3), 1);
        assert_eq!(recent.get_or_put("c", || 4), 4);
        assert_eq!(recent.get_or_put("b", || 5), 5);
    }

    #[test]
    fn the_last_value_counts() {
        let recent = Recent::new(1);
        recent.put("a", 1);
        recent.put("b", 2);
        recent.put("a", 3);
        assert_eq!(recent.get("a"), Some(3));
        assert_eq!(recent.get("c"), None);
    }
}
