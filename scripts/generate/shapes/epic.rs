//! Epic: medication orders, their diagnoses by a number, the diagnoses' names without any code, and patients.

use std::io;

use chrono::{Datelike as _, NaiveDate};

use crate::export::random::{Random, Stream};
use crate::export::shapes::BLOCK;
use crate::export::shapes::case::{Care, Case, Era};
use crate::export::shapes::mimic::reason;
use crate::export::shapes::settings::Settings;
use crate::export::shapes::sheet::{Form, Sheet, names};
use crate::export::shapes::tables::{Coding, Drug, Tables};
use crate::export::shapes::truth::{Ledger, OTHER_PRODUCT, Order, Place};

const FORM: Form = Form { delimiter: b'\t', end: "\n", quoted_header: false, quotes: false };

const ORDERS: &str = "ORDER_MED_ID PAT_ID PAT_ENC_CSN_ID ORDERING_DATE ORDER_INST MEDICATION_ID DESCRIPTION \
DISPLAY_NAME QUANTITY HV_DISCRETE_DOSE HV_DOSE_UNIT_C_NAME MED_ROUTE_C_NAME START_DATE AUTHRZING_PROV_ID \
ORDER_STATUS_C_NAME INDICATION_COMMENTS";
const DIAGNOSES: &str = "ORDER_MED_ID LINE PAT_ENC_DATE_REAL PAT_ENC_CSN_ID DX_ID DX_QUALIFIER_C_NAME DX_CHRONIC_YN \
COMMENTS";
const NAMES: &str = "DX_ID DX_NAME PAT_FRIENDLY_TEXT";
const PATIENTS: &str = "PAT_ID PAT_NAME BIRTH_DATE SEX_C_NAME";

/// Writes the four files.
///
/// # Errors
/// What the files say.
pub fn write(settings: &Settings, tables: &Tables, ledger: &mut Ledger) -> io::Result<()> {
    let sheet = |name: &str, columns: &str| Sheet::create(&settings.dir, name, FORM, names(columns));
    let mut orders = sheet("ORDER_MED.tsv", ORDERS)?;
    let mut diagnoses = sheet("ORDER_DX_MED.tsv", DIAGNOSES)?;
    let mut patients = sheet("PATIENT.tsv", PATIENTS)?;
    let (mut rows, mut people) = (Vec::new(), Vec::new());
    // Diagnoses are numbered as they first come up; the names file is the only one that waits for the end.
    let mut known: Vec<&str> = Vec::new();
    while orders.rows < settings.records {
        let number = orders.rows;
        let mut case = Case::new(tables, settings, Coding::Names, Era::Now, number);
        let drug = match case.care {
            Care::Immune(_) => Some(&tables.drugs[*tables.worded.draw(&mut case.own)]),
            Care::LookAlike => Some(&tables.drugs[*tables.worded_look_alikes.draw(&mut case.own)]),
            Care::Other => None,
        };
        let telling = case.telling();
        let listed = case.diagnoses(tables, &telling, 5);
        for (line, name) in (1..).zip(&listed) {
            let at = known.iter().position(|own| own == name).unwrap_or_else(|| {
                known.push(name);
                known.len() - 1
            });
            diagnoses.push(order_id(number)).push(line).push(real_date(case.service)).push(contact(number));
            diagnoses.push(dx_id(at)).push("").push(if line == 1 { "N" } else { "" }).push("");
            rows.push(diagnoses.take(0));
        }
        if case.is_first() && case.on_file {
            let name = format!("TEST{:05},PATIENT", case.patient);
            let birth = clock_date(case.birth, 12);
            patients.push(patient_id(case.patient)).push(name).push(birth);
            patients.push(if case.female { "Female" } else { "Male" });
            people.push(patients.take(0));
        }
        order(&mut orders, tables, &mut case, drug, ledger)?;
        if (number + 1).is_multiple_of(BLOCK) || orders.rows == settings.records {
            Random::at(settings.seed, Stream::Record, number).shuffle(&mut rows);
            for row in rows.drain(..) {
                diagnoses.put(&row)?;
            }
            people.reverse();
            for row in people.drain(..) {
                patients.put(&row)?;
            }
        }
    }
    let mut titles = sheet("CLARITY_EDG.tsv", NAMES)?;
    for (at, name) in known.iter().enumerate().rev() {
        titles.push(dx_id(at)).push(name).push("").end()?;
    }
    ledger.file("lines", "ORDER_MED.tsv", orders.finish()?);
    ledger.file("diagnoses", "ORDER_DX_MED.tsv", diagnoses.finish()?);
    ledger.file("names", "CLARITY_EDG.tsv", titles.finish()?);
    ledger.file("patients", "PATIENT.tsv", patients.finish()?);
    Ok(())
}

