//! Versions made up for the tests: the shapes that people write, and soups of the fragments that
//! matter to a scheme, most of which nobody would write.

use linchpin_model::VersionScheme;
use proptest::prelude::{Just, Strategy, prop_oneof};
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, ValueTree as _};
use proptest::test_runner::TestRunner;

/// Numbers in which mistakes hide: zeros in front, equal values, more digits than fit anywhere.
const NUMBERS: &str = "(0|1|1|2|9|10|00|01|010|20240131|18446744073709551616|[0-9]{30})";

/// Versions of a shape that people write.
pub(crate) fn plausible(scheme: VersionScheme) -> BoxedStrategy<String> {
    let strict = "(0|1|2|9|10|100|9007199254740991)";
    let strict_julia = "(0|1|2|9|10|010|4294967295)";
    let pre = "(alpha|beta|rc|0|1|10|a|A|x-y|alpha1|rc10|20240131)";
    let semantic =
        format!(r"{strict}\.{strict}\.{strict}(-{pre}(\.{pre}){{0,2}})?(\+{pre}(\.{pre})?)?");
    let shape = match scheme {
        VersionScheme::Debian => format!(
            "({strict}:)?{NUMBERS}([.+~]({NUMBERS}|rc|dfsg|git|b|Z)){{0,3}}[a-z]?(~(rc|beta)[0-9])?(-{NUMBERS}([.+~](b|deb12u|bpo|nmu){NUMBERS}){{0,2}})?"
        ),
        VersionScheme::Alpine => format!(
            r"{NUMBERS}(\.{NUMBERS}){{0,3}}[a-c]?(_(alpha|beta|pre|rc|cvs|svn|git|hg|p){NUMBERS}?){{0,2}}(~[0-9a-f]{{3,4}})?(-r{NUMBERS})?"
        ),
        VersionScheme::Cargo | VersionScheme::Hex | VersionScheme::SemVer | VersionScheme::Pub => {
            semantic
        }
        VersionScheme::Bitnami => {
            format!(r"{NUMBERS}(\.{NUMBERS}){{0,3}}(-({NUMBERS}|{pre}(\.{pre})?))?(\+{pre})?")
        }
        VersionScheme::Conan => format!(
            r"(cci\.)?{NUMBERS}(\.({NUMBERS}|1_0|[a-c]|[0-9][a-c]|p1)){{0,3}}(-{pre}(\.{pre})?)?(\+{pre}(\.{pre})?)?"
        ),
        VersionScheme::Julia => format!(
            r"v?{strict_julia}(\.{strict_julia}){{0,2}}(-{pre}(\.{pre})?|(rc|beta)[0-9])?(\+{strict_julia}(\.{pre})?)?"
        ),
        VersionScheme::Opam => {
            format!("v?{NUMBERS}([.+~-]({NUMBERS}|rc|beta|a|Z|dev)){{0,4}}")
        }
        VersionScheme::Tag => {
            format!(r"v?{NUMBERS}(\.{NUMBERS}){{0,2}}(-{pre}(\.{pre}){{0,2}})?(\+{pre})?")
        }
        VersionScheme::Cran => format!(r"{NUMBERS}([.-]{NUMBERS}){{1,4}}"),
        VersionScheme::Hackage => format!(r"{strict}(\.{strict}){{0,4}}"),
        VersionScheme::NuGet => {
            let number = "(0|1|2|9|10|01|2147483647)";
            format!(r"{number}(\.{number}){{0,3}}(-{pre}(\.{pre}){{0,2}})?(\+{pre})?")
        }
        VersionScheme::Packagist => {
            let number = "(0|1|2|9|10|01|99999)";
            format!(
                r"v?{number}(\.{number}){{0,3}}([._-]?(stable|beta|b|RC|rc|alpha|a|patch|pl|p|Alpha)([.-]?{number}){{0,2}})?([.-]?dev)?|20240[1-3][.-]?0[1-9]([.-]?1[0-9])?|{number}(\.({number}|x)){{0,3}}[.-]?dev"
            )
        }
        VersionScheme::Rpm => format!(
            "({strict}:)?{NUMBERS}([.+~^]({NUMBERS}|rc|git|b|Z)){{0,3}}[a-z]?(~(rc|beta)[0-9])?(-{NUMBERS}([.+^](el|fc){NUMBERS}(_[0-9])?){{0,2}})?"
        ),
        VersionScheme::Pacman => format!(
            "({strict}:)?{NUMBERS}([.+_]({NUMBERS}|rc|git|b|Z)){{0,3}}(rc|beta|a)?[0-9]?(-{NUMBERS}(\\.{NUMBERS})?)?"
        ),
        VersionScheme::Npm => format!("[v=]{{0,2}}{semantic}"),
        VersionScheme::Go => {
            format!(
                r"v?({semantic}|{strict}\.{strict}\.{strict}-0\.2024013100000[0-2]-[0-9a-f]{{12}}|{strict}\.{strict}\.{strict}\+incompatible)|(go)?1\.2[0-3](\.[0-3]|rc[1-3]|beta1)?"
            )
        }
        VersionScheme::PyPi => {
            let number = "(0|1|2|9|10|00|01|010|2024)";
            format!(
                r"v?([01]!)?{number}(\.{number}){{0,3}}([.\-_]?(a|b|c|rc|alpha|beta|pre|preview|RC)[.\-_]?{number}?)?([.\-_]?(post|rev|r)[.\-_]?{number}?|-{number})?([.\-_]?dev[.\-_]?{number}?)?(\+(local|ubuntu|[a-c]|{number})([.\-_](local|[a-c]|{number})){{0,2}})?"
            )
        }
        VersionScheme::Maven => {
            // Without the forms on which Maven's own releases disagree: a number after a dash, a
            // short qualifier with a dash before its number, two words in a row.
            let number = "(1|2|10|01|4294967296|[1-9][0-9]{30})";
            let word = "(alpha|beta|milestone|rc|cr|RC|Beta|foo)";
            let short = "(M|b|a|x|v)";
            let end = "(Final|GA|RELEASE|sp|SNAPSHOT|jre|android|foo)";
            let snapshot = "(-SNAPSHOT)?";
            format!(
                r"[12](\.(0|{number})){{0,3}}([.\-]?({word}|{short}){number}{snapshot}|-{word}-{number}{snapshot}|[.\-]{end}|-(jre|android){snapshot}|{snapshot})"
            )
        }
        VersionScheme::RubyGems => format!(
            r"{NUMBERS}(\.({NUMBERS}|pre|rc|beta|a|b)){{0,4}}(\.(rc|beta|pre){NUMBERS})?(-(java|x86|1|a\.1))?"
        ),
    };
    proptest::string::string_regex(&shape).unwrap().boxed()
}

