//! "2025 Minimum Elements for a Software Bill of Materials (SBOM)", CISA, public comment draft of
//! August 2025: the fields of 2021 under clearer names, and component hash, licence, tool name and
//! generation context beside them.

use super::facts::{has_hash, has_identifier, has_license, has_name, has_supplier, has_version};
use super::{Element, Standard, Test};

pub(super) const STANDARD: Standard = Standard {
    id: "cisa-2025",
    name: "CISA minimum elements (2025 draft)",
    elements: &[
        Element {
            id: "author",
            name: "SBOM author",
            hint: "CycloneDX metadata.authors, SPDX creators (Person or Organization)",
            test: Test::Document(|facts| facts.has_author()),
        },
        Element {
            id: "software-producer",
            name: "Software producer",
            hint: "CycloneDX components[].manufacturer or supplier, SPDX packages[].supplier",
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
            name: "Component version",
            hint: "CycloneDX components[].version, SPDX packages[].versionInfo",
            test: Test::Component(|_, component| has_version(component)),
        },
        Element {
            id: "software-identifiers",
            name: "Software identifiers",
            hint: "at least one: a package URL, CPE, SWHID, OmniBOR",
            test: Test::Component(|_, component| has_identifier(component)),
        },
        Element {
            id: "component-hash",
            name: "Component hash",
            hint: "CycloneDX components[].hashes, SPDX packages[].checksums",
            test: Test::Component(|_, component| has_hash(component)),
        },
        Element {
            id: "license",
            name: "License",
            hint: "CycloneDX components[].licenses, SPDX packages[].licenseDeclared",
            test: Test::Component(|_, component| has_license(component)),
        },
        Element {
            id: "dependency-relationship",
            name: "Dependency relationship",
            hint: "CycloneDX dependencies, SPDX relationships",
            test: Test::Component(|facts, component| facts.relates(component)),
        },
        Element {
            id: "tool-name",
            name: "Tool name",
            hint: "CycloneDX metadata.tools, SPDX creators (Tool)",
            test: Test::Document(|facts| facts.has_tool()),
        },
        Element {
            id: "timestamp",
            name: "Timestamp",
            hint: "CycloneDX metadata.timestamp, SPDX created",
            test: Test::Document(|facts| facts.has_timestamp()),
        },
        Element {
            id: "generation-context",
            name: "Generation context",
            hint: "CycloneDX metadata.lifecycles, SPDX 3 sbomType",
            test: Test::Document(|facts| !facts.document.metadata.lifecycles.is_empty()),
        },
    ],
};
