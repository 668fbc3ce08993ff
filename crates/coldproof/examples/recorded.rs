//! A recorded case for the verifiers: the demonstration's day, an account and three files. One account is erased by two people
//! on a court's order, people's details are left out of the copy, one file is left out alone while what names it is there,
//! and one file is lost from the disk. Written to the folder
//! given: `node`, and its copy as `copy` and as `copy.zip`. `e2e/verifiers/recorded.js` asks every verifier about both.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use audit::Form;
use audit::export::{Aside, Export, Packs};
use audit::manifest::Program;
use coldproof::demo::{self, Day, Live, Stage, Who};
use domain::act::Act;
use domain::act::log::Countersign;
use domain::act::record::{Attach, Details, Erase, Export as Exported, GiveAccount, Out};
use domain::id::{FileId, StatementId};
use domain::words::{Basis, Words};
use node::{Node, Opening, Shelf, SystemClock, Viewer};
use sha2::{Digest as _, Sha256};
use store::{Attachments, FolderAttachments, SqliteArchive};

fn main() -> anyhow::Result<()> {
    let out = PathBuf::from(
        std::env::args()
            .nth(1)
            .unwrap_or_else(|| "recorded".to_owned()),
    );
    let folder = out.join("node");
    std::fs::create_dir_all(&folder)?;
    let (notice, alone) = record(&folder)?;
    copy(&folder, &out, notice, alone)
}

/// The case. The entry of its `record.export`, and the one of which only the file is left out.
fn record(folder: &Path) -> anyhow::Result<(u64, u64)> {
    let opening = Opening {
        studio: "demo.example".to_owned(),
        production: demo::PRODUCTION.to_owned(),
        unit: demo::UNIT.to_owned(),
        watermark: demo::WATERMARK.to_owned(),
        packs: demo::PACKS.iter().map(|name| (*name).to_owned()).collect(),
        administrator: Who::Producer.role().to_owned(),
    };
    let book = Box::new(Shelf(protocol::shipped()));
    let (node, first) = Node::create(folder, &opening, book, Box::new(SystemClock))?;
    let mut live = Live::new(&node, first);
    let day = demo::tell(&mut live)?;

    let mistaken = live
        .enter(Who::Camera, account("It names somebody who was not there."))?
        .id;
    live.enter(
        Who::Medic,
        account("Nobody was hurt; I was at the monitor."),
    )?;
    for who in [Who::PerformerA, Who::PerformerB] {
        let details = Details {
            person: day.people.get(&who).copied().unwrap_or_default(),
            name: Words::new("(a name)"),
            contact: Words::new("(a telephone number)"),
        };
        live.enter(who, Act::Details(details))?;
    }
    attach(&node, &day, &mut live, "the cart at noon", true)?;
    let alone = attach(&node, &day, &mut live, "the call sheet", false)?;
    attach(&node, &day, &mut live, "the gate, by telephone", true)?;
    // Somebody looks at an exhibit: counted, and printed in its custody form.
    node.file(
        &viewer(&day, &mut live)?,
        FileId(Sha256::digest(file("the cart at noon")).into()),
    )?;
    erase(&mut live, mistaken)?;
    lose(folder, "the gate, by telephone")?;
    let size = node.seen().size;
    let leave = Out {
        from: 0,
        to: size,
        kinds: vec!["people.details".to_owned()],
        files: false,
        why: Words::new("Addresses were not asked for."),
    };
    let export = Exported {
        to: Words::new("the state inspector"),
        size,
        out: vec![
            leave,
            Out {
                from: alone,
                to: alone,
                kinds: vec!["attachment.add".to_owned()],
                files: true,
                why: Words::new("Telephone numbers stand on it."),
            },
        ],
    };
    live.enter(Who::Producer, Act::Export(export))?;
    Ok((size, alone))
}

fn account(words: &str) -> Act {
    Act::GiveAccount(GiveAccount {
        about: vec![],
        words: Words::new(words),
    })
}

fn file(name: &str) -> Vec<u8> {
    format!("the bytes of {name}\n").repeat(300).into_bytes()
}

fn attach(
    node: &Node,
    day: &Day,
    live: &mut Live<'_>,
    name: &str,
    exhibit: bool,
) -> anyhow::Result<u64> {
    let bytes = file(name);
    let sha256 = FileId(Sha256::digest(&bytes).into());
    let viewer = viewer(day, live)?;
    let size = u64::try_from(bytes.len())?;
    node.put_piece(&viewer, sha256, size, 0, &bytes)?;
    let attach = Attach {
        sha256,
        bytes: size,
        media: "text/plain".to_owned(),
        name: Words::new(name),
        about: vec![],
        original: None,
        exhibit,
    };
    let index = node.seen().size;
    live.enter(Who::PropertyMaster, Act::Attach(attach))?;
    Ok(index)
}

fn viewer(day: &Day, live: &mut Live<'_>) -> anyhow::Result<Viewer> {
    let who = Who::PropertyMaster;
    Ok(Viewer::Enrolled {
        person: day.people.get(&who).copied().unwrap_or_default(),
        key: live.key(who)?,
    })
}

/// Two people, on a court's order: the packs' time need not be over for it.
fn erase(live: &mut Live<'_>, statement: StatementId) -> anyhow::Result<()> {
    let erase = Erase {
        statements: vec![statement],
        basis: Basis::CourtOrder,
        words: Words::new("Order of the district court, civil 17."),
    };
    let of = live.enter(Who::ProductionManager, Act::Erase(erase))?.id;
    let told = live.enter(Who::SafetyAdviser, Act::Countersign(Countersign { of }))?;
    anyhow::ensure!(
        told.outcome.erased == [statement],
        "the body was not erased: {:?}",
        told.outcome
    );
    Ok(())
}

/// The disk loses a file that the record names.
fn lose(folder: &Path, name: &str) -> anyhow::Result<()> {
    let files = FolderAttachments::open(&folder.join(audit::ATTACHMENTS))?;
    files.erase(&ledger::Digest(Sha256::digest(file(name)).into()))?;
    Ok(())
}

fn copy(folder: &Path, out: &Path, notice: u64, alone: u64) -> anyhow::Result<()> {
    let archive = SqliteArchive::open(folder)?;
    let files = FolderAttachments::open(&folder.join(audit::ATTACHMENTS))?;
    let packs: Packs = protocol::shipped()
        .into_iter()
        .filter_map(|source| Some((source.digest().parse().ok()?, source.files)))
        .collect();
    let aside = Aside {
        entered: Some(notice),
        views: node::views(folder).map_err(anyhow::Error::msg)?,
        files_alone: BTreeSet::from([alone]),
    };
    for (name, form) in [("copy", Form::Folder), ("copy.zip", Form::Zip)] {
        let export = Export {
            notice: Some(notice),
            cosigned: None,
            attachments: Some(&files),
            packs: &packs,
            verify_page: Some(web::assets::verify_page()),
            defects: "None are known of this made-up case.\n",
            program: Program {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                sha256: ledger::Digest(node::program().0),
            },
            made_at: 1_634_846_400_000,
            aside: &aside,
        };
        audit::export::write(&out.join(name), form, &archive, &export, &mut |_, _| ())?;
    }
    Ok(())
}
