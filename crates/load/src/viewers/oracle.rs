//! The oracle: what a viewer was told, held against the room's log. The log is what a witness of the shop's saw, who was never
//! cut, is told every line, and whose own offsets have no holes.

use std::collections::BTreeMap;

use super::frame::{Covers, Hello, Lane, Seen, Start, State};

/// Prints are folded in order: two stretches with the same events in another order differ.
const TURN: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(print: u64, next: u64) -> u64 {
    print.wrapping_mul(TURN).wrapping_add(next).rotate_left(17)
}

/// What one viewer folded from a snapshot on, whatever cuts lay between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Exclusive: the snapshot's offset.
    pub(super) from: u64,
    pub(super) to: u64,
    state_events: u64,
    state_print: u64,
    lines: u64,
    left_out: u64,
}

impl Stretch {
    /// Chat lines that the server says it left out.
    pub(super) const fn left_out(&self) -> u64 {
        self.left_out
    }

    fn new(from: u64) -> Self {
        Self { from, to: from, state_events: 0, state_print: 0, lines: 0, left_out: 0 }
    }

    fn take(&mut self, lane: Lane, print: u64) {
        match lane {
            Lane::State => {
                self.state_events += 1;
                self.state_print = mix(self.state_print, print);
            }
            Lane::Chat => self.lines += 1,
            Lane::Fx => {}
        }
    }
}

/// An offset that no frame covered and of which the server said nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gap;

/// One viewer's fold, as a page keeps it.
#[derive(Debug)]
pub(super) struct Fold {
    pub(super) epoch: String,
    pub(super) now: Stretch,
    pub(super) ended: Vec<Stretch>,
    pub(super) starts: Vec<Start>,
    pub(super) resumed: u32,
}

impl Fold {
    pub(super) fn new() -> Self {
        let (epoch, ended, starts) = (String::new(), Vec::new(), Vec::new());
        Self { epoch, now: Stretch::new(0), ended, starts, resumed: 0 }
    }

    /// A page that is loaded anew has nothing to come back with; what it saw before still has to be true.
    pub(super) fn reload(&mut self) {
        self.epoch.clear();
    }

    pub(super) fn hello(&mut self, hello: &Hello) {
        self.epoch.clone_from(&hello.epoch);
        match &hello.snapshot {
            None => self.resumed += 1,
            Some(start) => {
                if self.now.to > self.now.from {
                    self.ended.push(self.now);
                }
                self.now = Stretch::new(start.offset);
                self.starts.push(start.clone());
            }
        }
    }

    /// Returns the events that were new.
    pub(super) fn covers<'a>(&mut self, covers: &'a Covers) -> Result<&'a [Seen], Gap> {
        let stretch = &mut self.now;
        if covers.to < covers.from || covers.to <= stretch.to {
            return Ok(&[]);
        }
        if covers.from > stretch.to + 1 {
            return Err(Gap);
        }
        let known = covers.events.partition_point(|event| event.offset <= stretch.to);
        for event in &covers.events[known..] {
            stretch.take(event.lane, event.print);
        }
        stretch.left_out += covers.left_out;
        stretch.to = covers.to;
        Ok(&covers.events[known..])
    }
}

/// The log, as far as the witness saw it.
#[derive(Debug)]
pub(super) struct Log {
    /// Offset before the first event.
    from: u64,
    events: Vec<(Lane, u64)>,
    /// The state behind each of these offsets; it holds until the next.
    states: BTreeMap<u64, State>,
}

impl Log {
    pub(super) fn new(start: &Start) -> Self {
        let states = BTreeMap::from([(start.offset, start.state.clone())]);
        Self { from: start.offset, events: Vec::new(), states }
    }

    pub(super) fn to(&self) -> u64 {
        self.from + self.events.len() as u64
    }

    /// The last offset of a line or a state event; sums of hearts and viewers go on while people leave.
    pub(super) fn last_told(&self) -> u64 {
        let behind = self.events.iter().rev().take_while(|(lane, _)| *lane == Lane::Fx).count();
        self.to() - behind as u64
    }

    /// The witness is told everything: an offset without its event is a hole.
    pub(super) fn take(&mut self, seen: &[Seen]) -> Result<(), Gap> {
        for event in seen {
            if event.offset != self.to() + 1 {
                return Err(Gap);
            }
            self.events.push((event.lane, event.print));
            if let (Some(event), Some((_, state))) = (&event.event, self.states.last_key_value()) {
                let mut state = state.clone();
                state.apply(event);
                self.states.insert(self.to(), state);
            }
        }
        Ok(())
    }

