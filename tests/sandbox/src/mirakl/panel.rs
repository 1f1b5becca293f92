//! The panel.
use std::sync::Arc;
use axum::Router;
use super::Sandbox;
/// The routes under `/mirakl/panel`.
pub fn routes() -> Router<Arc<Sandbox>> { Router::new() }
