//! Windows: the release, the updates (by their KB numbers) and the programs that are installed.
//!
//! What is installed stands in the hive `SOFTWARE`; which KB number a servicing package has, in its
//! manifest `Windows/servicing/Packages/*.mum`. In layers of images, files lie below `Files/` and
//! the hives in `Hives/`: `Software_Base` is the whole of it, `Software_Delta` what a layer
//! changed. The hive `COMPONENTS` knows by which packages its components were installed: it counts
//! where `SOFTWARE` does not say of a package that it is not installed. Changes that are still in
//! the logs of a hive are made first.
//!
//! There is no type of package URL for these; they are `generic`, with a namespace that says what
//! they are: `pkg:generic/microsoft/windows@10.0.20348.2340`,
//! `pkg:generic/windows-update/KB5034127`, `pkg:generic/windows-program/7-Zip@23.01`.

mod components;
mod hive;
mod manifest;
mod software;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use linchpin_model::{
    CatalogerId, Distribution, Occurrence, OccurrenceKind, Package, PackageId, PackageUrl, Scope,
};
use linchpin_source::{Entry, Pattern};

use self::hive::{Found, Told};
use self::manifest::Update;
use self::software::Software;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, Stage};

pub(super) static CATALOGER: Windows = Windows;

pub(super) struct Windows;

/// What one file tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    Hive(Found),
    Update(Update),
}

impl Cataloger for Windows {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("windows");
    const DOCUMENTATION: &'static str = "Reads the hives `SOFTWARE` and `COMPONENTS` of Windows \
        (`Windows/System32/config`, `Hives` in layers of images) with the changes that are still in their logs, and the \
        manifests of servicing packages (`Windows/servicing/Packages/*.mum`): the release with its build, installed updates \
        by their KB numbers, and installed programs with version and publisher. Leaves out updates that are only staged or \
        were superseded.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix("indows/System32/config/SOFTWARE"),
        Pattern::Suffix("indows/system32/config/SOFTWARE"),
        Pattern::Suffix("indows/System32/Config/SOFTWARE"),
        Pattern::Suffix("indows/System32/config/COMPONENTS"),
        Pattern::Suffix("indows/system32/config/COMPONENTS"),
        Pattern::Suffix("indows/System32/Config/COMPONENTS"),
        Pattern::Suffix("onfig/SOFTWARE.LOG1"),
        Pattern::Suffix("onfig/SOFTWARE.LOG2"),
        Pattern::Suffix("onfig/COMPONENTS.LOG1"),
        Pattern::Suffix("onfig/COMPONENTS.LOG2"),
        Pattern::Glob("**/Hives/{Software,Components}_{Base,Delta}"),
        Pattern::Glob("**/Hives/{Software,Components}_{Base,Delta}.LOG{1,2}"),
        Pattern::Glob("**/Windows/servicing/Packages/*.mum"),
    ];
    const STAGE: Stage = Stage::Distribution;

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if entry.path.ending() == Some("mum") {
            return match manifest::read(entry.content) {
                Ok(Some(update)) => Parsed::clean(Fragment::Update(update)),
                Ok(None) => Parsed::not_mine(),
                Err(problem) => Parsed::failed(problem),
            };
        }
        let Parsed { value, problems } = hive::read(entry.path.name(), entry.content);
        Parsed {
            value: value.map(Fragment::Hive),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut found: Vec<Located<Found>> = Vec::new();
        let mut updates: Vec<Located<Update>> = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Hive(value) => found.push(Located { path, layer, value }),
                Fragment::Update(value) => updates.push(Located { path, layer, value }),
            }
        }
        let mut hives: Vec<Located<Box<Software>>> = Vec::new();
        let mut stores: Vec<Located<Vec<Update>>> = Vec::new();
        for Located { path, layer, value } in hive::settle(found, assembly) {
            match value {
                Told::Software(value) => hives.push(Located { path, layer, value }),
                Told::Components(value) => stores.push(Located { path, layer, value }),
            }
        }
        let system = release(&hives, assembly);
        let mut states: HashMap<&str, u32> = HashMap::new();
        for hive in &hives {
            let packages = hive.value.packages.iter();
            states.extend(packages.map(|(name, state)| (name.as_ref(), *state)));
        }
        let mut installed: BTreeMap<Update, Vec<Occurrence>> = BTreeMap::new();
        for update in &updates {
            // Without a hive, what lies there must be taken to be installed.
            let file = update.path.name().trim_end_matches(".mum");
            let state = states.get(file.to_ascii_lowercase().as_str());
            if state.is_none_or(|&state| is_installed(state)) {
                let places = installed.entry(update.value.clone()).or_default();
                places.push(update.occurrence(OccurrenceKind::Installed, Self::ID));
            }
        }
        for hive in &hives {
            for (name, state) in &hive.value.packages {
                // A package whose manifest is not in the target may have its number in its name.
                if !is_installed(*state) || states.get(name.as_ref()) != Some(state) {
                    continue;
                }
                if let Some((number, version)) = manifest::number_in_name(name) {
                    let update = Update {
                        number: number.into(),
                        version: version.into(),
                    };
                    let places = installed.entry(update).or_default();
                    places.push(hive.occurrence(OccurrenceKind::Installed, Self::ID));
                }
            }
        }
        let refused = refused_updates(&states);
        for store in &stores {
            for update in &store.value {
                if !refused.contains(&update.number) {
                    let places = installed.entry(update.clone()).or_default();
                    places.push(store.occurrence(OccurrenceKind::Installed, Self::ID));
                }
            }
        }
        for (update, places) in installed {
            let Update { number, version } = &update;
            for occurrence in places.into_iter().take(MOST_PLACES) {
                let kind = Some("windows-update");
                if let Ok(purl) = PackageUrl::new("generic", kind, number, Some(version)) {
                    let id = assembly.inventory.add(Package::new(purl, occurrence));
                    if let Some(system) = system {
                        assembly.inventory.depend(system, id, Scope::Runtime);
                    }
                }
            }
        }
        for hive in &hives {
            add_programs(hive, assembly);
        }
    }
}

