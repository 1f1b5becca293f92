//! Stores in files: taken out, put back, and what goes wrong on the way. The same on Redis: `tests/e2e/tests/storekeeper.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use futures::executor::block_on;
use mostek_ports::KeyValue;
use mostek_storekeeper::place::Place;
use mostek_storekeeper::sqlite::SqliteStore;
use mostek_storekeeper::transfer::{digest_of_file, digest_of_store, export, import};
use std::path::{Path, PathBuf};

fn place(folder: &Path, name: &str) -> Place {
    Place::Sqlite(folder.join(name).join("hub.db"))
}

/// A store with a journal, a record, a counter and something nobody knows.
fn filled(folder: &Path, name: &str) -> Place {
    let place = place(folder, name);
    std::fs::create_dir_all(folder.join(name)).unwrap();
    let store = SqliteStore::open(&folder.join(name).join("hub.db")).unwrap();
    block_on(async {
        store.increment("j:people:directory:n", 3).await.unwrap();
        store.increment("c:reply:abc", 2).await.unwrap();
        let pairs = [("j:people:directory:e:1", "{}"), ("r:poll:x", "[1]"), ("of tomorrow", "\u{0}\u{1}")];
        let pairs = pairs.map(|(k, v)| (k.to_owned(), v.as_bytes().to_vec()));
        store.set_many(&pairs).await.unwrap();
    });
    place
}

fn exported(folder: &Path, place: &Place) -> PathBuf {
    let file = folder.join("hub.backup");
    export(place, &file, false, false).unwrap();
    file
}

#[test]
fn what_was_taken_out_is_put_back_and_a_record_of_it_is_all_that_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let from = filled(folder.path(), "from");
    let file = exported(folder.path(), &from);
    assert_eq!(digest_of_file(&file).unwrap(), digest_of_store(&from).unwrap());

    let to = place(folder.path(), "to");
    let done = import(&file, &to, false).unwrap();
    assert_eq!((done.digest, done.erased, done.held), (digest_of_store(&from).unwrap(), 0, 0));
    assert_eq!(done.now, digest_of_store(&to).unwrap());
    assert_eq!(done.now.items, done.digest.items + 1, "when it was put back");
    let Place::Sqlite(path) = &to else { panic!() };
    let store = SqliteStore::open(path).unwrap();
    assert_eq!(block_on(store.counter("j:people:directory:n")).unwrap(), 3);
    assert_eq!(block_on(store.counter("c:reply:abc")).unwrap(), 2);
}

#[test]
fn a_store_with_something_in_it_is_only_replaced_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let file = exported(folder.path(), &filled(folder.path(), "from"));
    let to = filled(folder.path(), "to");
    let before = digest_of_store(&to).unwrap();
    let refused = import(&file, &to, false).unwrap_err().to_string();
    assert!(refused.contains("--replace"), "{refused}");
    assert_eq!(digest_of_store(&to).unwrap(), before);
    assert_eq!(import(&file, &to, true).unwrap().erased, 5);
}

#[test]
fn a_damaged_file_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = exported(folder.path(), &filled(folder.path(), "from"));
    let to = filled(folder.path(), "to");
    let before = digest_of_store(&to).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    assert!(import(&file, &to, true).is_err());
    assert_eq!(digest_of_store(&to).unwrap(), before);
}

#[test]
fn an_import_that_fails_in_the_middle_leaves_a_file_store_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let from = filled(folder.path(), "from");
    let Place::Sqlite(path) = &from else { panic!() };
    // An outbox that cannot be read: the replies that waited cannot be marked.
    let store = SqliteStore::open(path).unwrap();
    block_on(store.increment("j:outbox:replies:n", 1)).unwrap();
    block_on(store.set_many(&[("j:outbox:replies:e:1".into(), b"no JSON".to_vec())])).unwrap();
    drop(store);
    let file = exported(folder.path(), &from);
    let to = filled(folder.path(), "to");
    let before = digest_of_store(&to).unwrap();
    assert!(import(&file, &to, true).is_err());
    assert_eq!(digest_of_store(&to).unwrap(), before, "all of it or nothing");
}

#[test]
fn an_empty_store_is_no_backup() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("from")).unwrap();
    drop(SqliteStore::open(&folder.path().join("from/hub.db")).unwrap());
    let file = folder.path().join("hub.backup");
    assert!(export(&place(folder.path(), "from"), &file, false, false).is_err());
    assert!(!file.exists());
    assert!(export(&place(folder.path(), "nowhere"), &file, false, false).is_err());
}
