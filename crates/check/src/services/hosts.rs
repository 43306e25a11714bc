//! Hosts in texts: where an address names one, and which of them are no endpoints.
//!
//! `hosts.txt` lists what is no service to anybody: name spaces and schemas, documentation, examples,
//! and the sites at which people read.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The longest host that there can be, in bytes (RFC 1035).
const LONGEST: usize = 253;

/// Names of hosts that are not of the public network, by their last part.
const PRIVATE_ENDINGS: &[&str] = &[
    "arpa",
    "cluster",
    "corp",
    "example",
    "home",
    "internal",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "private",
    "svc",
    "test",
];

/// Domains of more than six letters in which services are; other long words are parts of a text that
/// is put together.
const LONG_ENDINGS: &[&str] = &[
    "academy",
    "careers",
    "clothing",
    "community",
    "company",
    "computer",
    "consulting",
    "delivery",
    "digital",
    "directory",
    "education",
    "engineering",
    "enterprises",
    "exchange",
    "finance",
    "foundation",
    "hosting",
    "insurance",
    "international",
    "management",
    "marketing",
    "markets",
    "network",
    "partners",
    "photography",
    "productions",
    "properties",
    "rentals",
    "science",
    "services",
    "shopping",
    "software",
    "solutions",
    "support",
    "systems",
    "technology",
    "training",
    "ventures",
    "website",
];

/// First parts of hosts at which people read and programs do not call.
const PAGES: &[&str] = &[
    "blog",
    "bugs",
    "community",
    "console",
    "dashboard",
    "developer",
    "developers",
    "docs",
    "doc",
    "forum",
    "forums",
    "help",
    "javadoc",
    "learn",
    "man",
    "manual",
    "schema",
    "schemas",
    "spec",
    "specs",
    "status",
    "support",
    "wiki",
];

/// Schemes with which programs call services.
const SCHEMES: &[&str] = &[
    "amqp",
    "amqps",
    "clickhouse",
    "ftp",
    "ftps",
    "grpc",
    "grpcs",
    "http",
    "https",
    "imap",
    "imaps",
    "ldap",
    "ldaps",
    "mariadb",
    "mongodb",
    "mongodb+srv",
    "mqtt",
    "mqtts",
    "mssql",
    "mysql",
    "nats",
    "postgres",
    "postgresql",
    "redis",
    "rediss",
    "sftp",
    "smtp",
    "smtps",
    "tls",
    "ws",
    "wss",
];

/// An address in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address<'t> {
    /// Where it begins, and where what follows the host does.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) scheme: &'t str,
    /// In lower case. What is put in when the program runs is a `*` at its beginning.
    pub(super) host: String,
}

/// The address around a `://` that begins at `slashes`, if it names a host of the public network.
pub(super) fn address(text: &str, slashes: usize) -> Option<Address<'_>> {
    let before = text.get(..slashes)?;
    let scheme_start = before
        .bytes()
        .rev()
        .take(12)
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'+')
        .count();
    let start = slashes - scheme_start;
    let scheme = before.get(start..)?;
    if !SCHEMES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scheme))
    {
        return None;
    }
    let rest = text.get(slashes + 3..)?;
    let end = authority_end(rest);
    let authority = rest.get(..end)?;
    // What is before the `@` is a name and a password: they are never shown.
    let authority = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = without_port(authority);
    let host = match host.rfind(['}', '>', ')']) {
        // `${region}.api.example.com`: the end of it is known.
        Some(last) => {
            let known = host.get(last + 1..)?;
            format!("*{}", known.strip_prefix('.').map(|_| known)?)
        }
        None => host.to_owned(),
    };
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    is_public(&host).then_some(Address {
        start,
        end: slashes + 3 + end,
        scheme,
        host,
    })
}

/// Where the authority of an address ends. Braces can hold an expression with anything in it.
fn authority_end(rest: &str) -> usize {
    let mut depth = 0_u32;
    for (place, byte) in rest.bytes().enumerate().take(LONGEST * 2) {
        match byte {
            b'{' | b'<' => depth += 1,
            b'}' | b'>' => depth = depth.saturating_sub(1),
            b'\n' | b'\r' => return place,
            _ if depth > 0 => {}
            b'/' | b'?' | b'#' | b'"' | b'\'' | b'`' | b' ' | b'\t' | b'\\' | b',' | b';'
            | b')' | b']' | b'|' | b'&' => return place,
            _ => {}
        }
    }
    rest.len().min(LONGEST * 2)
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port))
            if port.bytes().all(|byte| byte.is_ascii_digit()) || port.contains(['{', '$', '%']) =>
        {
            host
        }
        _ => authority,
    }
}

