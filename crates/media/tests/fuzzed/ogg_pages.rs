//! Ogg as a helper process might write it, in cuts that the first byte chooses: refused, or the same packets in any cuts.

use media::ogg::OpusReader;

pub fn run(input: &[u8]) {
    let Some((cut, stream)) = input.split_first() else { return };
    let packets = |cut: usize| {
        let mut reader = OpusReader::default();
        let read = stream.chunks(cut).all(|piece| reader.push(piece).is_ok());
        let packets: Vec<_> = std::iter::from_fn(|| reader.next_packet()).collect();
        (read, packets)
    };
    let (one, other) = (packets(usize::from(*cut) + 1), packets(stream.len().max(1)));
    assert_eq!(one, other, "cuts make no difference");
}
