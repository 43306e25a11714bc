//! Which tag is which field of the JSON encoding.

/// The part of a document that a tag belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The document itself.
    Document,
    /// Its creation.
    Creation,
    /// A package.
    Package,
    /// A file.
    File,
    /// A part of a file.
    Snippet,
    /// The text of a licence.
    License,
    /// An annotation.
    Annotation,
    /// A review.
    Review,
    /// A relationship.
    Relationship,
}

impl Part {
    /// The list in the JSON encoding.
    pub(super) fn list(self) -> &'static str {
        match self {
            Self::Document | Self::Creation => "",
            Self::Package => "packages",
            Self::File => "files",
            Self::Snippet => "snippets",
            Self::License => "hasExtractedLicensingInfos",
            Self::Annotation => "annotations",
            Self::Review => "revieweds",
            Self::Relationship => "relationships",
        }
    }
}

/// The form of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One text.
    Text,
    /// Several texts, each with the tag.
    Texts,
    /// `true` or `false`.
    Bool,
    /// `SHA1: abc`, several times.
    Checksums,
    /// `SECURITY cpe23Type cpe:2.3:…`, several times.
    References,
    /// A package verification code with excluded files.
    Verification,
    /// Written with `-` where JSON has `_`.
    Dashed,
}

/// A tag.
pub(super) struct Tag {
    pub(super) name: &'static str,
    pub(super) part: Part,
    pub(super) field: &'static str,
    pub(super) form: Form,
}

const fn tag(name: &'static str, part: Part, field: &'static str, form: Form) -> Tag {
    Tag {
        name,
        part,
        field,
        form,
    }
}

