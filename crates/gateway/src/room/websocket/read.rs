//! Frames of a client: cut out of the bytes as they come, checked, unmasked and put together. Between messages nothing is
//! kept, so that thousands who only watch cost nothing.

use super::deflate;
use super::head::{BINARY, CLOSE, COMPRESSED, CONTINUED, CONTROL_BYTES, FIN, OPCODE, PING, PONG, RESERVED, TEXT};

/// What a client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    Text(String),
    Ping(Vec<u8>),
    Close,
}

/// Why the connection cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Against the RFC, or longer than a message may be.
    Bad,
    /// The room speaks text.
    Binary,
}

/// What is kept between reads.
#[derive(Debug)]
pub(crate) struct Reader {
    deflate: bool,
    most: usize,
    /// The start of a frame that is not whole yet.
    carry: Vec<u8>,
    /// A message of which more is to come.
    partial: Option<Partial>,
}

#[derive(Debug)]
struct Partial {
    compressed: bool,
    payload: Vec<u8>,
}

/// One frame, unmasked.
struct Frame {
    head: u8,
    payload: Vec<u8>,
}

impl Reader {
    /// Messages have at most `most` bytes, compressed or not.
    pub(crate) const fn new(deflate: bool, most: usize) -> Self {
        Self { deflate, most, carry: Vec::new(), partial: None }
    }

    /// Takes what came and gives out what became whole. After a fault nothing more can be read.
    pub(crate) fn take(&mut self, bytes: &[u8], heard: &mut Vec<Heard>) -> Result<(), Fault> {
        let carried = std::mem::take(&mut self.carry);
        let joined = if carried.is_empty() { None } else { Some([&carried[..], bytes].concat()) };
        let mut rest = joined.as_deref().unwrap_or(bytes);
        while let Some((frame, used)) = self.frame(rest)? {
            rest = &rest[used..];
            let is_last = frame.head & OPCODE == CLOSE;
            if let Some(message) = self.message(frame)? {
                heard.push(message);
            }
            if is_last {
                // What comes behind a close is nobody's business.
                return Ok(());
            }
        }
        self.carry = rest.to_vec();
        debug_assert!(self.kept() <= 2 * self.most + 14, "{} bytes are kept for one message", self.kept());
        Ok(())
    }

    /// Bytes held until more comes.
    fn kept(&self) -> usize {
        self.carry.len() + self.partial.as_ref().map_or(0, |partial| partial.payload.len())
    }

    /// The first whole frame; faults are named as soon as its head shows them, before its payload comes.
    fn frame(&self, bytes: &[u8]) -> Result<Option<(Frame, usize)>, Fault> {
        let [head, second, rest @ ..] = bytes else { return Ok(None) };
        let (opcode, is_control) = (head & OPCODE, head & 0x08 != 0);
        let starts = matches!(opcode, TEXT | BINARY);
        let known = starts || matches!(opcode, CONTINUED | CLOSE | PING | PONG);
        let reserved = head & RESERVED != 0 || (head & COMPRESSED != 0 && !(self.deflate && starts));
        let in_turn = match opcode {
            CONTINUED => self.partial.is_some(),
            TEXT | BINARY => self.partial.is_none(),
            _ => head & FIN != 0,
        };
        if !known || reserved || !in_turn || second & 0x80 == 0 {
            return Err(Fault::Bad);
        }
        if opcode == BINARY {
            return Err(Fault::Binary);
        }
        let (length, at) = match second & 0x7f {
            126 => match rest.first_chunk() {
                Some(length) if u16::from_be_bytes(*length) < 126 => return Err(Fault::Bad),
                Some(length) => (u64::from(u16::from_be_bytes(*length)), 4),
                None => return if is_control { Err(Fault::Bad) } else { Ok(None) },
            },
            127 => match rest.first_chunk() {
                Some(length) if u64::from_be_bytes(*length) <= u64::from(u16::MAX) => return Err(Fault::Bad),
                Some(length) => (u64::from_be_bytes(*length), 10),
                None => return if is_control { Err(Fault::Bad) } else { Ok(None) },
            },
            short => (u64::from(short), 2),
        };
        let before = self.partial.as_ref().map_or(0, |partial| partial.payload.len());
        let length = usize::try_from(length).map_err(|_| Fault::Bad)?;
        let most = if is_control { CONTROL_BYTES } else { self.most - before };
        if length > most {
            return Err(Fault::Bad);
        }
        let Some(whole) = bytes.get(at..at + 4 + length) else { return Ok(None) };
        let (mask, masked) = whole.split_at(4);
        let payload = masked.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        Ok(Some((Frame { head: *head, payload }, at + 4 + length)))
    }

    fn message(&mut self, Frame { head, payload }: Frame) -> Result<Option<Heard>, Fault> {
        match head & OPCODE {
            PING => return Ok(Some(Heard::Ping(payload))),
            PONG => return Ok(None),
            CLOSE if is_close(&payload) => return Ok(Some(Heard::Close)),
            CLOSE => return Err(Fault::Bad),
            _ => {}
        }
        let mut message = match self.partial.take() {
            Some(mut partial) => {
                partial.payload.extend_from_slice(&payload);
                partial
            }
            None => Partial { compressed: head & COMPRESSED != 0, payload },
        };
        if head & FIN == 0 {
            self.partial = Some(message);
            return Ok(None);
        }
        if message.compressed {
            message.payload = deflate::expand(&message.payload, self.most).map_err(|_| Fault::Bad)?;
        }
        String::from_utf8(message.payload).map(|text| Some(Heard::Text(text))).map_err(|_| Fault::Bad)
    }
}

/// Empty, or a code that may be sent and a reason that can be read.
fn is_close(payload: &[u8]) -> bool {
    match payload {
        [] => true,
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            let may_be_sent = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
            may_be_sent && std::str::from_utf8(reason).is_ok()
        }
        [_] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_for_who_only_watches() {
        let (mut reader, mut heard) = (Reader::new(true, 16 * 1024), Vec::new());
        let frame = [&[0x81, 0xfe, 0x0f, 0xa0, 0, 0, 0, 0][..], &[b'x'; 4_000]].concat();
        reader.take(&frame[..3_000], &mut heard).expect("half a frame");
        assert_eq!(reader.kept(), 3_000);
        reader.take(&frame[3_000..], &mut heard).expect("the other half");
        assert_eq!((reader.carry.capacity(), heard.len()), (0, 1));
    }
}
