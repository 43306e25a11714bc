//! The same answers as the real tools, on thousands of pairs.

use std::cmp::Ordering;
use std::fmt::Write as _;

use linchpin_advisory::versions::compare;
use linchpin_model::VersionScheme;

use super::generated::{has_large_number, pairs, plausible, related_pairs};
use crate::reference_tools::{answers, exit_code, output, python, skip, works};

/// What a tool says of a pair; nothing where it takes one of the two for no version.
pub(super) type Answer = Option<Ordering>;

/// Asks a program that reads pairs, tabs between them, and prints `-1`, `0`, `1` or `invalid`.
pub(super) fn ask(
    program: impl Into<std::ffi::OsString>,
    arguments: &[&str],
    pairs: &[(String, String)],
) -> Vec<Answer> {
    let questions: Vec<String> = pairs
        .iter()
        .map(|(left, right)| format!("{left}\t{right}"))
        .collect();
    answers(program, arguments, &questions)
        .iter()
        .map(|answer| match answer.as_str() {
            "-1" => Some(Ordering::Less),
            "0" => Some(Ordering::Equal),
            "1" => Some(Ordering::Greater),
            "invalid" => None,
            other => panic!("what does `{other}` mean?"),
        })
        .collect()
}

/// Shows all differences at once: the pattern in them is what explains them.
pub(super) fn assert_same(scheme: VersionScheme, pairs: &[(String, String)], theirs: &[Answer]) {
    let differences: Vec<String> = pairs
        .iter()
        .zip(theirs)
        .filter_map(|((left, right), theirs)| {
            let ours = compare(scheme, left, right).ok();
            (ours != *theirs)
                .then(|| format!("`{left}` `{right}`: ours {ours:?}, theirs {theirs:?}"))
        })
        .collect();
    let valid = theirs.iter().flatten().count();
    assert!(valid > pairs.len() / 3, "only {valid} pairs were compared");
    assert!(
        differences.is_empty(),
        "{} of {} pairs differ:\n{}",
        differences.len(),
        pairs.len(),
        differences[..differences.len().min(40)].join("\n")
    );
}

/// Pairs of valid versions. dpkg only warns of much that it does not like, an empty version
/// included; what we refuse is given to nobody.
fn debian_pairs(count: usize) -> Vec<(String, String)> {
    related_pairs(VersionScheme::Debian, count)
        .into_iter()
        .filter(|(left, right)| compare(VersionScheme::Debian, left, right).is_ok())
        .collect()
}

#[test]
fn debian_is_ordered_as_by_dpkgs_library() {
    if !works("perl", &["-MDpkg::Version", "-e", "1"]) {
        return skip("libdpkg-perl");
    }
    // The library rounds large numbers, which dpkg itself does not.
    let mut pairs = debian_pairs(40_000);
    pairs.retain(|(left, right)| !has_large_number(left) && !has_large_number(right));
    pairs.truncate(10_500);
    assert!(pairs.len() > 10_000, "{}", pairs.len());
    let script = r#"
        while (<STDIN>) {
            chomp;
            my ($left, $right) = map { Dpkg::Version->new($_) } split /\t/, $_, -1;
            print $left <=> $right, "\n";
        }"#;
    let theirs = ask("perl", &["-MDpkg::Version", "-e", script], &pairs);
    assert_same(VersionScheme::Debian, &pairs, &theirs);
}

#[test]
fn debian_is_ordered_as_by_dpkg() {
    if !works("dpkg", &["--version"]) {
        return skip("dpkg");
    }
    let pairs = debian_pairs(500);
    let theirs: Vec<Answer> = pairs
        .iter()
        .map(|(left, right)| {
            let is = |operator| {
                exit_code("dpkg", &["--compare-versions", left, operator, right]).unwrap()
            };
            match (is("lt"), is("gt")) {
                (0, 1) => Some(Ordering::Less),
                (1, 0) => Some(Ordering::Greater),
                (1, 1) => Some(Ordering::Equal),
                _ => None,
            }
        })
        .collect();
    assert_same(VersionScheme::Debian, &pairs, &theirs);
}

