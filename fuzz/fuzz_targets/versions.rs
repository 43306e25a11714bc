//! The orderings of versions: three of them, one on a line, are in a total order under every
//! scheme that takes them for versions.

#![no_main]

use std::cmp::Ordering;

use libfuzzer_sys::fuzz_target;
use linchpin_advisory::versions::{compare, documentation};

fuzz_target!(|text: &str| {
    let versions: Vec<&str> = text.splitn(3, '\n').collect();
    for (scheme, _) in documentation() {
        let ordered = |left: usize, right: usize| {
            let (left, right) = (versions.get(left)?, versions.get(right)?);
            let there = compare(scheme, left, right).ok()?;
            let back = compare(scheme, right, left);
            assert_eq!(
                back,
                Ok(there.reverse()),
                "{scheme:?}: {left:?} and {right:?}"
            );
            Some(there)
        };
        for place in 0..versions.len() {
            if let Some(same) = ordered(place, place) {
                assert_eq!(same, Ordering::Equal, "{scheme:?}: {:?}", versions[place]);
            }
        }
        let (Some(first), Some(second), Some(third)) =
            (ordered(0, 1), ordered(1, 2), ordered(0, 2))
        else {
            continue;
        };
        let expected = match (first, second) {
            (Ordering::Equal, other) | (other, Ordering::Equal) => Some(other),
            (first, second) => (first == second).then_some(first),
        };
        if let Some(expected) = expected {
            assert_eq!(third, expected, "{scheme:?}: {versions:?}");
        }
    }
});
