//! Transport: advisory feeds over HTTPS, images from registries and container engines, git
//! repositories, the services of Sigstore.
//!
//! Traits are declared where they are needed ([`Bucket`](linchpin_advisory::Bucket),
//! [`RemoteImage`](linchpin_source::RemoteImage),
//! [`AttachmentStore`](linchpin_trust::AttachmentStore), [`Transport`](linchpin_trust::Transport))
//! and implemented here. Nothing is fetched unless a command says so, sizes and times are capped, and
//! unencrypted connections are only made to this machine.

mod address;
mod bucket;
mod client;
mod credentials;
mod download;
mod engine;
mod forge;
mod fuzzing;
mod git;
mod registry;
mod sigstore;

pub use address::{Address, InvalidAddress};
pub use bucket::HttpBucket;
pub use client::{Client, FetchError};
pub use credentials::{CredentialError, CredentialFiles, Credentials, Secret};
pub use download::Download;
pub use engine::{Engine, EngineError, EngineSettings, open_engine_image};
pub use forge::{ForgeClient, PUBLIC_BADGES, PUBLIC_FORGE};
pub use fuzzing::read_foreign;
pub use git::{
    GitAddress, GitError, GitTarget, HistoryFile, InvalidGitTarget, RepositorySource, WorkTree,
    commit_of, files_since, has_commit_before, open_repository, origin, read_commits, read_history,
    repository_uri, tracked_files, work_tree,
};
pub use registry::{
    Access, CertificateFiles, ImageReference, ImageRepository, InvalidMirror, InvalidReference,
    ListedBy, Mirror, Patience, RegistriesConf, RegistryError, RegistryImage, RegistrySettings,
};
pub use sigstore::{SigstoreClient, SigstoreSettings, TokenRequest};

/// OSV's public bucket: <https://google.github.io/osv.dev/data/>.
pub const OSV_BUCKET: &str = "https://osv-vulnerabilities.storage.googleapis.com";

/// CISA's catalogue of known exploited vulnerabilities.
pub const EXPLOITED_CATALOGUE: &str =
    "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json";
