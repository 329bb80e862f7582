//! Viewers by low-latency HLS, each with one kept connection: a blocking reload of the playlist for each part, then the part.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::playlist::{Place, Playlist};
use super::{Audience, SETTLE, folder, get};
use crate::client::Client;
use crate::histogram::{Histogram, Times};
use crate::house::{House, Spoiled};
use crate::process::cpu_seconds;

/// Who come at the same moment.
const DOOR: usize = 64;
const GATHER_WITHIN: Duration = Duration::from_secs(120);
/// Moments at which parts were first known, at most; the oldest goes.
const KNOWN: usize = 256;
/// An answer that is none, or a part that is missing, is asked for again so often before the player gives up.
const TRIES: usize = 5;

/// What was seen.
#[derive(Debug, Serialize)]
pub struct Played {
    viewers: usize,
    /// Still playing at the end.
    playing: usize,
    seconds: f64,
    requests_per_second: f64,
    megabits_per_second: f64,
    /// The largest playlist that was asked for whole.
    playlist_bytes: u64,
    /// From the moment at which the first of them knew of a part to the last of its bytes.
    part: Times,
    /// Parts that came later than a player's buffer lasts.
    stalls: u64,
    /// Answers other than 200, and parts that were passed over.
    lost: u64,
    /// Of the server, while it was measured.
    cores: f64,
    /// How many one core would carry at this price.
    viewers_per_core: f64,
    /// What the playlist lists, in seconds.
    listed_secs: f64,
}

#[derive(Debug, Default)]
struct Together {
    playing: AtomicUsize,
    requests: AtomicU64,
    bytes: AtomicU64,
    playlist_bytes: AtomicU64,
    stalls: AtomicU64,
    lost: AtomicU64,
    known: Mutex<BTreeMap<Place, Instant>>,
    times: Mutex<Histogram>,
    listed_millis: AtomicU64,
}

impl Together {
    /// When the first player knew of it.
    fn known(&self, place: Place) -> Instant {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let at = *known.entry(place).or_insert_with(Instant::now);
        if known.len() > KNOWN {
            known.pop_first();
        }
        at
    }

    fn forget_times(&self) {
        *self.times.lock().unwrap_or_else(PoisonError::into_inner) = Histogram::default();
    }
}

struct Player {
    client: Client,
    folder: String,
    name: String,
    together: Arc<Together>,
}

impl Player {
    async fn fetch(&mut self, name: &str) -> Result<Option<Vec<u8>>, Spoiled> {
        let body = get(&mut self.client, &format!("{}/{name}", self.folder)).await?;
        self.together.requests.fetch_add(1, Relaxed);
        match &body {
            Some(body) => self.together.bytes.fetch_add(body.len() as u64, Relaxed),
            None => self.together.lost.fetch_add(1, Relaxed),
        };
        Ok(body)
    }

    async fn playlist(&mut self, from: Option<Place>) -> Result<Option<Playlist>, Spoiled> {
        let query = from.map(|(msn, part)| format!("?_HLS_msn={msn}&_HLS_part={part}&_HLS_skip=YES"));
        let whole = query.is_none();
        let body = self.fetch(&format!("{}{}", self.name, query.unwrap_or_default())).await?.unwrap_or_default();
        let read = Playlist::read(&String::from_utf8_lossy(&body));
        if let (true, Some(read)) = (whole, &read) {
            self.together.playlist_bytes.fetch_max(body.len() as u64, Relaxed);
            self.together.listed_millis.fetch_max((read.listed_secs * 1_000.0) as u64, Relaxed);
        }
        Ok(read)
    }

