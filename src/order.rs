//! An order: one line of an order or claim export in canonical form.

mod age;

use chrono::NaiveDate;

pub(crate) use age::completed_years;
pub use age::{Age, Years};

use crate::codes::{CodeCell, DiagnosisCode, Malformed, Modifier, Ndc, ProcedureCode, ProductSystem};

/// How many diagnoses one order may carry; more are counted and named in a warning, not read.
pub const DIAGNOSES_MAX: usize = 32;

/// One order or claim line, as the assessment sees it. Everything that an export may lack is an `Option`,
/// an empty list, or a value that says "unknown".
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// What was ordered or billed.
    pub product: ProductCodes,
    /// Day of service.
    pub service_date: Option<NaiveDate>,
    /// Age at the service date.
    pub age: Age,
    /// Diagnoses in position order, malformed cells included. At most [`DIAGNOSES_MAX`].
    pub diagnoses: Vec<Diagnosis>,
    /// The free text that says why the product was ordered. It never leaves the assessment.
    pub text: String,
    /// What intake noticed while it read the record.
    pub notices: Vec<Notice>,
    /// Whether the export's dates were moved by whoever took the names out: there is a day of service, and no date.
    pub dates_shifted: bool,
}

/// The product as the export names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductCodes {
    /// Procedure or drug code of any system.
    pub procedure: Option<ProcedureCode>,
    /// Modifiers of the line; those written behind the code come first.
    pub modifiers: Vec<Modifier>,
    /// What the National Drug Code may be: one code, or several where zeros are lost.
    pub ndc: Vec<Ndc>,
    /// The product's name, as the export writes it. It never leaves the assessment.
    pub name: String,
    /// The route by which it is given, in the export's own words.
    pub route: String,
    /// Whether a cell that should hold a code holds something else.
    pub unreadable: bool,
}

impl ProductCodes {
    /// Whether no cell held anything that is a code, or should be one.
    #[must_use]
    pub fn is_without_code(&self) -> bool {
        self.procedure.is_none() && self.ndc.is_empty() && !self.unreadable
    }

    /// Reads a product code cell; an NDC in it counts as one.
    pub fn read_code(&mut self, cell: &str) {
        self.take_code(CodeCell::parse(cell));
    }

    /// Reads a product code cell of which it is declared what its codes are; with no system named, as one that may be any.
    pub fn read_code_of(&mut self, cell: &str, systems: &[ProductSystem]) {
        self.take_code(if systems.is_empty() { CodeCell::parse(cell) } else { CodeCell::declared(cell, systems) });
    }

    fn take_code(&mut self, read: Result<CodeCell, Malformed>) {
        match read {
            Ok(read) => {
                self.procedure = read.code;
                if !read.modifiers.is_empty() {
                    self.modifiers.splice(0..0, read.modifiers);
                }
                self.ndc = read.ndc;
            }
            Err(Malformed::Empty) => {}
            Err(_) => self.unreadable = true,
        }
    }

    /// Reads an NDC cell, which goes before an NDC in the product code cell.
    pub fn read_ndc(&mut self, cell: &str) {
        match Ndc::candidates(cell) {
            Ok(readings) => self.ndc = readings,
            Err(Malformed::Empty) => {}
            Err(_) => self.unreadable = true,
        }
    }
}

/// One diagnosis of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Diagnosis {
    /// 1-based position on the record, as diagnosis pointers count.
    pub position: u8,
    /// The code, or why the cell holds none.
    pub code: Result<DiagnosisCode, Malformed>,
    /// Whether the line points at it; without pointers every diagnosis counts alike.
    pub pointed: bool,
}

/// What intake noticed: each one is a warning of the assessment, in the contract's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Notice {
    /// The service date cell holds no readable date.
    ServiceDateUnreadable,
    /// The service date lies after the day of the run.
    ServiceInFuture,
    /// The birth date cell holds no readable date.
    BirthDateUnreadable,
    /// The birth date lies after the service date, or too long before it.
    BirthDateImplausible,
    /// The age cell holds no readable or no believable age.
    AgeUnreadable,
    /// A money cell holds no readable amount.
    AmountUnreadable,
    /// The units cell holds no readable number.
    UnitsUnreadable,
    /// A modifier cell holds no modifier.
    ModifierUnreadable,
    /// A diagnosis pointer points at no diagnosis of the record.
    PointerUnreadable,
    /// The declared code version contradicts a code's shape.
    VersionConflict,
    /// The record has more diagnoses than are read.
    DiagnosesTruncated,
    /// A quote stands inside a field that does not begin with one.
    BareQuote,
    /// The text is not valid in the export's encoding; unreadable characters were replaced.
    TextEncoding,
    /// Units are below zero, as on a reversal.
    NegativeUnits,
    /// A diagnosis of a code system that is not read.
    DiagnosisSystemNotRead,
    /// The record lacks some of its last fields.
    ShortRecord,
    /// A companion file that was given holds no record for the line.
    CompanionMissing,
    /// A companion file holds records for the line that disagree.
    CompanionDisagrees,
    /// The age is masked: it is known only as at least so many years.
    AgeMasked,
    /// The age and the birth that the export gives contradict each other, so that none is taken.
    AgeDisagrees,
    /// A diagnosis cell is a number that may have lost zeros or its dot on the way through a spreadsheet.
    DiagnosisZeroLost,
    /// A provider or facility id stands in scientific notation, so that its digits are gone.
    ProviderIdUnreadable,
    /// The payer's decision is a word that the layout does not know.
    AuthDecisionUnreadable,
}

impl Notice {
    /// The word that stands in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceDateUnreadable => "service-date-unreadable",
            Self::ServiceInFuture => "service-in-future",
            Self::BirthDateUnreadable => "birth-date-unreadable",
            Self::BirthDateImplausible => "birth-date-implausible",
            Self::AgeUnreadable => "age-unreadable",
            Self::AmountUnreadable => "amount-unreadable",
            Self::UnitsUnreadable => "units-unreadable",
            Self::ModifierUnreadable => "modifier-unreadable",
            Self::PointerUnreadable => "pointer-unreadable",
            Self::VersionConflict => "diagnosis-version-conflict",
            Self::DiagnosesTruncated => "diagnoses-truncated",
            Self::BareQuote => "bare-quote",
            Self::TextEncoding => "text-encoding",
            Self::NegativeUnits => "negative-units",
            Self::DiagnosisSystemNotRead => "diagnosis-system-not-read",
            Self::ShortRecord => "short-record",
            Self::CompanionMissing => "companion-missing",
            Self::CompanionDisagrees => "companion-disagrees",
            Self::AgeMasked => "age-masked",
            Self::AgeDisagrees => "age-disagrees",
            Self::DiagnosisZeroLost => "diagnosis-zero-may-be-lost",
            Self::ProviderIdUnreadable => "provider-id-unreadable",
            Self::AuthDecisionUnreadable => "auth-decision-unreadable",
        }
    }
}
