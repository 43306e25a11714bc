//! Expressions of GitHub Actions, `${{ github.event.issue.title }}`: what they read, and what of it
//! their value can be.
//!
//! The value of `contains(github.head_ref, 'x')` is true or false, that of `github.head_ref || 'x'`
//! may be the name of the branch: only the latter can carry somebody's text into a script. Nothing is
//! evaluated here.

use super::tokens::{Token, tokens};

/// Deepest nesting that is read.
const DEEPEST: usize = 50;

/// Functions whose value is true, false or a digest, whatever they are given.
const HARMLESS: &[&str] = &[
    "contains",
    "startswith",
    "endswith",
    "hashfiles",
    "success",
    "failure",
    "always",
    "cancelled",
];

/// Functions that give the same for the same.
const CONSTANT: &[&str] = &[
    "contains",
    "startswith",
    "endswith",
    "format",
    "join",
    "tojson",
    "fromjson",
];

/// An expression, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Term {
    /// A text, and whether it counts as false.
    Literal(String, bool),
    /// What is read, in lower case: `github.event.commits.*.message`. An index that is only known
    /// when it runs is `?`.
    Context(String, Vec<Term>),
    /// A function with what it is given, or a part of its value.
    Call(String, Vec<Term>),
    /// A comparison or a negation, which is true or false.
    Compared(&'static str, Vec<Term>),
    /// `left && right`.
    And(Box<[Term; 2]>),
    /// `left || right`.
    Or(Box<[Term; 2]>),
}

/// Reads what stands between `${{` and `}}`; nothing if it is no expression.
pub(crate) fn parse(text: &str) -> Option<Term> {
    let tokens = tokens(text)?;
    let mut reading = Reading {
        tokens: &tokens,
        depth: 0,
    };
    let term = reading.or()?;
    reading.tokens.is_empty().then_some(term)
}

impl Term {
    /// All parts, itself first.
    pub(crate) fn parts(&self) -> Vec<&Self> {
        let mut parts = Vec::new();
        let mut waiting = vec![self];
        while let Some(term) = waiting.pop() {
            parts.push(term);
            match term {
                Self::Literal(..) => {}
                Self::Context(_, inner) | Self::Call(_, inner) | Self::Compared(_, inner) => {
                    waiting.extend(inner.iter().rev());
                }
                Self::And(both) | Self::Or(both) => waiting.extend(both.iter().rev()),
            }
        }
        parts
    }

    /// All that it reads.
    pub(crate) fn contexts(&self) -> Vec<&str> {
        let parts = self.parts().into_iter();
        let contexts = parts.filter_map(|part| match part {
            Self::Context(path, _) => Some(path.as_str()),
            _ => None,
        });
        contexts.collect()
    }

    /// What its value can be, or can have in it.
    pub(crate) fn flowing(&self) -> Vec<&str> {
        let mut flowing = Vec::new();
        let mut waiting = vec![self];
        while let Some(term) = waiting.pop() {
            match term {
                Self::Literal(..) | Self::Compared(..) => {}
                Self::Context(path, _) => flowing.push(path.as_str()),
                Self::Call(name, _) if HARMLESS.contains(&name.as_str()) => {}
                Self::Call(_, given) => waiting.extend(given.iter().rev()),
                // Where the left side decides, it is empty, zero or false.
                Self::And(both) => waiting.push(&both[1]),
                Self::Or(both) => waiting.extend(both.iter().rev()),
            }
        }
        flowing
    }

    /// Whether it calls functions, and yet is always the same.
    pub(crate) fn is_disguised_constant(&self) -> bool {
        let parts = self.parts();
        let calls = parts.iter().any(|part| matches!(part, Self::Call(..)));
        calls
            && parts.iter().all(|part| match part {
                Self::Context(..) => false,
                Self::Call(name, _) => CONSTANT.contains(&name.as_str()),
                _ => true,
            })
    }

    /// What it looks for with `contains` in a fixed text instead of a list: `contains('main dev',
    /// github.ref_name)` holds for a branch `n` as well.
    pub(crate) fn looked_for_in_text(&self) -> Option<&str> {
        self.parts().into_iter().find_map(|part| match part {
            Self::Call(name, given) if name == "contains" => match given.as_slice() {
                [Self::Literal(..), Self::Context(path, _)] => Some(path.as_str()),
                _ => None,
            },
            _ => None,
        })
    }

