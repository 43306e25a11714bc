//! How each package manager is told to take another version, by the file that names the package.
//!
//! Only what is told is here. Whether the parts are safe to be shown as a command, and the sentence
//! around it, are `advice`'s.

use linchpin_model::Ecosystem;

/// A package that needs another version, and where it is.
pub(super) struct Change<'a> {
    pub(super) ecosystem: Option<Ecosystem>,
    pub(super) name: String,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    /// The folder of the member of a workspace that asks for it, below that of the lockfile.
    pub(super) member: Option<String>,
    /// The direct dependency through which it comes in, if it is none itself.
    pub(super) through: Option<String>,
    /// What has to change for it.
    pub(super) way: Way,
}

/// What has to change for another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Only the lockfile: all who ask for the package allow it.
    Lockfile,
    /// What the project asks for.
    Manifest,
    /// Nobody knows.
    Unknown,
}

impl Change<'_> {
    /// Whether the project itself asks for it.
    pub(super) fn is_direct(&self) -> bool {
        self.through.is_none()
    }
}

/// What a package manager is told: a command, or what to write where.
pub(super) enum Told {
    Command(String),
    /// Completes "Upgrade x to y: …".
    Edit(String),
}

/// How to tell the package manager that keeps a file of this name.
pub(super) fn tell(file: &str, change: &Change<'_>) -> Option<Told> {
    let Change { name, from, to, .. } = change;
    if change.ecosystem == Some(Ecosystem::GitHubActions) {
        // Most actions tag their releases with a `v` that advisories leave out.
        let version = to.strip_prefix('v').unwrap_or(to);
        return Some(Told::Edit(format!(
            "write `uses: {name}@v{version}`, or better the commit of that release"
        )));
    }
    Some(match file {
        // npm takes the newest that all allow.
        "package-lock.json" | "npm-shrinkwrap.json" if change.way == Way::Lockfile => {
            Told::Command(format!("npm update {name}"))
        }
        "package-lock.json" | "npm-shrinkwrap.json" if change.is_direct() => {
            let member = change
                .member
                .as_ref()
                .map(|member| format!(" --workspace={member}"))
                .unwrap_or_default();
            Told::Command(format!("npm install {name}@{to}{member}"))
        }
        "package-lock.json" | "npm-shrinkwrap.json" => Told::Edit(format!(
            "in package.json, add to `overrides`: \"{name}\": \"{to}\", then run `npm install`"
        )),
        "pnpm-lock.yaml" if change.is_direct() => Told::Command(format!("pnpm update {name}@{to}")),
        "pnpm-lock.yaml" => Told::Edit(format!(
            "in pnpm-workspace.yaml, add to `overrides`: \"{name}\": \"{to}\", then run `pnpm install`"
        )),
        "yarn.lock" if change.is_direct() => Told::Command(format!("yarn upgrade {name}@{to}")),
        "yarn.lock" => Told::Edit(format!(
            "in package.json, add to `resolutions`: \"{name}\": \"{to}\", then run `yarn install`"
        )),
        "uv.lock" if change.way == Way::Manifest => Told::Command(format!("uv add '{name}>={to}'")),
        "uv.lock" => Told::Command(format!("uv lock --upgrade-package {name}=={to}")),
        "poetry.lock" if change.way == Way::Manifest => {
            Told::Command(format!("poetry add '{name}@>={to}'"))
        }
        "poetry.lock" => Told::Command(format!("poetry update {name}")),
        "Pipfile.lock" => Told::Command(format!("pipenv upgrade {name}=={to}")),
        "Cargo.lock" if change.way == Way::Manifest => {
            Told::Command(format!("cargo add {name}@{to}"))
        }
        "Cargo.lock" if change.way == Way::Unknown && !is_compatible(from, to) => {
            match &change.through {
                // Cargo takes no version that nobody asked for.
                None => Told::Command(format!("cargo add {name}@{to}")),
                Some(through) => Told::Edit(format!(
                    "a release of {through} is needed that asks for it, for what is there takes {from} and the like only"
                )),
            }
        }
        "Cargo.lock" => Told::Command(format!("cargo update -p {name}@{from} --precise {to}")),
        "go.mod" if name == "stdlib" => Told::Command(format!("go get go@{to}")),
        "go.mod" => {
            let version = to.strip_prefix('v').unwrap_or(to);
            Told::Command(format!("go get {name}@v{version}"))
        }
        "Gemfile.lock" => Told::Command(format!("bundle update --conservative {name}")),
        "pom.xml" => Told::Edit(format!("set its version to {to}")),
        "composer.lock" => Told::Command(format!("composer update {name} --with {name}:{to}")),
        "packages.lock.json" => Told::Command(format!("dotnet add package {name} --version {to}")),
        "mix.lock" if change.is_direct() => Told::Edit(format!(
            "in mix.exs, ask for {to}, then run `mix deps.update {name}`"
        )),
        "mix.lock" => Told::Command(format!("mix deps.update {name}")),
        "pubspec.lock" if change.is_direct() => Told::Edit(format!(
            "in pubspec.yaml, ask for ^{to}, then run `dart pub upgrade {name}`"
        )),
        "pubspec.lock" => Told::Edit(format!(
            "in pubspec.yaml, add to `dependency_overrides`: {name}: ^{to}, then run `dart pub get`"
        )),
        "Package.resolved" => Told::Edit(format!(
            "in Package.swift, ask for it from {to}, then run `swift package update`"
        )),
        "conan.lock" => Told::Edit(format!(
            "in the conanfile, require {name}/{to}, then run `conan lock create .`"
        )),
        "renv.lock" => Told::Edit(format!(
            "in R, run `renv::install(\"{name}@{to}\")`, then `renv::snapshot()`"
        )),
        "cabal.project.freeze" => Told::Edit(format!(
            "in cabal.project, write `constraints: {name} >= {to}`, then run `cabal freeze`"
        )),
        _ if is_requirements(file) => {
            if change.is_direct() {
                Told::Edit(format!(
                    "change its line to `{name}=={to}`, or compile the file anew if it was compiled"
                ))
            } else {
                Told::Edit(format!("write `{name}=={to}` on a line of its own"))
            }
        }
        _ => return None,
    })
}

