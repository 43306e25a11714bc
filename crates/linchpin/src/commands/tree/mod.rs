//! `linchpin tree`: what is attached to an image, who signed it, and when.
//!
//! Without an expectation nothing is verified, and what a thing says of its signer is marked so.
//! What is attached to the images of an index, or to what is attached, is not looked for.

mod json;
mod text;

use std::ops::ControlFlow;

use anyhow::Result;
use linchpin_model::Digest;
use linchpin_remote::Access;
use linchpin_trust::{
    Attached, AttachedContent, AttachedKind, AttachedManifest, AttachmentStore as _, Bundle, Claim,
    Expectation, ExpectedType, PredicateType, TrustedRoot, UnverifiedSigner, Verified,
};

use super::verify::{expected_signer, judge};
use crate::arguments::{AnswerForm, TreeArguments};
use crate::artifacts::Signable;
use crate::evidence::{self, Store, StoreError};
use crate::exit_codes::ExitCode;
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::settings::{Environment, registry_network};
use crate::trusted_roots;

/// What is attached to an image.
struct Tree {
    image: String,
    digest: Digest,
    leaves: Vec<Leaf>,
}

/// One attached thing.
struct Leaf {
    form: &'static str,
    what: What,
    manifest: Digest,
    layer: Option<usize>,
    size: u64,
    state: State,
}

/// What a thing is.
enum What {
    /// A signature, or a statement of this type.
    Says(PredicateType),
    /// What its manifest calls it.
    Called(String),
}

/// What is known of a thing.
enum State {
    /// It was signed by whom it says; nobody has verified that.
    Unverified(UnverifiedSigner),
    /// It was signed by whom we expect.
    Verified(Box<Verified<Claim>>),
    /// It was not, or is damaged.
    Refused { id: &'static str, message: String },
    /// It is not signed, and is not meant to be.
    Unsigned,
    /// It is listed, and can not be had, or it can not be told whether it holds.
    Unavailable(String),
}

pub(super) fn run(
    arguments: &TreeArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let expectation = expected_signer(&arguments.signer)?.map(|signer| Expectation {
        signer,
        predicate_type: ExpectedType::Any,
        witnesses: Vec::new(),
    });
    let network = registry_network(&arguments.network, environment)?;
    let signable = Signable::find_anywhere(&arguments.image, &network, Access::Read)?;
    let Some((store, digest)) = evidence::store_of(&signable)? else {
        return Err(evidence::stored_alone(&arguments.image));
    };
    let digest = digest.clone();
    let root = trusted_roots::choose(arguments.trusted_root.as_deref(), environment)?.root;
    let look = Look {
        signable: &signable,
        store: &store,
        expectation: expectation.as_ref(),
        root: &root,
    };
    let mut leaves = Vec::new();
    evidence::visit(&signable, &mut |attached| {
        leaves.push(look.leaf(attached));
        ControlFlow::Continue(())
    })?;
    let tree = Tree {
        image: arguments.image.clone(),
        digest,
        leaves,
    };
    let written = match arguments.format {
        AnswerForm::Table => text::written(&tree, printer.width()),
        AnswerForm::Json => json::written(&tree)?,
    };
    deliver(None, written.as_bytes())?;
    let is_missing = |leaf: &Leaf| matches!(leaf.state, State::Unavailable(_));
    Ok(if tree.leaves.iter().any(is_missing) {
        ExitCode::Target
    } else {
        ExitCode::Clean
    })
}

struct Look<'a> {
    signable: &'a Signable,
    store: &'a Store<'a>,
    expectation: Option<&'a Expectation>,
    root: &'a TrustedRoot,
}

impl Look<'_> {
    fn leaf(&self, attached: Attached<StoreError>) -> Leaf {
        let place = evidence::place(self.signable, &attached);
        let mut leaf = Leaf {
            form: evidence::form(attached.kind),
            what: What::Called(attached.artifact_type),
            manifest: attached.manifest,
            layer: attached.layer,
            size: attached.size,
            state: State::Unsigned,
        };
        match attached.content {
            AttachedContent::Bundle(bundle) => {
                leaf.what = said(&bundle, attached.kind, leaf.what);
                leaf.state = self.state(&bundle, &place);
            }
            AttachedContent::NoBundle(none) => {
                leaf.state = State::Refused {
                    id: "bundle-invalid",
                    message: none.to_string(),
                };
            }
            AttachedContent::Unavailable(error) => {
                leaf.state = State::Unavailable(error.to_string());
            }
            AttachedContent::Other => self.describe(&mut leaf),
        }
        leaf
    }

    fn state(&self, bundle: &Bundle, place: &str) -> State {
        let Some(expectation) = self.expectation else {
            return State::Unverified(bundle.unverified_signer());
        };
        match judge(self.signable, bundle, place, expectation, self.root) {
            Ok(Ok(verified)) => State::Verified(Box::new(verified)),
            Ok(Err(refused)) => State::Refused {
                id: refused.id(),
                message: refused.message(),
            },
            Err(undecided) => State::Unavailable(undecided.root_cause().to_string()),
        }
    }

    /// What another program has attached: its type, and the size of what it consists of.
    fn describe(&self, leaf: &mut Leaf) {
        let manifest = match self.store.manifest(&leaf.manifest) {
            Ok(content) => AttachedManifest::read(&content),
            Err(error) => {
                leaf.state = State::Unavailable(error.to_string());
                return;
            }
        };
        // An index has no layers; what it is was said in the list.
        let Ok(manifest) = manifest else {
            return;
        };
        let sizes = manifest.layers.iter().map(|layer| layer.size);
        leaf.size = sizes.fold(0, u64::saturating_add);
        // What was attached in the old way has the type of an image, and says more in its layer.
        let first = manifest.layers.first().map(|layer| &layer.media_type);
        let says_nothing = manifest.artifact_type.is_empty()
            || manifest.artifact_type.contains(".image.config.")
            || manifest.artifact_type.ends_with(".empty.v1+json");
        let called = match first {
            Some(first) if says_nothing => first.clone(),
            _ => manifest.artifact_type,
        };
        leaf.what = What::Called(called);
    }
}

/// What a bundle says.
fn said(bundle: &Bundle, kind: AttachedKind, called: What) -> What {
    match bundle.unverified_statement() {
        Some(statement) => What::Says(statement.predicate_type().clone()),
        None if kind == AttachedKind::OldSignature => What::Says(PredicateType::signature()),
        None => called,
    }
}
