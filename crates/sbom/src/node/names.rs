//! Names of fields that documents repeat for each of their parts. A text for each occurrence would
//! take more memory than most of the values.
//!
//! A name that is not here is read all the same.

use std::borrow::Cow;

/// The usual names, in the order of their bytes.
#[rustfmt::skip]
const USUAL: &[&str] = &[
    "@context", "@graph", "@id", "@type", "SPDXID", "advisories", "affects", "aggregate", "alg",
    "algorithm", "algorithms", "analysis", "annotationDate", "annotationType", "annotations",
    "annotator", "attributionTexts", "author", "authors", "bom-ref", "checksumValue", "checksums",
    "comment", "components", "content", "contentType", "context", "copyright", "copyrightText",
    "cpe", "creationInfo", "cvssV3", "cwes", "data", "dataLicense", "date", "dependencies",
    "dependsOn", "description", "documentDescribes", "documentNamespace", "downloadLocation",
    "element", "email", "encoding", "evidence", "expression", "extension",
    "extension_CdxPropertyEntry", "extension_cdxPropName", "extension_cdxPropValue",
    "extension_cdxProperty", "externalIdentifier", "externalIdentifierType", "externalRef",
    "externalReferences", "externalRefs", "fileName", "fileTypes", "filesAnalyzed", "from",
    "group", "hasExtractedLicensingInfos", "hasFiles", "hashValue", "hashes", "homepage", "id",
    "identifier", "identity", "justification", "language", "license", "licenseConcluded",
    "licenseDeclared", "licenseId", "licenseInfoFromFiles", "licenseInfoInFiles", "licenses",
    "lifecycleScope", "line", "location", "locator", "manufacturer", "metadata", "methods",
    "mime-type", "modified", "name", "namespace", "occurrences", "omniborId", "originator",
    "packageFileName", "packageVerificationCode", "packages", "path", "pedigree", "phone",
    "primaryPackagePurpose", "properties", "publisher", "purl", "purpose", "ratings", "reason",
    "ref", "referenceCategory", "referenceLocator", "referenceType", "references",
    "relatedSpdxElement", "relationshipType", "relationships", "releaseDate", "releaseNotes",
    "scope", "score", "serialNumber", "severity", "signature",
    "simplelicensing_licenseExpression", "simplelicensing_licenseText", "software_contentType",
    "software_copyrightText", "software_downloadLocation", "software_fileKind",
    "software_homePage", "software_packageUrl", "software_packageVersion",
    "software_primaryPurpose", "software_sourceInfo", "source", "sourceInfo", "spdxElementId",
    "spdxId", "spdxVersion", "specVersion", "subjects", "summary", "suppliedBy", "supplier",
    "swhid", "swid", "tags", "technique", "text", "timestamp", "to", "tools", "type", "url",
    "uuid", "value", "vector", "verifiedUsing", "version", "versionInfo", "vulnerabilities",
];

/// The name, shared if it is a usual one.
pub(super) fn shared(name: &str) -> Cow<'static, str> {
    match USUAL.binary_search(&name) {
        Ok(place) => USUAL
            .get(place)
            .map_or_else(|| Cow::Owned(name.to_owned()), |name| Cow::Borrowed(*name)),
        Err(_) => Cow::Owned(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_names_are_found() {
        assert!(USUAL.is_sorted_by(|one, next| one < next));
        for name in USUAL {
            assert!(matches!(shared(name), Cow::Borrowed(found) if found == *name));
        }
        assert!(matches!(shared("some-other"), Cow::Owned(_)));
    }
}
