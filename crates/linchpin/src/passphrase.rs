//! Where the passphrase of a private key comes from: a file that was named, the environment, or a
//! question on the terminal. It is never an argument, which others on the machine could read.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use anyhow::{Context, Result};
use linchpin_trust::{Passphrase, PrivateKey, PrivateKeyFile};

use crate::arguments::PassphraseArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::settings::Environment;

/// The most that is read of a file with a passphrase.
const MOST_BYTES: u64 = 64 << 10;

/// Why there is no passphrase.
#[derive(Debug, thiserror::Error)]
enum NoPassphrase {
    #[error(
        "there is no passphrase, and no terminal to ask for one\nhint: set LINCHPIN_PASSPHRASE, or name a file with `--passphrase-file`"
    )]
    NobodyToAsk,
    #[error(
        "an empty passphrase protects nothing\nhint: `--no-passphrase` writes a key that anybody can use"
    )]
    Empty,
    #[error("the two passphrases are not the same")]
    Different,
    #[error("the file has more than 64 KiB, which no passphrase has")]
    TooLarge,
}

/// The passphrase for a key that is there.
pub(crate) fn existing(
    arguments: &PassphraseArguments,
    environment: &Environment,
    key: &Path,
) -> Result<Passphrase> {
    match given(arguments, environment)? {
        Some(passphrase) => Ok(passphrase),
        None => ask(&format!("Passphrase of {}: ", key.display())),
    }
}

/// The passphrase for a key that is being made.
pub(crate) fn new(
    arguments: &PassphraseArguments,
    environment: &Environment,
) -> Result<Passphrase> {
    let passphrase = match given(arguments, environment)? {
        Some(passphrase) => passphrase,
        None => {
            let first = ask("Passphrase for the private key: ")?;
            if ask("The same again: ")? != first {
                return Err(failed(NoPassphrase::Different));
            }
            first
        }
    };
    if passphrase.is_empty() {
        return Err(failed(NoPassphrase::Empty));
    }
    Ok(passphrase)
}

/// Reads and opens a private key, and asks for its passphrase if it has one.
pub(crate) fn open_key(
    path: &Path,
    arguments: &PassphraseArguments,
    environment: &Environment,
) -> Result<PrivateKey> {
    let failure = || Failure::new(ExitCode::Trust, format!("use the key `{}`", path.display()));
    let file = PrivateKeyFile::read(&crate::key_files::read(path)?).with_context(failure)?;
    let passphrase = if file.is_encrypted() {
        Some(existing(arguments, environment, path)?)
    } else {
        None
    };
    file.open(passphrase.as_ref()).with_context(failure)
}

fn given(arguments: &PassphraseArguments, environment: &Environment) -> Result<Option<Passphrase>> {
    let Some(path) = &arguments.passphrase_file else {
        return Ok(environment.passphrase.clone());
    };
    let reading = || Failure::new(ExitCode::Trust, format!("read `{}`", path.display()));
    let mut content = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut content))
        .with_context(reading)?;
    if content.len() as u64 > MOST_BYTES {
        return Err(anyhow::Error::new(NoPassphrase::TooLarge).context(reading()));
    }
    Ok(Some(Passphrase::from_file(content)))
}

fn ask(question: &str) -> Result<Passphrase> {
    if !std::io::stdin().is_terminal() {
        return Err(failed(NoPassphrase::NobodyToAsk));
    }
    rpassword::prompt_password(question)
        .map(Passphrase::new)
        .context(asking())
}

fn failed(why: NoPassphrase) -> anyhow::Error {
    anyhow::Error::new(why).context(asking())
}

fn asking() -> Failure {
    Failure::new(ExitCode::Trust, "get the passphrase of the private key")
}
