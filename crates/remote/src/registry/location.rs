//! An address on the web, as far as redirects and tokens need it: scheme, host, and the rest.

use std::fmt;
use std::net::IpAddr;

use super::reference::is_authority;

/// An address on the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location {
    encrypted: bool,
    authority: String,
    /// Path and query; begins with a slash.
    rest: String,
}

impl Location {
    /// An address at a host.
    pub(crate) fn at(encrypted: bool, authority: &str, rest: &str) -> Self {
        Self {
            encrypted,
            authority: authority.to_ascii_lowercase(),
            rest: rest.to_owned(),
        }
    }

    /// Reads an absolute address. One with a user in it is refused.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (encrypted, after) = match split_scheme(text)? {
            (scheme, after) if scheme.eq_ignore_ascii_case("https") => (true, after),
            (scheme, after) if scheme.eq_ignore_ascii_case("http") => (false, after),
            _ => return None,
        };
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        if !is_authority(authority) {
            return None;
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let rest = match rest {
            "" => "/".to_owned(),
            rest if rest.starts_with('?') => format!("/{rest}"),
            rest => rest.to_owned(),
        };
        // What an address can only hold escaped makes none.
        let is_right = |byte: u8| byte.is_ascii_graphic() && !b"<>\"\\^`{|}".contains(&byte);
        rest.bytes()
            .all(is_right)
            .then(|| Self::at(encrypted, authority, &rest))
    }

    /// Where a server sends us from here.
    pub(crate) fn redirected(&self, target: &str) -> Option<Self> {
        if split_scheme(target).is_some() {
            return Self::parse(target);
        }
        let scheme = if self.encrypted { "https" } else { "http" };
        if target.starts_with("//") {
            return Self::parse(&format!("{scheme}:{target}"));
        }
        let path = self.rest.split('?').next().unwrap_or("/");
        let whole = if target.starts_with('/') {
            target.to_owned()
        } else {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{target}")
        };
        Self::parse(&format!("{scheme}://{}{whole}", self.authority))
    }

    /// The same address with something added to its query.
    pub(crate) fn with_query(&self, pairs: &[(&str, &str)]) -> Self {
        let mut rest = self.rest.clone();
        for (place, (name, value)) in pairs.iter().enumerate() {
            rest.push(if place == 0 && !rest.contains('?') {
                '?'
            } else {
                '&'
            });
            rest.push_str(&escaped(name));
            rest.push('=');
            rest.push_str(&escaped(value));
        }
        Self {
            rest,
            ..self.clone()
        }
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// Host and port.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether the host is this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.authority)
    }

    /// Whether both are at the same server: what is secret for one may be sent to the other.
    pub(crate) fn has_origin_of(&self, other: &Self) -> bool {
        let port = |location: &Self| {
            let standard = if location.encrypted { 443 } else { 80 };
            port_of(&location.authority).unwrap_or(standard)
        };
        self.encrypted == other.encrypted
            && host_of(&self.authority) == host_of(&other.authority)
            && port(self) == port(other)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.encrypted { "https" } else { "http" };
        write!(formatter, "{scheme}://{}{}", self.authority, self.rest)
    }
}

fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, after) = text.split_once("://")?;
    let right = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    right.then_some((scheme, after))
}

fn host_of(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

fn port_of(authority: &str) -> Option<u16> {
    let after = authority.rsplit(']').next().unwrap_or_default();
    after
        .rsplit_once(':')
        .and_then(|(_, port)| port.parse().ok())
}

/// Whether a host, perhaps with a port, is this machine.
pub(crate) fn is_loopback(authority: &str) -> bool {
    let host = host_of(authority);
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A text as it stands in a query or a form.
pub(crate) fn escaped(text: &str) -> String {
    use fmt::Write as _;
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn wherever_we_are_sent_is_an_address(target in "(https?:|//|/|[ -~]{0,5}|[@#?\\[\\]:%]|\u{e9}){0,12}") {
            let here = Location::parse("https://a.example/v2/x").unwrap();
            if let Some(there) = here.redirected(&target) {
                let text = there.to_string();
                prop_assert_eq!(Location::parse(&text), Some(there));
                prop_assert!(!text.contains(' '));
                let authority = text.split('/').nth(2).unwrap_or_default();
                prop_assert!(!authority.contains('@'));
                prop_assert!(text.parse::<ureq::http::Uri>().is_ok(), "{}", text);
            }
        }
    }

    #[test]
    fn redirects_lead_where_the_standard_says() {
        let here = Location::parse("https://a.example:443/v2/x/blobs/1?q=1").unwrap();
        for (target, there) in [
            ("https://b.example/y?z=1#f", "https://b.example/y?z=1"),
            ("//b.example", "https://b.example/"),
            ("/y", "https://a.example:443/y"),
            ("2", "https://a.example:443/v2/x/blobs/2"),
            ("http://a.example?x", "http://a.example/?x"),
        ] {
            assert_eq!(here.redirected(target).unwrap().to_string(), there);
        }
        for wrong in [
            "ftp://x/",
            "https://user:pw@b.example/",
            "https:///x",
            "https://b.example/a b",
            "/\n",
        ] {
            assert!(here.redirected(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let at = |text| Location::parse(text).unwrap();
        assert!(at("https://a.example/x").has_origin_of(&at("https://A.example:443/y")));
        assert!(!at("https://a.example/x").has_origin_of(&at("http://a.example/x")));
        assert!(!at("https://a.example/").has_origin_of(&at("https://a.example:8443/")));
        assert!(!at("https://a.example/").has_origin_of(&at("https://b.a.example/")));
        assert!(at("http://[::1]:5000/").is_loopback() && at("http://127.3.4.5/").is_loopback());
        assert!(!at("http://localhost.example/").is_loopback());
    }
}
