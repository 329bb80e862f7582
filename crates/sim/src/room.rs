//! Many viewers in one room, through cuts, slow readers, reloads, restores, lost answers and two processes that both think
//! that they lead it. At the end every viewer knows what the log says, or was told to start anew.

use std::sync::Arc;
use std::time::Duration;

use app::memory::{Briefs, MemoryRoomLog, Unshared};
use app::ports::{Holder, RoomBrief, RoomFeed, RoomKey, RoomLog, Stage};
use app::room::{Guest, Rooms, RoomsParts, Seat, Submitted, Told};
use kernel::{BrandId, Language, PersonId, Random, ShowId, Timestamp, ViewerId};
use room::{Actor, ChatName, Event, Kind, Notice, Room, ShowState, StaffRole};
use serde_json::Value;

use crate::clock::VirtualClock;
use crate::room_viewer::{MESSAGE_REF, Viewer};

/// What a run came to, for comparing runs and for being sure that the faults happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub events: u64,
    pub cuts: u32,
    pub resumed: u32,
    pub snapshots: u32,
    pub removals: usize,
    pub acknowledged: usize,
    pub log: Vec<Event>,
}

struct Evening {
    log: Arc<MemoryRoomLog>,
    houses: Vec<Arc<Rooms>>,
    key: RoomKey,
    viewers: Vec<Viewer>,
    random: Random,
    said: u32,
    report: Report,
}

/// Numbers in the tray.
const TRAY: u64 = 5;

fn guest(seed: u64) -> Guest {
    let mut random = Random::seeded(seed);
    let id = ViewerId::mint(Timestamp::EPOCH, &mut random);
    let name = ChatName::parse(&format!("viewer {seed}")).expect("a name");
    let language = Language::english();
    if seed == 0 {
        let person_id = PersonId::mint(Timestamp::EPOCH, &mut random);
        let actor = Actor::Staff { id, person_id, name, role: StaffRole::Assistant };
        Guest::staff(actor, person_id, language)
    } else {
        Guest::viewer(Actor::Viewer { id, name: Some(name) }, language)
    }
}

impl Evening {
    fn set(seed: u64, viewers: u64) -> Self {
        let mut random = Random::seeded(seed);
        let log = Arc::new(MemoryRoomLog::default());
        let key = RoomKey { show: ShowId::mint(Timestamp::EPOCH, &mut random), stage: Stage::Live };
        let briefs = Arc::new(Briefs::default());
        let brand = BrandId::mint(Timestamp::EPOCH, &mut random);
        let numbers = (1..=5).collect();
        let lobby_at = Timestamp::EPOCH;
        briefs.set(key, RoomBrief { brand, state: ShowState::Live, programme_id: None, lobby_at, numbers });
        let clock = Arc::new(VirtualClock::start());
        let house = |random: &mut Random| {
            Rooms::new(RoomsParts {
                log: log.clone(),
                leases: Arc::new(Unshared),
                holder: Holder { id: "simulated".into(), address: String::new() },
                source: briefs.clone(),
                clock: clock.clone(),
                random: random.fork(),
            })
        };
        let houses = vec![house(&mut random), house(&mut random)];
        let viewers = (0..viewers).map(|seed| Viewer::new(guest(seed))).collect();
        Self { log, houses, key, viewers, random, said: 0, report: Report::default() }
    }

    fn some_viewer(&mut self) -> usize {
        usize::try_from(self.random.below(self.viewers.len() as u64)).expect("few")
    }

    async fn connect(&mut self, who: usize) {
        if self.viewers[who].seat.is_some() {
            return;
        }
        let house = usize::try_from(self.random.below(self.houses.len() as u64)).expect("two");
        let viewer = &mut self.viewers[who];
        let taken = self.houses[house].take_seat(self.key, viewer.guest.clone(), viewer.position()).await;
        let (first, seat) = taken.expect("the log can be read").expect("the room exists");
        viewer.seat = Some(seat);
        first.iter().for_each(|frame| viewer.take(frame));
        // What was never answered goes out again, with the same ref.
        for (reference, frame) in viewer.waiting.clone() {
            viewer.send(&reference, frame).await;
        }
    }