/// All tags whose value stands for itself, in the order in which they are written. `SPDXID` and
/// what needs more than one line are not here.
pub(super) static TAGS: &[Tag] = &[
    tag("SPDXVersion", Part::Document, "spdxVersion", Form::Text),
    tag("DataLicense", Part::Document, "dataLicense", Form::Text),
    tag("DocumentName", Part::Document, "name", Form::Text),
    tag(
        "DocumentNamespace",
        Part::Document,
        "documentNamespace",
        Form::Text,
    ),
    tag("DocumentComment", Part::Document, "comment", Form::Text),
    tag("Creator", Part::Creation, "creators", Form::Texts),
    tag("Created", Part::Creation, "created", Form::Text),
    tag("CreatorComment", Part::Creation, "comment", Form::Text),
    tag(
        "LicenseListVersion",
        Part::Creation,
        "licenseListVersion",
        Form::Text,
    ),
    tag("PackageVersion", Part::Package, "versionInfo", Form::Text),
    tag(
        "PackageFileName",
        Part::Package,
        "packageFileName",
        Form::Text,
    ),
    tag("PackageSupplier", Part::Package, "supplier", Form::Text),
    tag("PackageOriginator", Part::Package, "originator", Form::Text),
    tag(
        "PackageDownloadLocation",
        Part::Package,
        "downloadLocation",
        Form::Text,
    ),
    tag(
        "PrimaryPackagePurpose",
        Part::Package,
        "primaryPackagePurpose",
        Form::Dashed,
    ),
    tag("FilesAnalyzed", Part::Package, "filesAnalyzed", Form::Bool),
    tag(
        "PackageVerificationCode",
        Part::Package,
        "packageVerificationCode",
        Form::Verification,
    ),
    tag(
        "PackageChecksum",
        Part::Package,
        "checksums",
        Form::Checksums,
    ),
    tag("PackageHomePage", Part::Package, "homepage", Form::Text),
    tag("PackageSourceInfo", Part::Package, "sourceInfo", Form::Text),
    tag(
        "PackageLicenseConcluded",
        Part::Package,
        "licenseConcluded",
        Form::Text,
    ),
    tag(
        "PackageLicenseInfoFromFiles",
        Part::Package,
        "licenseInfoFromFiles",
        Form::Texts,
    ),
    tag(
        "PackageLicenseDeclared",
        Part::Package,
        "licenseDeclared",
        Form::Text,
    ),
    tag(
        "PackageLicenseComments",
        Part::Package,
        "licenseComments",
        Form::Text,
    ),
    tag(
        "PackageCopyrightText",
        Part::Package,
        "copyrightText",
        Form::Text,
    ),
    tag("PackageSummary", Part::Package, "summary", Form::Text),
    tag(
        "PackageDescription",
        Part::Package,
        "description",
        Form::Text,
    ),
    tag("PackageComment", Part::Package, "comment", Form::Text),
    tag(
        "ExternalRef",
        Part::Package,
        "externalRefs",
        Form::References,
    ),
    tag(
        "PackageAttributionText",
        Part::Package,
        "attributionTexts",
        Form::Texts,
    ),
    tag("ReleaseDate", Part::Package, "releaseDate", Form::Text),
    tag("BuiltDate", Part::Package, "builtDate", Form::Text),
    tag(
        "ValidUntilDate",
        Part::Package,
        "validUntilDate",
        Form::Text,
    ),
    tag("FileType", Part::File, "fileTypes", Form::Texts),
    tag("FileChecksum", Part::File, "checksums", Form::Checksums),
    tag(
        "LicenseConcluded",
        Part::File,
        "licenseConcluded",
        Form::Text,
    ),
    tag(
        "LicenseInfoInFile",
        Part::File,
        "licenseInfoInFiles",
        Form::Texts,
    ),
    tag("LicenseComments", Part::File, "licenseComments", Form::Text),
    tag("FileCopyrightText", Part::File, "copyrightText", Form::Text),
    tag("FileComment", Part::File, "comment", Form::Text),
    tag("FileNotice", Part::File, "noticeText", Form::Text),
    tag(
        "FileContributor",
        Part::File,
        "fileContributors",
        Form::Texts,
    ),
    tag(
        "FileAttributionText",
        Part::File,
        "attributionTexts",
        Form::Texts,
    ),
    tag(
        "FileDependency",
        Part::File,
        "fileDependencies",
        Form::Texts,
    ),
    tag(
        "SnippetFromFileSPDXID",
        Part::Snippet,
        "snippetFromFile",
        Form::Text,
    ),
    tag(
        "SnippetLicenseConcluded",
        Part::Snippet,
        "licenseConcluded",
        Form::Text,
    ),
    tag(
        "LicenseInfoInSnippet",
        Part::Snippet,
        "licenseInfoInSnippets",
        Form::Texts,
    ),
    tag(
        "SnippetLicenseComments",
        Part::Snippet,
        "licenseComments",
        Form::Text,
    ),
    tag(
        "SnippetCopyrightText",
        Part::Snippet,
        "copyrightText",
        Form::Text,
    ),
    tag("SnippetComment", Part::Snippet, "comment", Form::Text),
    tag("SnippetName", Part::Snippet, "name", Form::Text),
    tag(
        "SnippetAttributionText",
        Part::Snippet,
        "attributionTexts",
        Form::Texts,
    ),
    tag("ExtractedText", Part::License, "extractedText", Form::Text),
    tag("LicenseName", Part::License, "name", Form::Text),
    tag(
        "LicenseCrossReference",
        Part::License,
        "seeAlsos",
        Form::Texts,
    ),
    tag("LicenseComment", Part::License, "comment", Form::Text),
    tag(
        "AnnotationDate",
        Part::Annotation,
        "annotationDate",
        Form::Text,
    ),
    tag(
        "AnnotationType",
        Part::Annotation,
        "annotationType",
        Form::Text,
    ),
    tag("SPDXREF", Part::Annotation, "SPDXREF", Form::Text),
    tag("AnnotationComment", Part::Annotation, "comment", Form::Text),
    tag("ReviewDate", Part::Review, "reviewDate", Form::Text),
    tag("ReviewComment", Part::Review, "comment", Form::Text),
    tag(
        "RelationshipComment",
        Part::Relationship,
        "comment",
        Form::Text,
    ),
];

/// Tags that begin a new part, and the field for their value.
pub(super) static BEGINNINGS: &[(&str, Part, &str)] = &[
    ("PackageName", Part::Package, "name"),
    ("FileName", Part::File, "fileName"),
    ("SnippetSPDXID", Part::Snippet, "SPDXID"),
    ("LicenseID", Part::License, "licenseId"),
    ("Annotator", Part::Annotation, "annotator"),
    ("Reviewer", Part::Review, "reviewer"),
];
