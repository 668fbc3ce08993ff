//! Typed ids. The id of a thing is the id of the statement that made it: 32 bytes, written as 64 lower-case hex digits.

use alloc::string::String;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Reads exactly 64 lower-case hex digits.
pub fn hex32(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut out = [0_u8; 32];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(out)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// All zeros: the node itself where a person is meant, "not yet" elsewhere.
            pub const ZERO: Self = Self([0; 32]);
            /// The id whose hex form is `text`, if it is 64 lower-case hex digits.
            pub fn from_hex(text: &str) -> Option<Self> { hex32(text).map(Self) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(", stringify!($name))?;
                self.0.iter().take(4).try_for_each(|byte| write!(f, "{byte:02x}"))?;
                f.write_str(")")
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> { out.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let text = String::deserialize(input)?;
                Self::from_hex(&text).ok_or_else(|| D::Error::custom("an id is 64 lower-case hex digits"))
            }
        }
    )+};
}

// Alphabetical and append-only.
ids! {
    /// A scene, cue, run or exercise.
    ActionId,
    /// A rack of things that cannot fire, counted out and back.
    BatchId,
    /// A magazine, belt, loader, pouch or quiver.
    CarrierId,
    /// A concern raised by the crew.
    ConcernId,
    /// An unexpected event.
    EventId,
    /// A file, or anything else outside the record: its SHA-256.
    FileId,
    /// An Ed25519 public key, which is its own id.
    KeyId,
    /// One maker's batch of rounds in one container.
    LotId,
    /// A safety meeting.
    MeetingId,
    /// A person; all zeros is the node itself.
    PersonId,
    /// A shooting day, rehearsal, training, performance or demonstration.
    SessionId,
    /// A statement: the SHA-256 of its payload.
    StatementId,
    /// A stop, which is a lock on the unit.
    StopId,
    /// A named lockable place.
    StoreId,
    /// A weapon.
    WeaponId,
}

macro_rules! from_statement {
    ($($name:ident),+) => {$(
        impl From<StatementId> for $name { fn from(id: StatementId) -> Self { Self(id.0) } }
        impl From<$name> for StatementId { fn from(id: $name) -> Self { Self(id.0) } }
    )+};
}
from_statement!(
    ActionId, BatchId, CarrierId, ConcernId, EventId, LotId, MeetingId, PersonId, SessionId,
    StopId, StoreId, WeaponId
);

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn an_id_reads_back_what_it_wrote() {
        let id = WeaponId([0xab; 32]);
        assert_eq!(WeaponId::from_hex(&id.to_string()), Some(id));
        assert_eq!(WeaponId::from_hex(&id.to_string().to_uppercase()), None);
        assert_eq!(WeaponId::from_hex("ab"), None);
    }
}
