//! The node as the pages see it: maps what the node answers to the views that the web draws.
//!
//! In scope: words, order, which buttons a person is offered. Out of scope: every rule; an offer that the record does not
//! support is refused by the node with its reasons, and an act that is not offered can still be signed.
//!
//! Invariant: everything that depends on the state is asked of [`node::View`], which keeps closed looks from all but their
//! author; nothing here reads the state in another way.

mod answer;
mod check;
mod emergency;
mod form;
mod invite;
mod keep;
mod offer;
mod set;
#[cfg(test)]
mod tests;
mod weapon;

use std::sync::Arc;
use std::time::Duration;

use domain::id::{KeyId, PersonId, StatementId, WeaponId};
use node::{CartDraft as Draft, Node, View};
use tokio::sync::{oneshot, watch};
use tokio::task::spawn_blocking;
use web::desk::{
    Answer, Care, CartDraft, CartPerson, CheckAsk, CheckView, Checkpoint, Desk, EmergencyView,
    EnrolView, FileLine, FilePiece, FileReached, FileView, Head, InviteView, Later, MadeFile, Me,
    Press, RecordPage, SetView, Trouble, UnitView, Viewer, WeaponView, Zone,
};

/// A node behind pages.
pub struct NodeDesk {
    node: Arc<Node>,
    changed: watch::Receiver<u64>,
    zone: Zone,
    nag: Nag,
}

/// From which age a copy or a cosignature is late, so that the board nags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nag {
    /// Copies off the machine, ms; `None` where nobody expects one, as in a demonstration.
    pub copy_after_ms: Option<i64>,
    /// Cosignatures from outside, ms, once cosigners are adopted.
    pub cosign_after_ms: i64,
}

impl Default for Nag {
    /// A copy a working day, a cosignature every few hours: one is asked for at least once an hour.
    fn default() -> Self {
        Self {
            copy_after_ms: Some(24 * 3_600_000),
            cosign_after_ms: 6 * 3_600_000,
        }
    }
}

impl NodeDesk {
    /// The desk of `node`; times are shown in `zone`.
    pub fn new(node: Arc<Node>, zone: Zone) -> Self {
        let (sender, changed) = watch::channel(0);
        node.on_change(move |count| {
            sender.send_replace(count);
        });
        Self {
            node,
            changed,
            zone,
            nag: Nag {
                copy_after_ms: None,
                ..Nag::default()
            },
        }
    }

    /// The same desk, whose board nags from these ages on.
    #[must_use]
    pub fn nagging(self, nag: Nag) -> Self {
        Self { nag, ..self }
    }

    /// Work that reads the disk, on another thread than the one that serves pages.
    fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Node) -> Result<T, Trouble> + Send + 'static,
    ) -> Later<'_, Result<T, Trouble>> {
        let node = self.node.clone();
        Box::pin(async move {
            spawn_blocking(move || work(&node))
                .await
                .unwrap_or_else(|_| {
                    Err(Trouble::Fault("The node broke off; ask again.".to_owned()))
                })
        })
    }

    /// The zone that this machine is set to.
    pub fn zone_here() -> Zone {
        let now = jiff::Zoned::now();
        Zone {
            name: now.strftime("%Z").to_string(),
            offset_minutes: now.offset().seconds() / 60,
        }
    }

    fn view<T>(&self, viewer: &Viewer, question: impl FnOnce(&View<'_>) -> T) -> T {
        self.node.view(&reader(viewer), question)
    }

    /// The one unit there is, by its id or by saying none.
    fn unit(&self, asked: Option<&str>) -> Result<UnitView, Trouble> {
        let id = self.node.unit().to_string();
        if asked.is_some_and(|asked| asked != id) {
            return Err(Trouble::Unknown);
        }
        let name = self.view(&Viewer::Stranger, |view| {
            view.state.unit.as_str().to_owned()
        });
        Ok(UnitView { id, name })
    }

    fn me_of(&self, person: PersonId, key: KeyId) -> Me {
        let duty = self.view(&Viewer::Stranger, |view| set::duty(view, person));
        let name = self.node.name(person).unwrap_or_else(|| self.role(person));
        Me {
            person: person.to_string(),
            key: key.to_string(),
            name,
            duty,
        }
    }

    fn role(&self, person: PersonId) -> String {
        self.view(&Viewer::Stranger, |view| view.state.role(person).to_owned())
    }
}

