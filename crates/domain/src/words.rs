//! Free words and the small closed vocabularies that several areas share.

use crate::limit;
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// What somebody wrote, at most [`limit::WORDS_CHARS`] characters, kept as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Words(String);

impl Words {
    /// The words, cut to the limit.
    pub fn new(text: &str) -> Self {
        Self(text.chars().take(limit::WORDS_CHARS).collect())
    }
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Nothing but blanks.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        if text.chars().count() > limit::WORDS_CHARS {
            return Err(D::Error::custom("words are longer than 2,000 characters"));
        }
        Ok(Self(text))
    }
}

macro_rules! vocabulary {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $stored:literal, $word:literal;)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $stored)] $variant),+ }
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word for people.
            pub const fn word(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// The stored name.
            pub const fn stored(self) -> &'static str { match self { $(Self::$variant => $stored),+ } }
        }
    )+};
}

vocabulary! {
    /// What a person answers for. A stored name, for ever.
    Duty {
        /// Enrols people and adopts packs.
        Administrator = "administrator", "administrator";
        /// In charge of weapons on set: supplies, inspects, loads, hands over, collects, locks away.
        Armorer = "armorer", "armorer";
        /// Works with weapons under the armorer.
        Assistant = "assistant", "assistant armorer";
        /// Head of props.
        PropertyMaster = "property_master", "property master";
        /// Runs the set, leads safety meetings, makes the calls.
        FirstAd = "first_ad", "first AD";
        /// Watches over safety and has no other job.
        SafetyAdviser = "safety_adviser", "safety adviser";
        /// Watches the schedule's safety; a duty that some sets give to the first AD.
        SafetyCoordinator = "safety_coordinator", "safety coordinator";
        /// Holds the money and the hiring.
        Producer = "producer", "producer";
        /// Runs production from day to day.
        ProductionManager = "production_manager", "production manager";
        /// Decides what is filmed.
        Director = "director", "director";
        /// Plays.
        Performer = "performer", "performer";
        /// Stands in or doubles.
        Double = "double", "double";
        /// Leads the camera.
        Camera = "camera", "camera";
        /// Cover for injuries.
        Medic = "medic", "medic";
        /// Speaks for the crew.
        CrewRepresentative = "crew_representative", "crew representative";
        /// Drives and guards transport and stores.
        Storekeeper = "storekeeper", "storekeeper";
        /// Any other work on the set.
        Crew = "crew", "crew";
    }
    /// Where a person works; two people of different departments lift a stop for another.
    Department {
        /// Property and weapons.
        Property = "property", "property";
        /// Assistant directors.
        Direction = "direction", "direction";
        /// Production office.
        Production = "production", "production";
        /// Cast, doubles, stand-ins.
        Cast = "cast", "cast";
        /// Camera.
        Camera = "camera", "camera";
        /// Grip.
        Grip = "grip", "grip";
        /// Electric.
        Electric = "electric", "electric";
        /// Sound.
        Sound = "sound", "sound";
        /// Costume, hair, make-up.
        Costume = "costume", "costume";
        /// Stunts.
        Stunts = "stunts", "stunts";
        /// Effects.
        Effects = "effects", "effects";
        /// Safety, medical.
        Safety = "safety", "safety";
        /// Stage management.
        Stage = "stage", "stage";
        /// From outside the production.
        Outside = "outside", "outside";
        /// Anything else.
        Other = "other", "other";
    }
    /// What a weapon is, never judged by its looks.
    Class {
        /// Takes live rounds.
        Firearm = "firearm", "working firearm";
        /// Built or altered to fire blanks only.
        BlankFiring = "blank_firing", "blank-firing gun";
        /// Throws by gas, spring or motor.
        Gas = "gas", "gas or electric gun";
        /// Looks and moves, cannot ignite anything.
        NonFiring = "non_firing", "non-firing replica";
        /// Soft moulded copy.
        Rubber = "rubber", "rubber gun";
        /// Blade or point.
        Edged = "edged", "edged weapon";
        /// Blunt or other.
        Other = "other", "other weapon";
        /// Nobody has said: counts as working.
        Unknown = "unknown", "weapon of unknown class";
    }
    /// How loud and far a blank goes.
    Load {
        /// Full load.
        Full = "full", "full load";
        /// Half load.
        Half = "half", "half load";
        /// Quarter load.
        Quarter = "quarter", "quarter load";
    }
    /// What shows that a dummy is inert.
    Feature {
        /// A hole in the side of the case.
        Hole = "hole", "hole in the case";
        /// Shot inside sounds when shaken.
        Rattle = "rattle", "rattles";
        /// No primer.
        NoPrimer = "no_primer", "no primer";
        /// A struck primer.
        SpentPrimer = "spent_primer", "struck primer";
        /// Made of wood, rubber or resin.
        Material = "material", "not metal";
    }
    /// Where rounds came from.
    Origin {
        /// Bought made from a licensed maker.
        LicensedMaker = "licensed_maker", "licensed maker";
        /// Hired from a licensed house.
        RentalHouse = "rental_house", "rental house";
        /// Left over from another production.
        OtherProduction = "other_production", "another production";
        /// Made on this production.
        HomeMade = "home_made", "made on the production";
        /// Nobody said.
        Unknown = "unknown", "unknown source";
    }
    /// How rounds came.
    Condition {
        /// In the maker's sealed box.
        Sealed = "sealed", "sealed";
        /// Loose.
        Loose = "loose", "loose";
        /// Returned from use.
        Returned = "returned", "returned";
        /// In a box whose label is not the maker's.
        Relabelled = "relabelled", "relabelled";
    }
    /// Which check a look belongs to.
    Check {
        /// Rounds out, each proven; at loading and after any gap.
        Full = "full", "Full check";
        /// Same action, load unchanged, under a watcher's eyes.
        Reset = "reset", "Reset check";
        /// One weapon of a line.
        Line = "line", "Line check";
    }
    /// What was seen of the bore.
    Bore {
        /// Seen through.
        Clear = "clear", "clear";
        /// Something is in it.
        Blocked = "blocked", "not clear";
        /// Nobody looked.
        NotSeen = "not_seen", "not seen";
    }
    /// How the bore was seen.
    Method {
        /// A rod passed through.
        Rod = "rod", "rod";
        /// Light seen through.
        Light = "light", "light";
        /// By eye alone, or not said.
        Eye = "eye", "eye";
    }
    /// Yes, no, or nobody answered.
    Answer {
        /// Yes.
        Yes = "yes", "yes";
        /// No.
        No = "no", "no";
        /// Not answered.
        NotAnswered = "not_answered", "not answered";
    }
    /// Whether someone who was offered to see the weapon looked. Both are equal and neither is a check.
    Showing {
        /// Looked.
        Looked = "looked", "looked";
        /// Did not wish to.
        DidNotWish = "did_not_wish", "did not wish to";
    }
    /// What kind of day.
    Occasion {
        /// Filming.
        Shoot = "shoot", "shoot";
        /// Rehearsal day.
        Rehearsal = "rehearsal", "rehearsal";
        /// Training.
        Training = "training", "training";
        /// Performance before an audience.
        Performance = "performance", "performance";
        /// Demonstration.
        Demonstration = "demonstration", "demonstration";
    }
    /// What happens in an action.
    Doing {
        /// A take, cue or run.
        Take = "take", "take";
        /// A rehearsal, line-up or camera check: the full protocol applies.
        Rehearsal = "rehearsal", "rehearsal";
        /// Training.
        Training = "training", "training";
    }
    /// On what legal basis a sealed body is erased.
    Basis {
        /// The person whose it is asked for it.
        AskedByPerson = "asked_by_person", "the person asked for it";
        /// Its time is over.
        TimeOver = "time_over", "its time is over";
        /// A court or authority ordered it.
        CourtOrder = "court_order", "a court or authority ordered it";
        /// It was given by mistake.
        GivenByMistake = "given_by_mistake", "it was given by mistake";
    }
    /// How much a person was harmed: never a diagnosis.
    Harm {
        /// Nobody.
        None = "none", "nobody harmed";
        /// Treated on the spot.
        Treated = "treated", "treated";
        /// Taken to hospital.
        Serious = "serious", "serious";
        /// Died.
        Death = "death", "death";
        /// Not known.
        NotKnown = "not_known", "not known";
    }
    /// What happened that nobody planned.
    Unexpected {
        /// A shot that nobody planned.
        Discharge = "discharge", "discharge not planned";
        /// A planned act had another outcome.
        OtherOutcome = "other_outcome", "planned act with another outcome";
        /// A person is down.
        PersonDown = "person_down", "person down";
        /// Harm by someone from outside.
        FromOutside = "from_outside", "harm by someone from outside";
        /// Harm without a weapon.
        NoWeapon = "no_weapon", "harm without a weapon";
        /// A live round where none may be.
        LiveRound = "live_round", "live round found";
        /// A weapon is not where the record has it.
        Missing = "missing", "weapon missing";
    }
    /// What somebody asked production or a head of department for.
    Asked {
        /// Training.
        Training = "training", "training";
        /// Time to prepare or check.
        Time = "time", "time";
        /// More people.
        People = "people", "people";
        /// A harmless thing in place of a weapon.
        Substitute = "substitute", "a harmless thing in place of the weapon";
        /// To be called before the weapon is used.
        ToBeCalled = "to_be_called", "to be called before use";
        /// Something else.
        Other = "other", "something else";
    }
    /// What came back.
    Reply {
        /// Granted.
        Granted = "granted", "granted";
        /// Refused.
        Refused = "refused", "refused";
        /// No answer came.
        Silence = "silence", "no answer";
    }
    /// What a meeting must cover.
    Topic {
        /// What is meant to happen.
        Action = "action", "action";
        /// What may go otherwise.
        Deviations = "deviations", "deviations";
        /// How to abort.
        Abort = "abort", "abort";
        /// What to do in an emergency.
        Emergency = "emergency", "emergency";
        /// Who decides.
        ChainOfCommand = "chain_of_command", "chain of command";
    }
    /// How a person came to know.
    Learnt {
        /// Saw it.
        Saw = "saw", "saw";
        /// Was told.
        WasTold = "was_told", "was told";
        /// Read it.
        Read = "read", "read";
        /// Infers it.
        Infers = "infers", "infers";
    }
    /// How sure the reporter is.
    Sure {
        /// Sure.
        Sure = "sure", "sure";
        /// Fairly sure.
        Fairly = "fairly", "fairly sure";
        /// Not sure.
        NotSure = "not_sure", "not sure";
        /// Not known.
        NotKnown = "not_known", "not known";
        /// Accounts differ.
        Disputed = "disputed", "disputed";
        /// No one established it.
        NotEstablished = "not_established", "not established";
    }
    /// What is done to evidence.
    Touched {
        /// Moved.
        Moved = "moved", "moved";
        /// Taken away.
        Removed = "removed", "removed";
        /// Opened or emptied.
        Opened = "opened", "opened or emptied";
        /// Destroyed or thrown away.
        Destroyed = "destroyed", "destroyed or thrown away";
        /// Found.
        Found = "found", "found";
        /// Hidden.
        Hidden = "hidden", "hidden";
    }
    /// How a key is held.
    Means {
        /// On the person's own device.
        Device = "device", "own device";
        /// On the shared cart screen, behind the person's PIN.
        Cart = "cart", "cart screen with PIN";
        /// In a file, for the command line.
        File = "file", "key file";
    }
    /// Things that hold rounds.
    Holder {
        /// Magazine.
        Magazine = "magazine", "magazine";
        /// Belt.
        Belt = "belt", "belt";
        /// Loader.
        Loader = "loader", "loader";
        /// Pouch or holster.
        Pouch = "pouch", "pouch";
        /// Quiver.
        Quiver = "quiver", "quiver";
    }
    /// What somebody is shown to be able to do.
    Skill {
        /// Holds the permit or licence a handler needs here.
        HandlerPermit = "handler_permit", "handler's permit";
        /// Took the safety course.
        SafetyCourse = "safety_course", "safety course";
        /// First aid.
        FirstAid = "first_aid", "first aid";
        /// Other.
        Other = "other", "other";
    }
    /// What a paper is: given from outside, found by somebody qualified, told to somebody, or declared by a person.
    Paper {
        /// The hazards of a use of weapons, what is done about them, who is exposed.
        RiskAssessment = "risk_assessment", "risk assessment";
        /// A handler took part in the assessment and stands by it.
        Endorsement = "endorsement", "handler's endorsement of the assessment";
        /// A week of long hours was assessed for itself.
        LongWeek = "long_week", "assessment of a long week";
        /// Leave of a city, landowner or authority to use weapons in a place.
        PlacePermit = "place_permit", "permit for the place";
        /// The police were told.
        PoliceNotice = "police_notice", "notice to the police";
        /// The police or a control room were told of this day's start or end.
        DayNotice = "day_notice", "notice of the day";
        /// Neighbours and passers-by were told.
        NeighbourNotice = "neighbour_notice", "notice to neighbours";
        /// Cover for the work with weapons.
        Insurance = "insurance", "proof of insurance";
        /// What is done when somebody is hurt: who, where, which hospital.
        EmergencyPlan = "emergency_plan", "emergency plan";
        /// Ears and eyes of everybody near are covered.
        Protection = "protection", "protection given out";
        /// A weapon was altered by somebody who may, and cannot take or fire a live round.
        AlterationCertificate = "alteration_certificate", "certificate of alteration";
        /// A weapon was made unable to fire for good.
        DeactivationCertificate = "deactivation_certificate", "certificate of deactivation";
        /// The script needs this thing, in writing.
        ScriptNeed = "script_need", "written need of the script";
        /// A supplier's list of what was delivered or went back.
        SupplierList = "supplier_list", "supplier's list";
        /// A person's licence for this place and these weapons.
        Licence = "licence", "licence";
        /// The employer looked into a handler's licence, training and past work.
        EmployerCheck = "employer_check", "employer's check";
        /// A person says that they may handle a firearm.
        Eligibility = "eligibility", "declaration that one may handle firearms";
        /// A person says that they bring no weapon and no round.
        NoWeapons = "no_weapons", "declaration of no weapons";
        /// A person is under age, and a guardian agreed.
        UnderAge = "under_age", "under age, with a guardian's consent";
        /// The studio teacher decided that an under-age person may be there.
        TeacherDecision = "teacher_decision", "studio teacher's decision";
        /// Who takes questions and complaints about weapons.
        ContactNamed = "contact_named", "contact for questions named";
        /// What the insurer was told of the practice, or of a change.
        DeclaredPractice = "declared_practice", "practice declared to the insurer";
        /// The report of a day.
        DayReport = "day_report", "report of the day";
        /// An authority was told of an event.
        AuthorityNotice = "authority_notice", "notice to an authority";
        /// The last safety report of a production.
        FinalReport = "final_report", "final safety report";
        /// Another paper.
        Other = "other", "paper";
    }
    /// Who or what stands in a drawing.
    Drawn {
        /// A person.
        Person = "person", "person";
        /// An audience, or anybody who came to watch or passes by.
        Audience = "audience", "audience";
        /// An animal.
        Animal = "animal", "animal";
        /// A camera, with whoever stays at it drawn as a person.
        Camera = "camera", "camera";
    }
    /// When ammunition is counted.
    Moment {
        /// Before a break.
        BeforeBreak = "before_break", "before the break";
        /// After a break.
        AfterBreak = "after_break", "after the break";
        /// At wrap.
        Wrap = "wrap", "at wrap";
        /// At any other time.
        Other = "other", "other";
    }
}

