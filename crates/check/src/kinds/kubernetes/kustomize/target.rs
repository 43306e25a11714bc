//! Which resources a patch is for: its `target`, or the resource that it names itself.

use linchpin_document::Node;
use regex::{Regex, RegexBuilder};

use super::super::resource::plain_text;

/// Largest compiled pattern, in bytes.
const MOST_PATTERN: usize = 1 << 16;

/// What chooses resources.
pub(super) struct Target {
    /// A way, and what must stand there.
    patterns: Vec<(&'static [&'static str], Regex)>,
    labels: Vec<(&'static [&'static str], Requirement)>,
}

const GROUP_AND_VERSION: &[&str] = &["apiVersion"];
const LABELS: &[&str] = &["metadata", "labels"];
const ANNOTATIONS: &[&str] = &["metadata", "annotations"];

/// Which fields of a target are patterns for what.
const FIELDS: &[(&str, &[&str])] = &[
    ("kind", &["kind"]),
    ("name", &["metadata", "name"]),
    ("namespace", &["metadata", "namespace"]),
];

/// One part of a selector: `tier in (web, api)`.
struct Requirement {
    key: String,
    wants: Wants,
}

enum Wants {
    Present,
    Absent,
    One(Vec<String>),
    /// Also if there is none.
    Other(Vec<String>),
}

impl Target {
    /// What a patch says that it is for. None if it can not be understood: then it is for nothing.
    pub(super) fn of(patch: &Node, target: Option<&Node>) -> Option<Self> {
        let mut chosen = Self {
            patterns: Vec::new(),
            labels: Vec::new(),
        };
        let Some(target) = target else {
            // Without a target a patch is for the resource of its kind and name.
            patch.get("kind")?;
            for way in [&["kind"] as &[_], &["metadata", "name"]] {
                if let Some(text) = patch.find_text(way) {
                    chosen.patterns.push((way, exactly(&regex::escape(text))?));
                }
            }
            return Some(chosen);
        };
        for (field, way) in FIELDS {
            if let Some(text) = target.find_text(&[field]) {
                chosen.patterns.push((way, exactly(text)?));
            }
        }
        let (group, version) = (target.find_text(&["group"]), target.find_text(&["version"]));
        if group.is_some() || version.is_some() {
            let version = version.unwrap_or("[^/]*");
            let pattern = match group {
                Some(group) => format!("(?:{group})/(?:{version})"),
                None => format!("(?:.*/)?(?:{version})"),
            };
            chosen
                .patterns
                .push((GROUP_AND_VERSION, exactly(&pattern)?));
        }
        for (field, way) in [
            ("labelSelector", LABELS),
            ("annotationSelector", ANNOTATIONS),
        ] {
            if let Some(text) = target.find_text(&[field]) {
                let requirements = requirements(text)?.into_iter();
                chosen.labels.extend(requirements.map(|one| (way, one)));
            }
        }
        Some(chosen)
    }

    /// Whether it chooses a resource.
    pub(super) fn chooses(&self, resource: &Node) -> bool {
        let mut patterns = self.patterns.iter();
        let mut labels = self.labels.iter();
        patterns.all(|(way, pattern)| {
            let text = resource.find_text(way).unwrap_or_default();
            pattern.is_match(text)
        }) && labels.all(|(way, requirement)| {
            let value = resource.find(way).and_then(|all| all.get(&requirement.key));
            requirement.holds(value)
        })
    }
}

impl Requirement {
    fn holds(&self, value: Option<&Node>) -> bool {
        let text = value.and_then(plain_text);
        let is_one_of = |values: &[String]| {
            let text = text.as_deref();
            text.is_some_and(|text| values.iter().any(|value| value == text))
        };
        match &self.wants {
            Wants::Present => value.is_some(),
            Wants::Absent => value.is_none(),
            Wants::One(values) => is_one_of(values),
            Wants::Other(values) => !is_one_of(values),
        }
    }
}

/// A pattern for a text as a whole.
fn exactly(pattern: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new(&format!("^(?:{pattern})$"));
    builder.size_limit(MOST_PATTERN).build().ok()
}

/// The parts of a selector, in the notation of Kubernetes.
fn requirements(text: &str) -> Option<Vec<Requirement>> {
    let mut rest = text;
    let mut requirements = Vec::new();
    while !rest.trim().is_empty() {
        // Commas within parentheses are between values.
        let mut depth = 0_usize;
        let end = rest.find(|letter| {
            match letter {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            letter == ',' && depth == 0
        });
        let end = end.unwrap_or(rest.len());
        requirements.push(requirement(rest[..end].trim())?);
        rest = rest[end..].trim_start_matches(',');
    }
    Some(requirements)
}

fn requirement(text: &str) -> Option<Requirement> {
    let one = |value: &str| vec![value.trim().to_owned()];
    let (key, wants) = if let Some(key) = text.strip_prefix('!') {
        (key, Wants::Absent)
    } else if let Some((key, value)) = text.split_once("!=") {
        (key, Wants::Other(one(value)))
    } else if let Some((key, value)) = text.split_once('=') {
        (key, Wants::One(one(value.trim_start_matches('='))))
    } else if let Some((before, values)) = text.split_once('(') {
        let values = values.strip_suffix(')')?.split(',');
        let values = values.map(|value| value.trim().to_owned()).collect();
        let (key, operator) = before.trim_end().rsplit_once(char::is_whitespace)?;
        match operator {
            "in" => (key, Wants::One(values)),
            "notin" => (key, Wants::Other(values)),
            _ => return None,
        }
    } else {
        (text, Wants::Present)
    };
    let key = key.trim();
    let is_key = !key.is_empty() && !key.contains(char::is_whitespace);
    is_key.then(|| Requirement {
        key: key.to_owned(),
        wants,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Syntax;

    fn chooses(target: &str) -> Option<bool> {
        let read = |text: &str| Syntax::Yaml.read(text).documents.remove(0);
        let resource = read(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web-1, labels: {app: web, tier: 2}}}",
        );
        Some(Target::of(&read("[]"), Some(&read(target)))?.chooses(&resource))
    }

    #[test]
    fn fields_are_patterns_for_the_whole_text() {
        assert_eq!(chooses("{kind: Deployment, name: web-.}"), Some(true));
        assert_eq!(chooses("{kind: Deploy}"), Some(false));
        assert_eq!(chooses("{group: apps, version: v1}"), Some(true));
        assert_eq!(chooses("{group: batch}"), Some(false));
        assert_eq!(chooses("{version: v2}"), Some(false));
        assert_eq!(chooses("{namespace: shop}"), Some(false));
        assert_eq!(chooses("{}"), Some(true));
        assert_eq!(chooses("{name: '('}"), None);
        assert_eq!(chooses("{name: 'a{1000}{1000}{1000}'}"), None);
    }

    #[test]
    fn selectors_are_those_of_kubernetes() {
        for (selector, expected) in [
            ("app=web", Some(true)),
            ("app == web, tier=2", Some(true)),
            ("app!=web", Some(false)),
            ("missing != web", Some(true)),
            ("tier in (1, 2)", Some(true)),
            ("tier notin (1,2),app", Some(false)),
            ("app,!missing", Some(true)),
            ("!app", Some(false)),
            ("", Some(true)),
            ("app near (web)", None),
            ("app in (web", None),
            ("=web", None),
        ] {
            let target = format!("{{labelSelector: '{selector}'}}");
            assert_eq!(chooses(&target), expected, "{selector}");
        }
        assert_eq!(chooses("{annotationSelector: app=web}"), Some(false));
    }
}
