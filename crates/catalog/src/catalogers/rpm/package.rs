//! A package as its header describes it.

use super::header::{Header, Tag};

/// An installed package, or one that lies there to be installed.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct RpmPackage {
    pub(super) name: Box<str>,
    pub(super) version: Box<str>,
    pub(super) release: Box<str>,
    pub(super) epoch: Option<u32>,
    /// Empty for keys, which databases list as packages.
    pub(super) architecture: Box<str>,
    /// The file name of the source package.
    pub(super) source: Option<Box<str>>,
    pub(super) vendor: Option<Box<str>>,
    pub(super) license: Option<Box<str>>,
    pub(super) summary: Option<Box<str>>,
    pub(super) modularity: Option<Box<str>>,
    pub(super) provides: Vec<Capability>,
    pub(super) requires: Vec<Capability>,
    /// As in a [`FileClaim`](crate::ownership::FileClaim): folders, and the names in them.
    pub(super) files: Box<str>,
    /// The same for files whose absence says nothing: configuration, logs, what was left out.
    pub(super) other_files: Box<str>,
}

/// What a package offers or needs: a name, or a path, and the version if exactly one will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Capability {
    pub(super) name: Box<str>,
    pub(super) version: Option<Box<str>>,
}

// Flags of a requirement.
const EQUAL: u32 = 1 << 3;
const LESS_OR_GREATER: u32 = (1 << 1) | (1 << 2);
const MISSING_OK: u32 = 1 << 19;
/// A feature of rpm itself.
const RPMLIB: u32 = 1 << 24;

// Flags of a file: its absence is all right, or it is made by the software when it runs.
const CONFIGURATION: u32 = 1;
const MISSING_IS_FINE: u32 = 1 << 3;
const GHOST: u32 = 1 << 6;

/// The state of a file that was installed; others were left out (documentation, languages).
const STATE_NORMAL: u32 = 0;

const FILE_TYPE: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;

/// Most capabilities of one package; a kernel's have some ten thousand.
const MOST_CAPABILITIES: usize = 100_000;

impl RpmPackage {
    /// The package that a header describes.
    pub(super) fn from_header(header: &Header<'_>) -> Result<Self, String> {
        let text = |tag| header.text(tag).map(|text| Box::from(text.as_ref()));
        let name: Box<str> = text(Tag::Name).ok_or("a package has no name")?;
        let version = text(Tag::Version).ok_or_else(|| {
            format!(
                "the package `{}` has no version",
                name.chars().take(100).collect::<String>()
            )
        })?;
        let (files, other_files) = files(header);
        Ok(Self {
            name,
            version,
            release: text(Tag::Release).unwrap_or_default(),
            epoch: header.number(Tag::Epoch),
            architecture: text(Tag::Architecture).unwrap_or_default(),
            source: text(Tag::SourcePackage).filter(|source| source.as_ref() != "(none)"),
            vendor: text(Tag::Vendor).or_else(|| text(Tag::Packager)),
            license: text(Tag::License),
            summary: text(Tag::Summary),
            modularity: text(Tag::ModularityLabel),
            provides: provides(header),
            requires: requires(header),
            files: files.finish(),
            other_files: other_files.finish(),
        })
    }

    /// `1.2-3`, as a package URL has it; the epoch stands apart.
    pub(super) fn full_version(&self) -> String {
        if self.release.is_empty() {
            return self.version.to_string();
        }
        format!("{}-{}", self.version, self.release)
    }
}

fn provides(header: &Header<'_>) -> Vec<Capability> {
    let mut versions = header.texts(Tag::ProvideVersion);
    header
        .texts(Tag::ProvideName)
        .take(MOST_CAPABILITIES)
        .map(|name| Capability {
            name: name.as_ref().into(),
            version: versions
                .next()
                .filter(|version| !version.is_empty())
                .map(|version| version.as_ref().into()),
        })
        .collect()
}

