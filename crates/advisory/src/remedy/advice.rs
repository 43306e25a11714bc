//! How each package manager is told to take another version, by the file that names the package.
//!
//! A name or version comes from what was scanned, and whoever wrote that may want a reader to run
//! something else. So a command is only given where every part of it is made of plain characters;
//! otherwise the sentence alone says what to do.

use linchpin_model::{
    Ecosystem, Inventory, Occurrence, OccurrenceKind, Package, PackageId, Role, Routes,
    SubjectKind, TargetPath,
};

/// How many packages of a distribution a command names before it upgrades all.
const NAMED: usize = 8;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Advice {
    pub(super) action: String,
    pub(super) command: Option<String>,
    pub(super) place: Option<TargetPath>,
}

/// A package that needs another version, and where it is.
struct Change<'a> {
    name: String,
    from: &'a str,
    to: &'a str,
    /// The folder of the member of a workspace that asks for it, below that of the lockfile.
    member: Option<String>,
    /// The direct dependency through which it comes in, if it is none itself.
    through: Option<String>,
}

impl Change<'_> {
    /// Whether the project itself asks for it.
    fn is_direct(&self) -> bool {
        self.through.is_none()
    }
}

/// What a package manager is told: a command, or what to write where.
enum Told {
    Command(String),
    /// Completes "Upgrade x to y: …".
    Edit(String),
}

