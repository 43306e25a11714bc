//! The stages of a build: which images they start from, and whether the last one is built on them.

use std::collections::{HashMap, HashSet};

use linchpin_model::Scope;

use super::instructions::{Instruction, directive};
use crate::references::References;
use crate::shell_variables::expand;

/// A stage of a build.
struct Stage {
    name: Option<String>,
    /// What it starts from: another stage, or an image.
    base: Base,
    /// Images that it copies from or mounts.
    sources: Vec<String>,
}

enum Base {
    Stage(usize),
    Image(String),
}

/// The images that a Dockerfile names.
pub(super) fn references(text: &str, instructions: &[Instruction]) -> References {
    let mut references = References::default();
    if let Some(front_end) = directive(text, "syntax") {
        references.add_image(front_end, Scope::Build);
    }
    let stages = stages(instructions);
    let kept = chain_of_last(&stages);
    for (index, stage) in stages.iter().enumerate() {
        if let Base::Image(image) = &stage.base {
            let scope = if kept.contains(&index) {
                Scope::Runtime
            } else {
                Scope::Build
            };
            references.add_image(image, scope);
        }
        for source in &stage.sources {
            references.add_image(source, Scope::Build);
        }
    }
    references
}

fn stages(instructions: &[Instruction]) -> Vec<Stage> {
    let mut arguments: HashMap<&str, String> = HashMap::new();
    let mut stages: Vec<Stage> = Vec::new();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    for instruction in instructions {
        match instruction.name.as_str() {
            // Arguments before the first stage may stand in the names of images, later ones not.
            "ARG" if stages.is_empty() => {
                for (name, value) in instruction
                    .arguments
                    .split_whitespace()
                    .filter_map(|word| word.split_once('='))
                {
                    let value = value.trim_matches(['"', '\'']);
                    let value = expand(value, |name| arguments.get(name).map(String::as_str));
                    arguments.insert(name, value);
                }
            }
            "FROM" => {
                let mut words = instruction
                    .arguments
                    .split_whitespace()
                    .filter(|word| !word.starts_with("--"));
                let Some(written) = words.next() else {
                    continue;
                };
                let image = expand(written.trim_matches(['"', '\'']), |name| {
                    arguments.get(name).map(String::as_str)
                });
                let name = words
                    .next()
                    .filter(|word| word.eq_ignore_ascii_case("as"))
                    .and_then(|_| words.next())
                    .map(str::to_ascii_lowercase);
                let base = match by_name.get(&image.to_ascii_lowercase()) {
                    Some(&stage) => Base::Stage(stage),
                    None => Base::Image(image),
                };
                if let Some(name) = &name {
                    by_name.insert(name.clone(), stages.len());
                }
                stages.push(Stage {
                    name,
                    base,
                    sources: Vec::new(),
                });
            }
            "COPY" | "RUN" | "ADD" => {
                let mut sources = sources(&instruction.arguments);
                sources.retain(|source| {
                    let is_stage = by_name.contains_key(&source.to_ascii_lowercase());
                    let is_number = source.bytes().all(|byte| byte.is_ascii_digit());
                    !is_stage && !is_number
                });
                if let Some(stage) = stages.last_mut() {
                    stage.sources.append(&mut sources);
                }
            }
            _ => {}
        }
    }
    // A stage may be copied from before it is written down.
    let names: HashSet<String> = stages
        .iter()
        .filter_map(|stage| stage.name.clone())
        .collect();
    for stage in &mut stages {
        stage
            .sources
            .retain(|source| !names.contains(&source.to_ascii_lowercase()));
    }
    stages
}

/// The values of `--from=…` and `--mount=…,from=…` before an instruction's own words.
fn sources(arguments: &str) -> Vec<String> {
    let options = arguments
        .split_whitespace()
        .take_while(|word| word.starts_with("--"));
    options
        .filter_map(|option| {
            let (option, value) = option.split_once('=')?;
            match option {
                "--from" => Some(value),
                "--mount" => value
                    .split(',')
                    .find_map(|setting| setting.strip_prefix("from=")),
                _ => None,
            }
        })
        .map(|source| source.trim_matches(['"', '\'']).to_owned())
        .filter(|source| !source.is_empty())
        .collect()
}

/// The last stage and those that it is built on.
fn chain_of_last(stages: &[Stage]) -> HashSet<usize> {
    let mut chain = HashSet::new();
    let mut next = stages.len().checked_sub(1);
    // A stage can only be built on an earlier one, so this ends.
    while let Some(index) = next.filter(|index| chain.insert(*index)) {
        next = match stages.get(index).map(|stage| &stage.base) {
            Some(Base::Stage(base)) => Some(*base),
            _ => None,
        };
    }
    chain
}
