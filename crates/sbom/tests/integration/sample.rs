//! Inventories to write: an image with a bit of everything, an empty one, and a hostile one.

use linchpin_model::{
    About, CatalogerId, Digest, DigestAlgorithm, Distribution, Ecosystem, Exploitation, FileRecord,
    Finding, FindingKind, Inventory, InventoryBuilder, LayerIndex, LicenseExpression, Note,
    NoteKind, Occurrence, OccurrenceKind, Package, PackageUrl, Reason, Remedy, RiskScore, Role,
    RuleId, Scope, Severity, SourcePackage, Subject, SubjectKind, TargetPath,
};
use linchpin_sbom::{Contents, SbomOptions};

pub(crate) fn write(format: &str, inventory: &Inventory, findings: Option<&[Finding]>) -> String {
    let options = SbomOptions {
        tool_version: "0.1.0",
        timestamp: None,
    };
    write_with(format, inventory, findings, &options)
}

pub(crate) fn write_with(
    format: &str,
    inventory: &Inventory,
    findings: Option<&[Finding]>,
    options: &SbomOptions<'_>,
) -> String {
    let contents = Contents {
        inventory,
        findings,
        suppressed: &[],
    };
    let mut out = Vec::new();
    let choice = linchpin_sbom::formats::choose(format).unwrap();
    choice.write(&contents, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub(crate) fn subject(kind: SubjectKind) -> Subject {
    let digest = |byte: u8| Digest::from_bytes(DigestAlgorithm::Sha256, &[byte; 32]).unwrap();
    Subject {
        name: "shop.example/storefront:2.3".into(),
        kind,
        digest: Some(digest(0x9f)),
        platform: Some("linux/amd64".into()),
        layers: vec![digest(1), digest(2)],
    }
}

pub(crate) fn occurrence(path: &str, layer: u16, kind: OccurrenceKind) -> Occurrence {
    Occurrence {
        path: TargetPath::new(path),
        layer: Some(LayerIndex(layer)),
        kind,
        cataloger: CatalogerId("test"),
        owner: None,
    }
}

fn npm(name: &str, version: &str) -> Package {
    let (namespace, name) = match name.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, name),
    };
    Package::new(
        PackageUrl::new("npm", namespace, name, Some(version)).unwrap(),
        occurrence("srv/shop/package-lock.json", 1, OccurrenceKind::Locked),
    )
}

/// One project with direct, development and optional dependencies, a ring that nothing reaches,
/// and Debian packages of which one owns a Python package.
pub(crate) fn storefront() -> Inventory {
    let mut builder = InventoryBuilder::default();
    builder.set_distribution(Distribution {
        id: "debian".into(),
        version: Some("12".into()),
        codename: Some("bookworm".into()),
        pretty_name: Some("Debian GNU/Linux 12 (bookworm)".into()),
    });
    let debian = |name: &str, version: &str, source: &str| {
        let mut package = Package::new(
            PackageUrl::with_qualifiers(
                "deb",
                Some("debian"),
                name,
                Some(version),
                &[("arch", "amd64")],
            )
            .unwrap(),
            occurrence("var/lib/dpkg/status", 0, OccurrenceKind::Installed),
        );
        package.source = Some(SourcePackage {
            name: source.into(),
            version: version.into(),
        });
        package.supplier = Some("Debian Maintainers".into());
        package
    };
    let mut six = debian("python3-six", "1.16.0-4", "six");
    six.files = Some(FileRecord {
        listed: 12,
        missing: 3,
        examples: vec![TargetPath::new("usr/share/doc/python3-six/copyright")],
    });
    let six = builder.add(six);
    let libssl = builder.add(debian("libssl3", "3.0.11-1~deb12u2", "openssl"));
    let openssl = builder.add(debian("openssl", "3.0.11-1~deb12u2", "openssl"));
    builder.depend(openssl, libssl, Scope::Runtime);

    let mut owned = Package::new(
        PackageUrl::new("pypi", None, "six", Some("1.16.0")).unwrap(),
        occurrence(
            "usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO",
            0,
            OccurrenceKind::Installed,
        ),
    );
    owned.occurrences[0].owner = Some(six);
    builder.add(owned);

    let mut root = npm("storefront", "2.3.0");
    root.role = Role::Application;
    let root = builder.add(root);
    let mut lodash = npm("lodash", "4.17.15");
    lodash.license = LicenseExpression::parse("MIT").ok();
    lodash.description = Some("Lodash modular utilities.".into());
    lodash.hashes = vec![
        Digest::from_bytes(DigestAlgorithm::Sha512, &[7; 64]).unwrap(),
        Digest::from_bytes(DigestAlgorithm::Sha1, &[7; 20]).unwrap(),
    ];
    lodash.occurrences.push(occurrence(
        "srv/shop/node_modules/lodash/package.json",
        1,
        OccurrenceKind::Installed,
    ));
    let lodash = builder.add(lodash);
    let mut traverse = npm("@babel/traverse", "7.12.5");
    traverse.license = LicenseExpression::parse("MIT OR Apache-2.0").ok();
    traverse.scope = Scope::Development;
    let traverse = builder.add(traverse);
    let mut optional = npm("fsevents", "2.3.2");
    optional.scope = Scope::Optional;
    let optional = builder.add(optional);
    builder.depend(root, lodash, Scope::Runtime);
    builder.depend(root, traverse, Scope::Development);
    builder.depend(root, optional, Scope::Optional);
    builder.depend(traverse, lodash, Scope::Runtime);

    let ring_a = builder.add(npm("ring-a", "1.0.0"));
    let ring_b = builder.add(npm("ring-b", "1.0.0"));
    builder.depend(ring_a, ring_b, Scope::Runtime);
    builder.depend(ring_b, ring_a, Scope::Runtime);
    builder.note(Note::at(
        NoteKind::Unread,
        &TargetPath::new("srv/shop/yarn.lock"),
        Some(LayerIndex(1)),
        "yarn lockfiles are not understood yet",
    ));
    builder.finish(subject(SubjectKind::Image))
}

