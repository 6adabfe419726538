//! The records of one companion that some line wants, by key.

use std::collections::HashMap;

use super::key::Key;
use super::record::{KeptRecord, View, views};

/// How many different records of one companion are kept for one key. No claim has so many diagnoses; a key that has
/// more is no key.
pub const RECORDS_PER_KEY: usize = 1_000;

/// The number of a wanted key.
pub type KeyId = u32;

/// What was found for the keys that lines want. Memory follows the keys, not the files.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    ids: HashMap<Key, KeyId>,
    pub shelf: Shelf,
}

/// The records that were found, by the numbers of their keys. It stands apart from the keys, so that these can be looked
/// up by many threads while one puts records on it.
#[derive(Debug, Default)]
pub struct Shelf(Vec<Found>);

/// The records of one key.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In input order, equal ones once, each behind the other.
    records: Vec<u8>,
    count: u16,
    /// Whether there were more than are kept.
    pub is_cut: bool,
}

impl Found {
    pub fn records(&self) -> impl Iterator<Item = View<'_>> {
        views(&self.records)
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl Gathered {
    /// Wants a key from now on.
    pub fn want(&mut self, key: Key) {
        let next = self.shelf.0.len();
        let Ok(id) = KeyId::try_from(next) else { return };
        if *self.ids.entry(key).or_insert(id) == id {
            self.shelf.0.push(Found::default());
        }
    }

    /// The number of a key, if it is wanted.
    pub fn id(&self, key: &[u8]) -> Option<KeyId> {
        self.ids.get(key).copied()
    }

    /// What was found for a key.
    pub fn of(&self, key: &[u8]) -> Option<&Found> {
        self.shelf.0.get(self.id(key)? as usize)
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

impl Shelf {
    /// Takes in a record that [`Joins::read`](super::Joins::read) found to be wanted, in input order, so that nothing depends
    /// on threads. An equal one is there already: the same thing said twice.
    pub fn add(&mut self, ids: &[KeyId], record: &KeptRecord) {
        for id in ids {
            self.add_one(*id, record);
        }
    }

    fn add_one(&mut self, id: KeyId, record: &KeptRecord) {
        let Some(found) = self.0.get_mut(id as usize) else { return };
        if found.is_cut || found.records().any(|other| other == record.view()) {
            return;
        }
        if usize::from(found.count) == RECORDS_PER_KEY {
            found.is_cut = true;
        } else {
            found.count += 1;
            record.append_to(&mut found.records);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::{Builder, Tag};
    use super::*;

    fn record(text: &str) -> KeptRecord {
        let mut builder = Builder::default();
        builder.push(Tag::Key(0), text.as_bytes());
        builder.finish()
    }

    #[test]
    fn an_equal_record_counts_once_and_a_key_with_too_many_is_cut() {
        let mut gathered = Gathered::default();
        gathered.want(Box::from(&b"k"[..]));
        gathered.want(Box::from(&b"k"[..]));
        let id = gathered.id(b"k").unwrap();
        for number in 0..RECORDS_PER_KEY {
            gathered.shelf.add(&[id], &record(&number.to_string()));
            gathered.shelf.add(&[id], &record(&number.to_string()));
        }
        assert!(!gathered.of(b"k").unwrap().is_cut);
        gathered.shelf.add(&[id], &record("one more"));
        let found = gathered.of(b"k").unwrap();
        assert_eq!((found.records().count(), found.is_cut), (RECORDS_PER_KEY, true));
        assert!(gathered.of(b"other").is_none());
    }
}
