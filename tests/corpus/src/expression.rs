//! The little Python that says how to make an object which no pickle can hold: names, attributes, calls, strings, ints,
//! lists, tuples, dicts, and `name = value; ...` in front. A manifest's lines about a dump that fails have no stream, so
//! `objects.jsonl` beside it says what was dumped, in a form that CPython evaluates too.

use std::collections::HashMap;
use std::path::Path;

use halfsour_runtime::Dialect;
use serde::Deserialize;

use crate::{CorpusError, Result, folder, json_lines};

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// `name`: a local one, a built-in, or a module.
    Name(String),
    /// `12`
    Int(i64),
    /// `'text'`
    Bytes(String),
    /// `u'text'`
    Unicode(String),
    /// `[a, b]`
    List(Vec<Expression>),
    /// `(a, b)`
    Tuple(Vec<Expression>),
    /// `{a: b}`
    Dict(Vec<(Expression, Expression)>),
    /// `a.name`
    Attribute(Box<Expression>, String),
    /// `a(b, c)`
    Call(Box<Expression>, Vec<Expression>),
}

/// Statements: each an expression, perhaps assigned to a name. The last one's value is the object.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe(pub Vec<(Option<String>, Expression)>);

/// The recipes of a corpus, by case.
#[derive(Debug, Default)]
pub struct Recipes {
    python2: HashMap<String, Recipe>,
    /// Where they are other ones.
    python3: HashMap<String, Recipe>,
}

#[derive(Deserialize)]
struct Line {
    case: String,
    object: Option<String>,
    /// The same in Python 3, where that is written in another way.
    python3: Option<String>,
}

impl Recipes {
    /// Reads the recipes of `folder`, which may have none, with those of the repository's own corpus.
    ///
    /// # Errors
    /// When the file cannot be read, or a recipe is not of the form above.
    pub fn read_folder(folder: &Path) -> Result<Self> {
        let mut all = Self::default();
        for path in folder::shared(folder, folder::RECIPES)? {
            for line in json_lines::read::<Line>(&path)? {
                if let Some(object) = line.object {
                    all.python2.insert(line.case.clone(), Recipe::parse(&object)?);
                }
                if let Some(object) = line.python3 {
                    all.python3.insert(line.case, Recipe::parse(&object)?);
                }
            }
        }
        Ok(all)
    }

    /// How to make the object of a case in a Python.
    pub fn get(&self, case: &str, dialect: Dialect) -> Option<&Recipe> {
        let own = if dialect == Dialect::Python3 { self.python3.get(case) } else { None };
        own.or_else(|| self.python2.get(case))
    }
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// When the text is not of the form above.
    pub fn parse(text: &str) -> Result<Self> {
        let mut parser = Parser { text, rest: text };
        let mut statements = Vec::new();
        loop {
            let mut value = parser.expression()?;
            let mut name = None;
            if parser.take('=') {
                let Expression::Name(target) = value else {
                    return Err(parser.wrong("a name before `=`"));
                };
                name = Some(target);
                value = parser.expression()?;
            }
            statements.push((name, value));
            if !parser.take(';') {
                break;
            }
        }
        if parser.rest.is_empty() { Ok(Self(statements)) } else { Err(parser.wrong("the end")) }
    }
}

struct Parser<'a> {
    text: &'a str,
    rest: &'a str,
}

