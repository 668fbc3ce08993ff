//! What the rules of a pack may read: counts and booleans that the domain makes from the record.
//! One flat list, all present for every gate, lengths in mm and times in ms, so that no rule can err.
//! Where the record says nothing, the value is the one that refuses more.

/// The type of a fact in a pack's schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactType {
    /// Cedar `Bool`.
    Bool,
    /// Cedar `Long`.
    Long,
}

/// One value handed to the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactValue {
    /// Yes or no.
    Bool(bool),
    /// A count, a length in mm or a time in ms.
    Long(i64),
}

macro_rules! fact_type {
    (bool) => {
        FactType::Bool
    };
    (i64) => {
        FactType::Long
    };
}
macro_rules! fact_value {
    ($v:expr, bool) => {
        FactValue::Bool($v)
    };
    ($v:expr, i64) => {
        FactValue::Long($v)
    };
}

macro_rules! facts {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:tt),+ $(,)?) => {
        /// Everything a rule may ask about one request and one weapon.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[expect(clippy::struct_excessive_bools, reason = "each is one yes-or-no question that a rule asks")]
        pub struct Facts { $($(#[doc = $doc])+ pub $name: $kind),+ }

        impl Facts {
            /// Name, type and meaning of every fact, in order.
            pub const FIELDS: &'static [(&'static str, FactType, &'static str)] =
                &[$((stringify!($name), fact_type!($kind), concat!($($doc),+))),+];

            /// Every fact with its value, in the order of [`Facts::FIELDS`].
            pub fn values(&self) -> impl Iterator<Item = (&'static str, FactValue)> {
                [$((stringify!($name), fact_value!(self.$name, $kind))),+].into_iter()
            }

            /// Sets one fact by name; false if there is no such fact or the type differs. For the tests of packs.
            pub fn set(&mut self, name: &str, value: FactValue) -> bool {
                match name {
                    $(stringify!($name) => <$kind as Settable>::set(&mut self.$name, value),)+
                    _ => false,
                }
            }
        }
    };
}

trait Settable {
    fn set(&mut self, value: FactValue) -> bool;
}
impl Settable for bool {
    fn set(&mut self, value: FactValue) -> bool {
        match value {
            FactValue::Bool(new) => {
                *self = new;
                true
            }
            FactValue::Long(_) => false,
        }
    }
}
impl Settable for i64 {
    fn set(&mut self, value: FactValue) -> bool {
        match value {
            FactValue::Long(new) => {
                *self = new;
                true
            }
            FactValue::Bool(_) => false,
        }
    }
}

facts! {
    // the site and its ammunition
    /// Lots recorded as live on the site.
    live_lots: i64,
    /// Live rounds found on the site and not yet taken away by the record.
    live_rounds_found: i64,
    /// Lots on the site whose rounds are not proven, so count as live.
    unproven_lots: i64,
    /// A sweep of this session was signed by two people.
    swept: bool,
    /// Places named in that sweep that it did not cover.
    sweep_places_missed: i64,
    /// Lots in quarantine.
    quarantined_lots: i64,
    // the weapon
    /// The weapon can fire something (a working or blank-firing weapon), or nobody has shown that it cannot.
    can_fire: bool,
    /// Two people proved its class.
    class_proven: bool,
    /// It is a working firearm (takes live rounds).
    working_firearm: bool,
    /// Someone inspected it at receipt and found it sound.
    inspected: bool,
    /// Its papers were matched at receipt.
    papers_matched: bool,
    /// Withdrawn for a fault and not returned to service.
    withdrawn: bool,
    /// A misfire of it or its lot with no cause recorded, or no new brief since.
    misfire_unexplained: bool,
    /// The shortest wait recorded after its last misfire, ms; a large number if there was none.
    misfire_wait_ms: i64,
    /// The bore was seen clear by two people in this custody epoch.
    bore_seen: bool,
    /// The bore was seen clear since dummies were last in it, or none ever were.
    bore_seen_since_dummies: bool,
    /// The bore was proven with a rod or a light in this epoch.
    bore_by_rod_or_light: bool,
    // rounds in this request or in the weapon
    /// Rounds the request puts in, or that the weapon is said to hold.
    rounds: i64,
    /// Of these, blanks.
    blanks: i64,
    /// Of these, dummies.
    dummies: i64,
    /// Of these, from no received lot or seen as unknown.
    rounds_unknown: i64,
    /// The lot was received with a record.
    lot_received: bool,
    /// Every round of the lot was counted and proven, countersigned by a second person.
    lot_proven: bool,
    /// Rounds of the lot whose primer was not looked at.
    lot_primers_unchecked: i64,
    /// Inert features the lot declares.
    lot_features: i64,
    /// A way to show that its dummies are inert is named.
    lot_test_named: bool,
    /// The lot came from a licensed maker or rental house.
    lot_licensed: bool,
    /// The lot names its maker's number.
    lot_numbered: bool,
    /// The lot was made on the production.
    lot_home_made: bool,
    /// The lot came loose, returned or relabelled.
    lot_loose: bool,
    /// The supplier declared class, features, count and origin in writing.
    lot_declared: bool,
    /// The lot is in quarantine.
    lot_quarantined: bool,
    /// The lot was recounted since the last break, or there was none.
    lot_counted_since_break: bool,
    /// Rounds of the lot that the counts do not explain.
    rounds_unaccounted: i64,
    /// The lot and the weapon are of one calibre as recorded.
    calibre_matches: bool,
    /// A passed test-fire of this weapon with this lot is recorded.
    test_fired: bool,
    /// Distance proven by that test-fire, mm; 0 if none.
    tested_distance_mm: i64,
    /// Time since the weapon was loaded, ms; 0 if it is not.
    load_age_ms: i64,
    /// The one who loads is a qualified handler, or one supervises.
    loader_qualified: bool,
    // custody
    /// The weapon has one custodian who is a qualified handler, or a taker named in its issue, or is locked away.
    custodian_qualified: bool,
    /// The signer is a qualified handler on duty.
    signer_is_handler: bool,
    /// A qualified handler is on duty in this session.
    handler_on_duty: bool,
    /// Duties beside the handler's that the weapon's handler holds.
    handler_other_duties: i64,
    /// Open issues of that handler.
    handler_open_issues: i64,
    /// The person receiving it is named in its issue.
    taker_named: bool,
    /// The person receiving it is a performer, double or stand-in.
    taker_performs: bool,
    /// A handler recorded the taker as trained and competent with it.
    taker_trained: bool,
    /// A handler's request for training of the taker is open or was refused.
    training_request_open: bool,
    /// The weapon was reported handled outside the protocol and not looked at whole since.
    off_the_record: bool,
    // looks and calls
    /// Different people whose looks of this epoch agree.
    looks_agreeing: i64,
    /// Positions of the weapon, or 1.
    positions: i64,
    /// The fewest positions one of the two looks saw.
    positions_seen: i64,
    /// Carriers issued with it that have no check.
    carriers_unchecked: i64,
    /// Time since the later of the two looks, ms.
    check_age_ms: i64,
    /// The first AD looked, as second or at a showing of this issue.
    shown_to_first_ad: bool,
    /// People who were shown it in this issue and looked.
    shown_to: i64,
    /// Showings asked for and not given.
    showings_unanswered: i64,
    /// The performer was offered to be shown it in this issue.
    performer_offered: bool,
    /// The signer may make the call.
    caller_authorised: bool,
    /// The signer loaded it.
    caller_loaded: bool,
    /// A hot call stands for this load.
    hot_called: bool,
    // plan and place
    /// The action has a shot plan for it.
    planned: bool,
    /// It is a rehearsal, line-up or training.
    rehearsal: bool,
    /// The plan says that it must fire.
    must_fire: bool,
    /// The plan says why it must be a real one.
    real_reason_given: bool,
    /// The planned line crosses a person, or nobody answered.
    line_crosses_person: bool,
    /// A handler and the first AD both signed that the line could not be avoided.
    line_consulted: bool,
    /// It points toward the camera.
    toward_camera: bool,
    /// A shield stands there, or the camera is remote.
    shielded: bool,
    /// Planned distance muzzle to nearest person, mm; 0 if none was given.
    distance_mm: i64,
    /// A closer distance was signed by the handler with protection named.
    distance_agreed: bool,
    /// Shots planned.
    shots_planned: i64,
    /// The zone was called clear since people last entered it.
    zone_clear: bool,
    // people
    /// A safety meeting of this session for this action ended.
    meeting_held: bool,
    /// It had a walk-through or dry run.
    walk_through: bool,
    /// Of the five topics (action, deviations, abort, emergency, chain of command), those not covered.
    topics_missing: i64,
    /// People expected in the action with no attendance and no late brief.
    people_unbriefed: i64,
    /// The plan, weapon, place or crew changed since the meeting.
    changed_since_meeting: bool,
    /// The leader of the meeting also kept its minutes.
    minutes_by_leader: bool,
    /// The firearms bulletin went out with the call sheet.
    bulletin_out: bool,
    /// Concerns were asked for at the meeting.
    concerns_asked: bool,
    /// Concerns about weapons with no answer.
    concerns_open: i64,
    /// Of these, past their limit.
    concerns_overdue: i64,
    // stops and events
    /// Stops held.
    stops_open: i64,
    /// Unexpected events not released.
    events_open: i64,
    /// Since the last stop or event, a look and a meeting came after it ended; true if there was none.
    rechecked_since_stop: bool,
    /// The handler of the weapon is present by a touch within the sight limit.
    handler_present: bool,
    /// Weapons of the action not collected and cleared.
    weapons_uncollected: i64,
}
