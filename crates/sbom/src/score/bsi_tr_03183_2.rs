//! Technical Guideline TR-03183 "Cyber Resilience Requirements for Manufacturers and Products",
//! part 2 "Software Bill of Materials", version 2.1.0, BSI, August 2025: the required fields of
//! the document and of each component, and those that are required where they exist.
//!
//! Not judged: which format and version the document is in (it may be read from any and written to
//! the right one), and the optional fields.

use super::facts::{
    creator_can_be_reached, has_declared_license, has_file_name, has_identifier, has_name,
    has_property, has_reference, has_sha512, has_spdx_license, has_version,
};
use super::{Element, Standard, Test};

pub(super) const STANDARD: Standard = Standard {
    id: "bsi-tr-03183-2",
    name: "BSI TR-03183-2 (v2.1)",
    elements: &[
        Element {
            id: "sbom-creator",
            name: "Creator of the SBOM (mail address or URL)",
            hint: "CycloneDX metadata.manufacturer or metadata.authors with an email",
            test: Test::Document(|facts| facts.has_author_to_reach()),
        },
        Element {
            id: "timestamp",
            name: "Timestamp",
            hint: "CycloneDX metadata.timestamp, SPDX created",
            test: Test::Document(|facts| facts.has_timestamp()),
        },
        Element {
            id: "sbom-uri",
            name: "SBOM-URI",
            hint: "CycloneDX serialNumber, SPDX documentNamespace",
            test: Test::Document(|facts| facts.document.metadata.serial.is_some()),
        },
        Element {
            id: "component-creator",
            name: "Component creator (mail address or URL)",
            hint: "CycloneDX components[].manufacturer with a url or contact",
            test: Test::Component(|_, component| creator_can_be_reached(component)),
        },
        Element {
            id: "component-name",
            name: "Component name",
            hint: "CycloneDX components[].name, SPDX packages[].name",
            test: Test::Component(|_, component| has_name(component)),
        },
        Element {
            id: "component-version",
            name: "Component version",
            hint: "CycloneDX components[].version, SPDX packages[].versionInfo",
            test: Test::Component(|_, component| has_version(component)),
        },
        Element {
            id: "file-name",
            name: "Filename of the component",
            hint: "CycloneDX property bsi:component:filename, SPDX packageFileName",
            test: Test::Component(|_, component| has_file_name(component)),
        },
        Element {
            id: "dependencies",
            name: "Dependencies on other components",
            hint: "CycloneDX dependencies: an entry for each component, empty if it needs nothing",
            test: Test::Component(|facts, component| facts.speaks_of(component)),
        },
        Element {
            id: "distribution-licences",
            name: "Distribution licences (SPDX identifiers or expressions)",
            hint: "CycloneDX components[].licenses, SPDX packages[].licenseConcluded",
            test: Test::Component(|_, component| has_spdx_license(component)),
        },
        Element {
            id: "hash",
            name: "Hash value of the deployable component (SHA-512)",
            hint: "CycloneDX components[].hashes with SHA-512",
            test: Test::Component(|_, component| has_sha512(component)),
        },
        Element {
            id: "executable-property",
            name: "Executable property",
            hint: "CycloneDX property bsi:component:executable",
            test: Test::Component(|_, component| {
                has_property(component, "bsi:component:executable")
            }),
        },
        Element {
            id: "archive-property",
            name: "Archive property",
            hint: "CycloneDX property bsi:component:archive",
            test: Test::Component(|_, component| has_property(component, "bsi:component:archive")),
        },
        Element {
            id: "structured-property",
            name: "Structured property",
            hint: "CycloneDX property bsi:component:structured",
            test: Test::Component(|_, component| {
                has_property(component, "bsi:component:structured")
            }),
        },
        Element {
            id: "source-code-uri",
            name: "Source code URI",
            hint: "CycloneDX externalReferences of type vcs or source-distribution",
            test: Test::Component(|_, component| {
                has_reference(component, &["vcs", "source-distribution"])
            }),
        },
        Element {
            id: "deployable-uri",
            name: "URI of the deployable form of the component",
            hint: "CycloneDX externalReferences of type distribution, SPDX downloadLocation",
            test: Test::Component(|_, component| {
                component.download.is_some() || has_reference(component, &["distribution"])
            }),
        },
        Element {
            id: "unique-identifiers",
            name: "Other unique identifiers",
            hint: "a package URL, CPE or SWID tag",
            test: Test::Component(|_, component| has_identifier(component)),
        },
        Element {
            id: "original-licences",
            name: "Original licences",
            hint: "CycloneDX components[].licenses with acknowledgement declared, SPDX licenseDeclared",
            test: Test::Component(|_, component| has_declared_license(component)),
        },
    ],
};
