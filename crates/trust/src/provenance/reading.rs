//! Reads provenance of versions 0.2 and 1.
//!
//! Where the source stands depends on the type of build. Known are the parameters `workflow` of
//! GitHub's, `source` of slsa-github-generator's and our own, `buildConfigSource` and
//! `sourceToBuild` of Google's, and `configSource` of version 0.2.

use std::collections::BTreeMap;

use linchpin_model::{Digest, DigestAlgorithm, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Material, Provenance, SourceRevision};
use crate::statement::is_proof;

/// Why a predicate is no provenance that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the provenance can not be read: {0}")]
pub struct InvalidProvenance(String);

/// Deepest nesting of parameters, and the most of them.
const DEEPEST: usize = 20;
const MOST_PARAMETERS: usize = 1_000;

/// The parameters that say where the source is.
const SOURCES: [&str; 4] = ["workflow", "source", "buildConfigSource", "sourceToBuild"];

/// Their fields that do so; what else they hold is a parameter like others.
const OF_SOURCE: [&str; 5] = ["repository", "uri", "ref", "digest", "revision"];

impl Provenance {
    /// Reads a predicate of the type `https://slsa.dev/provenance/v1`.
    pub fn read_v1(predicate: &str) -> Result<Self, InvalidProvenance> {
        let wire: V1 = parse(predicate)?;
        let definition = wire.build_definition;
        let materials: Vec<Material> = definition
            .resolved_dependencies
            .into_iter()
            .map(WireMaterial::material)
            .collect();
        let source = SOURCES.iter().find_map(|name| {
            let value = definition.external_parameters.get(*name)?;
            source_of(value)
        });
        let source = source.map(|source| with_commit(source, &materials));
        let mut parameters = Vec::new();
        for (name, value) in &definition.external_parameters {
            match value {
                Value::Object(fields) if SOURCES.contains(&name.as_str()) => {
                    for (field, value) in fields {
                        if !OF_SOURCE.contains(&field.as_str()) {
                            flatten(format!("{name}.{field}"), value, DEEPEST, &mut parameters)?;
                        }
                    }
                }
                Value::String(_) if SOURCES.contains(&name.as_str()) => {}
                value => flatten(name.clone(), value, DEEPEST, &mut parameters)?,
            }
        }
        let metadata = wire.run_details.metadata.unwrap_or_default();
        Ok(Self {
            builder: wire.run_details.builder.id,
            build_type: definition.build_type,
            source,
            parameters,
            materials,
            started: moment(metadata.started_on.as_deref())?,
            finished: moment(metadata.finished_on.as_deref())?,
        })
    }

    /// Reads a predicate of the type `https://slsa.dev/provenance/v0.2`.
    pub fn read_v0_2(predicate: &str) -> Result<Self, InvalidProvenance> {
        let wire: V02 = parse(predicate)?;
        let invocation = wire.invocation.unwrap_or_default();
        let configuration = invocation.config_source.unwrap_or_default();
        let mut parameters = Vec::new();
        if let Some(entry_point) = configuration.entry_point.filter(|entry| !entry.is_empty()) {
            parameters.push(("entryPoint".to_owned(), entry_point));
        }
        if let Some(given) = &invocation.parameters {
            match given {
                Value::Object(fields) => {
                    for (name, value) in fields {
                        flatten(name.clone(), value, DEEPEST, &mut parameters)?;
                    }
                }
                other => flatten("parameters".to_owned(), other, DEEPEST, &mut parameters)?,
            }
        }
        let materials: Vec<Material> = wire
            .materials
            .into_iter()
            .map(WireMaterial::material)
            .collect();
        let source = configuration.uri.map(|uri| {
            let (uri, reference) = split(&uri);
            let commit = configuration.digest.get("sha1").cloned();
            with_commit(
                SourceRevision {
                    uri,
                    reference,
                    commit,
                },
                &materials,
            )
        });
        let metadata = wire.metadata.unwrap_or_default();
        Ok(Self {
            builder: wire.builder.id,
            build_type: wire.build_type,
            source,
            parameters,
            materials,
            started: moment(metadata.build_started_on.as_deref())?,
            finished: moment(metadata.build_finished_on.as_deref())?,
        })
    }
}

fn parse<'a, T: Deserialize<'a>>(predicate: &'a str) -> Result<T, InvalidProvenance> {
    serde_json::from_str(predicate).map_err(|error| InvalidProvenance(error.to_string()))
}

fn moment(text: Option<&str>) -> Result<Option<Timestamp>, InvalidProvenance> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let moment = text.parse();
    moment
        .map(Some)
        .map_err(|_| InvalidProvenance("a time in it is none".to_owned()))
}

/// The source that a parameter names.
fn source_of(value: &Value) -> Option<SourceRevision> {
    let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
    let uri = match value {
        Value::String(uri) => uri.clone(),
        other => text(other, "repository").or_else(|| text(other, "uri"))?,
    };
    let (uri, reference) = split(&uri);
    let digest = value.get("digest");
    let commit =
        digest.and_then(|digest| text(digest, "gitCommit").or_else(|| text(digest, "sha1")));
    Some(SourceRevision {
        uri,
        reference: text(value, "ref").or(reference),
        commit,
    })
}

/// A URI without `git+` and `.git`, and the branch or tag behind an `@`.
fn split(uri: &str) -> (String, Option<String>) {
    let uri = uri.strip_prefix("git+").unwrap_or(uri);
    let (uri, reference) = match uri.rsplit_once('@') {
        Some((uri, reference)) if reference.starts_with("refs/") => (uri, Some(reference)),
        _ => (uri, None),
    };
    let uri = uri.strip_suffix(".git").unwrap_or(uri);
    (uri.to_owned(), reference.map(str::to_owned))
}

