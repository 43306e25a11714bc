//! `linchpin verify`, and the same for the conformance suite of Sigstore.

mod attached;
mod told;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_remote::Access;
use linchpin_trust::{
    Bundle, Claim, Expectation, ExpectedSigner, ExpectedType, IdentityPattern, NotVerified,
    TextPattern, TrustedRoot, Verified, Witness, verify,
};

use crate::arguments::{
    AnswerForm, ConformanceCommand, ExpectedSignerArguments, VerifyArguments, VerifyBundleArguments,
};
use crate::artifacts::{Signable, read_bundle};
use crate::exit_codes::{ExitCode, Failure};
use crate::key_files;
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::settings::{Environment, registry_network};
use crate::trusted_roots;
use attached::look_through;
use told::Asked;
pub(super) use told::{apart, line, signer, signer_json, what, when};

/// Why nothing can be verified.
#[derive(Debug, thiserror::Error)]
enum NoVerification {
    #[error(
        "nothing says who must have signed\nhint: give `--key`, or `--certificate-identity` with `--certificate-oidc-issuer`"
    )]
    NobodyExpected,
    #[error(
        "an identity means something only with who vouches for it\nhint: give `--certificate-identity` and `--certificate-oidc-issuer` together"
    )]
    HalfAnIdentity,
    #[error("it is unknown where the bundle is\nhint: name it with `--bundle`")]
    NoBundle,
    #[error(
        "there is no `{}`\nhint: name the bundle with `--bundle`",
        .0.display()
    )]
    BundleMissing(PathBuf),
}

pub(super) fn run(
    arguments: &VerifyArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let expectation = Expectation {
        signer: needed_signer(&arguments.signer)?,
        predicate_type: match &arguments.predicate_type {
            Some(predicate_type) => ExpectedType::Exactly(predicate_type.clone()),
            None => ExpectedType::Signature,
        },
        witnesses: expected_witnesses(arguments),
    };
    let network = registry_network(&arguments.network, environment)?;
    let signable = Signable::find_anywhere(&arguments.artifact, &network, Access::Read)?;
    let file = bundle_path(arguments, &signable)?;
    let root = trusted_roots::choose(arguments.trusted_root.as_deref(), environment)?.root;
    let (answer, place) = match &file {
        BundlePlace::File(path) => (
            answer(&signable, path, &expectation, &root)?,
            path.display().to_string(),
        ),
        BundlePlace::Attached { beside } => {
            look_through(&signable, beside.as_deref(), &expectation, &root)?
        }
    };
    let asked = Asked {
        artifact: &arguments.artifact,
        bundle: &place,
    };
    match (arguments.format, answer) {
        (AnswerForm::Table, Ok(verified)) => {
            deliver(None, asked.table(&verified).as_bytes())?;
            Ok(ExitCode::Clean)
        }
        (AnswerForm::Json, Ok(verified)) => {
            deliver(None, line(&asked.json(&verified))?.as_bytes())?;
            Ok(ExitCode::Clean)
        }
        (AnswerForm::Json, Err(refused @ Refused { .. })) => {
            deliver(None, line(&asked.refused_json(&refused))?.as_bytes())?;
            Ok(ExitCode::Findings)
        }
        (AnswerForm::Table, Err(refused)) => {
            refused.tell(printer);
            Err(refused.why.context(Failure::new(
                ExitCode::Findings,
                format!("verify `{}` by `{place}`", arguments.artifact),
            )))
        }
    }
}

pub(super) fn run_conformance(command: &ConformanceCommand) -> Result<ExitCode> {
    let ConformanceCommand::VerifyBundle(VerifyBundleArguments {
        artifact,
        bundle,
        signer,
        staging,
        trusted_root,
    }) = command;
    let expectation = Expectation {
        signer: needed_signer(signer)?,
        predicate_type: ExpectedType::Any,
        witnesses: Vec::new(),
    };
    let root = match trusted_root {
        Some(path) => trusted_roots::read(path)?,
        None if *staging => TrustedRoot::staging(),
        None => TrustedRoot::production(),
    };
    match answer(&Signable::find(artifact)?, bundle, &expectation, &root)? {
        Ok(_) => Ok(ExitCode::Clean),
        Err(Refused { why, .. }) => Err(why.context(Failure::new(
            ExitCode::Findings,
            format!("verify `{artifact}` by `{}`", bundle.display()),
        ))),
    }
}

/// A no, and why.
pub(super) struct Refused {
    id: &'static str,
    why: anyhow::Error,
    /// What was looked at, if it was more than one bundle that was named.
    tried: Option<Vec<Tried>>,
}

/// A bundle that was looked at and refused.
struct Tried {
    place: String,
    id: &'static str,
    message: String,
}

/// Where the bundle is.
enum BundlePlace {
    /// In this file.
    File(PathBuf),
    /// Attached to the artifact where that is stored, or in the file beside it.
    Attached { beside: Option<PathBuf> },
}

