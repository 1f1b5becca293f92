//! Taking words out of entries that are stored for good, for a person who asks for it (GDPR, article 17), and sealed keys that
//! are not used any more.
//!
//! This is the one exception from "an entry is written once": its bytes are replaced in place. What makes that harmless to
//! everybody else is that the entry stays the same fact: its slot, id, stamp, moment, actor and references are kept, and what
//! the fact does to the state's structure must be kept by whoever says what is taken out. Readers see the old words or the
//! new ones, never half of them.
//!
//! Two things can bring words back: a `set_many` of a writer that was told of an error may land once more, minutes later, and
//! a reader that has folded the old entries may write its snapshot afterwards. So whoever erases comes again after more than
//! both can take. docs/decisions/0009-erasing-a-person.md.

use crate::access::{corrupt, get_all};
use crate::index::Index;
use crate::journal::{Aggregate, Journal, SNAPSHOT_PARTS};
use crate::keys::JournalKey;
use mostek_ports::{KeyValue, StoreError};
use serde_json::Value;

/// Entries read and written at one time, so that one transaction stays near one megabyte.
const ENTRIES_PER_WRITE: usize = 16;

/// Rewrites the entries in some slots as `redact` says; it is given the whole entry and says whether it changed it. Entries
/// that are missing are left out. Gives how many were rewritten.
async fn rewrite<K: KeyValue>(
    kv: &K,
    key: &JournalKey,
    slots: &[u64],
    redact: &mut impl FnMut(u64, &mut Value) -> bool,
) -> Result<u64, StoreError> {
    let mut rewritten = 0;
    for some in slots.chunks(ENTRIES_PER_WRITE) {
        let keys: Vec<String> = some.iter().map(|s| key.entry(*s)).collect();
        let mut pairs = Vec::new();
        for ((slot, key), bytes) in some.iter().zip(&keys).zip(get_all(kv, &keys).await?) {
            let Some(bytes) = bytes else { continue };
            let mut entry: Value = serde_json::from_slice(&bytes).map_err(|e| corrupt(key, e))?;
            if redact(*slot, &mut entry) {
                pairs.push((key.clone(), serde_json::to_vec(&entry).map_err(|e| corrupt(key, e))?));
            }
        }
        if !pairs.is_empty() {
            rewritten += pairs.len() as u64;
            // The same bytes whoever writes them and however often.
            crate::access::retry(|| kv.set_many(&pairs)).await?;
        }
    }
    Ok(rewritten)
}

impl<A: Aggregate> Journal<A> {
    /// Takes words out of all entries there are: `redact` is given each with its slot and says whether it changed it; it may
    /// change the fact's words and nothing else. Then the snapshots of this and of earlier fold versions are removed. Gives
    /// how many entries were rewritten.
    ///
    /// # Errors
    /// The store's; doing it again goes on where it stopped.
    pub async fn redact<K: KeyValue>(
        &self,
        kv: &K,
        mut redact: impl FnMut(u64, &mut Value) -> bool,
    ) -> Result<u64, StoreError> {
        let counter = self.counter(kv).await?;
        let slots: Vec<u64> = (1..=counter).collect();
        self.redact_at(kv, &slots, &mut redact).await
    }

    /// [`Journal::redact`] for the entries in some slots.
    ///
    /// # Errors
    /// The store's; doing it again goes on where it stopped.
    pub async fn redact_at<K: KeyValue>(
        &self,
        kv: &K,
        slots: &[u64],
        mut redact: impl FnMut(u64, &mut Value) -> bool,
    ) -> Result<u64, StoreError> {
        let rewritten = rewrite(kv, self.key(), slots, &mut redact).await?;
        // Also if nothing was rewritten: somebody may have folded the words before.
        let keys: Vec<String> = (1..=A::FOLD)
            .flat_map(|fold| (0..SNAPSHOT_PARTS).map(move |part| (fold, part)))
            .map(|(fold, part)| self.key().snapshot(fold, part))
            .collect();
        let there: Vec<String> = get_all(kv, &keys)
            .await?
            .into_iter()
            .zip(keys)
            .filter_map(|(value, key)| value.map(|_| key))
            .collect();
        if !there.is_empty() {
            crate::access::retry(|| kv.delete_many(&there)).await?;
        }
        Ok(rewritten)
    }
}