impl std::fmt::Debug for NodeDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NodeDesk")
            .field("node", &self.node)
            .finish_non_exhaustive()
    }
}

/// The node's reader; ids that are none make a stranger.
fn reader(viewer: &Viewer) -> node::Viewer {
    match viewer {
        Viewer::Stranger => node::Viewer::Stranger,
        Viewer::Enrolled { person, key, .. } => {
            match (PersonId::from_hex(person), KeyId::from_hex(key)) {
                (Some(person), Some(key)) => node::Viewer::Enrolled { person, key },
                _ => node::Viewer::Stranger,
            }
        }
    }
}

impl Desk for NodeDesk {
    fn head(&self) -> Head {
        self.view(&Viewer::Stranger, |view| Head {
            origin: self.node.origin().to_owned(),
            size: view.head.size,
            root: view.head.root.to_string(),
            sealed_at: view.head.at_ms,
            at: view.now,
            board_key: view.state.board_key.to_string(),
            log_key: keep::log_key(&self.node),
            frozen: self.node.frozen().map(ToOwned::to_owned),
            production: view.state.production.as_str().to_owned(),
            watermark: view.state.watermark.as_str().to_owned(),
            zone: self.zone.clone(),
        })
    }

    fn changed(&self) -> watch::Receiver<u64> {
        self.changed.clone()
    }

    fn ready(&self) -> Result<(), String> {
        self.node.frozen().map_or(Ok(()), |why| {
            Err(format!("The record on this node has stopped: {why}."))
        })
    }

    fn me(&self, key: &str) -> Option<Me> {
        let key = KeyId::from_hex(key)?;
        let person = self.view(&Viewer::Stranger, |view| {
            let known = view.state.keys.get(&key)?;
            known.revoked_at.is_none().then_some(known.person)
        })?;
        (person != PersonId::ZERO).then(|| self.me_of(person, key))
    }

    fn set(&self, unit: Option<&str>, viewer: &Viewer) -> Result<SetView, Trouble> {
        let unit = self.unit(unit)?;
        Ok(self.view(viewer, |view| set::set(view, unit, &self.zone)))
    }

    fn board(&self, nonce: &str, unit: Option<&str>, viewer: &Viewer) -> Result<Vec<u8>, Trouble> {
        self.unit(unit)?;
        self.node
            .board(nonce, &reader(viewer))
            .ok_or(Trouble::Unknown)
    }

    fn weapon(&self, id: &str, viewer: &Viewer) -> Result<WeaponView, Trouble> {
        let weapon = WeaponId::from_hex(id).ok_or(Trouble::Unknown)?;
        let record = self
            .node
            .record_of(weapon, weapon::RECORD_LINES, &reader(viewer));
        let found = self
            .view(viewer, |view| weapon::weapon(view, weapon, &self.zone))
            .ok_or(Trouble::Unknown)?;
        Ok(WeaponView {
            record: record.into_iter().map(set::line).collect(),
            ..found
        })
    }

    fn check(&self, ask: &CheckAsk, viewer: &Viewer) -> Result<CheckView, Trouble> {
        self.unit(ask.unit.as_deref())?;
        self.view(viewer, |view| check::check(view, ask))
    }

    fn record(&self, before: Option<u64>, count: usize, viewer: &Viewer) -> RecordPage {
        let page = self.node.record(before, count, &reader(viewer));
        RecordPage {
            lines: page.lines.into_iter().map(set::line).collect(),
            before: page.before,
        }
    }

