//! What somebody typed, understood once and asked twice: of the index, and of profiles in memory.
//!
//! Both ways give a profile the same score, so that a profile stands in the same place whether it
//! has been committed or not. The score says how well, never how often: whole before beginning
//! before typo, names before everything else.

use std::ops::Bound;

use tantivy::{
    Term,
    query::{
        BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, Query as TantivyQuery,
        RangeQuery, TermQuery,
    },
    schema::{Field, IndexRecordOption},
};

use super::{
    document::IndexedProfile,
    fold::{self, Part},
    schema::{Fields, LONGEST_START},
};

/// The longest text that is searched for, in characters.
const TEXT_LEN: usize = 200;

/// The most words that are searched for; later ones are left out.
const MOST_WORDS: usize = 12;

/// Scores by how a word is found.
mod score {
    pub(super) const EXACT: u32 = 100_000;
    /// Added where nothing was mistyped, so that a typo never comes first.
    pub(super) const NO_TYPO: u32 = 10_000;
    pub(super) const NAME: u32 = 60;
    pub(super) const WORD: u32 = 50;
    pub(super) const ENDING: u32 = 50;
    pub(super) const NAME_START: u32 = 40;
    pub(super) const WORD_START: u32 = 30;
    pub(super) const LONG: u32 = 20;
    pub(super) const NAME_TYPO: u32 = 3;
    pub(super) const WORD_TYPO: u32 = 2;
}

/// Whether a word may be found although one letter of it is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typos {
    /// Every letter counts.
    None,
    /// One letter more, less or other than typed, or two in the wrong order.
    One,
}

/// What somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    exact: Vec<String>,
    chunks: Vec<Chunk>,
}

/// What stands between two blanks: any of its ways will do.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chunk {
    ways: Vec<Vec<Word>>,
}

/// One word to find.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    /// Whether it is a letter or pair of a script without spaces, which is found whole or not at all.
    is_piece: bool,
    /// Its digits, where it can be the end of a telephone number.
    digits: Vec<String>,
    /// What it counts for: a number or address with punctuation in it, found whole, more than its parts together.
    weight: u32,
}

impl Wanted {
    /// Understands a text; nothing where no letter and no digit is left.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().take(TEXT_LEN).collect();
        let folded = fold::fold(&text);
        let digits = fold::digits(&folded);
        let mut chunks = Vec::new();
        if !digits.is_empty() {
            // A number is one word, however it is grouped.
            let number = |text: &String| vec![Word { digits: digits.clone(), ..word(text) }];
            let as_typed = folded.split_whitespace().flat_map(words).collect();
            chunks.push(Chunk { ways: digits.iter().map(number).chain([as_typed]).collect() });
        } else {
            for (typed, folded) in text.split_whitespace().zip(folded.split_whitespace()) {
                let spelled = fold::fold_umlauts(typed);
                let mut ways: Vec<Vec<Word>> = Vec::new();
                for form in [Some(folded), spelled.as_deref()].into_iter().flatten() {
                    ways.extend(fold::whole(form).map(whole));
                    ways.push(words(form));
                }
                ways.retain(|way| !way.is_empty());
                if !ways.is_empty() {
                    chunks.push(Chunk { ways });
                }
            }
        }
        chunks.truncate(MOST_WORDS);
        for chunk in &mut chunks {
            chunk.ways.retain(|way| !way.is_empty());
            for way in &mut chunk.ways {
                way.truncate(MOST_WORDS);
            }
        }
        let exact = [folded].into_iter().chain(digits).collect();
        (!chunks.is_empty()).then_some(Self { exact, chunks })
    }

    /// How well a profile is what was wanted; nothing where it is not.
    pub(super) fn score(&self, profile: &IndexedProfile, typos: Typos) -> Option<u32> {
        if self.exact.iter().any(|exact| has(&profile.exact, exact)) {
            return Some(score::EXACT);
        }
        let found = Found::of(profile);
        let strict = self.words_score(&found, Typos::None);
        match typos {
            Typos::None => strict,
            Typos::One => self
                .words_score(&found, Typos::One)
                .map(|loose| loose + if strict.is_some() { score::NO_TYPO } else { 0 }),
        }
    }

    /// Whether a profile is named by all of the text, and not by a part of it.
    pub(super) fn is_exactly(&self, profile: &IndexedProfile) -> bool {
        self.exact.iter().any(|exact| has(&profile.exact, exact))
    }

    fn words_score(&self, found: &Found<'_>, typos: Typos) -> Option<u32> {
        self.chunks.iter().map(|chunk| chunk.score(found, typos)).sum()
    }

    /// The line that says why a profile is found, where its name does not.
    pub(super) fn line<'a>(&self, name: &str, lines: &'a [String]) -> Option<&'a str> {
        let name = fold::tokens(name);
        let of_name = Found { names: &name, words: &[], long: &[], digits: &[] };
        let other = self.chunks.iter().find(|chunk| chunk.score(&of_name, Typos::One).is_none())?;
        let fits = |typos| {
            lines.iter().map(String::as_str).find(|line| {
                let words = fold::tokens(line);
                let digits = fold::digits(line);
                other.score(&Found { names: &[], words: &words, long: &[], digits: &digits }, typos).is_some()
            })
        };
        fits(Typos::None).or_else(|| fits(Typos::One))
    }

    /// The same as a question to the index.
    pub(super) fn query(&self, fields: &Fields, typos: Typos) -> Box<dyn TantivyQuery> {
        let exact = self.exact.iter().map(|exact| scored(term(fields.exact, exact), score::EXACT)).collect();
        let words = self.words_query(fields, typos);
        let words: Box<dyn TantivyQuery> = match typos {
            Typos::None => words,
            Typos::One => Box::new(BooleanQuery::new(vec![
                (Occur::Must, words),
                (Occur::Should, scored(self.words_query(fields, Typos::None), score::NO_TYPO)),
            ])),
        };
        best(Vec::from_iter([words].into_iter().chain::<Vec<_>>(exact)))
    }

    fn words_query(&self, fields: &Fields, typos: Typos) -> Box<dyn TantivyQuery> {
        all(self.chunks.iter().map(|chunk| {
            best(chunk.ways.iter().map(|way| all(way.iter().map(|word| word.query(fields, typos)))).collect())
        }))
    }
}

