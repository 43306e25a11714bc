//! Cases from the specifications of the schemes, each row in ascending order.

use std::cmp::Ordering;

use linchpin_advisory::versions::{compare, validate};
use linchpin_model::VersionScheme;

/// Checks every pair of a row: `a < b = c < d`.
fn check(scheme: VersionScheme, row: &str) {
    let mut ranked: Vec<(usize, &str)> = Vec::new();
    for (rank, equals) in row.split(" < ").enumerate() {
        ranked.extend(equals.split(" = ").map(|version| (rank, version.trim())));
    }
    for (left_rank, left) in &ranked {
        for (right_rank, right) in &ranked {
            assert_eq!(
                compare(scheme, left, right),
                Ok::<Ordering, _>(left_rank.cmp(right_rank)),
                "{scheme:?}: {left} and {right}"
            );
        }
    }
}

fn check_invalid(scheme: VersionScheme, versions: &[&str]) {
    for version in versions {
        assert!(validate(scheme, version).is_err(), "{scheme:?}: {version}");
    }
}

#[test]
fn alpine() {
    let check = |row| check(VersionScheme::Alpine, row);
    check(
        "1.0_alpha < 1.0_alpha1 < 1.0_beta < 1.0_pre < 1.0_rc < 1.0 < 1.0_cvs < 1.0_svn < 1.0_git < 1.0_hg < 1.0_p",
    );
    check("1.0_alpha_pre2 < 1.0_alpha < 1.0_alpha2 < 1.0_alpha_p1");
    check("3.0 < 3.0-r0 < 3.0-r1 < 3.0-r2 < 3.0-r10 < 3.0_p1-r0 < 3.0a-r0 < 3.0.1-r0 < 3.1");
    check("1.2 < 1.2a < 1.2b < 1.2.0 < 1.2.1 < 1.2.9 < 1.2.10 < 1.10");
    // A part with a zero in front is compared as text, but not the first one.
    check("8.2.0 < 8.2.00 < 8.2.0015 < 8.2.002 < 8.2.01 < 8.2.1 < 8.2.2 < 8.2.10");
    check("1.0 = 01.0 < 2.0 < 010.0");
    check("1.0_rc1 < 1.0_rc2 < 1.0_rc10 < 1.0-r0 < 1.0_git20240101 < 1.0_git20240102");
    check("1.0-r0 < 1.0~ab-r0 < 1.0~b-r0");
    check("18446744073709551616 < 18446744073709551617");
    // Slips in advisories: what can be read of them decides.
    check("10.2.21-r9 < 10.2.22_rc1 < 10.2.22.r0 < 10.2.22 < 10.2.22-r0");
    check("1.7.5.-r1 = 1.7.5-33 = 1.7.5- < 1.7.5 < 1.7.5-r0 < 1.7.5ab");
    check("1.0-r1 = 1.0-r01 < 1.0-r2");
    check_invalid(
        VersionScheme::Alpine,
        &["", "a", ".1", "v1.0", "1.0 ", "1.0\n", "-r1", "_alpha"],
    );
}

#[test]
fn go() {
    let check = |row| check(VersionScheme::Go, row);
    check(
        "v1.0.0-alpha < v1.0.0-alpha.1 < v1.0.0-alpha.beta < v1.0.0-beta.2 < v1.0.0-beta.11 < v1.0.0-rc.1 < v1.0.0 = 1.0.0 = v1 = v1.0",
    );
    check("v0.0.0-20190101000000-abcdefabcdef < v0.0.0-20240101000000-000000000000 < v0.0.0");
    check(
        "v1.2.2 < v1.2.3-0.20240101000000-abcdefabcdef < v1.2.3-pre < v1.2.3-pre.0.20240101000000-abcdefabcdef < v1.2.3",
    );
    check("v1.9.9 < v2.0.0+incompatible = v2.0.0 < v2.0.1+incompatible");
    check(
        "go1.20 = 1.20.0 < go1.20.14 = go1.20.14-vendor = go1.20.14 X:boringcrypto < 1.21.0-0 < go1.21beta1 < go1.21rc2 = 1.21.0-rc.2 = 1.21rc2 < go1.21rc10 < go1.21.0 < go1.21.3 = v1.21.3",
    );
    check_invalid(
        VersionScheme::Go,
        &[
            "",
            "v",
            "go",
            "(devel)",
            "devel go1.22-abcdef",
            "v1.2.3.4",
            "v1.2-pre",
            "1.2+b",
            "v1.2.3-",
            "v1.2.3-a..b",
            "v1.2.3+",
            "1.21rc",
            "latest",
            "v-1.0.0",
        ],
    );
}

