//! Ansible: playbooks, roles with their tasks, handlers and variables, requirements, and
//! `ansible.cfg`: <https://docs.ansible.com/ansible/latest/reference_appendices/YAMLSyntax.html>.
//!
//! Files stand for themselves: what a variable is worth depends on the inventory, and stays as it is
//! written, `{{ name }}`.

mod arguments;
mod tasks;

use linchpin_document::{Member, Node, NodeValue};
use linchpin_model::{FindingKind, TargetPath};
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::syntax::Syntax;

/// Most things of one file.
const MOST_THINGS: usize = 20_000;

/// How deep in variables others are looked for.
const DEEPEST_VARIABLE: usize = 4;

pub(super) const KIND: Kind = Kind {
    id: "ansible",
    noun: "Ansible file",
    documentation: "Playbooks, roles, requirements and settings of Ansible",
    finding: FindingKind::Configuration,
    wants: &[
        Pattern::Suffix(".yml"),
        Pattern::Suffix(".yaml"),
        Pattern::Name("ansible.cfg"),
        Pattern::Name(".ansible.cfg"),
    ],
    may_be,
    syntax: Syntax::Ansible,
    prepare,
    subjects: &[
        SubjectKind {
            name: "play",
            documentation: "A play as it is written",
            around: &[],
        },
        SubjectKind {
            name: "task",
            documentation: "A task or handler as it is written, its type is its module without what \
                            is before the last dot. It has besides: `module`, `arguments` (in one form, however \
                            they are written), `texts` and `lists` (the same as texts and as lists of texts), \
                            `command` (what command, shell, raw and cron run) and `hides` (whether it or what \
                            is around it says no_log)",
            around: &["play"],
        },
        SubjectKind {
            name: "variable",
            documentation: "A variable of a play, a task or a file of variables: `name`, `value` (a \
                            text), `is_encrypted`",
            around: &[],
        },
        SubjectKind {
            name: "setting",
            documentation: "A setting of ansible.cfg: `section`, `name`, `value`",
            around: &[],
        },
        SubjectKind {
            name: "requirement",
            documentation: "A role or collection that is asked for, its type is which of the two: \
                            `name`, `version`, `source`, all texts",
            around: &[],
        },
    ],
    find,
    example: "playbook.yml",
};

/// Folders whose files belong to roles and inventories.
const FOLDERS: &[&str] = &[
    "tasks",
    "handlers",
    "group_vars",
    "host_vars",
    "defaults",
    "vars",
    "roles",
    "playbooks",
    "playbook",
];

fn may_be(path: &TargetPath, content: &[u8]) -> bool {
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    let has = |text: &[u8]| memmem::find(content, text).is_some();
    match name {
        "ansible.cfg" | ".ansible.cfg" => true,
        "requirements.yml" | "requirements.yaml" => {
            has(b"collections:") || has(b"roles:") || has(b"src:")
        }
        _ => {
            let in_folder = path
                .parent_str()
                .split('/')
                .any(|folder| FOLDERS.contains(&folder));
            in_folder || has(b"hosts:") || has(b"ansible.")
        }
    }
}

fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    let prepared = files.into_iter().map(|file| {
        let mut found = Found::default();
        for document in &file.documents {
            read(&file.path, document, &mut found);
        }
        DocumentFile {
            documents: found.things,
            ..file
        }
    });
    prepared.filter(|file| !file.documents.is_empty()).collect()
}

/// The things of a file.
#[derive(Default)]
struct Found {
    things: Vec<Node>,
}

impl Found {
    /// Adds a thing: what sort it is, its type, itself, and the play that it is in.
    fn add(&mut self, sort: &str, of: &str, body: Node, play: Option<&Node>) {
        if self.things.len() >= MOST_THINGS {
            return;
        }
        let start = body.start;
        let mut members = vec![
            Member::added("sort", Node::text(start, sort)),
            Member::added("type", Node::text(start, of)),
            Member::added("body", body),
        ];
        // A play is looked at with its own settings only: its tasks are things of their own.
        let settings = play.map_or(&[][..], Node::members).iter();
        let settings = settings
            .filter(|member| !is_list_of_tasks(&member.key))
            .cloned();
        members.push(Member::added("play", Node::map(start, settings.collect())));
        self.things.push(Node::map(start, members));
    }

    /// Adds the variables of a map, those within lists and maps among them.
    fn variables(&mut self, map: &Node, depth: usize) {
        for member in map.members() {
            let value = &member.value;
            match &value.value {
                NodeValue::Map(_) if value.get("!vault").is_some() => {
                    self.variable(member, "", true);
                }
                NodeValue::Map(_) if depth < DEEPEST_VARIABLE => self.variables(value, depth + 1),
                NodeValue::List(items) if depth < DEEPEST_VARIABLE => {
                    for item in items {
                        self.variables(item, depth + 1);
                    }
                }
                _ => {
                    if let Some(text) = arguments::scalar(value) {
                        self.variable(member, &text, false);
                    }
                }
            }
        }
    }

