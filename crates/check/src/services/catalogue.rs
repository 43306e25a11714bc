//! The services that are known, as data: what they are called, what goes there, and how they show.

use std::sync::LazyLock;

use linchpin_document::{Node, Position};

use linchpin_document::yaml;

/// The services of the program, one file for each category.
static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/services.rs"));

/// What can go to a service, in the words that a file may use.
pub const DATA_KINDS: &[&str] = &[
    "analytics",
    "audio-and-video",
    "code",
    "credentials",
    "documents",
    "feature-flags",
    "infrastructure",
    "locations",
    "logs",
    "messages",
    "metrics",
    "model-inputs",
    "models",
    "payments",
    "personal",
    "records",
];

/// A service that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its id: `stripe`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Who runs it.
    pub vendor: String,
    /// What sort of service it is: the name of its file.
    pub category: String,
    /// What usually goes there, of [`DATA_KINDS`].
    pub data: Vec<String>,
    /// Packages that talk to it, each with its type of package URL; a `*` stands for anything.
    pub packages: Vec<(String, String)>,
    /// Its hosts; what is below one is the service too.
    pub hosts: Vec<String>,
    /// Variables that hold its settings; one that ends with `*` is the beginning of many.
    pub variables: Vec<String>,
}

/// What is wrong with the data of a service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {problem}", at.line, at.column)]
pub struct InvalidService {
    /// The file.
    pub file: String,
    /// Where in it.
    pub at: Position,
    /// What.
    pub problem: String,
}

/// The services of the program, in the order of the files.
pub fn embedded() -> &'static [Service] {
    static SERVICES: LazyLock<Vec<Service>> = LazyLock::new(|| {
        EMBEDDED
            .iter()
            .flat_map(|(file, text)| read(file, text).expect("a test reads every service"))
            .collect()
    });
    &SERVICES
}

/// Reads a file of services.
pub(crate) fn read(file: &str, text: &str) -> Result<Vec<Service>, InvalidService> {
    let invalid = |(at, problem): (Position, String)| InvalidService {
        file: file.to_owned(),
        at,
        problem,
    };
    let read = yaml::read(text);
    if let Some(problem) = read.problem {
        return Err(invalid((problem.at, problem.text)));
    }
    read.documents
        .iter()
        .flat_map(Node::items)
        .map(|node| service(node, file).map_err(invalid))
        .collect()
}

type Wrong = (Position, String);

const FIELDS: &[&str] = &[
    "id",
    "name",
    "vendor",
    "data",
    "packages",
    "hosts",
    "variables",
];

fn service(node: &Node, category: &str) -> Result<Service, Wrong> {
    for member in node.members() {
        if !FIELDS.contains(&member.key.as_str()) {
            let problem = format!("a service has no field `{}`", member.key);
            return Err((member.key_start, problem));
        }
    }
    let text = |name: &str| {
        let text = node.get(name).and_then(Node::as_text);
        text.filter(|text| !text.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| (node.start, format!("`{name}` is a text and must be there")))
    };
    let name = text("name")?;
    let data = texts(node.get("data"))?;
    for (kind, at) in &data {
        if !DATA_KINDS.contains(&kind.as_str()) {
            let problem = format!("`{kind}` is no kind of data: {}", DATA_KINDS.join(", "));
            return Err((*at, problem));
        }
    }
    if data.is_empty() {
        return Err((node.start, "`data` says what goes there".to_owned()));
    }
    let mut packages = Vec::new();
    for member in node.get("packages").map_or(&[][..], Node::members) {
        for (package, _) in texts(Some(&member.value))? {
            packages.push((member.key.to_string(), package.to_lowercase()));
        }
    }
    let hosts = texts(node.get("hosts"))?;
    for (host, at) in &hosts {
        if !super::hosts::is_host(host) {
            return Err((*at, format!("`{host}` is no host")));
        }
    }
    let variables = texts(node.get("variables"))?;
    for (variable, at) in &variables {
        let stem = variable.strip_suffix('*').unwrap_or(variable);
        let is_plain =
            |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        if stem.len() < 3 || !stem.bytes().all(is_plain) {
            return Err((*at, format!("`{variable}` is no variable in capitals")));
        }
    }
    if packages.is_empty() && hosts.is_empty() && variables.is_empty() {
        let problem = "nothing shows that it is used".to_owned();
        return Err((node.start, problem));
    }
    let plain = |list: Vec<(String, Position)>| list.into_iter().map(|(text, _)| text).collect();
    Ok(Service {
        id: text("id")?,
        vendor: text("vendor").unwrap_or_else(|_| name.clone()),
        name,
        category: category.to_owned(),
        data: plain(data),
        packages,
        hosts: plain(hosts),
        variables: plain(variables),
    })
}

fn texts(node: Option<&Node>) -> Result<Vec<(String, Position)>, Wrong> {
    node.map_or(&[][..], Node::items)
        .iter()
        .map(|item| {
            let text = item.as_text().filter(|text| !text.is_empty());
            let text = text.ok_or_else(|| (item.start, "it is no text".to_owned()))?;
            Ok((text.to_owned(), item.start))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_services_of_the_program_are_valid() {
        let mut ids = BTreeSet::new();
        let mut hosts = BTreeSet::new();
        for (file, text) in EMBEDDED {
            let services = match read(file, text) {
                Ok(services) => services,
                Err(error) => panic!("services/{error}"),
            };
            for service in services {
                assert!(
                    ids.insert(service.id.clone()),
                    "{} is there twice",
                    service.id
                );
                for host in service.hosts {
                    assert!(hosts.insert(host.clone()), "{host} is of two services");
                }
            }
        }
        assert!(ids.len() >= 150, "{}", ids.len());
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let good = "- id: x\n  name: X\n  data: [logs]\n  hosts: [api.example.com]\n";
        assert_eq!(read("f", good).unwrap()[0].vendor, "X");
        for (from, to, said) in [
            ("[logs]", "[dreams]", "f:3:10: `dreams` is no kind"),
            ("name: X", "title: X", "f:2:3: a service has no field"),
            ("api.example.com", "nothing", "f:4:11: `nothing` is no host"),
            (
                "hosts: [api.example.com]",
                "hosts: []",
                "f:1:3: nothing shows",
            ),
            (
                "hosts: [api.example.com]",
                "variables: [x]",
                "f:4:15: `x` is no variable",
            ),
        ] {
            let error = read("f", &good.replace(from, to)).unwrap_err();
            assert!(error.to_string().starts_with(said), "{error}");
        }
    }
}