impl Chunk {
    fn score(&self, found: &Found<'_>, typos: Typos) -> Option<u32> {
        self.ways
            .iter()
            .filter_map(|way| way.iter().map(|word| word.score(found, typos)).sum::<Option<u32>>())
            .max()
    }
}

impl Word {
    /// Mistyped numbers are other numbers, and short words are a letter away from half of all words.
    fn forgives(&self) -> bool {
        !self.is_piece && self.text.chars().count() >= 4 && !self.text.chars().any(|c| c.is_ascii_digit())
    }

    /// The beginning of a longer word may be mistyped too.
    fn forgives_beginning(&self) -> bool {
        self.text.chars().count() >= 5
    }

    fn score(&self, found: &Found<'_>, typos: Typos) -> Option<u32> {
        let begins = |tokens: &[String]| !self.is_piece && has_beginning(tokens, &self.text);
        let is_ending = |digits: &String| found.digits.iter().any(|number| number.ends_with(digits));
        let near = |tokens: &[String]| {
            typos == Typos::One
                && self.forgives()
                && tokens.iter().any(|token| is_near(&self.text, token, self.forgives_beginning()))
        };
        let text = &self.text;
        let ways = [
            (score::NAME, has(found.names, text)),
            (score::WORD, has(found.words, text)),
            (score::ENDING, self.digits.iter().any(is_ending)),
            (score::NAME_START, begins(found.names)),
            (score::WORD_START, begins(found.words)),
            (score::LONG, has(found.long, text)),
        ];
        let exact = ways.into_iter().find(|(_, fits)| *fits).map(|(score, _)| score);
        let score = exact
            .or_else(|| near(found.names).then_some(score::NAME_TYPO))
            .or_else(|| near(found.words).then_some(score::WORD_TYPO));
        score.map(|score| score * self.weight)
    }

    fn query(&self, fields: &Fields, typos: Typos) -> Box<dyn TantivyQuery> {
        let mut ways = vec![
            self.weighed(term(fields.name, &self.text), score::NAME),
            self.weighed(term(fields.word, &self.text), score::WORD),
            self.weighed(term(fields.long, &self.text), score::LONG),
        ];
        for digits in &self.digits {
            ways.push(self.weighed(term(fields.digits, digits), score::ENDING));
        }
        if !self.is_piece {
            ways.push(self.weighed(beginning(fields.name_start, fields.name, &self.text), score::NAME_START));
            ways.push(self.weighed(beginning(fields.word_start, fields.word, &self.text), score::WORD_START));
        }
        if typos == Typos::One && self.forgives() {
            for (field, score) in [(fields.name, score::NAME_TYPO), (fields.word, score::WORD_TYPO)] {
                let wanted = Term::from_field_text(field, &self.text);
                let near = match self.forgives_beginning() {
                    true => FuzzyTermQuery::new_prefix(wanted, 1, true),
                    false => FuzzyTermQuery::new(wanted, 1, true),
                };
                ways.push(self.weighed(Box::new(near), score));
            }
        }
        best(ways)
    }
    fn weighed(&self, query: Box<dyn TantivyQuery>, score: u32) -> Box<dyn TantivyQuery> {
        scored(query, score * self.weight)
    }
}

