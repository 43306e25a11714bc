//! Makes images and archives, member by member, as real and as hostile clients write them.

use std::io::Write;
use std::path::{Path, PathBuf};

use linchpin_model::{Digest, DigestAlgorithm};
use sha2::{Digest as _, Sha256};

/// A member of a layer.
#[derive(Debug, Clone)]
pub(crate) enum Member {
    Folder(&'static str),
    File(&'static str, &'static str),
    Program(&'static str, Vec<u8>),
    Link(&'static str, &'static str),
    HardLink(&'static str, &'static str),
}

/// How a layer is compressed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

/// A tar of these members. Names are taken as they are, `..` and leading slashes included.
pub(crate) fn tar_of(members: &[Member]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for member in members {
        let mut header = tar::Header::new_gnu();
        let (name, kind, mode, content, link): (&str, _, _, &[u8], _) = match member {
            Member::Folder(name) => (name, tar::EntryType::Directory, 0o755, b"", None),
            Member::File(name, text) => {
                (name, tar::EntryType::Regular, 0o644, text.as_bytes(), None)
            }
            Member::Program(name, bytes) => (name, tar::EntryType::Regular, 0o755, bytes, None),
            Member::Link(name, target) => {
                (name, tar::EntryType::Symlink, 0o777, b"", Some(*target))
            }
            Member::HardLink(name, target) => {
                (name, tar::EntryType::Link, 0o644, b"", Some(*target))
            }
        };
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        if let Some(link) = link {
            header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
        }
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, content).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn pack(tar: &[u8], packing: Packing) -> Vec<u8> {
    match packing {
        Packing::Plain => tar.to_vec(),
        Packing::Gzip => gzip(tar),
        Packing::Zstd => zstd::encode_all(tar, 3).unwrap(),
    }
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn sha256(content: &[u8]) -> Digest {
    Digest::from_bytes(DigestAlgorithm::Sha256, &Sha256::digest(content)).unwrap()
}

/// An OCI layout in a folder, which is filled step by step.
#[derive(Debug)]
pub(crate) struct Layout {
    folder: tempfile::TempDir,
}

impl Layout {
    pub(crate) fn new() -> Self {
        let layout = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir_all(layout.path().join("blobs/sha256")).unwrap();
        std::fs::write(
            layout.path().join("oci-layout"),
            r#"{"imageLayoutVersion":"1.0.0"}"#,
        )
        .unwrap();
        layout
    }

    /// A layout with one image of these layers, lowest first.
    pub(crate) fn of_layers(layers: &[Vec<u8>]) -> Self {
        let layout = Self::new();
        let manifest = layout.image("amd64", layers);
        layout.index(&format!(r"[{manifest}]"));
        layout
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn target(&self) -> String {
        self.path().display().to_string()
    }

    pub(crate) fn blob_path(&self, digest: &Digest) -> PathBuf {
        self.path().join("blobs/sha256").join(digest.hex())
    }

    /// Stores a blob; gives its descriptor without the braces.
    pub(crate) fn blob(&self, content: &[u8]) -> String {
        let digest = sha256(content);
        std::fs::write(self.blob_path(&digest), content).unwrap();
        format!(r#""digest":"{digest}","size":{}"#, content.len())
    }

    /// Stores an image; gives the descriptor of its manifest.
    pub(crate) fn image(&self, architecture: &str, layers: &[Vec<u8>]) -> String {
        let layers: Vec<String> = layers
            .iter()
            .map(|layer| format!("{{{}}}", self.blob(layer)))
            .collect();
        let config =
            self.blob(format!(r#"{{"os":"linux","architecture":"{architecture}"}}"#).as_bytes());
        let manifest = format!(
            r#"{{"schemaVersion":2,"config":{{{config}}},"layers":[{}]}}"#,
            layers.join(",")
        );
        format!(
            r#"{{{},"platform":{{"os":"linux","architecture":"{architecture}"}}}}"#,
            self.blob(manifest.as_bytes())
        )
    }

    pub(crate) fn index(&self, manifests: &str) {
        let index = format!(r#"{{"schemaVersion":2,"manifests":{manifests}}}"#);
        std::fs::write(self.path().join("index.json"), index).unwrap();
    }

    /// The layout as one tar file.
    pub(crate) fn as_tar(&self) -> tempfile::NamedTempFile {
        let file = tempfile::Builder::new().suffix(".tar").tempfile().unwrap();
        let mut builder = tar::Builder::new(file.reopen().unwrap());
        builder.append_dir_all(".", self.path()).unwrap();
        builder.finish().unwrap();
        file
    }
}

/// A docker archive of these unpacked layers.
pub(crate) fn docker_archive(layers: &[Vec<u8>]) -> tempfile::NamedTempFile {
    let diff_ids: Vec<String> = layers
        .iter()
        .map(|layer| format!("\"{}\"", sha256(layer)))
        .collect();
    let config = format!(
        r#"{{"os":"linux","architecture":"amd64","rootfs":{{"type":"layers","diff_ids":[{}]}}}}"#,
        diff_ids.join(",")
    );
    let names: Vec<String> = (0..layers.len())
        .map(|place| format!("\"{place}/layer.tar\""))
        .collect();
    let manifest = format!(
        r#"[{{"Config":"config.json","RepoTags":["shop:1.0"],"Layers":[{}]}}]"#,
        names.join(",")
    );
    let mut files = vec![
        ("config.json".to_owned(), config.into_bytes()),
        ("manifest.json".to_owned(), manifest.into_bytes()),
    ];
    files.extend(
        layers
            .iter()
            .enumerate()
            .map(|(place, layer)| (format!("{place}/layer.tar"), layer.clone())),
    );
    archive_of(&files)
}

/// A tar file of these files.
pub(crate) fn archive_of(files: &[(String, Vec<u8>)]) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".tar").tempfile().unwrap();
    let mut builder = tar::Builder::new(file.reopen().unwrap());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, name, content.as_slice())
            .unwrap();
    }
    builder.finish().unwrap();
    file
}

/// A file with this content.
pub(crate) fn file_with(content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    file
}

/// A tar of these files.
pub(crate) fn tar_of_files(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A zip of these files.
pub(crate) fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
