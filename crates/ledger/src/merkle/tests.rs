use super::*;
use alloc::vec;
use proptest::prelude::*;
use std::println;

/// The definition of RFC 6962 section 2.1, word for word.
fn naive(entries: &[Vec<u8>]) -> Digest {
    match entries {
        [] => Digest::of(b""),
        [one] => {
            let mut bytes = vec![0];
            bytes.extend(one);
            Digest::of(&bytes)
        }
        several => {
            let mut k = 1;
            while k * 2 < several.len() {
                k *= 2;
            }
            let mut bytes = vec![1];
            bytes.extend(naive(&several[..k]).0);
            bytes.extend(naive(&several[k..]).0);
            Digest::of(&bytes)
        }
    }
}

fn entries(n: u64) -> Vec<Vec<u8>> {
    (0..n).map(|i| i.to_be_bytes().to_vec()).collect()
}

fn leaves(entries: &[Vec<u8>]) -> Vec<Digest> {
    entries.iter().map(|entry| leaf_hash(entry)).collect()
}

/// The eight leaves and roots that certificate transparency implementations have tested against since 2012.
#[test]
fn the_known_roots_of_certificate_transparency_come_out() {
    let known: [(&[u8], &str); 8] = [
        (
            b"",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        ),
        (
            &[0x00],
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        ),
        (
            &[0x10],
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        ),
        (
            &[0x20, 0x21],
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
        (
            &[0x30, 0x31],
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        ),
        (
            &[0x40, 0x41, 0x42, 0x43],
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        ),
        (
            b"PQRSTUVW",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        ),
        (
            b"`abcdefghijklmno",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ),
    ];
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), EMPTY_ROOT);
    assert_eq!(EMPTY_ROOT, Digest::of(b""));
    let mut all = vec![];
    for (entry, root) in known {
        frontier.append(leaf_hash(entry));
        all.push(entry.to_vec());
        let root: Digest = root.parse().unwrap();
        assert_eq!(frontier.root(), root);
        assert_eq!(naive(&all), root);
        assert_eq!(crate::verify::root(&leaves(&all)), root);
    }
}

#[test]
fn every_proof_of_every_tree_up_to_33_verifies_and_no_neighbour_of_it_does() {
    let all = entries(33);
    let mut checked = 0;
    for size in 0..=33_u64 {
        let entries = &all[..usize::try_from(size).unwrap()];
        let leaves = leaves(entries);
        let root = naive(entries);
        for index in 0..size {
            let leaf = leaf_hash(&entries[usize::try_from(index).unwrap()]);
            let proof = inclusion_proof(&leaves, index).unwrap();
            assert_eq!(
                verify_inclusion(&leaf, index, size, &proof, &root),
                Ok(()),
                "{index} of {size}"
            );
            assert!(verify_inclusion(&leaf, index + 1, size, &proof, &root).is_err());
            spoiled(&proof, |bad| {
                verify_inclusion(&leaf, index, size, bad, &root)
            });
            checked += 1;
        }
        assert_eq!(inclusion_proof(&leaves, size), None);
        for old in 1..=size {
            let old_root = naive(&entries[..usize::try_from(old).unwrap()]);
            let proof = consistency_proof(&leaves, old).unwrap();
            assert_eq!(
                verify_consistency(old, &old_root, size, &root, &proof),
                Ok(()),
                "{old} to {size}"
            );
            spoiled(&proof, |bad| {
                verify_consistency(old, &old_root, size, &root, bad)
            });
            let other = Digest::of(b"other");
            assert!(verify_consistency(old, &other, size, &root, &proof).is_err());
            assert!(verify_consistency(old, &old_root, size, &other, &proof).is_err());
            checked += 1;
        }
    }
    println!("{checked} proofs");
}

#[track_caller]
fn spoiled(proof: &[Digest], verify: impl Fn(&[Digest]) -> Result<(), ProofError>) {
    let mut longer = proof.to_vec();
    longer.push(Digest::ZERO);
    assert!(verify(&longer).is_err());
    let mut doubled = proof.to_vec();
    doubled.extend(proof);
    assert!(proof.is_empty() || verify(&doubled).is_err());
    for i in 0..proof.len() {
        let mut missing = proof.to_vec();
        missing.remove(i);
        assert!(verify(&missing).is_err());
        let mut changed = proof.to_vec();
        changed[i].0[i % 32] ^= 1;
        assert!(verify(&changed).is_err());
    }
}

