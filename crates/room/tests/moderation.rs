//! Lines that are read first, rules of the chat, mutes and blocks.

use std::collections::BTreeMap;

use kernel::{MessageId, Millis, PersonId, Random, Timestamp, ViewerId};
use room::{
    Actor, ChatName, ChatRules, Command, Event, Gate, Kind, Links, Outcome, PollShown, Refusal, Review, Room,
    StaffRole, WhoWrites, WhyHeld, WordList, WordLists, Words, limits, ref_hash,
};

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

/// A room behind its gate, as a leader has them.
struct Stage {
    room: Room,
    gate: Gate,
    now: Timestamp,
    random: Random,
    log: Vec<Event>,
}

impl Stage {
    fn with(rules: ChatRules) -> Self {
        let list = |word| WordList::new([word]).expect("small");
        let words = WordLists { refused: list("scammer"), held: list("refund") };
        let (room, gate, random) = (Room::default(), Gate::new(START, words), Random::seeded(1));
        let mut stage = Self { room, gate, now: START, random, log: Vec::new() };
        stage.staff(Command::SetRules(rules)).expect("set");
        stage
    }

    fn act(&mut self, actor: &Actor, buyer: bool, command: Command) -> Result<Kind, Refusal> {
        let held = self.gate.admit(self.now, &self.room, actor, buyer, &command)?;
        let command = match (held, command) {
            (Some(why), Command::Say { text, ref_hash }) => Command::Hold { text, ref_hash, why },
            (_, command) => command,
        };
        match self.room.handle(self.now, &mut self.random, actor, &command)? {
            Outcome::Happened(event) => {
                self.room.apply(&event);
                self.log.push(event.clone());
                Ok(event.kind)
            }
            Outcome::Already { offset } => panic!("it happened at {offset}"),
        }
    }

    fn say(&mut self, who: u64, text: &str) -> Result<Kind, Refusal> {
        let ref_hash = Some(ref_hash(text));
        self.act(&viewer(who), false, Command::Say { text: text.into(), ref_hash })
    }

    fn staff(&mut self, command: Command) -> Result<Kind, Refusal> {
        self.act(&host(), false, command)
    }

    /// The line that came to wait, and why.
    fn held(&mut self, who: u64, text: &str) -> (MessageId, WhyHeld) {
        match self.say(who, text) {
            Ok(Kind::Held { line: Some(line) }) => (line.id, line.why),
            other => panic!("{text} does not wait: {other:?}"),
        }
    }

    fn waits(&self) -> usize {
        self.room.staff_snapshot(0).held.len()
    }
}

fn viewer(seed: u64) -> Actor {
    let name = ChatName::parse(&format!("Guest {seed}")).ok();
    Actor::Viewer { id: ViewerId::mint(START, &mut Random::seeded(seed)), name }
}

fn host() -> Actor {
    let mut random = Random::seeded(99);
    let (id, person_id) = (ViewerId::mint(START, &mut random), PersonId::mint(START, &mut random));
    Actor::Staff { id, person_id, name: ChatName::parse("Ines").expect("a name"), role: StaffRole::Assistant }
}

#[test]
fn what_waits_is_let_through_or_refused() {
    let mut stage = Stage::with(ChatRules { links: Links::Hold, ..ChatRules::default() });
    assert!(matches!(stage.say(1, "so nice"), Ok(Kind::Message { .. })));
    let (asked, why) = stage.held(1, "where is my refund?");
    assert_eq!(why, WhyHeld::Word);
    let (link, why) = stage.held(2, "see www.example");
    assert_eq!(why, WhyHeld::Link);
    assert_eq!(stage.say(2, "you scammer"), Err(Refusal::WordNotAllowed));
    let event = stage.log.last().expect("held");
    assert!(matches!(event.public().kind, Kind::Held { line: None }), "others are told nothing of it");
    assert_eq!(stage.room.snapshot(0).held, []);
    assert_eq!(stage.waits(), 2);
    assert_eq!(stage.room.held_of(viewer(1).viewer_id()).len(), 1, "who wrote it sees that it waits");

    let review = |message_id, allow| Command::Review { message_id, allow };
    assert_eq!(stage.act(&viewer(1), false, review(asked, true)), Err(Refusal::StaffOnly));
    assert_eq!(stage.room.concerns(&review(asked, true)), Some(viewer(1).viewer_id()));
    let Ok(Kind::Message { text, held, viewer_id, question, ref_hash: hash, .. }) = stage.staff(review(asked, true))
    else {
        panic!("it is heard")
    };
    assert_eq!((text.as_str(), held, viewer_id), ("where is my refund?", Some(asked), viewer(1).viewer_id()));
    assert!(question, "it is a question as any other");
    assert_eq!(hash, Some(ref_hash("where is my refund?")), "the sender's page knows its line again");
    assert_eq!(stage.staff(review(link, false)), Ok(Kind::HeldRefused { message_id: link }));
    for gone in [asked, link] {
        assert_eq!(stage.staff(review(gone, true)), Err(Refusal::UnknownMessage));
    }
    assert_eq!(stage.waits(), 0);
}

#[test]
fn a_line_that_is_sent_again_waits_once() {
    let mut stage = Stage::with(ChatRules { review: Review::All, ..ChatRules::default() });
    stage.held(1, "hello");
    let again = Command::Say { text: "hello".into(), ref_hash: Some(ref_hash("hello")) };
    assert_eq!(stage.room.said_already(&viewer(1), &again), Some(stage.room.offset()));
    assert!(stage.room.held_at(stage.room.offset()).is_some());
}