/// How to tell the package manager that keeps a file of this name.
fn tell(file: &str, change: &Change<'_>) -> Option<Told> {
    let Change { name, from, to, .. } = change;
    Some(match file {
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
        "uv.lock" => Told::Command(format!("uv lock --upgrade-package {name}=={to}")),
        "poetry.lock" => Told::Command(format!("poetry update {name}")),
        "Pipfile.lock" => Told::Command(format!("pipenv upgrade {name}=={to}")),
        "Cargo.lock" if !is_compatible(from, to) => match &change.through {
            // Cargo takes no version that nobody asked for.
            None => Told::Command(format!("cargo add {name}@{to}")),
            Some(through) => Told::Edit(format!(
                "a release of {through} is needed that asks for it, for what is there takes {from} and the like only"
            )),
        },
        "Cargo.lock" => Told::Command(format!("cargo update -p {name}@{from} --precise {to}")),
        "go.mod" if name == "stdlib" => Told::Command(format!("go get go@{to}")),
        "go.mod" => {
            let version = to.strip_prefix('v').unwrap_or(to);
            Told::Command(format!("go get {name}@v{version}"))
        }
        "Gemfile.lock" => Told::Command(format!("bundle update --conservative {name}")),
        "pom.xml" => Told::Edit(format!("set its version to {to}")),
        _ if is_requirements(file) => {
            if change.is_direct() {
                Told::Edit(format!("change its line to `{name}=={to}`"))
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

/// What Go's standard library is called, in programs and in advisories.
const STDLIB: &str = "stdlib";

/// Takes another version of a package.
pub(super) fn upgrade(id: PackageId, to: &str, inventory: &Inventory, routes: &Routes) -> Advice {
    let package = inventory.package(id);
    let through = routes.direct_dependency(id);
    let occurrence = place(package);
    let change = Change {
        name: package.name(),
        from: package.version().unwrap_or(""),
        to,
        member: occurrence.and_then(|occurrence| member(id, occurrence, inventory, routes)),
        through: through.map(|through| inventory.package(through).name()),
    };
    let plain = is_plain(&change.name)
        && is_plain(change.from)
        && is_plain(change.to)
        && change.member.as_deref().is_none_or(is_plain);
    let told = occurrence
        .filter(|_| plain)
        .and_then(|occurrence| tell(occurrence.path.name(), &change));

    let mut action = if package.purl.ecosystem() == Some(Ecosystem::Go) && change.name == STDLIB {
        format!("Build with Go {to} or later instead of Go {}", change.from)
    } else {
        format!("Upgrade {} from {} to {to}", change.name, change.from)
    };
    action.push_str(&came_in(through, inventory));
    if let Some(more) = elsewhere(package) {
        action.push_str(&more);
    }
    let command = match told {
        Some(Told::Command(command)) => Some(command),
        Some(Told::Edit(edit)) => {
            action.push_str(": ");
            action.push_str(&edit);
            None
        }
        None => {
            match occurrence.map(|occurrence| occurrence.kind) {
                Some(OccurrenceKind::Embedded) if change.name != STDLIB => {
                    action.push_str(": build the file anew with it");
                }
                Some(OccurrenceKind::Installed) if inventory.subject.kind == SubjectKind::Image => {
                    action.push_str(": build the image anew with it");
                }
                _ => {}
            }
            installed_command(package, occurrence, &change).filter(|_| plain)
        }
    };
    Advice {
        action: one_line(&action),
        command,
        place: occurrence.map(|occurrence| occurrence.path.clone()),
    }
}

/// The command for an installed copy that no lockfile keeps.
fn installed_command(
    package: &Package,
    occurrence: Option<&Occurrence>,
    change: &Change<'_>,
) -> Option<String> {
    if occurrence?.kind != OccurrenceKind::Installed {
        return None;
    }
    match package.purl.ecosystem()? {
        Ecosystem::PyPi => Some(format!("pip install {}=={}", change.name, change.to)),
        Ecosystem::Npm if change.is_direct() => {
            Some(format!("npm install {}@{}", change.name, change.to))
        }
        _ => None,
    }
}

/// Takes a package out that is an attack.
pub(super) fn remove(id: PackageId, inventory: &Inventory, routes: &Routes) -> Advice {
    let package = inventory.package(id);
    let name = package.name();
    let occurrence = place(package);
    let through = routes.direct_dependency(id);
    let mut action = format!("Remove {name} {}", package.version().unwrap_or(""));
    action.push_str(&came_in(through, inventory));
    action.push_str(
        ": it is an attack; then replace every password, key and token that it could read where it ran",
    );
    let command = match occurrence.map(|occurrence| occurrence.path.name()) {
        _ if through.is_some() || !is_plain(&name) => None,
        Some("package-lock.json" | "npm-shrinkwrap.json") => Some(format!("npm uninstall {name}")),
        Some("pnpm-lock.yaml") => Some(format!("pnpm remove {name}")),
        Some("yarn.lock") => Some(format!("yarn remove {name}")),
        Some("Cargo.lock") => Some(format!("cargo remove {name}")),
        Some("uv.lock") => Some(format!("uv remove {name}")),
        Some("poetry.lock") => Some(format!("poetry remove {name}")),
        Some("Pipfile.lock") => Some(format!("pipenv uninstall {name}")),
        _ => None,
    };
    Advice {
        action: one_line(&action),
        command,
        place: occurrence.map(|occurrence| occurrence.path.clone()),
    }
}

/// Upgrades packages of a distribution, all at once.
pub(super) fn upgrade_distribution(
    ecosystem: Ecosystem,
    names: &[&str],
    place: Option<TargetPath>,
    inventory: &Inventory,
) -> Advice {
    let label = ecosystem.facts().label;
    let plural = if names.len() == 1 { "" } else { "s" };
    let mut action = format!("Upgrade {} {label} package{plural}", names.len());
    if names.len() <= NAMED {
        action.push_str(": ");
        action.push_str(&names.join(", "));
    }
    if inventory.subject.kind == SubjectKind::Image {
        action.push_str("; or build the image anew on a newer base image");
    }
    let named =
        (names.len() <= NAMED && names.iter().all(|name| is_plain(name))).then(|| names.join(" "));
    let command = match (ecosystem, named) {
        (Ecosystem::Alpine, Some(names)) => format!("apk upgrade --update-cache {names}"),
        (Ecosystem::Alpine, None) => "apk upgrade --update-cache".to_owned(),
        (_, Some(names)) => {
            format!("apt-get update && apt-get install --only-upgrade {names}")
        }
        (_, None) => "apt-get update && apt-get upgrade".to_owned(),
    };
    Advice {
        action: one_line(&action),
        command: Some(command),
        place,
    }
}

/// The place where a change takes hold: a lockfile before what was installed from it.
fn place(package: &Package) -> Option<&Occurrence> {
    package
        .occurrences
        .iter()
        .filter(|occurrence| occurrence.owner.is_none())
        .min_by_key(|occurrence| match occurrence.kind {
            OccurrenceKind::Locked => 0,
            OccurrenceKind::Declared => 1,
            OccurrenceKind::Installed => 2,
            OccurrenceKind::Embedded => 3,
            OccurrenceKind::Observed => 4,
        })
}

/// Says through which direct dependency a package comes in, if it is none itself.
fn came_in(through: Option<PackageId>, inventory: &Inventory) -> String {
    through.map_or_else(String::new, |through| {
        format!(
            " (it comes in through {})",
            inventory.package(through).name()
        )
    })
}

/// Says that the same change is needed in other lockfiles.
fn elsewhere(package: &Package) -> Option<String> {
    let mut files: Vec<&TargetPath> = package
        .occurrences
        .iter()
        .filter(|occurrence| occurrence.kind == OccurrenceKind::Locked)
        .map(|occurrence| &occurrence.path)
        .collect();
    files.sort();
    files.dedup();
    match files.len() {
        0 | 1 => None,
        2 => Some(", here and in one other lockfile".to_owned()),
        several => Some(format!(", here and in {} other lockfiles", several - 1)),
    }
}

/// The member of a workspace that asks for a package, where it is not the root: its folder, seen
/// from that of the lockfile.
fn member(
    id: PackageId,
    lockfile: &Occurrence,
    inventory: &Inventory,
    routes: &Routes,
) -> Option<String> {
    let way = routes.to(id);
    let asking = inventory.package(*way.iter().rev().nth(1)?);
    if asking.role != Role::Application {
        return None;
    }
    let root = lockfile.path.parent_str();
    let folder = asking
        .occurrences
        .iter()
        .find(|occurrence| occurrence.path.name() == "package.json")?
        .path
        .parent_str();
    let below = if root.is_empty() {
        folder
    } else {
        folder.strip_prefix(root)?.strip_prefix('/')?
    };
    (!below.is_empty()).then(|| below.to_owned())
}

/// Whether a text means nothing but itself to a shell and to the programs that read it: it is made of
/// plain characters, and begins with none that marks an option.
pub fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 200
        && text.starts_with(|first: char| first.is_ascii_alphanumeric() || "@_".contains(first))
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"@/._+:~-".contains(&byte))
}

/// The sentence without control characters: names come from what was scanned.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect()
}
