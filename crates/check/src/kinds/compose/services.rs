//! What services say in several ways, in one form: images, variables, ports and mounts.

use linchpin_document::{Member, Node, NodeValue, Position};

use crate::image_name;
use crate::kind::DocumentFile;

/// Members that are added to each service.
pub(super) const IMAGE: &str = "x-image";
pub(super) const VARIABLES: &str = "x-variables";
pub(super) const PORTS: &str = "x-ports";
pub(super) const MOUNTS: &str = "x-mounts";
pub(super) const BUILD: &str = "x-build";

/// Adds them.
pub(super) fn prepare(mut files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    let documents = files.iter_mut().flat_map(|file| &mut file.documents);
    for document in documents {
        let NodeValue::Map(members) = &mut document.value else {
            continue;
        };
        let services = members
            .iter_mut()
            .filter(|member| member.key.as_str() == "services");
        for services in services {
            let NodeValue::Map(services) = &mut services.value.value else {
                continue;
            };
            for service in services {
                let added = added(&service.value);
                if let NodeValue::Map(members) = &mut service.value.value {
                    members.extend(added);
                }
            }
        }
    }
    files
}

fn added(service: &Node) -> Vec<Member> {
    let mut added = Vec::new();
    if let Some(image) = service.get("image")
        && let Some(text) = image.as_text()
    {
        added.push(Member::added(
            IMAGE,
            image_name::node(text, image.start, image.end),
        ));
    }
    if let Some(build) = service.get("build") {
        added.push(Member::added(BUILD, build_in_long_form(build)));
    }
    let items = |name: &str| service.get(name).map_or(&[][..], Node::items);
    let variables = variables(service.get("environment"));
    let ports = items("ports").iter().filter_map(port).collect();
    let mounts = items("volumes").iter().filter_map(mount).collect();
    for (name, list) in [(VARIABLES, variables), (PORTS, ports), (MOUNTS, mounts)] {
        added.push(Member::added(name, Node::list(service.start, list)));
    }
    added
}

/// A build as a map, with the list of its `arguments`.
fn build_in_long_form(build: &Node) -> Node {
    let mut members = build.members().to_vec();
    if members.is_empty() {
        members.push(Member::added("context", build.clone()));
    }
    let arguments = variables(build.get("args"));
    members.push(Member::added(
        "arguments",
        Node::list(build.start, arguments),
    ));
    Node {
        end: build.end,
        ..Node::map(build.start, members)
    }
}

/// Variables, as a list of `NAME=value` or as a map.
fn variables(node: Option<&Node>) -> Vec<Node> {
    let Some(node) = node else {
        return Vec::new();
    };
    let listed = node.items().iter().filter_map(listed_variable);
    let named = node
        .members()
        .iter()
        .map(|member| variable(member.key_start, &member.key, &scalar(&member.value)));
    listed.chain(named).collect()
}

fn listed_variable(item: &Node) -> Option<Node> {
    let text = item.as_text()?;
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    Some(variable(item.start, name, value))
}

fn variable(at: Position, name: &str, value: &str) -> Node {
    texts(at, &[("name", name), ("value", value)])
}

fn texts(at: Position, members: &[(&str, &str)]) -> Node {
    let members = members
        .iter()
        .map(|(name, text)| Member::added(name, Node::text(at, *text)));
    Node::map(at, members.collect())
}

/// A value that is no list or map, as a text.
fn scalar(node: &Node) -> String {
    match &node.value {
        NodeValue::Text(text) => text.as_ref().clone(),
        NodeValue::Integer(number) => number.to_string(),
        NodeValue::Number(number) => number.to_string(),
        NodeValue::Boolean(flag) => flag.to_string(),
        _ => String::new(),
    }
}

