//! The fields of the index and how text becomes terms.

use tantivy::{
    Index,
    schema::{
        FAST, Field, IndexRecordOption, JsonObjectOptions, NumericOptions, STORED, Schema, SchemaBuilder,
        TextFieldIndexing, TextOptions,
    },
    tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, WhitespaceTokenizer},
};

/// Names the form of the index: one of another form is thrown away and made again.
pub(super) const FORMAT: u32 = 3;

/// The longest beginning of a word that has a term of its own, in characters.
pub(super) const LONGEST_START: usize = 12;

/// Names of the columns that lists are sorted and filtered by.
pub(super) mod column {
    /// Milliseconds of the latest thing that happened.
    pub(in super::super) const SEEN: &str = "seen";
    /// Milliseconds of when the profile was made.
    pub(in super::super) const CREATED: &str = "created";
    /// How many messages there are.
    pub(in super::super) const MESSAGES: &str = "messages";
    /// The name, folded.
    pub(in super::super) const NAME: &str = "name_key";
    /// The first eight bytes of the id, which tell equals apart and stand for the profile.
    pub(in super::super) const TIE: &str = "tie";
    /// What profiles are filtered and sorted by: a column for each property, whenever it was defined.
    pub(in super::super) const FACTS: &str = "facts";
    /// Kind and state in a few bits.
    pub(in super::super) const SHELF: &str = "shelf";
}

/// The column of a property.
pub(super) fn fact_column(key: &str) -> String {
    // Keys hold letters, digits and `_` alone, so that nothing in them separates.
    format!("{}.{key}", column::FACTS)
}

/// The fields by name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    pub(super) id: Field,
    pub(super) row: Field,
    pub(super) exact: Field,
    pub(super) name: Field,
    pub(super) name_start: Field,
    pub(super) word: Field,
    pub(super) word_start: Field,
    pub(super) long: Field,
    pub(super) digits: Field,
    pub(super) seen: Field,
    pub(super) created: Field,
    pub(super) messages: Field,
    pub(super) name_key: Field,
    pub(super) tie: Field,
    pub(super) shelf: Field,
    pub(super) facts: Field,
}

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = SchemaBuilder::default();
    let number = NumericOptions::default().set_fast();
    let fields = Fields {
        id: schema.add_text_field("id", terms("raw")),
        row: schema.add_bytes_field("row", STORED),
        exact: schema.add_text_field("exact", terms("raw")),
        name: schema.add_text_field("name", terms("words")),
        name_start: schema.add_text_field("name_start", terms("starts")),
        word: schema.add_text_field("word", terms("words")),
        word_start: schema.add_text_field("word_start", terms("starts")),
        long: schema.add_text_field("long", terms("words")),
        digits: schema.add_text_field("digits", terms("words")),
        seen: schema.add_i64_field(column::SEEN, number.clone()),
        created: schema.add_i64_field(column::CREATED, number.clone()),
        messages: schema.add_i64_field(column::MESSAGES, number.clone()),
        name_key: schema.add_text_field(column::NAME, FAST),
        tie: schema.add_u64_field(column::TIE, number.clone()),
        shelf: schema.add_u64_field(column::SHELF, number),
        facts: schema.add_json_field(column::FACTS, JsonObjectOptions::default().set_fast("raw")),
    };
    (schema.build(), fields)
}

/// Which profiles have a term is all that is kept: no places, no counts, no lengths.
fn terms(tokenizer: &str) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    TextOptions::default().set_indexing_options(indexing)
}

/// Tells an index how text becomes terms.
pub(super) fn register(index: &Index) {
    let tokenizers = index.tokenizers();
    tokenizers.register("words", TextAnalyzer::from(WhitespaceTokenizer::default()));
    tokenizers.register("starts", TextAnalyzer::from(Starts::default()));
}

/// Gives every beginning of every word, up to [`LONGEST_START`] characters.
#[derive(Clone, Default)]
struct Starts {
    token: Token,
}

struct StartStream<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for Starts {
    type TokenStream<'a> = StartStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> StartStream<'a> {
        self.token.reset();
        StartStream { rest: text, token: &mut self.token }
    }
}

impl TokenStream for StartStream<'_> {
    fn advance(&mut self) -> bool {
        self.token.position = self.token.position.wrapping_add(1);
        loop {
            match self.rest.chars().next() {
                None => return false,
                Some(' ') => {
                    self.token.text.clear();
                    self.rest = &self.rest[1..];
                }
                Some(c) if self.token.text.chars().count() < LONGEST_START => {
                    self.token.text.push(c);
                    self.rest = &self.rest[c.len_utf8()..];
                    return true;
                }
                Some(_) => self.rest = self.rest.find(' ').map_or("", |at| &self.rest[at..]),
            }
        }
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_beginning_of_every_word_is_a_term() {
        let mut starts = Starts::default();
        let mut stream = starts.token_stream("zoë constantinopolitan x");
        let mut found = Vec::new();
        while stream.advance() {
            found.push(stream.token().text.clone());
        }
        assert_eq!(found.len(), 3 + LONGEST_START + 1);
        assert_eq!(found[..4], ["z", "zo", "zoë", "c"]);
        assert_eq!(found[found.len() - 2..], ["constantinop", "x"]);
    }
}
