//! Ports in memory, for simulations and tests: they keep the same promises as the stores, checked by the same suites.

mod drops;
mod leases;
mod objects;
mod offers;
mod payment_notes;
mod room_log;
mod takings;
mod till;
mod trivia;
mod wallets;

pub use leases::Unshared;
pub use objects::MemoryObjects;
pub use payment_notes::MemoryPaymentNotes;
pub use room_log::{Briefs, MemoryRoomLog};
pub use till::MemoryTill;
pub use wallets::MemoryWallets;
