//! A parser for the part of Python's expressions that the tests are written in.

use std::rc::Rc;

/// An expression.
#[derive(Debug)]
pub(crate) enum Expression {
    Int(String),
    Long(String),
    Float(f64),
    /// A string of the dialect's `str`.
    Plain(String),
    Bytes(Vec<u8>),
    Text(String),
    Name(String),
    List(Vec<Expression>),
    Tuple(Vec<Expression>),
    Dict(Vec<(Expression, Expression)>),
    Set(Vec<Expression>),
    Lambda(Rc<Lambda>),
    Attribute(Box<Expression>, String),
    Item(Box<Expression>, Box<Expression>),
    Slice(Box<[Option<Expression>; 3]>),
    Call(Box<Expression>, Vec<Expression>, Vec<(String, Expression)>),
    Negative(Box<Expression>),
    Binary(&'static str, Box<Expression>, Box<Expression>),
}

/// `lambda parameters: body`; a parameter of `*` takes the rest.
#[derive(Debug)]
pub(crate) struct Lambda {
    pub(crate) parameters: Vec<String>,
    pub(crate) body: Expression,
}

/// A statement.
#[derive(Debug)]
pub(crate) enum Statement {
    Assign(Expression, Expression),
    Augment(&'static str, Expression, Expression),
    Delete(Expression),
    Evaluate(Expression),
}

/// Parses statements with `;` between them.
pub(crate) fn parse(source: &str) -> Vec<Statement> {
    let mut parser = Parser { source: source.as_bytes(), at: 0 };
    let mut statements = Vec::new();
    loop {
        statements.push(parser.statement());
        if !parser.takes(";") {
            break;
        }
    }
    assert!(parser.rest().is_empty(), "cannot read {:?} in {source:?}", parser.rest());
    statements
}

struct Parser<'a> {
    source: &'a [u8],
    at: usize,
}

const BINARY: &[&[&str]] = &[
    &["not in", "in", "is not", "is", "==", "!=", "<=", ">=", "<", ">"],
    &["|"],
    &["^"],
    &["&"],
    &["+", "-"],
    &["*", "%"],
];

impl Parser<'_> {
    fn rest(&mut self) -> String {
        while self.source.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.source[self.at..]).into_owned()
    }

    fn looks_at(&mut self, token: &str) -> bool {
        let rest = self.rest();
        if !rest.starts_with(token) {
            return false;
        }
        let word = token.ends_with(|it: char| it.is_alphanumeric());
        !(word && rest[token.len()..].starts_with(|it: char| it.is_alphanumeric() || it == '_'))
    }

    fn takes(&mut self, token: &str) -> bool {
        let found = self.looks_at(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn expect(&mut self, token: &str) {
        assert!(self.takes(token), "expected {token:?} at {:?}", self.rest());
    }

    fn statement(&mut self) -> Statement {
        if self.takes("del") {
            return Statement::Delete(self.expression());
        }
        let target = self.expression();
        for (token, operator) in
            [("+=", "+"), ("*=", "*"), ("|=", "|"), ("&=", "&"), ("-=", "-"), ("^=", "^")]
        {
            if self.takes(token) {
                return Statement::Augment(operator, target, self.expression());
            }
        }
        if self.takes("=") {
            return Statement::Assign(target, self.expression());
        }
        Statement::Evaluate(target)
    }

    /// An expression; one with commas is a tuple.
    fn expression(&mut self) -> Expression {
        let first = self.single();
        if !self.looks_at(",") {
            return first;
        }
        let mut items = vec![first];
        while self.takes(",") {
            items.push(self.single());
        }
        Expression::Tuple(items)
    }

    fn single(&mut self) -> Expression {
        if self.takes("lambda") {
            let mut parameters = Vec::new();
            while !self.takes(":") {
                let rest = if self.takes("*") { "*" } else { "" };
                parameters.push(format!("{rest}{}", self.identifier()));
                self.takes(",");
            }
            return Expression::Lambda(Rc::new(Lambda { parameters, body: self.single() }));
        }
        self.binary(0)
    }

    fn binary(&mut self, level: usize) -> Expression {
        let Some(operators) = BINARY.get(level) else {
            return self.unary();
        };
        let mut left = self.binary(level + 1);
        'operators: loop {
            for &operator in *operators {
                let assigns = format!("{operator}=");
                if !operator.ends_with('=') && self.looks_at(&assigns) && operator != "<" {
                    continue;
                }
                if self.takes(operator) {
                    let right = self.binary(level + 1);
                    left = Expression::Binary(operator, Box::new(left), Box::new(right));
                    continue 'operators;
                }
            }
            return left;
        }
    }

    fn unary(&mut self) -> Expression {
        if self.takes("-") {
            return Expression::Negative(Box::new(self.unary()));
        }
        let mut primary = self.atom();
        loop {
            if self.takes(".") {
                primary = Expression::Attribute(Box::new(primary), self.identifier());
            } else if self.takes("(") {
                primary = self.call(primary);
            } else if self.takes("[") {
                let key = self.subscript();
                self.expect("]");
                primary = Expression::Item(Box::new(primary), Box::new(key));
            } else {
                return primary;
            }
        }
    }

    fn call(&mut self, function: Expression) -> Expression {
        let (mut positional, mut keywords) = (Vec::new(), Vec::new());
        while !self.takes(")") {
            let start = self.at;
            self.rest();
            if self.source[self.at].is_ascii_alphabetic() {
                let name = self.identifier();
                if self.looks_at("=") && !self.looks_at("==") {
                    self.expect("=");
                    keywords.push((name, self.single()));
                    self.takes(",");
                    continue;
                }
            }
            self.at = start;
            positional.push(self.single());
            self.takes(",");
        }
        Expression::Call(Box::new(function), positional, keywords)
    }

    fn subscript(&mut self) -> Expression {
        let mut parts = [None, None, None];
        let mut place = 0;
        while !self.looks_at("]") {
            if self.takes(":") {
                place += 1;
            } else {
                parts[place] = Some(self.expression());
            }
        }
        match parts {
            [Some(key), None, None] if place == 0 => key,
            parts => Expression::Slice(Box::new(parts)),
        }
    }

    fn identifier(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(rest.len());
        assert!(end > 0, "expected a name at {rest:?}");
        self.at += end;
        rest[..end].to_owned()
    }

    fn items(&mut self, close: &str) -> Vec<Expression> {
        let mut items = Vec::new();
        while !self.takes(close) {
            items.push(self.single());
            self.takes(",");
        }
        items
    }

    fn atom(&mut self) -> Expression {
        if self.takes("[") {
            return Expression::List(self.items("]"));
        }
        if self.takes("(") {
            if self.takes(")") {
                return Expression::Tuple(Vec::new());
            }
            let first = self.single();
            if self.takes(")") {
                return first;
            }
            self.expect(",");
            let mut items = vec![first];
            items.extend(self.items(")"));
            return Expression::Tuple(items);
        }
        if self.takes("{") {
            return self.braces();
        }
        let rest = self.rest();
        let start = rest.trim_start_matches(['u', 'b']);
        if start.starts_with(['\'', '"']) && rest.len() - start.len() < 2 {
            return self.string(&rest);
        }
        if rest.starts_with(|it: char| it.is_ascii_digit()) {
            return self.number(&rest);
        }
        Expression::Name(self.identifier())
    }

    fn braces(&mut self) -> Expression {
        let (mut pairs, mut items) = (Vec::new(), Vec::new());
        while !self.takes("}") {
            let key = self.single();
            if self.takes(":") {
                pairs.push((key, self.single()));
            } else {
                items.push(key);
            }
            self.takes(",");
        }
        if items.is_empty() { Expression::Dict(pairs) } else { Expression::Set(items) }
    }

    fn number(&mut self, rest: &str) -> Expression {
        let end = rest
            .char_indices()
            .find(|&(at, it)| {
                let sign = it == '-' && rest[..at].ends_with('e');
                !it.is_ascii_alphanumeric() && it != '.' && !sign
            })
            .map_or(rest.len(), |(at, _)| at);
        self.at += end;
        let text = &rest[..end];
        if let Some(digits) = text.strip_suffix('L') {
            return Expression::Long(digits.to_owned());
        }
        if !text.starts_with("0x") && text.contains(['.', 'e']) {
            return Expression::Float(text.parse().expect("a float"));
        }
        Expression::Int(text.to_owned())
    }

    fn string(&mut self, rest: &str) -> Expression {
        let prefix = usize::from(!rest.starts_with(['\'', '"']));
        let quote = rest[prefix..].chars().next().expect("a quote");
        let mut end = prefix + 1;
        while !rest[end..].starts_with(quote) {
            end += if rest[end..].starts_with('\\') { 2 } else { 1 };
        }
        self.at += end + 1;
        let content = &rest[prefix + 1..end];
        match rest.as_bytes()[0] {
            b'u' => Expression::Text(content.to_owned()),
            b'b' => Expression::Bytes(content.as_bytes().to_vec()),
            _ => Expression::Plain(content.to_owned()),
        }
    }
}