impl Parser<'_> {
    fn expression(&mut self) -> Result<Expression> {
        let mut value = self.primary()?;
        loop {
            if self.take('.') {
                value = Expression::Attribute(Box::new(value), self.word()?);
            } else if self.take('(') {
                value = Expression::Call(Box::new(value), self.sequence(')')?.0);
            } else {
                return Ok(value);
            }
        }
    }

    fn primary(&mut self) -> Result<Expression> {
        if self.take('[') {
            return Ok(Expression::List(self.sequence(']')?.0));
        }
        if self.take('(') {
            return self.parenthesized();
        }
        if self.take('{') {
            return self.dict();
        }
        if self.rest.starts_with('\'') {
            return Ok(Expression::Bytes(self.string()?));
        }
        if let Some(rest) = self.rest.strip_prefix("u'") {
            self.rest = &self.rest[self.rest.len() - rest.len() - 1..];
            return Ok(Expression::Unicode(self.string()?));
        }
        let word = self.word()?;
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            return word.parse().map(Expression::Int).map_err(|_| self.wrong("an int"));
        }
        Ok(Expression::Name(word))
    }

    fn parenthesized(&mut self) -> Result<Expression> {
        match self.sequence(')')? {
            (mut items, false) if items.len() == 1 => Ok(items.remove(0)),
            (items, _) => Ok(Expression::Tuple(items)),
        }
    }

    fn dict(&mut self) -> Result<Expression> {
        let mut pairs = Vec::new();
        while !self.take('}') {
            let key = self.expression()?;
            self.expect(':')?;
            pairs.push((key, self.expression()?));
            if !self.take(',') {
                self.expect('}')?;
                break;
            }
        }
        Ok(Expression::Dict(pairs))
    }

    /// Expressions up to `end`, and whether a comma stood behind the last.
    fn sequence(&mut self, end: char) -> Result<(Vec<Expression>, bool)> {
        let mut items = Vec::new();
        let mut comma = false;
        while !self.take(end) {
            items.push(self.expression()?);
            comma = self.take(',');
            if !comma {
                self.expect(end)?;
                break;
            }
        }
        Ok((items, comma))
    }

    /// A string in single quotes, without escapes.
    fn string(&mut self) -> Result<String> {
        let quoted = self.rest.get(1..).and_then(|rest| rest.split_once('\''));
        let (text, rest) = quoted.ok_or_else(|| self.wrong("a closing quote"))?;
        self.rest = rest.trim_start();
        Ok(text.to_owned())
    }

    fn word(&mut self) -> Result<String> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(self.rest.len());
        if end == 0 {
            return Err(self.wrong("an expression"));
        }
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        Ok(word.to_owned())
    }

    fn take(&mut self, wanted: char) -> bool {
        let Some(rest) = self.rest.strip_prefix(wanted) else { return false };
        self.rest = rest.trim_start();
        true
    }

    fn expect(&mut self, wanted: char) -> Result<()> {
        if self.take(wanted) { Ok(()) } else { Err(self.wrong(&format!("`{wanted}`"))) }
    }

    fn wrong(&self, expected: &str) -> CorpusError {
        let at = self.text.len() - self.rest.len();
        CorpusError::Recipe { text: self.text.to_owned(), at, expected: expected.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Expression {
        Expression::Name(name.to_owned())
    }

    #[test]
    fn every_form() -> Result<()> {
        let recipe = Recipe::parse("x = [1, 'a']; m.f(x, (u'b',), (), (2)).g")?;
        let list = Expression::List(vec![Expression::Int(1), Expression::Bytes("a".to_owned())]);
        let one = Expression::Tuple(vec![Expression::Unicode("b".to_owned())]);
        let function = Expression::Attribute(Box::new(name("m")), "f".to_owned());
        let arguments = vec![name("x"), one, Expression::Tuple(Vec::new()), Expression::Int(2)];
        let call = Expression::Call(Box::new(function), arguments);
        let last = Expression::Attribute(Box::new(call), "g".to_owned());
        assert_eq!(recipe, Recipe(vec![(Some("x".to_owned()), list), (None, last)]));
        let pairs = vec![(Expression::Bytes("k".to_owned()), name("v"))];
        assert_eq!(Recipe::parse("{'k': v}")?, Recipe(vec![(None, Expression::Dict(pairs))]));
        Ok(())
    }

    #[test]
    fn what_is_wrong_and_where() {
        let text = Recipe::parse("f(1 2)").map_err(|error| error.to_string());
        assert_eq!(text, Err("recipe `f(1 2)`: expected `)` at 4".to_owned()));
    }
}
