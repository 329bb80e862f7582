//! A message to a payment webhook: the signature's header in the first line, the body behind it.

use crate::event::{About, read};
use crate::header::Signature;

pub fn run(data: &[u8]) {
    let split = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (header, body) = (&data[..split], data.get(split + 1..).unwrap_or_default());
    if let Ok(header) = std::str::from_utf8(header)
        && let Some(signature) = Signature::parse(header)
    {
        assert!((1..=16).contains(&signature.v1.len()), "{signature:?}");
        let again = signature.v1.iter().map(|v1| v1.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        let again = format!("t={},v1={}", signature.secs, again.collect::<Vec<_>>().join(",v1="));
        assert_eq!(Signature::parse(&again), Some(signature), "what was read is written the same");
    }
    if let Some(told) = read(body) {
        assert!(plain(&told.id), "{told:?}");
        if let About::Intent(id) = &told.about {
            assert!(plain(id) && id.starts_with("pi_"), "what goes into an address: {told:?}");
        }
        if let About::Dispute(id) = &told.about {
            assert!(plain(id), "what goes into an address: {told:?}");
        }
        assert_eq!(read(body), Some(told), "the same message says the same");
    }
}

fn plain(id: &str) -> bool {
    !id.is_empty() && id.len() <= 255 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
