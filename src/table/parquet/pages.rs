//! The columns of one row group as pages: what the rows hold in the encodings of Parquet, compressed.
//!
//! Texts that repeat are stored once in a dictionary page. Numbers are stored plain, with their least and their greatest;
//! of texts nobody asks for these. A page is about a mebibyte at most, but for the last text in it.

use polars_parquet::parquet::CowBuffer;
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::encoding::Encoding;
use polars_parquet::parquet::metadata::Descriptor;
use polars_parquet::parquet::page::{CompressedDataPage, CompressedDictPage, DataPageHeader, DataPageHeaderV1};
use polars_parquet::parquet::statistics::ParquetStatistics;
use polars_parquet::write::CompressedPage;
use zstd::bulk::Compressor;

use super::distinct::Distinct;
use super::{DECIMAL_DIGITS, TableError, days_since_1970, runs};
use crate::table::columns::{Texts, Values};

/// So many bytes of texts end a page.
const PAGE_SIZE: usize = 1 << 20;

/// How deep a cell of a list is filled: an empty list, and an item. No list and no item is unknown.
const EMPTY_LIST: u8 = 1;
const ITEM: u8 = 3;

/// Makes the pages of one column.
pub(super) struct Pages<'a> {
    /// The column's name, for errors.
    pub column: &'static str,
    pub descriptor: &'a Descriptor,
    pub compressor: &'a mut Compressor<'static>,
    pub pages: Vec<CompressedPage>,
}

/// One data page before it is compressed.
#[derive(Default)]
struct Page {
    rows: usize,
    /// For every value whether it goes on with the list before it; nothing but in lists.
    repetitions: Vec<u8>,
    /// For every value how much of it is known.
    definitions: Vec<u8>,
    values: Vec<u8>,
    statistics: Option<ParquetStatistics>,
}

