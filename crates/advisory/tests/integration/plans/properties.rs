//! What must be true of every plan: no version that somebody forbids, and exactly what was promised.
//! Checked by the constraints alone, without the code that made the plan.

use std::collections::{BTreeMap, BTreeSet};

use linchpin_advisory::remedy::{How, Plan, allows, solve};
use proptest::prelude::*;

use super::case::{Case, CaseFlaw, Needs};

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const VERSIONS: [&str; 6] = ["1.0.0", "1.0.1", "1.1.0", "1.2.0", "2.0.0", "2.1.0"];
const RANGES: [&str; 6] = [
    ">=1.0.0",
    ">=1.0.0,<1.1.0",
    ">=1.0.0,<2.0.0",
    ">=1.1.0",
    ">=2.0.0",
    ">=1.0.1",
];

/// A range in the notation of the ecosystem.
fn range(ecosystem: &str, index: usize) -> String {
    let range = RANGES[index % RANGES.len()];
    if ecosystem == "npm" {
        range.replace(',', " ")
    } else {
        range.to_owned()
    }
}

/// A registry in which a package needs later ones only, so that there is no cycle to begin with.
fn drawn(ecosystem: &'static str) -> impl Strategy<Value = Case> {
    let needs = prop::collection::vec((0..6usize, 0..6usize, 0..6usize, 0..6usize), 0..16);
    let asked = prop::collection::vec((0..4usize, 0..6usize), 1..4);
    let flaws = prop::collection::vec((0..6usize, 0..6usize, 0..7usize, 1..100u32), 1..6);
    (needs, asked, flaws, any::<bool>()).prop_filter_map(
        "what is asked for can not be had",
        move |(needs, asked, flaws, majors)| {
            let mut registry: BTreeMap<String, BTreeMap<String, Needs>> = BTreeMap::new();
            for name in NAMES {
                for version in VERSIONS {
                    let versions = registry.entry(name.to_owned()).or_default();
                    versions.insert(version.to_owned(), Needs::new());
                }
            }
            for (from, version, on, index) in needs {
                if on > from {
                    let versions = registry.get_mut(NAMES[from]).unwrap();
                    let needs = versions.get_mut(VERSIONS[version]).unwrap();
                    needs.insert(NAMES[on].to_owned(), range(ecosystem, index));
                }
            }
            let project: Needs = asked
                .into_iter()
                .map(|(name, index)| (NAMES[name].to_owned(), range(ecosystem, index)))
                .collect();
            let flaws = flaws
                .into_iter()
                .enumerate()
                .map(|(number, (name, start, end, weight))| CaseFlaw {
                    id: format!("CVE-{number}"),
                    package: NAMES[name].to_owned(),
                    introduced: Some(VERSIONS[start].to_owned()),
                    fixed: VERSIONS.get(end).map(|&version| version.to_owned()),
                    weight,
                    urgent: false,
                    attack: false,
                })
                .collect();
            let mut case = Case {
                about: String::new(),
                ecosystem: ecosystem.to_owned(),
                farthest: majors.then(|| "major".to_owned()),
                projects: BTreeMap::from([("app".to_owned(), project)]),
                locked: BTreeMap::new(),
                registry: Some(registry),
                refused: BTreeMap::new(),
                flaws,
            };
            case.locked = lock(&case)?;
            Some(case)
        },
    )
}

/// Locks the lowest versions that go together, so that there is something to move.
fn lock(case: &Case) -> Option<BTreeMap<String, Needs>> {
    let registry = case.registry.as_ref()?;
    let ecosystem = case.ecosystem();
    let mut ranges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, range) in case.projects.values().flatten() {
        ranges.entry(name.clone()).or_default().push(range.clone());
    }
    let mut locked = BTreeMap::new();
    // Names are in the order in which packages need each other.
    for name in NAMES {
        let Some(ranges_of) = ranges.get(name).cloned() else {
            continue;
        };
        let version = VERSIONS.into_iter().find(|version| {
            let mut all = ranges_of.iter();
            all.all(|range| allows(ecosystem, range, version) == Some(true))
        })?;
        let needs = registry[name][version].clone();
        for (name, range) in &needs {
            ranges.entry(name.clone()).or_default().push(range.clone());
        }
        locked.insert(format!("{name}@{version}"), needs);
    }
    Some(locked)
}