    /// Plays until the programme has nothing more.
    async fn play(mut self) -> Result<(), Spoiled> {
        let mut first = self.playlist(None).await?;
        for _ in 0..TRIES {
            if first.is_some() {
                break;
            }
            sleep(Duration::from_millis(500)).await;
            first = self.playlist(None).await?;
        }
        let Some(first) = first else { return Err(Spoiled::Nothing("there is no playlist with parts")) };
        if let Some(init) = &first.init {
            self.fetch(init).await?;
        }
        let slack = Duration::from_secs_f64(first.slack_secs.max(0.1));
        let (mut next, mut missed) = (first.next, 0);
        self.together.playing.fetch_add(1, Relaxed);
        while missed < TRIES {
            let Some(read) = self.playlist(Some(next)).await? else {
                missed += 1;
                continue;
            };
            missed = 0;
            let parts: Vec<_> = read.parts.into_iter().filter(|(place, _)| *place >= next).collect();
            // The oldest part that is listed is not the one that was to come: some were passed over.
            let passed = parts.first().is_some_and(|(place, _)| place.0 == next.0 && place.1 > next.1);
            self.together.lost.fetch_add(u64::from(passed), Relaxed);
            for (place, name) in parts {
                let known = self.together.known(place);
                if self.fetch(&name).await?.is_some() {
                    let took = known.elapsed();
                    self.together.times.lock().unwrap_or_else(PoisonError::into_inner).add(took);
                    self.together.stalls.fetch_add(u64::from(took > slack), Relaxed);
                }
            }
            next = read.next;
        }
        self.together.playing.fetch_sub(1, Relaxed);
        Ok(())
    }
}

/// Runs it.
///
/// # Errors
/// Not everybody could play, or the process is not here.
pub async fn run(house: &House, audience: &Audience) -> Result<Played, Spoiled> {
    let (folder, name) = match &audience.path {
        Some(master) => media_playlist(&house.host, master).await?,
        None => (folder(house, &audience.show).await?, "live.m3u8".to_owned()),
    };
    let (door, mut viewers) = (Arc::new(Semaphore::new(DOOR)), JoinSet::new());
    let (together, total) = (Arc::new(Together::default()), audience.viewers as usize);
    for _ in 0..total {
        let Ok(permit) = Arc::clone(&door).acquire_owned().await else { break };
        let (folder, name, together) = (folder.clone(), name.clone(), Arc::clone(&together));
        let player = Player { client: house.visit(), folder, name, together };
        viewers.spawn(async move {
            let playing = player.play();
            tokio::pin!(playing);
            // A place at the door is free again once this one is through it.
            let through = timeout(Duration::from_millis(40), &mut playing).await;
            drop(permit);
            match through {
                Ok(ended) => ended,
                Err(_) => playing.await,
            }
        });
    }
    let deadline = Instant::now() + GATHER_WITHIN;
    while together.playing.load(Relaxed) < total && Instant::now() < deadline {
        sleep(Duration::from_millis(20)).await;
    }
    if together.playing.load(Relaxed) < total {
        while let Some(ended) = viewers.try_join_next() {
            ended.unwrap_or(Ok(()))?;
        }
        return Err(Spoiled::Nothing("not everybody could play"));
    }
    sleep(SETTLE).await;
    together.forget_times();
    let sums = || [&together.requests, &together.bytes, &together.stalls, &together.lost].map(|sum| sum.load(Relaxed));
    let (cpu, before, began) = (cpu_seconds(audience.pid)?, sums(), Instant::now());
    sleep(Duration::from_secs(audience.seconds)).await;
    let (cpu, after, seconds) = (cpu_seconds(audience.pid)? - cpu, sums(), began.elapsed().as_secs_f64());
    let [requests, bytes, stalls, lost] = [0, 1, 2, 3].map(|place| after[place] - before[place]);
    let cores = cpu / seconds;
    let part = together.times.lock().unwrap_or_else(PoisonError::into_inner).times();
    Ok(Played {
        viewers: total,
        playing: together.playing.load(Relaxed),
        seconds,
        requests_per_second: requests as f64 / seconds,
        megabits_per_second: bytes as f64 * 8.0 / 1e6 / seconds,
        playlist_bytes: together.playlist_bytes.load(Relaxed),
        part,
        stalls,
        lost,
        cores,
        viewers_per_core: if cores > 0.0 { total as f64 / cores } else { 0.0 },
        listed_secs: together.listed_millis.load(Relaxed) as f64 / 1_000.0,
    })
}

/// Folder and name of the first media playlist that another server's multivariant playlist names.
async fn media_playlist(host: &str, master: &str) -> Result<(String, String), Spoiled> {
    let body = get(&mut Client::new(host), master).await?.unwrap_or_default();
    let text = String::from_utf8_lossy(&body).into_owned();
    let name = text.lines().find(|line| !line.starts_with('#') && !line.is_empty());
    let folder = master.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let found = folder.zip(name.map(str::to_owned));
    found.ok_or(Spoiled::Nothing("the multivariant playlist names no other"))
}
