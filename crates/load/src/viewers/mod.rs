//! Viewers: thousands in one room or in many, with an oracle that holds every one of them against the room's log.
//!
//! Lines and state are sent at times fixed beforehand, and a time counts from when it was to be sent, whether the house kept up
//! or not. Every viewer is a person of their own, over a socket of their own.

pub mod asked;
mod frame;
pub mod joins;
mod oracle;
mod show;
pub mod trivia;

mod viewer;
mod witness;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use kernel::Random;
use serde::Serialize;
use serde_json::json;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use self::oracle::Log;
use self::show::{Phase, Show};
use self::viewer::{Guest, Turn, Viewer, Watched};
use self::witness::Duties;
use crate::client::{Client, Request};
use crate::histogram::{Histogram, Times};
use crate::house::{House, Spoiled, ask};
use crate::process::{cpu_seconds, resident_bytes};
use crate::socket::Way;

pub use self::viewer::Habits;

/// Viewers that come in at the same moment.
const DOOR: usize = 64;
/// How long everybody may take to come in.
const GATHER_WITHIN: Duration = Duration::from_secs(120);
/// How long what is under way may take to arrive, and who was cut to come back.
const SETTLE_WITHIN: Duration = Duration::from_secs(20);
/// Memory counts from here on, so that what a process needs for its first guests is not the viewers'.
const WARM: usize = 100;

/// How lines are said.
#[derive(Clone, Copy, Debug)]
pub enum Chat {
    /// So many a second in each show, each at its time, by viewers in turn.
    EverySecond(f64),
    /// By people of the shop, so many at once; each says the next when the last was seen.
    InFlight(usize),
    /// So many a second in each show, by people of the shop, whose lines are never left out.
    ByStaff(f64),
}

/// What is run.
#[derive(Clone, Debug)]
pub struct Evening {
    /// Where; its staff may announce in the shows.
    pub house: House,
    /// The shows, by id.
    pub shows: Vec<String>,
    /// Viewers in each of them.
    pub viewers: usize,
    /// Who of them speaks, in turn.
    pub chatters: usize,
    pub chat: Chat,
    /// Length of a line's text.
    pub line_bytes: usize,
    /// The shop says something on the state lane this often; never if none.
    pub announce_every: Option<Duration>,
    /// The shop removes the newest line this often; never if none.
    pub remove_every: Option<Duration>,
    /// Nothing is sent for so long after all are in.
    pub idle: Duration,
    /// Lines are sent for so long.
    pub lasts: Duration,
    pub habits: Habits,
    /// Viewers take compressed frames, as browsers do.
    pub deflate: bool,
    /// Loopback addresses that viewers come from; 0 for the system's choice.
    pub addresses: u32,
    /// The house's process, if it is on this machine.
    pub pid: Option<u32>,
    /// The same seed makes the same choices.
    pub seed: u64,
}

/// What was seen.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Seen {
    /// Viewers who came in, of all shows.
    pub viewers: usize,
    /// From the first to the last of them.
    pub gather_seconds: f64,
    /// How long lines were sent.
    pub seconds: f64,
    /// Lines and announcements sent.
    pub said: u64,
    /// Refusals by code.
    pub refused: BTreeMap<String, u64>,
    /// Lines times the viewers who got them.
    pub deliveries: u64,
    /// Frames times the viewers who got them.
    pub frames: u64,
    /// Chat lines that the house says it left out, over all viewers.
    pub left_out: u64,
    /// From when a line was to be said until each viewer had it.
    pub chat: Option<Times>,
    /// The same of what the shop said on the state lane.
    pub state: Option<Times>,
    /// From when a line was to be removed until each viewer was told.
    pub removal: Option<Times>,
    /// Between the first viewer and the last that saw the same state event.
    pub spread: Option<Times>,
    /// Connections that we cut, and that were lost.
    pub cuts: u64,
    pub lost: u64,
    /// Times that somebody came back to a tail, and to a snapshot.
    pub resumed: u64,
    pub snapshots: u64,
    /// Offsets skipped without a word, over all viewers. Must be 0.
    pub gaps: u64,
    /// Viewers whose fold is not the log, by what is wrong. Must be empty.
    pub disagree: BTreeMap<String, u64>,
    /// Viewers who had not arrived at the log's end when it was over. Must be 0.
    pub behind: u64,
    /// CPU of the house while lines were sent, and deliveries for each second of it.
    pub house_cpu_seconds: Option<f64>,
    pub deliveries_per_cpu_second: Option<f64>,
    /// Memory for each viewer who only watches; none where the house did not grow.
    pub bytes_per_viewer: Option<f64>,
    pub house_resident_bytes: Option<u64>,
}

