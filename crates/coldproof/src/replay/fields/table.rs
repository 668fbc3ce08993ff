//! The table over the whole vocabulary.

use super::{Absent, Field, Lit, Sort, Thing};
use crate::replay::assume::Grant;
use domain::act::Kind;

mod record;

const fn field(name: &'static str, sort: Sort, absent: Absent) -> Field {
    Field { name, sort, absent }
}

use Absent::{If, Is, Leave, OwnName, Required, What, Worked};
use Lit::{Flag as F, Nothing as N, Text as T, Whole as W};
use Sort::{
    Account, Choice, Choices, Distance, Flag, Instant, Key, Length, Limits, Name, Names, Plain,
    Said, Sight, Sights, Whole, Words, WordsList, Works,
};

/// A hash that nobody knows.
const UNKNOWN: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const WORDS: Field = field("words", Words, What);
const ACCOUNT: Field = field("account", Account, Worked);

/// The fields of a kind, in the order of its body.
#[expect(
    clippy::too_many_lines,
    reason = "one table over the whole vocabulary; splitting it would hide a missing kind"
)]
pub const fn of(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::LogOpen => {
            const {
                &[
                    field("production", Words, OwnName),
                    field("unit", Words, Is(T("Main unit"))),
                    field("node_key", Key, Worked),
                    field("board_key", Key, Worked),
                    field("watermark", Words, Is(T(""))),
                ]
            }
        }
        Kind::NodeStarted => {
            const {
                &[
                    field("version", Words, Is(T("replay"))),
                    field("program", Key, Is(T(UNKNOWN))),
                    field("packs", WordsList, Is(N)),
                    field("limits", Limits, Worked),
                ]
            }
        }
        Kind::NodeClockJumped => const { &[field("by_ms", Length, Required)] },
        Kind::NodeDeadlineLapsed | Kind::Countersign => {
            const { &[field("of", Name(Thing::Statement), Required)] }
        }
        Kind::PacksAdopt => const { &[field("packs", WordsList, Worked)] },
        Kind::Correct | Kind::PreserveEnd => {
            const { &[field("of", Name(Thing::Statement), Required), WORDS] }
        }
        Kind::Invite => {
            const {
                &[
                    field("token", Name(Thing::Statement), Worked),
                    field("role", Words, OwnName),
                    field("department", Choice, Is(T("other"))),
                    field("duties", Choices, Is(N)),
                    field("for_person", Name(Thing::Person), Leave),
                    field("until", Instant, Worked),
                ]
            }
        }
        Kind::Enrol => {
            const {
                &[
                    field("invite", Name(Thing::Statement), Required),
                    field("token", Name(Thing::Statement), Worked),
                    field("key", Key, Worked),
                    field("means", Choice, Is(T("device"))),
                ]
            }
        }
        Kind::RevokeKey => const { &[field("key", Key, Required), WORDS] },
        Kind::DutyChange => {
            const {
                &[
                    field("person", Name(Thing::Person), Required),
                    field("duty", Choice, Required),
                    field("holds", Flag, Is(F(true))),
                ]
            }
        }
        Kind::Qualify => {
            const {
                &[
                    field("person", Name(Thing::Person), Required),
                    field("skill", Choice, Required),
                    field("until", Instant, Leave),
                    WORDS,
                ]
            }
        }
        Kind::Background => {
            const {
                &[
                    field("person", Name(Thing::Person), Required),
                    WORDS,
                    ACCOUNT,
                ]
            }
        }
        Kind::Train => {
            const {
                &[
                    field("person", Name(Thing::Person), Required),
                    field("weapon", Name(Thing::Weapon), Leave),
                    field("planned_min", Whole, Is(W(60))),
                    field("given_min", Whole, Is(W(60))),
                    field("competent", Flag, Is(F(true))),
                ]
            }
        }
        Kind::Ask => {
            const {
                &[
                    field("asked", Choice, Required),
                    field("about", Name(Thing::Person), Leave),
                    WORDS,
                ]
            }
        }
        Kind::AnswerAsk => {
            const {
                &[
                    field("ask", Name(Thing::Statement), Required),
                    field("reply", Choice, Required),
                    field("by", Name(Thing::Person), Leave),
                    WORDS,
                ]
            }
        }
        Kind::CrewChange => {
            const {
                &[
                    field("department", Choice, Is(T("other"))),
                    field("joined", Whole, Is(W(0))),
                    field("left", Whole, Is(W(0))),
                    WORDS,
                ]
            }
        }
        Kind::ReceiveWeapon => {
            const {
                &[
                    field("tag", Words, OwnName),
                    field("name", Words, OwnName),
                    field("class", Choice, Required),
                    field("works", Works, Worked),
                    field("calibre", Words, Is(T("not given"))),
                    field("serial", Words, OwnName),
                    field("family", Words, Is(T(""))),
                    field("from", Words, Is(T("not given"))),
                    field("inspected", Flag, If(Grant::Inspected, F(true), F(false))),
                    field("papers_matched", Flag, If(Grant::Papers, F(true), F(false))),
                ]
            }
        }
        Kind::ProveClass => {
            const {
                &[
                    field("thing", Name(Thing::WeaponOrBatch), Required),
                    field("class", Choice, Required),
                    WORDS,
                ]
            }
        }
        Kind::TestFire => {
            const {
                &[
                    field("weapon", Name(Thing::Weapon), Required),
                    field("lot", Name(Thing::Lot), Required),
                    field("distance_mm", Distance, Is(W(6_100))),
                    field("as_expected", Flag, Is(F(true))),
                    WORDS,
                ]
            }
        }
        Kind::Ground | Kind::ReturnToService => {
            const { &[field("weapon", Name(Thing::Weapon), Required), WORDS] }
        }
        Kind::AlterWeapon => {
            const {
                &[
                    field("weapon", Name(Thing::Weapon), Required),
                    field("part", Words, What),
                    field("done_by", Words, Is(T("not given"))),
                    field("certified", Flag, Is(F(false))),
                    field("vents", Words, Is(T(""))),
                ]
            }
        }
        Kind::MissingWeapon => {
            const {
                &[
                    field("weapon", Name(Thing::Weapon), Required),
                    field("place", Words, What),
                    ACCOUNT,
                ]
            }
        }
        Kind::TakeInventory => {
            const {
                &[
                    field("store", Name(Thing::Store), Required),
                    field("present", Names(Thing::Weapon), Is(N)),
                    field("surprise", Flag, Is(F(false))),
                ]
            }
        }
        Kind::ReceiveBatch => {
            const {
                &[
                    field("tag", Words, OwnName),
                    field("name", Words, OwnName),
                    field("class", Choice, Required),
                    field("pieces", Whole, Required),
                ]
            }
        }
        Kind::IssueBatch => {
            const {
                &[
                    field("batch", Name(Thing::Batch), Required),
                    field("pieces", Whole, Required),
                    field("action", Name(Thing::Action), Required),
                    field("to", Names(Thing::Person), Is(N)),
                ]
            }
        }
        Kind::ReturnBatch => {
            const {
                &[
                    field("batch", Name(Thing::Batch), Required),
                    field("pieces", Whole, Required),
                ]
            }
        }
        Kind::ReceiveLot => {
            const {
                &[
                    field("tag", Words, OwnName),
                    field("said", Said, Required),
                    field("count", Whole, Is(W(50))),
                    field("counted", Whole, Worked),
                    field("calibre", Words, Is(T("not given"))),
                    field("maker", Words, Is(T("not given"))),
                    field("number", Words, If(Grant::LotPapers, T("not given"), T(""))),
                    field(
                        "origin",
                        Choice,
                        If(Grant::LotPapers, T("licensed_maker"), T("unknown")),
                    ),
                    field(
                        "condition",
                        Choice,
                        If(Grant::LotPapers, T("sealed"), T("loose")),
                    ),
                    field("declared", Flag, If(Grant::LotPapers, F(true), F(false))),
                    field("place", Words, Is(T(""))),
                ]
            }
        }
        Kind::ProveLot => {
            const {
                &[
                    field("lot", Name(Thing::Lot), Required),
                    field("counted", Whole, Worked),
                    field("proven", Whole, Worked),
                    field("primers", Whole, Worked),
                ]
            }
        }
        Kind::QuarantineLot | Kind::ReleaseLot => {
            const { &[field("lot", Name(Thing::Lot), Required), WORDS] }
        }
        Kind::CountLot => {
            const {
                &[
                    field("lot", Name(Thing::Lot), Required),
                    field("counted", Whole, Worked),
                    field("secured", Flag, Is(F(true))),
                    field("moment", Choice, Is(T("other"))),
                ]
            }
        }
        Kind::DrawRounds => {
            const {
                &[
                    field("lot", Name(Thing::Lot), Required),
                    field("rounds", Whole, Required),
                ]
            }
        }
        Kind::ReconcileLot => {
            const {
                &[
                    field("lot", Name(Thing::Lot), Required),
                    field("fired", Whole, Is(W(0))),
                    field("returned", Whole, Is(W(0))),
                    field("misfired", Whole, Is(W(0))),
                ]
            }
        }
        Kind::FoundRound => {
            const {
                &[
                    field("live", Choice, Is(T("not_answered"))),
                    field("lot", Name(Thing::Lot), Leave),
                    field("calibre", Words, Is(T(""))),
                    field("place", Words, What),
                    ACCOUNT,
                ]
            }
        }
        Kind::Sweep => {
            const {
                &[
                    field("places", WordsList, Is(N)),
                    field("missed", WordsList, Is(N)),
                    field("found", Whole, Is(W(0))),
                ]
            }
        }
        Kind::ReceiveCarrier => {
            const {
                &[
                    field("tag", Words, OwnName),
                    field("holder", Choice, Required),
                    field("capacity", Whole, Required),
                    field("calibre", Words, Is(T("not given"))),
                    field("with_rounds", Flag, Is(F(false))),
                ]
            }
        }
        Kind::FillCarrier => {
            const {
                &[
                    field("carrier", Name(Thing::Carrier), Required),
                    field("lot", Name(Thing::Lot), Required),
                    field("rounds", Whole, Required),
                    field("seal", Words, Is(T("not given"))),
                ]
            }
        }
        Kind::OpenCarrier => {
            const {
                &[
                    field("carrier", Name(Thing::Carrier), Required),
                    field("empty", Flag, Is(F(false))),
                ]
            }
        }
        Kind::AddStore => {
            const {
                &[
                    field("name", Words, OwnName),
                    field("keys", Names(Thing::Person), Is(N)),
                ]
            }
        }
        Kind::StoreDoor => {
            const {
                &[
                    field("store", Name(Thing::Store), Required),
                    field("open", Flag, Required),
                    field("by", Name(Thing::Person), Leave),
                ]
            }
        }
        Kind::OpenSession => {
            const {
                &[
                    field("name", Words, OwnName),
                    field("occasion", Choice, Is(T("shoot"))),
                    field("place", Words, Is(T("not given"))),
                    field(
                        "bulletin_out",
                        Flag,
                        If(Grant::Bulletins, F(true), F(false)),
                    ),
                ]
            }
        }
        Kind::CloseSession | Kind::Resume => const { &[] },
        Kind::AddAction => {
            const {
                &[
                    field("name", Words, OwnName),
                    field("doing", Choice, Is(T("take"))),
                    field("place", Words, Is(T("not given"))),
                    field("people", Names(Thing::Person), Is(N)),
                ]
            }
        }
        Kind::SetPlan => {
            const {
                &[
                    field("action", Name(Thing::Action), Required),
                    field("weapon", Name(Thing::Weapon), Leave),
                    field(
                        "must_fire",
                        Choice,
                        If(Grant::Plans, T("no"), T("not_answered")),
                    ),
                    field(
                        "must_be_real",
                        Choice,
                        If(Grant::Plans, T("yes"), T("not_answered")),
                    ),
                    field(
                        "why_real",
                        Words,
                        If(Grant::Plans, T("not given in the source"), T("")),
                    ),
                    field(
                        "line_crosses_person",
                        Choice,
                        If(Grant::Plans, T("no"), T("not_answered")),
                    ),
                    field("line_agreed", Flag, Is(F(false))),
                    field(
                        "toward_camera",
                        Choice,
                        If(Grant::Plans, T("no"), T("not_answered")),
                    ),
                    field("shielded", Flag, Is(F(false))),
                    field("distance_mm", Distance, If(Grant::Plans, W(6_100), W(0))),
                    field("distance_agreed", Flag, Is(F(false))),
                    field("shots", Whole, Is(W(0))),
                ]
            }
        }
        Kind::DrawPlan => {
            const {
                &[
                    field("action", Name(Thing::Action), Required),
                    field("weapon", Name(Thing::Weapon), Required),
                    field("muzzle", Plain, Required),
                    field("towards", Plain, Required),
                    field("figures", Plain, Is(N)),
                    field("shields", Plain, Is(N)),
                ]
            }
        }
        Kind::NowOn | Kind::ZoneClear | Kind::Begin | Kind::AllWell => {
            const { &[field("action", Name(Thing::Action), Required)] }
        }
        Kind::AdoptPolicy => const { &[WORDS, field("enforced_by", Words, Is(T("")))] },
        Kind::EnterHours => {
            const {
                &[
                    field("person", Name(Thing::Person), Required),
                    field("called_at", Instant, Required),
                    field("wrapped_at", Instant, Leave),
                    field("forced", Flag, Is(F(false))),
                ]
            }
        }
        Kind::ShowPaper => {
            const {
                &[
                    field("paper", Choice, Required),
                    field("of", Name(Thing::Statement), Leave),
                    field("from", Words, Is(T(""))),
                    field("number", Words, Is(T(""))),
                    field("until", Instant, Leave),
                    WORDS,
                    field("file", Key, Leave),
                ]
            }
        }
        Kind::EndPaper => const { &[field("paper", Name(Thing::Statement), Required), WORDS] },
        Kind::Meeting => {
            const {
                &[
                    field("action", Name(Thing::Action), Leave),
                    field("led_by", Name(Thing::Person), Required),
                    field("minutes_by", Name(Thing::Person), Worked),
                    field("attended", Names(Thing::Person), Worked),
                    field("topics", Choices, Worked),
                    field("walk_through", Flag, If(Grant::Meetings, F(true), F(false))),
                    field(
                        "concerns_asked",
                        Flag,
                        If(Grant::Meetings, F(true), F(false)),
                    ),
                ]
            }
        }
        Kind::LateBrief => {
            const {
                &[
                    field("people", Names(Thing::Person), Is(N)),
                    field("others", Whole, Is(W(0))),
                ]
            }
        }
        Kind::TakeOut => {
            const {
                &[
                    field("weapons", Names(Thing::Weapon), Required),
                    field("carriers", Names(Thing::Carrier), Is(N)),
                    field("action", Name(Thing::Action), Required),
                    field("takers", Names(Thing::Person), Is(N)),
                ]
            }
        }
        Kind::Look => {
            const {
                &[
                    field("check", Choice, Is(T("full"))),
                    field("sight", Sight, Worked),
                    field("watcher", Name(Thing::Person), Leave),
                ]
            }
        }
        Kind::LoadWeapon => {
            const {
                &[
                    field("lot", Name(Thing::Lot), Required),
                    field("rounds", Whole, Required),
                    field("sight", Sight, Worked),
                    field("supervisor", Name(Thing::Person), Leave),
                ]
            }
        }
        Kind::LineLook => const { &[field("sights", Sights, Required)] },
        Kind::Show => {
            const {
                &[
                    field("weapon", Name(Thing::Weapon), Required),
                    field("to", Name(Thing::Person), Required),
                    field("answer", Choice, Is(T("looked"))),
                ]
            }
        }
        Kind::CallCold => {
            const {
                &[
                    field("weapons", Names(Thing::Weapon), Required),
                    field("lasts_ms", Length, Is(W(0))),
                ]
            }
        }
        Kind::CallHot => {
            const {
                &[
                    field("weapon", Name(Thing::Weapon), Required),
                    field("load", Choice, Is(T("full"))),
                    field("shots", Whole, Required),
                    field("lasts_ms", Length, Is(W(0))),
                ]
            }
        }
        Kind::HandOver => {
            const {
                &[
                    field("weapon", Name(Thing::Weapon), Required),
                    field("to", Name(Thing::Person), Required),
                    field(
                        "acknowledged",
                        Choice,
                        If(Grant::HandOvers, T("spoken"), T("countersign")),
                    ),
                    field("at_rest", Flag, If(Grant::HandOvers, F(true), F(false))),
                ]
            }
        }
        Kind::EyesOn => const { &[field("weapons", Names(Thing::Weapon), Is(N))] },
        Kind::OutOfSight => {
            const {
                &[
                    field("weapons", Names(Thing::Weapon), Is(N)),
                    field("lots", Names(Thing::Lot), Is(N)),
                    ACCOUNT,
                ]
            }
        }
        Kind::OffProtocol => {
            const {
                &[
                    field("weapon", Name(Thing::Weapon), Required),
                    field("now_with", Name(Thing::Person), Leave),
                    field("at_person", Choice, Is(T("not_answered"))),
                    WORDS,
                    ACCOUNT,
                ]
            }
        }
        Kind::Shots => {
            const {
                &[
                    field("weapon", Name(Thing::Weapon), Required),
                    field("fired", Whole, Required),
                    field("misfired", Whole, Is(W(0))),
                    field("waited_ms", Length, Is(W(0))),
                ]
            }
        }
        Kind::ZoneEntered => const { &[field("action", Name(Thing::Action), Required), WORDS] },
        Kind::Collect => const { &[field("weapon", Name(Thing::Weapon), Required)] },
        Kind::Clear => {
            const {
                &[
                    field("sight", Sight, Worked),
                    field("rounds", Whole, Worked),
                ]
            }
        }
        Kind::LockAway => {
            const {
                &[
                    field("weapons", Names(Thing::Weapon), Is(N)),
                    field("lots", Names(Thing::Lot), Is(N)),
                    field("store", Name(Thing::Store), Worked),
                ]
            }
        }
        Kind::EndHold => {
            const {
                &[
                    field("weapon", Name(Thing::Weapon), Required),
                    field("differed", Words, What),
                ]
            }
        }
        Kind::Break | Kind::Preserve => const { &[WORDS] },
        Kind::Stop => {
            const {
                &[
                    WORDS,
                    field("by_voice", Words, Is(T(""))),
                    field("someone", Flag, Is(F(false))),
                    field("authority", Words, Is(T(""))),
                ]
            }
        }
        Kind::Lift => const { &[field("stop", Name(Thing::Stop), Required), WORDS] },
        Kind::LiftForAnother => {
            const {
                &[
                    field("stop", Name(Thing::Stop), Required),
                    field("looked_at", Words, What),
                ]
            }
        }
        Kind::UnexpectedEvent => {
            const {
                &[
                    field("what", Choice, Required),
                    field("weapon", Name(Thing::Weapon), Leave),
                    field("lot", Name(Thing::Lot), Leave),
                    field("harm", Choice, Is(T("not_known"))),
                    WORDS,
                    ACCOUNT,
                ]
            }
        }
        Kind::ExplainEvent => {
            const {
                &[
                    field("event", Name(Thing::Event), Required),
                    field("cause", Words, What),
                    field("fix", Words, Is(T(""))),
                ]
            }
        }
        Kind::ReleaseEvent => const { &[field("event", Name(Thing::Event), Required)] },
        Kind::Freeze => {
            const {
                &[
                    field("event", Name(Thing::Event), Required),
                    field("places", WordsList, Required),
                ]
            }
        }
        Kind::Secured => {
            const {
                &[
                    field("event", Name(Thing::Event), Required),
                    field("place", Words, Required),
                    ACCOUNT,
                ]
            }
        }
        Kind::EvidenceTouched => {
            const {
                &[
                    field("event", Name(Thing::Event), Leave),
                    field("touched", Choice, Required),
                    field("weapon", Name(Thing::Weapon), Leave),
                    field("lot", Name(Thing::Lot), Leave),
                    field("to_make_safe", Flag, Is(F(false))),
                    WORDS,
                    ACCOUNT,
                ]
            }
        }
        Kind::Notice => {
            const {
                &[
                    field("to", Words, Required),
                    field("event", Name(Thing::Event), Leave),
                    WORDS,
                    ACCOUNT,
                ]
            }
        }
        Kind::TookOver => {
            const {
                &[
                    field("epoch", Whole, Is(W(1))),
                    field("size", Whole, Is(W(0))),
                    field("root", Key, Is(T(UNKNOWN))),
                    WORDS,
                ]
            }
        }
        Kind::Export
        | Kind::Erase
        | Kind::AdoptCosigners
        | Kind::GiveAccount
        | Kind::Attach
        | Kind::Details
        | Kind::SendAway
        | Kind::ReceiveSent
        | Kind::ConfirmSent => record::of(kind),
        Kind::Note => const { &[WORDS, ACCOUNT] },
        Kind::RaiseConcern => const { &[field("about_weapons", Flag, Is(F(true))), WORDS] },
        Kind::AnswerConcern => const { &[field("concern", Name(Thing::Concern), Required), WORDS] },
        Kind::WalkOff => {
            const {
                &[
                    field("department", Choice, Is(T("other"))),
                    field("people", Whole, Is(W(1))),
                    field("about_weapons", Flag, Is(F(true))),
                    WORDS,
                ]
            }
        }
    }
}
