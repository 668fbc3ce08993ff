//! The encryption, held against the other program that reads and writes the format, where it is installed.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Command;

use backup::age::{BadKey, Identity, Opener, Recipient, Sealer};

fn seal(bytes: &[u8], recipients: &[Recipient]) -> Vec<u8> {
    let (mut sealer, _) = Sealer::new(Vec::new(), recipients).unwrap();
    sealer.write_all(bytes).unwrap();
    sealer.finish().unwrap()
}

fn open(bytes: &[u8], identities: &[Identity]) -> Result<Vec<u8>, String> {
    let mut opener = Opener::new(bytes, identities).map_err(|error| error.to_string())?;
    let mut out = Vec::new();
    opener
        .read_to_end(&mut out)
        .map_err(|error| error.to_string())?;
    Ok(out)
}

fn plain(bytes: usize) -> Vec<u8> {
    (0..bytes)
        .map(|at| u8::try_from(at * 31 % 251).unwrap())
        .collect()
}

const LENGTHS: [usize; 8] = [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, 400_000];

#[test]
fn what_was_sealed_opens_for_each_recipient_and_for_nobody_else() {
    let people: Vec<Identity> = (0..3).map(|_| Identity::generate().unwrap()).collect();
    let recipients: Vec<Recipient> = people[..2].iter().map(Identity::recipient).collect();
    for length in LENGTHS {
        let sealed = seal(&plain(length), &recipients);
        for one in &people[..2] {
            assert_eq!(
                open(&sealed, std::slice::from_ref(one)).unwrap(),
                plain(length)
            );
        }
        assert_eq!(
            open(&sealed, &people[2..]).unwrap_err(),
            "none of the keys given opens it: it was encrypted to others"
        );
    }
    assert!(Sealer::new(Vec::new(), &[]).is_err());
    assert!(Sealer::new(Vec::new(), &vec![recipients[0]; 33]).is_err());
}

#[test]
fn every_cut_and_every_flipped_bit_is_found() {
    let identity = Identity::generate().unwrap();
    let sealed = seal(&plain(150), &[identity.recipient()]);
    let identities = [identity];
    for at in 0..sealed.len() {
        assert!(open(&sealed[..at], &identities).is_err(), "cut at {at}");
        for bit in 0..8 {
            let mut bad = sealed.clone();
            bad[at] ^= 1 << bit;
            assert!(open(&bad, &identities).is_err(), "bit {bit} of byte {at}");
        }
    }
    let mut longer = sealed.clone();
    longer.push(0);
    assert!(open(&longer, &identities).is_err());
    // Whole chunks left out at the end, or put in another order.
    let sealed = seal(&plain(65_536 * 3), &[identities[0].recipient()]);
    let chunk = 65_536 + 16;
    let head = sealed.len() - 3 * chunk;
    assert!(open(&sealed[..head + 2 * chunk], &identities).is_err());
    let (first, second) = (head..head + chunk, head + chunk..head + 2 * chunk);
    let swapped = [
        &sealed[..head],
        &sealed[second],
        &sealed[first],
        &sealed[head + 2 * chunk..],
    ]
    .concat();
    assert!(open(&swapped, &identities).is_err());
}

#[test]
fn keys_read_as_they_were_written_and_nothing_else_does() {
    let identity = Identity::generate().unwrap();
    let (secret, public) = (identity.secret_text(), identity.recipient().to_string());
    assert!(secret.starts_with("AGE-SECRET-KEY-1") && public.starts_with("age1"));
    assert_eq!((secret.len(), public.len()), (74, 62));
    let again: Identity = secret.parse().unwrap();
    assert_eq!(again.recipient(), identity.recipient());
    assert_eq!(public.parse::<Recipient>().unwrap(), identity.recipient());
    assert_eq!(
        public.to_ascii_uppercase().parse::<Recipient>().unwrap(),
        identity.recipient()
    );
    assert!(!format!("{identity:?}").contains(&secret));
    for at in 4..public.len() {
        let mut bad = public.clone().into_bytes();
        bad[at] = if bad[at] == b'q' { b'p' } else { b'q' };
        let bad = String::from_utf8(bad).unwrap();
        assert_eq!(bad.parse::<Recipient>(), Err(BadKey::Recipient), "{bad}");
    }
    for bad in [
        "",
        "age1",
        "age1qqq",
        &secret,
        &public[..61],
        &format!("{public}q"),
    ] {
        assert!(bad.parse::<Recipient>().is_err(), "{bad}");
    }
    let file = format!("# made on a set\n\n{secret}\n");
    assert_eq!(Identity::read_all(&file).unwrap().len(), 1);
    assert!(Identity::read_all("# nothing\n").is_err());
    assert!(Identity::read_all(&public).is_err());
}

/// Runs a program; `None` where it is not installed.
fn run(program: &str, arguments: &[&str], folder: &Path) -> Option<String> {
    let out = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.success(), "{program} {arguments:?}: {said}");
    Some(String::from_utf8(out.stdout).unwrap())
}

#[test]
fn the_other_program_opens_ours_and_ours_opens_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    if run("age-keygen", &["-o", "theirs"], folder.path()).is_none() {
        eprintln!("SKIPPED: the program `age` is not installed here");
        return;
    }
    let ours = Identity::generate().unwrap();
    fs::write(at("ours"), ours.secret_text()).unwrap();
    let theirs = &Identity::read_all(&fs::read_to_string(at("theirs")).unwrap()).unwrap()[0];
    let recipient = run("age-keygen", &["-y", "ours"], folder.path()).unwrap();
    assert_eq!(recipient.trim(), ours.recipient().to_string());
    let recipients = [ours.recipient(), theirs.recipient()];
    for length in LENGTHS {
        fs::write(at("sealed"), seal(&plain(length), &recipients)).unwrap();
        for key in ["ours", "theirs"] {
            fs::remove_file(at("opened")).ok();
            run(
                "age",
                &["-d", "-i", key, "-o", "opened", "sealed"],
                folder.path(),
            );
            // Of nothing the other program makes no file.
            let opened = fs::read(at("opened")).unwrap_or_default();
            assert_eq!(opened, plain(length), "{length}");
        }
        fs::write(at("plain"), plain(length)).unwrap();
        let (one, other) = (recipients[0].to_string(), recipients[1].to_string());
        run(
            "age",
            &["-r", &one, "-r", &other, "-o", "sealed", "plain"],
            folder.path(),
        );
        let sealed = fs::read(at("sealed")).unwrap();
        assert_eq!(
            open(&sealed, std::slice::from_ref(&ours)).unwrap(),
            plain(length)
        );
        assert_eq!(
            open(&sealed, std::slice::from_ref(theirs)).unwrap(),
            plain(length)
        );
    }
}
