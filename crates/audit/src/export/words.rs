//! What people read in an export. None of it is part of the record, and none of it claims more than the record.

use std::fmt::Write as _;

use domain::act::Kind;
use domain::act::record::Attach;
use ledger::Digest;

use super::Around;
use super::gather::{Exhibit, Gathered};
use crate::cosigned::iso_ms;
use crate::limit::WORDS_CHARS_MAX;
use crate::walk::Notice;

/// A line; writing to a string cannot fail.
macro_rules! line {
    ($text:expr, $($words:tt)+) => {
        writeln!($text, $($words)+).unwrap_or_default()
    };
}

const README: &str = "\
A COPY OF A RECORD

This folder (or zip) is a whole copy of one production's record of weapons and ammunition: every entry ever made, in order,
with everything that is needed to check that none was changed, taken out or put in. It needs no program of ours, no
network and no account.

TO CHECK IT
1. Easiest: open verify.html from this folder in a browser. Drop this folder or the zip on it. Everything happens on your
   machine; nothing is sent anywhere.
2. `coldproof verify PATH`, where the program is at hand.
3. By anybody's program: the format is public (docs/formats/export.md of Coldproof) and made of public parts. The tree is
   RFC 6962; `tile/` is laid out by c2sp.org/tlog-tiles, `checkpoint` is a c2sp.org/tlog-checkpoint, `policy` a
   c2sp.org/tlog-policy. Tools for those check tree and signatures without knowing what a weapon is.
Check a zip as it is. A copy that somebody packed anew is unpacked first and checked as a folder.

COMPARE THE KEY
keys/log.vkey is the log's public key. Compare it, letter by letter, with one that you had from elsewhere (it was printed
when the record began; cosigners keep it). A whole other record, properly signed, would hold as well.

WHAT \"HOLDS\" MEANS
Every entry is byte for byte what was signed into this log, in this order, none missing before the last one; every entry was
signed by a key that an earlier entry let in; every body that is here is the one that was signed. It does not mean that
what an entry says is true. Two people can be wrong together.

WHAT IS NOT HERE, and how it shows
- withheld: a body or file was left out of this copy. The entry still counts, and another entry, which is named, says for
  whom, by whom and why. You may ask for it.
- erased: a body that may be erased (details of people, accounts, attachments) was erased by two people on a named basis.
  Both entries are named. Nothing in the record's decisions rested on it.
- missing: it was entered, it is not here, and no entry says why. Ask.
Nothing that was entered can be left out without one of these three lines.

FILES
checkpoint        the log's signed head: name, number of entries, root
cosigned          an older head that others saw and signed, where there is one
tile/             the tree (tile/0 to tile/5) and the entries (tile/entries)
bodies/           what the entries' commitments stand for, with salts
attachments/      photographs, video, documents, named by their SHA-256
packs/            the rules that were in force, to judge every answer again (`coldproof verify --judge`)
keys/             the log's key; whose the other keys are (derived from the entries)
certificate.txt   a draft for the one who keeps the record to sign
custody/          a form for each exhibit
defects.txt       what is known to be wrong with the program
manifest.json     list of files. Nobody vouches for it
";

/// README.txt: how to check, then which copies the record names, this one among them or not.
pub(super) fn readme(entered: Option<u64>, gathered: &Gathered) -> String {
    let mut text = String::from(README);
    text.push_str("\nWHO HOLDS COPIES\n");
    match entered {
        Some(entry) => line!(
            text,
            "That this copy was made stands in entry {entry} of the record itself."
        ),
        None => text.push_str(NOT_ENTERED),
    }
    match gathered.copies.as_slice() {
        [] => text.push_str("The record names no copy up to here.\n"),
        _ => text.push_str(
            "Copies that the record names up to here, each to be told of what is erased later:\n",
        ),
    }
    for copy in &gathered.copies {
        let this = if entered == Some(copy.index) {
            " (this copy)"
        } else {
            ""
        };
        line!(
            text,
            "  entry {}, {}: for {}{this}",
            copy.index,
            iso_ms(copy.at),
            cut(&copy.to)
        );
    }
    text
}

const NOT_ENTERED: &str = "\
NOT ENTERED: that this copy was made stands nowhere in the record. Nobody was listed as its holder, so nobody will be told
of what is erased later.
";