/// The source with the commit of the material that has its URI, if it does not say one itself.
fn with_commit(source: SourceRevision, materials: &[Material]) -> SourceRevision {
    let same = |material: &&Material| {
        let uri = material.uri.as_deref().map(split);
        uri.is_some_and(|(uri, _)| uri == source.uri)
    };
    let commit = source.commit.clone().or_else(|| {
        let material = materials.iter().find(same)?;
        material.commit.clone()
    });
    SourceRevision { commit, ..source }
}

/// Adds the values inside of a value, each with the way to it.
fn flatten(
    way: String,
    value: &Value,
    deepest: usize,
    into: &mut Vec<(String, String)>,
) -> Result<(), InvalidProvenance> {
    let too_much =
        || InvalidProvenance("it has more or deeper parameters than any build".to_owned());
    if deepest == 0 || into.len() >= MOST_PARAMETERS {
        return Err(too_much());
    }
    match value {
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => into.push((way, text.clone())),
        Value::Bool(_) | Value::Number(_) => into.push((way, value.to_string())),
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                flatten(format!("{way}.{place}"), item, deepest - 1, into)?;
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                flatten(format!("{way}.{name}"), value, deepest - 1, into)?;
            }
        }
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct V1 {
    build_definition: BuildDefinition,
    run_details: RunDetails,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BuildDefinition {
    build_type: String,
    external_parameters: Map<String, Value>,
    #[serde(default)]
    resolved_dependencies: Vec<WireMaterial>,
}

#[derive(Deserialize)]
struct RunDetails {
    builder: Builder,
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Builder {
    id: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    started_on: Option<String>,
    finished_on: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct V02 {
    builder: Builder,
    build_type: String,
    invocation: Option<Invocation>,
    metadata: Option<Metadata02>,
    #[serde(default)]
    materials: Vec<WireMaterial>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    config_source: Option<ConfigSource>,
    parameters: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfigSource {
    uri: Option<String>,
    #[serde(default)]
    digest: BTreeMap<String, String>,
    entry_point: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata02 {
    build_started_on: Option<String>,
    build_finished_on: Option<String>,
}

#[derive(Deserialize)]
struct WireMaterial {
    uri: Option<String>,
    #[serde(default)]
    digest: BTreeMap<String, String>,
}

impl WireMaterial {
    fn material(self) -> Material {
        let commit = ["gitCommit", "sha1"]
            .iter()
            .find_map(|name| self.digest.get(*name).cloned());
        let digests = self.digest.iter().filter_map(|(name, hex)| {
            let algorithm = DigestAlgorithm::from_name(name).filter(|known| is_proof(*known))?;
            Digest::from_hex(algorithm, hex).ok()
        });
        Material {
            digests: digests.collect(),
            commit,
            uri: self.uri,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_of_github_says_its_source_and_its_inputs() {
        let read = Provenance::read_v1(
            r#"{"buildDefinition": {
                "buildType": "https://actions.github.io/buildtypes/workflow/v1",
                "externalParameters": {
                    "workflow": {"ref": "refs/heads/main", "repository": "https://github.com/o/r", "path": ".github/workflows/build.yml"},
                    "inputs": {"version": "1.2", "empty": ""}},
                "resolvedDependencies": [{"uri": "git+https://github.com/o/r@refs/heads/main", "digest": {"gitCommit": "abc"}}]},
              "runDetails": {"builder": {"id": "https://github.com/actions/runner/github-hosted"},
                "metadata": {"startedOn": "2026-01-01T00:00:00Z"}}}"#,
        )
        .unwrap();
        assert_eq!(
            read.source,
            Some(SourceRevision {
                uri: "https://github.com/o/r".to_owned(),
                reference: Some("refs/heads/main".to_owned()),
                commit: Some("abc".to_owned()),
            })
        );
        assert_eq!(
            read.parameters,
            [
                ("inputs.version".to_owned(), "1.2".to_owned()),
                (
                    "workflow.path".to_owned(),
                    ".github/workflows/build.yml".to_owned()
                ),
            ]
        );
        assert!(read.started.is_some() && read.finished.is_none());
    }

    #[test]
    fn version_0_2_says_the_same_in_other_places() {
        let read = Provenance::read_v0_2(
            r#"{"builder": {"id": "https://example.com/builder@v1"}, "buildType": "https://example.com/type",
                "invocation": {"configSource": {"uri": "git+https://example.com/r.git@refs/tags/v1", "digest": {"sha1": "abc"}, "entryPoint": "build.yml"},
                    "parameters": {"a": [1, true]}},
                "metadata": {"buildFinishedOn": "2026-01-01T00:00:00Z"},
                "materials": [{"uri": "pkg:npm/x@1", "digest": {"sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}]}"#,
        )
        .unwrap();
        let source = read.source.unwrap();
        assert_eq!(source.uri, "https://example.com/r");
        assert_eq!(source.reference.as_deref(), Some("refs/tags/v1"));
        assert_eq!(source.commit.as_deref(), Some("abc"));
        let names: Vec<&str> = read
            .parameters
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, ["entryPoint", "a.0", "a.1"]);
        assert_eq!(read.materials[0].digests.len(), 1);
    }

    #[test]
    fn what_is_no_provenance_is_refused() {
        let deep = format!(
            r#"{{"buildDefinition": {{"buildType": "t", "externalParameters": {{"a": {}1{}}}}}, "runDetails": {{"builder": {{"id": "b"}}}}}}"#,
            "[".repeat(60),
            "]".repeat(60)
        );
        for wrong in ["{}", "[]", "", deep.as_str()] {
            assert!(Provenance::read_v1(wrong).is_err(), "{wrong}");
            assert!(Provenance::read_v0_2(wrong).is_err(), "{wrong}");
        }
    }
}
