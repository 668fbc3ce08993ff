//! Proofs against those who would have us believe something, and the tree against an implementation by others.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use ledger::Digest;
use ledger::merkle::{
    self, EMPTY_ROOT, Frontier, ProofError, leaf_hash, node_hash, verify_consistency,
    verify_inclusion,
};
use ledger::tile::{self, HashSource};
use proptest::prelude::*;
use sha2::Sha256;
use std::convert::Infallible;

/// A tree of any size all of whose entries are the same: every full subtree of one height has the same root, so that true
/// proofs exist for sizes that no memory holds.
struct Uniform(Vec<Digest>);

impl Uniform {
    fn new() -> Self {
        let mut rows = vec![leaf_hash(b"the same")];
        for _ in 0..64 {
            let below = rows[rows.len() - 1];
            rows.push(node_hash(&below, &below));
        }
        Self(rows)
    }

    fn root(&mut self, size: u64) -> Digest {
        tile::root(self, size).unwrap()
    }
}

impl HashSource for Uniform {
    type Error = Infallible;

    fn hash(&mut self, row: u32, _: u64) -> Result<Digest, Infallible> {
        Ok(self.0[usize::try_from(row).unwrap()])
    }
}

const SIZES: [u64; 17] = [
    1,
    2,
    3,
    5,
    255,
    256,
    257,
    70_000,
    (1 << 32) - 1,
    1 << 32,
    (1 << 32) + 1,
    (1 << 62) + 7,
    (1 << 63) - 1,
    1 << 63,
    (1 << 63) + 1,
    u64::MAX - 1,
    u64::MAX,
];

/// Calls `refused` with everything that is almost `proof`.
fn neighbours(proof: &[Digest], mut refused: impl FnMut(&[Digest])) {
    let other = Digest::of(b"another");
    for at in 0..=proof.len() {
        let mut longer = proof.to_vec();
        longer.insert(at, other);
        refused(&longer);
        if let Some(hash) = proof.get(at) {
            let mut doubled = proof.to_vec();
            doubled.insert(at, *hash);
            refused(&doubled);
            let mut shorter = proof.to_vec();
            shorter.remove(at);
            refused(&shorter);
            let mut changed = proof.to_vec();
            changed[at].0[31] ^= 0x80;
            refused(&changed);
        }
    }
    for length in [64, 65, 66, 1_000] {
        refused(&vec![other; length]);
        refused(&vec![Digest::ZERO; length]);
    }
    if !proof.is_empty() {
        refused(&[]);
        refused(&[proof, proof].concat());
    }
}

#[test]
fn true_proofs_hold_up_to_the_largest_size_and_nothing_near_them_does() {
    let mut tree = Uniform::new();
    let leaf = leaf_hash(b"the same");
    for size in SIZES {
        let root = tree.root(size);
        for index in [0, 1, size / 3, size / 2, size - 1]
            .into_iter()
            .filter(|at| *at < size)
        {
            let proof = tile::inclusion_proof(&mut tree, index, size)
                .unwrap()
                .unwrap();
            assert!(proof.len() <= 64);
            assert_eq!(
                verify_inclusion(&leaf, index, size, &proof, &root),
                Ok(()),
                "{index} of {size}"
            );
            assert_eq!(
                verify_inclusion(&leaf_hash(b"another"), index, size, &proof, &root),
                Err(ProofError::OtherRoot)
            );
            neighbours(&proof, |bad| {
                assert!(verify_inclusion(&leaf, index, size, bad, &root).is_err());
            });
        }
        for old in [1, 2, size / 3, size / 2, size - 1, size] {
            if old == 0 || old > size {
                continue;
            }
            let old_root = tree.root(old);
            let proof = tile::consistency_proof(&mut tree, old, size)
                .unwrap()
                .unwrap();
            assert!(proof.len() <= 65);
            let verify = |proof: &[Digest]| verify_consistency(old, &old_root, size, &root, proof);
            assert_eq!(verify(&proof), Ok(()), "{old} to {size}");
            neighbours(&proof, |bad| {
                assert!(verify(bad).is_err(), "{old} to {size}");
            });
            let other = Digest::of(b"another");
            assert!(verify_consistency(old, &other, size, &root, &proof).is_err());
            assert!(verify_consistency(old, &old_root, size, &other, &proof).is_err());
        }
    }
}

