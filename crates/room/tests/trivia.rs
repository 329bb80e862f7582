//! Questions: answers stay hidden, each person is heard once, and of any answers exactly one is the first that is right.

use std::collections::BTreeSet;

use kernel::{DropId, MessageId, Millis, PersonId, Random, Timestamp, VariantId, ViewerId};
use proptest::prelude::*;
use room::{
    Actor, Answering, ChatName, Command, Event, Gate, Kind, Notice, Outcome, Question, Refusal, Right, Room, Round,
    StaffRole, TriviaPhase, TriviaShown, Winner, WordList, WordLists, plain,
};

const NOW: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

fn shown(phase: TriviaPhase) -> TriviaShown {
    TriviaShown {
        id: DropId::mint(NOW, &mut Random::seeded(9)),
        number: 3,
        variant_id: VariantId::mint(NOW, &mut Random::seeded(9)),
        phase,
        basis_points: 500,
        countries: Some(vec!["US".parse().expect("a country")]),
        opens_at_ms: Some(NOW.unix_millis()),
        closes_at_ms: None,
        question: Some("Whose belt is this?".into()),
        answers: 0,
        answer: None,
        winner: None,
        spread: Vec::new(),
    }
}

fn viewer(seed: u64) -> Actor {
    let id = ViewerId::mint(NOW, &mut Random::seeded(seed));
    Actor::Viewer { id, name: Some(ChatName::parse(&format!("Guest {seed}")).expect("a name")) }
}

fn answer(of: &Actor, text: &str, reference: &str) -> Command {
    let country = Some("US".parse().expect("a country"));
    let answering = Answering { by: of.viewer_id(), of_house: false, country, currency: None };
    Command::Answer { text: text.into(), ref_hash: Some(room::ref_hash(reference)), answering }
}

struct Stage {
    room: Room,
    random: Random,
}

impl Stage {
    fn asking() -> Self {
        let mut stage = Self { room: Room::default(), random: Random::seeded(5) };
        stage.tell(shown(TriviaPhase::Armed));
        stage.tell(shown(TriviaPhase::Open));
        stage
    }

    fn tell(&mut self, shown: TriviaShown) -> Option<Event> {
        let event = self.room.notice(NOW, &Notice::Trivia(Box::new(shown)))?;
        self.room.apply(&event);
        Some(event)
    }

    fn act(&mut self, who: &Actor, command: &Command) -> Result<Event, Refusal> {
        match self.room.handle(NOW, &mut self.random, who, command)? {
            Outcome::Happened(event) => {
                self.room.apply(&event);
                Ok(event)
            }
            Outcome::Already { offset } => panic!("already at {offset}"),
        }
    }
}

#[test]
fn while_a_question_is_asked_what_viewers_say_is_a_hidden_answer() {
    let mut stage = Stage::asking();
    let (ann, bea) = (viewer(1), viewer(2));
    let event = stage.act(&ann, &answer(&ann, "Gucci!", "a")).expect("answered");
    let Kind::Answer { given: Some(given), .. } = &event.kind else { panic!("{event:?}") };
    assert_eq!((given.text.as_str(), given.name.as_str(), given.by), ("Gucci!", "Guest 1", ann.viewer_id()));
    let told = serde_json::to_string(&*event.public()).expect("json");
    let ours = ann.viewer_id().to_string();
    assert!(!told.contains("Gucci") && !told.contains("Guest") && !told.contains(&ours), "{told}");
    let stored = {
        let mut kind = event.kind.clone();
        kind.part().expect("words");
        serde_json::to_string(&kind)
    };
    assert!(!stored.expect("json").contains("Gucci"), "words lie apart");

    let again = stage.room.said_already(&ann, &answer(&ann, "Gucci!", "a"));
    assert_eq!(again, Some(event.offset), "a lost connection sends it once more");
    let check = |stage: &mut Stage, who: &Actor, command: Command, refused| {
        assert_eq!(stage.act(who, &command).err(), Some(refused), "{command:?}");
    };
    check(&mut stage, &ann, answer(&ann, "Prada", "b"), Refusal::AnsweredAlready);
    let change = |with: &dyn Fn(&mut Answering)| match answer(&bea, "Gucci", "c") {
        Command::Answer { text, ref_hash, mut answering } => {
            with(&mut answering);
            Command::Answer { text, ref_hash, answering }
        }
        other => other,
    };
    check(&mut stage, &bea, change(&|answering| answering.of_house = true), Refusal::StaffExcluded);
    let france = change(&|answering| answering.country = "FR".parse().ok());
    check(&mut stage, &bea, france, Refusal::NotDelivered);
    let nobody = Actor::Viewer { id: bea.viewer_id(), name: None };
    check(&mut stage, &nobody, answer(&bea, "Gucci", "c"), Refusal::NameNeeded);
    let unknown = change(&|answering| answering.country = None);
    stage.act(&bea, &unknown).expect("whose country is not known may answer");

    // The shop's people go on talking.
    let name = ChatName::parse("Lena").expect("a name");
    let (id, person_id) = (ViewerId::mint(NOW, &mut stage.random), PersonId::mint(NOW, &mut stage.random));
    let host = Actor::Staff { id, person_id, name, role: StaffRole::Host };
    let said = stage.act(&host, &answer(&host, "ten seconds!", "h")).expect("said");
    assert!(matches!(said.kind, Kind::Message { .. }));

    // Decided, it is chat again; an answer that is sent once more is still known.
    let winner = Winner { id: given.id, by: Some(given.by), name: given.name.clone() };
    let decided = TriviaShown { winner: Some(winner), answers: 2, ..shown(TriviaPhase::Decided) };
    let event = stage.tell(decided.clone()).expect("news");
    let told = serde_json::to_string(&*event.public()).expect("json");
    assert!(told.contains("Guest 1") && !told.contains(&ours), "named, and no more than that: {told}");
    assert_eq!(stage.tell(decided), None, "said already");
    assert!(!stage.room.asks());
    assert_eq!(stage.room.said_already(&ann, &answer(&ann, "Gucci!", "a")), again);
    let cem = viewer(3);
    let chat = stage.act(&cem, &answer(&cem, "well done", "d")).expect("said");
    assert!(matches!(chat.kind, Kind::Message { .. }));
    let kept = stage.room.clone().without_words();
    assert!(!serde_json::to_string(&kept).expect("json").contains("Guest 1"), "a fold holds no names");
    stage.tell(shown(TriviaPhase::Ended)).expect("over");
    assert_eq!(stage.room.snapshot(1).trivia, []);
}

