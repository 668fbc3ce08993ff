//! Words that may not stand in our files: unfinished code, skipped tests, a weapon called by a word that it never
//! deserves, a colour that means go, markup that nobody escaped, the path of one machine.

use std::path::Path;

/// A word, where it may not stand, and why. Spelt in halves, so that this file does not find itself.
struct Ban {
    word: &'static str,
    whole: bool,
    inside: &'static [&'static str],
    kinds: &'static [&'static str],
    /// Comments may hold the word.
    code_only: bool,
    /// Lines with one of these are let through: other words that contain this one.
    but: &'static [&'static str],
    why: &'static str,
}

const CODE: &[&str] = &["rs", "ts", "mjs"];
const ALL: &[&str] = &[];

const BANS: &[Ban] = &[
    Ban {
        word: concat!("to", "do!"),
        whole: false,
        inside: &[],
        kinds: CODE,
        code_only: false,
        but: &[],
        why: "unfinished code does not go in",
    },
    Ban {
        word: concat!("unimpl", "emented!"),
        whole: false,
        inside: &[],
        kinds: CODE,
        code_only: false,
        but: &[],
        why: "unfinished code does not go in",
    },
    Ban {
        word: concat!("db", "g!("),
        whole: false,
        inside: &[],
        kinds: CODE,
        code_only: false,
        but: &[],
        why: "left over from looking",
    },
    Ban {
        word: concat!("#[ig", "nore"),
        whole: false,
        inside: &[],
        kinds: CODE,
        code_only: false,
        but: &[],
        why: "a test asserts what is wrong today and says why; it is not skipped",
    },
    Ban {
        word: concat!("test.", "skip("),
        whole: false,
        inside: &[],
        kinds: CODE,
        code_only: false,
        but: &[],
        why: "a test asserts what is wrong today and says why; it is not skipped",
    },
    Ban {
        word: concat!("sa", "fe"),
        whole: true,
        inside: &[
            "crates/web/src/",
            "crates/web/ts/",
            "crates/web/css/",
            "packs/",
        ],
        kinds: &["rs", "ts", "css", "toml", "cedar"],
        code_only: true,
        but: &[concat!("sa", "fe-area"), concat!("Screen Sa", "fe")],
        why: "no weapon is ever called that; the record supports COLD, or it does not",
    },
    Ban {
        word: concat!("gre", "en"),
        whole: true,
        inside: &["crates/web/src/", "crates/web/ts/", "crates/web/css/"],
        kinds: &["rs", "ts", "css"],
        code_only: true,
        but: &[],
        why: "no colour means go",
    },
    Ban {
        word: concat!("PreEsc", "aped"),
        whole: true,
        inside: &["crates/web/src/pages/", "crates/web/src/part/"],
        kinds: &["rs"],
        code_only: true,
        but: &[],
        why: "pages escape what people wrote",
    },
    Ban {
        word: concat!("inner", "HTML = "),
        whole: false,
        inside: &["crates/web/ts/"],
        kinds: &["ts"],
        code_only: true,
        but: &[],
        why: "pages escape what people wrote",
    },
    Ban {
        word: concat!("/wo", "rk/"),
        whole: false,
        inside: &[],
        kinds: ALL,
        code_only: false,
        but: &[],
        why: "the path of one machine means nothing on another",
    },
];

pub(super) fn look(root: &Path, files: &[String], faults: &mut Vec<String>) -> anyhow::Result<()> {
    for file in files {
        if file.split('/').any(|part| part == "node_modules") {
            faults.push(format!("{file}: third-party code is never kept here"));
            continue;
        }
        let bytes = std::fs::read(root.join(file))?;
        if let Ok(text) = String::from_utf8(bytes) {
            of_file(file, &text, faults);
        }
    }
    Ok(())
}

fn of_file(file: &str, text: &str, faults: &mut Vec<String>) {
    let kind = file.rsplit_once('.').map_or("", |(_, kind)| kind);
    let bans: Vec<&Ban> = BANS
        .iter()
        .filter(|ban| ban.kinds.is_empty() || ban.kinds.contains(&kind))
        .filter(|ban| ban.inside.is_empty() || ban.inside.iter().any(|at| file.starts_with(at)))
        .collect();
    let mut block = false;
    for (line, number) in text.lines().zip(1..) {
        let start = line.trim_start();
        let comment = block || ["//", "/*", "#"].iter().any(|mark| start.starts_with(mark));
        if kind != "toml" && kind != "cedar" {
            block = match (line.rfind("/*"), line.rfind("*/")) {
                (Some(opens), Some(closes)) => opens > closes,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => block,
            };
        }
        for ban in &bans {
            let spared = (ban.code_only && comment) || ban.but.iter().any(|but| line.contains(but));
            if !spared && holds(line, ban.word, ban.whole) {
                faults.push(format!("{file}:{number}: `{}`: {}", ban.word, ban.why));
            }
        }
    }
}

/// Whether the word stands in the line, with no letter, digit or underscore on either side if it must be whole.
fn holds(line: &str, word: &str, whole: bool) -> bool {
    if !whole {
        return line.contains(word);
    }
    let line = line.to_ascii_lowercase();
    let word = word.to_ascii_lowercase();
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(&word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, text: &str, faults_expected: usize) {
        let mut faults = Vec::new();
        of_file(file, text, &mut faults);
        assert_eq!(faults.len(), faults_expected, "{faults:?}");
    }

    #[test]
    fn a_weapon_is_never_called_by_the_word() {
        check(
            "crates/web/src/pages/set.rs",
            concat!("p { \"it is sa", "fe\" }"),
            1,
        );
        check(
            "crates/web/src/pages/set.rs",
            concat!("p { \"sa", "fety meeting\" }"),
            0,
        );
        check(
            "crates/web/css/style.css",
            concat!("env(sa", "fe-area-inset-top)"),
            0,
        );
        check(
            "crates/web/src/pages/set.rs",
            concat!("// never sa", "fe"),
            0,
        );
    }

    #[test]
    fn unfinished_code_and_skipped_tests_are_found() {
        check("crates/node/src/lib.rs", concat!("to", "do!()"), 1);
        check("crates/node/src/lib.rs", concat!("#[ig", "nore]"), 1);
        check("docs/style.md", concat!("#[ig", "nore]"), 0);
    }
}
