//! Frames of the server: unmasked and whole, so that the same bytes serve everybody.

use bytes::Bytes;

use super::deflate;
use super::head::{CLOSE, COMPRESSED, CONTROL_BYTES, FIN, PONG, TEXT};
use crate::room::close::Close;

/// Shorter texts gain nothing by compression.
const WORTH_DEFLATING: usize = 160;

fn frame(head: u8, payload: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(payload.len() + 10);
    frame.push(FIN | head);
    match payload.len() {
        short if short <= CONTROL_BYTES => frame.push(short as u8),
        middle if middle <= usize::from(u16::MAX) => {
            frame.push(126);
            frame.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            frame.push(127);
            frame.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    frame.into()
}

/// A message of text.
pub(crate) fn text(text: &[u8]) -> Bytes {
    frame(TEXT, text)
}

/// The same, compressed where that makes it shorter. No message leans on the one before, so one encoding serves all.
pub(crate) fn deflated(plain: &[u8]) -> Bytes {
    if plain.len() < WORTH_DEFLATING {
        return text(plain);
    }
    match deflate::compress(plain).filter(|compressed| compressed.len() < plain.len()) {
        Some(compressed) => frame(COMPRESSED | TEXT, &compressed),
        None => text(plain),
    }
}

/// The answer to a ping.
pub(crate) fn pong(payload: &[u8]) -> Bytes {
    frame(PONG, payload)
}

/// The last frame; with no reason, the answer to the client's own.
pub(crate) fn close(why: Option<Close>) -> Bytes {
    let mut payload = Vec::new();
    if let Some(why) = why {
        payload.extend_from_slice(&why.code().to_be_bytes());
        payload.extend_from_slice(why.reason().as_bytes());
    }
    frame(CLOSE, &payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_says_how_long_it_is() {
        let check = |bytes: usize, head: &[u8]| {
            let frame = text(&vec![b'x'; bytes]);
            assert_eq!((&frame[..head.len()], frame.len()), (head, head.len() + bytes));
        };
        check(0, &[0x81, 0]);
        check(125, &[0x81, 125]);
        check(126, &[0x81, 126, 0, 126]);
        check(65_535, &[0x81, 126, 0xff, 0xff]);
        check(65_536, &[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn only_what_gains_is_compressed() {
        assert_eq!(deflated(b"short"), text(b"short"));
        let long = [b'x'; 500];
        let frame = deflated(&long);
        assert_eq!(frame[0], 0xc1);
        assert_eq!(deflate::expand(&frame[2..], 500).as_deref(), Ok(&long[..]));
    }

    #[test]
    fn a_close_names_its_code() {
        assert_eq!(&close(Some(Close::Draining))[..], b"\x88\x0c\x11\x94going_away");
        assert_eq!(&close(None)[..], b"\x88\x00");
    }
}