#[test]
fn no_proof_leads_from_an_index_that_is_not_there() {
    let mut tree = Uniform::new();
    let leaf = leaf_hash(b"the same");
    for size in SIZES.into_iter().chain([0]) {
        let root = tree.root(size);
        for index in [
            size,
            size.saturating_add(1),
            size.saturating_mul(2),
            u64::MAX,
        ] {
            if index < size {
                continue;
            }
            for length in [0, 1, 2, 17, 63, 64, 65] {
                assert_eq!(
                    verify_inclusion(&leaf, index, size, &vec![leaf; length], &root),
                    Err(ProofError::OutOfRange)
                );
            }
            assert_eq!(tile::inclusion_proof(&mut tree, index, size), Ok(None));
        }
    }
}

#[test]
fn nothing_follows_from_the_empty_tree_and_no_tree_shrinks() {
    let mut tree = Uniform::new();
    for size in SIZES.into_iter().chain([0]) {
        let root = tree.root(size);
        for length in [0, 1, 63, 64] {
            let proof = vec![root; length];
            for claimed in [EMPTY_ROOT, root, Digest::ZERO] {
                assert_eq!(
                    verify_consistency(0, &claimed, size, &root, &proof),
                    Err(ProofError::FromNothing)
                );
            }
            assert!(size == 0 || verify_consistency(size, &root, size - 1, &root, &proof).is_err());
            // The same root is not the same tree.
            assert!(
                size == u64::MAX
                    || size == 0
                    || verify_consistency(size, &root, size + 1, &root, &proof).is_err()
            );
        }
        assert_eq!(tile::consistency_proof(&mut tree, 0, size), Ok(None));
        assert_eq!(
            tile::consistency_proof(&mut tree, size.saturating_add(1), size),
            if size == u64::MAX {
                Ok(Some(vec![]))
            } else {
                Ok(None)
            }
        );
    }
}

#[test]
fn a_node_is_not_a_leaf() {
    // Without the first byte a tree of two could pass for a tree of one whose entry is the two hashes.
    let (left, right) = (leaf_hash(b"left"), leaf_hash(b"right"));
    let root = node_hash(&left, &right);
    let entry = [left.0, right.0].concat();
    assert!(verify_inclusion(&leaf_hash(&entry), 0, 1, &[], &root).is_err());
    // Nor does an inner node pass for an entry of the shorter tree it would belong to.
    let four = node_hash(&root, &root);
    assert!(verify_inclusion(&root, 0, 4, &[root], &four).is_err());
    assert_eq!(
        verify_inclusion(&root, 0, 2, &[root], &four),
        Ok(()),
        "of two such leaves it is one"
    );
}

type Others = MemoryBackedTree<Sha256, Vec<u8>>;

fn entries(count: u64) -> Vec<Vec<u8>> {
    (0..count)
        .map(|n| format!("entry {n}").into_bytes())
        .collect()
}

fn others(entries: &[Vec<u8>]) -> Others {
    let mut tree = Others::new();
    for entry in entries {
        tree.push(entry.clone());
    }
    tree
}

fn bytes(proof: &[Digest]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

fn hashes(bytes: &[u8]) -> Vec<Digest> {
    bytes
        .chunks(32)
        .map(|hash| Digest::from_slice(hash).unwrap())
        .collect()
}

fn their_root(root: &Digest, size: u64) -> RootHash<Sha256> {
    RootHash::new(root.0.into(), size)
}

#[derive(Debug, Clone)]
enum Spoil {
    Nothing,
    Bit(usize),
    Drop(usize),
    Repeat(usize),
    Swap(usize),
    Size(i64),
    Index(i64),
}

fn spoils() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        Just(Spoil::Nothing),
        any::<usize>().prop_map(Spoil::Bit),
        any::<usize>().prop_map(Spoil::Drop),
        any::<usize>().prop_map(Spoil::Repeat),
        any::<usize>().prop_map(Spoil::Swap),
        (-3_i64..4).prop_map(Spoil::Size),
        (-3_i64..4).prop_map(Spoil::Index),
    ]
}

