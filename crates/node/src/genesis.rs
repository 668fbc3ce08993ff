//! The first entries of a log, written together or not at all.

use audit::Rulebook;
use domain::State;
use domain::act::Act;
use domain::act::log::{AdoptPacks, Open, Started};
use domain::act::people::Invite;
use domain::id::StatementId;
use domain::time::Millis;
use domain::words::{Department, Duty, Words};
use ledger::checkpoint::Origin;
use ledger::envelope::SeenHead;
use ledger::merkle::EMPTY_ROOT;
use sha2::{Digest as _, Sha256};
use store::{Append, Log};

use crate::answer::{NotEntered, fit};
use crate::clock::Clock;
use crate::device::Device;
use crate::enrol::Link;
use crate::keys::{Keys, hex, id_of, random32};
use crate::limit::LINK_MS;
use crate::node::{NodeError, parse_origin};
use crate::rules;
use crate::submission::Understood;

/// What a new log is about.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The studio's domain name, first part of the log's name: `ranch.example`.
    pub studio: String,
    /// The production.
    pub production: String,
    /// The unit whose node this is.
    pub unit: String,
    /// Words that every page must show, such as `DEMO`; empty for a real production.
    pub watermark: String,
    /// Names of the packs to adopt; when empty, those of [`FIRST_PACKS`] that are there.
    pub packs: Vec<String>,
    /// What boards call the first administrator: a role.
    pub administrator: String,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            studio: "ranch.example".to_owned(),
            production: "Production".to_owned(),
            unit: "Main unit".to_owned(),
            watermark: String::new(),
            packs: Vec::new(),
            administrator: "administrator".to_owned(),
        }
    }
}

/// `<studio domain>/<production>/<year>-<random>`, never used before.
pub(crate) fn origin(opening: &Opening, wall: Millis) -> Result<Origin, NodeError> {
    let slug: String = opening
        .production
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    let slug = slug
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let slug = if slug.is_empty() {
        "production"
    } else {
        slug.get(..60).unwrap_or(&slug)
    };
    let random = random32()?;
    let random = hex(random.get(..4).unwrap_or_default());
    parse_origin(&format!(
        "{}/{slug}/{}-{random}",
        opening.studio,
        year(wall)
    ))
}

/// The year of a time in ms UTC, by mean Gregorian years: a name needs no more.
fn year(at: Millis) -> i64 {
    1970 + at.div_euclid(31_556_952_000)
}

/// Packs adopted by whoever names none: packs of other places would hold a production to law that is not its own.
pub const FIRST_PACKS: [&str; 3] = ["base", "us-industry", "us-nm"];

/// Opens the log, starts the node, adopts packs and invites the first administrator: one batch.
///
/// A crash before it is durable leaves an empty log, which opening refuses with what to do.
pub(crate) fn write(
    keys: &Keys,
    log: &dyn Log,
    opening: &Opening,
    book: &dyn Rulebook,
    clock: &dyn Clock,
) -> Result<Link, NodeError> {
    let names = if opening.packs.is_empty() {
        let mut names = book.names();
        names.retain(|name| FIRST_PACKS.contains(&name.as_str()));
        names
    } else {
        opening.packs.clone()
    };
    let in_force = if names.is_empty() {
        rules::in_force(book, &names)
    } else {
        book.load(&names).map_err(NodeError::Opening)?
    };
    let secret = random32()?;
    let now = clock.wall_ms().max(0);
    let until = now + LINK_MS;
    let acts = acts(keys, opening, names, &in_force, &secret, until);
    let origin = keys.verifier.name();
    let mut log_device = Device::of(keys.log.clone(), origin);
    let mut node_device = Device::of(keys.node.clone(), origin);
    let head = SeenHead {
        size: 0,
        root: EMPTY_ROOT,
        at_ms: now,
    };
    let mut state = State::default();
    let mut adopted = Vec::new();
    let mut batch = Vec::new();
    let mut invite = StatementId::ZERO;
    for act in acts {
        let device = if matches!(act, Act::LogOpen(_)) {
            &mut log_device
        } else {
            &mut node_device
        };
        let draft = device.sign(&act, now, head).map_err(NodeError::First)?;
        let read = Understood::read(draft.submission, origin).map_err(NodeError::First)?;
        let mut outcome = domain::admit(&state, &read.statement, now, &*in_force.judge);
        if !outcome.admitted {
            let why = outcome
                .reasons
                .first()
                .map_or("no reason given", |reason| reason.says.as_str());
            return Err(NodeError::Opening(format!(
                "the record refuses `{}`: {why}",
                act.kind().stored()
            )));
        }
        let raw = ledger::entry::Entry {
            at_ms: now,
            statement: read.envelope.clone(),
            outcome: fit(&mut outcome),
            packs: adopted.clone(),
        };
        let unwritable = |why: store::NotAppendable| {
            NodeError::First(NotEntered::invalid("unwritable", why.to_string()))
        };
        batch.push(Append::new(&read.signed, &raw, read.beside).map_err(unwritable)?);
        match &act {
            Act::PacksAdopt(_) => adopted.clone_from(&in_force.packs),
            Act::Invite(_) => invite = draft.id,
            _ => {}
        }
        domain::apply(
            &mut state,
            &domain::Entry {
                at: now,
                statement: read.statement,
                outcome,
            },
        );
    }
    log.append(0, batch).map_err(|error| {
        NodeError::First(NotEntered::fault("not_written", error.to_string(), false))
    })?;
    Ok(Link {
        invite,
        secret: hex(&secret),
        role: opening.administrator.clone(),
        until,
    })
}

fn acts(
    keys: &Keys,
    opening: &Opening,
    names: Vec<String>,
    in_force: &audit::Rules,
    secret: &[u8; 32],
    until: Millis,
) -> Vec<Act> {
    let open = Act::LogOpen(Open {
        production: Words::new(&opening.production),
        unit: Words::new(&opening.unit),
        node_key: id_of(&keys.node),
        board_key: id_of(&keys.board),
        watermark: Words::new(&opening.watermark),
    });
    let started = Act::NodeStarted(Started {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        program: crate::program(),
        packs: in_force.packs.clone(),
        limits: in_force.judge.limits(),
    });
    let invite = Act::Invite(Invite {
        token: StatementId(Sha256::digest(secret).into()),
        role: Words::new(&opening.administrator),
        department: Department::Production,
        duties: vec![Duty::Administrator],
        for_person: None,
        until,
    });
    let mut acts = vec![open, started];
    if !names.is_empty() {
        acts.push(Act::PacksAdopt(AdoptPacks { packs: names }));
    }
    acts.push(invite);
    acts
}
