//! Homebrew, on macOS and Linux: the receipt of each installed formula
//! (`Cellar/<name>/<version>/INSTALL_RECEIPT.json`), the formula kept beside it (`.brew/*.rb`) and
//! the kept descriptions of casks (`Caskroom/<name>/.metadata/<version>/…`):
//! <https://docs.brew.sh/Formula-Cookbook>.
//!
//! Formulae are Ruby programs; of these only lines are read that say a licence or a source
//! plainly.

use std::collections::HashMap;

use linchpin_model::{
    CatalogerId, Digest, DigestAlgorithm, LicenseExpression, OccurrenceKind, Package, PackageId,
    PackageUrl, Scope, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::Loose;
use crate::licenses;

pub(super) static CATALOGER: Homebrew = Homebrew;

pub(super) struct Homebrew;

/// What one file tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    Receipt(Receipt),
    Formula(Formula),
    /// A cask, whose path says it all.
    Cask,
}

/// Where a formula came from and what it needs.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Receipt {
    tap: Option<Box<str>>,
    needs: Vec<Box<str>>,
}

/// What a formula says plainly.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Formula {
    description: Option<Box<str>>,
    license: Option<LicenseExpression>,
    url: Option<Box<str>>,
    digest: Option<Digest>,
}

impl Cataloger for Homebrew {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("homebrew");
    const DOCUMENTATION: &'static str = "Reads what Homebrew installed (`Cellar/*/*/INSTALL_RECEIPT.json`, `.brew/*.rb`, \
        `Caskroom/*/.metadata`): formulae with licence, source archive and what they need, and casks.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("INSTALL_RECEIPT.json"),
        Pattern::Glob("**/Cellar/*/*/.brew/*.rb"),
        Pattern::Glob("**/Caskroom/*/.metadata/*/*/Casks/*.json"),
        Pattern::Glob("**/Caskroom/*/.metadata/*/*/Casks/*.rb"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let path = entry.path;
        if path.name() != "INSTALL_RECEIPT.json" {
            let is_cask = path.parent().name() == "Casks";
            return Parsed::clean(if is_cask {
                Fragment::Cask
            } else {
                Fragment::Formula(formula(&String::from_utf8_lossy(entry.content)))
            });
        }
        if keg(path).is_none() {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        match serde_json::from_str::<Loose<'_>>(&text) {
            Ok(document) => {
                let needs = document
                    .get("runtime_dependencies")
                    .map_or(&[][..], Loose::items);
                let tap = document.get("source").and_then(|source| source.get("tap"));
                Parsed::clean(Fragment::Receipt(Receipt {
                    tap: tap.and_then(Loose::text).map(Into::into),
                    needs: needs
                        .iter()
                        .filter_map(|needed| needed.get("full_name")?.text())
                        .map(Into::into)
                        .collect(),
                }))
            }
            Err(error) => Parsed {
                // The folder is there, whatever its receipt says.
                value: Some(Fragment::Receipt(Receipt::default())),
                problems: vec![format!("is no valid JSON: {error}")],
            },
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut formulae: HashMap<TargetPath, Formula> = HashMap::new();
        let mut receipts = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Formula(formula) => {
                    formulae.insert(path.parent().parent(), formula);
                }
                Fragment::Receipt(value) => receipts.push(Located { path, layer, value }),
                Fragment::Cask => add_cask(
                    &Located {
                        path,
                        layer,
                        value: (),
                    },
                    assembly,
                ),
            }
        }
        let mut installed: HashMap<Box<str>, Vec<PackageId>> = HashMap::new();
        let mut added = Vec::new();
        for found in &receipts {
            let formula = formulae.remove(&found.path.parent());
            if let Some((name, id)) = add(found, formula, assembly) {
                installed.entry(name).or_default().push(id);
                added.push((found, id));
            }
        }
        for (found, id) in added {
            for name in &found.value.needs {
                // Of a formula in another tap the whole name is given: `user/tap/name`.
                let name = name.rsplit('/').next().unwrap_or_default();
                for on in installed
                    .get(name)
                    .into_iter()
                    .flatten()
                    .take(MOST_VERSIONS)
                {
                    assembly.inventory.depend(id, *on, Scope::Runtime);
                }
            }
        }
    }
}

/// Most installed versions of a formula that a dependency is about.
const MOST_VERSIONS: usize = 8;

