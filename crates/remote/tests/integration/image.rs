//! Makes small images, serves them, and reads them as the program does.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use linchpin_model::{Digest, DigestAlgorithm};
use linchpin_remote::{Patience, RegistryImage, RegistrySettings};
use linchpin_source::{
    Entry, ImageSource, Limits, Pattern, ReaderIndex, Source, SourceOptions, Visitor, Wants,
};
use sha2::{Digest as _, Sha256};

use crate::server::{Reply, Request};

pub(crate) fn sha256(content: &[u8]) -> String {
    Digest::from_bytes(DigestAlgorithm::Sha256, &Sha256::digest(content))
        .unwrap()
        .to_string()
}

/// A tar of files with contents; a content that begins with `->` is where a link leads.
pub(crate) fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        if let Some(target) = content.strip_prefix(b"->") {
            header.set_entry_type(tar::EntryType::Symlink);
            header.set_size(0);
            let target = std::str::from_utf8(target).unwrap();
            builder.append_link(&mut header, path, target).unwrap();
        } else {
            header.set_size(content.len() as u64);
            builder.append_data(&mut header, path, *content).unwrap();
        }
    }
    builder.into_inner().unwrap()
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// Bytes that do not get smaller.
pub(crate) fn noise(count: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        })
        .collect()
}

/// The contents of a registry: manifests by tag or digest, blobs by digest.
#[derive(Debug, Default, Clone)]
pub(crate) struct Contents {
    pub(crate) manifests: BTreeMap<String, Vec<u8>>,
    pub(crate) blobs: BTreeMap<String, Vec<u8>>,
}

impl Contents {
    /// An image of these layers, lowest first, by the tag `1`.
    pub(crate) fn of_layers(layers: &[Vec<u8>]) -> Self {
        let mut contents = Self::default();
        let manifest = contents.image(layers, "amd64", |_| String::new());
        contents.manifests.insert("1".into(), manifest);
        contents
    }

    /// Adds an image; `more` adds to the descriptor of a layer. Gives its manifest.
    pub(crate) fn image(
        &mut self,
        layers: &[Vec<u8>],
        architecture: &str,
        more: impl Fn(usize) -> String,
    ) -> Vec<u8> {
        let config = format!(r#"{{"os":"linux","architecture":"{architecture}"}}"#).into_bytes();
        let layers: Vec<String> = layers
            .iter()
            .enumerate()
            .map(|(place, layer)| format!("{{{}{}}}", self.blob(layer), more(place)))
            .collect();
        let manifest = format!(
            r#"{{"schemaVersion":2,"config":{{{}}},"layers":[{}]}}"#,
            self.blob(&config),
            layers.join(",")
        );
        self.manifests
            .insert(sha256(manifest.as_bytes()), manifest.clone().into());
        manifest.into()
    }

    fn blob(&mut self, content: &[u8]) -> String {
        let digest = sha256(content);
        self.blobs.insert(digest.clone(), content.to_vec());
        format!(r#""digest":"{digest}","size":{}"#, content.len())
    }

    /// The answer of an honest registry.
    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let last = request.path.rsplit('/').next().unwrap_or_default();
        let found = if request.path.contains("/manifests/") {
            self.manifests.get(last)
        } else {
            self.blobs.get(last)
        };
        match found {
            Some(body) => Reply::part_of(body, request),
            None => Reply::status(404),
        }
    }
}

/// Settings for a test: nothing from this machine, little patience.
/// Settings under which nothing is given up because the machine is busy.
pub(crate) fn settings() -> RegistrySettings {
    with_patience(Duration::from_secs(60), Duration::from_secs(60))
}

/// Settings under which a server that is slow is given up soon.
pub(crate) fn impatient() -> RegistrySettings {
    with_patience(Duration::from_secs(5), Duration::from_millis(400))
}

fn with_patience(response: Duration, window: Duration) -> RegistrySettings {
    RegistrySettings {
        version: "0".into(),
        patience: Patience {
            connect: response,
            response,
            silence: window * 2,
            window,
            least: 1000,
            tries: 3,
            pause: Duration::from_millis(5),
        },
        ..RegistrySettings::default()
    }
}

#[derive(Default)]
struct Writer(Mutex<BTreeMap<String, Vec<u8>>>);

impl Visitor for Writer {
    fn visit(&self, entry: &Entry<'_>, _: &[ReaderIndex]) {
        self.0
            .lock()
            .unwrap()
            .insert(entry.path.to_string(), entry.content.to_vec());
    }
}

/// Reads the files called `wanted` or `big` of an image; or says why that fails, all causes in
/// one text.
pub(crate) fn read(
    name: &str,
    settings: &RegistrySettings,
) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let told = |error: &dyn Error| {
        let mut text = format!("{error} {error:?}");
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    };
    let image = RegistryImage::new(&name.parse().unwrap(), settings).map_err(|e| told(&e))?;
    let options = SourceOptions {
        limits: Limits {
            document_bytes: 100_000,
            unpacked_bytes: 64 << 20,
            ratio: 50,
            ratio_starts_at: 1 << 20,
            ..Limits::default()
        },
        platform: Some("linux/amd64".parse().unwrap()),
        ..SourceOptions::default()
    };
    let source = ImageSource::open_remote(Arc::new(image), options).map_err(|e| told(&e))?;
    let wants = Wants::compile([&[Pattern::Name("wanted"), Pattern::Name("big")][..]]).unwrap();
    let writer = Writer::default();
    source.visit(&wants, &writer).map_err(|e| told(&e))?;
    Ok(writer.0.into_inner().unwrap())
}
