//! Which files are archives, told by their names. What a file is in truth its first bytes say; the
//! name only decides whether anybody looks.

/// What an archive is to whoever meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveFamily {
    /// One package of some ecosystem: what is in it belongs to that package.
    Package,
    /// A package whose header says what it is, with an archive after it that is opened only on
    /// request: RPM.
    Payload,
    /// Files that somebody put together.
    Plain,
    /// A disk of a machine, or a file system in a file: read only where it is the target itself.
    Disk,
}

/// The family of the archive that goes by this name, if the name is an archive's.
pub fn archive_family(name: &str) -> Option<ArchiveFamily> {
    let (stem, ending) = name.rsplit_once('.')?;
    if stem.is_empty() || ending.len() > 8 {
        return None;
    }
    let lower;
    let ending = if ending.bytes().any(|byte| byte.is_ascii_uppercase()) {
        lower = ending.to_ascii_lowercase();
        &lower
    } else {
        ending
    };
    match ending {
        // Java, and what builds on its archives.
        "jar" | "war" | "ear" | "par" | "sar" | "nar" | "jpi" | "hpi" | "kar" | "lpkg" | "aar"
        // Python.
        | "whl" | "egg" | "pex" | "pyz" | "conda"
        // Other languages.
        | "crate" | "gem" | "nupkg" | "snupkg"
        // Editors and browsers.
        | "vsix" | "xpi" | "crx"
        // Operating systems. An `apk` is Alpine's or Android's.
        | "apk" | "deb" | "udeb" | "ipk" => Some(ArchiveFamily::Package),
        "rpm" => Some(ArchiveFamily::Payload),
        "zip" | "jmod" | "tar" | "tgz" | "tbz" | "tbz2" | "txz" | "tzst" | "cpio" => {
            Some(ArchiveFamily::Plain)
        }
        "qcow2" | "vmdk" | "vhd" | "vhdx" | "vdi" | "ova" | "iso" | "squashfs" | "sif" => {
            Some(ArchiveFamily::Disk)
        }
        "gz" | "bz2" | "xz" | "zst" | "lz4" => {
            let (stem, inner) = stem.rsplit_once('.')?;
            let is_tar = inner.eq_ignore_ascii_case("tar");
            let is_arch_package = stem.rsplit_once('.').is_some_and(|(_, inner)| inner == "pkg");
            if is_tar && is_arch_package {
                Some(ArchiveFamily::Package)
            } else if is_tar || inner.eq_ignore_ascii_case("cpio") {
                Some(ArchiveFamily::Plain)
            } else {
                None
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_told_by_their_names() {
        for name in ["a.jar", "A.JAR", "x-1.0.whl", "b.pkg.tar.zst", "c.apk"] {
            assert_eq!(archive_family(name), Some(ArchiveFamily::Package), "{name}");
        }
        for name in ["a.zip", "a.tar", "a.tar.gz", "a.TAR.XZ", "a.tgz"] {
            assert_eq!(archive_family(name), Some(ArchiveFamily::Plain), "{name}");
        }
        assert_eq!(archive_family("a.rpm"), Some(ArchiveFamily::Payload));
        assert_eq!(archive_family("a.qcow2"), Some(ArchiveFamily::Disk));
        for name in ["jar", ".jar", "changelog.gz", "tar.gz", "a.json", "", "a."] {
            assert_eq!(archive_family(name), None, "{name}");
        }
    }
}
