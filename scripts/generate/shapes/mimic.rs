//! MIMIC-III and MIMIC-IV: prescriptions, the diagnoses of an admission and the patients, dates moved into the 2100s.

use std::io;

use chrono::{Datelike as _, Days};

use crate::export::random::{Random, Stream};
use crate::export::shapes::BLOCK;
use crate::export::shapes::case::{Care, Case, Era, one_list, undotted};
use crate::export::shapes::settings::Settings;
use crate::export::shapes::sheet::{Form, Sheet, names};
use crate::export::shapes::tables::{Coding, Drug, Tables};
use crate::export::shapes::truth::{Ledger, NO_PRODUCT, NOT_A_LINE, OTHER_PRODUCT, Order, Place};

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// ICD-9-CM in a column that says so, birth dates.
    Three,
    /// Both versions with a version column, an age in a year.
    Four,
}

/// Most diagnoses of an admission.
const MOST_DIAGNOSES: usize = 39;

const FORM: Form = Form { delimiter: b',', end: "\n", quoted_header: false, quotes: true };

const PRESCRIPTIONS_3: &str = "row_id subject_id hadm_id icustay_id startdate enddate drug_type drug drug_name_poe \
drug_name_generic formulary_drug_cd gsn ndc prod_strength dose_val_rx dose_unit_rx form_val_disp form_unit_disp route";
const DIAGNOSES_3: &str = "row_id subject_id hadm_id seq_num icd9_code";
const PATIENTS_3: &str = "row_id subject_id gender dob dod dod_hosp dod_ssn expire_flag";
const PRESCRIPTIONS_4: &str = "subject_id hadm_id pharmacy_id poe_id poe_seq order_provider_id starttime stoptime \
drug_type drug formulary_drug_cd gsn ndc prod_strength form_rx dose_val_rx dose_unit_rx form_val_disp form_unit_disp \
doses_per_24_hrs route";
const DIAGNOSES_4: &str = "subject_id hadm_id seq_num icd_code icd_version";
const PATIENTS_4: &str = "subject_id gender anchor_age anchor_year anchor_year_group dod";

/// One prescription of an admission.
enum Line<'t> {
    Product(&'t Drug),
    Beside(&'t str),
    Other(&'t str),
}

/// What is known of an admission.
struct Known<'a> {
    dx: &'a [&'a str],
    age: Option<u32>,
}

struct Files {
    edition: Edition,
    lines: Sheet,
    diagnoses: Sheet,
    patients: Sheet,
}

/// Writes the three files.
///
/// # Errors
/// What the files say.
pub fn write(settings: &Settings, tables: &Tables, edition: Edition, ledger: &mut Ledger) -> io::Result<()> {
    let (file_names, columns) = match edition {
        Edition::Three => {
            (["PRESCRIPTIONS.csv", "DIAGNOSES_ICD.csv", "PATIENTS.csv"], [PRESCRIPTIONS_3, DIAGNOSES_3, PATIENTS_3])
        }
        Edition::Four => {
            (["prescriptions.csv", "diagnoses_icd.csv", "patients.csv"], [PRESCRIPTIONS_4, DIAGNOSES_4, PATIENTS_4])
        }
    };
    let sheet = |at: usize| Sheet::create(&settings.dir, file_names[at], FORM, names(columns[at]));
    let mut files = Files { edition, lines: sheet(0)?, diagnoses: sheet(1)?, patients: sheet(2)? };
    let (mut codes, mut people) = (Vec::new(), Vec::new());
    let mut number = 0;
    while files.lines.rows < settings.records {
        let mut case = Case::new(tables, settings, coding(settings, edition, number), Era::Shifted, number);
        let age = age(edition, &case);
        let drug = drug(tables, &mut case);
        if drug.is_some_and(|drug| drug.group != "intravenous") && case.coding == Coding::Icd10 {
            case.coding = Coding::Icd9;
        }
        let telling = match (case.care, drug) {
            (Care::LookAlike, Some(drug)) => one_list(&drug.dx, &mut case.own),
            _ => case.telling(),
        };
        let dx = case.diagnoses(tables, &telling, MOST_DIAGNOSES);
        diagnosis_rows(&mut files, &case, &dx, &mut codes);
        if case.is_first() && case.on_file {
            people.push(patient_row(&mut files, &mut case));
        }
        for line in lines(tables, &mut case, drug) {
            if files.lines.rows < settings.records {
                line_row(&mut files, tables, &mut case, &line, &Known { dx: &dx, age }, ledger)?;
            }
        }
        number += 1;
        if number.is_multiple_of(BLOCK) || files.lines.rows == settings.records {
            Random::at(settings.seed, Stream::Record, number).shuffle(&mut codes);
            people.reverse();
            for code in codes.drain(..) {
                put_numbered(&mut files.diagnoses, edition, &code)?;
            }
            for person in people.drain(..) {
                put_numbered(&mut files.patients, edition, &person)?;
            }
        }
    }
    for (role, name, sheet) in [
        ("lines", file_names[0], files.lines),
        ("diagnoses", file_names[1], files.diagnoses),
        ("patients", file_names[2], files.patients),
    ] {
        ledger.file(role, name, sheet.finish()?);
    }
    Ok(())
}

