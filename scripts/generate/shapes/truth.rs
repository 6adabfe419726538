//! What is known of an export of several files because we made it: each expected order by record and slot, and the
//! totals. All names of the truth and of the answers file stand in this module.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::export::catalogue::Scenario;
use crate::export::shapes::settings::Settings;
use crate::export::truth::OUT_OF_SCOPE;

/// The reason of a record that is no order line, such as a diluent.
pub const NOT_A_LINE: &str = "not-a-line";
/// The reason of a record without any product.
pub const NO_PRODUCT: &str = OUT_OF_SCOPE[crate::export::truth::NO_PRODUCT];
/// The reason of a record with another product.
pub const OTHER_PRODUCT: &str = OUT_OF_SCOPE[crate::export::truth::NOT_IMMUNE_GLOBULIN];

/// Reasons from the nearest to immune globulin to the farthest: a record with several lines has the first of them.
pub const NEAREST: [&str; 7] =
    ["other-globulin", "subcutaneous", "administration", "unclassified-product", OTHER_PRODUCT, NO_PRODUCT, NOT_A_LINE];

/// The truth lists single orders up to so many; the answers file lists them all.
const LISTED: usize = 500;

/// Header of the answers file.
pub const ANSWER_HEADER: [&str; 18] = [
    "record",
    "slot",
    "column",
    "disposition",
    "scenario",
    "determination",
    "guideline_rows",
    "open",
    "flag",
    "certainty",
    "service_date",
    "age",
    "coding",
    "diagnoses",
    "patient",
    "product",
    "grams_thousandths",
    "auth",
];

/// Where an order stands.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// 1-based record of the lines file.
    pub record: u64,
    /// 1-based number of the slot in its record, all groups of slots counted on; 1 where a record is one line.
    pub slot: u64,
    /// Name of the column that tells the product.
    pub column: &'a str,
}

/// What is expected of an order in scope.
pub struct Order<'a> {
    /// The scenario behind it.
    pub scenario: &'a Scenario,
    /// Service date.
    pub service: NaiveDate,
    /// Completed years, where the files tell them.
    pub age: Option<u32>,
    /// How diagnoses are written.
    pub coding: &'a str,
    /// Diagnoses in the order in which an audit lists them.
    pub diagnoses: &'a [&'a str],
    /// The patient's identifier.
    pub patient: String,
    /// What tells the product.
    pub product: &'a str,
    /// Thousandths of a gram, where the files tell them.
    pub grams: Option<u64>,
    /// Number and decision of the authorization, where there is one.
    pub auth: String,
}

/// Running counts, and the answers file.
pub struct Ledger {
    answers: Option<csv::Writer<File>>,
    listed: Vec<Value>,
    read: u64,
    orders: u64,
    with_orders: u64,
    outside: BTreeMap<&'static str, u64>,
    counts: [BTreeMap<String, u64>; 4],
    without_age: u64,
    diagnoses: u64,
    grams: u64,
    patients: u64,
    last_patient: String,
    files: Map<String, Value>,
}

impl Ledger {
    /// Opens the answers file, if one is wanted.
    ///
    /// # Errors
    /// What the file says.
    pub fn new(settings: &Settings) -> io::Result<Self> {
        let mut answers = settings.answers.as_ref().map(csv::Writer::from_path).transpose()?;
        if let Some(answers) = &mut answers {
            answers.write_record(ANSWER_HEADER)?;
        }
        Ok(Self {
            answers,
            listed: Vec::new(),
            read: 0,
            orders: 0,
            with_orders: 0,
            outside: BTreeMap::new(),
            counts: Default::default(),
            without_age: 0,
            diagnoses: 0,
            grams: 0,
            patients: 0,
            last_patient: String::new(),
            files: Map::new(),
        })
    }

    /// Counts a record: one with orders, or the reason why it has none.
    pub fn record(&mut self, outside: Option<&'static str>) {
        self.read += 1;
        match outside {
            Some(reason) => *self.outside.entry(reason).or_default() += 1,
            None => self.with_orders += 1,
        }
    }

