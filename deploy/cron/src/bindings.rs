//! The interface of Spin's cron trigger. Bound here because the trigger's SDK is in no package registry.
#![allow(missing_docs, clippy::all)]

mostek_platform::sdk::wit_bindgen::generate!({
    path: "cron.wit",
    world: "spin-cron",
    runtime_path: "mostek_platform::sdk::wit_bindgen::rt",
});
