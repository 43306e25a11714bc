//! What can be signed and verified: files, OCI layouts, digests and images in registries, and
//! where their bundles lie.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_model::{Digest, DigestAlgorithm};
use linchpin_remote::{Access, ImageReference, ImageRepository};
use linchpin_source::{CheckedLayout, Limits, check_layout};
use linchpin_trust::{Artifact, Bundle, Descriptor, MAX_BUNDLE_BYTES, PredicateType};

use crate::exit_codes::{ExitCode, Failure};
use crate::network::Network;
use crate::target::{self, Target, understand};

/// The largest file that is held for a signature over its bytes. Signatures over digests need
/// none of it.
const MOST_HELD: u64 = 512 << 20;

/// How the names of files with bundles end.
const BUNDLE_ENDING: &str = ".sigstore.json";

/// Something that can be signed.
#[derive(Debug, Clone)]
pub(crate) enum Signable {
    /// A file: its bytes.
    File(PathBuf),
    /// An OCI layout: the manifest or index that it is about.
    Layout(CheckedLayout),
    /// What has this digest, wherever it is.
    Digest(Digest),
    /// An image in a registry: the manifest or index that its name led to when it was asked for.
    Image(StoredImage),
}

/// An image in a registry. Its name was resolved once; from then on only its digest counts.
#[derive(Debug, Clone)]
pub(crate) struct StoredImage {
    pub(crate) repository: ImageRepository,
    pub(crate) digest: Digest,
}

impl StoredImage {
    /// Finds the image of this name. A name with a digest needs no network for that.
    fn find(reference: &ImageReference, network: &Network, access: Access) -> Result<Self> {
        let repository = ImageRepository::new(reference, &network.registries()?, access)?;
        let digest = match reference.digest() {
            Some(digest) => digest.clone(),
            None => repository.resolve()?.digest,
        };
        Ok(Self { repository, digest })
    }

    /// What a statement that is attached to it names: type, digest and size of its manifest.
    pub(crate) fn descriptor(&self) -> Result<Descriptor> {
        Ok(self.repository.describe(&self.digest)?)
    }

    /// Repository and digest.
    pub(crate) fn name(&self) -> String {
        format!("{}@{}", self.repository.reference().place(), self.digest)
    }
}

/// Why something can not be signed.
#[derive(Debug, thiserror::Error)]
enum NotSignable {
    #[error(
        "it is a folder and no OCI layout, and a folder has no digest\nhint: pack it into an archive, and take that"
    )]
    Folder,
    #[error("it has more than 64 MiB, which no bundle has")]
    LargeBundle,
    #[error(
        "it is {0}, and what can be signed are files, OCI layouts, digests and images in registries"
    )]
    Elsewhere(&'static str),
}

impl Signable {
    /// What a text means: what is on the disk wins.
    pub(crate) fn find(text: &str) -> Result<Self> {
        let failure = || target::failure(text);
        let path = Path::new(text);
        if path.exists() && !path.is_dir() {
            return Ok(Self::File(path.to_owned()));
        }
        if !path.exists()
            && let Ok(digest) = text.parse::<Digest>()
        {
            return Ok(Self::Digest(digest));
        }
        match check_layout(text, Limits::default()).with_context(failure)? {
            Some(layout) => Ok(Self::Layout(layout)),
            None => Err(anyhow::Error::new(NotSignable::Folder).context(failure())),
        }
    }

    /// What a text means, where it may be an image in a registry.
    pub(crate) fn find_anywhere(text: &str, network: &Network, access: Access) -> Result<Self> {
        let failure = || target::failure(text);
        if !Path::new(text).exists() && text.parse::<Digest>().is_ok() {
            return Self::find(text);
        }
        let elsewhere =
            |what| Err(anyhow::Error::new(NotSignable::Elsewhere(what)).context(failure()));
        match understand(text).with_context(failure)? {
            Target::Local(text) => Self::find(&text),
            Target::Registry { reference, guessed } => {
                let mut found = StoredImage::find(&reference, network, access);
                if guessed {
                    found = found.with_context(|| {
                        format!(
                            "there is no file or folder `{text}`; taken as an image in a registry"
                        )
                    });
                }
                found.map(Self::Image).with_context(failure)
            }
            Target::Engine { .. } => elsewhere("an image of a container engine"),
            Target::Git(_) => elsewhere("a git repository"),
            Target::Package(_) => elsewhere("a package"),
        }
    }

