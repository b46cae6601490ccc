//! A filter asked of a segment of the index: texts by their place in the dictionary, numbers by their column.

use tantivy::{
    DocId, SegmentReader,
    columnar::{Column, StrColumn},
};

use super::{
    How,
    meaning::{Meaning, Meant, MeantPart, Wanted, holds},
};
use crate::search::schema::fact_column;

/// What a filter comes to for one segment.
pub(in super::super) struct SegmentMeaning {
    how: How,
    parts: Vec<SegmentPart>,
}

enum SegmentPart {
    Test(Box<SegmentTest>),
    Group(How, Vec<SegmentTest>),
}

struct SegmentTest {
    is_negated: bool,
    texts: Option<(Column<u64>, Ords)>,
    numbers: Option<(Column<f64>, Wanted)>,
}

/// The texts of a dictionary that are wanted.
enum Ords {
    All,
    Few(Vec<u64>),
    /// A bit for each text.
    Many(Vec<u64>),
}

impl Ords {
    fn has(&self, ord: u64) -> bool {
        match self {
            Self::All => true,
            Self::Few(ords) => ords.binary_search(&ord).is_ok(),
            Self::Many(bits) => bits.get(ord as usize / 64).is_some_and(|word| word & 1 << (ord % 64) != 0),
        }
    }
}

impl SegmentMeaning {
    pub(in super::super) fn of(meaning: &Meaning, reader: &SegmentReader) -> tantivy::Result<Self> {
        let test = |meant: &Meant| SegmentTest::of(meant, reader);
        let parts = meaning.parts.iter().map(|part| {
            Ok(match part {
                MeantPart::Test(meant) => SegmentPart::Test(Box::new(test(meant)?)),
                MeantPart::Group(how, tests) => {
                    SegmentPart::Group(*how, tests.iter().map(test).collect::<tantivy::Result<_>>()?)
                }
            })
        });
        Ok(Self { how: meaning.how, parts: parts.collect::<tantivy::Result<_>>()? })
    }

    pub(in super::super) fn fits(&self, doc: DocId) -> bool {
        let part = |part: &SegmentPart| match part {
            SegmentPart::Test(test) => test.fits(doc),
            SegmentPart::Group(how, tests) => holds(*how, tests, |test| test.fits(doc)),
        };
        self.parts.is_empty() || holds(self.how, &self.parts, part)
    }
}

impl SegmentTest {
    fn of(meant: &Meant, reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let name = fact_column(&meant.key);
        let texts = match &meant.wanted {
            Wanted::Ranges(_) => None,
            wanted => match columns.str(&name)? {
                Some(column) => Some((column.ords().clone(), ords(&column, wanted)?)),
                None => None,
            },
        };
        let numbers = match &meant.wanted {
            wanted @ (Wanted::Known | Wanted::Ranges(_)) => {
                columns.column_opt::<f64>(&name)?.map(|column| (column, wanted.clone()))
            }
            _ => None,
        };
        Ok(Self { is_negated: meant.is_negated, texts, numbers })
    }

    fn fits(&self, doc: DocId) -> bool {
        let by_text = || match &self.texts {
            Some((column, ords)) => column.values_for_doc(doc).any(|ord| ords.has(ord)),
            None => false,
        };
        let by_number = || match &self.numbers {
            Some((column, wanted)) => column.values_for_doc(doc).any(|number| wanted.is_number(number)),
            None => false,
        };
        (by_text() || by_number()) != self.is_negated
    }
}

/// Looks at every text of a segment once, however many profiles have it.
fn ords(column: &StrColumn, wanted: &Wanted) -> tantivy::Result<Ords> {
    let dictionary = column.dictionary();
    match wanted {
        Wanted::Known => Ok(Ords::All),
        Wanted::Texts(texts) => {
            let mut ords = Vec::new();
            for text in texts {
                ords.extend(dictionary.term_ord(text.as_bytes())?);
            }
            ords.sort_unstable();
            Ok(Ords::Few(ords))
        }
        _ => {
            let mut bits = vec![0; dictionary.num_terms().div_ceil(64)];
            let mut stream = dictionary.stream()?;
            while stream.advance() {
                let text = String::from_utf8_lossy(stream.key());
                if wanted.is_text(&text) {
                    let ord = stream.term_ord();
                    if let Some(word) = bits.get_mut(ord as usize / 64) {
                        *word |= 1u64 << (ord % 64);
                    }
                }
            }
            Ok(Ords::Many(bits))
        }
    }
}
