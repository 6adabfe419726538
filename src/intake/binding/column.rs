//! The columns that a layout can name.

use std::fmt;

use serde::{Deserialize, Serialize};

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
    DxType,
    BirthYear,
    BirthMonth,
    BirthDay,
    AgeYear,
    Dose,
    DoseUnit,
    BillType,
    PeriodFrom,
    PeriodTo,
    LineDxVersion,
    Route,
}

impl Column {
    /// How many columns there are.
    pub(super) const COUNT: usize = Self::Route as usize + 1;

    /// Whether it names a product.
    #[must_use]
    pub const fn is_product(self) -> bool {
        matches!(self, Self::ProductCode | Self::Ndc | Self::ProductName)
    }

    /// Whether it holds an id on which other records are told apart.
    #[must_use]
    pub const fn is_id(self) -> bool {
        matches!(self, Self::OrderId | Self::ClaimId | Self::PatientId | Self::AuthNumber)
    }

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
            Self::DxType => "dx_type",
            Self::BirthYear => "birth_year",
            Self::BirthMonth => "birth_month",
            Self::BirthDay => "birth_day",
            Self::AgeYear => "age_year",
            Self::Dose => "dose",
            Self::DoseUnit => "dose_unit",
            Self::BillType => "bill_type",
            Self::PeriodFrom => "period_from",
            Self::PeriodTo => "period_to",
            Self::LineDxVersion => "line_dx_version",
            Self::Route => "route",
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Every column, in the order of their numbers.
pub(in crate::intake) const ALL: [Column; Column::COUNT] = [
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
    Column::DxType,
    Column::BirthYear,
    Column::BirthMonth,
    Column::BirthDay,
    Column::AgeYear,
    Column::Dose,
    Column::DoseUnit,
    Column::BillType,
    Column::PeriodFrom,
    Column::PeriodTo,
    Column::LineDxVersion,
    Column::Route,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_its_place() {
        for (at, column) in ALL.iter().enumerate() {
            assert_eq!(*column as usize, at, "{column}");
        }
    }
}
