//! What a client sends over a room's socket: the first byte says whether it may compress, the second in what pieces its bytes
//! come, the rest is whatever it sends.

use crate::deflate::{compress, expand};
use crate::read::{Fault, Heard, Reader};

/// As the room has it.
const MOST: usize = 16 * 1024;

pub fn run(data: &[u8]) {
    let [how, cut, sent @ ..] = data else { return };
    let deflate = how & 1 == 1;
    let whole = read(deflate, sent, sent.len().max(1));
    let pieces = read(deflate, sent, usize::from(*cut).max(1));
    assert_eq!(whole, pieces, "it comes to the same however it is cut");
    for heard in &whole.0 {
        match heard {
            Heard::Text(text) => {
                assert!(text.len() <= MOST);
                let again = compress(text.as_bytes()).map(|payload| expand(&payload, text.len()));
                assert_eq!(again, Some(Ok(text.clone().into_bytes())));
            }
            Heard::Ping(payload) => assert!(payload.len() <= 125),
            Heard::Close => {}
        }
    }
}

/// What was heard until the connection ended, and what ended it.
fn read(deflate: bool, sent: &[u8], cut: usize) -> (Vec<Heard>, Option<Fault>) {
    let (mut reader, mut heard) = (Reader::new(deflate, MOST), Vec::new());
    for part in sent.chunks(cut) {
        // Nothing is read behind a close.
        if heard.last() == Some(&Heard::Close) {
            break;
        }
        if let Err(fault) = reader.take(part, &mut heard) {
            return (heard, Some(fault));
        }
    }
    (heard, None)
}
