//! Questions and replies, polls, and the line that stays in sight.

use std::collections::BTreeMap;

use kernel::{MessageId, Millis, PersonId, PollId, Random, Timestamp, ViewerId};
use room::{
    Actor, ChatName, Command, Event, How, Kind, Notice, Outcome, PollPhase, Refusal, Reply, Room, ShowState, StaffRole,
    Words, limits,
};

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

struct Evening {
    room: Room,
    now: Timestamp,
    random: Random,
    log: Vec<Event>,
}

impl Evening {
    fn live() -> Self {
        let mut evening = Self { room: Room::default(), now: START, random: Random::seeded(1), log: Vec::new() };
        let on_air = Notice::ShowState { state: ShowState::Live, programme_id: None };
        for notice in [Notice::TrayChanged { numbers: vec![1, 2] }, on_air] {
            let event = evening.room.notice(START, &notice).expect("news");
            evening.take(event);
        }
        evening
    }

    fn take(&mut self, event: Event) {
        self.room.apply(&event);
        self.log.push(event);
    }

    fn act(&mut self, actor: &Actor, command: &Command) -> Result<Kind, Refusal> {
        match self.room.handle(self.now, &mut self.random, actor, command)? {
            Outcome::Happened(event) => {
                let kind = event.kind.clone();
                self.take(event);
                Ok(kind)
            }
            Outcome::Already { .. } => panic!("nothing here is sent again by its ref"),
        }
    }

    fn say(&mut self, who: u64, text: &str) -> MessageId {
        match self.act(&viewer(who), &Command::Say { text: text.into(), ref_hash: None }) {
            Ok(Kind::Message { id, .. }) => id,
            other => panic!("{other:?}"),
        }
    }

    fn waiting(&self) -> Vec<String> {
        let text = |event: &Event| match &event.kind {
            Kind::Message { text, .. } => text.clone(),
            other => panic!("{other:?} is no line"),
        };
        self.room.staff_snapshot(0).questions.iter().map(text).collect()
    }

    /// As a new leader has it: a stored fold without words, and the words beside the log.
    fn as_stored(&self) -> Room {
        let stored = serde_json::to_string(&self.room.clone().without_words()).expect("json");
        let words: BTreeMap<u64, Words> =
            self.log.iter().cloned().filter_map(|mut event| Some((event.offset, event.kind.part()?))).collect();
        for Words { text, .. } in words.values().filter(|words| words.text.len() > 3) {
            assert!(!stored.contains(text), "{text} is stored with the log");
        }
        serde_json::from_str::<Room>(&stored).expect("read back").with_words(&words)
    }
}

fn viewer(seed: u64) -> Actor {
    let id = ViewerId::mint(START, &mut Random::seeded(seed));
    Actor::Viewer { id, name: ChatName::parse(&format!("viewer {seed}")).ok() }
}

fn host() -> Actor {
    let (id, person_id) = (viewer(99).viewer_id(), PersonId::mint(START, &mut Random::seeded(99)));
    Actor::Staff { id, person_id, name: ChatName::parse("Ines").expect("a name"), role: StaffRole::Host }
}

fn reply(message_id: MessageId, how: How, text: &str) -> Command {
    Command::Reply { message_id, how, text: text.into(), private: false, number: Some(1), programme_ms: None }
}

#[test]
fn a_question_waits_until_it_is_dealt_with() {
    let mut evening = Evening::live();
    let silk = evening.say(1, "Is it silk?");
    let lovely = evening.say(2, "lovely");
    let strap = evening.say(3, "how long is the strap");
    assert_eq!(evening.waiting(), ["Is it silk?", "how long is the strap"]);
    assert!(evening.room.snapshot(0).questions.is_empty(), "viewers are not told what waits");
    assert!(evening.act(&host(), &Command::MarkQuestion { message_id: lovely }).is_ok());
    assert!(evening.act(&host(), &Command::MarkQuestion { message_id: lovely }).is_ok());
    assert_eq!(evening.waiting().len(), 3, "marked twice, it waits once");
    assert_eq!(evening.as_stored(), evening.room);

    let Ok(Kind::Reply(said)) = evening.act(&host(), &reply(silk, How::Text, " All of  it. ")) else {
        panic!("a reply")
    };
    assert_eq!((&*said.question, &*said.text, said.is_kept()), ("Is it silk?", "All of it.", true));
    let Ok(Kind::Reply(shown)) = evening.act(&host(), &reply(strap, How::OnAir, "ignored")) else { panic!("a reply") };
    assert_eq!((&*shown.question, &*shown.text, shown.is_kept()), ("how long is the strap", "", true));
    let Ok(Kind::Reply(waved)) = evening.act(&host(), &reply(lovely, How::Dismissed, "")) else { panic!("a reply") };
    assert!(waved.question.is_empty() && !waved.is_kept());
    assert_eq!(evening.waiting(), [""; 0]);
    assert!(evening.act(&host(), &reply(lovely, How::Text, "Thank you")).is_ok(), "any line can be replied to");
    assert_eq!(evening.as_stored(), evening.room);
}

