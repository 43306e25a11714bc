//! The notation of the tables.
//!
//! ```text
//! name = RULE            a rule with a name; `#` begins a comment line
//!
//! @name                  the rule with that name
//! any  never  string  number  integer  boolean  object  array  null
//! { a!: RULE  b: RULE }  an object; `a` must be there; `*: RULE` is for all other fields
//! {| a: RULE |}          the same, and no other fields may be there
//! ..name                 between fields: those of that object too
//! [RULE]                 an array of such elements
//! [RULE; ...]  [RULE;]   an array that begins so, and more may follow, or not
//! ~{ }  ~[ ]             the same, but what is no object or no array is right too
//! enum("a" "b")          one of these texts
//! /expression/           a text in which a regular expression is found
//! line  date  date-time  iri-reference  idn-email    a text of this form
//! min(1)  max(1)  min-length(1)  max-length(1)  min-items(1)  max-items(1)  unique
//! needs(a: b c)          if `a` is there, `b` and `c` must be
//! A & B                  both
//! all(A, B)  some(A, B)  one(A, B)  not(A)  if(A, B, C)
//! ```

use std::collections::HashMap;

use super::values::Form;
use super::{Field, Fields, Rule, Rules, Size, Type};

impl Rules {
    /// Reads tables. They are part of the program; what can not be read in them is a rule that
    /// nothing keeps, and a test finds it.
    pub(super) fn read(tables: &[&str]) -> Self {
        let mut names = HashMap::from([("license-id".to_owned(), 0)]);
        let mut starts = Vec::new();
        let tokens: Vec<Vec<Token<'_>>> = tables.iter().map(|table| tokens(table)).collect();
        for (table, list) in tokens.iter().enumerate() {
            for (place, pair) in list.windows(2).enumerate() {
                if let [Token::Word(name), Token::Sign('=')] = pair {
                    names.insert((*name).to_owned(), starts.len() + 1);
                    starts.push((table, place + 2));
                }
            }
        }
        let mut reader = Reader {
            tokens: &tokens,
            names: &names,
            starts: &starts,
            table: 0,
            at: 0,
        };
        let mut named = vec![Rule::Form(Form::LicenseId)];
        for (table, start) in &starts {
            reader.table = *table;
            reader.at = *start;
            named.push(reader.rule());
        }
        Self { named, names }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    Word(&'a str),
    Text(&'a str),
    Pattern(&'a str),
    Sign(char),
}

fn tokens(table: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let after = rest.get(first.len_utf8()..).unwrap_or_default();
            let (token, next) = match first {
                '"' => {
                    let end = after.find('"').unwrap_or(after.len());
                    (after.get(..end).map(Token::Text), after.get(end + 1..))
                }
                '/' => {
                    let mut escaped = false;
                    let end = after
                        .find(|letter| {
                            let ends = letter == '/' && !escaped;
                            escaped = letter == '\\' && !escaped;
                            ends
                        })
                        .unwrap_or(after.len());
                    (after.get(..end).map(Token::Pattern), after.get(end + 1..))
                }
                '{' | '}' | '[' | ']' | '(' | ')' | '|' | '&' | ',' | ';' | '=' | ':' | '!'
                | '~' | '*' => (Some(Token::Sign(first)), Some(after)),
                _ => {
                    let end = rest
                        .find(|letter: char| {
                            letter.is_whitespace() || "{}[]()|&,;=:!~".contains(letter)
                        })
                        .unwrap_or(rest.len());
                    (rest.get(..end).map(Token::Word), rest.get(end..))
                }
            };
            tokens.extend(token);
            rest = next.unwrap_or_default().trim_start();
        }
    }
    tokens
}

struct Reader<'a> {
    tokens: &'a [Vec<Token<'a>>],
    names: &'a HashMap<String, usize>,
    starts: &'a [(usize, usize)],
    table: usize,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self, ahead: usize) -> Option<Token<'a>> {
        self.tokens.get(self.table)?.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek(0);
        self.at += 1;
        token
    }

    fn accept(&mut self, sign: char) -> bool {
        let there = self.peek(0) == Some(Token::Sign(sign));
        if there {
            self.at += 1;
        }
        there
    }

    fn rule(&mut self) -> Rule {
        let mut parts = self.term();
        while self.accept('&') {
            parts.extend(self.term());
        }
        match parts.len() {
            1 => parts.pop().unwrap_or(Rule::Never),
            _ => Rule::All(parts),
        }
    }

    fn term(&mut self) -> Vec<Rule> {
        let loose = self.accept('~');
        match self.next() {
            Some(Token::Sign('{')) => {
                let fields = Rule::Fields(self.fields());
                if loose {
                    vec![fields]
                } else {
                    vec![Rule::Type(Type::Object), fields]
                }
            }
            Some(Token::Sign('[')) => {
                let elements = self.elements();
                if loose {
                    vec![elements]
                } else {
                    vec![Rule::Type(Type::Array), elements]
                }
            }
            Some(Token::Pattern(expression)) => {
                vec![regex::Regex::new(expression).map_or(Rule::Never, Rule::Pattern)]
            }
            Some(Token::Word(word)) => vec![self.word(word)],
            _ => vec![Rule::Never],
        }
    }

    fn elements(&mut self) -> Rule {
        let mut list = vec![self.rule()];
        if self.accept(']') {
            return Rule::Elements(Box::new(list.pop().unwrap_or(Rule::Never)));
        }
        let mut more = false;
        while self.accept(';') {
            match self.peek(0) {
                Some(Token::Sign(']')) => {}
                Some(Token::Word("...")) => {
                    more = true;
                    self.at += 1;
                }
                _ => list.push(self.rule()),
            }
        }
        self.accept(']');
        Rule::Beginning(list, more)
    }

    /// The fields after the opening brace.
    fn fields(&mut self) -> Fields {
        let mut fields = Fields {
            closed: self.accept('|'),
            ..Fields::default()
        };
        loop {
            match self.next() {
                Some(Token::Sign('}')) | None => break,
                Some(Token::Sign('*')) => {
                    self.accept(':');
                    fields.others = Some(Box::new(self.rule()));
                }
                Some(Token::Word(word)) => {
                    if let Some(name) = word.strip_prefix("..") {
                        self.spread(name, &mut fields);
                        continue;
                    }
                    let required = self.accept('!');
                    self.accept(':');
                    let rule = self.rule();
                    fields.add(Field {
                        name: word.to_owned(),
                        required,
                        rule,
                    });
                }
                Some(_) => {}
            }
        }
        fields
    }

    /// The fields of another object, read once more where they stand.
    fn spread(&mut self, name: &str, fields: &mut Fields) {
        let start = self
            .names
            .get(name)
            .and_then(|place| self.starts.get(place.checked_sub(1)?));
        let Some((table, start)) = start else { return };
        let here = (self.table, self.at);
        (self.table, self.at) = (*table, *start);
        if self.accept('{') {
            for field in self.fields().list {
                fields.add(field);
            }
        }
        (self.table, self.at) = here;
    }

    fn list(&mut self) -> Vec<Rule> {
        let mut list = Vec::new();
        if self.accept('(') {
            loop {
                list.push(self.rule());
                if !self.accept(',') {
                    break;
                }
            }
            self.accept(')');
        }
        list
    }

    fn number(&mut self) -> f64 {
        let mut number = 0.0;
        if self.accept('(') {
            if let Some(Token::Word(word)) = self.next() {
                number = word.parse().unwrap_or_default();
            }
            self.accept(')');
        }
        number
    }

    #[expect(
        clippy::cast_sign_loss,
        reason = "sizes in the tables are small and positive"
    )]
    fn size(&mut self, size: Size) -> Rule {
        Rule::Size(size, self.number() as usize)
    }

    fn word(&mut self, word: &str) -> Rule {
        match word {
            "any" => Rule::Any,
            "never" => Rule::Never,
            "object" => Rule::Type(Type::Object),
            "array" => Rule::Type(Type::Array),
            "string" => Rule::Type(Type::Text),
            "number" => Rule::Type(Type::Number),
            "integer" => Rule::Type(Type::Integer),
            "boolean" => Rule::Type(Type::Bool),
            "null" => Rule::Type(Type::Null),
            "unique" => Rule::Unique,
            "line" => Rule::Form(Form::Line),
            "date" => Rule::Form(Form::Date),
            "date-time" => Rule::Form(Form::DateTime),
            "iri-reference" => Rule::Form(Form::IriReference),
            "idn-email" => Rule::Form(Form::Email),
            "min" => Rule::Least(self.number()),
            "max" => Rule::Most(self.number()),
            "min-length" => self.size(Size::LeastLetters),
            "max-length" => self.size(Size::MostLetters),
            "min-items" => self.size(Size::LeastElements),
            "max-items" => self.size(Size::MostElements),
            "all" => Rule::All(self.list()),
            "some" => Rule::Some(self.list()),
            "one" => Rule::One(self.list()),
            "not" => Rule::Not(Box::new(self.list().pop().unwrap_or(Rule::Never))),
            "if" => {
                let mut list = self.list().into_iter();
                let mut next = || list.next().unwrap_or(Rule::Never);
                Rule::If(Box::new((next(), next(), next())))
            }
            "enum" => {
                let mut texts = Vec::new();
                self.accept('(');
                while let Some(Token::Text(text)) = self.peek(0) {
                    texts.push(text.to_owned());
                    self.at += 1;
                }
                self.accept(')');
                Rule::OneOf(texts)
            }
            "needs" => {
                self.accept('(');
                let mut words = Vec::new();
                while let Some(token) = self.next() {
                    match token {
                        Token::Word(word) => words.push(word.to_owned()),
                        Token::Sign(':') => {}
                        _ => break,
                    }
                }
                let first = if words.is_empty() {
                    String::new()
                } else {
                    words.remove(0)
                };
                Rule::Needs(first, words)
            }
            name => name
                .strip_prefix('@')
                .and_then(|name| self.names.get(name))
                .map_or(Rule::Never, |place| Rule::Named(*place)),
        }
    }
}

impl Fields {
    fn add(&mut self, field: Field) {
        match self
            .places
            .get(&field.name)
            .and_then(|place| self.list.get_mut(*place))
        {
            // Both hold: the object's own and the one that it takes over.
            Some(known) => {
                let first = std::mem::replace(&mut known.rule, Rule::Any);
                known.rule = Rule::All(vec![first, field.rule]);
                known.required |= field.required;
            }
            None => {
                self.places.insert(field.name.clone(), self.list.len());
                self.list.push(field);
            }
        }
    }
}