/// A port in its short form `[host:][published:]target[/protocol]`, or in its long one.
fn port(item: &Node) -> Option<Node> {
    if !item.members().is_empty() {
        let text = |name: &str| item.get(name).map(scalar).unwrap_or_default();
        let protocol = item
            .get("protocol")
            .map_or_else(|| "tcp".to_owned(), scalar);
        return Some(texts(
            item.start,
            &[
                ("host", &text("host_ip")),
                ("published", &text("published")),
                ("target", &text("target")),
                ("protocol", &protocol),
            ],
        ));
    }
    let text = scalar(item);
    let (rest, protocol) = text.rsplit_once('/').unwrap_or((&text, "tcp"));
    let mut parts = split(rest);
    let target = parts.pop().filter(|target| !target.is_empty())?;
    let published = parts.pop().unwrap_or_default();
    let host = parts.join(":");
    let host = host.trim_matches(['[', ']']);
    Some(texts(
        item.start,
        &[
            ("host", host),
            ("published", published),
            ("target", target),
            ("protocol", protocol),
        ],
    ))
}

/// What is mounted, in its short form `source:target[:mode]`, or in its long one.
fn mount(item: &Node) -> Option<Node> {
    if !item.members().is_empty() {
        let text = |name: &str| item.get(name).map(scalar).unwrap_or_default();
        let mode = if text("read_only") == "true" {
            "ro"
        } else {
            "rw"
        };
        return Some(texts(
            item.start,
            &[
                ("type", &text("type")),
                ("source", &text("source")),
                ("target", &text("target")),
                ("mode", mode),
            ],
        ));
    }
    let text = item.as_text()?;
    let parts = split(text);
    let (source, target, mode) = match parts.as_slice() {
        [target] => ("", *target, "rw"),
        [source, target] => (*source, *target, "rw"),
        [source, target, mode, ..] => (*source, *target, *mode),
        [] => return None,
    };
    let is_path = source.starts_with(['/', '.', '~', '$']);
    let sort = if is_path { "bind" } else { "volume" };
    Some(texts(
        item.start,
        &[
            ("type", sort),
            ("source", source),
            ("target", target),
            ("mode", mode),
        ],
    ))
}

/// The parts between colons that are not in brackets: `${PORT:-80}:80`, `[::1]:80:80`.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut begin) = (0usize, 0usize);
    for (place, character) in text.char_indices() {
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                parts.push(text.get(begin..place).unwrap_or_default());
                begin = place + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(begin..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(node: &Node) -> String {
        let texts = node.members().iter().map(|member| scalar(&member.value));
        texts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn both_forms_are_the_same() {
        let text = "\
services:
  a:
    image: x:1
    environment: [A=1=2, B]
    ports: [80, '127.0.0.1:8080:80/udp', '${P:-1}:2', '[::1]:3:4', {target: 5, host_ip: h}]
    volumes: [/a, './b:/c:ro', 'n:/d', {type: bind, source: /e, target: /f, read_only: true}]
  b:
    build: .
    environment: {A: 1, B: null}
";
        let file = DocumentFile {
            path: linchpin_model::TargetPath::new("compose.yaml"),
            layer: None,
            text: text.into(),
            documents: linchpin_document::yaml::read(text).documents,
            problems: Vec::new(),
            parts: Vec::new(),
        };
        let files = prepare(vec![file]);
        let services = files[0].documents[0].get("services").unwrap();
        let lists = |service: &str, name: &str| -> Vec<String> {
            let list = services.find(&[service, name]).unwrap();
            list.items().iter().map(shown).collect()
        };
        assert_eq!(lists("a", VARIABLES), ["A 1=2", "B "]);
        assert_eq!(lists("b", VARIABLES), ["A 1", "B "]);
        assert_eq!(
            lists("a", PORTS),
            [
                "  80 tcp",
                "127.0.0.1 8080 80 udp",
                " ${P:-1} 2 tcp",
                "::1 3 4 tcp",
                "h  5 tcp"
            ]
        );
        assert_eq!(
            lists("a", MOUNTS),
            [
                "volume  /a rw",
                "bind ./b /c ro",
                "volume n /d rw",
                "bind /e /f ro"
            ]
        );
        assert_eq!(services.find_text(&["a", IMAGE, "tag"]), Some("1"));
        assert_eq!(services.find_text(&["b", BUILD, "context"]), Some("."));
    }
}