impl Pages<'_> {
    /// Adds all values of the column.
    pub fn add(&mut self, values: &Values) -> Result<(), TableError> {
        match values {
            Values::Text(texts) => self.texts(texts),
            Values::TextList { ends, items } => self.lists(ends, items),
            Values::Count(counts) => self.numbers(counts.iter().map(|count| Some(*count)), u64::to_le_bytes),
            Values::Number(numbers) => self.numbers(numbers.iter().copied(), u32::to_le_bytes),
            Values::Whole(numbers) => self.numbers(numbers.iter().copied(), i32::to_le_bytes),
            Values::Date(dates) => self.numbers(dates.iter().map(|date| date.map(days_since_1970)), i32::to_le_bytes),
            Values::Decimal(numbers) => {
                let beyond = |number: &i64| number.unsigned_abs() >= 10_u64.pow(DECIMAL_DIGITS as u32);
                if numbers.iter().flatten().any(beyond) {
                    return Err(TableError::DecimalOverflow { column: self.column });
                }
                self.numbers(numbers.iter().copied(), i64::to_le_bytes)
            }
        }
    }

    fn numbers<N: Copy + Ord, const SIZE: usize>(
        &mut self,
        numbers: impl ExactSizeIterator<Item = Option<N>>,
        bytes: impl Fn(N) -> [u8; SIZE],
    ) -> Result<(), TableError> {
        let mut page = Page { rows: numbers.len(), ..Page::default() };
        page.definitions.reserve(page.rows);
        page.values.reserve(page.rows * SIZE);
        let mut span: Option<(N, N)> = None;
        for number in numbers {
            page.definitions.push(u8::from(number.is_some()));
            if let Some(number) = number {
                page.values.extend_from_slice(&bytes(number));
                span = Some(span.map_or((number, number), |(least, most)| (least.min(number), most.max(number))));
            }
        }
        page.statistics = Some(ParquetStatistics {
            null_count: Some((page.rows - page.values.len() / SIZE) as i64),
            min_value: span.map(|(least, _)| bytes(least).into()),
            max_value: span.map(|(_, most)| bytes(most).into()),
            max: None,
            min: None,
            distinct_count: None,
            is_max_value_exact: None,
            is_min_value_exact: None,
        });
        self.data(page, Encoding::Plain)
    }

    fn texts(&mut self, texts: &Texts) -> Result<(), TableError> {
        let cells = || texts.iter(0..texts.len());
        let mut page = Page::default();
        if let Some(distinct) = self.dictionary(cells().flatten())? {
            page.definitions.extend(cells().map(|cell| u8::from(cell.is_some())));
            (page.rows, page.values) = (texts.len(), distinct);
            return self.data(page, Encoding::RleDictionary);
        }
        for cell in cells() {
            page.rows += 1;
            page.definitions.push(u8::from(cell.is_some()));
            cell.into_iter().for_each(|text| plain(&mut page.values, text));
            if page.values.len() >= PAGE_SIZE {
                self.data(std::mem::take(&mut page), Encoding::Plain)?;
            }
        }
        self.last(page)
    }

    fn lists(&mut self, ends: &[usize], items: &Texts) -> Result<(), TableError> {
        let mut page = Page::default();
        if let Some(distinct) = self.dictionary(items.iter(0..items.len()).flatten())? {
            let mut from = 0;
            for end in ends {
                page.list(end - from);
                from = *end;
            }
            page.values = distinct;
            return self.data(page, Encoding::RleDictionary);
        }
        let mut from = 0;
        for end in ends {
            page.list(end - from);
            items.iter(from..*end).flatten().for_each(|text| plain(&mut page.values, text));
            from = *end;
            if page.values.len() >= PAGE_SIZE {
                self.data(std::mem::take(&mut page), Encoding::Plain)?;
            }
        }
        self.last(page)
    }

    /// Adds a dictionary page if one pays, and gives the values of the data page behind it.
    fn dictionary<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> Result<Option<Vec<u8>>, TableError> {
        let Some(distinct) = Distinct::of(texts).filter(|distinct| !distinct.texts.is_empty()) else { return Ok(None) };
        let mut raw = Vec::new();
        distinct.texts.iter().for_each(|text| plain(&mut raw, text));
        let (compressed, count) = (self.compressed(&raw)?, distinct.texts.len());
        let page = CompressedDictPage::new(CowBuffer::Owned(compressed), Compression::Zstd, raw.len(), count, false);
        self.pages.push(CompressedPage::Dict(page));
        let width = runs::width((count - 1) as u32);
        let mut values = vec![width as u8];
        runs::write(&mut values, &distinct.numbers, width);
        Ok(Some(values))
    }

    /// Adds a page if it has rows or is the only one.
    fn last(&mut self, page: Page) -> Result<(), TableError> {
        if page.rows > 0 || self.pages.is_empty() { self.data(page, Encoding::Plain) } else { Ok(()) }
    }

    fn data(&mut self, page: Page, encoding: Encoding) -> Result<(), TableError> {
        let mut raw = Vec::with_capacity(page.values.len() + page.definitions.len());
        let levels =
            [(page.repetitions, self.descriptor.max_rep_level), (page.definitions, self.descriptor.max_def_level)];
        let count = levels[1].0.len();
        for (levels, most) in levels.iter().filter(|(_, most)| *most > 0) {
            raw.extend_from_slice(&[0; 4]);
            let from = raw.len();
            runs::write(&mut raw, levels, runs::width((*most).unsigned_abs().into()));
            let size = ((raw.len() - from) as u32).to_le_bytes();
            raw[from - 4..from].copy_from_slice(&size);
        }
        raw.extend_from_slice(&page.values);
        let header = DataPageHeader::V1(DataPageHeaderV1 {
            num_values: count as i32,
            encoding: encoding.into(),
            definition_level_encoding: Encoding::Rle.into(),
            repetition_level_encoding: Encoding::Rle.into(),
            statistics: page.statistics,
        });
        let compressed = CowBuffer::Owned(self.compressed(&raw)?);
        let descriptor = self.descriptor.clone();
        let data = CompressedDataPage::new(header, compressed, Compression::Zstd, raw.len(), descriptor, page.rows);
        self.pages.push(CompressedPage::Data(data));
        Ok(())
    }

    fn compressed(&mut self, raw: &[u8]) -> Result<Vec<u8>, TableError> {
        self.compressor.compress(raw).map_err(|error| TableError::engine("written")(error.into()))
    }
}

impl Page {
    /// Adds the levels of a list of so many items.
    fn list(&mut self, items: usize) {
        self.rows += 1;
        self.repetitions.push(0);
        self.definitions.push(if items == 0 { EMPTY_LIST } else { ITEM });
        for _ in 1..items {
            self.repetitions.push(1);
            self.definitions.push(ITEM);
        }
    }
}

/// Adds a text behind its length.
fn plain(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}
