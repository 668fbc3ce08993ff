//! Uses of weapons and shots, by lists of words that anybody can read and add to.

use crate::{Fault, Script, limit, text};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a word points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Guns of any class.
    Firearm,
    /// Rounds and what holds them.
    Ammunition,
    /// Somebody fires, or a shot is heard.
    Shot,
    /// Blades, points and bows.
    Edged,
    /// Anything else that can harm: blunt, explosive, sprayed.
    Other,
}

impl Group {
    /// Every group, in order.
    pub const ALL: [Self; 5] = [
        Self::Firearm,
        Self::Ammunition,
        Self::Shot,
        Self::Edged,
        Self::Other,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Firearm => "firearm",
            Self::Ammunition => "ammunition",
            Self::Shot => "shot",
            Self::Edged => "edged",
            Self::Other => "other",
        }
    }

    /// What people are asked about such a use before anything is planned (design 1.10). Answers are entered as `plan.set`.
    pub const fn asks(self) -> &'static [&'static str] {
        match self {
            Self::Firearm | Self::Shot | Self::Ammunition => &[
                "Must it fire?",
                "Must it be real?",
                "Is a person in the muzzle line?",
            ],
            Self::Edged => &[
                "Must it be real?",
                "Must it be sharp?",
                "Who is within its reach?",
            ],
            Self::Other => &["Must it be real?", "Who can it reach?"],
        }
    }
}

/// One language's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Phrases as words in small letters; `None`: not a use, such as a shot of whiskey.
    phrases: BTreeMap<Vec<String>, Option<Group>>,
    longest: usize,
}

/// A list as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    language: String,
    common: Vec<String>,
    firearm: Vec<String>,
    ammunition: Vec<String>,
    shot: Vec<String>,
    edged: Vec<String>,
    other: Vec<String>,
    not: Vec<String>,
}

/// The lists that come with the program.
const SHIPPED: [(&str, &str); 4] = [
    ("en", include_str!("../words/en.toml")),
    ("es", include_str!("../words/es.toml")),
    ("fr", include_str!("../words/fr.toml")),
    ("de", include_str!("../words/de.toml")),
];

/// Languages with a list.
pub const LANGUAGES: [&str; 4] = ["en", "es", "fr", "de"];

impl Words {
    /// The list of a language, `None` where there is none.
    pub fn shipped(language: &str) -> Option<Self> {
        let (_, list) = SHIPPED.iter().find(|(name, _)| *name == language)?;
        Self::read(list).ok()
    }

    /// Reads a list in TOML.
    ///
    /// # Errors
    /// [`Fault`]: it is not in the format of `docs/formats/script.md`.
    pub fn read(list: &str) -> Result<Self, Fault> {
        let listed = parse(list)?;
        let mut words = Self::default();
        for (group, phrases) in [
            (Some(Group::Other), &listed.other),
            (Some(Group::Edged), &listed.edged),
            (Some(Group::Shot), &listed.shot),
            (Some(Group::Ammunition), &listed.ammunition),
            (Some(Group::Firearm), &listed.firearm),
            (None, &listed.not),
        ] {
            for phrase in phrases {
                words.add(phrase, group);
            }
        }
        Ok(words)
    }

    /// These and those of another list; where both have a phrase, one that is a use wins.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for (phrase, group) in other.phrases {
            let has = self.phrases.entry(phrase).or_insert(group);
            *has = has.or(group);
        }
        self.longest = self.longest.max(other.longest);
        self
    }

    fn add(&mut self, phrase: &str, group: Option<Group>) {
        let tokens = tokens(phrase);
        if !tokens.is_empty() {
            self.longest = self.longest.max(tokens.len());
            self.phrases.insert(tokens, group);
        }
    }
}

fn parse(list: &str) -> Result<Listed, Fault> {
    toml::from_str(list).map_err(|error| {
        let line = error
            .span()
            .map_or(1, |span| text::line_of(list, span.start));
        Fault::new(
            line,
            format!("the list of words cannot be read: {}", error.message()),
            "hold it to docs/formats/script.md",
        )
    })
}

