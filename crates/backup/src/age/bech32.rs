//! Bech32 (BIP 173) without its limit of length: how keys are written.

const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// `bytes` under the prefix `hrp`, in lower case.
pub(super) fn encode(hrp: &str, bytes: &[u8]) -> String {
    let mut groups = regroup(bytes, 8, 5, true).unwrap_or_default();
    let sum = checksum(hrp, &groups) ^ 1;
    groups.extend((0..6).map(|at| u8::try_from((sum >> (5 * (5 - at))) & 31).unwrap_or_default()));
    let letters = groups
        .iter()
        .filter_map(|group| LETTERS.get(usize::from(*group)))
        .map(|letter| char::from(*letter));
    format!("{hrp}1{}", letters.collect::<String>())
}

/// The bytes under the prefix `hrp`. All upper or all lower case; anything that `encode` would not write is refused.
pub(super) fn decode(hrp: &str, text: &str) -> Option<Vec<u8>> {
    let is_mixed = text.contains(|letter: char| letter.is_ascii_lowercase())
        && text.contains(|letter: char| letter.is_ascii_uppercase());
    let text = text.to_ascii_lowercase();
    let (prefix, letters) = text.rsplit_once('1')?;
    if is_mixed || prefix != hrp {
        return None;
    }
    let groups = letters
        .bytes()
        .map(|letter| {
            let at = LETTERS.iter().position(|known| *known == letter)?;
            u8::try_from(at).ok()
        })
        .collect::<Option<Vec<u8>>>()?;
    let (data, sum) = groups.split_at_checked(groups.len().checked_sub(6)?)?;
    let bytes = regroup(data, 5, 8, false)?;
    (sum.len() == 6 && encode(hrp, &bytes) == text).then_some(bytes)
}

/// Bits in groups of `from` as groups of `to`; what is left over is padded with zeros or must be zeros.
fn regroup(groups: &[u8], from: u32, to: u32, is_padded: bool) -> Option<Vec<u8>> {
    let (mut kept, mut bits, mut out) = (0_u32, 0, Vec::new());
    for group in groups {
        kept = (kept << from | u32::from(*group)) & 0xfff;
        bits += from;
        while bits >= to {
            bits -= to;
            out.push(u8::try_from((kept >> bits) & ((1 << to) - 1)).ok()?);
        }
    }
    let rest = (kept << (to - bits)) & ((1 << to) - 1);
    if is_padded {
        if bits > 0 {
            out.push(u8::try_from(rest).ok()?);
        }
    } else if bits >= from || rest != 0 {
        return None;
    }
    Some(out)
}

fn checksum(hrp: &str, groups: &[u8]) -> u32 {
    let high = hrp.bytes().map(|byte| byte >> 5);
    let low = hrp.bytes().map(|byte| byte & 31);
    let all = high
        .chain([0])
        .chain(low)
        .chain(groups.iter().copied())
        .chain([0; 6]);
    let mut sum = 1_u32;
    for group in all {
        let top = sum >> 25;
        sum = (sum & 0x01ff_ffff) << 5 ^ u32::from(group);
        for (at, generator) in [
            0x3b6a_57b2,
            0x2650_8e6d,
            0x1ea1_19fa,
            0x3d42_33dd,
            0x2a14_62b3,
        ]
        .into_iter()
        .enumerate()
        {
            if top >> at & 1 == 1 {
                sum ^= generator;
            }
        }
    }
    sum
}
