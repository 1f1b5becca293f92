//! `wasi:keyvalue/{store,batch,atomics}@0.2.0-draft2`, as `crates/factor-key-value/src/host.rs` of Spin.
//!
//! These functions are synchronous to the guest: while one runs, its instance does nothing else, here as in Spin.

use std::sync::Arc;

use wasmtime::component::Resource;

use super::generated::wasi::keyvalue::atomics::{self, CasError};
use super::generated::wasi::keyvalue::batch;
use super::generated::wasi::keyvalue::store::{self, Error, KeyResponse};
use crate::instance::{InstanceState, OpenError};
use crate::kv::engine::EngineError;
use crate::kv::{Cas, OpenStore, Stores};

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        tracing::warn!(%error, "key-value error");
        Self::Other(error.0)
    }
}

type Found<T> = wasmtime::Result<Result<T, Error>>;

impl InstanceState {
    fn bucket(&self, bucket: &Resource<OpenStore>) -> Result<(Arc<Stores>, OpenStore), Error> {
        let open = self.table.get(bucket).map_err(|_| Error::NoSuchStore)?;
        Ok((self.component.application.stores.clone(), open.clone()))
    }

    fn cas(&self, cas: &Resource<Cas>) -> Result<&Cas, Error> {
        self.table.get(cas).map_err(|_| Error::Other("compare and swap not found".into()))
    }
}

impl store::Host for &mut InstanceState {
    async fn open(&mut self, identifier: String) -> Found<Resource<OpenStore>> {
        Ok(self.open_store(&identifier).map_err(|error| match error {
            OpenError::AccessDenied => Error::AccessDenied,
            OpenError::TooMany => Error::Other("store table full".into()),
        }))
    }
}

impl store::HostBucket for &mut InstanceState {
    async fn get(&mut self, bucket: Resource<OpenStore>, key: String) -> Found<Option<Vec<u8>>> {
        Ok(match self.bucket(&bucket) {
            Ok((stores, store)) => stores.get(&store, &key).await.map_err(Error::from),
            Err(error) => Err(error),
        })
    }

    async fn set(&mut self, bucket: Resource<OpenStore>, key: String, value: Vec<u8>) -> Found<()> {
        Ok(match self.bucket(&bucket) {
            Ok((stores, store)) => stores.set_many(&store, vec![(key, value)]).await.map_err(Error::from),
            Err(error) => Err(error),
        })
    }

    async fn delete(&mut self, bucket: Resource<OpenStore>, key: String) -> Found<()> {
        Ok(match self.bucket(&bucket) {
            Ok((stores, store)) => stores.delete_many(&store, vec![key]).await.map_err(Error::from),
            Err(error) => Err(error),
        })
    }

    async fn exists(&mut self, bucket: Resource<OpenStore>, key: String) -> Found<bool> {
        Ok(match self.bucket(&bucket) {
            Ok((stores, store)) => stores.get(&store, &key).await.map(|v| v.is_some()).map_err(Error::from),
            Err(error) => Err(error),
        })
    }

    async fn list_keys(&mut self, bucket: Resource<OpenStore>, cursor: Option<String>) -> Found<KeyResponse> {
        if cursor.is_some() {
            return Ok(Err(Error::Other("list_keys: cursor not supported".into())));
        }
        Ok(match self.bucket(&bucket) {
            Ok((stores, store)) => {
                stores.keys(&store).await.map(|keys| KeyResponse { keys, cursor: None }).map_err(Error::from)
            }
            Err(error) => Err(error),
        })
    }

    async fn drop(&mut self, bucket: Resource<OpenStore>) -> wasmtime::Result<()> {
        self.close_store(bucket)
    }
}

impl batch::Host for &mut InstanceState {
    async fn get_many(
        &mut self,
        bucket: Resource<OpenStore>,
        keys: Vec<String>,
    ) -> Found<Vec<(String, Option<Vec<u8>>)>> {
        Ok(match self.bucket(&bucket) {
            Ok(_) if keys.is_empty() => Ok(Vec::new()),
            Ok((stores, store)) => stores.get_many(&store, keys).await.map_err(Error::from),
            Err(error) => Err(error),
        })
    }

    async fn set_many(&mut self, bucket: Resource<OpenStore>, pairs: Vec<(String, Vec<u8>)>) -> Found<()> {
        Ok(match self.bucket(&bucket) {
            Ok(_) if pairs.is_empty() => Ok(()),
            Ok((stores, store)) => stores.set_many(&store, pairs).await.map_err(Error::from),
            Err(error) => Err(error),
        })
    }

    async fn delete_many(&mut self, bucket: Resource<OpenStore>, keys: Vec<String>) -> Found<()> {
        Ok(match self.bucket(&bucket) {
            Ok(_) if keys.is_empty() => Ok(()),
            Ok((stores, store)) => stores.delete_many(&store, keys).await.map_err(Error::from),
            Err(error) => Err(error),
        })
    }
}

impl atomics::HostCas for &mut InstanceState {
    async fn new(&mut self, bucket: Resource<OpenStore>, key: String) -> Found<Resource<Cas>> {
        let (_, store) = match self.bucket(&bucket) {
            Ok(found) => found,
            Err(error) => return Ok(Err(error)),
        };
        Ok(self.open_cas(Cas { label: store.label, key, seen: None }).map_err(Error::from))
    }

    async fn current(&mut self, cas: Resource<Cas>) -> Found<Option<Vec<u8>>> {
        let watched = match self.cas(&cas) {
            Ok(watched) => watched.clone(),
            Err(error) => return Ok(Err(error)),
        };
        let store = OpenStore { label: watched.label };
        let value = self.component.application.stores.get(&store, &watched.key).await;
        if let (Ok(value), Ok(cas)) = (&value, self.table.get_mut(&cas)) {
            cas.seen.clone_from(value);
        }
        Ok(value.map_err(Error::from))
    }

    async fn drop(&mut self, cas: Resource<Cas>) -> wasmtime::Result<()> {
        self.close_cas(cas)
    }
}

impl atomics::Host for &mut InstanceState {
    async fn increment(&mut self, bucket: Resource<OpenStore>, key: String, delta: i64) -> Found<i64> {
        Ok(match self.bucket(&bucket) {
            Ok((stores, store)) => stores.increment(&store, key, delta).await.map_err(Error::from),
            Err(error) => Err(error),
        })
    }

    async fn swap(&mut self, cas: Resource<Cas>, value: Vec<u8>) -> wasmtime::Result<Result<(), CasError>> {
        let watched = match self.cas(&cas) {
            Ok(watched) => watched.clone(),
            Err(error) => return Ok(Err(CasError::StoreError(error))),
        };
        // The handle is consumed.
        self.close_cas(cas)?;
        let stores = self.component.application.stores.clone();
        let retry = match stores.swap(watched.clone(), value).await {
            Ok(true) => return Ok(Ok(())),
            Ok(false) => {
                // The new handle has already seen the newer value.
                let store = OpenStore { label: watched.label.clone() };
                let seen = stores.get(&store, &watched.key).await;
                seen.and_then(|seen| self.open_cas(Cas { seen, ..watched }))
            }
            Err(error) => Err(error),
        };
        Ok(Err(match retry {
            Ok(handle) => CasError::CasFailed(handle),
            Err(error) => CasError::StoreError(error.into()),
        }))
    }
}
