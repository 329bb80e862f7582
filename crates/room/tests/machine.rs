//! What a room decides, command by command.

use kernel::{Currency, DropId, Millis, Money, PersonId, ProgrammeId, Random, Timestamp, VariantId, ViewerId};
use room::{
    Actor, ChatName, Command, DropPhase, DropShown, Event, Free, Kind, Notice, Outcome, Refusal, Room, ShowState,
    StaffRole, Wish, limits,
};

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

struct Stage {
    room: Room,
    now: Timestamp,
    random: Random,
}

impl Stage {
    fn live() -> Self {
        let mut stage = Self { room: Room::default(), now: START, random: Random::seeded(1) };
        stage.notice(Notice::TrayChanged { numbers: vec![1, 2, 3] });
        let programme_id = Some(ProgrammeId::mint(START, &mut Random::seeded(2)));
        stage.notice(Notice::ShowState { state: ShowState::Live, programme_id });
        stage
    }

    fn act(&mut self, actor: &Actor, command: Command) -> Result<Outcome, Refusal> {
        let outcome = self.room.handle(self.now, &mut self.random, actor, &command)?;
        if let Outcome::Happened(event) = &outcome {
            self.room.apply(event);
        }
        Ok(outcome)
    }

    fn kind(&mut self, actor: &Actor, command: Command) -> Kind {
        match self.act(actor, command) {
            Ok(Outcome::Happened(Event { kind, .. })) => kind,
            other => panic!("it should have happened: {other:?}"),
        }
    }

    fn refused(&mut self, actor: &Actor, command: Command, expected: Refusal) {
        let before = self.room.clone();
        assert_eq!(self.act(actor, command), Err(expected));
        assert_eq!(self.room, before);
    }

    fn notice(&mut self, notice: Notice) -> Option<Event> {
        let event = self.room.notice(self.now, &notice);
        if let Some(event) = &event {
            self.room.apply(event);
        }
        event
    }

    fn texts(&self) -> Vec<String> {
        let text = |event: &Event| match &event.kind {
            Kind::Message { text, .. } => text.clone(),
            other => panic!("{other:?} is no message"),
        };
        self.room.snapshot(0).messages.iter().map(text).collect()
    }
}

fn viewer(seed: u64, name: &str) -> Actor {
    Actor::Viewer { id: ViewerId::mint(START, &mut Random::seeded(seed)), name: ChatName::parse(name).ok() }
}

fn host() -> Actor {
    let mut random = Random::seeded(99);
    Actor::Staff {
        id: ViewerId::mint(START, &mut random),
        person_id: PersonId::mint(START, &mut random),
        name: ChatName::parse("Ines").expect("a name"),
        role: StaffRole::Host,
    }
}

fn say(text: &str) -> Command {
    Command::Say { text: text.into(), ref_hash: None }
}

#[test]
fn chatting_needs_a_name_and_words() {
    let mut stage = Stage::live();
    stage.refused(&viewer(1, ""), say("hi"), Refusal::NameNeeded);
    stage.refused(&viewer(1, "Mei"), say(" \n"), Refusal::MessageEmpty);
    stage.refused(&viewer(1, "Mei"), say(&"a".repeat(501)), Refusal::MessageTooLong);
    assert!(matches!(stage.kind(&viewer(1, "Mei"), say("hi")), Kind::Message { text, .. } if text == "hi"));
    assert!(matches!(stage.kind(&host(), say("hello")), Kind::Message { staff_role: Some(StaffRole::Host), .. }));
}

#[test]
fn the_same_command_sent_again_is_one_message() {
    let mut stage = Stage::live();
    let mei = viewer(1, "Mei");
    let again = Command::Say { text: "hi".into(), ref_hash: Some(room::ref_hash("x7")) };
    stage.kind(&mei, again.clone());
    let offset = stage.room.offset();
    stage.kind(&mei, say("more"));
    assert_eq!(stage.act(&mei, again.clone()), Ok(Outcome::Already { offset }));
    assert!(matches!(stage.act(&viewer(2, "Ann"), again), Ok(Outcome::Happened(_))));
}

