//! Typed ids: 48 bits of milliseconds, then 80 random bits, written as 26 Crockford base-32 digits (the ULID layout,
//! <https://github.com/ulid/spec>). Text order is order of creation to the millisecond, so a page's cursor is an id.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Random, Timestamp};

const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Not 26 Crockford base-32 digits of 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is 26 letters and digits, as this server wrote it")]
pub struct ParseIdError;

fn mint(now: Timestamp, random: &mut Random) -> u128 {
    let millis = u128::from(now.unix_millis().max(0).cast_unsigned()) & 0xFFFF_FFFF_FFFF;
    let noise = (u128::from(random.next_u64()) << 16) | u128::from(random.next_u64() & 0xFFFF);
    (millis << 80) | (noise & ((1 << 80) - 1))
}

fn write(value: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0u8; 26];
    for (place, digit) in text.iter_mut().rev().enumerate() {
        *digit = DIGITS[((value >> (place * 5)) & 31) as usize];
    }
    f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
}

fn read(text: &str) -> Result<u128, ParseIdError> {
    if text.len() != 26 || text.as_bytes()[0] > b'7' {
        return Err(ParseIdError);
    }
    text.bytes().try_fold(0u128, |value, byte| {
        let digit = DIGITS.iter().position(|d| *d == byte).ok_or(ParseIdError)?;
        Ok((value << 5) | digit as u128)
    })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// A new id; two of them from one `random` never collide in practice (80 random bits a millisecond).
            #[must_use]
            pub fn mint(now: Timestamp, random: &mut Random) -> Self {
                Self(mint(now, random))
            }

            /// When it was made, to the millisecond.
            #[must_use]
            pub fn minted_at(self) -> Timestamp {
                // 48 bits fit; what has more was not minted here.
                Timestamp::from_unix_millis(i64::try_from(self.0 >> 80).unwrap_or(0))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                read(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A person in the house: staff or buyer account. Log, ledger and orders hold nothing else about a person.
    PersonId
    /// A device that watches; minted by us, signed, never a name.
    ViewerId
    /// A seller's public face in the house.
    BrandId
    /// The legal person who sells.
    SellerId
    ProductId
    VariantId
    /// A picture or other uploaded file.
    MediaId
    /// A place where stock lies.
    LocationId
    /// A sheet of products that was sent in.
    ImportId
    ShowId
    /// One publishing run's programme: a capability in playback addresses.
    ProgrammeId
    ClaimId
    /// An offer of a few pieces for a while in a show.
    DropId
    /// A place in a drop's waitlist.
    WaiterId
    BasketId
    OrderId
    OrderLineId
    PaymentId
    ParcelId
    /// Pieces that a buyer sends back.
    ReturnId
    SessionId
    InvitationId
    TokenId
    MessageId
    PollId
    /// A viewer's wish on the request board.
    RequestId
    /// One entry of the audit trail, the outbox, or a price's history.
    EntryId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_text_and_sorts_by_time() {
        let mut random = Random::seeded(7);
        let early = ShowId::mint(Timestamp::from_unix_millis(1_000), &mut random);
        let late = ShowId::mint(Timestamp::from_unix_millis(2_000), &mut random);
        assert_eq!(early.to_string().parse(), Ok(early));
        assert!(early.to_string() < late.to_string());
        assert_eq!(late.minted_at(), Timestamp::from_unix_millis(2_000));
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        for text in ["", "01", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01ARZ3NDEKTSV4RRFFQ69G5FAU", "01arz3ndektsv4rrffq69g5fav"]
        {
            assert_eq!(text.parse::<ShowId>(), Err(ParseIdError), "{text}");
        }
    }
}