/// Fragments that matter to a scheme, in any order.
fn fragments(scheme: VersionScheme) -> &'static [&'static str] {
    match scheme {
        VersionScheme::Debian => &[
            "0",
            "00",
            "1",
            "10",
            "9",
            "~",
            "~~",
            "+",
            "-",
            ".",
            ":",
            "a",
            "Z",
            "rc",
            "^",
            "99999999999999999999999999",
        ],
        VersionScheme::Alpine => &[
            "0",
            "00",
            "01",
            "1",
            "10",
            ".",
            "a",
            "z",
            "_",
            "_p",
            "_rc",
            "_alpha1",
            "_git",
            "~ab",
            "-r",
            "-r0",
            "-r1",
            "18446744073709551617",
        ],
        VersionScheme::Rpm | VersionScheme::Pacman => &[
            "0",
            "00",
            "1",
            "10",
            "9",
            "~",
            "^",
            "+",
            "-",
            ".",
            "..",
            ":",
            "_",
            "a",
            "Z",
            "rc",
            "99999999999999999999999999",
        ],
        VersionScheme::Packagist => &[
            "0", "1", "01", "10", ".", ".", "-", "_", "+", "a", "b1", "RC", "p", "pl2", "stable",
            "dev", "-dev", "x", "*", "v", " ", "@beta", " as 1.0", "2024", "0102", "123456",
        ],
        VersionScheme::Cran | VersionScheme::Hackage => {
            &["0", "1", "01", "10", ".", ".", "-", "a", " ", "99999999999"]
        }
        VersionScheme::Opam => &[
            "0",
            "00",
            "1",
            "10",
            "9",
            "~",
            "~~",
            "+",
            "-",
            ".",
            "a",
            "Z",
            "rc",
            "v",
            "_",
            "99999999999999999999999999",
        ],
        VersionScheme::Conan => &[
            "0",
            "00",
            "1",
            "10",
            ".",
            ".",
            "-",
            "+",
            "_",
            "a",
            "rc",
            "cci",
            "1_0",
            "-1",
            "+1",
            "99999999999999999999999999",
        ],
        VersionScheme::Bitnami
        | VersionScheme::Cargo
        | VersionScheme::Hex
        | VersionScheme::Julia
        | VersionScheme::Npm
        | VersionScheme::NuGet
        | VersionScheme::Pub
        | VersionScheme::SemVer
        | VersionScheme::Tag
        | VersionScheme::Go => &[
            "0",
            "1",
            "01",
            "10",
            ".",
            ".",
            ".",
            "1.0.0",
            "1.2.3",
            "-",
            "+",
            "a",
            "rc",
            "rc1",
            "beta",
            "v",
            "=",
            " ",
            "go",
            "A",
            "x-y",
            "99999999999999999999999999",
        ],
        VersionScheme::PyPi => &[
            "0",
            "00",
            "1",
            "10",
            ".",
            ".",
            "!",
            "a",
            "b",
            "c",
            "rc",
            "post",
            "dev",
            "r",
            "+",
            "-",
            "_",
            "local",
            "v",
            " ",
            "é",
            "1.0",
            "123456789012345678",
        ],
        VersionScheme::Maven => &[
            "0",
            "00",
            "1",
            "10",
            ".",
            "-",
            "_",
            "a",
            "b",
            "m",
            "alpha",
            "sp",
            "ga",
            "final",
            "x",
            "RC",
            "snapshot",
            "é",
            "99999999999999999999999999",
        ],
        VersionScheme::RubyGems => &[
            "0",
            "00",
            "1",
            "10",
            ".",
            ".",
            "-",
            "a",
            "b",
            "rc",
            "pre",
            "Z",
            "_",
            " ",
            "1.0",
            "99999999999999999999999999",
        ],
    }
}

