//! What every order has, and what no input may do.

use std::cmp::Ordering;

use linchpin_advisory::versions::{compare, validate};
use linchpin_model::VersionScheme;
use proptest::prelude::any as anything;
use proptest::test_runner::{Config, TestRunner};

use super::generated::any;

/// Runs a property three hundred times, without writing a file of failures into the sources.
fn for_all<S: proptest::strategy::Strategy>(strategy: S, property: impl Fn(S::Value)) {
    let config = Config {
        cases: 300,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&strategy, |value| {
            property(value);
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_scheme_is_a_total_order() {
    for scheme in VersionScheme::ALL {
        let some = proptest::collection::vec(any(scheme), 7);
        for_all(some, |versions| {
            let valid: Vec<&String> = versions
                .iter()
                .filter(|version| validate(scheme, version).is_ok())
                .collect();
            let orders: Vec<Vec<Ordering>> = valid
                .iter()
                .map(|left| {
                    let order = |right: &&String| compare(scheme, left, right).unwrap();
                    valid.iter().map(order).collect()
                })
                .collect();
            let count = valid.len();
            for a in 0..count {
                assert_eq!(orders[a][a], Ordering::Equal, "{scheme:?} {}", valid[a]);
                for b in 0..count {
                    let order = orders[a][b];
                    assert_eq!(order.reverse(), orders[b][a], "{scheme:?} {valid:?}");
                    // `vercmp` itself contradicts itself: a release is left out of account where
                    // one of the two has none, and separators count by their number only until
                    // one version ends. Conan compares a number with a word as texts.
                    if matches!(scheme, VersionScheme::Pacman | VersionScheme::Conan) {
                        continue;
                    }
                    for (c, bc) in orders[b].iter().enumerate() {
                        if order == *bc || bc.is_eq() {
                            assert_eq!(order, orders[a][c], "{scheme:?} {a} {b} {c} {valid:?}");
                        }
                    }
                }
            }
        });
    }
}

#[test]
fn a_pair_is_comparable_exactly_when_both_are_valid() {
    for scheme in VersionScheme::ALL {
        for_all((any(scheme), any(scheme)), |(left, right)| {
            let valid = validate(scheme, &left).and(validate(scheme, &right));
            assert_eq!(
                compare(scheme, &left, &right).is_ok(),
                valid.is_ok(),
                "{left} {right}"
            );
        });
    }
}

#[test]
fn plausible_versions_are_valid() {
    for scheme in VersionScheme::ALL {
        for_all(super::generated::plausible(scheme), |version| {
            // dpkg keeps epochs in 31 bits.
            let exempt = version.contains("9007199254740991:");
            assert!(exempt || validate(scheme, &version).is_ok(), "{version}");
        });
    }
}

#[test]
fn no_text_makes_a_scheme_panic() {
    for scheme in VersionScheme::ALL {
        for_all(
            (
                anything::<String>(),
                r"[0-9.~+:!_\-a-c]{0,10}\PC{0,20}[0-9.]{0,4}",
            ),
            |(left, right)| {
                let _ = compare(scheme, &left, &right);
                let _ = compare(scheme, &right, &right);
            },
        );
    }
}

#[test]
fn very_long_versions_are_compared_or_refused() {
    for scheme in VersionScheme::ALL {
        for text in ["1", "1.", "1-", ".", "-", "a", "a1", "~", "_p", "é"] {
            let long = format!("1{}", text.repeat(1020 / text.len()));
            let _ = compare(scheme, &long, &long);
            assert!(validate(scheme, &text.repeat(4096)).is_err());
        }
    }
}
