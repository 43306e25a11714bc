//! Paths inside a target: always relative to its root, `/`-separated, without `.` and `..`.

use std::borrow::Borrow;
use std::fmt::{self, Write as _};

/// A normalised path inside a target. It can not name anything outside of it.
///
/// Bytes that are no UTF-8 are kept readable as `\xNN`, so that a strange file name is shown
/// and compared rather than lost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TargetPath(Box<str>);

impl TargetPath {
    /// Normalises a path: leading slashes, empty parts and `.` fall away, `..` goes up but never
    /// above the root.
    pub fn new(path: &str) -> Self {
        let clean = !path.starts_with('/')
            && !path.ends_with('/')
            && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if clean || path.is_empty() {
            return Self(path.into());
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                _ => parts.push(part),
            }
        }
        Self(parts.join("/").into())
    }

    /// Normalises a path of raw bytes, as archives and file systems hold them.
    pub fn from_bytes(path: &[u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(path) {
            return Self::new(text);
        }
        let mut text = String::with_capacity(path.len() + 8);
        for chunk in path.utf8_chunks() {
            text.push_str(chunk.valid());
            for byte in chunk.invalid() {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
        Self::new(&text)
    }

    /// The path as text; empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part: the file's name.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The folder that holds it; the root is its own parent.
    pub fn parent(&self) -> Self {
        Self(self.parent_str().into())
    }

    /// The folder that holds it, as text; empty for the root.
    pub fn parent_str(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(parent, _)| parent)
    }

    /// A path below this one, or beside it where `relative` goes up.
    pub fn join(&self, relative: &str) -> Self {
        if self.0.is_empty() {
            Self::new(relative)
        } else {
            Self::new(&format!("{}/{relative}", self.0))
        }
    }

    /// The parts of the path, in order.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// Whether this is the root of the target.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for TargetPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Borrow<str> for TargetPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_the_target() {
        assert_eq!(TargetPath::new("./a//b/../c").as_str(), "a/c");
        assert_eq!(TargetPath::new("/../../etc/passwd").as_str(), "etc/passwd");
        assert_eq!(TargetPath::new("a/b").join("../../../c").as_str(), "c");
        assert_eq!(TargetPath::from_bytes(b"caf\xe9/x").as_str(), "caf\\xe9/x");
        assert_eq!(TargetPath::new("a").parent_str(), "");
        assert_eq!(TargetPath::new("").parts().count(), 0);
    }
}