/// Whether who asks for one version takes the other, too, by Cargo's caret rule: the first number
/// that is not zero is the same.
/// <https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#default-requirements>
fn is_compatible(from: &str, to: &str) -> bool {
    let line = |version: &str| -> Vec<String> {
        let mut line: Vec<String> = Vec::new();
        for part in version.split(['.', '-', '+']).take(3) {
            line.push(part.to_owned());
            if part != "0" {
                break;
            }
        }
        line
    };
    line(from) == line(to)
}

fn is_requirements(file: &str) -> bool {
    let listed = file.rsplit_once('.').is_some_and(|(stem, ending)| {
        stem.contains("requirements") && matches!(ending, "txt" | "in")
    });
    listed || file == "constraints.txt"
}

/// The command that upgrades packages of a distribution: those named, or all.
pub fn upgrade_command(ecosystem: Ecosystem, names: Option<&str>) -> String {
    let (some, all) = match (ecosystem, ecosystem.facts().purl_type) {
        (_, "apk") => ("apk upgrade --update-cache", "apk upgrade --update-cache"),
        (_, "deb") => (
            "apt-get update && apt-get install --only-upgrade",
            "apt-get update && apt-get upgrade",
        ),
        (Ecosystem::Suse | Ecosystem::OpenSuse, _) => (
            "zypper refresh && zypper update",
            "zypper refresh && zypper update",
        ),
        (Ecosystem::PhotonOs | Ecosystem::AzureLinux, _) => (
            "tdnf makecache && tdnf update",
            "tdnf makecache && tdnf update",
        ),
        _ => ("dnf upgrade --refresh", "dnf upgrade --refresh"),
    };
    match names {
        Some(names) => format!("{some} {names}"),
        None => all.to_owned(),
    }
}
