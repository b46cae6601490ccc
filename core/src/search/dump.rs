//! The index as text, so that two of them can be compared.

use tantivy::{
    DocSet, SegmentReader, TERMINATED, TantivyDocument, Term,
    schema::{IndexRecordOption, Value},
};

use super::{Search, SearchError, document::Row};
use crate::model::Timestamp;

impl Search {
    /// Every profile of the index on one line, with its row and all its terms, in the order of their ids.
    ///
    /// Two indexes that find the same have the same dump, whatever the order in which they were written.
    pub async fn dump(&self, now: Timestamp) -> Result<Vec<String>, SearchError> {
        self.settle(now).await?;
        let searcher = self.inner.reader.searcher();
        let mut lines = Vec::new();
        for (segment, reader) in searcher.segment_readers().iter().enumerate() {
            let terms = self.terms_of(reader)?;
            for (doc, terms) in terms.into_iter().enumerate() {
                let address = tantivy::DocAddress::new(segment as u32, doc as u32);
                if reader.is_deleted(address.doc_id) {
                    continue;
                }
                let document: TantivyDocument = searcher.doc(address)?;
                let bytes = document.get_first(self.inner.fields.row).and_then(|value| value.as_bytes());
                let row: Row = postcard::from_bytes(bytes.unwrap_or_default())?;
                lines.push(format!("{} {row:?} {}", row.id(), terms.join(" ")));
            }
        }
        lines.sort_unstable();
        Ok(lines)
    }

    /// The terms of every document of a segment.
    fn terms_of(&self, reader: &SegmentReader) -> Result<Vec<Vec<String>>, SearchError> {
        let fields = &self.inner.fields;
        let indexed = [
            ("exact", fields.exact),
            ("name", fields.name),
            ("name_start", fields.name_start),
            ("word", fields.word),
            ("word_start", fields.word_start),
            ("long", fields.long),
            ("digits", fields.digits),
        ];
        let mut terms = vec![Vec::new(); reader.max_doc() as usize];
        for (name, field) in indexed {
            let index = reader.inverted_index(field)?;
            let mut stream = index.terms().stream()?;
            while stream.advance() {
                let text = String::from_utf8_lossy(stream.key()).into_owned();
                let term = Term::from_field_text(field, &text);
                let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else {
                    continue;
                };
                while postings.doc() != TERMINATED {
                    terms[postings.doc() as usize].push(format!("{name}:{text}"));
                    postings.advance();
                }
            }
        }
        Ok(terms)
    }
}
