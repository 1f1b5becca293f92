//! Calls `POST /timers/tick` of the hub whenever Spin's cron trigger says so: an application of its own, since a component
//! of that trigger may not be chained to another.

mod bindings;
mod tick;

use bindings::{Error, Guest, Metadata};

struct Cron;

impl Guest for Cron {
    async fn handle_cron_event(_: Metadata) -> Result<(), Error> {
        tick::tick().await.map_err(|why| {
            // The trigger says that an event failed, and not why.
            eprintln!("the tick failed: {why}");
            Error::Other(why)
        })
    }
}

bindings::export!(Cron with_types_in bindings);
