//! A record of many entries to measure with: `many DIR N` enters notes by sixteen people in the production in `DIR`, made
//! by `coldproof init`, until its record has `N` entries. `many DIR N FILE` adds the file as an attachment first.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use domain::act::Act;
use domain::act::incidents::Note;
use domain::act::people::Enrol;
use domain::act::record::Attach;
use domain::id::FileId;
use domain::words::{Account, Department, Duty, Learnt, Means, Sure, Words};
use ledger::Digest;
use node::{Device, Newcomer, Node, Shelf, SystemClock};
use sha2::{Digest as _, Sha256};
use store::{Attachments as _, FolderAttachments};

const PEOPLE: usize = 16;

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let (folder, wanted) = (
        words.next(),
        words.next().and_then(|text| text.parse::<u64>().ok()),
    );
    let (Some(folder), Some(wanted)) = (folder.map(PathBuf::from), wanted) else {
        anyhow::bail!("many DIR N");
    };
    let node = Node::open(
        &folder,
        Box::new(Shelf(protocol::shipped())),
        Box::new(SystemClock),
    )?;
    if let Some(file) = words.next() {
        attach(&node, &folder, &PathBuf::from(file))?;
    }
    let devices = (0..PEOPLE)
        .map(|_| enrol(&node))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let left = AtomicU64::new(wanted.saturating_sub(node.seen().size));
    std::thread::scope(|scope| {
        for device in devices {
            scope.spawn(|| write(&node, device, &left));
        }
    });
    println!("{} entries", node.seen().size);
    Ok(())
}

/// One person's notes, one after another, until none is left to write.
fn write(node: &Node, mut device: Device, left: &AtomicU64) -> anyhow::Result<()> {
    while let Ok(number) = left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)) {
        let draft = device.sign(&note(number), node.now(), node.seen())?;
        node.take_and_wait(draft.submission)?;
    }
    Ok(())
}

/// Puts the file where the node keeps its own, and signs that it was added.
fn attach(node: &Node, folder: &Path, file: &Path) -> anyhow::Result<()> {
    let (mut source, mut hash, mut bytes) = (File::open(file)?, Sha256::new(), 0);
    let mut piece = vec![0; 1 << 20];
    loop {
        let count = source.read(&mut piece)?;
        if count == 0 {
            break;
        }
        hash.update(piece.get(..count).unwrap_or_default());
        bytes += count as u64;
    }
    let name = Digest(hash.finalize().into());
    let place = FolderAttachments::open(&folder.join("attachments"))?;
    place.put(&name, bytes, &mut File::open(file)?)?;
    let added = Act::Attach(Attach {
        sha256: FileId(name.0),
        bytes,
        media: "video/mp4".to_owned(),
        name: Words::new("the take"),
        about: Vec::new(),
        original: None,
        exhibit: false,
    });
    let draft = enrol(node)?.sign(&added, node.now(), node.seen())?;
    node.take_and_wait(draft.submission)?;
    Ok(())
}

fn enrol(node: &Node) -> anyhow::Result<Device> {
    let newcomer = Newcomer {
        role: "crew".to_owned(),
        department: Department::Other,
        duties: vec![Duty::Crew],
        for_person: None,
        name: String::new(),
    };
    let link = node.invite(&newcomer)?;
    let mut device = Device::new(node.origin())?;
    let enrol = Act::Enrol(Enrol {
        invite: link.invite,
        token: link.token().unwrap_or_default(),
        key: device.key(),
        means: Means::Device,
    });
    let draft = device.sign(&enrol, node.now(), node.seen())?;
    let person = node.take_and_wait(draft.submission)?.id.into();
    Ok(device.for_person(person))
}

fn note(number: u64) -> Act {
    Act::Note(Note {
        words: Words::new(&format!(
            "Note {number}: wind from the west, shots carry to the road, the horses are restless."
        )),
        account: Account {
            happened_at: None,
            learnt: Learnt::Saw,
            sure: Sure::Sure,
        },
    })
}
