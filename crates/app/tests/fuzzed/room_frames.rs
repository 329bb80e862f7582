//! An evening in a room, a frame a line: the first letter says who sends it, the rest is whatever they send.

use std::collections::BTreeSet;

use kernel::{MessageId, Millis, PersonId, Random, Timestamp, ViewerId};
use room::{
    Actor, ChatName, Event, Gate, Kind, Notice, Outcome, Refusal, Room, StaffRole, WordList, WordLists, limits,
};

use crate::client_frame::ClientFrame;

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

fn actor(letter: u8) -> Actor {
    let mut random = Random::seeded(u64::from(letter % 4));
    let id = ViewerId::mint(START, &mut random);
    let name = ChatName::parse("Somebody").expect("a name");
    match letter % 4 {
        0 => Actor::Staff { id, person_id: PersonId::mint(START, &mut random), name, role: StaffRole::Assistant },
        1 => Actor::Viewer { id, name: None },
        _ => Actor::Viewer { id, name: Some(name) },
    }
}

struct Evening {
    room: Room,
    gate: Gate,
    random: Random,
    now: Timestamp,
    log: Vec<Event>,
    removed: BTreeSet<MessageId>,
}

impl Evening {
    fn happened(&mut self, event: Event) {
        let json = serde_json::to_string(&event).expect("an event is JSON");
        assert_eq!(serde_json::from_str::<Event>(&json).expect("read back"), event);
        if let Kind::Message { name, text, .. } = &event.kind {
            assert!(!text.is_empty() && text.len() <= limits::MESSAGE_BYTES && name.len() <= limits::NAME_BYTES);
            assert!(!text.chars().any(char::is_control));
        }
        if let Kind::Removed { message_id } = event.kind {
            self.removed.insert(message_id);
        }
        self.room.apply(&event);
        self.log.push(event);
    }

    fn take(&mut self, line: &[u8]) {
        let Some((letter, rest)) = line.split_first() else { return };
        self.now = self.now + Millis(i64::try_from(rest.len()).expect("small") * 7);
        let Ok(text) = std::str::from_utf8(rest) else { return };
        let Ok(frame) = ClientFrame::read(text) else { return };
        let actor = actor(*letter);
        if let ClientFrame::Heart { count } = frame {
            let counted = self.gate.hearts(self.now, actor.viewer_id(), count);
            assert!(counted <= limits::HEARTS_PER_COMMAND);
            return;
        }
        let Some(asked) = frame.into_asked() else { return };
        assert!(asked.reference.len() <= limits::REF_BYTES && asked.reason.len() <= limits::REASON_BYTES);
        if self.gate.admit(self.now, &self.room, &actor, false, &asked.command).is_err() {
            return;
        }
        match self.room.handle(self.now, &mut self.random, &actor, &asked.command) {
            Ok(Outcome::Happened(event)) => self.happened(event),
            Ok(Outcome::Already { offset }) => assert!(offset <= self.room.offset()),
            Err(refusal) => assert!(!refusal.code().is_empty() && refusal != Refusal::SlowDown),
        }
    }
}

pub fn run(data: &[u8]) {
    let gate =
        Gate::new(START, WordLists { refused: WordList::new(["scammer"]).expect("small"), ..WordLists::default() });
    let (room, random) = (Room::default(), Random::seeded(1));
    let mut evening = Evening { room, gate, random, now: START, log: Vec::new(), removed: BTreeSet::new() };
    let tray = Notice::TrayChanged { numbers: vec![1, 2, 3] };
    let opened = evening.room.notice(START, &tray).expect("a tray is news");
    evening.happened(opened);
    for line in data.split(|byte| *byte == b'\n') {
        evening.take(line);
    }
    let mut again = Room::default();
    evening.log.iter().for_each(|event| again.apply(event));
    assert_eq!(again, evening.room);
    let snapshot = again.snapshot(0);
    assert!(snapshot.messages.len() <= limits::SNAPSHOT_MESSAGES);
    for event in &snapshot.messages {
        assert!(!matches!(&event.kind, Kind::Message { id, .. } if evening.removed.contains(id)));
    }
}