#[test]
fn a_removed_message_is_gone_from_the_room() {
    let mut stage = Stage::live();
    let mei = viewer(1, "Mei");
    let Kind::Message { id, .. } = stage.kind(&mei, say("rude")) else { panic!("a message") };
    stage.kind(&mei, say("kind"));
    stage.refused(&mei, Command::Remove { message_id: id, older: false }, Refusal::StaffOnly);
    stage.kind(&host(), Command::Remove { message_id: id, older: false });
    assert_eq!(stage.texts(), ["kind"]);
    assert!(!serde_json::to_string(&stage.room).expect("json").contains("rude"));
    let again = stage.act(&host(), Command::Remove { message_id: id, older: false });
    assert!(matches!(again, Ok(Outcome::Already { .. })));
    let other = kernel::MessageId::mint(START, &mut Random::seeded(50));
    stage.refused(&host(), Command::Remove { message_id: other, older: false }, Refusal::UnknownMessage);
    stage.kind(&host(), Command::Remove { message_id: other, older: true });
}

#[test]
fn a_snapshot_holds_twenty_messages_even_after_removals() {
    let mut stage = Stage::live();
    let mei = viewer(1, "Mei");
    let mut ids = Vec::new();
    for i in 0..30 {
        if let Kind::Message { id, .. } = stage.kind(&mei, say(&format!("line {i}"))) {
            ids.push(id);
        }
    }
    for message_id in ids.drain(20..) {
        stage.kind(&host(), Command::Remove { message_id, older: false });
    }
    assert_eq!(stage.texts(), (0..20).map(|i| format!("line {i}")).collect::<Vec<_>>());
}

#[test]
fn a_muted_viewer_waits_until_the_mute_is_over_or_lifted() {
    let mut stage = Stage::live();
    let mei = viewer(1, "Mei");
    let viewer_id = mei.viewer_id();
    stage.kind(&host(), Command::Mute { viewer_id, minutes: 5 });
    let until_ms = (START + Millis::from_mins(5)).unix_millis();
    stage.refused(&mei, say("let me"), Refusal::Muted { until_ms });
    stage.refused(&mei, Command::Ask(Wish::show(1)), Refusal::Muted { until_ms });
    stage.now = START + Millis::from_mins(5);
    stage.kind(&mei, say("thanks"));
    stage.kind(&host(), Command::Mute { viewer_id, minutes: 5 });
    stage.kind(&host(), Command::Unmute { viewer_id });
    stage.kind(&mei, say("thanks again"));
    for minutes in [0, 7 * 24 * 60 + 1] {
        stage.refused(&host(), Command::Mute { viewer_id, minutes }, Refusal::MuteTooLong);
    }
}

#[test]
fn a_pin_carries_a_believable_programme_time() {
    let now_ms = START.unix_millis();
    let check = |named: Option<i64>, expected: i64| {
        let mut stage = Stage::live();
        stage.kind(&host(), Command::Pin { number: 2, programme_ms: named });
        let pinned = stage.room.snapshot(0).pinned.expect("pinned");
        assert_eq!((pinned.number, pinned.programme_ms), (2, expected), "{named:?}");
    };
    check(None, now_ms);
    check(Some(now_ms - 3_000), now_ms - 3_000);
    check(Some(now_ms - 90_000), now_ms - 30_000);
    check(Some(now_ms + 60_000), now_ms + 5_000);
    check(Some(i64::MIN), now_ms - 30_000);
    check(Some(i64::MAX), now_ms + 5_000);

    let mut stage = Stage::live();
    stage.refused(&host(), Command::Unpin, Refusal::NothingPinned);
    stage.refused(&host(), Command::Pin { number: 9, programme_ms: None }, Refusal::UnknownNumber);
    stage.refused(&viewer(1, "Mei"), Command::Pin { number: 1, programme_ms: None }, Refusal::StaffOnly);
}

