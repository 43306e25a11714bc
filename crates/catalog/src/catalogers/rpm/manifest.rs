//! `container-manifest-2`: what `rpm --query --all` printed while an image without rpm was built,
//! as the distroless images of Azure Linux have it. Ten columns with tabs between them: name,
//! version and release, time of installation, time of building, vendor, epoch, size,
//! architecture, epoch as a number, source package.

use super::package::RpmPackage;

/// The packages, and what could not be understood.
pub(super) fn packages(text: &str) -> (Vec<RpmPackage>, Vec<String>) {
    let mut packages = Vec::new();
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match package(line) {
            Some(package) => packages.push(package),
            None => problems.push(format!(
                "line {}: it has not the columns of a package",
                index + 1
            )),
        }
    }
    (packages, problems)
}

fn package(line: &str) -> Option<RpmPackage> {
    let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
    let &[
        name,
        full_version,
        _,
        _,
        vendor,
        epoch,
        _,
        architecture,
        ..,
        source,
    ] = columns.as_slice()
    else {
        return None;
    };
    let known = |text: &str| Some(text.into()).filter(|_| !matches!(text, "" | "(none)"));
    let (version, release) = full_version.rsplit_once('-')?;
    if name.is_empty() || version.is_empty() {
        return None;
    }
    Some(RpmPackage {
        name: name.into(),
        version: version.into(),
        release: release.into(),
        epoch: epoch.parse().ok(),
        architecture: known(architecture).unwrap_or_default(),
        source: known(source),
        vendor: known(vendor),
        ..RpmPackage::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_by_their_place() {
        let (packages, problems) = packages(
            "bash\t5.1.8-4.cm2\t1700000000\t1690000000\tMicrosoft\t2\t100\tx86_64\t2\tbash-5.1.8-4.cm2.src.rpm\n\
             filesystem\t1.1-16.cm2\t1\t1\t(none)\t(none)\t0\tnoarch\t0\t(none)\n\
             short\t1-1\n",
        );
        assert_eq!(packages.len(), 2);
        assert_eq!(packages[0].epoch, Some(2));
        assert_eq!(packages[0].release.as_ref(), "4.cm2");
        assert_eq!(packages[1].epoch, None);
        assert_eq!(packages[1].source, None);
        assert_eq!(problems.len(), 1);
    }
}