/// A draft of a custodian's certificate.
pub(super) fn certificate(
    around: &Around<'_>,
    gathered: &Gathered,
    notice: Option<&Notice>,
) -> String {
    let mut text = String::from(CERTIFICATE);
    the_copy(&mut text, around, notice);
    the_system(&mut text, gathered);
    clocks(&mut text, gathered);
    marks(&mut text, gathered);
    text.push_str(BLANKS);
    text
}

fn the_copy(text: &mut String, around: &Around<'_>, notice: Option<&Notice>) {
    let (head, export) = (&around.head, around.export);
    let made = i64::try_from(export.made_at).unwrap_or(i64::MAX);
    line!(text, "\n1. THE COPY");
    line!(text, "Log             {}", head.origin);
    line!(text, "Log's key       {}", around.verifier);
    line!(
        text,
        "Entries         {} (numbers 0 to {})",
        head.size,
        head.size.saturating_sub(1)
    );
    line!(text, "Root            {}", head.root);
    line!(text, "Copy made       {}", iso_ms(made));
    line!(
        text,
        "Made by         Coldproof {}, program file SHA-256 {}",
        export.program.version,
        export.program.sha256
    );
    match notice {
        Some(notice) => line!(
            text,
            "Left out        for {}, as entry {} says; whoever checks the copy is told each body",
            cut(&notice.to),
            notice.index
        ),
        None => line!(text, "Left out        nothing"),
    }
}

fn the_system(text: &mut String, gathered: &Gathered) {
    text.push_str(SYSTEM);
    for ran in &gathered.programs {
        line!(
            text,
            "  from entry {} ({}): version {}, program file SHA-256 {}",
            ran.index,
            iso_ms(ran.at),
            cut(&ran.version),
            ran.program
        );
    }
    line!(text, "Words shown to signers, by language and version:");
    for ((lang, version), count) in &gathered.shown {
        line!(text, "  {} {version}: {count} statements", cut(lang));
    }
}

fn clocks(text: &mut String, gathered: &Gathered) {
    let clocks = &gathered.clocks;
    line!(text, "\n3. CLOCKS");
    line!(
        text,
        "Every entry bears two times: the node's when it recorded, and the signing device's as it claimed."
    );
    line!(text, "Over {} statements:", clocks.statements);
    line!(
        text,
        "  recorded later than claimed by at most   {} ms (time on the way, or a device behind)",
        clocks.node_ahead_most
    );
    line!(
        text,
        "  claimed later than recorded by at most   {} ms (a device ahead)",
        clocks.device_ahead_most
    );
    line!(
        text,
        "Jumps of the node's own clock that it noticed: {}",
        clocks.jumps.len()
    );
    for (index, by) in &clocks.jumps {
        line!(text, "  entry {index}: {by} ms");
    }
    text.push_str(OFFSET);
}

fn marks(text: &mut String, gathered: &Gathered) {
    let marks = &gathered.marks;
    line!(text, "\n4. HOW ENTRIES CAME ABOUT, as each is marked");
    line!(text, "  in the course of work   {}", marks.in_course);
    line!(text, "  late                    {}", marks.late);
    line!(text, "  after an incident       {}", marks.after_incident);
    line!(text, "  (refused, of all these  {})", marks.refused);
}

const SYSTEM: &str = "
2. THE SYSTEM, as the record itself says
Each statement was signed on a device with a key of its own (Ed25519) and recorded by one node, which signed the head of a
Merkle tree over all entries before it answered. Programs that ran:
";

const OFFSET: &str = "\
Known offset of the node's clock from true time at the making of this copy: ______________ ms
measured against: ______________________________________________
";

const CERTIFICATE: &str = "\
DRAFT OF A CUSTODIAN'S CERTIFICATE
For counsel to change and for a person to sign. A draft: it makes no claim of law. It follows the wording usual for
certified records of a regular activity and for records made by an electronic process (in the United States, Federal Rules
of Evidence 902(11), 902(13) and 902(14)); whether any of it applies, and where, is for counsel.
What stands here in figures was taken from the record by the program. Fill in the blanks. Strike what you do not know.
";

const BLANKS: &str = "
5. WHO CAN SWEAR TO WHAT (a draft; one person need not know it all)
  The one who keeps the record: that the machine ____________ was the production's node from ____________ to ____________,
    who had its key, and where it stood.                                        Name: ______________________________
  A qualified person: that the process described in 2 gives an accurate result, and that the copy above was made by it and
    checked (result of `coldproof verify`: ______________________________).     Name: ______________________________
  Each signer: to what they themselves saw and signed.                          see the entries

