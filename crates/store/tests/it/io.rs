//! A sick disk under the writing process, by `libfiu`, which stands between it and the kernel: syncs that fail, once or again
//! and again, writes and reads that fail or come short, a disk that is full.
//!
//! After a failed sync nothing more may be acknowledged; a short write or read is made whole; a full disk refuses and the
//! record goes on. Nothing acknowledged may be missing when the disk is well again.
//!
//! `COLDPROOF_IO` sets how often each sickness is tried (1 unless told). Needs `fiu-run`; where it is missing it says so.

use std::process::Command;

use crate::steps::hurt;
use crate::world::skipped;

/// A name, and what `libfiu` is told. 5 is "input/output error", 28 "no space left".
const SICKNESSES: [(&str, &str); 14] = [
    (
        "a sync fails once",
        "enable_random name=posix/io/sync/fsync,probability=0.2,onetime,failinfo=5",
    ),
    (
        "syncs fail now and then",
        "enable_random name=posix/io/sync/fsync,probability=0.2,failinfo=5",
    ),
    (
        "every sync fails",
        "enable name=posix/io/sync/fsync,failinfo=5",
    ),
    (
        "a data sync fails once",
        "enable_random name=posix/io/sync/fdatasync,probability=0.2,onetime,failinfo=5",
    ),
    (
        "data syncs fail now and then",
        "enable_random name=posix/io/sync/fdatasync,probability=0.2,failinfo=5",
    ),
    (
        "a write fails once",
        "enable_random name=posix/io/rw/pwrite,probability=0.03,onetime,failinfo=5",
    ),
    (
        "writes fail now and then",
        "enable_random name=posix/io/rw/pwrite,probability=0.05,failinfo=5",
    ),
    (
        "a write finds no space once",
        "enable_random name=posix/io/rw/pwrite,probability=0.03,onetime,failinfo=28",
    ),
    (
        "writes find no space now and then",
        "enable_random name=posix/io/rw/pwrite,probability=0.05,failinfo=28",
    ),
    (
        "writes come short",
        "enable_random name=posix/io/rw/pwrite/reduce,probability=0.3",
    ),
    (
        "a read fails once",
        "enable_random name=posix/io/rw/pread,probability=0.05,onetime,failinfo=5",
    ),
    (
        "reads fail now and then",
        "enable_random name=posix/io/rw/pread,probability=0.1,failinfo=5",
    ),
    (
        "reads come short",
        "enable_random name=posix/io/rw/pread/reduce,probability=0.3",
    ),
    (
        "cutting a file fails",
        "enable_random name=posix/io/dir/ftruncate,probability=0.5,failinfo=5",
    ),
];

#[test]
fn nothing_acknowledged_is_lost_on_a_sick_disk() {
    let times = std::env::var("COLDPROOF_IO").map_or(1, |times| times.parse().unwrap());
    if Command::new("fiu-run").arg("-h").output().is_err() {
        return skipped("a sick disk: `fiu-run` (Debian package fiu-utils) is not installed");
    }
    let (mut runs, mut felt, mut acknowledged) = (0, 0, 0);
    for (name, told) in SICKNESSES {
        for _ in 0..times {
            let mut program = Command::new("fiu-run");
            program
                .args(["-x", "-c", told])
                .arg(std::env::current_exe().unwrap());
            let told = hurt(program, name);
            runs += 1;
            felt += usize::from(told.was_hurt);
            acknowledged += told.acks.len();
        }
    }
    println!(
        "{runs} runs on a disk with {} sicknesses, {felt} felt by the process, {acknowledged} acknowledgements, none lost",
        SICKNESSES.len()
    );
    assert!(felt > 0, "no run felt anything: does libfiu work here?");
}
