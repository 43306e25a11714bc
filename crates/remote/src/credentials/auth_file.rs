//! Docker's `config.json` and the `auth.json` of Podman and skopeo.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

use super::{CredentialError, Credentials, Secret};

/// Largest file that is read.
const MOST_BYTES: u64 = 4 << 20;

/// Padding is often left out by hand.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What the file says.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AuthFile {
    auths: BTreeMap<String, Entry>,
    cred_helpers: BTreeMap<String, String>,
    creds_store: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    #[serde(alias = "identity_token")]
    identitytoken: Option<String>,
    registrytoken: Option<String>,
}

impl AuthFile {
    /// Reads the file; nothing if it is not there.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, CredentialError> {
        let unreadable = |source| CredentialError::Unreadable {
            path: path.to_path_buf(),
            source,
        };
        let mut content = Vec::new();
        match std::fs::File::open(path) {
            Ok(file) => file
                .take(MOST_BYTES)
                .read_to_end(&mut content)
                .map_err(unreadable)?,
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(unreadable(error)),
        };
        Self::parse(&content)
            .map(Some)
            .ok_or_else(|| CredentialError::Malformed {
                path: path.to_path_buf(),
            })
    }

    /// Reads the content of a file.
    pub(crate) fn parse(content: &[u8]) -> Option<Self> {
        if content.trim_ascii().is_empty() {
            return Some(Self::default());
        }
        serde_json::from_slice(content).ok()
    }

    /// The helper for exactly this registry or repository.
    pub(crate) fn helper_of(&self, place: &str) -> Option<&str> {
        self.cred_helpers
            .iter()
            .find(|(key, _)| plain(key) == place)
            .map(|(_, helper)| helper.as_str())
            .filter(|helper| !helper.is_empty())
    }

    /// The credentials for exactly this registry or repository.
    pub(crate) fn entry_of(&self, place: &str) -> Option<Credentials> {
        self.auths
            .iter()
            .filter(|(key, _)| plain(key) == place)
            .find_map(|(_, entry)| entry.credentials())
    }

    /// The helper for all registries.
    pub(crate) fn store(&self) -> Option<&str> {
        self.creds_store
            .as_deref()
            .filter(|store| !store.is_empty())
    }
}

impl Entry {
    fn credentials(&self) -> Option<Credentials> {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(token) = filled(&self.registrytoken) {
            return Some(Credentials::Bearer(Secret::new(token)));
        }
        if let Some(token) = filled(&self.identitytoken) {
            return Some(Credentials::Identity(Secret::new(token)));
        }
        if let Some(auth) = filled(&self.auth) {
            let decoded = BASE64.decode(auth.trim()).ok()?;
            let text = String::from_utf8(decoded).ok()?;
            let (user, password) = text.split_once(':')?;
            return Some(Credentials::Password {
                user: user.to_owned(),
                password: Secret::new(password.trim_end_matches('\0')),
            });
        }
        Some(Credentials::Password {
            user: filled(&self.username)?,
            password: Secret::new(filled(&self.password)?),
        })
    }
}

/// A key without what older clients put around the host.
fn plain(key: &str) -> &str {
    let key = key
        .strip_prefix("https://")
        .or_else(|| key.strip_prefix("http://"))
        .unwrap_or(key)
        .trim_end_matches('/');
    let key = key
        .strip_suffix("/v1")
        .or_else(|| key.strip_suffix("/v2"))
        .unwrap_or(key);
    match key {
        "index.docker.io" | "registry-1.docker.io" => "docker.io",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> AuthFile {
        AuthFile::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn entries_are_found_however_their_key_is_written() {
        let file = parse(
            r#"{"auths":{
                "https://index.docker.io/v1/":{"auth":"dXNlcjpwYTpzcw=="},
                "quay.example/team":{"auth":"dDp4"},
                "other.example:5000":{"identitytoken":"abc","auth":"dDp4"},
                "empty.example":{}},
               "credHelpers":{"ecr.example":"ecr-login"},"credsStore":""}"#,
        );
        assert_eq!(
            file.entry_of("docker.io"),
            Some(Credentials::Password {
                user: "user".into(),
                password: Secret::new("pa:ss")
            })
        );
        assert!(file.entry_of("quay.example/team").is_some());
        assert!(file.entry_of("quay.example").is_none());
        assert_eq!(
            file.entry_of("other.example:5000"),
            Some(Credentials::Identity(Secret::new("abc")))
        );
        assert!(file.entry_of("empty.example").is_none());
        assert_eq!(file.helper_of("ecr.example"), Some("ecr-login"));
        assert_eq!(file.store(), None);
    }

    #[test]
    fn secrets_are_not_shown() {
        let file = parse(r#"{"auths":{"a.example":{"auth":"dXNlcjpzZWNyZXQ="}}}"#);
        let shown = format!("{:?}", file.entry_of("a.example"));
        assert!(
            shown.contains("user") && !shown.contains("secret\""),
            "{shown}"
        );
        assert!(AuthFile::parse(b"{\"auths\": [").is_none());
    }
}
