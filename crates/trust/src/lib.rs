//! Who vouches for what: keys, signed statements, Sigstore bundles, and their verification.
//!
//! Signing takes values and gives bytes; verification takes bytes and gives a value that nobody
//! else can make, or a typed reason why not. Whatever is unknown, unreadable or too large is a
//! no. Files, prompts and the network are not here: whoever calls reads them, and brings requests to
//! services and their answers back.

mod artifact;
mod attached;
mod bundle;
mod envelope;
mod identity_token;
mod keys;
mod predicate_type;
mod provenance;
mod services;
mod signing;
mod sigstore;
mod statement;
mod verification;

pub use artifact::{Artifact, WeakDigest};
pub use attached::{
    Attached, AttachedContent, AttachedKind, AttachedManifest, AttachmentStore, Descriptor,
    EMPTY_CONFIGURATION, INDEX, InvalidAttachment, MANIFEST, MAX_ATTACHED_DOCUMENT_BYTES,
    MOST_ATTACHED, NoBundle, NotAttachable, NotListed, SimpleSigning, Tagged, WrittenAttachment,
    fallback_tag, visit_attached,
};
pub use bundle::{
    Bundle, BundleVersion, Content, InvalidBundle, MAX_BUNDLE_BYTES, Material, MessageSignature,
    UnverifiedSigner,
};
pub use envelope::{Envelope, IN_TOTO, pre_authentication_encoding};
pub use identity_token::{
    IdentityToken, InvalidToken, MAX_TOKEN_BYTES, SIGSTORE_AUDIENCE, TokenSubject,
};
pub use keys::{
    KeyAlgorithm, KeyError, KeyKind, MAX_KEY_BYTES, Passphrase, PrivateKey, PrivateKeyFile,
    PublicKey,
};
pub use predicate_type::{InvalidPredicateType, PredicateType};
pub use provenance::{
    BuildRecord, Dependency, InvalidProvenance, Material as BuildMaterial, Provenance,
    RecordedSource, SourceRevision,
};
pub use services::{
    InvalidAnswer, InvalidSigningConfiguration, MAX_SIGNING_CONFIGURATION_BYTES, NoAnswer,
    NoService, Service, ServiceKind, SigningConfiguration, SigningServices, Transport,
};
pub use signing::{SigningError, Witnessed, Witnesses, sign, sign_as, sign_witnessed};
pub use sigstore::{
    InvalidTrustedRoot, MAX_TRUSTED_ROOT_BYTES, RootOrigin, TrustedParty, TrustedPartyKind,
    TrustedRoot,
};
pub use statement::{InvalidStatement, Statement, StatementSubject};
pub use verification::{
    Claim, Evidence, Expectation, ExpectedSigner, ExpectedType, IdentityPattern, InvalidPattern,
    NotVerified, Refusal, Signer, TextPattern, Undecided, Verified, Witness, verify,
};