/// What a package can not be without: no features of rpm, and nothing with a condition.
fn requires(header: &Header<'_>) -> Vec<Capability> {
    let mut flags = header.numbers(Tag::RequireFlags);
    let mut versions = header.texts(Tag::RequireVersion);
    let mut requires: Vec<Capability> = Vec::new();
    for name in header.texts(Tag::RequireName).take(MOST_CAPABILITIES) {
        let flags = flags.next().unwrap_or_default();
        let version = versions.next().filter(|_| {
            // Of an exact version only the provider with just that one is meant.
            flags & EQUAL != 0 && flags & LESS_OR_GREATER == 0
        });
        let is_condition = name.starts_with('(');
        if flags & (RPMLIB | MISSING_OK) == 0 && !is_condition && !name.starts_with("rpmlib(") {
            requires.push(Capability {
                name: name.as_ref().into(),
                version: version
                    .filter(|version| !version.is_empty())
                    .map(|version| version.as_ref().into()),
            });
        }
    }
    requires
}

/// The files that must be there, and those that may be.
fn files(header: &Header<'_>) -> (FileList, FileList) {
    let mut modes = header.numbers(Tag::FileModes);
    let mut flags = header.numbers(Tag::FileFlags);
    let mut states = header.numbers(Tag::FileStates);
    let (mut certain, mut possible) = (FileList::default(), FileList::default());
    let mut add = |folder: &str, name: &str| {
        let is_folder = modes.next().unwrap_or_default() & FILE_TYPE == FOLDER;
        let may_be_missing =
            flags.next().unwrap_or_default() & (CONFIGURATION | MISSING_IS_FINE | GHOST) != 0;
        let is_normal = states.next().unwrap_or(STATE_NORMAL) == STATE_NORMAL;
        if is_folder {
            return;
        }
        if is_normal && !may_be_missing {
            certain.add(folder, name);
        } else {
            possible.add(folder, name);
        }
    };
    if header.has(Tag::BaseNames) {
        let folders: Vec<_> = header.texts(Tag::DirNames).collect();
        let names = header.texts(Tag::BaseNames);
        for (name, index) in names.zip(header.numbers(Tag::DirIndexes)) {
            add(folders.get(index as usize).map_or("", AsRef::as_ref), &name);
        }
    } else {
        // Packages of the nineties have whole paths.
        for path in header.texts(Tag::OldFileNames) {
            if let Some((folder, name)) = path.rsplit_once('/') {
                add(&format!("{folder}/"), name);
            }
        }
    }
    (certain, possible)
}

/// Longest list of files that is kept of one package.
const MOST_BYTES_OF_FILES: usize = 32 << 20;

/// Paths in the form of a [`FileClaim`](crate::ownership::FileClaim).
#[derive(Debug, Default)]
struct FileList {
    list: String,
    folder: String,
}

impl FileList {
    fn add(&mut self, folder: &str, name: &str) {
        let is_folder = folder.starts_with('/') && folder.ends_with('/') && !folder.contains('\n');
        if !is_folder || name.is_empty() || name.contains(['\n', '/']) {
            return;
        }
        // A long folder that is named again and again must not multiply.
        if self.list.len() > MOST_BYTES_OF_FILES {
            return;
        }
        if self.folder != folder {
            folder.clone_into(&mut self.folder);
            self.list.push_str(folder);
            self.list.push('\n');
        }
        self.list.push_str(name);
        self.list.push('\n');
    }

    fn finish(self) -> Box<str> {
        self.list.into()
    }
}

/// The name and version in the file name of a source package: `bash-5.1.8-4.src.rpm`.
pub(super) fn source_name_and_version(file: &str) -> Option<(&str, &str)> {
    let stem = file
        .strip_suffix(".src.rpm")
        .or_else(|| file.strip_suffix(".nosrc.rpm"))?;
    let (rest, release) = stem.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    let full = stem.get(name.len() + 1..)?;
    (!name.is_empty() && !version.is_empty() && !release.is_empty()).then_some((name, full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_packages_are_taken_apart() {
        assert_eq!(
            source_name_and_version("java-17-openjdk-17.0.1-1.el8.src.rpm"),
            Some(("java-17-openjdk", "17.0.1-1.el8"))
        );
        assert_eq!(source_name_and_version("a-1.src.rpm"), None);
        assert_eq!(source_name_and_version("(none)"), None);
    }
}