/// The formula and version of a receipt: `…/Cellar/<name>/<version>/INSTALL_RECEIPT.json`.
fn keg(path: &TargetPath) -> Option<(&str, &str)> {
    let mut parts = path.parts().rev().skip(1);
    let (version, name, cellar) = (parts.next()?, parts.next()?, parts.next()?);
    (cellar == "Cellar").then_some((name, version))
}

fn add(
    found: &Located<Receipt>,
    formula: Option<Formula>,
    assembly: &mut Assembly<'_>,
) -> Option<(Box<str>, PackageId)> {
    let (name, version) = keg(&found.path)?;
    let tap = found.value.tap.as_deref().unwrap_or("homebrew/core");
    let purl = PackageUrl::new("brew", Some(tap), name, Some(version));
    let purl = match purl {
        Ok(purl) => purl,
        Err(error) => {
            assembly.inventory.note(found.note(error.to_string()));
            return None;
        }
    };
    let occurrence = found.occurrence(OccurrenceKind::Installed, Homebrew::ID);
    let mut package = Package::new(purl, occurrence);
    if let Some(formula) = formula {
        package.license = formula.license;
        package.description = formula.description.map(Into::into);
        package.download = formula.url.map(Into::into);
        package.hashes = formula.digest.into_iter().collect();
    }
    Some((name.into(), assembly.inventory.add(package)))
}

/// `…/Caskroom/<name>/.metadata/<version>/<time>/Casks/<name>.rb`
fn add_cask(found: &Located<()>, assembly: &mut Assembly<'_>) {
    let mut parts = found.path.parts().rev().skip(3);
    let (Some(version), Some(_), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return;
    };
    match PackageUrl::new("brew", Some("homebrew/cask"), name, Some(version)) {
        Ok(purl) => {
            let occurrence = found.occurrence(OccurrenceKind::Installed, Homebrew::ID);
            assembly.inventory.add(Package::new(purl, occurrence));
        }
        Err(error) => assembly.inventory.note(found.note(error.to_string())),
    }
}

/// The lines of a formula before its first block (a bottle, a resource, a method).
fn formula(text: &str) -> Formula {
    let mut formula = Formula::default();
    for line in text.lines().map(str::trim) {
        if line.ends_with(" do") || line.starts_with("def ") {
            break;
        }
        let Some((word, rest)) = line.split_once(' ') else {
            continue;
        };
        match word {
            "desc" => formula.description = quoted(rest).map(Into::into),
            "license" => formula.license = license(rest),
            "url" => formula.url = quoted(rest).filter(|url| is_plain(url)).map(Into::into),
            "sha256" => {
                formula.digest = quoted(rest)
                    .and_then(|hex| Digest::from_hex(DigestAlgorithm::Sha256, hex).ok());
            }
            _ => {}
        }
    }
    formula
}

/// Whether a URL has no credentials, and nothing for Ruby to put in.
fn is_plain(url: &str) -> bool {
    let authority = url
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split('/').next());
    url.starts_with("http")
        && !url.contains("#{")
        && !authority.is_some_and(|host| host.contains('@'))
}

/// A text in double quotes at the start.
fn quoted(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

/// `"MIT"`, `any_of: ["MIT", "Apache-2.0"]`, `all_of: […]`.
fn license(text: &str) -> Option<LicenseExpression> {
    if let Some(name) = quoted(text) {
        return licenses::from_expression(name);
    }
    let (operator, list) = if let Some(list) = text.strip_prefix("any_of:") {
        (" OR ", list)
    } else {
        (" AND ", text.strip_prefix("all_of:")?)
    };
    let list = list.trim().strip_prefix('[')?.strip_suffix(']')?;
    let names: Option<Vec<&str>> = list.split(',').map(quoted).collect();
    licenses::from_expression(&names?.join(operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_of_a_formula_are_read() {
        let digest = "a".repeat(64);
        let formula = formula(&format!(
            "class Jq < Formula\n  desc \"JSON processor\"\n  url \"https://packages.example/jq.tar.gz\"\n  \
             sha256 \"{digest}\"\n  license any_of: [\"MIT\", \"ISC\"]\n\n  bottle do\n    sha256 \"x\"\n"
        ));
        assert_eq!(formula.license.unwrap().to_string(), "MIT OR ISC");
        assert_eq!(formula.digest.unwrap().hex(), digest);
        assert!(formula.url.is_some());
        assert_eq!(license(":public_domain"), None);
        assert_eq!(
            license("all_of: [\"MIT\", { \"GPL-2.0-only\" => x }]"),
            None
        );
        assert!(!is_plain("https://user:secret@packages.example/x"));
    }
}
