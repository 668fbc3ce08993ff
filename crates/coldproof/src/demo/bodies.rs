//! Short ways to say what the story says often.

use domain::act::ammunition::{Receive, Said};
use domain::act::floor::{Look, Sight};
use domain::id::WeaponId;
use domain::words::{Bore, Check, Condition, Feature, Load, Method, Origin, Seen, Words};

pub(super) fn words(text: &str) -> Words {
    Words::new(text)
}

/// What both features of lot D1 show.
pub(super) fn dummy() -> Seen {
    Seen::Dummy {
        features: vec![Feature::Hole, Feature::Rattle],
    }
}

pub(super) const fn blank() -> Seen {
    Seen::Blank {
        load: Load::Quarter,
    }
}

/// A look into an open weapon: these rounds, then empty up to `positions`.
pub(super) fn sight(weapon: WeaponId, rounds: Vec<Seen>, positions: usize) -> Sight {
    let mut seen = rounds;
    seen.resize(positions, Seen::Empty);
    Sight {
        weapon,
        seen,
        counted: None,
        carrier: None,
        turned: true,
        bore: Bore::Clear,
        method: Method::Rod,
    }
}

pub(super) const fn full(sight: Sight) -> Look {
    Look {
        check: Check::Full,
        sight,
        watcher: None,
    }
}

/// A sealed box from a licensed maker, counted on receipt.
pub(super) fn lot(tag: &str, said: Said, count: u32, number: &str) -> Receive {
    Receive {
        tag: words(tag),
        said,
        count,
        counted: Some(count),
        calibre: words(".45 Colt"),
        maker: words("Prairie Cartridge"),
        number: words(number),
        origin: Origin::LicensedMaker,
        condition: Condition::Sealed,
        declared: true,
        place: words("strongbox on the prop truck"),
    }
}
