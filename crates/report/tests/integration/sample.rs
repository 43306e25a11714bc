//! Reports to write: an image as they are in the wild, an empty one, and a hostile one.

use std::collections::BTreeMap;

use linchpin_model::{
    About, AbsentCode, AdvisoryFacts, AdvisoryOrigin, CatalogerId, CheckedProgram, Distribution,
    DocumentCount, Ecosystem, ExploitPrediction, Exploitation, Finding, FindingKind,
    GrantedException, Inventory, InventoryBuilder, LayerIndex, LicenseCategory, Note, NoteKind,
    Occurrence, OccurrenceKind, Package, PackageId, PackageSymbols, PackageUrl, Reason, Remedy,
    RiskScore, Role, RuleId, Scope, ScoreFactor, ScorePart, Severity, SourcePackage, Statement,
    Step, Subject, SubjectKind, Suppressed, Suppression, TargetPath, VersionScheme,
    VexJustification, VexStatus,
};
use linchpin_report::{Format, LeftOut, Report, WriteOptions};

/// Everything that a report borrows.
pub(crate) struct Sample {
    pub(crate) inventory: Inventory,
    pub(crate) findings: Vec<Finding>,
    pub(crate) suppressed: Vec<Suppressed>,
    pub(crate) next: Vec<Step>,
    pub(crate) advisories: AdvisoryFacts,
    pub(crate) notes: Vec<Note>,
    pub(crate) documents: Vec<DocumentCount>,
    pub(crate) licenses: BTreeMap<LicenseCategory, usize>,
    pub(crate) left_out: LeftOut,
}

