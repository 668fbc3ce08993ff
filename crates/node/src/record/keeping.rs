//! One sentence for each kind of statement about the record itself. Of what is sealed no page says more than that it is
//! there: its body goes to who signed it, and to who must read it, by other ways.

use domain::act::{Act, Kind};

use super::say::{quoted, tags};
use crate::view::View;

pub(super) fn said(view: &View<'_>, act: &Act, by: &str) -> String {
    match act {
        Act::TookOver(body) => format!(
            "A spare node took over from a copy of {} entries{}.",
            body.size,
            quoted(&body.words)
        ),
        Act::Export(body) if body.out.is_empty() => {
            format!(
                "A whole copy of the record was made for {}.",
                body.to.as_str()
            )
        }
        Act::Export(body) => format!(
            "A copy of the record was made for {}; it leaves out {}.",
            body.to.as_str(),
            body.out
                .iter()
                .map(|out| format!("entries {} to {} ({})", out.from, out.to, out.why.as_str()))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        Act::Erase(body) => format!(
            "{by} asks to erase {} sealed bodies: {}{}.",
            body.statements.len(),
            body.basis.word(),
            quoted(&body.words)
        ),
        Act::Preserve(body) => format!(
            "Nothing of the record is erased from now on{}.",
            quoted(&body.words)
        ),
        Act::PreserveEnd(body) => format!(
            "{by} says that the record need not be preserved any more{}.",
            quoted(&body.words)
        ),
        Act::AdoptCosigners(body) => format!(
            "{by} adopts {} cosigners; {} must sign, {} of them from outside.",
            body.cosigners.len(),
            body.quorum,
            body.outside
        ),
        Act::SendAway(body) => format!(
            "{by} sent {} and {} rounds to {}.",
            tags(view, &body.weapons),
            rounds(&body.lots),
            if body.to.is_empty() {
                "no other record"
            } else {
                &body.to
            }
        ),
        Act::ReceiveSent(body) => format!(
            "{by} counted what {} sent: {} of {} weapons, {} of {} rounds came{}.",
            body.from,
            body.weapons_came,
            body.weapons_listed,
            body.rounds_came,
            body.rounds_listed,
            quoted(&body.words)
        ),
        Act::ConfirmSent(body) => format!(
            "The other record says that {} weapons and {} rounds arrived{}.",
            body.weapons.len(),
            rounds(&body.lots),
            quoted(&body.words)
        ),
        other => match other.kind() {
            Kind::GiveAccount => "An account was given; it is sealed.".to_owned(),
            Kind::Attach => "A file was added; it is sealed.".to_owned(),
            Kind::Details => "A person's details were given; they are sealed.".to_owned(),
            _ => "Something sealed was entered.".to_owned(),
        },
    }
}

fn rounds(lots: &[domain::act::transfers::LotPart]) -> u64 {
    lots.iter().map(|part| u64::from(part.rounds)).sum()
}