/// A patient's admissions are coded in one version.
fn coding(settings: &Settings, edition: Edition, number: u64) -> Coding {
    let mut random = Random::at(settings.seed ^ 4, Stream::Patient, number / 2);
    if edition == Edition::Four && random.per_mille(550) { Coding::Icd10 } else { Coding::Icd9 }
}

/// Completed years. MIMIC-IV knows an age in an anchor year alone, which is good to a year at most, so its orders have none.
fn age(edition: Edition, case: &Case) -> Option<u32> {
    case.age().filter(|_| edition == Edition::Three)
}

fn drug<'t>(tables: &'t Tables, case: &mut Case<'t>) -> Option<&'t Drug> {
    match case.care {
        Care::Immune(_) => Some(&tables.drugs[*tables.intravenous.draw(&mut case.own)]),
        Care::LookAlike => Some(&tables.drugs[*tables.look_alikes.draw(&mut case.own)]),
        Care::Other => None,
    }
}

/// Prescriptions in no particular order; some doses of the product have the bag that they are dissolved in beside them.
fn lines<'t>(tables: &'t Tables, case: &mut Case<'t>, drug: Option<&'t Drug>) -> Vec<Line<'t>> {
    let mut lines = Vec::new();
    for _ in 0..4 + case.own.below(9) {
        let beside = case.own.per_mille(120);
        let kind = if beside { "base" } else { "drug" };
        let value = tables.background(kind).draw(&mut case.own);
        lines.push(if beside { Line::Beside(value) } else { Line::Other(value) });
    }
    if let Some(drug) = drug {
        for _ in 0..=case.own.below(3) {
            let at = usize::try_from(case.own.below(lines.len() as u64 + 1)).unwrap_or(0);
            lines.insert(at, Line::Product(drug));
            if case.own.per_mille(600) {
                lines.insert(at, Line::Beside(tables.background("base").draw(&mut case.own)));
            }
        }
    }
    lines
}

/// A prescription's cells, as far as they are drawn.
struct Written<'t> {
    kind: &'static str,
    /// Drug, name at entry, general name, the house's number, the dictionary's, NDC, strength, unit, route.
    texts: [&'t str; 9],
    dose: String,
    grams: u64,
    shown: &'t str,
}

fn written<'t>(tables: &'t Tables, case: &mut Case, line: &Line<'t>) -> Written<'t> {
    let number = tables.background("number").draw(&mut case.own).as_str();
    let alike = case.own.per_mille(30);
    let kind = match line {
        Line::Beside(_) if case.own.per_mille(150) => "ADDITIVE",
        Line::Beside(_) => "BASE",
        _ => "MAIN",
    };
    let grams = 20 + 5 * case.own.below(11);
    let shown = if case.own.per_mille(30) { number } else { "1" };
    let (texts, dose) = match line {
        Line::Product(drug) => {
            let dose = match drug.unit.as_str() {
                "mg" => thousands(grams * 1000),
                "UNIT" => thousands(grams * 100),
                _ => grams.to_string(),
            };
            let names = [&drug.name, &drug.poe, &drug.generic, &drug.formulary, &drug.gsn, &drug.ndc];
            let [name, poe, generic, formulary, gsn, ndc] = names.map(String::as_str);
            ([name, poe, generic, formulary, gsn, ndc, &drug.strength, &drug.unit, &drug.route], dose)
        }
        Line::Beside(value) | Line::Other(value) => {
            let parts: Vec<&str> = value.split('|').collect();
            let part = |at: usize| parts.get(at).copied().unwrap_or_default();
            let gsn = if alike { number } else { "" };
            let dose = match case.own.below(1000) {
                _ if alike => number.to_owned(),
                0..30 => "25-50".to_owned(),
                draw => thousands(250 * (1 + draw % 48)),
            };
            ([part(0), part(0), "", part(1), gsn, part(2), part(3), part(4), part(5)], dose)
        }
    };
    Written { kind, texts, dose, grams, shown }
}

fn line_row(
    files: &mut Files,
    tables: &Tables,
    case: &mut Case,
    line: &Line,
    known: &Known,
    ledger: &mut Ledger,
) -> io::Result<()> {
    let Written { kind, texts, dose, grams, shown } = written(tables, case, line);
    let [drug, poe, generic, formulary, gsn, ndc, strength, unit, route] = texts;
    let start = format!("{} 00:00:00", case.service);
    let end = format!("{} 00:00:00", case.service + Days::new(case.own.below(3)));
    let (subject, admission) = (subject(files.edition, case.patient), admission(files.edition, case.number));
    let sheet = &mut files.lines;
    let row = sheet.rows + 1;
    match files.edition {
        Edition::Three => {
            let ward = if case.own.per_mille(600) { (200_000 + case.number).to_string() } else { String::new() };
            sheet.push(row).push(subject).push(admission).push(ward).push(start).push(end).push(kind).push(drug);
            sheet.push(poe).push(generic).push(formulary).push(gsn).push(ndc).push(strength).push(dose).push(unit);
            sheet.push(shown).push("VIAL").push(route);
        }
        Edition::Four => {
            sheet.push(subject).push(admission).push(10_000_000 + row).push(format!("{subject}-{row}")).push(row);
            sheet.push(format!("P{:05}", case.number % 900)).push(start).push(end).push(kind).push(drug);
            sheet.push(formulary).push(gsn).push(ndc).push(strength).push("").push(dose).push(unit).push(shown);
            sheet.push("VIAL").push("1").push(route);
        }
    }
    let record = sheet.end()?;
    count(case, line, known, (record, subject, grams), ledger)
}

