//! Power cuts: an ext4 file system in a file, shut down under the writer without a flush, so that all that was not synced
//! is gone; then mounted again and read.
//!
//! What was acknowledged when the cut began must be there. Acknowledgements that arrive during the call are not counted:
//! it is not atomic, and a sync on its way then may report success for what is lost. (A bare loop of write and fsync, with
//! no database, loses its last acknowledged block the same way in about one cut of seven; real power takes the machine
//! down with the call.)
//!
//! `COLDPROOF_CUTS` sets the number (4 unless told). Needs the right to mount and `python3` for one call of the kernel;
//! where either is missing it says so and is not tried.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use store::Log;

use crate::kill::{ack, writing};
use crate::world::{open, verify};

/// `FS_IOC_SHUTDOWN` with "do not flush the journal", what a cut of the power leaves, as soon as a line comes in.
const SHUT_DOWN: &str = "import fcntl,os,struct,sys
disk = os.open(sys.argv[1], os.O_RDONLY)
print('ready', flush=True)
sys.stdin.readline()
fcntl.ioctl(disk, 0x8004587d, struct.pack('I', 2))";

struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    fn make() -> Option<Self> {
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

    fn mounted(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }

    fn mount(&self) -> bool {
        run(Command::new("mount")
            .args(["-o", "loop"])
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

    fn unmount(&self) -> bool {
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

fn run(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

#[test]
fn nothing_acknowledged_is_lost_to_a_power_cut() {
    let cuts = std::env::var("COLDPROOF_CUTS").map_or(4, |cuts| cuts.parse().unwrap());
    let mut disk = None;
    let mut acknowledged = 0;
    for number in 0..cuts {
        if number % 20 == 0 {
            disk = None;
        }
        if disk.is_none() {
            disk = Disk::make();
        }
        let Some(disk) = &disk else {
            eprintln!("mounting a file system in a file is not allowed here: not tried");
            return;
        };
        acknowledged += one(disk, number);
    }
    println!("{cuts} power cuts, {acknowledged} acknowledgements, none lost");
}

/// One cut: odd ones idle right after one acknowledgement, even ones in mid-load. The number of acknowledgements.
fn one(disk: &Disk, number: usize) -> usize {
    let switch = disk.switch();
    let (mode, wanted) = if number % 2 == 1 {
        ("idle", 1)
    } else {
        ("load", 1 + number * 37 % 150)
    };
    let mut child = writing(
        Command::new(std::env::current_exe().unwrap()),
        &disk.mounted(),
        mode,
    );
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let mut acks = vec![];
    while acks.len() < wanted {
        acks.extend(ack(&lines.next().unwrap()));
    }
    cut(switch);
    // A sync that failed is not tried again: the log says that it has stopped, and goes on saying so.
    let again = |line: String| line.starts_with("again the record has stopped: ");
    assert!(mode == "idle" || lines.any(again), "the log must stop");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(disk.unmount() && disk.mount());
    holds(&disk.mounted(), &acks, number);
    acks.len()
}

fn holds(folder: &Path, acks: &[(u64, ledger::Digest)], cut: usize) {
    let (size, root) = *acks.last().unwrap();
    let log = open(folder).unwrap_or_else(|error| panic!("cut {cut}: {error}"));
    assert!(
        log.head().size >= size,
        "cut {cut}: {size} were acknowledged, {} are there",
        log.head().size
    );
    assert_eq!(log.root_at(size).unwrap(), Some(root), "cut {cut}");
    drop(log);
    verify(folder).unwrap_or_else(|fault| panic!("cut {cut}: {fault}"));
}
