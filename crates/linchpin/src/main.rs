//! The command line of Linchpin.
//!
//! `arguments` says what can be written, `settings.rs` turns arguments and environment into one
//! typed value before any work begins, `commands/` does the work, `printer.rs` is the only place
//! that writes to the terminal, `exit_codes.rs` lists how it can end.

mod arguments;
mod artifacts;
mod build_system;
mod commands;
mod configuration;
mod destinations;
mod evidence;
mod exit_codes;
mod identity_tokens;
mod key_files;
mod line_service;
mod network;
mod outputs;
mod passphrase;
mod printer;
mod progress;
mod settings;
mod target;
mod trusted_roots;

use clap::Parser as _;
use mimalloc::MiMalloc;

use crate::arguments::Arguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::settings::Environment;

/// Documents and inventories are millions of small pieces, made by several threads and dropped by
/// others: what the system has for that takes a third of the time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::process::ExitCode {
    let environment = Environment::read();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for; everything else is wrong use. A closed pipe is no
            // reason to complain.
            let _ = error.print();
            let code = if error.use_stderr() {
                ExitCode::WrongUse
            } else {
                ExitCode::Clean
            };
            return code.into();
        }
    };
    let printer = Printer::new(&arguments.general, &environment);
    let code = match commands::run(arguments.command, &printer, &environment) {
        Ok(code) => code,
        Err(error) => {
            printer.error(&error);
            error
                .downcast_ref::<Failure>()
                .map_or(ExitCode::Internal, |failure| failure.code)
        }
    };
    code.into()
}
