//! Links that let a key in, and what people are called.

use audit::fold::digest;
use domain::act::Act;
use domain::act::people::Invite;
use domain::id::{PersonId, StatementId, hex32};
use domain::time::Millis;
use domain::words::{Department, Duty, Words};
use sha2::{Digest as _, Sha256};

use crate::answer::NotEntered;
use crate::core::{Core, Disk};
use crate::keys::{hex, random32};
use crate::limit::{LINK_MS, NAME_CHARS_MAX};
use crate::node::{Node, wait};

/// A link to enrol a key. Its secret is nowhere in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The invitation's statement.
    pub invite: StatementId,
    /// 64 hex digits; the path of the link is `/enrol/<secret>`.
    pub secret: String,
    /// What boards will call the person.
    pub role: String,
    /// When it runs out, ms UTC.
    pub until: Millis,
}

impl Link {
    /// Path of the link under the node's address.
    pub fn path(&self) -> String {
        format!("/enrol/{}", self.secret)
    }

    /// The secret as a statement carries it.
    pub fn token(&self) -> Option<StatementId> {
        hex32(&self.secret).map(StatementId)
    }
}

/// Whom a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// What boards call them: a role, never a name.
    pub role: String,
    /// Their department.
    pub department: Department,
    /// Duties for the whole production.
    pub duties: Vec<Duty>,
    /// The enrolled person who adds a key; `None` for someone new.
    pub for_person: Option<PersonId>,
    /// Their name, kept outside the record; empty if none is given.
    pub name: String,
}

/// What a link offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOffer {
    /// The invitation.
    pub invite: StatementId,
    /// The enrolled person who adds a key.
    pub for_person: Option<PersonId>,
    /// Name, or role where none was given.
    pub name: String,
    /// Role.
    pub role: String,
    /// Duties.
    pub duties: Vec<Duty>,
    /// Who made the link: their role.
    pub by: String,
    /// When it runs out, ms UTC.
    pub until: Millis,
}

impl Node {
    /// Makes a link under the node's own key: for who has the node's folder in hands. An administrator's device signs its
    /// own `people.invite` and sends it like any statement.
    ///
    /// # Errors
    /// [`NotEntered`]; a refusal by the record is a `Denied`.
    pub fn invite(&self, newcomer: &Newcomer) -> Result<Link, NotEntered> {
        let random =
            random32().map_err(|error| NotEntered::fault("no_random", error.to_string(), true))?;
        let until = self.core.now() + LINK_MS;
        let act = Act::Invite(Invite {
            token: StatementId(Sha256::digest(random).into()),
            role: Words::new(&newcomer.role),
            department: newcomer.department,
            duties: newcomer.duties.clone(),
            for_person: newcomer.for_person,
            until,
        });
        let entered = wait(|done| {
            let mut ahead = self.core.ahead();
            self.core.own(&mut ahead, &act, done);
        })?;
        if let Some(reason) = entered
            .outcome
            .reasons
            .first()
            .filter(|_| !entered.outcome.admitted)
        {
            return Err(NotEntered::denied("refused", reason.says.clone()));
        }
        if !newcomer.name.trim().is_empty() {
            self.name_invited(entered.id, &newcomer.name)?;
        }
        Ok(Link {
            invite: entered.id,
            secret: hex(&random),
            role: newcomer.role.clone(),
            until,
        })
    }

    /// Keeps the name of whom an invitation is for, until they enrol.
    ///
    /// # Errors
    /// [`NotEntered`], when it cannot be kept.
    pub fn name_invited(&self, invite: StatementId, name: &str) -> Result<(), NotEntered> {
        let log = writable(&self.core)?;
        let name: String = name.trim().chars().take(NAME_CHARS_MAX).collect();
        log.put_meta(&invited(invite), Some(name.as_bytes()))
            .map_err(|error| NotEntered::fault("not_written", error.to_string(), true))
    }

    /// Keeps a person's name, or erases it. Names stand outside the record.
    ///
    /// # Errors
    /// [`NotEntered`], when it cannot be kept.
    pub fn set_name(&self, person: PersonId, name: Option<&str>) -> Result<(), NotEntered> {
        keep_name(&self.core, person, name)?;
        self.core.notify();
        Ok(())
    }

    /// The name kept for a person, for screens of the node itself; pages ask a [`crate::View`], which keeps names from
    /// strangers.
    pub fn name(&self, person: PersonId) -> Option<String> {
        self.core.shown().names.get(&person).cloned()
    }

    /// What a link offers; `None` for one that never was, was used, or ran out. `secret` is 64 hex digits.
    pub fn link(&self, secret: &str) -> Option<LinkOffer> {
        let token = StatementId(Sha256::digest(hex32(secret)?).into());
        let now = self.core.now();
        let shown = self.core.shown();
        let (id, invitation) = shown.state.invitations.iter().find(|(_, invitation)| {
            invitation.invite.token == token && now < invitation.invite.until
        })?;
        let (id, invitation) = (*id, invitation.clone());
        let known = invitation
            .invite
            .for_person
            .and_then(|person| shown.names.get(&person).cloned());
        let by = shown.state.role(invitation.by).to_owned();
        drop(shown);
        let role = invitation.invite.role.as_str().to_owned();
        let name = known
            .or_else(|| invited_name(&self.core, id))
            .unwrap_or_else(|| role.clone());
        Some(LinkOffer {
            invite: id,
            for_person: invitation.invite.for_person,
            name,
            role,
            duties: invitation.invite.duties,
            by,
            until: invitation.invite.until,
        })
    }
}

/// Moves names from invitations to the people who enrolled by them.
pub(crate) fn keep_names(core: &Core, enrolled: impl Iterator<Item = (StatementId, PersonId)>) {
    for (invite, person) in enrolled {
        let Some(name) = invited_name(core, invite) else {
            continue;
        };
        // A crash between the two leaves the name with the used invitation; the person goes by the role.
        if keep_name(core, person, Some(&name)).is_ok()
            && let Some(log) = &core.log
        {
            log.put_meta(&invited(invite), None).ok();
        }
    }
}

fn keep_name(core: &Core, person: PersonId, name: Option<&str>) -> Result<(), NotEntered> {
    let log = writable(core)?;
    let name: Option<String> = name.map(|name| name.trim().chars().take(NAME_CHARS_MAX).collect());
    log.put_name(&digest(person.into()), name.as_deref())
        .map_err(|error| NotEntered::fault("not_written", error.to_string(), true))?;
    let mut shown = core.shown_mut();
    match name {
        Some(name) => drop(shown.names.insert(person, name)),
        None => drop(shown.names.remove(&person)),
    }
    Ok(())
}

fn writable(core: &Core) -> Result<&dyn Disk, NotEntered> {
    core.log.as_deref().ok_or_else(|| {
        NotEntered::fault("frozen", "the record on this node cannot be written", false)
    })
}

fn invited(invite: StatementId) -> String {
    format!("invited-name/{invite}")
}

fn invited_name(core: &Core, invite: StatementId) -> Option<String> {
    let bytes = core.log.as_ref()?.meta(&invited(invite)).ok()??;
    String::from_utf8(bytes)
        .ok()
        .filter(|name| !name.is_empty())
}