#[test]
fn npm_is_ordered_as_by_node_semver() {
    let library = output("npm", &["root", "-g"])
        .map(|root| format!("{}/npm/node_modules/semver", root.trim()))
        .filter(|folder| works("node", &["-e", "require(process.argv[1])", folder]));
    let Some(library) = library else {
        return skip("npm with its node-semver");
    };
    // JavaScript rounds large numbers in pre-releases.
    let mut pairs = related_pairs(VersionScheme::Npm, 12_000);
    pairs.retain(|(left, right)| !has_large_number(left) || !has_large_number(right));
    let script = r"
        const semver = require(process.argv[1]);
        const lines = require('fs').readFileSync(0, 'utf8').split('\n');
        lines.pop();
        for (const line of lines) {
            const [left, right] = line.split('\t').map(text => semver.parse(text, { loose: true }));
            console.log(left && right ? left.compare(right) : 'invalid');
        }";
    let theirs = ask("node", &["-e", script, &library], &pairs);
    assert_same(VersionScheme::Npm, &pairs, &theirs);
}

#[test]
fn python_is_ordered_as_by_packaging() {
    let script = r"
import sys
try:
    from packaging.version import Version, InvalidVersion
except ImportError:
    from pip._vendor.packaging.version import Version, InvalidVersion
sys.stdin.reconfigure(encoding='utf-8')
for line in sys.stdin:
    try:
        left, right = map(Version, line.rstrip('\n').split('\t'))
        print((left > right) - (left < right))
    except InvalidVersion:
        print('invalid')
";
    if !works(python(), &["-c", script]) {
        return skip("Python with packaging or pip");
    }
    // Ours keeps numbers in 64 bits.
    let mut pairs = related_pairs(VersionScheme::PyPi, 25_000);
    pairs.retain(|(left, right)| !has_large_number(left) && !has_large_number(right));
    let theirs = ask(python(), &["-c", script], &pairs);
    assert_same(VersionScheme::PyPi, &pairs, &theirs);
}

#[test]
fn rubygems_is_ordered_as_by_ruby() {
    if !works("ruby", &["--version"]) {
        return skip("ruby");
    }
    let pairs = related_pairs(VersionScheme::RubyGems, 12_000);
    let script = r"
        STDIN.set_encoding('UTF-8')
        STDIN.each_line(chomp: true) do |line|
            versions = line.split(%(\t), -1)
            if versions.all? { |version| Gem::Version.correct?(version) }
                left, right = versions.map { |version| Gem::Version.new(version) }
                puts left <=> right
            else
                puts 'invalid'
            end
        end";
    let theirs = ask("ruby", &["-e", script], &pairs);
    assert_same(VersionScheme::RubyGems, &pairs, &theirs);
}

#[test]
fn maven_is_ordered_as_by_maven() {
    let class = "org.apache.maven.artifact.versioning.ComparableVersion";
    let run = |versions: &[&str]| {
        let mut arguments = vec!["-cp", "/usr/share/maven/lib/*", class];
        arguments.extend(versions);
        output("java", &arguments)
    };
    if run(&["1", "2"]).is_none() {
        return skip("Maven and Java");
    }
    let pairs = pairs(&plausible(VersionScheme::Maven), 12_000);
    let mut theirs = Vec::new();
    // Its main class compares each of its arguments with the next one.
    for some in pairs.chunks(1000) {
        let versions: Vec<&str> = some
            .iter()
            .flat_map(|(left, right)| [left.as_str(), right.as_str()])
            .collect();
        let text = run(&versions).unwrap();
        let comparisons = text.lines().filter_map(|line| line.strip_prefix("   "));
        for ((left, right), line) in some.iter().zip(comparisons.step_by(2)) {
            let sign = line
                .strip_prefix(left.as_str())
                .and_then(|line| line.strip_suffix(right.as_str()))
                .unwrap();
            theirs.push(match sign.trim() {
                "<" => Some(Ordering::Less),
                "==" => Some(Ordering::Equal),
                ">" => Some(Ordering::Greater),
                other => panic!("what does `{other}` mean?"),
            });
        }
    }
    assert_eq!(theirs.len(), pairs.len());
    assert_same(VersionScheme::Maven, &pairs, &theirs);
}

/// Asks a tool that takes a pair as its last two arguments and prints a sign, one run for each.
fn ask_one_by_one(
    program: &str,
    arguments: impl Fn(&str, &str) -> Vec<String>,
    pairs: &[(String, String)],
) -> Vec<Answer> {
    pairs
        .iter()
        .map(|(left, right)| {
            let arguments = arguments(left, right);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            match output(program, &arguments)?.trim() {
                "-1" => Some(Ordering::Less),
                "0" => Some(Ordering::Equal),
                "1" => Some(Ordering::Greater),
                _ => None,
            }
        })
        .collect()
}

