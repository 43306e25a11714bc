//! What an expression may look like at most. The parser descends by recursion, and so does
//! evaluation; here it is made sure that neither goes deep, and that loops do not nest without end.

use std::collections::BTreeSet;

use cel::IdedExpr;
use cel::common::ast::{CallExpr, EntryExpr, Expr, LiteralValue, operators};

/// Longest expression that is taken, in bytes.
pub(crate) const MOST_EXPRESSION: usize = 4096;

/// Deepest nesting of brackets and of choices.
const MOST_DEPTH: usize = 24;

/// Most characters of operators: a chain of them is a deep tree.
const MOST_OPERATORS: usize = 200;

/// Most signs and negations in a row.
const MOST_SIGNS: usize = 8;

/// Deepest nesting of loops such as `exists`.
const MOST_LOOPS: usize = 2;

/// What is too much about the text, before anything else looks at it.
pub(crate) fn too_much(expression: &str) -> Option<String> {
    if expression.len() > MOST_EXPRESSION {
        return Some(format!("it is over {MOST_EXPRESSION} bytes long"));
    }
    let (mut depth, mut deepest, mut signs, mut choices) = (0usize, 0, 0usize, 0usize);
    let mut operators = 0usize;
    let mut quote = None;
    let mut escaped = false;
    for character in expression.chars().filter(|next| !next.is_whitespace()) {
        if quote.is_some() {
            if quote == Some(character) && !escaped {
                quote = None;
            }
            escaped = character == '\\' && !escaped;
            continue;
        }
        match character {
            '"' | '\'' => quote = Some(character),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '?' => choices += 1,
            '.' | '+' | '-' | '*' | '/' | '%' | '<' | '>' | '=' | '!' | '&' | '|' => operators += 1,
            _ => {}
        }
        signs = if matches!(character, '!' | '-') {
            signs + 1
        } else {
            0
        };
        deepest = deepest.max(depth);
        if signs > MOST_SIGNS {
            return Some(format!("it has more than {MOST_SIGNS} signs in a row"));
        }
    }
    if operators > MOST_OPERATORS {
        return Some(format!("it has more than {MOST_OPERATORS} operators"));
    }
    (deepest > MOST_DEPTH || choices > MOST_DEPTH)
        .then(|| format!("it is nested deeper than {MOST_DEPTH}"))
}

/// The names in an expression.
pub(crate) struct Names<'a> {
    /// Those that it asks for, and the number of the node where each stands.
    pub(crate) asked: Vec<(&'a str, u64)>,
    /// The fields that it may ask values for, by their names; none if it computes such a name.
    pub(crate) fields: Option<BTreeSet<&'a str>>,
    /// Those that it gives itself, in loops.
    pub(crate) own: BTreeSet<&'a str>,
    /// How deep its loops nest. A loop over what an item of the loop around it holds does not count: all
    /// items together hold no more than there is.
    pub(crate) loops: usize,
    /// Whether there are such loops.
    pub(crate) has_inner_loops: bool,
}

/// The loops around a place.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// How many count.
    loops: usize,
    /// The item of the innermost one, if it is a part of a value and nothing that was computed.
    item: Option<&'a str>,
}

impl<'a> Names<'a> {
    /// Takes in a field that is named in brackets or behind a question mark.
    fn asks_in(&mut self, call: &'a CallExpr) {
        use operators::{INDEX, OPT_INDEX, OPT_SELECT};
        if !matches!(call.func_name.as_str(), INDEX | OPT_INDEX | OPT_SELECT) {
            return;
        }
        match call.args.get(1).map(|field| &field.expr) {
            Some(Expr::Literal(LiteralValue::String(field))) => {
                self.fields.iter_mut().for_each(|fields| {
                    fields.insert(field.inner());
                });
            }
            // A place in a list.
            Some(Expr::Literal(LiteralValue::Int(_) | LiteralValue::UInt(_))) => {}
            _ => self.fields = None,
        }
    }
}

impl Names<'_> {
    pub(crate) fn has_too_many_loops(&self) -> Option<String> {
        (self.loops > MOST_LOOPS).then(|| format!("its loops are nested deeper than {MOST_LOOPS}"))
    }
}

/// Looks through an expression.
pub(crate) fn names(expression: &IdedExpr) -> Names<'_> {
    let mut names = Names {
        asked: Vec::new(),
        fields: Some(BTreeSet::new()),
        own: BTreeSet::new(),
        loops: 0,
        has_inner_loops: false,
    };
    let outside = Around {
        loops: 0,
        item: None,
    };
    let mut waiting = vec![(expression, outside)];
    while let Some((expression, around)) = waiting.pop() {
        names.loops = names.loops.max(around.loops);
        match &expression.expr {
            Expr::Ident(name) => names.asked.push((name, expression.id)),
            Expr::Call(call) => {
                names.asks_in(call);
                waiting.extend(call.target.iter().map(|target| (target.as_ref(), around)));
                waiting.extend(call.args.iter().map(|argument| (argument, around)));
            }
            Expr::Comprehension(inner) => {
                names.own.insert(&inner.iter_var);
                names.own.extend(inner.iter_var2.as_deref());
                names.own.insert(&inner.accu_var);
                let whose = part_of(&inner.iter_range);
                let is_inner = whose.is_some() && whose == around.item;
                names.has_inner_loops |= is_inner;
                let within = Around {
                    loops: around.loops + usize::from(!is_inner),
                    // Of a list, the first of two names is the place.
                    item: whose
                        .map(|_| inner.iter_var2.as_ref().unwrap_or(&inner.iter_var).as_str()),
                };
                for part in [&inner.loop_cond, &inner.loop_step] {
                    waiting.push((part, within));
                }
                for part in [&inner.iter_range, &inner.accu_init, &inner.result] {
                    waiting.push((part, around));
                }
            }
            Expr::List(list) => {
                waiting.extend(list.elements.iter().map(|element| (element, around)));
            }
            Expr::Select(select) => {
                names.fields.iter_mut().for_each(|fields| {
                    fields.insert(&select.field);
                });
                waiting.push((&select.operand, around));
            }
            Expr::Map(map) => entries(&map.entries, around, &mut waiting),
            Expr::Struct(value) => entries(&value.entries, around, &mut waiting),
            Expr::Literal(_) | Expr::Unspecified => {}
        }
    }
    names
}

/// Of which name an expression is a part: `a` for `a.b.c`. None for what is computed.
fn part_of(expression: &IdedExpr) -> Option<&str> {
    let mut expression = expression;
    loop {
        match &expression.expr {
            Expr::Ident(name) => return Some(name),
            Expr::Select(select) if !select.test => expression = &select.operand,
            _ => return None,
        }
    }
}

fn entries<'a>(
    entries: &'a [cel::common::ast::IdedEntryExpr],
    around: Around<'a>,
    waiting: &mut Vec<(&'a IdedExpr, Around<'a>)>,
) {
    for entry in entries {
        match &entry.expr {
            EntryExpr::StructField(field) => waiting.push((&field.value, around)),
            EntryExpr::MapEntry(entry) => {
                waiting.push((&entry.key, around));
                waiting.push((&entry.value, around));
            }
        }
    }
}
