//! What sort of thing a component is: the union of what the formats distinguish.

/// What sort of thing a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[expect(missing_docs, reason = "the names are those of the formats")]
pub enum ComponentKind {
    /// Nobody said.
    #[default]
    Unspecified,
    Application,
    Framework,
    Library,
    Container,
    Platform,
    OperatingSystem,
    Device,
    DeviceDriver,
    Firmware,
    File,
    MachineLearningModel,
    Data,
    CryptographicAsset,
    Source,
    Archive,
    Install,
    Bom,
    Configuration,
    DiskImage,
    Documentation,
    Evidence,
    Executable,
    FilesystemImage,
    Manifest,
    Module,
    Patch,
    Requirement,
    Specification,
    Test,
    Other,
}

/// The word for a kind in each family; nothing where it has none.
struct Words {
    kind: ComponentKind,
    cyclonedx: Option<&'static str>,
    spdx2: Option<&'static str>,
    spdx3: Option<&'static str>,
}

const fn words(
    kind: ComponentKind,
    cyclonedx: Option<&'static str>,
    spdx2: Option<&'static str>,
    spdx3: Option<&'static str>,
) -> Words {
    Words {
        kind,
        cyclonedx,
        spdx2,
        spdx3,
    }
}

static WORDS: [Words; 30] = [
    words(
        ComponentKind::Application,
        Some("application"),
        Some("APPLICATION"),
        Some("application"),
    ),
    words(
        ComponentKind::Framework,
        Some("framework"),
        Some("FRAMEWORK"),
        Some("framework"),
    ),
    words(
        ComponentKind::Library,
        Some("library"),
        Some("LIBRARY"),
        Some("library"),
    ),
    words(
        ComponentKind::Container,
        Some("container"),
        Some("CONTAINER"),
        Some("container"),
    ),
    words(
        ComponentKind::Platform,
        Some("platform"),
        None,
        Some("platform"),
    ),
    words(
        ComponentKind::OperatingSystem,
        Some("operating-system"),
        Some("OPERATING_SYSTEM"),
        Some("operatingSystem"),
    ),
    words(
        ComponentKind::Device,
        Some("device"),
        Some("DEVICE"),
        Some("device"),
    ),
    words(
        ComponentKind::DeviceDriver,
        Some("device-driver"),
        None,
        Some("deviceDriver"),
    ),
    words(
        ComponentKind::Firmware,
        Some("firmware"),
        Some("FIRMWARE"),
        Some("firmware"),
    ),
    words(
        ComponentKind::File,
        Some("file"),
        Some("FILE"),
        Some("file"),
    ),
    words(
        ComponentKind::MachineLearningModel,
        Some("machine-learning-model"),
        None,
        Some("model"),
    ),
    words(ComponentKind::Data, Some("data"), None, Some("data")),
    words(
        ComponentKind::CryptographicAsset,
        Some("cryptographic-asset"),
        None,
        None,
    ),
    words(ComponentKind::Source, None, Some("SOURCE"), Some("source")),
    words(
        ComponentKind::Archive,
        None,
        Some("ARCHIVE"),
        Some("archive"),
    ),
    words(
        ComponentKind::Install,
        None,
        Some("INSTALL"),
        Some("install"),
    ),
    words(ComponentKind::Bom, None, None, Some("bom")),
    words(
        ComponentKind::Configuration,
        None,
        None,
        Some("configuration"),
    ),
    words(ComponentKind::DiskImage, None, None, Some("diskImage")),
    words(
        ComponentKind::Documentation,
        None,
        None,
        Some("documentation"),
    ),
    words(ComponentKind::Evidence, None, None, Some("evidence")),
    words(ComponentKind::Executable, None, None, Some("executable")),
    words(
        ComponentKind::FilesystemImage,
        None,
        None,
        Some("filesystemImage"),
    ),
    words(ComponentKind::Manifest, None, None, Some("manifest")),
    words(ComponentKind::Module, None, None, Some("module")),
    words(ComponentKind::Patch, None, None, Some("patch")),
    words(ComponentKind::Requirement, None, None, Some("requirement")),
    words(
        ComponentKind::Specification,
        None,
        None,
        Some("specification"),
    ),
    words(ComponentKind::Test, None, None, Some("test")),
    words(ComponentKind::Other, None, Some("OTHER"), Some("other")),
];

impl ComponentKind {
    fn words(self) -> Option<&'static Words> {
        WORDS.iter().find(|words| words.kind == self)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Unspecified).chain(WORDS.iter().map(|words| words.kind))
    }

    /// The type in CycloneDX 1.6 and later, if it has one.
    pub fn cyclonedx(self) -> Option<&'static str> {
        self.words()?.cyclonedx
    }

    /// The primary purpose in SPDX 2.3, if it has one. JSON writes it with `_`, tag-value with `-`.
    pub fn spdx2(self) -> Option<&'static str> {
        self.words()?.spdx2
    }

    /// The primary purpose in SPDX 3, if it has one.
    pub fn spdx3(self) -> Option<&'static str> {
        self.words()?.spdx3
    }

    /// What to call it in a report and in our own formats.
    pub fn label(self) -> &'static str {
        self.words()
            .and_then(|words| words.cyclonedx.or(words.spdx3))
            .unwrap_or("unspecified")
    }

    /// The kind with this type in CycloneDX.
    pub fn from_cyclonedx(text: &str) -> Option<Self> {
        WORDS
            .iter()
            .find(|words| words.cyclonedx == Some(text))
            .map(|words| words.kind)
    }

    /// The kind with this primary purpose in SPDX 2, in either spelling.
    pub fn from_spdx2(text: &str) -> Option<Self> {
        let text = text.replace('-', "_");
        WORDS
            .iter()
            .find(|words| words.spdx2 == Some(&text))
            .map(|words| words.kind)
    }

    /// The kind with this primary purpose in SPDX 3.
    pub fn from_spdx3(text: &str) -> Option<Self> {
        WORDS
            .iter()
            .find(|words| words.spdx3 == Some(text))
            .map(|words| words.kind)
    }
}
