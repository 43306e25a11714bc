//! Jenkins: pipelines are programs in Groovy, which are not run; images and libraries whose names
//! are written out are found: <https://www.jenkins.io/doc/book/pipeline/docker/>,
//! <https://www.jenkins.io/doc/book/pipeline/shared-libraries/>.

use std::sync::LazyLock;

use linchpin_model::{OccurrenceKind, PackageUrl, Scope};
use regex::Regex;

use crate::references::References;

#[expect(
    clippy::unwrap_used,
    reason = "the patterns are constants, and a test runs them"
)]
static PATTERNS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        // docker { image 'a:1' }, docker 'a:1', docker.image("a:1"), containerTemplate(image: 'a:1')
        r#"(?:\bimage|\bdocker)\s*[(:]?\s*['"]([^'"\n]+)['"]"#,
        // The pods of Kubernetes are written out as YAML: `image: a:1`.
        r##"(?m)^\s*(?:-\s*)?image:\s*([^\s'"#]+)\s*$"##,
        // @Library('name@version'), library('name@version'), library identifier: 'name@version'
        r#"(?:@Library|\blibrary)\s*\(?\s*(?:identifier\s*:)?\s*\[?\s*((?:['"][^'"\n]+['"]\s*,?\s*)+)"#,
    ]
    .map(|pattern| Regex::new(pattern).unwrap())
});

pub(super) fn read(text: &str, references: &mut References) {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let text = lines.join("\n");
    let [quoted, plain, library] = &*PATTERNS;
    for found in quoted
        .captures_iter(&text)
        .chain(plain.captures_iter(&text))
    {
        if let Some(image) = found.get(1) {
            references.add_image_if_one(image.as_str(), Scope::Build);
        }
    }
    for found in library.captures_iter(&text) {
        let names = found.get(1).map(|names| names.as_str()).unwrap_or_default();
        for name in names.split(['\'', '"', ',']).map(str::trim) {
            if !name.is_empty() {
                add_library(name, references);
            }
        }
    }
}

fn add_library(library: &str, references: &mut References) {
    let (name, version) = match library.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (library, None),
    };
    let version = version.filter(|version| !version.contains('$'));
    match PackageUrl::new("generic", Some("jenkins-libraries"), name, version) {
        Ok(purl) => references.add(purl, OccurrenceKind::Declared, Scope::Build),
        Err(error) => references.problem(error.to_string()),
    }
}
