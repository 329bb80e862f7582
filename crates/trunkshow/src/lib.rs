//! The binary's parts: configuration, clock, keys, wiring, shutdown and the command line.

pub mod backup;
pub mod clock;
pub mod command;
pub mod config;
mod demo;
mod doctor;
mod files;
pub mod folder;
mod https;
pub mod keys;
mod metrics;
pub mod payments;
pub mod post;
pub mod recording;
pub mod serve;
pub mod till;
