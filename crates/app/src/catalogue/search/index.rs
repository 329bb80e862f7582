//! The index itself: tantivy over a folder in memory.

use std::fmt;

use kernel::ProductId;
use tantivy::collector::TopDocs;
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};
use tokio::sync::{Mutex, MutexGuard};

use super::words::{Words, to_find};
use super::{Looking, MAX_OFFSET};
use crate::Problem;
use crate::ports::ProductRow;

/// The smallest that tantivy takes, in bytes. The writer lives only while something is written.
const WRITER_BYTES: usize = 15_000_000;
/// Words of a query that are looked for; the rest is left out.
const MAX_WORDS: usize = 16;
/// A title says more than a description.
const TITLE_BOOST: f32 = 3.0;

#[derive(Clone, Copy)]
struct Fields {
    id: Field,
    brand: Field,
    category: Field,
    status: Field,
    title: Field,
    text: Field,
}

/// Finds products by their words. One writer at a time.
pub struct SearchIndex {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    writing: Mutex<()>,
}

impl fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SearchIndex")
    }
}

/// Changes on their way into the index; nothing is found by them before the commit.
pub(super) struct Writing<'a> {
    owner: &'a SearchIndex,
    writer: IndexWriter,
    _turn: MutexGuard<'a, ()>,
}

impl SearchIndex {
    pub(in crate::catalogue) fn new() -> Result<Self, Problem> {
        let mut schema = Schema::builder();
        let words = TextFieldIndexing::default().set_tokenizer("words").set_index_option(IndexRecordOption::WithFreqs);
        let words = TextOptions::default().set_indexing_options(words);
        let fields = Fields {
            id: schema.add_text_field("id", STRING | STORED),
            brand: schema.add_text_field("brand", STRING),
            category: schema.add_text_field("category", STRING),
            status: schema.add_text_field("status", STRING),
            title: schema.add_text_field("title", words.clone()),
            text: schema.add_text_field("text", words),
        };
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register("words", Words);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let reader = reader.map_err(Problem::internal)?;
        Ok(Self { index, reader, fields, writing: Mutex::new(()) })
    }

    pub(super) async fn begin(&self) -> Result<Writing<'_>, Problem> {
        let turn = self.writing.lock().await;
        let writer = self.index.writer_with_num_threads(1, WRITER_BYTES).map_err(Problem::internal)?;
        Ok(Writing { owner: self, writer, _turn: turn })
    }

    pub(super) fn find(&self, looking: &Looking<'_>) -> Result<Vec<ProductId>, Problem> {
        let Looking { offset, limit, .. } = *looking;
        if offset > MAX_OFFSET || limit == 0 {
            return Ok(Vec::new());
        }
        let searcher = self.reader.searcher();
        let top = TopDocs::with_limit(limit).and_offset(offset).order_by_score();
        let found = searcher.search(&self.query(looking), &top).map_err(Problem::internal)?;
        let mut ids = Vec::with_capacity(found.len());
        for (_score, address) in found {
            let document: TantivyDocument = searcher.doc(address).map_err(Problem::internal)?;
            let id = document.get_first(self.fields.id).and_then(|value| value.as_str());
            ids.extend(id.and_then(|id| id.parse::<ProductId>().ok()));
        }
        Ok(ids)
    }

    fn query(&self, looking: &Looking<'_>) -> BooleanQuery {
        let fields = self.fields;
        let mut must: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(AllQuery))];
        let (mut words, open_end) = to_find(looking.query);
        words.truncate(MAX_WORDS);
        let last = words.len().saturating_sub(1);
        for (at, word) in words.iter().enumerate() {
            let in_field = |field: Field| -> Vec<Box<dyn Query>> {
                let term = Term::from_field_text(field, word);
                let mut ways: Vec<Box<dyn Query>> =
                    vec![Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs))];
                if open_end && at == last {
                    ways.push(Box::new(FuzzyTermQuery::new_prefix(term, 0, true)));
                }
                ways
            };
            let boosted = |query: Box<dyn Query>| -> Box<dyn Query> { Box::new(BoostQuery::new(query, TITLE_BOOST)) };
            let ways = in_field(fields.title).into_iter().map(boosted).chain(in_field(fields.text));
            let any = BooleanQuery::new(ways.map(|way| (Occur::Should, way)).collect());
            must.push((Occur::Must, Box::new(any)));
        }
        let mut filter = |query: Box<dyn Query>| {
            must.push((Occur::Must, Box::new(tantivy::query::ConstScoreQuery::new(query, 0.0))));
        };
        let exactly = |field: Field, text: &str| -> Box<dyn Query> {
            Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
        };
        if let Some(status) = looking.status {
            filter(exactly(fields.status, status.as_str()));
        }
        if let Some(category) = looking.category {
            filter(exactly(fields.category, category));
        }
        if let Some(brands) = &looking.brands {
            let terms = brands.iter().map(|brand| Term::from_field_text(fields.brand, &brand.to_string()));
            filter(Box::new(TermSetQuery::new(terms)));
        }
        BooleanQuery::new(must)
    }
}

impl Writing<'_> {
    pub(super) fn put(&mut self, row: &ProductRow) -> Result<(), Problem> {
        let (fields, product) = (self.owner.fields, &row.product);
        let id = row.id.to_string();
        self.writer.delete_term(Term::from_field_text(fields.id, &id));
        let mut document = TantivyDocument::new();
        document.add_text(fields.id, id);
        document.add_text(fields.brand, product.brand_id.to_string());
        document.add_text(fields.category, &product.category);
        document.add_text(fields.status, product.status.as_str());
        for title in product.texts.title.0.values() {
            document.add_text(fields.title, title);
        }
        document.add_text(fields.text, &product.category);
        let labels = product.axes.iter().flat_map(|axis| &axis.values).map(|value| &value.label);
        for texts in [&product.texts.description, &product.texts.materials].into_iter().chain(labels) {
            for text in texts.0.values() {
                document.add_text(fields.text, text);
            }
        }
        for variant in &product.variants {
            document.add_text(fields.text, &variant.sku);
        }
        self.writer.add_document(document).map(|_| ()).map_err(Problem::internal)
    }

    /// Writes, lets the writer's threads and memory go, and shows the result to the next search.
    pub(super) async fn commit(self) -> Result<(), Problem> {
        let Writing { owner, mut writer, _turn } = self;
        let done = tokio::task::spawn_blocking(move || {
            writer.commit()?;
            writer.wait_merging_threads()
        });
        done.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
        owner.reader.reload().map_err(Problem::internal)
    }
}
