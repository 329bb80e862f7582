//! The promises of [`RoomLog`] and [`ChatNames`]: gapless, fenced, whole tails, and removed words gone.

use kernel::{Currency, DropId, EntryId, MessageId, Millis, PersonId, Random, ShowId, Timestamp, VariantId, ViewerId};
use room::{Event, Given, HeldLine, Kind, Room, Spread, TriviaPhase, TriviaShown, WhyHeld, Winner, Words};

use crate::ports::{Append, ChatNames, Moderated, RoomKey, RoomLog, Stage, StoreError};

const NOW: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

fn message(offset: u64, text: &str, random: &mut Random) -> Event {
    let kind = Kind::Message {
        id: MessageId::mint(NOW, random),
        viewer_id: ViewerId::mint(NOW, random),
        name: format!("name of {text}"),
        text: text.into(),
        staff_role: None,
        ref_hash: Some("00000001".into()),
        question: false,
        held: None,
        removed: false,
    };
    Event { offset, programme_ms: 5, kind }
}

fn plain(room: RoomKey, events: &[Event]) -> Append {
    Append { room, at: NOW, events: events.to_vec(), moderated: Vec::new() }
}

fn id_of(event: &Event) -> MessageId {
    match event.kind {
        Kind::Message { id, .. } => id,
        _ => panic!("{event:?} is no message"),
    }
}

fn fold(events: &[Event]) -> Room {
    let mut room = Room::default();
    for event in events {
        room.apply(event);
    }
    room
}

/// Runs every check against an empty log.
///
/// # Panics
/// When the log breaks a promise.
pub async fn check(log: &(impl RoomLog + ChatNames)) {
    let mut random = Random::seeded(11);
    let room = RoomKey { show: ShowId::mint(NOW, &mut random), stage: Stage::Live };
    appended_events_come_back_whole(log, room, &mut random).await;
    an_offset_is_taken_once(log, room, &mut random).await;
    stages_and_shows_are_apart(log, room, &mut random).await;
    removed_words_are_gone(log, &mut random).await;
    lines_that_waited_leave_no_words(log, &mut random).await;
    answers_are_found_in_their_order(log, &mut random).await;
    a_kept_fold_and_its_tail_are_the_room(log, &mut random).await;
    names_are_kept(log, &mut random).await;
    assert_eq!(log.epoch().await, log.epoch().await);
}

async fn appended_events_come_back_whole(log: &impl RoomLog, room: RoomKey, random: &mut Random) {
    assert_eq!(log.last(room).await, Ok(0));
    assert_eq!(log.tail(room, 0, 10).await, Ok(vec![]));
    let events = vec![
        message(1, "你好 'quoted' \"and\" \\ 👩‍👧", random),
        Event { offset: 2, programme_ms: -7, kind: Kind::Pinned { number: 3 } },
        message(3, "second", random),
        Event { offset: 4, programme_ms: 9, kind: Kind::TrayChanged { numbers: vec![1, 2] } },
    ];
    assert_eq!(log.append(plain(room, &events[..3])).await, Ok(()));
    assert_eq!(log.append(plain(room, &events[3..])).await, Ok(()));
    assert_eq!(log.last(room).await, Ok(4));
    assert_eq!(log.tail(room, 0, 10).await, Ok(events.clone()));
    assert_eq!(log.tail(room, 1, 2).await, Ok(events[1..3].to_vec()));
    assert_eq!(log.tail(room, 4, 10).await, Ok(vec![]));
    assert_eq!(log.find_message(room, id_of(&events[2])).await, Ok(Some(3)));
    assert_eq!(log.find_message(room, MessageId::mint(NOW, random)).await, Ok(None));
}

async fn an_offset_is_taken_once(log: &impl RoomLog, room: RoomKey, random: &mut Random) {
    let before = log.tail(room, 0, 100).await;
    let late = [Event { offset: 5, programme_ms: 0, kind: Kind::Unpinned {} }, message(4, "doubled", random)];
    let refused = log.append(plain(room, &late)).await;
    assert!(matches!(refused, Err(StoreError::Duplicate(_))), "{refused:?}");
    assert_eq!(log.tail(room, 0, 100).await, before, "a refused append leaves nothing");
}

