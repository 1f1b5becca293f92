//! The jobs: take a store out into a file, put a file into a store, and say what is in either.

use crate::clock::SystemClock;
use crate::digest::Digest;
use crate::engine::{Engine, Item, Value};
use crate::file::{self, Writer};
use crate::place::Place;
use crate::redis::RedisStore;
use crate::replica::Replica;
use anyhow::{Context, Result, bail, ensure};
use mostek_ports::Clock as _;
use mostek_store::keys;
use std::path::Path;

/// Items written together, unless their bytes are enough before.
const BATCH_ITEMS: usize = 500;
/// Bytes written together.
const BATCH_BYTES: usize = 4 << 20;

/// What an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// What is in the file.
    pub digest: Digest,
    /// Keys that are none of the hub's: copied as they are.
    pub foreign: u64,
}

/// Writes the store at `place` to `file`. The hub may go on: what is written is one moment. With `offline` a Redis is read
/// without a replica, which is one moment only if nobody writes.
///
/// # Errors
/// Of the store or the file.
pub fn export(place: &Place, file: &Path, offline: bool) -> Result<Exported> {
    // Kept until everything is read.
    let mut _replica = None;
    let mut engine: Box<dyn Engine> = match place {
        Place::Redis { address, prefix } if !offline => {
            let replica = _replica.insert(Replica::of(address)?);
            Box::new(RedisStore::open(&replica.address(), prefix)?)
        }
        place => place.open()?,
    };
    let mut writer = Writer::create(file, engine.name(), SystemClock.now().0)?;
    let mut exported = Exported { digest: Digest::default(), foreign: 0 };
    engine.walk(&mut |item| {
        exported.foreign += u64::from(keys::parse(&item.key).is_none());
        exported.digest.add(&item);
        writer.add(&item)
    })?;
    ensure!(exported.digest.items > 0, "there is nothing in {}", place.shown());
    writer.finish()?;
    Ok(exported)
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// What was in the file, and was found in the store afterwards.
    pub digest: Digest,
    /// Keys that were there before.
    pub erased: u64,
    /// Replies that were waiting and are looked for at the marketplace before they are sent.
    pub held: usize,
}

/// Puts the content of `file` into the store at `place`, which must be empty unless `replace`. No hub may run on it.
///
/// On SQLite all of it appears at once; on Redis an import that was interrupted leaves a part, which the next import
/// refuses to mix with.
///
/// # Errors
/// A file that is not whole (then nothing was changed), a store that is not empty, or one that holds something else
/// afterwards.
pub fn import(file: &Path, place: &Place, replace: bool) -> Result<Imported> {
    let wanted = digest_of_file(file)?;
    if let Place::Sqlite(path) = place
        && let Some(folder) = path.parent()
    {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create the folder {}", folder.display()))?;
    }
    let mut engine: Box<dyn Engine> = match place {
        Place::Sqlite(path) => Box::new(crate::sqlite::SqliteStore::open(path)?),
        place => place.open()?,
    };
    engine.begin()?;
    let mut erased = 0;
    if !engine.is_empty()? {
        if !replace {
            bail!("there are keys in {} already; say --replace to delete them first", place.shown());
        }
        erased = engine.erase()?;
    }
    let mut batch = Vec::new();
    let mut bytes = 0;
    file::read(file, &mut |item| {
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
    let held = engine.hold_pending()?;
    engine.commit()?;
    Ok(Imported { digest: wanted, erased, held })
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
