//! Bounds of this crate, each with what happens past it.

use std::time::Duration;

use kernel::Millis;

/// RTMP connections at once; one more is closed at once.
pub const MAX_CONNECTIONS: usize = 256;
/// A publisher that sends more than this, over ten seconds, is sent away. 1080p60 for live takes 1.2 MB/s at most.
pub const MAX_INGEST_BYTES_PER_SECOND: u64 = 2_500_000;
/// Over so long the rate is measured.
pub(crate) const RATE_OVER: Millis = Millis::from_secs(10);
/// A playlist is held back so long for the part that was asked for, then given as it is: the publisher is away. RFC
/// 8216bis (6.2.5.2) would hold for three target durations and answer 503 then; hls.js gives up on such a request
/// after 0.8 target durations, 3.2 s, and counts both as errors.
pub const MAX_BLOCKED: Duration = Duration::from_millis(2_500);
/// The first part of a programme, and a part that a playlist hinted at, are waited for so long; players give a first
/// byte ten seconds.
pub const PART_WITHIN: Duration = Duration::from_secs(6);
/// Writing to an encoder; a slower one is lost.
pub(crate) const WRITE_WITHIN: Duration = Duration::from_secs(5);
/// After the last word, so long is waited for the encoder to read it and hang up.
pub(crate) const HANG_UP_WITHIN: Duration = Duration::from_secs(2);
/// Bytes read and thrown away meanwhile.
pub(crate) const HANG_UP_BYTES: usize = 4 << 20;
/// One read from a socket.
pub(crate) const READ_BYTES: usize = 32 << 10;
/// Publishers' sockets are read together, once in so long, unless there is more than one read holds. Encoders write
/// every picture and sound by itself; reading each by itself costs three times the CPU for a twentieth of a second.
pub(crate) const READ_EVERY: Duration = Duration::from_millis(50);
/// A publisher that sends nothing for so long is away, though still connected.
pub(crate) const AWAY_AFTER: Millis = Millis::from_secs(3);
/// A publisher that sent nothing for so long may be replaced by one with the same key.
pub(crate) const REPLACED_AFTER: Millis = Millis::from_secs(2);
/// An ended programme can be fetched for so long, so that viewers see its last seconds.
pub(crate) const KEEP_ENDED: Millis = Millis::from_mins(2);
/// How often what has ended is swept out.
pub(crate) const SWEEP_EVERY: Duration = Duration::from_secs(10);
/// How often each picture on air is looked at for being black, and its sound listened to for being silent. One process at a time
/// looks, at one segment, so long at most.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(8);
pub(crate) const LOOK_WITHIN: Duration = Duration::from_secs(5);
/// Finished segments that wait for the recorder, a show: half a minute, whose bytes lie in the playlist's window anyhow. Past
/// it segments are left out of the recording, as a gap with a name.
pub(crate) const SEGMENTS_QUEUED: usize = 16;
/// Parts of segments in the making that wait to be written down, a show; past it the rest of that segment is not.
pub(crate) const PARTS_QUEUED: usize = 32;
/// Programmes that wait for their recording to begin; one more is not recorded.
pub(crate) const REELS_QUEUED: usize = 256;
/// Packets that wait for a WebRTC session: a second of picture at its highest rate. Past it they are lost.
pub(crate) const PACKETS_IN: usize = 2_048;
/// Packets of a viewer that wait: reports and requests, a few a second.
pub(crate) const PACKETS_OF_VIEWER: usize = 64;
/// Packets that wait to be written to a TCP connection; past it they are lost.
pub(crate) const PACKETS_OUT: usize = 256;
/// No packet of WebRTC is longer; over TCP a longer one ends its connection.
pub(crate) const PACKET_BYTES: usize = 2_048;
/// A TCP connection that brings no packet for so long is closed.
pub(crate) const TCP_SILENCE: Duration = Duration::from_secs(30);
/// Addresses from which packets of one session are taken; one more is not heard.
pub(crate) const ADDRESSES_EACH: usize = 16;
/// Viewers by WebRTC at once; one more is told to watch by HLS.
pub(crate) const MAX_VIEWERS: usize = 2_000;
/// Frames that a viewer may be behind, two seconds and more; past it they are left out up to the next keyframe.
pub(crate) const FRAMES_BEHIND: usize = 256;
/// Pictures since the last keyframe that are kept for who joins; past it newcomers wait for the next one.
pub(crate) const GROUP_BYTES: usize = 4 << 20;
/// Frames of AAC that wait for the process that makes Opus of them; past it sound is lost.
pub(crate) const SOUNDS_QUEUED: usize = 64;
/// Sound whose times are so far from its count of samples is begun anew.
pub(crate) const SOUND_DRIFT: Millis = Millis(120);
/// A process that makes Opus and did not last so long is begun anew only after a rest: a second, then twice as long each time, up
/// to half a minute. Meanwhile viewers see the picture alone.
pub(crate) const SOUND_LASTS: Millis = Millis::from_mins(1);
pub(crate) const SOUND_RESTS: Millis = Millis::from_secs(1);
pub(crate) const SOUND_RESTS_DOUBLED: u32 = 5;
/// Requests that wait for a session.
pub(crate) const ASKS_QUEUED: usize = 16;
