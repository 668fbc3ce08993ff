//! The record itself, and what goes between logs.

use super::{
    Choice, F, Field, Flag, Is, Key, Kind, Leave, N, Name, Names, OwnName, Plain, Required, T,
    Thing, UNKNOWN, W, WORDS, What, Whole, Words, Worked, field,
};

/// The fields of these kinds, in the order of their bodies. The table of all kinds says which are here.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the table of all kinds names every kind"
)]
pub(super) const fn of(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Export => {
            const {
                &[
                    field("to", Words, Required),
                    field("size", Whole, Is(W(0))),
                    field("out", Plain, Is(N)),
                ]
            }
        }
        Kind::Erase => {
            const {
                &[
                    field("statements", Names(Thing::Statement), Required),
                    field("basis", Choice, Required),
                    WORDS,
                ]
            }
        }
        Kind::AdoptCosigners => {
            const {
                &[
                    field("cosigners", Plain, Is(N)),
                    field("quorum", Whole, Is(W(1))),
                    field("outside", Whole, Is(W(1))),
                ]
            }
        }
        Kind::GiveAccount => const { &[field("about", Names(Thing::Statement), Is(N)), WORDS] },
        Kind::Attach => {
            const {
                &[
                    field("sha256", Key, Is(T(UNKNOWN))),
                    field("bytes", Whole, Is(W(0))),
                    field("media", Words, Is(T("application/octet-stream"))),
                    field("name", Words, What),
                    field("about", Names(Thing::Statement), Is(N)),
                    field("original", Key, Leave),
                    field("exhibit", Flag, Is(F(false))),
                ]
            }
        }
        Kind::Details => {
            const {
                &[
                    field("person", Name(Thing::Person), Required),
                    field("name", Words, OwnName),
                    field("contact", Words, Is(T(""))),
                ]
            }
        }
        Kind::SendAway => {
            const {
                &[
                    field("to", Words, Is(T(""))),
                    field("weapons", Names(Thing::Weapon), Is(N)),
                    field("lots", Plain, Is(N)),
                    WORDS,
                ]
            }
        }
        Kind::ReceiveSent => {
            const {
                &[
                    field("from", Words, Required),
                    field("send", Key, Is(T(UNKNOWN))),
                    field("head", Plain, Worked),
                    field("weapons_listed", Whole, Is(W(0))),
                    field("weapons_came", Whole, Is(W(0))),
                    field("rounds_listed", Whole, Is(W(0))),
                    field("rounds_came", Whole, Is(W(0))),
                    WORDS,
                ]
            }
        }
        Kind::ConfirmSent => {
            const {
                &[
                    field("send", Name(Thing::Statement), Required),
                    field("receive", Key, Is(T(UNKNOWN))),
                    field("head", Plain, Worked),
                    field("weapons", Names(Thing::Weapon), Is(N)),
                    field("lots", Plain, Is(N)),
                    WORDS,
                ]
            }
        }
        _ => &[],
    }
}
