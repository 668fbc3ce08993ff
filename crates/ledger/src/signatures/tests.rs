use super::*;
use alloc::format;
use alloc::string::String;
use curve25519_dalek::constants::{ED25519_BASEPOINT_TABLE, EIGHT_TORSION};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;

/// A key whose secret scalar is known, so that signatures can be made that no honest signer makes.
struct Forger {
    scalar: Scalar,
    key: PublicKey,
}

struct Made {
    key: PublicKey,
    signature: [u8; 64],
    message: String,
}

impl Made {
    fn claim(&self) -> Claim {
        // In two parts, as statements are.
        let (one, other) = self.message.as_bytes().split_at(self.message.len() / 2);
        Claim::new(self.key, &self.signature, &[one, other])
    }

    fn holds(&self) -> bool {
        self.key
            .verify(self.message.as_bytes(), &self.signature)
            .is_ok()
    }
}

impl Forger {
    fn new(seed: u8, torsion: usize) -> Self {
        let scalar = Scalar::from_bytes_mod_order_wide(&[seed.wrapping_add(1); 64]);
        let point = ED25519_BASEPOINT_TABLE * &scalar + EIGHT_TORSION[torsion];
        Self {
            scalar,
            key: PublicKey(point.compress().to_bytes()),
        }
    }

    /// R = r·B + a point of the small subgroup, S as an honest signer makes it.
    fn sign(&self, message: String, torsion: usize) -> Made {
        let r = Scalar::from_bytes_mod_order_wide(
            &Sha512::digest(format!("{}{message}", self.key)).into(),
        );
        let point = ED25519_BASEPOINT_TABLE * &r + EIGHT_TORSION[torsion];
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(point.compress().as_bytes());
        let claim = Claim::new(self.key, &signature, &[message.as_bytes()]);
        let s = r + claim.challenge * self.scalar;
        signature[32..].copy_from_slice(s.as_bytes());
        Made {
            key: self.key,
            signature,
            message,
        }
    }
}

fn honest(seed: u8, n: usize) -> Made {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let message = format!("statement {n} of {seed}");
    Made {
        key: PublicKey::of(&key),
        signature: ed25519_dalek::Signer::sign(&key, message.as_bytes()).to_bytes(),
        message,
    }
}

/// What each would say alone, by the other library's strict rule.
fn alone(all: &[Made]) -> Vec<usize> {
    (0..all.len()).filter(|n| !all[*n].holds()).collect()
}

fn together(all: &[Made]) -> Vec<usize> {
    let claims: Vec<_> = all.iter().map(Made::claim).collect();
    Checker::new().failing(&claims)
}

#[test]
fn a_batch_of_honest_signatures_holds() {
    for count in [0_usize, 1, ALONE_MAX - 1, ALONE_MAX, ALONE_MAX + 1, 300] {
        let all: Vec<_> = (0..count)
            .map(|n| honest(u8::try_from(n % 40).unwrap(), n))
            .collect();
        assert_eq!(together(&all), [0; 0], "{count}");
    }
}

#[test]
fn one_bad_signature_among_many_is_named_wherever_it_is() {
    let mut all: Vec<_> = (0..200)
        .map(|n| honest(u8::try_from(n % 7).unwrap(), n))
        .collect();
    for bad in [0, 1, 63, 64, 99, 100, 198, 199] {
        all[bad].message.push('!');
        assert_eq!(together(&all), [bad]);
        all[bad].message.pop();
    }
    for bad in [3, 4, 5, 150] {
        all[bad].signature[40] ^= 4;
    }
    assert_eq!(together(&all), [3, 4, 5, 150]);
}

#[test]
fn a_part_in_the_small_subgroup_fails_in_every_batch_as_it_does_alone() {
    for torsion in 1..8 {
        for companions in [0, 1, 30, 100] {
            let mut all: Vec<_> = (0..companions).map(|n| honest(3, n)).collect();
            all.push(Forger::new(1, 0).sign("let go".into(), torsion));
            assert!(!all[companions].holds());
            assert_eq!(together(&all), [companions], "{torsion} {companions}");
        }
    }
}

#[test]
fn parts_in_the_small_subgroup_do_not_cancel_each_other() {
    // The order-two point twice is zero; so is any point with its opposite.
    for (one, other) in [(4, 4), (1, 7), (2, 6), (3, 5)] {
        let forger = Forger::new(1, 0);
        let mut all: Vec<_> = (0..60).map(|n| honest(3, n)).collect();
        for n in 0..4 {
            all.push(forger.sign(format!("one {n}"), one));
            all.push(forger.sign(format!("other {n}"), other));
        }
        assert_eq!(together(&all), (60..68).collect::<Vec<_>>());
    }
}

