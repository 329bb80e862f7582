//! AMF0 values ("Action Message Format - AMF 0", Adobe, 2007): what RTMP commands are written in.

use bytes::{BufMut, BytesMut};

/// Objects inside objects, at most; encoders use two.
const MAX_DEPTH: u8 = 8;
/// Values in one message, at most; a `connect` has about twenty.
const MAX_VALUES: usize = 256;

/// A value; what an encoder may send and this server has no use for (dates, references) is [`Value::Other`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Number(f64),
    Bool(bool),
    Text(String),
    /// Objects and ECMA arrays: names in the order of sending.
    Object(Vec<(String, Value)>),
    Null,
    List(Vec<Value>),
    Other,
}

/// Not AMF0, or more of it than a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Amf0Error {
    #[error("a value ends in the middle")]
    Truncated,
    #[error("type marker {0} has no meaning here")]
    Marker(u8),
    #[error("values are nested too deep")]
    TooDeep,
    #[error("a message holds too many values")]
    TooMany,
    #[error("a text is not UTF-8")]
    NotUtf8,
}

impl Value {
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    #[must_use]
    pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Self {
        Self::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The named field of an object.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Object(fields) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Every value of one message.
///
/// # Errors
/// [`Amf0Error`], at the first byte that does not fit.
pub fn read_all(bytes: &[u8]) -> Result<Vec<Value>, Amf0Error> {
    let mut reader = Reader { rest: bytes, left: MAX_VALUES };
    let mut values = Vec::new();
    while !reader.rest.is_empty() {
        values.push(reader.value(0)?);
    }
    Ok(values)
}

struct Reader<'a> {
    rest: &'a [u8],
    left: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Amf0Error> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Amf0Error::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Amf0Error> {
        Ok(self.take(1)?[0])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Amf0Error> {
        self.take(N)?.try_into().map_err(|_| Amf0Error::Truncated)
    }

    fn text(&mut self, length: usize) -> Result<String, Amf0Error> {
        std::str::from_utf8(self.take(length)?).map(str::to_owned).map_err(|_| Amf0Error::NotUtf8)
    }

    fn short_text(&mut self) -> Result<String, Amf0Error> {
        let length = u16::from_be_bytes(self.array()?);
        self.text(usize::from(length))
    }

    fn value(&mut self, depth: u8) -> Result<Value, Amf0Error> {
        if depth > MAX_DEPTH {
            return Err(Amf0Error::TooDeep);
        }
        self.left = self.left.checked_sub(1).ok_or(Amf0Error::TooMany)?;
        Ok(match self.byte()? {
            0 => Value::Number(f64::from_be_bytes(self.array()?)),
            1 => Value::Bool(self.byte()? != 0),
            2 => Value::Text(self.short_text()?),
            3 => Value::Object(self.fields(depth)?),
            5 | 6 => Value::Null,
            7 => {
                self.take(2)?;
                Value::Other
            }
            8 => {
                // The count is a hint (encoders write 0); the end marker decides.
                self.take(4)?;
                Value::Object(self.fields(depth)?)
            }
            10 => {
                let count = u32::from_be_bytes(self.array()?);
                let mut values = Vec::new();
                for _ in 0..count {
                    values.push(self.value(depth + 1)?);
                }
                Value::List(values)
            }
            11 => {
                self.take(10)?;
                Value::Other
            }
            12 => {
                let length = u32::from_be_bytes(self.array()?);
                Value::Text(self.text(usize::try_from(length).map_err(|_| Amf0Error::Truncated)?)?)
            }
            marker => return Err(Amf0Error::Marker(marker)),
        })
    }

    fn fields(&mut self, depth: u8) -> Result<Vec<(String, Value)>, Amf0Error> {
        let mut fields = Vec::new();
        loop {
            let name = self.short_text()?;
            if name.is_empty() && self.rest.first() == Some(&9) {
                self.take(1)?;
                return Ok(fields);
            }
            fields.push((name, self.value(depth + 1)?));
        }
    }
}

/// Appends the values as AMF0. Names and texts past 65,535 bytes are cut: this server writes none.
pub fn write_all(values: &[Value], out: &mut BytesMut) {
    for value in values {
        write(value, out);
    }
}

fn write(value: &Value, out: &mut BytesMut) {
    match value {
        Value::Number(number) => {
            out.put_u8(0);
            out.put_f64(*number);
        }
        Value::Bool(flag) => out.put_slice(&[1, u8::from(*flag)]),
        Value::Text(text) => {
            out.put_u8(2);
            write_text(text, out);
        }
        Value::Object(fields) => {
            out.put_u8(3);
            for (name, value) in fields {
                write_text(name, out);
                write(value, out);
            }
            out.put_slice(&[0, 0, 9]);
        }
        Value::Null | Value::Other => out.put_u8(5),
        Value::List(values) => {
            out.put_u8(10);
            out.put_u32(u32::try_from(values.len()).unwrap_or(u32::MAX));
            write_all(values, out);
        }
    }
}

fn write_text(text: &str, out: &mut BytesMut) {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    out.put_u16(length);
    out.put_slice(&text.as_bytes()[..usize::from(length)]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_survive_the_wire() {
        let values = vec![
            Value::text("connect"),
            Value::Number(1.0),
            Value::object([("app", Value::text("live")), ("list", Value::List(vec![Value::Bool(true), Value::Null]))]),
        ];
        let mut bytes = BytesMut::new();
        write_all(&values, &mut bytes);
        assert_eq!(read_all(&bytes), Ok(values));
    }

    #[test]
    fn what_is_not_amf0_is_named() {
        let deep = [3, 0, 1, b'a'].repeat(20);
        let many = [5u8; 300];
        for (bytes, error) in [
            (&[0u8, 1][..], Amf0Error::Truncated),
            (&[12, 0xFF, 0xFF, 0xFF, 0xFF], Amf0Error::Truncated),
            (&[10, 0xFF, 0xFF, 0xFF, 0xFF], Amf0Error::Truncated),
            (&[2, 0, 1, 0xFF], Amf0Error::NotUtf8),
            (&[17], Amf0Error::Marker(17)),
            (&deep, Amf0Error::TooDeep),
            (&many, Amf0Error::TooMany),
        ] {
            assert_eq!(read_all(bytes), Err(error), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            if let Ok(values) = read_all(&bytes) {
                let mut out = BytesMut::new();
                write_all(&values, &mut out);
                prop_assert!(read_all(&out).is_ok());
            }
        }
    }
}
