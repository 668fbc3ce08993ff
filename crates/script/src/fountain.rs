//! Fountain, as far as scenes need it: title page, comments, notes, headings, numbers. Everything else is text of the scene.

use crate::{Fault, Gathered, Scene};

/// How a heading begins. The French and Spanish ways of writing it are the same letters; German adds `INNEN` and `AUSSEN`.
const BEGINS: [&str; 12] = [
    "INT./EXT",
    "EXT./INT",
    "INT/EXT",
    "EXT/INT",
    "I/E",
    "INT",
    "EXT",
    "EST",
    "INNEN/AUSSEN",
    "AUSSEN/INNEN",
    "INNEN",
    "AUSSEN",
];

pub(crate) fn scenes(text: &str) -> Result<Vec<Scene>, Fault> {
    let mut gathered = Gathered::default();
    let mut left_out = LeftOut::default();
    let mut is_title = begins_with_title(text);
    let mut number = 0_u32;
    for line in text.lines() {
        number = number.saturating_add(1);
        if is_title {
            is_title = !line.trim().is_empty();
            continue;
        }
        let kept = left_out.take(number, line);
        let kept = kept.trim();
        if let Some((heading, scene)) = heading(kept) {
            gathered.heading(number, scene, heading)?;
        } else if !is_outline(kept) {
            gathered.text(number, kept.trim_start_matches(['!', '@', '~', '>']));
        }
    }
    left_out.end()?;
    Ok(gathered.0)
}

/// The heading and its number. `#` around the number is Fountain's own.
fn heading(line: &str) -> Option<(&str, &str)> {
    let forced = line
        .strip_prefix('.')
        .filter(|rest| rest.starts_with(char::is_alphanumeric));
    let whole = match forced {
        Some(rest) => rest,
        None if begins(line) => line,
        None => return None,
    };
    let whole = whole.trim();
    let numbered = whole
        .strip_suffix('#')
        .and_then(|rest| rest.rsplit_once('#'))
        .map(|(heading, number)| (heading.trim_end(), number.trim()));
    Some(numbered.unwrap_or((whole, "")))
}

fn begins(line: &str) -> bool {
    BEGINS.iter().any(|begin| {
        let head = line.get(..begin.len());
        let next = line.get(begin.len()..).and_then(|rest| rest.chars().next());
        head.is_some_and(|head| head.eq_ignore_ascii_case(begin)) && matches!(next, Some(' ' | '.'))
    })
}

/// Sections and synopses are the writer's own outline, not what is played.
fn is_outline(line: &str) -> bool {
    line.starts_with('#') || (line.starts_with('=') && !line.starts_with("==="))
}

fn begins_with_title(text: &str) -> bool {
    const KEYS: [&str; 12] = [
        "title",
        "credit",
        "author",
        "authors",
        "source",
        "notes",
        "draft date",
        "date",
        "contact",
        "copyright",
        "revision",
        "format",
    ];
    let first = text.lines().next().unwrap_or_default();
    let key = first
        .split_once(':')
        .map(|(key, _)| key.trim().to_ascii_lowercase());
    key.is_some_and(|key| KEYS.contains(&key.as_str()))
}

/// Comments `/* … */` and notes `[[ … ]]`: over lines, never nested.
#[derive(Default)]
struct LeftOut {
    /// What ends it, and the line it began on.
    open: Option<(&'static str, u32)>,
}

impl LeftOut {
    fn take(&mut self, number: u32, line: &str) -> String {
        let (mut kept, mut rest) = (String::new(), line);
        // A note ends with an empty line at the latest, as the syntax has it.
        if line.is_empty() && self.open.is_some_and(|(end, _)| end == "]]") {
            self.open = None;
        }
        loop {
            if let Some((end, _)) = self.open {
                let Some((_, after)) = rest.split_once(end) else {
                    return kept;
                };
                (self.open, rest) = (None, after);
            } else {
                let next = [("/*", "*/"), ("[[", "]]")]
                    .into_iter()
                    .filter_map(|(begin, end)| rest.find(begin).map(|at| (at, end)))
                    .min();
                let Some((at, end)) = next else {
                    kept.push_str(rest);
                    return kept;
                };
                kept.push_str(rest.get(..at).unwrap_or_default());
                kept.push(' ');
                rest = rest.get(at + 2..).unwrap_or_default();
                self.open = Some((end, number));
            }
        }
    }

    /// A comment that nobody closed would hide the rest of the script without a word.
    fn end(self) -> Result<(), Fault> {
        match self.open {
            Some(("*/", line)) => Err(Fault::new(
                line,
                "a comment begins with /* and never ends, so the rest of the script would not be read",
                "close it with */ or take the /* out",
            )),
            Some(_) | None => Ok(()),
        }
    }
}
