//! The request board, ask by ask.

use std::collections::BTreeMap;

use kernel::{Millis, PersonId, ProgrammeId, Random, RequestId, Timestamp, ViewerId};
use room::{
    Actor, ChatName, Command, Event, Gate, Kind, Notice, Outcome, Refusal, Room, ShowState, StaffRole, Step, Wanted,
    Wish, WordList, WordLists, Words, limits,
};

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

struct Board {
    room: Room,
    random: Random,
    log: Vec<Event>,
}

impl Board {
    fn of(pieces: u32) -> Self {
        let mut board = Self { room: Room::default(), random: Random::seeded(1), log: Vec::new() };
        let programme_id = Some(ProgrammeId::mint(START, &mut Random::seeded(2)));
        let on_air = Notice::ShowState { state: ShowState::Live, programme_id };
        for notice in [Notice::TrayChanged { numbers: (1..=pieces).collect() }, on_air] {
            let event = board.room.notice(START, &notice).expect("news");
            board.take(event);
        }
        board
    }

    fn take(&mut self, event: Event) {
        self.room.apply(&event);
        self.log.push(event);
    }

    fn act(&mut self, actor: &Actor, command: &Command) -> Result<Kind, Refusal> {
        match self.room.handle(START, &mut self.random, actor, command)? {
            Outcome::Happened(event) => {
                let kind = event.kind.clone();
                self.take(event);
                Ok(kind)
            }
            Outcome::Already { .. } => panic!("no request is sent again by its ref"),
        }
    }

    fn ask(&mut self, who: u64, wish: Wish) -> Result<(RequestId, u32), Refusal> {
        match self.act(&viewer(who), &Command::Ask(wish))? {
            Kind::Request { id, voices, .. } => Ok((id, voices)),
            other => panic!("{other:?} is no voice"),
        }
    }

    fn step(&mut self, request_id: RequestId, step: Step, word: &str) -> Result<Kind, Refusal> {
        self.act(&host(), &Command::RequestStep { request_id, step, programme_ms: None, word: word.into() })
    }

    fn open(&self) -> Vec<(u32, Wanted, u32)> {
        let requests = self.room.snapshot(0).requests;
        let open = requests.iter().filter(|request| matches!(request.step, Step::Asked | Step::Accepted));
        open.map(|request| (request.number, request.what, request.voices)).collect()
    }
}

/// Watches without a name: asking needs none.
fn viewer(seed: u64) -> Actor {
    Actor::Viewer { id: ViewerId::mint(START, &mut Random::seeded(seed)), name: None }
}

fn host() -> Actor {
    let (id, person_id) = (viewer(99).viewer_id(), PersonId::mint(START, &mut Random::seeded(99)));
    Actor::Staff { id, person_id, name: ChatName::parse("Ines").expect("a name"), role: StaffRole::Host }
}

fn wish(what: Wanted, number: u32) -> Wish {
    Wish { what, ..Wish::show(number) }
}

fn compare(number: u32, with: u32) -> Wish {
    Wish { with: Some(with), ..wish(Wanted::Compare, number) }
}

fn words(text: &str) -> Wish {
    Wish { text: Some(text.into()), ..wish(Wanted::Other, 1) }
}

#[test]
fn similar_wishes_are_one_request() {
    let check = |one: Wish, other: Wish, merge: bool| {
        let mut board = Board::of(5);
        let (first, _) = board.ask(1, one.clone()).expect("asked");
        let (second, voices) = board.ask(2, other.clone()).expect("asked");
        assert_eq!((first == second, voices), (merge, if merge { 2 } else { 1 }), "{one:?} and {other:?}");
    };
    check(Wish::show(2), Wish::show(2), true);
    check(Wish::show(2), Wish::show(3), false);
    check(Wish::show(2), wish(Wanted::TryOn, 2), false);
    check(wish(Wanted::Lining, 2), Wish { with: Some(4), text: Some("x".into()), ..wish(Wanted::Lining, 2) }, true);
    check(compare(2, 4), compare(4, 2), true);
    check(compare(2, 4), compare(2, 5), false);
    check(words("Knot it, please!"), words("knot it please"), true);
    check(words("打个结"), words("打个结！"), true);
    check(words("knot it"), words("fold it"), false);
    check(words("🎀"), words("🎀"), true);
    check(words("🎀"), words("🧵"), false);
}

