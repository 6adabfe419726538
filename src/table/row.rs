//! One row of the assessments table.

use chrono::NaiveDate;

/// One assessed order, in the columns of the contract and in their order.
///
/// `None` and the empty list mean "not known" or "not in the export"; they are
/// stored as null and written as nothing, never as zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The file name as given on the command line.
    pub source_file: String,
    /// 1-based record number, the header not counted.
    pub record: u64,
    /// The number of the line in its record, from 1, where a record holds several.
    pub slot: Option<u32>,
    /// As in the export.
    pub order_id: Option<String>,
    /// As in the export.
    pub claim_id: Option<String>,
    /// As in the export.
    pub patient_id: Option<String>,
    /// The civil date of service.
    pub service_date: Option<NaiveDate>,
    /// Completed years at the service date.
    pub age_years: Option<i32>,
    /// As in the export.
    pub sex: Option<String>,
    /// The code system of `product_code`.
    pub product_system: Option<String>,
    /// The product code as normalised.
    pub product_code: Option<String>,
    /// The modifiers as normalised, joined by a space if there are several.
    pub modifier: Option<String>,
    /// The ruleset's name of the product.
    pub product: Option<String>,
    /// Billed units in thousandths.
    pub units: Option<i64>,
    /// Grams in thousandths, from the code's own billing unit.
    pub grams: Option<i64>,
    /// Diagnosis codes as normalised, in position order.
    pub diagnoses: Vec<String>,
    /// Id of the governing indication.
    pub indication: Option<String>,
    /// Ids of the guideline rows that the determination rests on.
    pub guideline_rows: Vec<String>,
    /// What the audit says of the order, in the contract's snake case.
    pub determination: String,
    /// The possible answers of an indeterminate order.
    pub open: Vec<String>,
    /// Id of the fact that would settle it.
    pub wanting: Option<String>,
    /// Evidence classes the statement gives, `I` to `IV`.
    pub evidence_class: Vec<String>,
    /// `stated`, `presumed` or `text`.
    pub certainty: String,
    /// `clear`, `review` or `flagged`.
    pub flag: String,
    /// What to ask for, most telling first.
    pub would_change: Vec<String>,
    /// Other guideline rows on the order that did not govern.
    pub also_matched: Vec<String>,
    /// One to four sentences for people.
    pub reason: String,
    /// Warning codes.
    pub warnings: Vec<String>,
    /// Ruleset `id@version`.
    pub ruleset: String,
    /// As in the export.
    pub provider_id: Option<String>,
    /// As in the export.
    pub facility_id: Option<String>,
    /// As in the export.
    pub payer: Option<String>,
    /// As in the export.
    pub place_of_service: Option<String>,
    /// Billed amount in cents.
    pub billed: Option<i64>,
    /// Allowed amount in cents.
    pub allowed: Option<i64>,
    /// Paid amount in cents.
    pub paid: Option<i64>,
    /// As in the export.
    pub auth_number: Option<String>,
    /// The payer's own decision, normalised.
    pub auth_decision: Option<String>,
    /// What became of the line, as the export says it, normalised.
    pub line_status: Option<String>,
    /// `yes` where a modifier says that the product was discarded and not given.
    pub wasted: Option<String>,
    /// The determination if only the first listed diagnosis stood on the order.
    pub first_listed: Option<String>,
    /// The determination by the diagnoses that the line points at.
    pub pointed: Option<String>,
    /// The edition that the order was compared by, `id@version`.
    pub other_edition: Option<String>,
    /// The determination by that edition.
    pub other_edition_determination: Option<String>,
}

impl Row {
    /// Whether a person is asked to look at this order.
    #[must_use]
    pub fn is_finding(&self) -> bool {
        self.flag != "clear"
    }
}