impl Index {
    /// Takes words out of what rows show. Where a row is, what it is filtered by and what it replaces stays. Gives how many
    /// rows were rewritten.
    ///
    /// # Errors
    /// The store's.
    pub async fn redact<K: KeyValue>(
        &self,
        kv: &K,
        slots: &[u64],
        mut redact: impl FnMut(&mut Value) -> bool,
    ) -> Result<u64, StoreError> {
        let mut data = |_, entry: &mut Value| entry.pointer_mut("/fact/data").is_some_and(&mut redact);
        rewrite(kv, self.key(), slots, &mut data).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commit::Commit;
    use crate::journal::{Actor, Entry};
    use crate::{JournalKey, Row};
    use futures::executor::block_on;
    use mostek_ports::testing::TestWorld;

    /// Remembers its lines.
    struct Lines;

    impl Aggregate for Lines {
        type Fact = String;
        type State = Vec<String>;
        const FOLD: u32 = 2;
        fn apply(state: &mut Vec<String>, entry: &Entry<String>) {
            state.push(entry.fact.clone());
        }
    }

    fn journal() -> Journal<Lines> {
        Journal::at(JournalKey::new("lines", "a").unwrap())
    }

    fn says(world: &TestWorld, word: &str) -> bool {
        world.kv.keys().iter().any(|k| {
            let value = block_on(world.kv.get(k)).unwrap().unwrap_or_default();
            String::from_utf8_lossy(&value).contains(word)
        })
    }

    #[test]
    fn words_leave_entries_and_snapshots_and_the_facts_stay() {
        let world = TestWorld::new(1);
        for n in 0..40 {
            let reading = block_on(journal().read(&world.kv, &world.clock)).unwrap();
            let mut commit = Commit::by(Actor::System("test".into()));
            commit.append(&journal(), Some(&reading), vec![(format!("f{n}"), format!("Tajne {n}"))]);
            block_on(commit.run(&world)).unwrap();
        }
        assert!(says(&world, "Tajne 7"));
        let redact = |_: u64, entry: &mut Value| {
            let changed = entry["fact"] != "";
            entry["fact"] = "".into();
            changed
        };
        assert_eq!(block_on(journal().redact(&world.kv, redact)).unwrap(), 40);
        assert!(!says(&world, "Tajne"));
        assert_eq!(block_on(journal().redact(&world.kv, redact)).unwrap(), 0, "once is enough");
        let state = block_on(journal().read(&world.kv, &world.clock)).unwrap().state;
        assert_eq!(state, vec![String::new(); 40], "every fact is there, once");
        // Written again with an id that is there already, it counts once, as ever.
        let mut commit = Commit::by(Actor::System("test".into()));
        commit.append(&journal(), None, vec![("f7".into(), "Tajne 7".into())]);
        block_on(commit.run(&world)).unwrap();
        assert_eq!(block_on(journal().read(&world.kv, &world.clock)).unwrap().state.len(), 40);
    }

    #[test]
    fn rows_keep_their_place_without_words() {
        let world = TestWorld::new(1);
        let index = Index::at(JournalKey::new("list", "a").unwrap());
        for n in 0..3 {
            let mut commit = Commit::by(Actor::System("test".into()));
            let row = Row {
                subject: n.to_string(),
                attributes: vec![n],
                replaces: vec![],
                listed: true,
                data: serde_json::json!({"name": "Tajne"}),
            };
            index.add(&mut commit, vec![(n.to_string(), row)]);
            block_on(commit.run(&world)).unwrap();
        }
        let redact = |data: &mut Value| {
            *data = Value::Null;
            true
        };
        assert_eq!(block_on(index.redact(&world.kv, &[1, 2, 3, 9], redact)).unwrap(), 3);
        assert!(!says(&world, "Tajne"));
        let page = block_on(index.page(&world.kv, &world.clock, &Default::default(), None, 10)).unwrap();
        assert_eq!(page.rows.iter().map(|(s, _)| *s).collect::<Vec<_>>(), [3, 2, 1]);
    }
}