#[test]
fn what_cannot_be_replied_is_said() {
    let mut evening = Evening::live();
    let asked = evening.say(1, "Is it silk?");
    let nobody = MessageId::mint(START, &mut Random::seeded(77));
    assert_eq!(evening.act(&viewer(1), &reply(asked, How::Text, "yes")), Err(Refusal::StaffOnly));
    assert_eq!(evening.act(&host(), &reply(nobody, How::Text, "yes")), Err(Refusal::UnknownMessage));
    assert_eq!(evening.act(&host(), &reply(asked, How::Text, " ")), Err(Refusal::MessageEmpty));
    let mut about = reply(asked, How::Text, "yes");
    if let Command::Reply { number, .. } = &mut about {
        *number = Some(9);
    }
    assert_eq!(evening.act(&host(), &about), Err(Refusal::UnknownNumber));
    assert!(evening.act(&host(), &Command::Remove { message_id: asked, older: false }).is_ok());
    assert_eq!(evening.waiting(), [""; 0], "what was removed waits for nothing");
    assert_eq!(evening.act(&host(), &reply(asked, How::Text, "yes")), Err(Refusal::UnknownMessage));
}

#[test]
fn a_reply_to_one_viewer_is_told_to_nobody_else() {
    let mut evening = Evening::live();
    let asked = evening.say(1, "Do you ship to Norway?");
    let command = Command::Reply {
        message_id: asked,
        how: How::Text,
        text: "We do, for you".into(),
        private: true,
        number: None,
        programme_ms: None,
    };
    assert!(evening.act(&host(), &command).is_ok());
    let told = evening.log.last().expect("told").public().into_owned();
    assert!(matches!(&told.kind, Kind::Reply(it) if it.private && it.question.is_empty() && it.text.is_empty()));
    let own = evening.room.replied_to(viewer(1).viewer_id());
    assert!(matches!(&own[..], [Event { kind: Kind::Reply(it), .. }] if it.text == "We do, for you"));
    assert_eq!(evening.room.replied_to(viewer(2).viewer_id()), []);
    assert_eq!(evening.as_stored(), evening.room);
    for at in 0..limits::OWN_REPLIES {
        let asked = evening.say(2, &format!("and number {at}?"));
        evening.now = evening.now + Millis::from_secs(2);
        let mut next = command.clone();
        if let Command::Reply { message_id, .. } = &mut next {
            *message_id = asked;
        }
        assert!(evening.act(&host(), &next).is_ok());
    }
    assert_eq!(evening.room.replied_to(viewer(1).viewer_id()), [], "the oldest is forgotten");
}

#[test]
fn the_oldest_question_is_forgotten_past_the_bound() {
    let mut evening = Evening::live();
    for at in 0..=limits::OPEN_INQUIRIES {
        evening.say(1, &format!("what about {at}?"));
    }
    let waiting = evening.waiting();
    assert_eq!((waiting.len(), &*waiting[0]), (limits::OPEN_INQUIRIES, "what about 1?"));
}

#[test]
fn a_pinned_line_stays_until_it_is_unpinned_or_removed() {
    let mut evening = Evening::live();
    let (first, second) = (evening.say(1, "Back in black on Friday"), evening.say(2, "wow"));
    assert_eq!(evening.act(&host(), &Command::UnpinComment), Err(Refusal::NothingPinned));
    assert_eq!(evening.act(&viewer(1), &Command::PinComment { message_id: first }), Err(Refusal::StaffOnly));
    assert!(evening.act(&host(), &Command::PinComment { message_id: first }).is_ok());
    let pinned = evening.log.last().expect("pinned").clone();
    assert!(matches!(&pinned.kind, Kind::CommentPinned { said: None, .. }), "words are not stored with the log");
    let told = evening.room.told(&pinned).into_owned();
    assert!(
        matches!(&told.kind, Kind::CommentPinned { said: Some(said), .. } if said.text == "Back in black on Friday")
    );
    assert_eq!(evening.as_stored(), evening.room);
    assert!(evening.act(&host(), &Command::PinComment { message_id: second }).is_ok());
    assert!(evening.act(&host(), &Command::Remove { message_id: second, older: false }).is_ok());
    assert_eq!(evening.room.snapshot(0).comment, None);
    assert_eq!(evening.act(&host(), &Command::PinComment { message_id: second }), Err(Refusal::UnknownMessage));
    assert!(matches!(&evening.room.told(&pinned).kind, Kind::CommentPinned { said: None, .. }));
}

fn poll(question: &str, choices: &[&str], minutes: Option<u32>) -> Command {
    Command::OpenPoll { question: question.into(), choices: choices.iter().map(|one| (*one).into()).collect(), minutes }
}

