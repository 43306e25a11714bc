//! JavaScript libraries that were copied or bundled into files to be served: they sign themselves in a
//! comment with name and version, which minifiers keep. webpack collects these comments in a file of
//! their own, `*.LICENSE.txt`.
//!
//! Only about fifty libraries whose words nobody else begins a comment with (`banners.rs`); which others
//! are in a bundle can not be told. Source maps name the folders of packages without a version, and are
//! not read. Files that npm or Bower installed are what their manifests say.

mod banners;

use std::collections::BTreeSet;

use linchpin_model::{CatalogerId, OccurrenceKind, Package, TargetPath};
use linchpin_source::{Entry, Pattern};
use memchr::memmem;

use self::banners::library_of;
use super::npm::identity::package_url;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};

pub(super) static CATALOGER: BundledJavaScript = BundledJavaScript;

pub(super) struct BundledJavaScript;

/// How much of a file is searched. The largest real bundles have some megabytes.
const SEARCHED: usize = 8 << 20;

/// Within how many bytes from the start any comment may be a banner; further down it must be marked
/// as one that is to be kept.
const START: usize = 2048;

/// Most of a comment that is looked at.
const LONGEST_COMMENT: usize = 400;

/// Most comments of one file.
const MOST_COMMENTS: usize = 50_000;

impl Cataloger for BundledJavaScript {
    type Fragment = BTreeSet<(&'static str, String)>;
    const ID: CatalogerId = CatalogerId("bundled-javascript");
    const DOCUMENTATION: &'static str = "Looks in built JavaScript (`*.min.js`, `*.bundle.js`, `*.chunk.js`, `vendor.js`, \
        copies under the libraries' own names, and webpack's `*.LICENSE.txt`) for the comments with which about fifty \
        well-known libraries sign their files: jQuery, Bootstrap, AngularJS, Vue, React, Lodash's kin and others, with \
        their versions. Files in `node_modules` and `bower_components` are passed over.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix(".min.js"),
        Pattern::Suffix("bundle.js"),
        Pattern::Suffix(".chunk.js"),
        Pattern::Suffix(".js.LICENSE.txt"),
        Pattern::Name("vendor.js"),
        Pattern::Name("vendors.js"),
        Pattern::Name("angular.js"),
        Pattern::Name("backbone.js"),
        Pattern::Name("bootstrap.js"),
        Pattern::Name("d3.js"),
        Pattern::Name("handlebars.js"),
        Pattern::Name("jquery-ui.js"),
        Pattern::Name("jquery.js"),
        Pattern::Name("moment.js"),
        Pattern::Name("underscore.js"),
        Pattern::Name("vue.js"),
        Pattern::Glob("**/jquery-[0-9]*.js"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Self::Fragment> {
        if is_installed(entry.path) {
            return Parsed::not_mine();
        }
        let found = libraries(entry.content);
        if found.is_empty() {
            return Parsed::not_mine();
        }
        Parsed::clean(found)
    }

    fn assemble(fragments: Vec<Located<Self::Fragment>>, assembly: &mut Assembly<'_>) {
        for fragment in &fragments {
            for (name, version) in &fragment.value {
                let Some(purl) = package_url(name, Some(version)) else {
                    continue;
                };
                let known = assembly.inventory.find(&purl);
                let occurrence = fragment.occurrence(OccurrenceKind::Embedded, Self::ID);
                let mut package = Package::new(purl, occurrence);
                // What it is needed for, a lockfile of the target may know.
                if let Some(known) =
                    known.and_then(|id| assembly.inventory.packages().get(id.index()))
                {
                    package.scope = known.scope;
                }
                assembly.inventory.add(package);
            }
        }
    }
}

fn is_installed(path: &TargetPath) -> bool {
    path.parts()
        .any(|folder| matches!(folder, "node_modules" | "bower_components"))
}

fn libraries(content: &[u8]) -> BTreeSet<(&'static str, String)> {
    let content = content.get(..SEARCHED).unwrap_or(content);
    let mut found = BTreeSet::new();
    let starts = memmem::find_iter(content, b"/*").map(|at| (at, "*/"));
    let lines = memmem::find_iter(content.get(..START).unwrap_or(content), b"//");
    // moment signs in two lines, `//! moment.js` and `//! version : 2.29.4`.
    let moments = memmem::find_iter(content, b"//! moment.js");
    let lines = lines.chain(moments).map(|at| (at, "\0"));
    for (at, end) in starts.take(MOST_COMMENTS).chain(lines.take(MOST_COMMENTS)) {
        let Some(comment) = content.get(at + 2..) else {
            continue;
        };
        let is_kept = comment.starts_with(b"!") || comment.starts_with(b"*");
        if at > START && !is_kept {
            continue;
        }
        let comment = comment.get(..LONGEST_COMMENT).unwrap_or(comment);
        let text = String::from_utf8_lossy(comment);
        let text = text.split_once(end).map_or(text.as_ref(), |(text, _)| text);
        let mut lines = text.lines().map(plain).filter(|line| !line.is_empty());
        let (first, second) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
        let joined;
        let first = if first == "moment.js" {
            joined = format!("{first} {second}");
            &joined
        } else {
            first
        };
        if let Some((name, version)) = library_of(first, second) {
            found.insert((name, version.to_owned()));
        }
    }
    found
}

/// A line without what comments are drawn with.
fn plain(line: &str) -> &str {
    let mut line = line.trim();
    loop {
        let shorter = line.trim_start_matches(['*', '!', '/', ' ', '\t']);
        let shorter = ["@license", "@preserve", "@module"]
            .into_iter()
            .find_map(|word| shorter.strip_prefix(word))
            .unwrap_or(shorter);
        if shorter.len() == line.len() {
            return line;
        }
        line = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banners_are_found_anywhere_and_prose_is_not() {
        let mut bundle = b"/*! jQuery v3.6.0 | (c) X */!function(){}();".to_vec();
        bundle.resize(5000, b' ');
        bundle.extend(
            b"/** @license React v16.13.1\n * react-dom.production.min.js\n */x();\
              /*!\n  * Bootstrap v4.3.1 (https://x)\n */y();/* Vue.js v2.0.0 */\
              //! moment.js\n//! version : 2.29.4\n\nz();/*! needs jQuery v1.9.0 */",
        );
        let found = libraries(&bundle);
        let names: Vec<String> = found
            .iter()
            .map(|(name, version)| format!("{name}@{version}"))
            .collect();
        assert_eq!(
            names,
            [
                "bootstrap@4.3.1",
                "jquery@3.6.0",
                "moment@2.29.4",
                "react-dom@16.13.1"
            ]
        );
        assert!(libraries(b"/*").is_empty() && libraries(b"//").is_empty());
    }
}
