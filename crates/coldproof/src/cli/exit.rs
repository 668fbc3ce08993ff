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
}

impl Failure {
    pub(crate) fn new(exit: Exit, says: impl Display) -> Self {
        Self {
            exit,
            says: says.to_string(),
            help: String::new(),
        }
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

    pub(crate) fn print(&self, form: Form) {
        match form {
            Form::Json => println!(
                "{}",
                serde_json::json!({"error": {"code": self.exit.word(), "message": self.says, "help": self.help}})
            ),
            Form::Human | Form::Plain => {
                eprintln!("{}: {}", self.exit.word(), self.says);
                if !self.help.is_empty() {
                    eprintln!("help: {}", self.help);
                }
            }
        }
    }
}

impl From<NotEntered> for Failure {
    fn from(not: NotEntered) -> Self {
        let exit = match not {
            NotEntered::Invalid { .. } => Exit::Invalid,
            NotEntered::Denied { .. } => Exit::Denied,
            NotEntered::Fault { .. } => Exit::Fault,
        };
        Self::new(exit, not)
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
