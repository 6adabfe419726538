//! The tables under `fixtures/` that say what patients have and receive.
//! Clinical facts stand there; this module only reads and checks them.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::export::random::Weighted;
use crate::export::settings::Export;
use crate::export::truth::OUT_OF_SCOPE;

/// Scenarios whose codes are of ICD-10-CM.
pub const SCENARIOS: &str = include_str!("../../fixtures/scenarios.csv");
const PRODUCTS: &str = include_str!("../../fixtures/products.csv");
const BACKGROUND: &str = include_str!("../../fixtures/background.csv");

/// What a scenario's answer hangs on besides codes and text.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// The age at the service date.
    Age,
    /// The service date.
    Date,
}

/// Why somebody receives immune globulin, and what the audit should say.
pub struct Scenario {
    /// Name, for the answers file.
    pub id: String,
    /// Youngest and oldest age; `None`: born after the service date.
    pub ages: Option<(u64, u64)>,
    /// First service date.
    pub from: NaiveDate,
    /// Last service date.
    pub until: NaiveDate,
    /// What must stay readable for the answer to hold.
    pub needs: Option<Needs>,
    /// Diagnosis lists to choose from; a list may be empty.
    pub dx: Vec<Vec<String>>,
    /// Words to choose from; words may be empty.
    pub texts: Vec<String>,
    /// Expected determination.
    pub determination: String,
    /// Expected guideline rows.
    pub rows: Vec<String>,
    /// Answers that stay open, parted by spaces.
    pub open: String,
    /// Expected flag.
    pub flag: String,
    /// What the answer rests on.
    pub certainty: String,
}

impl Scenario {
    /// Whether another, indifferent diagnosis may stand beside these without
    /// changing the answer.
    pub fn takes_comorbidity(&self) -> bool {
        self.determination != "no_diagnosis" && self.dx.iter().all(|list| !list.is_empty())
    }
}

/// A product with the reason that puts it out of scope, if one does.
pub struct Product {
    /// Index into [`OUT_OF_SCOPE`]; `None` for immune globulin by vein.
    pub out_of_scope: Option<usize>,
    /// Billing code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Modifier lists to choose from, each parted by spaces.
    pub modifiers: Vec<String>,
    /// Milligrams of one billing unit.
    pub mg_per_unit: Option<u64>,
    /// Package numbers to choose from.
    pub ndc: Vec<String>,
    /// First date of the code.
    pub from: NaiveDate,
    /// Diagnosis lists of those who receive it out of scope.
    pub dx: Vec<Vec<String>>,
}

/// All tables, ready to draw from. Numbers are places in `scenarios` and `products`.
pub struct Catalogue {
    /// All scenarios.
    pub scenarios: Vec<Scenario>,
    /// All products.
    pub products: Vec<Product>,
    /// Scenarios of the export at hand.
    pub usual: Weighted<usize>,
    /// Scenarios that stand for spoiled codes.
    pub spoiled: Weighted<usize>,
    /// Immune globulin by vein.
    pub intravenous: Weighted<usize>,
    /// Globulins that are out of scope, and unclassified products.
    pub look_alike: Weighted<usize>,
    /// Immune globulin by vein that is told by other means than a billing code of its own.
    pub other_intravenous: Weighted<usize>,
    /// Look-alikes that are told by other means.
    pub other_look_alike: Weighted<usize>,
    /// Infusion services.
    pub administration: Weighted<usize>,
    /// Procedures that have nothing to do with immune globulin.
    pub procedures: Weighted<String>,
    /// Diagnoses of the other lines.
    pub diagnoses: Weighted<String>,
    /// Diagnoses that may stand beside any others.
    pub comorbidities: Weighted<String>,
    /// Words that decide nothing.
    pub notes: Weighted<String>,
    /// Plan names without a comma.
    pub plans: Weighted<String>,
    /// Plan names with a comma.
    pub comma_plans: Weighted<String>,
}

#[derive(Deserialize)]
struct ScenarioRow {
    id: String,
    export: String,
    weight: u64,
    age: String,
    from: Option<NaiveDateText>,
    until: Option<NaiveDateText>,
    needs: Option<Needs>,
    dx: String,
    text: String,
    determination: String,
    rows: String,
    open: String,
    flag: String,
    certainty: String,
}

#[derive(Deserialize)]
struct ProductRow {
    group: String,
    code: String,
    name: String,
    modifiers: String,
    weight: u64,
    mg_per_unit: Option<u64>,
    ndc: String,
    from: Option<NaiveDateText>,
    dx: String,
}

#[derive(Deserialize)]
struct BackgroundRow {
    kind: String,
    value: String,
    weight: u64,
}

#[derive(Deserialize)]
struct NaiveDateText(String);