#[test]
fn rpm_is_ordered_as_by_rpm() {
    if !works("rpm", &["--eval", "%{lua: print(rpm.vercmp('1', '2'))}"]) {
        return skip("rpm");
    }
    // rpm itself compares what is no version as well; only what is valid here is given to it. Its
    // language has a length limit for a text, so the pairs are given a few hundred at a time.
    let pairs: Vec<(String, String)> = related_pairs(VersionScheme::Rpm, 20_000)
        .into_iter()
        .filter(|(left, right)| compare(VersionScheme::Rpm, left, right).is_ok())
        .filter(|(left, right)| {
            !has_large_number(left.split(':').next().unwrap())
                && !has_large_number(right.split(':').next().unwrap())
        })
        .collect();
    assert!(pairs.len() > 10_000, "{}", pairs.len());
    let mut theirs = Vec::new();
    for some in pairs.chunks(100) {
        let mut calls = String::new();
        for (left, right) in some {
            let _ = write!(calls, "print(rpm.vercmp('{left}', '{right}')..' ') ");
        }
        let text = output("rpm", &["--eval", &format!("%{{lua: {calls}}}")]).unwrap();
        theirs.extend(text.split_whitespace().map(|sign| match sign {
            "-1" => Some(Ordering::Less),
            "0" => Some(Ordering::Equal),
            _ => Some(Ordering::Greater),
        }));
    }
    assert_eq!(theirs.len(), pairs.len());
    assert_same(VersionScheme::Rpm, &pairs, &theirs);
}

#[test]
fn pacman_is_ordered_as_by_its_library() {
    let script = r"
import ctypes, sys
compare = ctypes.CDLL('libalpm.so.13').alpm_pkg_vercmp
compare.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
for line in sys.stdin.buffer:
    answer = compare(*line.rstrip(b'\n').split(b'\t'))
    print((answer > 0) - (answer < 0))
";
    if !works("python3", &["-c", script]) {
        return skip("libalpm of pacman");
    }
    let mut pairs = related_pairs(VersionScheme::Pacman, 20_000);
    pairs.retain(|(left, right)| compare(VersionScheme::Pacman, left, right).is_ok());
    assert!(pairs.len() > 10_000, "{}", pairs.len());
    let theirs = ask("python3", &["-c", script], &pairs);
    assert_same(VersionScheme::Pacman, &pairs, &theirs);
}

#[test]
fn pacman_is_ordered_as_by_vercmp() {
    if output("vercmp", &["1", "2"]).is_none() {
        return skip("vercmp of pacman");
    }
    let mut pairs = related_pairs(VersionScheme::Pacman, 300);
    pairs.retain(|(left, right)| compare(VersionScheme::Pacman, left, right).is_ok());
    let theirs = ask_one_by_one(
        "vercmp",
        |left, right| vec![left.to_owned(), right.to_owned()],
        &pairs,
    );
    assert_same(VersionScheme::Pacman, &pairs, &theirs);
}

#[test]
fn conan_is_ordered_as_by_conan() {
    let script = r"
import sys
try:
    from conan.internal.model.version import Version
except ImportError:
    from conans.model.version import Version
for line in sys.stdin:
    left, right = map(Version, line.rstrip('\n').split('\t'))
    print((left > right) - (left < right))
";
    if !works(python(), &["-c", script]) {
        return skip("Python with Conan");
    }
    // Conan compares whatever it is given; only what is valid here is given to it.
    let mut pairs = related_pairs(VersionScheme::Conan, 20_000);
    pairs.retain(|(left, right)| compare(VersionScheme::Conan, left, right).is_ok());
    pairs.truncate(10_500);
    assert!(pairs.len() > 10_000, "{}", pairs.len());
    let theirs = ask(python(), &["-c", script], &pairs);
    assert_same(VersionScheme::Conan, &pairs, &theirs);
}

#[test]
fn hex_is_ordered_as_by_elixir() {
    let script = r#"
        IO.stream(:stdio, :line) |> Enum.each(fn line ->
          versions = line |> String.trim_trailing("\n") |> String.split("\t") |> Enum.map(&Version.parse/1)
          IO.puts(case versions do
            [{:ok, left}, {:ok, right}] ->
              case Version.compare(left, right) do
                :lt -> "-1"
                :eq -> "0"
                :gt -> "1"
              end
            _ -> "invalid"
          end)
        end)"#;
    if !works("elixir", &["--version"]) {
        return skip("elixir");
    }
    let pairs = related_pairs(VersionScheme::Hex, 15_000);
    let theirs = ask("elixir", &["-e", script], &pairs);
    assert_same(VersionScheme::Hex, &pairs, &theirs);
}