    /// Counts an order in scope and writes its answer.
    ///
    /// # Errors
    /// What the answers file says.
    pub fn order(&mut self, place: Place, order: &Order) -> io::Result<()> {
        let scenario = order.scenario;
        self.orders += 1;
        let mut count = |at: usize, name: &str| *self.counts[at].entry(name.to_owned()).or_default() += 1;
        count(0, &scenario.determination);
        count(1, &scenario.flag);
        scenario.rows.iter().for_each(|row| count(2, row));
        count(3, order.product);
        self.without_age += u64::from(order.age.is_none());
        self.diagnoses += order.diagnoses.len() as u64;
        self.grams += order.grams.unwrap_or(0);
        if order.patient != self.last_patient {
            self.patients += 1;
            self.last_patient.clone_from(&order.patient);
        }
        let text = |number: Option<u64>| number.map_or(String::new(), |number| number.to_string());
        self.answer([
            place.record.to_string(),
            place.slot.to_string(),
            place.column.to_owned(),
            "in-scope".to_owned(),
            scenario.id.clone(),
            scenario.determination.clone(),
            scenario.rows.join("|"),
            scenario.open.replace(' ', "|"),
            scenario.flag.clone(),
            scenario.certainty.clone(),
            order.service.to_string(),
            text(order.age.map(u64::from)),
            order.coding.to_owned(),
            order.diagnoses.join("|"),
            order.patient.clone(),
            order.product.to_owned(),
            text(order.grams),
            order.auth.clone(),
        ])
    }

    /// Writes the answer of a line that resembles immune globulin by vein and is out of scope.
    ///
    /// # Errors
    /// What the answers file says.
    pub fn look_alike(&mut self, place: Place, reason: &str, product: &str) -> io::Result<()> {
        let mut cells: [String; 18] = Default::default();
        cells[0] = place.record.to_string();
        cells[1] = place.slot.to_string();
        place.column.clone_into(&mut cells[2]);
        reason.clone_into(&mut cells[3]);
        product.clone_into(&mut cells[15]);
        self.answer(cells)
    }

    fn answer(&mut self, cells: [String; 18]) -> io::Result<()> {
        if let Some(answers) = &mut self.answers {
            answers.write_record(&cells)?;
        }
        if self.listed.len() <= LISTED {
            let filled = ANSWER_HEADER.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
            let numbers = ["record", "slot", "age", "grams_thousandths"];
            let value = |(name, cell): (&&str, String)| match cell.parse::<u64>() {
                Ok(number) if numbers.contains(name) => ((*name).to_owned(), json!(number)),
                _ => ((*name).to_owned(), json!(cell)),
            };
            self.listed.push(Value::Object(filled.map(value).collect()));
        }
        Ok(())
    }

    /// Notes a file that was written.
    pub fn file(&mut self, role: &str, name: &str, records: u64) {
        self.files.insert(role.to_owned(), json!({ "name": name, "records": records }));
    }

    /// The truth.
    ///
    /// # Errors
    /// What the answers file says.
    pub fn finish(self, settings: &Settings) -> io::Result<Value> {
        if let Some(mut answers) = self.answers {
            answers.flush()?;
        }
        let [determinations, flags, rows, products] = self.counts;
        Ok(json!({
            "generated": {
                "shape": settings.shape.name(), "records": settings.records, "seed": settings.seed,
                "in_scope_per_mille": settings.in_scope,
            },
            "files": self.files,
            "records": { "read": self.read, "with_orders": self.with_orders, "out_of_scope": self.outside },
            "orders": {
                "total": self.orders, "patients": self.patients, "by_determination": determinations, "by_flag": flags,
                "by_guideline_row": rows, "by_product": products, "without_age": self.without_age,
                "diagnoses": self.diagnoses,
            },
            "grams_thousandths": self.grams,
            "expected": if self.listed.len() <= LISTED { self.listed } else { Vec::new() },
        }))
    }
}
