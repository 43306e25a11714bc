//! What to ask the database about a package: under which names, in which releases, for which
//! version.
//!
//! Each ecosystem files its advisories in its own way: by the package or by the source package that
//! it is built from, by release, by module stream. Versions are made whole here, too: an rpm's
//! epoch stands apart in its package URL, and a GitHub action's version is a tag.

use std::collections::BTreeMap;
use std::rc::Rc;

use linchpin_model::{Distribution, Ecosystem, FiledBy, Inventory, Package};

use super::stream::{Stream, is_modular};

/// All that is asked about one package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wanted {
    pub(super) ecosystem: Ecosystem,
    /// The releases whose advisories hold, where the ecosystem has releases.
    pub(super) releases: Option<Rc<[String]>>,
    pub(super) questions: Vec<Question>,
}

/// One name to look up, and the version to compare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Question {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) precision: Precision,
    /// The module stream that the package is from.
    pub(super) stream: Option<Stream>,
}

/// A question to one of an ecosystem's lists of advisories.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) ecosystem: Ecosystem,
    pub(super) release: Option<&'a str>,
    pub(super) question: &'a Question,
}

/// What a version stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precision {
    /// One release.
    Exact,
    /// A tag such as `v4`, which is moved to each new release of that line.
    MovingTag,
}

/// Why nothing can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unasked {
    /// Nothing says which version it is.
    NoVersion,
    /// An action is pinned to a commit, and no comment says of which release.
    CommitOnly,
    /// The package is of a module, and nothing says of which stream.
    NoStream,
    /// A Conan package of somebody's own making: it has a user and a channel.
    NotOfConanCenter,
}

/// The names and versions to ask about.
pub(super) fn questions(
    package: &Package,
    ecosystem: Ecosystem,
    epochs: &SourceEpochs<'_>,
) -> Result<Vec<Question>, Unasked> {
    let own = package.version().ok_or(Unasked::NoVersion)?;
    let purl = &package.purl;
    match ecosystem {
        Ecosystem::GitHubActions => return action(package, own).map(|question| vec![question]),
        Ecosystem::ConanCenter if purl.qualifier("user").is_some() => {
            return Err(Unasked::NotOfConanCenter);
        }
        _ => {}
    }
    let facts = ecosystem.facts();
    let is_rpm = facts.purl_type == "rpm";
    let own = match purl.qualifier("epoch").filter(|_| is_rpm) {
        Some(epoch) if !own.contains(':') => format!("{epoch}:{own}"),
        _ => own.to_owned(),
    };
    let by_name = Question {
        name: package.name(),
        version: own,
        precision: Precision::Exact,
        stream: None,
    };
    let by_source = package.source.as_ref().map(|source| Question {
        name: source.name.clone(),
        version: if is_rpm {
            epochs.source_version(package, &source.name, &source.version)
        } else {
            source.version.clone()
        },
        precision: Precision::Exact,
        stream: None,
    });
    let mut questions = match (facts.filed_by, by_source) {
        (FiledBy::Source, Some(by_source)) => vec![by_source],
        (FiledBy::Either, Some(by_source)) if by_source != by_name => vec![by_name, by_source],
        _ => vec![by_name],
    };
    if is_rpm {
        let is_modular = questions.iter().any(|asked| is_modular(&asked.version));
        let stream = Stream::of_package(purl);
        if is_modular && stream.is_none() {
            return Err(Unasked::NoStream);
        }
        for question in &mut questions {
            question.stream.clone_from(&stream);
        }
    }
    Ok(questions)
}

/// The tag of an action: what is used, or what the comment beside a commit says.
fn action(package: &Package, used: &str) -> Result<Question, Unasked> {
    let is_commit = used.len() == 40 && used.bytes().all(|byte| byte.is_ascii_hexdigit());
    let version = if is_commit {
        package.purl.qualifier("tag").ok_or(Unasked::CommitOnly)?
    } else {
        used
    };
    let release = version.split(['-', '+']).next().unwrap_or(version);
    let is_whole = is_commit || release.split('.').count() >= 3;
    Ok(Question {
        name: package.name(),
        version: version.to_owned(),
        precision: if is_whole {
            Precision::Exact
        } else {
            Precision::MovingTag
        },
        stream: None,
    })
}

/// The epochs of source packages. An rpm does not say that of its source package, and a part of it
/// may have one of its own: perl's source is 4:5.26.3, its part perl-Carp is 0:1.42. The parts whose
/// version is the source's have its epoch as well.
#[derive(Debug, Default)]
pub(super) struct SourceEpochs<'a>(BTreeMap<(&'a str, &'a str), &'a str>);

impl<'a> SourceEpochs<'a> {
    pub(super) fn of(inventory: &'a Inventory) -> Self {
        let mut epochs = BTreeMap::new();
        for (_, package) in inventory.libraries() {
            if package.purl.kind() == "rpm"
                && let Some(source) = &package.source
                && package.version() == Some(source.version.as_str())
                && let Some(epoch) = package.purl.qualifier("epoch")
            {
                epochs.insert((source.name.as_str(), source.version.as_str()), epoch);
            }
        }
        Self(epochs)
    }

    fn source_version(&self, package: &Package, name: &str, version: &str) -> String {
        let own = package.purl.qualifier("epoch");
        let epoch = if package.version() == Some(version) {
            own
        } else {
            self.0.get(&(name, version)).copied().or(own)
        };
        match epoch {
            Some(epoch) if !version.contains(':') => format!("{epoch}:{version}"),
            _ => version.to_owned(),
        }
    }
}

/// The distribution that a package belongs to: that of the target, or what the package's own URL
/// says, `distro=almalinux-9.4`, where that is another or nothing else says it.
pub(super) fn distribution(package: &Package, inventory: &Inventory) -> Option<Distribution> {
    let found = inventory.distribution.as_ref();
    let named = package.purl.qualifier("distro");
    if let Some(found) = found
        && found.ecosystem() == package.purl.ecosystem()
        && named.is_none_or(|named| named == found.purl_distro())
    {
        return Some(found.clone());
    }
    let (id, version) = named?.rsplit_once('-')?;
    let distribution = Distribution {
        id: id.to_lowercase(),
        version: Some(version.to_owned()),
        ..Distribution::default()
    };
    (distribution.ecosystem() == package.purl.ecosystem()).then_some(distribution)
}