#[test]
fn a_key_with_a_part_in_the_small_subgroup_gets_the_verdict_of_each_signature_alone() {
    let (mut held, mut failed) = (0, 0);
    for torsion in 1..8 {
        let forger = Forger::new(9, torsion);
        assert_eq!(forger.key.check(), Ok(()));
        let mut all: Vec<_> = (0..40).map(|n| honest(3, n)).collect();
        all.extend((0..40).map(|n| forger.sign(format!("{n}"), 0)));
        let expected = alone(&all);
        failed += expected.len();
        held += 40 - expected.len();
        assert_eq!(together(&all), expected);
    }
    assert!(held > 20 && failed > 20, "both verdicts are seen");
}

#[test]
fn second_spellings_and_points_of_small_order_are_refused() {
    let good = honest(1, 1);
    let order_added = {
        let order: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9,
            0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let mut signature = good.signature;
        let mut carry = 0_u16;
        for (byte, add) in signature[32..].iter_mut().zip(order) {
            carry += u16::from(*byte) + u16::from(add);
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        signature
    };
    let mut all: Vec<_> = (0..40).map(|n| honest(2, n)).collect();
    let mut bad = |key: PublicKey, signature: [u8; 64]| {
        all.push(Made {
            key,
            signature,
            message: good.message.clone(),
        });
    };
    bad(good.key, order_added);
    bad(good.key, [0xff; 64]);
    bad(good.key, [0; 64]);
    // R: every point of small order in every spelling, S = 0.
    let mut spellings: Vec<[u8; 32]> = EIGHT_TORSION
        .iter()
        .map(|point| point.compress().to_bytes())
        .collect();
    let twice = |low: u8, high: u8| {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (low, high);
        bytes
    };
    for low in 0xec..=0xff {
        spellings.extend([twice(low, 0x7f), twice(low, 0xff)]);
    }
    let mut negative_one = [0; 32];
    (negative_one[0], negative_one[31]) = (1, 0x80);
    spellings.push(negative_one);
    for spelling in spellings {
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&spelling);
        bad(good.key, signature);
        // As a key, under which S = 0 and R = identity would fit everything.
        signature[..32].copy_from_slice(EIGHT_TORSION[0].compress().as_bytes());
        bad(PublicKey(spelling), signature);
        let mut signature = good.signature;
        signature[..32].copy_from_slice(&spelling);
        bad(good.key, signature);
    }
    let expected = alone(&all);
    assert_eq!(expected, (40..all.len()).collect::<Vec<_>>());
    assert_eq!(together(&all), expected);
}

#[test]
fn the_same_batch_always_gets_the_same_verdict() {
    let mut checker = Checker::new();
    let all: Vec<_> = (0..50)
        .map(|n| Forger::new(1, 0).sign(format!("{n}"), n % 8))
        .collect();
    let claims: Vec<_> = all.iter().map(Made::claim).collect();
    let first = checker.failing(&claims);
    for _ in 0..3 {
        assert_eq!(checker.failing(&claims), first);
    }
    assert_eq!(first, alone(&all));
}

#[derive(Debug, Clone, Copy)]
enum Spoil {
    Nothing,
    Bit(usize),
    Message,
    OtherKey,
    TorsionR(usize),
    TorsionKey(usize),
    LargeS,
    Random(u8),
}

fn spoils() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        12 => Just(Spoil::Nothing),
        1 => (0_usize..512).prop_map(Spoil::Bit),
        1 => Just(Spoil::Message),
        1 => Just(Spoil::OtherKey),
        2 => (1_usize..8).prop_map(Spoil::TorsionR),
        2 => (1_usize..8).prop_map(Spoil::TorsionKey),
        1 => Just(Spoil::LargeS),
        1 => any::<u8>().prop_map(Spoil::Random),
    ]
}

fn make(n: usize, spoil: Spoil) -> Made {
    let seed = u8::try_from(n % 5).unwrap();
    let mut made = match spoil {
        Spoil::TorsionR(torsion) => Forger::new(seed, 0).sign(format!("{n}"), torsion),
        Spoil::TorsionKey(torsion) => Forger::new(seed, torsion).sign(format!("{n}"), 0),
        Spoil::Nothing
        | Spoil::Bit(_)
        | Spoil::Message
        | Spoil::OtherKey
        | Spoil::LargeS
        | Spoil::Random(_) => honest(seed, n),
    };
    match spoil {
        Spoil::Bit(bit) => made.signature[bit / 8] ^= 1 << (bit % 8),
        Spoil::Message => made.message.push('.'),
        Spoil::OtherKey => made.key = honest(seed + 1, n).key,
        Spoil::LargeS => made.signature[63] |= 0x20,
        Spoil::Random(byte) => made.signature = [byte; 64],
        Spoil::Nothing | Spoil::TorsionR(_) | Spoil::TorsionKey(_) => {}
    }
    made
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_batch_says_of_each_what_the_strict_rule_says_of_it_alone(
        spoils in prop::collection::vec(spoils(), 0..120),
    ) {
        let all: Vec<_> = spoils.iter().enumerate().map(|(n, spoil)| make(n, *spoil)).collect();
        prop_assert_eq!(together(&all), alone(&all));
    }
}
