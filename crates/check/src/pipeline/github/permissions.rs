//! What the token of a job may do.

use linchpin_document::{Node, NodeValue};

use crate::pipeline::members::{Members, written};

/// The rights of a job as a map: `level` (`unset`, `read-all`, `write-all`, `listed`), `from` (`job`,
/// `workflow`, `nowhere`), and the scopes in `writes` and `reads`.
pub(super) fn granted(job: Option<&Node>, workflow: &Node) -> Node {
    let of_job = job.and_then(|job| job.get("permissions"));
    let of_workflow = workflow.get("permissions");
    let from = match (of_job, of_workflow) {
        (Some(_), _) => "job",
        (None, Some(_)) => "workflow",
        (None, None) => "nowhere",
    };
    let declared = of_job.or(of_workflow);
    let start = declared.map_or(job.unwrap_or(workflow).start, |node| node.start);
    let mut members = Members::at(start);
    members.text("from", from);
    let level = match declared.map(|node| &node.value) {
        None => "unset",
        Some(NodeValue::Text(text)) if text.as_str() == "write-all" => "write-all",
        Some(NodeValue::Text(text)) if text.as_str() == "read-all" => "read-all",
        Some(_) => "listed",
    };
    members.text("level", level);
    for (key, wanted) in [("writes", "write"), ("reads", "read")] {
        let scopes = declared.map_or(&[][..], Node::members).iter();
        let scopes = scopes.filter(|scope| written(&scope.value).as_deref() == Some(wanted));
        members.texts(key, scopes.map(|scope| scope.key.as_ref().clone()));
    }
    members.finish()
}
