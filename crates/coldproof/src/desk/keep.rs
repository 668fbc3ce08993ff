//! What stands up without the node: its head, proofs, copies and files, as the web asks for them.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::id::{FileId, StatementId};
use node::{FileNamed, Node, NotEntered, Verdict};
use serde_json::json;
use store::Received;
use web::desk::{
    Answer, Care, Checkpoint, FileLine, FilePiece, FileReached, FileView, MadeFile, Trouble, Viewer,
};

use super::{Nag, answer, reader};

/// The log's key, 64 hex.
pub(super) fn log_key(node: &Node) -> String {
    node.verifier().key().to_string()
}

pub(super) fn checkpoint(node: &Node) -> Checkpoint {
    let epoch = node.view(&node::Viewer::Stranger, |view| view.state.epoch);
    Checkpoint {
        note: node.checkpoint(),
        log_key: log_key(node),
        epoch,
        frozen: node.frozen().map(ToOwned::to_owned),
    }
}

/// What is not there is unknown; what cannot be read is a fault.
fn unknown(not: &NotEntered) -> Trouble {
    match not {
        NotEntered::Invalid { .. } | NotEntered::Denied { .. } => Trouble::Unknown,
        NotEntered::Fault { .. } => answer::trouble(not),
    }
}

pub(super) fn proof(node: &Node, entry: u64, size: u64) -> Result<String, Trouble> {
    node.proof(entry, Some(size)).map_err(|not| unknown(&not))
}

pub(super) fn consistency(node: &Node, from: u64, to: u64) -> Result<String, Trouble> {
    let hashes = node.consistency(from, to).map_err(|not| unknown(&not))?;
    Ok(hashes
        .iter()
        .map(|hash| STANDARD.encode(hash.0) + "\n")
        .collect())
}

pub(super) fn entry(node: &Node, entry: u64, viewer: &Viewer) -> Result<Vec<u8>, Trouble> {
    node.own_entry(entry, &reader(viewer))
        .map_err(|not| unknown(&not))
}

/// What a checkpoint that somebody holds comes to.
pub(super) fn shown(node: &Node, head: &str, epoch: Option<u32>) -> Answer {
    let (is, message) = match node.show_receipt(head, epoch) {
        Ok(Verdict::Held) => ("held", "this record contains it".to_owned()),
        Ok(Verdict::Lost) => (
            "lost",
            "a node that is lost signed it; what it acknowledged may be sent again".to_owned(),
        ),
        Ok(Verdict::Known) => (
            "known",
            "the record stopped for this before, and people decided that it goes on".to_owned(),
        ),
        Ok(Verdict::Differs(why)) => ("differs", why),
        Err(not) => return answer::of(Err(not)),
    };
    Answer {
        status: 200,
        json: json!({ "is": is, "message": message })
            .to_string()
            .into_bytes(),
    }
}

/// How old the copies and cosignatures are. `nag`: from which age each is late, ms.
pub(super) fn care(node: &Node, nag: &Nag) -> Care {
    let status = backup::Status::read(node.folder());
    let cosigning = node.cosigning();
    let now = node.now();
    let late = |at: Option<i64>, after: i64| at.is_none_or(|at| now.saturating_sub(at) > after);
    let copied_at = status.off_machine_at();
    Care {
        copied_at,
        copy_is_late: nag
            .copy_after_ms
            .is_some_and(|after| late(copied_at, after)),
        copy_failed: status.failed.map(|failed| failed.why).unwrap_or_default(),
        cosigned_at: cosigning.outside_at,
        cosigning_is_late: cosigning.is_adopted
            && (!cosigning.is_met || late(cosigning.outside_at, nag.cosign_after_ms)),
        not_arrived: node.not_arrived(),
        doubts: cosigning
            .cosigners
            .into_iter()
            .filter_map(|one| one.doubt)
            .map(|doubt| doubt.says)
            .collect(),
    }
}

