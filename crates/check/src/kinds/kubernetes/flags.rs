//! The program that a container runs, and the flags that it is given.
//!
//! Flags stand in `command` and `args` alike, as `--name=value`, as `--name value`, or in a script
//! for a shell. A flag without a value is `true`, as Go's programs take it.

use linchpin_document::{Member, Node};

/// Most flags of one container.
const MOST_FLAGS: usize = 500;

/// Longest script that is looked at, in bytes.
const LONGEST_SCRIPT: usize = 64 << 10;

/// Programs whose flags rules know: they are found in scripts, too.
const KNOWN: &[&str] = &[
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
    "etcd",
    "tiller",
];

/// The program of a container, its name without a folder, and its flags as a list of maps with
/// `name` (without hyphens) and `value`.
pub(super) fn program_and_flags(container: &Node) -> Option<(Node, Vec<Node>)> {
    let words = words(container);
    let base = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let known = words
        .iter()
        .find(|(word, _)| KNOWN.contains(&base(word).as_str()));
    let (program, node) = known.or(words.first())?;
    let program = Node {
        end: node.end,
        ..Node::text(node.start, base(program))
    };
    let mut flags = Vec::new();
    let mut words = words.iter().peekable();
    while let Some((word, node)) = words.next() {
        if flags.len() >= MOST_FLAGS {
            break;
        }
        let Some(flag) = word.strip_prefix('-') else {
            continue;
        };
        let flag = flag.strip_prefix('-').unwrap_or(flag);
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, value.trim_matches(['"', '\'']).to_owned()),
            None => {
                let next = words.next_if(|(next, _)| !next.starts_with('-'));
                (
                    flag,
                    next.map_or("true".to_owned(), |(next, _)| next.clone()),
                )
            }
        };
        if !name.is_empty() {
            let member = |key: &str, text: &str| Member::added(key, Node::text(node.start, text));
            let members = vec![member("name", name), member("value", &value)];
            flags.push(Node::map(node.start, members));
        }
    }
    Some((program, flags))
}

/// All words of a command and its arguments, each with the item in which it stands.
fn words(container: &Node) -> Vec<(String, &Node)> {
    let mut words = Vec::new();
    for key in ["command", "args"] {
        for item in container.get(key).map_or(&[][..], Node::items) {
            let Some(text) = item.as_text().filter(|text| text.len() <= LONGEST_SCRIPT) else {
                continue;
            };
            if text.contains(" -") || text.contains('\n') {
                let inner = text.split_whitespace().filter(|word| *word != "\\");
                words.extend(inner.map(|word| (word.to_owned(), item)));
            } else {
                words.push((text.to_owned(), item));
            }
            if words.len() > 4 * MOST_FLAGS {
                return words;
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Syntax;

    #[test]
    fn flags_are_found_in_all_their_forms() {
        for text in [
            "command: [/usr/bin/etcd, --a=1, -b, --c, x y]",
            "command: [etcd]\nargs: ['--a=\"1\"', '--b', '--c', 'x y']",
        ] {
            let mut read = Syntax::Yaml.read(text);
            let container = read.documents.remove(0);
            let (program, flags) = program_and_flags(&container).unwrap();
            assert_eq!(program.as_text(), Some("etcd"));
            let flags: Vec<_> = flags
                .iter()
                .map(|flag| (flag.find_text(&["name"]), flag.find_text(&["value"])))
                .collect();
            let expected = [("a", "1"), ("b", "true"), ("c", "x y")];
            let expected: Vec<_> = expected
                .map(|(name, value)| (Some(name), Some(value)))
                .into();
            assert_eq!(flags, expected);
        }
    }

    #[test]
    fn a_known_program_is_found_in_a_script() {
        let text = "command: [sh, -c, 'exec /x/kube-apiserver --profiling=false \\\n --b=2']";
        let container = Syntax::Yaml.read(text).documents.remove(0);
        let (program, flags) = program_and_flags(&container).unwrap();
        assert_eq!(program.as_text(), Some("kube-apiserver"));
        let names = flags.iter().filter_map(|flag| flag.find_text(&["name"]));
        assert!(names.eq(["c", "profiling", "b"]));
    }
}