/// How a weapon holds rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", from = "WorksRead")]
pub enum Works {
    /// A cylinder.
    Cylinder {
        /// Chambers, 1 to 12.
        positions: u8,
    },
    /// A chamber fed from a carrier.
    Magazine {
        /// What the usual carrier holds.
        capacity: u16,
    },
    /// Barrels loaded one by one.
    Barrels {
        /// How many, 1 to 12.
        positions: u8,
    },
    /// Nothing goes into it.
    None,
}

/// As read. Variants without fields have braces here: serde lets unknown members of a bare one pass.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum WorksRead {
    Cylinder { positions: u8 },
    Magazine { capacity: u16 },
    Barrels { positions: u8 },
    None {},
}

impl From<WorksRead> for Works {
    fn from(read: WorksRead) -> Self {
        match read {
            WorksRead::Cylinder { positions } => Self::Cylinder { positions },
            WorksRead::Magazine { capacity } => Self::Magazine { capacity },
            WorksRead::Barrels { positions } => Self::Barrels { positions },
            WorksRead::None {} => Self::None,
        }
    }
}

impl Works {
    /// Positions that a look sees one by one.
    pub const fn positions(self) -> usize {
        match self {
            Self::Cylinder { positions } | Self::Barrels { positions } => positions as usize,
            Self::Magazine { .. } => 1,
            Self::None => 0,
        }
    }
}

