//! Instances of components: their state, what they are linked with, and how they are shared by requests.
//!
//! Mirrors `HttpHandlerState` in `crates/trigger-http/src/server.rs` of Spin with its defaults: an instance serves 128
//! requests, 16 at the same time, and goes after a second without any. Components of WASI 0.2 serve one request each.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;

use anyhow::Context as _;
use tokio::time::Sleep;
use tokio_util::sync::WaitForCancellationFutureOwned;
use tokio_util::task::task_tracker::TaskTrackerToken;
use wasmtime::component::{Component, InstancePre, Resource, ResourceTable};
use wasmtime::{Cache, CacheConfig, Config, Engine, Store, StoreContextMut};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, ProxyHandler, ProxyPre, ShouldAccept, WorkerExpiration, WorkerState, WorkerStatus,
};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView, p2, p3};

use crate::application::ComponentContext;
use crate::bindings::{HasState, generated};
use crate::kv::engine::EngineError;
use crate::kv::{Cas, OpenStore};
use crate::limits::MemoryLimit;
use crate::outbound::hooks::OutboundHooks;

/// Requests an instance serves before it is replaced.
const MAX_REUSE: usize = 128;
/// Requests an instance serves at the same time.
const MAX_CONCURRENT_REUSE: usize = 16;
/// How long an instance stays without requests.
const IDLE_TIMEOUT: Duration = Duration::from_secs(1);
/// Stores and compare-and-swaps that an instance may hold at once; Spin sets no limit that could be reached.
const TABLE_CAPACITY: u32 = 256;
/// How often a guest that computes without end gives way to time limits.
const EPOCH: Duration = Duration::from_millis(10);

/// What the host functions of one instance work on.
pub struct InstanceState {
    /// Whose instance.
    pub component: Arc<ComponentContext>,
    /// Resources handed to the guest.
    pub table: ResourceTable,
    /// Connections among them.
    pub open_redis: u32,
    open_stores: u32,
    open_cas: u32,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: OutboundHooks,
    memory: MemoryLimit,
}

/// Why a store was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Not in the component's `key_value_stores`.
    AccessDenied,
    /// Too many are open.
    TooMany,
}

impl InstanceState {
    fn new(component: Arc<ComponentContext>) -> Self {
        let environment: Vec<_> =
            component.environment.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let wasi = WasiCtx::builder()
            .envs(&environment)
            .stdout(component.logs.stdout.clone())
            .stderr(component.logs.stderr.clone())
            .build();
        Self {
            memory: MemoryLimit::new(component.application.limits.memory_bytes),
            hooks: OutboundHooks { component: component.clone() },
            component,
            table: ResourceTable::new(),
            open_redis: 0,
            open_stores: 0,
            open_cas: 0,
            wasi,
            http: WasiHttpCtx::new(),
        }
    }

    /// Opens the store of that label.
    ///
    /// # Errors
    /// When the component may not, or has too many open.
    pub fn open_store(&mut self, label: &str) -> Result<Resource<OpenStore>, OpenError> {
        if !self.component.stores.contains(label) {
            return Err(OpenError::AccessDenied);
        }
        if self.open_stores >= TABLE_CAPACITY {
            return Err(OpenError::TooMany);
        }
        let resource = self.table.push(OpenStore { label: label.into() }).map_err(|_| OpenError::TooMany)?;
        self.open_stores += 1;
        Ok(resource)
    }

    /// Closes a store.
    ///
    /// # Errors
    /// When it is not open.
    pub fn close_store(&mut self, store: Resource<OpenStore>) -> wasmtime::Result<()> {
        self.table.delete(store)?;
        self.open_stores = self.open_stores.saturating_sub(1);
        Ok(())
    }

    /// Keeps a compare-and-swap.
    ///
    /// # Errors
    /// When too many are open.
    pub fn open_cas(&mut self, cas: Cas) -> Result<Resource<Cas>, EngineError> {
        let too_many = || EngineError("too many compare_and_swaps opened".into());
        if self.open_cas >= TABLE_CAPACITY {
            return Err(too_many());
        }
        let resource = self.table.push(cas).map_err(|_| too_many())?;
        self.open_cas += 1;
        Ok(resource)
    }

    /// Lets go of a compare-and-swap.
    ///
    /// # Errors
    /// When it is not open.
    pub fn close_cas(&mut self, cas: Resource<Cas>) -> wasmtime::Result<()> {
        self.table.delete(cas)?;
        self.open_cas = self.open_cas.saturating_sub(1);
        Ok(())
    }
}

impl WasiView for InstanceState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for InstanceState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.hooks, table: &mut self.table, ctx: &mut self.http }
    }
}

/// What components are linked with.
pub type Linker = wasmtime::component::Linker<InstanceState>;

/// The compiler and runtime, with a cache of compiled components in `cache_dir`.
///
/// # Errors
/// When this machine or the folder cannot be used.
pub fn engine(cache_dir: Option<&Path>) -> anyhow::Result<Engine> {
    let mut config = Config::new();
    config.wasm_component_model(true).wasm_component_model_async(true).epoch_interruption(true);
    if let Some(folder) = cache_dir {
        let folder = std::path::absolute(folder)?;
        let mut cache = CacheConfig::new();
        cache.with_directory(&folder);
        let cache = Cache::new(cache)
            .map_err(anyhow::Error::from)
            .with_context(|| format!("cannot use the folder {} for compiled components", folder.display()))?;
        config.cache(Some(cache));
    }
    let engine = Engine::new(&config)?;
    let weak = engine.weak();
    std::thread::Builder::new().name("epochs".into()).spawn(move || {
        while let Some(engine) = weak.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(EPOCH);
        }
    })?;
    Ok(engine)
}

