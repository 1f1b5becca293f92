//! Keeps the hub's store safe: takes it out into one file while the hub runs, puts it back, moves it from one engine to
//! the other, and says whether two stores hold the same.
//!
//! [`place`] says where a store is; [`sqlite`] and [`redis`] are the two engines, read and written through [`engine`];
//! [`file`] is the portable form; [`transfer`] are the jobs. [`replica`] gives a Redis that stands still.
//!
//! A native program beside the hub, since only something that can list keys can do this, and the hub's own code cannot
//! (docs/decisions/0002). It knows keys by `mostek_store::keys` and nothing of what values mean, but for one thing: after a
//! store was put back, replies that were waiting may have left since (`mostek_helpdesk::restored`).

pub mod digest;
pub mod engine;
pub mod file;
pub mod place;
pub mod redis;
pub mod replica;
pub mod sqlite;
pub mod transfer;

mod clock;