/// Whether this is the name of a host with a domain.
pub(super) fn is_host(host: &str) -> bool {
    let plain = host.strip_prefix("*.").unwrap_or(host);
    let mut labels = plain.split('.');
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = plain.rsplit('.').next().unwrap_or_default();
    plain.len() <= LONGEST
        && plain.contains('.')
        && labels.all(is_label)
        && last.len() >= 2
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether it can be reached from anywhere.
fn is_public(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    is_host(host)
        && !PRIVATE_ENDINGS.contains(&last)
        && (last.len() <= 6 || LONG_ENDINGS.contains(&last))
}

/// Whether people read there.
pub(super) fn is_page(host: &str) -> bool {
    let first = host.split('.').next().unwrap_or_default();
    host.matches('.').count() > 1 && PAGES.contains(&first)
}

/// Whether a host that is no known service is an endpoint to nobody.
pub(super) fn is_noise(host: &str) -> bool {
    let plain = host.strip_prefix("*.").unwrap_or(host);
    is_page(plain)
        || plain.starts_with("www.")
        || suffixes(plain).any(|suffix| LISTED.contains(suffix))
        || plain.split('.').any(is_made_up)
}

/// Parts of names that people make up for examples.
fn is_made_up(label: &str) -> bool {
    [
        "acme",
        "bar",
        "baz",
        "contoso",
        "domain",
        "example",
        "foo",
        "foobar",
        "fabrikam",
        "host",
        "hostname",
        "mycompany",
        "mydomain",
        "myhost",
        "mysite",
        "placeholder",
        "server",
        "site",
        "somewhere",
        "yourcompany",
        "yourdomain",
        "yoursite",
        "xxx",
    ]
    .contains(&label)
        || ["your-", "my-", "example-", "some-", "xxx"]
            .iter()
            .any(|start| label.starts_with(start))
        || label.ends_with("-example")
}

/// The host and the domains that it is in.
pub(super) fn suffixes(host: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(host);
    std::iter::from_fn(move || {
        let now = rest?;
        rest = now.split_once('.').map(|(_, parent)| parent);
        Some(now)
    })
}

/// Hosts that are no endpoints, with all that is below them.
static LISTED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("hosts.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Option<String> {
        address(text, text.find("://")?).map(|found| found.host)
    }

    #[test]
    fn hosts_are_read_out_of_addresses() {
        for (text, wanted) in [
            ("https://api.example.org/v1", Some("api.example.org")),
            (
                "x = 'https://API.Example.org:8443'",
                Some("api.example.org"),
            ),
            (
                "postgres://user:p@ss@db.example.net:5432/x",
                Some("db.example.net"),
            ),
            (
                "`https://${region}.api.example.org/`",
                Some("*.api.example.org"),
            ),
            (
                "https://{account.id + 1}.example.org",
                Some("*.example.org"),
            ),
            ("https://${host}/x", None),
            ("https://${a}x.example.org", None),
            ("https://localhost:3000", None),
            ("http://api:3000", None),
            ("http://127.0.0.1/", None),
            ("http://10.0.0.1.", None),
            ("http://redis.svc", None),
            ("https://a.test/", None),
            ("file://etc.example.org/", None),
            ("https://", None),
            ("https://-x.example.org", None),
            ("https://ä.example.org", None),
            ("(see https://x.example.org)", Some("x.example.org")),
        ] {
            assert_eq!(host(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_endpoint_is_known() {
        for noise in [
            "www.w3.org",
            "docs.anything.io",
            "schemas.x.org",
            "your-api.dev",
            "foo.com",
        ] {
            assert!(is_noise(noise), "{noise}");
        }
        for endpoint in ["api.shop.io", "*.region.shop.io", "docs.io"] {
            assert!(!is_noise(endpoint), "{endpoint}");
        }
        assert!(LISTED.iter().all(|host| is_host(host)));
    }
}