async fn stages_and_shows_are_apart(log: &impl RoomLog, room: RoomKey, random: &mut Random) {
    let rehearsal = RoomKey { stage: Stage::Rehearsal, ..room };
    let other = RoomKey { show: ShowId::mint(NOW, random), ..room };
    for apart in [rehearsal, other] {
        assert_eq!(log.last(apart).await, Ok(0));
        let first = message(1, "apart", random);
        assert_eq!(log.append(plain(apart, std::slice::from_ref(&first))).await, Ok(()));
        assert_eq!(log.tail(apart, 0, 10).await, Ok(vec![first.clone()]));
        assert_eq!(log.find_message(room, id_of(&first)).await, Ok(None));
    }
    assert_eq!(log.last(room).await, Ok(4));
}

async fn removed_words_are_gone(log: &impl RoomLog, random: &mut Random) {
    let room = RoomKey { show: ShowId::mint(NOW, random), stage: Stage::Live };
    let by = PersonId::mint(NOW, random);
    let said = [message(1, "rude", random), message(2, "kind", random)];
    let removed = |offset, message: &Event| Append {
        room,
        at: NOW,
        events: vec![Event { offset, programme_ms: 0, kind: Kind::Removed { message_id: id_of(message) } }],
        moderated: vec![Moderated {
            entry: EntryId::mint(NOW, &mut Random::seeded(offset)),
            offset,
            by,
            viewer: None,
            reason: "insult".into(),
            at: NOW,
        }],
    };
    assert_eq!(log.append(plain(room, &said)).await, Ok(()));
    assert_eq!(log.append(removed(3, &said[0])).await, Ok(()));
    // Said and removed within one append.
    let at_once = message(4, "also rude", random);
    let mut both = removed(5, &at_once);
    both.events.insert(0, at_once.clone());
    assert_eq!(log.append(both).await, Ok(()));

    let tail = log.tail(room, 0, 10).await.expect("readable");
    for (place, shown) in [(0, None), (1, Some("kind")), (3, None)] {
        let Kind::Message { text, name, removed, .. } = &tail[place].kind else { panic!("a message") };
        assert_eq!((text.as_str(), *removed), (shown.unwrap_or_default(), shown.is_none()), "offset {}", place + 1);
        assert_eq!(name.is_empty(), shown.is_none());
    }
    let evidence = log.evidence(room.show).await.expect("readable");
    assert_eq!(evidence.len(), 2);
    let of_rude = evidence.iter().find(|e| e.message_id == id_of(&said[0])).expect("kept");
    assert_eq!(of_rude.words, Words { name: "name of rude".into(), text: "rude".into() });
    assert_eq!((of_rude.removed_by, of_rude.reason.as_str(), of_rude.removed_at), (by, "insult", NOW));
}

async fn lines_that_waited_leave_no_words(log: &impl RoomLog, random: &mut Random) {
    let room = RoomKey { show: ShowId::mint(NOW, random), stage: Stage::Live };
    let by = PersonId::mint(NOW, random);
    let held = |offset, text: &str, random: &mut Random| {
        let (id, viewer_id) = (MessageId::mint(NOW, random), ViewerId::mint(NOW, random));
        let (name, text, why) = ("Mei".to_owned(), text.to_owned(), WhyHeld::First);
        let line = Some(Box::new(HeldLine { id, viewer_id, name, text, why, ref_hash: None }));
        (id, Event { offset, programme_ms: 5, kind: Kind::Held { line } })
    };
    let ((kind_id, kind_line), (rude_id, rude_line)) = (held(1, "kind", random), held(2, "rude", random));
    assert_eq!(log.append(plain(room, &[kind_line.clone(), rude_line.clone()])).await, Ok(()));
    assert_eq!(log.tail(room, 0, 10).await, Ok(vec![kind_line, rude_line]), "with their words");
    let mut heard = message(3, "kind", random);
    if let Kind::Message { held, .. } = &mut heard.kind {
        *held = Some(kind_id);
    }
    let refused = Event { offset: 4, programme_ms: 5, kind: Kind::HeldRefused { message_id: rude_id } };
    let entry = EntryId::mint(NOW, random);
    let why = Moderated { entry, offset: 4, by, viewer: None, reason: "insult".into(), at: NOW };
    let append = Append { moderated: vec![why], ..plain(room, &[heard.clone(), refused]) };
    assert_eq!(log.append(append).await, Ok(()));
    let tail = log.tail(room, 0, 10).await.expect("readable");
    for event in &tail[..2] {
        let Kind::Held { line: Some(line) } = &event.kind else { panic!("{event:?} waited") };
        assert_eq!((line.name.as_str(), line.text.as_str()), ("", ""));
    }
    assert_eq!(tail[2], heard, "what was let through stands in the chat with its words");
    let evidence = log.evidence(room.show).await.expect("readable");
    let [kept] = evidence.as_slice() else { panic!("one was refused: {evidence:?}") };
    assert_eq!((kept.message_id, kept.words.text.as_str(), kept.reason.as_str()), (rude_id, "rude", "insult"));
}

