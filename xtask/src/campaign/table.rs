//! The campaigns: what befalls, what is run, and what it does not show.

use super::{CHECK, Campaign};

pub(super) const CAMPAIGNS: &[Campaign] = &[
    Campaign {
        name: "verifiers",
        title: "A copy that two readers read in two ways",
        runs: &[(CHECK, "verifiers")],
        size_variable: "COLDPROOF_CORRUPTIONS",
        size: 1_000,
        marks: &[" tried, "],
        what: "Archives have been signed in which one reader saw one file and another reader another; signatures were taken by one \
library and refused by the next; a record was read past a member that stood there twice. What one side's program shows the \
court and the other side's does not is worth nothing to either.\n\n\
Three verifiers, written from the pages of `docs/formats/` as if by different hands, are given the same copies: \
`coldproof verify`, `verify.html` in a browser, and `verifiers/verify.py`. Good copies come from the program itself and from \
`verifiers/make.py`; then each is corrupted in a way drawn from a seed: by accident, by somebody who rewrites files and \
manifest, by somebody who packs the zip so that it lies, and by somebody who holds the log's key and every device's. The \
three must print the same lines and end alike, each corruption must be refused or taken as its kind asks, and where it is \
known which step finds it, that step must.\n\n\
What this does not show: a mistake in the pages themselves, which all three would share; and a copy rolled back or forked \
whole by the holder of the log's key, which holds for what it has and is found by receipts and cosigners alone.",
    },
    Campaign {
        name: "kill",
        title: "A process that dies in mid-write",
        runs: &[("store", "kill")],
        size_variable: "COLDPROOF_KILLS",
        size: 200,
        marks: &[" kills, "],
        what: "A laptop loses its battery, the system ends the process, somebody pulls the stick. Software has lost \
acknowledged records this way: written, confirmed, and gone at the next start.\n\n\
A child process appends under load, or waits idle right after one acknowledgement, and is ended with `kill -9` at a \
moment drawn from a seed. After each death the folder is opened again and verified from the raw bytes: the tree leads to \
the signed head, and every entry that was acknowledged is there.\n\n\
Our defence: entry, body, head and signed checkpoint go into one transaction of SQLite (WAL, `synchronous=FULL`), and \
nothing is acknowledged before it is durable. What this does not show: a disk that confirms and forgets, and a power cut, \
which also takes what the operating system still holds: see [power](power.md).",
    },
    Campaign {
        name: "steps",
        title: "A step that fails, lies, or is the last",
        runs: &[("store", "steps")],
        size_variable: "COLDPROOF_STEPS",
        size: 3,
        marks: &[" faults at "],
        what: "Most lost records were lost in code that nobody had ever seen run: the branch after a failed write. And some disks do \
what they are told and report a failure, others report success and do nothing.\n\n\
Every durable step of the store has a name (`crates/store/src/faults.rs`): making, syncing and naming a new record, bringing \
in what a killed process left, reading the head, putting entry and body, reading back, signing, swapping the head, committing, \
taking back, telling, sweeping, erasing. A child process is made to fail at each of them, to do it and report a failure, to die \
right before it and right after it, the first time and later ones, once and from then on; and a bit turns in an entry between \
hashing and storing. Then the folder is opened: what was acknowledged is there, every statement is entered once when it is sent \
again, nothing was acknowledged after an unknown outcome, and the whole record verifies.\n\n\
Our defence: one transaction, one outcome; after an unknown one no second try, only a new opening that reads everything. The \
faults are compiled into tests only. What this does not show: a step that says it worked and did nothing; that is what \
[power](power.md) cuts and [flips](flip.md) are for.",
    },
    Campaign {
        name: "power",
        title: "A power cut in mid-write",
        runs: &[("store", "power")],
        size_variable: "COLDPROOF_CUTS",
        size: 1_000,
        marks: &[" power cuts "],
        what: "The battery is empty, the generator stops. Programs that confirmed before the disk had it have lost whole days \
this way, some of them while they were praised for their speed.\n\n\
A file system in a file is shut down under the writer without a flush, so that all that was not synced is gone; then it is \
mounted again, opened and verified. What was acknowledged when the cut began must be there. Of ten cuts four come under load, \
two right after one acknowledgement with nothing behind it, one into the making of the record, one into the opening after \
another cut, two while the write-ahead log goes into the database.\n\n\
A test of the test: the same cuts under a log that is opened with `synchronous=NORMAL`, a switch that only tests have, must \
lose what was acknowledged.\n\n\
Our defence: one transaction with `synchronous=FULL`, acknowledged after it. What this does not show: a disk whose own cache \
confirms and forgets. Needs the right to mount and `python3`.",
    },
    Campaign {
        name: "io",
        title: "A sick disk",
        runs: &[("store", "io::")],
        size_variable: "COLDPROOF_IO",
        size: 20,
        marks: &[" runs on a disk "],
        what: "A sync fails once and the next one reports success, because the system has thrown the pages away: databases have \
confirmed what was gone. A card at the end of its life writes half.\n\n\
`libfiu` stands between the writing process and the system: syncs that fail once, now and then, always; writes and reads that \
fail or come short; no space, once and now and then. Whatever the process acknowledged is there when the disk is well; after \
a failure whose outcome nobody knows it acknowledged nothing more.\n\n\
Our defence: no second sync after a failed one; a full disk refuses and is no failure; a new record gets its name only when \
all of it is in its file. What this does not show: a disk that takes a write, confirms it and keeps something else; see \
[flips](flip.md). Needs `fiu-utils`.",
    },
    Campaign {
        name: "flip",
        title: "One bit turns",
        runs: &[
            ("store", "flip"),
            ("store", "damaged_write_ahead"),
            ("backup", "flip"),
        ],
        size_variable: "COLDPROOF_FLIPS",
        size: 1_000_000,
        marks: &[" flips of "],
        what: "One wrong bit between hashing and storing ended a public log for good in 2022. Laptops and cards have no memory that \
corrects itself.\n\n\
One bit of every byte of a small record is turned, of its write-ahead log, of a backup, of a file kept by its hash; then it is \
opened. It is refused with the place where that can be told, or everything that was signed is still whole: the bit was in \
unused bytes or in what follows from the entries and is made again. Copies are the business of [verifiers](verifiers.md).\n\n\
Our defence: opening recomputes leaves, ids, commitments and root from the entries' bytes by two ways before anything is \
signed; before each signature the stored bytes are read back. A damaged place in the write-ahead log with two commits behind \
it refuses the opening. What this does not show: in the last two commits it cannot be told from a torn write, and SQLite passes \
over it. What remains is an older, properly signed record; receipts and cosigners tell, the file alone cannot.",
    },
    Campaign {
        name: "clock",
        title: "A clock that jumps",
        runs: &[("node", "clock")],
        size_variable: "COLDPROOF_JUMPS",
        size: 200,
        marks: &[" jumps of "],
        what: "A laptop without a network comes up in 1970; somebody puts the clock back to make a lease last; a phone corrects it \
in the middle of a scene.\n\n\
The wall clock goes forth and back by a millisecond or by 400 days while a weapon is COLD, its own time goes on, and the node \
looks or does not. COLD never outlives its lease by the node's own time, nor a jump of five seconds; the node's time never runs \
back.\n\n\
Our defence: leases run by the time since the machine was started, sleep included; a difference between that and the wall \
clock ends every lease and is entered. What this does not show: a kernel whose time since start is itself wrong.",
    },
];