    fn variable(&mut self, member: &Member, value: &str, is_encrypted: bool) {
        let at = member.key_start;
        let place = Node {
            start: member.value.start,
            end: member.value.end,
            ..Node::text(at, value)
        };
        let mut body = Node::map(
            at,
            vec![
                Member::added("name", Node::text(at, member.key.as_str())),
                Member::added("value", place),
                Member::added(
                    "is_encrypted",
                    Node::at(at, NodeValue::Boolean(is_encrypted)),
                ),
            ],
        );
        body.end = member.value.end;
        self.add("variable", "", body, None);
    }
}

/// Whether a name of a play or block holds tasks.
fn is_list_of_tasks(name: &str) -> bool {
    matches!(
        name,
        "tasks" | "pre_tasks" | "post_tasks" | "handlers" | "block" | "rescue" | "always" | "roles"
    )
}

/// What a document is, by its form and by where it lies.
fn read(path: &TargetPath, document: &Node, found: &mut Found) {
    let folders: Vec<&str> = path.parent_str().split('/').collect();
    let in_folder = |names: &[&str]| folders.iter().any(|folder| names.contains(folder));
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    if name.ends_with("ansible.cfg") {
        settings(document, found);
    } else if name.starts_with("requirements.") {
        requirements(document, found);
    } else if !document.items().is_empty() {
        let items = document.items();
        let is_playbook = items.iter().any(|item| {
            item.get("hosts").is_some()
                || (item.members().iter()).any(|member| member.key.ends_with("import_playbook"))
        });
        if is_playbook {
            for play in items.iter().filter(|play| play.get("hosts").is_some()) {
                self::play(play, found);
            }
        } else if in_folder(&["tasks", "handlers"]) || items.iter().any(tasks::is_surely_task) {
            tasks::read(items, None, found);
        }
    } else if in_folder(&["group_vars", "host_vars", "defaults", "vars"]) {
        found.variables(document, 0);
    }
}

fn play(play: &Node, found: &mut Found) {
    found.add("play", "", play.clone(), None);
    if let Some(variables) = play.get("vars") {
        found.variables(variables, 0);
    }
    for member in play.members() {
        if is_list_of_tasks(&member.key) && member.key.as_str() != "roles" {
            tasks::read(member.value.items(), Some(play), found);
        }
    }
    for role in play.get("roles").map_or(&[][..], Node::items) {
        if let Some(variables) = role.get("vars") {
            found.variables(variables, 0);
        }
    }
}

fn settings(document: &Node, found: &mut Found) {
    for section in document.members() {
        for member in section.value.members() {
            let at = member.key_start;
            let mut body = Node::map(
                at,
                vec![
                    Member::added("section", Node::text(at, section.key.as_str())),
                    Member::added("name", Node::text(at, member.key.as_str())),
                    Member::added("value", member.value.clone()),
                ],
            );
            body.end = member.value.end;
            found.add("setting", "", body, None);
        }
    }
}

/// Roles and collections that are asked for; in old files, roles stand alone.
fn requirements(document: &Node, found: &mut Found) {
    let of = |name: &str| document.get(name).map_or(&[][..], Node::items);
    let lists = [
        ("role", document.items()),
        ("role", of("roles")),
        ("collection", of("collections")),
    ];
    for (sort, list) in lists {
        for item in list {
            let text = |names: &[&str]| {
                let found = names.iter().find_map(|name| item.get(name));
                found.and_then(arguments::scalar).unwrap_or_default()
            };
            let name = item
                .as_text()
                .map_or_else(|| text(&["name", "src", "source"]), str::to_owned);
            let mut body = Node::map(
                item.start,
                vec![
                    Member::added("name", Node::text(item.start, name)),
                    Member::added("version", Node::text(item.start, text(&["version"]))),
                    Member::added("source", Node::text(item.start, text(&["src", "source"]))),
                ],
            );
            body.end = item.end;
            found.add("requirement", sort, body, None);
        }
    }
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for thing in &file.documents {
        let (Some(sort), Some(of), Some(body), Some(play)) = (
            thing.find_text(&["sort"]),
            thing.find_text(&["type"]),
            thing.get("body"),
            thing.get("play"),
        ) else {
            continue;
        };
        let known = KIND.subjects.iter().find(|known| known.name == sort);
        if let Some(known) = known {
            let subject = Subject::new(known.name, body).of(of);
            subjects.push(if sort == "task" {
                subject.with("play", play)
            } else {
                subject
            });
        }
    }
}