    /// What of a viewer's stretch is not as the log says.
    pub(super) fn disagrees(&self, stretch: &Stretch) -> Option<&'static str> {
        if stretch.from < self.from || stretch.to > self.to() {
            return Some("offsets that are not in the log");
        }
        let place = |offset: u64| (offset - self.from) as usize;
        let mut expected = Stretch::new(stretch.from);
        for (lane, print) in &self.events[place(stretch.from)..place(stretch.to)] {
            expected.take(*lane, *print);
        }
        if (stretch.state_events, stretch.state_print) != (expected.state_events, expected.state_print) {
            return Some("the state lane is not the log's");
        }
        (stretch.lines + stretch.left_out != expected.lines).then_some("chat lines went without a word")
    }

    /// Whether a snapshot said what the log comes to.
    pub(super) fn agrees_on(&self, start: &Start) -> bool {
        let known = self.states.range(..=start.offset).next_back();
        start.offset <= self.to() && known.is_some_and(|(_, state)| *state == start.state)
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::Frame;
    use super::*;

    fn frame(text: &str) -> Covers {
        match Frame::read(text.as_bytes()).expect("JSON") {
            Frame::Covers(covers) => covers,
            other => panic!("{other:?}"),
        }
    }

    fn start(offset: u64) -> Start {
        Start { offset, state: State::default() }
    }

    /// Offsets 11 pin, 12 line, 13 line, 14 unpin.
    fn log() -> Log {
        let mut log = Log::new(&start(10));
        let covers = frame(
            r#"{"t":"frame","from":11,"to":14,"left_out":0,"events":[{"o":11,"k":"pinned","number":1},
            {"o":12,"k":"message","text":"a"},{"o":13,"k":"message","text":"b"},{"o":14,"k":"unpinned"}]}"#,
        );
        assert_eq!(log.take(&covers.events), Ok(()));
        log
    }

    fn viewer(frames: &[&str]) -> Result<Fold, Gap> {
        let mut fold = Fold::new();
        fold.hello(&Hello { epoch: "e".into(), snapshot: Some(start(10)) });
        for text in frames {
            fold.covers(&frame(text))?;
        }
        Ok(fold)
    }

    #[test]
    fn the_oracle_finds_what_is_missing() {
        let check = |frames: &[&str], expected: Option<&str>| {
            let fold = viewer(frames).expect("no gap");
            assert_eq!(log().disagrees(&fold.now), expected, "{frames:?}");
        };
        let pin = r#"{"t":"frame","from":11,"to":11,"left_out":0,"events":[{"o":11,"k":"pinned","number":1}]}"#;
        let other = r#"{"t":"frame","from":11,"to":11,"left_out":0,"events":[{"o":11,"k":"pinned","number":2}]}"#;
        let none = r#"{"t":"frame","from":11,"to":11,"left_out":0,"events":[]}"#;
        let line = r#"{"t":"frame","from":12,"to":13,"left_out":1,"events":[{"o":12,"k":"message","text":"a"}]}"#;
        let silent = r#"{"t":"frame","from":12,"to":13,"left_out":0,"events":[{"o":12,"k":"message","text":"a"}]}"#;
        let unpin = r#"{"t":"frame","from":14,"to":14,"left_out":0,"events":[{"o":14,"k":"unpinned"}]}"#;
        check(&[], None);
        check(&[pin, line, unpin], None);
        check(&[pin, pin, line, line, unpin], None);
        check(&[other, line], Some("the state lane is not the log's"));
        check(&[none, line, unpin], Some("the state lane is not the log's"));
        check(&[pin, silent, unpin], Some("chat lines went without a word"));
        assert_eq!(viewer(&[pin, unpin]).err(), Some(Gap));
        let ahead = r#"{"t":"frame","from":11,"to":15,"left_out":0,"events":[]}"#;
        check(&[ahead], Some("offsets that are not in the log"));
    }

    #[test]
    fn a_snapshot_has_to_say_what_the_log_says() {
        let log = log();
        assert!(log.agrees_on(&start(10)) && log.agrees_on(&start(14)));
        assert!(!log.agrees_on(&start(12)), "a product is pinned there");
        assert!(!log.agrees_on(&start(15)), "not there yet");
    }

    #[test]
    fn the_witness_sees_every_offset() {
        let mut log = log();
        let hole = frame(r#"{"t":"frame","from":15,"to":16,"left_out":0,"events":[{"o":16,"k":"unpinned"}]}"#);
        assert_eq!(log.take(&hole.events), Err(Gap));
    }
}
