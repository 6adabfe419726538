//! Binding: which field of a record holds which column, decided once from the header.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::layout::Layout;

/// A column that a layout can name, in the words of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the contract")]
pub enum Column {
    OrderId,
    ClaimId,
    PatientId,
    ServiceDate,
    BirthDate,
    Age,
    Sex,
    ProductCode,
    Modifier,
    Ndc,
    ProductName,
    Units,
    Dx,
    Diagnoses,
    DxVersion,
    DxPointer,
    IndicationText,
    ProviderId,
    FacilityId,
    Payer,
    PlaceOfService,
    Billed,
    Allowed,
    Paid,
    AuthNumber,
    AuthDecision,
    LineStatus,
    LineDx,
    DxName,
    DxPosition,
    BirthYear,
    BirthMonth,
    BirthDay,
    AgeYear,
    Dose,
    DoseUnit,
    BillType,
    PeriodFrom,
    PeriodTo,
}

impl Column {
    /// How many columns there are.
    const COUNT: usize = Self::PeriodTo as usize + 1;

    /// The word of the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrderId => "order_id",
            Self::ClaimId => "claim_id",
            Self::PatientId => "patient_id",
            Self::ServiceDate => "service_date",
            Self::BirthDate => "birth_date",
            Self::Age => "age",
            Self::Sex => "sex",
            Self::ProductCode => "product_code",
            Self::Modifier => "modifier",
            Self::Ndc => "ndc",
            Self::ProductName => "product_name",
            Self::Units => "units",
            Self::Dx => "dx",
            Self::Diagnoses => "diagnoses",
            Self::DxVersion => "dx_version",
            Self::DxPointer => "dx_pointer",
            Self::IndicationText => "indication_text",
            Self::ProviderId => "provider_id",
            Self::FacilityId => "facility_id",
            Self::Payer => "payer",
            Self::PlaceOfService => "place_of_service",
            Self::Billed => "billed",
            Self::Allowed => "allowed",
            Self::Paid => "paid",
            Self::AuthNumber => "auth_number",
            Self::AuthDecision => "auth_decision",
            Self::LineStatus => "line_status",
            Self::LineDx => "line_dx",
            Self::DxName => "dx_name",
            Self::DxPosition => "dx_position",
            Self::BirthYear => "birth_year",
            Self::BirthMonth => "birth_month",
            Self::BirthDay => "birth_day",
            Self::AgeYear => "age_year",
            Self::Dose => "dose",
            Self::DoseUnit => "dose_unit",
            Self::BillType => "bill_type",
            Self::PeriodFrom => "period_from",
            Self::PeriodTo => "period_to",
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A layout tied to one header.
#[derive(Debug, Clone, Default)]
pub struct Binding {
    fields: Vec<Vec<usize>>,
    /// Header names as written, by field index.
    pub header: Vec<String>,
    /// Fields that no column of the layout reads.
    pub unmapped: Vec<usize>,
}

impl Binding {
    /// The field that holds a column; the first of several.
    #[must_use]
    pub fn field(&self, column: Column) -> Option<usize> {
        self.fields(column).first().copied()
    }

