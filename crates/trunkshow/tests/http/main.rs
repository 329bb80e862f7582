//! The house over HTTP: one binary, one module per thing that the API speaks of.

mod air;
mod backup;
mod browsers;
mod buyers;
mod catalogue;
mod cluster;
mod drops;
mod floor;
mod house;
mod offered;
mod offers;
mod operate;
mod outbox;
mod people;
mod process;
mod recorded;
mod repeats;
mod room;
mod share;
mod staff;
mod stripe;
mod till;
mod trivia;
mod uploads;
mod wares;
mod whip;
