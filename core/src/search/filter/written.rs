//! The written form: `tier:enterprise last_seen<30d company~acme (tags:vip or tags:beta)`.
//!
//! ```text
//! filter  := part part … | part "or" part …
//! part    := test | "(" test test … ")" | "(" test "or" test … ")"
//! test    := ["-"] property operator value | "has:" property | "no:" property | "is:" kind
//! operator:= ":" "=" is · "!=" is not · "~" contains · "!~" lacks · "<" "<=" ">" ">="
//! value   := word | "several words" | one,two | from..to | 30d
//! ```

use std::fmt;

use super::{Filter, FilterError, Group, How, MOST_VALUES, Op, Part, Place, Test, meaning::span_of};

/// The longest written filter, in characters.
const LEN: usize = 4_000;

/// Reads a filter; with it, at which character each condition stands.
pub(super) fn parse(text: &str) -> Result<(Filter, Vec<usize>), FilterError> {
    let mut parser = Parser { letters: text.chars().collect(), at: 0, places: Vec::new() };
    if parser.letters.len() > LEN {
        return Err(parser.wrong(LEN, format!("it is longer than {LEN} characters")));
    }
    let mut parts = Vec::new();
    let how = parser.list(&mut parts, Parser::part)?;
    if let Some(letter) = parser.peek() {
        return Err(parser.wrong(parser.at, format!("`{letter}` closes nothing")));
    }
    Ok((Filter { how, tests: parts }, parser.places))
}

struct Parser {
    letters: Vec<char>,
    at: usize,
    places: Vec<usize>,
}

impl Parser {
    fn wrong(&self, at: usize, why: impl Into<String>) -> FilterError {
        FilterError { place: Place::Character(at + 1), why: why.into() }
    }

    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Parts up to the end or a closing bracket, and what stands between them.
    fn list<T>(
        &mut self,
        parts: &mut Vec<T>,
        mut part: impl FnMut(&mut Self) -> Result<T, FilterError>,
    ) -> Result<How, FilterError> {
        let mut how: Option<How> = None;
        self.blanks();
        while self.peek().is_some_and(|letter| letter != ')') {
            let at = self.at;
            let joined = match self.joint() {
                Some(_) if parts.is_empty() => return Err(self.wrong(at, "there is nothing before it")),
                Some(joint) => joint,
                None => How::All,
            };
            self.blanks();
            if !parts.is_empty() {
                if how.is_some_and(|how| how != joined) {
                    let why = "`and` and `or` stand side by side: put brackets around what belongs together";
                    return Err(self.wrong(at, why));
                }
                how = Some(joined);
            }
            if self.peek().is_none_or(|letter| letter == ')') {
                return Err(self.wrong(self.at, "there is nothing after it"));
            }
            parts.push(part(self)?);
            self.blanks();
        }
        Ok(how.unwrap_or_default())
    }

    /// `and` or `or`, where it stands here as a word of its own.
    fn joint(&mut self) -> Option<How> {
        for (word, how) in [("or", How::Any), ("and", How::All)] {
            let end = self.at + word.len();
            let here: String = self.letters.get(self.at..end)?.iter().collect();
            let is_alone = self.letters.get(end).is_none_or(|next| next.is_whitespace() || *next == '(');
            if here.eq_ignore_ascii_case(word) && is_alone {
                self.at = end;
                return Some(how);
            }
        }
        None
    }

    fn part(&mut self) -> Result<Part, FilterError> {
        if self.peek() != Some('(') {
            return self.test().map(Part::Test);
        }
        let open = self.at;
        self.at += 1;
        let mut tests = Vec::new();
        let how = self.list(&mut tests, |parser| match parser.peek() {
            Some('(') => Err(parser.wrong(parser.at, "brackets stand one level deep")),
            _ => parser.test(),
        })?;
        if self.peek() != Some(')') {
            return Err(self.wrong(open, "this bracket is not closed"));
        }
        self.at += 1;
        match tests.len() {
            0 => Err(self.wrong(open, "there is nothing in these brackets")),
            1 => Ok(Part::Test(tests.remove(0))),
            _ => Ok(Part::Group(Group { how, tests })),
        }
    }

    fn test(&mut self) -> Result<Test, FilterError> {
        let begin = self.at;
        self.places.push(begin + 1);
        let is_negated = self.peek() == Some('-');
        if is_negated {
            self.at += 1;
        }
        let property = self.word();
        if property.is_empty() {
            return Err(self.wrong(begin, "a condition begins with a property, such as `tier:pro`"));
        }
        let sign_at = self.at;
        let sign: String =
            self.letters[self.at..].iter().take_while(|letter| ":=!~<>".contains(**letter)).collect();
        self.at += sign.chars().count();
        if sign.is_empty() {
            let why =
                format!("`{property}` is no condition: write `company~{property}`, or search for the word");
            return Err(self.wrong(begin, why));
        }
        let values = self.values()?;
        let (op, values) = self.meant(&property, &sign, sign_at, values)?;
        let (property, op) = match (property.as_str(), op) {
            ("has", Op::Is) if values.len() == 1 => (values[0].clone(), Op::Known),
            ("no", Op::Is) if values.len() == 1 => (values[0].clone(), Op::Empty),
            ("is", Op::Is) => ("kind".to_owned(), Op::Is),
            _ => (property, op),
        };
        let values = if matches!(op, Op::Known | Op::Empty) { Vec::new() } else { values };
        let op = if is_negated { self.negated(op, begin)? } else { op };
        Ok(Test { property, op, values })
    }

