//! Power cuts: an ext4 file system in a file, shut down under the writer without a flush, so that all that was not synced
//! is gone; then mounted again and read.
//!
//! What was acknowledged when the cut began must be there. Acknowledgements that arrive during the call are not counted:
//! it is not atomic, and a sync on its way then may report success for what is lost. (A bare loop of write and fsync, with
//! no database, loses its last acknowledged block the same way in about one cut of seven; real power takes the machine
//! down with the call.)
//!
//! Of ten cuts two are idle, one comes into the making of the record, one into the opening after another cut, two into the
//! write-ahead log going into the database. `COLDPROOF_CUTS` sets the number (6 unless told). Needs the right to mount and `python3` for one call of the kernel;
//! where either is missing it says so and is not tried.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use store::{Log, OpenError};

use crate::kill::{SABOTAGE, ack, writing};
use crate::world::{create, open, skipped, verify};

/// `FS_IOC_SHUTDOWN` with "do not flush the journal", what a cut of the power leaves, as soon as a line comes in.
const SHUT_DOWN: &str = "import fcntl,os,struct,sys
disk = os.open(sys.argv[1], os.O_RDONLY)
print('ready', flush=True)
sys.stdin.readline()
fcntl.ioctl(disk, 0x8004587d, struct.pack('I', 2))";

