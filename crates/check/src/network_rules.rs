//! What lets traffic in or out, of all clouds in one form.
//!
//! | member | what |
//! |---|---|
//! | `direction` | `ingress` or `egress` |
//! | `allows` | whether it lets traffic pass |
//! | `protocol` | in lower case; `all` for every one |
//! | `ports` | a list of maps with `from` and `to` |
//! | `all_ports` | whether every port is meant |
//! | `sources` | the addresses that it is about |
//! | `world` | whether these are, in effect, everybody's |

use linchpin_document::{Member, Node, NodeValue, Position};

/// A rule of a firewall.
pub(crate) struct NetworkRule {
    pub(crate) at: Position,
    pub(crate) direction: &'static str,
    pub(crate) allows: bool,
    pub(crate) protocol: String,
    pub(crate) ports: Vec<(i64, i64)>,
    pub(crate) sources: Vec<Node>,
}

impl NetworkRule {
    /// The rule as rules of checks see it.
    pub(crate) fn node(self) -> Node {
        let at = self.at;
        let flag = |flag: bool| Node::at(at, NodeValue::Boolean(flag));
        let port = |port: i64| Node::at(at, NodeValue::Integer(port));
        let all_ports = self
            .ports
            .iter()
            .any(|(from, to)| *from <= 1 && *to >= 65_535);
        let ports = self.ports.iter().map(|(from, to)| {
            let members = vec![
                Member::added("from", port(*from)),
                Member::added("to", port(*to)),
            ];
            Node::map(at, members)
        });
        let world = self.sources.iter().filter_map(Node::as_text).any(is_world);
        let members = vec![
            Member::added("direction", Node::text(at, self.direction)),
            Member::added("allows", flag(self.allows)),
            Member::added("protocol", Node::text(at, self.protocol)),
            Member::added("ports", Node::list(at, ports.collect())),
            Member::added("all_ports", flag(all_ports)),
            Member::added("sources", Node::list(at, self.sources)),
            Member::added("world", flag(world)),
        ];
        Node::map(at, members)
    }
}

/// Half of all addresses is as good as all of them.
fn is_world(source: &str) -> bool {
    let source = source.trim();
    matches!(
        source,
        "*" | "0.0.0.0/0" | "0.0.0.0/1" | "128.0.0.0/1" | "0.0.0.0" | "::/0"
    ) || matches!(
        source.to_ascii_lowercase().as_str(),
        "internet" | "any" | "0::/0"
    ) || source == "0000:0000:0000:0000:0000:0000:0000:0000/0"
}

/// The direction that a word means.
pub(crate) fn direction(text: &str) -> &'static str {
    let text = text.to_ascii_lowercase();
    if text.starts_with('e') || text == "outbound" {
        "egress"
    } else {
        "ingress"
    }
}

/// The protocol that a word or number means; `all` for every one.
pub(crate) fn protocol_name(written: Option<&str>) -> String {
    let written = written.map(str::to_ascii_lowercase);
    match written.as_deref() {
        Some("-1" | "*" | "all") => "all".to_owned(),
        Some("6") => "tcp".to_owned(),
        Some("17") => "udp".to_owned(),
        other => other.unwrap_or_default().to_owned(),
    }
}
