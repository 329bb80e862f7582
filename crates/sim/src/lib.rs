//! Runs the house in virtual time over ports in memory, with faults, and checks every step against a reference model. One
//! seed replays a run.

mod clock;
pub mod room;
mod room_viewer;
pub mod till;
mod till_after;
mod till_drops;
mod till_provider;