#[test]
fn sold_this_minute_counts_a_minute() {
    let mut stage = Stage::live();
    let mut sold = |after_s, number, quantity| {
        stage.now = START + Millis::from_secs(after_s);
        match stage.notice(Notice::Sold { number, quantity }).map(|event| event.kind) {
            Some(Kind::Sold { this_minute, .. }) => this_minute,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(sold(0, 1, 2), 2);
    assert_eq!(sold(30, 1, 3), 5);
    assert_eq!(sold(59, 2, 1), 1);
    assert_eq!(sold(61, 1, 1), 4);
    assert_eq!(sold(200, 1, 1), 1);
}

#[test]
fn what_the_room_says_already_is_not_said_twice() {
    let mut stage = Stage::live();
    let low = || Notice::Stock { number: 1, free: Free::Low, low_count: Some(2) };
    for (notice, happens) in [
        (low(), true),
        (low(), false),
        (Notice::SaleResumed { number: 1 }, false),
        (Notice::SaleStopped { number: 1 }, true),
        (Notice::SaleStopped { number: 1 }, false),
        (Notice::ShowState { state: ShowState::Away, programme_id: None }, true),
        (Notice::ShowState { state: ShowState::Away, programme_id: None }, false),
    ] {
        assert_eq!(stage.notice(notice.clone()).is_some(), happens, "{notice:?}");
    }
}

#[test]
fn a_newcomer_sees_the_drops_that_are_not_over() {
    let mut stage = Stage::live();
    let dropped = |seed: u64, phase, left| DropShown {
        id: DropId::mint(START, &mut Random::seeded(seed)),
        number: 1,
        variant_id: VariantId::mint(START, &mut Random::seeded(9)),
        phase,
        quantity: 15,
        left,
        waiting: 0,
        limit: 1,
        unit: Vec::new(),
        countries: None,
        opens_at_ms: None,
        closes_at_ms: None,
    };
    for (shown, happens) in [
        (dropped(1, DropPhase::Ended, 0), false),
        (dropped(1, DropPhase::Armed, 15), true),
        (dropped(2, DropPhase::Armed, 15), true),
        (dropped(2, DropPhase::Armed, 15), false),
        (dropped(1, DropPhase::Open, 3), true),
        (dropped(2, DropPhase::Ended, 15), true),
        (dropped(2, DropPhase::Ended, 15), false),
    ] {
        assert_eq!(stage.notice(Notice::Drop(shown.clone())).is_some(), happens, "{shown:?}");
    }
    assert_eq!(stage.room.snapshot(0).drops, [dropped(1, DropPhase::Open, 3)]);
    for seed in 10..80 {
        stage.notice(Notice::Drop(dropped(seed, DropPhase::Armed, 15)));
    }
    assert_eq!(stage.room.snapshot(0).drops.len(), limits::DROPS);
}

#[test]
fn after_the_end_only_staff_speak() {
    let mut stage = Stage::live();
    stage.notice(Notice::ShowState { state: ShowState::Ended, programme_id: None });
    stage.refused(&viewer(1, "Mei"), say("more!"), Refusal::ShowEnded);
    stage.refused(&viewer(1, "Mei"), Command::Ask(Wish::show(1)), Refusal::ShowEnded);
    stage.kind(&host(), Command::Announce { text: "Thank you".into() });
    assert_eq!(stage.room.snapshot(0).announcement.as_deref(), Some("Thank you"));
    stage.kind(&host(), Command::Announce { text: " ".into() });
    assert_eq!(stage.room.snapshot(0).announcement, None);
}

#[test]
fn events_look_as_the_contract_says() {
    let check = |kind: Kind, expected: &str| {
        let event = Event { offset: 7, programme_ms: 5, kind };
        let json = serde_json::to_string(&event).expect("json");
        assert_eq!(json, format!("{{\"o\":7,\"programme_ms\":5,{expected}}}"));
        assert_eq!(serde_json::from_str::<Event>(&json).expect("read back"), event);
    };
    check(Kind::Pinned { number: 3 }, r#""k":"pinned","number":3"#);
    check(Kind::Unpinned {}, r#""k":"unpinned""#);
    check(Kind::Stock { number: 3, free: Free::Out, low_count: None }, r#""k":"stock","number":3,"free":"out""#);
    check(
        Kind::Sold { number: 1, quantity: 2, this_minute: 12 },
        r#""k":"sold","number":1,"quantity":2,"this_minute":12"#,
    );
    let id = DropId::mint(START, &mut Random::seeded(1));
    let variant_id = VariantId::mint(START, &mut Random::seeded(2));
    let open = DropShown {
        id,
        number: 3,
        variant_id,
        phase: DropPhase::Open,
        quantity: 15,
        left: 4,
        waiting: 0,
        limit: 2,
        unit: vec![Money::new(9_900, Currency::USD)],
        countries: None,
        opens_at_ms: Some(8),
        closes_at_ms: None,
    };
    let drop = format!(
        r#""k":"drop","id":"{id}","number":3,"variant_id":"{variant_id}","phase":"open","quantity":15,"left":4,"waiting":0,"limit":2,"unit":[{{"amount_minor":9900,"currency":"USD"}}],"opens_at_ms":8"#
    );
    check(Kind::Drop(open), &drop);
    check(Kind::Viewers { now: 3, peak: 9 }, r#""k":"viewers","now":3,"peak":9"#);
    check(Kind::ShowState { state: ShowState::Away, programme_id: None }, r#""k":"show_state","state":"away""#);
}