impl Sample {
    pub(crate) fn report(&self) -> Report<'_> {
        Report {
            tool_version: "0.1.0",
            now: "2026-11-30T12:00:00Z".parse().unwrap(),
            inventory: &self.inventory,
            findings: &self.findings,
            suppressed: &self.suppressed,
            next: &self.next,
            advisories: &self.advisories,
            notes: &self.notes,
            documents: &self.documents,
            licenses: &self.licenses,
            left_out: self.left_out,
        }
    }

    pub(crate) fn write(&self, format: &str, options: WriteOptions) -> String {
        let format: &Format = linchpin_report::formats::find(format).unwrap();
        let mut out = Vec::new();
        (format.write)(&self.report(), &options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}

pub(crate) fn database() -> AdvisoryFacts {
    AdvisoryFacts {
        origin: AdvisoryOrigin::File("~/.cache/linchpin/advisories.db".into()),
        newest: Some("2026-11-20T08:00:00Z".parse().unwrap()),
        records: vec![
            (Ecosystem::Debian, 54_321),
            (Ecosystem::Npm, 23_456),
            (Ecosystem::PyPi, 17_000),
        ],
        current: None,
        exploited_catalogue: Some("2026.11.19".into()),
        exploit_predictions: None,
    }
}

pub(crate) fn subject(kind: SubjectKind) -> Subject {
    let digest = |text: &str| -> linchpin_model::Digest {
        format!("sha256:{}", text.repeat(32)).parse().unwrap()
    };
    Subject {
        name: "shop.example/storefront:2.3".into(),
        kind,
        digest: Some(digest("9f")),
        platform: Some("linux/amd64".into()),
        layers: ["a0", "b1", "c2", "d3", "e4"]
            .into_iter()
            .map(digest)
            .collect(),
    }
}

pub(crate) fn occurrence(path: &str, layer: Option<u16>, kind: OccurrenceKind) -> Occurrence {
    Occurrence {
        path: TargetPath::new(path),
        layer: layer.map(LayerIndex),
        kind,
        cataloger: CatalogerId("test"),
        owner: None,
    }
}

/// Puts packages together with a word for each.
struct Shop {
    builder: InventoryBuilder,
}

impl Shop {
    fn debian(&mut self, name: &str, version: &str, source: &str) {
        let mut package = Package::new(
            PackageUrl::with_qualifiers(
                "deb",
                Some("debian"),
                name,
                Some(version),
                &[("arch", "amd64"), ("distro", "debian-12")],
            )
            .unwrap(),
            occurrence("var/lib/dpkg/status", Some(0), OccurrenceKind::Installed),
        );
        package.source = Some(SourcePackage {
            name: source.into(),
            version: version.into(),
        });
        self.builder.add(package);
    }

    fn npm(&mut self, name: &str, version: &str, parent: Option<PackageId>) -> PackageId {
        let (namespace, short) = match name.split_once('/') {
            Some((namespace, short)) => (Some(namespace), short),
            None => (None, name),
        };
        let mut package = Package::new(
            PackageUrl::new("npm", namespace, short, Some(version)).unwrap(),
            occurrence(
                "srv/storefront/frontend/package-lock.json",
                Some(3),
                OccurrenceKind::Locked,
            ),
        );
        package.occurrences.push(occurrence(
            &format!("srv/storefront/frontend/node_modules/{name}/package.json"),
            Some(4),
            OccurrenceKind::Installed,
        ));
        let id = self.builder.add(package);
        if let Some(parent) = parent {
            self.builder.depend(parent, id, Scope::Runtime);
        }
        id
    }

    fn python(&mut self, name: &str, version: &str, parent: Option<PackageId>) -> PackageId {
        let id = self.builder.add(Package::new(
            PackageUrl::new("pypi", None, name, Some(version)).unwrap(),
            occurrence(
                &format!(
                    "usr/local/lib/python3.11/site-packages/{name}-{version}.dist-info/METADATA"
                ),
                Some(2),
                OccurrenceKind::Installed,
            ),
        ));
        if let Some(parent) = parent {
            self.builder.depend(parent, id, Scope::Runtime);
        }
        id
    }

    fn root(&mut self, name: &str, path: &str, layer: u16) -> PackageId {
        let mut root = Package::new(
            PackageUrl::new("npm", None, name, Some("2.3.0")).unwrap(),
            occurrence(path, Some(layer), OccurrenceKind::Declared),
        );
        root.role = Role::Application;
        self.builder.add(root)
    }
}

/// An image of Debian with a Node.js front end and a Python back end, neglected for some years.
pub(crate) fn storefront() -> Sample {
    let mut shop = Shop {
        builder: InventoryBuilder::default(),
    };
    shop.builder.set_distribution(Distribution {
        id: "debian".into(),
        version: Some("12".into()),
        codename: Some("bookworm".into()),
        pretty_name: Some("Debian GNU/Linux 12 (bookworm)".into()),
    });
    for name in ["openssl", "libssl3"] {
        shop.debian(name, "3.0.11-1~deb12u2", "openssl");
    }
    for name in ["libc6", "libc-bin", "libc-dev-bin", "libc6-dev", "locales"] {
        shop.debian(name, "2.36-9+deb12u3", "glibc");
    }
    for name in ["curl", "libcurl4", "libcurl3-gnutls"] {
        shop.debian(name, "7.88.1-10+deb12u4", "curl");
    }
    shop.debian("libsystemd0", "252.17-1~deb12u1", "systemd");
    shop.debian("perl-base", "5.36.0-7", "perl");
    shop.debian("libgnutls30", "3.7.9-2+deb12u1", "gnutls28");
    shop.debian("linux-libc-dev", "6.1.66-1", "linux");
    shop.debian("zlib1g", "1:1.2.13.dfsg-1", "zlib");
    shop.debian("libtiff6", "4.5.0-6+deb12u1", "tiff");
    shop.debian("liblzma5", "5.4.1-0.2", "xz-utils");

    let front = shop.root("storefront", "srv/storefront/frontend/package.json", 3);
    let express = shop.npm("express", "4.17.1", Some(front));
    shop.npm("qs", "6.7.0", Some(express));
    shop.npm("send", "0.17.1", Some(express));
    let body = shop.npm("body-parser", "1.19.0", Some(express));
    shop.npm("on-headers", "1.0.2", Some(body));
    shop.npm("lodash", "4.17.15", Some(front));
    shop.npm("axios", "0.21.0", Some(front));
    let mkdirp = shop.npm("mkdirp", "0.5.1", Some(front));
    shop.npm("minimist", "0.0.8", Some(mkdirp));
    let pipeline = shop.npm(
        "@storefront-internal/asset-pipeline-tools",
        "12.4.1",
        Some(front),
    );
    shop.npm("event-stream", "3.3.6", Some(pipeline));
    shop.npm("@babel/traverse", "7.12.5", Some(pipeline));
    shop.npm("loader-utils", "1.2.3", Some(pipeline));
    shop.npm("json5", "1.0.1", Some(pipeline));
    shop.npm("ua-parser-js", "0.7.22", Some(front));

    let back = shop.root("backend", "srv/storefront/backend/pyproject.toml", 2);
    shop.python("django", "3.2.4", Some(back));
    shop.python("jinja2", "2.11.2", Some(back));
    let requests = shop.python("requests", "2.25.1", Some(back));
    shop.python("urllib3", "1.26.4", Some(requests));
    shop.python("pillow", "8.1.0", Some(back));
    shop.python("pyyaml", "5.3.1", Some(back));
    for name in ["log4j-core", "log4j-api"] {
        shop.builder.add(Package::new(
            PackageUrl::new(
                "maven",
                Some("org.apache.logging.log4j"),
                name,
                Some("2.14.1"),
            )
            .unwrap(),
            occurrence(
                "opt/search/lib/search-server-all.jar",
                Some(1),
                OccurrenceKind::Embedded,
            ),
        ));
    }
    let inventory = shop.builder.finish(subject(SubjectKind::Image));
    let findings = findings(&inventory);
    let places = |name: &str| -> Vec<usize> {
        findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| match finding.about {
                About::Package(id) => inventory.package(id).purl.name() == name,
                About::Place(_) => false,
            })
            .map(|(index, _)| index)
            .collect()
    };
    let step = |action: &str, command: &str, place: &str, removes: Vec<usize>| Step {
        action: action.into(),
        command: Some(command.into()),
        place: Some(TargetPath::new(place)),
        risk: removes.len() as u32 * 50,
        removes,
    };
    let next = vec![
        step(
            "Remove event-stream, which is malicious; upgrade @storefront-internal/asset-pipeline-tools, which brings it in",
            "npm uninstall event-stream",
            "srv/storefront/frontend/package-lock.json",
            places("event-stream"),
        ),
        step(
            "Upgrade the Debian packages of openssl to 3.0.14-1~deb12u2",
            "apt-get update && apt-get install --only-upgrade openssl libssl3",
            "var/lib/dpkg/status",
            [places("openssl"), places("libssl3")].concat(),
        ),
        step(
            "Upgrade lodash from 4.17.15 to 4.17.21",
            "npm install lodash@4.17.21",
            "srv/storefront/frontend/package-lock.json",
            places("lodash"),
        ),
        step(
            "Upgrade django from 3.2.4 to 3.2.25",
            "pip install --upgrade 'django==3.2.25'",
            "srv/storefront/backend/requirements.txt",
            places("django"),
        ),
    ];
    let mut notes = vec![
        Note::at(
            NoteKind::Unread,
            &TargetPath::new("srv/storefront/tools/yarn.lock"),
            Some(LayerIndex(3)),
            "yarn lockfiles are not understood yet",
        ),
        Note::general(
            NoteKind::Unmatched,
            "2 Maven packages: the database holds no advisories for Maven",
        ),
    ];
    for number in 1..=7 {
        notes.push(Note::at(
            NoteKind::Unread,
            &TargetPath::new(&format!(
                "srv/storefront/legacy/module-{number}/package-lock.json"
            )),
            Some(LayerIndex(3)),
            "it is no valid JSON",
        ));
    }
    notes.push(Note::at(
        NoteKind::Inconsistent,
        &TargetPath::new("var/lib/dpkg/status"),
        Some(LayerIndex(0)),
        "12 of the 40 files of libtiff6 were deleted behind the package manager's back",
    ));
    Sample {
        inventory,
        findings,
        suppressed: Vec::new(),
        next,
        advisories: database(),
        notes,
        documents: Vec::new(),
        licenses: BTreeMap::new(),
        left_out: LeftOut {
            development: 12,
            unfixed: 0,
        },
    }
}

