//! `cargo xtask bench`: figures with their targets, from real processes on this machine.

mod air;
mod baseline;
mod encoders;
mod mediamtx;
mod million;
mod peers;
mod picture;
mod process;
mod programs;
mod room;
mod row;
mod row_locks;
mod slow_sync;
mod till;

pub(crate) use air::run as air;
pub(crate) use picture::run as picture;
pub(crate) use programs::{Owner, Programs};
pub(crate) use room::run as room;
pub(crate) use till::run as till;
