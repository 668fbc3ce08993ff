//! Why the record says no. Each refusal has a code that is never reused, a sentence, its source, who must act and what
//! would cure it. These hold whatever the packs say.

use crate::outcome::{Force, Reason};
use alloc::{format, string::String};

macro_rules! refusals {
    ($($(#[doc = $doc:literal])+ $name:ident $({ $($(#[$fdoc:meta])* $field:ident: $ftype:ty),+ })? =
        $code:literal, $says:literal, $source:literal, $clause:literal, $force:ident, $who:literal, $cure:literal;)+) => {
        /// An obstacle to a request.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum Refusal { $($(#[doc = $doc])+ #[error($says)] $name $({ $($(#[$fdoc])* $field: $ftype),+ })?),+ }

        impl Refusal {
            /// Every code, in order.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// As it stands in an entry.
            pub fn reason(&self) -> Reason {
                let (code, source, clause, force, who, cure) = match self {
                    $(Self::$name { .. } => ($code, $source, $clause, Force::$force, $who, $cure)),+
                };
                Reason {
                    code: code.into(),
                    says: format!("{self}"),
                    source: source.into(),
                    clause: clause.into(),
                    force,
                    who: who.into(),
                    cure: cure.into(),
                }
            }
        }
    };
}

refusals! {
    // people and the record
    /// A late request asks leave for what is over.
    Late = "RE-0001", "it was signed more than two minutes ago, or on a record older than that",
        "Coldproof", "design 2", Record, "the signer", "ask again with the device connected";
    /// The key was revoked.
    KeyRevoked = "RE-0002", "the key it was signed with is revoked",
        "Coldproof", "design 2", Record, "administrator", "enrol a new key";
    /// The log is not open.
    NotOpen = "RE-0003", "the record has not been opened",
        "Coldproof", "design 8", Record, "administrator", "start the node with a production";
    /// No body is named.
    NothingNamed = "RE-0004", "no statement is named whose body is to go",
        "Coldproof", "design 2", Record, "the signer", "name them";
    /// No law, order or request is named.
    NoBasis = "RE-0005", "nobody said by which law, order or request",
        "Coldproof", "design 2", Record, "the signer", "say by which";
    /// The record is preserved.
    Preserved = "RE-0006", "the record is preserved, so nothing is erased",
        "INC-07; NM-TRIAL", "no one unloads, cleans, moves or discards [finding]", Finding, "an administrator and a second person", "end the preserving first, two people, when who ordered it agrees";
    /// Not a sealed body.
    NotErasable = "RE-0007", "a body named is not sealed, or not in the record",
        "Coldproof", "design 1.8", Record, "the signer", "name sealed bodies alone: everything else is kept";
    /// Belongs to an incident.
    OfIncident = "RE-0008", "a body named belongs to an incident, and these are never erased",
        "INC-07; NM-TRIAL", "no one unloads, cleans, moves or discards [finding]", Finding, "nobody", "leave it out of a copy, with the reason, where the law asks for that";
    /// Kept too short.
    TooYoung = "RE-0009", "a body named has not been kept as long as the packs ask",
        "INC-02; US-1904", "kept five years [law]", Record, "the signer", "ask again when its time is over";
    /// Nothing to end.
    NotPreserved = "RE-0010", "the record is not preserved under that statement",
        "Coldproof", "design 1.8", Record, "nobody", "nothing to do";
    /// The event is open.
    EventStillOpen = "RE-0011", "the event that it is preserved for is not released",
        "MIS-04; NM-OHSB", "root cause and correction [finding]", Finding, "armorer, and someone outside the chain", "explain and release the event first";
    /// Nobody outside.
    NoneOutside = "CO-0001", "nobody outside the studio would have to cosign",
        "Coldproof", "design 8", Record, "an administrator", "name a union, an insurer, a regulator or a public cosigner";
    /// The numbers do not fit.
    QuorumDoesNotFit = "CO-0002", "more must cosign than are named, or a name stands twice",
        "Coldproof", "design 8", Record, "an administrator", "ask for no more than there are";
    /// Asks for what only some duties may ask.
    NotYourDuty { #[doc = "Whose duty it is."] whose: &'static str } = "PE-0001", "only {whose} may ask for this",
        "Coldproof", "design 4", Record, "someone with that duty", "let them ask";
    /// The invitation is unknown, used or over.
    NoInvitation = "PE-0002", "the link is unknown, was used, or has run out",
        "Coldproof", "design 8", Record, "administrator", "make a new link";
    /// The secret does not open the invitation.
    WrongToken = "PE-0003", "the secret does not fit the link",
        "Coldproof", "design 8", Record, "administrator", "make a new link";
    /// The key is enrolled already, or is not the one that signed.
    KeyTaken = "PE-0004", "this key is enrolled already, or did not sign the request",
        "Coldproof", "design 8", Record, "the signer", "make a new key on the device";
    /// No such person.
    NoPerson = "PE-0005", "a person named is not enrolled",
        "Coldproof", "design 3", Record, "administrator", "enrol them";
    /// Base must be among the packs.
    NoBasePack = "PA-0001", "the pack `base` must be among the packs",
        "Coldproof", "design 5", Record, "administrator", "adopt `base` with the others";

    // weapons and custody
    /// No receiving record.
    Unreceived = "WE-0001", "it was never received, so it has no status",
        "CUS-01", "everything issued has a receiving record [record]", Record, "armorer", "receive it: serial, class, condition";
    /// Withdrawn.
    Grounded = "WE-0002", "it is withdrawn",
        "MIS-02; HOME-STEM", "only qualified people repair [guideline]", Guideline, "armorer and a second person", "return it to service, two people";
    /// On HOLD.
    OnHold = "WE-0003", "it is on HOLD",
        "LIV-05; NM-PROBE", "a round whose nature cannot be shown is treated as live [finding]", Finding, "armorer and a second person, one of them new", "repeat both looks whole, then end the HOLD";
    /// The history cannot have happened.
    Inconsistent = "WE-0004", "its history contradicts itself",
        "CUS-01", "one custodian at every instant [law]", Record, "armorer", "lock it away and start again";
    /// Class not shown.
    ClassNotProven = "WE-0005", "nobody has shown that it cannot fire",
        "REP-02; NM-TRIAL", "class is proven, never assumed from looks [finding]", Finding, "armorer and a second person", "show its class once, countersigned";
    /// Already out.
    AlreadyOut { #[doc = "Who has it."] holder: String } = "CU-0001", "it is already out, with `{holder}`",
        "CUS-01; CA-LC", "9153(a)(1): one custodian [law in California]", Record, "its custodian", "collect it or lock it away first" ;
    /// Not in that person's hands.
    NotTheHolder = "CU-0002", "the one who asks does not have it in hand",
        "CUS-01; CA-LC", "9153(a)(1): one custodian [law in California]", Record, "the handler", "collect it first";
    /// No issue.
    NoIssue = "CU-0003", "it is not issued for an action",
        "CUS-01", "issue names takers and action [record]", Record, "armorer", "take it out for the action";
    /// Not among the takers.
    TakerNotNamed { #[doc = "Who would take it."] taker: String } = "CU-0004", "`{taker}` is not named in its issue",
        "CUS-02; CA-LC", "9153(a)(2) [law in California]", Record, "armorer", "name the taker in the issue";
    /// Out of sight.
    OutOfSight = "CU-0005", "it was out of sight",
        "CUS-05; CSATF-SB1", "never lose sight of the gun [practice]", Practice, "armorer", "collect it and check it whole";
    /// Off the record.
    OffTheRecord = "CU-0006", "it was handled outside the protocol",
        "CUS-04; NM-OHSB", "passed without the specialist [finding]", Finding, "armorer", "collect it and check it whole";
    /// The store is not known.
    NoStore = "CU-0007", "the store is not named in the record",
        "STO-01", "locked away in a named place [guideline]", Guideline, "armorer", "name the store";

    // looks and calls
    /// Two looks are not in.
    NotTwoLooks { #[doc = "How many are in: 0 or 1."] looks: u8, #[doc = "Why nothing is known."] why: String } = "CH-0001", "{looks} of two looks are in: {why}",
        "CHK-05; NM-OHSB", "the one who loads and the one who verifies are different people [finding]", Finding, "armorer and a second person", "a Full check, both look alone";
    /// Not every position was seen.
    PositionsUnseen { #[doc = "Not seen."] unseen: u8, #[doc = "Of how many."] of: u8 } = "CH-0002", "{unseen} of {of} positions have no second look",
        "CHK-04; NM-PROBE", "a partial look is no check [finding]", Finding, "armorer and a second person", "a Full check with one full turn";
    /// Something in it can fire.
    NotCold = "CH-0003", "two people saw rounds in it that are not dummies",
        "CHK-09; NM-PROBE", "cold only after the full check [finding]", Finding, "armorer", "clear it, or call it hot";
    /// No blanks in it.
    NotHot = "CH-0004", "two people did not see blanks in it, or not that load and number",
        "BLK-09; ON-G39", "load and number are announced [guideline]", Guideline, "armorer", "load and check it, announce what was seen";
    /// The lease would end before the action.
    TooShort = "CH-0005", "the check would run out before the planned end of the action",
        "CHK-10; ASC-BROWN", "a declaration lapses with time [practice]", Practice, "armorer and a second person", "a fresh check just before the action";
    /// Neither COLD nor HOT.
    NoLease = "CH-0006", "neither COLD nor HOT stands for it",
        "CHK-09; NM-PROBE", "cold only after the full check [finding]", Finding, "the caller", "check it, then call it";
    /// Another action is on.
    NotOnNow = "CH-0007", "its action is not on now",
        "CHK-10; ASC-BROWN", "lapses on scene or set-up change [practice]", Practice, "first AD", "put the action on";
    /// Nothing goes into it.
    NothingToCall = "CH-0008", "it cannot fire, so there is nothing to call",
        "REP-01", "class call instead [guideline]", Guideline, "nobody", "announce its class";
    /// Too many weapons at once.
    TooMany = "CH-0009", "more than twelve weapons in one line",
        "Coldproof", "design 1.12", Record, "armorer", "split the line";

    // ammunition
    /// No receiving record.
    LotUnreceived = "AM-0001", "the lot was never received, so its rounds count as live",
        "LIV-05; NM-PROBE", "unknown is live [finding]", Finding, "armorer", "receive, count and prove the lot";
    /// In quarantine.
    LotQuarantined = "AM-0002", "the lot is in quarantine",
        "LIV-05; NM-PROBE", "no round of it until two people release it [finding]", Finding, "armorer and a second person", "prove every round, then release it";
    /// Not proven.
    LotNotProven = "AM-0003", "not every round of the lot was proven by two people",
        "DUM-02; NM-TRIAL", "each dummy is proven [practice]", Practice, "armorer and a second person", "prove the lot one by one, countersigned";
    /// Fewer there than asked for. How many is not said: it would tell what somebody loaded before the second has looked.
    TooFewRounds = "AM-0004", "the record does not have that many rounds of this lot to give",
        "BLK-10; SKSAR", "counts balance [standard]", Record, "armorer", "count the lot";
    /// The map does not hold the rounds named.
    MapDiffers = "AM-0005", "the map does not show the rounds that went in",
        "CHK-04; NM-PROBE", "a mark per position [finding]", Finding, "the loader", "enter the whole map after loading";
    /// Live rounds are never loaded.
    LiveLot = "AM-0006", "the lot is live or unknown",
        "LIV-01; CSATF-SB1", "no live cartridge anywhere on the production [guideline]", Guideline, "everybody", "take it off the site";
    /// The carrier is unknown or not sealed.
    CarrierUnknown = "AM-0007", "the carrier is unknown, open, or was not filled before a witness",
        "CHK-11; NM-PROBE", "everything that holds a round is inspected [finding]", Finding, "armorer and a second person", "empty it, fill it before a witness, seal it";
    /// An unproven lot has no fresh proof since its quarantine.
    NoProofSince = "AM-0008", "no proof of every round since the quarantine",
        "LIV-05; NM-PROBE", "released by two qualified people [finding]", Finding, "armorer and a second person", "prove the lot again";

    // session and action
    /// No session.
    NoSession = "SE-0001", "no session is open",
        "Coldproof", "design 2", Record, "armorer or first AD", "open the session";
    /// A session is open.
    SessionOpen = "SE-0002", "a session is open already",
        "Coldproof", "design 2", Record, "armorer or first AD", "close it first";
    /// Weapons are out.
    WeaponsOut { #[doc = "How many."] out: u32 } = "SE-0003", "{out} weapons or open racks are not locked away",
        "STO-07; SKSAR", "all issued items are back [standard]", Guideline, "armorer", "collect, clear and lock away";
    /// Ammunition is in the open.
    AmmunitionOut { #[doc = "How many lots."] lots: u32 } = "SE-0004", "{lots} lots of ammunition are not locked away",
        "STO-04; NM-PROBE", "at any break guns and ammunition go back to lock-up [finding]", Finding, "armorer", "count it and lock it away";
    /// No such action.
    NoAction = "SE-0005", "the action is not planned",
        "Coldproof", "design 2", Record, "first AD", "plan the action";
    /// A break is on.
    OnBreak = "SE-0006", "a break is on",
        "STO-04; NM-PROBE", "start again from full inspection after a break [finding]", Finding, "first AD", "resume first";
    /// No break is on.
    NoBreak = "SE-0007", "no break is on",
        "Coldproof", "design 4", Record, "first AD", "nothing to do";
    /// Not all weapons of the action stand.
    WeaponsNotReady { #[doc = "How many."] weapons: u32 } = "SE-0008", "{weapons} weapons of the action are neither COLD, HOT nor unable to fire",
        "CHK-01; CSATF-SB1", "no rehearsal or take starts without a passed check [guideline]", Guideline, "armorer", "check and call each, or take it out of the action";
    /// Things not received or not enough of them.
    BatchShort { #[doc = "Pieces there."] there: u32 } = "BA-0001", "the record has {there} pieces of this rack to give",
        "REP-01", "same register and care [guideline]", Record, "armorer", "count the rack";
    /// No such rack.
    NoBatch = "BA-0002", "the rack was never received",
        "REP-01", "same register and care [guideline]", Record, "armorer", "receive the rack";

    // holds, stops, events
    /// Nothing to end.
    NoHold = "HO-0001", "no HOLD of this kind is on it",
        "Coldproof", "design 1.3", Record, "nobody", "nothing to do";
    /// Looks were not repeated.
    NotRepeated = "HO-0002", "both looks were not repeated whole since the HOLD began",
        "CHK-04; NM-PROBE", "a partial look is no check [finding]", Finding, "armorer and a second person", "repeat both looks whole";
    /// Nobody new looked.
    NobodyNew = "HO-0003", "neither of the two who looked is new",
        "Coldproof", "design 1.3", Record, "someone else", "let somebody new look";
    /// No sentence on what differed.
    NoSentence = "HO-0004", "nobody said what differed",
        "Coldproof", "design 1.3", Record, "the signer", "say what differed";
    /// A stop is held.
    Stopped { #[doc = "How many."] stops: u32 } = "ST-0001", "{stops} stops are held",
        "STP-03; CSATF-SB5", "anyone may call a stop [guideline]", Guideline, "who called them", "settle what stopped the work, then lift";
    /// No such stop.
    NoStop = "ST-0002", "no such stop is held",
        "Coldproof", "design 1.5", Record, "nobody", "nothing to do";
    /// Another's lock.
    NotYourStop = "ST-0003", "somebody else holds this stop",
        "STP-03; CSATF-SB5", "clearing requires reply to the caller [guideline]", Guideline, "who called it", "let them lift it, or lift it for them, two people of different departments";
    /// An authority's.
    AuthorityOnly = "ST-0004", "an authority ordered this stop and only it can end it",
        "Coldproof", "design 1.5", Record, "the authority", "ask the authority";
    /// The record's own.
    EventsLock = "ST-0005", "the record holds this stop for an unexpected event",
        "MIS-04; NM-OHSB", "work stops until investigated and corrected [finding]", Finding, "armorer, and someone outside the chain", "roll-call, count of rounds, cause and fix, meeting, release";
    /// Said nothing.
    NothingLookedAt = "ST-0006", "nobody said what was looked at",
        "Coldproof", "design 1.5", Record, "the signer", "say what was looked at";
    /// An event holds it.
    EventHolds = "EV-0001", "an unexpected event holds it, its like and its lot",
        "MIS-03; SKSAR", "no further issue until the cause is recorded [standard]", Guideline, "armorer, and someone outside the chain", "state cause and fix, countersigned from outside the chain, then a meeting";
    /// Events hold everything.
    EventsHoldAll = "EV-0002", "two unexpected events in a day or three in a week hold every weapon",
        "MIS-04; NM-OHSB", "earlier discharges brought no inquiry [finding]", Finding, "armorer, someone outside the chain, production", "explain each, release with production's countersign";
    /// No such event.
    NoEvent = "EV-0003", "no such event is open",
        "Coldproof", "design 4", Record, "nobody", "nothing to do";
    /// Not explained.
    NotExplained = "EV-0004", "cause and fix were not countersigned from outside the chain",
        "MIS-04; NM-OHSB", "root cause and correction [finding]", Finding, "armorer, and someone outside the chain", "state cause and fix, countersigned";
    /// No meeting since.
    NoMeetingSince = "EV-0005", "no meeting was held since cause and fix",
        "STP-04; NM-OHSB", "restart only after re-briefing [finding]", Finding, "first AD", "hold a meeting";
    /// People or rounds are not accounted for.
    NotAccounted = "EV-0006", "no roll-call, or not every lot that was out is counted",
        "STP-04; NM-OHSB", "restart only after re-inspection [finding]", Finding, "first AD and armorer", "say that all are well, count the rounds";
}
