//! Functions over lists and maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::integer;
use crate::kinds::kubernetes::helm::value::Data;

/// Deepest maps that are merged.
const DEEPEST: usize = 30;

/// Longest list that counts up.
const MOST_NUMBERS: i64 = 10_000;

pub(super) fn call(name: &str, arguments: &[Data]) -> Option<Result<Data, String>> {
    let name = name.strip_prefix("must").map_or_else(
        || name.to_owned(),
        |rest| {
            rest.chars()
                .take(1)
                .flat_map(char::to_lowercase)
                .chain(rest.chars().skip(1))
                .collect()
        },
    );
    let list = |items: Vec<Data>| Data::List(Arc::new(items));
    let value = match (name.as_str(), arguments) {
        ("list" | "tuple", items) => list(items.to_vec()),
        ("dict", pairs) => {
            let pairs = pairs.chunks(2).map(|pair| {
                let value = pair.get(1).cloned().unwrap_or(Data::text(""));
                (pair.first().map(Data::printed).unwrap_or_default(), value)
            });
            Data::Map(Arc::new(pairs.collect()))
        }
        ("get", [Data::Map(members), key]) => members
            .get(&key.printed())
            .cloned()
            .unwrap_or(Data::text("")),
        // A map that is changed in place for others to see is not followed: only the result is.
        ("set", [Data::Map(members), key, value]) => {
            let mut members = members.as_ref().clone();
            members.insert(key.printed(), value.clone());
            Data::Map(Arc::new(members))
        }
        ("unset", [Data::Map(members), key]) => {
            let mut members = members.as_ref().clone();
            members.remove(&key.printed());
            Data::Map(Arc::new(members))
        }
        ("hasKey", [Data::Map(members), key]) => {
            Data::Boolean(members.contains_key(&key.printed()))
        }
        ("keys", maps) => {
            let keys = maps.iter().flat_map(|map| match map {
                Data::Map(members) => members.keys().map(Data::text).collect(),
                _ => Vec::new(),
            });
            list(keys.collect())
        }
        ("values", [Data::Map(members)]) => list(members.values().cloned().collect()),
        ("pick" | "omit", [Data::Map(members), keys @ ..]) => {
            let keys: Vec<String> = keys.iter().map(Data::printed).collect();
            let members = members.iter();
            let kept = members.filter(|(key, _)| keys.contains(key) == (name == "pick"));
            let kept = kept.map(|(key, value)| (key.clone(), value.clone()));
            Data::Map(Arc::new(kept.collect()))
        }
        ("merge", [first, rest @ ..]) => rest
            .iter()
            .fold(first.clone(), |all, next| merged(next, &all, 0)),
        ("mergeOverwrite", [first, rest @ ..]) => rest
            .iter()
            .fold(first.clone(), |all, next| merged(&all, next, 0)),
        ("deepCopy", [value]) => value.clone(),
        ("dig", [keys @ .., default, map]) => {
            let found = keys
                .iter()
                .try_fold(map, |value, key| value.get(&key.printed()));
            found.unwrap_or(default).clone()
        }
        ("append" | "push", [Data::List(items), item]) => {
            list(items.iter().chain([item]).cloned().collect())
        }
        ("append" | "push", [Data::Nothing, item]) => list(vec![item.clone()]),
        ("prepend", [Data::List(items), item]) => {
            list([item].into_iter().chain(items.iter()).cloned().collect())
        }
        ("concat", lists) => {
            let items = lists.iter().flat_map(|value| match value {
                Data::List(items) => items.as_ref().clone(),
                _ => Vec::new(),
            });
            list(items.collect())
        }
        ("first", [Data::List(items)]) => items.first().cloned().unwrap_or(Data::Nothing),
        ("last", [Data::List(items)]) => items.last().cloned().unwrap_or(Data::Nothing),
        ("rest", [Data::List(items)]) => list(items.iter().skip(1).cloned().collect()),
        ("initial", [Data::List(items)]) => list(
            items
                .get(..items.len().saturating_sub(1))
                .unwrap_or_default()
                .to_vec(),
        ),
        ("reverse", [Data::List(items)]) => list(items.iter().rev().cloned().collect()),
        ("compact", [Data::List(items)]) => list(
            items
                .iter()
                .filter(|item| item.is_true())
                .cloned()
                .collect(),
        ),
        ("without", [Data::List(items), other @ ..]) => list(
            items
                .iter()
                .filter(|item| !other.contains(item))
                .cloned()
                .collect(),
        ),
        ("has", [item, Data::List(items)]) => Data::Boolean(items.contains(item)),
        ("has" | "hasKey", _) => Data::Boolean(false),
        ("uniq", [Data::List(items)]) => {
            let mut seen = std::collections::BTreeSet::new();
            list(
                items
                    .iter()
                    .filter(|item| seen.insert(item.json()))
                    .cloned()
                    .collect(),
            )
        }
        ("sortAlpha", [Data::List(items)]) => {
            let mut texts: Vec<String> = items.iter().map(Data::printed).collect();
            texts.sort();
            list(texts.iter().map(Data::text).collect())
        }
        ("until", [end]) => list(
            (0..integer(end).min(MOST_NUMBERS))
                .map(Data::Integer)
                .collect(),
        ),
        ("untilStep", [start, end, step]) if integer(step) > 0 => {
            let step = usize::try_from(integer(step)).unwrap_or(usize::MAX);
            let numbers = (integer(start)..integer(end)).step_by(step).take(10_000);
            list(numbers.map(Data::Integer).collect())
        }
        ("index", [value, keys @ ..]) => {
            let found = keys.iter().try_fold(value, |value, key| match value {
                Data::List(items) => items.get(usize::try_from(integer(key)).ok()?),
                other => other.get(&key.printed()),
            });
            found.cloned().unwrap_or(Data::Nothing)
        }
        _ => return None,
    };
    Some(Ok(value))
}

/// Two maps in one: where both say something, the second counts.
pub(in crate::kinds::kubernetes::helm) fn merged(under: &Data, over: &Data, depth: usize) -> Data {
    let (Data::Map(under_members), Data::Map(over_members)) = (under, over) else {
        return if *over == Data::Nothing {
            under.clone()
        } else {
            over.clone()
        };
    };
    if depth > DEEPEST {
        return over.clone();
    }
    let mut members: BTreeMap<String, Data> = under_members.as_ref().clone();
    for (key, value) in over_members.iter() {
        let value = match members.get(key) {
            Some(known) => merged(known, value, depth + 1),
            None => value.clone(),
        };
        members.insert(key.clone(), value);
    }
    Data::Map(Arc::new(members))
}
