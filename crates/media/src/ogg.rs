//! Opus packets out of an Ogg stream (RFC 3533, RFC 7845), as a helper process writes it: one stream, pages in order.

use std::collections::VecDeque;

/// A page's header without its table.
const HEADER: usize = 27;
/// A packet of Opus has 1,275 bytes a frame; comments are a little longer.
const MAX_PACKET_BYTES: usize = 64 << 10;

/// What is no such stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OggError {
    #[error("a page does not begin where the one before ended")]
    NoPage,
    #[error("a packet has more than {MAX_PACKET_BYTES} bytes")]
    TooLong,
}

/// Reads bytes as they come; a page that is not whole yet waits, at most 65 KB.
#[derive(Debug, Default)]
pub struct OpusReader {
    bytes: Vec<u8>,
    /// Of a packet that goes on in the next page.
    begun: Vec<u8>,
    packets: VecDeque<Vec<u8>>,
    /// The two headers, `OpusHead` and `OpusTags`, are no sound.
    headers: u8,
}

impl OpusReader {
    /// # Errors
    /// [`OggError`]: nothing more can be read.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), OggError> {
        self.bytes.extend_from_slice(bytes);
        let mut rest = std::mem::take(&mut self.bytes);
        while let Some(length) = page_length(&rest)? {
            let after = rest.split_off(length);
            self.page(&rest)?;
            rest = after;
        }
        self.bytes = rest;
        Ok(())
    }

    fn page(&mut self, page: &[u8]) -> Result<(), OggError> {
        let segments = usize::from(page[HEADER - 1]);
        let (table, mut body) = page[HEADER..].split_at(segments);
        for lace in table {
            let (segment, after) = body.split_at(usize::from(*lace));
            body = after;
            self.begun.extend_from_slice(segment);
            if self.begun.len() > MAX_PACKET_BYTES {
                return Err(OggError::TooLong);
            }
            // A packet ends with a segment that is not full.
            if *lace < 255 {
                let packet = std::mem::take(&mut self.begun);
                if self.headers < 2 {
                    self.headers += 1;
                } else {
                    self.packets.push_back(packet);
                }
            }
        }
        Ok(())
    }

    /// The next packet of sound.
    pub fn next_packet(&mut self) -> Option<Vec<u8>> {
        self.packets.pop_front()
    }
}

/// None while the page is not whole.
fn page_length(bytes: &[u8]) -> Result<Option<usize>, OggError> {
    let begin = &bytes[..bytes.len().min(4)];
    if begin != &b"OggS"[..begin.len()] {
        return Err(OggError::NoPage);
    }
    let Some(segments) = bytes.get(HEADER - 1) else { return Ok(None) };
    let table = bytes.get(HEADER..HEADER + usize::from(*segments));
    let length = table.map(|table| HEADER + table.len() + table.iter().map(|lace| usize::from(*lace)).sum::<usize>());
    Ok(length.filter(|length| bytes.len() >= *length))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page(table: &[u8], body: &[u8]) -> Vec<u8> {
        let mut page = b"OggS".to_vec();
        page.extend([0; HEADER - 5]);
        page.push(u8::try_from(table.len()).expect("a table"));
        [page, table.to_vec(), body.to_vec()].concat()
    }

    #[test]
    fn packets_are_found_across_pages_and_reads() {
        let stream = [
            page(&[8], b"OpusHead"),
            page(&[8], b"OpusTags"),
            page(&[2, 255], &[&[1, 2][..], &[7; 255]].concat()),
            page(&[1, 0], &[8]),
        ]
        .concat();
        for step in [1, 7, 1_000] {
            let mut reader = OpusReader::default();
            for piece in stream.chunks(step) {
                reader.push(piece).expect("reads");
            }
            let packets: Vec<_> = std::iter::from_fn(|| reader.next_packet()).collect();
            assert_eq!(packets, [vec![1, 2], [&[7; 255][..], &[8]].concat(), vec![]], "{step}");
        }
        assert_eq!(OpusReader::default().push(b"RIFF"), Err(OggError::NoPage));
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..512), cut in 0usize..512) {
            let stream = [&page(&[8], b"OpusHead")[..], b"OggS", &bytes].concat();
            let mut reader = OpusReader::default();
            let (one, other) = stream.split_at(cut.min(stream.len()));
            if reader.push(one).is_ok() {
                let _ = reader.push(other);
            }
            while reader.next_packet().is_some() {}
        }
    }
}
