//! `linchpin verify`, and the same for the conformance suite of Sigstore.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_report::printable;
use linchpin_trust::{
    Bundle, Claim, Expectation, ExpectedSigner, ExpectedType, IdentityPattern, NotVerified, Signer,
    TextPattern, TrustedRoot, Verified, verify,
};
use serde_json::{Value, json};

use crate::arguments::{
    AnswerForm, ConformanceCommand, ExpectedSignerArguments, VerifyArguments, VerifyBundleArguments,
};
use crate::artifacts::{Signable, read_bundle};
use crate::exit_codes::{ExitCode, Failure};
use crate::key_files;
use crate::outputs::deliver;
use crate::settings::Environment;
use crate::trusted_roots;

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

pub(super) fn run(arguments: &VerifyArguments, environment: &Environment) -> Result<ExitCode> {
    let expectation = Expectation {
        signer: needed_signer(&arguments.signer)?,
        predicate_type: match &arguments.predicate_type {
            Some(predicate_type) => ExpectedType::Exactly(predicate_type.clone()),
            None => ExpectedType::Signature,
        },
    };
    let signable = Signable::find(&arguments.artifact)?;
    let path = bundle_path(arguments, &signable)?;
    let root = trusted_roots::choose(arguments.trusted_root.as_deref(), environment)?.root;
    let answer = answer(&signable, &path, &expectation, &root)?;
    let asked = Asked {
        artifact: &arguments.artifact,
        bundle: &path,
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
        (AnswerForm::Table, Err(Refused { why, .. })) => Err(why.context(Failure::new(
            ExitCode::Findings,
            format!("verify `{}` by `{}`", arguments.artifact, path.display()),
        ))),
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
struct Refused {
    id: &'static str,
    why: anyhow::Error,
}

/// Verified, refused, or an error where there is no answer.
fn answer(
    signable: &Signable,
    path: &Path,
    expectation: &Expectation,
    root: &TrustedRoot,
) -> Result<std::result::Result<Verified<Claim>, Refused>> {
    let bundle = match Bundle::read(&read_bundle(path)?) {
        Ok(bundle) => bundle,
        Err(invalid) => {
            return Ok(Err(Refused {
                id: "bundle-invalid",
                why: anyhow::Error::new(invalid).context("the bundle is not taken"),
            }));
        }
    };
    let artifact = signable.artifact(Some(&bundle))?;
    match verify(&bundle, &artifact, expectation, root) {
        Ok(verified) => Ok(Ok(verified)),
        Err(NotVerified::Refused(refusal)) => Ok(Err(Refused {
            id: refusal.id(),
            why: anyhow::Error::new(refusal),
        })),
        Err(NotVerified::Undecided(undecided)) => {
            Err(anyhow::Error::new(undecided).context(Failure::new(
                ExitCode::Trust,
                format!("tell whether `{}` holds", path.display()),
            )))
        }
    }
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

/// The bundle that was named, or the one beside the artifact.
fn bundle_path(arguments: &VerifyArguments, signable: &Signable) -> Result<PathBuf> {
    let failure = || Failure::new(ExitCode::Trust, "find the bundle");
    if let Some(path) = &arguments.bundle {
        return Ok(path.clone());
    }
    let of_type = arguments.predicate_type.as_ref();
    let candidates = [
        of_type.and_then(|predicate_type| signable.statement_path(predicate_type)),
        signable.signature_path(),
    ];
    let candidates: Vec<PathBuf> = candidates.into_iter().flatten().collect();
    let found = candidates.iter().find(|path| path.exists());
    match (found, candidates.first()) {
        (Some(path), _) => Ok(path.clone()),
        (None, Some(first)) => {
            let missing = NoVerification::BundleMissing(first.clone());
            Err(anyhow::Error::new(missing).context(failure()))
        }
        (None, None) => Err(anyhow::Error::new(NoVerification::NoBundle).context(failure())),
    }
}

/// What was asked.
struct Asked<'a> {
    artifact: &'a str,
    bundle: &'a Path,
}

impl Asked<'_> {
    fn table(&self, verified: &Verified<Claim>) -> String {
        let evidence = verified.evidence();
        let mut text = format!("verified {}\n", printable(self.artifact));
        if let Some(digest) = &evidence.artifact {
            let _ = writeln!(text, "  digest     {digest}");
        }
        let signer = match &evidence.signer {
            Signer::Key {
                algorithm,
                fingerprint,
            } => format!("the {algorithm} key {fingerprint}"),
            Signer::Identity { identity, issuer } => format!(
                "{}, for whom {} vouches",
                printable(identity),
                printable(issuer)
            ),
        };
        let _ = writeln!(text, "  signed by  {signer}");
        let says = match verified.value() {
            Claim::Signature => "a signature over the file".to_owned(),
            Claim::Statement(statement) => match statement.predicate_type().word() {
                Some("signature") => "a signature".to_owned(),
                Some(word) => format!("a statement of the type {word}"),
                None => format!("a statement of the type {}", statement.predicate_type()),
            },
        };
        let _ = writeln!(text, "  what       {says}");
        let when = match evidence.times.first() {
            Some(time) if evidence.logged => format!("{time}, in a transparency log"),
            Some(time) => format!("{time}, by a timestamp authority"),
            None if evidence.logged => "unknown, in a transparency log".to_owned(),
            None => "unknown: a key alone tells no time".to_owned(),
        };
        let _ = writeln!(text, "  when       {when}");
        text
    }

    fn json(&self, verified: &Verified<Claim>) -> Value {
        let evidence = verified.evidence();
        let signer = match &evidence.signer {
            Signer::Key {
                algorithm,
                fingerprint,
            } => json!({"key": {"algorithm": algorithm.name(), "fingerprint": fingerprint}}),
            Signer::Identity { identity, issuer } => {
                json!({"identity": identity, "issuer": issuer})
            }
        };
        let predicate_type = match verified.value() {
            Claim::Signature => Value::Null,
            Claim::Statement(statement) => statement.predicate_type().uri().into(),
        };
        json!({
            "version": 1,
            "artifact": self.artifact,
            "bundle": self.bundle.display().to_string(),
            "verified": true,
            "digest": evidence.artifact.as_ref().map(ToString::to_string),
            "signer": signer,
            "predicateType": predicate_type,
            "logged": evidence.logged,
            "times": evidence.times.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }

    fn refused_json(&self, refused: &Refused) -> Value {
        let why = refused.why.root_cause().to_string();
        let (message, hint) = match why.split_once("\nhint: ") {
            Some((message, hint)) => (message, Some(hint)),
            None => (why.as_str(), None),
        };
        json!({
            "version": 1,
            "artifact": self.artifact,
            "bundle": self.bundle.display().to_string(),
            "verified": false,
            "reason": refused.id,
            "message": message,
            "hint": hint,
        })
    }
}

fn line(value: &Value) -> Result<String> {
    let text = serde_json::to_string_pretty(value)
        .context(Failure::new(ExitCode::Internal, "write JSON"))?;
    Ok(text + "\n")
}
