//! Writes provenance of version 1.

use linchpin_model::{Digest, Timestamp};
use serde_json::{Map, Value, json};

/// A build that was watched, as provenance of version 1 says it.
#[derive(Debug, Clone)]
pub struct BuildRecord {
    /// The URI of the type of build.
    pub build_type: String,
    /// What whoever started the build chose: names and values.
    pub external_parameters: Map<String, Value>,
    /// What the builder chose.
    pub internal_parameters: Map<String, Value>,
    /// The source, which is the first of what went in.
    pub source: Option<RecordedSource>,
    /// What else went in.
    pub dependencies: Vec<Dependency>,
    /// The builder's id.
    pub builder: String,
    /// Versions of what the builder is made of, by their names.
    pub builder_version: Vec<(String, String)>,
    /// What the builder calls this run.
    pub invocation: Option<String>,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
}

/// The revision that was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedSource {
    /// The URI of the repository: `git+https://…`.
    pub uri: String,
    /// The branch or tag.
    pub reference: Option<String>,
    /// The commit.
    pub commit: String,
}

/// Something that went into a build.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// Its URI, such as a package URL.
    pub uri: String,
    /// Its digests.
    pub digests: Vec<Digest>,
    /// Where it can be had.
    pub download_location: Option<String>,
}

impl BuildRecord {
    /// The predicate.
    pub fn predicate(&self) -> Value {
        let mut resolved = Vec::new();
        if let Some(source) = &self.source {
            let uri = match &source.reference {
                Some(reference) => format!("{}@{reference}", source.uri),
                None => source.uri.clone(),
            };
            resolved.push(json!({"uri": uri, "digest": {"gitCommit": source.commit}}));
        }
        resolved.extend(self.dependencies.iter().map(Dependency::descriptor));
        let mut builder = json!({"id": self.builder});
        if !self.builder_version.is_empty() {
            let versions = self.builder_version.iter();
            let versions: Map<String, Value> = versions
                .map(|(name, version)| (name.clone(), version.clone().into()))
                .collect();
            builder["version"] = versions.into();
        }
        let mut metadata = json!({
            "startedOn": self.started.to_string(),
            "finishedOn": self.finished.to_string(),
        });
        if let Some(invocation) = &self.invocation {
            metadata["invocationId"] = invocation.as_str().into();
        }
        json!({
            "buildDefinition": {
                "buildType": self.build_type,
                "externalParameters": self.external_parameters,
                "internalParameters": self.internal_parameters,
                "resolvedDependencies": resolved,
            },
            "runDetails": {"builder": builder, "metadata": metadata},
        })
    }
}

impl Dependency {
    fn descriptor(&self) -> Value {
        let digests = self.digests.iter();
        let digests: Map<String, Value> = digests
            .map(|digest| (digest.algorithm().name().to_owned(), digest.hex().into()))
            .collect();
        let mut descriptor = json!({"uri": self.uri});
        if !digests.is_empty() {
            descriptor["digest"] = digests.into();
        }
        if let Some(location) = &self.download_location {
            descriptor["downloadLocation"] = location.as_str().into();
        }
        descriptor
    }
}