fn spoil(spoil: &Spoil, proof: &mut Vec<Digest>, size: &mut u64, at: &mut u64) {
    let count = proof.len();
    match spoil {
        Spoil::Nothing => {}
        Spoil::Size(by) => *size = size.saturating_add_signed(*by),
        Spoil::Index(by) => *at = at.saturating_add_signed(*by),
        Spoil::Bit(_) | Spoil::Drop(_) | Spoil::Repeat(_) | Spoil::Swap(_) if count == 0 => {}
        Spoil::Bit(n) => proof[n % count].0[n / count % 32] ^= 1 << (n % 8),
        Spoil::Drop(n) => drop(proof.remove(n % count)),
        Spoil::Repeat(n) => proof.insert(n % count, proof[n % count]),
        Spoil::Swap(n) => proof.swap(n % count, (n / count) % count),
    }
}

proptest! {
    #[test]
    fn roots_and_proofs_are_those_of_another_implementation(count in 1_u64..400, at in any::<prop::sample::Index>()) {
        let entries = entries(count);
        let theirs = others(&entries);
        let leaves: Vec<Digest> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let (mut frontier, mut rows) = (Frontier::new(), tile::Rows::new());
        for leaf in &leaves {
            frontier.append(*leaf);
            rows.append(*leaf);
        }
        let root = frontier.root();
        prop_assert_eq!(theirs.root().as_bytes().to_vec(), root.0.to_vec());
        prop_assert_eq!(ledger::verify::root(&leaves), root);
        prop_assert_eq!(rows.root(count), Some(root));

        let place = at.index(leaves.len());
        let index = place as u64;
        let proof = merkle::inclusion_proof(&leaves, index).unwrap();
        prop_assert_eq!(rows.inclusion_proof(index, count), Some(proof.clone()));
        let their_proof = theirs.prove_inclusion(place);
        prop_assert_eq!(their_proof.as_bytes().to_vec(), bytes(&proof));
        prop_assert_eq!(verify_inclusion(&leaves[place], index, count, &hashes(their_proof.as_bytes()), &root), Ok(()));

        let old = index + 1;
        let proof = merkle::consistency_proof(&leaves, old).unwrap();
        prop_assert_eq!(rows.consistency_proof(old, count), Some(proof.clone()));
        let their_proof = theirs.prove_consistency(leaves.len() - place - 1);
        prop_assert_eq!(their_proof.as_bytes().to_vec(), bytes(&proof));
        let old_root = ledger::verify::root(&leaves[..=place]);
        prop_assert_eq!(verify_consistency(old, &old_root, count, &root, &hashes(their_proof.as_bytes())), Ok(()));
    }

    #[test]
    fn a_spoiled_proof_gets_the_same_verdict_from_another_implementation(
        count in 1_u64..70, at in any::<prop::sample::Index>(), how in spoils(),
    ) {
        let entries = entries(count);
        let leaves: Vec<Digest> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let root = ledger::verify::root(&leaves);
        let place = at.index(leaves.len());

        let (mut size, mut index) = (count, place as u64);
        let mut proof = merkle::inclusion_proof(&leaves, index).unwrap();
        spoil(&how, &mut proof, &mut size, &mut index);
        let ours = verify_inclusion(&leaves[place], index, size, &proof, &root);
        let theirs = their_root(&root, size)
            .verify_inclusion(&entries[place], index, &InclusionProof::try_from_bytes(bytes(&proof)).unwrap());
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?} {:?}", ours, theirs);

        let (mut size, mut old) = (count, place as u64 + 1);
        let old_root = ledger::verify::root(&leaves[..=place]);
        let mut proof = merkle::consistency_proof(&leaves, old).unwrap();
        spoil(&how, &mut proof, &mut size, &mut old);
        let ours = verify_consistency(old, &old_root, size, &root, &proof);
        let theirs = their_root(&root, size)
            .verify_consistency(&their_root(&old_root, old), &ConsistencyProof::try_from_bytes(bytes(&proof)).unwrap());
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?} {:?}", ours, theirs);
    }
}
