//! One file per command.

mod attesting;
mod bar;
mod build;
mod check_pages;
mod checking;
mod completions;
mod db;
mod diff;
mod document_target;
mod explain;
mod exploitability;
mod findings;
mod fix;
mod gate;
mod history;
mod inventory;
mod keygen;
mod manual;
mod policy;
mod purl;
mod rules;
mod sbom;
mod scan;
mod score;
mod services;
mod sign;
mod signing;
mod tree;
mod trust_root;
mod user_rules;
mod verify;
mod version;

use anyhow::Result;

use crate::arguments::Command;
use crate::exit_codes::ExitCode;
use crate::printer::Printer;
use crate::settings::Environment;

/// The version of this program.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Runs a command.
pub(crate) fn run(
    command: Command,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    match command {
        Command::Scan(arguments) => scan::run(&arguments, printer, environment),
        Command::Sbom(arguments) => sbom::run(&arguments, printer, environment),
        Command::Diff(arguments) => diff::run(&arguments, printer, environment),
        Command::Fix(arguments) => fix::run(&arguments, printer, environment),
        Command::Explain(arguments) => explain::run(&arguments, printer, environment),
        Command::Score(arguments) => score::run(&arguments, printer, environment),
        Command::Services(arguments) => services::run(&arguments, printer, environment),
        Command::Keygen(arguments) => keygen::run(&arguments, printer, environment),
        Command::Sign(arguments) => sign::run_sign(&arguments, printer, environment),
        Command::Attest(arguments) => sign::run_attest(&arguments, printer, environment),
        Command::Build(arguments) => build::run(&arguments, printer, environment),
        Command::Verify(arguments) => verify::run(&arguments, printer, environment),
        Command::Tree(arguments) => tree::run(&arguments, printer, environment),
        Command::Gate(arguments) => gate::run(&arguments, printer, environment),
        Command::Policy(command) => policy::run(&command, printer),
        Command::TrustRoot(command) => trust_root::run(&command, printer, environment),
        Command::Conformance(command) => verify::run_conformance(&command),
        Command::Rules(command) => rules::run(&command, printer),
        Command::Purl(command) => purl::run(command),
        Command::Version(command) => version::run(&command),
        Command::Db(command) => db::run(&command, printer, environment),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Manual(arguments) => manual::run(&arguments),
    }
}
