//! The names that playlists give to a programme's files, relative to their own address; one name for each file.

use std::fmt;

/// One file of a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    Multivariant,
    Playlist,
    Init(u32),
    Segment(u64),
    Part { segment: u64, part: u32 },
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Multivariant => f.write_str("master.m3u8"),
            Self::Playlist => f.write_str("live.m3u8"),
            Self::Init(number) => write!(f, "init-{number}.mp4"),
            Self::Segment(number) => write!(f, "{number}.m4s"),
            Self::Part { segment, part } => write!(f, "{segment}.{part}.m4s"),
        }
    }
}