/// Names of packages, advisory, alias, severity in tenths, fixed version (`-` for none), summary.
type Line = (
    &'static [&'static str],
    &'static str,
    &'static str,
    u8,
    &'static str,
    &'static str,
);

const LINES: &[Line] = &[
    (
        &["event-stream"],
        "MAL-2025-20690",
        "GHSA-mh6f-8j2x-4483",
        100,
        "remove",
        "Malicious code in event-stream",
    ),
    (
        &["ua-parser-js"],
        "CVE-2021-4229",
        "GHSA-pjwm-rvh2-c87w",
        98,
        "0.7.30",
        "Embedded malware in ua-parser-js",
    ),
    (
        &["log4j-core"],
        "CVE-2021-44228",
        "GHSA-jfh8-c2jp-5v3q",
        100,
        "2.15.0",
        "Remote code injection in Log4j",
    ),
    (
        &["libgnutls30"],
        "CVE-2024-0553",
        "",
        75,
        "3.7.9-2+deb12u2",
        "timing side-channel in RSA-PSK key exchange",
    ),
    (
        &["openssl", "libssl3"],
        "CVE-2024-5535",
        "",
        91,
        "3.0.14-1~deb12u2",
        "SSL_select_next_proto buffer overread",
    ),
    (
        &["openssl", "libssl3"],
        "CVE-2023-5678",
        "",
        53,
        "3.0.13-1~deb12u1",
        "excessive time spent in DH check",
    ),
    (
        &["openssl", "libssl3"],
        "CVE-2024-0727",
        "",
        55,
        "3.0.13-1~deb12u1",
        "denial of service by null dereference",
    ),
    (
        &["libc6", "libc-bin", "libc-dev-bin", "libc6-dev", "locales"],
        "CVE-2024-2961",
        "",
        88,
        "2.36-9+deb12u6",
        "iconv out-of-bounds write when converting to ISO-2022-CN-EXT",
    ),
    (
        &["libc6", "libc-bin", "libc-dev-bin", "libc6-dev", "locales"],
        "CVE-2024-33599",
        "",
        76,
        "2.36-9+deb12u7",
        "nscd stack overflow",
    ),
    (
        &["libc6", "libc-bin", "libc-dev-bin", "libc6-dev", "locales"],
        "CVE-2019-9192",
        "",
        0,
        "-",
        "uncontrolled recursion in regular expressions",
    ),
    (
        &["curl", "libcurl4", "libcurl3-gnutls"],
        "CVE-2023-46218",
        "",
        65,
        "7.88.1-10+deb12u5",
        "cookie mixed case PSL bypass",
    ),
    (
        &["curl", "libcurl4", "libcurl3-gnutls"],
        "CVE-2024-7264",
        "",
        65,
        "7.88.1-10+deb12u7",
        "ASN.1 date parser overread",
    ),
    (
        &["libsystemd0"],
        "CVE-2023-7008",
        "",
        59,
        "252.21-1~deb12u1",
        "systemd-resolved accepts unsigned records",
    ),
    (
        &["perl-base"],
        "CVE-2023-31484",
        "",
        81,
        "-",
        "CPAN.pm does not verify TLS certificates",
    ),
    (
        &["zlib1g"],
        "CVE-2023-45853",
        "",
        98,
        "-",
        "integer overflow in MiniZip",
    ),
    (
        &["libtiff6"],
        "CVE-2023-52355",
        "",
        75,
        "-",
        "out-of-memory by a crafted file",
    ),
    (
        &["lodash"],
        "CVE-2021-23337",
        "GHSA-35jh-r3h4-6jhm",
        72,
        "4.17.21",
        "Command injection in lodash",
    ),
    (
        &["lodash"],
        "CVE-2020-8203",
        "GHSA-p6mc-m468-83gw",
        74,
        "4.17.19",
        "Prototype pollution in lodash",
    ),
    (
        &["lodash"],
        "CVE-2020-28500",
        "GHSA-29mw-wpgm-hmr9",
        53,
        "4.17.21",
        "Regular expression denial of service in lodash",
    ),
    (
        &["axios"],
        "CVE-2020-28168",
        "GHSA-4w2v-q235-vp99",
        59,
        "0.21.1",
        "Server-side request forgery in axios",
    ),
    (
        &["axios"],
        "CVE-2021-3749",
        "GHSA-cph5-m8f7-6c5x",
        75,
        "0.21.2",
        "Inefficient regular expression in axios",
    ),
    (
        &["minimist"],
        "CVE-2021-44906",
        "GHSA-xvch-5gv4-984h",
        98,
        "0.2.4",
        "Prototype pollution in minimist",
    ),
    (
        &["minimist"],
        "CVE-2020-7598",
        "GHSA-vh95-rmgr-6w4m",
        56,
        "0.2.1",
        "Prototype pollution in minimist",
    ),
    (
        &["qs"],
        "CVE-2022-24999",
        "GHSA-hrpp-h998-j3pp",
        75,
        "6.7.3",
        "Prototype pollution in qs",
    ),
    (
        &["send"],
        "CVE-2024-43799",
        "GHSA-m6fv-jmcg-4jfg",
        50,
        "0.19.0",
        "Template injection in send",
    ),
    (
        &["on-headers"],
        "CVE-2025-7339",
        "GHSA-76c9-3jph-rj3q",
        34,
        "1.1.0",
        "Header manipulation in on-headers",
    ),
    (
        &["traverse"],
        "CVE-2023-45133",
        "GHSA-67hx-6x53-jw92",
        94,
        "7.23.2",
        "Arbitrary code execution when compiling crafted code",
    ),
    (
        &["loader-utils"],
        "CVE-2022-37601",
        "GHSA-76p3-8jx3-jpfq",
        98,
        "1.4.1",
        "Prototype pollution in loader-utils",
    ),
    (
        &["json5"],
        "CVE-2022-46175",
        "GHSA-9c47-m6qq-7p4h",
        71,
        "1.0.2",
        "Prototype pollution in JSON5",
    ),
    (
        &["django"],
        "CVE-2022-28346",
        "GHSA-2gwj-7jmv-h26r",
        98,
        "3.2.13",
        "SQL injection in Django",
    ),
    (
        &["django"],
        "CVE-2021-35042",
        "GHSA-xpfp-f569-q3p2",
        98,
        "3.2.5",
        "SQL injection in Django",
    ),
    (
        &["django"],
        "CVE-2024-27351",
        "GHSA-vm8q-m57g-pff3",
        53,
        "3.2.25",
        "Regular expression denial of service in Django",
    ),
    (
        &["jinja2"],
        "CVE-2020-28493",
        "GHSA-g3rq-g295-4j3m",
        53,
        "2.11.3",
        "Regular expression denial of service in Jinja2",
    ),
    (
        &["jinja2"],
        "GHSA-cpwx-vrp4-4pq7",
        "CVE-2025-27516",
        73,
        "3.1.6",
        "Sandbox breakout through the attr filter",
    ),
    (
        &["requests"],
        "CVE-2023-32681",
        "GHSA-j8r2-6x86-q33q",
        61,
        "2.31.0",
        "Proxy-Authorization header leaked",
    ),
    (
        &["urllib3"],
        "PYSEC-2021-108",
        "CVE-2021-33503",
        75,
        "1.26.5",
        "Catastrophic backtracking in URL authority parser",
    ),
    (
        &["urllib3"],
        "CVE-2023-43804",
        "GHSA-v845-jxx5-vc9f",
        81,
        "1.26.17",
        "Cookie header not stripped on redirect",
    ),
    (
        &["pillow"],
        "CVE-2021-25287",
        "GHSA-77gc-v2xv-rvvh",
        91,
        "8.2.0",
        "Out-of-bounds read in Pillow",
    ),
    (
        &["pillow"],
        "CVE-2023-4863",
        "GHSA-j7hp-h8jx-5ppr",
        88,
        "10.0.1",
        "Heap buffer overflow in libwebp",
    ),
    (
        &["pyyaml"],
        "CVE-2020-14343",
        "GHSA-8q59-q68h-6hv4",
        98,
        "5.4",
        "Improper input validation in PyYAML",
    ),
];