/// A soup of fragments, usually beginning with a number.
pub(crate) fn soup(scheme: VersionScheme) -> BoxedStrategy<String> {
    let start = prop_oneof![
        3 => Just("1"),
        3 => Just("1.0.0"),
        1 => Just("0"),
        1 => Just(""),
    ];
    let rest = proptest::collection::vec(select(fragments(scheme)), 0..7);
    (start, rest)
        .prop_map(|(start, rest)| start.to_owned() + &rest.concat())
        .boxed()
}

/// Either of the two, more often the former: most soups are no version.
pub(crate) fn any(scheme: VersionScheme) -> BoxedStrategy<String> {
    prop_oneof![2 => plausible(scheme), 1 => soup(scheme)].boxed()
}

/// The same pairs in every run.
pub(crate) fn pairs(versions: &BoxedStrategy<String>, count: usize) -> Vec<(String, String)> {
    let mut runner = TestRunner::deterministic();
    let mut next = || {
        versions
            .new_tree(&mut runner)
            .expect("the generators do not fail")
            .current()
    };
    (0..count).map(|_| (next(), next())).collect()
}

/// The same pairs in every run. In half of them the second version is the first one with another
/// end, because two versions with nothing in common are told apart by their first number.
pub(crate) fn related_pairs(scheme: VersionScheme, count: usize) -> Vec<(String, String)> {
    let mut pairs = pairs(&any(scheme), count);
    for (index, (left, right)) in pairs.iter_mut().enumerate().step_by(2) {
        let kept = left.chars().count() * (index % 7) / 7;
        let skipped = right.chars().count() * (index % 5) / 5;
        *right = left
            .chars()
            .take(kept)
            .chain(right.chars().skip(skipped))
            .collect();
    }
    pairs
}

/// Whether a version has a number that is too large for the reference tools of some schemes,
/// which keep it in 64 bits or as a fraction.
pub(crate) fn has_large_number(version: &str) -> bool {
    version
        .split(|c: char| !c.is_ascii_digit())
        .any(|run| run.trim_start_matches('0').len() > 15)
}