#[test]
fn a_poll_is_clear_or_refused() {
    let check = |command: Command, clear: bool| {
        let outcome = Evening::live().act(&host(), &command);
        assert_eq!(outcome.err(), (!clear).then_some(Refusal::PollUnclear), "{command:?}");
    };
    check(poll("Which?", &["red", "blue"], None), true);
    check(poll("选哪个？", &["红", "蓝", "🟢", "🟡"], Some(60)), true);
    check(poll("", &["red", "blue"], None), false);
    check(poll("Which?", &["red"], None), false);
    check(poll("Which?", &["red", "Red!"], None), false);
    check(poll("Which?", &["red", " "], None), false);
    check(poll("Which?", &["a", "b", "c", "d", "e", "f", "g"], None), false);
    check(poll(&"w".repeat(121), &["red", "blue"], None), false);
    check(poll("Which?", &["red", &"b".repeat(61)], None), false);
    check(poll("Which?", &["red", "blue"], Some(61)), false);
    check(poll("Which?", &["red", "blue"], Some(0)), false);
    assert_eq!(Evening::live().act(&viewer(1), &poll("Which?", &["a", "b"], None)), Err(Refusal::StaffOnly));
}

#[test]
fn everybody_has_one_vote_while_the_poll_is_open() {
    let mut evening = Evening::live();
    let vote = |poll_id: PollId, choice: u8| Command::Vote { poll_id, choice };
    let open = |evening: &mut Evening, minutes| match evening.act(&host(), &poll("Which?", &["red", "blue"], minutes)) {
        Ok(Kind::Poll(shown)) => shown.id,
        other => panic!("{other:?}"),
    };
    let first = open(&mut evening, None);
    assert_eq!(evening.act(&host(), &poll("And?", &["a", "b"], None)), Err(Refusal::PollOpen));
    for (who, choice) in [(1, 0), (2, 1), (3, 1)] {
        assert!(evening.act(&viewer(who), &vote(first, choice)).is_ok());
    }
    assert_eq!(evening.act(&viewer(1), &vote(first, 1)), Err(Refusal::VotedAlready));
    assert_eq!(evening.act(&viewer(4), &vote(first, 2)), Err(Refusal::UnknownChoice));
    assert_eq!(evening.room.vote_of(viewer(3).viewer_id()), Some(1));
    let told = evening.room.told(evening.log.last().expect("a vote")).public().into_owned();
    assert!(matches!(&told.kind, Kind::Vote { cast: None, counts, .. } if counts == &[1, 2]), "{told:?}");

    assert!(evening.act(&host(), &Command::ClosePoll).is_ok());
    assert_eq!(evening.act(&host(), &Command::ClosePoll), Err(Refusal::NoPoll));
    assert_eq!(evening.act(&viewer(5), &vote(first, 0)), Err(Refusal::NoPoll));
    let shown = evening.room.snapshot(0).poll.expect("its result stays");
    assert_eq!((shown.phase, shown.counts), (PollPhase::Closed, vec![1, 2]));
    assert!(evening.act(&host(), &Command::ClearPoll).is_ok());
    assert_eq!(evening.act(&host(), &Command::ClearPoll), Err(Refusal::NoPoll));

    // One with a time closes by itself, and counts nothing that comes later.
    let timed = open(&mut evening, Some(1));
    assert_eq!(evening.act(&viewer(1), &vote(first, 0)), Err(Refusal::NoPoll), "the poll before is gone");
    assert!(evening.act(&viewer(1), &vote(timed, 0)).is_ok());
    evening.now = START + Millis::from_mins(1);
    assert_eq!(evening.act(&viewer(2), &vote(timed, 0)), Err(Refusal::NoPoll));
    let due = evening.room.due(evening.now.unix_millis()).expect("it is over");
    let event = evening.room.next(evening.now.unix_millis(), due);
    evening.take(event);
    assert_eq!(evening.room.due(evening.now.unix_millis()), None);
    assert!(!evening.room.polls());
    assert_eq!(evening.as_stored(), evening.room);
}

#[test]
fn what_was_replied_looks_as_the_contract_says() {
    let mut random = Random::seeded(3);
    let (id, message_id) = (MessageId::mint(START, &mut random), MessageId::mint(START, &mut random));
    let viewer_id = ViewerId::mint(START, &mut random);
    let (question, text) = ("Is it silk?".to_owned(), "Yes".to_owned());
    let reply = Reply { id, message_id, viewer_id, number: Some(2), how: How::Text, private: false, question, text };
    let event = Event { offset: 7, programme_ms: 5, kind: Kind::Reply(Box::new(reply)) };
    let expected = format!(
        r#"{{"o":7,"programme_ms":5,"k":"reply","id":"{id}","message_id":"{message_id}","viewer_id":"{viewer_id}","number":2,"how":"text","question":"Is it silk?","text":"Yes"}}"#
    );
    assert_eq!(serde_json::to_string(&event).expect("json"), expected);
    assert_eq!(serde_json::from_str::<Event>(&expected).expect("read back"), event);
}