    async fn step(&mut self) {
        let who = self.some_viewer();
        match self.random.below(20) {
            0..=6 => {
                self.said += 1;
                let (reference, text) = (format!("{MESSAGE_REF}{}", self.said), format!("line {}", self.said));
                let frame = format!(r#"{{"t":"say","ref":"{reference}","text":"{text}"}}"#);
                self.viewers[who].send(&reference, frame).await;
            }
            7 => self.viewers[who].send("", format!(r#"{{"t":"heart","count":{}}}"#, self.said % 9)).await,
            8 => {
                let number = self.random.below(TRAY) + 1;
                self.viewers[0].send("pin", format!(r#"{{"t":"pin","ref":"pin","number":{number}}}"#)).await;
            }
            9 => {
                let number = self.random.below(TRAY + 2);
                let what = ["show", "try_on", "turn", "lining"][usize::try_from(self.random.below(4)).expect("4")];
                let frame = format!(r#"{{"t":"ask","ref":"ask","what":"{what}","number":{number}}}"#);
                self.viewers[who].send("ask", frame).await;
            }
            10 => {
                let seen: Vec<_> = self.viewers[0].lines.values().map(|(id, _)| id.clone()).collect();
                if let Some(id) = seen.get(usize::try_from(self.random.below(40)).expect("small")) {
                    let frame = format!(r#"{{"t":"remove","ref":"rm","message_id":"{id}","reason":"rude"}}"#);
                    self.viewers[0].send("rm", frame).await;
                }
            }
            11 => {
                let number = u32::try_from(self.random.below(TRAY) + 1).expect("small");
                let house = usize::try_from(self.random.below(2)).expect("two");
                self.houses[house].post(self.key, Notice::Sold { number, quantity: 1 }).await;
            }
            12 | 13 => {
                self.report.cuts += u32::from(self.viewers[who].seat.take().is_some());
            }
            14 => {
                self.viewers[who].seat = None;
                self.viewers[who].reload();
            }
            15 if self.random.below(8) == 0 => self.log.lose_answers(1),
            16 if self.random.below(40) == 0 => self.log.renew_epoch(),
            _ => self.connect(who).await,
        }
        // Who reads now; the others are slow.
        for viewer in &mut self.viewers {
            if self.random.below(3) == 0 {
                viewer.read(4).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(self.random.below(200))).await;
    }

    /// Everybody reads to the end, and knows what the log says.
    async fn end(mut self) -> Report {
        for viewer in &mut self.viewers {
            viewer.seat = None;
        }
        // One process is left; it learns what the other wrote when it next writes itself.
        tokio::time::sleep(Duration::from_secs(12)).await;
        self.houses[1].drain().await;
        self.houses.truncate(1);
        self.houses[0].post(self.key, Notice::PriceChanged { number: 1 }).await;
        tokio::time::sleep(Duration::from_secs(12)).await;
        for who in 0..self.viewers.len() {
            self.connect(who).await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        let due = self.log.last(self.key).await.expect("in memory");
        for viewer in &mut self.viewers {
            viewer.read(1_000).await;
            assert!(viewer.offset >= due, "a viewer knows {} of {due} events", viewer.offset);
        }
        let log = self.log.tail(self.key, 0, u32::MAX).await.expect("in memory");
        self.check(&log);
        for viewer in &self.viewers {
            self.report.resumed += viewer.resumed;
            self.report.snapshots += viewer.snapshots;
            self.report.acknowledged += viewer.acked.len();
        }
        self.report.events = log.len() as u64;
        self.report.removals = log.iter().filter(|event| matches!(event.kind, Kind::Removed { .. })).count();
        self.report.log = log;
        self.report
    }

    fn check(&self, log: &[Event]) {
        let mut room = Room::default();
        for event in log {
            room.apply(event);
        }
        for (who, viewer) in self.viewers.iter().enumerate() {
            assert_eq!(viewer.pinned, room.snapshot(0).pinned.map(|pinned| u64::from(pinned.number)), "viewer {who}");
            for (offset, event) in &viewer.events {
                let written = serde_json::to_value(&log[usize::try_from(*offset).expect("small") - 1]).expect("JSON");
                let mut event = event.clone();
                if who == 0 {
                    // Staff alone are told which colleague did it; the log does not say.
                    event.as_object_mut().expect("an event").remove("by");
                }
                assert_eq!(written, event, "viewer {who}");
            }
            for (offset, (_, text)) in &viewer.lines {
                match &log[usize::try_from(*offset).expect("small") - 1].kind {
                    Kind::Message { text: written, .. } => assert_eq!(written, text, "viewer {who} at {offset}"),
                    other => panic!("viewer {who} has a line where the log has {other:?}"),
                }
            }
            for (reference, offset) in &viewer.acked {
                let hash = room::ref_hash(reference);
                let found: Vec<_> = log.iter().filter(|event| said(event, viewer.guest.viewer_id(), &hash)).collect();
                assert_eq!(found.len(), 1, "{reference} of viewer {who} stands once in the log");
                assert_eq!(found[0].offset, *offset);
            }
        }
        for event in log {
            if let Kind::Message { removed: true, text, .. } = &event.kind {
                assert!(text.is_empty());
            }
        }
    }
}

fn said(event: &Event, by: ViewerId, hash: &str) -> bool {
    matches!(&event.kind, Kind::Message { viewer_id, ref_hash: Some(found), .. } if *viewer_id == by && found == hash)
}

/// One evening of `steps` acts by `viewers` people (the first of them staff).
///
/// # Panics
/// When somebody knows less or something else than the log says.
pub async fn evening(seed: u64, viewers: u64, steps: u32) -> Report {
    let mut stage = Evening::set(seed, viewers);
    for who in 0..stage.viewers.len() {
        stage.connect(who).await;
    }
    for _ in 0..steps {
        stage.step().await;
    }
    stage.end().await
}

/// What one viewer and one of the shop's people saw of many lines that were said at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full {
    pub shown: usize,
    pub left_out: u64,
    pub shown_to_staff: usize,
}

/// So many viewers sit in one room, and so many of them say a line at the same moment.
///
/// # Panics
/// When somebody cannot sit down, or a line is refused.
pub async fn full_room(viewers: u64, lines: usize) -> Full {
    let evening = Evening::set(1, 0);
    let mut seats = Vec::new();
    for seed in 0..viewers {
        let taken = evening.houses[0].take_seat(evening.key, guest(seed), None).await;
        seats.push(taken.expect("open").expect("a room").1);
    }
    let mut answers = Vec::new();
    for (number, seat) in seats.iter_mut().skip(1).take(lines).enumerate() {
        let say = format!(r#"{{"t":"say","ref":"{number}","text":"line {number}"}}"#);
        match seat.submit(&say).await {
            Submitted::Later(answer) => answers.push(answer.wait()),
            other => panic!("line {number}: {other:?}"),
        }
    }
    for answer in answers {
        let answer = answer.await;
        assert!(answer.starts_with(br#"{"t":"ack""#), "{answer:?}");
    }
    let (shown_to_staff, _) = seen(&mut seats[0], lines).await;
    let (shown, left_out) = seen(&mut seats[1], lines).await;
    Full { shown, left_out, shown_to_staff }
}

/// Lines that this seat is shown, and how many it is told were left out, until that is all of them.
async fn seen(seat: &mut Seat, lines: usize) -> (usize, u64) {
    let (mut shown, mut left_out) = (0, 0);
    while shown as u64 + left_out < lines as u64 {
        let Told::Shared(frame) = seat.next().await else { continue };
        let frame: Value = serde_json::from_slice(frame.text()).expect("JSON");
        let events = frame["events"].as_array().into_iter().flatten();
        shown += events.filter(|event| event["k"] == "message").count();
        left_out += frame["left_out"].as_u64().unwrap_or_default();
    }
    (shown, left_out)
}