fn findings(inventory: &Inventory) -> Vec<Finding> {
    let mut findings = Vec::new();
    for &(names, id, alias, tenths, fixed, summary) in LINES {
        for name in names {
            let (package, _) = inventory
                .iter()
                .find(|(_, package)| package.purl.name() == *name)
                .unwrap();
            findings.push(finding(
                inventory,
                package,
                (id, alias),
                tenths,
                fixed,
                summary,
            ));
        }
    }
    // Kernel headers carry every flaw of the kernel.
    let (headers, _) = inventory
        .iter()
        .find(|(_, package)| package.purl.name() == "linux-libc-dev")
        .unwrap();
    for number in 0..60_u8 {
        let id = format!("CVE-2024-{}", 26_600 + u32::from(number));
        let fixed = if number % 3 == 0 { "-" } else { "6.1.112-1" };
        let tenths = 40 + number % 48;
        findings.push(finding(
            inventory,
            headers,
            (&id, ""),
            tenths,
            fixed,
            "a flaw in the kernel",
        ));
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.score));
    findings
}

pub(crate) fn finding(
    inventory: &Inventory,
    package: PackageId,
    (id, alias): (&str, &str),
    tenths: u8,
    fixed: &str,
    summary: &str,
) -> Finding {
    let found = inventory.package(package);
    let ecosystem = found.purl.ecosystem().unwrap_or(Ecosystem::Npm);
    let malicious = id.starts_with("MAL-");
    let exploited =
        matches!(id, "CVE-2021-44228" | "CVE-2023-4863" | "CVE-2024-0553").then(|| Exploitation {
            added: "2021-12-10".into(),
            ransomware: id == "CVE-2021-44228",
        });
    let remedy = match fixed {
        "-" => None,
        "remove" => Some(Remedy::Remove),
        version => Some(Remedy::Upgrade {
            version: version.into(),
        }),
    };
    let mut because = vec![
        Reason::InRange {
            advisory: id.into(),
            name: found
                .source
                .as_ref()
                .map_or_else(|| found.name(), |source| source.name.clone()),
            ecosystem,
            release: ecosystem.facts().has_releases.then(|| "12".into()),
            version: found.version().unwrap_or_default().into(),
            scheme: ecosystem.facts().scheme,
            introduced: None,
            fixed: match &remedy {
                Some(Remedy::Upgrade { version }) => Some(version.clone()),
                _ => None,
            },
            last_affected: None,
        },
        // As with distributions, whose records seldom say how bad a flaw is.
        if ecosystem.facts().has_releases {
            Reason::Lent {
                advisory: "GHSA-7777-8888-9999".into(),
                flaw: id.into(),
                vector: Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into()),
                tenths,
            }
        } else {
            Reason::Scored {
                vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into(),
                tenths,
            }
        },
    ];
    because.extend(exploited.clone().map(Reason::Exploited));
    if exploited.is_some() {
        because.extend(ExploitPrediction::new(97_321, 99_998).map(Reason::Predicted));
    }
    because.push(Reason::Weighed(vec![
        ScorePart {
            factor: ScoreFactor::Severity,
            points: 60,
        },
        ScorePart {
            factor: ScoreFactor::Scope(found.scope),
            points: -15,
        },
    ]));
    if !alias.is_empty() {
        because.push(Reason::SameFlaw {
            records: vec![alias.into()],
        });
    }
    let urgent = u8::from(malicious || exploited.is_some()) * 40;
    Finding {
        rule: RuleId(id.into()),
        aliases: if alias.is_empty() {
            Vec::new()
        } else {
            vec![alias.into()]
        },
        kind: if malicious {
            FindingKind::Malicious
        } else {
            FindingKind::Vulnerability
        },
        severity: match tenths {
            0 => Severity::Unknown,
            tenths => Severity::from_cvss(f64::from(tenths) / 10.0),
        },
        cvss_tenths: Some(tenths).filter(|tenths| *tenths > 0),
        score: RiskScore(urgent + tenths / 2 + u8::from(remedy.is_some()) * 10),
        exploited,
        about: About::Package(package),
        remedy,
        summary: summary.into(),
        published: Some("2021-12-10T00:00:00Z".parse().unwrap()),
        because,
    }
}

