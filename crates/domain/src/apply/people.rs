//! People, keys, duties, training, requests.

use crate::{
    act::people::{
        AnswerAsk, Ask, Background, CrewChange, DutyChange, Enrol, EnterHours, Invite, Qualify,
        RevokeKey, Train,
    },
    id::*,
    knowledge::Unknown,
    state::{AskOpen, Invitation, Key, Person, State},
    statement::Entry,
    words::{Duty, Reply},
};
use alloc::{collections::BTreeMap, collections::BTreeSet, vec::Vec};

pub(super) fn invite(state: &mut State, entry: &Entry, body: &Invite) {
    state.invitations.insert(
        entry.statement.id,
        Invitation {
            invite: body.clone(),
            by: entry.statement.by,
        },
    );
}

pub(super) fn enrol(state: &mut State, entry: &Entry, body: &Enrol) {
    let Some(invitation) = state.invitations.remove(&body.invite) else {
        return;
    };
    let id = invitation
        .invite
        .for_person
        .unwrap_or_else(|| entry.statement.id.into());
    state.keys.insert(
        body.key,
        Key {
            person: id,
            means: body.means,
            revoked_at: None,
        },
    );
    let person = state.people.entry(id).or_insert_with(|| Person {
        role: invitation.invite.role,
        department: invitation.invite.department,
        duties: invitation.invite.duties.into_iter().collect(),
        enrolled_by: invitation.by,
        keys_from: BTreeSet::new(),
        skills: BTreeMap::new(),
        trained: BTreeSet::new(),
        training_short: false,
        background: Vec::new(),
    });
    if invitation.by != id {
        person.keys_from.insert(invitation.by);
    }
}

pub(super) fn revoke(state: &mut State, entry: &Entry, body: &RevokeKey) {
    if !may_revoke(state, entry.statement.by, body.key) {
        return;
    }
    if let Some(key) = state.keys.get_mut(&body.key) {
        key.revoked_at = Some(
            key.revoked_at
                .map_or(entry.at, |earlier| earlier.min(entry.at)),
        );
        // Somebody else may have looked with it.
        let person = key.person;
        for weapon in state.weapons.values_mut() {
            let knowledge = &weapon.knowledge;
            let waits = knowledge
                .waiting
                .as_ref()
                .is_some_and(|look| look.by == person);
            let knows = knowledge
                .known
                .as_ref()
                .is_some_and(|known| known.by.contains(&person));
            if waits || knows {
                weapon.forget(Unknown::KeyRevoked);
            }
        }
    }
}

/// Whose key it is, an administrator, a handler, the first AD or the safety adviser. Anybody else tells one of them: else a
/// key could be taken from whoever is about to say no.
pub(crate) fn may_revoke(state: &State, by: PersonId, key: KeyId) -> bool {
    let own = state.keys.get(&key).is_some_and(|key| key.person == by);
    let duties = [Duty::Administrator, Duty::FirstAd, Duty::SafetyAdviser];
    own || by == PersonId::ZERO
        || duties.into_iter().any(|duty| state.holds(by, duty))
        || state.people.get(&by).is_some_and(Person::handles)
}

pub(super) fn duty(state: &mut State, body: &DutyChange) {
    if let Some(person) = state.people.get_mut(&body.person) {
        if body.holds {
            person.duties.insert(body.duty);
        } else {
            person.duties.remove(&body.duty);
        }
    }
}

pub(super) fn qualify(state: &mut State, body: &Qualify) {
    if let Some(person) = state.people.get_mut(&body.person) {
        person.skills.insert(body.skill, body.until);
    }
}

pub(super) fn hours(state: &mut State, body: &EnterHours) {
    if state.people.contains_key(&body.person) {
        let hours = state.hours.entry(body.person).or_default();
        hours.enter(body.called_at, body.wrapped_at);
    }
}

pub(super) fn background(state: &mut State, entry: &Entry, body: &Background) {
    if let Some(person) = state.people.get_mut(&body.person) {
        person.background.push(entry.statement.id);
    }
}

pub(super) fn train(state: &mut State, entry: &Entry, body: &Train) {
    // The handler alone decides who is competent (QUA-07, QUA-08).
    let counts = state.is_handler(entry.statement.by, entry.at);
    let Some(person) = state.people.get_mut(&body.person) else {
        return;
    };
    person.training_short = body.given_min < body.planned_min || !body.competent;
    if body.competent && counts && body.given_min >= body.planned_min {
        person.trained.insert(body.weapon);
    }
}

pub(super) fn ask(state: &mut State, entry: &Entry, body: &Ask) {
    let ask = AskOpen {
        asked: body.asked,
        by: entry.statement.by,
        about: body.about,
        reply: None,
    };
    state.asks.insert(entry.statement.id, ask);
}

pub(super) fn answer(state: &mut State, body: &AnswerAsk) {
    if body.reply == Reply::Granted {
        state.asks.remove(&body.ask);
    } else if let Some(ask) = state.asks.get_mut(&body.ask) {
        ask.reply = Some(body.reply);
    }
}

pub(super) fn crew_change(state: &mut State, entry: &Entry, body: &CrewChange) {
    if let Some(session) = &mut state.session {
        session.unbriefed = session.unbriefed.saturating_add(body.joined);
        session.changed_at = session.changed_at.max(entry.at);
    }
}
