//! Addresses that may be fetched from: HTTPS anywhere, plain HTTP on this machine only.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The address of a folder or file that may be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    text: String,
    encrypted: bool,
}

/// Why an address is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// It is no address.
    #[error("`{0}` is no address; write https://host/path")]
    NotAnAddress(String),
    /// It is not encrypted, and leads to another machine.
    #[error("`{0}` is not encrypted; plain http is only used on this machine")]
    NotEncrypted(String),
}

impl Address {
    /// Whether the connection is encrypted. If not, it stays on this machine.
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// The address of something below this one. Characters that have a meaning in addresses are
    /// escaped.
    pub(crate) fn join(&self, path: &str) -> String {
        let mut text = self.text.clone();
        for part in path
            .split('/')
            .filter(|part| !matches!(*part, "" | "." | ".."))
        {
            text.push('/');
            for byte in part.bytes() {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    text.push(char::from(byte));
                } else {
                    use fmt::Write as _;
                    let _ = write!(text, "%{byte:02X}");
                }
            }
        }
        text
    }

    /// The address as text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let not_an_address = || InvalidAddress::NotAnAddress(text.chars().take(200).collect());
        let trimmed = text.trim_end_matches('/');
        if trimmed
            .chars()
            .any(|character| character.is_whitespace() || character.is_control())
        {
            return Err(not_an_address());
        }
        let (encrypted, rest) = match (
            trimmed.strip_prefix("https://"),
            trimmed.strip_prefix("http://"),
        ) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err(not_an_address()),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // What stands before an @ is a user, which can make a foreign host look like this machine.
        if authority.is_empty() || authority.contains(['@', '\\']) {
            return Err(not_an_address());
        }
        if !encrypted && !is_this_machine(authority) {
            return Err(InvalidAddress::NotEncrypted(
                text.chars().take(200).collect(),
            ));
        }
        Ok(Self {
            text: trimmed.to_owned(),
            encrypted,
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

fn is_this_machine(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority
            .rsplit_once(':')
            .map_or(authority, |(host, _)| host),
    };
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for right in [
            "https://mirror.example/osv/",
            "http://127.0.0.1:8000",
            "http://localhost",
            "http://[::1]:80/x",
        ] {
            assert!(right.parse::<Address>().is_ok(), "{right}");
        }
        for wrong in [
            "http://mirror.example",
            "http://localhost@mirror.example",
            "ftp://x",
            "mirror",
            "https://",
            "https://a b",
        ] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn paths_are_escaped() {
        let address: Address = "https://mirror.example/osv/".parse().unwrap();
        assert_eq!(
            address.join("GitHub Actions/../all.zip"),
            "https://mirror.example/osv/GitHub%20Actions/all.zip"
        );
    }
}