/// The storefront as a folder: its two projects, without an operating system and layers.
pub(crate) fn project() -> Sample {
    let whole = storefront();
    let mut builder = InventoryBuilder::default();
    let mut ids = Vec::new();
    for (_, package) in whole.inventory.iter() {
        let mut package = package.clone();
        for occurrence in &mut package.occurrences {
            occurrence.layer = None;
            let path = occurrence
                .path
                .as_str()
                .trim_start_matches("srv/storefront/");
            occurrence.path = TargetPath::new(path);
        }
        let kept = matches!(package.purl.kind(), "npm" | "pypi");
        ids.push(kept.then(|| builder.add(package)));
    }
    for (from, on) in whole.inventory.dependencies.iter().enumerate() {
        for dependency in on {
            if let (Some(from), Some(on)) = (ids[from], ids[dependency.on.index()]) {
                builder.depend(from, on, dependency.scope);
            }
        }
    }
    let inventory = builder.finish(Subject {
        name: "examples/storefront".into(),
        kind: SubjectKind::Directory,
        digest: None,
        platform: None,
        layers: Vec::new(),
    });
    let findings = whole
        .findings
        .into_iter()
        .filter_map(|mut finding| {
            let About::Package(id) = finding.about else {
                return None;
            };
            let purl = whole.inventory.package(id).purl.as_str();
            finding.about = About::Package(inventory.find(purl)?);
            Some(finding)
        })
        .collect();
    Sample {
        inventory,
        findings,
        suppressed: Vec::new(),
        next: Vec::new(),
        advisories: empty().advisories,
        notes: Vec::new(),
        documents: documents(),
        licenses: BTreeMap::new(),
        left_out: LeftOut::default(),
    }
}

