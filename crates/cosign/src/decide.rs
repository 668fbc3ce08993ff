//! What a cosigner answers, from the request, what it remembers and the time. Pure: nothing is read, written or signed here.
//!
//! Two steps, since what must be remembered is known only after the first: [`present`] reads the request and finds the log's
//! signature; [`decide`] holds it against the head.

use ledger::checkpoint::Checkpoint;
use ledger::cosignature::CosignerKey;
use ledger::merkle::{EMPTY_ROOT, verify_consistency};
use ledger::note::{Note, VerifierKey};
use ledger::witness::{AddCheckpoint, is_fork};

use crate::limit::{CLOCK_BACK_S_MAX, CLOCK_S_MIN};

/// A request whose checkpoint a followed log's key signed.
#[derive(Debug, Clone)]
pub struct Presented<'a> {
    /// The request.
    pub request: AddCheckpoint<'a>,
    /// Its note, read.
    pub note: Note<'a>,
    /// What the note says.
    pub checkpoint: Checkpoint,
    /// The key of the log that signed it.
    pub log: VerifierKey,
}

impl Presented<'_> {
    /// The note with the log's signature alone.
    pub fn bare(&self) -> String {
        self.note
            .only(|line| line.name == self.log.name() && line.id == self.log.id())
    }
}

/// A head that was cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The note, with the log's signature alone.
    pub note: String,
    /// When it was cosigned last, seconds since 1970 UTC.
    pub at_s: u64,
}

/// What the cosigner remembers of a log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remembered {
    /// The newest head cosigned.
    pub head: Option<Head>,
    /// What was cosigned for the size that is presented, where that is remembered. The head itself when that is its size.
    pub same_size: Option<Head>,
    /// Why this log is never signed again.
    pub frozen: Option<String>,
}

/// What two notes show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shows {
    /// One size, two roots, both signed by the log's key: a fork, whoever looks at it.
    Fork,
    /// A proof that does not join them. By itself it shows only that this proof was sent: anyone can send a bad one.
    Unjoined,
    /// A cosignature by this cosigner's own key that it does not remember: its memory was put back to an older copy, or its
    /// key is used somewhere else.
    OwnForgotten,
}

impl Shows {
    /// Its word in lists and in the file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fork => "fork",
            Self::Unjoined => "unjoined",
            Self::OwnForgotten => "own_forgotten",
        }
    }

    /// The one of this word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Fork, Self::Unjoined, Self::OwnForgotten]
            .into_iter()
            .find(|shows| shows.word() == word)
    }
}

/// Two notes to be kept, and what they show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What they show.
    pub shows: Shows,
    /// The note that this cosigner signed; empty when it remembers none.
    pub ours: String,
    /// The note that was presented. With the cosignature in question for [`Shows::OwnForgotten`].
    pub theirs: String,
}

/// Nothing is kept and nothing signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// A sentence.
    pub says: String,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Put the presented head in the place of the remembered one, then cosign it at this time, seconds since 1970 UTC.
    Cosign(u64),
    /// 409 with the size last cosigned. A fork may show all the same, and is kept.
    Moved(u64, Option<Evidence>),
    /// 409 with a sentence: keep it.
    Forked(Evidence),
    /// 422: keep it.
    Unjoined(Evidence, String),
    /// 503, now and for this log for ever: keep it.
    Freeze(Evidence, String),
    /// Say no.
    Refuse(Refusal),
}

/// Reads a request and finds the log that signed it. `followed` gives the keys followed under an origin.
///
/// # Errors
/// [`Refusal`] with 400, 403 or 404.
pub fn present(
    body: &[u8],
    followed: impl FnOnce(&str) -> Vec<VerifierKey>,
) -> Result<Presented<'_>, Refusal> {
    let bad = |says: &dyn std::fmt::Display| refusal(400, says);
    let body = std::str::from_utf8(body).map_err(|_| bad(&"the request is not UTF-8"))?;
    let request = AddCheckpoint::read(body).map_err(|error| bad(&error))?;
    let note = Note::read(request.note).map_err(|error| bad(&error))?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|error| bad(&error))?;
    let keys = followed(checkpoint.origin.as_str());
    if keys.is_empty() {
        return Err(refusal(404, &"this cosigner does not follow that log"));
    }
    let Some(log) = keys.into_iter().find(|key| note.signed_by(key).is_ok()) else {
        return Err(refusal(
            403,
            &"no signature of a key that this cosigner follows holds",
        ));
    };
    if request.old > checkpoint.size {
        return Err(bad(&format!(
            "the old size {} is over the checkpoint's, {}",
            request.old, checkpoint.size
        )));
    }
    if !request.proof.is_empty() && (request.old == 0 || request.old == checkpoint.size) {
        return Err(bad(
            &"from size 0, and from a size to itself, there is nothing to prove",
        ));
    }
    if checkpoint.size == 0 && checkpoint.root != EMPTY_ROOT {
        return Err(bad(
            &"a log of no entries has one root, and this is another",
        ));
    }
    Ok(Presented {
        request,
        note,
        checkpoint,
        log,
    })
}

