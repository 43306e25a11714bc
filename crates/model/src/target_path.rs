//! Paths inside a target: always relative to its root, `/`-separated, without `.` and `..`.

use std::borrow::Borrow;
use std::fmt::{self, Write as _};

/// What stands between the path of an archive and the path of a file in it, as in URLs of Java.
const INTO_ARCHIVE: &str = "!/";

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

    /// What follows the last dot of the name: `rpm`.
    pub fn ending(&self) -> Option<&str> {
        self.name().rsplit_once('.').map(|(_, ending)| ending)
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

    /// The path of a file in the archive at this path: `x.jar!/META-INF/MANIFEST.MF`. It never
    /// names anything outside of the archive.
    pub fn in_archive(&self, inside: &[u8]) -> Self {
        let inside = Self::from_bytes(inside);
        Self(format!("{self}{INTO_ARCHIVE}{inside}").into())
    }

    /// Whether this is a file in an archive.
    pub fn is_in_archive(&self) -> bool {
        self.0.contains(INTO_ARCHIVE)
    }

    /// The archive that holds this file, and the file's path inside it; the innermost of several.
    pub fn archive_and_inside(&self) -> Option<(Self, &str)> {
        let (archive, inside) = self.0.rsplit_once(INTO_ARCHIVE)?;
        Some((Self(archive.into()), inside))
    }

    /// The path inside the innermost archive, or the path itself for a file in none.
    pub fn inside_archive(&self) -> &str {
        self.0
            .rsplit_once(INTO_ARCHIVE)
            .map_or(&self.0, |(_, inside)| inside)
    }

    /// The archives that hold this file, the innermost first.
    pub fn archives(&self) -> impl Iterator<Item = &str> {
        self.0
            .rmatch_indices(INTO_ARCHIVE)
            .map(|(end, _)| &self.0[..end])
    }

    /// The file as it lies in the target: the outermost archive, or the path itself for a file in
    /// none.
    pub fn outermost(&self) -> &str {
        self.0
            .split_once(INTO_ARCHIVE)
            .map_or(&self.0, |(archive, _)| archive)
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

    #[test]
    fn files_in_archives_know_their_archives() {
        let war = TargetPath::new("lib/app.war");
        let jar = war.in_archive(b"WEB-INF/lib/x.jar");
        let file = jar.in_archive(b"../META-INF//MANIFEST.MF");
        assert_eq!(
            file.as_str(),
            "lib/app.war!/WEB-INF/lib/x.jar!/META-INF/MANIFEST.MF"
        );
        assert_eq!(
            file.archive_and_inside(),
            Some((jar.clone(), "META-INF/MANIFEST.MF"))
        );
        assert_eq!(
            file.archives().collect::<Vec<_>>(),
            [jar.as_str(), war.as_str()]
        );
        assert_eq!(file.outermost(), "lib/app.war");
        assert_eq!(file.inside_archive(), "META-INF/MANIFEST.MF");
        assert!(file.is_in_archive() && !war.is_in_archive());
        assert_eq!(war.archive_and_inside(), None);
        assert_eq!(
            (war.outermost(), war.inside_archive()),
            (war.as_str(), war.as_str())
        );
    }
}
