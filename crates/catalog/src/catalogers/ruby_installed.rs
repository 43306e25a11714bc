//! Installed gems, by the specifications that RubyGems keeps of them, default gems of the
//! interpreter included: <https://guides.rubygems.org/command-reference/#gem-environment>.

use std::collections::{HashMap, HashSet};

use linchpin_model::{CatalogerId, OccurrenceKind, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, Stage};
use crate::licenses::from_name;
use crate::lock_graph::{Need, Part, add_parts};
use crate::ruby::{Gemspec, package_url, version_and_platform};

pub(super) static CATALOGER: RubyInstalled = RubyInstalled;

pub(super) struct RubyInstalled;

impl Cataloger for RubyInstalled {
    type Fragment = Part;
    const ID: CatalogerId = CatalogerId("ruby-installed");
    const DOCUMENTATION: &'static str = "Reads the specifications of installed gems (`specifications/*.gemspec`), those \
        of the interpreter's default gems included, with licence, authors, platform and edges. A gem that is needed is \
        looked for in the same folder of gems first, then in the others of the target.";
    const WANTS: &'static [Pattern] = &[Pattern::Suffix(".gemspec")];
    #[allow(
        private_interfaces,
        reason = "the stages are the driver's own business"
    )]
    const STAGE: Stage = Stage::Installed;

    fn read(entry: &Entry<'_>) -> Parsed<Part> {
        let mut folders = entry.path.parts().rev().skip(1);
        let is_installed = match folders.next() {
            Some("specifications") => true,
            Some("default") => folders.next() == Some("specifications"),
            _ => false,
        };
        if !is_installed {
            return Parsed::not_mine();
        }
        let gemspec = match Gemspec::parse(entry.content) {
            Ok(gemspec) => gemspec,
            Err(problem) => return Parsed::failed(problem),
        };
        let named = from_file_name(entry.path.name());
        let name = gemspec.name.as_deref().or(named.map(|(name, _, _)| name));
        let version = gemspec.version.as_deref();
        let version = version.or(named.map(|(_, version, _)| version));
        let platform = gemspec.platform.as_deref();
        let platform = platform.or(named.and_then(|(_, _, platform)| platform));
        let Some(url) = name.and_then(|name| package_url(name, version, platform)) else {
            return Parsed::failed("names no gem");
        };
        let key = url.name().to_owned();
        let mut part = Part::new(key, url, entry, OccurrenceKind::Installed, Self::ID);
        // Several licences of a gem are a choice.
        let licenses: Option<Vec<String>> = gemspec
            .licenses
            .iter()
            .map(|name| from_name(name).map(|license| license.to_string()))
            .collect();
        part.package.license =
            licenses.and_then(|licenses| crate::licenses::from_expression(&licenses.join(" OR ")));
        part.package.supplier = (!gemspec.authors.is_empty()).then(|| gemspec.authors.join(", "));
        part.package.description = gemspec.summary;
        let runtime = gemspec.requirements.iter();
        let runtime = runtime.filter(|needed| needed.scope == Scope::Runtime);
        part.needs = runtime
            .map(|needed| Need::new(needed.name.clone()))
            .collect();
        Parsed::clean(part)
    }

    fn assemble(fragments: Vec<Located<Part>>, assembly: &mut Assembly<'_>) {
        let home = |file: &Located<Part>| {
            let folder = file.path.parent_str();
            folder.strip_suffix("/default").unwrap_or(folder).to_owned()
        };
        // Where each gem is, and the first of the places.
        let mut places: HashSet<(String, Box<str>)> = HashSet::new();
        let mut first: HashMap<Box<str>, String> = HashMap::new();
        for file in &fragments {
            let key = &file.value.key;
            places.insert((home(file), key.clone()));
            first.entry(key.clone()).or_insert_with(|| home(file));
        }
        let mut parts = Vec::with_capacity(fragments.len());
        for file in fragments {
            let own = home(&file);
            let mut part = file.value;
            for need in &mut part.needs {
                let is_beside = places.contains(&(own.clone(), need.key.clone()));
                let place = if is_beside {
                    Some(&own)
                } else {
                    first.get(&need.key)
                };
                if let Some(place) = place {
                    need.key = format!("{place}\n{}", need.key).into();
                }
            }
            part.key = format!("{own}\n{}", part.key).into();
            parts.push(part);
        }
        add_parts(parts, &[], assembly);
    }
}

/// The name, version and platform in a file name such as `nokogiri-1.15.0-x86_64-linux.gemspec`.
fn from_file_name(name: &str) -> Option<(&str, &str, Option<&str>)> {
    let name = name.strip_suffix(".gemspec")?;
    let dash = name.match_indices('-').map(|(at, _)| at).find(|at| {
        name.get(at + 1..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })?;
    let (version, platform) = version_and_platform(name.get(dash + 1..)?);
    Some((name.get(..dash)?, version, platform))
}
