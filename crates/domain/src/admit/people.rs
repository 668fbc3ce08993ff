//! People and packs.

use crate::{
    act::{
        log::AdoptPacks,
        people::{DutyChange, Enrol, Invite},
    },
    id::*,
    refusal::Refusal,
    state::State,
    statement::Statement,
    time::Millis,
    words::Duty,
};
use alloc::vec::Vec;
use sha2::{Digest, Sha256};

/// Enrols people, gives duties, adopts packs: the administrator, or the node for the first one.
fn administers(state: &State, by: PersonId) -> bool {
    by == PersonId::ZERO || state.holds(by, Duty::Administrator)
}

pub(super) fn adopt(state: &State, by: PersonId, body: &AdoptPacks, found: &mut Vec<Refusal>) {
    if !administers(state, by) && !state.holds(by, Duty::SafetyAdviser) {
        found.push(Refusal::NotYourDuty {
            whose: "an administrator or the safety adviser",
        });
    }
    if !body.packs.iter().any(|pack| pack == "base") {
        found.push(Refusal::NoBasePack);
    }
}

pub(super) fn invite(state: &State, by: PersonId, body: &Invite, found: &mut Vec<Refusal>) {
    let own_key = body.for_person == Some(by);
    if !administers(state, by) && !own_key {
        found.push(Refusal::NotYourDuty {
            whose: "an administrator",
        });
    }
    if body
        .for_person
        .is_some_and(|person| !state.people.contains_key(&person))
    {
        found.push(Refusal::NoPerson);
    }
}

pub(super) fn enrol(
    state: &State,
    statement: &Statement,
    body: &Enrol,
    now: Millis,
    found: &mut Vec<Refusal>,
) {
    match state.invitations.get(&body.invite) {
        Some(invitation) if now < invitation.invite.until => {
            let digest: [u8; 32] = Sha256::digest(body.token.0).into();
            if StatementId(digest) != invitation.invite.token {
                found.push(Refusal::WrongToken);
            }
        }
        Some(_) | None => found.push(Refusal::NoInvitation),
    }
    if body.key != statement.key || state.keys.contains_key(&body.key) {
        found.push(Refusal::KeyTaken);
    }
}

pub(super) fn duty(state: &State, by: PersonId, body: &DutyChange, found: &mut Vec<Refusal>) {
    // Laying down one's own duty needs nobody's leave, unless it is the one that keeps a person from being second.
    let plays = matches!(body.duty, Duty::Performer | Duty::Double);
    let lays_down = body.person == by && !body.holds && !plays;
    if !administers(state, by) && !lays_down {
        found.push(Refusal::NotYourDuty {
            whose: "an administrator",
        });
    }
    if !state.people.contains_key(&body.person) {
        found.push(Refusal::NoPerson);
    }
}