6. STATEMENT
I, ______________________________ (name), ______________________________ (position), say:
  a. I am the custodian of the record named in 1, or qualified to speak for its keeping.
  b. Entries marked \"in the course of work\" were made at or near the time by people with knowledge of what they signed, in
     the regular course of the production's work, as its regular practice.
  c. Entries marked \"late\" or \"after an incident\" were not, and are not offered as such.
  d. The copy named in 1 is a true copy of that record as it stood at that size, except for what is listed as left out.
  e. Known defects of the program are listed in defects.txt.

Date and place: ______________________________      Signature: ______________________________
";

/// The custody form of an exhibit.
pub(super) fn custody(around: &Around<'_>, gathered: &Gathered, exhibit: &Exhibit) -> String {
    let mut text = String::from(CUSTODY);
    line!(text, "Log             {}", around.head.origin);
    line!(text, "Exhibit         statement {}", exhibit.statement);
    line!(text, "Entered         entry {}", exhibit.index);
    line!(
        text,
        "Entered by      {} (person {})",
        cut(&gathered.role(exhibit.by)),
        exhibit.by
    );
    line!(text, "Key             {}", exhibit.key);
    line!(
        text,
        "Recorded        {} by the node's clock",
        iso_ms(exhibit.recorded)
    );
    line!(
        text,
        "Claimed         {} by the device's clock",
        iso_ms(exhibit.claimed)
    );
    match &exhibit.body {
        Some(body) => what(&mut text, body),
        None => line!(
            text,
            "What            not said in this copy: the body is withheld or erased"
        ),
    }
    line!(text, "\nLater entries that name it:");
    if exhibit.touched.is_empty() {
        line!(text, "  no entry found");
    }
    for (index, kind, person, at) in &exhibit.touched {
        let meaning = Kind::from_stored(kind).map_or("", Kind::meaning);
        line!(
            text,
            "  entry {index}, {}: {} by {} ({meaning})",
            iso_ms(*at),
            cut(kind),
            cut(&gathered.role(*person))
        );
    }
    views(&mut text, around, gathered, exhibit);
    text.push_str(HANDS);
    text
}

/// Who had the file from the node. Counted beside the record, and said so.
fn views(text: &mut String, around: &Around<'_>, gathered: &Gathered, exhibit: &Exhibit) {
    let Some(body) = &exhibit.body else {
        return;
    };
    line!(
        text,
        "\nWho had the file from the node, as it counted (beside the record; nobody signed this):"
    );
    let views = &around.export.aside.views;
    let mut counted = 0;
    for file in [Some(body.sha256), body.original].into_iter().flatten() {
        for view in views.get(&Digest(file.0)).into_iter().flatten() {
            counted += 1;
            let times = if view.times == 1 { "time" } else { "times" };
            let Some(by) = view.by else {
                line!(text, "  {} {times}, by whom was not kept", view.times);
                continue;
            };
            line!(
                text,
                "  {} (person {by}): {} {times}, first {}, last {}",
                cut(&gathered.role(by)),
                view.times,
                iso_ms(view.first),
                iso_ms(view.last)
            );
        }
    }
    if counted == 0 {
        line!(text, "  nobody was counted");
    }
}

fn what(text: &mut String, body: &Attach) {
    line!(text, "What            {}", cut(body.name.as_str()));
    line!(text, "Media type      {}", cut(&body.media));
    line!(text, "Size            {} bytes", body.bytes);
    line!(text, "SHA-256         {}", body.sha256);
    if let Some(original) = &body.original {
        line!(
            text,
            "Metadata        taken out of it; the file before that has SHA-256 {original}"
        );
    }
    for about in &body.about {
        line!(text, "About           statement {about}");
    }
}

const CUSTODY: &str = "\
CUSTODY OF AN EXHIBIT
Taken from the record by the program; the entries are what counts. Below the line, by hand.

";

const HANDS: &str = "
--------------------------------------------------------------------------------------------------------------------
Passed on by hand (of the thing itself, or of a carrier with the file)
Date, time            From (name, signature)              To (name, signature)               Why
____________________  __________________________________  _________________________________  _____________________
____________________  __________________________________  _________________________________  _____________________
____________________  __________________________________  _________________________________  _____________________
";

/// Words on one line, cut where they are endless.
fn cut(words: &str) -> String {
    let words = words.replace('\n', " ");
    if words.chars().count() <= WORDS_CHARS_MAX {
        return words;
    }
    let cut: String = words.chars().take(WORDS_CHARS_MAX).collect();
    format!("{cut} …")
}
