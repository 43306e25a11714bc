//! What values look like, as far as it is known before there are any: expressions that ask a value
//! for a field that it can not have are refused when they are read.
//!
//! This is no checker of types: what nothing is known of may be asked for anything.

use std::collections::BTreeMap;

use cel::IdedExpr;
use cel::common::ast::{ComprehensionExpr, Expr, LiteralValue, operators};

/// What a value looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Anything.
    Any,
    /// A text, a number or a truth: it has no fields.
    Plain,
    /// A list of such values.
    List(Box<Shape>),
    /// Fields with their names, and no others.
    Fields(BTreeMap<&'static str, Shape>),
}

impl Shape {
    /// A list of values of this shape.
    pub fn list(item: Self) -> Self {
        Self::List(Box::new(item))
    }

    /// Fields and their shapes.
    pub fn fields(fields: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        Self::Fields(fields.into_iter().collect())
    }

    /// The shape of what a list holds.
    fn item(self) -> Self {
        match self {
            Self::List(item) => *item,
            _ => Self::Any,
        }
    }
}

/// A field that is not there.
#[derive(Debug)]
pub(crate) struct Missing {
    /// The number of the node that asks for it.
    pub(crate) node: u64,
    /// Its name.
    pub(crate) name: String,
    /// The fields that are there.
    pub(crate) known: Vec<&'static str>,
}

/// The first field that an expression asks for in vain, where `shape` gives the shapes of names.
pub(crate) fn missing_field(
    expression: &IdedExpr,
    shape: &dyn Fn(&str) -> Option<Shape>,
) -> Option<Missing> {
    let mut looking = Looking {
        shape,
        own: Vec::new(),
        missing: None,
    };
    looking.shape_of(expression);
    looking.missing
}

struct Looking<'a> {
    shape: &'a dyn Fn(&str) -> Option<Shape>,
    /// The names that loops around give, the innermost last.
    own: Vec<(&'a str, Shape)>,
    missing: Option<Missing>,
}

impl<'a> Looking<'a> {
    /// The shape of what an expression gives. It is as deep as `bounds` lets an expression be.
    fn shape_of(&mut self, expression: &'a IdedExpr) -> Shape {
        match &expression.expr {
            Expr::Ident(name) => self.named(name),
            Expr::Select(select) => {
                let operand = self.shape_of(&select.operand);
                self.field(operand, &select.field, expression.id)
            }
            Expr::Call(call) => {
                let target = call.target.as_ref().map(|target| self.shape_of(target));
                let arguments: Vec<Shape> = call
                    .args
                    .iter()
                    .map(|argument| self.shape_of(argument))
                    .collect();
                self.called(
                    expression.id,
                    &call.func_name,
                    target,
                    arguments,
                    &call.args,
                )
            }
            Expr::List(list) => {
                let mut shapes = list.elements.iter().map(|element| self.shape_of(element));
                let first = shapes.next();
                // All are looked through, and only if they are alike is something known of them.
                let alike = shapes.fold(true, |alike, shape| {
                    alike & (Some(&shape) == first.as_ref())
                });
                Shape::list(first.filter(|_| alike).unwrap_or(Shape::Any))
            }
            Expr::Map(map) => {
                for entry in &map.entries {
                    self.entry(entry);
                }
                Shape::Any
            }
            Expr::Struct(value) => {
                for entry in &value.entries {
                    self.entry(entry);
                }
                Shape::Any
            }
            Expr::Comprehension(loops) => self.looped(loops),
            Expr::Literal(LiteralValue::Null) | Expr::Unspecified => Shape::Any,
            Expr::Literal(_) => Shape::Plain,
        }
    }

    fn entry(&mut self, entry: &'a cel::common::ast::IdedEntryExpr) {
        use cel::common::ast::EntryExpr;
        match &entry.expr {
            EntryExpr::StructField(field) => {
                self.shape_of(&field.value);
            }
            EntryExpr::MapEntry(entry) => {
                self.shape_of(&entry.key);
                self.shape_of(&entry.value);
            }
        }
    }

