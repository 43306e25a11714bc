//! `META-INF/MANIFEST.MF`: its main section. Format: the JAR File Specification,
//! <https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html>, and the headers of OSGi.

use std::collections::BTreeMap;

/// Most bytes that are read; sections of single classes may make it long, and come later.
const MOST_BYTES: usize = 1 << 20;
/// Longest value that is kept.
const LONGEST: usize = 4096;

/// What the main section of a manifest says, as far as it is asked for here.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Manifest(BTreeMap<String, String>);

impl Manifest {
    /// Reads the main section.
    pub(super) fn parse(content: &[u8]) -> Self {
        let content = content.get(..MOST_BYTES).unwrap_or(content);
        let text = String::from_utf8_lossy(content);
        let mut attributes: BTreeMap<String, String> = BTreeMap::new();
        let mut last: Option<String> = None;
        for line in text.lines() {
            if line.trim().is_empty() {
                if attributes.is_empty() {
                    continue;
                }
                // What follows is about single files.
                break;
            }
            if let Some(more) = line.strip_prefix(' ') {
                // Lines have at most 72 bytes; longer values go on in the next one.
                if let Some(value) = last.as_ref().and_then(|key| attributes.get_mut(key))
                    && value.len() < LONGEST
                {
                    value.push_str(more);
                }
                continue;
            }
            last = line.split_once(':').map(|(key, value)| {
                let key = key.trim().to_ascii_lowercase();
                attributes
                    .entry(key.clone())
                    .or_insert_with(|| value.trim_start().to_owned());
                key
            });
        }
        Self(attributes)
    }

    /// The value of an attribute, unless it is empty or was never filled in.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0
            .get(&key.to_ascii_lowercase())
            .map(|value| value.trim())
            .filter(|value| !value.is_empty() && !value.contains("${"))
    }

    /// The OSGi name, without its directives.
    pub(super) fn symbolic_name(&self) -> Option<&str> {
        let name = self.get("Bundle-SymbolicName")?;
        let name = name.split(';').next().unwrap_or(name).trim();
        (!name.is_empty()).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_and_the_first_section_counts() {
        let manifest = Manifest::parse(
            b"Manifest-Version: 1.0\r\nBundle-SymbolicName: org.apache.com\r\n mons.io;singleton:=true\r\n\
              Implementation-Version: ${version}\r\n\r\nName: x\r\nImplementation-Title: other\r\n",
        );
        assert_eq!(manifest.symbolic_name(), Some("org.apache.commons.io"));
        assert_eq!(manifest.get("Implementation-Version"), None);
        assert_eq!(manifest.get("Implementation-Title"), None);
    }
}
