//! Load over real sockets: the people whom a house must hold, through its public faces alone. Each kind of people is one
//! module; all are bounded in number and time and end by themselves.

pub mod broadcasters;
pub mod buyers;
pub mod claimers;
pub mod client;
pub mod command;
mod failover;
mod histogram;
mod house;
pub mod peers;
mod percentile;
pub mod picture;
mod process;
pub mod readers;
mod shows;
mod socket;
pub mod survivors;
mod table;
pub mod tappers;
pub mod viewers;

pub use histogram::{Histogram, Times};
pub use house::{House, Spoiled};