/// Everything a component may import.
///
/// # Errors
/// When two interfaces clash, which would be a mistake here.
pub fn linker(engine: &Engine) -> anyhow::Result<Linker> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    p2::add_only_http_to_linker_async(&mut linker)?;
    p3::add_to_linker(&mut linker)?;
    generated::Imports::add_to_linker::<_, HasState>(&mut linker, |state| state)?;
    Ok(linker)
}

/// What an instance of a component lives in, with the platform's limits.
#[must_use]
pub fn store(engine: &Engine, component: Arc<ComponentContext>) -> Store<InstanceState> {
    let mut store = Store::new(engine, InstanceState::new(component));
    store.limiter(|state| &mut state.memory);
    store.set_epoch_deadline(1);
    store.epoch_deadline_async_yield_and_update(1);
    store
}

/// Serves requests with instances of one component.
pub type Pool = ProxyHandler<Instances>;

/// Compiles a component, or takes it from the cache, and links it.
///
/// # Errors
/// When it is no component, imports what is not offered, or does not export an HTTP handler.
pub fn pool(
    engine: &Engine,
    linker: &Linker,
    bytes: &[u8],
    component: Arc<ComponentContext>,
) -> anyhow::Result<Pool> {
    let compiled = Component::new(engine, bytes)?;
    let limits = component.application.limits;
    let shape = compiled.component_type();
    if let Some(missing) = limits.first_missing(shape.imports(engine).map(|(name, _)| name)) {
        anyhow::bail!("{} does not offer {missing}, which the component imports", limits.platform);
    }
    let pre: InstancePre<InstanceState> = linker.instantiate_pre(&compiled)?;
    let proxy = match p3::bindings::ServicePre::new(pre.clone()) {
        Ok(service) => ProxyPre::P3(service),
        Err(_) => ProxyPre::P2(p2::bindings::ProxyPre::new(pre).map_err(anyhow::Error::from).context(
            "the component exports neither wasi:http/handler@0.3.0 nor wasi:http/incoming-handler@0.2",
        )?),
    };
    Ok(ProxyHandler::new(Instances { engine: engine.clone(), proxy, component }))
}

/// Makes instances of one component.
pub struct Instances {
    /// Of which.
    pub component: Arc<ComponentContext>,
    engine: Engine,
    proxy: ProxyPre<InstanceState>,
}

impl HandlerState for Instances {
    type StoreData = InstanceState;
    type WorkerExpiration = Expiration;
    type WorkerState = Worker;

    async fn instantiate(&self) -> wasmtime::Result<Instance<InstanceState, Expiration, Worker>> {
        let mut store = store(&self.engine, self.component.clone());
        let proxy = self.proxy.instantiate_async(&mut store).await?;
        let application = &self.component.application;
        let (request_time, life) = (application.limits.request_time, &application.life);
        let (max_reuse, max_concurrent) = match &self.proxy {
            ProxyPre::P3(_) => (MAX_REUSE, MAX_CONCURRENT_REUSE),
            ProxyPre::P2(_) => (1, 1),
        };
        Ok(Instance {
            store,
            proxy,
            view: InstanceState::http,
            expiration: Expiration {
                request_time,
                timer: Box::pin(tokio::time::sleep(IDLE_TIMEOUT)),
                stopping: Box::pin(life.stopping.clone().cancelled_owned()),
            },
            state: Worker {
                component: self.component.clone(),
                request_time,
                max_reuse,
                max_concurrent,
                _alive: life.instances.token(),
            },
        })
    }
}

/// When an instance goes.
pub struct Expiration {
    request_time: Option<Duration>,
    timer: Pin<Box<Sleep>>,
    stopping: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl WorkerExpiration for Expiration {
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        status: WorkerStatus,
        start: std::time::Instant,
    ) -> Poll<()> {
        let time = match status {
            WorkerStatus::Idle if self.stopping.as_mut().poll(cx).is_ready() => return Poll::Ready(()),
            WorkerStatus::Idle => Some(IDLE_TIMEOUT),
            WorkerStatus::Requests | WorkerStatus::PostReturn => self.request_time,
        };
        let Some(deadline) = time.and_then(|time| start.checked_add(time)) else { return Poll::Pending };
        let deadline = deadline.into();
        if self.timer.deadline() != deadline {
            self.timer.as_mut().reset(deadline);
        }
        self.timer.as_mut().poll(cx)
    }
}

/// How many requests an instance takes, and what is said when it fails.
pub struct Worker {
    component: Arc<ComponentContext>,
    request_time: Option<Duration>,
    max_reuse: usize,
    max_concurrent: usize,
    _alive: TaskTrackerToken,
}

impl WorkerState for Worker {
    type StoreData = InstanceState;
    type RequestData = ();

    fn should_accept_request(&self, concurrent: usize, total: usize) -> ShouldAccept {
        if total >= self.max_reuse {
            ShouldAccept::Never
        } else if concurrent >= self.max_concurrent {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    fn on_request_start(
        &self,
        _: StoreContextMut<'_, InstanceState>,
        (): (),
        _: wasmtime::component::GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        match self.request_time {
            Some(time) => Box::pin(tokio::time::sleep(time)),
            None => Box::pin(std::future::pending()),
        }
    }

    fn drop(&self, store: Store<InstanceState>, result: Result<(), wasmtime::Error>) {
        let ended = self.component.application.life.ended.load(Ordering::Relaxed);
        if let (Err(error), false) = (result, ended) {
            // The chain has the guest's backtrace; the debug form would add that of the host.
            tracing::error!("an instance of component {} failed: {error:#}", self.component.id);
        }
        drop(store);
    }
}