pub(crate) struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    pub(crate) fn make() -> Option<Self> {
        let disk = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let image = disk.folder.path().join("image");
        fs::File::create(&image).unwrap().set_len(64 << 20).unwrap();
        fs::create_dir(disk.mounted()).unwrap();
        let ready = run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(image)) && disk.mount();
        let python = run(Command::new("python3").args(["-c", "import fcntl"]));
        (ready && python).then_some(disk)
    }

    pub(crate) fn mounted(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }

    pub(crate) fn mount(&self) -> bool {
        run(Command::new("mount")
            .args(["-o", "loop,errors=remount-ro"])
            .arg(self.folder.path().join("image"))
            .arg(self.mounted()))
    }

    /// A process that cuts the power when [`cut`] tells it to, and has nothing left to start then.
    fn switch(&self) -> Child {
        let mut switch = Command::new("python3")
            .args(["-c", SHUT_DOWN])
            .arg(self.mounted())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        BufReader::new(switch.stdout.take().unwrap())
            .read_line(&mut String::new())
            .unwrap();
        switch
    }

    /// A folder of the record's, itself on the disk.
    pub(crate) fn folder(&self, number: usize) -> PathBuf {
        let folder = self.mounted().join(format!("record-{number}"));
        if !folder.exists() {
            fs::create_dir(&folder).unwrap();
            fs::File::open(self.mounted()).unwrap().sync_all().unwrap();
        }
        folder
    }

    /// A process that writes there, with a log that does not sync when it is sabotaged.
    #[expect(clippy::unused_self, reason = "only while the disk is mounted")]
    fn writing(&self, folder: &Path, mode: &str, sabotaged: bool) -> Child {
        let mut program = Command::new(std::env::current_exe().unwrap());
        if sabotaged {
            program.env(SABOTAGE, "1");
        }
        writing(program, folder, mode)
    }

    pub(crate) fn unmount(&self) -> bool {
        run(Command::new("umount").arg(self.mounted()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.unmount();
    }
}

fn cut(mut switch: Child) {
    writeln!(switch.stdin.take().unwrap()).unwrap();
    assert!(switch.wait().unwrap().success());
}

pub(crate) fn run(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// What a cut comes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// Many entries on their way.
    Load,
    /// Right after one acknowledgement, with nothing behind it whose sync could cover for it.
    Idle,
    /// The making of the record.
    FirstStart,
    /// The opening after another cut.
    Recovery,
    /// The write-ahead log going into the database.
    Sweep,
}

impl When {
    /// Of ten cuts, two are idle.
    const TURNS: [Self; 10] = [
        Self::Load,
        Self::Idle,
        Self::FirstStart,
        Self::Recovery,
        Self::Load,
        Self::Sweep,
        Self::Idle,
        Self::Load,
        Self::Load,
        Self::Sweep,
    ];
}

#[test]
fn nothing_acknowledged_is_lost_to_a_power_cut() {
    let cuts = std::env::var("COLDPROOF_CUTS").map_or(6, |cuts| cuts.parse().unwrap());
    let mut disk = None;
    let mut acknowledged = 0;
    let mut of: BTreeMap<String, usize> = BTreeMap::new();
    for number in 0..cuts {
        if number % 20 == 0 {
            disk = None;
        }
        if disk.is_none() {
            disk = Disk::make();
        }
        let Some(disk) = &disk else {
            return skipped("power cuts: mounting a file system in a file is not allowed here");
        };
        let when = When::TURNS[number % When::TURNS.len()];
        acknowledged += one(disk, number, when);
        *of.entry(format!("{when:?}")).or_default() += 1;
    }
    println!("{cuts} power cuts {of:?}, {acknowledged} acknowledgements, none lost");
}

/// A test of the test: were there no sync at a commit, the idle cut would lose what was acknowledged.
#[test]
fn power_cuts_find_a_log_that_does_not_sync() {
    let cuts =
        std::env::var("COLDPROOF_CUTS").map_or(2, |cuts| cuts.parse::<usize>().unwrap() / 20);
    let Some(disk) = Disk::make() else {
        return skipped("power cuts: mounting a file system in a file is not allowed here");
    };
    let cuts = cuts.max(2);
    let mut lost = 0;
    for number in 0..cuts {
        let folder = disk.folder(number);
        let switch = disk.switch();
        let mut child = disk.writing(&folder, "idle", true);
        let mut lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let (size, _) = lines.find_map(|line| ack(&line)).unwrap();
        cut(switch);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(disk.unmount() && disk.mount());
        lost += usize::from(open(&folder).map_or(0, |log| log.head().size) < size);
    }
    println!(
        "{cuts} power cuts with WAL and synchronous=NORMAL instead: {lost} lost what was acknowledged"
    );
    assert!(
        lost * 2 > cuts,
        "the campaign must find it: {lost} of {cuts}"
    );
}

/// One cut, and what must be there after it. The number of acknowledgements.
fn one(disk: &Disk, number: usize, when: When) -> usize {
    let folder = disk.folder(if when == When::FirstStart { number } else { 0 });
    let (mode, wanted) = match when {
        When::Idle => ("idle", 1),
        When::Load | When::Recovery => ("load", 1 + number * 37 % 150),
        When::Sweep => ("sweep", 1 + number * 13 % 9),
        When::FirstStart => ("load", 0),
    };
    let switch = disk.switch();
    let mut child = disk.writing(&folder, mode, false);
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let mut acks = vec![];
    if when == When::FirstStart {
        sleep(number);
    }
    while acks.len() < wanted {
        acks.extend(ack(&lines.next().unwrap()));
    }
    cut(switch);
    // A sync that failed is not tried again: the log says that it has stopped, and goes on saying so.
    let again = |line: String| line.starts_with("again the record has stopped: ");
    let must_stop = matches!(when, When::Load | When::Sweep);
    assert!(
        !must_stop || lines.any(again),
        "cut {number}: the log must stop"
    );
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(disk.unmount() && disk.mount());
    if when == When::Recovery {
        // The second cut comes while what the first one left is opened.
        let switch = disk.switch();
        let mut child = disk.writing(&folder, "load", false);
        sleep(number);
        cut(switch);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(disk.unmount() && disk.mount());
    }
    match open(&folder) {
        Err(OpenError::Missing { .. } | OpenError::Unfinished { .. }) if acks.is_empty() => {
            drop(create(&folder));
        }
        opened => drop(opened.unwrap_or_else(|error| panic!("cut {number} {when:?}: {error}"))),
    }
    holds(&folder, &acks, number);
    acks.len()
}

/// Some milliseconds, others for each number.
fn sleep(number: usize) {
    std::thread::sleep(Duration::from_millis((number as u64 * 7) % 60));
}

fn holds(folder: &Path, acks: &[(u64, ledger::Digest)], cut: usize) {
    let log = open(folder).unwrap_or_else(|error| panic!("cut {cut}: {error}"));
    if let Some((size, root)) = acks.last() {
        assert!(
            log.head().size >= *size,
            "cut {cut}: {size} were acknowledged, {} are there",
            log.head().size
        );
        assert_eq!(log.root_at(*size).unwrap(), Some(*root), "cut {cut}");
    }
    drop(log);
    verify(folder).unwrap_or_else(|fault| panic!("cut {cut}: {fault}"));
}