/// The terms of a profile in which words are looked for; each list is sorted.
struct Found<'a> {
    names: &'a [String],
    words: &'a [String],
    long: &'a [String],
    digits: &'a [String],
}

impl<'a> Found<'a> {
    fn of(profile: &'a IndexedProfile) -> Self {
        Self { names: &profile.names, words: &profile.words, long: &profile.long, digits: &profile.digits }
    }
}

/// The words of a folded chunk.
fn words(folded: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for part in fold::parts(folded) {
        match part {
            Part::Word(text) => words.push(word(text)),
            Part::Run(run) => {
                let letters: Vec<char> = run.chars().collect();
                let piece = |text| Word { text, is_piece: true, digits: Vec::new(), weight: 1 };
                match letters.as_slice() {
                    [one] => words.push(piece(one.to_string())),
                    several => words.extend(several.windows(2).map(|pair| piece(pair.iter().collect()))),
                }
            }
        }
    }
    words
}

fn word(text: &str) -> Word {
    Word { text: fold::cut(text), is_piece: false, digits: fold::digits(text), weight: 1 }
}

/// A chunk with punctuation in it as the one word that it may be.
fn whole(text: &str) -> Vec<Word> {
    let weight = 1 + fold::parts(text).len().min(MOST_WORDS - 1) as u32;
    vec![Word { weight, ..word(text) }]
}

fn has(sorted: &[String], wanted: &str) -> bool {
    sorted.binary_search_by(|known| known.as_str().cmp(wanted)).is_ok()
}

fn has_beginning(sorted: &[String], wanted: &str) -> bool {
    let at = sorted.partition_point(|known| known.as_str() < wanted);
    sorted.get(at).is_some_and(|known| known.starts_with(wanted))
}

/// Whether one letter more, less or other, or two neighbours exchanged, make `token` of `wanted`;
/// with `or_beginning` whether they make any beginning of it.
fn is_near(wanted: &str, token: &str, or_beginning: bool) -> bool {
    let (wanted, token): (Vec<char>, Vec<char>) = (wanted.chars().collect(), token.chars().collect());
    if or_beginning {
        let lengths = wanted.len().saturating_sub(1)..=token.len().min(wanted.len() + 1);
        lengths.into_iter().any(|len| is_one_apart(&wanted, &token[..len]))
    } else {
        is_one_apart(&wanted, &token)
    }
}

fn is_one_apart(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([], rest) | (rest, []) => rest.len() <= 1,
        ([a0, a1, a_rest @ ..], [b0, b1, b_rest @ ..]) if a0 == b1 && a1 == b0 && a_rest == b_rest => true,
        ([_, a_rest @ ..], [_, b_rest @ ..]) => a_rest == b_rest || a_rest == b || a == b_rest,
    }
}

fn term(field: Field, text: &str) -> Box<dyn TantivyQuery> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

/// Short beginnings have terms of their own; longer ones are rare enough to walk the dictionary.
fn beginning(starts: Field, whole: Field, text: &str) -> Box<dyn TantivyQuery> {
    if text.chars().count() <= LONGEST_START {
        return term(starts, text);
    }
    let past = format!("{text}{}", char::MAX);
    let (low, high) = (Term::from_field_text(whole, text), Term::from_field_text(whole, &past));
    Box::new(RangeQuery::new(Bound::Included(low), Bound::Excluded(high)))
}

fn scored(query: Box<dyn TantivyQuery>, score: u32) -> Box<dyn TantivyQuery> {
    Box::new(ConstScoreQuery::new(query, score as f32))
}

fn best(mut ways: Vec<Box<dyn TantivyQuery>>) -> Box<dyn TantivyQuery> {
    match ways.len() {
        1 => ways.remove(0),
        _ => Box::new(DisjunctionMaxQuery::new(ways)),
    }
}

fn all(parts: impl Iterator<Item = Box<dyn TantivyQuery>>) -> Box<dyn TantivyQuery> {
    let mut parts: Vec<_> = parts.collect();
    match parts.len() {
        1 => parts.remove(0),
        _ => Box::new(BooleanQuery::intersection(parts)),
    }
}
