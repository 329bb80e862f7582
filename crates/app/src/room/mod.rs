//! The room at work: one task leads each open room, appends what happens durably, and only then shows it, encoded once,
//! through a ring that every seat reads with a cursor of its own.

mod client_frame;
pub mod enter;
mod frames;
mod history;
mod leader;
pub mod name;
mod refused;
mod rooms;
mod seat;
pub mod ticket;
mod voice;

pub use client_frame::{BadFrame, ClientFrame};
pub use leader::Position;
pub use refused::Refused;
pub use rooms::{Rooms, RoomsParts};
pub use seat::{Seat, Told};
pub use voice::{Answer, Guest, Submitted};