fn count(
    case: &Case,
    line: &Line,
    known: &Known,
    (record, subject, grams): (u64, u64, u64),
    ledger: &mut Ledger,
) -> io::Result<()> {
    let place = |column| Place { record, slot: 1, column };
    match (line, case.care) {
        (Line::Product(product), Care::Immune(scenario)) => {
            ledger.record(None);
            let order = Order {
                scenario,
                service: case.service,
                age: known.age,
                coding: case.coding.name(),
                diagnoses: known.dx,
                patient: subject.to_string(),
                product: &product.means,
                grams: Some(grams * 1000),
                auth: String::new(),
            };
            ledger.order(place(if product.means == "ndc" { "ndc" } else { "drug" }), &order)
        }
        (Line::Product(product), _) => {
            let reason = reason(product);
            ledger.record(Some(reason));
            let shown = if product.name.is_empty() { &product.means } else { &product.name };
            ledger.look_alike(place("drug"), reason, shown)
        }
        (Line::Beside(value), _) => {
            ledger.record(Some(NOT_A_LINE));
            let name = value.split('|').next().unwrap_or_default();
            if name.to_lowercase().contains("dilu") {
                ledger.look_alike(place("drug"), NOT_A_LINE, name)?;
            }
            Ok(())
        }
        (Line::Other(_), _) => {
            ledger.record(Some(OTHER_PRODUCT));
            Ok(())
        }
    }
}

/// Why a drug is out of scope.
pub fn reason(drug: &Drug) -> &'static str {
    let known = ["other-globulin", "subcutaneous", OTHER_PRODUCT, NO_PRODUCT];
    known.into_iter().find(|reason| *reason == drug.group).unwrap_or(OTHER_PRODUCT)
}

fn diagnosis_rows(files: &mut Files, case: &Case, dx: &[&str], rows: &mut Vec<Vec<u8>>) {
    let sheet = &mut files.diagnoses;
    for (position, code) in (1..).zip(dx) {
        if files.edition == Edition::Three {
            sheet.push("");
        }
        sheet.push(subject(files.edition, case.patient)).push(admission(files.edition, case.number));
        sheet.push(position).push(undotted(code));
        if files.edition == Edition::Four {
            sheet.push(if case.coding == Coding::Icd10 { 10 } else { 9 });
        }
        rows.push(sheet.take(0));
    }
}

/// Ages over 89 stand as about 300 years in the one, and as 91 in the other.
fn patient_row(files: &mut Files, case: &mut Case) -> Vec<u8> {
    let sheet = &mut files.patients;
    let gender = if case.female { "F" } else { "M" };
    match files.edition {
        Edition::Three => {
            let birth = if case.masked { case.service - Days::new(109_575) } else { case.birth };
            let death = if case.own.per_mille(100) {
                format!("{} 00:00:00", case.service + Days::new(400))
            } else {
                String::new()
            };
            let died = u8::from(!death.is_empty());
            sheet.push("").push(subject(Edition::Three, case.patient)).push(gender).push(format!("{birth} 00:00:00"));
            sheet.push(&death).push("").push(&death).push(died);
        }
        Edition::Four => {
            // The anchor year is the year of the first admission.
            let age = if case.masked { 91 } else { case.service.years_since(case.birth).unwrap_or(0) };
            sheet.push(subject(Edition::Four, case.patient)).push(gender).push(age).push(case.service.year());
            sheet.push("2008 - 2010").push("");
        }
    }
    sheet.take(0)
}

/// MIMIC-III numbers the rows of every table, in the order of the file.
fn put_numbered(sheet: &mut Sheet, edition: Edition, row: &[u8]) -> io::Result<u64> {
    if edition == Edition::Four {
        return sheet.put(row);
    }
    let numbered = [(sheet.rows + 1).to_string().as_bytes(), row].concat();
    sheet.put(&numbered)
}

fn subject(edition: Edition, patient: u64) -> u64 {
    (if edition == Edition::Three { 10_000 } else { 10_000_000 }) + patient * 3
}

fn admission(edition: Edition, case: u64) -> u64 {
    (if edition == Edition::Three { 100_000 } else { 20_000_000 }) + case * 7
}

/// `12500` as `12,500`.
fn thousands(number: u64) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}
