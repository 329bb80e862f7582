//! A replay with its chapters and jump points.

use kernel::{Millis, ShowId};
use room::{Event, Kind, Step, Wanted};

use super::edit::{self, Edit, Mark};
use super::index::index;
use super::playlist::{Stretch, position, stretches};
use super::still::{Along, along};
use crate::{App, Problem};

/// A product's presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chapter {
    pub number: u32,
    pub at_ms: i64,
    pub position: Millis,
    /// To the next chapter, or to the end.
    pub duration: Millis,
}

/// What happened to a number at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// What was asked for was shown, beside another number where the two were compared.
    Shown {
        asked: Wanted,
        with: Option<u32>,
    },
    PriceChanged,
    SaleStopped,
    SaleResumed,
}

impl What {
    /// A permanent word for the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shown { .. } => "shown",
            Self::PriceChanged => "price_changed",
            Self::SaleStopped => "sale_stopped",
            Self::SaleResumed => "sale_resumed",
        }
    }
}

/// A moment to jump to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub what: What,
    pub number: u32,
    pub at_ms: i64,
    pub position: Millis,
}

/// What a replay is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub stretches: Vec<Stretch>,
    pub duration: Millis,
    pub chapters: Vec<Chapter>,
    pub moments: Vec<Moment>,
    /// Pictures along the seek bar; none where this machine cannot make them.
    pub stills: Vec<Along>,
    /// Programme time of the picture that stands for it, where staff chose one.
    pub poster_ms: Option<i64>,
}

/// The replay of a show as its edit shows it.
pub async fn view(app: &App, show: ShowId) -> Result<View, Problem> {
    let (_, edit) = edit::get(app, show).await?;
    let index = index(app, show).await?;
    let stretches = stretches(&index, &edit);
    if stretches.is_empty() {
        return Ok(View::default());
    }
    let events = app.replay.rows.moments(show).await?;
    let can = app.replay.stills.can();
    let marks = edit.chapters.clone().unwrap_or_else(|| marks(&events));
    Ok(View {
        chapters: chapters(&stretches, &marks),
        moments: moments(&stretches, &edit, &events),
        duration: Millis(stretches.iter().map(|stretch| stretch.duration.0).sum()),
        stills: if can { along(&index, &edit) } else { Vec::new() },
        poster_ms: edit.poster_ms.filter(|at_ms| can && position(&stretches, *at_ms).is_some()),
        stretches,
    })
}

/// Chapters as the pins make them: a number pinned twice in a row is one.
#[must_use]
pub fn marks(events: &[Event]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let pins = events.iter().filter_map(|event| match event.kind {
        Kind::Pinned { number } => Some(Mark { number, at_ms: event.programme_ms }),
        _ => None,
    });
    for mark in pins {
        if marks.last().is_none_or(|last| last.number != mark.number) {
            marks.push(mark);
        }
    }
    marks.sort_by_key(|mark| mark.at_ms);
    marks
}

/// Where the marks are in the replay. One whose whole time is not shown is left out.
fn chapters(stretches: &[Stretch], marks: &[Mark]) -> Vec<Chapter> {
    let end = stretches.iter().map(|stretch| stretch.duration.0).sum();
    let at = |mark: &Mark| position(stretches, mark.at_ms).map_or(end, |position| position.0);
    let chapter = |(place, mark): (usize, &Mark)| {
        let from = at(mark);
        let to = marks.get(place + 1).map_or(end, at);
        (to > from).then(|| Chapter {
            number: mark.number,
            at_ms: mark.at_ms,
            position: Millis(from),
            duration: Millis(to - from),
        })
    };
    marks.iter().enumerate().filter_map(chapter).collect()
}

fn moments(stretches: &[Stretch], edit: &Edit, events: &[Event]) -> Vec<Moment> {
    let mut moments = Vec::new();
    for event in events {
        let (what, number) = match &event.kind {
            Kind::RequestStepped { step: Step::Shown, number: Some(number), what, with, .. } => {
                (What::Shown { asked: *what, with: *with }, *number)
            }
            Kind::PriceChanged { number } => (What::PriceChanged, *number),
            Kind::SaleStopped { number } => (What::SaleStopped, *number),
            Kind::SaleResumed { number } => (What::SaleResumed, *number),
            _ => continue,
        };
        let at_ms = event.programme_ms;
        if let Some(position) = position(stretches, at_ms).filter(|_| edit.shows(at_ms)) {
            moments.push(Moment { what, number, at_ms, position });
        }
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_follow_the_pins_and_end_with_the_next() {
        let stretch =
            |at_ms, position, duration| Stretch { at_ms, position: Millis(position), duration: Millis(duration) };
        let stretches = [stretch(10_000, 0, 10_000), stretch(30_000, 10_000, 10_000)];
        let events: Vec<Event> = [(5_000, 1), (6_000, 1), (15_000, 2), (22_000, 3), (25_000, 4), (50_000, 5)]
            .into_iter()
            .zip(1..)
            .map(|((programme_ms, number), offset)| Event { offset, programme_ms, kind: Kind::Pinned { number } })
            .collect();
        let found: Vec<(u32, i64, i64)> = chapters(&stretches, &marks(&events))
            .into_iter()
            .map(|chapter| (chapter.number, chapter.position.0, chapter.duration.0))
            .collect();
        // 1 began before the recording; 3 was pinned and left while nothing was recorded; 5 came after the end.
        assert_eq!(found, [(1, 0, 5_000), (2, 5_000, 5_000), (4, 10_000, 10_000)]);
    }
}
