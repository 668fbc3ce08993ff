//! What the rules of a pack may read: counts and booleans that the domain makes from the record.
//! One flat list, all present for every gate, lengths in mm and times in ms, so that no rule can err.
//! Where the record says nothing, the value is the one that refuses more; it stands behind each fact.
//! Facts of a lot are those of the worst lot concerned, and are read only where `rounds` is above 0.

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
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:tt = $unknown:expr),+ $(,)?) => {
        /// Everything a rule may ask about one request and one weapon.
        ///
        /// [`Facts::default`] is what is known of nothing: each value is the one that refuses more. Whoever computes
        /// the facts starts there and fills in what the record says, so that a fact forgotten never opens a door.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Facts { $($(#[doc = $doc])+ pub $name: $kind),+ }

        impl Default for Facts {
            fn default() -> Self {
                Self { $($name: $unknown),+ }
            }
        }

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
    live_lots: i64 = 1,
    /// Live rounds found on the site and not yet taken away by the record.
    live_rounds_found: i64 = 1,
    /// Lots on the site whose rounds are not proven, so count as live. A lot in quarantine does not count.
    unproven_lots: i64 = 1,
    /// A sweep of this session was signed by two people.
    swept: bool = false,
    /// Places named in that sweep that it did not cover.
    sweep_places_missed: i64 = 1,
    /// Lots in quarantine.
    quarantined_lots: i64 = 1,
    // the weapon
    /// The weapon can fire something (a working or blank-firing weapon, gas), or nobody has shown that it cannot.
    /// Where a request names no weapon (a draw for nothing, `begin`, `resume`): any weapon of the action can, or if
    /// none is named, any weapon of the production that is not withdrawn.
    can_fire: bool = true,
    /// Two people proved its class.
    class_proven: bool = false,
    /// It is a working firearm (takes live rounds).
    working_firearm: bool = true,
    /// Someone inspected it at receipt and found it sound.
    inspected: bool = false,
    /// Its papers were matched at receipt.
    papers_matched: bool = false,
    /// Withdrawn for a fault and not returned to service.
    withdrawn: bool = true,
    /// A misfire of it or its lot with no cause recorded, or no new brief since.
    misfire_unexplained: bool = true,
    /// The shortest wait recorded after its last misfire, ms; a large number if there was none, or if the people
    /// concerned were briefed again after it.
    misfire_wait_ms: i64 = 0,
    /// The bore was seen clear by two people in this custody epoch.
    bore_seen: bool = false,
    /// The bore was seen clear since dummies were last in it, or none ever were; for a carrier, true.
    bore_seen_since_dummies: bool = false,
    /// The bore was proven with a rod or a light in this epoch.
    bore_by_rod_or_light: bool = false,
    // rounds in this request or in the weapon
    /// Rounds the request puts in, or that the weapon is said to hold.
    rounds: i64 = 1,
    /// Of these, blanks.
    blanks: i64 = 1,
    /// Of these, dummies.
    dummies: i64 = 1,
    /// Of these, from no received lot or seen as unknown.
    rounds_unknown: i64 = 1,
    /// The lot was received with a record.
    lot_received: bool = false,
    /// Every round of the lot was counted and proven, countersigned by a second person.
    lot_proven: bool = false,
    /// Rounds of the lot whose primer was not looked at.
    lot_primers_unchecked: i64 = 1,
    /// Inert features the lot declares.
    lot_features: i64 = 0,
    /// Dummies in the weapon for which fewer than two people named, since they went in, the feature or sound that
    /// shows them inert; a Reset or Line look does not undo what a Full look said. At `draw` and `load` 0: looks come after.
    dummies_untested: i64 = 1,
    /// A way to show that its dummies are inert is named.
    lot_test_named: bool = false,
    /// The lot came from a licensed maker or rental house.
    lot_licensed: bool = false,
    /// The lot names its maker's number.
    lot_numbered: bool = false,
    /// The lot was made on the production.
    lot_home_made: bool = true,
    /// The lot came loose, returned or relabelled.
    lot_loose: bool = true,
    /// The supplier declared class, features, count and origin in writing.
    lot_declared: bool = false,
    /// The lot is in quarantine.
    lot_quarantined: bool = true,
    /// The lot was recounted since the last break, or there was none. For `resume`: every lot that was out then was.
    lot_counted_since_break: bool = false,
    /// Rounds that the counts do not explain: of the lot, or of any lot where the request names none.
    rounds_unaccounted: i64 = 1,
    /// The lot and the weapon (or the carrier being filled) are of one calibre as recorded.
    calibre_matches: bool = false,
    /// A passed test-fire of this weapon with this lot is recorded; for a carrier, of any weapon of its calibre.
    test_fired: bool = false,
    /// Distance proven by that test-fire, mm; 0 if none.
    tested_distance_mm: i64 = i64::MAX,
    /// Time since the weapon was loaded, ms; 0 if it is not.
    load_age_ms: i64 = i64::MAX,
    /// The one who loads is a qualified handler, or one supervises.
    loader_qualified: bool = false,
    // custody
    /// The weapon has one custodian who is a qualified handler, or a taker named in its issue, or is locked away.
    custodian_qualified: bool = false,
    /// The signer is a qualified handler on duty.
    signer_is_handler: bool = false,
    /// A qualified handler is on duty in this session.
    handler_on_duty: bool = false,
    /// Duties beside the handler's that the weapon's handler holds.
    handler_other_duties: i64 = 1,
    /// Open issues of that handler.
    handler_open_issues: i64 = 0,
    /// The person receiving it is named in its issue.
    taker_named: bool = false,
    /// The person receiving it is a performer, double or stand-in.
    taker_performs: bool = false,
    /// A handler recorded the taker as trained and competent with it.
    taker_trained: bool = false,
    /// A handler's request for training of the taker is open or was refused.
    training_request_open: bool = true,
    /// The weapon was reported handled outside the protocol and not looked at whole since.
    off_the_record: bool = true,
    // looks and calls
    /// Different people whose looks of this epoch agree.
    looks_agreeing: i64 = 0,
    /// Of these, people who are not takers named in its issue.
    looks_not_by_takers: i64 = 0,
    /// Positions of the weapon, or 1.
    positions: i64 = 1,
    /// The fewest positions one of the two looks saw.
    positions_seen: i64 = 0,
    /// Carriers issued with it that have no check.
    carriers_unchecked: i64 = 1,
    /// Time since the later of the two looks, ms.
    check_age_ms: i64 = i64::MAX,
    /// The first AD looked, as second or at a showing of this issue.
    shown_to_first_ad: bool = false,
    /// People who looked into it in this issue, as second or at a showing, the handler left out.
    shown_to: i64 = 0,
    /// Showings asked for and not given.
    showings_unanswered: i64 = 1,
    /// The handler entered, at this hand-over, that it is at rest: uncocked, catch on.
    at_rest: bool = false,
    /// The performer was offered to be shown it in this issue.
    performer_offered: bool = false,
    /// The signer may make the call.
    caller_authorised: bool = false,
    /// The signer loaded it.
    caller_loaded: bool = true,
    /// A hot call stands for this load.
    hot_called: bool = false,
    // plan and place
    /// The action has a shot plan for it.
    planned: bool = false,
    /// It is a rehearsal, line-up or training.
    rehearsal: bool = true,
    /// The plan says that it must fire.
    must_fire: bool = false,
    /// The plan says why it must be a real one.
    real_reason_given: bool = false,
    /// The planned line crosses a person, or nobody answered.
    line_crosses_person: bool = true,
    /// A handler and the first AD both signed that the line could not be avoided.
    line_consulted: bool = false,
    /// It points toward the camera.
    toward_camera: bool = true,
    /// A shield stands there, or the camera is remote.
    shielded: bool = false,
    /// Planned distance muzzle to nearest person, mm; 0 if none was given.
    distance_mm: i64 = 0,
    /// A closer distance was signed by the handler with protection named.
    distance_agreed: bool = false,
    /// Shots planned.
    shots_planned: i64 = 0,
    /// The zone was called clear since people last entered it.
    zone_clear: bool = false,
    // people
    /// A safety meeting of this session for this action ended.
    meeting_held: bool = false,
    /// It had a walk-through or dry run.
    walk_through: bool = false,
    /// Of the five topics (action, deviations, abort, emergency, chain of command), those not covered.
    topics_missing: i64 = 1,
    /// People expected in the action with no attendance and no late brief.
    people_unbriefed: i64 = 1,
    /// The plan, weapon, place or crew changed since the meeting.
    changed_since_meeting: bool = true,
    /// The leader of the meeting also kept its minutes.
    minutes_by_leader: bool = true,
    /// The firearms bulletin went out with the call sheet.
    bulletin_out: bool = false,
    /// Concerns were asked for at the meeting.
    concerns_asked: bool = false,
    /// Concerns about weapons with no answer.
    concerns_open: i64 = 1,
    /// Of these, past their limit.
    concerns_overdue: i64 = 1,
    // papers that hold now, of the production, the action, the weapon or the people concerned
    /// A risk assessment of the production or the action was shown.
    risk_assessed: bool = false,
    /// A plan of the action is newer than its newest assessment, or there is none.
    changed_since_assessment: bool = true,
    /// A qualified handler endorsed the newest assessment.
    assessment_endorsed: bool = false,
    /// A permit for the use of weapons at the place was shown.
    place_permit: bool = false,
    /// The police were told.
    police_told: bool = false,
    /// The police or a control room were told of this session.
    day_told: bool = false,
    /// Neighbours and passers-by were told.
    neighbours_told: bool = false,
    /// Proof of insurance was shown.
    insured: bool = false,
    /// The emergency plan was shown.
    emergency_plan: bool = false,
    /// Somebody on duty is the medic.
    medic_on_duty: bool = false,
    /// Protection for ears and eyes was given out in this session.
    protection_given: bool = false,
    /// A certificate says that the weapon was altered and takes no live round.
    alteration_certified: bool = false,
    /// The handler's licence for this place was shown.
    handler_licensed: bool = false,
    /// The handler took the safety course.
    handler_course: bool = false,
    /// Production looked into the handler's licence, training and past work.
    handler_vetted: bool = false,
    /// Everybody who is to take it took the safety course.
    taker_course: bool = false,
    /// Everybody who is to take it declared that they may handle a firearm.
    taker_eligible: bool = false,
    /// People expected who did not declare that they bring no weapon and no round.
    people_undeclared: i64 = 1,
    /// People expected who are under age.
    under_age: i64 = 1,
    /// The studio teacher decided that they may be there.
    teacher_decided: bool = false,
    /// A contact for questions and complaints about weapons is named.
    contact_named: bool = false,
    /// A safety adviser is on duty.
    adviser_on_duty: bool = false,
    /// Duties beside that one that the adviser with the fewest holds.
    adviser_other_duties: i64 = 1,
    /// Rest of the handler before this day, ms; 0 if the call or the wrap before it was not entered.
    handler_rest_ms: i64 = 0,
    /// How long the handler has been at work today, ms.
    handler_on_clock_ms: i64 = i64::MAX,
    /// Hours of the handler in the last seven days, ms.
    handler_week_ms: i64 = i64::MAX,
    /// Shortest rest of those who are to take it, ms; 0 if nobody is named or it was not entered.
    taker_rest_ms: i64 = 0,
    /// A week over the hours agreed was assessed for itself.
    long_week_assessed: bool = false,
    // stops and events
    /// Stops held, the record's own included.
    stops_open: i64 = 1,
    /// Unexpected events not released.
    events_open: i64 = 1,
    /// Since the last stop or event, a look and a meeting came after it ended; true if there was none.
    rechecked_since_stop: bool = false,
    /// The handler of the weapon is present by a touch within the sight limit.
    handler_present: bool = false,
    /// Weapons that can fire, handed out before the break or for an earlier action, not collected and cleared.
    weapons_uncollected: i64 = 1,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_can_be_set_by_its_name_and_read_back() {
        let mut facts = Facts::default();
        for (index, (name, kind, meaning)) in Facts::FIELDS.iter().enumerate() {
            assert!(!meaning.is_empty(), "{name} has no meaning");
            let value = match kind {
                FactType::Bool => FactValue::Bool(index % 2 == 0),
                FactType::Long => FactValue::Long(i64::try_from(index).unwrap_or_default()),
            };
            assert!(facts.set(name, value));
            assert!(
                facts
                    .values()
                    .any(|(other, read)| other == *name && read == value)
            );
        }
        assert!(!facts.set("no_such_fact", FactValue::Bool(true)));
    }

    #[test]
    fn a_fact_of_another_type_is_not_taken() {
        let mut facts = Facts::default();
        assert!(!facts.set("can_fire", FactValue::Long(0)));
        assert!(!facts.set("rounds", FactValue::Bool(false)));
        assert_eq!(facts, Facts::default());
    }
}