/// The numbers of updates of which the hive `SOFTWARE` names packages, but none that is installed.
fn refused_updates(states: &HashMap<&str, u32>) -> BTreeSet<Box<str>> {
    let mut named: BTreeMap<Box<str>, bool> = BTreeMap::new();
    let mut all: Vec<(&&str, &u32)> = states.iter().collect();
    all.sort_unstable();
    for (name, state) in all {
        if let Some((number, _)) = manifest::number_in_name(name) {
            *named.entry(number.into()).or_default() |= is_installed(*state);
        }
    }
    let refused = named.into_iter().filter(|(_, is_installed)| !is_installed);
    refused.map(|(number, _)| number).collect()
}

/// An update consists of many packages, each with a manifest: so many of them are shown.
const MOST_PLACES: usize = 4;

/// Installed, or installed for good. Lower numbers are staged, superseded, pending.
fn is_installed(state: u32) -> bool {
    matches!(state, 0x70 | 0x80)
}

/// The release of Windows: of several layers the uppermost one that tells counts.
fn release(hives: &[Located<Box<Software>>], assembly: &mut Assembly<'_>) -> Option<PackageId> {
    let hive = hives.iter().rev().find(|hive| hive.value.build.is_some())?;
    let version = hive.value.full_version()?;
    assembly.inventory.set_distribution(Distribution {
        id: "windows".to_owned(),
        version: Some(version.clone()),
        codename: hive.value.display_version.clone(),
        pretty_name: hive.value.product.clone(),
    });
    let edition = hive.value.edition.as_deref().unwrap_or_default();
    let purl = PackageUrl::with_qualifiers(
        "generic",
        Some("microsoft"),
        "windows",
        Some(&version),
        &[("edition", edition)],
    );
    match purl {
        Ok(purl) => {
            let occurrence = hive.occurrence(OccurrenceKind::Installed, Windows::ID);
            let mut package = Package::new(purl, occurrence);
            package.description.clone_from(&hive.value.product);
            package.supplier = Some("Microsoft Corporation".to_owned());
            Some(assembly.inventory.add(package))
        }
        Err(error) => {
            assembly.inventory.note(hive.note(error.to_string()));
            None
        }
    }
}

fn add_programs(hive: &Located<Box<Software>>, assembly: &mut Assembly<'_>) {
    for program in &hive.value.programs {
        let purl = PackageUrl::with_qualifiers(
            "generic",
            Some("windows-program"),
            &program.name,
            program.version.as_deref(),
            &[("arch", if program.is_32_bit { "x86" } else { "" })],
        );
        match purl {
            Ok(purl) => {
                let occurrence = hive.occurrence(OccurrenceKind::Installed, Windows::ID);
                let mut package = Package::new(purl, occurrence);
                package.supplier.clone_from(&program.publisher);
                assembly.inventory.add(package);
            }
            Err(error) => assembly.inventory.note(hive.note(error.to_string())),
        }
    }
}
