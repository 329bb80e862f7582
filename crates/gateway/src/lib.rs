//! HTTP and sockets: bodies, routes, OpenAPI, and the embedded web build. It reaches the world through [`app`] alone.
//!
//! [`router()`] is the table of contents. Every answer that is not a success is a problem (RFC 9457); [`problem`] is the one
//! place that chooses a status.

pub mod body;
mod client;
mod cookies;
mod headers;
mod https;
mod identity;
mod language;
mod listener;
mod measure;
mod once;
mod openapi;
mod problem;
mod room;
mod router;
mod routes;
mod share;
mod state;
mod stream;
mod web;
mod wire;

pub use https::Https;
pub use listener::{Doors, serve};
pub use measure::Metrics;
pub use openapi::document as openapi;
pub use router::router;
pub use state::{Authority, Gateway, Settings};