/// What to do with `presented` at `now_s`, seconds since 1970 UTC. `own` is the cosigner's key.
pub fn decide(
    presented: &Presented<'_>,
    remembered: &Remembered,
    own: &CosignerKey,
    now_s: u64,
) -> Decision {
    let checkpoint = &presented.checkpoint;
    let fork = remembered
        .same_size
        .as_ref()
        .filter(|same| is_fork(&same.checkpoint, checkpoint));
    let is_own = match own.cosigned(&presented.note) {
        Ok(at_s) => at_s.is_some(),
        Err(error) => {
            return Decision::Refuse(refusal(
                400,
                &format!("the cosignature under this cosigner's own key does not hold: {error}"),
            ));
        }
    };
    if let Some(why) = &remembered.frozen {
        return Decision::Refuse(refusal(503, why));
    }
    if is_own && let Some(freeze) = forgotten(presented, remembered, fork) {
        return freeze;
    }
    let fork = fork.map(|same| Evidence {
        shows: Shows::Fork,
        ours: same.note.clone(),
        theirs: presented.bare(),
    });
    let head = remembered.head.as_ref();
    let size = head.map_or(0, |head| head.checkpoint.size);
    match (presented.request.old == size, fork) {
        (false, fork) => return Decision::Moved(size, fork),
        (true, Some(fork)) => return Decision::Forked(fork),
        (true, None) => {}
    }
    if let Some(head) = head
        && let Err(why) = joined(presented, &head.checkpoint)
    {
        let evidence = Evidence {
            shows: Shows::Unjoined,
            ours: head.note.clone(),
            theirs: presented.bare(),
        };
        return Decision::Unjoined(evidence, why);
    }
    match time(head.map_or(0, |head| head.at_s), now_s) {
        Ok(at_s) => Decision::Cosign(at_s),
        Err(why) => Decision::Refuse(refusal(503, &why)),
    }
}

/// Why the proof does not join `head` and what is presented. From no entries, and from a size to itself (the roots are then
/// known to be equal), there is nothing to prove.
fn joined(presented: &Presented<'_>, head: &Checkpoint) -> Result<(), String> {
    let new = &presented.checkpoint;
    if head.size == 0 || head.size == new.size {
        return Ok(());
    }
    verify_consistency(
        head.size,
        &head.root,
        new.size,
        &new.root,
        &presented.request.proof,
    )
    .map_err(|error| {
        format!(
            "the proof does not show that the first {} entries are the ones cosigned: {error}",
            head.size
        )
    })
}

/// The presented note bears this cosigner's own signature. One that it does not remember ends all signing for this log.
fn forgotten(
    presented: &Presented<'_>,
    remembered: &Remembered,
    fork: Option<&Head>,
) -> Option<Decision> {
    let size = presented.checkpoint.size;
    let known = remembered.head.as_ref().map(|head| head.checkpoint.size);
    let says = if known.is_none_or(|known| size > known) {
        format!(
            "this cosigner signed {size} entries of this log and remembers {}: its memory was put back to an older copy, and it signs this log no more",
            known.unwrap_or(0)
        )
    } else if fork.is_some() {
        format!(
            "this cosigner's key signed two histories of {size} entries of this log: it is used in two places, and signs this log no more"
        )
    } else {
        return None;
    };
    let ours = fork.or(remembered.head.as_ref());
    let evidence = Evidence {
        shows: Shows::OwnForgotten,
        ours: ours.map_or_else(String::new, |head| head.note.clone()),
        theirs: presented.note.only(|_| true),
    };
    Some(Decision::Freeze(evidence, says))
}

/// The time to sign: now, and never before the last.
fn time(last_s: u64, now_s: u64) -> Result<u64, String> {
    if now_s < CLOCK_S_MIN {
        return Err("this cosigner's clock was never set".into());
    }
    if now_s.saturating_add(CLOCK_BACK_S_MAX) < last_s {
        return Err(format!(
            "this cosigner's clock stands {} s before its own last cosignature",
            last_s - now_s
        ));
    }
    Ok(now_s.max(last_s))
}

fn refusal(status: u16, says: &dyn std::fmt::Display) -> Refusal {
    Refusal {
        status,
        says: says.to_string(),
    }
}