/// What is locked in the end, by the plan's own words.
fn afterwards(case: &Case, plan: &Plan) -> BTreeSet<(String, String)> {
    let split = |key: &String| {
        let (name, version) = key.rsplit_once('@').unwrap();
        (name.to_owned(), version.to_owned())
    };
    let mut locked: BTreeSet<(String, String)> = case.locked.keys().map(split).collect();
    for step in &plan.steps {
        let moved = &step.moved;
        locked.insert((moved.name.to_string(), moved.to.to_string()));
        for change in &step.along {
            if let Some(to) = &change.to {
                locked.insert((change.name.to_string(), to.to_string()));
            }
        }
        for change in &step.along {
            if let Some(from) = &change.from {
                locked.remove(&(change.name.to_string(), from.to_string()));
            }
        }
        if !step.is_kept_too {
            locked.remove(&(moved.name.to_string(), moved.from.to_string()));
        }
    }
    locked
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let plan = solve(&case.graph(), case, case, &case.options());
    let ecosystem = case.ecosystem();
    let locked = afterwards(case, &plan);
    let registry = case.registry.as_ref().unwrap();
    let moved: BTreeMap<&str, &str> = plan
        .steps
        .iter()
        .filter(|step| matches!(step.moved.how, How::Manifest(_)))
        .map(|step| (step.moved.name.as_ref(), step.moved.to.as_ref()))
        .collect();
    // Whatever anybody who is still there asks for is there.
    let has = |name: &str, range: &str| {
        locked
            .iter()
            .any(|(of, version)| of == name && allows(ecosystem, range, version) == Some(true))
    };
    for (name, range) in &case.projects["app"] {
        match moved.get(name.as_str()) {
            Some(version) => prop_assert!(locked.contains(&(name.clone(), (*version).to_owned()))),
            None => prop_assert!(has(name, range), "app {name} {range} {plan:#?}"),
        }
    }
    for (name, version) in &locked {
        for (needed, range) in &registry[name][version] {
            prop_assert!(
                has(needed, range),
                "{name} {version}: {needed} {range} {plan:#?}"
            );
        }
    }
    if ecosystem == linchpin_model::Ecosystem::PyPi {
        let names: BTreeSet<&String> = locked.iter().map(|(name, _)| name).collect();
        prop_assert_eq!(
            names.len(),
            locked.len(),
            "one version of each: {:#?}",
            plan
        );
    }
    // The numbers are those of what is locked, and nothing got worse.
    let count = |locked: &BTreeSet<(String, String)>| -> usize {
        let all = locked.iter();
        all.map(|(name, version)| case.flaws_of(name, version).len())
            .sum()
    };
    prop_assert_eq!(count(&locked), plan.after, "{:#?}", plan);
    let removed: usize = plan.steps.iter().map(|step| step.removes.len()).sum();
    let brought: usize = plan.steps.iter().map(|step| step.introduces.len()).sum();
    prop_assert_eq!(plan.before + brought, plan.after + removed, "{:#?}", plan);
    prop_assert!(plan.steps.iter().all(|step| step.risk > 0));
    // What stays is what is left.
    let stays: usize = plan.stays.iter().map(|stay| stay.flaws.len()).sum();
    prop_assert_eq!(stays, plan.after, "{:#?}", plan);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn python_plans_hold(case in drawn("pypi")) {
        check(&case)?;
    }

    #[test]
    fn npm_plans_hold(case in drawn("npm")) {
        check(&case)?;
    }
}
