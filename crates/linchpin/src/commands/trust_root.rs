//! `linchpin trust-root`: whom Sigstore's trusted root believes, and taking another one.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use linchpin_report::printable;
use linchpin_trust::{RootOrigin, TrustedParty, TrustedRoot};

use crate::arguments::TrustRootCommand;
use crate::exit_codes::{ExitCode, Failure};
use crate::key_files::{self, Readers, Replacing};
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::settings::Environment;
use crate::trusted_roots::{self, ChosenRoot};

/// Why a root is not imported.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no folder for the user's data\nhint: set HOME or XDG_DATA_HOME, or name the root in each call with `--trusted-root`"
)]
struct NoFolder;

pub(super) fn run(
    command: &TrustRootCommand,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    match command {
        TrustRootCommand::Show(arguments) => {
            let chosen = trusted_roots::choose(arguments.trusted_root.as_deref(), environment)?;
            let text = if arguments.json {
                chosen.root.json().to_owned()
            } else {
                shown(&chosen)?
            };
            deliver(None, text.as_bytes())?;
        }
        TrustRootCommand::Import(arguments) => {
            let root = trusted_roots::read(&arguments.file)?;
            let path = trusted_roots::imported_path(environment)
                .ok_or(NoFolder)
                .context(Failure::new(ExitCode::Trust, "keep the trusted root"))?;
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).with_context(|| {
                    Failure::new(ExitCode::Internal, format!("make `{}`", folder.display()))
                })?;
            }
            let content = root.json().as_bytes();
            key_files::write(&path, content, Readers::Everybody, Replacing::Allowed)?;
            printer.message(&format!(
                "{} is used from now on; deleting it brings back the root in the program",
                path.display()
            ));
        }
    }
    Ok(ExitCode::Clean)
}

fn shown(chosen: &ChosenRoot) -> Result<String> {
    let ChosenRoot { root, file } = chosen;
    let parties = root
        .parties()
        .context(Failure::new(ExitCode::Trust, "show the trusted root"))?;
    let mut text = match file {
        Some(file) => format!("from       {}\n", printable(&file.display().to_string())),
        None => format!("from       {}\n", origin(root)),
    };
    if let Some(digest) = root.digest() {
        let _ = writeln!(text, "digest     {digest}");
    }
    let mut kind = None;
    for party in &parties {
        if kind != Some(party.kind) {
            kind = Some(party.kind);
            let _ = writeln!(text, "\n{}", party.kind.label());
        }
        let _ = writeln!(text, "  {}", described(party));
    }
    Ok(text)
}

fn origin(root: &TrustedRoot) -> &'static str {
    match root.origin() {
        RootOrigin::Production => {
            "this program: Sigstore's production instance, as its TUF repository had it when sigstore-trust-root 0.15.1 was made"
        }
        RootOrigin::Staging => "this program: Sigstore's staging instance",
        RootOrigin::Given => "a file",
    }
}

fn described(party: &TrustedParty) -> String {
    let mut text = printable(&party.address).into_owned();
    if !party.name.is_empty() {
        let _ = write!(text, " ({})", printable(&party.name));
    }
    if let Some(from) = party.from {
        let _ = write!(text, ", from {from}");
    }
    if let Some(until) = party.until {
        let _ = write!(text, " until {until}");
    }
    text
}
