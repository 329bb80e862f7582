//! The chunk stream: messages cut into chunks and woven together ("Adobe's Real Time Messaging Protocol", §5.3).

use bytes::{BufMut, Bytes, BytesMut};

/// The chunk size before anybody sets one (§5.4.1).
const DEFAULT_CHUNK_BYTES: usize = 128;
/// One message, at most. A 1080p keyframe at 12 Mb/s is about 400 KB; the protocol's 24 bits would allow 16 MB.
pub const MAX_MESSAGE_BYTES: usize = 3 << 20;
/// Claimed bytes of all messages under way on a connection, at most.
pub const MAX_PENDING_BYTES: usize = 4 << 20;
/// Chunk streams that one connection may open; encoders use four to six.
const MAX_STREAMS: usize = 16;
/// What is set aside for a message before its bytes come, at most: a claim alone costs nothing.
const FIRST_ALLOCATION: usize = 64 << 10;
/// Basic header 3, message header 11, extended timestamp 4.
const MAX_HEADER_BYTES: usize = 18;

/// A complete message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Message type id (§7).
    pub kind: u8,
    /// Milliseconds of the sender's clock, wrapping at 2^32.
    pub timestamp: u32,
    /// Message stream id.
    pub stream: u32,
    pub payload: Bytes,
}

/// Bytes that are no chunk stream, or ask for more than a connection may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    #[error("a message claims {0} bytes")]
    MessageTooLarge(usize),
    #[error("messages under way claim too much together")]
    TooMuchPending,
    #[error("too many chunk streams")]
    TooManyStreams,
    #[error("a chunk continues a message that never began")]
    NoMessage,
    #[error("the chunk size is zero")]
    ZeroChunkSize,
}

#[derive(Debug)]
struct Stream {
    id: u32,
    timestamp: u32,
    delta: u32,
    extended: bool,
    length: usize,
    kind: u8,
    message_stream: u32,
    /// The message under way.
    body: Option<BytesMut>,
}

#[derive(Debug)]
enum Reading {
    Header,
    /// `left` bytes of the chunk are to come for the stream at this index.
    Body {
        stream: usize,
        left: usize,
    },
}

/// Bytes in, messages out.
#[derive(Debug)]
pub struct ChunkReader {
    chunk_bytes: usize,
    streams: Vec<Stream>,
    reading: Reading,
    /// The beginning of a header that the last input cut.
    carry: Vec<u8>,
}

struct Header {
    length: usize,
    stream: usize,
    chunk: usize,
}

impl Default for ChunkReader {
    fn default() -> Self {
        Self {
            chunk_bytes: DEFAULT_CHUNK_BYTES,
            streams: Vec::new(),
            reading: Reading::Header,
            carry: Vec::with_capacity(MAX_HEADER_BYTES),
        }
    }
}

impl ChunkReader {
    /// What the peer announced by Set Chunk Size; it holds from the next chunk on.
    ///
    /// # Errors
    /// A size of zero.
    pub fn set_chunk_bytes(&mut self, size: u32) -> Result<(), ChunkError> {
        let size = usize::try_from(size & 0x7FFF_FFFF).unwrap_or(MAX_MESSAGE_BYTES);
        if size == 0 {
            return Err(ChunkError::ZeroChunkSize);
        }
        self.chunk_bytes = size.min(MAX_MESSAGE_BYTES);
        Ok(())
    }

    /// The peer gives up the message under way on a chunk stream (§5.4.2).
    pub fn abort(&mut self, chunk_stream: u32) {
        if let Some(stream) = self.streams.iter_mut().find(|s| s.id == chunk_stream) {
            stream.body = None;
        }
    }

    /// The next message, if the input holds its end; the input is advanced past what was read.
    ///
    /// # Errors
    /// [`ChunkError`]; the connection is of no use after it.
    pub fn read(&mut self, input: &mut &[u8]) -> Result<Option<Message>, ChunkError> {
        loop {
            match self.reading {
                Reading::Header => {
                    let Some(header) = self.header(input)? else { return Ok(None) };
                    debug_assert!(header.length <= MAX_HEADER_BYTES);
                    self.reading = Reading::Body { stream: header.stream, left: header.chunk };
                }
                Reading::Body { stream: index, left } => {
                    let stream = &mut self.streams[index];
                    let taken = left.min(input.len());
                    let body = stream.body.as_mut().ok_or(ChunkError::NoMessage)?;
                    body.extend_from_slice(&input[..taken]);
                    *input = &input[taken..];
                    if taken < left {
                        self.reading = Reading::Body { stream: index, left: left - taken };
                        return Ok(None);
                    }
                    self.reading = Reading::Header;
                    if body.len() == stream.length {
                        let payload = stream.body.take().unwrap_or_default().freeze();
                        return Ok(Some(Message {
                            kind: stream.kind,
                            timestamp: stream.timestamp,
                            stream: stream.message_stream,
                            payload,
                        }));
                    }
                }
            }
        }
    }

