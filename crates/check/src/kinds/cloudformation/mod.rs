//! Templates of CloudFormation and SAM, in YAML and JSON:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html>.
//!
//! Functions are evaluated as far as parameters with defaults and mappings go. What depends on a
//! condition is not known, unless it is the same both ways. Nested stacks and macros are not followed.

mod functions;

use linchpin_document::{Member, Node, NodeValue};
use linchpin_model::{FindingKind, TargetPath};
use linchpin_source::Pattern;
use memchr::memmem;

use self::functions::Template;
use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::network_rules::{NetworkRule, protocol_name};
use crate::policy_statements::statements;
use crate::syntax::Syntax;

/// Most resources of one template: the service itself takes 500.
const MOST_RESOURCES: usize = 5_000;

/// How deep in a resource policies are looked for.
const DEEPEST_POLICY: usize = 4;

const OF_RESOURCE: &[&str] = &["resource", "type", "name"];

pub(super) const KIND: Kind = Kind {
    id: "cloudformation",
    noun: "CloudFormation template",
    documentation: "Templates of AWS CloudFormation and of the Serverless Application Model",
    finding: FindingKind::Configuration,
    wants: &[
        Pattern::Suffix(".yaml"),
        Pattern::Suffix(".yml"),
        Pattern::Suffix(".template"),
        Pattern::Glob("**/*template*.json"),
        Pattern::Glob("**/*stack*.json"),
        Pattern::Glob("**/*cloudformation*.json"),
        Pattern::Glob("**/*cloudformation*/**/*.json"),
        Pattern::Glob("**/*cfn*.json"),
        Pattern::Glob("**/cdk.out/**/*.json"),
    ],
    may_be,
    syntax: Syntax::Yaml,
    prepare,
    subjects: &[
        SubjectKind {
            name: "resource",
            documentation: "The properties of a resource, without what is null; `of` is its type: `AWS::S3::Bucket`",
            around: &["type", "name", "resource"],
        },
        SubjectKind {
            name: "parameter",
            documentation: "A parameter",
            around: &["name"],
        },
        SubjectKind {
            name: "network-rule",
            documentation: "What lets traffic in or out: direction, allows, protocol, ports, all_ports, sources, world; `of` is the type of the resource",
            around: OF_RESOURCE,
        },
        SubjectKind {
            name: "policy-statement",
            documentation: "A statement of a policy: attribute, sid, effect, actions, resources, principals, principal_types, conditions; `of` is the type of the resource",
            around: OF_RESOURCE,
        },
    ],
    find,
    example: "template.yaml",
};

fn may_be(_: &TargetPath, content: &[u8]) -> bool {
    let has = |text: &str| memmem::find(content, text.as_bytes()).is_some();
    has("Resources") && (has("AWSTemplateFormatVersion") || has("AWS::"))
}

fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    let prepared = files.into_iter().map(|file| {
        let documents = file.documents.iter().flat_map(subjects_of).collect();
        DocumentFile { documents, ..file }
    });
    prepared.filter(|file| !file.documents.is_empty()).collect()
}

/// What stands for the resources and parameters of a template.
fn subjects_of(document: &Node) -> Vec<Node> {
    let Some(resources) = document.get("Resources") else {
        return Vec::new();
    };
    let template = Template::new(document);
    let mut subjects = Vec::new();
    for resource in resources.members().iter().take(MOST_RESOURCES) {
        let Some(of) = resource.value.find_text(&["Type"]) else {
            continue;
        };
        let start = resource.key_start;
        let mut members = match resource.value.get("Properties") {
            Some(properties) => template.properties(properties),
            None => Vec::new(),
        };
        add_globals(&template, document, of, &mut members);
        let mut body = Node::map(start, members);
        body.end = resource.value.end;
        let mut policies = Vec::new();
        policies_in(&body, 0, &mut policies);
        let rules = network_rules(of, &body);
        let inner = |key: &str, value: Node| Member::added(key, value);
        subjects.push(Node::map(
            start,
            vec![
                inner("sort", Node::text(start, "resource")),
                inner("type", Node::text(start, of)),
                inner("name", Node::text(start, resource.key.as_str())),
                inner("body", body),
                inner("resource", resource.value.clone()),
                inner("statements", Node::list(start, policies)),
                inner("rules", Node::list(start, rules)),
            ],
        ));
    }
    for parameter in document.get("Parameters").map_or(&[][..], Node::members) {
        let start = parameter.key_start;
        let mut body = parameter.value.clone();
        body.start = start;
        subjects.push(Node::map(
            start,
            vec![
                Member::added("sort", Node::text(start, "parameter")),
                Member::added("name", Node::text(start, parameter.key.as_str())),
                Member::added("body", body),
            ],
        ));
    }
    let has_resources = subjects.iter().any(|one| one.get("type").is_some());
    if has_resources { subjects } else { Vec::new() }
}

