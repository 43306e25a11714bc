//! Jenkinsfiles: declarative pipelines, and the common forms of scripted ones.
//!
//! A Jenkinsfile is a program in Groovy. It is not run and not parsed as one: what is read are calls
//! with their arguments, named arguments and blocks, texts with what they interpolate, and
//! assignments. Everything else is passed over, so that a file is never refused for what surrounds
//! the calls.
//!
//! A call is a map: `call` (its name), `arguments` (a list), `named` (a map), `body` (the calls in
//! its block). A text is a map with `text` and `interpolates`, a name is a map with `reads`, values
//! that are joined by operators are a map with `parts`. `a = b` is the call `=` with `name`.
//! <https://www.jenkins.io/doc/book/pipeline/syntax/>

mod tokens;

use std::sync::Arc;

use self::tokens::{Token, TokenKind, tokens};
use super::{Documents, SyntaxProblem};
use linchpin_document::{Member, Node, NodeValue, Position};

/// Deepest nesting that is read; what is deeper is passed over.
const DEEPEST: usize = 60;

/// Words of the language that are no calls.
const WORDS: &[&str] = &[
    "def",
    "final",
    "return",
    "else",
    "try",
    "finally",
    "new",
    "throw",
    "import",
    "package",
    "static",
    "private",
    "public",
    "void",
    "class",
    "in",
    "as",
    "instanceof",
    "case",
    "default",
    "break",
    "continue",
    "do",
    "assert",
];

/// Reads a text. There is always a document: the list of calls.
pub fn read(text: &str) -> Documents {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (tokens, is_cut) = tokens(text);
    let mut reading = Reading {
        tokens: &tokens,
        next: 0,
        depth: 0,
    };
    let mut calls = Vec::new();
    while reading.next < tokens.len() {
        calls.append(&mut reading.block());
        // A closing bracket that nothing has opened.
        reading.next += 1;
    }
    let document = Node {
        start: Position::START,
        end: tokens.last().map_or(Position::START, |token| token.end),
        value: NodeValue::List(calls),
    };
    Documents {
        documents: vec![document],
        problem: is_cut.then(|| SyntaxProblem {
            at: tokens.last().map_or(Position::START, |token| token.end),
            text: "is too long to be read to its end".to_owned(),
        }),
    }
}

struct Reading<'t> {
    tokens: &'t [Token],
    next: usize,
    depth: usize,
}

