//! The place where backups go: sticks that are not in, full, pulled out; old ones that go, new ones that stay.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use backup::{BackupError, Keep, Made, Plan, check};

use crate::world::{NOW, World};

fn names(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).unwrap();
    files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn a_folder_that_is_not_there_is_not_made() {
    let world = World::new(5);
    let plan = Plan {
        to: world.at("pulled-out"),
        ..world.plan()
    };
    let says = world.make(&plan, NOW).unwrap_err();
    assert!(
        says.to_string().ends_with("is not there: is the stick in?"),
        "{says}"
    );
    assert!(!plan.to.exists());
    let failed = world.status().failed.unwrap();
    assert_eq!((failed.at, failed.why), (NOW, says.to_string()));
}

#[test]
fn a_stick_that_became_a_folder_of_the_machine_is_refused() {
    let world = World::new(5);
    let plan = Plan {
        must_be_other_disk: true,
        ..world.plan()
    };
    let says = world.make(&plan, NOW).unwrap_err();
    assert!(matches!(says, BackupError::SameDisk(_)), "{says}");
    let plan = Plan {
        to: world.node().join("keys"),
        ..world.plan()
    };
    let says = world.make(&plan, NOW).unwrap_err();
    assert!(matches!(says, BackupError::Inside(_)), "{says}");
}

#[test]
fn status_tells_when_the_last_copy_left_the_machine() {
    let world = World::new(5);
    assert_eq!(world.status().last, None);
    let file = world.made(NOW);
    let last = world.status().last.unwrap();
    assert_eq!((last.at, last.size, &last.file), (NOW, 5, &file));
    assert_eq!(last.bytes, fs::metadata(&file).unwrap().len());
    assert!(last.is_same_disk);
    assert_eq!(
        world.status().off_machine_at(),
        None,
        "it never left this disk"
    );
    let plan = Plan {
        to: world.at("away"),
        ..world.plan()
    };
    world.make(&plan, NOW + 1).unwrap_err();
    assert_eq!(
        world.status().last,
        Some(last),
        "a failure takes nothing back"
    );
}

#[test]
fn nothing_is_made_when_nothing_grew() {
    let world = World::new(5);
    let plan = Plan {
        only_when_grown: true,
        ..world.plan()
    };
    let Made::New { last, .. } = world.make(&plan, NOW).unwrap() else {
        panic!()
    };
    let Made::Same(same) = world.make(&plan, NOW + 60_000).unwrap() else {
        panic!()
    };
    assert_eq!((same.checked_at, &same.file), (NOW + 60_000, &last.file));
    assert_eq!(world.status().last.unwrap().checked_at, NOW + 60_000);
    fs::remove_file(&last.file).unwrap();
    assert!(
        matches!(world.make(&plan, NOW + 90_000).unwrap(), Made::New { .. }),
        "it was taken away"
    );
    world.fill(5, 6);
    assert!(matches!(
        world.make(&plan, NOW + 120_000).unwrap(),
        Made::New { .. }
    ));
}

#[test]
fn what_a_crash_left_on_the_stick_is_removed_and_what_is_not_ours_stays() {
    let world = World::new(5);
    let file = world.made(NOW);
    let part = file.with_extension("age.part");
    fs::rename(&file, &part).unwrap();
    let others = [
        "holiday.jpg",
        "coldproof-00000000-20261125T000000Z-000000001.age",
        "x.age.part",
    ];
    for other in others {
        fs::write(world.stick().join(other), "x").unwrap();
    }
    let file = world.made(NOW);
    let mut wanted: BTreeSet<String> = others.iter().map(|name| (*name).to_owned()).collect();
    wanted.insert(file.file_name().unwrap().to_str().unwrap().to_owned());
    assert_eq!(names(&world.stick()), wanted);
    let says = world.make(&world.plan(), NOW).unwrap_err();
    assert!(matches!(says, BackupError::Exists(_)), "{says}");
    check(&file, std::slice::from_ref(&world.identity)).unwrap();
}

#[test]
fn old_backups_are_thinned_by_hours_days_and_weeks() {
    let world = World::new(1);
    let keep = Keep {
        newest: 2,
        hours: 3,
        days: 2,
        weeks: 2,
    };
    let plan = Plan {
        keep,
        ..world.plan()
    };
    // Every twenty minutes for a day, then one ten days later: 2023-11-14 22:13:20 is the first.
    let mut times: Vec<i64> = (0..12).map(|n| NOW + n * 1_200_000).collect();
    times.push(NOW + 10 * 86_400_000);
    for at in times {
        world.make(&plan, at).unwrap();
    }
    let left: Vec<String> = names(&world.stick())
        .iter()
        .map(|name| name[19..34].to_owned())
        .collect();
    assert_eq!(
        left,
        ["20231115T005320", "20231115T015320", "20231124T221320"]
    );
    let only = Plan {
        keep: Keep::ONLY_NEWEST,
        ..world.plan()
    };
    let Made::New { last, thinned } = world.make(&only, NOW + 11 * 86_400_000).unwrap() else {
        panic!()
    };
    assert_eq!(thinned, 3);
    assert_eq!(names(&world.stick()).len(), 1);
    assert!(last.file.exists());
}

