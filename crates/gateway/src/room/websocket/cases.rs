//! RFC 6455 and RFC 7692 as a table of raw frames: what a client may send, what ends its connection, however the bytes are cut.

use kernel::Random;

use super::deflate::compress;
use super::read::{Fault, Heard, Reader};

const MOST: usize = 16 * 1024;
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A client's frame with the shortest length that fits.
fn frame(head: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![head];
    match payload.len() {
        short @ 0..126 => bytes.push(0x80 | short as u8),
        middle @ 126..=0xffff => {
            bytes.push(0xfe);
            bytes.extend((middle as u16).to_be_bytes());
        }
        long => {
            bytes.push(0xff);
            bytes.extend((long as u64).to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

fn frames(all: &[(u8, &[u8])]) -> Vec<u8> {
    all.iter().flat_map(|(head, payload)| frame(*head, payload)).collect()
}

/// Reads the bytes whole, byte by byte, and in two halves: it must come to the same.
fn check(name: &str, deflate: bool, bytes: &[u8], expected: (&[Heard], Option<Fault>)) {
    for cut in [bytes.len().max(1), 1, 7, bytes.len() / 2 + 1] {
        let (mut reader, mut heard, mut fault) = (Reader::new(deflate, MOST), Vec::new(), None);
        for part in bytes.chunks(cut) {
            // Nothing is read behind a close.
            if heard.last() == Some(&Heard::Close) {
                break;
            }
            if let Err(found) = reader.take(part, &mut heard) {
                fault = Some(found);
                break;
            }
        }
        assert_eq!((&heard[..], fault), expected, "{name}, in pieces of {cut}");
    }
}

fn text(text: &str) -> Heard {
    Heard::Text(text.to_owned())
}

#[test]
fn what_a_client_may_send() {
    let check = |name, sent: &[(u8, &[u8])], expected: &[Heard]| {
        check(name, false, &frames(sent), (expected, None));
    };
    check("nothing", &[], &[]);
    check("an empty text", &[(0x81, b"")], &[text("")]);
    check("a text", &[(0x81, b"Hello")], &[text("Hello")]);
    check("125 bytes", &[(0x81, &[b'*'; 125])], &[text(&"*".repeat(125))]);
    check("126 bytes", &[(0x81, &[b'*'; 126])], &[text(&"*".repeat(126))]);
    check("127 bytes", &[(0x81, &[b'*'; 127])], &[text(&"*".repeat(127))]);
    check("as long as may be", &[(0x81, &[b'*'; MOST])], &[text(&"*".repeat(MOST))]);
    check("two texts at once", &[(0x81, b"a"), (0x81, b"b")], &[text("a"), text("b")]);
    check("in fragments", &[(0x01, b"He"), (0x80, b"llo")], &[text("Hello")]);
    check("in empty fragments", &[(0x01, b""), (0x00, b""), (0x80, b"")], &[text("")]);
    check("a letter in two fragments", &[(0x01, &[0xe4, 0xbd]), (0x80, &[0xa0])], &[text("你")]);
    check("an empty ping", &[(0x89, b"")], &[Heard::Ping(vec![])]);
    check("a ping", &[(0x89, &[0xff; 125])], &[Heard::Ping(vec![0xff; 125])]);
    check("a pong that nobody asked for", &[(0x8a, b"x"), (0x81, b"a")], &[text("a")]);
    let between: &[(u8, &[u8])] = &[(0x01, b"He"), (0x89, b"p"), (0x80, b"llo")];
    check("a ping between fragments", between, &[Heard::Ping(b"p".to_vec()), text("Hello")]);
    check("a close", &[(0x88, b"")], &[Heard::Close]);
    check("a close with its reason", &[(0x88, b"\x03\xe8bye")], &[Heard::Close]);
    check("what comes behind a close", &[(0x88, b""), (0x82, b"x")], &[Heard::Close]);
    check("a close between fragments", &[(0x01, b"a"), (0x88, b"")], &[Heard::Close]);
}

#[test]
fn what_ends_a_connection() {
    let check = |name, sent: &[(u8, &[u8])], fault| check(name, false, &frames(sent), (&[], Some(fault)));
    use Fault::{Bad, Binary};
    check("a binary frame", &[(0x82, b"x")], Binary);
    check("a binary fragment", &[(0x02, b"x")], Binary);
    for opcode in [0x3, 0x4, 0x5, 0x6, 0x7, 0xb, 0xc, 0xd, 0xe, 0xf] {
        check("an opcode that is none", &[(0x80 | opcode, b"")], Bad);
    }
    for bits in [0x10, 0x20, 0x40, 0x70] {
        check("a reserved bit", &[(0x81 | bits, b"")], Bad);
        check("a reserved bit of a ping", &[(0x89 | bits, b"")], Bad);
    }
    check("a continuation of nothing", &[(0x80, b"x")], Bad);
    check("an open continuation of nothing", &[(0x00, b"x")], Bad);
    check("a text within a text", &[(0x01, b"a"), (0x81, b"b")], Bad);
    check("a ping in fragments", &[(0x09, b"x")], Bad);
    check("a close in fragments", &[(0x08, b"")], Bad);
    check("a long ping", &[(0x89, &[0; 126])], Bad);
    check("a long close", &[(0x88, &[3; 126])], Bad);
    check("one byte too long", &[(0x81, &[b'*'; MOST + 1])], Bad);
    check("fragments that are too long together", &[(0x01, &[b'*'; MOST]), (0x80, b"x")], Bad);
    check("a text that is none", &[(0x81, &[0xff])], Bad);
    check("half a letter", &[(0x81, &[0xe4, 0xbd])], Bad);
    check("a surrogate", &[(0x81, &[0xed, 0xa0, 0x80])], Bad);
    check("half a close code", &[(0x88, b"\x03")], Bad);
    check("a close reason that is none", &[(0x88, b"\x03\xe8\xff")], Bad);
    for code in [0_u16, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65_535] {
        check("a code that is not sent", &[(0x88, &code.to_be_bytes())], Bad);
    }
}

#[test]
fn codes_that_a_client_may_close_with() {
    for code in [1000_u16, 1001, 1002, 1003, 1007, 1010, 1014, 3000, 4000, 4999] {
        check("a close", false, &frame(0x88, &code.to_be_bytes()), (&[Heard::Close], None));
    }
}

#[test]
fn lengths_and_masks() {
    let check = |name, bytes: &[u8]| check(name, false, bytes, (&[], Some(Fault::Bad)));
    check("no mask", b"\x81\x05Hello");
    check("no mask, and nothing to mask", b"\x81\x00");
    check("125 bytes, told in two", &[0x81, 0xfe, 0, 125, 0, 0, 0, 0]);
    check("65,535 bytes, told in eight", &[0x81, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
    check("as many as there are", &[0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    check("a megabyte, before any of it came", &[0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0]);
    check("a ping with a long length", &[0x89, 0xfe]);
}

#[test]
fn compressed_messages() {
    let hello: &[u8] = &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
    let whole = |name, sent: &[(u8, &[u8])], expected: &[Heard]| check(name, true, &frames(sent), (expected, None));
    whole("as in the RFC", &[(0xc1, hello)], &[text("Hello")]);
    whole("in fragments", &[(0x41, &hello[..3]), (0x80, &hello[3..])], &[text("Hello")]);
    whole("one is, one is not", &[(0xc1, hello), (0x81, b"plain")], &[text("Hello"), text("plain")]);
    whole(
        "a ping between",
        &[(0x41, &hello[..3]), (0x89, b""), (0x80, &hello[3..])],
        &[Heard::Ping(vec![]), text("Hello")],
    );
    whole("nothing, compressed", &[(0xc1, &[0x00])], &[text("")]);
    let bad = |name, deflate, sent: &[(u8, &[u8])]| {
        check(name, deflate, &frames(sent), (&[], Some(Fault::Bad)));
    };
    bad("it was not agreed on", false, &[(0xc1, hello)]);
    bad("said of a continuation", true, &[(0x41, &hello[..3]), (0xc0, &hello[3..])]);
    bad("said of a ping", true, &[(0xc9, b"")]);
    bad("rubbish", true, &[(0xc1, &[0xff; 20])]);
    let bomb = compress(&vec![b'x'; 1_000_000]).expect("compressed");
    assert!(bomb.len() < MOST, "it comes within the bound");
    bad("a bomb", true, &[(0xc1, &bomb)]);
    let latin = compress(&[0xe9; 10]).expect("compressed");
    bad("a compressed text that is none", true, &[(0xc1, &latin)]);
}

/// Frames before it that are in order, and one that is not, in any of the ways there are.
fn malformed(random: &mut Random) -> (Vec<u8>, usize, Fault) {
    let before = random.below(3) as usize;
    let mut bytes = frame(0x81, b"in order").repeat(before);
    let payload = vec![b'*'; [0, 1, 5, 100][random.below(4) as usize]];
    let control = 0x88 + random.below(3) as u8;
    let (bad, fault) = match random.below(14) {
        0 => (frame(0x81 | (1 + random.below(7) as u8) << 4, &payload), Fault::Bad),
        1 => (frame(control | (1 + random.below(7) as u8) << 4, &payload), Fault::Bad),
        2 => (frame(0x83 + random.below(5) as u8, &payload), Fault::Bad),
        3 => (frame(0x8b + random.below(5) as u8, &payload), Fault::Bad),
        4 => (frame(0x82, &payload), Fault::Binary),
        5 => (frame(if random.below(2) == 0 { 0x80 } else { 0x00 }, &payload), Fault::Bad),
        6 => (frames(&[(0x01, &payload), (0x81, &payload)]), Fault::Bad),
        7 => (frame(control & !0x80, &payload), Fault::Bad),
        8 => (frame(control, &vec![b'*'; 126 + random.below(500) as usize]), Fault::Bad),
        9 => {
            let long = (MOST as u16 + 1 + random.below(40_000) as u16).to_be_bytes();
            ([&[0x81, 0xfe], &long[..], &payload].concat(), Fault::Bad)
        }
        10 => (frame(0x81, &[&payload[..], &[0xc0 | random.below(64) as u8]].concat()), Fault::Bad),
        11 => (frame(0x88, &(random.below(1_000) as u16).to_be_bytes()), Fault::Bad),
        12 => {
            let short = random.below(126) as u8;
            (vec![0x81, 0xfe, 0, short, 1, 2, 3, 4], Fault::Bad)
        }
        _ => (vec![0x81, payload.len() as u8], Fault::Bad),
    };
    bytes.extend(bad);
    (bytes, before, fault)
}

#[test]
fn a_hundred_thousand_malformed_frames_end_one_connection_each() {
    let mut random = Random::seeded(6455);
    for number in 0..100_000 {
        let (bytes, before, expected) = malformed(&mut random);
        let (mut reader, mut heard, mut fault) = (Reader::new(false, MOST), Vec::new(), None);
        for part in bytes.chunks(1 + random.below(64) as usize) {
            fault = reader.take(part, &mut heard).err();
            if fault.is_some() {
                break;
            }
        }
        assert_eq!(fault, Some(expected), "{number}: {:02x?}", &bytes[..bytes.len().min(60)]);
        assert_eq!(heard, vec![text("in order"); before], "{number}: what came before it counts");
    }
}

/// Frames of any kind, bent in any place, one connection for as long as it lasts: it comes to the same in whatever pieces.
#[test]
fn bent_frames_are_read_alike_in_any_pieces() {
    let mut random = Random::seeded(7692);
    let (mut ended, mut read) = (0, 0);
    for _ in 0..5_000 {
        let mut bytes = Vec::new();
        for _ in 0..8 {
            let length = [0, 1, 5, 100, 125][random.below(5) as usize];
            let rarely = random.below(30) == 0;
            let head = if rarely { random.below(256) as u8 } else { [0x81, 0x8a][random.below(2) as usize] };
            bytes.extend(frame(head, &vec![random.below(128) as u8; length]));
        }
        for _ in 0..random.below(2) {
            let place = random.below(bytes.len() as u64) as usize;
            bytes[place] = random.below(256) as u8;
        }
        let outcomes = [bytes.len(), 1, 1 + random.below(64) as usize].map(|cut| {
            let (mut reader, mut heard) = (Reader::new(true, MOST), Vec::new());
            let mut parts = bytes.chunks(cut);
            let fault = loop {
                match parts.next().filter(|_| heard.last() != Some(&Heard::Close)).map(|p| reader.take(p, &mut heard)) {
                    Some(Ok(())) => {}
                    Some(Err(fault)) => break Some(fault),
                    None => break None,
                }
            };
            (heard, fault)
        });
        assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{bytes:02x?}");
        ended += u32::from(outcomes[0].1.is_some());
        read += outcomes[0].0.len();
    }
    assert!((1_000..4_500).contains(&ended) && read > 5_000, "{ended} connections ended, {read} messages were read");
}
