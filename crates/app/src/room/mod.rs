//! The room at work: one task leads each open room, appends what happens durably, and only then shows it, encoded once,
//! through a ring that every seat reads with a cursor of its own.

pub mod appeals;
mod ask;
pub mod blocks;
mod client_frame;
mod direct;
pub mod enter;
mod frames;
mod history;
mod leader;
mod lease;
pub mod name;
mod pace;
mod refused;
mod renamed;
pub mod reports;
mod rights;
mod ring;
mod rooms;
mod sample;
mod seat;
pub mod ticket;
mod voice;
mod watch;
pub mod words;

pub use ask::Position;
pub use client_frame::{Asked, BadFrame, ClientFrame};
pub use direct::{ClaimChange, ClaimNews, Ear};
pub use refused::Refused;
pub use ring::{At, Encoded, Form, Ring, Shown};
pub use rooms::{Rooms, RoomsParts};
pub use seat::{Seat, Standing, Told};
pub use voice::{Answer, Guest, Submitted};
