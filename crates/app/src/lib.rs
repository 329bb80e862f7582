//! Use cases, one file each, and the ports that they need.
//!
//! A use case is a free function `(app, actor, command) -> Result<outcome, Problem>`. It asks [`access`] whether the actor
//! may, lets the pure rules decide, and calls ports; it knows no socket, no SQL and no HTTP. The clock and the entropy
//! are ports too, so a simulation replays from its seed.

pub mod access;
mod actor;
pub mod audit;
pub mod catalogue;
#[cfg(feature = "conformance")]
pub mod conformance;
mod context;
pub mod drops;
pub mod house;
#[cfg(feature = "conformance")]
pub mod memory;
pub mod messages;
pub mod outbox;
pub mod people;
pub mod ports;
pub mod problem;
pub mod repeat;
pub mod replay;
pub mod room;
mod seal;
pub mod shows;
pub mod till;
pub mod trivia;

pub use actor::{Actor, Membership, Person, PersonKind, Proof, Role, Scope};
pub use context::{App, Entropy, Ports};
pub use problem::{Code, Problem};
