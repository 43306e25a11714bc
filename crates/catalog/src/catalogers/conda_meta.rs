//! Packages that Conda, Mamba or Pixi installed: one record each in `conda-meta` of an environment.
//! <https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html>
//!
//! Python packages among them have their own metadata beside their code and are found there as well,
//! under the name that advisories know. What Pixi installed from Python's index is found there only.

use std::collections::BTreeMap;

use linchpin_model::{
    CatalogerId, Digest, LicenseExpression, OccurrenceKind, Package, PackageId, Scope, TargetPath,
};
use linchpin_source::{Entry, Pattern};
use serde::de::MapAccess;

use crate::addresses::without_credentials;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::conda_packages::{CondaPackage, channel_name, digests, name_of_requirement};
use crate::documents::json::{FromMembers, Loose, read_document, skip};
use crate::licenses;

pub(super) static CATALOGER: CondaMeta = CondaMeta;

pub(super) struct CondaMeta;

/// Most requirements of one package.
const MOST_REQUIREMENTS: usize = 2000;

/// What one record says.
#[derive(Debug, Default)]
pub(super) struct Record {
    package: CondaPackage,
    file: Option<String>,
    license: Option<LicenseExpression>,
    md5: Option<String>,
    sha256: Option<String>,
    download: Option<String>,
    needs: Vec<Box<str>>,
}

impl<'de> FromMembers<'de> for Record {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        // The lists of files are most of a record.
        if !matches!(
            key,
            "name"
                | "version"
                | "build"
                | "build_string"
                | "channel"
                | "subdir"
                | "fn"
                | "url"
                | "md5"
                | "sha256"
                | "license"
                | "depends"
        ) {
            return skip(map);
        }
        let value: Loose<'_> = map.next_value()?;
        let text = value.text().map(str::to_owned);
        match key {
            "name" => self.package.name = text.unwrap_or_default(),
            "version" => self.package.version = text,
            "build" | "build_string" => self.package.build = text,
            "channel" => self.package.channel = text,
            "subdir" => self.package.subdir = text,
            "fn" => self.file = text,
            "url" => self.download = text,
            "md5" => self.md5 = text,
            "sha256" => self.sha256 = text,
            "license" => {
                let text = text.as_deref();
                self.license = text.and_then(|text| {
                    licenses::from_expression(text).or_else(|| licenses::from_name(text))
                });
            }
            _ => {
                let needs = value.items().iter().take(MOST_REQUIREMENTS);
                let names = needs.filter_map(|need| name_of_requirement(need.text()?));
                self.needs = names.map(Into::into).collect();
            }
        }
        Ok(())
    }
}

impl Record {
    fn hashes(&self) -> Vec<Digest> {
        digests(self.md5.as_deref(), self.sha256.as_deref())
    }
}

impl Cataloger for CondaMeta {
    type Fragment = Record;
    const ID: CatalogerId = CatalogerId("conda-meta");
    const DOCUMENTATION: &'static str = "Reads the records of packages that Conda, Mamba or Pixi installed, \
        `conda-meta/*.json`: name, version, build, channel, licence, digests and address, with edges inside of one \
        environment. Python packages among them are found by their own metadata as well.";
    const WANTS: &'static [Pattern] = &[Pattern::Glob("**/conda-meta/*.json")];

    fn read(entry: &Entry<'_>) -> Parsed<Record> {
        let mut record: Record = match read_document(entry.content) {
            Ok(record) => record,
            Err(problem) => return Parsed::failed(problem),
        };
        if record.package.name.is_empty() || record.package.version.is_none() {
            // Such as the state of an environment's variables.
            return Parsed::not_mine();
        }
        let package = &mut record.package;
        package.channel = package.channel.as_deref().and_then(|channel| {
            let subdir = package.subdir.as_deref().unwrap_or_default();
            let channel = channel.trim_end_matches('/');
            channel_name(channel.strip_suffix(subdir).unwrap_or(channel))
        });
        package.kind = record.file.as_deref().and_then(|file| {
            let mut kinds = ["conda", "tar.bz2"].into_iter();
            kinds.find(|kind| file.ends_with(kind))
        });
        record.download = record.download.as_deref().map(without_credentials);
        Parsed::clean(record)
    }

    fn assemble(fragments: Vec<Located<Record>>, assembly: &mut Assembly<'_>) {
        let mut environments: BTreeMap<TargetPath, Vec<Located<Record>>> = BTreeMap::new();
        for fragment in fragments {
            let folder = fragment.path.parent();
            environments.entry(folder).or_default().push(fragment);
        }
        for records in environments.values() {
            add_environment(records, assembly);
        }
    }
}

fn add_environment(records: &[Located<Record>], assembly: &mut Assembly<'_>) {
    let mut by_name: BTreeMap<&str, PackageId> = BTreeMap::new();
    let mut ids = Vec::new();
    for located in records {
        let record = &located.value;
        let Some(url) = record.package.url() else {
            let note = located.note("names no package that Conda allows");
            assembly.inventory.note(note);
            continue;
        };
        let occurrence = located.occurrence(OccurrenceKind::Installed, CondaMeta::ID);
        let mut package = Package::new(url, occurrence);
        package.license.clone_from(&record.license);
        package.hashes = record.hashes();
        package.download.clone_from(&record.download);
        let id = assembly.inventory.add(package);
        by_name.insert(&record.package.name, id);
        ids.push((id, record));
    }
    for (from, record) in ids {
        for need in &record.needs {
            if let Some(&on) = by_name.get(need.as_ref()) {
                assembly.inventory.depend(from, on, Scope::Runtime);
            }
        }
    }
}