impl Catalogue {
    /// Reads the tables for one export.
    ///
    /// # Errors
    /// A sentence about the table that cannot be read.
    pub fn load(export: Export) -> Result<Self, String> {
        let scenario_rows: Vec<ScenarioRow> = rows("scenarios.csv", SCENARIOS)?;
        let product_rows: Vec<ProductRow> = rows("products.csv", PRODUCTS)?;
        let background: Vec<BackgroundRow> = rows("background.csv", BACKGROUND)?;
        let scenarios = |wanted: &[&str]| {
            let places = scenario_rows.iter().enumerate().filter(|(_, row)| wanted.contains(&row.export.as_str()));
            weighted("scenarios.csv", wanted[0], places.map(|(place, row)| (place, row.weight)))
        };
        let products = |wanted: &[&str]| {
            let places = product_rows.iter().enumerate().filter(|(_, row)| wanted.contains(&row.group.as_str()));
            weighted("products.csv", wanted[0], places.map(|(place, row)| (place, row.weight)))
        };
        let other_means = |export: Export, in_scope: bool| {
            let fits = |row: &ProductRow| match row.group.split_once(':') {
                Some((means, group)) => {
                    (means == "other" || means == "orders" && export == Export::Orders)
                        && (group == "intravenous") == in_scope
                }
                None => false,
            };
            let places = product_rows.iter().enumerate().filter(|(_, row)| fits(row));
            weighted("products.csv", "other", places.map(|(place, row)| (place, row.weight)))
        };
        let values = |kind: &str| {
            let of_kind = background.iter().filter(|row| row.kind == kind);
            weighted("background.csv", kind, of_kind.map(|row| (row.value.clone(), row.weight)))
        };
        Ok(Self {
            usual: scenarios(if export == Export::Orders { &["both", "orders"] } else { &["both"] })?,
            spoiled: scenarios(&["dirt"])?,
            intravenous: products(&["intravenous"])?,
            look_alike: products(&["subcutaneous", "other-globulin", "unclassified-product"])?,
            other_intravenous: other_means(export, true)?,
            other_look_alike: other_means(export, false)?,
            administration: products(&["administration"])?,
            procedures: values("procedure")?,
            diagnoses: values("diagnosis")?,
            comorbidities: values("comorbidity")?,
            notes: values("note")?,
            plans: values("plan")?,
            comma_plans: values("comma-plan")?,
            scenarios: scenario_rows.into_iter().map(scenario).collect::<Result<_, _>>()?,
            products: product_rows.into_iter().map(product).collect::<Result<_, _>>()?,
        })
    }
}

/// The scenarios of any table of that form, each with the export it is for and its weight.
///
/// # Errors
/// A sentence about the row that cannot be read.
pub fn scenarios(name: &str, table: &str) -> Result<Vec<(String, u64, Scenario)>, String> {
    let rows: Vec<ScenarioRow> = rows(name, table)?;
    rows.into_iter().map(|row| Ok((row.export.clone(), row.weight, scenario(row)?))).collect()
}

/// The rows of a table of fixtures.
///
/// # Errors
/// A sentence about the row that cannot be read.
pub fn rows<T: serde::de::DeserializeOwned>(name: &str, table: &str) -> Result<Vec<T>, String> {
    csv::Reader::from_reader(table.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("{name}: {error}"))
}

/// What to draw from, by weight.
///
/// # Errors
/// A sentence about the kind that has no row.
pub fn weighted<T>(table: &str, what: &str, pairs: impl Iterator<Item = (T, u64)>) -> Result<Weighted<T>, String> {
    Weighted::new(pairs).ok_or_else(|| format!("{table}: no row with weight for {what}"))
}

fn scenario(row: ScenarioRow) -> Result<Scenario, String> {
    let broken = |what: &str| format!("scenarios.csv: {}: {what}", row.id);
    let ages = match row.age.as_str() {
        "" => Some((19, 88)),
        "after-service" => None,
        band => {
            let (low, high) = band.split_once('-').ok_or_else(|| broken("age is LOW-HIGH"))?;
            let bound = |text: &str| text.parse().map_err(|_| broken("age is LOW-HIGH in years"));
            Some((bound(low)?, bound(high)?))
        }
    };
    Ok(Scenario {
        ages,
        from: date_or(row.from, FIRST_SERVICE)?,
        until: date_or(row.until, LAST_SERVICE)?,
        needs: row.needs,
        dx: lists(&row.dx),
        texts: row.text.split('|').map(str::to_owned).collect(),
        determination: row.determination,
        rows: row.rows.split(' ').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        open: row.open,
        flag: row.flag,
        certainty: row.certainty,
        id: row.id,
    })
}

fn product(row: ProductRow) -> Result<Product, String> {
    let out_of_scope = match row.group.split_once(':').map_or(row.group.as_str(), |(_, group)| group) {
        "intravenous" => None,
        group => Some(
            OUT_OF_SCOPE
                .iter()
                .position(|reason| *reason == group)
                .ok_or_else(|| format!("products.csv: no group {group}"))?,
        ),
    };
    Ok(Product {
        out_of_scope,
        modifiers: row.modifiers.split('|').map(str::to_owned).collect(),
        mg_per_unit: row.mg_per_unit,
        ndc: row.ndc.split('|').map(str::to_owned).collect(),
        from: date_or(row.from, FIRST_SERVICE)?,
        dx: lists(&row.dx),
        code: row.code,
        name: row.name,
    })
}

/// The codes in the tables are valid from this date ...
const FIRST_SERVICE: &str = "2024-01-01";
/// ... to this one.
const LAST_SERVICE: &str = "2025-12-31";

fn date_or(text: Option<NaiveDateText>, default: &str) -> Result<NaiveDate, String> {
    let text = text.map_or_else(|| default.to_owned(), |text| text.0);
    text.parse().map_err(|_| format!("fixtures: {text} is not a date"))
}

/// Lists of codes: `|` parts lists, a space parts codes.
pub fn lists(text: &str) -> Vec<Vec<String>> {
    text.split('|').map(|list| list.split(' ').filter(|code| !code.is_empty()).map(str::to_owned).collect()).collect()
}
