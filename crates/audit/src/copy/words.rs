//! What people read in their own copy.

use std::fmt::Write as _;

use domain::act::Kind;
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header};

use super::{Own, OwnEntry};
use crate::cosigned::iso_ms;
use crate::say::outcome;

pub(super) const README: &str = "\
YOUR OWN COPY

Everything here was signed with a key of yours: what you said, what you asked for, and what was refused. It is yours.
You can show it to anybody and have it checked without us, without a network and without an account.

To read it:   open mine.txt.
To check it:  open verify.html from this folder in a browser and drop the folder or the zip on it. Nothing is sent
              anywhere. Or run `coldproof verify` on it. Or have a program written for it: the format is public
              (docs/formats/export.md of Coldproof, section My copy) and so are its parts (C2SP signed notes and proofs).

What it shows when it holds: each of these entries is in the log that is named in `checkpoint`, byte for byte, and was
signed under your key. What it does not show: that what an entry says is true; anything of entries that are not here;
that the log was not rolled back since. Keep the copy: if the log ever says otherwise, this file proves what it said.

`keys/log.vkey` is the log's own key. Compare it with one that you had from elsewhere: a whole other log, properly
signed, would hold as well.

A body that is said to be missing was erased at two people's request, or lost. Its entry still shows that it was there.
";

/// The person's entries in plain words.
pub(super) fn mine(own: &Own<'_>) -> String {
    let mut text = format!(
        "WHAT YOU SIGNED\n\nLog     {}\nPerson  {}\nEntries {}\nTimes are UTC, by the node's clock when it recorded, and by the device's clock as it claimed.\n",
        own.verifier.name(),
        own.person,
        own.entries.len()
    );
    for one in &own.entries {
        text.push('\n');
        // Writing to a string cannot fail.
        match entry(one) {
            Some(said) => text.push_str(&said),
            None => writeln!(text, "Entry {} cannot be read.", one.index).unwrap_or_default(),
        }
    }
    text
}

fn entry(one: &OwnEntry) -> Option<String> {
    let entry = Entry::read(&one.entry).ok()?;
    let (payload, ..) = envelope::read(&entry.statement).ok()?;
    let header = Header::read(&payload).ok()?;
    let meaning =
        Kind::from_stored(&header.kind).map_or("A kind that is not known here.", Kind::meaning);
    let body = match (&header.content, &one.beside) {
        (Content::Open(body), _) => String::from_utf8_lossy(body).into_owned(),
        (Content::Beside(_), Some(beside)) => String::from_utf8_lossy(&beside.body).into_owned(),
        (Content::Beside(_), None) => "(not here any more)".to_owned(),
    };
    Some(format!(
        "Entry {}, recorded {} (your device said {}{})\n  {} [{}]\n  You signed: {}\n  Answer: {}\n",
        one.index,
        iso_ms(entry.at_ms),
        iso_ms(header.at_ms),
        if header.shared {
            ", signed on the cart"
        } else {
            ""
        },
        meaning,
        header.kind,
        body,
        outcome(&entry.outcome),
    ))
}
