//! How Conda's packages are named: in what is installed, in environments and in lockfiles alike.
//! <https://github.com/package-url/purl-spec/blob/main/types-doc/conda-definition.md>

use linchpin_model::{Digest, DigestAlgorithm, PackageUrl};

/// What identifies a package. All but the name may be unknown.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct CondaPackage {
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    pub(crate) build: Option<String>,
    /// The channel by its name, `conda-forge`.
    pub(crate) channel: Option<String>,
    /// The platform, `linux-64` or `noarch`.
    pub(crate) subdir: Option<String>,
    /// `conda` or `tar.bz2`.
    pub(crate) kind: Option<&'static str>,
}

impl CondaPackage {
    /// The package URL.
    pub(crate) fn url(&self) -> Option<PackageUrl> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let (build, channel, subdir) = (text(&self.build), text(&self.channel), text(&self.subdir));
        let qualifiers = [
            ("build", build.as_str()),
            ("channel", channel.as_str()),
            ("subdir", subdir.as_str()),
            ("type", self.kind.unwrap_or_default()),
        ];
        let name = self.name.to_lowercase();
        let fine = |next: char| next.is_ascii_alphanumeric() || matches!(next, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(fine) {
            return None;
        }
        PackageUrl::with_qualifiers("conda", None, &name, self.version.as_deref(), &qualifiers).ok()
    }

    /// Reads the address of an archive: `https://host/conda-forge/linux-64/zlib-1.3-h0_1.conda`.
    pub(crate) fn of_address(address: &str) -> Option<Self> {
        let address = address.split(['#', '?']).next()?;
        let (above, file) = address.rsplit_once('/')?;
        let (stem, kind) = match file.strip_suffix(".conda") {
            Some(stem) => (stem, "conda"),
            None => (file.strip_suffix(".tar.bz2")?, "tar.bz2"),
        };
        let (rest, build) = stem.rsplit_once('-')?;
        let (name, version) = rest.rsplit_once('-')?;
        let (channel, subdir) = above.rsplit_once('/')?;
        Some(Self {
            name: name.to_owned(),
            version: Some(version.to_owned()),
            build: Some(build.to_owned()),
            channel: channel_name(channel),
            subdir: Some(subdir.to_owned()),
            kind: Some(kind),
        })
    }
}

/// The name of a channel that may be written as an address, with or without the platform.
pub(crate) fn channel_name(channel: &str) -> Option<String> {
    let path = channel.trim_end_matches('/');
    let path = path.strip_suffix("/noarch").unwrap_or(path);
    let name = match path.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1.rsplit('/').next()?,
        None => path.rsplit('/').next()?,
    };
    (!name.is_empty() && name != "pypi").then(|| name.to_owned())
}

/// The name at the start of a requirement: `python` of `python >=3.9,<4` and `conda-forge::python=3.9`.
/// Nothing for what stands for the system, such as `__glibc`.
pub(crate) fn name_of_requirement(text: &str) -> Option<&str> {
    let text = text.trim();
    let text = text.rsplit_once("::").map_or(text, |(_, text)| text);
    let fine = |next: char| next.is_ascii_alphanumeric() || matches!(next, '-' | '_' | '.');
    let end = text.find(|next| !fine(next)).unwrap_or(text.len());
    let name = text.get(..end)?;
    (!name.is_empty() && !name.starts_with("__")).then_some(name)
}

/// The digests of an archive, as far as they can be read.
pub(crate) fn digests(md5: Option<&str>, sha256: Option<&str>) -> Vec<Digest> {
    let md5 = md5.and_then(|hex| Digest::from_hex(DigestAlgorithm::Md5, hex).ok());
    let sha256 = sha256.and_then(|hex| Digest::from_hex(DigestAlgorithm::Sha256, hex).ok());
    md5.into_iter().chain(sha256).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_all() {
        let package = CondaPackage::of_address(
            "https://packages.example/conda-forge/linux-64/lib-x-1.3-h0_1.conda#abc",
        )
        .unwrap();
        assert_eq!(
            package.url().unwrap().as_str(),
            "pkg:conda/lib-x@1.3?build=h0_1&channel=conda-forge&subdir=linux-64&type=conda"
        );
        assert_eq!(
            CondaPackage::of_address("https://packages.example/x.whl"),
            None
        );
        assert_eq!(
            channel_name("https://packages.example/pkgs/main/").as_deref(),
            Some("main")
        );
        assert_eq!(
            name_of_requirement("conda-forge::python=3.9"),
            Some("python")
        );
        assert_eq!(name_of_requirement("__glibc >=2.17"), None);
    }
}
