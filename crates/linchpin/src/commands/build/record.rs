//! What is recorded of a build.

use anyhow::{Context, Result};
use linchpin_model::{DigestAlgorithm, Inventory, OccurrenceKind, Package, Timestamp};
use linchpin_remote::WorkTree;
use linchpin_trust::{BuildRecord, Dependency, RecordedSource};
use serde_json::{Map, json};

use crate::build_system::BuildRun;
use crate::commands::VERSION;
use crate::exit_codes::{ExitCode, Failure};

/// The type of such builds: a command in a folder. Its parameters are described in docs/build.md.
const BUILD_TYPE: &str = "urn:linchpin:build:command:v1";

/// Who builds where no build system says so.
const LOCAL_BUILDER: &str = "urn:linchpin:builder:local";

/// The most paths of changed files that are named.
const MOST_CHANGED: usize = 100;

/// What is known of a build.
pub(super) struct Recorded<'a> {
    pub(super) command: &'a [String],
    pub(super) outputs: &'a [String],
    pub(super) run: Option<&'a BuildRun>,
    /// Who builds, as the arguments say.
    pub(super) builder: Option<&'a str>,
    pub(super) tree: Option<&'a WorkTree>,
    pub(super) inventory: &'a Inventory,
    pub(super) started: Timestamp,
    pub(super) finished: Timestamp,
}

impl Recorded<'_> {
    /// The builder's id.
    pub(super) fn builder_id(&self) -> &str {
        self.builder
            .or_else(|| self.run.map(|run| run.builder.as_str()))
            .unwrap_or(LOCAL_BUILDER)
    }

    /// The record of it.
    pub(super) fn provenance(&self) -> Result<BuildRecord> {
        let source = self.source();
        let mut external = Map::from_iter([
            ("command".to_owned(), json!(self.command)),
            ("outputs".to_owned(), json!(self.outputs)),
        ]);
        if let Some(source) = &source {
            let mut said = json!({"uri": source.uri, "digest": {"gitCommit": source.commit}});
            if let Some(reference) = &source.reference {
                said["ref"] = reference.as_str().into();
            }
            external.insert("source".to_owned(), said);
        }
        if let Some(workflow) = self.run.and_then(|run| run.workflow.as_deref()) {
            external.insert("workflow".to_owned(), json!({"path": workflow}));
        }
        let mut internal = Map::new();
        if let Some(tree) = self.tree {
            let changed: Vec<&String> = tree.changed.iter().take(MOST_CHANGED).collect();
            internal.insert(
                "workTree".to_owned(),
                json!({
                    "clean": tree.changed.is_empty(),
                    "changed": changed,
                    "changedCount": tree.changed.len(),
                }),
            );
        }
        if let Some(run) = self.run {
            internal.insert("buildSystem".to_owned(), run.system.into());
        }
        Ok(BuildRecord {
            build_type: BUILD_TYPE.to_owned(),
            external_parameters: external,
            internal_parameters: internal,
            source,
            dependencies: self.dependencies(),
            builder: checked_uri(self.builder_id())?,
            builder_version: vec![("linchpin".to_owned(), VERSION.to_owned())],
            invocation: self.run.and_then(|run| run.invocation.clone()),
            started: self.started,
            finished: self.finished,
        })
    }

    /// The revision that was built: of the work tree, which is what was there. What a build system says
    /// counts where the work tree says nothing.
    fn source(&self) -> Option<RecordedSource> {
        let said = |of_tree: Option<&String>, of_run: Option<&String>| of_tree.or(of_run).cloned();
        let (tree, run) = (self.tree, self.run);
        let commit = said(
            tree.map(|tree| &tree.commit),
            run.and_then(|run| run.commit.as_ref()),
        )?;
        // A job checks out a commit, and then git knows no branch: the build system does.
        let reference = said(
            run.and_then(|run| run.reference.as_ref())
                .filter(|_| run.and_then(|run| run.commit.as_ref()) == Some(&commit)),
            tree.and_then(|tree| tree.reference.as_ref()),
        );
        let uri = said(
            run.and_then(|run| run.repository.as_ref()),
            tree.and_then(|tree| tree.origin.as_ref()),
        )?;
        Some(RecordedSource {
            uri: format!("git+{uri}"),
            reference,
            commit,
        })
    }

    /// What the lockfiles name, and what is installed in the folder, with digests.
    fn dependencies(&self) -> Vec<Dependency> {
        let resolved = |package: &&Package| {
            let mut occurrences = package.occurrences.iter();
            occurrences.any(|occurrence| {
                matches!(
                    occurrence.kind,
                    OccurrenceKind::Locked | OccurrenceKind::Installed
                )
            })
        };
        let mut dependencies: Vec<Dependency> = self
            .inventory
            .packages
            .iter()
            .filter(resolved)
            .filter(|package| package.purl.version().is_some())
            .map(|package| Dependency {
                uri: package.purl.to_string(),
                digests: package
                    .hashes
                    .iter()
                    .filter(|digest| {
                        !matches!(
                            digest.algorithm(),
                            DigestAlgorithm::Md5 | DigestAlgorithm::Sha1
                        )
                    })
                    .cloned()
                    .collect(),
                download_location: package.download.clone(),
            })
            .collect();
        dependencies.sort();
        dependencies.dedup();
        dependencies
    }
}

/// A builder's id, which must be a URI.
fn checked_uri(text: &str) -> Result<String> {
    let is_one = text.split_once(':').is_some_and(|(scheme, rest)| {
        !scheme.is_empty()
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            && !rest.is_empty()
            && rest.chars().all(|c| c.is_ascii_graphic())
    });
    is_one.then(|| text.to_owned()).with_context(|| {
        Failure::new(
            ExitCode::WrongUse,
            format!("take `{text}` for the id of a builder\nhint: it is a URI, such as https://ci.example"),
        )
    })
}
