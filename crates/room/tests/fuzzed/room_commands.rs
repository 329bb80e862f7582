//! A room under any commands: each is a kind, an actor, a step of the clock, a number, and a text's length and bytes.

use kernel::{DropId, MessageId, Millis, PersonId, PollId, Random, RequestId, Timestamp, VariantId, ViewerId};
use room::{
    Actor, ChatName, ChatRules, Command, DropPhase, DropShown, Gate, How, Kind, Notice, Outcome, Review, Room,
    ShowState, StaffRole, Step, Wanted, Wish, WordList, WordLists,
};

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

fn actor(seed: u8) -> Actor {
    let mut random = Random::seeded(u64::from(seed % 8));
    let id = ViewerId::mint(START, &mut random);
    let name = ChatName::parse("somebody").expect("a name");
    match seed % 8 {
        0 => Actor::Staff { id, person_id: PersonId::mint(START, &mut random), name, role: StaffRole::Host },
        1 => Actor::Viewer { id, name: None },
        _ => Actor::Viewer { id, name: Some(name) },
    }
}

fn dropped(number: u32, wait: u8) -> DropShown {
    use DropPhase::{Armed, Closed, Ended, Gone, Open};
    DropShown {
        id: DropId::mint(START, &mut Random::seeded(u64::from(number))),
        number,
        variant_id: VariantId::mint(START, &mut Random::seeded(1)),
        phase: [Armed, Open, Closed, Gone, Ended][usize::from(wait / 2 % 5)],
        quantity: 3,
        left: i64::from(wait),
        waiting: -1,
        limit: number,
        unit: Vec::new(),
        countries: None,
        opens_at_ms: Some(i64::from(number).wrapping_mul(0x0101_0101_0101)),
        closes_at_ms: None,
    }
}

pub fn run(mut data: &[u8]) {
    let mut random = Random::seeded(1);
    let mut room = Room::default();
    let list = |word| WordList::new([word]).expect("one word");
    let mut gate = Gate::new(START, WordLists { refused: list("forbidden"), held: list("aa") });
    let mut now = START;
    let (mut message, mut request) = (MessageId::mint(now, &mut random), RequestId::mint(now, &mut random));
    let (mut poll, mut offset, mut waiting) = (PollId::mint(now, &mut random), 0, message);
    while let Some((&[kind, who, wait, number, length], rest)) = data.split_first_chunk() {
        let (text, rest) = rest.split_at(usize::from(length).min(rest.len()));
        data = rest;
        now = now + Millis(i64::from(wait) * 40);
        let text = String::from_utf8_lossy(text).into_owned();
        let who = actor(who);
        let number = u32::from(number) * if kind & 0x80 == 0 { 1 } else { 0x0101_0101 };
        let programme_ms = (kind & 0x40 != 0).then_some(i64::from(number).wrapping_mul(0x0101_0101_0101));
        let command = match kind & 31 {
            16 => Command::MarkQuestion { message_id: message },
            17 | 18 => Command::Reply {
                message_id: message,
                how: [How::Text, How::OnAir, How::Dismissed][usize::from(wait % 3)],
                text,
                private: kind & 1 == 0,
                number: Some(number),
                programme_ms,
            },
            19 => Command::PinComment { message_id: message },
            20 => Command::UnpinComment,
            21 => Command::OpenPoll {
                choices: text.split(' ').map(str::to_owned).collect(),
                question: text,
                minutes: Some(u32::from(wait)),
            },
            22 => Command::ClosePoll,
            23 => Command::ClearPoll,
            24 => Command::Vote { poll_id: poll, choice: length },
            0 => Command::Say { text, ref_hash: None },
            1 => Command::Say { ref_hash: Some(room::ref_hash(&text)), text },
            2 => {
                use Wanted::{Compare, Lining, Other, Show, TryOn, Turn};
                let what = [Show, TryOn, Turn, Lining, Compare, Other][usize::from(wait % 6)];
                Command::Ask(Wish { what, number, with: Some(u32::from(length)), text: Some(text) })
            }
            3 => Command::Pin { number, programme_ms },
            4 => Command::Unpin,
            5 if wait & 1 != 0 => Command::Review { message_id: waiting, allow: wait & 2 != 0 },
            5 => Command::Remove { message_id: message, older: kind & 0x20 != 0 },
            6 if wait & 1 != 0 => {
                Command::Block { viewer_id: who.viewer_id(), blocked: wait & 2 != 0, house: wait & 4 != 0 }
            }
            6 => Command::Mute { viewer_id: who.viewer_id(), minutes: number },
            7 if wait & 1 != 0 => Command::SetRules(ChatRules {
                slow_s: number,
                review: [Review::Listed, Review::First, Review::All][usize::from(wait % 3)],
                ..ChatRules::default()
            }),
            7 => Command::Unmute { viewer_id: who.viewer_id() },
            8 => {
                let step = [Step::Accepted, Step::Shown, Step::Declined][usize::from(wait % 3)];
                Command::RequestStep { request_id: request, step, programme_ms, word: text }
            }
            9 => Command::Announce { text },
            other => {
                let notice = match other & 15 {
                    10 => Notice::Listed { number },
                    11 => Notice::TrayChanged { numbers: text.bytes().map(u32::from).collect() },
                    12 => Notice::SaleStopped { number },
                    13 if wait % 2 == 0 => Notice::Drop(dropped(number, wait)),
                    13 => Notice::PriceChanged { number },
                    14 => Notice::Sold { number, quantity: number },
                    _ => Notice::ShowState { state: ShowState::Live, programme_id: None },
                };
                if let Some(event) = room.notice(now, &notice) {
                    offset += 1;
                    assert_eq!(event.offset, offset);
                    room.apply(&event);
                }
                continue;
            }
        };
        let command = match (gate.admit(now, &room, &who, wait & 8 != 0, &command), command) {
            (Err(_), _) => continue,
            (Ok(Some(why)), Command::Say { text, ref_hash }) => Command::Hold { text, ref_hash, why },
            (Ok(_), command) => command,
        };
        if let Ok(Outcome::Happened(event)) = room.handle(now, &mut random, &who, &command) {
            offset += 1;
            assert_eq!(event.offset, offset, "the log is gapless");
            match event.kind {
                Kind::Message { id, .. } => message = id,
                Kind::Held { line: Some(ref line) } => waiting = line.id,
                Kind::Request { id, .. } => request = id,
                Kind::Poll(ref shown) => poll = shown.id,
                _ => {}
            }
            room.apply(&event);
        }
        let snapshot = room.snapshot(u32::from(wait));
        assert!(room.staff_snapshot(0).questions.len() <= room::limits::OPEN_INQUIRIES);
        assert!(room.staff_snapshot(0).held.len() <= room::limits::HELD);
        assert!(room.held_of(who.viewer_id()).len() <= room::limits::HELD_OF_VIEWER);
        assert!(snapshot.held.is_empty(), "viewers are not told what waits");
        assert!(snapshot.drops.len() <= room::limits::DROPS);
        assert!(snapshot.requests.len() <= room::limits::OPEN_REQUESTS + room::limits::CLOSED_REQUESTS);
    }
}
