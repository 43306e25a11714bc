//! What two texts differ in, word by word: the shortest list of words left out and added, after
//! Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). More than a given number of
//! differing words is not looked for, so that texts with nothing in common cost nothing.

use std::ops::Range;

/// Words that stand in the first text where others, or none, stand in the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) first: Range<usize>,
    pub(super) second: Range<usize>,
}

/// The differences, or nothing if there are more than `most` words in them.
pub(super) fn differences<T: PartialEq>(
    first: &[T],
    second: &[T],
    most: usize,
) -> Option<Vec<Difference>> {
    // furthest[k] is how far into the first text one gets on the diagonal k - offset.
    let offset = most + 1;
    let mut furthest = vec![0_usize; 2 * offset + 1];
    let mut steps: Vec<Vec<usize>> = Vec::new();
    for edits in 0..=most {
        // Only these diagonals can be reached so far.
        steps.push(furthest[offset - edits..=offset + edits].to_vec());
        for diagonal in (0..=2 * edits).step_by(2).map(|step| offset - edits + step) {
            let down = diagonal == offset - edits
                || (diagonal != offset + edits && furthest[diagonal - 1] < furthest[diagonal + 1]);
            let mut x = if down {
                furthest[diagonal + 1]
            } else {
                furthest[diagonal - 1] + 1
            };
            // y = x - (diagonal - offset)
            let Some(mut y) = (x + offset).checked_sub(diagonal) else {
                continue;
            };
            while x < first.len() && y < second.len() && first[x] == second[y] {
                x += 1;
                y += 1;
            }
            furthest[diagonal] = x;
            if x >= first.len() && y >= second.len() {
                return Some(back(first.len(), second.len(), &steps));
            }
        }
    }
    None
}

/// Follows the steps from the end to the beginning.
fn back(mut x: usize, mut y: usize, steps: &[Vec<usize>]) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    for (edits, furthest) in steps.iter().enumerate().skip(1).rev() {
        // The middle of the list is the diagonal 0, as it was before this step.
        let at = |diagonal: isize| {
            let index = edits.checked_add_signed(diagonal)?;
            furthest.get(index).copied()
        };
        let diagonal = x.cast_signed() - y.cast_signed();
        let limit = edits.cast_signed();
        let down = diagonal == -limit || (diagonal != limit && at(diagonal - 1) < at(diagonal + 1));
        let before = if down { diagonal + 1 } else { diagonal - 1 };
        let before_x = at(before).unwrap_or(0);
        let before_y = before_x.checked_add_signed(-before).unwrap_or(0);
        // Behind the one changed word the texts go on alike.
        let (start_x, start_y) = if down {
            (before_x, before_y + 1)
        } else {
            (before_x + 1, before_y)
        };
        match found.last_mut() {
            // The next change begins where this one ends: they are one.
            Some(last) if last.first.start == start_x && last.second.start == start_y => {
                last.first.start = before_x;
                last.second.start = before_y;
            }
            _ => found.push(Difference {
                first: before_x..start_x,
                second: before_y..start_y,
            }),
        }
        (x, y) = (before_x, before_y);
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(first: &str, second: &str, most: usize) -> Option<Vec<(String, String)>> {
        let first: Vec<char> = first.chars().collect();
        let second: Vec<char> = second.chars().collect();
        differences(&first, &second, most).map(|found| {
            found
                .into_iter()
                .map(|found| {
                    (
                        first[found.first].iter().collect(),
                        second[found.second].iter().collect(),
                    )
                })
                .collect()
        })
    }

    #[test]
    fn differences_are_the_shortest() {
        let pairs = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter();
            Some(
                pairs
                    .map(|(left, right)| ((*left).to_owned(), (*right).to_owned()))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(check("abc", "abc", 0), pairs(&[]));
        assert_eq!(check("", "", 5), pairs(&[]));
        assert_eq!(check("abc", "", 5), pairs(&[("abc", "")]));
        assert_eq!(check("", "abc", 3), pairs(&[("", "abc")]));
        assert_eq!(check("abcdef", "abXdef", 4), pairs(&[("c", "X")]));
        assert_eq!(
            check("abcdef", "XXabdefYY", 9),
            pairs(&[("", "XX"), ("c", ""), ("", "YY")])
        );
        assert_eq!(check("abcdef", "ghijkl", 11), None);
        assert!(check("abcdef", "ghijkl", 12).is_some());
    }

    #[test]
    fn differences_lead_from_one_text_to_the_other() {
        let mut seed = 7_u64;
        let mut next = move |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        for _ in 0..500 {
            let mut text = |length: u64| (0..next(length)).map(|_| next(4)).collect::<Vec<u64>>();
            let (first, second) = (text(30), text(30));
            let found = differences(&first, &second, 60).unwrap();
            let mut made = Vec::new();
            let mut upto = 0;
            for one in &found {
                made.extend_from_slice(&first[upto..one.first.start]);
                made.extend_from_slice(&second[one.second.clone()]);
                upto = one.first.end;
            }
            made.extend_from_slice(&first[upto..]);
            assert_eq!(made, second, "{first:?} {found:?}");
        }
    }
}
