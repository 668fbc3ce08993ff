//! The people of the day: roles, never names.

use super::Story;
use super::bodies::words;
use domain::act::Act;
use domain::act::people::{DutyChange, Enrol, Invite, Qualify};
use domain::id::{PersonId, StatementId};
use domain::time::Millis;
use domain::words::{Department, Duty, Means, Skill};
use sha2::{Digest as _, Sha256};

/// How long a link of the story is good, ms: they are used at once.
const LINK_MS: Millis = 10 * 60_000;
/// How long the armorer's permit is valid, ms: for the shoot.
const PERMIT_MS: Millis = 90 * 24 * 60 * 60_000;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Producer, and administrator of the record.
    Producer,
    /// Unit production manager.
    ProductionManager,
    /// Armorer.
    Armorer,
    /// Property master.
    PropertyMaster,
    /// First assistant director.
    FirstAd,
    /// Second assistant director, who keeps minutes.
    SecondAd,
    /// Safety adviser.
    SafetyAdviser,
    /// Performer A.
    PerformerA,
    /// Performer B.
    PerformerB,
    /// The double of performer B.
    Double,
    /// Camera operator.
    Camera,
    /// Key grip.
    KeyGrip,
    /// Medic.
    Medic,
}

impl Who {
    /// Everybody whom the producer lets in.
    const CREW: [Self; 12] = [
        Self::ProductionManager,
        Self::Armorer,
        Self::PropertyMaster,
        Self::FirstAd,
        Self::SecondAd,
        Self::SafetyAdviser,
        Self::PerformerA,
        Self::PerformerB,
        Self::Double,
        Self::Camera,
        Self::KeyGrip,
        Self::Medic,
    ];

    /// As boards show them.
    pub const fn role(self) -> &'static str {
        match self {
            Self::Producer => "producer",
            Self::ProductionManager => "production manager",
            Self::Armorer => "armorer",
            Self::PropertyMaster => "property master",
            Self::FirstAd => "first AD",
            Self::SecondAd => "second AD",
            Self::SafetyAdviser => "safety adviser",
            Self::PerformerA => "performer A",
            Self::PerformerB => "performer B",
            Self::Double => "double of performer B",
            Self::Camera => "camera operator",
            Self::KeyGrip => "key grip",
            Self::Medic => "medic",
        }
    }

    const fn department(self) -> Department {
        match self {
            Self::Producer | Self::ProductionManager => Department::Production,
            Self::Armorer | Self::PropertyMaster => Department::Property,
            Self::FirstAd | Self::SecondAd => Department::Direction,
            Self::SafetyAdviser | Self::Medic => Department::Safety,
            Self::PerformerA | Self::PerformerB | Self::Double => Department::Cast,
            Self::Camera => Department::Camera,
            Self::KeyGrip => Department::Grip,
        }
    }

    fn duties(self) -> Vec<Duty> {
        match self {
            Self::Producer => vec![Duty::Administrator],
            Self::ProductionManager => vec![Duty::ProductionManager],
            // One duty: whoever answers for a weapon has no other job.
            Self::Armorer => vec![Duty::Armorer],
            Self::PropertyMaster => vec![Duty::PropertyMaster],
            Self::FirstAd => vec![Duty::FirstAd],
            Self::SecondAd | Self::KeyGrip => vec![Duty::Crew],
            Self::SafetyAdviser => vec![Duty::SafetyAdviser],
            Self::PerformerA | Self::PerformerB => vec![Duty::Performer],
            Self::Double => vec![Duty::Double],
            Self::Camera => vec![Duty::Camera],
            Self::Medic => vec![Duty::Medic],
        }
    }
}

/// The node lets the producer in, the producer everybody else: so the armorer enrolled nobody who may be second.
pub(super) fn come_in(story: &mut Story<'_>) -> anyhow::Result<()> {
    let (invite, secret) = story.stage.first_link()?;
    enrol(story, Who::Producer, invite, secret)?;
    for who in Who::CREW {
        let secret = story.stage.secret()?;
        let invite = Invite {
            token: StatementId(Sha256::digest(secret).into()),
            role: words(who.role()),
            department: who.department(),
            duties: who.duties(),
            for_person: None,
            until: story.now() + LINK_MS,
        };
        let invite = story.say(Who::Producer, Act::Invite(invite))?;
        enrol(story, who, invite, secret)?;
    }
    let duty = DutyChange {
        person: story.person(Who::Producer)?,
        duty: Duty::Producer,
        holds: true,
    };
    story.say(Who::Producer, Act::DutyChange(duty))?;
    let permit = Qualify {
        person: story.person(Who::Armorer)?,
        skill: Skill::HandlerPermit,
        until: Some(story.now() + PERMIT_MS),
        words: words("Entertainment firearms permit, read at the production office."),
    };
    story.say(Who::ProductionManager, Act::Qualify(permit))?;
    Ok(())
}

fn enrol(
    story: &mut Story<'_>,
    who: Who,
    invite: StatementId,
    secret: [u8; 32],
) -> anyhow::Result<()> {
    let enrol = Enrol {
        invite,
        token: StatementId(secret),
        key: story.stage.key(who)?,
        means: Means::Device,
    };
    let person = PersonId::from(story.say(who, Act::Enrol(enrol))?);
    story.stage.is_person(who, person);
    story.people.insert(who, person);
    Ok(())
}
