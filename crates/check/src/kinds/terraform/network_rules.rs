//! What lets traffic in or out: the rules of firewalls of three clouds, in one form.

use linchpin_document::{Member, Node, NodeValue, Position};

use super::scope::{is_unknown, number, truth};
use crate::network_rules::{NetworkRule, direction, protocol_name};

/// The member that holds them.
pub(super) const MEMBER: &str = "_network_rules";

/// Most rules of one resource.
const MOST_RULES: usize = 200;

/// Adds the rules that a resource has.
pub(super) fn add(of: &str, start: Position, body: &mut Vec<Member>) {
    let whole = Node::map(start, body.clone());
    let blocks = |name: &str| whole.get(name).map_or(&[][..], Node::items);
    let rules: Vec<Node> = match of {
        "aws_security_group" | "aws_default_security_group" => ["ingress", "egress"]
            .iter()
            .flat_map(|direction| {
                let rules = blocks(direction).iter();
                rules.map(|block| aws(block, direction))
            })
            .collect(),
        "aws_security_group_rule" => {
            let direction = whole.find_text(&["type"]).unwrap_or_default();
            vec![aws(&whole, direction)]
        }
        "aws_vpc_security_group_ingress_rule" => vec![aws(&whole, "ingress")],
        "aws_vpc_security_group_egress_rule" => vec![aws(&whole, "egress")],
        "google_compute_firewall" => blocks("allow")
            .iter()
            .map(|allow| google(&whole, allow))
            .collect(),
        "azurerm_network_security_rule" => azure(&whole).into_iter().collect(),
        "azurerm_network_security_group" => {
            blocks("security_rule").iter().filter_map(azure).collect()
        }
        _ => return,
    };
    let rules: Vec<Node> = rules.into_iter().take(MOST_RULES).collect();
    body.push(Member::added(MEMBER, Node::list(start, rules)));
}

/// The values of attributes, and of the items of those that are lists; and where the first stands.
fn values(block: &Node, names: &[&str]) -> (Vec<Node>, Option<Position>) {
    let mut values = Vec::new();
    let mut place = None;
    for member in names.iter().filter_map(|name| block.member(name)) {
        place = place.or(Some(member.key_start));
        match &member.value.value {
            NodeValue::List(items) => values.extend_from_slice(items),
            _ => values.push(member.value.clone()),
        }
    }
    (values, place)
}

#[expect(clippy::cast_possible_truncation, reason = "ports are small")]
fn port(block: &Node, name: &str) -> Option<i64> {
    Some(number(block.get(name)?)? as i64)
}

/// The protocol of a rule.
fn protocol(block: &Node, name: &str) -> String {
    let written = block.get(name).and_then(super::scope::text);
    protocol_name(written.as_ref().map(|text| text.as_str()))
}

fn aws(block: &Node, written: &str) -> Node {
    let names = ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"];
    let (sources, place) = values(block, &names);
    let name = if block.get("ip_protocol").is_some() {
        "ip_protocol"
    } else {
        "protocol"
    };
    let protocol = protocol(block, name);
    let ports = match (port(block, "from_port"), port(block, "to_port")) {
        _ if protocol == "all" => vec![(0, 65_535)],
        (Some(from), Some(to)) => vec![(from, to)],
        _ => Vec::new(),
    };
    let rule = NetworkRule {
        at: place.unwrap_or(block.start),
        direction: direction(written),
        allows: !is_unknown(&Node::text(block.start, written)),
        protocol,
        ports,
        sources,
    };
    rule.node()
}

fn google(firewall: &Node, allow: &Node) -> Node {
    let (mut sources, place) = values(firewall, &["source_ranges"]);
    let is_limited = ["source_tags", "source_service_accounts"]
        .iter()
        .any(|name| firewall.get(name).is_some());
    if sources.is_empty() && place.is_none() && !is_limited {
        sources.push(Node::text(firewall.start, "0.0.0.0/0"));
    }
    let is_disabled = firewall.get("disabled").and_then(truth) == Some(true);
    let (written, _) = values(allow, &["ports"]);
    let ports = if allow.get("ports").is_some() {
        ranges(&written)
    } else {
        vec![(0, 65_535)]
    };
    let rule = NetworkRule {
        at: place.unwrap_or(firewall.start),
        direction: direction(firewall.find_text(&["direction"]).unwrap_or("INGRESS")),
        allows: !is_disabled,
        protocol: protocol(allow, "protocol"),
        ports,
        sources,
    };
    rule.node()
}

fn azure(block: &Node) -> Option<Node> {
    let names = ["source_address_prefix", "source_address_prefixes"];
    let (sources, place) = values(block, &names);
    let names = ["destination_port_range", "destination_port_ranges"];
    let access = block.find_text(&["access"])?;
    let rule = NetworkRule {
        at: place.unwrap_or(block.start),
        direction: direction(block.find_text(&["direction"])?),
        allows: access.eq_ignore_ascii_case("allow"),
        protocol: protocol(block, "protocol"),
        ports: ranges(&values(block, &names).0),
        sources,
    };
    Some(rule.node())
}

/// `22`, `80-90`, `22,3389` and `*`.
fn ranges(written: &[Node]) -> Vec<(i64, i64)> {
    let texts = written.iter().filter_map(super::scope::text);
    let mut ranges = Vec::new();
    for text in texts.take(MOST_RULES) {
        for part in text.split(',').map(str::trim).take(MOST_RULES) {
            if part == "*" {
                ranges.push((0, 65_535));
                continue;
            }
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            if let (Ok(from), Ok(to)) = (from.trim().parse(), to.trim().parse()) {
                ranges.push((from, to));
            }
        }
    }
    ranges
}
