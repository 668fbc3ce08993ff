//! A set of entry numbers, one bit each.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

/// Entry numbers: one bit for each entry up to the last one in it, so 125 KB for a million entries whatever is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers {
    words: Vec<u64>,
    count: u64,
}

impl Numbers {
    /// The empty set.
    pub const fn new() -> Self {
        Self {
            words: Vec::new(),
            count: 0,
        }
    }

    /// Adds a number. Meant for numbers in about ascending order: memory goes with the largest.
    pub fn insert(&mut self, number: u64) {
        let Ok(word) = usize::try_from(number / 64) else {
            return;
        };
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        if let Some(bits) = self.words.get_mut(word) {
            let bit = 1 << (number % 64);
            self.count += u64::from(*bits & bit == 0);
            *bits |= bit;
        }
    }

    /// Whether it is in.
    pub fn contains(&self, number: u64) -> bool {
        usize::try_from(number / 64)
            .ok()
            .and_then(|word| self.words.get(word))
            .is_some_and(|bits| bits & 1 << (number % 64) != 0)
    }

    /// How many are in.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Whether none is in.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Each, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        (0_u64..).zip(&self.words).flat_map(|(word, bits)| {
            let mut left = *bits;
            core::iter::from_fn(move || {
                let bit = (left != 0).then(|| u64::from(left.trailing_zeros()))?;
                left &= left - 1;
                Some(word * 64 + bit)
            })
        })
    }

    /// Each unbroken run, ascending.
    pub fn ranges(&self) -> impl Iterator<Item = RangeInclusive<u64>> {
        let mut numbers = self.iter().peekable();
        core::iter::from_fn(move || {
            let first = numbers.next()?;
            let mut last = first;
            while let Some(next) = numbers.next_if(|next| *next == last + 1) {
                last = next;
            }
            Some(first..=last)
        })
    }
}

impl FromIterator<u64> for Numbers {
    fn from_iter<I: IntoIterator<Item = u64>>(numbers: I) -> Self {
        let mut all = Self::new();
        for number in numbers {
            all.insert(number);
        }
        all
    }
}
