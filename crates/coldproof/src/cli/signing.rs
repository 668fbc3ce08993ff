//! Signing from the command line, with a key in a file.

use std::path::Path;
use std::sync::Arc;

use coldproof::asks::Asks;
use domain::act::Act;
use domain::act::people::Enrol;
use domain::words::{Department, Duty, Means};
use node::{Around, Device, Entered, KeysError, Newcomer, Node, NodeError, Shelf, SystemClock};

use super::exit::{Exit, Failure, chain};

/// Opens the node of `folder` to enter something in it. Refused while it runs: only one process may write a record.
pub(super) fn open(folder: &Path) -> Result<Node, Failure> {
    let node = opened(folder)?;
    match node.frozen() {
        None => Ok(node),
        Some(why) => Err(Failure::new(
            Exit::Refused,
            format!("the record is frozen, so nothing can be entered: {why}"),
        )),
    }
}

/// The same, also frozen. Its cosigners are asked first whether they hold more, as at every start.
pub(super) fn opened(folder: &Path) -> Result<Node, Failure> {
    let book = Box::new(Shelf(protocol::shipped()));
    let around = Around {
        cosigners: Some(Arc::new(Asks::of(folder).map_err(Failure::invalid)?)),
        ..Around::default()
    };
    let opened = Node::open_with(folder, book, Box::new(SystemClock), around);
    if let Err(NodeError::Record(store::OpenError::InUse { .. })) = &opened {
        let says = format!(
            "the node of `{}` is running, and only one program may write a record",
            folder.display()
        );
        return Err(Failure::new(Exit::Refused, says).help(
            "stop `coldproof serve`, then ask again; what leaves nothing out needs no stop",
        ));
    }
    Ok(opened?)
}

/// The key in the file; made, enrolled as an administrator's, when the file is not there. Whoever can do that has the
/// node's folder, and so could ask `serve` for a new administrator's link as well; the record says that it was done.
pub(super) fn device(node: &Node, path: &Path) -> Result<Device, Failure> {
    if path.exists() {
        return Device::load(path).map_err(|error| fault(&error));
    }
    let link = node.invite(&Newcomer {
        role: "administrator, by a key in a file".to_owned(),
        department: Department::Production,
        duties: vec![Duty::Administrator],
        for_person: None,
        name: String::new(),
    })?;
    let token = link
        .token()
        .ok_or_else(|| Failure::fault("the node's invitation holds no secret"))?;
    let mut device = Device::new(node.origin()).map_err(|error| fault(&error))?;
    let enrol = Act::Enrol(Enrol {
        invite: link.invite,
        token,
        key: device.key(),
        means: Means::Device,
    });
    let entered = enter(node, &mut device, path, &enrol)?;
    let device = device.for_person(entered.id.into());
    device.save(path).map_err(|error| fault(&error))?;
    Ok(device)
}

/// Signs, keeps the count, then enters: a crash between leaves a count that skips one, which is noted and is no fault.
pub(super) fn enter(
    node: &Node,
    device: &mut Device,
    path: &Path,
    act: &Act,
) -> Result<Entered, Failure> {
    let draft = device.sign(act, node.now(), node.seen())?;
    device.save(path).map_err(|error| fault(&error))?;
    Ok(node.take_and_wait(draft.submission)?)
}

fn fault(error: &KeysError) -> Failure {
    Failure::fault(chain(error))
}
