//! Whether a statement was there before, in about 16 bytes an entry.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::Digest;

/// Slots of the first table; each further one has twice as many.
const FIRST: usize = 1 << 14;

/// Low bits of a slot: the entry's number and one. A log of 2^40 entries would need 16 TiB here.
const NUMBER_BITS: u32 = 40;

/// Ids of statements, each known by its entry's number and 24 of its bits.
///
/// The id's first bytes say where it lies, three others are kept beside the number. Where they agree the whole id is asked
/// for again: so two different ids are never taken for one, and one is never taken for two. Among a million ids about one
/// is asked for in vain.
///
/// Tables are never made anew, for the place of an id cannot be had from its slot: a full one is followed by one of twice
/// the size, and all are looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Ids {
    tables: Vec<Table>,
}

#[derive(Debug, Clone)]
struct Table {
    slots: Vec<u64>,
    used: usize,
}

/// Where an id lies, and what is kept of it.
#[derive(Clone, Copy)]
struct Mark {
    place: u64,
    bits: u64,
}

impl Ids {
    pub(super) const fn new() -> Self {
        Self { tables: Vec::new() }
    }

    /// The entry that has this id already; otherwise it is noted for entry `index`. `whole` gives the id of an entry.
    pub(super) fn insert(
        &mut self,
        id: &Digest,
        index: u64,
        mut whole: impl FnMut(u64) -> Result<Digest, (u64, String)>,
    ) -> Result<Option<u64>, (u64, String)> {
        let mark = mark(id);
        for table in &self.tables {
            for earlier in table.alike(mark) {
                if whole(earlier)? == *id {
                    return Ok(Some(earlier));
                }
            }
        }
        if self.tables.last().is_none_or(Table::is_full) {
            let slots = self
                .tables
                .last()
                .map_or(FIRST, |last| last.slots.len() * 2);
            self.tables.push(Table {
                slots: vec![0; slots],
                used: 0,
            });
        }
        if let Some(last) = self.tables.last_mut() {
            last.insert(mark, index);
        }
        Ok(None)
    }
}

impl Table {
    fn is_full(&self) -> bool {
        self.used * 4 >= self.slots.len() * 3
    }

    /// Slots from the mark's place up to the first empty one.
    fn run(&self, mark: Mark) -> impl Iterator<Item = (usize, u64)> {
        let last = self.slots.len() as u64 - 1;
        let start = usize::try_from(mark.place & last).unwrap_or(0);
        let (before, after) = self.slots.split_at(start);
        (start..)
            .zip(after)
            .chain((0..).zip(before))
            .map(|(at, slot)| (at, *slot))
    }

    fn alike(&self, mark: Mark) -> impl Iterator<Item = u64> {
        self.run(mark)
            .take_while(|(_, slot)| *slot != 0)
            .filter(move |(_, slot)| slot >> NUMBER_BITS == mark.bits)
            .map(|(_, slot)| (slot & ((1 << NUMBER_BITS) - 1)) - 1)
    }

    fn insert(&mut self, mark: Mark, index: u64) {
        let free = self.run(mark).find(|(_, slot)| *slot == 0);
        if let Some((at, _)) = free
            && let Some(slot) = self.slots.get_mut(at)
        {
            *slot = mark.bits << NUMBER_BITS | ((index + 1) & ((1 << NUMBER_BITS) - 1));
            self.used += 1;
        }
    }
}

fn mark(id: &Digest) -> Mark {
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    };
    let (place, rest) = id.0.split_at(8);
    let (bits, _) = rest.split_at(3);
    Mark {
        place: number(place),
        bits: number(bits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u64) -> Digest {
        Digest::of(&n.to_be_bytes())
    }

    #[test]
    fn each_id_is_found_again_and_none_other() {
        let (mut ids, mut asked) = (Ids::new(), 0);
        let count = 60_000;
        for n in 0..count {
            let found = ids.insert(&id(n), n, |earlier| {
                asked += 1;
                Ok(id(earlier))
            });
            assert_eq!(found, Ok(None));
        }
        assert!(asked < 10, "{asked} asked for in vain");
        for n in (0..count).step_by(17) {
            let found = ids.insert(&id(n), count, |earlier| Ok(id(earlier)));
            assert_eq!(found, Ok(Some(n)));
        }
    }

    #[test]
    fn ids_that_agree_in_all_that_is_kept_are_told_apart() {
        let alike = |n: u8| {
            let mut bytes = [7; 32];
            bytes[31] = n;
            Digest(bytes)
        };
        let mut ids = Ids::new();
        for n in 0..200_u8 {
            let found = ids.insert(&alike(n), u64::from(n), |earlier| {
                Ok(alike(u8::try_from(earlier).unwrap()))
            });
            assert_eq!(found, Ok(None));
        }
        let found = ids.insert(&alike(150), 200, |earlier| {
            Ok(alike(u8::try_from(earlier).unwrap()))
        });
        assert_eq!(found, Ok(Some(150)));
        let unread = ids.insert(&alike(151), 201, |earlier| Err((earlier, "gone".into())));
        assert_eq!(unread, Err((0, "gone".into())));
    }

    #[test]
    fn runs_go_round_the_end_of_a_table() {
        let mut ids = Ids::new();
        // All at the last slot of the first table.
        let last = |n: u64| {
            let mut bytes = [0xff; 32];
            bytes[8..16].copy_from_slice(&n.to_le_bytes());
            Digest(bytes)
        };
        for n in 0..300 {
            assert_eq!(
                ids.insert(&last(n), n, |earlier| Ok(last(earlier))),
                Ok(None)
            );
        }
        for n in 0..300 {
            let found = ids.insert(&last(n), 999, |earlier| Ok(last(earlier)));
            assert_eq!(found, Ok(Some(n)));
        }
    }
}
