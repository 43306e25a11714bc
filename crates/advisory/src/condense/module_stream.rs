//! Which module stream an advisory of a distribution with RPM packages is about.
//!
//! The OSV schema has no field for it. Two places state it: the qualifier `rpmmod` of the
//! package's URL, as Red Hat writes it, and the title of an erratum, "Important: nodejs:18 security
//! update", whose packages carry `.module` in their release. A title that names several streams
//! does not say which of its packages belong to which, and counts as silent.

use linchpin_model::VersionScheme;

use super::is_plain_text;
use crate::database::{Affected, End};

/// What a record states for all of its packages.
#[derive(Debug, Default)]
pub(super) struct StatedStreams {
    title: Option<String>,
}

impl StatedStreams {
    /// The stream in a title, if there is just one.
    pub(super) fn of_title(title: Option<&str>) -> Self {
        let mut streams = title
            .unwrap_or_default()
            .split_whitespace()
            .take(100)
            .filter(|word| is_stream(word));
        let title = match (streams.next(), streams.next()) {
            (Some(stream), None) => Some(stream.to_owned()),
            _ => None,
        };
        Self { title }
    }

    /// The stream of one package.
    pub(super) fn stream(
        &self,
        scheme: VersionScheme,
        purl: Option<&str>,
        affected: &Affected<String>,
    ) -> Option<String> {
        if scheme != VersionScheme::Rpm {
            return None;
        }
        purl.and_then(of_purl).or_else(|| {
            self.title.clone().filter(|_| {
                affected
                    .intervals
                    .iter()
                    .any(|range| is_modular(&range.end))
            })
        })
    }
}

/// Releases of packages that a module build made say so: `1.module_el8.6.0+3261`.
fn is_modular(end: &End<String>) -> bool {
    match end {
        End::Fixed(version) | End::LastAffected(version) => version.contains(".module"),
        End::Open => false,
    }
}

/// `rpmmod=nodejs:18:8080020230718:63b34585` means the stream `nodejs:18`; version and context
/// name one build of it.
fn of_purl(purl: &str) -> Option<String> {
    let (_, qualifiers) = purl.split_once('?')?;
    let module = qualifiers
        .split(['&', '#'])
        .find_map(|pair| pair.strip_prefix("rpmmod="))?
        .replace("%3A", ":")
        .replace("%3a", ":");
    let mut parts = module.split(':');
    let stream = format!("{}:{}", parts.next()?, parts.next()?);
    (is_plain_text(&stream) && is_stream(&stream)).then_some(stream)
}

/// A name, a colon, a stream: <https://docs.fedoraproject.org/en-US/modularity/policies/modules-naming/>.
fn is_stream(word: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_.+-".contains(&byte))
    };
    word.split_once(':')
        .is_some_and(|(name, stream)| is_part(name) && is_part(stream))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::{AdvisoryPlace, Interval};

    fn stream(title: &str, purl: Option<&str>, fixed: &str) -> Option<String> {
        let affected = Affected {
            advisory: AdvisoryPlace::default(),
            intervals: vec![Interval {
                introduced: None,
                end: End::Fixed(fixed.to_owned()),
                limit: None,
            }],
            versions: Vec::new(),
            rating: None,
            imports: Vec::new(),
            module: None,
        };
        StatedStreams::of_title(Some(title)).stream(VersionScheme::Rpm, purl, &affected)
    }

    #[test]
    fn titles_and_package_urls_state_a_stream() {
        const MODULAR: &str = "1:18.14.2-3.module_el8.7.0+3475+6ef3b1d5";
        for (title, purl, fixed, expected) in [
            (
                "Important: nodejs:18 security update",
                None,
                MODULAR,
                Some("nodejs:18"),
            ),
            (
                "rhn-tools:1.0 bug fix update",
                None,
                MODULAR,
                Some("rhn-tools:1.0"),
            ),
            (
                "Important: virt:rhel and virt-devel:rhel update",
                None,
                MODULAR,
                None,
            ),
            (
                "Important: kernel:4.18.0 security update",
                None,
                "4.18.0-80.el8",
                None,
            ),
            ("container-tools bug fix update", None, MODULAR, None),
            (
                "An update",
                Some("pkg:rpm/redhat/nodejs?arch=src&rpmmod=nodejs%3A18:8080020230718:63b34585"),
                "18",
                Some("nodejs:18"),
            ),
            (
                "An update",
                Some("pkg:rpm/redhat/nodejs?rpmmod=nodejs"),
                "18",
                None,
            ),
        ] {
            assert_eq!(stream(title, purl, fixed).as_deref(), expected, "{title}");
        }
    }
}
