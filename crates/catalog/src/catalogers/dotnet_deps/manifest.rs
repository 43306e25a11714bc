//! The dependency manifest of a .NET application, `<name>.deps.json`: what the runtime may load for
//! it. <https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md>
//!
//! Assets of compilation (`compile`, `compilationOptions`) say nothing of what runs and are not read.

use std::collections::{BTreeSet, HashMap};

use linchpin_model::Digest;

use crate::documents::json::{Loose, read_loose};
use crate::nuget_packages::{digest, folded, split_key};

/// Most libraries of one manifest that are read; large applications have some hundreds.
const MOST_LIBRARIES: usize = 20_000;

/// Most files of one library that are kept, to look for them beside the manifest.
const MOST_FILES: usize = 16;

/// What the manifest says.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Manifest {
    pub(super) libraries: Vec<Library>,
}

/// One library of it.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) name: Box<str>,
    pub(super) version: Box<str>,
    pub(super) kind: LibraryKind,
    pub(super) digest: Option<Digest>,
    /// Names and versions of what it needs.
    pub(super) needs: Vec<(Box<str>, Box<str>)>,
    /// Where its files are, from the manifest's folder: any of several places.
    pub(super) files: Vec<Box<str>>,
}

/// Where a library comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LibraryKind {
    /// A project: the application itself, or another that was built with it.
    Project,
    /// A package of NuGet.
    Package,
    /// The package that a self-contained application took its runtime from.
    RuntimePack,
    /// A file that the project names itself, from nowhere known.
    Reference,
    /// An assembly that the application was compiled against, and that the runtime brings.
    CompiledAgainst,
}

/// Reads a manifest.
pub(super) fn read(content: &[u8]) -> Result<Manifest, String> {
    let text = String::from_utf8_lossy(content);
    let document = read_loose(&text)?;
    let empty = Loose::Other;
    let libraries = document.get("libraries").unwrap_or(&empty);
    let targets = document.get("targets").unwrap_or(&empty);
    if libraries.members().is_empty() && targets.members().is_empty() {
        return Err("is no dependency manifest: it has neither `libraries` nor `targets`".into());
    }
    let target: HashMap<&str, &Loose<'_>> = chosen_target(&document, targets)
        .unwrap_or(&empty)
        .members()
        .iter()
        .map(|(key, entry)| (key.as_ref(), entry))
        .collect();
    let described: HashMap<&str, &Loose<'_>> = libraries
        .members()
        .iter()
        .map(|(key, entry)| (key.as_ref(), entry))
        .collect();
    let keys: BTreeSet<&str> = target.keys().chain(described.keys()).copied().collect();
    let libraries = keys
        .into_iter()
        .take(MOST_LIBRARIES)
        .filter_map(|key| {
            let (name, version) = split_key(key)?;
            let described = described.get(key).copied().unwrap_or(&empty);
            Some(library(
                name,
                version,
                described,
                target.get(key).copied().unwrap_or(&empty),
            ))
        })
        .collect();
    Ok(Manifest { libraries })
}

/// What is taken at run time: the target that `runtimeTarget` names, else the one with the most in it.
fn chosen_target<'a>(document: &Loose<'a>, targets: &'a Loose<'a>) -> Option<&'a Loose<'a>> {
    let named = document.get("runtimeTarget");
    // Before .NET Core 1.0 it was a text.
    let name = named.and_then(|named| named.get("name").and_then(Loose::text).or(named.text()));
    name.and_then(|name| targets.get(name)).or_else(|| {
        let members = targets.members().iter().map(|(_, target)| target);
        members.max_by_key(|target| target.members().len())
    })
}

fn library(name: &str, version: &str, described: &Loose<'_>, target: &Loose<'_>) -> Library {
    let text = |member: &str| described.get(member).and_then(Loose::text);
    let kind = match text("type").or_else(|| target.get("type").and_then(Loose::text)) {
        Some("project") => LibraryKind::Project,
        Some("reference") => LibraryKind::Reference,
        Some("referenceassembly") => LibraryKind::CompiledAgainst,
        Some("runtimepack") => LibraryKind::RuntimePack,
        _ => LibraryKind::Package,
    };
    // The build writes `runtimepack.` before the name of the package.
    let name = match kind {
        LibraryKind::RuntimePack => name.strip_prefix("runtimepack.").unwrap_or(name),
        _ => name,
    };
    let needs = target
        .get("dependencies")
        .into_iter()
        .flat_map(Loose::members)
        .filter_map(|(name, version)| Some((name.as_ref().into(), version.text()?.into())))
        .collect();
    let lists = ["runtime", "native", "runtimeTargets", "resources"];
    let files = lists
        .into_iter()
        .filter_map(|list| target.get(list))
        .flat_map(|list| list.members().iter().take(MOST_FILES))
        .take(MOST_FILES)
        .map(|(path, _)| path.as_ref().into())
        .collect();
    Library {
        name: name.into(),
        version: version.into(),
        kind,
        digest: text("sha512").and_then(digest),
        needs,
        files,
    }
}

impl Library {
    /// The key by which others ask for it.
    pub(super) fn key(&self) -> String {
        key(&self.name, &self.version)
    }
}

/// The key of a library of this name and version.
pub(super) fn key(name: &str, version: &str) -> String {
    format!("{}/{version}", folded(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_target_is_taken() {
        let text = br#"{"runtimeTarget":{"name":"b"},"targets":{
            "a":{"X/1":{},"Y/1":{},"Z/1":{}},
            "b":{"App/1.0.0":{"dependencies":{"X":"1"}},"X/1":{"runtime":{"lib/x.dll":{}}}}},
            "libraries":{"App/1.0.0":{"type":"project"},"X/1":{"type":"package"}}}"#;
        let manifest = read(text).unwrap();
        let names: Vec<&str> = manifest.libraries.iter().map(|l| l.name.as_ref()).collect();
        assert_eq!(names, ["App", "X"]);
        assert_eq!(manifest.libraries[0].needs.len(), 1);
        assert_eq!(manifest.libraries[1].files, ["lib/x.dll".into()]);
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        for text in ["", "[]", "{}", "{\"targets\":3}", "{\"libraries\":[1]}"] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
