//! `--attest`: the result of a command as a signed statement about its target.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_model::{Subject, SubjectKind};
use linchpin_trust::{Artifact, PredicateType, Statement, StatementSubject};

use super::signing::{Signer, SignerChoice};
use crate::arguments::{AttestingArguments, ReadingArguments};
use crate::artifacts::Signable;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::settings::Environment;

/// Signs results.
#[derive(Debug)]
pub(super) struct Attesting {
    signer: Signer,
    predicate_type: PredicateType,
    bundle: PathBuf,
}

/// Why a result is not signed.
#[derive(Debug, thiserror::Error)]
enum NotAttested {
    #[error("it is unknown where the bundle is to go\nhint: name a file with `--bundle`")]
    NoPlace,
    #[error("`{0}` means something only with `--attest`")]
    WithoutAttest(&'static str),
    #[error("a {0} has no digest that a statement could be about\nhint: an image or a file has")]
    NoDigest(&'static str),
}

impl Attesting {
    /// Opens the key before any work begins, if the result is to be signed.
    pub(super) fn new(
        arguments: &AttestingArguments,
        target: &str,
        word: &str,
        reading: &ReadingArguments,
        environment: &Environment,
    ) -> Result<Option<Self>> {
        let wrong = || Failure::new(ExitCode::WrongUse, "understand the arguments");
        if !arguments.attest {
            return match arguments.services.given() {
                Some(given) => {
                    let without = NotAttested::WithoutAttest(given);
                    Err(anyhow::Error::new(without).context(wrong()))
                }
                None => Ok(None),
            };
        }
        let predicate_type: PredicateType = word.parse().with_context(wrong)?;
        let path = Path::new(target);
        // Told before any time is spent on it.
        if path.is_dir() && !path.join("oci-layout").exists() {
            let folder = NotAttested::NoDigest(SubjectKind::Directory.label());
            return Err(anyhow::Error::new(folder).context(signing(target)));
        }
        let beside = || {
            let there = path.exists().then(|| Signable::File(path.to_owned()))?;
            there.statement_path(&predicate_type)
        };
        let bundle = arguments
            .bundle
            .clone()
            .or_else(beside)
            .ok_or(NotAttested::NoPlace)
            .with_context(wrong)?;
        Ok(Some(Self {
            signer: Signer::open(
                SignerChoice {
                    key: arguments.key.as_deref(),
                    passphrase: &arguments.passphrase,
                    services: &arguments.services,
                    offline: reading.offline,
                },
                environment,
            )?,
            predicate_type,
            bundle,
        }))
    }

    /// Writes the statement with this predicate about what was looked at. An earlier result is
    /// replaced.
    pub(super) fn attest(
        &self,
        target: &str,
        subject: &Subject,
        predicate: &[u8],
        printer: &Printer,
        environment: &Environment,
    ) -> Result<()> {
        let failure = || signing(target);
        let subjects = subjects(target, subject)?;
        let statement = Statement::new(subjects, self.predicate_type.clone(), predicate)
            .with_context(failure)?;
        let signed = self
            .signer
            .sign(&statement, environment)
            .with_context(failure)?;
        deliver(Some(&self.bundle), &signed.bundle)?;
        printer.message(&format!(
            "wrote {}: a statement of the type {}, signed {}",
            self.bundle.display(),
            self.predicate_type
                .word()
                .unwrap_or(self.predicate_type.uri()),
            signed.how
        ));
        Ok(())
    }
}

/// What was looked at, by its digests: an image by that of its manifest, a file by that of its
/// bytes. An image in a file has both, so that it can be verified either way.
fn subjects(target: &str, subject: &Subject) -> Result<Vec<StatementSubject>> {
    let failure = || signing(target);
    let mut subjects = Vec::new();
    if subject.kind == SubjectKind::Image
        && let Some(digest) = &subject.digest
    {
        let artifact = Artifact::from_digest(digest.clone()).with_context(failure)?;
        subjects.push(artifact.subject(Some(subject.name.clone())));
    }
    let path = Path::new(target);
    if path.is_file() {
        let file = Signable::File(path.to_owned());
        subjects.push(file.artifact(None)?.subject(file.name()));
    }
    if subjects.is_empty() {
        return Err(
            anyhow::Error::new(NotAttested::NoDigest(subject.kind.label())).context(failure()),
        );
    }
    Ok(subjects)
}

fn signing(target: &str) -> Failure {
    Failure::new(ExitCode::Trust, format!("sign what is said of `{target}`"))
}
