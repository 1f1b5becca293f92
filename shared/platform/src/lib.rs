//! The only crate that knows spin-sdk: the ports ([`mostek_ports`]) adapted to Spin 4.1 and WASI 0.3, and the way a
//! request gets from Spin to a component's routes and back.
//!
//! A component is its routes and one line:
//!
//! ```ignore
//! mod routes;
//! mostek_platform::component!(routes::answer);
//! ```
//!
//! where `answer` is `async fn answer<W: World>(world: &W, request: &mut Request) -> Response`: it knows ports only, so
//! that a test calls it with [`mostek_ports::testing::TestWorld`].
//!
//! One instance serves up to sixteen requests at a time on one thread: nothing about a request is kept in statics, and
//! nothing panics, since a trap takes the neighbours with it. On a native target everything compiles, and what calls an
//! import of the engine panics; the tests here are of what does not.

mod body;
mod clock;
mod component;
mod counter;
mod error_code;
mod headers;
mod http_client;
mod log;
mod random;
mod redis_store;
mod rest;
mod serve;
mod settings;
mod store;
mod world;

pub use clock::SpinClock;
pub use http_client::SpinHttp;
pub use log::SpinLog;
pub use random::SpinRandom;
pub use redis_store::RedisStore;
pub use serve::serve;
pub use settings::SpinSettings;
pub use store::SpinStore;
pub use world::{SpinWorld, Store};

/// For the code that [`component!`] writes; not for use by hand.
#[doc(hidden)]
pub mod sdk {
    pub use spin_sdk::wasip3;
    pub use spin_sdk::wit_bindgen;
}
