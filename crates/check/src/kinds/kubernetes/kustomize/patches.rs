//! Patches: strategic merge patches, which look like parts of a resource, and operations of
//! RFC 6902.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue};

use super::super::resource::get_mut;

/// Deepest merge. Documents are no deeper.
const DEEPEST: usize = 100;

/// Lists whose items are merged by a field, as the API declares them.
const MERGED_BY: &[(&str, &str)] = &[
    ("containers", "name"),
    ("initContainers", "name"),
    ("ephemeralContainers", "name"),
    ("volumes", "name"),
    ("env", "name"),
    ("imagePullSecrets", "name"),
    ("volumeMounts", "mountPath"),
    ("volumeDevices", "devicePath"),
    ("ports", "containerPort"),
    ("hostAliases", "ip"),
    ("topologySpreadConstraints", "topologyKey"),
];

/// What a patch wants done with what it stands for.
fn directive(patch: &Node) -> Option<&str> {
    patch.find_text(&["$patch"])
}

/// Applies a strategic merge patch.
pub(super) fn merge(base: &mut Node, patch: &Node, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    let NodeValue::Map(changes) = &patch.value else {
        *base = patch.clone();
        return;
    };
    if directive(patch) == Some("replace") || !matches!(base.value, NodeValue::Map(_)) {
        *base = patch.clone();
        return;
    }
    for change in changes {
        let key = change.key.as_str();
        if key.starts_with('$') {
            continue;
        }
        let gone = matches!(change.value.value, NodeValue::Null)
            || directive(&change.value) == Some("delete");
        if gone {
            if let NodeValue::Map(members) = &mut base.value {
                members.retain(|member| member.key.as_str() != key);
            }
            continue;
        }
        let merged_by = MERGED_BY.iter().find(|(list, _)| *list == key);
        match (get_mut(base, key), merged_by) {
            (Some(known), Some((_, by))) if matches!(known.value, NodeValue::List(_)) => {
                merge_list(known, &change.value, by, depth);
            }
            (Some(known), _) if matches!(change.value.value, NodeValue::Map(_)) => {
                merge(known, &change.value, depth + 1);
            }
            _ => set(base, change.clone()),
        }
    }
}

/// Sets a member: its name stands where the change has it.
fn set(base: &mut Node, change: Member) {
    if let NodeValue::Map(members) = &mut base.value {
        members.retain(|member| member.key != change.key);
        members.push(change);
    }
}

fn merge_list(base: &mut Node, patch: &Node, by: &str, depth: usize) {
    let NodeValue::List(items) = &mut base.value else {
        return;
    };
    if patch
        .items()
        .iter()
        .any(|item| directive(item) == Some("replace") && item.members().len() == 1)
    {
        let kept = patch
            .items()
            .iter()
            .filter(|item| directive(item).is_none());
        *items = kept.cloned().collect();
        return;
    }
    let same = |item: &Node, change: &Node| {
        item.get(by).is_some()
            && item.get(by).map(|node| &node.value) == change.get(by).map(|node| &node.value)
    };
    for change in patch.items() {
        if directive(change) == Some("delete") {
            items.retain(|item| !same(item, change));
            continue;
        }
        match items.iter_mut().find(|item| same(item, change)) {
            Some(item) => merge(item, change, depth + 1),
            None => items.push(change.clone()),
        }
    }
}

/// Applies operations of RFC 6902; those that do not fit are left out.
pub(super) fn operate(base: &mut Node, operations: &Node) -> bool {
    let mut changed = false;
    for operation in operations.items() {
        let Some(path) = operation.find_text(&["path"]) else {
            continue;
        };
        let steps: Vec<String> = path
            .split('/')
            .skip(1)
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect();
        let value = operation.get("value");
        changed |= match operation.find_text(&["op"]) {
            Some("add" | "replace") => {
                value.is_some_and(|value| put(base, &steps, operation, value))
            }
            Some("remove") => remove(base, &steps),
            _ => false,
        };
    }
    changed
}

/// What holds the last of some steps.
fn holder<'a>(base: &'a mut Node, steps: &[String]) -> Option<&'a mut Node> {
    let (_, way) = steps.split_last()?;
    way.iter().try_fold(base, |node, step| {
        if matches!(node.value, NodeValue::Map(_)) {
            return get_mut(node, step);
        }
        let NodeValue::List(items) = &mut node.value else {
            return None;
        };
        items.get_mut(step.parse::<usize>().ok()?)
    })
}

fn put(base: &mut Node, steps: &[String], operation: &Node, value: &Node) -> bool {
    let (Some(holder), Some(last)) = (holder(base, steps), steps.last()) else {
        return false;
    };
    let adds = operation.find_text(&["op"]) == Some("add");
    match &mut holder.value {
        NodeValue::List(items) => {
            let place = if last == "-" {
                Some(items.len())
            } else {
                last.parse().ok()
            };
            match place {
                Some(place) if adds && place <= items.len() => items.insert(place, value.clone()),
                Some(place) if place < items.len() => items[place] = value.clone(),
                _ => return false,
            }
            true
        }
        NodeValue::Map(_) => {
            let key_start = operation
                .member("value")
                .map_or(value.start, |member| member.key_start);
            let key = Arc::new(last.clone());
            set(
                holder,
                Member {
                    key,
                    key_start,
                    value: value.clone(),
                },
            );
            true
        }
        _ => false,
    }
}

fn remove(base: &mut Node, steps: &[String]) -> bool {
    let (Some(holder), Some(last)) = (holder(base, steps), steps.last()) else {
        return false;
    };
    match &mut holder.value {
        NodeValue::List(items) => match last.parse::<usize>() {
            Ok(place) if place < items.len() => {
                items.remove(place);
                true
            }
            _ => false,
        },
        NodeValue::Map(members) => {
            let before = members.len();
            members.retain(|member| member.key.as_str() != last);
            members.len() < before
        }
        _ => false,
    }
}
