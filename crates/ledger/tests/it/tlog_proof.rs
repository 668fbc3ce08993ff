//! Files that show one entry to be in a log.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::merkle::{inclusion_proof, leaf_hash};
use ledger::tlog_proof::{TlogProof, TlogProofError};

use crate::cosign::log;
use crate::world::{log_key, origin};

#[test]
fn a_proof_file_reads_back_and_shows_its_entry() {
    let entries: Vec<Vec<u8>> = (0..21_u8).map(|number| vec![number; 40]).collect();
    let leaves: Vec<Digest> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    let mut frontier = ledger::merkle::Frontier::new();
    for leaf in &leaves {
        frontier.append(*leaf);
    }
    let head = Checkpoint {
        origin: origin(),
        size: 21,
        root: frontier.root(),
    };
    let note = head.sign(&log_key()).unwrap();
    for index in 0..21_u64 {
        let proof = TlogProof {
            index,
            hashes: inclusion_proof(&leaves, index).unwrap(),
            note: note.clone(),
            extra: None,
        };
        let text = proof.write();
        assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex "));
        assert_eq!(TlogProof::parse(&text), Ok(proof.clone()));
        let entry = &entries[usize::try_from(index).unwrap()];
        assert_eq!(proof.verify(entry, &log()), Ok(head.clone()));
        assert!(matches!(
            proof.verify(b"another", &log()),
            Err(TlogProofError::Inclusion(_))
        ));
        let mut moved = proof.clone();
        moved.index = 20 - index;
        assert_eq!(moved.verify(entry, &log()).is_ok(), index == 10);
        moved.index = 21;
        assert!(moved.verify(entry, &log()).is_err());
        let mut spare = proof.clone();
        spare.hashes.push(Digest::ZERO);
        assert!(spare.verify(entry, &log()).is_err());
    }
    let extra = TlogProof {
        index: 3,
        hashes: vec![],
        note,
        extra: Some(b"said by nobody".to_vec()),
    };
    let text = extra.write();
    assert_eq!(TlogProof::parse(&text), Ok(extra));
    for (bad, line) in [
        (String::new(), 1),
        (text.replace("@v1", "@v2"), 1),
        (text.replace("@v1\n", "@v1\r\n"), 1),
        (text.replace("index 3", "index 03"), 3),
        (text.replace("index 3", "index"), 3),
        (text.replace("index 3\n", "index 3\nAAAA\n"), 4),
        (text.replace("extra ", "extra  "), 2),
        (text.replace("index 3\n", ""), 2),
    ] {
        assert_eq!(
            TlogProof::parse(&bad),
            Err(TlogProofError::Lines { line }),
            "{bad}"
        );
    }
    let hash = STANDARD.encode([7; 32]);
    let long = text.replace(
        "index 3\n",
        &format!("index 3\n{}", format!("{hash}\n").repeat(65)),
    );
    assert_eq!(TlogProof::parse(&long), Err(TlogProofError::TooLong));
    assert!(TlogProof::parse(&long.replacen(&format!("{hash}\n"), "", 1)).is_ok());
    assert_eq!(
        TlogProof::parse(&"x".repeat(300_000)),
        Err(TlogProofError::TooLong)
    );
}

proptest::proptest! {
    /// Whatever text comes, it is a proof that is written back the same, or a sentence.
    #[test]
    fn no_text_makes_a_proof_panic(
        lines in proptest::collection::vec(proptest::sample::select(vec![
            "c2sp.org/tlog-proof@v1", "extra AAAA", "extra ", "index 0", "index 18446744073709551615", "index x", "",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "AAAA", "a", "7", "\u{2014} a AAAAAAA=",
        ]), 0..12)
    ) {
        let text = lines.join("\n");
        if let Ok(proof) = TlogProof::parse(&text) {
            proptest::prop_assert_eq!(proof.write(), text);
            proptest::prop_assert!(proof.verify(b"entry", &log()).is_err());
        }
    }
}