impl Seen {
    /// Whether every viewer's evening was the log's.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.gaps == 0 && self.disagree.is_empty() && self.behind == 0
    }
}

/// One show under way.
struct Room {
    show: Arc<Show>,
    seen: watch::Receiver<u64>,
    witness: tokio::task::JoinHandle<Result<Log, Spoiled>>,
    viewers: JoinSet<Watched>,
}

/// Runs the evening and holds every viewer against the log.
///
/// # Errors
/// The house refused the preparation, or the witness could not see the log.
pub async fn run(evening: &Evening) -> Result<Seen, Spoiled> {
    let to = resolve(&evening.house.host).await?;
    let (_, staff) = evening.house.desk().await?;
    let mut random = Random::seeded(evening.seed);
    let mut rooms = Vec::new();
    for id in &evening.shows {
        rooms.push(open(evening, id, to, &staff).await?);
    }
    let before_gathering = Instant::now();
    let warm = gather(evening, &mut rooms, to, &staff, &mut random).await?;
    let gather_seconds = before_gathering.elapsed().as_secs_f64();
    sleep(evening.idle).await;
    let full = evening.pid.map(resident_bytes).transpose()?;
    let joined: usize = rooms.iter().map(|room| room.show.joined.load(Relaxed)).sum();
    // A house that has just been furnished gives memory back meanwhile: then nothing can be said about the viewers'.
    let grown = warm.zip(full).and_then(|(warm, full)| full.checked_sub(warm));
    let bytes_per_viewer = grown.filter(|grown| *grown > 0 && joined > WARM);
    let bytes_per_viewer = bytes_per_viewer.map(|grown| grown as f64 / (joined - WARM) as f64);

    let cpu_before = evening.pid.map(cpu_seconds).transpose()?;
    let begin = Instant::now() + Duration::from_millis(100);
    let until = begin + evening.lasts;
    phase(&rooms, Phase::Running { begin, until });
    sleep_until(until).await;
    phase(&rooms, Phase::Settling);
    let lines = |room: &Room| room.show.lines.load(Relaxed);
    let delivered: u64 = rooms.iter().map(lines).sum();
    let cpu_after = evening.pid.map(cpu_seconds).transpose()?;
    let resident = evening.pid.map(resident_bytes).transpose()?;
    settle(&rooms).await;
    phase(&rooms, Phase::Over);

    let mut seen = Seen { gather_seconds, seconds: evening.lasts.as_secs_f64(), bytes_per_viewer, ..Seen::default() };
    let mut took: [Histogram; 4] = Default::default();
    for room in rooms {
        seen.deliveries += lines(&room);
        judge(room, &mut seen, &mut took).await?;
    }
    let some = |histogram: Histogram| Some(histogram.times()).filter(|times| times.count > 0);
    [seen.chat, seen.state, seen.removal, seen.spread] = took.map(some);
    seen.house_cpu_seconds = cpu_before.zip(cpu_after).map(|(before, after)| after - before);
    seen.deliveries_per_cpu_second = seen.house_cpu_seconds.filter(|cpu| *cpu > 0.0).map(|cpu| delivered as f64 / cpu);
    seen.house_resident_bytes = resident;
    Ok(seen)
}

pub(crate) async fn resolve(host: &str) -> Result<SocketAddr, Spoiled> {
    let mut found =
        tokio::net::lookup_host(host).await.map_err(|_| Spoiled::Nothing("the house's host has no address"))?;
    found.next().ok_or(Spoiled::Nothing("the house's host has no address"))
}

