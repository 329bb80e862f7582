//! The header of a signed message, as text. It comes from anybody: nothing in it is believed here.

/// Characters that are read; more is no signature.
const MAX_TEXT: usize = 2_048;
/// Signatures that are compared: one for each secret in use, and some of other schemes.
const MAX_SIGNATURES: usize = 16;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    /// When it was signed, in Unix seconds.
    pub(crate) secs: i64,
    /// HMAC-SHA256 each. Never empty.
    pub(crate) v1: Vec<[u8; 32]>,
}

impl Signature {
    /// Reads `t=…,v1=…[,v1=…]`. Other schemes are skipped; two times, or no signature, are nothing.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let mut secs = None;
        let mut v1 = Vec::new();
        for (name, value) in text.split(',').filter_map(|part| part.trim().split_once('=')) {
            match name {
                "t" if secs.is_some() => return None,
                "t" => secs = Some(value.parse().ok()?),
                "v1" if v1.len() < MAX_SIGNATURES => v1.extend(hex32(value)),
                _ => {}
            }
        }
        let secs = secs?;
        (!v1.is_empty()).then_some(Self { secs, v1 })
    }
}

fn hex32(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}