/// The language whose small words the script has most of; English when none stands out.
pub fn language(script: &Script) -> &'static str {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let lists: Vec<(&'static str, Vec<String>)> = SHIPPED
        .iter()
        .filter_map(|(name, list)| Some((*name, parse(list).ok()?.common)))
        .collect();
    for (_, line) in script.scenes.iter().flat_map(|scene| &scene.text) {
        for token in tokens(line) {
            for (name, common) in &lists {
                if common.contains(&token) {
                    *counts.entry(name).or_default() += 1;
                }
            }
        }
    }
    let best = LANGUAGES
        .iter()
        .rev()
        .max_by_key(|name| counts.get(*name).copied().unwrap_or(0));
    best.copied().unwrap_or("en")
}

/// The language that a list of words says it is for.
///
/// # Errors
/// [`Fault`], as [`Words::read`].
pub fn language_of(list: &str) -> Result<String, Fault> {
    Ok(parse(list)?.language)
}

/// One use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// What it points to.
    pub group: Group,
    /// The words that matched, in small letters.
    pub word: String,
    /// The line of the file, from 1.
    pub line: u32,
}

/// What is kept of a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its number as printed, or `#` and its place in the file where the script numbers none.
    pub id: String,
    /// Another scene of the file has the same number.
    pub is_double: bool,
    /// Its heading.
    pub heading: String,
    /// The heading's line, from 1.
    pub line: u32,
    /// Uses in it, in order, at most [`limit::USES`].
    pub uses: Vec<Use>,
    /// Uses beyond those.
    pub more: usize,
}

impl Found {
    /// Which groups it has.
    pub fn groups(&self) -> Vec<Group> {
        Group::ALL
            .into_iter()
            .filter(|group| self.uses.iter().any(|one| one.group == *group))
            .collect()
    }

    /// What people are asked about it, each question once.
    pub fn asks(&self) -> Vec<&'static str> {
        let mut asks = Vec::new();
        for ask in self.groups().into_iter().flat_map(Group::asks) {
            if !asks.contains(ask) {
                asks.push(*ask);
            }
        }
        asks
    }
}

/// Every scene with the uses in it.
pub fn scenes(script: &Script, words: &Words) -> Vec<Found> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for scene in &script.scenes {
        *numbers.entry(&scene.number).or_default() += 1;
    }
    let mut found = Vec::with_capacity(script.scenes.len());
    for (place, scene) in script.scenes.iter().enumerate() {
        let mut uses = Vec::new();
        for (line, said) in &scene.text {
            look(*line, said, words, &mut uses);
        }
        let more = uses.len().saturating_sub(limit::USES);
        uses.truncate(limit::USES);
        let has_number = !scene.number.is_empty();
        found.push(Found {
            id: if has_number {
                scene.number.clone()
            } else {
                format!("#{}", place + 1)
            },
            is_double: has_number
                && numbers
                    .get(scene.number.as_str())
                    .is_some_and(|count| *count > 1),
            heading: scene.heading.clone(),
            line: scene.line,
            uses,
            more,
        });
    }
    found
}

/// The longest phrase from each place wins, so that `shot of whiskey` is none.
fn look(line: u32, said: &str, words: &Words, uses: &mut Vec<Use>) {
    let tokens = tokens(said);
    let mut rest = tokens.as_slice();
    while !rest.is_empty() {
        let hit = (1..=words.longest.min(rest.len()))
            .rev()
            .find_map(|length| {
                let phrase = rest.get(..length)?;
                let group = words.phrases.get(phrase)?;
                Some((phrase, *group))
            });
        if let Some((phrase, Some(group))) = hit {
            uses.push(Use {
                group,
                word: phrase.join(" "),
                line,
            });
        }
        let step = hit.map_or(1, |(phrase, _)| phrase.len());
        rest = rest.get(step..).unwrap_or_default();
    }
}

/// Words in small letters: letters, digits and a mark within a word, as in `derringer's`, whose ending is dropped.
fn tokens(said: &str) -> Vec<String> {
    said.split(|one: char| !(one.is_alphanumeric() || matches!(one, '\'' | '’')))
        .map(|word| word.trim_matches(['\'', '’']).to_lowercase())
        .map(
            |word| match word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")) {
                Some(stem) => stem.to_owned(),
                // French elision: l'arme, d'une.
                None => match word.split_once(['\'', '’']) {
                    Some((before, after)) if before.chars().count() <= 2 => after.to_owned(),
                    Some(_) | None => word,
                },
            },
        )
        .filter(|word| !word.is_empty())
        .collect()
}