    /// Reads one chunk header once all of it is there, from the carried bytes and the input.
    fn header(&mut self, input: &mut &[u8]) -> Result<Option<Header>, ChunkError> {
        let mut bytes = [0u8; MAX_HEADER_BYTES];
        let carried = self.carry.len();
        let fresh = input.len().min(MAX_HEADER_BYTES - carried);
        bytes[..carried].copy_from_slice(&self.carry);
        bytes[carried..carried + fresh].copy_from_slice(&input[..fresh]);
        match self.parse_header(&bytes[..carried + fresh])? {
            Some(header) => {
                // A header is only carried while incomplete, so it ends in the fresh bytes.
                *input = &input[header.length - carried..];
                self.carry.clear();
                Ok(Some(header))
            }
            None => {
                self.carry.extend_from_slice(&input[..fresh]);
                *input = &input[fresh..];
                Ok(None)
            }
        }
    }

    fn parse_header(&mut self, bytes: &[u8]) -> Result<Option<Header>, ChunkError> {
        let mut cursor = Cursor { bytes, at: 0 };
        let Some(first) = cursor.uint(1) else { return Ok(None) };
        let (format, low) = (first >> 6, first & 63);
        let id = match low {
            0 => cursor.uint(1).map(|id| id + 64),
            1 => cursor.uint(2).map(|id| (id & 0xFF) * 256 + (id >> 8) + 64),
            id => Some(id),
        };
        let Some(id) = id else { return Ok(None) };
        let known = self.streams.iter().position(|stream| stream.id == id);
        let previous = known.map(|index| &self.streams[index]);
        // A first chunk of type 1 is against the specification, but librtmp opens its ping so.
        if format > 1 && previous.is_none() {
            return Err(ChunkError::NoMessage);
        }
        let continuing = previous.is_some_and(|stream| stream.body.is_some());

        let field = if format < 3 { cursor.uint(3) } else { Some(0) };
        let shape = if format < 2 { cursor.uint(3).zip(cursor.uint(1)) } else { Some((0, 0)) };
        let message_stream = if format == 0 { cursor.uint(4).map(u32::swap_bytes) } else { Some(0) };
        let (Some(field), Some((length, kind)), Some(message_stream)) = (field, shape, message_stream) else {
            return Ok(None);
        };
        let extended = if format < 3 { field == 0xFF_FFFF } else { previous.is_some_and(|stream| stream.extended) };
        let time = if extended { cursor.uint(4) } else { Some(field) };
        let Some(time) = time else { return Ok(None) };

        let index = match known {
            Some(index) => index,
            None if self.streams.len() >= MAX_STREAMS => return Err(ChunkError::TooManyStreams),
            None => {
                self.streams.push(Stream {
                    id,
                    timestamp: 0,
                    delta: 0,
                    extended: false,
                    length: 0,
                    kind: 0,
                    message_stream: 0,
                    body: None,
                });
                self.streams.len() - 1
            }
        };
        let stream = &mut self.streams[index];
        if format < 2 {
            stream.length = usize::try_from(length).unwrap_or(usize::MAX);
            stream.kind = u8::try_from(kind).unwrap_or(u8::MAX);
        }
        match format {
            0 => {
                stream.message_stream = message_stream;
                stream.timestamp = time;
                // A type 3 chunk that begins the next message takes this very field as its delta (§5.3.1.2.4).
                stream.delta = time;
            }
            1 | 2 => {
                stream.delta = time;
                stream.timestamp = stream.timestamp.wrapping_add(time);
            }
            _ if !continuing => stream.timestamp = stream.timestamp.wrapping_add(stream.delta),
            _ => {}
        }
        stream.extended = extended;
        if format < 3 || !continuing {
            if stream.length > MAX_MESSAGE_BYTES {
                return Err(ChunkError::MessageTooLarge(stream.length));
            }
            stream.body = Some(BytesMut::with_capacity(stream.length.min(FIRST_ALLOCATION)));
        }
        let (length, had) = (stream.length, stream.body.as_ref().map_or(0, BytesMut::len));
        if self.streams.iter().filter(|s| s.body.is_some()).map(|s| s.length).sum::<usize>() > MAX_PENDING_BYTES {
            return Err(ChunkError::TooMuchPending);
        }
        let chunk = self.chunk_bytes.min(length - had);
        Ok(Some(Header { length: cursor.at, stream: index, chunk }))
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    /// A big-endian number of `count` bytes.
    fn uint(&mut self, count: usize) -> Option<u32> {
        let bytes = self.bytes.get(self.at..self.at + count)?;
        self.at += count;
        Some(bytes.iter().fold(0, |value, byte| (value << 8) | u32::from(*byte)))
    }
}

/// Appends a message in chunks of the default size; ours are small and few.
pub fn write_message(chunk_stream: u8, message: &Message, out: &mut BytesMut) {
    const EXTENDED: u32 = 0xFF_FFFF;
    let length = u32::try_from(message.payload.len()).unwrap_or(u32::MAX) & 0xFF_FFFF;
    let extended = (message.timestamp >= EXTENDED).then_some(message.timestamp);
    out.put_u8(chunk_stream & 63);
    out.put_uint(u64::from(message.timestamp.min(EXTENDED)), 3);
    out.put_uint(u64::from(length), 3);
    out.put_u8(message.kind);
    out.put_u32_le(message.stream);
    extended.into_iter().for_each(|time| out.put_u32(time));
    for (number, piece) in message.payload.chunks(DEFAULT_CHUNK_BYTES).enumerate() {
        if number > 0 {
            out.put_u8(0xC0 | (chunk_stream & 63));
            extended.into_iter().for_each(|time| out.put_u32(time));
        }
        out.put_slice(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_in_pieces(bytes: &[u8], piece: usize) -> Result<Vec<Message>, ChunkError> {
        let mut reader = ChunkReader::default();
        let mut messages = Vec::new();
        for mut input in bytes.chunks(piece.max(1)) {
            while let Some(message) = reader.read(&mut input)? {
                messages.push(message);
            }
        }
        Ok(messages)
    }

    fn message(length: usize, timestamp: u32) -> Message {
        Message { kind: 9, timestamp, stream: 1, payload: Bytes::from(vec![7; length]) }
    }

    #[test]
    fn a_message_survives_any_cut() {
        let mut bytes = BytesMut::new();
        write_message(4, &message(1_000, 0), &mut bytes);
        write_message(6, &message(0, 40), &mut bytes);
        write_message(4, &message(300, 0x0100_0000), &mut bytes);
        for piece in [1, 2, 7, 128, 5_000] {
            assert_eq!(
                read_in_pieces(&bytes, piece),
                Ok(vec![message(1_000, 0), message(0, 40), message(300, 0x0100_0000)]),
                "{piece}"
            );
        }
    }

    #[test]
    fn deltas_and_extended_times_add_up() {
        // Type 0 at an extended 0x01000000, type 1 with +40, type 2 with +20, type 3 with +20 again.
        let mut bytes = vec![4, 0xFF, 0xFF, 0xFF, 0, 0, 1, 9, 1, 0, 0, 0, 1, 0, 0, 0, 0xAA];
        bytes.extend([0x44, 0, 0, 40, 0, 0, 1, 9, 0xBB]);
        bytes.extend([0x84, 0, 0, 20, 0xCC]);
        bytes.extend([0xC4, 0xDD]);
        let times: Vec<u32> =
            read_in_pieces(&bytes, 3).expect("reads").iter().map(|m| m.timestamp - 0x0100_0000).collect();
        assert_eq!(times, [0, 40, 60, 80]);
    }

    #[test]
    fn claims_past_the_bounds_are_refused() {
        let claim = |stream: u8, length: u32| {
            let length = length.to_be_bytes();
            let mut bytes = vec![stream, 0, 0, 0, length[1], length[2], length[3], 9, 1, 0, 0, 0];
            bytes.extend([0; DEFAULT_CHUNK_BYTES]);
            bytes
        };
        assert_eq!(read_in_pieces(&claim(4, 0xFF_FFFF), 64), Err(ChunkError::MessageTooLarge(0xFF_FFFF)));
        let two: Vec<u8> = [claim(4, 3 << 20), claim(5, 3 << 20)].concat();
        assert_eq!(read_in_pieces(&two, 64), Err(ChunkError::TooMuchPending));
        let many: Vec<u8> = (3..40).flat_map(|stream| claim(stream, 200)).collect();
        assert_eq!(read_in_pieces(&many, 64), Err(ChunkError::TooManyStreams));
        assert_eq!(read_in_pieces(&[0xC4], 64), Err(ChunkError::NoMessage));
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(
            bytes in proptest::collection::vec(any::<u8>(), 0..2_048), piece in 1usize..300
        ) {
            prop_assert_eq!(read_in_pieces(&bytes, piece), read_in_pieces(&bytes, 1));
        }
    }
}
