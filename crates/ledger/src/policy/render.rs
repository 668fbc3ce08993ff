//! A policy of ours, written from what a production adopted.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::{Policy, PolicyError};
use crate::cosignature::CosignerKey;
use crate::limit::NOTE_SIGNATURES_MAX;
use crate::note::VerifierKey;

/// The group of cosigners that are not the studio's.
pub const OUTSIDE: &str = "outside";

/// The group of those that are.
pub const STUDIO: &str = "studio";

/// The group of both, where both are needed.
const BOTH: &str = "both";

/// A cosigner as a production adopted it. Its name in the policy is its key's name.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    /// Its key.
    pub key: &'a CosignerKey,
    /// The prefix under which it is asked.
    pub url: &'a str,
    /// Whether it is not the studio's. Headquarters never are.
    pub is_outside: bool,
}

/// The policy that needs `quorum` cosigners of `cosigners`, at least `outside` of them not the studio's.
///
/// C2SP lets a name stand in one group only, so the two numbers are met by parts: `quorum - outside` from the studio's group
/// and the rest from the outside group; when the studio has fewer than that, all of the studio's and so many more from
/// outside. Such a policy is never met by fewer or by others than the two numbers ask for; it may ask for a studio's
/// cosigner where a further outside one would have done.
///
/// # Errors
/// [`PolicyError`]: no outside cosigner needed or none there, more needed than there are, a name or key twice, a name or URL
/// that no policy can hold, more cosigners than a note can hold signatures.
pub fn render(
    log: &VerifierKey,
    cosigners: &[Listed<'_>],
    quorum: usize,
    outside: usize,
) -> Result<String, PolicyError> {
    let wrong = |why| Err(PolicyError::Cosigners(why));
    let names = |is_outside: bool| -> Vec<&str> {
        let listed = cosigners.iter().filter(|one| one.is_outside == is_outside);
        listed.map(|one| one.key.name()).collect()
    };
    let (strangers, own) = (names(true), names(false));
    if outside == 0 {
        return wrong("at least one must be from outside");
    }
    if quorum < outside {
        return wrong("the quorum is smaller than its outside part");
    }
    if outside > strangers.len() {
        return wrong("more are needed from outside than there are");
    }
    if quorum > cosigners.len() {
        return wrong("more are needed than there are");
    }
    // The log's own signature takes one place in the note.
    if cosigners.len() >= NOTE_SIGNATURES_MAX {
        return wrong("more than a note can hold signatures");
    }
    let from_own = (quorum - outside).min(own.len());
    let from_strangers = quorum - from_own;
    let mut lines = vec![format!("log {log}")];
    for one in cosigners {
        if one.key.key() == log.key() {
            return wrong("the log's own key does not cosign");
        }
        if [OUTSIDE, STUDIO, BOTH].contains(&one.key.name()) {
            return wrong("a cosigner is named as a group");
        }
        if !is_word(one.url) {
            return wrong("a URL holds white space or a control character");
        }
        let gap = if one.url.is_empty() { "" } else { " " };
        lines.push(format!(
            "witness {} {}{gap}{}",
            one.key.name(),
            one.key,
            one.url
        ));
    }
    lines.push(format!(
        "group {OUTSIDE} {} {}",
        number(from_strangers),
        strangers.join(" ")
    ));
    if from_own > 0 {
        lines.push(format!("group {STUDIO} {from_own} {}", own.join(" ")));
        lines.push(format!("group {BOTH} all {OUTSIDE} {STUDIO}"));
        lines.push(format!("quorum {BOTH}"));
    } else {
        lines.push(format!("quorum {OUTSIDE}"));
    }
    let text = format!("{}\n", lines.join("\n"));
    // Whatever else no policy can hold (a name or key twice, too many bytes) is found by its own reader.
    Policy::parse(text.as_bytes())?;
    Ok(text)
}

fn number(least: usize) -> String {
    if least == 1 {
        "any".into()
    } else {
        format!("{least}")
    }
}

fn is_word(text: &str) -> bool {
    !text.chars().any(|c| c.is_whitespace() || c.is_control())
}
