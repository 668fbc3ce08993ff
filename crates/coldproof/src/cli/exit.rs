//! The one place where answers become exit codes.

use super::args::Form;
use node::NotEntered;
use std::fmt::Display;
use std::process::ExitCode;

/// How a command ended. 2 belongs to usage errors and is given by the parser of arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// The record says no.
    Refused = 10,
    /// The rules say no.
    #[expect(
        dead_code,
        reason = "promised to scripts; no command asks the rules for leave yet"
    )]
    Withheld = 11,
    /// Not allowed to ask.
    Denied = 12,
    /// The program could not.
    Fault = 13,
    /// Input that cannot be read.
    Invalid = 65,
    /// The record contradicts itself.
    Broken = 70,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// Its word in JSON.
    const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Withheld => "withheld",
            Self::Denied => "denied",
            Self::Fault => "fault",
            Self::Invalid => "invalid",
            Self::Broken => "broken",
        }
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// A sentence without capital or full stop.
    says: String,
    /// What to do next; may be empty.
    help: String,
    /// What exactly, a word that stays; empty when the exit's word says all.
    cause: String,
    /// The entry that it is about.
    entry: Option<u64>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, says: impl Display) -> Self {
        Self {
            exit,
            says: says.to_string(),
            help: String::new(),
            cause: String::new(),
            entry: None,
        }
    }

    /// A word for programs that says what exactly; never changed once given.
    #[must_use]
    pub(crate) fn cause(mut self, cause: &str) -> Self {
        cause.clone_into(&mut self.cause);
        self
    }

    /// The cause and entry of a verifier's line `fault <code> [<entry>]`.
    #[must_use]
    pub(crate) fn at(mut self, line: &str) -> Self {
        let mut words = line.split(' ').skip(1);
        words.next().unwrap_or_default().clone_into(&mut self.cause);
        self.entry = words.next().and_then(|entry| entry.parse().ok());
        self
    }

    pub(crate) fn invalid(says: impl Display) -> Self {
        Self::new(Exit::Invalid, says)
    }

    pub(crate) fn fault(says: impl Display) -> Self {
        Self::new(Exit::Fault, says)
    }

    /// The sentence.
    pub(crate) fn says(&self) -> &str {
        &self.says
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Display) -> Self {
        self.help = help.to_string();
        self
    }

    /// `code` is the exit's word, `cause` says what exactly (the same word where there is no more to say); both stay for ever.
    fn json(&self) -> serde_json::Value {
        let cause = if self.cause.is_empty() {
            self.exit.word()
        } else {
            &self.cause
        };
        let mut error = serde_json::json!({
            "code": self.exit.word(), "cause": cause, "exit": self.exit as u8,
            "message": self.says, "help": self.help
        });
        if let (Some(entry), Some(members)) = (self.entry, error.as_object_mut()) {
            members.insert("entry".to_owned(), entry.into());
        }
        serde_json::json!({ "error": error })
    }

    pub(crate) fn print(&self, form: Form) {
        match form {
            Form::Json => println!("{}", self.json()),
            Form::Human | Form::Plain => {
                eprintln!("{}: {}", self.exit.word(), self.says);
                if !self.help.is_empty() {
                    eprintln!("help: {}", self.help);
                }
            }
        }
    }
}

/// Words that the parser of arguments refused, as a program hears them.
pub(crate) fn usage_json(says: &str) -> serde_json::Value {
    let says = says.trim();
    let says = says.strip_prefix("error: ").unwrap_or(says);
    serde_json::json!({"error": {"code": "usage", "cause": "usage", "exit": 2, "message": says, "help": ""}})
}

impl From<NotEntered> for Failure {
    fn from(not: NotEntered) -> Self {
        let exit = match not {
            NotEntered::Invalid { .. } => Exit::Invalid,
            NotEntered::Denied { .. } => Exit::Denied,
            NotEntered::Fault { .. } => Exit::Fault,
        };
        let code = not.code();
        Self::new(exit, not).cause(code)
    }
}

impl From<node::NodeError> for Failure {
    fn from(error: node::NodeError) -> Self {
        if let node::NodeError::Record(store::OpenError::Exists { folder }) = &error {
            return Self::new(
                Exit::Refused,
                format!("`{}` holds a record already", folder.display()),
            )
            .help("a record is never made over or mixed with another; choose another folder");
        }
        if let node::NodeError::Opening(says) = error {
            return Self::invalid(says);
        }
        Self::fault(chain(&error))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::fault(error)
    }
}

/// An error with what caused it, as one sentence.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut says = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_says = inner.to_string();
        if !says.contains(&inner_says) {
            says = format!("{says}: {inner_says}");
        }
        cause = inner.source();
    }
    says
}
