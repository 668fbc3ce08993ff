//! The signed board (`docs/formats/board.md`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::board::Shown;
use domain::id::{KeyId, StatementId, StopId, WeaponId};
use domain::state::StopHeld;
use domain::time::Millis;
use ed25519_dalek::Signer as _;
use ledger::Digest;
use serde::Serialize;

use crate::keys::id_of;
use crate::node::Node;
use crate::view::{View, Viewer};

/// What stands before the board's bytes when they are signed.
pub const BOARD_CONTEXT: &[u8] = b"coldproof-board-v1\n";

#[derive(Serialize)]
struct Answer {
    board: String,
    key: KeyId,
    sig: String,
}

#[derive(Serialize)]
struct Board<'a> {
    v: u32,
    origin: &'a str,
    size: u64,
    root: Digest,
    nonce: &'a str,
    at: Millis,
    watermark: &'a str,
    scene: &'a str,
    stops: Vec<Stop>,
    weapons: Vec<Weapon>,
    enrolled: bool,
}

#[derive(Serialize)]
struct Stop {
    id: StopId,
    since: Millis,
    reason: String,
    unit: StatementId,
}

#[derive(Serialize)]
struct Weapon {
    id: WeaponId,
    tag: String,
    name: String,
    word: &'static str,
    content: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_ms: Option<Millis>,
    reason: String,
    next: String,
    say: String,
    place: String,
    holder: String,
    waiting: String,
}

impl Node {
    /// The board's answer as JSON bytes. `nonce` is the page's own, 32 lower-case hex digits; `None` for any other, or when
    /// the node has no board key.
    pub fn board(&self, nonce: &str, viewer: &Viewer) -> Option<Vec<u8>> {
        let is_nonce = nonce.len() == 32
            && nonce
                .bytes()
                .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        let keys = self.core.keys.as_ref().filter(|_| is_nonce)?;
        let bytes = self.view(viewer, |view| self.board_bytes(nonce, view));
        let signature = keys.board.sign(&[BOARD_CONTEXT, &bytes].concat());
        let answer = Answer {
            board: STANDARD.encode(&bytes),
            key: id_of(&keys.board),
            sig: STANDARD.encode(signature.to_bytes()),
        };
        // INVARIANT: three strings; writing them to memory cannot fail.
        Some(serde_json::to_vec(&answer).unwrap_or_default())
    }

    fn board_bytes(&self, nonce: &str, view: &View<'_>) -> Vec<u8> {
        let board = view.board();
        let wire = Board {
            v: 1,
            origin: &self.core.origin,
            size: view.head.size,
            root: view.head.root,
            nonce,
            at: view.now,
            watermark: view.state.watermark.as_str(),
            scene: &board.scene,
            stops: self.stops(view),
            weapons: board
                .weapons
                .into_iter()
                .map(|shown| weapon(view, shown))
                .collect(),
            enrolled: view.reader.is_some(),
        };
        // INVARIANT: strings and integers; writing them to memory cannot fail.
        serde_json::to_vec(&wire).unwrap_or_default()
    }

    fn stops(&self, view: &View<'_>) -> Vec<Stop> {
        let mut stops: Vec<Stop> = view
            .state
            .stops
            .iter()
            .map(|(id, held)| Stop {
                id: if view.is_unrecorded(*id) {
                    StopId::ZERO
                } else {
                    *id
                },
                since: held.at,
                reason: stop_reason(view, held),
                unit: self.core.unit,
            })
            .collect();
        stops.sort_by_key(|stop| stop.since);
        stops
    }
}

/// What stands beside a stop.
pub fn stop_reason(view: &View<'_>, held: &StopHeld) -> String {
    let by = match (held.by, held.event) {
        (_, Some(_)) => "an unexpected event".to_owned(),
        (Some(person), None) => view.state.role(person).to_owned(),
        (None, None) => "someone".to_owned(),
    };
    let words = held.words.as_str();
    let by = if held.authority.is_blank() {
        by
    } else {
        format!("order of {}", held.authority.as_str())
    };
    let lifting = if held.ends_at.is_some() {
        "; being lifted, anyone may stop again"
    } else {
        ""
    };
    if held.words.is_blank() {
        format!("{by} pressed STOP{lifting}")
    } else {
        format!("{by}: {words}{lifting}")
    }
}

fn weapon(view: &View<'_>, shown: Shown) -> Weapon {
    let enrolled = view.reader.is_some();
    Weapon {
        id: shown.weapon,
        tag: shown.tag,
        name: shown.name,
        word: shown.word.says(),
        content: shown.content,
        left_ms: shown.left_ms,
        reason: shown.reason,
        next: shown.next,
        say: shown.say,
        place: if enrolled { shown.place } else { String::new() },
        holder: shown
            .holder
            .filter(|_| enrolled)
            .map(|person| view.name(person).to_owned())
            .unwrap_or_default(),
        waiting: if enrolled {
            shown.waiting.join(", ")
        } else {
            String::new()
        },
    }
}
