//! The house over HTTP: one binary, one module per thing that the API speaks of.

mod backup;
mod catalogue;
mod floor;
mod house;
mod outbox;
mod people;
mod room;
mod share;
mod till;
mod uploads;
mod wares;
