//! The tables under `fixtures/exports/` that say what patients of these exports have and receive. Clinical facts stand
//! there and in `fixtures/scenarios.csv`; this module only reads them.

use serde::Deserialize;

use crate::export::catalogue::{self, Catalogue, Needs, Scenario};
use crate::export::random::Weighted;
use crate::export::settings::Export;

const SCENARIOS: &str = include_str!("../../../fixtures/exports/scenarios.csv");
const DRUGS: &str = include_str!("../../../fixtures/exports/drugs.csv");
const PRODUCTS: &str = include_str!("../../../fixtures/exports/products.csv");
const BACKGROUND: &str = include_str!("../../../fixtures/exports/background.csv");

/// How diagnoses are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Codes of ICD-9-CM.
    Icd9,
    /// Codes of ICD-10-CM.
    Icd10,
    /// Names without codes.
    Names,
}

impl Coding {
    /// Its name in the answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Icd9 => "icd9",
            Self::Icd10 => "icd10",
            Self::Names => "names",
        }
    }
}

/// A drug as a hospital writes it.
#[derive(Deserialize)]
pub struct Drug {
    /// `intravenous`, or the reason for being out of scope.
    pub group: String,
    /// What tells the product: `text`, `ndc`, or `none`.
    pub means: String,
    /// Name in the prescription.
    #[serde(rename = "drug")]
    pub name: String,
    /// Name at the order's entry.
    pub poe: String,
    /// General name.
    pub generic: String,
    /// The house's own number.
    pub formulary: String,
    /// The dictionary's number.
    pub gsn: String,
    /// Package number, or what stands for none.
    pub ndc: String,
    /// Strength of the package.
    pub strength: String,
    /// Unit of the dose.
    pub unit: String,
    /// Route.
    pub route: String,
    weight: u64,
    /// ICD-9 diagnoses of those who receive it out of scope.
    pub dx: String,
}

/// A product or procedure code of the years of ICD-9.
#[derive(Deserialize)]
pub struct Product {
    /// `intravenous`, `procedure` (by vein, told by a procedure), or the reason for being out of scope.
    pub group: String,
    /// The code.
    pub code: String,
    weight: u64,
    /// ICD-9 diagnoses of those who receive it out of scope.
    pub dx: String,
}

#[derive(Deserialize)]
struct BackgroundRow {
    kind: String,
    value: String,
    weight: u64,
}

/// Scenarios of one coding.
pub struct Scenarios {
    /// All of them.
    pub all: Vec<Scenario>,
    /// Places to draw from.
    pub usual: Weighted<usize>,
    /// Those that hold wherever the dates were moved to.
    pub timeless: Weighted<usize>,
}

/// All tables, ready to draw from.
pub struct Tables {
    icd9: Scenarios,
    icd10: Scenarios,
    names: Scenarios,
    /// Products of today's claims.
    pub catalogue: Catalogue,
    /// Drugs of hospitals; the four that follow hold places in them.
    pub drugs: Vec<Drug>,
    /// Immune globulin by vein.
    pub intravenous: Weighted<usize>,
    /// What resembles it.
    pub look_alikes: Weighted<usize>,
    /// Immune globulin by vein, told by its text.
    pub worded: Weighted<usize>,
    /// What resembles it, told by its text.
    pub worded_look_alikes: Weighted<usize>,
    /// Products of the years of ICD-9.
    pub products: Vec<Product>,
    background: Vec<(String, Weighted<String>)>,
}

impl Tables {
    /// Reads the tables.
    ///
    /// # Errors
    /// A sentence about the table that cannot be read.
    pub fn load() -> Result<Self, String> {
        let drugs: Vec<Drug> = catalogue::rows("drugs.csv", DRUGS)?;
        let by = |fits: fn(&Drug) -> bool| {
            let places = drugs.iter().enumerate().filter(|(_, drug)| fits(drug));
            catalogue::weighted("drugs.csv", "group", places.map(|(place, drug)| (place, drug.weight)))
        };
        let rows: Vec<BackgroundRow> = catalogue::rows("background.csv", BACKGROUND)?;
        let mut kinds: Vec<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
        kinds.dedup();
        let of = |kind: &str| {
            let rows = rows.iter().filter(|row| row.kind == kind);
            catalogue::weighted("background.csv", kind, rows.map(|row| (row.value.clone(), row.weight)))
                .map(|values| (kind.to_owned(), values))
        };
        Ok(Self {
            icd9: scenarios(SCENARIOS, "icd9")?,
            icd10: scenarios(catalogue::SCENARIOS, "both")?,
            names: scenarios(SCENARIOS, "names")?,
            catalogue: Catalogue::load(Export::Claims)?,
            intravenous: by(|drug| drug.group == "intravenous")?,
            look_alikes: by(|drug| drug.group != "intravenous")?,
            worded: by(|drug| drug.group == "intravenous" && drug.means == "text")?,
            worded_look_alikes: by(|drug| drug.group != "intravenous" && drug.means == "text")?,
            products: catalogue::rows("products.csv", PRODUCTS)?,
            background: kinds.iter().map(|kind| of(kind)).collect::<Result<_, _>>()?,
            drugs,
        })
    }

    /// The scenarios of a coding.
    pub fn scenarios(&self, coding: Coding) -> &Scenarios {
        match coding {
            Coding::Icd9 => &self.icd9,
            Coding::Icd10 => &self.icd10,
            Coding::Names => &self.names,
        }
    }

    /// Values of a kind that decide nothing.
    ///
    /// # Panics
    /// If there is no such kind: the kinds stand beside the calls.
    pub fn background(&self, kind: &str) -> &Weighted<String> {
        self.background
            .iter()
            .find(|(own, _)| own == kind)
            .map_or_else(|| panic!("background.csv: no {kind}"), |(_, values)| values)
    }

    /// Products of the groups that fit.
    ///
    /// # Errors
    /// A sentence about the group that has no row.
    pub fn products(&self, fits: impl Fn(&str) -> bool) -> Result<Weighted<usize>, String> {
        let places = self.products.iter().enumerate().filter(|(_, product)| fits(&product.group));
        catalogue::weighted("products.csv", "group", places.map(|(place, product)| (place, product.weight)))
    }
}

fn scenarios(table: &str, export: &str) -> Result<Scenarios, String> {
    let rows = catalogue::scenarios("scenarios.csv", table)?;
    let rows: Vec<_> = rows.into_iter().filter(|(own, _, scenario)| own == export && scenario.ages.is_some()).collect();
    let widest = |scenario: &Scenario| (scenario.until - scenario.from).num_days() > 700;
    let places = |timeless: bool| {
        let fits =
            |scenario: &Scenario| !timeless || (widest(scenario) && !matches!(scenario.needs, Some(Needs::Date)));
        let fitting = rows.iter().enumerate().filter(|(_, (_, _, scenario))| fits(scenario));
        catalogue::weighted("scenarios.csv", export, fitting.map(|(place, (_, weight, _))| (place, *weight)))
    };
    let (usual, timeless) = (places(false)?, places(true)?);
    Ok(Scenarios { all: rows.into_iter().map(|(_, _, scenario)| scenario).collect(), usual, timeless })
}
