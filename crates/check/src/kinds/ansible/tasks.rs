//! Tasks and handlers, those in blocks among them, with their modules.

use linchpin_document::{Member, Node, NodeValue, Position};

use super::arguments;
use super::{Found, is_list_of_tasks};

/// How deep blocks may stand in blocks.
const DEEPEST_BLOCK: usize = 20;

/// What a task may say beside its module:
/// <https://docs.ansible.com/ansible/latest/reference_appendices/playbooks_keywords.html>.
const KEYWORDS: &[&str] = &[
    "action",
    "always",
    "any_errors_fatal",
    "args",
    "async",
    "become",
    "become_exe",
    "become_flags",
    "become_method",
    "become_user",
    "block",
    "changed_when",
    "check_mode",
    "collections",
    "connection",
    "debugger",
    "delay",
    "delegate_facts",
    "delegate_to",
    "diff",
    "environment",
    "failed_when",
    "hosts",
    "ignore_errors",
    "ignore_unreachable",
    "listen",
    "local_action",
    "loop",
    "loop_control",
    "module_defaults",
    "name",
    "no_log",
    "notify",
    "poll",
    "port",
    "register",
    "remote_user",
    "rescue",
    "retries",
    "run_once",
    "sudo",
    "sudo_user",
    "tags",
    "throttle",
    "timeout",
    "until",
    "vars",
    "when",
];

/// Modules that nothing else is named like, for files that lie anywhere.
const SURE: &[&str] = &[
    "apt",
    "apt_key",
    "apt_repository",
    "blockinfile",
    "cron",
    "debug",
    "dnf",
    "get_url",
    "git",
    "include_role",
    "include_tasks",
    "import_role",
    "import_tasks",
    "lineinfile",
    "package",
    "pip",
    "set_fact",
    "shell",
    "systemd",
    "sysctl",
    "template",
    "unarchive",
    "uri",
    "yum",
    "yum_repository",
];

/// Whether an item of a list can be nothing but a task.
pub(super) fn is_surely_task(item: &Node) -> bool {
    let Some(member) = module(item) else {
        return false;
    };
    let is_known = SURE.contains(&member.key.as_str()) && item.get("name").is_some();
    is_known || member.key.starts_with("ansible.")
}

/// The member of a task that names its module.
fn module(task: &Node) -> Option<&Member> {
    let is_module = |member: &&Member| {
        let name = member.key.as_str();
        !KEYWORDS.contains(&name) && !name.starts_with("with_") && !name.is_empty()
    };
    task.members().iter().find(is_module)
}

/// Adds all tasks of a list.
pub(super) fn read(tasks: &[Node], play: Option<&Node>, found: &mut Found) {
    let hides = play.is_some_and(says_no_log);
    for task in tasks {
        read_one(task, play, hides, 0, found);
    }
}

fn says_no_log(node: &Node) -> bool {
    let said = node.get("no_log").map(|node| &node.value);
    // What depends on a variable is taken to hide.
    !matches!(
        said,
        None | Some(NodeValue::Boolean(false) | NodeValue::Null)
    )
}

fn read_one(task: &Node, play: Option<&Node>, hides: bool, depth: usize, found: &mut Found) {
    if depth > DEEPEST_BLOCK {
        return;
    }
    let hides = hides || says_no_log(task);
    if let Some(variables) = task.get("vars") {
        found.variables(variables, 0);
    }
    if task.get("block").is_some() {
        for member in task.members() {
            if is_list_of_tasks(&member.key) {
                for inner in member.value.items() {
                    read_one(inner, play, hides, depth + 1, found);
                }
            }
        }
        return;
    }
    let Some((name, value, at)) = called(task) else {
        return;
    };
    let short = name.rsplit('.').next().unwrap_or(&name).to_owned();
    let (arguments, command) = arguments::read(&short, &value, task.get("args"));
    if short == "set_fact" {
        found.variables(&arguments, 0);
    }
    let start = task.start;
    let mut members = task.members().to_vec();
    members.extend([
        Member::added("texts", arguments::texts(&arguments)),
        Member::added("lists", arguments::lists(&arguments)),
        Member::added("module", Node::text(at, name)),
        Member::added("command", Node::text(at, command)),
        Member::added("arguments", arguments),
        Member::added("hides", Node::at(start, NodeValue::Boolean(hides))),
    ]);
    let body = Node {
        start,
        end: task.end,
        value: NodeValue::Map(members),
    };
    found.add("task", &short, body, play);
}

/// The module that a task calls, what it tells it, and where the module is named.
fn called(task: &Node) -> Option<(String, Node, Position)> {
    for name in ["action", "local_action"] {
        let Some(member) = task.member(name) else {
            continue;
        };
        let action = &member.value;
        if let Some(text) = action.as_text() {
            let (module, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
            let rest = Node {
                start: action.start,
                end: action.end,
                ..Node::text(action.start, rest)
            };
            return Some((module.to_owned(), rest, member.key_start));
        }
        let module = action.find_text(&["module"])?.to_owned();
        return Some((module, action.clone(), member.key_start));
    }
    let member = module(task)?;
    Some((
        member.key.as_ref().clone(),
        member.value.clone(),
        member.key_start,
    ))
}
