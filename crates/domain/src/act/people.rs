//! People, keys, duties, qualifications, training, requests.

use crate::{id::*, time::Millis, words::*};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Invites someone to enrol, or an enrolled person to add a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// SHA-256 of the secret in the link.
    pub token: StatementId,
    /// What the person is called on boards: a role, never a name.
    pub role: Words,
    /// Their department.
    pub department: Department,
    /// Duties they hold for the whole production.
    pub duties: Vec<Duty>,
    /// The enrolled person who adds a key; absent for someone new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_person: Option<PersonId>,
    /// When the link dies, ms UTC.
    pub until: Millis,
}

/// Enrols the signer's key. Signed by that key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// The invitation.
    pub invite: StatementId,
    /// The secret of the link.
    pub token: StatementId,
    /// The key; the one this statement is signed with.
    pub key: KeyId,
    /// How it is held.
    pub means: Means,
}

/// Ends a key. What it signed before stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeKey {
    /// The key.
    pub key: KeyId,
    /// Why.
    pub words: Words,
}

/// Takes up or lays down a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyChange {
    /// Who.
    pub person: PersonId,
    /// Which.
    pub duty: Duty,
    /// Up (true) or down.
    pub holds: bool,
}

/// A qualification seen and verified by the signer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualify {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub skill: Skill,
    /// Until when it is valid, ms UTC; absent if it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// What was seen.
    pub words: Words,
}

/// When somebody of the weapons chain was called, and wrapped. Enter the same call again with its wrap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnterHours {
    /// Whose.
    pub person: PersonId,
    /// When their day began, ms UTC.
    pub called_at: Millis,
    /// When it ended, ms UTC; absent while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapped_at: Option<Millis>,
    /// They were called although their rest was shorter than agreed.
    pub forced: bool,
}

/// Something said of past work with weapons. The person may reply by a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Background {
    /// Of whom.
    pub person: PersonId,
    /// What is said.
    pub words: Words,
    /// How the reporter knows.
    pub account: Account,
}

/// Training given by the signer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Train {
    /// Who was trained.
    pub person: PersonId,
    /// With this weapon; absent for handling in general.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weapon: Option<WeaponId>,
    /// Minutes planned.
    pub planned_min: u32,
    /// Minutes given.
    pub given_min: u32,
    /// The signer judges the person competent.
    pub competent: bool,
}

/// Somebody asked for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// What for.
    pub asked: Asked,
    /// For whom; absent if for the signer or everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PersonId>,
    /// In their words.
    pub words: Words,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerAsk {
    /// The request.
    pub ask: StatementId,
    /// The answer.
    pub reply: Reply,
    /// Who gave it, if not the signer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// In their words.
    pub words: Words,
}

/// People came or went: whoever joins is not briefed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrewChange {
    /// Their department.
    pub department: Department,
    /// How many joined.
    pub joined: u32,
    /// How many left.
    pub left: u32,
    /// What happened.
    pub words: Words,
}
