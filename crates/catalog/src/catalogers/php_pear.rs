//! Packages of PEAR and extensions of PECL, by the records that PEAR's installer keeps of them:
//! `.registry/<package>.reg`, in `.registry/.channel.<channel>/` for other channels than its own.

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, Stage};
use crate::documents::json::Loose;
use crate::documents::php_serialized::read_value;
use crate::licenses::from_name;
use crate::lock_graph::{Need, Part, add_parts};

pub(super) static CATALOGER: PhpPear = PhpPear;

pub(super) struct PhpPear;

impl Cataloger for PhpPear {
    type Fragment = Part;
    const ID: CatalogerId = CatalogerId("php-pear");
    const DOCUMENTATION: &'static str = "Reads the records of PEAR's installer (`.registry/*.reg`): installed packages of \
        PEAR and PECL with channel, licence, maintainer and the packages that they need.";
    const WANTS: &'static [Pattern] = &[Pattern::Suffix(".reg")];
    #[allow(
        private_interfaces,
        reason = "the stages are the driver's own business"
    )]
    const STAGE: Stage = Stage::Installed;

    fn read(entry: &Entry<'_>) -> Parsed<Part> {
        let mut folders = entry.path.parts().rev().skip(1).take(2);
        if !folders.any(|folder| folder == ".registry") {
            return Parsed::not_mine();
        }
        let record = match read_value(entry.content) {
            Ok(record) => record,
            Err(problem) => return Parsed::failed(problem),
        };
        let Some(name) = record.text_of("name").or(record.text_of("package")) else {
            return Parsed::failed("names no package");
        };
        let channel = channel(&record);
        let version = match record.get("version") {
            Some(Loose::Text(version)) => Some(version.as_ref()),
            Some(version) => version.text_of("release"),
            None => None,
        };
        let Ok(url) = PackageUrl::new("pear", Some(channel), name, version) else {
            return Parsed::failed("names no package");
        };
        let kind = OccurrenceKind::Installed;
        let mut part = Part::new(key(channel, name), url, entry, kind, Self::ID);
        part.package.license = content(record.get("license")).and_then(from_name);
        part.package.description = record.text_of("summary").map(str::to_owned);
        part.package.supplier = leads(&record);
        for (group, scope) in [("required", Scope::Runtime), ("optional", Scope::Optional)] {
            let needed = record
                .get("dependencies")
                .and_then(|all| all.get(group)?.get("package"));
            let single = needed
                .into_iter()
                .filter(|needed| needed.get("name").is_some());
            for package in needed
                .map(Loose::items)
                .unwrap_or_default()
                .iter()
                .chain(single)
            {
                if let Some(name) = package.text_of("name") {
                    part.needs
                        .push(Need::of(key(self::channel(package), name), scope));
                }
            }
        }
        Parsed::clean(part)
    }

    fn assemble(fragments: Vec<Located<Part>>, assembly: &mut Assembly<'_>) {
        let parts = fragments.into_iter().map(|file| file.value).collect();
        add_parts(parts, &[], assembly);
    }
}

/// The channel of a package; without one it is PEAR's own.
fn channel<'d>(record: &'d Loose<'_>) -> &'d str {
    record.text_of("channel").unwrap_or("pear.php.net")
}

/// Names of packages are the same in any case.
fn key(channel: &str, name: &str) -> String {
    format!("{channel}/{name}").to_ascii_lowercase()
}

/// A text, or the text of an element with attributes.
fn content<'d>(value: Option<&'d Loose<'_>>) -> Option<&'d str> {
    let value = value?;
    value.text().or_else(|| value.text_of("_content"))
}

fn leads(record: &Loose<'_>) -> Option<String> {
    let lead = record.get("lead")?;
    let single = lead.text_of("name").into_iter();
    let several = lead.items().iter().filter_map(|lead| lead.text_of("name"));
    let names: Vec<&str> = single.chain(several).take(20).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