fn order(
    sheet: &mut Sheet,
    tables: &Tables,
    case: &mut Case,
    drug: Option<&Drug>,
    ledger: &mut Ledger,
) -> io::Result<()> {
    let other: Vec<&str> = tables.background("drug").draw(&mut case.own).split('|').collect();
    let (name, unit, route) = match drug {
        Some(drug) => (drug.name.as_str(), drug.unit.as_str(), drug.route.as_str()),
        None => (other[0], other[4], other[5]),
    };
    let grams = 20 + 5 * case.own.below(11);
    let milligrams = unit == "mg" && drug.is_some();
    let dose = if milligrams { grams * 1000 } else { grams };
    let in_grams = drug.is_some() && ["g", "gm", "mg"].contains(&unit);
    let ordered = clock_date(case.service, 12);
    let moment = clock_date(case.service, 8 + case.own.below(4));
    sheet.push(order_id(case.number)).push(patient_id(case.patient)).push(contact(case.number)).push(&ordered);
    sheet.push(moment).push(drug_id(name)).push(name.to_uppercase()).push(name).push("1 each").push(dose).push(unit);
    sheet.push(route).push(&ordered).push(format!("E{:04}", case.patient * 31 % 900));
    sheet.push(if case.own.per_mille(900) { "Completed" } else { "Sent" }).push("");
    let place = Place { record: sheet.end()?, slot: 1, column: "DISPLAY_NAME" };
    match (case.care, drug) {
        (Care::Immune(scenario), Some(drug)) => {
            ledger.record(None);
            let order = Order {
                scenario,
                service: case.service,
                age: case.age(),
                coding: "names",
                diagnoses: &[],
                patient: patient_id(case.patient),
                product: &drug.means,
                grams: in_grams.then_some(grams * 1000),
                auth: String::new(),
            };
            ledger.order(place, &order)
        }
        (_, Some(drug)) => {
            ledger.record(Some(reason(drug)));
            ledger.look_alike(place, reason(drug), &drug.name)
        }
        _ => {
            ledger.record(Some(OTHER_PRODUCT));
            Ok(())
        }
    }
}

/// `7/1/2024 12:00:00 AM`: twelve at night stands for a day without a time.
fn clock_date(day: NaiveDate, hour: u64) -> String {
    format!("{}/{}/{} {hour}:00:00 AM", day.month(), day.day(), day.year())
}

fn real_date(day: NaiveDate) -> String {
    format!("{}.00", day.num_days_from_ce() - 672_046)
}

fn order_id(number: u64) -> u64 {
    700_000_000 + number * 3
}

fn contact(number: u64) -> u64 {
    720_000_000 + number / 2
}

fn patient_id(patient: u64) -> String {
    format!("Z{:07}", patient + 1)
}

fn dx_id(at: usize) -> usize {
    138 + at * 260
}

fn drug_id(name: &str) -> u64 {
    name.bytes().fold(7, |sum, byte| (sum * 31 + u64::from(byte)) % 90_000) + 10_000
}