#[test]
fn a_full_room_answers_within_a_second() {
    let mut gate =
        Gate::new(NOW, WordLists { refused: WordList::new(["rude"]).expect("small"), held: WordList::default() });
    let room = Room::default();
    let late = (0..1_600u64).filter(|seed| {
        let actor = viewer(*seed);
        gate.admit(NOW, &room, &actor, false, &answer(&actor, "gucci", "a")).is_err()
    });
    assert_eq!(late.count(), 0, "nobody's answer waits for the room's bucket");
    let ann = viewer(5_000);
    let check = |gate: &mut Gate, text: &str, expected| {
        assert_eq!(gate.admit(NOW + Millis(9_000), &room, &ann, false, &answer(&ann, text, "a")), expected, "{text}");
    };
    check(&mut gate, "gucci", Ok(None));
    check(&mut gate, "gucci", Ok(None));
    check(&mut gate, "so rude", Err(Refusal::WordNotAllowed));
    check(&mut gate, "see www.example", Err(Refusal::LinkNotAllowed));
}

/// Lets an answer through as somebody would mistype it.
fn written() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[ \\-.!？。]{0,3}[gＧG][uＵ][cｃ]{1,3}[iｉI][ \\-.!？。]{0,3}",
        prop::sample::select(vec!["Gucci", "guci", "Prada", "1970s Gucci", "1971s gucci", ""]).prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn plain_is_plain_for_good(text in written()) {
        let once = plain(&text);
        prop_assert_eq!(plain(&once), once.clone());
        prop_assert_eq!(plain(&text.to_ascii_uppercase()), plain(&text.to_ascii_lowercase()));
        prop_assert!(once.chars().all(|c| !c.is_whitespace() && !c.is_ascii_punctuation() && !c.is_ascii_uppercase()));
        let dressed = format!("  {text}!?");
        prop_assert_eq!(plain(&dressed), once);
    }

    #[test]
    fn an_accepted_answer_is_right_and_a_typo_needs_leave(text in "[a-z]{4,12}", at in 0usize..12, letter in "[a-z]") {
        let question = |typo| Question { text: "?".into(), answers: vec![text.clone()], typo };
        let dressed = format!(" {text}! ");
        prop_assert!(question(false).accepts(&text.to_uppercase()) && question(true).accepts(&dressed));
        let mut wrong = text.clone();
        wrong.replace_range(at % text.len()..=at % text.len(), &letter);
        prop_assert!(question(true).accepts(&wrong));
        prop_assert_eq!(question(false).accepts(&wrong), wrong == text);
    }

    #[test]
    fn exactly_one_answer_is_the_first_that_is_right(
        given in prop::collection::vec((0u64..12, written(), 1u64..4), 0..60),
        cuts in prop::collection::vec(0usize..60, 0..6),
    ) {
        let question = Question { text: "?".into(), answers: vec!["Gucci".into(), "1970s Gucci".into()], typo: true };
        let mut offset = 10;
        let heard: Vec<(Right, String)> = given.iter().map(|(who, words, step)| {
            offset += step;
            let (by, message) = (viewer(*who).viewer_id(), MessageId::mint(NOW, &mut Random::seeded(offset)));
            (Right { offset, message, by }, words.clone())
        }).collect();
        let mut round = Round::new(question.clone(), 10);
        heard.iter().for_each(|(right, words)| round.hear(*right, words));
        // However often, and from wherever on, the log is read: the order is the same.
        let mut torn = Round::new(question.clone(), 10);
        for cut in cuts.into_iter().chain([heard.len()]) {
            heard.iter().take(cut).for_each(|(right, words)| torn.hear(*right, words));
        }
        prop_assert_eq!(torn.right(), round.right());
        prop_assert_eq!(torn.spread(), round.spread());
        // By the rule, spelled out: each person's first answer, those that are right, in order.
        let mut people = BTreeSet::new();
        let first: Vec<Right> = heard.iter()
            .filter(|(right, words)| people.insert(right.by) && question.accepts(words))
            .map(|(right, _)| *right)
            .collect();
        prop_assert_eq!(round.right(), first.as_slice());
        prop_assert_eq!(round.answers() as usize, people.len());
        prop_assert_eq!(round.spread()[0].count as usize, first.len());
    }
}
