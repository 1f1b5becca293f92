//! The interfaces components import beyond WASI itself.
//!
//! `generated` comes from the WIT inside `spin-sdk` (see `build.rs`); the modules beside it implement it on
//! [`InstanceState`](crate::instance::InstanceState), one per interface.

pub mod key_value;
pub mod redis;
pub mod variables;
pub mod wasi_key_value;

/// Made by `wasmtime::component::bindgen!`.
#[allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
pub mod generated {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

use wasmtime::component::HasData;

use crate::instance::InstanceState;

/// Tells the linker that the implementations borrow the whole instance state.
pub struct HasState;

impl HasData for HasState {
    type Data<'a> = &'a mut InstanceState;
}
