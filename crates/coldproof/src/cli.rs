//! Commands: what they take, how they answer, and the exit code each answer has.

mod args;
mod backup;
mod cosign;
mod demo;
mod doctor;
mod exit;
mod export;
mod go_on;
mod import;
mod init;
mod lan;
mod pack;
mod plan;
mod qr;
mod registers;
mod replay;
mod restore;
mod script;
mod serve;
mod settings;
mod signing;
mod verify;

use args::{Args, Command, Form, PackCommand};
use clap::Parser as _;
use exit::{Exit, Failure};
use std::process::ExitCode;

/// Reads the command line and does what it says. Usage errors end with 2.
pub(crate) fn run() -> ExitCode {
    end_quietly_when_nobody_reads();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(refused) => {
            let wants_json = std::env::args_os().any(|word| word == "--json");
            if wants_json && refused.exit_code() != 0 {
                println!("{}", exit::usage_json(&refused.render().to_string()));
                return ExitCode::from(2);
            }
            refused.exit()
        }
    };
    let form = args.form();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("COLDPROOF_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    match dispatch(&args, form) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.print(form);
            failure.exit.into()
        }
    }
}

/// `coldproof verify … | head` closes the pipe before all is said. That is no fault of the program: it ends as a shell's own
/// commands do, without a report of a panic.
fn end_quietly_when_nobody_reads() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let says = panic.payload_as_str().unwrap_or_default();
        if says.starts_with("failed printing to stdout") && says.contains("Broken pipe") {
            // 128 and the number of SIGPIPE.
            std::process::exit(141);
        }
        report(panic);
    }));
}

fn dispatch(args: &Args, form: Form) -> Result<Exit, Failure> {
    match &args.command {
        Command::Demo(args) => demo::run(args, form),
        Command::Init(args) => init::run(args, form),
        Command::Serve(args) => serve::run(args, form),
        Command::Replay(args) => replay::run(args, form),
        Command::Verify(args) => verify::run(args, form),
        Command::Export(args) => export::run(args, form),
        Command::Pack(PackCommand::Check(args)) => pack::run(args, form),
        Command::Pack(PackCommand::Explain(args)) => pack::explain::run(args, form),
        Command::Pack(PackCommand::Diff(args)) => pack::diff::run(args, form),
        Command::Doctor(args) => doctor::run(args, form),
        Command::Backup(args) => backup::run(args, form),
        Command::Restore(args) => restore::restore(args, form),
        Command::Takeover(args) => restore::takeover(args, form),
        Command::GoOn(args) => go_on::run(args, form),
        Command::Cosign(args) => cosign::run(args, form),
        Command::Script(command) => script::run(command, form),
        Command::Plan(command) => plan::run(command, form),
        Command::Import(command) => import::run(command, form),
        Command::Register(args) => registers::run(args, form),
    }
}