#[test]
fn what_cannot_be_asked_is_said() {
    let check = |wish: Wish, expected: Refusal| assert_eq!(Board::of(5).ask(1, wish), Err(expected));
    check(Wish::show(9), Refusal::UnknownNumber);
    check(compare(1, 9), Refusal::UnknownNumber);
    check(compare(1, 1), Refusal::CompareNeedsTwo);
    check(wish(Wanted::Compare, 1), Refusal::CompareNeedsTwo);
    check(wish(Wanted::Other, 1), Refusal::MessageEmpty);
    check(words(" \n"), Refusal::MessageEmpty);
    check(words(&"字".repeat(81)), Refusal::RequestTooLong);
    assert!(Board::of(5).ask(1, words(&"字".repeat(80))).is_ok());
}

#[test]
fn a_viewer_has_one_voice_and_a_few_wishes() {
    let mut board = Board::of(100);
    assert!(board.ask(1, Wish::show(1)).is_ok());
    assert_eq!(board.ask(1, Wish::show(1)), Err(Refusal::AlreadyAsked));
    for number in 2..=5 {
        assert!(board.ask(1, Wish::show(number)).is_ok(), "{number}");
    }
    assert_eq!(board.ask(1, Wish::show(6)), Err(Refusal::AskedEnough));
    let (first, _) = board.ask(2, Wish::show(1)).expect("others are free");
    assert!(board.step(first, Step::Shown, "").is_ok());
    assert!(board.ask(1, Wish::show(6)).is_ok(), "what was shown counts no more");
}

#[test]
fn the_board_is_bounded_and_voices_still_count() {
    let mut board = Board::of(500);
    let room = u32::try_from(limits::OPEN_REQUESTS).expect("few");
    for number in 1..=room {
        assert!(board.ask(u64::from(number), Wish::show(number)).is_ok(), "{number}");
    }
    assert_eq!(board.ask(900, Wish::show(room + 1)), Err(Refusal::BoardFull));
    assert_eq!(board.ask(900, Wish::show(room)).map(|(_, voices)| voices), Ok(2));
    for number in 1..=room {
        let id = board.room.snapshot(0).requests.iter().find(|request| request.number == number).expect("open").id;
        assert!(board.step(id, Step::Declined, "").is_ok());
    }
    assert_eq!(board.room.snapshot(0).requests.len(), limits::CLOSED_REQUESTS);
}

