//! One weapon: who has it, what two people saw in it, and what holds it back.

use crate::{
    act::weapons::{Receive, TestFire},
    id::*,
    knowledge::{Knowledge, Unknown},
    outcome::LeaseTerms,
    time::Millis,
    words::*,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

/// Who has it. One custodian at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Custody {
    /// Locked in a store.
    Stored {
        /// Which.
        store: StoreId,
    },
    /// In somebody's hands, until their sight of it lapses.
    Held {
        /// Whose.
        holder: PersonId,
        /// Without a touch until then it counts as out of sight, ms UTC.
        sight_until: Millis,
    },
    /// Out of sight or set down: last with this person.
    OutOfSight {
        /// Whose it was.
        last: PersonId,
    },
    /// Passed or taken outside the protocol.
    OffTheRecord {
        /// Said to be with.
        with: Option<PersonId>,
    },
}

impl Custody {
    /// Who has it in hand.
    pub fn holder(&self) -> Option<PersonId> {
        match self {
            Self::Held { holder, .. } => Some(*holder),
            Self::Stored { .. } | Self::OutOfSight { .. } | Self::OffTheRecord { .. } => None,
        }
    }
}

/// From leaving lock-up to return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The take-out.
    pub by: StatementId,
    /// When, ms UTC.
    pub at: Millis,
    /// The handler who answers for it.
    pub handler: PersonId,
    /// Whom it is for.
    pub takers: Vec<PersonId>,
    /// The action.
    pub action: ActionId,
    /// Carriers that went with it.
    pub carriers: Vec<CarrierId>,
    /// Who was shown it, and whether they looked.
    pub shown: BTreeMap<PersonId, Showing>,
    /// Everybody who signed something about it in this issue: its chain.
    pub chain: BTreeSet<PersonId>,
    /// A watcher saw it in the named hands since the last look; broken by any other hands.
    pub unbroken: bool,
}

/// Why a weapon is on HOLD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldWhy {
    /// Two looks did not agree.
    Mismatch,
    /// A look saw a live, spent or unknown round.
    SawRound,
    /// An unexpected event holds it.
    Event(EventId),
}

/// A HOLD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Why.
    pub why: HoldWhy,
    /// When it began, ms UTC.
    pub at: Millis,
    /// Whose looks it rests on.
    pub people: Vec<PersonId>,
}

/// What was last put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// From which lot.
    pub lot: LotId,
    /// Who loaded.
    pub by: PersonId,
    /// When, ms UTC.
    pub at: Millis,
    /// Rounds put in by all loads since it was last cleared.
    pub rounds: u32,
}

/// A misfire with no cause recorded since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfire {
    /// When, ms UTC.
    pub at: Millis,
    /// The wait before it was opened, ms.
    pub waited_ms: Millis,
}

/// Two people showed what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassProof {
    /// What.
    pub class: Class,
    /// Who showed and who countersigned.
    pub by: [PersonId; 2],
    /// The statement that was countersigned.
    pub statement: StatementId,
    /// The countersign.
    pub countersign: StatementId,
    /// When, ms UTC.
    pub at: Millis,
}

/// One weapon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weapon {
    /// As received.
    pub about: Receive,
    /// What two people showed it to be.
    pub class_proof: Option<ClassProof>,
    /// Who has it.
    pub custody: Custody,
    /// Its issue, from lock-up to return.
    pub issue: Option<Issue>,
    /// What two people saw in this custody epoch.
    pub knowledge: Knowledge,
    /// COLD or HOT, with its end.
    pub lease: Option<LeaseTerms>,
    /// What holds it.
    pub holds: Vec<Hold>,
    /// Withdrawn, and why.
    pub grounded: Option<Words>,
    /// Sent to another log, by this statement.
    pub away: Option<StatementId>,
    /// Handled outside the protocol and not looked at whole since.
    pub off_record: bool,
    /// Its history cannot have happened: releases nothing.
    pub inconsistent: bool,
    /// What was last put in and not cleared out.
    pub loaded: Option<Loaded>,
    /// Dummies were in it since the bore was last seen clear by two.
    pub bore_suspect: bool,
    /// Shots in it nobody shot all-well for are the action's; misfires stay until explained.
    pub misfire: Option<Misfire>,
    /// Fired offstage with these lots.
    pub test_fires: Vec<TestFire>,
    /// Its next pair of looks needs somebody outside this chain (after an unexpected event).
    pub needs_outsider: Option<BTreeSet<PersonId>>,
}

impl Weapon {
    /// A weapon just received into somebody's hands: nothing is known of it.
    pub fn received(about: Receive, holder: PersonId, sight_until: Millis) -> Self {
        Self {
            about,
            class_proof: None,
            custody: Custody::Held {
                holder,
                sight_until,
            },
            issue: None,
            knowledge: Knowledge::default(),
            lease: None,
            holds: Vec::new(),
            grounded: None,
            away: None,
            off_record: false,
            inconsistent: false,
            loaded: None,
            bore_suspect: false,
            misfire: None,
            test_fires: Vec::new(),
            needs_outsider: None,
        }
    }

    /// Whether it counts as able to fire: a firing class, or a harmless one that two people did not show.
    pub fn can_fire(&self) -> bool {
        !self
            .class_proof
            .as_ref()
            .is_some_and(|proof| cannot_fire(proof.class))
    }

    /// The class that counts.
    pub fn class(&self) -> Class {
        self.class_proof
            .as_ref()
            .map_or(self.about.class, |proof| proof.class)
    }

    /// The same family, or the same calibre and class.
    pub fn is_like(&self, other: &Self) -> bool {
        let family = !self.about.family.is_blank() && self.about.family == other.about.family;
        let build = !self.about.calibre.is_blank()
            && self.about.calibre == other.about.calibre
            && self.about.class == other.about.class;
        family || build
    }

    /// Whether two people showed that it cannot fire: blades are dull, guns are not guns.
    pub fn is_harmless(&self) -> bool {
        !self.can_fire()
    }

    /// Whether it is out for this action (any action: `None`), or nobody can say where it is used.
    pub fn is_in_play(&self, action: Option<ActionId>) -> bool {
        let issued = self
            .issue
            .as_ref()
            .is_some_and(|issue| action.is_none_or(|action| issue.action == action));
        issued || (self.off_record && !matches!(self.custody, Custody::Stored { .. }))
    }

    /// Ends what is known, and the lease with it. Only a collecting leaves something that a Reset may carry on.
    pub fn forget(&mut self, why: Unknown) {
        self.knowledge.forget(why);
        self.lease = None;
        if let Some(issue) = &mut self.issue
            && why != Unknown::Collected
        {
            issue.unbroken = false;
        }
    }

    /// It did what nothing harmless does: the proof of its class was wrong.
    pub fn was_not_harmless(&mut self) {
        if self.is_harmless() {
            self.class_proof = None;
        }
    }
}

/// Classes that cannot fire once two people showed it.
pub(crate) const fn cannot_fire(class: Class) -> bool {
    match class {
        Class::NonFiring | Class::Rubber | Class::Edged | Class::Other => true,
        Class::Firearm | Class::BlankFiring | Class::Gas | Class::Unknown => false,
    }
}

/// A rack of things that cannot fire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// As received.
    pub about: crate::act::weapons::ReceiveBatch,
    /// What two people showed it to be.
    pub class_proof: Option<ClassProof>,
    /// Pieces out.
    pub out: u32,
    /// Pieces that did not come back.
    pub missing: u32,
    /// Who answers for those out.
    pub wrangler: Option<PersonId>,
}
