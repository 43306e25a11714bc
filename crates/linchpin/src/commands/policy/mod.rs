//! `linchpin policy`: begin a policy, test one, and see what rules may ask for. Also reads policies for
//! `linchpin gate`.

mod init;
mod names;
mod readers;

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, Result};
use linchpin_policy::{CaseOutcome, MAX_POLICY_BYTES, Policy, read, run_cases, starter};
use linchpin_report::printable;
use linchpin_text::counted;

use crate::arguments::{PolicyCommand, TestPolicyArguments};
use crate::exit_codes::{ExitCode, Failure};
use crate::key_files;
use crate::outputs::deliver;
use crate::printer::Printer;
pub(super) use readers::READERS;

/// Why a policy can not be read.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("it is not UTF-8")]
    NotText,
    #[error(
        "it has no cases\nhint: a case says what was said of an artifact and what must come out; `linchpin policy init` writes some"
    )]
    NoCases,
}

pub(super) fn run(command: &PolicyCommand, printer: &Printer) -> Result<ExitCode> {
    match command {
        PolicyCommand::Init(arguments) => init::run(arguments, printer),
        PolicyCommand::Test(arguments) => test(arguments),
        PolicyCommand::Names => names::run(printer),
    }
}

/// The policy that counts if none is given.
pub(super) fn built_in() -> Result<Policy> {
    starter().context(Failure::new(ExitCode::Internal, "read the built-in policy"))
}

/// Reads a policy. Keys that it names by relative paths are looked for in its folder.
pub(super) fn read_policy(path: &Path) -> Result<Policy> {
    let failure = || {
        Failure::new(
            ExitCode::WrongUse,
            format!("use the policy `{}`", path.display()),
        )
    };
    let mut content = Vec::new();
    File::open(path)
        .and_then(|file| {
            file.take(MAX_POLICY_BYTES as u64 + 1)
                .read_to_end(&mut content)
        })
        .with_context(failure)?;
    let text = String::from_utf8(content)
        .map_err(|_| Unreadable::NotText)
        .with_context(failure)?;
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let read_key = |name: &str| {
        key_files::read(&folder.join(name)).map_err(|error| error.root_cause().to_string())
    };
    read(&path.display().to_string(), &text, &read_key).with_context(failure)
}

/// Asks the cases of policies.
fn test(arguments: &TestPolicyArguments) -> Result<ExitCode> {
    let mut text = String::new();
    let (mut run, mut failed) = (0, 0);
    for file in &arguments.files {
        let policy = read_policy(file)?;
        if policy.cases.is_empty() {
            let failure = Failure::new(
                ExitCode::WrongUse,
                format!("test the policy `{}`", file.display()),
            );
            return Err(anyhow::Error::new(Unreadable::NoCases).context(failure));
        }
        for outcome in run_cases(policy, READERS) {
            run += 1;
            failed += usize::from(!outcome.faults.is_empty());
            describe(file, &outcome, &mut text);
        }
    }
    let _ = writeln!(text, "{}, {failed} not as they say", counted(run, "case"));
    deliver(None, text.as_bytes())?;
    Ok(if failed == 0 {
        ExitCode::Clean
    } else {
        ExitCode::Findings
    })
}

fn describe(file: &Path, outcome: &CaseOutcome, text: &mut String) {
    let word = if outcome.faults.is_empty() {
        "ok"
    } else {
        "NOT OK"
    };
    let _ = writeln!(
        text,
        "{word:<7} {}:{}: {}",
        file.display(),
        outcome.line,
        printable(&outcome.title)
    );
    for fault in &outcome.faults {
        let _ = writeln!(text, "        {}", printable(fault));
    }
    if !outcome.faults.is_empty() {
        let said = outcome.verdict.rules.iter().filter_map(|rule| {
            let reason = rule.reason.as_ref()?;
            Some(format!("{} {}: {reason}", rule.id, rule.decision.word()))
        });
        for line in said.chain(outcome.verdict.notes.iter().cloned()) {
            let _ = writeln!(
                text,
                "        {}",
                printable(line.lines().next().unwrap_or_default())
            );
        }
    }
}
