//! Makes synthetic exports with known truth: nobody's data, the same bytes for
//! the same seed, and each record a function of the seed and its number alone.

use std::io::{self, Write};

pub mod catalogue;
pub mod correction;
pub mod dirt;
pub mod draft;
pub mod layout;
pub mod line;
pub mod patient;
pub mod random;
pub mod settings;
pub mod shapes;
pub mod truth;

use catalogue::Catalogue;
use dirt::Dirt;
use draft::Draft;
use layout::Layout;
use line::Line;
use random::Random;
use settings::Settings;
use truth::{Disposition, Rejection, Tally};

/// Bytes gathered before they are handed on.
const BUFFER: usize = 1 << 18;

/// One export in the making.
pub struct Exporter<'s> {
    settings: &'s Settings,
    catalogue: Catalogue,
    layout: Layout,
    line: Line,
}

impl<'s> Exporter<'s> {
    /// Reads the tables that the export is drawn from.
    ///
    /// # Errors
    /// A sentence about the table that cannot be read.
    pub fn new(settings: &'s Settings) -> Result<Self, String> {
        let catalogue = Catalogue::load(settings.export)?;
        Ok(Self { settings, catalogue, layout: Layout::of(settings.export), line: Line::default() })
    }

    /// Writes the whole export, and the answers if wanted; gives the truth.
    ///
    /// # Errors
    /// What the writers say.
    pub fn write(
        &mut self,
        out: &mut dyn Write,
        mut answers: Option<csv::Writer<std::fs::File>>,
    ) -> io::Result<serde_json::Value> {
        let mut tally = Tally::default();
        let mut buffer = Vec::with_capacity(BUFFER + 4096);
        if let Some(answers) = &mut answers {
            answers.write_record(truth::ANSWER_HEADER)?;
        }
        buffer.extend_from_slice(self.layout.header.as_bytes());
        buffer.push(b'\n');
        for number in 1..=self.settings.records {
            let (disposition, kind) = self.record(number, &mut tally, &mut buffer);
            if let Some(answers) = &mut answers {
                answers.write_record(truth::answer(&self.catalogue, number, disposition, kind))?;
            }
            if buffer.len() >= BUFFER {
                out.write_all(&buffer)?;
                buffer.clear();
            }
        }
        out.write_all(&buffer)?;
        out.flush()?;
        if let Some(mut answers) = answers {
            answers.flush()?;
        }
        Ok(tally.truth(&self.catalogue, self.settings))
    }

    /// Appends one record and counts it.
    fn record(&mut self, number: u64, tally: &mut Tally, out: &mut Vec<u8>) -> (Disposition, Option<&'static str>) {
        let mut dirt = if self.settings.dirt == 0 { None } else { self.dirt(number) };
        let spoiled = matches!(dirt, Some((Dirt::BadCode, _)));
        let mut draft = Draft::new(&self.catalogue, self.settings, number, spoiled);
        if let Some((kind, _)) = &mut dirt {
            *kind = fitting(*kind, &draft);
        }
        layout::cells(self.settings.export, &mut draft, &mut self.line);
        let closes = number > dirt::CLOSES_AFTER && self.settings.dirt > 0 && self.closes_a_quote(number);
        let mut blank = 0;
        let mut end: &[u8] = b"\n";
        match &mut dirt {
            None if !closes => self.line.write(out),
            Some((Dirt::RepeatedHeader, _)) => out.extend_from_slice(self.layout.header.as_bytes()),
            dirt => {
                let mut cells = self.line.cells();
                if let Some((kind, random)) = dirt {
                    kind.spoil(&self.layout, &mut cells, random);
                    blank = blank_lines(*kind, random, out);
                    end = if *kind == Dirt::CarriageReturn { b"\r\n" } else { end };
                }
                if closes {
                    dirt::close_quote(&self.layout, &mut cells);
                }
                line::write_cells(&cells, out);
            }
        }
        out.extend_from_slice(end);
        let disposition = match dirt.as_ref().and_then(|(kind, _)| kind.rejection()) {
            Some(Rejection::SwallowedRecord) if number == self.settings.records => {
                Disposition::Rejected(Rejection::UnterminatedQuote)
            }
            Some(why) => Disposition::Rejected(why),
            None => draft.disposition,
        };
        let kind = dirt.map(|(kind, _)| kind.name());
        tally.record(disposition, if draft.words[1] == "\n" { 2 } else { 1 }, blank, kind);
        (disposition, kind)
    }

    /// The dirt of a record, after looking at its neighbours: a quote that is
    /// left open in text needs a next line without any quote, or its reason
    /// would be a matter of taste.
    fn dirt(&self, number: u64) -> Option<(Dirt, Random)> {
        if self.follows_open_text(number) {
            return None;
        }
        match self.drawn(number)? {
            (Dirt::OpenQuoteInText, random) if self.has_quotes(number + 1) => Some((Dirt::OpenQuote, random)),
            drawn => Some(drawn),
        }
    }

    fn drawn(&self, number: u64) -> Option<(Dirt, Random)> {
        Dirt::drawn(self.settings.seed, self.settings.dirt, number)
    }

    fn follows_open_text(&self, number: u64) -> bool {
        number > 1 && matches!(self.drawn(number - 1), Some((Dirt::OpenQuoteInText, _))) && !self.has_quotes(number)
    }

    fn closes_a_quote(&self, number: u64) -> bool {
        matches!(self.drawn(number - dirt::CLOSES_AFTER), Some((Dirt::OpenThenClosed, _)))
            && !self.follows_open_text(number)
    }

    /// Whether a record has quotes before any dirt.
    fn has_quotes(&self, number: u64) -> bool {
        let (mut draft, mut line) = (Draft::new(&self.catalogue, self.settings, number, false), Line::default());
        layout::cells(self.settings.export, &mut draft, &mut line);
        line.has_quotes()
    }
}

/// Dirt that would change an answer in a way nobody wrote down gives way.
fn fitting(kind: Dirt, draft: &Draft) -> Dirt {
    match kind {
        Dirt::BadCode if draft.scenario.is_none() => Dirt::CodeSpelling,
        Dirt::UnreadableDate if draft.scenario.is_some_and(|scenario| scenario.needs.is_some()) => Dirt::OtherDateForm,
        kind => kind,
    }
}

fn blank_lines(kind: Dirt, random: &mut Random, out: &mut Vec<u8>) -> u64 {
    if kind != Dirt::BlankLines {
        return 0;
    }
    let count = 1 + random.below(2);
    (0..count).for_each(|_| {
        out.extend_from_slice(if random.per_mille(500) { b"\n" } else { b"\r\n" });
    });
    count
}
