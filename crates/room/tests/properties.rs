//! Properties over random stories: the log is gapless, folds are equal from anywhere, bounds hold.

use std::collections::BTreeMap;

use kernel::{DropId, MessageId, Millis, PersonId, Random, Timestamp, VariantId, ViewerId};
use proptest::prelude::*;
use room::{
    Actor, ChatName, Command, DropPhase, DropShown, Event, How, Kind, Notice, Outcome, Room, ShowState, StaffRole,
    Step, Wanted, Wish, Words, limits,
};

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

fn actor(seed: u64) -> Actor {
    let mut random = Random::seeded(seed);
    let id = ViewerId::mint(START, &mut random);
    let name = ChatName::parse(&format!("viewer {seed}")).expect("a name");
    match seed {
        0 => Actor::Staff { id, person_id: PersonId::mint(START, &mut random), name, role: StaffRole::Assistant },
        _ => Actor::Viewer { id, name: Some(name) },
    }
}

/// One of six drops, somewhere in its life.
fn dropped(random: &mut Random, number: u32) -> DropShown {
    use DropPhase::{Armed, Closed, Ended, Gone, Open};
    let id = DropId::mint(START, &mut Random::seeded(u64::from(number)));
    let variant_id = VariantId::mint(START, &mut Random::seeded(u64::from(number)));
    let phase = [Armed, Open, Closed, Gone, Ended][usize::try_from(random.below(5)).expect("5")];
    let (left, waiting) = (i64::try_from(random.below(3)).expect("3"), i64::from(number));
    let (unit, countries, times) = (Vec::new(), None, (Some(START.unix_millis()), None));
    let (opens_at_ms, closes_at_ms) = times;
    let (quantity, limit) = (3, 1);
    DropShown {
        id,
        number,
        variant_id,
        phase,
        quantity,
        left,
        waiting,
        limit,
        unit,
        countries,
        opens_at_ms,
        closes_at_ms,
    }
}

/// A random story of a show with removals, mutes, sales and requests; returns its log.
fn story(seed: u64, length: usize) -> Vec<Event> {
    let mut random = Random::seeded(seed);
    let mut room = Room::default();
    let mut log: Vec<Event> = Vec::new();
    let mut now = START;
    let mut messages: Vec<MessageId> = Vec::new();
    for _ in 0..length {
        now = now + Millis(i64::try_from(random.below(4_000)).expect("small"));
        let number = u32::try_from(random.below(6)).expect("small");
        let who = actor(random.below(6));
        let command = match random.below(22) {
            0..=5 => Command::Say { text: format!("text {}", random.below(50)), ref_hash: None },
            6 => {
                let what = [Wanted::Show, Wanted::Compare, Wanted::Other][usize::try_from(random.below(3)).expect("3")];
                let text = Some(format!("wish {}", random.below(60)));
                Command::Ask(Wish { what, number, with: Some(2), text })
            }
            7 => Command::Pin { number, programme_ms: Some(now.unix_millis() - 9_000) },
            8 => Command::Unpin,
            9 if !messages.is_empty() => {
                let chosen = usize::try_from(random.below(messages.len() as u64)).expect("small");
                Command::Remove { message_id: messages[chosen], older: true }
            }
            10 => Command::Mute { viewer_id: actor(random.below(6)).viewer_id(), minutes: 1 },
            11 => {
                let requests = room.snapshot(0).requests;
                let Some(request) = requests.last() else { continue };
                let step = [Step::Accepted, Step::Shown, Step::Declined][usize::try_from(random.below(3)).expect("3")];
                Command::RequestStep { request_id: request.id, step, programme_ms: None, word: String::new() }
            }
            17 | 18 if !messages.is_empty() => {
                let message_id = messages[usize::try_from(random.below(messages.len() as u64)).expect("small")];
                let how = [How::Text, How::OnAir, How::Dismissed][usize::try_from(random.below(3)).expect("3")];
                let (text, private) = (format!("reply {number}"), random.below(2) == 0);
                Command::Reply { message_id, how, text, private, number: None, programme_ms: None }
            }
            19 if !messages.is_empty() => {
                let message_id = messages[usize::try_from(random.below(messages.len() as u64)).expect("small")];
                if number < 3 { Command::PinComment { message_id } } else { Command::MarkQuestion { message_id } }
            }
            20 => match random.below(4) {
                0 => Command::ClosePoll,
                1 => Command::ClearPoll,
                _ => Command::OpenPoll {
                    question: "Which?".into(),
                    choices: vec!["a".into(), "b".into()],
                    minutes: None,
                },
            },
            21 => {
                let Some(poll) = room.snapshot(0).poll else { continue };
                Command::Vote { poll_id: poll.id, choice: u8::try_from(random.below(2)).expect("2") }
            }
            other => {
                let notice = match other {
                    12 => Notice::TrayChanged { numbers: (0..number).collect() },
                    13 => Notice::Sold { number, quantity: 1 },
                    14 => Notice::SaleStopped { number },
                    15 => Notice::Drop(dropped(&mut random, number)),
                    _ => Notice::ShowState { state: ShowState::Live, programme_id: None },
                };
                if let Some(event) = room.notice(now, &notice) {
                    room.apply(&event);
                    log.push(event);
                }
                continue;
            }
        };
        let staff = actor(0);
        let who =
            if matches!(command, Command::Say { .. } | Command::Ask(_) | Command::Vote { .. }) { &who } else { &staff };
        if let Ok(Outcome::Happened(event)) = room.handle(now, &mut random, who, &command) {
            if let Kind::Message { id, .. } = event.kind {
                messages.push(id);
            }
            room.apply(&event);
            log.push(event);
        }
    }
    log
}

