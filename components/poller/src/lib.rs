//! The poller component.