#[test]
fn debian() {
    let check = |row| check(VersionScheme::Debian, row);
    check(
        "1.0~~ < 1.0~~a < 1.0~ < 1.0 = 1.0-0 = 0:1.0 = 1.00 < 1.0-1~bpo12+1 < 1.0-1 < 1.0-1+b1 < 1.0-1.1 < 1.0a < 1.0+dfsg < 1.0.1 < 1:0.1",
    );
    check("2.36-9+deb12u1 < 2.36-9+deb12u10 < 2.36-10");
    check_invalid(
        VersionScheme::Debian,
        &[
            "",
            " ",
            ":1",
            "a:1",
            "1:",
            "1-",
            "-1",
            "1 2",
            "2147483648:1",
            "99999999999999999999:1",
        ],
    );
}

#[test]
fn cargo() {
    let check = |row| check(VersionScheme::Cargo, row);
    check(
        "1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < 1.0.0-beta < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0 = 1.0.0+build.5 = 1.0.0+1 < 1.0.1",
    );
    check_invalid(
        VersionScheme::Cargo,
        &[
            "",
            "1",
            "1.0",
            "v1.0.0",
            "1.0.0-",
            "01.0.0",
            "1.0.0.0",
            "99999999999999999999.0.0",
        ],
    );
}

#[test]
fn npm() {
    let check = |row| check(VersionScheme::Npm, row);
    check(
        "1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-beta = 1.0.0beta < 1.0.0-rc.1 < 1.0.0 = v1.0.0 = =1.0.0 = 1.0.0+build = 01.0.00 < 1.0.1",
    );
    check_invalid(
        VersionScheme::Npm,
        &[
            "",
            "1",
            "1.0",
            "1.0.0.0",
            "1.0.x",
            "latest",
            "9007199254740992.0.0",
        ],
    );
}

#[test]
fn python() {
    let check = |row| check(VersionScheme::PyPi, row);
    check(
        "1.0.dev1 < 1.0a1.dev1 < 1.0a1 = 1.0-ALPHA.1 < 1.0b2 < 1.0rc1 = 1.0c1 < 1.0 = 1.0.0 = v1 < 1.0+abc < 1.0+abc.1 < 1.0+1 < 1.0.post1.dev1 < 1.0.post1 = 1.0-1 < 1.1 < 1!0.1",
    );
    check_invalid(
        VersionScheme::PyPi,
        &[
            "",
            "latest",
            "1.0-foo",
            "1.0+",
            "1..0",
            "2004d-x",
            "1.99999999999999999999",
        ],
    );
}

#[test]
fn maven() {
    let check = |row| check(VersionScheme::Maven, row);
    check(
        "1-alpha-1 = 1-a1 = 1.0alpha1 < 1-beta-1 < 1-milestone < 1-milestone-1 = 1.0.M1 < 1-rc1 = 1-cr1 < 1-snapshot < 1 = 1.0 = 1.ga = 1-ga = 1-0 = 1.0.0.RELEASE = 1.Final = 1. = 1- < 1-sp < 1-sp-1 < 1-foo = 1.foo < 1-1 < 1.1",
    );
    check("1-foo2 < 1-foo10");
    check("1-sp-1 < 1-ga-1 = 1-1");
    check("1-sp < 1-sp.1");
    check("1-ga.1 < 1-sp.1");
    check("1.0.RC2 < 1.0-RC3 < 1.0.1");
    check("1-alpha < 1 < 1.sp.1");
    check("31.1-android < 31.1-jre < 32.0.0-android < 32.0.0-jre");
    check("2.0-beta9 < 2.0-rc1 < 2.0 < 2.3.1 < 2.12.2 < 2.14.1 < 2.15.0 < 2.17.1");
    check("9.4.43.v20210629 < 9.4.44.v20210927 < 10.0.0");
    check_invalid(VersionScheme::Maven, &["", " ", "1 2", "1\t2"]);
}

#[test]
fn rubygems() {
    let check = |row| check(VersionScheme::RubyGems, row);
    check(
        "1.0.a < 1.0.a.1 < 1.0.a10 < 1.0.b1 < 1.0.rc1 = 1.0.0.rc1 < 1 = 1.0 = 1.0.0 < 1.0.1.pre < 1.0.1 < 1.0.10 < 1.1",
    );
    check("1.0.0-1 = 1.0.0.pre.1 < 1.0.0");
    check("6.0.3.4 < 6.0.3.5.rc1 < 6.0.3.5");
    check_invalid(
        VersionScheme::RubyGems,
        &["junk", "1..2", "1.2 3.4", "-1", "1.", ".1", "1_0", "1-"],
    );
}

#[test]
fn semver_and_hex() {
    for scheme in [VersionScheme::SemVer, VersionScheme::Hex] {
        check(
            scheme,
            "1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < 1.0.0-beta < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0 = 1.0.0+b.01 < 1.0.1 < 99999999999999999999.0.0",
        );
        check_invalid(
            scheme,
            &[
                "",
                "1",
                "1.0",
                "v1.0.0",
                "1.0.0-",
                "1.0.0-01",
                "01.0.0",
                "1.0.0.0",
                "1.0.0+",
                "1.0.0-a..b",
                "1.0.0-ä",
            ],
        );
    }
}

