//! `spin:key-value/key-value@3.0.0`, as `crates/factor-key-value/src/host.rs` of Spin.
//!
//! The functions are asynchronous: while a write waits for the disk, the instance goes on with its other requests.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use wasmtime::StoreContextMut;
use wasmtime::component::{
    Accessor, Destination, FutureReader, Resource, StreamProducer, StreamReader, StreamResult,
};

use super::HasState;
use super::generated::spin::key_value::key_value::{Error, Host, HostStore, HostStoreWithStore};
use crate::instance::{InstanceState, OpenError};
use crate::kv::engine::EngineError;
use crate::kv::{OpenStore, Stores};

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        tracing::warn!(%error, "key-value error");
        Self::Other(error.0)
    }
}

type Found<T> = wasmtime::Result<Result<T, Error>>;

fn lookup(
    accessor: &Accessor<InstanceState, HasState>,
    store: &Resource<OpenStore>,
) -> Result<(Arc<Stores>, OpenStore), Error> {
    accessor.with(|mut access| {
        let state = access.get();
        let open = state.table.get(store).map_err(|_| Error::NoSuchStore)?;
        Ok((state.component.application.stores.clone(), open.clone()))
    })
}

async fn get(
    accessor: &Accessor<InstanceState, HasState>,
    store: &Resource<OpenStore>,
    key: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let (stores, store) = lookup(accessor, store)?;
    Ok(stores.get(&store, key).await?)
}

impl Host for &mut InstanceState {}

impl HostStore for &mut InstanceState {
    async fn drop(&mut self, store: Resource<OpenStore>) -> wasmtime::Result<()> {
        self.close_store(store)
    }
}

impl HostStoreWithStore<InstanceState> for HasState {
    async fn open(accessor: &Accessor<InstanceState, Self>, label: String) -> Found<Resource<OpenStore>> {
        Ok(accessor.with(|mut access| {
            access.get().open_store(&label).map_err(|error| match error {
                OpenError::AccessDenied => Error::AccessDenied,
                OpenError::TooMany => Error::StoreTableFull,
            })
        }))
    }

    async fn get(
        accessor: &Accessor<InstanceState, Self>,
        store: Resource<OpenStore>,
        key: String,
    ) -> Found<Option<Vec<u8>>> {
        Ok(get(accessor, &store, &key).await)
    }

    async fn set(
        accessor: &Accessor<InstanceState, Self>,
        store: Resource<OpenStore>,
        key: String,
        value: Vec<u8>,
    ) -> Found<()> {
        Ok(match lookup(accessor, &store) {
            Ok((stores, store)) => stores.set_many(&store, vec![(key, value)]).await.map_err(Error::from),
            Err(error) => Err(error),
        })
    }

    async fn delete(
        accessor: &Accessor<InstanceState, Self>,
        store: Resource<OpenStore>,
        key: String,
    ) -> Found<()> {
        Ok(match lookup(accessor, &store) {
            Ok((stores, store)) => stores.delete_many(&store, vec![key]).await.map_err(Error::from),
            Err(error) => Err(error),
        })
    }

    async fn exists(
        accessor: &Accessor<InstanceState, Self>,
        store: Resource<OpenStore>,
        key: String,
    ) -> Found<bool> {
        Ok(get(accessor, &store, &key).await.map(|value| value.is_some()))
    }

    async fn get_keys(
        accessor: &Accessor<InstanceState, Self>,
        store: Resource<OpenStore>,
    ) -> wasmtime::Result<(StreamReader<String>, FutureReader<Result<(), Error>>)> {
        let (keys, outcome) = match lookup(accessor, &store) {
            Ok((stores, store)) => match stores.keys(&store).await {
                Ok(keys) => (keys, Ok(())),
                Err(error) => (Vec::new(), Err(Error::from(error))),
            },
            // There is no error to give back before the stream: as in Spin, a bad handle is a trap.
            Err(error) => return Err(wasmtime::format_err!("invalid store: {error}")),
        };
        accessor.with(|mut access| {
            let keys = StreamReader::new(&mut access, Keys(keys.into_iter()))?;
            let outcome = FutureReader::new(&mut access, async move { wasmtime::error::Ok(outcome) })?;
            Ok((keys, outcome))
        })
    }
}

/// Hands out keys one at a time, as Spin does.
struct Keys(std::vec::IntoIter<String>);

impl<D> StreamProducer<D> for Keys {
    type Item = String;
    type Buffer = Option<String>;

    fn poll_produce<'a>(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<'a, D>,
        mut destination: Destination<'a, String, Option<String>>,
        _finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        if destination.remaining(store).is_some_and(|wanted| wanted == 0) {
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        match self.get_mut().0.next() {
            None => Poll::Ready(Ok(StreamResult::Dropped)),
            Some(key) => {
                destination.set_buffer(Some(key));
                Poll::Ready(Ok(StreamResult::Completed))
            }
        }
    }
}