#[test]
fn proofs_from_nothing_and_between_equals_prove_no_more_than_they_say() {
    let root = naive(&entries(5));
    let other = naive(&entries(4));
    assert_eq!(
        verify_consistency(0, &EMPTY_ROOT, 5, &root, &[]),
        Err(ProofError::FromNothing)
    );
    assert_eq!(
        verify_consistency(0, &EMPTY_ROOT, 0, &EMPTY_ROOT, &[]),
        Err(ProofError::FromNothing)
    );
    assert_eq!(verify_consistency(5, &root, 5, &root, &[]), Ok(()));
    assert_eq!(
        verify_consistency(5, &root, 5, &other, &[]),
        Err(ProofError::OtherRoot)
    );
    assert_eq!(
        verify_consistency(5, &root, 5, &root, &[root]),
        Err(ProofError::Length { found: 1 })
    );
    assert_eq!(
        verify_consistency(6, &root, 5, &root, &[]),
        Err(ProofError::OutOfRange)
    );
    assert_eq!(
        verify_inclusion(&root, 0, 0, &[], &EMPTY_ROOT),
        Err(ProofError::OutOfRange)
    );
    assert_eq!(consistency_proof(&leaves(&entries(5)), 0), None);
    assert_eq!(consistency_proof(&leaves(&entries(5)), 6), None);
}

#[test]
fn the_largest_sizes_do_not_overflow() {
    let hashes = [Digest::ZERO; 70];
    for size in [1, 2, u64::MAX - 1, u64::MAX, 1 << 63, (1 << 63) + 1] {
        for old in [0, 1, size / 2, size - 1, size] {
            for n in [0, 1, 62, 63, 64, 65, 70] {
                let _ = verify_inclusion(&Digest::ZERO, old, size, &hashes[..n], &Digest::ZERO);
                let _ = verify_consistency(old, &Digest::ZERO, size, &Digest::ZERO, &hashes[..n]);
            }
        }
    }
}

#[test]
fn a_frontier_is_rebuilt_only_from_as_many_roots_as_its_size_has_bits() {
    let mut frontier = Frontier::new();
    for leaf in leaves(&entries(13)) {
        frontier.append(leaf);
    }
    let again = Frontier::from_peaks(13, frontier.peaks().to_vec()).unwrap();
    assert_eq!(again, frontier);
    assert_eq!(Frontier::from_peaks(12, frontier.peaks().to_vec()), None);
    assert_eq!(Frontier::from_peaks(0, vec![]), Some(Frontier::new()));
}

proptest! {
    #[test]
    fn frontier_verifier_and_definition_agree(sizes in prop::collection::vec(0_u64..40, 1..6)) {
        let mut frontier = Frontier::new();
        let mut all: Vec<Vec<u8>> = vec![];
        for more in sizes {
            let (old_size, old_peaks) = (frontier.size(), frontier.peaks().to_vec());
            let fresh = entries(more);
            for entry in &fresh {
                frontier.append(leaf_hash(entry));
            }
            all.extend(fresh.iter().cloned());
            let expected = naive(&all);
            prop_assert_eq!(frontier.root(), expected);
            prop_assert_eq!(crate::verify::root(&leaves(&all)), expected);
            prop_assert_eq!(crate::verify::root_after(old_size, &old_peaks, &leaves(&fresh)), Some(expected));
        }
    }

    #[test]
    fn hostile_proofs_neither_pass_nor_panic(
        old in any::<u64>(), size in any::<u64>(), index in any::<u64>(), n in 0_usize..70,
    ) {
        let hashes = vec![Digest::of(b"x"); n];
        let root = Digest::of(b"root");
        prop_assert!(verify_inclusion(&Digest::ZERO, index, size, &hashes, &root).is_err());
        prop_assert!(verify_consistency(old, &Digest::ZERO, size, &root, &hashes).is_err());
    }
}