#[test]
fn a_request_goes_one_way_and_whoever_asked_is_told() {
    let mut board = Board::of(5);
    let (asked, _) = board.ask(1, wish(Wanted::TryOn, 2)).expect("asked");
    assert_eq!(board.ask(2, wish(Wanted::TryOn, 2)), Ok((asked, 2)));
    assert!(board.step(asked, Step::Accepted, "").is_ok());
    assert_eq!(board.ask(3, wish(Wanted::TryOn, 2)), Ok((asked, 3)), "voices join what is coming up");
    let shown = board.step(asked, Step::Shown, "").expect("shown");
    let told = (Some(2), Wanted::TryOn, None);
    assert!(matches!(shown, Kind::RequestStepped { number, what, with, .. } if (number, what, with) == told));
    for step in [Step::Asked, Step::Accepted, Step::Shown, Step::Declined] {
        assert_eq!(board.step(asked, step, ""), Err(Refusal::StepNotPossible));
    }
    let (again, _) = board.ask(1, wish(Wanted::TryOn, 2)).expect("asked anew");
    assert_ne!(again, asked);
    assert!(board.step(again, Step::Declined, "  Not this size, sorry ").is_ok());
    assert_eq!(board.step(again, Step::Declined, ""), Err(Refusal::StepNotPossible));
    let seen: Vec<_> =
        board.room.snapshot(0).requests.into_iter().map(|it| (it.step, it.programme_ms, it.word)).collect();
    let word = Some("Not this size, sorry".to_owned());
    assert_eq!(seen, [(Step::Shown, Some(START.unix_millis()), None), (Step::Declined, None, word)]);
    assert_eq!(board.room.asked_by(viewer(1).viewer_id()), [asked, again]);
    assert_eq!(board.room.asked_by(viewer(3).viewer_id()), [asked]);

    let unknown = RequestId::mint(START, &mut Random::seeded(8));
    assert_eq!(board.step(unknown, Step::Shown, ""), Err(Refusal::UnknownRequest));
    let (third, _) = board.ask(1, Wish::show(3)).expect("asked");
    assert_eq!(board.step(third, Step::Declined, &"no ".repeat(40)), Err(Refusal::RequestTooLong));
    let stepped =
        Command::RequestStep { request_id: third, step: Step::Shown, programme_ms: None, word: String::new() };
    assert_eq!(board.act(&viewer(1), &stepped), Err(Refusal::StaffOnly));
}

#[test]
fn own_words_lie_beside_the_log_and_can_be_removed() {
    let mut board = Board::of(5);
    let (rude, _) = board.ask(1, words("something rude")).expect("asked");
    assert!(board.ask(2, words("knot it")).is_ok());
    let Some(Event { kind: Kind::Request { wording: Some(wording), .. }, .. }) = board.log.iter().rev().nth(1) else {
        panic!("the first voice says the words")
    };
    let message_id = wording.id;
    assert!(matches!(board.ask(3, words("Something rude!")), Ok((id, 2)) if id == rude));
    let said = |event: &Event| matches!(&event.kind, Kind::Request { wording: Some(_), .. });
    assert_eq!(board.log.iter().filter(|event| said(event)).count(), 2, "words are said once");

    let stored = board.room.clone().without_words();
    assert!(!serde_json::to_string(&stored).expect("json").contains("knot"));
    let parted: BTreeMap<u64, Words> =
        board.log.iter().cloned().filter_map(|mut event| Some((event.offset, event.kind.part()?))).collect();
    assert_eq!(stored.with_words(&parted), board.room, "the words find their requests again");

    assert!(board.act(&host(), &Command::Remove { message_id, older: false }).is_ok());
    assert_eq!(board.open(), [(1, Wanted::Other, 1)], "what was removed has left the board");
    assert_eq!(board.step(rude, Step::Shown, ""), Err(Refusal::UnknownRequest));
}

#[test]
fn lists_and_mutes_hold_for_requests() {
    let mut board = Board::of(5);
    let mut gate =
        Gate::new(START, WordLists { refused: WordList::new(["scammer"]).expect("small"), held: WordList::default() });
    let mut check = |wish: Wish, expected| {
        let later = START + Millis::from_secs(60);
        assert_eq!(
            gate.admit(later, &Room::default(), &viewer(1), false, &Command::Ask(wish.clone())),
            expected,
            "{wish:?}"
        );
    };
    check(words("say s c a m m e r"), Err(Refusal::WordNotAllowed));
    check(words("look at www.example"), Err(Refusal::LinkNotAllowed));
    check(words("knot it"), Ok(None));
    check(Wish::show(1), Ok(None));
    assert!(board.act(&host(), &Command::Mute { viewer_id: viewer(1).viewer_id(), minutes: 5 }).is_ok());
    let until_ms = (START + Millis::from_mins(5)).unix_millis();
    assert_eq!(board.ask(1, Wish::show(1)), Err(Refusal::Muted { until_ms }));
}
