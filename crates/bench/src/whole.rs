//! The whole way through a node: verify, judge, admit, fold, append, wait until it is durable and shown.

use crate::crowd::{self, Cell};
use domain::act::Act;
use domain::act::incidents::Note;
use domain::act::people::Enrol;
use domain::words::{Account, Department, Duty, Learnt, Means, Sure, Words};
use node::{Device, Newcomer, Node, Opening, Shelf, Submission, SystemClock};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Statements that all signers together have ready for one cell: more than any disk here takes.
const READY: usize = 32_000;

/// A node and the people who report to it.
pub(crate) struct Crowd {
    node: Node,
    devices: Vec<Device>,
    _folder: tempfile::TempDir,
}

impl Crowd {
    /// A fresh node, and so many people enrolled on it.
    pub(crate) fn gather(signers: usize) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let book = Box::new(Shelf(protocol::shipped()));
        let (node, _) = Node::create(
            folder.path(),
            &Opening::default(),
            book,
            Box::new(SystemClock),
        )?;
        let devices = (0..signers)
            .map(|_| enrol(&node))
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            node,
            devices,
            _folder: folder,
        })
    }

    /// One cell: everybody in a closed loop.
    pub(crate) fn run(&mut self, lasts: Duration) -> anyhow::Result<Cell> {
        let each = (READY / self.devices.len().max(1)).min(12_000);
        let (at, head) = (self.node.now(), self.node.seen());
        let mut ready = Vec::new();
        for device in &mut self.devices {
            let signed: Result<Vec<Submission>, _> = (0..each)
                .map(|number| {
                    device
                        .sign(&note(number), at, head)
                        .map(|draft| draft.submission)
                })
                .collect();
            let mut signed = signed?;
            signed.reverse();
            ready.push(Mutex::new(signed));
        }
        let node = &self.node;
        crowd::run(ready.len(), lasts, |signer, _| {
            let next = ready
                .get(signer)
                .and_then(|mine| mine.lock().unwrap_or_else(PoisonError::into_inner).pop());
            let Some(submission) = next else {
                return Ok(false);
            };
            node.take_and_wait(submission)?;
            Ok(true)
        })
    }
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

fn note(number: usize) -> Act {
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
