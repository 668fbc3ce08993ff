//! What is said of a copy that holds.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ledger::{Digest, PublicKey};

use crate::manifest::{Format, Manifest};
use crate::walk::{Absent, Found, Named};

/// A copy, or a node's own record, that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holds {
    /// Which kind of copy; `None` for a node's own record.
    pub format: Option<Format>,
    /// The log.
    pub origin: String,
    /// Entries in it.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
    /// The log's key, as its first entry has it. Compare it with one had from elsewhere: a whole other log is properly
    /// signed too.
    pub log_key: PublicKey,
    /// Entries in a person's own copy, which has not all.
    pub entries: Option<u64>,
    /// Bodies.
    pub bodies: Count,
    /// Attachments that bodies here name; `None` where nothing is said of them.
    pub attachments: Option<Count>,
    /// Statements that do not follow their key's last one; `None` where not all are here.
    pub gaps: Option<u64>,
    /// What is not here and why, a line each.
    pub absent: Vec<String>,
    /// Cosignatures and the policy, a line each; none without a policy.
    pub cosigned: Vec<String>,
    /// What the maker says of the copy.
    pub manifest: Option<Manifest>,
}

/// How many are here, and how many are not, by what says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// There, and as they were signed.
    pub here: u64,
    /// Left out of this copy by an entry.
    pub withheld: u64,
    /// Erased by two people.
    pub erased: u64,
    /// Nothing says why.
    pub missing: u64,
}

impl Holds {
    /// The lines of plain output, as `docs/formats/export.md` has them.
    pub fn plain(&self) -> String {
        let mut text = String::new();
        let mut line = |line: std::fmt::Arguments<'_>| {
            // Writing to a string cannot fail.
            writeln!(text, "{line}").unwrap_or_default();
        };
        line(format_args!("holds"));
        line(format_args!("origin {}", self.origin));
        line(format_args!("size {}", self.size));
        line(format_args!("root {}", self.root));
        line(format_args!("log_key {}", self.log_key));
        if let Some(entries) = self.entries {
            line(format_args!("entries {entries}"));
        }
        let counts = [
            ("bodies", Some(self.bodies)),
            ("attachments", self.attachments),
        ];
        for (name, count) in counts {
            if let Some(count) = count {
                line(format_args!("{name} {}", count.here));
                line(format_args!("{name}_withheld {}", count.withheld));
                line(format_args!("{name}_erased {}", count.erased));
                line(format_args!("{name}_missing {}", count.missing));
            }
        }
        if let Some(gaps) = self.gaps {
            line(format_args!("gaps {gaps}"));
        }
        for one in self.absent.iter().chain(&self.cosigned) {
            line(format_args!("{one}"));
        }
        text
    }
}

/// Why something is not here.
enum Why {
    Withheld,
    Erased,
    Missing,
}

/// What is not here, in entry order, in the words of the format, with both counts. `has_file` says whether an attachment is
/// here.
pub(crate) fn absent(
    found: &Found,
    bodies_here: u64,
    has_file: &dyn Fn(&Digest) -> bool,
) -> (Vec<String>, Count, Count) {
    let mut bodies = Count {
        here: bodies_here,
        ..Count::default()
    };
    let mut attachments = Count::default();
    let mut lines: BTreeMap<u64, String> = BTreeMap::new();
    for one in &found.absent {
        let Absent {
            index,
            statement,
            kind,
        } = one;
        let (why, words) = why(found, *index, statement, kind, false);
        bodies.add(&why);
        lines.insert(*index, format!("body {index} {words}"));
    }
    for one in &found.named {
        let Named {
            index,
            statement,
            sha256,
            ..
        } = one;
        if has_file(sha256) {
            attachments.here += 1;
            continue;
        }
        let (why, words) = why(found, *index, statement, "attachment.add", true);
        attachments.add(&why);
        lines.insert(
            *index,
            format!("attachment {sha256} of entry {index} {words}"),
        );
    }
    (lines.into_values().collect(), bodies, attachments)
}

impl Count {
    const fn add(&mut self, why: &Why) {
        match why {
            Why::Withheld => self.withheld += 1,
            Why::Erased => self.erased += 1,
            Why::Missing => self.missing += 1,
        }
    }
}

fn why(found: &Found, index: u64, statement: &Digest, kind: &str, is_file: bool) -> (Why, String) {
    if let Some((countersigned, erasure)) = found.erased.get(statement) {
        let words = format!(
            "erased, {}: {} (entry {}, countersigned in entry {countersigned})",
            erasure.basis,
            one_line(&erasure.words),
            erasure.index
        );
        return (Why::Erased, words);
    }
    if let Some(notice) = &found.notice {
        let covers =
            |item: &&crate::walk::NoticeItem| item.covers(index, kind) && (!is_file || item.files);
        if let Some(item) = notice.out.iter().find(covers) {
            let words = format!(
                "withheld for {}: {} (entry {})",
                one_line(&notice.to),
                one_line(&item.why),
                notice.index
            );
            return (Why::Withheld, words);
        }
    }
    (Why::Missing, "missing: no entry says why".to_owned())
}

fn one_line(words: &str) -> String {
    words.replace('\n', " ")
}
