//! The form of a package's name under which its advisories are filed: one per ecosystem.
//!
//! Both the names in advisories and those in inventories go through here, so that the two meet.

use std::borrow::Cow;

use linchpin_model::Ecosystem;

/// The form under which a name is filed.
pub(crate) fn normalise(ecosystem: Ecosystem, name: &str) -> Cow<'_, str> {
    // Every lookup comes here, and hardly any name has spaces at its ends: looking at two bytes is
    // quicker than decoding the text from both sides.
    let is_bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let name = if is_bare(name.as_bytes().first()) && is_bare(name.as_bytes().last()) {
        name
    } else {
        name.trim()
    };
    match ecosystem {
        Ecosystem::PyPi => normalise_python(name),
        Ecosystem::SwiftUrl => normalise_address(name),
        // Package URLs have a slash where the marketplace has a dot: `publisher.name`.
        Ecosystem::VsCode if name.contains('/') => Cow::Owned(lower(name).replace('/', ".")),
        // Go tells case apart, but package URLs of Go modules are in lower case, and no two
        // modules differ in case alone. The others do not tell case apart: NuGet and Composer by
        // their definition, GitHub and the marketplace of extensions likewise, and the names of
        // Hex, Pub, Bitnami and Conan are in lower case by their rules.
        Ecosystem::Go
        | Ecosystem::NuGet
        | Ecosystem::Packagist
        | Ecosystem::GitHubActions
        | Ecosystem::VsCode
        | Ecosystem::Hex
        | Ecosystem::Pub
        | Ecosystem::Bitnami
        | Ecosystem::ConanCenter => lower(name),
        // npm, crates.io, Maven, RubyGems, CRAN, Hackage, Julia and opam tell case and punctuation
        // apart, as do the names of source packages: an advisory for `foo_bar` says nothing of
        // `foo-bar`.
        _ => Cow::Borrowed(name),
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.chars().any(char::is_uppercase) {
        Cow::Owned(name.to_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// `https://github.com/apple/swift-nio.git` and `git@github.com:apple/swift-nio` are
/// `github.com/apple/swift-nio`, as package URLs have it.
fn normalise_address(address: &str) -> Cow<'_, str> {
    let address = match address.split_once("://") {
        Some((_, rest)) => Cow::Borrowed(rest),
        // The short form for ssh has a colon after the host.
        None if address.contains('@') => Cow::Owned(address.replacen(':', "/", 1)),
        None => Cow::Borrowed(address),
    };
    let bare = match address.split_once('/') {
        Some((host, path)) => {
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            let path = path.trim_end_matches('/');
            let path = path.strip_suffix(".git").unwrap_or(path);
            format!("{host}/{path}")
        }
        None => address.into_owned(),
    };
    Cow::Owned(bare.to_lowercase())
}

/// <https://packaging.python.org/en/latest/specifications/name-normalization/>: runs of `-`, `_`
/// and `.` are one dash, letters are lower case.
fn normalise_python(name: &str) -> Cow<'_, str> {
    let settled = !name.contains("--")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if settled {
        return Cow::Borrowed(name);
    }
    let mut normalised = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '-' | '_' | '.' if normalised.ends_with('-') => {}
            '-' | '_' | '.' => normalised.push('-'),
            other => normalised.extend(other.to_lowercase()),
        }
    }
    Cow::Owned(normalised)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_meet_in_one_form() {
        for (ecosystem, written, filed) in [
            (Ecosystem::PyPi, "Zope.Interface__x", "zope-interface-x"),
            (Ecosystem::PyPi, "a--b", "a-b"),
            (
                Ecosystem::Go,
                "github.com/Azure/go-autorest",
                "github.com/azure/go-autorest",
            ),
            (Ecosystem::Npm, "JSONStream", "JSONStream"),
            (Ecosystem::Cargo, "smallvec_x", "smallvec_x"),
            (Ecosystem::Maven, "org.apache:Commons", "org.apache:Commons"),
            (Ecosystem::NuGet, "Newtonsoft.Json", "newtonsoft.json"),
            (
                Ecosystem::Packagist,
                "Symfony/HTTP-Kernel",
                "symfony/http-kernel",
            ),
            (
                Ecosystem::GitHubActions,
                "TJ-actions/Changed-Files",
                "tj-actions/changed-files",
            ),
            (Ecosystem::VsCode, "Publisher.Name", "publisher.name"),
            (Ecosystem::VsCode, "publisher/name", "publisher.name"),
            (Ecosystem::Hackage, "Cabal", "Cabal"),
            (Ecosystem::Cran, "R6", "R6"),
            (
                Ecosystem::SwiftUrl,
                "https://github.com/Apple/swift-nio.git",
                "github.com/apple/swift-nio",
            ),
            (
                Ecosystem::SwiftUrl,
                "github.com/apple/swift-nio",
                "github.com/apple/swift-nio",
            ),
            (
                Ecosystem::SwiftUrl,
                "git@github.com:apple/swift-nio.git",
                "github.com/apple/swift-nio",
            ),
            (
                Ecosystem::SwiftUrl,
                "ssh://git@github.com/apple/swift-nio/",
                "github.com/apple/swift-nio",
            ),
        ] {
            assert_eq!(normalise(ecosystem, written), filed, "{written}");
            assert_eq!(normalise(ecosystem, filed), filed, "{written}");
        }
    }
}
