//! "The Minimum Elements For a Software Bill of Materials", NTIA, July 2021: the seven data
//! fields. Its chapters on practices are about how documents are handed on, which a document can
//! not show.

use super::facts::{has_identifier, has_name, has_supplier, has_version};
use super::{Element, Standard, Test};

pub(super) const STANDARD: Standard = Standard {
    id: "ntia-2021",
    name: "NTIA minimum elements (2021)",
    elements: &[
        Element {
            id: "supplier-name",
            name: "Supplier name",
            hint: "CycloneDX components[].supplier, SPDX packages[].supplier",
            test: Test::Component(|_, component| has_supplier(component)),
        },
        Element {
            id: "component-name",
            name: "Component name",
            hint: "CycloneDX components[].name, SPDX packages[].name",
            test: Test::Component(|_, component| has_name(component)),
        },
        Element {
            id: "component-version",
            name: "Version of the component",
            hint: "CycloneDX components[].version, SPDX packages[].versionInfo",
            test: Test::Component(|_, component| has_version(component)),
        },
        Element {
            id: "unique-identifiers",
            name: "Other unique identifiers",
            hint: "a package URL, CPE or SWID tag",
            test: Test::Component(|_, component| has_identifier(component)),
        },
        Element {
            id: "dependency-relationship",
            name: "Dependency relationship",
            hint: "CycloneDX dependencies, SPDX relationships",
            test: Test::Component(|facts, component| facts.relates(component)),
        },
        Element {
            id: "author",
            name: "Author of SBOM data",
            hint: "CycloneDX metadata.authors, SPDX creators (Person or Organization)",
            test: Test::Document(|facts| facts.has_author()),
        },
        Element {
            id: "timestamp",
            name: "Timestamp",
            hint: "CycloneDX metadata.timestamp, SPDX created",
            test: Test::Document(|facts| facts.has_timestamp()),
        },
    ],
};
