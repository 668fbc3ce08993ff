//! What is wrong with a copy, and where.

use std::fmt;

/// Which of the steps of `docs/formats/export.md` does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Paths, the zip, the manifest's list.
    Shape,
    /// The signed head.
    Checkpoint,
    /// One entry.
    Entry,
    /// The body beside one entry.
    Body,
    /// The tree.
    Root,
    /// A stored hash.
    Tile,
    /// The older head that carries cosignatures.
    Cosigned,
    /// A file that an entry names.
    Attachment,
    /// A pack that an entry names.
    Pack,
    /// A file that only the manifest vouches for.
    Manifest,
}

impl Code {
    /// Its word in plain output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Checkpoint => "checkpoint",
            Self::Entry => "entry",
            Self::Body => "body",
            Self::Root => "root",
            Self::Tile => "tile",
            Self::Cosigned => "cosigned",
            Self::Attachment => "attachment",
            Self::Pack => "pack",
            Self::Manifest => "manifest",
        }
    }
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which step.
    pub code: Code,
    /// The entry, where one is at fault.
    pub index: Option<u64>,
    /// A sentence for people.
    pub says: String,
}

impl Fault {
    pub(crate) fn new(code: Code, says: impl Into<String>) -> Self {
        Self {
            code,
            index: None,
            says: says.into(),
        }
    }

    pub(crate) fn at(code: Code, index: u64, says: impl Into<String>) -> Self {
        Self {
            code,
            index: Some(index),
            says: says.into(),
        }
    }

    /// The line of plain output.
    pub fn line(&self) -> String {
        match self.index {
            Some(index) => format!("fault {} {index}", self.code.word()),
            None => format!("fault {}", self.code.word()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, self.index) {
            (Code::Entry, Some(index)) => write!(f, "entry {index} does not hold: {}", self.says),
            (Code::Body, Some(index)) => {
                write!(
                    f,
                    "the body beside entry {index} does not hold: {}",
                    self.says
                )
            }
            (Code::Root, Some(index)) => {
                write!(
                    f,
                    "the receipt of entry {index} does not hold: {}",
                    self.says
                )
            }
            _ => f.write_str(&self.says),
        }
    }
}

/// Why nothing can be said that holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotHeld {
    /// It cannot be read at all.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// Something in it is wrong.
    #[error("{0}")]
    Fault(Fault),
}

impl From<Fault> for NotHeld {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<std::io::Error> for NotHeld {
    fn from(error: std::io::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<store::ReadError> for NotHeld {
    fn from(error: store::ReadError) -> Self {
        let why = std::error::Error::source(&error).map(ToString::to_string);
        Self::Unreadable(match why {
            Some(why) => format!("{error}: {why}"),
            None => error.to_string(),
        })
    }
}