/// A folder with nothing in it.
/// What rules were asked about.
pub(crate) fn documents() -> Vec<DocumentCount> {
    let of = |kind, noun, count| DocumentCount { kind, noun, count };
    vec![
        of("dockerfile", "Dockerfile", 1),
        of("github-workflow", "GitHub workflow", 3),
    ]
}

pub(crate) fn empty() -> Sample {
    Sample {
        inventory: InventoryBuilder::default().finish(Subject {
            name: "./nothing".into(),
            kind: SubjectKind::Directory,
            digest: None,
            platform: None,
            layers: Vec::new(),
        }),
        findings: Vec::new(),
        suppressed: Vec::new(),
        next: Vec::new(),
        advisories: AdvisoryFacts {
            origin: AdvisoryOrigin::StarterSet,
            newest: None,
            records: vec![(Ecosystem::Npm, 301)],
            current: None,
            exploited_catalogue: None,
            exploit_predictions: None,
        },
        notes: Vec::new(),
        documents: Vec::new(),
        licenses: BTreeMap::new(),
        left_out: LeftOut::default(),
    }
}

/// The storefront without any finding: nothing is wrong, and part of it could not be compared.
pub(crate) fn clean() -> Sample {
    let mut sample = storefront();
    sample.findings.clear();
    sample.next.clear();
    sample.notes.clear();
    sample
}