/// Takes a piece, or says how far the file is when the piece is empty or begins elsewhere.
pub(super) fn file_put(
    node: &Node,
    piece: &FilePiece,
    viewer: &Viewer,
) -> Result<FileReached, Trouble> {
    let viewer = reader(viewer);
    let file = FileId::from_hex(&piece.sha256).ok_or(Trouble::Unknown)?;
    let so_far = || {
        let received = node.received(&viewer, file);
        received.map_err(|not| answer::trouble(&not))
    };
    let reached = so_far()?;
    if reached != (Received::Part { bytes: piece.at }) || piece.piece.is_empty() {
        return Ok(how_far(reached));
    }
    match node.put_piece(&viewer, file, piece.bytes, piece.at, &piece.piece) {
        Ok(reached) => Ok(how_far(reached)),
        // The same file from another tab: it is further than it was a moment ago.
        Err(not) if matches!(not.code(), "other_offset" | "file_busy") => so_far().map(how_far),
        Err(not) => Err(answer::trouble(&not)),
    }
}

fn how_far(received: Received) -> FileReached {
    match received {
        Received::Part { bytes } => FileReached {
            at: bytes,
            whole: false,
        },
        Received::Whole { bytes } => FileReached {
            at: bytes,
            whole: true,
        },
    }
}

pub(super) fn file(node: &Node, sha256: &str, viewer: &Viewer) -> Result<FileView, Trouble> {
    let file = FileId::from_hex(sha256).ok_or(Trouble::Unknown)?;
    let named = node
        .file(&reader(viewer), file)
        .map_err(|not| unknown(&not))?;
    let received = node
        .received(&reader(viewer), file)
        .map_err(|not| unknown(&not))?;
    let Received::Whole { bytes } = received else {
        return Err(Trouble::Unknown);
    };
    Ok(FileView {
        bytes,
        media: named.media,
        name: named.name,
    })
}

pub(super) fn file_read(
    node: &Node,
    sha256: &str,
    at: u64,
    count: usize,
) -> Result<Vec<u8>, Trouble> {
    let file = FileId::from_hex(sha256).ok_or(Trouble::Unknown)?;
    let mut bytes = Vec::new();
    node.read_file(file, at..at.saturating_add(count as u64))
        .map_err(|not| unknown(&not))?
        .read_to_end(&mut bytes)
        .map_err(|error| Trouble::Fault(format!("The file cannot be read: {error}.")))?;
    Ok(bytes)
}

pub(super) fn files(node: &Node, about: Option<&str>, viewer: &Viewer) -> Vec<FileLine> {
    let about = match about.map(StatementId::from_hex) {
        Some(None) => return Vec::new(),
        Some(known) => known,
        None => None,
    };
    let found = node.files(&reader(viewer), about);
    node.view(&reader(viewer), |view| {
        found
            .into_iter()
            .map(|named| line(named, |person| view.name(person).to_owned()))
            .collect()
    })
}

fn line(named: FileNamed, name: impl FnOnce(domain::id::PersonId) -> String) -> FileLine {
    FileLine {
        sha256: named.file.to_string(),
        name: if named.is_original {
            format!("{} (original)", named.name)
        } else {
            named.name
        },
        media: named.media,
        bytes: named.bytes,
        at: named.at,
        by: name(named.by),
    }
}

/// All that the viewer signed, with the page that checks it.
pub(super) fn my_copy(node: &Node, viewer: &Viewer) -> Result<MadeFile, Trouble> {
    let node::Viewer::Enrolled { person, .. } = reader(viewer) else {
        return Err(Trouble::Denied(
            "Only somebody enrolled here has a copy of their own.".to_owned(),
        ));
    };
    let copy = node
        .copy_for(person, Some(web::assets::verify_page()))
        .map_err(|not| answer::trouble(&not))?;
    Ok(MadeFile {
        name: format!("my-copy-{}.zip", copy.size),
        bytes: copy.zip,
    })
}