fn phase(rooms: &[Room], phase: Phase) {
    for room in rooms {
        room.show.phase.send_replace(phase);
    }
}

/// The witness is there before anybody else.
async fn open(evening: &Evening, id: &str, to: SocketAddr, staff: &str) -> Result<Room, Spoiled> {
    let show = Arc::new(Show::new(id, evening.line_bytes));
    let (told, seen) = watch::channel(0);
    let way = Way { to, from: None, receive_buffer: 0, deflate: false };
    let duties = Duties { announce_every: evening.announce_every, remove_every: evening.remove_every };
    let witness = witness::watch(Arc::clone(&show), way, staff.to_owned(), duties, told);
    let room = Room { show, seen, witness: tokio::spawn(witness), viewers: JoinSet::new() };
    let mut seen = room.seen.clone();
    let there = timeout(GATHER_WITHIN, seen.wait_for(|offset| *offset > 0)).await;
    match there {
        Ok(Ok(_)) => Ok(room),
        _ => Err(Spoiled::Nothing("the witness cannot enter the room")),
    }
}

/// Lets everybody in; what the house weighed when the first of them were there.
async fn gather(
    evening: &Evening,
    rooms: &mut [Room],
    to: SocketAddr,
    staff: &str,
    random: &mut Random,
) -> Result<Option<u64>, Spoiled> {
    let door = Arc::new(Semaphore::new(DOOR));
    let mut warm = None;
    let total = evening.viewers * rooms.len();
    let joined = |rooms: &[Room]| rooms.iter().map(|room| room.show.joined.load(Relaxed)).sum::<usize>();
    let deadline = Instant::now() + GATHER_WITHIN;
    for place in 0..total {
        let (number, room) = (place / rooms.len(), place % rooms.len());
        if place == WARM && evening.pid.is_some() {
            while joined(rooms) < WARM && Instant::now() < deadline {
                sleep(Duration::from_millis(20)).await;
            }
            warm = evening.pid.map(resident_bytes).transpose()?;
        }
        let Ok(permit) = Arc::clone(&door).acquire_owned().await else { break };
        let way = Way {
            to,
            from: source(evening, to, place),
            receive_buffer: evening.habits.receive_buffer,
            deflate: evening.deflate,
        };
        let turn = turn(evening, number);
        let by_staff = matches!(evening.chat, Chat::InFlight(_) | Chat::ByStaff(_)) && !matches!(turn, Turn::Silent);
        let guest = Guest {
            cookie: String::new(),
            way,
            turn,
            habits: if matches!(turn, Turn::Silent) { evening.habits } else { Habits::default() },
            first_ping: Duration::from_millis(random.below(10_000)),
            random: random.fork(),
        };
        let (host, staff, speaks) = (evening.house.host.clone(), staff.to_owned(), !matches!(turn, Turn::Silent));
        let show = Arc::clone(&rooms[room].show);
        rooms[room].viewers.spawn(async move {
            let mut guest = guest;
            loop {
                match mint(&host, speaks.then_some(number)).await {
                    Ok(cookie) => break guest.cookie = cookie,
                    // The house says that it is busy.
                    Err(_) if !show.is_over() => sleep(Duration::from_millis(500)).await,
                    Err(_) => break,
                }
            }
            if by_staff {
                guest.cookie = format!("{}; {staff}", guest.cookie);
            }
            drop(permit);
            Viewer::new(guest, show).watch().await
        });
    }
    while joined(rooms) < total && Instant::now() < deadline {
        sleep(Duration::from_millis(20)).await;
    }
    Ok(warm)
}

fn turn(evening: &Evening, number: usize) -> Turn {
    let every = |rate: f64, speakers: usize| {
        let period = Duration::from_secs_f64(1.0 / rate.max(0.001));
        Turn::Every { first: number as u64, step: speakers.max(1) as u64, period }
    };
    match evening.chat {
        Chat::EverySecond(rate) if rate > 0.0 && number < evening.chatters => every(rate, evening.chatters),
        Chat::ByStaff(rate) if number < evening.chatters => every(rate, evening.chatters),
        Chat::InFlight(speakers) if number < speakers => Turn::Answered { number: number as u64 },
        _ => Turn::Silent,
    }
}