#[test]
fn first_lines_are_read_first() {
    let mut stage = Stage::with(ChatRules::default());
    assert!(stage.say(1, "I was here before").is_ok());
    stage.staff(Command::SetRules(ChatRules { review: Review::First, ..ChatRules::default() })).expect("set");
    assert!(matches!(stage.say(1, "and speak on"), Ok(Kind::Message { .. })));
    let (first, why) = stage.held(2, "hello");
    assert_eq!(why, WhyHeld::First);
    let (second, _) = stage.held(2, "is anybody here");
    stage.staff(Command::Review { message_id: first, allow: true }).expect("heard");
    assert!(matches!(stage.say(2, "thank you"), Ok(Kind::Message { .. })));
    stage.staff(Command::Review { message_id: second, allow: false }).expect("refused");
    assert!(stage.act(&host(), false, Command::Say { text: "welcome".into(), ref_hash: None }).is_ok());
}

#[test]
fn slow_mode_and_buyers_only() {
    let mut stage = Stage::with(ChatRules { slow_s: 30, ..ChatRules::default() });
    assert!(stage.say(1, "one").is_ok());
    stage.now = stage.now + Millis::from_secs(29);
    assert_eq!(stage.say(1, "two"), Err(Refusal::SlowMode));
    assert!(stage.say(2, "others are not disturbed").is_ok());
    stage.now = stage.now + Millis::from_secs(1);
    assert!(stage.say(1, "two").is_ok());

    let buyers = ChatRules { who: WhoWrites::Buyers, ..ChatRules::default() };
    assert_eq!(stage.staff(Command::SetRules(buyers)), Ok(Kind::Rules(buyers)));
    assert_eq!(stage.room.snapshot(0).rules, buyers);
    assert_eq!(stage.say(3, "hello"), Err(Refusal::BuyersOnly));
    let line = Command::Say { text: "I have it".into(), ref_hash: None };
    assert!(stage.act(&viewer(3), true, line).is_ok());
    let slow = |slow_s| Command::SetRules(ChatRules { slow_s, ..ChatRules::default() });
    assert_eq!(stage.staff(slow(limits::SLOW_SECONDS + 1)), Err(Refusal::RulesUnclear));
    assert_eq!(stage.act(&viewer(1), false, slow(5)), Err(Refusal::StaffOnly));
}

#[test]
fn who_is_blocked_has_no_voice_until_it_is_lifted() {
    let mut stage = Stage::with(ChatRules::default());
    let (rude, id) = (viewer(1), viewer(1).viewer_id());
    let block = |blocked| Command::Block { viewer_id: id, blocked, house: false };
    assert!(stage.staff(block(true)).is_ok());
    assert_eq!(stage.say(1, "but"), Err(Refusal::Blocked));
    let (question, choices) = ("Which?".to_owned(), vec!["a".to_owned(), "b".to_owned()]);
    let Ok(Kind::Poll(poll)) = stage.staff(Command::OpenPoll { question, choices, minutes: None }) else {
        panic!("open")
    };
    let PollShown { id: poll_id, .. } = *poll;
    assert_eq!(stage.act(&rude, false, Command::Vote { poll_id, choice: 0 }), Err(Refusal::Blocked));
    assert!(stage.say(2, "others are not disturbed").is_ok());
    assert!(stage.staff(block(false)).is_ok());
    assert!(stage.say(1, "thank you").is_ok());
}

#[test]
fn a_thousand_lines_a_second_of_one_sender_leave_room_for_others() {
    let mut stage = Stage::with(ChatRules { review: Review::All, ..ChatRules::default() });
    let (mut waiting, mut full) = (0, 0);
    for line in 0..10_000_i64 {
        stage.now = START + Millis(line);
        match stage.say(1, &format!("line {line}")) {
            Ok(_) => waiting += 1,
            Err(Refusal::ReviewFull) => full += 1,
            Err(Refusal::SlowDown) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(
        (waiting, full),
        (limits::HELD_OF_VIEWER, 14 - limits::HELD_OF_VIEWER),
        "five at once, then one a second"
    );
    stage.held(2, "others are heard");
    // A room full of strangers, each with a line: the oldest wait, and memory ends where the queue does.
    let mut refused = 0;
    for who in 10..10 + limits::HELD as u64 {
        stage.now = stage.now + Millis(10);
        refused += usize::from(stage.say(who, "let me in") == Err(Refusal::ReviewFull));
    }
    assert_eq!((stage.waits(), refused), (limits::HELD, limits::HELD_OF_VIEWER + 1));
}

#[test]
fn a_kept_fold_holds_no_words_of_what_waits() {
    let mut stage = Stage::with(ChatRules { review: Review::All, ..ChatRules::default() });
    stage.held(1, "unreadable");
    stage.held(2, "unheard");
    let kept = stage.room.clone().without_words();
    let json = serde_json::to_string(&kept).expect("json");
    assert!(!json.contains("unreadable") && !json.contains("Guest"), "{json}");
    let parted = stage.log.iter().cloned().filter_map(|mut event| Some((event.offset, event.kind.part()?)));
    let parted: BTreeMap<u64, Words> = parted.collect();
    assert_eq!(kept.with_words(&parted), stage.room);
}
