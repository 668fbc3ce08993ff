//! The day on a real node: devices with keys of their own, statements signed and sent as phones send theirs.

use super::{Said, Stage, Who};
use anyhow::Context as _;
use domain::act::Act;
use domain::id::{KeyId, PersonId, StatementId};
use domain::time::Millis;
use node::{Device, Link, Node};
use std::collections::BTreeMap;

/// A node and the devices of the cast.
#[derive(Debug)]
pub struct Live<'a> {
    node: &'a Node,
    first: Link,
    devices: BTreeMap<Who, Device>,
}

impl<'a> Live<'a> {
    /// A stage on `node`, which was just made and gave `first`.
    pub const fn new(node: &'a Node, first: Link) -> Self {
        Self {
            node,
            first,
            devices: BTreeMap::new(),
        }
    }

    fn device(&mut self, who: Who) -> anyhow::Result<&mut Device> {
        if !self.devices.contains_key(&who) {
            self.devices.insert(who, Device::new(self.node.origin())?);
        }
        self.devices.get_mut(&who).context("no device")
    }
}

impl Stage for Live<'_> {
    fn now(&self) -> Millis {
        self.node.now()
    }

    fn first_link(&mut self) -> anyhow::Result<(StatementId, [u8; 32])> {
        let token = self.first.token().context("the first link has no secret")?;
        Ok((self.first.invite, token.0))
    }

    fn secret(&mut self) -> anyhow::Result<[u8; 32]> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).context("the machine gave no randomness")?;
        Ok(secret)
    }

    fn key(&mut self, who: Who) -> anyhow::Result<KeyId> {
        Ok(self.device(who)?.key())
    }

    fn is_person(&mut self, who: Who, person: PersonId) {
        if let Some(device) = self.devices.remove(&who) {
            self.devices.insert(who, device.for_person(person));
        }
    }

    fn enter(&mut self, who: Who, act: Act) -> anyhow::Result<Said> {
        let (at, head) = (self.node.now(), self.node.seen());
        let draft = self.device(who)?.sign(&act, at, head)?;
        let entered = self.node.take_and_wait(draft.submission)?;
        Ok(Said {
            id: entered.id,
            outcome: entered.outcome,
        })
    }
}
