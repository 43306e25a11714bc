//! `linchpin keygen`: a pair of keys.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_trust::PrivateKey;

use crate::arguments::KeygenArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::key_files::{self, Readers, Replacing};
use crate::passphrase;
use crate::printer::Printer;
use crate::settings::Environment;

pub(super) fn run(
    arguments: &KeygenArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let failure = || Failure::new(ExitCode::Trust, "make keys");
    let replacing = if arguments.force {
        Replacing::Allowed
    } else {
        Replacing::Never
    };
    let private_path = with_ending(&arguments.name, ".key");
    let public_path = with_ending(&arguments.name, ".pub");
    for path in [&private_path, &public_path] {
        key_files::check_free(path, replacing)?;
    }
    let passphrase = if arguments.no_passphrase {
        None
    } else {
        Some(passphrase::new(&arguments.passphrase, environment)?)
    };
    let key = PrivateKey::generate(arguments.algorithm.into()).with_context(failure)?;
    let private = match &passphrase {
        Some(passphrase) => key.to_encrypted_pem(passphrase),
        None => key.to_plain_pem(),
    }
    .with_context(failure)?;
    let public = key.public_key();
    key_files::write(&private_path, private.as_bytes(), Readers::Owner, replacing)?;
    key_files::write(
        &public_path,
        public.to_pem().as_bytes(),
        Readers::Everybody,
        replacing,
    )?;
    let how = match passphrase {
        Some(_) => "encrypted by the passphrase",
        None => "not encrypted: whoever can read it can sign with it",
    };
    printer.message(&format!(
        "wrote the private key {} ({how}) and the public key {}",
        private_path.display(),
        public_path.display()
    ));
    // The name by which bundles, `sign` and `verify` speak of the key.
    let line = format!("{} key {}\n", public.algorithm(), public.hint());
    Printer::result(line.as_bytes()).context(Failure::new(
        ExitCode::Internal,
        "write to the standard output",
    ))?;
    Ok(ExitCode::Clean)
}

/// The name with an ending put on it. Its own dots stay: `release-1.2` is `release-1.2.key`.
fn with_ending(name: &Path, ending: &str) -> PathBuf {
    let mut name = name.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
