//! The verdict as a Verification Summary Attestation, which the next gate can go by.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use linchpin_policy::{SummaryFacts, summarize};
use linchpin_trust::{PredicateType, PrivateKey, Statement, sign};

use super::answer::Answer;
use super::{Admitted, NoGate};
use crate::arguments::GateArguments;
use crate::artifacts::Signable;
use crate::commands::VERSION;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::printer::Printer;

/// Where a verdict goes.
pub(super) struct Destination {
    file: PathBuf,
    predicate_type: PredicateType,
    name: Option<String>,
}

impl Destination {
    /// Where it goes, if it is to be written.
    pub(super) fn new(arguments: &GateArguments, signable: &Signable) -> Result<Option<Self>> {
        let wrong = || Failure::new(ExitCode::WrongUse, "understand the arguments");
        if arguments.vsa.is_none() && arguments.sign_key.is_none() {
            return Ok(None);
        }
        let predicate_type: PredicateType = "vsa".parse().with_context(wrong)?;
        let file = arguments
            .vsa
            .clone()
            .or_else(|| signable.statement_path(&predicate_type))
            .ok_or(NoGate::NoPlace)
            .with_context(wrong)?;
        Ok(Some(Self {
            file,
            predicate_type,
            name: signable.name(),
        }))
    }

    /// Writes the verdict. An earlier one is replaced.
    pub(super) fn write(
        &self,
        answer: &Answer<'_>,
        admitted: &Admitted,
        key: Option<&PrivateKey>,
        printer: &Printer,
    ) -> Result<()> {
        let failure = || {
            Failure::new(
                ExitCode::Internal,
                format!("write the verdict `{}`", self.file.display()),
            )
        };
        // What has no name is what it is.
        let digest = answer.context.digest.as_ref().map(ToString::to_string);
        let resource = answer.context.name.clone().or(digest);
        let predicate = summarize(
            answer.verdict,
            &SummaryFacts {
                verifier: &format!("pkg:generic/linchpin@{VERSION}"),
                version: VERSION,
                now: answer.context.now,
                resource: resource.as_deref().unwrap_or_default(),
                policy: &answer.policy.name,
                policy_digest: answer.policy.digest.as_ref(),
                inputs: &admitted.inputs,
            },
        );
        let subject = admitted.artifact.subject(self.name.clone());
        let statement = Statement::new(
            vec![subject],
            self.predicate_type.clone(),
            predicate.to_string().as_bytes(),
        )
        .with_context(failure)?;
        let (mut written, how) = match key {
            Some(key) => (
                sign(&statement, key)
                    .with_context(failure)?
                    .to_json()
                    .with_context(failure)?,
                format!(
                    "signed by the {} key {}",
                    key.public_key().algorithm(),
                    key.public_key().hint()
                ),
            ),
            None => (
                statement.to_json().with_context(failure)?,
                "without a signature".to_owned(),
            ),
        };
        written.push(b'\n');
        deliver(Some(&self.file), &written)?;
        printer.message(&format!(
            "wrote {}: the verdict, {how}",
            self.file.display()
        ));
        Ok(())
    }
}