/// What a template of SAM says of all functions or APIs, where one of them does not say it itself:
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html>.
fn add_globals(template: &Template<'_>, document: &Node, of: &str, members: &mut Vec<Member>) {
    let Some(section) = of.strip_prefix("AWS::Serverless::") else {
        return;
    };
    let Some(globals) = document.find(&["Globals", section]) else {
        return;
    };
    for member in template.properties(globals) {
        if !members.iter().any(|own| own.key == member.key) {
            members.push(member);
        }
    }
}

/// Policies are maps with statements, wherever they stand.
fn policies_in(node: &Node, depth: usize, found: &mut Vec<Node>) {
    if depth > DEEPEST_POLICY {
        return;
    }
    for member in node.members() {
        if member.value.get("Statement").is_some() || member.value.as_text().is_some() {
            found.extend(statements(&member.key, &member.value));
        } else {
            policies_in(&member.value, depth + 1, found);
        }
    }
    for item in node.items() {
        policies_in(item, depth + 1, found);
    }
}

fn network_rules(of: &str, body: &Node) -> Vec<Node> {
    let listed = |name: &str, direction| {
        let rules = body.get(name).map_or(&[][..], |node| match &node.value {
            NodeValue::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        });
        let rules = rules.iter().filter(|rule| !rule.members().is_empty());
        rules.map(move |rule| network_rule(rule, direction))
    };
    match of {
        "AWS::EC2::SecurityGroup" => listed("SecurityGroupIngress", "ingress")
            .chain(listed("SecurityGroupEgress", "egress"))
            .collect(),
        "AWS::EC2::SecurityGroupIngress" => vec![network_rule(body, "ingress")],
        "AWS::EC2::SecurityGroupEgress" => vec![network_rule(body, "egress")],
        _ => Vec::new(),
    }
}

fn network_rule(rule: &Node, direction: &'static str) -> Node {
    let sources = ["CidrIp", "CidrIpv6"].map(|name| rule.member(name));
    let place = sources.iter().flatten().next().map(|one| one.key_start);
    let protocol = rule.get("IpProtocol").and_then(functions::text);
    let protocol = protocol_name(protocol.as_deref());
    let port = |name: &str| functions::text(rule.get(name)?)?.parse::<i64>().ok();
    let ports = match (port("FromPort"), port("ToPort")) {
        _ if protocol == "all" => vec![(0, 65_535)],
        (Some(from), Some(to)) => vec![(from, to)],
        _ => Vec::new(),
    };
    let sources = sources.into_iter().flatten();
    let rule = NetworkRule {
        at: place.unwrap_or(rule.start),
        direction,
        allows: true,
        protocol,
        ports,
        sources: sources.map(|member| member.value.clone()).collect(),
    };
    rule.node()
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for document in &file.documents {
        let (Some(sort), Some(name), Some(body)) = (
            document.find_text(&["sort"]),
            document.get("name"),
            document.get("body"),
        ) else {
            continue;
        };
        if sort == "parameter" {
            subjects.push(Subject::new("parameter", body).with("name", name));
            continue;
        }
        let (Some(of), Some(resource)) = (document.get("type"), document.get("resource")) else {
            continue;
        };
        let of_text = of.as_text().unwrap_or_default();
        let subject = |kind, node| {
            let subject = Subject::new(kind, node).of(of_text);
            subject.with("type", of).with("name", name)
        };
        subjects.push(subject("resource", body).with("resource", resource));
        for (kind, list) in [
            ("policy-statement", "statements"),
            ("network-rule", "rules"),
        ] {
            for node in document.get(list).map_or(&[][..], Node::items) {
                subjects.push(subject(kind, node).with("resource", body));
            }
        }
    }
}