impl Refused {
    /// The reason, for programs.
    pub(super) fn id(&self) -> &'static str {
        self.id
    }

    /// The reason, for people.
    pub(super) fn message(&self) -> String {
        self.why.root_cause().to_string()
    }

    fn new(id: &'static str, why: impl Into<anyhow::Error>) -> Self {
        Self {
            id,
            why: why.into(),
            tried: None,
        }
    }
}

/// Verified, or refused.
pub(super) type Answer = std::result::Result<Verified<Claim>, Refused>;

/// The answer for the bundle in a file, or an error where there is none.
fn answer(
    signable: &Signable,
    path: &Path,
    expectation: &Expectation,
    root: &TrustedRoot,
) -> Result<Answer> {
    let bundle = match Bundle::read(&read_bundle(path)?) {
        Ok(bundle) => bundle,
        Err(invalid) => {
            let why = anyhow::Error::new(invalid).context("the bundle is not taken");
            return Ok(Err(Refused::new("bundle-invalid", why)));
        }
    };
    judge(
        signable,
        &bundle,
        &path.display().to_string(),
        expectation,
        root,
    )
}

/// The answer for a bundle.
pub(super) fn judge(
    signable: &Signable,
    bundle: &Bundle,
    place: &str,
    expectation: &Expectation,
    root: &TrustedRoot,
) -> Result<Answer> {
    let artifact = signable.artifact(Some(bundle))?;
    match verify(bundle, &artifact, expectation, root) {
        Ok(verified) => Ok(Ok(verified)),
        Err(NotVerified::Refused(refusal)) => Ok(Err(Refused::new(refusal.id(), refusal))),
        Err(NotVerified::Undecided(undecided)) => Err(anyhow::Error::new(undecided).context(
            Failure::new(ExitCode::Trust, format!("tell whether `{place}` holds")),
        )),
    }
}

fn expected_witnesses(arguments: &VerifyArguments) -> Vec<Witness> {
    let asked = [
        (arguments.require_log, Witness::Log),
        (arguments.require_timestamp, Witness::TimestampAuthority),
    ];
    let wanted = asked.into_iter().filter(|(asked, _)| *asked);
    wanted.map(|(_, witness)| witness).collect()
}

/// Who must have signed.
fn needed_signer(arguments: &ExpectedSignerArguments) -> Result<ExpectedSigner> {
    let nobody = || {
        let wrong = Failure::new(ExitCode::WrongUse, "understand the arguments");
        anyhow::Error::new(NoVerification::NobodyExpected).context(wrong)
    };
    expected_signer(arguments)?.ok_or_else(nobody)
}

/// Who is expected to have signed, if the arguments say so.
pub(super) fn expected_signer(
    arguments: &ExpectedSignerArguments,
) -> Result<Option<ExpectedSigner>> {
    let wrong = || Failure::new(ExitCode::WrongUse, "understand the arguments");
    if let Some(path) = &arguments.key {
        return Ok(Some(ExpectedSigner::Key(key_files::read_public(path)?)));
    }
    let pattern = |exact: &Option<String>, pattern: &Option<String>| match (exact, pattern) {
        (Some(text), _) => Ok(Some(TextPattern::Exact(text.clone()))),
        (None, Some(pattern)) => TextPattern::matching(pattern).map(Some).with_context(wrong),
        (None, None) => Ok(None),
    };
    let identity = pattern(
        &arguments.certificate_identity,
        &arguments.certificate_identity_regexp,
    )?;
    let issuer = pattern(
        &arguments.certificate_oidc_issuer,
        &arguments.certificate_oidc_issuer_regexp,
    )?;
    match (identity, issuer) {
        (Some(identity), Some(issuer)) => Ok(Some(ExpectedSigner::Identity(IdentityPattern {
            identity,
            issuer,
        }))),
        (None, None) => Ok(None),
        _ => Err(anyhow::Error::new(NoVerification::HalfAnIdentity).context(wrong())),
    }
}

/// The bundle that was named, the one beside the artifact, or whatever is attached to it.
fn bundle_path(arguments: &VerifyArguments, signable: &Signable) -> Result<BundlePlace> {
    let failure = || Failure::new(ExitCode::Trust, "find the bundle");
    if let Some(path) = &arguments.bundle {
        return Ok(BundlePlace::File(path.clone()));
    }
    let of_type = arguments.predicate_type.as_ref();
    let candidates = [
        of_type.and_then(|predicate_type| signable.statement_path(predicate_type)),
        signable.signature_path(),
    ];
    let candidates: Vec<PathBuf> = candidates.into_iter().flatten().collect();
    let found = candidates.iter().find(|path| path.exists()).cloned();
    if matches!(signable, Signable::Layout(_) | Signable::Image(_)) {
        return Ok(BundlePlace::Attached { beside: found });
    }
    match (found, candidates.first()) {
        (Some(path), _) => Ok(BundlePlace::File(path)),
        (None, Some(first)) => {
            let missing = NoVerification::BundleMissing(first.clone());
            Err(anyhow::Error::new(missing).context(failure()))
        }
        (None, None) => Err(anyhow::Error::new(NoVerification::NoBundle).context(failure())),
    }
}
