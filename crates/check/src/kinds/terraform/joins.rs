//! Resources that are settings of another one are put into that one, so that a rule about a bucket
//! sees what blocks its public access: `this.aws_s3_bucket_public_access_block[0]`.

use std::collections::HashMap;
use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue};

use super::blocks::Written;
use super::scope::is_unknown;

/// Which settings belong to which resource, and which attribute says so.
const JOINS: &[(&str, &str, &str)] = &[
    (
        "aws_s3_bucket_public_access_block",
        "aws_s3_bucket",
        "bucket",
    ),
    (
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket",
        "bucket",
    ),
    ("aws_s3_bucket_versioning", "aws_s3_bucket", "bucket"),
    ("aws_s3_bucket_logging", "aws_s3_bucket", "bucket"),
    ("aws_s3_bucket_acl", "aws_s3_bucket", "bucket"),
    ("aws_s3_bucket_policy", "aws_s3_bucket", "bucket"),
    (
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket",
        "bucket",
    ),
    (
        "aws_s3_bucket_website_configuration",
        "aws_s3_bucket",
        "bucket",
    ),
    (
        "aws_s3_bucket_lifecycle_configuration",
        "aws_s3_bucket",
        "bucket",
    ),
    (
        "aws_ecr_repository_policy",
        "aws_ecr_repository",
        "repository",
    ),
    (
        "aws_ecr_lifecycle_policy",
        "aws_ecr_repository",
        "repository",
    ),
    ("aws_flow_log", "aws_vpc", "vpc_id"),
    (
        "aws_secretsmanager_secret_rotation",
        "aws_secretsmanager_secret",
        "secret_id",
    ),
    ("aws_sns_topic_policy", "aws_sns_topic", "arn"),
    ("aws_sqs_queue_policy", "aws_sqs_queue", "queue_url"),
    (
        "aws_lambda_function_url",
        "aws_lambda_function",
        "function_name",
    ),
    ("aws_apigatewayv2_stage", "aws_apigatewayv2_api", "api_id"),
    (
        "aws_efs_backup_policy",
        "aws_efs_file_system",
        "file_system_id",
    ),
    (
        "google_storage_bucket_iam_member",
        "google_storage_bucket",
        "bucket",
    ),
    (
        "google_storage_bucket_iam_binding",
        "google_storage_bucket",
        "bucket",
    ),
    (
        "azurerm_storage_account_network_rules",
        "azurerm_storage_account",
        "storage_account_id",
    ),
    (
        "azurerm_storage_account_customer_managed_key",
        "azurerm_storage_account",
        "storage_account_id",
    ),
    (
        "azurerm_subnet_network_security_group_association",
        "azurerm_subnet",
        "subnet_id",
    ),
    (
        "azurerm_network_interface_security_group_association",
        "azurerm_network_interface",
        "network_interface_id",
    ),
    (
        "azurerm_mssql_server_extended_auditing_policy",
        "azurerm_mssql_server",
        "server_id",
    ),
    (
        "azurerm_mssql_server_security_alert_policy",
        "azurerm_mssql_server",
        "server_name",
    ),
    (
        "azurerm_monitor_diagnostic_setting",
        "azurerm_key_vault",
        "target_resource_id",
    ),
    (
        "azurerm_monitor_diagnostic_setting",
        "azurerm_kubernetes_cluster",
        "target_resource_id",
    ),
    (
        "azurerm_monitor_diagnostic_setting",
        "azurerm_application_gateway",
        "target_resource_id",
    ),
    (
        "azurerm_postgresql_flexible_server_configuration",
        "azurerm_postgresql_flexible_server",
        "server_id",
    ),
    (
        "azurerm_postgresql_configuration",
        "azurerm_postgresql_server",
        "server_name",
    ),
];

/// Most settings that are put into resources when it is not known into which one they belong.
const MOST_GUESSES: usize = 400;

/// Whether a resource of this type may be put into another one.
pub(super) fn is_joined(name: &str) -> bool {
    JOINS.iter().any(|(of, _, _)| *of == name)
}

/// Puts the settings of a module into its resources.
pub(super) fn join(written: &mut [Written<'_>]) {
    let mut targets: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, one) in written.iter().enumerate() {
        if one.block.sort == "resource" {
            targets.entry(one.block.of).or_default().push(place);
        }
    }
    let mut found: Vec<(usize, &'static str, Node)> = Vec::new();
    for one in written.iter().filter(|one| one.block.sort == "resource") {
        for (of, target, attribute) in JOINS.iter().filter(|join| join.0 == one.block.of) {
            let Some(places) = targets.get(target) else {
                continue;
            };
            let mut node = Node::map(one.block.body.start, one.body.clone());
            node.end = one.block.body.end;
            let value = one
                .body
                .iter()
                .find(|member| member.key.as_str() == *attribute);
            let value = value.map(|member| &member.value);
            let asks = |place: &&usize| {
                let target = written.get(**place);
                target.is_some_and(|target| refers(value, target))
            };
            let exact: Vec<usize> = places.iter().filter(asks).copied().collect();
            let is_named = value
                .and_then(Node::as_text)
                .is_some_and(|text| text.contains(&format!("{target}.")));
            if !exact.is_empty() {
                found.extend(exact.into_iter().map(|place| (place, *of, node.clone())));
            } else if !is_named && value.is_some_and(is_unknown) {
                // It may be any of them: what is not known must not be said to be missing.
                let room = MOST_GUESSES.saturating_sub(found.len());
                let guesses = places.iter().take(room);
                found.extend(guesses.map(|place| (*place, *of, node.clone())));
            }
        }
    }
    for (place, of, node) in found {
        let Some(target) = written.get_mut(place) else {
            continue;
        };
        let start = target.block.body.start;
        let known = target
            .body
            .iter_mut()
            .find(|member| member.key.as_str() == of);
        match known.map(|member| &mut member.value.value) {
            Some(NodeValue::List(items)) => items.push(node),
            _ => target.body.push(Member {
                key: Arc::new(of.to_owned()),
                key_start: start,
                value: Node::list(start, vec![node]),
            }),
        }
    }
}

/// Whether a value names a resource: `${aws_s3_bucket.main.id}`, or the name that the resource has.
fn refers(value: Option<&Node>, target: &Written<'_>) -> bool {
    let Some(text) = value.and_then(Node::as_text) else {
        return false;
    };
    let address = format!("{}.{}", target.block.of, target.block.name);
    let by_address = text.match_indices(&address).any(|(place, _)| {
        let after = text.get(place + address.len()..).unwrap_or_default();
        !after.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '-'))
    });
    let is_named = |member: &&Member| matches!(member.key.as_str(), "bucket" | "name" | "id");
    let mut names = target.body.iter().filter(is_named);
    by_address || names.any(|member| member.value.as_text() == Some(text))
}
