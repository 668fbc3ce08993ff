//! What people bring to a production before the first day: the script, the armorer's own sheet, the geometry of a shot.
//!
//! In scope: reading a script in Fountain or Final Draft's FDX and finding the scenes with weapons and shots in it
//! ([`read`], [`find`]); reading a sheet of weapons or people in CSV ([`sheet`]); drawing a shot plan from measured points
//! ([`plan`]).
//!
//! Out of scope: entering anything, files, and other formats. A script that names no weapon may still have one on set, and
//! what was found is a list to go through with people, never a verdict.
//!
//! Invariants:
//! - nothing is half read: a file gives all its scenes or rows, or one fault with its line and what cures it;
//! - of a script only scene numbers, headings, the words that matched and their lines are kept, never its text;
//! - input of any kind does not make it panic, and memory is bounded by [`limit`];
//! - no plan is drawn with a muzzle line through a person or a person nearer than the tested distance.
//!
//! ```
//! let bytes = b"INT. SALOON - NIGHT\n\nMARA draws a revolver.\n";
//! let script = script::read(bytes)?;
//! let words = script::find::Words::shipped("en").unwrap_or_default();
//! let scenes = script::find::scenes(&script, &words);
//! assert_eq!(scenes[0].heading, "INT. SALOON - NIGHT");
//! assert_eq!(scenes[0].uses[0].word, "revolver");
//! # Ok::<(), script::Fault>(())
//! ```

mod fdx;
pub mod find;
mod fountain;
pub mod limit;
pub mod plan;
pub mod sheet;
pub mod text;

/// Why a file is not read: where, what is wrong, and what cures it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {says}")]
pub struct Fault {
    /// The line, from 1.
    pub line: u32,
    /// A sentence without capital or full stop.
    pub says: String,
    /// What to do about it.
    pub cure: &'static str,
}

impl Fault {
    pub(crate) fn new(line: u32, says: impl Into<String>, cure: &'static str) -> Self {
        Self {
            line,
            says: says.into(),
            cure,
        }
    }
}

/// What a script is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text, <https://fountain.io/syntax>.
    Fountain,
    /// Final Draft's XML.
    Fdx,
}

impl Format {
    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fountain => "Fountain",
            Self::Fdx => "Final Draft FDX",
        }
    }
}

/// A script in memory, scene by scene. Kept only until its words were looked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What it was written in.
    pub format: Format,
    /// How its bytes were read; `None` for UTF-8.
    pub note: Option<String>,
    /// Lines of the file.
    pub lines: u32,
    /// Its scenes in order. What stands before the first heading is a scene without one.
    pub scenes: Vec<Scene>,
}

/// One scene with its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// Its number as printed; empty if the script has none.
    pub number: String,
    /// Its heading; empty for what stands before the first one.
    pub heading: String,
    /// The heading's line, from 1.
    pub line: u32,
    /// Lines of action and speech, each with its number from 1.
    pub(crate) text: Vec<(u32, String)>,
}

/// Reads a script; which format it is shows in its first bytes.
///
/// # Errors
/// [`Fault`]: too large, not text, broken XML, a document type or an entity in XML, no scene in it.
pub fn read(bytes: &[u8]) -> Result<Script, Fault> {
    let decoded = text::decode(bytes, limit::SCRIPT_BYTES)?;
    let (format, scenes) = if text::is_xml(&decoded.text) {
        (Format::Fdx, fdx::scenes(&decoded.text)?)
    } else {
        (Format::Fountain, fountain::scenes(&decoded.text)?)
    };
    if !scenes.iter().any(|scene| !scene.heading.is_empty()) {
        return Err(Fault::new(
            1,
            "no scene heading was found in the file",
            "headings begin with INT., EXT., EST. or I/E, or with a full stop in Fountain; check that this is the script",
        ));
    }
    let lines = text::line_count(&decoded.text);
    Ok(Script {
        format,
        note: decoded.note,
        lines,
        scenes,
    })
}

/// Scenes being gathered, within the limits.
#[derive(Default)]
struct Gathered(Vec<Scene>);

impl Gathered {
    fn heading(&mut self, line: u32, number: &str, heading: &str) -> Result<(), Fault> {
        if self.0.len() >= limit::SCENES {
            return Err(Fault::new(
                line,
                format!("more than {} scenes", limit::SCENES),
                "split the script and read it in parts",
            ));
        }
        self.0.push(Scene {
            number: text::tidy(number, limit::NUMBER_CHARS),
            heading: text::tidy(heading, limit::HEADING_CHARS),
            line,
            text: vec![(line, heading.to_owned())],
        });
        Ok(())
    }

    fn text(&mut self, line: u32, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        if self.0.is_empty() {
            self.0.push(Scene {
                line,
                ..Scene::default()
            });
        }
        if let Some(scene) = self.0.last_mut() {
            scene.text.push((line, text.to_owned()));
        }
    }
}
