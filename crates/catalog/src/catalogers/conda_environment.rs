//! What a Conda environment is asked to hold, `environment.yml`:
//! <https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html>.
//!
//! Exported environments name each package's version and build. Where only a range is asked for, the
//! package is listed without a version. A lockfile beside it says more, and then this file nothing.

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageUrl, Role, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::conda_packages::{CondaPackage, channel_name, name_of_requirement};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::package_roots::is_inside_package;
use crate::python::{Requirement, package_url};

pub(super) static CATALOGER: CondaEnvironment = CondaEnvironment;

pub(super) struct CondaEnvironment;

/// What the file asks for.
#[derive(Debug, Default)]
pub(super) struct Environment {
    name: Option<String>,
    conda: Vec<CondaPackage>,
    python: Vec<Requirement>,
}

impl Cataloger for CondaEnvironment {
    type Fragment = Environment;
    const ID: CatalogerId = CatalogerId("conda-environment");
    const DOCUMENTATION: &'static str = "Reads `environment.yml` where no `conda-lock.yml` or `pixi.lock` is beside it: the \
        environment as root, and the packages of Conda and of pip that it asks for, with a version where one is named \
        (`=1.2.3`, `==1.2.3`).";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix("environment.yml"),
        Pattern::Suffix("environment.yaml"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Environment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let documents = match read_documents(&text) {
            Ok(documents) => documents,
            Err(problem) => return Parsed::failed(problem),
        };
        let Some((document, list)) = documents
            .first()
            .and_then(|document| Some((document, document.get("dependencies")?)))
            .filter(|(_, list)| matches!(list, Loose::List(_)))
        else {
            // Others have files of this name as well.
            return Parsed::not_mine();
        };
        let mut problems = Vec::new();
        let mut environment = Environment {
            name: document
                .get("name")
                .and_then(Loose::text)
                .map(str::to_owned),
            ..Environment::default()
        };
        for item in list.items() {
            if let Some(text) = item.text() {
                environment.conda.extend(asked(text));
            }
            for text in item
                .get("pip")
                .into_iter()
                .flat_map(Loose::items)
                .filter_map(Loose::text)
            {
                if text.starts_with('-') {
                    problems.push(format!(
                        "`{}` is not followed",
                        text.chars().take(60).collect::<String>()
                    ));
                    continue;
                }
                match Requirement::parse(text) {
                    Ok(requirement) => environment.python.push(requirement),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        Parsed {
            value: Some(environment),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<Environment>>, assembly: &mut Assembly<'_>) {
        for file in &fragments {
            let folder = file.path.parent();
            let locks = ["conda-lock.yml", "pixi.lock"];
            if !locks
                .iter()
                .any(|name| assembly.tree.exists(&folder.join(name)))
            {
                add_environment(file, assembly);
            }
        }
    }
}

/// A requirement, `conda-forge::numpy=1.21.2=py39h_0`, `python>=3.9`, `pip`.
fn asked(text: &str) -> Option<CondaPackage> {
    let name = name_of_requirement(text)?;
    let (channel, rest) = text
        .split_once("::")
        .map_or((None, text), |(channel, rest)| (Some(channel), rest));
    let after = rest.trim().get(name.len()..)?.trim();
    let mut parts = after.trim_start_matches('=').split('=');
    let version = parts.next().map(str::trim).filter(|version| {
        after.starts_with('=')
            && version.starts_with(|first: char| first.is_ascii_digit())
            && version
                .chars()
                .all(|next| next.is_ascii_alphanumeric() || matches!(next, '.' | '_' | '+' | '!'))
    });
    let build = parts
        .next()
        .filter(|build| version.is_some() && !build.contains('*'));
    Some(CondaPackage {
        name: name.to_owned(),
        version: version.map(str::to_owned),
        build: build.map(str::to_owned),
        channel: channel.and_then(channel_name),
        ..CondaPackage::default()
    })
}

fn add_environment(file: &Located<Environment>, assembly: &mut Assembly<'_>) {
    let environment = &file.value;
    let named = environment
        .name
        .as_deref()
        .and_then(|name| PackageUrl::new("generic", None, name, None).ok());
    let Some(url) = named.or_else(|| assembly.unnamed_project(&file.path.parent())) else {
        return;
    };
    let occurrence = file.occurrence(OccurrenceKind::Declared, CondaEnvironment::ID);
    let mut root = Package::new(url, occurrence.clone());
    root.role = Role::Application;
    let root = assembly.inventory.add(root);
    let conda = environment.conda.iter().filter_map(CondaPackage::url);
    let python = environment
        .python
        .iter()
        .filter_map(|requirement| package_url(&requirement.name, requirement.pinned()));
    let mut without_version = 0;
    for url in conda.chain(python) {
        without_version += usize::from(url.version().is_none());
        let package = assembly
            .inventory
            .add(Package::new(url, occurrence.clone()));
        assembly.inventory.depend(root, package, Scope::Runtime);
    }
    if without_version > 0 {
        let packages = match without_version {
            1 => "1 package has no exact version and is".to_owned(),
            count => format!("{count} packages have no exact version and are"),
        };
        assembly
            .inventory
            .note(file.note(format!("has no lockfile: {packages} listed without one")));
    }
}