#[test]
fn pub_dart() {
    check(
        VersionScheme::Pub,
        "1.0.0-alpha < 1.0.0-alpha+1 < 1.0.0-alpha.1 < 1.0.0 < 1.0.0+1 < 1.0.0+1.2 < 1.0.0+2 = 1.00.0+02 < 1.0.0+0x10 < 1.0.0+a < 1.0.1",
    );
    check_invalid(
        VersionScheme::Pub,
        &[
            "",
            "1",
            "1.0",
            "v1.0.0",
            "1.0.0-",
            "1.0.0.0",
            "1.0.0+",
            "9223372036854775808.0.0",
        ],
    );
}

#[test]
fn cran() {
    check(
        VersionScheme::Cran,
        "0.9 < 1.0 = 1-0 = 1.00 < 1.0.0 < 1.0-1 = 1.0.1 < 1.2 < 1.10",
    );
    check_invalid(VersionScheme::Cran, &["", "1", "1.a", "1.", "1..2", "v1.0"]);
}

#[test]
fn hackage() {
    check(
        VersionScheme::Hackage,
        "0.9 < 1 < 1.0 < 1.0.0 < 1.0.0.1 < 1.2 < 1.10",
    );
    check_invalid(
        VersionScheme::Hackage,
        &["", "1.a", "1.", "1-2", "01.2", "1.0-tag"],
    );
}

#[test]
fn nuget() {
    check(
        VersionScheme::NuGet,
        "1.0.0-1 < 1.0.0-10 < 1.0.0-Alpha = 1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-BETA < 1.0.0-rc.2 < 1.0.0-rc.11 < 1 = 1.0 = 1.0.0.0 = 1.0.0+build = 01.0 = 1 . 0 < 1.0.0.1 < 1.0.1",
    );
    check_invalid(
        VersionScheme::NuGet,
        &[
            "",
            "v1.0",
            "1.0.0.0.0",
            "1.0-",
            "1..0",
            "1.a",
            "1.0-a.01",
            "1 0",
            "2147483648.0",
        ],
    );
}

#[test]
fn opam() {
    check(
        VersionScheme::Opam,
        "1.0~rc1 < 1.0 = 01.0 = 1.0-0 < 1.0-1 < 1.0-10 < 1.0a < 1.0+1 < 1.0-1-1 < 1.0.1 < v1.0",
    );
    check_invalid(VersionScheme::Opam, &["", "1:0", "1 0", "1/0"]);
}

#[test]
fn packagist() {
    check(
        VersionScheme::Packagist,
        "1.0-dev < 1.0-alpha < 1.0.0-alpha1 = v1.0a1 < 1.0-beta < 1.0-beta.2 = 1.0b2 < 1.0-RC1 < 1 = 1.0 = 1.0.0.0 = 1.0-stable = 1.0+build = 1.0@beta < 1.0-p1 = 1.0pl1 = 1.0-patch1 < 1.0.1 < 1.0.x-dev < 1.x-dev = 1.X-dev",
    );
    check(
        VersionScheme::Packagist,
        "2024.01.02 < 2024.01.02.03 < 20240101 < 20240102 < 20240102.1.2",
    );
    check_invalid(
        VersionScheme::Packagist,
        &[
            "",
            "dev-main",
            "master",
            "1.0.0.0.0",
            "1.0-foo",
            "a",
            "1.0 beta",
            "1..0",
        ],
    );
}

#[test]
fn rpm() {
    check(
        VersionScheme::Rpm,
        "1.0~rc1 < 1.0~rc2 < 1.0 = 1_0 = 0:1.0 < 1.0-1 < 1.0-1.el9 < 1.0-1.el9_2 < 1.0-2 < 1.0^git1~pre2 < 1.0^git1 < 1.0a < 1.0.1 < 1.1 < 1.10 < 1:0.1",
    );
    check(VersionScheme::Rpm, "5.5p1 < 5.5p2 < 5.5p10 < 5.6");
    check(VersionScheme::Rpm, "xyz < xyz10 < 1 < 20101121 < 20101122");
    check_invalid(VersionScheme::Rpm, &["", " ", "1:", "1 2", "-1", "1-"]);
}

#[test]
fn pacman() {
    check(
        VersionScheme::Pacman,
        "1.0a < 1.0alpha < 1.0b < 1.0beta < 1.0p < 1.0pre < 1.0rc < 1.0 < 1.0.a < 1.0.1",
    );
    check(
        VersionScheme::Pacman,
        "1.0-1 < 1.0-2 < 1.0-10 < 1.1-1 < 1:0.1-1",
    );
    check(VersionScheme::Pacman, "1.0 = 1.0-1");
    check(VersionScheme::Pacman, "1.0 < 1.0. < 1..0 = 1._0");
    check_invalid(VersionScheme::Pacman, &["", "1:", "1 2"]);
}
