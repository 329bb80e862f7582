use std::fmt;

use kernel::Timestamp;

/// The time of day, and nothing else. The binary reads it from the operating system; a simulation turns it by hand.
pub trait Clock: Send + Sync + fmt::Debug {
    fn now(&self) -> Timestamp;
}
