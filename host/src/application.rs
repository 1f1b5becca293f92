//! An application made ready to serve: the manifest resolved, its store opened, its components compiled.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, anyhow};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::instance::{self, Pool};
use crate::kv::engine::{self, Engine};
use crate::kv::redis::RedisEngine;
use crate::kv::{Backend, Stores};
use crate::limits::{HourlyQuota, Limits};
use crate::logs::ComponentLogs;
use crate::manifest::{self, Answer, Manifest, StaticResponse};
use crate::outbound::client::HttpClient;
use crate::outbound::policy::AllowedHosts;
use crate::routes::Router;
use crate::runtime_config::{self, StoreConfig};
use crate::variables::{Given, Variables};

/// How to run an application.
#[derive(Clone, Debug)]
pub struct Options {
    /// The `spin.toml`.
    pub manifest: PathBuf,
    /// Build profile of the components; `None` is the one without a name.
    pub profile: Option<String>,
    /// Runtime configuration file.
    pub runtime_config: Option<PathBuf>,
    /// Folder of the store file; created when missing.
    pub state_dir: PathBuf,
    /// Folder of the log files; created when missing.
    pub log_dir: PathBuf,
    /// Folder of compiled components; `None` compiles at every start.
    pub cache_dir: Option<PathBuf>,
    /// Values of variables.
    pub given: Given,
    /// Of the platform to imitate.
    pub limits: Limits,
    /// Whether the output of components is shown on standard error.
    pub follow: bool,
}

/// What all components share.
pub struct Application {
    /// From the manifest.
    pub name: String,
    /// From the manifest, empty when not given.
    pub version: String,
    /// Of the application and of its components.
    pub variables: Variables,
    /// The key-value stores.
    pub stores: Arc<Stores>,
    /// The HTTP client.
    pub http: HttpClient,
    /// Requests of components that may still leave.
    pub outbound: HourlyQuota,
    /// In force.
    pub limits: Limits,
    /// Set once it listens: where requests to itself go.
    pub address: OnceLock<SocketAddr>,
    /// How it ends.
    pub life: Life,
}

/// What instances must know about the end of the application.
#[derive(Default)]
pub struct Life {
    /// Idle instances go at once.
    pub stopping: CancellationToken,
    /// Instances that exist.
    pub instances: TaskTracker,
    /// Nobody waits any more for those that are left.
    pub ended: AtomicBool,
}

/// What one component may do.
pub struct ComponentContext {
    /// From the manifest.
    pub id: Arc<str>,
    /// It is part of.
    pub application: Arc<Application>,
    /// It may call.
    pub allowed_hosts: AllowedHosts,
    /// It may open.
    pub stores: HashSet<String>,
    /// WASI environment.
    pub environment: Vec<(String, String)>,
    /// Its output.
    pub logs: ComponentLogs,
}

/// Who answers a route.
#[derive(Clone)]
pub enum Target {
    /// A component.
    Component(Pool),
    /// A fixed response; with the trigger's id.
    Static(String, Arc<StaticResponse>),
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Component(pool) => f.write_str(&pool.state().component.id),
            Self::Static(id, _) => f.write_str(id),
        }
    }
}

/// An application that can be served.
pub struct Loaded {
    /// Shared by everything.
    pub application: Arc<Application>,
    /// Paths to targets.
    pub router: Router<Target>,
}