impl<'t> Reading<'t> {
    fn peek(&self) -> Option<&'t TokenKind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    fn is_sign(&self, sign: char) -> bool {
        self.peek() == Some(&TokenKind::Sign(sign))
    }

    fn skip_ends(&mut self) {
        while self.peek() == Some(&TokenKind::End) {
            self.next += 1;
        }
    }

    fn position(&self) -> Position {
        self.tokens
            .get(self.next)
            .map_or(Position::START, |token| token.start)
    }

    /// Where the last word that was taken ends.
    fn behind(&self) -> Position {
        let last = self
            .next
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last));
        last.map_or(Position::START, |token| token.end)
    }

    /// The calls up to the bracket that closes the block, which is left.
    fn block(&mut self) -> Vec<Node> {
        let mut calls = Vec::new();
        self.depth += 1;
        while let Some(token) = self.peek() {
            match token {
                TokenKind::Sign('}') => break,
                TokenKind::Sign('{') => {
                    self.next += 1;
                    calls.append(&mut self.inner_block());
                }
                TokenKind::Name(_) | TokenKind::Text(..) | TokenKind::Sign('@') => {
                    self.statement(&mut calls);
                }
                _ => self.next += 1,
            }
        }
        self.depth -= 1;
        calls
    }

    /// The calls of a block whose bracket was taken, with the closing one.
    fn inner_block(&mut self) -> Vec<Node> {
        if self.depth >= DEEPEST {
            self.pass_over('{', '}');
            return Vec::new();
        }
        let calls = self.block();
        if self.is_sign('}') {
            self.next += 1;
        }
        calls
    }

    /// Goes behind the bracket that closes one that was taken.
    fn pass_over(&mut self, open: char, close: char) {
        let mut depth = 1;
        while let Some(token) = self.peek() {
            self.next += 1;
            match token {
                TokenKind::Sign(sign) if *sign == open => depth += 1,
                TokenKind::Sign(sign) if *sign == close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// What begins with a name or a text. It always takes at least one word.
    fn statement(&mut self, calls: &mut Vec<Node>) {
        let start = self.position();
        let Some(value) = self.operand(true) else {
            self.next += 1;
            return;
        };
        let name = value.find_text(&["reads"]).map(str::to_owned);
        if self.is_sign('=') && name.is_some() {
            self.next += 1;
            // `==` compares.
            if self.is_sign('=') {
                self.next += 1;
                return;
            }
            self.skip_ends();
            let set = self.value();
            let mut members = vec![
                Member::added("call", Node::text(start, "=")),
                Member::added("name", Node::text(start, name.unwrap_or_default())),
            ];
            members.push(Member::added(
                "arguments",
                Node::list(start, set.into_iter().collect()),
            ));
            calls.push(self.finished(start, members));
            return;
        }
        collect_calls(value, calls);
    }

    fn finished(&self, start: Position, members: Vec<Member>) -> Node {
        Node {
            start,
            end: self.behind(),
            value: NodeValue::Map(members),
        }
    }

    /// A value, with the operators and values that follow it.
    fn value(&mut self) -> Option<Node> {
        let start = self.position();
        let mut parts = vec![self.operand(false)?];
        while let Some(TokenKind::Sign(sign)) = self.peek() {
            if !matches!(
                sign,
                '+' | '-' | '*' | '/' | '?' | '|' | '&' | '<' | '>' | '=' | '!' | '~' | '%' | '.'
            ) {
                break;
            }
            while matches!(self.peek(), Some(TokenKind::Sign(sign)) if !"(){}[],:@".contains(*sign))
            {
                self.next += 1;
            }
            self.skip_ends();
            match self.operand(false) {
                Some(part) => parts.push(part),
                None => break,
            }
        }
        if parts.len() == 1 {
            return parts.pop();
        }
        let members = vec![Member::added("parts", Node::list(start, parts))];
        Some(self.finished(start, members))
    }

    /// One value: a text, a number, a name, a call, a list, a map, a block.
    fn operand(&mut self, is_statement: bool) -> Option<Node> {
        let start = self.position();
        match self.peek()? {
            TokenKind::Text(text, interpolates) => {
                self.next += 1;
                let texts = interpolates
                    .iter()
                    .map(|inner| Node::text(start, inner.clone()));
                let members = vec![
                    Member::added("text", self.spanning(start, text)),
                    Member::added("interpolates", Node::list(start, texts.collect())),
                ];
                Some(self.finished(start, members))
            }
            TokenKind::Number(number) => {
                self.next += 1;
                let number = number.replace('_', "").parse().unwrap_or(i64::MAX);
                Some(Node::at(start, NodeValue::Integer(number)))
            }
            TokenKind::Name(name) => {
                self.next += 1;
                self.named(start, name, is_statement)
            }
            TokenKind::Sign('[') => {
                self.next += 1;
                Some(self.collection(start))
            }
            TokenKind::Sign('(') => {
                self.next += 1;
                let (mut arguments, named) = self.arguments(')');
                arguments.extend(named.into_iter().map(|member| member.value));
                let members = vec![Member::added("parts", Node::list(start, arguments))];
                Some(self.finished(start, members))
            }
            TokenKind::Sign('{') => {
                self.next += 1;
                let body = self.inner_block();
                let members = vec![Member::added("body", Node::list(start, body))];
                Some(self.finished(start, members))
            }
            TokenKind::Sign('!' | '-' | '~' | '*') => {
                self.next += 1;
                if self.depth >= DEEPEST {
                    return None;
                }
                self.depth += 1;
                let inner = self.operand(false);
                self.depth -= 1;
                inner
            }
            TokenKind::Sign('@') => {
                self.next += 1;
                let Some(TokenKind::Name(name)) = self.peek() else {
                    return None;
                };
                self.next += 1;
                self.named(start, &format!("@{name}"), false)
            }
            _ => None,
        }
    }

    fn spanning(&self, start: Position, text: &str) -> Node {
        Node {
            start,
            end: self.behind(),
            value: NodeValue::Text(Arc::new(text.to_owned())),
        }
    }

    /// What begins with a name that was taken: a flag, a call, or a name that is read.
    fn named(&mut self, start: Position, name: &str, is_statement: bool) -> Option<Node> {
        match name {
            "true" | "false" => {
                return Some(Node::at(start, NodeValue::Boolean(name == "true")));
            }
            "null" => return Some(Node::at(start, NodeValue::Null)),
            _ if WORDS.contains(&name) => {
                // `new File(x)`, `return sh(x)`: the value behind the word is what matters.
                if self.depth >= DEEPEST {
                    return None;
                }
                self.depth += 1;
                let inner = self.operand(is_statement);
                self.depth -= 1;
                return inner.or_else(|| Some(self.reads(start, name)));
            }
            _ => {}
        }
        let mut arguments = None;
        if self.is_sign('(') {
            self.next += 1;
            arguments = Some(self.arguments(')'));
        } else if is_statement && self.begins_argument() {
            arguments = Some(self.arguments('\n'));
        }
        let mut body = None;
        if self.is_sign('{') && (arguments.is_some() || is_statement) {
            self.next += 1;
            body = Some(self.inner_block());
        }
        if arguments.is_none() && body.is_none() {
            return Some(self.reads(start, name));
        }
        let (arguments, named) = arguments.unwrap_or_default();
        let mut members = vec![
            Member::added("call", Node::text(start, name)),
            Member::added("arguments", Node::list(start, arguments)),
            Member::added("named", Node::map(start, named)),
        ];
        if let Some(body) = body {
            members.push(Member::added("body", Node::list(start, body)));
        }
        Some(self.finished(start, members))
    }

    fn reads(&self, start: Position, name: &str) -> Node {
        self.finished(start, vec![Member::added("reads", Node::text(start, name))])
    }

    /// Whether what follows on the line is an argument of a call without brackets.
    fn begins_argument(&self) -> bool {
        match self.peek() {
            Some(TokenKind::Text(..) | TokenKind::Number(_)) => true,
            Some(TokenKind::Name(name)) => !WORDS.contains(&name.as_str()),
            // `steps [a: b]` is a call, `list[0]` is none.
            Some(TokenKind::Sign('[')) => self.position() != self.behind(),
            _ => false,
        }
    }

    /// The arguments up to `close`, which is taken; up to the end of the line without brackets.
    fn arguments(&mut self, close: char) -> (Vec<Node>, Vec<Member>) {
        let (mut arguments, mut named) = (Vec::new(), Vec::new());
        let is_line = close == '\n';
        if self.depth >= DEEPEST {
            if !is_line {
                let open = if close == ')' { '(' } else { '[' };
                self.pass_over(open, close);
            }
            return (arguments, named);
        }
        self.depth += 1;
        while let Some(token) = self.peek() {
            match token {
                TokenKind::Sign(sign) if *sign == close => {
                    self.next += 1;
                    break;
                }
                TokenKind::Sign('}') => break,
                TokenKind::Sign('{' | ')' | ']') | TokenKind::End if is_line => break,
                TokenKind::End => self.next += 1,
                TokenKind::Sign(',') => {
                    self.next += 1;
                    self.skip_ends();
                }
                _ => self.argument(&mut arguments, &mut named),
            }
        }
        self.depth -= 1;
        (arguments, named)
    }

    /// One argument. It always takes at least one word.
    fn argument(&mut self, arguments: &mut Vec<Node>, named: &mut Vec<Member>) {
        let before = self.next;
        let key = match (
            self.peek(),
            self.tokens.get(self.next + 1).map(|token| &token.kind),
        ) {
            (Some(TokenKind::Name(key) | TokenKind::Text(key, _)), Some(TokenKind::Sign(':'))) => {
                Some((key.clone(), self.position()))
            }
            _ => None,
        };
        if let Some((key, key_start)) = key {
            self.next += 2;
            self.skip_ends();
            if let Some(value) = self.value() {
                named.push(Member {
                    key: Arc::new(key),
                    key_start,
                    value,
                });
            }
        } else if let Some(value) = self.value() {
            arguments.push(value);
        }
        if self.next == before {
            self.next += 1;
        }
    }

    /// A list or map whose bracket was taken.
    fn collection(&mut self, start: Position) -> Node {
        let (items, named) = self.arguments(']');
        let value = if named.is_empty() {
            NodeValue::List(items)
        } else {
            NodeValue::Map(named)
        };
        Node {
            start,
            end: self.behind(),
            value,
        }
    }
}

/// Keeps a call; of any other value the calls that it is made of.
fn collect_calls(value: Node, calls: &mut Vec<Node>) {
    if value.get("call").is_some() {
        calls.push(value);
        return;
    }
    if let NodeValue::Map(members) = value.value {
        for member in members {
            if let (true, NodeValue::List(items)) = (
                matches!(member.key.as_str(), "parts" | "body"),
                member.value.value,
            ) {
                for item in items {
                    collect_calls(item, calls);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
