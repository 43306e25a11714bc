//! What a store says is attached to an image: lists, manifests, bundles and cosign's older forms,
//! looked through as the program does, and verified against a key that signed none of them.
//! Zero bytes part the input into a list, a manifest and a blob, which the store gives for all that
//! it is asked.

#![no_main]

use std::ops::ControlFlow;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linchpin_model::Digest;
use linchpin_trust::{
    Artifact, AttachedContent, AttachedManifest, AttachmentStore, Descriptor, Expectation,
    ExpectedSigner, ExpectedType, KeyKind, PrivateKey, Tagged, TrustedRoot, verify, visit_attached,
};

static KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::Ed25519).unwrap());
static ROOT: LazyLock<TrustedRoot> = LazyLock::new(TrustedRoot::production);

struct Given<'a> {
    list: &'a [u8],
    manifest: &'a [u8],
    blob: &'a [u8],
}

impl AttachmentStore for Given<'_> {
    type Error = ();

    fn referrers(&self, _: &Digest) -> Result<Option<Vec<Descriptor>>, ()> {
        Ok(Descriptor::read_list(self.list).ok())
    }

    fn tagged(&self, tag: &str) -> Result<Option<Tagged>, ()> {
        Ok(tag.contains('.').then(|| Tagged {
            digest: image(),
            content: self.manifest.to_vec(),
        }))
    }

    fn manifest(&self, _: &Digest) -> Result<Vec<u8>, ()> {
        Ok(self.manifest.to_vec())
    }

    fn blob(&self, _: &Digest, _: u64) -> Result<Vec<u8>, ()> {
        Ok(self.blob.to_vec())
    }
}

fn image() -> Digest {
    format!("sha256:{}", "ab".repeat(32)).parse().unwrap()
}

fuzz_target!(|bytes: &[u8]| {
    let _ = AttachedManifest::read(bytes);
    let mut parts = bytes.splitn(3, |byte| *byte == 0);
    let mut next = || parts.next().unwrap_or_default();
    let store = Given {
        list: next(),
        manifest: next(),
        blob: next(),
    };
    let artifact = Artifact::from_digest(image()).unwrap();
    let expectation = Expectation {
        signer: ExpectedSigner::Key(KEY.public_key().clone()),
        predicate_type: ExpectedType::Any,
        witnesses: Vec::new(),
    };
    let _ = visit_attached(&store, &image(), &mut |attached| {
        if let AttachedContent::Bundle(bundle) = attached.content {
            let _ = bundle.unverified_signer();
            // Nobody signed this input: no answer but a no, or none.
            assert!(verify(&bundle, &artifact, &expectation, &ROOT).is_err());
        }
        ControlFlow::Continue(())
    });
});
