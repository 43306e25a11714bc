//! `linchpin gate`: has everyone done the work that they were supposed to do?
//!
//! Gathers what was said of an artifact, lets only in what somebody signed whom the policy believes,
//! asks the policy, and says what came out, to people and to the next gate.

mod answer;
mod gathering;
mod summary;

use std::path::Path;

use anyhow::Result;
use linchpin_model::{Digest, DigestAlgorithm};
use linchpin_policy::{
    Context, Decision, Evidence, Level, NotAdmitted, Policy, SignerName, TrustedSigner, decide,
};
use linchpin_trust::{Artifact, Bundle, NotVerified, TrustedRoot, Undecided};

use super::policy::{READERS, built_in, read_policy};
use super::verify::expected_signer;
use crate::arguments::{AnswerForm, GateArguments};
use crate::artifacts::Signable;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::passphrase;
use crate::printer::Printer;
use crate::settings::{Environment, registry_network};
use crate::trusted_roots;
use answer::Answer;
use gathering::Gathered;

/// Why nothing is asked.
#[derive(Debug, thiserror::Error)]
enum NoGate {
    #[error(
        "nobody says whom to believe: the policy has no `signers`\nhint: name the public key of whoever signs with `--key`, or `--certificate-identity` with `--certificate-oidc-issuer`, or write signers into a policy: `linchpin policy init --key FILE`"
    )]
    NobodyTrusted,
    #[error("the policy has no level `{0}`; it has {1}")]
    NoLevel(String, String),
    #[error("it is unknown where the verdict is to go\nhint: name a file with `--vsa`")]
    NoPlace,
}

pub(super) fn run(
    arguments: &GateArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let policy = policy(arguments)?;
    let network = registry_network(&arguments.network, environment)?;
    let access = summary::Destination::access(arguments);
    let signable = Signable::find_anywhere(&arguments.artifact, &network, access)?;
    // Opened before any work begins, so that a wrong passphrase costs none.
    let signing = summary::Destination::new(arguments, &signable)?;
    let key = arguments
        .sign_key
        .as_ref()
        .map(|key| passphrase::open_key(key, &arguments.passphrase, environment))
        .transpose()?;
    let root = trusted_roots::choose(arguments.trusted_root.as_deref(), environment)?.root;
    let gathered = gathering::gather(&signable, &arguments.evidence)?;
    let admitted = admit(&policy, &signable, gathered, &root)?;
    let context = Context {
        name: arguments.name.clone().or_else(|| signable.reference_name()),
        label: arguments.artifact.clone(),
        digest: admitted.artifact.digest().cloned(),
        environment: arguments.environment.clone(),
        channel: arguments.channel.clone(),
        // The clock's, and not what is to be written into documents: an exception that has ended must
        // not count again because a build sets SOURCE_DATE_EPOCH.
        now: environment.moment_in_seconds(),
    };
    let verdict = decide(&policy, &admitted.evidence, &context, READERS);
    let answer = Answer {
        policy: &policy,
        context: &context,
        verdict: &verdict,
        signers: admitted.evidence.signers(),
        passed_over: &admitted.passed_over,
    };
    let written = match arguments.format {
        AnswerForm::Table => answer.table(printer.width(), printer.is_verbose()),
        AnswerForm::Json => answer.json()?,
    };
    deliver(None, written.as_bytes())?;
    if let Some(destination) = signing {
        destination.write(&answer, &admitted, key.as_ref(), (printer, environment))?;
    }
    Ok(match verdict.decision {
        Decision::Passed => ExitCode::Clean,
        Decision::Denied => ExitCode::Findings,
        Decision::Undecided => ExitCode::Undecided,
    })
}

/// The policy to go by, with those whom the arguments believe besides.
fn policy(arguments: &GateArguments) -> Result<Policy> {
    let wrong = || Failure::new(ExitCode::WrongUse, "understand the arguments");
    let mut policy = match &arguments.policy {
        Some(path) => read_policy(path)?,
        None => built_in()?,
    };
    if let Some(name) = &arguments.level {
        let level = Level(name.clone());
        if !policy.levels.contains(&level) {
            let known: Vec<&str> = policy.levels.iter().map(|level| level.0.as_str()).collect();
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            let error = NoGate::NoLevel(name.clone(), known);
            return Err(anyhow::Error::new(error).context(wrong()));
        }
        policy.level = Some(level);
    }
    if let Some(expected) = expected_signer(&arguments.signer)? {
        let name = arguments
            .signer
            .key
            .as_deref()
            .and_then(Path::file_name)
            .map_or_else(
                || "the identity".to_owned(),
                |name| name.to_string_lossy().into_owned(),
            );
        policy.signers.push(TrustedSigner {
            name: SignerName(name),
            expected,
            says: None,
        });
    }
    if policy.signers.is_empty() {
        return Err(anyhow::Error::new(NoGate::NobodyTrusted).context(wrong()));
    }
    Ok(policy)
}

/// What was let in, and what was not.
struct Admitted {
    evidence: Evidence,
    /// Where it was, and why it does not count.
    passed_over: Vec<(String, String)>,
    /// The bundles that were let in.
    inputs: Vec<(String, Digest)>,
    /// What is asked about.
    artifact: Artifact,
}

/// Lets in what somebody signed whom the policy believes.
fn admit(
    policy: &Policy,
    signable: &Signable,
    gathered: Vec<Gathered>,
    root: &TrustedRoot,
) -> Result<Admitted> {
    let mut admitted = Admitted {
        evidence: Evidence::default(),
        passed_over: Vec::new(),
        inputs: Vec::new(),
        artifact: signable.artifact(None)?,
    };
    // A large file is read once, and again only for bundles that go by its bytes or other digests.
    let mut computed: Vec<(Vec<DigestAlgorithm>, Artifact)> = Vec::new();
    for Gathered {
        from,
        digest,
        bundle,
    } in gathered
    {
        let bundle = match bundle {
            Ok(bundle) => bundle,
            Err(why) => {
                admitted.passed_over.push((from, why));
                continue;
            }
        };
        let mut outcome = admitted
            .evidence
            .admit(policy, &bundle, &admitted.artifact, root, &from);
        // A statement that goes by another digest, or a signature over the bytes themselves.
        if matches!(&outcome, Err(NotAdmitted::NotVerified(why)) if *why == NEEDS_MORE) {
            let artifact = artifact_for(&bundle, signable, &mut computed)?;
            outcome = admitted
                .evidence
                .admit(policy, &bundle, &artifact, root, &from);
        }
        match outcome {
            Ok(()) => admitted.inputs.push((from, digest)),
            Err(why) => admitted.passed_over.push((from, why.to_string())),
        }
    }
    Ok(admitted)
}

/// What is said where more must be known of the artifact than its SHA-256.
const NEEDS_MORE: NotVerified = NotVerified::Undecided(Undecided::NeedsContent);

/// As much of the artifact as a bundle needs.
fn artifact_for(
    bundle: &Bundle,
    signable: &Signable,
    computed: &mut Vec<(Vec<DigestAlgorithm>, Artifact)>,
) -> Result<Artifact> {
    if bundle.wants_content() {
        return signable.artifact(Some(bundle));
    }
    let wanted = bundle.wanted_digests();
    if let Some((_, artifact)) = computed.iter().find(|(known, _)| *known == wanted) {
        return Ok(artifact.clone());
    }
    let artifact = signable.artifact(Some(bundle))?;
    computed.push((wanted, artifact.clone()));
    Ok(artifact)
}
