//! The columns of the assessments table, stated once.

use chrono::NaiveDate;

use super::decimal::{MONEY_PLACES, UNIT_PLACES};
use super::row::Row;

/// The type of a column, as the contract names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number that is never missing (u64).
    Count,
    /// A whole number (u32).
    Number,
    /// A whole number (i32).
    Whole,
    /// A civil date.
    Date,
    /// A decimal(18, places).
    Decimal {
        /// Digits after the point.
        places: u32,
    },
    /// A list of texts.
    TextList,
}

impl Kind {
    /// The type's name in the contract and the documentation.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "str",
            Self::Count => "u64",
            Self::Number => "u32",
            Self::Whole => "i32",
            Self::Date => "date",
            Self::Decimal { places: MONEY_PLACES } => "decimal(18,2)",
            Self::Decimal { .. } => "decimal(18,3)",
            Self::TextList => "list[str]",
        }
    }
}

/// The value of one column in one row. `None` is "not known".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'row> {
    /// A text.
    Text(Option<&'row str>),
    /// A count.
    Count(u64),
    /// A whole number from 0.
    Number(Option<u32>),
    /// A whole number.
    Whole(Option<i32>),
    /// A date.
    Date(Option<NaiveDate>),
    /// A decimal in its smallest units.
    Decimal(Option<i64>),
    /// A list.
    TextList(&'row [String]),
}

/// One column: its name, its type, its meaning and where a row keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The name in Parquet and in the CSV header.
    pub name: &'static str,
    /// The type.
    pub kind: Kind,
    /// One line for the documentation.
    pub doc: &'static str,
    /// Reads the column's value from a row; the cell's variant is that of `kind`.
    pub cell: for<'row> fn(&'row Row) -> Cell<'row>,
}

macro_rules! columns {
    (@kind text) => { Kind::Text };
    (@kind optional) => { Kind::Text };
    (@kind count) => { Kind::Count };
    (@kind number) => { Kind::Number };
    (@kind whole) => { Kind::Whole };
    (@kind date) => { Kind::Date };
    (@kind units) => { Kind::Decimal { places: UNIT_PLACES } };
    (@kind money) => { Kind::Decimal { places: MONEY_PLACES } };
    (@kind list) => { Kind::TextList };
    (@cell text $row:ident $field:ident) => { Cell::Text(Some(&$row.$field)) };
    (@cell optional $row:ident $field:ident) => { Cell::Text($row.$field.as_deref()) };
    (@cell count $row:ident $field:ident) => { Cell::Count($row.$field) };
    (@cell number $row:ident $field:ident) => { Cell::Number($row.$field) };
    (@cell whole $row:ident $field:ident) => { Cell::Whole($row.$field) };
    (@cell date $row:ident $field:ident) => { Cell::Date($row.$field) };
    (@cell units $row:ident $field:ident) => { Cell::Decimal($row.$field) };
    (@cell money $row:ident $field:ident) => { Cell::Decimal($row.$field) };
    (@cell list $row:ident $field:ident) => { Cell::TextList(&$row.$field) };
    ($($field:ident: $kind:ident = $doc:literal;)*) => {
        &[$(Column {
            name: stringify!($field),
            kind: columns!(@kind $kind),
            doc: $doc,
            cell: |row| columns!(@cell $kind row $field),
        }),*]
    };
}

