//! Writes an export of a made-up record of so many entries, to see how checking one goes.
//!
//! ```text
//! cargo run -p audit --example large -- 100000 OUT
//! ```

use std::cell::RefCell;
use std::path::Path;

use audit::export::{Export, Packs};
use audit::manifest::Program;
use audit::{Archive, Form, NotHeld};
use ed25519_dalek::SigningKey;
use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header, SeenHead, Shown};
use ledger::merkle::{EMPTY_ROOT, Frontier, leaf_hash};
use ledger::{Beside, Digest, PublicKey};
use store::Stored;

const ORIGIN: &str = "ranch.example/large/2021-7f3a";

/// Makes entries as they are asked for, in order; nothing is kept.
struct Made {
    key: SigningKey,
    size: u64,
    note: String,
    last: RefCell<(u64, Digest)>,
}

impl Made {
    fn entry(&self, index: u64, prev: Digest) -> (Stored, Digest) {
        let filling = "a note of a usual length, about what somebody saw and did. ".repeat(4);
        let body = format!(r#"{{"entry":{index},"words":"{filling}"}}"#).into_bytes();
        let beside = Beside {
            salt: Digest::of(&index.to_be_bytes()).0,
            body,
        };
        let header = Header {
            origin: ORIGIN.to_owned(),
            kind: "record.note".to_owned(),
            kv: 1,
            person: Digest::ZERO,
            key: PublicKey::of(&self.key),
            counter: index + 1,
            prev,
            at_ms: 1_634_846_400_000,
            head: SeenHead {
                size: 0,
                root: EMPTY_ROOT,
                at_ms: 0,
            },
            shown: Shown {
                lang: "en".to_owned(),
                words: 1,
            },
            shared: false,
            content: Content::Beside(beside.commitment()),
        };
        let statement = envelope::sign(&header, &self.key).unwrap_or_default();
        let id = header
            .write()
            .map_or(Digest::ZERO, |payload| Digest::of(&payload));
        let entry = Entry {
            at_ms: 1_634_846_400_000,
            statement,
            outcome: br#"{"admitted":true}"#.to_vec(),
            packs: Vec::new(),
        };
        let stored = Stored {
            index,
            entry: entry.write().unwrap_or_default(),
            beside: Some(beside),
        };
        (stored, id)
    }

    /// Goes over all of it once for its head.
    fn sign(&mut self) {
        let (mut tree, mut prev) = (Frontier::new(), Digest::ZERO);
        for index in 0..self.size {
            let (stored, id) = self.entry(index, prev);
            prev = id;
            tree.append(leaf_hash(&stored.entry));
        }
        let head = ORIGIN.parse().map(|origin| Checkpoint {
            origin,
            size: self.size,
            root: tree.root(),
        });
        self.note = head
            .ok()
            .and_then(|head| head.sign(&self.key).ok())
            .unwrap_or_default();
    }
}

impl Archive for Made {
    fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, NotHeld> {
        let mut last = self.last.borrow_mut();
        if from == 0 {
            *last = (0, Digest::ZERO);
        }
        let to = to.min(self.size).min(from + 1_000);
        let mut some = Vec::new();
        for index in from..to {
            let (stored, id) = self.entry(index, last.1);
            some.push(stored);
            *last = (index + 1, id);
        }
        Ok(some)
    }

    fn note(&self) -> Result<String, NotHeld> {
        Ok(self.note.clone())
    }

    fn checkpoints(&self, _: u64) -> Result<Vec<(u64, String)>, NotHeld> {
        Ok(Vec::new())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [size, out] = words.as_slice() else {
        return Err("give a number of entries and where the export goes".into());
    };
    let mut made = Made {
        key: SigningKey::from_bytes(&[1; 32]),
        size: size.parse()?,
        note: String::new(),
        last: RefCell::new((0, Digest::ZERO)),
    };
    made.sign();
    let export = Export {
        notice: None,
        cosigned: None,
        attachments: None,
        packs: &Packs::new(),
        verify_page: None,
        defects: "none known\n",
        program: Program {
            version: "0".to_owned(),
            sha256: Digest::ZERO,
        },
        made_at: 0,
        aside: &audit::export::Aside::default(),
    };
    let form = if Path::new(out).extension().is_some_and(|end| end == "zip") {
        Form::Zip
    } else {
        Form::Folder
    };
    let exported = audit::export::write(Path::new(out), form, &made, &export, &mut |_, _| {})?;
    println!("{} files", exported.manifest.files.len());
    Ok(())
}
