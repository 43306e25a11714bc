//! Whom to trust when a connection is encrypted: the system's certificates, or those named by
//! `SSL_CERT_FILE` and `SSL_CERT_DIR`, and those in `certs.d/HOST` as Docker and Podman have them:
//! `*.crt` are authorities, `*.cert` with the `*.key` beside it is who we are.

use std::io::Read;
use std::path::{Path, PathBuf};

use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};

use super::registry_error::RegistryError;

/// Largest file of certificates that is read.
const MOST_BYTES: u64 = 16 << 20;
/// Most files of certificates in a folder.
const MOST_FILES: usize = 2000;

/// Where certificates are.
#[derive(Debug, Clone, Default)]
pub struct CertificateFiles {
    /// The file with the authorities to trust, as `SSL_CERT_FILE` names it.
    pub file: Option<PathBuf>,
    /// The folder with the authorities to trust, as `SSL_CERT_DIR` names it.
    pub folder: Option<PathBuf>,
    /// The system's files; the first that is there counts, if nothing else is named.
    pub system: Vec<PathBuf>,
    /// Folders with a folder for each registry.
    pub by_host: Vec<PathBuf>,
}

impl CertificateFiles {
    /// How to encrypt connections to a host. The second value tells whether we show who we are.
    pub(crate) fn config(
        &self,
        authority: &str,
        verify: bool,
    ) -> Result<(TlsConfig, bool), RegistryError> {
        let mut builder = TlsConfig::builder();
        if !verify {
            builder = builder.disable_verification(true);
        }
        let mut trusted = Vec::new();
        if let Some(file) = &self.file {
            trusted.extend(certificates(file)?);
        }
        if let Some(folder) = &self.folder {
            for file in files(folder, &["pem", "crt", "0"]) {
                // Folders of certificates hold other things as well.
                trusted.extend(certificates(&file).unwrap_or_default());
            }
        }
        let named = self.file.is_some() || self.folder.is_some();
        if !named && let Some(file) = self.system.iter().find(|file| file.is_file()) {
            trusted.extend(certificates(file)?);
        }
        let mut identity = None;
        for folder in &self.by_host {
            let folder = folder.join(authority);
            for file in files(&folder, &["crt"]) {
                trusted.extend(certificates(&file)?);
            }
            for file in files(&folder, &["cert"]) {
                identity = identity.or(Some(client_certificate(&file)?));
            }
        }
        if !trusted.is_empty() || named {
            builder = builder.root_certs(RootCerts::new_with_certs(&trusted));
        }
        let shows_identity = identity.is_some();
        Ok((builder.client_cert(identity).build(), shows_identity))
    }
}

/// The files with these extensions, sorted.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .and_then(|extension| extension.to_str())
                .is_some_and(|extension| extensions.contains(&extension))
        })
        .take(MOST_FILES)
        .collect();
    files.sort();
    files
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, RegistryError> {
    let content = read(path)?;
    let certificates: Vec<Certificate<'static>> = parse_pem(&content)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(bad(path));
    }
    Ok(certificates)
}

fn client_certificate(path: &Path) -> Result<ClientCert, RegistryError> {
    let key = path.with_extension("key");
    let key_content = read(&key)?;
    let private = PrivateKey::from_pem(&key_content).map_err(|_| bad(&key))?;
    Ok(ClientCert::new_with_certs(&certificates(path)?, private))
}

fn read(path: &Path) -> Result<Vec<u8>, RegistryError> {
    let mut content = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MOST_BYTES).read_to_end(&mut content))
        .map_err(|source| RegistryError::UnreadableSettings {
            path: path.to_path_buf(),
            source,
        })?;
    Ok(content)
}

fn bad(path: &Path) -> RegistryError {
    RegistryError::BadCertificates {
        path: path.to_path_buf(),
    }
}
