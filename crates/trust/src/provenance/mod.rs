//! How something was built: SLSA provenance, of which version 1 is written, and versions 0.2 and 1 are
//! read. <https://slsa.dev/spec/v1.1/provenance> <https://slsa.dev/spec/v0.2/provenance>
//!
//! Reading says what is claimed. Whether a builder is to be believed, and whether it built what it
//! should from where it should, is the affair of a policy.

mod reading;
mod writing;

use linchpin_model::{Digest, Timestamp};

pub use reading::InvalidProvenance;
pub use writing::{BuildRecord, Dependency, RecordedSource};

/// What is claimed of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The builder's id.
    pub builder: String,
    /// The URI of the type of build.
    pub build_type: String,
    /// Where the source came from, if it is said in a way that is known.
    pub source: Option<SourceRevision>,
    /// What else whoever started the build could choose: the way to each value, such as
    /// `inputs.version`, and the value as text. What is empty is left out.
    pub parameters: Vec<(String, String)>,
    /// What went into the build.
    pub materials: Vec<Material>,
    /// When the build began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Option<Timestamp>,
}

/// A revision of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRevision {
    /// The URI of the repository without `git+` before it and `.git` behind it.
    pub uri: String,
    /// The branch or tag: `refs/heads/main`.
    pub reference: Option<String>,
    /// The commit, in hexadecimal digits.
    pub commit: Option<String>,
}

/// Something that went into a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// Its URI, if it has one.
    pub uri: Option<String>,
    /// Its digests that prove something.
    pub digests: Vec<Digest>,
    /// The commit, if it is a revision of a repository.
    pub commit: Option<String>,
}