    /// Whether it is `a && '' || b`, which is always `b`.
    pub(crate) fn has_lost_choice(&self) -> bool {
        self.parts().into_iter().any(|part| match part {
            Self::Or(both) => match &both[0] {
                Self::And(inner) => matches!(inner[1], Self::Literal(_, true)),
                _ => false,
            },
            _ => false,
        })
    }

    /// The texts with which something is compared: is `github.actor == 'x'`, then `x`.
    pub(crate) fn compared_with(&self, wanted: impl Fn(&str) -> bool) -> Vec<&str> {
        let parts = self.parts().into_iter();
        let compared = parts.filter_map(|part| match part {
            Self::Compared("==", sides) => match sides.as_slice() {
                [Self::Context(path, _), Self::Literal(text, _)]
                | [Self::Literal(text, _), Self::Context(path, _)]
                    if wanted(path) =>
                {
                    Some(text.as_str())
                }
                _ => None,
            },
            Self::Call(name, given) if HARMLESS.contains(&name.as_str()) => {
                match given.as_slice() {
                    [Self::Context(path, _), Self::Literal(text, _)] if wanted(path) => {
                        Some(text.as_str())
                    }
                    _ => None,
                }
            }
            _ => None,
        });
        compared.collect()
    }
}

struct Reading<'t> {
    tokens: &'t [Token<'t>],
    depth: usize,
}

impl<'t> Reading<'t> {
    fn sign(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        let Some((Token::Sign(sign), rest)) = self.tokens.split_first() else {
            return None;
        };
        let sign = signs.iter().find(|wanted| *wanted == sign)?;
        self.tokens = rest;
        Some(sign)
    }

