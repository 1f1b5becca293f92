//! What the use cases ask of the world.
//!
//! A use case is generic over [`World`]: the same code runs on Spin (crate `mostek-platform`), in unit tests and in the
//! seeded simulator (feature-free modules [`testing`] and [`simulation`]). Nothing here does I/O and nothing here knows an engine.
//!
//! Futures carry no `Send` bound: a component runs on one thread, and the futures of its imports are not `Send`.

mod clock;
mod http;
mod key_value;
mod log;
mod random;
pub mod round_trips;
mod settings;
pub mod simulation;
pub mod testing;

pub use clock::{Clock, Timestamp};
pub use http::{
    ByteStream, BytesStream, EmptyStream, HttpClient, HttpError, OutgoingRequest, ReadError,
    StreamedResponse, WholeResponse, read_capped,
};
pub use key_value::{KeyValue, StoreError};
pub use log::{Level, Log};
pub use random::Random;
pub use settings::{Settings, SettingsError};

/// Everything a use case may ask of the outside, in one value that is handed down by reference.
///
/// Which settings exist is documented in the README's variables table.
pub trait World {
    /// The shared key-value store.
    type Kv: KeyValue;
    /// Outbound HTTP.
    type Http: HttpClient;
    /// Time.
    type Clock: Clock;
    /// Randomness.
    type Random: Random;
    /// Configuration of the running application.
    type Settings: Settings;
    /// Where log lines go.
    type Log: Log;

    /// The shared key-value store.
    fn kv(&self) -> &Self::Kv;
    /// Outbound HTTP.
    fn http(&self) -> &Self::Http;
    /// Time.
    fn clock(&self) -> &Self::Clock;
    /// Randomness.
    fn random(&self) -> &Self::Random;
    /// Configuration of the running application.
    fn settings(&self) -> &Self::Settings;
    /// Where log lines go.
    fn log(&self) -> &Self::Log;
}
