//! Who watches: by WebRTC and by low-latency HLS, each checking that nothing is missing; and sound against picture.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;

use crate::client::{Client, Request};
use crate::house::{House, Spoiled, ask, text};

mod fragment;
pub mod players;
mod playlist;
mod receiver;
mod rtp;
pub mod sound;
pub mod watchers;

/// How many watch what, and for how long.
#[derive(Clone, Debug, Args)]
pub struct Audience {
    /// The show; somebody publishes into it.
    #[arg(long, default_value = "")]
    show: String,
    /// Its address on another server instead: where offers go, or its multivariant playlist.
    #[arg(long)]
    path: Option<String>,
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    viewers: u32,
    /// How long it is measured, once all are there.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// The server's process on this machine.
    #[arg(long)]
    pid: u32,
}

/// Between the last one's coming and the measurement.
const SETTLE: Duration = Duration::from_secs(3);
/// Memory for each counts from here on.
const WARM: usize = 50;

/// The folder of a show's programme, as staff see it: `/air/{programme}`.
async fn folder(house: &House, show: &str) -> Result<String, Spoiled> {
    let (mut client, cookie) = house.desk().await?;
    let view = ask(&mut client, "GET", &format!("/api/v1/studio/shows/{show}"), &cookie, None).await?.json();
    let master = text(&view["playback"], "hls");
    master.rsplit_once('/').map(|(folder, _)| folder.to_owned()).ok_or(Spoiled::Nothing("the show has no programme"))
}

async fn address(host: &str) -> Result<SocketAddr, Spoiled> {
    let found = tokio::net::lookup_host(host).await.ok().and_then(|mut found| found.next());
    found.ok_or(Spoiled::Nothing("the server's host has no address"))
}

/// The body, if the answer is 200.
async fn get(client: &mut Client, path: &str) -> Result<Option<Vec<u8>>, Spoiled> {
    let request = Request { method: "GET", path, cookie: "", idempotency_key: "", body: None };
    let answer = client.send(request).await?;
    Ok((answer.status == 200).then_some(answer.body))
}
