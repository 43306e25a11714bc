//! Orderings whose own tools can not be had here (apk, Julia), beside implementations that others
//! wrote: OSV's of apk, and SemVer's for what Julia has in common with it. That is less
//! than the tool itself: where two of them differ, the documentation decides, and what theirs can not
//! know is left out here, with the reason.

use linchpin_model::VersionScheme;

use super::generated::{pairs, plausible};
use super::tools::{ask, assert_same};
use crate::reference_tools::{python, skip, works};

/// Loads some modules of OSV's library without the rest of it, which needs clients of a cloud.
const OSV: &str = r"
import importlib.util, sys, types

folder = importlib.util.find_spec('osv').submodule_search_locations[0]

for name in ('osv', 'osv.ecosystems'):
    module = types.ModuleType(name)
    module.__path__ = [folder + name[3:].replace('.', '/')]
    sys.modules[name] = module
";

/// Reads pairs and prints signs, with a function `version` that reads one or fails.
const LOOP: &str = r"
for line in sys.stdin:
    try:
        left, right = map(version, line.rstrip('\n').split('\t'))
        print((left > right) - (left < right))
    except ValueError:
        print('invalid')
";

#[test]
fn apk_is_ordered_as_by_osv() {
    let script = format!(
        r"{OSV}
from osv.third_party.univers.alpine import AlpineLinuxVersion as version
{LOOP}"
    );
    if !works(python(), &["-c", &script]) {
        return skip("Python with osv and attrs");
    }
    // OSV orders by Gentoo's rules. They are apk's but for commits and the suffixes of version
    // control, which they do not know, several suffixes and zeros in front. A revision that is not
    // stated is revision 0 there.
    let versions = proptest::string::string_regex(
        r"(0|1|2|9|10|20240131)(\.(0|1|2|9|10|100)){0,3}[a-c]?(_(alpha|beta|pre|rc|p)(1|2|9|10|20240131))?-r(0|1|2|10)",
    )
    .unwrap();
    let pairs = pairs(&proptest::strategy::Strategy::boxed(versions), 12_000);
    let theirs = ask(python(), &["-c", &script], &pairs);
    assert_same(VersionScheme::Alpine, &pairs, &theirs);
}

#[test]
fn julia_is_ordered_as_semver_where_both_have_a_say() {
    let script = format!("import sys, semver\nversion = semver.Version.parse\n{LOOP}");
    if !works(python(), &["-c", &script]) {
        return skip("Python with semver");
    }
    // SemVer has three numbers and a dash before a pre-release, and builds do not count there.
    let mut pairs = pairs(&plausible(VersionScheme::SemVer), 40_000);
    for (left, right) in &mut pairs {
        for version in [left, right] {
            version.truncate(version.find('+').unwrap_or(version.len()));
        }
    }
    // Julia keeps numbers in 32 bits.
    pairs.retain(|(left, right)| {
        [left, right]
            .iter()
            .all(|version| !version.contains("9007199254740991"))
    });
    pairs.truncate(10_500);
    assert!(pairs.len() > 10_000, "{}", pairs.len());
    let theirs = ask(python(), &["-c", &script], &pairs);
    assert_same(VersionScheme::Julia, &pairs, &theirs);
}