#[test]
fn cran_is_ordered_as_by_r() {
    let script = r#"
        lines <- readLines(file("stdin"), encoding = "UTF-8")
        for (pair in strsplit(lines, "\t", fixed = TRUE)) {
            versions <- package_version(pair, strict = FALSE)
            cat(if (length(pair) != 2 || anyNA(versions)) "invalid"
                else compareVersion(pair[1], pair[2]), "\n", sep = "")
        }"#;
    if !works("Rscript", &["--version"]) {
        return skip("Rscript of r-base-core");
    }
    // R keeps the numbers in 32 bits.
    let mut pairs = related_pairs(VersionScheme::Cran, 40_000);
    pairs.retain(|(left, right)| {
        [left, right].iter().all(|version| {
            version
                .split(|c: char| !c.is_ascii_digit())
                .all(|run| run.trim_start_matches('0').len() < 10)
        })
    });
    pairs.truncate(10_500);
    assert!(pairs.len() > 10_000, "{}", pairs.len());
    let theirs = ask("Rscript", &["-e", script], &pairs);
    assert_same(VersionScheme::Cran, &pairs, &theirs);
}

#[test]
fn go_is_ordered_as_by_gos_own_module() {
    let Some(root) = output("go", &["env", "GOROOT"]) else {
        return skip("go");
    };
    let folder = tempfile::TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let library = format!(
        "{}/src/cmd/vendor/golang.org/x/mod/semver/semver.go",
        root.trim()
    );
    std::fs::create_dir(at("semver")).unwrap();
    if std::fs::copy(library, at("semver/semver.go")).is_err() {
        return skip("the sources of Go");
    }
    std::fs::write(at("go.mod"), "module example.com/ask\n").unwrap();
    std::fs::write(
        at("main.go"),
        r#"package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"example.com/ask/semver"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		pair := strings.Split(lines.Text(), "\t")
		for place := range pair {
			pair[place] = "v" + strings.TrimPrefix(pair[place], "v")
		}
		if semver.IsValid(pair[0]) && semver.IsValid(pair[1]) {
			fmt.Println(semver.Compare(pair[0], pair[1]))
		} else {
			fmt.Println("invalid")
		}
	}
}
"#,
    )
    .unwrap();
    let program = at("ask");
    let (folder_text, program_text) = (
        folder.path().display().to_string(),
        program.display().to_string(),
    );
    if !works("go", &["build", "-C", &folder_text, "-o", &program_text])
        && !works(
            "sh",
            &[
                "-c",
                "cd \"$0\" && go build -o \"$1\"",
                &folder_text,
                &program_text,
            ],
        )
    {
        return skip("a working go build");
    }
    let pairs = related_pairs(VersionScheme::Go, 50_000);
    let theirs = ask(&program, &[], &pairs);
    // What Go refuses is read all the same where the vulnerability database or a toolchain writes
    // it: `go1.21rc2`, zeros in front.
    let (pairs, theirs): (Vec<_>, Vec<_>) = pairs
        .into_iter()
        .zip(theirs)
        .filter(|(_, answer)| answer.is_some())
        .take(10_500)
        .unzip();
    assert!(pairs.len() > 10_000, "{}", pairs.len());
    assert_same(VersionScheme::Go, &pairs, &theirs);
}

#[test]
fn packagist_is_ordered_as_by_composer() {
    let script = r#"
        require 'Composer/Semver/autoload.php';
        $parser = new Composer\Semver\VersionParser();
        while (($line = fgets(STDIN)) !== false) {
            try {
                $versions = array_map(function ($version) use ($parser) {
                    $normalized = $parser->normalize($version);
                    if (strpos($normalized, 'dev-') === 0) throw new UnexpectedValueException();
                    return $normalized;
                }, explode("\t", rtrim($line, "\n")));
                echo version_compare($versions[0], $versions[1]), "\n";
            } catch (UnexpectedValueException $exception) {
                echo "invalid\n";
            }
        }"#;
    if !works("php", &["-r", script]) {
        return skip("php with php-composer-semver");
    }
    let mut pairs = related_pairs(VersionScheme::Packagist, 15_000);
    pairs.retain(|(left, right)| !has_large_number(left) && !has_large_number(right));
    let theirs = ask("php", &["-r", script], &pairs);
    // Dates with two more numbers behind them are versions since Composer's library 3.4.1.
    let is_date = |version: &str| {
        let digits = version.trim_start_matches('v');
        digits.len() > 5 && digits.bytes().take(6).all(|byte| byte.is_ascii_digit())
    };
    let (pairs, theirs): (Vec<_>, Vec<_>) = pairs
        .into_iter()
        .zip(theirs)
        .filter(|((left, right), answer)| answer.is_some() || !is_date(left) && !is_date(right))
        .unzip();
    assert_same(VersionScheme::Packagist, &pairs, &theirs);
}
