//! One programme: what a host sends becomes timed access units; HLS is the first of its readers.

mod health;
mod run;
mod unit;

pub use health::{Health, Warning};
pub use run::{Run, RunEnd, SenderReport};
pub use unit::{AudioUnit, Unit, VideoUnit};
