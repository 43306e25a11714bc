//! What the files in a package say of it: that they were analysed, the code by which SPDX names them
//! together, and the licences in them.
//!
//! A package that contains files was analysed
//! (<https://spdx.github.io/spdx-spec/v2.3/package-information/#78-files-analyzed-field>), and its
//! verification code is the SHA-1 of the digests of its files, sorted and written one after another
//! (<https://spdx.github.io/spdx-spec/v2.3/package-information/#79-package-verification-code-field>).
//! The writer says what follows from the files; the reader takes it as said when it does. Which of
//! a package's files are left out of its code is known to whoever made the document, and is kept.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use sha1::{Digest as _, Sha1};

use super::NO_ASSERTION;
use crate::document::{
    Component, ComponentKind, Document, Family, HashAlgorithm, LicenseStanding, RelationshipKind,
};
use crate::node::{Node, ObjectBuilder};

/// The files of each package that contains some.
pub(super) struct ContainedFiles<'a> {
    by_package: HashMap<*const Component, Vec<&'a Component>>,
}

/// What follows from the files of a package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Analysed {
    /// The package verification code; none where a file has no proper digest.
    pub(super) code: Option<String>,
    /// The licences that its files are said to have in them.
    pub(super) licenses: BTreeSet<String>,
}

impl<'a> ContainedFiles<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let mut by_package: HashMap<*const Component, Vec<&Component>> = HashMap::new();
        let files: HashMap<&str, &Component> = document
            .all_components()
            .filter(|component| is_file(component))
            .map(|file| (file.reference.as_str(), file))
            .collect();
        if !files.is_empty() {
            let packages: HashMap<&str, &Component> = document
                .all_components()
                .filter(|component| !is_file(component))
                .map(|package| (package.reference.as_str(), package))
                .collect();
            for package in document.all_components().filter(|found| !is_file(found)) {
                for file in package.components.iter().filter(|inner| is_file(inner)) {
                    by_package.entry(package).or_default().push(file);
                }
            }
            for relationship in &document.relationships {
                if relationship.kind == RelationshipKind::Contains
                    && let Some(package) = packages.get(relationship.from.as_str())
                    && let Some(file) = files.get(relationship.to.as_str())
                {
                    by_package.entry(*package).or_default().push(file);
                }
            }
        }
        Self { by_package }
    }

    /// What follows from the files of this package, if it contains any.
    pub(super) fn analysed(&self, package: &Component) -> Option<Analysed> {
        let files = self.by_package.get(&std::ptr::from_ref(package))?;
        // A file that is said twice to be in the package is in it once.
        let files: HashMap<*const Component, &Component> = files
            .iter()
            .map(|file| (std::ptr::from_ref(*file), *file))
            .collect();
        let mut licenses = BTreeSet::new();
        let mut digests: Option<Vec<String>> = Some(Vec::with_capacity(files.len()));
        let mut files: Vec<&Component> = files.into_values().collect();
        files.sort_by(|left, right| left.reference.cmp(&right.reference));
        for file in files {
            let digest = file
                .hashes
                .iter()
                .find(|hash| hash.algorithm == HashAlgorithm::Sha1)
                .map(|hash| hash.value.to_ascii_lowercase())
                .filter(|value| {
                    value.len() == 40 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
                });
            match (&mut digests, digest) {
                (Some(list), Some(digest)) => list.push(digest),
                _ => digests = None,
            }
            let said = file.extensions.get(Family::Spdx2, IN_FILE);
            let said = said.and_then(Node::as_list).unwrap_or_default();
            licenses.extend(said.iter().filter_map(Node::as_str).map(str::to_owned));
        }
        let code = digests.map(|mut list| {
            list.sort_unstable();
            let mut hasher = Sha1::new();
            for digest in &list {
                hasher.update(digest.as_bytes());
            }
            let mut code = String::with_capacity(40);
            for byte in hasher.finalize() {
                let _ = write!(code, "{byte:02x}");
            }
            code
        });
        Some(Analysed { code, licenses })
    }
}

impl Analysed {
    /// The package verification code as a field.
    pub(super) fn verification(&self) -> Option<Node> {
        let mut node = ObjectBuilder::new();
        node.set("packageVerificationCodeValue", self.code.as_deref()?);
        Some(node.build())
    }

    /// The licences as a field, which SPDX 2.2 demands even if nothing is known.
    pub(super) fn licenses(&self, version_2_2: bool) -> Vec<Node> {
        if self.licenses.is_empty() {
            return nothing_known(version_2_2);
        }
        self.licenses.iter().map(Node::text).collect()
    }
}

/// The field of a file for the licences that are in it.
pub(super) const IN_FILE: &str = "licenseInfoInFiles";

/// The field of a package for the licences that are in its files.
pub(super) const FROM_FILES: &str = "licenseInfoFromFiles";

/// A list of licences that says nothing, where one is demanded.
pub(super) fn nothing_known(demanded: bool) -> Vec<Node> {
    let nothing = demanded.then(|| Node::text(NO_ASSERTION));
    nothing.into_iter().collect()
}

/// Forgets what follows from the files that a package contains, and what says nothing.
pub(super) fn forget_what_follows(document: &mut Document) {
    let known: Vec<Option<Analysed>> = {
        let contained = ContainedFiles::of(document);
        let packages = document.components.iter();
        packages.map(|found| contained.analysed(found)).collect()
    };
    for (component, analysed) in document.components.iter_mut().zip(known) {
        let says_nothing = |value: &Node| {
            let list = value.as_list().unwrap_or_default();
            matches!(list, [one] if one.as_str() == Some(NO_ASSERTION))
        };
        let kept = &mut component.extensions;
        kept.forget(Family::Spdx2, IN_FILE, says_nothing);
        let Some(analysed) = analysed else { continue };
        let verification = analysed.verification();
        let code = kept.get(Family::Spdx2, "packageVerificationCode");
        if code.is_some() && code == verification.as_ref() {
            kept.forget(Family::Spdx2, "packageVerificationCode", |_| true);
            kept.forget(Family::Spdx2, "filesAnalyzed", |value| {
                *value == Node::Bool(true)
            });
        }
        let licenses = Node::List(analysed.licenses(true));
        kept.forget(Family::Spdx2, FROM_FILES, |value| *value == licenses);
    }
}

/// Whether a component is a file in SPDX's sense: nothing is known of it that only packages have.
pub(super) fn is_file(component: &Component) -> bool {
    component.kind == ComponentKind::File
        && component
            .hashes
            .iter()
            .any(|hash| hash.algorithm == HashAlgorithm::Sha1)
        && component.purl.is_none()
        && component.version.is_none()
        && component.group.is_none()
        && component.supplier.is_none()
        && component.authors.is_empty()
        && component.identifiers.is_empty()
        && component.download.is_none()
        && component.homepage.is_none()
        && component.summary.is_none()
        && component.description.is_none()
        && component.source.is_none()
        && component.file_name.is_none()
        && component.external_references.is_empty()
        && component
            .licenses
            .iter()
            .all(|license| license.standing == LicenseStanding::Concluded)
}