/// What lies in one position, as one person saw it. Positions bear no numbers: they follow one full turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", from = "SeenRead")]
pub enum Seen {
    /// Nothing.
    Empty,
    /// A dummy, by these features. Without a feature it is an unknown round.
    Dummy {
        /// What the person saw or heard.
        features: Vec<Feature>,
    },
    /// A blank of this load.
    Blank {
        /// The load.
        load: Load,
    },
    /// A fired case.
    Spent,
    /// A live round.
    Live,
    /// A round nobody can name: counts as live.
    Unknown,
    /// The person did not see this position.
    NotSeen,
}

/// As read; see [`WorksRead`].
#[derive(Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
enum SeenRead {
    Empty {},
    Dummy { features: Vec<Feature> },
    Blank { load: Load },
    Spent {},
    Live {},
    Unknown {},
    NotSeen {},
}

impl From<SeenRead> for Seen {
    fn from(read: SeenRead) -> Self {
        match read {
            SeenRead::Empty {} => Self::Empty,
            SeenRead::Dummy { features } => Self::Dummy { features },
            SeenRead::Blank { load } => Self::Blank { load },
            SeenRead::Spent {} => Self::Spent,
            SeenRead::Live {} => Self::Live,
            SeenRead::Unknown {} => Self::Unknown,
            SeenRead::NotSeen {} => Self::NotSeen,
        }
    }
}

/// When something happened, how the reporter knows, and how sure they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// When it happened, ms UTC; absent where not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_at: Option<crate::time::Millis>,
    /// How the reporter came to know.
    pub learnt: Learnt,
    /// How sure.
    pub sure: Sure,
}
