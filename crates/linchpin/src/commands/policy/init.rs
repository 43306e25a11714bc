//! `linchpin policy init`: the starter, at a level and with keys to believe.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use linchpin_policy::{Level, STARTER};
use linchpin_text::counted;

use super::{built_in, read_policy};
use crate::arguments::InitPolicyArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::key_files::{self, Readers, Replacing};
use crate::outputs::deliver;
use crate::printer::Printer;

/// Why no policy is written.
#[derive(Debug, thiserror::Error)]
enum NotWritten {
    #[error("there is no level `{0}`; there are {1}")]
    NoLevel(String, String),
    #[error("the path of the key can not be written into a policy")]
    OddPath,
}

pub(super) fn run(arguments: &InitPolicyArguments, printer: &Printer) -> Result<ExitCode> {
    let wrong = || Failure::new(ExitCode::WrongUse, "understand the arguments");
    let levels = built_in()?.levels;
    if !levels.contains(&Level(arguments.level.clone())) {
        let known: Vec<&str> = levels.iter().map(|level| level.0.as_str()).collect();
        let error = NotWritten::NoLevel(arguments.level.clone(), known.join(", "));
        return Err(anyhow::Error::new(error).context(wrong()));
    }
    let mut text = STARTER.replacen(
        "\nlevel: exploited\n",
        &format!("\nlevel: {}\n", arguments.level),
        1,
    );
    let is_stream = arguments.file.as_os_str() == "-";
    let folder = if is_stream {
        PathBuf::new()
    } else {
        arguments
            .file
            .parent()
            .map(PathBuf::from)
            .unwrap_or_default()
    };
    if !arguments.key.is_empty() {
        text = text.replacen(
            "#signers:\n",
            &format!("{}#signers:\n", signers(arguments, &folder)?),
            1,
        );
    }
    if is_stream {
        deliver(None, text.as_bytes())?;
        return Ok(ExitCode::Clean);
    }
    let replacing = if arguments.force {
        Replacing::Allowed
    } else {
        Replacing::Never
    };
    key_files::write(
        &arguments.file,
        text.as_bytes(),
        Readers::Everybody,
        replacing,
    )?;
    // What is written can be read: the keys are where it says.
    let policy = read_policy(&arguments.file)?;
    printer.message(&format!(
        "wrote {}: {}, level {}; `linchpin policy test {}` runs its cases",
        arguments.file.display(),
        counted(policy.rules.len(), "rule"),
        arguments.level,
        arguments.file.display(),
    ));
    Ok(ExitCode::Clean)
}

/// The signers for keys, each named after its file.
fn signers(arguments: &InitPolicyArguments, folder: &Path) -> Result<String> {
    let mut text = String::from("signers:\n");
    for key in &arguments.key {
        let failure = || {
            Failure::new(
                ExitCode::WrongUse,
                format!("name the key `{}` in a policy", key.display()),
            )
        };
        // Tells at once if it is no key, or a private one.
        key_files::read_public(key)?;
        let path = relative(key, folder);
        let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
        let path = path.to_str().filter(|path| path.chars().all(plain));
        let path = path.ok_or(NotWritten::OddPath).with_context(failure)?;
        let name = key
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        let _ = writeln!(
            text,
            "  - name: {}\n    key-file: {path}",
            name.unwrap_or_default()
        );
    }
    Ok(text)
}

/// The path of a key as a policy in a folder names it.
fn relative(key: &Path, folder: &Path) -> PathBuf {
    let whole = |path: &Path| {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        path.canonicalize().ok()
    };
    match (whole(key), whole(folder)) {
        (Some(key), Some(folder)) => key.strip_prefix(&folder).map(PathBuf::from).unwrap_or(key),
        _ => key.to_owned(),
    }
}
