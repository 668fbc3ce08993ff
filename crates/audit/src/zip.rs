//! A copy as one zip, byte for byte as `docs/formats/export.md` says, so that no two readers see two things in it.

mod fields;
mod read;
mod write;

pub use read::Zip;
pub use write::ZipWriter;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END64: u32 = 0x0606_4b50;
const LOCATOR: u32 = 0x0706_4b50;
/// The one extra field that there may be.
const WIDE: u16 = 0x0001;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const END_BYTES: u64 = 22;
const LOCATOR_BYTES: u64 = 20;
const END64_BYTES: u64 = 56;