    /// All fields that hold a numbered column, in its number's order.
    #[must_use]
    pub fn fields(&self, column: Column) -> &[usize] {
        self.fields.get(column as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether a record repeats the header: as it is written, or in other case, with spaces, a byte-order mark or an
    /// empty field at its end, as joined files have it.
    pub fn is_header<'f>(&self, mut fields: impl Iterator<Item = &'f [u8]>) -> bool {
        let same = |field: &[u8], name: &String| {
            std::str::from_utf8(field).is_ok_and(|field| comparable(field) == comparable(name))
        };
        let mut names = self.header.iter();
        // Nearly every record is told from the header by its first letters, without building a string.
        let begins = names
            .next()
            .zip(fields.next())
            .is_some_and(|(name, field)| first_letters(field) == first_letters(name.as_bytes()) && same(field, name));
        begins && names.all(|name| fields.next().is_some_and(|field| same(field, name))) && fields.all(<[u8]>::is_empty)
    }

    /// Columns that are bound, with the header names of their fields.
    pub fn mapped(&self) -> impl Iterator<Item = (Column, Vec<&str>)> {
        ALL.iter()
            .filter(|column| !self.fields(**column).is_empty())
            .map(|column| (*column, self.fields(*column).iter().map(|field| self.header[*field].as_str()).collect()))
    }
}

const ALL: [Column; Column::COUNT] = [
    Column::OrderId,
    Column::ClaimId,
    Column::PatientId,
    Column::ServiceDate,
    Column::BirthDate,
    Column::Age,
    Column::Sex,
    Column::ProductCode,
    Column::Modifier,
    Column::Ndc,
    Column::ProductName,
    Column::Units,
    Column::Dx,
    Column::Diagnoses,
    Column::DxVersion,
    Column::DxPointer,
    Column::IndicationText,
    Column::ProviderId,
    Column::FacilityId,
    Column::Payer,
    Column::PlaceOfService,
    Column::Billed,
    Column::Allowed,
    Column::Paid,
    Column::AuthNumber,
    Column::AuthDecision,
    Column::LineStatus,
    Column::LineDx,
    Column::DxName,
    Column::DxPosition,
    Column::BirthYear,
    Column::BirthMonth,
    Column::BirthDay,
    Column::AgeYear,
    Column::Dose,
    Column::DoseUnit,
    Column::BillType,
    Column::PeriodFrom,
    Column::PeriodTo,
];

/// The first two letters or digits, in lower case.
fn first_letters(field: &[u8]) -> [Option<u8>; 2] {
    let mut letters = field.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase);
    [letters.next(), letters.next()]
}

/// A header name as it is compared: without case, spaces, `_` or `-`.
#[must_use]
pub(super) fn comparable(name: &str) -> String {
    crate::codes::trim_cell(name)
        .chars()
        .filter(|c| !matches!(c, ' ' | '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A name with `{1..25}` as its numbered names; another name as itself.
fn expanded(name: &str) -> Vec<String> {
    let run =
        name.split_once('{').and_then(|(head, rest)| rest.split_once('}').map(|(range, tail)| (head, range, tail)));
    let bounds = run
        .and_then(|(_, range, _)| range.split_once(".."))
        .and_then(|(low, high)| Some((low.parse::<u32>().ok()?, high.parse::<u32>().ok()?)));
    match (run, bounds) {
        (Some((head, _, tail)), Some((low, high))) => {
            (low..=high).map(|number| format!("{head}{number}{tail}")).collect()
        }
        _ => vec![name.to_owned()],
    }
}

impl Layout {
    /// Ties the layout to a header. Says nothing of what is missing; see [`Layout::missing`].
    #[must_use]
    pub fn bind(&self, header: &[String]) -> Binding {
        let names: Vec<String> = header.iter().map(|name| comparable(name)).collect();
        let mut fields = vec![Vec::new(); Column::COUNT];
        for (column, aliases) in &self.columns {
            let found = aliases.accepted().iter().map(|alias| present(&names, alias)).find(|found| !found.is_empty());
            fields[*column as usize] = found.unwrap_or_default();
        }
        let unmapped = (0..header.len()).filter(|field| !fields.iter().any(|own| own.contains(field))).collect();
        Binding { fields, header: header.to_vec(), unmapped }
    }

    /// The requirements that a binding does not meet.
    #[must_use]
    pub fn missing(&self, binding: &Binding) -> Vec<&super::layout::Requirement> {
        self.requires
            .iter()
            .filter(|requirement| requirement.any_of.iter().all(|column| binding.field(*column).is_none()))
            .collect()
    }
}

/// The fields whose names an alias, or the run it stands for, gives.
fn present(names: &[String], alias: &str) -> Vec<usize> {
    expanded(alias).iter().filter_map(|name| names.iter().position(|other| *other == comparable(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_compare_without_case_spaces_and_marks() {
        for name in ["Order ID", "order-id", "ORDER_ID", "\u{feff}orderid"] {
            assert_eq!(comparable(name), "orderid", "{name}");
        }
    }

    #[test]
    fn numbered_names_expand() {
        assert_eq!(expanded("dx{1..3}"), ["dx1", "dx2", "dx3"]);
        assert_eq!(expanded("age"), ["age"]);
    }

    #[test]
    fn every_column_has_its_place() {
        for (at, column) in ALL.iter().enumerate() {
            assert_eq!(*column as usize, at, "{column}");
        }
    }
}
