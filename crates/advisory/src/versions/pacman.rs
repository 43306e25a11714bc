//! pacman: `[epoch:]version[-release]`, `vercmp`, <https://man.archlinux.org/man/vercmp.8>.
//!
//! rpm's ordering as it was before `~` and `^`, with one addition: separators count by their
//! number, so that `1..0` comes after `1.0`. Letters at the end make a version older: `1.0rc` comes
//! before `1.0`. A release only counts where both have one. That makes `1.0` equal to `1.0-1` and to
//! `1.0-2`: the tool's relation is no total order, and this one is exactly the tool's.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use super::rpm::{EpochVersionRelease, compare_runs, skip_until, split_run};
use super::{InvalidVersion, VersionOrdering};

pub(super) const ORDERING: VersionOrdering = VersionOrdering {
    scheme: VersionScheme::Pacman,
    documentation: "pacman's ordering: an optional epoch, the version, an optional release that \
        counts where both have one. Runs of digits and of letters are compared in turn; letters \
        at the end come before the end, so `1.0rc` comes before `1.0`.",
    compare,
};

fn compare(left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    let (left, right) = (
        EpochVersionRelease::parse(VersionScheme::Pacman, left)?,
        EpochVersionRelease::parse(VersionScheme::Pacman, right)?,
    );
    Ok(left
        .epoch
        .cmp(&right.epoch)
        .then_with(|| compare_parts(left.version, right.version))
        .then_with(|| match (left.release, right.release) {
            (Some(left), Some(right)) => compare_parts(left, right),
            _ => Ordering::Equal,
        }))
}

fn compare_parts(mut left: &str, mut right: &str) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    while !left.is_empty() && !right.is_empty() {
        let left_run = skip_until(left, |byte| byte.is_ascii_alphanumeric());
        let right_run = skip_until(right, |byte| byte.is_ascii_alphanumeric());
        let separators = (left.len() - left_run.len(), right.len() - right_run.len());
        (left, right) = (left_run, right_run);
        if left.is_empty() || right.is_empty() {
            break;
        }
        let order = separators.0.cmp(&separators.1);
        if order.is_ne() {
            return order;
        }
        let (left_run, left_rest) = split_run(left);
        let (right_run, right_rest) = split_run(right);
        let order = compare_runs(left_run, right_run);
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
    let is_letter = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
    match (left.is_empty(), right.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) if !is_letter(right) => Ordering::Less,
        _ if is_letter(left) => Ordering::Less,
        _ => Ordering::Greater,
    }
}
