//! Reading a recording back: any bytes are refused or moved, and what is moved keeps its length.

use kernel::Millis;
use media::clip::Clip;

/// The first half is the initialisation segment, the second half a media segment; a length before them says where.
pub fn run(input: &[u8]) {
    let Some((length, rest)) = input.split_first_chunk::<2>() else { return };
    let at = usize::from(u16::from_be_bytes(*length)).min(rest.len());
    let (init, media) = rest.split_at(at);
    let Ok(mut clip) = Clip::begin(init) else { return };
    let mut segment = media.to_vec();
    let first = clip.add(&mut segment, Some(Millis(0)));
    assert_eq!(segment.len(), media.len());
    let mut again = media.to_vec();
    assert_eq!(first, clip.add(&mut again, None), "the same bytes are read alike");
}