    fn submit(&self, submission: Vec<u8>) -> Later<'_, Answer> {
        let node = self.node.clone();
        Box::pin(async move {
            let (told, heard) = oneshot::channel();
            // Verifying a signature is work for another thread than the one that serves pages.
            let handed = spawn_blocking(move || {
                node.submit(&submission, move |answer| drop(told.send(answer)));
            })
            .await;
            answer::heard(handed.is_ok(), heard).await
        })
    }

    fn stop(&self, press: Press) -> Later<'_, Answer> {
        let (told, heard) = oneshot::channel();
        let press = node::Press {
            visit: press.visit,
            pressed_at: press.pressed_at,
            words: press.words.unwrap_or_default(),
            by_voice: String::new(),
        };
        // Here and not in the future: the stop acts although nobody waits for the answer.
        let id = self.node.press_stop(&press, move |recorded| {
            // Whoever stopped waiting has nobody left to tell.
            told.send(recorded).unwrap_or_default();
        });
        Box::pin(async move {
            let wait = Duration::from_millis(node::limit::STOP_WAIT_MS);
            let recorded = matches!(tokio::time::timeout(wait, heard).await, Ok(Ok(true)));
            answer::pressed(id, recorded)
        })
    }

    fn lift_press(&self, visit: &str, _unit: Option<&str>, found: &str) -> Later<'_, Answer> {
        let (told, heard) = oneshot::channel();
        self.node
            .lift_press(visit, found, move |answer| drop(told.send(answer)));
        Box::pin(answer::heard(true, heard))
    }

    fn enrolment(&self, token: &str) -> Result<EnrolView, Trouble> {
        let offer = self.node.link(token).ok_or(Trouble::Unknown)?;
        let duties: Vec<&str> = offer.duties.iter().map(|duty| duty.word()).collect();
        Ok(EnrolView {
            invite: offer.invite.to_string(),
            for_person: offer.for_person.map(|person| person.to_string()),
            name: offer.name,
            duty: if duties.is_empty() {
                offer.role
            } else {
                duties.join(", ")
            },
            by: offer.by,
            until: offer.until,
        })
    }

    fn emergency(&self) -> EmergencyView {
        let now = self.node.now();
        self.view(&Viewer::Stranger, |view| emergency::emergency(view, now))
    }

    fn inviting(&self, viewer: &Viewer) -> Result<InviteView, Trouble> {
        self.view(viewer, invite::inviting)
    }

    fn invited(
        &self,
        token: &str,
        name: &str,
        viewer: &Viewer,
    ) -> Later<'_, Result<EnrolView, Trouble>> {
        let found = self
            .view(viewer, invite::may)
            .and_then(|()| self.enrolment(token));
        let (node, name) = (self.node.clone(), name.to_owned());
        Box::pin(async move {
            let view = found?;
            let Some(invite) = StatementId::from_hex(&view.invite).filter(|_| !name.is_empty())
            else {
                return Ok(view);
            };
            let kept = name.clone();
            match spawn_blocking(move || node.name_invited(invite, &kept)).await {
                Ok(Ok(())) => Ok(EnrolView { name, ..view }),
                Ok(Err(not)) => Err(answer::trouble(&not)),
                Err(_) => Err(Trouble::Fault(
                    "the name could not be kept; try again".to_owned(),
                )),
            }
        })
    }

    fn cart_enrol(&self, token: &str, pin: &str) -> Later<'_, Answer> {
        let (node, token, pin) = (self.node.clone(), token.to_owned(), pin.to_owned());
        Box::pin(async move {
            match spawn_blocking(move || node.cart_enrol(&token, &pin)).await {
                Ok(entered) => answer::of(entered),
                Err(_) => answer::broke_off(),
            }
        })
    }

    fn cart_people(&self) -> Vec<CartPerson> {
        let mut people: Vec<CartPerson> = self
            .node
            .cart_keys()
            .into_iter()
            .map(|key| {
                let me = self.me_of(key.person, key.key);
                let duty = if key.locked {
                    format!("{} (locked)", me.duty)
                } else {
                    me.duty
                };
                CartPerson {
                    person: me.person,
                    name: me.name,
                    duty,
                }
            })
            .collect();
        people.sort_by(|one, other| one.name.cmp(&other.name));
        people
    }

    fn cart_open(&self, person: &str, pin: &str) -> Later<'_, Result<Me, Trouble>> {
        let (node, person, pin) = (
            self.node.clone(),
            PersonId::from_hex(person),
            pin.to_owned(),
        );
        Box::pin(async move {
            let person = person.ok_or(Trouble::Unknown)?;
            match spawn_blocking(move || node.cart_open(person, &pin)).await {
                Ok(Ok(key)) => Ok(self.me_of(person, key)),
                Ok(Err(not)) => Err(answer::trouble(&not)),
                Err(_) => Err(Trouble::Fault(
                    "The cart could not look at the PIN; try again.".to_owned(),
                )),
            }
        })
    }

    fn cart_sign(&self, draft: CartDraft) -> Later<'_, Answer> {
        let node = self.node.clone();
        Box::pin(async move {
            let Some(person) = PersonId::from_hex(&draft.person) else {
                return answer::unknown_person();
            };
            let (told, heard) = oneshot::channel();
            let signed = Draft {
                kind: draft.kind,
                kv: draft.kv,
                // INVARIANT: a JSON value; writing it to memory cannot fail.
                body: serde_json::to_vec(&draft.body).unwrap_or_default(),
            };
            let pin = draft.pin;
            let handed = spawn_blocking(move || {
                node.cart_sign(person, &pin, &signed, move |answer| drop(told.send(answer)));
            })
            .await;
            answer::heard(handed.is_ok(), heard).await
        })
    }

    fn checkpoint(&self) -> Checkpoint {
        keep::checkpoint(&self.node)
    }

    fn proof(&self, entry: u64, size: u64) -> Later<'_, Result<String, Trouble>> {
        self.aside(move |node| keep::proof(node, entry, size))
    }

    fn consistency(&self, from: u64, to: u64) -> Later<'_, Result<String, Trouble>> {
        self.aside(move |node| keep::consistency(node, from, to))
    }

    fn entry(&self, entry: u64, viewer: &Viewer) -> Later<'_, Result<Vec<u8>, Trouble>> {
        let viewer = viewer.clone();
        self.aside(move |node| keep::entry(node, entry, &viewer))
    }

    fn show_receipt(&self, note: String, epoch: Option<u32>) -> Later<'_, Answer> {
        let shown = self.aside(move |node| Ok(keep::shown(node, &note, epoch)));
        Box::pin(async move { shown.await.unwrap_or_else(|_| answer::broke_off()) })
    }

    fn my_copy(&self, viewer: &Viewer) -> Later<'_, Result<MadeFile, Trouble>> {
        let viewer = viewer.clone();
        self.aside(move |node| keep::my_copy(node, &viewer))
    }

    fn care(&self) -> Care {
        keep::care(&self.node, &self.nag)
    }

    fn file_put(
        &self,
        piece: FilePiece,
        viewer: &Viewer,
    ) -> Later<'_, Result<FileReached, Trouble>> {
        let viewer = viewer.clone();
        self.aside(move |node| keep::file_put(node, &piece, &viewer))
    }

    fn file(&self, sha256: &str, viewer: &Viewer) -> Later<'_, Result<FileView, Trouble>> {
        let (viewer, sha256) = (viewer.clone(), sha256.to_owned());
        self.aside(move |node| keep::file(node, &sha256, &viewer))
    }

    fn file_read(
        &self,
        sha256: &str,
        at: u64,
        count: usize,
    ) -> Later<'_, Result<Vec<u8>, Trouble>> {
        let sha256 = sha256.to_owned();
        self.aside(move |node| keep::file_read(node, &sha256, at, count))
    }

    fn files(&self, about: Option<&str>, viewer: &Viewer) -> Vec<FileLine> {
        keep::files(&self.node, about, viewer)
    }
}