fn fold(mut room: Room, events: &[Event]) -> Room {
    for event in events {
        room.apply(event);
    }
    room
}

/// What the store holds of these events: the log without words, and the words that were not removed.
fn stored(log: &[Event]) -> (Vec<Event>, BTreeMap<u64, Words>) {
    let (mut rows, mut words) = (Vec::new(), BTreeMap::new());
    for event in log {
        let mut row = event.clone();
        if let Some(said) = row.kind.part() {
            words.insert(event.offset, said);
        }
        if let Kind::Removed { message_id } = row.kind {
            let is_it = |e: &&Event| matches!(e.kind, Kind::Message { id, .. } if id == message_id);
            if let Some(message) = rows.iter().find(is_it) {
                words.remove(&message.offset);
            }
        }
        rows.push(row);
    }
    (rows, words)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn offsets_are_gapless(seed: u64, length in 0usize..120) {
        for (place, event) in story(seed, length).iter().enumerate() {
            prop_assert_eq!(event.offset, place as u64 + 1);
        }
    }

    #[test]
    fn snapshot_and_tail_equal_the_whole_fold(seed: u64, length in 1usize..120, cut: prop::sample::Index) {
        let log = story(seed, length);
        let whole = fold(Room::default(), &log);
        let cut = if log.is_empty() { 0 } else { cut.index(log.len()) };
        let (rows, words) = stored(&log);
        // As a new leader does: a stored fold without words, words by offset, then the tail with its words.
        let half = serde_json::to_string(&fold(Room::default(), &log[..cut]).without_words()).expect("json");
        let half: Room = serde_json::from_str(&half).expect("read back");
        let tail: Vec<Event> = rows[cut..].iter().cloned().map(|mut event| {
            if event.kind.words().is_some() {
                event.kind.rejoin(words.get(&event.offset).cloned());
            }
            event
        }).collect();
        let resumed = fold(half.with_words(&words), &tail);
        prop_assert_eq!(&resumed, &whole);
        prop_assert_eq!(resumed.snapshot(3), whole.snapshot(3));
    }

    #[test]
    fn removed_words_are_nowhere(seed: u64) {
        let log = story(seed, 120);
        let room = fold(Room::default(), &log);
        let removed: Vec<MessageId> = log.iter().filter_map(|event| match event.kind {
            Kind::Removed { message_id } => Some(message_id),
            _ => None,
        }).collect();
        for id in removed {
            if let Some(Event { kind: Kind::Message { text, name, removed, .. }, .. }) = room.message(id) {
                prop_assert!(*removed && text.is_empty() && name.is_empty());
            }
        }
        let snapshot = room.snapshot(0);
        prop_assert!(snapshot.messages.len() <= limits::SNAPSHOT_MESSAGES);
        for event in &snapshot.messages {
            prop_assert!(matches!(&event.kind, Kind::Message { text, removed: false, .. } if !text.is_empty()), "{:?}", event);
        }
    }

    #[test]
    fn bounds_hold(seed: u64) {
        let room = fold(Room::default(), &story(seed, 120));
        let closed = room.snapshot(0).requests.iter().filter(|r| matches!(r.step, Step::Shown | Step::Declined)).count();
        prop_assert!(closed <= limits::CLOSED_REQUESTS);
    }
}