/// A flaw in two packages of one source, one in a dependency, and one that is in use by attackers.
pub(crate) fn findings(inventory: &Inventory) -> Vec<Finding> {
    [
        (
            "CVE-2024-5535",
            "libssl3",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H",
            91,
        ),
        (
            "CVE-2024-5535",
            "openssl",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H",
            91,
        ),
        (
            "CVE-2020-8203",
            "lodash",
            "CVSS:4.0/AV:N/AC:H/AT:N/PR:N/UI:N/VC:N/VI:H/VA:H/SC:N/SI:N/SA:N",
            74,
        ),
        ("CVE-2019-0001", "fsevents", "", 0),
    ]
    .into_iter()
    .map(|(id, name, vector, tenths)| {
        let (package, found) = inventory
            .iter()
            .find(|(_, package)| package.purl.name() == name)
            .unwrap();
        let mut because = vec![Reason::Listed {
            advisory: id.into(),
            name: name.into(),
            ecosystem: found.purl.ecosystem().unwrap_or(Ecosystem::Npm),
            version: found.version().unwrap_or_default().into(),
        }];
        match tenths {
            0 => {}
            tenths if name == "lodash" => because.push(Reason::Lent {
                advisory: "GHSA-another".into(),
                flaw: id.into(),
                vector: Some(vector.into()),
                tenths,
            }),
            tenths => because.push(Reason::Scored {
                vector: vector.into(),
                tenths,
            }),
        }
        Finding {
            rule: RuleId(id.into()),
            aliases: vec![format!("GHSA-{name}")],
            kind: FindingKind::Vulnerability,
            severity: match tenths {
                0 => Severity::Unknown,
                tenths => Severity::from_cvss(f64::from(tenths) / 10.0),
            },
            cvss_tenths: Some(tenths).filter(|tenths| *tenths > 0),
            score: RiskScore(tenths / 2),
            exploited: (name == "lodash").then(|| Exploitation {
                added: "2024-01-02".into(),
                ransomware: false,
            }),
            about: About::Package(package),
            remedy: (tenths > 0).then(|| Remedy::Upgrade {
                version: "9.9.9".into(),
            }),
            summary: format!("a flaw in {name}"),
            published: Some("2024-01-01T00:00:00Z".parse().unwrap()),
            because,
        }
    })
    .collect()
}

pub(crate) fn empty() -> Inventory {
    InventoryBuilder::default().finish(Subject {
        name: "./nothing".into(),
        kind: SubjectKind::Directory,
        digest: None,
        platform: None,
        layers: Vec::new(),
    })
}

/// Escapes, line breaks and bidirectional overrides wherever a target can choose the words.
pub(crate) fn hostile() -> Inventory {
    let text = "a\u{1b}[2J\r\nb\u{202e}c\u{0}/%\"<&'@?#";
    let mut builder = InventoryBuilder::default();
    builder.set_distribution(Distribution {
        id: text.into(),
        version: Some(text.into()),
        codename: Some(text.into()),
        pretty_name: Some(text.into()),
    });
    let mut package = Package::new(
        PackageUrl::new("npm", Some(text), text, Some(text)).unwrap(),
        occurrence(text, 40_000, OccurrenceKind::Embedded),
    );
    package.supplier = Some(text.into());
    package.description = Some(text.into());
    package.source = Some(SourcePackage {
        name: text.into(),
        version: text.into(),
    });
    package
        .occurrences
        .push(occurrence("", 0, OccurrenceKind::Declared));
    builder.add(package);
    builder.note(Note::general(NoteKind::Inconsistent, text));
    let mut subject = subject(SubjectKind::File);
    subject.name = text.into();
    builder.finish(subject)
}

/// The findings, where the inventory has the packages for them.
pub(crate) fn findings_or_none(inventory: &Inventory) -> Option<Vec<Finding>> {
    (inventory.packages.len() > 2).then(|| findings(inventory))
}
