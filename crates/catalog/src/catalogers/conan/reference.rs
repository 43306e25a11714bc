//! Conan's references: `name/version@user/channel#revision%time`.

use linchpin_model::PackageUrl;

/// A reference, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) name: String,
    /// The version; none where a range is asked for.
    pub(super) version: Option<String>,
    pub(super) user: Option<String>,
    pub(super) channel: Option<String>,
    /// The revision of the recipe.
    pub(super) revision: Option<String>,
}

impl Reference {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.split('%').next().unwrap_or_default().trim();
        let (text, revision) = match text.split_once('#') {
            Some((text, revision)) => (text, Some(revision.trim())),
            None => (text, None),
        };
        // The identity of the built package, behind the revision.
        let revision = revision.and_then(|revision| revision.split(':').next());
        let (text, place) = match text.split_once('@') {
            Some((text, place)) => (text, Some(place)),
            None => (text, None),
        };
        let text = text.split(':').next().unwrap_or_default();
        let (name, version) = text.split_once('/')?;
        let (name, version) = (name.trim(), version.trim());
        let is_name = name
            .chars()
            .all(|c| c.is_alphanumeric() || "_-+.".contains(c));
        if name.is_empty() || !is_name {
            return None;
        }
        let owned = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let (user, channel) = match place.map(|place| place.split_once('/').unwrap_or((place, "")))
        {
            Some((user, channel)) => (owned(user), owned(channel)),
            None => (None, None),
        };
        Some(Self {
            name: name.to_owned(),
            version: owned(version).filter(|version| !version.contains(['[', '*', ' ', '$', '{'])),
            user: user.filter(|user| user != "_"),
            channel: channel.filter(|channel| channel != "_"),
            // Conan 1 writes 0 where it has none.
            revision: revision.and_then(owned).filter(|revision| revision != "0"),
        })
    }

    pub(super) fn package_url(&self) -> Option<PackageUrl> {
        let text = |part: &'_ Option<String>| part.clone().unwrap_or_default();
        let (user, channel, revision) =
            (text(&self.user), text(&self.channel), text(&self.revision));
        let qualifiers = [
            ("channel", channel.as_str()),
            ("rrev", revision.as_str()),
            ("user", user.as_str()),
        ];
        let version = self.version.as_deref();
        PackageUrl::with_qualifiers("conan", None, &self.name, version, &qualifiers).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_both_generations_are_read() {
        let url = |text: &str| Some(Reference::parse(text)?.package_url()?.to_string());
        for (text, expected) in [
            ("zlib/1.3.1", "pkg:conan/zlib@1.3.1"),
            (
                "zlib/1.3.1#f52e03ae3d251dec704634230cd806a2%1708593606.497",
                "pkg:conan/zlib@1.3.1?rrev=f52e03ae3d251dec704634230cd806a2",
            ),
            (
                "Poco/1.9.4@pocoproject/stable",
                "pkg:conan/Poco@1.9.4?channel=stable&user=pocoproject",
            ),
            ("openssl/[>=1.1 <4]", "pkg:conan/openssl"),
            ("a/1.0@_/_", "pkg:conan/a@1.0"),
        ] {
            assert_eq!(url(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(url("nothing"), None);
    }
}
