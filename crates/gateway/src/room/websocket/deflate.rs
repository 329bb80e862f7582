//! permessage-deflate (RFC 7692) without context between messages, either way: nothing is kept for a connection.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// What a sender leaves away behind every message.
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
/// Written at once while a message grows.
const STEP: usize = 4 * 1024;

/// Why a message cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    NotDeflate,
    TooLong,
}

/// The payload of a compressed message; none where the library fails, and it goes as it is.
pub(super) fn compress(plain: &[u8]) -> Option<Vec<u8>> {
    let mut deflate = Compress::new(Compression::default(), false);
    let mut out = Vec::with_capacity(plain.len() / 2 + 64);
    loop {
        let used = usize::try_from(deflate.total_in()).ok()?;
        deflate.compress_vec(&plain[used..], &mut out, FlushCompress::Sync).ok()?;
        // A flush is over when it leaves room.
        if out.len() < out.capacity() {
            break;
        }
        out.reserve(STEP);
    }
    out.ends_with(&TAIL).then(|| {
        out.truncate(out.len() - TAIL.len());
        out
    })
}

/// A message of at most `most` bytes, however small it came.
pub(super) fn expand(payload: &[u8], most: usize) -> Result<Vec<u8>, Bad> {
    let mut inflate = Decompress::new(false);
    let mut out = Vec::with_capacity(STEP.min(most + 1));
    for part in [payload, &TAIL] {
        let before = inflate.total_in();
        loop {
            let used = usize::try_from(inflate.total_in() - before).map_err(|_| Bad::TooLong)?;
            let written = out.len();
            let status = inflate.decompress_vec(&part[used..], &mut out, FlushDecompress::Sync);
            let status = status.map_err(|_| Bad::NotDeflate)?;
            if out.len() > most {
                return Err(Bad::TooLong);
            }
            let all_in = usize::try_from(inflate.total_in() - before) == Ok(part.len());
            if status == Status::StreamEnd || (all_in && out.len() < out.capacity()) {
                break;
            }
            if out.len() == out.capacity() {
                out.reserve(STEP);
            } else if out.len() == written && !all_in {
                return Err(Bad::NotDeflate);
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_compressed_comes_back() {
        for length in [0, 1, 100, 5_000, 100_000] {
            let plain: Vec<u8> = (0..length).map(|place: usize| (place * place % 251) as u8).collect();
            let compressed = compress(&plain).expect("compressed");
            assert_eq!(expand(&compressed, length), Ok(plain), "{length} bytes");
        }
    }

    #[test]
    fn examples_of_the_rfc() {
        // RFC 7692, 7.2.3.1, 7.2.3.3 and 7.2.3.4: compressed, stored, and with the final bit set.
        let check = |payload: &[u8]| assert_eq!(expand(payload, 100).as_deref(), Ok(&b"Hello"[..]), "{payload:02x?}");
        check(&[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
        check(&[0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00]);
        check(&[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00]);
        // 7.2.3.5: two blocks.
        check(&[0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00]);
    }

    #[test]
    fn a_bomb_stays_small_and_rubbish_is_named() {
        let bomb = compress(&vec![0; 10_000_000]).expect("compressed");
        assert!(bomb.len() < 20_000);
        assert_eq!(expand(&bomb, 16 * 1024), Err(Bad::TooLong));
        assert_eq!(expand(&[0xff; 40], 100), Err(Bad::NotDeflate));
    }
}
