//! Load over real sockets: the people whom a house must hold, through its public faces alone. Each kind of people is one
//! module; all are bounded in number and time and end by themselves.

pub mod broadcasters;
pub mod buyers;
pub mod claimers;
pub mod client;
mod house;
mod percentile;

pub use house::Spoiled;
