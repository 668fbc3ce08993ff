//! Final Draft's XML, strictly: no document type, no entities but XML's five, bounded depth, every element closed.

use crate::{Fault, Gathered, Scene, limit, text};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

const CURE_SAVE: &str = "open it in the program that wrote it and export it as .fdx again";
const CURE_PLAIN: &str = "a script needs none: export it as .fdx again, and ask who sent it";

pub(crate) fn scenes(xml: &str) -> Result<Vec<Scene>, Fault> {
    let mut reader = Reader::from_str(xml);
    let mut walk = Walk {
        xml,
        line: (0, 1),
        path: Vec::new(),
        paragraphs: Vec::new(),
        gathered: Gathered::default(),
        is_script: false,
    };
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let line = walk.line_at(at);
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => walk.take(line, &event)?,
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(at);
                return Err(Fault::new(
                    text::line_of(xml, at),
                    format!("the XML is broken: {error}"),
                    CURE_SAVE,
                ));
            }
        }
    }
    if let Some((name, line)) = walk.path.last() {
        return Err(Fault::new(
            text::line_count(xml),
            format!("the file ends within <{name}>, which began on line {line}"),
            "it was cut on the way: take it from its source again",
        ));
    }
    if !walk.is_script {
        return Err(not_final_draft(1));
    }
    Ok(walk.gathered.0)
}

/// A paragraph that is not closed yet.
#[derive(Default)]
struct Paragraph {
    is_heading: bool,
    number: String,
    line: u32,
    text: String,
}

struct Walk<'a> {
    xml: &'a str,
    /// A byte and its line, so that lines are counted once.
    line: (usize, u32),
    path: Vec<(String, u32)>,
    paragraphs: Vec<Paragraph>,
    gathered: Gathered,
    is_script: bool,
}

impl Walk<'_> {
    fn line_at(&mut self, byte: usize) -> u32 {
        let (from, line) = self.line;
        let passed = self.xml.as_bytes().get(from..byte).unwrap_or_default();
        let line = line.saturating_add(text::ends(passed));
        self.line = (byte, line);
        line
    }

    fn take(&mut self, line: u32, event: &Event<'_>) -> Result<(), Fault> {
        match event {
            Event::Start(start) => self.start(line, start),
            Event::Empty(start) => {
                self.start(line, start)?;
                self.end()
            }
            Event::End(_) => self.end(),
            Event::Text(part) => {
                let said = part.decode().map_err(|error| broken(line, &error))?;
                self.say(line, &said)
            }
            Event::CData(part) => {
                let said = part.decode().map_err(|error| broken(line, &error))?;
                self.say(line, &said)
            }
            Event::GeneralRef(name) => {
                let resolved = name
                    .resolve_char_ref()
                    .map_err(|error| broken(line, &error))?;
                let name = name.decode().map_err(|error| broken(line, &error))?;
                let one = match (resolved, &*name) {
                    (Some(one), _) => one,
                    (None, "amp") => '&',
                    (None, "lt") => '<',
                    (None, "gt") => '>',
                    (None, "quot") => '"',
                    (None, "apos") => '\'',
                    (None, other) => {
                        return Err(Fault::new(
                            line,
                            format!("the entity `&{};` is not taken", text::tidy(other, 40)),
                            CURE_PLAIN,
                        ));
                    }
                };
                self.say(line, one.encode_utf8(&mut [0; 4]))
            }
            Event::DocType(_) => Err(Fault::new(
                line,
                "a document type (<!DOCTYPE>) is not taken: it can name files and grow without bound",
                CURE_PLAIN,
            )),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, line: u32, start: &BytesStart<'_>) -> Result<(), Fault> {
        let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
        if self.path.is_empty() {
            if name != "FinalDraft" || self.is_script {
                return Err(not_final_draft(line));
            }
            self.is_script = true;
        }
        if self.path.len() >= limit::DEPTH {
            return Err(Fault::new(
                line,
                format!("elements lie in each other deeper than {}", limit::DEPTH),
                CURE_SAVE,
            ));
        }
        let mut paragraph = Paragraph {
            line,
            ..Paragraph::default()
        };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| broken(line, &error))?;
            let value = attribute
                .unescape_value()
                .map_err(|error| broken(line, &error))?;
            match attribute.key.as_ref() {
                b"Type" => paragraph.is_heading = value == "Scene Heading",
                b"Number" => value.clone_into_string(&mut paragraph.number),
                _ => {}
            }
        }
        self.path.push((name, line));
        if self
            .path
            .last()
            .is_some_and(|(name, _)| name == "Paragraph")
        {
            self.paragraphs.push(paragraph);
        }
        Ok(())
    }

    /// The reader has seen to it that the names agree.
    fn end(&mut self) -> Result<(), Fault> {
        let Some((name, _)) = self.path.pop() else {
            return Ok(());
        };
        if name != "Paragraph" {
            return Ok(());
        }
        let Some(paragraph) = self.paragraphs.pop() else {
            return Ok(());
        };
        if !self.is_played() {
            return Ok(());
        }
        if paragraph.is_heading && !paragraph.text.trim().is_empty() {
            return self
                .gathered
                .heading(paragraph.line, &paragraph.number, &paragraph.text);
        }
        self.gathered.text(paragraph.line, &paragraph.text);
        Ok(())
    }

    fn say(&mut self, line: u32, said: &str) -> Result<(), Fault> {
        if self.path.is_empty() {
            if said.trim().is_empty() {
                return Ok(());
            }
            return Err(Fault::new(
                line,
                "there is text outside the script's element",
                CURE_SAVE,
            ));
        }
        if self.path.last().is_some_and(|(name, _)| name == "Text")
            && let Some(paragraph) = self.paragraphs.last_mut()
        {
            paragraph.text.push_str(said);
        }
        Ok(())
    }

    /// Within the script itself, and in no note on it. Headers, title page and lists are not played.
    fn is_played(&self) -> bool {
        self.path.get(1).is_some_and(|(name, _)| name == "Content")
            && !self.path.iter().any(|(name, _)| name == "ScriptNote")
    }
}

/// Puts a value where a text is kept.
trait IntoText {
    fn clone_into_string(&self, text: &mut String);
}

impl IntoText for std::borrow::Cow<'_, str> {
    fn clone_into_string(&self, text: &mut String) {
        text.clear();
        text.push_str(self);
    }
}

fn broken(line: u32, error: &dyn std::fmt::Display) -> Fault {
    Fault::new(line, format!("the XML is broken: {error}"), CURE_SAVE)
}

fn not_final_draft(line: u32) -> Fault {
    Fault::new(
        line,
        "this is XML, and not Final Draft's: its one outermost element must be <FinalDraft>",
        "export the script as Fountain or Final Draft (.fdx)",
    )
}
