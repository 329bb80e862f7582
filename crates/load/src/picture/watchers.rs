//! Viewers by WebRTC: what each costs the server, and whether any of them lost anything.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::receiver::{Receiver, Together};
use super::{Audience, SETTLE, WARM, address, folder};
use crate::house::{House, Spoiled};
use crate::process::{cpu_seconds, resident_bytes};

/// Who shake hands at the same moment.
const DOOR: usize = 16;
const GATHER_WITHIN: Duration = Duration::from_secs(120);
/// One in so many decrypts and decodes as a browser does.
const WHOLE: usize = 8;

/// What was seen.
#[derive(Debug, Serialize)]
pub struct Watched {
    viewers: usize,
    /// Still watching at the end.
    watching: usize,
    seconds: f64,
    /// Of all of them, a second.
    packets_per_second: f64,
    megabits_per_second: f64,
    /// Of one of them, a second.
    pictures_per_second: f64,
    sounds_per_second: f64,
    /// Packets and pictures that somebody missed.
    lost: u64,
    /// Of the server, while it was measured.
    cores: f64,
    /// How many one core would carry at this price.
    viewers_per_core: f64,
    /// Of the server, for each one past the first fifty; none with fewer.
    bytes_per_viewer: Option<f64>,
}

/// Runs it.
///
/// # Errors
/// Not everybody saw a picture, or the process is not here.
pub async fn run(house: &House, audience: &Audience) -> Result<Watched, Spoiled> {
    let path = match &audience.path {
        Some(path) => path.clone(),
        None => folder(house, &audience.show).await?.replace("/air/", "/api/v1/whep/"),
    };
    let (server, together) = (address(&house.host).await?, Arc::new(Together::default()));
    let (door, mut viewers) = (Arc::new(Semaphore::new(DOOR)), JoinSet::new());
    let deadline = Instant::now() + GATHER_WITHIN;
    let arrive = async |count: usize| {
        while together.watching.load(Relaxed) < count && Instant::now() < deadline {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let total = audience.viewers as usize;
    let mut warm = None;
    for number in 0..total {
        if number == WARM {
            arrive(WARM).await;
            sleep(SETTLE).await;
            warm = Some(resident_bytes(audience.pid)?);
        }
        let Ok(permit) = Arc::clone(&door).acquire_owned().await else { break };
        let (host, path, together) = (house.host.clone(), path.clone(), Arc::clone(&together));
        viewers.spawn(async move {
            let receiver = Receiver::ask(&host, server, &path, number % WHOLE == 0, together).await?;
            let watching = receiver.watch();
            tokio::pin!(watching);
            // A place at the door is free again once this one is through it.
            let through = timeout(Duration::from_millis(100), &mut watching).await;
            drop(permit);
            if through.is_err() {
                watching.await;
            }
            Ok::<(), Spoiled>(())
        });
    }
    arrive(total).await;
    if together.watching.load(Relaxed) < total {
        while let Some(ended) = viewers.try_join_next() {
            ended.unwrap_or(Ok(()))?;
        }
        return Err(Spoiled::Nothing("not everybody saw a picture"));
    }
    sleep(SETTLE).await;
    let full = resident_bytes(audience.pid)?;
    let (cpu, before, began) = (cpu_seconds(audience.pid)?, together.came(), Instant::now());
    sleep(Duration::from_secs(audience.seconds)).await;
    let (cpu, after, seconds) = (cpu_seconds(audience.pid)? - cpu, together.came(), began.elapsed().as_secs_f64());
    let cores = cpu / seconds;
    let rate = |after: u64, before: u64| (after - before) as f64 / seconds;
    Ok(Watched {
        viewers: total,
        watching: total - together.ended.load(Relaxed),
        seconds,
        packets_per_second: rate(after.packets, before.packets),
        megabits_per_second: rate(after.bytes, before.bytes) * 8.0 / 1e6,
        pictures_per_second: rate(after.pictures, before.pictures) / total as f64,
        sounds_per_second: rate(after.sounds, before.sounds) / total as f64,
        lost: after.lost - before.lost,
        cores,
        viewers_per_core: if cores > 0.0 { total as f64 / cores } else { 0.0 },
        bytes_per_viewer: warm.map(|warm| full.saturating_sub(warm) as f64 / (total - WARM) as f64),
    })
}
