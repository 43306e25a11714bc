//! Which files a Debian package has put on the disk, so that those deleted since can be told.
//!
//! `info/*.list` names folders, links and configuration files too, and an empty folder looks
//! there like a file. `info/*.md5sums` names the regular files that are no configuration, so
//! the two together say what must be there. Diversions (dpkg-divert(1)) move files of one
//! package out of the way of another's.

use std::collections::{BTreeSet, HashMap, HashSet};

use linchpin_model::TargetPath;
use linchpin_source::FileTree;

use super::package::DpkgPackage;

/// Where the files went that were diverted: by the original path, the new path and the package
/// that keeps the original path, if it is not the administrator.
#[derive(Debug, Default)]
pub(super) struct Diversions<'a> {
    by_path: HashMap<&'a str, (&'a str, &'a str)>,
}

impl<'a> Diversions<'a> {
    /// Reads `var/lib/dpkg/diversions`: three lines each, from, to and package (`:` for a local
    /// diversion).
    pub(super) fn new(text: &'a str) -> Self {
        let mut by_path = HashMap::new();
        let mut lines = text.lines();
        while let (Some(from), Some(to), Some(package)) = (lines.next(), lines.next(), lines.next())
        {
            by_path.insert(from, (to, package));
        }
        Self { by_path }
    }

    /// Where a file of a package really is.
    fn place<'b>(&self, path: &'b str, package: &DpkgPackage) -> &'b str
    where
        'a: 'b,
    {
        match self.by_path.get(path) {
            Some((to, by)) if **by != *package.name => to,
            _ => path,
        }
    }
}

/// The files of a package, one absolute path per line: those that exist, and those that are
/// missing though nothing but a deletion explains it.
pub(super) fn claimed_files(
    package: &DpkgPackage,
    list: Option<&str>,
    digests: Option<&str>,
    diversions: &Diversions<'_>,
    tree: &dyn FileTree,
) -> String {
    let regular: BTreeSet<&str> = digests.into_iter().flat_map(digest_paths).collect();
    let mut claimed = String::with_capacity(list.or(digests).map_or(0, str::len));
    let mut claim = |path: &str| {
        if !path.starts_with('/') {
            claimed.push('/');
        }
        claimed.push_str(path);
        claimed.push('\n');
    };
    let Some(list) = list else {
        for path in &regular {
            claim(diversions.place(path, package));
        }
        return claimed;
    };
    let mut diverted: HashSet<&str> = HashSet::new();
    let folders: HashSet<&str> = list
        .lines()
        .filter_map(|line| line.rsplit_once('/').map(|(folder, _)| folder))
        .collect();
    let configuration: HashSet<&str> = package
        .conffiles
        .lines()
        .filter_map(|line| line.split_ascii_whitespace().next())
        .collect();
    for path in list.lines().map(str::trim_end) {
        if path == "/." || path.is_empty() || folders.contains(path) {
            continue;
        }
        let place = diversions.place(path, package);
        if place != path && !diverted.insert(place) {
            // A line that is there again and again would be multiplied by a long diversion.
            continue;
        }
        let is_certain = if digests.is_some() {
            regular.contains(path.trim_start_matches('/'))
        } else {
            !may_be_cleared(path)
        };
        let must_exist = is_certain && !configuration.contains(path);
        if must_exist || tree.exists(&TargetPath::new(place)) {
            claim(place);
        }
    }
    claimed
}

/// Whether a path may be an empty folder or a file that administrators clear away, where no list
/// of digests tells.
fn may_be_cleared(path: &str) -> bool {
    ["/var/", "/etc/", "/run/", "/tmp/", "/boot/"]
        .iter()
        .any(|folder| path.starts_with(folder))
}

/// The paths of a list of digests: `<32 hexadecimal digits>  usr/bin/x`.
fn digest_paths(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (digest, path) = line.split_once(' ')?;
        let path = path.trim_start().trim_start_matches("./").trim_end();
        (digest.len() == 32 && !path.is_empty()).then_some(path)
    })
}