async fn answers_are_found_in_their_order(log: &impl RoomLog, random: &mut Random) {
    let room = RoomKey { show: ShowId::mint(NOW, random), stage: Stage::Live };
    let trivia_id = DropId::mint(NOW, random);
    let answer = |offset, text: &str, random: &mut Random| {
        let (id, by, name) = (MessageId::mint(NOW, random), ViewerId::mint(NOW, random), "Mei".to_owned());
        let (country, currency) = ("US".parse().ok(), Some(Currency::USD));
        let given = Given { id, by, name, text: text.into(), country, currency, ref_hash: None };
        Event { offset, programme_ms: 5, kind: Kind::Answer { trivia_id, given: Some(Box::new(given)) } }
    };
    let first = vec![answer(1, "Prada", random), message(2, "so nice", random), answer(3, "Gucci!", random)];
    let winner = Winner { id: MessageId::mint(NOW, random), by: Some(ViewerId::mint(NOW, random)), name: "Mei".into() };
    let decided = TriviaShown {
        id: trivia_id,
        number: 3,
        variant_id: VariantId::mint(NOW, random),
        phase: TriviaPhase::Decided,
        basis_points: 500,
        countries: None,
        opens_at_ms: None,
        closes_at_ms: None,
        question: Some("Whose?".into()),
        answers: 2,
        answer: Some("Gucci".into()),
        winner: Some(winner),
        spread: vec![Spread { answer: "Gucci".into(), count: 1, right: true }],
    };
    let later =
        vec![Event { offset: 4, programme_ms: 6, kind: Kind::Trivia(Box::new(decided)) }, answer(5, "late", random)];
    assert_eq!(log.append(plain(room, &first)).await, Ok(()));
    let at = NOW + Millis::from_secs(1);
    assert_eq!(log.append(Append { at, ..plain(room, &later) }).await, Ok(()));
    let all = [first.clone(), later.clone()].concat();
    assert_eq!(log.tail(room, 0, 10).await, Ok(all), "with every word");
    let [one, _, two] = first.as_slice() else { panic!("three") };
    let found = log.answers(room, 0, 2).await;
    assert_eq!(found, Ok(vec![(one.clone(), NOW), (two.clone(), NOW)]));
    assert_eq!(log.answers(room, 3, 2).await, Ok(vec![(later[1].clone(), at)]));
    assert_eq!(log.answers(room, 5, 2).await, Ok(vec![]));
}

async fn a_kept_fold_and_its_tail_are_the_room(log: &impl RoomLog, random: &mut Random) {
    let room = RoomKey { show: ShowId::mint(NOW, random), stage: Stage::Live };
    assert_eq!(log.fold(room).await, Ok(None));
    let events: Vec<_> = (1..=6).map(|offset| message(offset, &format!("line {offset}"), random)).collect();
    assert_eq!(log.append(plain(room, &events[..4])).await, Ok(()));
    for upto in [2, 4] {
        assert_eq!(log.keep_fold(room, fold(&events[..upto]).without_words()).await, Ok(()));
    }
    let gone = Event { offset: 5, programme_ms: 0, kind: Kind::Removed { message_id: id_of(&events[1]) } };
    let moderated = vec![Moderated {
        entry: EntryId::mint(NOW, random),
        offset: 5,
        by: PersonId::mint(NOW, random),
        viewer: None,
        reason: String::new(),
        at: NOW,
    }];
    assert_eq!(log.append(Append { room, at: NOW, events: vec![gone.clone()], moderated }).await, Ok(()));
    let mut resumed = log.fold(room).await.expect("readable").expect("kept");
    assert_eq!(resumed.offset(), 4);
    for event in log.tail(room, 4, 10).await.expect("readable") {
        resumed.apply(&event);
    }
    let mut whole = fold(&events[..4]);
    whole.apply(&gone);
    assert_eq!(resumed, whole);
}

async fn names_are_kept(names: &impl ChatNames, random: &mut Random) {
    let viewer = ViewerId::mint(NOW, random);
    assert_eq!(names.chat_name(viewer).await, Ok(None));
    for name in ["Mei", "小美"] {
        assert_eq!(names.set_chat_name(viewer, name).await, Ok(()));
        assert_eq!(names.chat_name(viewer).await, Ok(Some(name.into())));
    }
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn memory_conforms() {
        super::check(&crate::memory::MemoryRoomLog::default()).await;
    }
}
