//! `cargo xtask bench`: figures with their targets, from real processes on this machine.

mod air;
mod baseline;
mod encoders;
mod process;
mod row;

pub(crate) use air::run as air;
