//! A seeded world in which everything that can go wrong with a store, a clock, a process or a remote service does: the
//! place to test anything that writes.
//!
//! Code under test gets a [`SimWorld`] and runs as tasks of one small executor in virtual time. Every operation on a port
//! takes time, may fail before or after it took effect, or takes effect long after the caller was told of an error; a task
//! may be dropped between any two operations. What happens when is decided by a [`Schedule`]:
//!
//! - [`Seeded`] draws everything from one number, so a failing run is repeated by its seed. [`for_seeds`] runs many.
//! - [`explore`] tries *every* order of operations and every placing of a few faults in a small case.
//!
//! ```
//! use mostek_ports::simulation::{Faults, Simulation};
//! use mostek_ports::{KeyValue, World};
//!
//! let sim = Simulation::seeded(7, Faults::none());
//! let world = sim.process();
//! sim.spawn(async move {
//!     let _ = world.kv().increment("n", 1).await;
//! });
//! sim.run();
//! assert_eq!(sim.counter("n"), 1);
//! ```

mod executor;
mod explore;
mod seeded;
mod weather;
mod world;

pub use executor::{Fate, Kind, Schedule, Simulation};
pub use explore::{Budget, Explored, explore};
pub use seeded::{Faults, Seeded, for_seeds};
pub use weather::Weather;
pub use world::{SimClock, SimHttp, SimStore, SimWorld};