    fn negated(&self, op: Op, at: usize) -> Result<Op, FilterError> {
        Ok(match op {
            Op::Is => Op::IsNot,
            Op::IsNot => Op::Is,
            Op::Contains => Op::Lacks,
            Op::Lacks => Op::Contains,
            Op::Known => Op::Empty,
            Op::Empty => Op::Known,
            _ => {
                return Err(
                    self.wrong(at, "`-` stands before `:` and `~`; turn the comparison round instead")
                );
            }
        })
    }

    fn meant(
        &self,
        property: &str,
        sign: &str,
        at: usize,
        values: Vec<Written>,
    ) -> Result<(Op, Vec<String>), FilterError> {
        let Some(first) = values.first() else {
            return Err(self.wrong(at, format!("`{property}{sign}` needs a value behind it")));
        };
        let is_span = !first.is_quoted
            && first.text.ends_with(|c: char| c.is_ascii_alphabetic())
            && span_of(&first.text).is_some();
        let range = (!first.is_quoted && values.len() == 1).then(|| first.text.split_once("..")).flatten();
        if let (":" | "=", Some((from, to))) = (sign, range)
            && !from.is_empty()
            && !to.is_empty()
        {
            return Ok((Op::Between, vec![from.to_owned(), to.to_owned()]));
        }
        let op = match sign {
            ":" | "=" => Op::Is,
            "!=" | "!:" => Op::IsNot,
            "~" => Op::Contains,
            "!~" => Op::Lacks,
            "<" | "<=" if is_span => Op::Within,
            ">" | ">=" if is_span => Op::Older,
            "<" => Op::Less,
            "<=" => Op::AtMost,
            ">" => Op::Greater,
            ">=" => Op::AtLeast,
            other => {
                let why = format!("`{other}` compares nothing: it is one of : != ~ !~ < <= > >=");
                return Err(self.wrong(at, why));
            }
        };
        if values.len() > op.takes().1.max(1) {
            return Err(self.wrong(at, format!("`{sign}` takes one value; several go with `:`")));
        }
        Ok((op, values.into_iter().map(|value| value.text).collect()))
    }

    fn word(&mut self) -> String {
        let begin = self.at;
        while self.peek().is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
            self.at += 1;
        }
        self.letters[begin..self.at].iter().collect()
    }

    fn values(&mut self) -> Result<Vec<Written>, FilterError> {
        let mut values = Vec::new();
        loop {
            let value = self.value()?;
            if value.text.is_empty() {
                if values.is_empty() {
                    return Ok(values);
                }
                return Err(self.wrong(self.at, "there is nothing after the comma"));
            }
            values.push(value);
            if values.len() > MOST_VALUES {
                return Err(
                    self.wrong(self.at, format!("at most {MOST_VALUES} values stand in one condition"))
                );
            }
            if self.peek() != Some(',') {
                return Ok(values);
            }
            self.at += 1;
        }
    }

    fn value(&mut self) -> Result<Written, FilterError> {
        let begin = self.at;
        if self.peek() != Some('"') {
            while self.peek().is_some_and(|letter| !letter.is_whitespace() && !"(),\"".contains(letter)) {
                self.at += 1;
            }
            return Ok(Written { text: self.letters[begin..self.at].iter().collect(), is_quoted: false });
        }
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.peek() {
                None => return Err(self.wrong(begin, "this quotation mark is not closed")),
                Some('"') => break,
                Some('\\') if matches!(self.letters.get(self.at + 1), Some('"' | '\\')) => {
                    text.push(self.letters[self.at + 1]);
                    self.at += 2;
                }
                Some(letter) => {
                    text.push(letter);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        if text.trim().is_empty() {
            return Err(self.wrong(begin, "there is nothing between these quotation marks"));
        }
        Ok(Written { text, is_quoted: true })
    }
}

struct Written {
    text: String,
    is_quoted: bool,
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, part) in self.tests.iter().enumerate() {
            joint(f, place, self.how)?;
            match part {
                Part::Test(test) => write!(f, "{test}")?,
                Part::Group(group) => {
                    f.write_str("(")?;
                    for (place, test) in group.tests.iter().enumerate() {
                        joint(f, place, group.how)?;
                        write!(f, "{test}")?;
                    }
                    f.write_str(")")?;
                }
            }
        }
        Ok(())
    }
}

fn joint(f: &mut fmt::Formatter<'_>, place: usize, how: How) -> fmt::Result {
    match (place, how) {
        (0, _) => Ok(()),
        (_, How::All) => f.write_str(" "),
        (_, How::Any) => f.write_str(" or "),
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.op {
            Op::Known => return write!(f, "has:{}", self.property),
            Op::Empty => return write!(f, "no:{}", self.property),
            Op::Between => {
                let [from, to] = self.values.as_slice() else { return Ok(()) };
                return write!(f, "{}:{from}..{to}", self.property);
            }
            Op::Is => ":",
            Op::IsNot => "!=",
            Op::Contains => "~",
            Op::Lacks => "!~",
            Op::Less | Op::Within => "<",
            Op::AtMost => "<=",
            Op::Greater | Op::Older => ">",
            Op::AtLeast => ">=",
        };
        write!(f, "{}{sign}", self.property)?;
        let needs_unit = matches!(self.op, Op::Within | Op::Older);
        for (place, value) in self.values.iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            let is_plain = !value.is_empty()
                && !value.contains("..")
                && !value.chars().any(|letter| letter.is_whitespace() || "(),\"\\".contains(letter));
            match (is_plain, needs_unit && value.ends_with(|c: char| c.is_ascii_digit())) {
                (true, true) => write!(f, "{value}d")?,
                (true, false) => f.write_str(value)?,
                _ => write!(f, "\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))?,
            }
        }
        Ok(())
    }
}
