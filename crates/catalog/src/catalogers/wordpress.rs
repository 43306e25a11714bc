//! WordPress: the program itself, plugins and themes, which say what they are in a comment at the
//! beginning of a file: <https://developer.wordpress.org/plugins/plugin-basics/header-requirements/>.
//!
//! There is no type of package URL for them, so they are `generic`, told apart by namespace.

use std::collections::HashSet;

use linchpin_model::{CatalogerId, LicenseExpression, OccurrenceKind, Package, PackageUrl};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};

pub(super) static CATALOGER: WordPress = WordPress;

pub(super) struct WordPress;

/// How much of a file WordPress itself looks at.
const HEAD: u32 = 8 << 10;

/// What a header says.
pub(super) struct Header {
    namespace: Option<&'static str>,
    name: String,
    version: Option<String>,
    license: Option<LicenseExpression>,
    author: Option<String>,
    title: Option<String>,
    download: Option<String>,
}

impl Cataloger for WordPress {
    type Fragment = Header;
    const ID: CatalogerId = CatalogerId("wordpress");
    const DOCUMENTATION: &'static str = "Reads the headers of WordPress plugins and themes below `wp-content` (name of the \
        folder, version, licence, author), and the version of WordPress itself (`wp-includes/version.php`). Plugins that \
        lie in an archive or have no header are not seen.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Head(&Pattern::Glob("**/wp-content/plugins/*.php"), HEAD),
        Pattern::Head(&Pattern::Glob("**/wp-content/plugins/*/*.php"), HEAD),
        Pattern::Head(&Pattern::Glob("**/wp-content/mu-plugins/*.php"), HEAD),
        Pattern::Head(&Pattern::Glob("**/wp-content/themes/*/style.css"), HEAD),
        Pattern::Head(&Pattern::Suffix("wp-includes/version.php"), HEAD),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Header> {
        let text = String::from_utf8_lossy(entry.content);
        let path = entry.path;
        if path.name() == "version.php" {
            return match core_version(&text) {
                Some(version) => Parsed::clean(Header {
                    namespace: None,
                    name: "wordpress".to_owned(),
                    version: Some(version),
                    license: None,
                    author: None,
                    title: None,
                    download: None,
                }),
                None => Parsed::failed("the version of WordPress is not in it"),
            };
        }
        let is_theme = path.name() == "style.css";
        let title = field(
            &text,
            if is_theme {
                "Theme Name"
            } else {
                "Plugin Name"
            },
        );
        let Some(title) = title else {
            // Most files of a plugin have no header.
            return Parsed::not_mine();
        };
        // A plugin is called after its folder, or its file where it has none.
        let folder = path.parent();
        let name = match folder.name() {
            "plugins" | "mu-plugins" => path.name().trim_end_matches(".php").to_owned(),
            folder => folder.to_owned(),
        };
        Parsed::clean(Header {
            namespace: Some(if is_theme {
                "wordpress-theme"
            } else {
                "wordpress-plugin"
            }),
            name,
            version: field(&text, "Version"),
            license: field(&text, "License").and_then(|license| known_license(&license)),
            author: field(&text, "Author"),
            download: field(&text, if is_theme { "Theme URI" } else { "Plugin URI" })
                .filter(|address| address.starts_with("https://") && !address.contains('@')),
            title: Some(title),
        })
    }

    fn assemble(fragments: Vec<Located<Header>>, assembly: &mut Assembly<'_>) {
        // A folder has one header that counts; files come sorted.
        let mut seen = HashSet::new();
        for fragment in fragments {
            let header = &fragment.value;
            if !seen.insert((fragment.path.parent(), header.name.clone())) {
                continue;
            }
            let version = header.version.as_deref();
            let purl = PackageUrl::new("generic", header.namespace, &header.name, version);
            let purl = match purl {
                Ok(purl) => purl,
                Err(error) => {
                    assembly.inventory.note(fragment.note(error.to_string()));
                    continue;
                }
            };
            let occurrence = fragment.occurrence(OccurrenceKind::Installed, Self::ID);
            let mut package = Package::new(purl, occurrence);
            package.license = fragment.value.license;
            package.supplier = fragment.value.author;
            package.description = fragment.value.title;
            package.download = fragment.value.download;
            assembly.inventory.add(package);
        }
    }
}

/// A field of a header: ` * Version: 1.2`, with or without the star.
fn field(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let line = line.trim_start_matches(|next: char| {
            next.is_whitespace() || matches!(next, '*' | '/' | '#' | '@' | '<' | '?')
        });
        let line = line.strip_prefix("php").map_or(line, str::trim_start);
        let line = line.trim_start_matches(['/', '*', ' ']);
        let value = line.strip_prefix(name)?.trim_start().strip_prefix(':')?;
        let value = value.trim().trim_end_matches("*/").trim();
        (!value.is_empty() && value.len() < 500).then(|| value.to_owned())
    })
}

/// The licences as WordPress's own pages tell authors to write them.
fn known_license(text: &str) -> Option<LicenseExpression> {
    let written = text.trim().to_ascii_lowercase();
    let expression = match written.as_str() {
        "gplv2 or later"
        | "gpl v2 or later"
        | "gpl-2.0+"
        | "gnu general public license v2 or later" => "GPL-2.0-or-later",
        "gplv3 or later"
        | "gpl v3 or later"
        | "gpl-3.0+"
        | "gnu general public license v3 or later" => "GPL-3.0-or-later",
        "gplv2" => "GPL-2.0-only",
        "gplv3" => "GPL-3.0-only",
        _ => text,
    };
    LicenseExpression::parse(expression).ok()
}

/// `$wp_version = '6.4.3';`
fn core_version(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("$wp_version")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest
        .chars()
        .next()
        .filter(|quote| matches!(quote, '\'' | '"'))?;
    let (version, _) = rest.get(1..)?.split_once(quote)?;
    (!version.is_empty() && version.len() < 64).then(|| version.to_owned())
}