/// Makes the application ready. Blocks; compiling takes seconds when the cache is cold.
///
/// # Errors
/// What is wrong with the manifest, a variable, a component or a folder.
pub fn load(options: &Options) -> anyhow::Result<Loaded> {
    let manifest = manifest::load(&options.manifest, options.profile.as_deref())?;
    let store = options.runtime_config.as_deref().map(runtime_config::load).transpose()?.unwrap_or_default();
    let variables = Variables::new(&manifest, options.given.clone())?;
    for folder in [&options.state_dir, &options.log_dir] {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create the folder {}", folder.display()))?;
    }
    let application = Arc::new(Application {
        name: manifest.application.name.clone(),
        version: manifest.application.version.clone(),
        variables,
        stores: Arc::new(Stores::new(open_store(store, &options.state_dir)?, options.limits.stores)),
        http: HttpClient::new()?,
        outbound: HourlyQuota::new(options.limits.outbound_per_hour),
        limits: options.limits,
        address: OnceLock::new(),
        life: Life::default(),
    });
    let pools = pools(options, &manifest, &application)?;
    let targets = manifest.triggers.iter().map(|trigger| {
        let target = match &trigger.answer {
            Answer::Static(response) => Target::Static(trigger.id.clone(), Arc::new(response.clone())),
            Answer::Component(id) => Target::Component(
                pools
                    .iter()
                    .find(|pool| &*pool.state().component.id == id.as_str())
                    .cloned()
                    .with_context(|| format!("unknown component {id:?}"))?,
            ),
        };
        anyhow::Ok((target, &trigger.route))
    });
    let (router, duplicates) = Router::build(targets.collect::<Result<Vec<_>, _>>()?)?;
    for duplicate in duplicates {
        tracing::error!(
            "the route {} of {} is a duplicate of that of {} and will never be used",
            duplicate.route,
            duplicate.replaced,
            duplicate.effective
        );
    }
    if router.contains_reserved_route() {
        tracing::error!(
            "routes under {} are handled by the runtime and will never be reached",
            crate::routes::WELL_KNOWN_PREFIX
        );
    }
    Ok(Loaded { application, router })
}

fn open_store(config: StoreConfig, state_dir: &Path) -> anyhow::Result<Backend> {
    let file = match config {
        StoreConfig::StateFolder => state_dir.join(engine::FILE_NAME),
        StoreConfig::File(file) => file,
        // Not the address itself, which has a password.
        StoreConfig::Redis(address) => {
            return Ok(Backend::Redis(RedisEngine::new(&address).context("the store's Redis address")?));
        }
    };
    let engine = Engine::open(&file).with_context(|| format!("cannot open the store {}", file.display()))?;
    Ok(Backend::Sqlite(engine))
}

/// Compiles all components at the same time.
fn pools(
    options: &Options,
    manifest: &Manifest,
    application: &Arc<Application>,
) -> anyhow::Result<Vec<Pool>> {
    let folder = manifest::folder_of(&options.manifest);
    let engine = instance::engine(options.cache_dir.as_deref())?;
    let linker = instance::linker(&engine)?;
    let ids: Vec<&str> = manifest.components.keys().map(String::as_str).collect();
    let contexts = manifest
        .components
        .iter()
        .map(|(id, component)| {
            let context = context(options, application, id, component, &ids)?;
            Ok((folder.join(component.source()?), Arc::new(context)))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    std::thread::scope(|scope| {
        let compiling: Vec<_> = contexts
            .into_iter()
            .map(|(source, context)| {
                let (engine, linker) = (&engine, &linker);
                scope.spawn(move || {
                    let id = context.id.clone();
                    pool(engine, linker, &source, context)
                        .with_context(|| format!("component {id:?} ({})", source.display()))
                })
            })
            .collect();
        compiling
            .into_iter()
            .map(|thread| thread.join().map_err(|_| anyhow!("compiling a component panicked"))?)
            .collect()
    })
}

/// What the component `id` may do, out of the manifest.
///
/// # Errors
/// What is wrong with its permissions, or a log file that cannot be opened.
pub fn context(
    options: &Options,
    application: &Arc<Application>,
    id: &str,
    component: &manifest::Component,
    ids: &[&str],
) -> anyhow::Result<ComponentContext> {
    Ok(ComponentContext {
        id: id.into(),
        application: application.clone(),
        allowed_hosts: AllowedHosts::parse(&component.allowed_outbound_hosts, &application.variables, ids)
            .with_context(|| format!("component {id:?}: allowed_outbound_hosts"))?,
        stores: component.key_value_stores.iter().cloned().collect(),
        environment: component.environment.clone().into_iter().collect(),
        logs: ComponentLogs::open(&options.log_dir, id, options.follow)?,
    })
}

fn pool(
    engine: &wasmtime::Engine,
    linker: &instance::Linker,
    source: &Path,
    context: Arc<ComponentContext>,
) -> anyhow::Result<Pool> {
    let bytes = std::fs::read(source).context("cannot read the module; is it built?")?;
    instance::pool(engine, linker, &bytes, context)
}
