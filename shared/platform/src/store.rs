//! The key-value store.

use crate::counter;
use mostek_ports::{KeyValue, StoreError};
use spin_sdk::experimental::wasi::keyvalue::{atomics, batch, store as wasi_store};
use spin_sdk::key_value::{Error, Store};
use std::cell::RefCell;
use std::rc::Rc;

/// The label every component is given in spin.toml; the only one that exists on every host.
const LABEL: &str = "default";

/// The application's store. It is opened at its first use and then shared by all clones, that is, within one request.
///
/// Reading, and writing a single key, go through `spin:key-value`, which lets the instance's other requests go on
/// meanwhile. Counters and batches exist only in `wasi:keyvalue`, whose calls are synchronous: while one runs, the whole
/// instance stands still. Not used, because they are unsound: `get_keys`, compare-and-swap, batch `get-many`
/// (docs/decisions/0002).
#[derive(Clone, Default)]
pub struct SpinStore {
    opened: Rc<Opened>,
}

#[derive(Default)]
struct Opened {
    store: RefCell<Option<Rc<Store>>>,
    bucket: RefCell<Option<Rc<wasi_store::Bucket>>>,
}

impl SpinStore {
    async fn store(&self) -> Result<Rc<Store>, StoreError> {
        if let Some(store) = &*self.opened.store.borrow() {
            return Ok(store.clone());
        }
        // Two futures of one request may both come here; the handle of the one that ends first is dropped unharmed.
        let store = Rc::new(Store::open(LABEL).await.map_err(store_error)?);
        *self.opened.store.borrow_mut() = Some(store.clone());
        Ok(store)
    }

    fn bucket(&self) -> Result<Rc<wasi_store::Bucket>, StoreError> {
        let mut opened = self.opened.bucket.borrow_mut();
        if let Some(bucket) = &*opened {
            return Ok(bucket.clone());
        }
        let bucket = Rc::new(wasi_store::open(LABEL).map_err(bucket_error)?);
        *opened = Some(bucket.clone());
        Ok(bucket)
    }
}

impl KeyValue for SpinStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store().await?.get(key).await.map_err(store_error)
    }

    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        counter::read(key, self.get(key).await?)
    }

    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        let by = i64::try_from(by).map_err(|e| StoreError::Failed(format!("increment by {by}: {e}")))?;
        let sum = atomics::increment(&*self.bucket()?, key, by).map_err(bucket_error)?;
        u64::try_from(sum).map_err(|_| StoreError::Corrupt {
            key: key.to_owned(),
            reason: format!("the counter is negative: {sum}"),
        })
    }

    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        match pairs {
            [] => Ok(()),
            [(key, value)] => self.store().await?.set(key, value).await.map_err(store_error),
            _ => batch::set_many(&*self.bucket()?, pairs).map_err(bucket_error),
        }
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        match keys {
            [] => Ok(()),
            [key] => self.store().await?.delete(key).await.map_err(store_error),
            _ => batch::delete_many(&*self.bucket()?, keys).map_err(bucket_error),
        }
    }
}

fn denied() -> StoreError {
    StoreError::Denied(format!("key_value_stores in spin.toml does not give this component \"{LABEL}\""))
}

fn store_error(e: Error) -> StoreError {
    match e {
        Error::AccessDenied => denied(),
        Error::NoSuchStore => StoreError::Failed(format!("there is no store \"{LABEL}\"")),
        Error::StoreTableFull => StoreError::Failed("too many open stores".to_owned()),
        Error::Other(why) => StoreError::Failed(why),
    }
}

fn bucket_error(e: wasi_store::Error) -> StoreError {
    match e {
        wasi_store::Error::AccessDenied => denied(),
        wasi_store::Error::NoSuchStore => StoreError::Failed(format!("there is no store \"{LABEL}\"")),
        wasi_store::Error::Other(why) => StoreError::Failed(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_missing_permission_is_denied() {
        assert!(matches!(store_error(Error::AccessDenied), StoreError::Denied(_)));
        assert!(matches!(bucket_error(wasi_store::Error::AccessDenied), StoreError::Denied(_)));
        for e in [Error::NoSuchStore, Error::StoreTableFull] {
            assert!(matches!(store_error(e), StoreError::Failed(_)));
        }
        assert!(matches!(bucket_error(wasi_store::Error::NoSuchStore), StoreError::Failed(_)));
    }

    #[test]
    fn what_the_engine_says_is_kept() {
        let expected = StoreError::Failed("too many requests".to_owned());
        assert_eq!(store_error(Error::Other("too many requests".into())), expected);
        assert_eq!(bucket_error(wasi_store::Error::Other("too many requests".into())), expected);
    }

    #[test]
    fn an_empty_batch_asks_nobody() {
        // On this target any call of the engine panics.
        let store = SpinStore::default();
        assert_eq!(futures::executor::block_on(store.set_many(&[])), Ok(()));
        assert_eq!(futures::executor::block_on(store.delete_many(&[])), Ok(()));
    }
}
