//! Rules of network security groups, in the form of all clouds.

use linchpin_document::Node;

use super::functions::text;
use crate::network_rules::{NetworkRule, direction, protocol_name};

/// Most ranges and addresses of one rule.
const MOST: usize = 500;

/// The rules of a group, or the one that a resource is.
pub(super) fn of(kind: &str, body: &Node) -> Vec<Node> {
    let Some(properties) = body.get("properties") else {
        return Vec::new();
    };
    match kind {
        "microsoft.network/networksecuritygroups" => {
            let rules = properties.get("securityRules").map_or(&[][..], Node::items);
            rules
                .iter()
                .take(MOST)
                .filter_map(|rule| rule.get("properties"))
                .filter_map(rule)
                .collect()
        }
        "microsoft.network/networksecuritygroups/securityrules" => {
            rule(properties).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn rule(properties: &Node) -> Option<Node> {
    let listed = |one: &str, several: &str| -> Vec<Node> {
        let single = properties.get(one).into_iter();
        let more = properties.get(several).map_or(&[][..], Node::items);
        single.chain(more).take(MOST).cloned().collect()
    };
    let sources = listed("sourceAddressPrefix", "sourceAddressPrefixes");
    let place = ["sourceAddressPrefix", "sourceAddressPrefixes"]
        .iter()
        .find_map(|name| properties.member(name));
    let access = properties.find_text(&["access"])?;
    let protocol = properties.get("protocol").and_then(text);
    let rule = NetworkRule {
        at: place.map_or(properties.start, |member| member.key_start),
        direction: direction(properties.find_text(&["direction"])?),
        allows: access.eq_ignore_ascii_case("allow"),
        protocol: protocol_name(protocol.as_deref()),
        ports: ranges(&listed("destinationPortRange", "destinationPortRanges")),
        sources,
    };
    Some(rule.node())
}

/// `22`, `80-90` and `*`.
fn ranges(written: &[Node]) -> Vec<(i64, i64)> {
    let mut ranges = Vec::new();
    for text in written.iter().filter_map(text) {
        for part in text.split(',').map(str::trim).take(MOST) {
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