    fn next(&mut self) -> Option<&'t Token<'t>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn or(&mut self) -> Option<Term> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut left = self.and()?;
        let mut chain = 0;
        while self.sign(&["||"]).is_some() {
            chain += 1;
            let right = self.and()?;
            left = Term::Or(Box::new([left, right]));
            if chain > DEEPEST {
                return None;
            }
        }
        self.depth -= 1;
        Some(left)
    }

    fn and(&mut self) -> Option<Term> {
        let mut left = self.comparison()?;
        let mut chain = 0;
        while self.sign(&["&&"]).is_some() {
            chain += 1;
            let right = self.comparison()?;
            left = Term::And(Box::new([left, right]));
            if chain > DEEPEST {
                return None;
            }
        }
        Some(left)
    }

    fn comparison(&mut self) -> Option<Term> {
        let left = self.one()?;
        match self.sign(&["==", "!=", "<=", ">=", "<", ">"]) {
            Some(sign) => Some(Term::Compared(sign, vec![left, self.one()?])),
            None => Some(left),
        }
    }

    fn one(&mut self) -> Option<Term> {
        let mut negations = 0;
        while self.sign(&["!"]).is_some() {
            negations += 1;
        }
        let term = match self.next()? {
            Token::Sign("(") => {
                let inner = self.or()?;
                self.sign(&[")"])?;
                self.part_of(inner)?
            }
            Token::Text(text) => Term::Literal(text.clone(), text.is_empty()),
            Token::Number(number) => Term::Literal((*number).to_owned(), *number == "0"),
            Token::Name(name) => self.named(name)?,
            Token::Sign(_) => return None,
        };
        if negations == 0 {
            return Some(term);
        }
        Some(Term::Compared("!", vec![term]))
    }

    fn named(&mut self, name: &str) -> Option<Term> {
        let name = name.to_ascii_lowercase();
        if self.sign(&["("]).is_some() {
            let mut given = Vec::new();
            if self.sign(&[")"]).is_none() {
                given.push(self.or()?);
                while self.sign(&[","]).is_some() {
                    given.push(self.or()?);
                }
                self.sign(&[")"])?;
            }
            return self.part_of(Term::Call(name, given));
        }
        match name.as_str() {
            "true" | "nan" | "infinity" => return Some(Term::Literal(name, false)),
            "false" | "null" => return Some(Term::Literal(name, true)),
            _ => {}
        }
        self.part_of(Term::Context(name, Vec::new()))
    }

    /// What comes behind a value: `.name`, `.*`, `[0]`.
    fn part_of(&mut self, mut term: Term) -> Option<Term> {
        while let Some(sign) = self.sign(&[".", "["]) {
            let (step, index) = if sign == "." {
                match self.next()? {
                    Token::Name(name) => (name.to_ascii_lowercase(), None),
                    Token::Sign("*") => ("*".to_owned(), None),
                    _ => return None,
                }
            } else if self.sign(&["*"]).is_some() {
                self.sign(&["]"])?;
                ("*".to_owned(), None)
            } else {
                let was_number = matches!(self.tokens.first(), Some(Token::Number(_)));
                let index = self.or()?;
                self.sign(&["]"])?;
                match index {
                    Term::Literal(..) if was_number => ("*".to_owned(), None),
                    Term::Literal(text, _) => (text.to_ascii_lowercase(), None),
                    other => ("?".to_owned(), Some(other)),
                }
            };
            match &mut term {
                Term::Context(path, inner) => {
                    path.push('.');
                    path.push_str(&step);
                    inner.extend(index);
                }
                // A part of what a function gives may be all of it, as far as we know.
                Term::Call(..) => {}
                _ => term = Term::Call("part".to_owned(), vec![term]),
            }
        }
        Some(term)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_flows_is_what_the_value_can_be() {
        for (text, flowing) in [
            ("github.event.issue.title", "github.event.issue.title"),
            ("GitHub.Event['issue'].Title", "github.event.issue.title"),
            (
                "github.event.commits[0].message",
                "github.event.commits.*.message",
            ),
            (
                "github.event.commits.*.message",
                "github.event.commits.*.message",
            ),
            ("contains(github.head_ref, 'x')", ""),
            ("github.head_ref == 'x'", ""),
            ("!github.head_ref", ""),
            ("github.head_ref && 'yes' || 'no'", ""),
            (
                "github.head_ref || github.ref_name",
                "github.head_ref github.ref_name",
            ),
            ("format('{0}-x', github.head_ref)", "github.head_ref"),
            ("toJSON(github.event)", "github.event"),
            ("fromJSON(steps.a.outputs.b).c", "steps.a.outputs.b"),
            ("secrets[github.head_ref]", "secrets.?"),
            ("(github.a || github.b).c", "github.a github.b"),
            ("'it''s'", ""),
        ] {
            let term = parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(term.flowing().join(" "), flowing, "{text}");
        }
        let term = parse("secrets[github.head_ref]").unwrap();
        assert_eq!(term.contexts(), ["secrets.?", "github.head_ref"]);
    }

    #[test]
    fn flaws_are_seen() {
        let term = |text: &str| parse(text).unwrap();
        assert!(term("format('{0}', 'x')").is_disguised_constant());
        assert!(!term("'x'").is_disguised_constant());
        assert!(!term("format('{0}', github.ref)").is_disguised_constant());
        assert!(!term("hashFiles('x')").is_disguised_constant());
        assert!(term("github.ref == 'x' && '' || 'y'").has_lost_choice());
        assert!(!term("github.ref == 'x' && 'z' || ''").has_lost_choice());
        assert_eq!(
            term("contains('a b', github.ref)").looked_for_in_text(),
            Some("github.ref")
        );
        assert_eq!(
            term("contains(github.ref, 'a b')").looked_for_in_text(),
            None
        );
        let actor = |path: &str| path == "github.actor";
        assert_eq!(
            term("a.b && 'x' == github.actor").compared_with(actor),
            ["x"]
        );
        assert!(term("github.actor != 'x'").compared_with(actor).is_empty());
    }

    #[test]
    fn hostile_texts_are_no_expressions() {
        for text in [
            "", "(", "a.", "a[", "f(", "'x", "a b", "a &&", "\u{e9}", "a..b", "f(,)",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
        assert!(parse(&"(".repeat(100_000)).is_none());
        assert!(parse(&"!".repeat(100_000)).is_none());
        assert!(parse(&"a||".repeat(1_000)).is_none());
        assert!(parse(&"a[".repeat(1_000)).is_none());
    }
}
