//! What a database says of itself: `manifest.json` in its folder.
//!
//! It names every file with its digest. Files carry a part of their digest in their names and are
//! never written again, so that replacing the manifest is the moment at which a database changes:
//! before it the old one is whole, after it the new one.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use linchpin_model::{Ecosystem, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::DatabaseError;
use super::layout::FORMAT;

/// The manifest's name.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The name of a manifest of what was fetched so far for a database that is not there yet.
pub(crate) const UNFINISHED: &str = "unfinished.json";
/// What stands in it so that no other JSON file is taken for one.
const KIND: &str = "linchpin-advisory-database";
/// Which program wrote a database. Another version may understand records differently: it reads
/// such a database, and does not build upon it.
const MAKER: &str = concat!("linchpin ", env!("CARGO_PKG_VERSION"));
/// An honest one has some 20 kilobytes.
pub(crate) const MOST_MANIFEST: u64 = 16 << 20;
const MOST_PARTS: usize = 200;

/// A moment, as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub Timestamp);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

/// What a database says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Manifest {
    kind: String,
    /// The version of the format of all files.
    pub format: u32,
    /// The program that wrote it.
    pub maker: String,
    /// When it was written, where its maker said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Moment>,
    /// One for each ecosystem, in order.
    pub ecosystems: Vec<EcosystemPart>,
    /// The catalogue of known exploited vulnerabilities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exploited: Option<ListPart>,
    /// The predictions of exploitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predictions: Option<ListPart>,
}

/// One file of a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PartFile {
    /// Its name in the folder.
    pub file: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 digest in hexadecimal digits.
    pub sha256: String,
}

/// The advisories of one ecosystem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct EcosystemPart {
    /// The ecosystem's name in OSV.
    pub name: String,
    /// Its file.
    #[serde(flatten)]
    pub file: PartFile,
    /// Where the records came from.
    pub source: String,
    /// The number of records.
    pub records: u64,
    /// The number of packages that they speak about, those of each release apart.
    pub packages: u64,
    /// The date of the newest record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Moment>,
    /// What was published after this moment is unknown: when the records were fetched, or the date
    /// of the newest record of a feed of which nobody knows when it was fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<Moment>,
    /// Up to where the feed's list of changes was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// When the feed's list was last compared with the records to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<Moment>,
    /// What the feed says of the version of its archive, to tell whether it has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validator: Option<String>,
    /// The number of records for each release of a distribution.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub releases: BTreeMap<String, u64>,
}

/// Up to where a list of changes was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Seen {
    /// The moment of the newest change.
    pub moment: Moment,
    /// How many changes have this moment: one more may come.
    pub changes: u64,
}

/// A list by CVE ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ListPart {
    /// Its file.
    #[serde(flatten)]
    pub file: PartFile,
    /// The number of flaws in it.
    pub records: u64,
    /// Its version or its day, as whoever publishes it writes that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl Manifest {
    /// One of an empty database.
    pub(crate) fn new() -> Self {
        Self {
            kind: KIND.to_owned(),
            format: FORMAT,
            maker: MAKER.to_owned(),
            made: None,
            ecosystems: Vec::new(),
            exploited: None,
            predictions: None,
        }
    }

    /// Reads the manifest of a database's folder.
    pub fn of(folder: &Path) -> Result<Self, DatabaseError> {
        Self::named(folder, MANIFEST)
    }

    /// Reads the manifest of what was fetched for a database that is not there yet.
    pub(crate) fn of_unfinished(folder: &Path) -> Result<Self, DatabaseError> {
        Self::named(folder, UNFINISHED)
    }

    fn named(folder: &Path, name: &str) -> Result<Self, DatabaseError> {
        let path = folder.join(name);
        let unreadable = |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::NotFound if folder.join(UNFINISHED).exists() => {
                DatabaseError::Unfinished {
                    path: folder.to_owned(),
                }
            }
            std::io::ErrorKind::NotFound if folder.exists() => DatabaseError::NotADatabase {
                path: folder.to_owned(),
            },
            std::io::ErrorKind::NotFound => DatabaseError::NotFound {
                path: folder.to_owned(),
            },
            _ => DatabaseError::Unreadable {
                path: path.clone(),
                source,
            },
        };
        // Opening a pipe would wait for whoever writes into it.
        let metadata = path.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(DatabaseError::NotADatabase {
                path: folder.to_owned(),
            });
        }
        let mut bytes = Vec::new();
        std::fs::File::open(&path)
            .and_then(|file| file.take(MOST_MANIFEST).read_to_end(&mut bytes))
            .map_err(unreadable)?;
        Self::read(&bytes)
    }

    /// Reads a manifest, and checks what nothing else would.
    pub fn read(bytes: &[u8]) -> Result<Self, DatabaseError> {
        #[derive(Deserialize)]
        struct Start {
            kind: String,
            format: u32,
        }
        const DAMAGED: DatabaseError = DatabaseError::Corrupt {
            what: "its manifest can not be read",
        };
        let start: Start = serde_json::from_slice(bytes).map_err(|_| DAMAGED)?;
        if start.kind != KIND {
            return Err(DAMAGED);
        }
        if start.format != FORMAT {
            return Err(DatabaseError::WrongVersion {
                found: start.format,
                expected: FORMAT,
            });
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|_| DAMAGED)?;
        let mut names: Vec<&str> = manifest.files().map(|part| part.file.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let strange = manifest.files().any(|part| !part.is_sound());
        if strange || names.len() != manifest.files().count() || names.len() > MOST_PARTS {
            return Err(DAMAGED);
        }
        Ok(manifest)
    }

    /// The manifest's bytes.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// All files, in order.
    pub fn files(&self) -> impl Iterator<Item = &PartFile> {
        self.ecosystems
            .iter()
            .map(|part| &part.file)
            .chain(self.exploited.iter().map(|part| &part.file))
            .chain(self.predictions.iter().map(|part| &part.file))
    }

    /// The part of an ecosystem.
    pub fn ecosystem(&self, ecosystem: Ecosystem) -> Option<&EcosystemPart> {
        self.ecosystems
            .iter()
            .find(|part| part.name == ecosystem.facts().osv_name)
    }

    /// Whether this program may build upon the files: it would have made the same of the records.
    pub(crate) fn is_ours(&self) -> bool {
        self.maker == MAKER
    }

    /// What was published after this moment is unknown for at least one ecosystem. `None` if that
    /// is not known for all of them.
    pub fn current(&self) -> Option<Timestamp> {
        self.ecosystems
            .iter()
            .map(|part| part.current.map(|moment| moment.0))
            .min()
            .flatten()
    }

    /// The number of records of all ecosystems.
    pub fn records(&self) -> u64 {
        self.ecosystems.iter().map(|part| part.records).sum()
    }

    /// The size of all files.
    pub fn size(&self) -> u64 {
        self.files().map(|part| part.size).sum()
    }
}

