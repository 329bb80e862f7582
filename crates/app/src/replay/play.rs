//! What a player of a recording is given: an ended show's replay, or what is behind a live one.

use bytes::Bytes;
use hub::Lifecycle;
use kernel::ShowId;

use super::index::index;
use super::playlist::{self, Ending};
use super::{edit, segment_key, setup_key, still};
use crate::access::{self, Act};
use crate::ports::ShowRow;
use crate::{Actor, App, Code, Problem, shows};

/// A file of a recording, as playlists name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `master.m3u8`
    Master,
    /// `media.m3u8`
    Media,
    /// `original.m3u8`: all that was recorded, for staff alone.
    Original,
    /// `12.m4s`
    Segment(i64),
    /// `init-….mp4`
    Setup(String),
    /// `12.jpg`: the picture that the segment begins with.
    Still(i64),
    /// `poster-1795374000000.jpg`: the picture of that moment.
    Poster(i64),
}

impl Item {
    /// Reads the last part of an address, exactly as playlists write it: one name each, so that a cache holds each once.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "master.m3u8" => Self::Master,
            "media.m3u8" => Self::Media,
            "original.m3u8" => Self::Original,
            _ if name.ends_with(".jpg") => match name.strip_suffix(".jpg")?.strip_prefix("poster-") {
                Some(at_ms) => Self::Poster(digits(at_ms)?.try_into().ok()?),
                None => Self::Still(u32::try_from(digits(name.strip_suffix(".jpg")?)?).ok()?.into()),
            },
            _ => match (name.strip_prefix("init-").and_then(|n| n.strip_suffix(".mp4")), name.strip_suffix(".m4s")) {
                (Some(setup), _) => Self::Setup(setup.to_owned()),
                (None, Some(number)) => Self::Segment(u32::try_from(digits(number)?).ok()?.into()),
                (None, None) => return None,
            },
        })
    }
}

/// A number as playlists write it.
fn digits(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Of a show on air: it grows.
    Growing(String),
    /// Of a show that is over: it changes when staff edit it.
    Playlist(String),
    /// It never changes, and everybody may keep it.
    Media(Bytes),
    /// A JPEG that never changes.
    Picture(Bytes),
    /// It never changes; for staff alone.
    Hidden(Bytes),
}

/// Whether there is a recording to play for everybody.
#[must_use]
pub const fn is_open(show: &ShowRow) -> bool {
    matches!(show.lifecycle, Lifecycle::Live { .. } | Lifecycle::Ended { .. })
}

/// One file of a show's recording.
pub async fn fetch(app: &App, actor: &Actor, id: ShowId, item: Item) -> Result<Answer, Problem> {
    let show = shows::find(app, id).await?;
    if !is_open(&show) {
        return Err(Code::NotFound.into());
    }
    let index = index(app, id).await?;
    let (_, edit) = edit::get(app, id).await?;
    let over = matches!(show.lifecycle, Lifecycle::Ended { .. });
    let ending = if over { Ending::Closed } else { Ending::Open };
    let staff = || access::may(actor, Act::SeeStudio, shows::place(&show));
    let text = |text: Option<String>| {
        let text = text.ok_or(Code::NotFound)?;
        Ok(if over { Answer::Playlist(text) } else { Answer::Growing(text) })
    };
    match item {
        Item::Master => text(playlist::multivariant(&index, &edit, "media.m3u8")),
        Item::Media => text(playlist::media(&index, &edit, ending)),
        Item::Original if staff() => {
            text(playlist::media(&index, &edit::Edit::default(), ending)).map(|answer| match answer {
                Answer::Playlist(text) => Answer::Growing(text),
                other => other,
            })
        }
        Item::Original => Err(Code::NotFound.into()),
        Item::Setup(setup) if index.setups.contains_key(&setup) => {
            object(app, &setup_key(id, &setup)).await.map(Answer::Media)
        }
        Item::Setup(_) => Err(Code::NotFound.into()),
        Item::Still(sequence) => still::still(app, id, &index, &edit, sequence).await.map(Answer::Picture),
        Item::Poster(at_ms) => still::poster(app, id, &index, &edit, at_ms).await.map(Answer::Picture),
        Item::Segment(sequence) => {
            // Sequences have no gaps, so a segment's place is its sequence.
            let segment = usize::try_from(sequence).ok().and_then(|place| index.segments.get(place));
            let segment = segment.filter(|segment| segment.missing.is_none()).ok_or(Code::NotFound)?;
            let key = segment_key(id, sequence);
            if edit.shows_whole(segment) {
                object(app, &key).await.map(Answer::Media)
            } else if staff() {
                object(app, &key).await.map(Answer::Hidden)
            } else {
                Err(Code::NotFound.into())
            }
        }
    }
}

async fn object(app: &App, key: &str) -> Result<Bytes, Problem> {
    Ok(app.ports.objects.get(key).await?.ok_or(Code::NotFound)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_has_one_name() {
        for (name, item) in [
            ("master.m3u8", Some(Item::Master)),
            ("0.m4s", Some(Item::Segment(0))),
            ("12.m4s", Some(Item::Segment(12))),
            ("012.m4s", None),
            ("-1.m4s", None),
            ("99999999999.m4s", None),
            ("init-Ab_9.mp4", Some(Item::Setup("Ab_9".into()))),
            ("12.jpg", Some(Item::Still(12))),
            ("012.jpg", None),
            ("99999999999.jpg", None),
            ("poster-1795374000000.jpg", Some(Item::Poster(1_795_374_000_000))),
            ("poster-.jpg", None),
            (".jpg", None),
            ("live.m3u8", None),
            ("", None),
        ] {
            assert_eq!(Item::named(name), item, "{name}");
        }
    }
}
