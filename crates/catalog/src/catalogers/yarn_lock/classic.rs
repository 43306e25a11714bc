//! The lockfile of Yarn 1, a format of its own: blocks of entries with members two spaces in, and
//! lists of dependencies four spaces in: <https://classic.yarnpkg.com/lang/en/docs/yarn-lock/>.

use super::LockedEntry;

/// Reads the entries, with what could not be understood.
pub(super) fn read(text: &str) -> (Vec<LockedEntry>, Vec<String>) {
    let mut entries: Vec<LockedEntry> = Vec::new();
    let mut problems = Vec::new();
    let mut in_dependencies = false;
    let mut in_optional = false;
    for (number, line) in text.lines().enumerate() {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        if indent == 0 {
            let descriptors = content.strip_suffix(':').map(descriptors);
            match descriptors.filter(|descriptors| !descriptors.is_empty()) {
                Some(descriptors) => entries.push(LockedEntry {
                    name: descriptors.first().and_then(|one| package_of(one)),
                    descriptors,
                    ..LockedEntry::default()
                }),
                None => problems.push(format!("line {}: is no entry", number + 1)),
            }
            in_dependencies = false;
            continue;
        }
        let Some(entry) = entries.last_mut() else {
            continue;
        };
        if indent <= 2 {
            in_dependencies = matches!(content, "dependencies:" | "optionalDependencies:");
            in_optional = content == "optionalDependencies:";
            let Some((key, value)) = content.split_once(' ') else {
                continue;
            };
            let value = unquote(value);
            match key {
                "version" => entry.version = Some(value.into()),
                "integrity" => entry.integrity = Some(value.into()),
                _ => {}
            }
        } else if in_dependencies && let Some((name, range)) = pair(content) {
            let descriptor = format!("{name}@{range}");
            entry.needs.push((name.into(), descriptor.into()));
            if in_optional {
                entry.optional.push(name.into());
            }
        }
    }
    (entries, problems)
}

/// The descriptors that one entry stands for: `a@^1.0.0, "b@npm:a@^1"`.
fn descriptors(line: &str) -> Vec<Box<str>> {
    line.split(", ")
        .map(unquote)
        .filter(|one| !one.is_empty())
        .map(Into::into)
        .collect()
}

/// The package that a descriptor asks for: `left-pad` of `left@npm:left-pad@^1.0.0`.
fn package_of(descriptor: &str) -> Option<Box<str>> {
    let (name, range) = super::split_descriptor(descriptor)?;
    let alias = range.strip_prefix("npm:").and_then(super::split_descriptor);
    Some(alias.map_or(name, |(name, _)| name).into())
}

fn pair(line: &str) -> Option<(&str, &str)> {
    let (name, range) = match line.strip_prefix('"') {
        Some(rest) => rest.split_once("\" ")?,
        None => line.split_once(' ')?,
    };
    Some((name, unquote(range)))
}

fn unquote(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"')
        .and_then(|inner| inner.strip_suffix('"'))
        .unwrap_or(text)
}