/// What an attacker may write into names: escapes, line breaks, bidirectional overrides.
pub(crate) const HOSTILE: &str =
    "a\u{1b}[2J\u{1b}]0;x\u{7}\r\nb\u{202e}c\u{2066}\u{0}\u{9b}1m/%\"<&'";

/// A report in which every word that a target can choose is hostile.
pub(crate) fn hostile() -> Sample {
    let mut builder = InventoryBuilder::default();
    builder.set_distribution(Distribution {
        id: HOSTILE.into(),
        version: Some(HOSTILE.into()),
        codename: None,
        pretty_name: Some(HOSTILE.into()),
    });
    let mut root = Package::new(
        PackageUrl::new("npm", None, &format!("root{HOSTILE}"), Some(HOSTILE)).unwrap(),
        occurrence(HOSTILE, Some(0), OccurrenceKind::Declared),
    );
    root.role = Role::Application;
    let root = builder.add(root);
    let middle = builder.add(Package::new(
        PackageUrl::new("npm", None, &format!("middle{HOSTILE}"), Some(HOSTILE)).unwrap(),
        occurrence(HOSTILE, Some(0), OccurrenceKind::Locked),
    ));
    let mut leaf = Package::new(
        PackageUrl::new("npm", None, &format!("leaf{HOSTILE}"), Some(HOSTILE)).unwrap(),
        occurrence(HOSTILE, Some(0), OccurrenceKind::Locked),
    );
    leaf.supplier = Some(HOSTILE.into());
    leaf.description = Some(HOSTILE.into());
    leaf.source = Some(SourcePackage {
        name: HOSTILE.into(),
        version: HOSTILE.into(),
    });
    let leaf = builder.add(leaf);
    builder.depend(root, middle, Scope::Runtime);
    builder.depend(middle, leaf, Scope::Runtime);
    let inventory = builder.finish(Subject {
        name: HOSTILE.into(),
        kind: SubjectKind::Image,
        digest: None,
        platform: Some(HOSTILE.into()),
        layers: Vec::new(),
    });
    let (leaf, _) = inventory
        .iter()
        .find(|(_, package)| package.purl.name().starts_with("leaf"))
        .unwrap();
    let mut wrong = finding(&inventory, leaf, (HOSTILE, HOSTILE), 98, HOSTILE, HOSTILE);
    wrong.exploited = Some(Exploitation {
        added: HOSTILE.into(),
        ransomware: true,
    });
    wrong.because.push(Reason::InRange {
        advisory: HOSTILE.into(),
        name: HOSTILE.into(),
        ecosystem: Ecosystem::Npm,
        release: Some(HOSTILE.into()),
        version: HOSTILE.into(),
        scheme: VersionScheme::Npm,
        introduced: Some(HOSTILE.into()),
        fixed: None,
        last_affected: Some(HOSTILE.into()),
    });
    wrong.because.push(Reason::Listed {
        advisory: HOSTILE.into(),
        name: HOSTILE.into(),
        ecosystem: Ecosystem::Npm,
        version: HOSTILE.into(),
    });
    let mut placed = wrong.clone();
    placed.about = About::Place(linchpin_model::Location {
        path: TargetPath::new(HOSTILE),
        layer: None,
        line: Some(7),
        column: None,
    });
    Sample {
        inventory,
        findings: vec![wrong, placed],
        suppressed: Vec::new(),
        documents: Vec::new(),
        licenses: BTreeMap::new(),
        next: vec![Step {
            action: HOSTILE.into(),
            command: Some(HOSTILE.into()),
            place: Some(TargetPath::new(HOSTILE)),
            removes: vec![0, 99],
            risk: 50,
        }],
        advisories: AdvisoryFacts {
            origin: AdvisoryOrigin::File(HOSTILE.into()),
            newest: None,
            records: vec![(Ecosystem::Npm, 1)],
            current: None,
            exploited_catalogue: Some(HOSTILE.into()),
            exploit_predictions: None,
        },
        notes: vec![Note::at(
            NoteKind::Unread,
            &TargetPath::new(HOSTILE),
            None,
            HOSTILE,
        )],
        left_out: LeftOut {
            development: 1,
            unfixed: 1,
        },
    }
}

