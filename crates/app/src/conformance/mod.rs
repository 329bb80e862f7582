//! What a port promises, as checks that every adapter runs.

pub mod drops;
pub mod moderation;
pub mod objects;
pub mod offers;
pub mod payment_notes;
pub mod payments;
pub mod room_log;
pub mod takings;
pub mod till;
pub mod trivia;
pub mod wallets;
