//! The jobs: take a store out into a file, put a file into a store, and say what is in either.

use crate::clock::SystemClock;
use crate::digest::Digest;
use crate::engine::{Engine, Item, Value, gates};
use crate::file::{self, Writer};
use crate::place::Place;
use crate::redis::RedisStore;
use crate::replica::Replica;
use anyhow::{Context, Result, ensure};
use mostek_ports::{Clock as _, Timestamp};
use std::path::Path;

/// Items written together, unless their bytes are enough before.
const BATCH_ITEMS: usize = 500;
/// Bytes written together.
const BATCH_BYTES: usize = 4 << 20;

/// Writes the store at `place` to `file` and gives what is in the file. The hub may go on: what is written is one moment. With
/// `offline` a Redis is read without a replica, which is one moment only if nobody writes. `leave_foreign`: keys behind the
/// prefix that are none of this version's are left out instead of being an error.
///
/// # Errors
/// Of the store or the file.
pub fn export(place: &Place, file: &Path, offline: bool, leave_foreign: bool) -> Result<Digest> {
    // Kept until everything is read.
    let mut _replica = None;
    let taken_at;
    let mut engine: Box<dyn Engine> = match place {
        Place::Redis { address, prefix } if !offline => {
            let replica = _replica.insert(Replica::of(address)?);
            taken_at = SystemClock.now();
            Box::new(RedisStore::open(&replica.address(), prefix)?)
        }
        place => {
            taken_at = SystemClock.now();
            place.open()?
        }
    };
    let mut writer = Writer::create(file, engine.name(), taken_at.0)?;
    let mut digest = Digest::default();
    let foreign = engine.walk(&mut |item| {
        digest.add(&item);
        writer.add(&item)
    })?;
    ensure!(digest.items > 0, "there is nothing in {}", place.shown());
    ensure!(
        foreign == 0 || leave_foreign,
        "{foreign} keys in {} are none of this version's: they belong to a hub whose prefix begins with this one, or to a newer \
         version; say --leave-foreign if they may be left out",
        place.shown()
    );
    writer.finish()?;
    Ok(digest)
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// What was in the file, and was found in the store before replies were marked.
    pub digest: Digest,
    /// What is in the store now.
    pub now: Digest,
    /// Keys that were there before.
    pub erased: u64,
    /// Replies that were waiting and are looked for at the marketplace before anything else is done with them.
    pub held: usize,
}

/// Puts the content of `file` into the store at `place`, which must be empty unless `replace`. No hub may run on it.
///
/// On SQLite all of it appears at once. On Redis it does not, but until it is whole a hub that is started on it does nothing,
/// and the next import refuses to mix with a part.
///
/// # Errors
/// A file that is not whole (then nothing was changed), a store that is not empty, or one that holds something else
/// afterwards.
pub fn import(file: &Path, place: &Place, replace: bool) -> Result<Imported> {
    let known = gates()?;
    let (mut whole, mut wanted, mut gates) = (Digest::default(), Digest::default(), Vec::new());
    let head = file::read(file, &mut |item| {
        whole.add(&item);
        if known.contains(&item.key) {
            gates.push(item);
        } else {
            wanted.add(&item);
        }
        Ok(())
    })?;
    let mut engine = open_to_fill(place)?;
    if !replace {
        ensure!(
            engine.is_empty()?,
            "there are keys in {} already; say --replace to delete them first",
            place.shown()
        );
    }
    engine.begin()?;
    let erased = if replace { engine.erase()? } else { 0 };
    let mut batch = Vec::new();
    let mut bytes = 0;
    file::read(file, &mut |item| {
        if known.contains(&item.key) {
            return Ok(());
        }
        bytes += size(&item);
        batch.push(item);
        if batch.len() >= BATCH_ITEMS || bytes >= BATCH_BYTES {
            engine.put(&batch)?;
            batch.clear();
            bytes = 0;
        }
        Ok(())
    })?;
    engine.put(&batch)?;
    let found = digest_of_engine(engine.as_mut())?;
    ensure!(found == wanted, "the store holds {found} after the import, and the file {wanted}");
    let held = engine.hold_pending(&gates, Timestamp(head.taken_at))?;
    engine.commit(&gates)?;
    Ok(Imported { digest: whole, now: digest_of_engine(engine.as_mut())?, erased, held })
}

/// Opens a store that need not be there yet.
fn open_to_fill(place: &Place) -> Result<Box<dyn Engine>> {
    let Place::Sqlite(path) = place else { return place.open() };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create the folder {}", folder.display()))?;
    }
    Ok(Box::new(crate::sqlite::SqliteStore::open(path)?))
}

fn size(item: &Item) -> usize {
    item.key.len()
        + match &item.value {
            Value::Counter(_) => 8,
            Value::Bytes(bytes) => bytes.len(),
        }
}

/// What is in a file.
///
/// # Errors
/// If it is not whole.
pub fn digest_of_file(path: &Path) -> Result<Digest> {
    let mut digest = Digest::default();
    file::read(path, &mut |item| {
        digest.add(&item);
        Ok(())
    })?;
    Ok(digest)
}

/// What is in a store.
///
/// # Errors
/// Of the store.
pub fn digest_of_store(place: &Place) -> Result<Digest> {
    digest_of_engine(place.open()?.as_mut())
}

fn digest_of_engine(engine: &mut dyn Engine) -> Result<Digest> {
    let mut digest = Digest::default();
    engine.walk(&mut |item| {
        digest.add(&item);
        Ok(())
    })?;
    Ok(digest)
}
