//! What to say for one action: the sentence, the command where there is one, the place.
//!
//! A name or version comes from what was scanned, and whoever wrote that may want a reader to run
//! something else. So a command is only given where every part of it is made of plain characters;
//! otherwise the sentence alone says what to do.

use std::fmt::Write as _;

use super::foreseen::Foreseen;
use super::package_managers::{Change, Told, Way, tell, upgrade_command};
use super::solve::{Blocker, How};
use linchpin_model::{
    Ecosystem, Inventory, Occurrence, OccurrenceKind, Package, PackageId, Role, Routes,
    SubjectKind, TargetPath,
};

/// How many packages of a distribution a command names before it upgrades all.
const NAMED: usize = 8;

/// How many of those who do not allow a version are told.
const MOST_BLOCKERS: usize = 2;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Advice {
    pub(super) action: String,
    pub(super) command: Option<String>,
    pub(super) place: Option<TargetPath>,
}

/// What Go's standard library is called, in programs and in advisories.
const STDLIB: &str = "stdlib";

/// Takes another version of a package.
pub(super) fn upgrade(
    id: PackageId,
    to: &str,
    foreseen: &Foreseen,
    inventory: &Inventory,
    routes: &Routes,
) -> Advice {
    let package = inventory.package(id);
    let through = routes.direct_dependency(id);
    let occurrence = place(package);
    let change = Change {
        ecosystem: package.purl.ecosystem(),
        name: package.name(),
        from: package.version().unwrap_or(""),
        to,
        member: occurrence.and_then(|occurrence| member(id, occurrence, inventory, routes)),
        through: through.map(|through| inventory.package(through).name()),
        way: match foreseen {
            Foreseen::Goes { how: How::Lock, .. } => Way::Lockfile,
            Foreseen::Goes {
                how: How::Manifest(_),
                ..
            } => Way::Manifest,
            Foreseen::Forbidden { .. } | Foreseen::Unknown => Way::Unknown,
        },
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
    if let Foreseen::Forbidden { version, by } = foreseen {
        action.push_str(&forbidden(version, by));
        return Advice {
            action: one_line(&action),
            command: None,
            place: occurrence.map(|occurrence| occurrence.path.clone()),
        };
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

/// Who does not allow the version that is needed, and who finds a way out. What a client can be told
/// to insist on, against the word of a package, is for people to weigh: `fix` names it.
fn forbidden(version: &str, by: &[Blocker]) -> String {
    let mut text = String::new();
    for (index, blocker) in by.iter().take(MOST_BLOCKERS).enumerate() {
        text.push_str(if index == 0 { ": " } else { ", " });
        text.push_str(&blocker.name);
        if !blocker.version.is_empty() {
            text.push(' ');
            text.push_str(&blocker.version);
        }
        if blocker.range.is_empty() {
            text.push_str(" is taken to ask for compatible versions");
        } else {
            let _ = write!(text, " asks for `{}`", blocker.range);
        }
    }
    if by.len() > MOST_BLOCKERS {
        let _ = write!(text, " and {} more", by.len() - MOST_BLOCKERS);
    }
    let _ = write!(
        text,
        "; `linchpin fix` looks for releases that take {version}"
    );
    text
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
    let command = upgrade_command(ecosystem, named.as_deref());
    Advice {
        action: one_line(&action),
        command: Some(command),
        place,
    }
}

/// The place where a change takes hold: a lockfile before what was installed from it.
pub(super) fn place(package: &Package) -> Option<&Occurrence> {
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