impl PartFile {
    /// Whether name and digest have the form that is written, and belong together: a name from
    /// somebody else must not lead out of the folder, nor to a file that is there already and is
    /// another one.
    fn is_sound(&self) -> bool {
        let digest = self.sha256.len() == 64
            && self
                .sha256
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        let named = self
            .file
            .strip_suffix(".db")
            .and_then(|stem| stem.rsplit_once('-'))
            .is_some_and(|(_, digits)| self.sha256.starts_with(digits));
        digest && named && is_part_name(&self.file)
    }
}

/// The name of a file: a word, a dash and the first 16 digits of its digest.
pub(crate) fn part_name(word: &str, sha256: &str) -> String {
    let word: String = word
        .chars()
        .map(|character| match character {
            'a'..='z' | '0'..='9' | '.' => character,
            'A'..='Z' => character.to_ascii_lowercase(),
            _ => '-',
        })
        .collect();
    let digits = sha256.get(..16).unwrap_or(sha256);
    format!("{word}-{digits}.db")
}

/// Whether a name is one that [`part_name`] makes.
pub(crate) fn is_part_name(name: &str) -> bool {
    let Some((word, digits)) = name
        .strip_suffix(".db")
        .and_then(|stem| stem.rsplit_once('-'))
    else {
        return false;
    };
    !word.is_empty()
        && word.len() <= 100
        && !word.starts_with('.')
        && word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte))
        && digits.len() == 16
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_can_not_lead_out_of_the_folder() {
        let digest = "0123456789abcdef".repeat(4);
        assert_eq!(
            part_name("GitHub Actions", &digest),
            "github-actions-0123456789abcdef.db"
        );
        for ecosystem in Ecosystem::all() {
            assert!(is_part_name(&part_name(
                ecosystem.facts().osv_name,
                &digest
            )));
        }
        for wrong in [
            "../x-0123456789abcdef.db",
            "a/b-0123456789abcdef.db",
            "-0123456789abcdef.db",
            "..-0123456789abcdef.db",
            "npm.db",
            "npm-0123.db",
            "manifest.json",
        ] {
            assert!(!is_part_name(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written_and_others_are_refused() {
        let mut manifest = Manifest::new();
        manifest.made = Some(Moment("2026-01-02T03:04:05Z".parse().unwrap()));
        manifest.predictions = Some(ListPart {
            file: PartFile {
                file: "predictions-0123456789abcdef.db".to_owned(),
                size: 7,
                sha256: "0123456789abcdef".repeat(4),
            },
            records: 1,
            version: None,
        });
        let bytes = manifest.write();
        assert_eq!(Manifest::read(&bytes).unwrap(), manifest);
        let text = String::from_utf8(bytes).unwrap();
        for (from, to) in [
            ("predictions-", "../predictions-"),
            (KIND, "something"),
            ("\"ecosystems\"", "\"eco\""),
            ("89abcdef\"", "89abcdeZ\""),
            ("predictions-0", "predictions-1"),
        ] {
            let changed = text.replace(from, to);
            assert!(changed != text);
            assert!(Manifest::read(changed.as_bytes()).is_err(), "{from}");
        }
        let newer = text.replace(&format!("\"format\": {FORMAT}"), "\"format\": 99");
        assert!(matches!(
            Manifest::read(newer.as_bytes()),
            Err(DatabaseError::WrongVersion { found: 99, .. })
        ));
    }
}
