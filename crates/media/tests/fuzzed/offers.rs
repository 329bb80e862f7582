//! What a WHIP request brings, then packets: an offer to the first empty byte, the rest in cuts that its first byte chooses.

use std::time::Instant;

use kernel::{Millis, Timestamp};
use media::programme::Run;
use media::rtc::{Credentials, Event, Output, Protocol, Session, Viewing, candidates, credentials, username};

use crate::player::Player;

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

#[expect(
    clippy::disallowed_methods,
    reason = "str0m counts on the monotonic clock; virtual time begins somewhere on it"
)]
fn base() -> Instant {
    Instant::now()
}

pub fn run(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let (offer, rest) = data.split_at(end);
    let offer = String::from_utf8_lossy(offer);
    let _ = (credentials(&offer), candidates(&offer).count(), username(rest));
    let own = Credentials { name: "house".into(), password: "a-password-of-more-than-22".into() };
    let (house, browser) = (([192, 0, 2, 1], 1).into(), ([192, 0, 2, 1], 2).into());
    let mut player = Player::new();
    pictures(rest, &mut player);
    viewing(&offer, rest, own.clone());
    let Ok((mut session, answer)) = Session::accept(START, base(), own, &[(Protocol::Udp, house)], &offer) else {
        return;
    };
    assert!(answer.starts_with("v=0"));
    session.add_candidates(&offer);
    let cut = usize::from(rest.first().copied().unwrap_or(0)) + 1;
    let mut now = START;
    for packet in rest.chunks(cut).take(256) {
        now = now + Millis(20);
        session.handle_input(now, Protocol::Udp, browser, packet);
        session.handle_timeout(now);
        loop {
            match session.poll_output(now) {
                Output::Wait(until) => {
                    assert!(until + Millis::from_secs(60) > now, "a deadline that never comes");
                    break;
                }
                Output::Close(closed) => return assert!(!closed.name().is_empty()),
                Output::Send { bytes, .. } => assert!(!bytes.is_empty()),
                Output::Event(event) => assert!(!matches!(event, Event::Connected), "without keys"),
            }
        }
    }
}

/// The same from somebody who watches.
fn viewing(offer: &str, packets: &[u8], own: Credentials) {
    let (house, browser) = (([192, 0, 2, 1], 1).into(), ([192, 0, 2, 1], 2).into());
    let Ok((mut session, answer)) = Viewing::accept(START, base(), own, &[(Protocol::Udp, house)], offer) else {
        return;
    };
    assert!(answer.starts_with("v=0") && !session.is_connected());
    session.add_candidates(offer);
    let mut now = START;
    for packet in packets.chunks(200).take(64) {
        now = now + Millis(20);
        session.handle_input(now, Protocol::Udp, browser, packet);
        session.handle_timeout(now);
        loop {
            match session.poll_output(now) {
                Output::Wait(_) => break,
                Output::Close(closed) => return assert!(!closed.name().is_empty()),
                Output::Send { bytes, .. } => assert!(!bytes.is_empty()),
                Output::Event(event) => panic!("{event:?} without keys"),
            }
        }
    }
}

/// The same bytes as if they had come through: pictures and sound in turns.
fn pictures(bytes: &[u8], player: &mut Player) {
    let mut run = Run::new(START);
    let mut now = START;
    for (count, chunk) in (0u32..).zip(bytes.split(|byte| *byte == 0xFF)) {
        now = now + Millis(20);
        let unit = match count % 3 {
            0 => run.opus(now, count * 960, None, chunk),
            _ => run.access_unit(now, count * 1_800, None, chunk),
        };
        match unit {
            Ok(Some(unit)) => player.push(unit),
            Ok(None) => {}
            Err(end) => return assert!(!end.name().is_empty()),
        }
    }
}