/// Loopback has room for many people.
fn source(evening: &Evening, to: SocketAddr, place: usize) -> Option<IpAddr> {
    if evening.addresses == 0 || !to.ip().is_loopback() || !to.is_ipv4() {
        return None;
    }
    let number = place as u32 % evening.addresses;
    Some(Ipv4Addr::from_bits(Ipv4Addr::LOCALHOST.to_bits() + 0x100 + number).into())
}

/// A viewer's cookie, with a name to chat under where they speak.
async fn mint(host: &str, speaker: Option<usize>) -> Result<String, Spoiled> {
    let mut client = Client::new(host);
    let cookie = ask(&mut client, "POST", "/api/v1/viewer", "", Some(&json!({}))).await?.cookies.join("; ");
    if let Some(number) = speaker {
        let name = json!({ "name": format!("Guest {number}") });
        let request = Request {
            method: "PUT",
            path: "/api/v1/me/chat-name",
            cookie: &cookie,
            idempotency_key: "",
            body: Some(&name),
        };
        client.send(request).await?;
    }
    Ok(cookie)
}

/// Nothing more arrives: everybody who was cut is back, and a second of silence everywhere.
async fn settle(rooms: &[Room]) {
    let deadline = Instant::now() + SETTLE_WITHIN;
    let mut before = 0;
    loop {
        sleep(Duration::from_millis(1_500)).await;
        let frames = rooms.iter().map(|room| room.show.frames.load(Relaxed)).sum::<u64>();
        let back = rooms.iter().all(|room| room.show.seated.load(Relaxed) == room.show.joined.load(Relaxed));
        // Viewer counts go on while somebody comes back.
        if (back && frames == before) || Instant::now() > deadline {
            return;
        }
        before = frames;
    }
}

async fn judge(
    room: Room,
    seen: &mut Seen,
    [chat, state, removal, spread]: &mut [Histogram; 4],
) -> Result<(), Spoiled> {
    let Room { show, witness, viewers, .. } = room;
    let log =
        witness.await.map_err(|_| Spoiled::Nothing("the witness broke: this is a defect of the load program"))??;
    for watched in viewers.join_all().await {
        let Watched { fold, cuts, lost, gaps } = watched;
        seen.cuts += u64::from(cuts);
        seen.lost += u64::from(lost);
        seen.gaps += u64::from(gaps);
        seen.resumed += u64::from(fold.resumed);
        seen.snapshots += fold.starts.len() as u64;
        let stretches = || fold.ended.iter().chain([&fold.now]);
        seen.left_out += stretches().map(oracle::Stretch::left_out).sum::<u64>();
        let never = fold.starts.is_empty().then_some("never got in");
        let wrong = never.or_else(|| stretches().find_map(|stretch| log.disagrees(stretch)));
        let wrong = wrong.or_else(|| {
            let lies = fold.starts.iter().any(|start| !log.agrees_on(start));
            lies.then_some("a snapshot is not what the log comes to")
        });
        if let Some(wrong) = wrong {
            *seen.disagree.entry(wrong.to_owned()).or_default() += 1;
        }
        // The witness may have heard one more viewer count than who left before it.
        seen.behind += u64::from(log.last_told() > fold.now.to);
    }
    seen.viewers += show.joined.load(Relaxed);
    seen.said += show.said.load(Relaxed);
    seen.frames += show.frames.load(Relaxed);
    let sums = show.sums();
    chat.merge(&sums.chat);
    state.merge(&sums.state);
    removal.merge(&sums.removal);
    sums.spread.values().for_each(|(first, last)| spread.add(*last - *first));
    for (code, count) in &sums.refused {
        *seen.refused.entry(code.clone()).or_default() += count;
    }
    Ok(())
}
