//! What is known about an export because we made it, in the words of the
//! audit's own counts. All names of the truth file stand in this module.

use serde_json::{Map, Value, json};

use crate::export::catalogue::Catalogue;
use crate::export::settings::{Export, Settings};

/// Why a record is out of scope.
pub const OUT_OF_SCOPE: [&str; 6] =
    ["not-immune-globulin", "subcutaneous", "other-globulin", "unclassified-product", "administration", "no-product"];
/// Place of the commonest reason in [`OUT_OF_SCOPE`].
pub const NOT_IMMUNE_GLOBULIN: usize = 0;
/// Place of the reason for an empty product in [`OUT_OF_SCOPE`].
pub const NO_PRODUCT: usize = 5;

/// Why a record cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rejection {
    /// More or fewer fields than the header.
    FieldCount,
    /// An open quote in a column that may not span lines.
    QuoteSpansLines,
    /// An open quote in a text column, with a whole record below it.
    SwallowedRecord,
    /// An open quote in a text column that never closes.
    UnterminatedQuote,
    /// A quoted field that goes on after its closing quote.
    MalformedQuote,
    /// The header once more.
    RepeatedHeader,
}

/// The names of [`Rejection`], in its order.
pub const REJECTED: [&str; 6] = [
    "field-count",
    "quote-spans-lines",
    "swallowed-record",
    "unterminated-quote",
    "malformed-quote",
    "repeated-header",
];

/// What becomes of a record.
#[derive(Clone, Copy)]
pub enum Disposition {
    /// Assessed; the scenario's place, thousandths of a gram, and billed, allowed and paid.
    InScope { scenario: usize, grams: Option<i64>, cents: [i64; 3] },
    /// Not ours; place in [`OUT_OF_SCOPE`].
    OutOfScope(usize),
    /// Not readable.
    Rejected(Rejection),
}

/// Running counts.
#[derive(Default)]
pub struct Tally {
    read: u64,
    scenarios: Vec<u64>,
    out_of_scope: [u64; 6],
    rejected: [u64; 6],
    blank_lines: u64,
    accepted_lines: u64,
    grams: i64,
    orders_without_grams: u64,
    cents: [i64; 3],
    dirt: std::collections::BTreeMap<&'static str, u64>,
}

impl Tally {
    /// Counts one record, the lines it takes and the blank lines before it.
    pub fn record(&mut self, disposition: Disposition, lines: u64, blank: u64, dirt: Option<&'static str>) {
        self.read += 1;
        self.blank_lines += blank;
        match disposition {
            Disposition::Rejected(why) => self.rejected[why as usize] += 1,
            Disposition::OutOfScope(why) => self.out_of_scope[why] += 1,
            Disposition::InScope { scenario, grams, cents } => {
                if self.scenarios.len() <= scenario {
                    self.scenarios.resize(scenario + 1, 0);
                }
                self.scenarios[scenario] += 1;
                self.grams += grams.unwrap_or(0);
                self.orders_without_grams += u64::from(grams.is_none());
                self.cents.iter_mut().zip(cents).for_each(|(sum, cents)| *sum += cents);
            }
        }
        if !matches!(disposition, Disposition::Rejected(_)) {
            self.accepted_lines += lines;
        }
        if let Some(kind) = dirt {
            *self.dirt.entry(kind).or_default() += 1;
        }
    }

    /// The truth file.
    pub fn truth(&self, catalogue: &Catalogue, settings: &Settings) -> Value {
        let in_scope: u64 = self.scenarios.iter().sum();
        let rejected: u64 = self.rejected.iter().sum();
        json!({
            "generated": {
                "export": if settings.export == Export::Claims { "claims" } else { "orders" },
                "records": settings.records, "seed": settings.seed, "dirt_per_mille": settings.dirt,
                "in_scope_per_mille": (settings.export == Export::Claims).then_some(settings.in_scope),
                "corrections_per_mille": (settings.corrections > 0).then_some(settings.corrections),
            },
            "records": {
                "read": self.read,
                "in_scope": in_scope,
                "out_of_scope": named(&OUT_OF_SCOPE, &self.out_of_scope),
                "rejected": named(&REJECTED, &self.rejected),
            },
            "orders": {
                "total": in_scope,
                "by_determination": self.by(catalogue, |scenario| vec![scenario.determination.as_str()]),
                "by_flag": self.by(catalogue, |scenario| vec![scenario.flag.as_str()]),
                "by_guideline_row": self.by(catalogue, |scenario| scenario.rows.iter().map(String::as_str).collect()),
            },
            "lines": {
                "physical": 1 + self.blank_lines + self.accepted_lines + rejected,
                "header": 1, "blank": self.blank_lines, "accepted": self.accepted_lines, "rejected": rejected,
            },
            "grams_thousandths": self.grams,
            "orders_without_grams": self.orders_without_grams,
            "billed_cents": self.cents[0],
            "allowed_cents": (settings.export == Export::Claims).then_some(self.cents[1]),
            "paid_cents": self.cents[2],
            "dirt": self.dirt,
        })
    }

    fn by<'c>(
        &self,
        catalogue: &'c Catalogue,
        names: impl Fn(&'c crate::export::catalogue::Scenario) -> Vec<&'c str>,
    ) -> Value {
        let mut sums = std::collections::BTreeMap::<&str, u64>::new();
        for (scenario, count) in catalogue.scenarios.iter().zip(&self.scenarios).filter(|pair| *pair.1 > 0) {
            for name in names(scenario) {
                *sums.entry(name).or_default() += count;
            }
        }
        json!(sums)
    }
}

fn named(names: &[&str], counts: &[u64]) -> Value {
    Value::Object(
        names.iter().zip(counts).map(|(name, count)| ((*name).to_owned(), json!(count))).collect::<Map<_, _>>(),
    )
}

/// One line of the answers file: what is expected of one record.
pub fn answer(catalogue: &Catalogue, number: u64, disposition: Disposition, dirt: Option<&str>) -> [String; 9] {
    let mut cells: [String; 9] = Default::default();
    cells[0] = number.to_string();
    dirt.unwrap_or_default().clone_into(&mut cells[8]);
    match disposition {
        Disposition::Rejected(why) => REJECTED[why as usize].clone_into(&mut cells[1]),
        Disposition::OutOfScope(why) => OUT_OF_SCOPE[why].clone_into(&mut cells[1]),
        Disposition::InScope { scenario, .. } => {
            let scenario = &catalogue.scenarios[scenario];
            "in-scope".clone_into(&mut cells[1]);
            scenario.id.clone_into(&mut cells[2]);
            scenario.determination.clone_into(&mut cells[3]);
            cells[4] = scenario.rows.join("|");
            cells[5] = scenario.open.replace(' ', "|");
            scenario.flag.clone_into(&mut cells[6]);
            scenario.certainty.clone_into(&mut cells[7]);
        }
    }
    cells
}

/// Header of the answers file.
pub const ANSWER_HEADER: [&str; 9] =
    ["record", "disposition", "scenario", "determination", "guideline_rows", "open", "flag", "certainty", "dirt"];