    /// What is verified: as much of it as the bundle needs.
    pub(crate) fn artifact(&self, bundle: Option<&Bundle>) -> Result<Artifact> {
        let path = match self {
            Self::File(path) => path,
            Self::Layout(CheckedLayout { digest, .. })
            | Self::Digest(digest)
            | Self::Image(StoredImage { digest, .. }) => {
                return Artifact::from_digest(digest.clone())
                    .with_context(|| target::failure(&digest.to_string()));
            }
        };
        let failure = || target::failure(&path.display().to_string());
        let mut file = File::open(path).with_context(failure)?;
        let held = bundle.is_some_and(Bundle::wants_content)
            && file
                .metadata()
                .is_ok_and(|metadata| metadata.len() <= MOST_HELD);
        if held {
            let mut content = Vec::new();
            file.take(MOST_HELD)
                .read_to_end(&mut content)
                .with_context(failure)?;
            return Artifact::from_content(content).with_context(failure);
        }
        let wanted = bundle.map_or_else(|| vec![DigestAlgorithm::Sha256], Bundle::wanted_digests);
        Artifact::read(&mut file, &wanted).with_context(failure)
    }

    /// The name that it goes by wherever it is: of an image in a registry, its reference.
    pub(crate) fn reference_name(&self) -> Option<String> {
        match self {
            Self::Image(image) => Some(image.repository.reference().to_string()),
            Self::File(_) | Self::Layout(_) | Self::Digest(_) => None,
        }
    }

    /// What to call it in a statement.
    pub(crate) fn name(&self) -> Option<String> {
        if let Self::Image(image) = self {
            return Some(image.repository.reference().place());
        }
        let path = self.path()?;
        let name = path.file_name()?.to_string_lossy();
        Some(match self.reference() {
            Some(reference) => format!("{name}:{reference}"),
            None => name.into_owned(),
        })
    }

    /// Where the bundle with a signature of it lies.
    pub(crate) fn signature_path(&self) -> Option<PathBuf> {
        self.beside(BUNDLE_ENDING)
    }

    /// Where the bundle with a statement of this type lies.
    pub(crate) fn statement_path(&self, predicate_type: &PredicateType) -> Option<PathBuf> {
        self.beside(&format!(".{}.sigstore.json", predicate_type.word()?))
    }

    /// The bundles that lie beside it: those whose names are its own with something that ends in
    /// `.sigstore.json`, sorted.
    pub(crate) fn bundles_beside(&self) -> Vec<PathBuf> {
        let Some(first) = self.signature_path() else {
            return Vec::new();
        };
        let name = first
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let begin = name.strip_suffix(BUNDLE_ENDING).unwrap_or(&name);
        let folder = match first.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                let name = entry.ok()?.file_name().to_string_lossy().into_owned();
                let rest = name.strip_prefix(begin)?;
                (rest.starts_with('.') && rest.ends_with(BUNDLE_ENDING))
                    .then(|| first.with_file_name(name))
            })
            .collect();
        found.sort();
        found
    }

    fn reference(&self) -> Option<&str> {
        match self {
            Self::Layout(layout) => layout.reference.as_deref(),
            Self::File(_) | Self::Digest(_) | Self::Image(_) => None,
        }
    }

    fn path(&self) -> Option<PathBuf> {
        match self {
            Self::Digest(_) | Self::Image(_) => None,
            Self::File(path) | Self::Layout(CheckedLayout { path, .. }) => {
                // A folder may be given as `.` or with a slash at its end.
                match path.file_name() {
                    Some(_) => Some(path.components().collect()),
                    None => path.canonicalize().ok(),
                }
            }
        }
    }

    fn beside(&self, ending: &str) -> Option<PathBuf> {
        let mut name = self.path()?.into_os_string();
        // Each image of a layout has bundles of its own.
        if let Some(reference) = self.reference() {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            name.push(".");
            name.push(reference.replace(|c| !plain(c), "-"));
        }
        name.push(ending);
        Some(PathBuf::from(name))
    }
}

/// The bytes of a file with a bundle.
pub(crate) fn read_bundle(path: &Path) -> Result<Vec<u8>> {
    let failure = || {
        Failure::new(
            ExitCode::Trust,
            format!("read the bundle `{}`", path.display()),
        )
    };
    let mut content = Vec::new();
    File::open(path)
        .and_then(|file| {
            file.take(MAX_BUNDLE_BYTES as u64 + 1)
                .read_to_end(&mut content)
        })
        .with_context(failure)?;
    if content.len() > MAX_BUNDLE_BYTES {
        return Err(anyhow::Error::new(NotSignable::LargeBundle).context(failure()));
    }
    Ok(content)
}
