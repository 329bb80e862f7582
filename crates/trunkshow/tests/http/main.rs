//! The house over HTTP: one binary, one module per thing that the API speaks of.

mod house;
mod people;
mod room;
mod till;
mod wares;
