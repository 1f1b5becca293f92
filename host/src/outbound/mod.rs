//! Calls of components to the outside.

pub mod client;
pub mod hooks;
pub mod policy;
