//! Runs `spin.toml` without the Spin CLI, on wasmtime, with Spin's semantics.
//!
//! It is never kinder than Spin: what Spin refuses is refused, with the same error where a component can see it; what
//! Spin offers and this host does not is refused at start. Each module names the part of Spin's source it mirrors
//! (spinframework/spin, main of 2026-08-21, version 4.1).
//!
//! The way of a request: [`server`] takes it, [`routes`] finds its target, [`headers`] adds what Spin adds, [`instance`]
//! runs it; the component's calls come back through [`bindings`] to [`kv`] and [`variables`] and through [`outbound`].
//! [`application`] puts all of it together from [`manifest`].

pub mod application;
pub mod bindings;
pub mod headers;
pub mod imports;
pub mod instance;
pub mod kv;
pub mod limits;
pub mod logs;
pub mod manifest;
pub mod outbound;
pub mod routes;
pub mod runtime_config;
pub mod server;
pub mod template;
pub mod ticker;
pub mod variables;
