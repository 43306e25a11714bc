//! What Yarn's Plug'n'Play resolves packages by, instead of a `node_modules`: the state in `.pnp.cjs`,
//! or beside it in `.pnp.data.json`: <https://yarnpkg.com/advanced/pnp-spec>. It names the packages
//! exactly and what each may load, peers too; what a project needs them for is in its manifest.

use std::collections::HashSet;

use serde::Deserialize;

use super::LockedEntry;

/// The state. Names and references are missing of the project that is the root.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    package_registry_data: Vec<(Option<String>, Versions)>,
}

/// A package's versions by their references.
type Versions = Vec<(Option<String>, Information)>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Information {
    package_dependencies: Vec<(String, Target)>,
}

/// What a name means to a package.
#[derive(Deserialize)]
#[serde(untagged)]
enum Target {
    Reference(String),
    Alias((String, String)),
    /// A peer that nobody provides.
    Missing,
}

/// Where the state begins in `.pnp.cjs`: as a text, or as an object in older ones.
const TEXT: &str = "RAW_RUNTIME_STATE";
const OBJECT: &str = "hydrateRuntimeState({";

/// Reads the packages of `.pnp.cjs`; nothing if its state is in a file of its own.
pub(super) fn read_script(text: &str) -> Option<Result<Vec<LockedEntry>, String>> {
    if let Some((_, after)) = text.split_once(TEXT) {
        let (_, quoted) = after.split_once('\'')?;
        return Some(read(&unquoted(quoted)));
    }
    let object = text
        .find(OBJECT)?
        .checked_add(OBJECT.len())?
        .checked_sub(1)?;
    Some(read(text.get(object..)?))
}

/// Reads the state; what follows it is ignored.
pub(super) fn read(text: &str) -> Result<Vec<LockedEntry>, String> {
    let mut states = serde_json::Deserializer::from_str(text).into_iter::<State>();
    let state = match states.next() {
        Some(Ok(state)) => state,
        Some(Err(error)) => return Err(format!("its state can not be read: {error}")),
        None => return Err("it has no state".to_owned()),
    };
    let mut entries = Vec::new();
    for (name, versions) in &state.package_registry_data {
        // The root is there a second time by its name.
        let Some(name) = name else { continue };
        for (reference, information) in versions {
            if let Some(reference) = reference {
                entries.push(entry(name, without_peers(reference), information));
            }
        }
    }
    Ok(entries)
}

/// The text of a string of JavaScript, up to the quotation mark that ends it.
fn unquoted(quoted: &str) -> String {
    let mut text = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    while let Some(next) = characters.next() {
        match next {
            '\'' => break,
            // A line that goes on, or a character that stands for itself.
            '\\' => text.extend(characters.next().filter(|escaped| *escaped != '\n')),
            _ => text.push(next),
        }
    }
    text
}

/// `npm:1.0.0` of `virtual:abc#npm:1.0.0`: the copy that a package gets for its peers.
fn without_peers(reference: &str) -> &str {
    let copy = reference.strip_prefix("virtual:");
    copy.and_then(|copy| copy.split_once('#'))
        .map_or(reference, |(_, reference)| reference)
}

fn entry(name: &str, reference: &str, information: &Information) -> LockedEntry {
    let mut needs = Vec::new();
    let mut seen = HashSet::new();
    for (key, target) in &information.package_dependencies {
        let (on, found) = match target {
            Target::Reference(found) => (key.as_str(), found.as_str()),
            Target::Alias((on, found)) => (on.as_str(), found.as_str()),
            Target::Missing => continue,
        };
        let found = without_peers(found);
        // Every package may load itself.
        if (on, found) != (name, reference) && seen.insert(key) {
            needs.push((key.as_str().into(), format!("{on}@{found}").into()));
        }
    }
    LockedEntry {
        descriptors: vec![format!("{name}@{reference}").into()],
        name: Some(name.into()),
        version: version(reference).map(Into::into),
        workspace: reference.strip_prefix("workspace:").map(Into::into),
        needs,
        ..LockedEntry::default()
    }
}

/// The version in a reference: `npm:1.0.0`, `npm:1.0.0::__archiveUrl=…`, and `version=1.0.0` behind a
/// patch.
fn version(reference: &str) -> Option<&str> {
    if let Some(rest) = reference.strip_prefix("npm:") {
        return rest.split("::").next();
    }
    let (_, parameters) = reference.rsplit_once("::")?;
    parameters
        .split('&')
        .find_map(|parameter| parameter.strip_prefix("version="))
        .filter(|_| reference.starts_with("patch:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: &str = r#"{"packageRegistryData":[[null,[[null,{}]]],["a",[["virtual:12#npm:1.0.0::x=1",
        {"packageDependencies":[["a","npm:1.0.0::x=1"],["it's",null],["b","npm:2.0.0"],["c",["d","npm:3.0.0"]]]}]]]]}"#;

    fn check(entries: &[LockedEntry]) {
        let [entry] = entries else {
            panic!("{entries:?}")
        };
        assert_eq!(entry.descriptors, ["a@npm:1.0.0::x=1".into()]);
        assert_eq!(entry.version.as_deref(), Some("1.0.0"));
        let needs = [("b", "b@npm:2.0.0"), ("c", "d@npm:3.0.0")];
        assert_eq!(
            entry.needs,
            needs.map(|(name, on)| (name.into(), on.into()))
        );
    }

    #[test]
    fn states_of_all_forms_are_read() {
        check(&read(STATE).unwrap());
        let escaped = STATE.replace('\'', "\\'").replace('\n', "\\\n");
        let script = format!("const RAW_RUNTIME_STATE =\n'{escaped}';\nfunction x() {{}}\n");
        check(&read_script(&script).unwrap().unwrap());
        let older = format!("return hydrateRuntimeState({STATE}, {{basePath}});");
        check(&read_script(&older).unwrap().unwrap());
        assert!(read_script("require('./.pnp.data.json')").is_none());
        assert!(read("{}").is_err());
        let patched = "patch:a@npm%3A1.0.0#./a.patch::version=1.0.0&hash=1f";
        assert_eq!(version(patched), Some("1.0.0"));
        assert_eq!(version("git@host:x.git#commit=1"), None);
    }
}
