//! What must hold of a programme whatever was published into it.

use kernel::Millis;
use media::hls::{Edge, PART_TARGETS, Packager};
use media::programme::Unit;

/// A programme under watch.
pub struct Player {
    packager: Packager,
    seen: Edge,
}

impl Player {
    pub fn new() -> Self {
        Self { packager: Packager::new(PART_TARGETS[0], 0), seen: Edge::default() }
    }

    pub fn push(&mut self, unit: Unit) {
        self.packager.push(unit);
        self.look();
    }

    pub fn publisher_left(&mut self) {
        self.packager.publisher_left();
        self.look();
    }

    /// Numbers never go back, and whatever the playlist names is there.
    fn look(&mut self) {
        let edge = self.packager.edge();
        assert!(edge >= self.seen, "{edge:?} after {:?}", self.seen);
        if edge == self.seen {
            return;
        }
        self.seen = edge;
        let Some(playlist) = self.packager.playlist(false) else { return };
        let playlist = std::str::from_utf8(&playlist).expect("playlists are text");
        for line in playlist.lines() {
            if let Some(part) = line.strip_prefix("#EXT-X-PART:DURATION=") {
                let (duration, rest) = part.split_once(",URI=\"").expect("a part has an address");
                assert!(millis(duration) <= PART_TARGETS[0].0, "{line}");
                let (segment, number) =
                    rest.split_once(".m4s").and_then(|(name, _)| name.split_once('.')).expect("a part's name");
                let bytes = self.packager.part(segment.parse().expect("digits"), number.parse().expect("digits"));
                assert!(bytes.is_some_and(|bytes| !bytes.is_empty()), "{line}");
            } else if let Some(duration) = line.strip_prefix("#EXTINF:") {
                assert!(millis(duration.trim_end_matches(',')) < 4_500, "{line}");
            } else if let Some(name) = line.strip_suffix(".m4s") {
                assert!(self.packager.segment(name.parse().expect("digits")).is_some(), "{line}");
            } else if let Some(init) = line.strip_prefix("#EXT-X-MAP:URI=\"init-") {
                let number = init.trim_end_matches(".mp4\"").parse().expect("digits");
                assert!(self.packager.init(number).is_some(), "{line}");
            }
        }
        assert!(self.packager.multivariant().is_some_and(|text| text.starts_with(b"#EXTM3U\n")));
        assert!(self.packager.hold_back() > Millis(0));
    }
}

fn millis(text: &str) -> i64 {
    let (seconds, fraction) = text.split_once('.').expect("seconds with three digits behind the point");
    seconds.parse::<i64>().expect("digits") * 1_000 + fraction.parse::<i64>().expect("digits")
}
