//! The promises of [`Moderation`], over the room's log that writes the acts: reported once, settled once, each told their own.

use kernel::{EntryId, MessageId, Millis, PersonId, Random, ShowId, Timestamp, ViewerId};
use room::{Event, Kind};

use crate::ports::{
    Appeal, Append, Moderated, Moderation, Reason, ReportRow, RoomKey, RoomLog, Settled, Stage, Subject, Verdict,
};

const NOW: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

struct Case<'a, S> {
    store: &'a S,
    random: Random,
    at: Timestamp,
}

/// Runs every check in shows of its own.
///
/// # Panics
/// When a promise is broken.
pub async fn check(store: &(impl Moderation + RoomLog)) {
    let mut case = Case { store, random: Random::seeded(23), at: NOW };
    case.reports().await;
    case.acts_and_appeals().await;
    case.blocks().await;
}

impl<S: Moderation + RoomLog> Case<'_, S> {
    fn show(&mut self) -> RoomKey {
        RoomKey { show: ShowId::mint(NOW, &mut self.random), stage: Stage::Live }
    }

    fn viewer(&mut self) -> ViewerId {
        ViewerId::mint(NOW, &mut self.random)
    }

    fn settled(&mut self, verdict: Verdict) -> Settled {
        let by = PersonId::mint(NOW, &mut self.random);
        Settled { verdict, answer: "thank you".into(), by, at: self.at }
    }

    fn report(&mut self, show: ShowId, viewer: ViewerId, subject: Subject) -> ReportRow {
        self.at = self.at + Millis::from_secs(1);
        let (id, note) = (EntryId::mint(self.at, &mut self.random), "it's \"bad\"".to_owned());
        ReportRow { id, show, viewer, subject, reason: Reason::Spam, note, at: self.at, settled: None }
    }

    fn said(&mut self, offset: u64, viewer_id: ViewerId) -> (MessageId, Event) {
        let id = MessageId::mint(NOW, &mut self.random);
        let (name, text) = ("Mei".to_owned(), "cheap bags".to_owned());
        let kind = Kind::Message {
            id,
            viewer_id,
            name,
            text,
            staff_role: None,
            ref_hash: None,
            question: false,
            held: None,
            removed: false,
        };
        (id, Event { offset, programme_ms: 5, kind })
    }

    async fn append(&mut self, room: RoomKey, event: Event, about: Option<Option<ViewerId>>) {
        let moderated = about.map(|viewer| Moderated {
            entry: EntryId::mint(self.at, &mut self.random),
            offset: event.offset,
            by: PersonId::mint(NOW, &mut self.random),
            viewer,
            reason: "advertising".into(),
            at: NOW,
        });
        let append = Append { room, at: NOW, events: vec![event], moderated: moderated.into_iter().collect() };
        assert_eq!(self.store.append(append).await, Ok(()));
    }

    async fn reports(&mut self) {
        let room = self.show();
        let (ann, bea, cem) = (self.viewer(), self.viewer(), self.viewer());
        let (line, event) = self.said(1, cem);
        self.append(room, event, None).await;
        let about = [Subject::Message(line), Subject::Product(7), Subject::Show];
        let mut all = Vec::new();
        for (viewer, subject) in [(ann, about[0]), (bea, about[0]), (ann, about[1]), (bea, about[2])] {
            let report = self.report(room.show, viewer, subject);
            assert_eq!(self.store.add_report(report.clone(), 3).await, Ok(true));
            all.push(report);
        }
        let again = self.report(room.show, ann, about[0]);
        assert_eq!(self.store.add_report(again, 3).await, Ok(false), "a thing is reported once");
        let third = self.report(room.show, ann, about[2]);
        assert_eq!(self.store.add_report(third.clone(), 2).await, Ok(false), "past the bound nothing is added");
        let open = self.store.open_reports(room.show).await.expect("read");
        let said = open[0].said.as_ref().map(|(by, words)| (*by, words.text.as_str()));
        assert_eq!(said, Some((cem, "cheap bags")));
        assert!(open[2].said.is_none());
        assert_eq!(open.into_iter().map(|open| open.report).collect::<Vec<_>>(), all, "oldest first");
        let elsewhere = self.show();
        assert_eq!(self.store.open_reports(elsewhere.show).await, Ok(vec![]));

        let settled = self.settled(Verdict::Granted);
        assert_eq!(self.store.settle_reports(room.show, about[0], settled.clone()).await, Ok(vec![ann, bea]));
        assert_eq!(self.store.settle_reports(room.show, about[0], settled.clone()).await, Ok(vec![]), "once");
        assert_eq!(self.store.open_reports(room.show).await.map(|open| open.len()), Ok(2));
        let own = self.store.reports_by(room.show, ann).await.expect("read");
        assert_eq!(own, vec![all[2].clone(), ReportRow { settled: Some(settled), ..all[0].clone() }], "newest first");
    }

    async fn acts_and_appeals(&mut self) {
        let room = self.show();
        let (troll, other) = (self.viewer(), self.viewer());
        let (line, event) = self.said(1, troll);
        self.append(room, event, None).await;
        let removed = Event { offset: 2, programme_ms: 5, kind: Kind::Removed { message_id: line } };
        // The room had forgotten whose line it was.
        self.append(room, removed, Some(None)).await;
        let muted = Kind::Muted { viewer_id: troll, until_ms: NOW.unix_millis() + 60_000 };
        self.append(room, Event { offset: 3, programme_ms: 5, kind: muted.clone() }, Some(Some(troll))).await;

        let acts = self.store.acts_on(room.show, troll).await.expect("read");
        let told: Vec<_> = acts.iter().map(|act| (act.offset, act.kind.name(), act.reason.as_str())).collect();
        assert_eq!(told, [(3, "muted", "advertising"), (2, "removed", "advertising")]);
        assert_eq!(acts[1].words.as_ref().map(|words| words.text.as_str()), Some("cheap bags"));
        assert_eq!((acts[0].kind.clone(), acts[0].words.clone(), acts[0].viewer), (muted, None, troll));
        assert_eq!(self.store.acts_on(room.show, other).await, Ok(vec![]));

        let appeal = Appeal { text: "it was no advertisement".into(), at: self.at, settled: None };
        let add = async |viewer, offset| self.store.add_appeal(room.show, viewer, offset, appeal.clone()).await;
        assert_eq!(add(other, 3).await, Ok(false), "it is about somebody else");
        assert_eq!(add(troll, 1).await, Ok(false), "nothing was decided there");
        assert_eq!(add(troll, 3).await, Ok(true));
        assert_eq!(add(troll, 3).await, Ok(false), "once");
        assert_eq!(add(troll, 2).await, Ok(true));
        let open = self.store.open_appeals(room.show).await.expect("read");
        assert_eq!(open.len(), 2);
        assert!(open.iter().all(|row| row.show == room.show && row.act.appeal.as_ref() == Some(&appeal)));
        let settled = self.settled(Verdict::Rejected);
        let done = self.store.settle_appeal(room.show, 3, settled.clone()).await.expect("written").expect("it waited");
        assert_eq!(done.appeal.and_then(|appeal| appeal.settled), Some(settled.clone()));
        assert_eq!(self.store.settle_appeal(room.show, 3, settled.clone()).await, Ok(None), "once");
        assert_eq!(self.store.settle_appeal(room.show, 1, settled).await, Ok(None));
        let open = self.store.open_appeals(room.show).await.expect("read");
        assert_eq!(open.iter().map(|row| row.act.offset).collect::<Vec<_>>(), [2]);
    }

    async fn blocks(&mut self) {
        let room = self.show();
        let (far, here) = (self.viewer(), self.viewer());
        let block = |offset, viewer_id, blocked, house| Event {
            offset,
            programme_ms: 5,
            kind: Kind::Blocked { viewer_id, blocked, house },
        };
        self.append(room, block(1, far, true, true), Some(Some(far))).await;
        self.append(room, block(2, here, true, false), Some(Some(here))).await;
        assert_eq!(self.store.blocked().await, Ok(vec![far]), "a block from one show is that show's");
        self.append(room, block(3, far, true, true), Some(Some(far))).await;
        self.append(room, block(4, far, false, true), Some(Some(far))).await;
        assert_eq!(self.store.blocked().await, Ok(vec![]));
        assert_eq!(self.store.has_paid(far).await, Ok(false));
    }
}
