//! Fetched and installed packages of Elixir and Erlang: the metadata that Hex puts beside a fetched
//! package (`deps/*/hex_metadata.config`), and the application files of compiled ones (`ebin/*.app`):
//! <https://www.erlang.org/doc/apps/kernel/app.html>.
//!
//! An application file does not say whether the application came from Hex. If a lockfile or metadata
//! in the target names a package of Hex with its name and version, it is that package; otherwise it
//! is an application of its own (`pkg:otp/…`), as those of Erlang/OTP itself are.

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, Stage};
use crate::documents::erlang::{lookup, read_terms};
use crate::documents::json::Loose;
use crate::hex::package_url;
use crate::licenses::from_name;
use crate::lock_graph::{Need, Part, add_parts};

pub(super) static CATALOGER: ErlangInstalled = ErlangInstalled;

pub(super) struct ErlangInstalled;

impl Cataloger for ErlangInstalled {
    type Fragment = Part;
    const ID: CatalogerId = CatalogerId("erlang-installed");
    const DOCUMENTATION: &'static str = "Reads `hex_metadata.config` of fetched packages of Hex, and `ebin/*.app` of \
        compiled Erlang and Elixir applications, those of Erlang/OTP itself included: name, version, licence and the \
        applications that each needs. An application is a package of Hex where something in the target says so.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("hex_metadata.config"),
        Pattern::Suffix(".app"),
    ];
    #[allow(
        private_interfaces,
        reason = "the stages are the driver's own business"
    )]
    const STAGE: Stage = Stage::Installed;

    fn read(entry: &Entry<'_>) -> Parsed<Part> {
        let is_application = entry.path.name() != "hex_metadata.config";
        if is_application && !entry.path.parent_str().ends_with("ebin") {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let terms = match read_terms(&text) {
            Ok(terms) => terms,
            Err(problem) => return Parsed::failed(problem),
        };
        let part = if is_application {
            terms
                .first()
                .and_then(|term| application(term.items(), entry))
        } else {
            metadata(&terms, entry)
        };
        match part {
            Some(part) => Parsed::clean(part),
            None => Parsed::failed("names no application or package"),
        }
    }

    fn assemble(fragments: Vec<Located<Part>>, assembly: &mut Assembly<'_>) {
        let (fetched, compiled): (Vec<_>, Vec<_>) = fragments
            .into_iter()
            .partition(|file| file.path.name() == "hex_metadata.config");
        let fetched: Vec<Part> = fetched.into_iter().map(|file| file.value).collect();
        let of_hex: std::collections::HashSet<PackageUrl> = fetched
            .iter()
            .map(|part| part.package.purl.clone())
            .collect();
        let compiled = compiled.into_iter().map(|file| {
            let mut part = file.value;
            let own = &part.package.purl;
            let hex = package_url(own.name(), own.version(), None);
            let known =
                hex.filter(|url| of_hex.contains(url) || assembly.inventory.find(url).is_some());
            if let Some(url) = known {
                part.package.purl = url;
            }
            part
        });
        let compiled: Vec<Part> = compiled.collect();
        add_parts(fetched, &[], assembly);
        add_parts(compiled, &[], assembly);
    }
}

/// `{application, name, [{vsn, "1.0"}, {applications, [kernel]}, …]}`
fn application(items: &[Loose<'static>], entry: &Entry<'_>) -> Option<Part> {
    let [Loose::Text(kind), Loose::Text(name), properties] = items else {
        return None;
    };
    if kind != "application" {
        return None;
    }
    let properties = properties.items();
    let version = lookup(properties, "vsn").and_then(Loose::text);
    let url = PackageUrl::new("otp", None, &name.to_ascii_lowercase(), version).ok()?;
    let kind = OccurrenceKind::Installed;
    let mut part = Part::new(name.as_ref(), url, entry, kind, ErlangInstalled::ID);
    part.package.description = description(lookup(properties, "description"));
    part.package.license = licenses(lookup(properties, "licenses"));
    for (field, scope) in [
        ("applications", Scope::Runtime),
        ("included_applications", Scope::Runtime),
        ("optional_applications", Scope::Optional),
    ] {
        let names = lookup(properties, field)
            .map(Loose::items)
            .unwrap_or_default();
        let names = names.iter().filter_map(Loose::text);
        part.needs.extend(names.map(|name| Need::of(name, scope)));
    }
    // Optional ones stand in both lists.
    let optional: Vec<Box<str>> = part
        .needs
        .iter()
        .filter(|need| need.scope == Scope::Optional)
        .map(|need| need.key.clone())
        .take(100)
        .collect();
    part.needs
        .retain(|need| need.scope == Scope::Optional || !optional.contains(&need.key));
    Some(part)
}

/// `{<<"name">>, <<"jason">>}.` and more such pairs.
fn metadata(terms: &[Loose<'static>], entry: &Entry<'_>) -> Option<Part> {
    let text = |key: &str| lookup(terms, key).and_then(Loose::text);
    let name = text("name").or_else(|| text("app"))?;
    let url = package_url(name, text("version"), text("repository"))?;
    let key = text("app").unwrap_or(name);
    let mut part = Part::new(
        key,
        url,
        entry,
        OccurrenceKind::Installed,
        ErlangInstalled::ID,
    );
    part.package.license = licenses(lookup(terms, "licenses"));
    part.package.description = description(lookup(terms, "description"));
    let requirements = lookup(terms, "requirements")
        .map(Loose::items)
        .unwrap_or_default();
    for requirement in requirements {
        // A list of pairs, or a name and such a list.
        let (name, pairs) = match requirement.items() {
            [Loose::Text(name), pairs] => (Some(name.as_ref()), pairs.items()),
            pairs => (None, pairs),
        };
        let of = |key: &str| lookup(pairs, key).and_then(Loose::text);
        if let Some(app) = of("app").or(name).or_else(|| of("name")) {
            let is_optional = of("optional") == Some("true");
            let scope = if is_optional {
                Scope::Optional
            } else {
                Scope::Runtime
            };
            part.needs.push(Need::of(app, scope));
        }
    }
    Some(part)
}

fn description(value: Option<&Loose<'static>>) -> Option<String> {
    let text = value?.text()?.trim();
    let line = text.lines().next().unwrap_or_default();
    (!line.is_empty()).then(|| line.to_owned())
}

/// All licences of a package are kept to: whether they are a choice is not said.
fn licenses(value: Option<&Loose<'static>>) -> Option<linchpin_model::LicenseExpression> {
    let names = value?.items().iter().filter_map(Loose::text);
    let known: Option<Vec<_>> = names.map(from_name).collect();
    linchpin_model::LicenseExpression::and(known?)
}