/// No character that a terminal would act on but the line feed.
pub(crate) fn assert_harmless(text: &str) {
    for character in text.chars() {
        let bidirectional = matches!(
            character,
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        );
        assert!(
            character == '\n' || !(character.is_control() || bidirectional),
            "{character:?} in {text:?}"
        );
    }
}

fn exception(text: &str, justification: Option<VexJustification>) -> Suppression {
    Suppression::Excepted(GrantedException {
        id: text.into(),
        reason: text.into(),
        expires: "2027-03-31".parse().unwrap(),
        justification,
        origin: "linchpin.toml".into(),
    })
}

fn stated(text: &str, status: VexStatus) -> Statement {
    Statement {
        document: text.into(),
        author: Some(text.into()),
        status,
        justification: (status == VexStatus::NotAffected)
            .then_some(VexJustification::VulnerableCodeNotInExecutePath),
        detail: Some(text.into()),
        timestamp: Some("2026-05-01T10:00:00Z".parse().unwrap()),
    }
}

fn absent(text: &str) -> Suppression {
    Suppression::CodeAbsent(AbsentCode {
        advisories: vec![text.into()],
        looked_for: vec![PackageSymbols {
            package: text.into(),
            symbols: vec![text.into(), "Decoder.Decode".into()],
        }],
        programs: vec![CheckedProgram {
            path: TargetPath::new("usr/bin/app"),
            layer: Some(LayerIndex(2)),
            digest: subject(SubjectKind::File).digest,
            functions: 12_345,
        }],
    })
}

/// The project, in which some findings do not count, for every reason that there is.
pub(crate) fn suppressed() -> Sample {
    let mut sample = project();
    let (counting, suppressed) = sample.findings.split_at(sample.findings.len() - 5);
    let grounds = [
        vec![exception("only used to build the manual", None)],
        vec![exception(
            "the input is ours",
            Some(VexJustification::VulnerableCodeCannotBeControlledByAdversary),
        )],
        vec![Suppression::Stated(stated(
            "shop.vex.json",
            VexStatus::NotAffected,
        ))],
        vec![Suppression::Stated(stated(
            "shop.vex.json",
            VexStatus::Fixed,
        ))],
        vec![
            absent("golang.example/x/text"),
            exception("and the rest", None),
        ],
    ];
    sample.suppressed = suppressed
        .iter()
        .zip(grounds)
        .map(|(finding, because)| Suppressed {
            finding: finding.clone(),
            because,
        })
        .collect();
    let mut counting = counting.to_vec();
    counting[0]
        .because
        .push(Reason::Stated(stated("shop.vex.json", VexStatus::Affected)));
    sample.findings = counting;
    sample.next.clear();
    sample.notes.push(Note::general(
        NoteKind::Unapplied,
        "the exception for `CVE-1999-1` in `linchpin.toml`, line 3 matches nothing",
    ));
    sample
}

/// Everything in a suppression that others can write, hostile.
pub(crate) fn hostile_suppressed() -> Sample {
    let mut sample = hostile();
    sample.suppressed = vec![Suppressed {
        finding: sample.findings.remove(0),
        because: vec![
            exception(HOSTILE, None),
            Suppression::Stated(stated(HOSTILE, VexStatus::NotAffected)),
            absent(HOSTILE),
        ],
    }];
    sample.next.clear();
    sample.findings[0]
        .because
        .push(Reason::Stated(stated(HOSTILE, VexStatus::Affected)));
    sample
}
