//! A media playlist of low-latency HLS, as far as a player at its edge reads it.

/// A part by its segment's number and its own.
pub(super) type Place = (u64, u32);

/// What a player takes from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Playlist {
    /// Address of the newest initialisation segment.
    pub(super) init: Option<String>,
    pub(super) parts: Vec<(Place, String)>,
    /// The part that comes next.
    pub(super) next: Place,
    /// Seconds of all segments and of the parts behind them that are listed.
    pub(super) listed_secs: f64,
    /// A newcomer stays so far behind, less the part that is on its way.
    pub(super) slack_secs: f64,
}

fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let at = line.match_indices(name).map(|(at, _)| at);
    let mut values = at.filter_map(|at| {
        let before = line[..at].chars().next_back();
        line[at + name.len()..].strip_prefix('=').filter(|_| matches!(before, Some(':' | ',')))
    });
    let value = values.next()?;
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split(',').next(),
    }
}

fn secs(line: &str, name: &str) -> f64 {
    attribute(line, name).and_then(|value| value.parse().ok()).unwrap_or(0.0)
}

impl Playlist {
    /// None for what is no playlist with parts.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut read = Self::default();
        let (mut segment, mut part, mut behind) = (0, 0, 0.0);
        let (mut hold_back, mut target) = (0.0, 0.0);
        for line in text.lines() {
            if let Some(first) = line.strip_prefix("#EXT-X-MEDIA-SEQUENCE:") {
                segment = first.parse().ok()?;
            } else if line.starts_with("#EXT-X-SKIP:") {
                segment += attribute(line, "SKIPPED-SEGMENTS")?.parse::<u64>().ok()?;
            } else if line.starts_with("#EXT-X-SERVER-CONTROL:") {
                hold_back = secs(line, "PART-HOLD-BACK");
            } else if line.starts_with("#EXT-X-PART-INF:") {
                target = secs(line, "PART-TARGET");
            } else if line.starts_with("#EXT-X-MAP:") {
                read.init = attribute(line, "URI").map(str::to_owned);
            } else if line.starts_with("#EXT-X-PART:") {
                read.parts.push(((segment, part), attribute(line, "URI")?.to_owned()));
                (part, behind) = (part + 1, behind + secs(line, "DURATION"));
            } else if let Some(length) = line.strip_prefix("#EXTINF:") {
                read.listed_secs += length.split(',').next()?.parse::<f64>().ok()?;
            } else if !line.starts_with('#') && !line.is_empty() {
                (segment, part, behind) = (segment + 1, 0, 0.0);
            }
        }
        (read.next, read.slack_secs) = ((segment, part), hold_back - target);
        read.listed_secs += behind;
        (!read.parts.is_empty() && target > 0.0).then_some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_player_reads_what_it_needs() {
        let text = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n\
                    #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.500,HOLD-BACK=12.000\n\
                    #EXT-X-PART-INF:PART-TARGET=0.5\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-SKIP:SKIPPED-SEGMENTS=2\n\
                    #EXT-X-MAP:URI=\"init-0.mp4\"\n#EXT-X-PART:DURATION=0.500,URI=\"9.0.m4s\",INDEPENDENT=YES\n\
                    #EXT-X-PART:DURATION=0.250,URI=\"9.1.m4s\"\n#EXTINF:0.750,\n9.m4s\n\
                    #EXT-X-PART:DURATION=0.500,URI=\"10.0.m4s\"\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"10.1.m4s\"\n";
        let read = Playlist::read(text).expect("a playlist");
        let parts: Vec<_> = read.parts.iter().map(|(place, name)| (*place, name.as_str())).collect();
        assert_eq!(parts, [((9, 0), "9.0.m4s"), ((9, 1), "9.1.m4s"), ((10, 0), "10.0.m4s")]);
        assert_eq!((read.next, read.init.as_deref()), ((10, 1), Some("init-0.mp4")));
        assert_eq!((read.slack_secs, read.listed_secs), (1.0, 1.25));
        assert_eq!(Playlist::read("#EXTM3U\n"), None);
    }
}
