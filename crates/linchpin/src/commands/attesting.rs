//! `--attest`: the result of a command as a signed statement about its target.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_model::{Subject, SubjectKind};
use linchpin_remote::{Access, ImageRepository};
use linchpin_trust::{Artifact, PredicateType, Statement, StatementSubject};

use super::signing::{Signer, SignerChoice};
use crate::arguments::{AttestingArguments, ReadingArguments};
use crate::artifacts::{Signable, StoredImage};
use crate::destinations::Destination;
use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::settings::{Environment, network_of};
use crate::target::{self, Target, understand};

/// Signs results.
#[derive(Debug)]
pub(super) struct Attesting {
    signer: Signer,
    place: Place,
}

/// Where the bundle goes.
#[derive(Debug)]
enum Place {
    Named(PathBuf),
    /// Beside the target, one file for each type.
    Beside(Signable),
    /// To whichever manifest is looked at, in this repository.
    Repository(ImageRepository),
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
        reading: &ReadingArguments,
        target: &str,
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
        let path = Path::new(target);
        // Told before any time is spent on it.
        if path.is_dir() && !path.join("oci-layout").exists() {
            let folder = NotAttested::NoDigest(SubjectKind::Directory.label());
            return Err(anyhow::Error::new(folder).context(signing(target)));
        }
        let place = match &arguments.bundle {
            Some(file) => Place::Named(file.clone()),
            None if path.exists() => Place::Beside(Signable::File(path.to_owned())),
            None => match understand(target).with_context(|| target::failure(target))? {
                Target::Registry { reference, .. } => {
                    let registries = network_of(&[], reading.offline, environment)?.registries()?;
                    let repository = ImageRepository::new(&reference, &registries, Access::Write);
                    Place::Repository(repository.with_context(|| target::failure(target))?)
                }
                _ => return Err(anyhow::Error::new(NotAttested::NoPlace).context(wrong())),
            },
        };
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
            place,
        }))
    }

    /// Whether there is room for more than one statement: a file that was named holds one.
    pub(super) fn takes_more(&self) -> bool {
        !matches!(self.place, Place::Named(_))
    }

    /// Signs the statement with this predicate, of a type that has a word, about what was looked at.
    /// In a file, an earlier result is replaced; in a registry it stays beside the new one.
    pub(super) fn attest(
        &self,
        target: &str,
        subject: &Subject,
        (word, predicate): (&str, &[u8]),
        printer: &Printer,
        environment: &Environment,
    ) -> Result<()> {
        let failure = || signing(target);
        let subjects = subjects(target, subject)?;
        let predicate_type: PredicateType = word.parse().with_context(failure)?;
        let statement =
            Statement::new(subjects, predicate_type.clone(), predicate).with_context(failure)?;
        let signed = self
            .signer
            .sign(&statement, environment)
            .with_context(failure)?;
        let destination = match (&self.place, &subject.digest) {
            (Place::Named(file), _) => Destination::Result(file.clone()),
            (Place::Beside(target), _) => {
                let file = target.statement_path(&predicate_type);
                let file = file.ok_or(NotAttested::NoPlace).with_context(failure)?;
                Destination::Result(file)
            }
            (Place::Repository(repository), Some(digest)) => Destination::Registry(StoredImage {
                repository: repository.clone(),
                digest: digest.clone(),
            }),
            (Place::Repository(_), None) => {
                let none = NotAttested::NoDigest(subject.kind.label());
                return Err(anyhow::Error::new(none).context(failure()));
            }
        };
        let done = destination.deliver(&signed.bundle, environment)?;
        printer.message(&format!(
            "{done}: a statement of the type {word}, signed {}",
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
