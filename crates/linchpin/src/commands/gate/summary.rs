//! The verdict as a Verification Summary Attestation, which the next gate can go by.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use linchpin_policy::{SummaryFacts, summarize};
use linchpin_remote::Access;
use linchpin_trust::{PredicateType, PrivateKey, Statement, sign};

use super::answer::Answer;
use super::{Admitted, NoGate};
use crate::arguments::GateArguments;
use crate::artifacts::{Signable, StoredImage};
use crate::commands::VERSION;
use crate::destinations;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::settings::Environment;

/// Where a verdict goes.
pub(super) struct Destination {
    place: Place,
    predicate_type: PredicateType,
    name: Option<String>,
}

enum Place {
    File(PathBuf),
    /// To the image, in its registry.
    Image(StoredImage),
}

impl Destination {
    /// What must be allowed in a registry: a verdict that is signed is attached to the image, unless a
    /// file is named.
    pub(super) fn access(arguments: &GateArguments) -> Access {
        if arguments.sign_key.is_some() && arguments.vsa.is_none() {
            Access::Write
        } else {
            Access::Read
        }
    }

    /// Where it goes, if it is to be written.
    pub(super) fn new(arguments: &GateArguments, signable: &Signable) -> Result<Option<Self>> {
        let wrong = || Failure::new(ExitCode::WrongUse, "understand the arguments");
        if arguments.vsa.is_none() && arguments.sign_key.is_none() {
            return Ok(None);
        }
        let predicate_type: PredicateType = "vsa".parse().with_context(wrong)?;
        let place = match (&arguments.vsa, signable) {
            (Some(file), _) => Place::File(file.clone()),
            (None, Signable::Image(image)) => Place::Image(image.clone()),
            (None, other) => other
                .statement_path(&predicate_type)
                .map(Place::File)
                .ok_or(NoGate::NoPlace)
                .with_context(wrong)?,
        };
        Ok(Some(Self {
            place,
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
        (printer, environment): (&Printer, &Environment),
    ) -> Result<()> {
        let failure = || Failure::new(ExitCode::Internal, "write the verdict");
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
        let Some(key) = key else {
            let mut written = statement.to_json().with_context(failure)?;
            written.push(b'\n');
            if let Place::File(file) = &self.place {
                deliver(Some(file), &written)?;
                let place = file.display();
                printer.message(&format!("wrote {place}: the verdict, without a signature"));
            }
            return Ok(());
        };
        let bundle = sign(&statement, key).with_context(failure)?;
        let done = match &self.place {
            Place::File(file) => destinations::Destination::Result(file.clone()),
            Place::Image(image) => destinations::Destination::Registry(image.clone()),
        }
        .deliver(&bundle, environment)?;
        printer.message(&format!(
            "{done}: the verdict, signed by the {} key {}",
            key.public_key().algorithm(),
            key.public_key().hint()
        ));
        Ok(())
    }
}
