//! `linchpin sign` and `linchpin attest`: a signed statement about an artifact, as a Sigstore bundle.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_remote::Access;
use linchpin_trust::{MAX_BUNDLE_BYTES, PredicateType, Statement};

use super::signing::{Signer, SignerChoice};

use crate::arguments::{AttestArguments, SignArguments, SignerArguments};
use crate::artifacts::Signable;
use crate::commands::verify::what;
use crate::destinations::Destination;
use crate::exit_codes::{ExitCode, Failure};
use crate::key_files::Replacing;
use crate::printer::Printer;
use crate::settings::{Environment, network_of};

/// The most that is read of a predicate: in a bundle, text takes a third more.
const MOST_PREDICATE_BYTES: u64 = (MAX_BUNDLE_BYTES as u64) / 2;

/// Why nothing is signed.
#[derive(Debug, thiserror::Error)]
enum NotSigned {
    #[error("it is unknown where the bundle is to go\nhint: name a file with `--output`")]
    NoPlace,
    #[error("it has more than 32 MiB, which is too much for a statement")]
    LargePredicate,
}

pub(super) fn run_sign(
    arguments: &SignArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let signable = find(&arguments.signer, arguments.output.as_deref(), environment)?;
    let output = arguments
        .output
        .clone()
        .or_else(|| signable.signature_path());
    write_statement(
        &signable,
        (PredicateType::signature(), b"{}"),
        output,
        &arguments.signer,
        printer,
        environment,
    )
}

pub(super) fn run_attest(
    arguments: &AttestArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let predicate = read_predicate(&arguments.predicate)?;
    let signable = find(&arguments.signer, arguments.output.as_deref(), environment)?;
    let output = arguments
        .output
        .clone()
        .or_else(|| signable.statement_path(&arguments.predicate_type));
    write_statement(
        &signable,
        (arguments.predicate_type.clone(), &predicate),
        output,
        &arguments.signer,
        printer,
        environment,
    )
}

/// The artifact that is meant. Of one in a registry, the registry itself is asked, and no mirror.
fn find(
    arguments: &SignerArguments,
    output: Option<&Path>,
    environment: &Environment,
) -> Result<Signable> {
    let network = network_of(&[], arguments.offline, environment)?;
    let access = match output {
        Some(_) => Access::ReadItself,
        None => Access::Write,
    };
    Signable::find_anywhere(&arguments.artifact, &network, access)
}

/// Says something about an artifact, signs it, and brings the bundle to where it goes.
fn write_statement(
    signable: &Signable,
    (predicate_type, predicate): (PredicateType, &[u8]),
    output: Option<PathBuf>,
    arguments: &SignerArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let failure = || Failure::new(ExitCode::Trust, format!("sign `{}`", arguments.artifact));
    let replacing = if arguments.force {
        Replacing::Allowed
    } else {
        Replacing::Never
    };
    let destination = match (output, signable) {
        (Some(file), _) => Destination::File(file, replacing),
        (None, Signable::Image(image)) => Destination::Registry(image.clone()),
        (None, _) => {
            let wrong = Failure::new(ExitCode::WrongUse, "understand the arguments");
            return Err(anyhow::Error::new(NotSigned::NoPlace).context(wrong));
        }
    };
    destination.check()?;
    let artifact = signable.artifact(None)?;
    let subject = artifact.subject(signable.name());
    let statement =
        Statement::new(vec![subject], predicate_type, predicate).with_context(failure)?;
    let signer = Signer::open(
        SignerChoice {
            key: arguments.key.as_deref(),
            passphrase: &arguments.passphrase,
            services: &arguments.services,
            offline: arguments.offline,
        },
        environment,
    )?;
    let signed = signer.sign(&statement, environment).with_context(failure)?;
    let done = destination.deliver(&signed.bundle, environment)?;
    let digest = artifact
        .digest()
        .map_or_else(String::new, ToString::to_string);
    printer.message(&format!(
        "{done}: {} about {digest}, signed {}",
        what(statement.predicate_type()),
        signed.how
    ));
    Ok(ExitCode::Clean)
}

fn read_predicate(path: &Path) -> Result<Vec<u8>> {
    let failure = || {
        Failure::new(
            ExitCode::Target,
            format!("read the predicate `{}`", path.display()),
        )
    };
    let mut content = Vec::new();
    let most = MOST_PREDICATE_BYTES + 1;
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut content)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut content))
    };
    read.with_context(failure)?;
    if content.len() as u64 >= most {
        return Err(anyhow::Error::new(NotSigned::LargePredicate).context(failure()));
    }
    Ok(content)
}