/// Every column of the table, in the order of the contract. Additions go to the end of
/// their group; names are for ever.
pub const COLUMNS: &[Column] = columns! {
    source_file: text = "file name as given on the command line";
    record: count = "1-based record number without the header";
    slot: number = "number of the line in its record, where a record holds several; else empty";
    order_id: optional = "as in the export";
    claim_id: optional = "as in the export";
    patient_id: optional = "as in the export";
    service_date: date = "date of service; empty when unknown";
    age_years: whole = "age at the service date; empty when unknown";
    sex: optional = "as in the export";
    product_system: optional = "code system of the product code";
    product_code: optional = "product code as normalised";
    modifier: optional = "modifiers as normalised";
    product: optional = "the ruleset's name of the product";
    units: units = "billed units";
    grams: units = "grams from the code's own billing unit; empty when unknown";
    diagnoses: list = "diagnosis codes as normalised, in position order";
    indication: optional = "id of the governing indication; empty when none";
    guideline_rows: list = "ids of the guideline rows that the determination rests on";
    determination: text = "recommended, consider, insufficient_evidence, not_recommended, indeterminate, other_use, not_addressed or no_diagnosis";
    open: list = "the possible answers of an indeterminate order";
    wanting: optional = "the fact that would settle it";
    evidence_class: list = "I to IV; empty where the statement gives none";
    certainty: text = "stated, presumed or text";
    flag: text = "clear, review or flagged: a prompt for a clinician's review";
    would_change: list = "what would change a finding, most telling first";
    also_matched: list = "other guideline rows on the order that did not govern";
    reason: text = "one to four sentences for people";
    warnings: list = "what was odd about the record, as codes";
    ruleset: text = "ruleset id@version";
    provider_id: optional = "as in the export";
    facility_id: optional = "as in the export";
    payer: optional = "as in the export";
    place_of_service: optional = "as in the export";
    billed: money = "billed amount; empty when absent or unreadable";
    allowed: money = "allowed amount; empty when absent or unreadable";
    paid: money = "paid amount; empty when absent or unreadable";
    auth_number: optional = "as in the export";
    auth_decision: optional = "the payer's own decision: approved, partial, denied, pended or none";
    line_status: optional = "what became of the line, as the export says: paid, denied, duplicate, reversed, void, replacement, pended or other; empty when it says nothing";
    wasted: optional = "yes where a modifier says that the product was discarded and not given; else empty";
    first_listed: optional = "the determination if only the first listed diagnosis stood on the order; empty where it has none";
    pointed: optional = "the determination by the diagnoses that the line points at; empty where it points at none";
    other_edition: optional = "the edition that the order is compared by, id@version; empty where there is no other";
    other_edition_determination: optional = "the determination by that edition";
};

/// How many columns at the end only the table has: how far an answer rests on its reading is asked of all orders
/// together, and is no matter of one finding.
const ONLY_IN_TABLE: usize = 4;

/// The columns of `findings.csv`, in the order of the contract.
pub const FINDING_COLUMNS: &[Column] = COLUMNS.split_at(COLUMNS.len() - ONLY_IN_TABLE).0;

/// The values of `line_status`, in the order in which every report lists them. They are the payer's words: a denial is
/// the payer's own decision, and no determination of the audit depends on any of them.
pub const LINE_STATUSES: [&str; 8] =
    ["paid", "denied", "duplicate", "reversed", "void", "replacement", "pended", "other"];

/// The values of `auth_decision`, in the order in which every report lists them. They are the payer's words too.
pub const AUTH_DECISIONS: [&str; 5] = ["approved", "partial", "denied", "pended", "none"];

/// The value of `wasted` where a modifier says so.
pub const WASTED: &str = "yes";

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: &str = "source_file record slot order_id claim_id patient_id service_date age_years sex \
        product_system product_code modifier product units grams diagnoses indication guideline_rows \
        determination open wanting evidence_class certainty flag would_change also_matched reason warnings \
        ruleset provider_id facility_id payer place_of_service billed allowed paid auth_number auth_decision \
        line_status wasted";

    /// Those that stand behind them in the table.
    const VARIANTS: &str = "first_listed pointed other_edition other_edition_determination";

    #[test]
    fn the_columns_are_those_of_the_contract_in_its_order() {
        let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        let (contract, variants) = (CONTRACT.split_whitespace(), VARIANTS.split_whitespace());
        assert_eq!(names, contract.clone().chain(variants).collect::<Vec<_>>());
        assert_eq!(FINDING_COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>(), contract.collect::<Vec<_>>());
    }

    #[test]
    fn each_cell_has_the_kind_of_its_column() {
        let row = Row::default();
        for column in COLUMNS {
            let fits = matches!(
                (column.kind, (column.cell)(&row)),
                (Kind::Text, Cell::Text(_))
                    | (Kind::Count, Cell::Count(_))
                    | (Kind::Number, Cell::Number(_))
                    | (Kind::Whole, Cell::Whole(_))
                    | (Kind::Date, Cell::Date(_))
                    | (Kind::Decimal { .. }, Cell::Decimal(_))
                    | (Kind::TextList, Cell::TextList(_))
            );
            assert!(fits, "{}", column.name);
        }
    }

    #[test]
    fn money_has_two_places_and_units_three() {
        let named = |name: &str| COLUMNS.iter().find(|column| column.name == name).map(|column| column.kind.name());
        assert_eq!(named("paid"), Some("decimal(18,2)"));
        assert_eq!(named("grams"), Some("decimal(18,3)"));
    }
}
