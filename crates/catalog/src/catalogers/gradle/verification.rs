//! Gradle's dependency verification: the digests that artifacts must have.
//! <https://docs.gradle.org/current/userguide/dependency_verification.html>.

use linchpin_model::{Digest, DigestAlgorithm};

use super::Fragment;
use crate::cataloger::Parsed;
use crate::documents::xml::read_document;

pub(super) fn read(content: &[u8]) -> Parsed<Fragment> {
    let root = match read_document(content) {
        Ok(root) if root.name == "verification-metadata" => root,
        Ok(_) => return Parsed::not_mine(),
        Err(problem) => return Parsed::failed(problem),
    };
    let mut found = Vec::new();
    let components = root.child("components").into_iter();
    for component in components.flat_map(|list| list.children_named("component")) {
        let of = |name: &str| component.attribute(name).unwrap_or_default();
        let (group, name, version) = (of("group"), of("name"), of("version"));
        let jar = format!("{name}-{version}.jar");
        let artifacts = component.children_named("artifact");
        // Metadata files have digests here too; the jar is the artifact.
        for artifact in artifacts.filter(|file| file.attribute("name") == Some(jar.as_str())) {
            for digest in &artifact.children {
                let algorithm = DigestAlgorithm::from_name(&digest.name);
                let hex = digest.attribute("value").unwrap_or_default();
                let digest = algorithm.and_then(|algorithm| Digest::from_hex(algorithm, hex).ok());
                found.extend(digest.map(|digest| (format!("{group}:{name}:{version}"), digest)));
            }
        }
    }
    Parsed::clean(Fragment::Verification(found))
}
