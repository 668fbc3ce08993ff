//! What is in a bundle of entries and in a bundle of bodies.

use alloc::vec::Vec;
use core::mem;

use super::{BodyBundle, Bundle, HEIGHT, WIDTH};
use crate::Beside;
use crate::limit::BODY_BYTES_MAX;

/// The longest bundle of entries, in bytes: 256 times a length of two bytes and the longest entry that it can say.
pub const BUNDLE_BYTES_MAX: usize = 256 * (2 + 65_535);

/// The longest bundle of bodies, in bytes.
pub const BODY_BUNDLE_BYTES_MAX: usize = 256 * (1 + 32 + 4 + BODY_BYTES_MAX);

/// Why a bundle cannot be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// It ends inside an entry or a body.
    #[error("the bundle ends too early")]
    Ended,
    /// More follows the last entry that it may hold.
    #[error("the bundle goes on after its last entry")]
    Trailing,
    /// A body bundle without any: there should be no file.
    #[error("the bundle of bodies is empty")]
    Empty,
    /// A slot of a body bundle twice, or not in ascending order.
    #[error("the bodies are not in ascending order, each once")]
    Order,
    /// An entry over 65,535 bytes, or a body over [`BODY_BYTES_MAX`].
    #[error("an entry or body is longer than a bundle can hold")]
    TooLong,
}

/// The entries in the bytes of `bundle`, in order, exactly as many as its width says.
///
/// # Errors
/// [`BundleError::Ended`] or [`BundleError::Trailing`].
pub fn read_entries<'a>(bundle: &Bundle, bytes: &'a [u8]) -> Result<Vec<&'a [u8]>, BundleError> {
    let (mut entries, mut rest) = (Vec::with_capacity(usize::from(bundle.width())), bytes);
    for _ in 0..bundle.width() {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(BundleError::Ended)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or(BundleError::Ended)?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() {
        Ok(entries)
    } else {
        Err(BundleError::Trailing)
    }
}

/// The bodies in the bytes of a body bundle, each with its slot: the entry's number in the 256.
///
/// # Errors
/// [`BundleError`] but not [`BundleError::Trailing`]: whatever follows is the next body.
pub fn read_bodies(bytes: &[u8]) -> Result<Vec<(u8, Beside)>, BundleError> {
    let (mut bodies, mut rest) = (Vec::<(u8, Beside)>::new(), bytes);
    while let Some((slot, after)) = rest.split_first() {
        if bodies.last().is_some_and(|(before, _)| before >= slot) {
            return Err(BundleError::Order);
        }
        let (salt, after) = after.split_first_chunk::<32>().ok_or(BundleError::Ended)?;
        let (length, after) = after.split_first_chunk::<4>().ok_or(BundleError::Ended)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        if length > BODY_BYTES_MAX {
            return Err(BundleError::TooLong);
        }
        let (body, after) = after.split_at_checked(length).ok_or(BundleError::Ended)?;
        bodies.push((
            *slot,
            Beside {
                salt: *salt,
                body: body.to_vec(),
            },
        ));
        rest = after;
    }
    if bodies.is_empty() {
        Err(BundleError::Empty)
    } else {
        Ok(bodies)
    }
}

/// Makes the bundles of a log whose entries are handed over in order. It keeps one unfinished bundle.
#[derive(Debug, Clone, Default)]
pub struct BundleWriter {
    index: u64,
    width: u16,
    bytes: Vec<u8>,
}

impl BundleWriter {
    /// For a log from its first entry.
    pub const fn new() -> Self {
        Self {
            index: 0,
            width: 0,
            bytes: Vec::new(),
        }
    }

    /// Takes the next entry's bytes and gives the bundle that is full with it, every 256th time.
    ///
    /// # Errors
    /// [`BundleError::TooLong`]; the entry is not taken then.
    pub fn push(&mut self, entry: &[u8]) -> Result<Option<(Bundle, Vec<u8>)>, BundleError> {
        let length = u16::try_from(entry.len()).map_err(|_| BundleError::TooLong)?;
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(entry);
        self.width += 1;
        Ok(if self.width == WIDTH {
            self.take()
        } else {
            None
        })
    }

    /// The partial bundle at the end, if any.
    pub fn finish(mut self) -> Option<(Bundle, Vec<u8>)> {
        self.take()
    }

    fn take(&mut self) -> Option<(Bundle, Vec<u8>)> {
        let bundle = Bundle::new(self.index, mem::take(&mut self.width))?;
        self.index += 1;
        Some((bundle, mem::take(&mut self.bytes)))
    }
}

/// Makes the bundles of bodies. It keeps one unfinished bundle.
#[derive(Debug, Clone, Default)]
pub struct BodyWriter {
    index: u64,
    bytes: Vec<u8>,
}

impl BodyWriter {
    /// For a log from its first entry.
    pub const fn new() -> Self {
        Self {
            index: 0,
            bytes: Vec::new(),
        }
    }

    /// Takes the body beside entry `index` and gives the bundle of the bodies before it when this one begins another.
    /// Entries come in ascending order; one without a body may be left out.
    ///
    /// # Errors
    /// [`BundleError::TooLong`] over [`BODY_BYTES_MAX`], [`BundleError::Order`] for an entry of a bundle that went out; the
    /// body is not taken then.
    pub fn push(
        &mut self,
        index: u64,
        beside: &Beside,
    ) -> Result<Option<(BodyBundle, Vec<u8>)>, BundleError> {
        let length = u32::try_from(beside.body.len()).map_err(|_| BundleError::TooLong)?;
        if beside.body.len() > BODY_BYTES_MAX {
            return Err(BundleError::TooLong);
        }
        let (bundle, [.., slot]) = (index >> HEIGHT, index.to_be_bytes());
        if bundle < self.index {
            return Err(BundleError::Order);
        }
        let before = if bundle > self.index {
            self.take()
        } else {
            None
        };
        self.index = bundle;
        self.bytes.push(slot);
        self.bytes.extend_from_slice(&beside.salt);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(&beside.body);
        Ok(before)
    }

    /// The bundle at the end, if any.
    pub fn finish(mut self) -> Option<(BodyBundle, Vec<u8>)> {
        self.take()
    }

    fn take(&mut self) -> Option<(BodyBundle, Vec<u8>)> {
        let bundle = BodyBundle { index: self.index };
        (!self.bytes.is_empty()).then(|| (bundle, mem::take(&mut self.bytes)))
    }
}
