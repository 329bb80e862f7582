//! A whole connection: what follows the handshake, in cuts that the input chooses, down to the playlist.

use kernel::{Millis, Timestamp};
use media::Closed;
use media::programme::Run;
use media::rtmp::{Event, Output, RefusalCode, Session};

use crate::player::Player;

pub fn run(data: &[u8]) {
    let Some((&[cut, pace], data)) = data.split_first_chunk() else { return };
    let mut now = Timestamp::from_unix_millis(1_795_374_000_000);
    let mut session = Session::new(now, [7; 32]);
    session.handle_input(now, &[3]);
    session.handle_input(now, &[0; 3_072]);
    let mut run = Run::new(now);
    let mut player = Player::new();
    for bytes in data.chunks(usize::from(cut) * 16 + 1) {
        now = now + Millis(i64::from(pace));
        session.handle_input(now, bytes);
        loop {
            let unit = match session.poll_output() {
                Output::Wait(until) => {
                    assert!(until + Millis::from_secs(60) > now, "a deadline that never comes");
                    break;
                }
                Output::Close(closed) => {
                    assert!(!closed.name().is_empty());
                    player.publisher_left();
                    return;
                }
                Output::Send(bytes) => {
                    assert!(!bytes.is_empty());
                    continue;
                }
                Output::Event(Event::Publish { stream_key, .. }) if stream_key == "no" => {
                    session.refuse(RefusalCode::Unauthorized, "no", Closed::Refused(stream_key));
                    continue;
                }
                Output::Event(Event::Publish { .. }) => {
                    session.accept(now);
                    continue;
                }
                Output::Event(Event::Video { timestamp, body }) => run.video(now, timestamp, &body),
                Output::Event(Event::Audio { timestamp, body }) => run.audio(now, timestamp, &body),
            };
            match unit {
                Ok(Some(unit)) => player.push(unit),
                Ok(None) => {}
                Err(end) => session.refuse(RefusalCode::Rejected, &end.to_string(), end.into()),
            }
        }
        session.handle_timeout(now);
    }
    player.publisher_left();
}
