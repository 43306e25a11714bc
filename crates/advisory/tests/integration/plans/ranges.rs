//! What ranges allow, as the clients' own libraries say it, on thousands of pairs.

use linchpin_advisory::remedy::allows;
use linchpin_model::Ecosystem;

use crate::reference_tools::{answers, output, python, skip, works};

/// A small generator of numbers: the same ones each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn version(&mut self, parts: u64) -> String {
        let parts: Vec<String> = (0..parts).map(|_| self.below(4).to_string()).collect();
        parts.join(".")
    }
}

/// Asks a program with a range and a version on each line, which says `true`, `false` or `invalid`,
/// and compares.
fn check(
    ecosystem: Ecosystem,
    program: impl Into<std::ffi::OsString>,
    arguments: &[&str],
    pairs: &[(String, String)],
) {
    let questions: Vec<String> = pairs
        .iter()
        .map(|(range, version)| format!("{range}\t{version}"))
        .collect();
    let theirs = answers(program, arguments, &questions);
    assert_eq!(theirs.len(), pairs.len());
    let mut differences = Vec::new();
    let mut inside = 0;
    for ((range, version), theirs) in pairs.iter().zip(&theirs) {
        let ours = match allows(ecosystem, range, version) {
            Some(true) => "true",
            Some(false) => "false",
            None => "invalid",
        };
        inside += usize::from(ours == "true");
        if ours != theirs {
            differences.push(format!(
                "`{range}` `{version}`: ours {ours}, theirs {theirs}"
            ));
        }
    }
    assert!(inside > pairs.len() / 10, "only {inside} are inside");
    assert!(
        differences.is_empty(),
        "{} of {} differ:\n{}",
        differences.len(),
        pairs.len(),
        differences[..differences.len().min(40)].join("\n")
    );
}

#[test]
fn npm_ranges_are_those_of_node_semver() {
    let library = output("npm", &["root", "-g"])
        .map(|root| format!("{}/npm/node_modules/semver", root.trim()))
        .filter(|folder| works("node", &["-e", "require(process.argv[1])", folder]));
    let Some(library) = library else {
        return skip("npm with its node-semver");
    };
    let mut numbers = Numbers(0x1234_5678_9abc_def1);
    let mut pairs = Vec::new();
    for _ in 0..12_000 {
        let part = |numbers: &mut Numbers| {
            let operator =
                numbers.pick(&["", "^", "~", ">", ">=", "<", "<=", "=", "^", "~", ">= "]);
            let length = 1 + numbers.below(3);
            let mut version = numbers.version(length);
            if length < 3 && numbers.below(3) == 0 {
                version.push_str(numbers.pick(&[".x", ".*", ".X"]));
            } else if length == 3 && numbers.below(5) == 0 {
                version.push_str(numbers.pick(&["-alpha.1", "-beta", "-rc.2"]));
            }
            format!("{operator}{version}")
        };
        let range = match numbers.below(8) {
            0 => format!("{} - {}", numbers.version(3), numbers.version(2)),
            1 => format!("{} || {}", part(&mut numbers), part(&mut numbers)),
            2 => format!("{} {}", part(&mut numbers), part(&mut numbers)),
            3 => numbers.pick(&["*", "x", "", ">=0"]).to_owned(),
            _ => part(&mut numbers),
        };
        let mut version = numbers.version(3);
        if numbers.below(5) == 0 {
            version.push_str(numbers.pick(&["-alpha.1", "-beta", "-rc.3", "+build"]));
        }
        pairs.push((range, version));
    }
    let script = r"
        const semver = require(process.argv[1]);
        const lines = require('fs').readFileSync(0, 'utf8').split('\n');
        lines.pop();
        for (const line of lines) {
            const [range, version] = line.split('\t');
            try { console.log(new semver.Range(range).test(version)); }
            catch { console.log('invalid'); }
        }";
    check(Ecosystem::Npm, "node", &["-e", script, &library], &pairs);
}

#[test]
fn ruby_requirements_are_those_of_rubygems() {
    if !works("ruby", &["--version"]) {
        return skip("ruby");
    }
    let mut numbers = Numbers(0xfeed_5678_9abc_def1);
    let mut pairs = Vec::new();
    for _ in 0..6000 {
        let part = |numbers: &mut Numbers| {
            let operator = numbers.pick(&["~>", ">=", "<", "=", "!=", ">", "<=", "~>"]);
            let length = 1 + numbers.below(3);
            let mut version = numbers.version(length);
            if numbers.below(6) == 0 {
                version.push_str(numbers.pick(&[".a", ".rc1", ".pre"]));
            }
            format!("{operator} {version}")
        };
        let range = if numbers.below(3) == 0 {
            format!("{}, {}", part(&mut numbers), part(&mut numbers))
        } else {
            part(&mut numbers)
        };
        let length = 1 + numbers.below(4);
        let mut version = numbers.version(length);
        if numbers.below(6) == 0 {
            version.push_str(numbers.pick(&[".a", ".rc2", ".pre"]));
        }
        pairs.push((range, version));
    }
    let script = r"
        STDIN.each_line do |line|
          range, version = line.chomp.split(%q(	))
          puts Gem::Requirement.new(range.split(%q(, ))).satisfied_by?(Gem::Version.new(version))
        end";
    check(Ecosystem::RubyGems, "ruby", &["-e", script], &pairs);
}

#[test]
fn python_specifiers_are_those_of_packaging() {
    let script = r"
import sys
from packaging.specifiers import SpecifierSet, InvalidSpecifier
for line in sys.stdin:
    range, version = line.rstrip('\n').split('\t')
    try:
        print(str(SpecifierSet(range).contains(version, prereleases=True)).lower())
    except InvalidSpecifier:
        print('invalid')
";
    if !works(python(), &["-c", "import packaging.specifiers"]) {
        return skip("packaging");
    }
    let mut numbers = Numbers(0xabcd_5678_9abc_def1);
    let mut pairs = Vec::new();
    for _ in 0..6000 {
        let part = |numbers: &mut Numbers| {
            let operator = numbers.pick(&[">=", "<", "==", "!=", ">", "<=", "~="]);
            let length = 2 + numbers.below(2);
            let mut version = numbers.version(length);
            if matches!(operator, "==" | "!=") && numbers.below(2) == 0 {
                version.push_str(".*");
            } else if numbers.below(6) == 0 {
                version.push_str(numbers.pick(&["a1", "rc2", ".post1"]));
            }
            format!("{operator}{version}")
        };
        let range = if numbers.below(3) == 0 {
            format!("{},{}", part(&mut numbers), part(&mut numbers))
        } else {
            part(&mut numbers)
        };
        let length = 1 + numbers.below(3);
        let mut version = numbers.version(length);
        if numbers.below(6) == 0 {
            version.push_str(numbers.pick(&["a1", "rc2", ".post1", ".dev1"]));
        }
        pairs.push((range, version));
    }
    check(Ecosystem::PyPi, python(), &["-c", script], &pairs);
}