/// A small file system of its own, unmounted when the test ends.
struct Small(PathBuf);

impl Small {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mount = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={size}"),
                "coldproof-test",
            ])
            .arg(at)
            .output();
        let is_done = mount.is_ok_and(|mount| mount.status.success());
        if !is_done {
            eprintln!("SKIPPED: mounting a small file system is not allowed here");
        }
        is_done.then(|| Self(at.to_owned()))
    }

    fn remount(&self, option: &str) {
        let done = Command::new("mount")
            .args(["-o", &format!("remount,{option}")])
            .arg(&self.0)
            .status();
        assert!(done.unwrap().success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}

#[test]
fn a_full_stick_gives_up_its_oldest_and_keeps_two() {
    let world = World::new(2_000);
    let Some(stick) = Small::mount(&world.at("small"), "20m") else {
        return;
    };
    let plan = Plan {
        to: stick.0.clone(),
        must_be_other_disk: true,
        ..world.plan()
    };
    let Made::New { last, .. } = world.make(&plan, NOW).unwrap() else {
        panic!()
    };
    assert!(!last.is_same_disk);
    assert_eq!(world.status().off_machine_at(), Some(NOW));
    world.make(&plan, NOW + 1_000).unwrap();
    world.make(&plan, NOW + 2_000).unwrap();
    fs::write(stick.0.join("film.mov"), vec![1; 9 << 20]).unwrap();
    let before = names(&stick.0);
    let says = world.make(&plan, NOW + 3_000).unwrap_err();
    assert!(matches!(says, BackupError::NoRoom { .. }), "{says}");
    let left = names(&stick.0);
    assert_eq!(left.len(), 3, "{left:?} of {before:?}");
    assert_eq!(left.iter().filter(|name| name.ends_with(".age")).count(), 2);
    fs::remove_file(stick.0.join("film.mov")).unwrap();
    world.make(&plan, NOW + 4_000).unwrap();
}

#[test]
fn a_stick_that_fails_in_the_middle_leaves_no_backup_and_the_old_ones() {
    let world = World::new(2_000);
    let Some(stick) = Small::mount(&world.at("small"), "24m") else {
        return;
    };
    let plan = Plan {
        to: stick.0.clone(),
        ..world.plan()
    };
    world.make(&plan, NOW).unwrap();
    let before = names(&stick.0);
    // Read-only from one moment to the next, as the kernel makes a stick that misbehaves.
    stick.remount("ro");
    let says = world.make(&plan, NOW + 1_000).unwrap_err();
    assert!(says.to_string().starts_with("cannot write"), "{says}");
    stick.remount("rw");
    assert_eq!(names(&stick.0), before);
    // Full in the middle of the file, whatever was said before.
    let room = fs::metadata(world.status().last.unwrap().file)
        .unwrap()
        .len()
        / 2;
    let bytes = |path: &Path| {
        let disk = Command::new("df")
            .args(["--output=avail", "-B1"])
            .arg(path)
            .output()
            .unwrap();
        let text = String::from_utf8(disk.stdout).unwrap();
        text.lines().nth(1).unwrap().trim().parse::<u64>().unwrap()
    };
    let writer = std::thread::scope(|scope| {
        // Filled while it is written: the room is asked for first, and then it is gone.
        let filler = scope.spawn(|| {
            loop {
                let is_writing = names(&stick.0).iter().any(|name| name.ends_with(".part"));
                if is_writing {
                    let fill = bytes(&stick.0).saturating_sub(room.min(100_000));
                    fs::write(
                        stick.0.join("film.mov"),
                        vec![1; usize::try_from(fill).unwrap()],
                    )
                    .ok();
                    return;
                }
            }
        });
        let made = world.make(&plan, NOW + 2_000);
        filler.join().unwrap();
        made
    });
    fs::remove_file(stick.0.join("film.mov")).unwrap();
    match writer {
        Err(says) => {
            assert!(says.to_string().contains("No space left"), "{says}");
            assert_eq!(names(&stick.0), before);
        }
        // It was through before the stick was full.
        Ok(_) => assert_eq!(names(&stick.0).len(), 2),
    }
    world.make(&plan, NOW + 3_000).unwrap();
}