    fn named(&self, name: &str) -> Shape {
        let own = self.own.iter().rev().find(|(own, _)| *own == name);
        own.map(|(_, shape)| shape.clone())
            .or_else(|| (self.shape)(name))
            .unwrap_or(Shape::Any)
    }

    fn field(&mut self, of: Shape, name: &str, node: u64) -> Shape {
        let known = match of {
            Shape::Any => return Shape::Any,
            Shape::Fields(mut fields) => match fields.remove(name) {
                Some(shape) => return shape,
                None => fields.into_keys().collect(),
            },
            Shape::Plain | Shape::List(_) => Vec::new(),
        };
        self.missing.get_or_insert_with(|| Missing {
            node,
            name: name.to_owned(),
            known,
        });
        Shape::Any
    }

    fn called(
        &mut self,
        node: u64,
        name: &str,
        target: Option<Shape>,
        mut arguments: Vec<Shape>,
        written: &'a [IdedExpr],
    ) -> Shape {
        match (name, arguments.len()) {
            (operators::INDEX | operators::OPT_INDEX | operators::OPT_SELECT, 2) => {
                let of = arguments.swap_remove(0);
                match (&of, written.get(1).map(|index| &index.expr)) {
                    // A field by its name in brackets or behind a question mark.
                    (Shape::Fields(_), Some(Expr::Literal(LiteralValue::String(field)))) => {
                        let field = field.inner().to_owned();
                        self.field(of, &field, node)
                    }
                    _ => of.item(),
                }
            }
            (operators::CONDITIONAL, 3) => {
                let (no, yes) = (arguments.swap_remove(2), arguments.swap_remove(1));
                if yes == no { yes } else { Shape::Any }
            }
            (operators::ADD, 2) if arguments.first() == arguments.get(1) => {
                arguments.swap_remove(0)
            }
            (
                operators::EQUALS
                | operators::NOT_EQUALS
                | operators::IN
                | "size"
                | "startsWith"
                | "endsWith"
                | "contains"
                | "matches",
                _,
            ) => Shape::Plain,
            // What keeps the items of a list.
            ("sort" | "sortBy" | "distinct" | "reverse" | "slice", _) => {
                target.unwrap_or(Shape::Any)
            }
            ("split", _) => Shape::list(Shape::Plain),
            _ => Shape::Any,
        }
    }

    /// `all`, `exists`, `filter` and `map` are loops. The first two give a truth, the others a list
    /// of what is added to the result in each step.
    fn looped(&mut self, loops: &'a ComprehensionExpr) -> Shape {
        let range = self.shape_of(&loops.iter_range);
        self.shape_of(&loops.accu_init);
        let depth = self.own.len();
        let gives_list = matches!(loops.accu_init.expr, Expr::List(_));
        self.own.push((&loops.accu_var, Shape::Any));
        match &loops.iter_var2 {
            // Of a list, the first of two names is the place.
            Some(second) => {
                self.own.push((&loops.iter_var, Shape::Any));
                self.own.push((second, range.item()));
            }
            None => self.own.push((&loops.iter_var, range.item())),
        }
        self.shape_of(&loops.loop_cond);
        self.shape_of(&loops.loop_step);
        let added = added(&loops.loop_step, &loops.accu_var).map(|added| self.shape_of(added));
        self.own.truncate(depth);
        // A result that is more than the collected value, as that of `exists_one`, is a truth.
        match (&loops.result.expr, added) {
            (Expr::Ident(_), Some(added)) => Shape::list(added),
            (Expr::Ident(_), None) if gives_list => Shape::list(Shape::Any),
            _ => Shape::Plain,
        }
    }
}

/// What a step of a loop adds to its list: `c` in `a ? result + [c] : result`.
fn added<'a>(step: &'a IdedExpr, result: &str) -> Option<&'a IdedExpr> {
    let Expr::Call(call) = &step.expr else {
        return None;
    };
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::CONDITIONAL, [_, yes, _]) => added(yes, result),
        (operators::ADD, [to, item]) => match (&to.expr, &item.expr) {
            (Expr::Ident(name), Expr::List(list)) if name == result => list.elements.first(),
            _ => None,
        },
        _ => None,
    }
}
