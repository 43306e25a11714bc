//! Lockfiles that lie beside each other and do not agree: the same version of a package with two
//! hashes.

use std::collections::HashMap;

use linchpin_model::TargetPath;

use super::Locked;

/// What lockfiles of one folder say of the hash of a version.
#[derive(Default)]
pub(super) struct Disputes {
    /// By ecosystem, folder, name and version: the hash that was said first, and where.
    said: HashMap<(&'static str, TargetPath, String, String), (String, String)>,
    /// Those of which another file says something else, with that file's name.
    disputed: HashMap<(TargetPath, String, String), String>,
}

impl Disputes {
    pub(super) fn add(&mut self, ecosystem: &'static str, path: &TargetPath, packages: &[Locked]) {
        for package in packages {
            // Python's lockfiles list the hashes of many files, each its own choice of them.
            if package.integrity.is_empty() || package.is_git || ecosystem == "pypi" {
                continue;
            }
            let (name, version) = (package.name.clone(), package.version.clone());
            let key = (ecosystem, path.parent(), name.clone(), version.clone());
            match self.said.get(&key) {
                None => {
                    let said = (package.integrity.clone(), path.name().to_owned());
                    self.said.insert(key, said);
                }
                Some((hash, other)) if differs(hash, &package.integrity) => {
                    let key = (path.clone(), name, version);
                    self.disputed.insert(key, other.clone());
                }
                Some(_) => {}
            }
        }
    }

    /// The file that says something else of a package.
    pub(super) fn other(&self, path: &TargetPath, package: &Locked) -> &str {
        let key = (path.clone(), package.name.clone(), package.version.clone());
        self.disputed.get(&key).map_or("", String::as_str)
    }
}

/// Whether two hashes are of the same sort and not equal. Yarn's second format hashes an archive of
/// its own making, with nothing in front that says how.
fn differs(left: &str, right: &str) -> bool {
    let sort = |hash: &str| hash.split_once('-').map(|(sort, _)| sort.to_owned());
    let one = |hash: &str| !hash.trim().contains(' ');
    sort(left).is_some() && sort(left) == sort(right) && one(left) && one(right) && left != right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_the_same_sort_differ() {
        for (left, right, expected) in [
            ("sha512-a", "sha512-b", true),
            ("sha512-a", "sha512-a", false),
            ("sha512-a", "sha1-b", false),
            ("10/ab", "10/cd", false),
            ("sha512-a sha512-b", "sha512-b", false),
        ] {
            assert_eq!(differs(left, right), expected, "{left} {right}");
        }
    }
}
