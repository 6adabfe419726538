use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ivig_audit::table::parquet::read_columns;

use crate::command::{audit, code, json, latest, repository, stderr};

/// A shape, its layout, and its files by role.
type OfShape = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The committed shapes: name, the layout that must be recognised, the role of each file (none: the lines).
pub const SHAPES: [OfShape; 7] = [
    (
        "mimic3",
        "mimic-iii",
        &[("lines", "PRESCRIPTIONS.csv"), ("diagnoses", "DIAGNOSES_ICD.csv"), ("patients", "PATIENTS.csv")],
    ),
    (
        "mimic4",
        "mimic-iv",
        &[("lines", "prescriptions.csv"), ("diagnoses", "diagnoses_icd.csv"), ("patients", "patients.csv")],
    ),
    (
        "synpuf-carrier",
        "synpuf-carrier",
        &[("lines", "DE1_0_2008_to_2010_Carrier_Claims_Sample_1A.csv"), BENEFICIARIES],
    ),
    (
        "synpuf-inpatient",
        "synpuf-inpatient",
        &[("lines", "DE1_0_2008_to_2010_Inpatient_Claims_Sample_1.csv"), BENEFICIARIES],
    ),
    (
        "synpuf-outpatient",
        "synpuf-outpatient",
        &[("lines", "DE1_0_2008_to_2010_Outpatient_Claims_Sample_1.csv"), BENEFICIARIES],
    ),
    (
        "epic",
        "epic-orders",
        &[
            ("lines", "ORDER_MED.tsv"),
            ("diagnoses", "ORDER_DX_MED.tsv"),
            ("names", "CLARITY_EDG.tsv"),
            ("patients", "PATIENT.tsv"),
        ],
    ),
    (
        "idr",
        "cms-idr",
        &[
            ("lines", "CLM_LINE.csv"),
            ("claims", "CLM.csv"),
            ("diagnoses", "CLM_PROD.csv"),
            ("patients", "BENE_HSTRY.csv"),
            ("authorizations", "PRAUC.csv"),
        ],
    ),
];

const BENEFICIARIES: (&str, &str) = ("patients", "DE1_0_2010_Beneficiary_Summary_File_Sample_1.csv");

/// Diagnoses of an order that a run keeps.
const KEPT: usize = 32;

/// One answer or one line of a lines file, by the names of its columns.
pub type Cells = BTreeMap<String, String>;

/// A file with a header, record by record.
pub fn records(path: &Path) -> Vec<Cells> {
    let delimiter = if path.extension().is_some_and(|end| end == "tsv") { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_path(path).unwrap();
    let names = reader.headers().unwrap().clone();
    let cells = |row: Result<csv::StringRecord, csv::Error>| {
        names.iter().map(str::to_owned).zip(row.unwrap().iter().map(str::to_owned)).collect()
    };
    reader.records().map(cells).collect()
}

/// A committed shape, audited as an operator would: the files by their roles, no layout named.
pub struct Audited {
    out: tempfile::TempDir,
    pub answers: Vec<Cells>,
    pub lines: Vec<Cells>,
    pub orders: BTreeMap<(u64, u64), Cells>,
}

impl Audited {
    pub fn of(shape: &str) -> Self {
        let (_, _, files) = SHAPES.iter().find(|(name, ..)| *name == shape).unwrap();
        let folder = PathBuf::from(repository(&format!("fixtures/exports/{shape}")));
        let inputs: Vec<String> =
            files.iter().map(|(role, file)| format!("{role}={}", folder.join(file).display())).collect();
        let out = tempfile::tempdir().unwrap();
        let output = audit(&inputs.iter().map(String::as_str).collect::<Vec<_>>(), out.path(), &[]);
        assert_eq!(code(&output), 0, "{shape}: {}", stderr(&output));
        let orders = orders(&latest(out.path()).join("assessments.parquet"));
        let answers = records(&PathBuf::from(repository(&format!("fixtures/exports/{shape}.answers.csv"))));
        Self { out, answers, lines: records(&folder.join(files[0].1)), orders }
    }

    fn manifest(&self) -> serde_json::Value {
        json(&latest(self.out.path()).join("manifest.json"))
    }

    /// The line of an answer.
    pub fn line(&self, answer: &Cells) -> &Cells {
        &self.lines[usize::try_from(at(answer).0).unwrap() - 1]
    }

    /// The order of an answer, if the run has one.
    pub fn order(&self, answer: &Cells) -> Option<&Cells> {
        self.orders.get(&at(answer))
    }

    /// The answers that fit, of which there must be one at least: a test over none proves nothing.
    pub fn answers(&self, what: &str, fits: impl Fn(&Cells, &Cells) -> bool) -> Vec<&Cells> {
        let found: Vec<&Cells> = self.answers.iter().filter(|answer| fits(answer, self.line(answer))).collect();
        assert!(!found.is_empty(), "the committed export holds no {what}");
        found
    }
}

fn at(answer: &Cells) -> (u64, u64) {
    (answer["record"].parse().unwrap(), answer["slot"].parse().unwrap())
}

/// Every order of a table by record and slot.
fn orders(table: &Path) -> BTreeMap<(u64, u64), Cells> {
    let place = |row: &Cells| (row["record"].parse().unwrap(), row["slot"].parse().unwrap_or(1));
    let rows = rows(table);
    let number = rows.len();
    let orders: BTreeMap<_, _> = rows.into_iter().map(|row| (place(&row), row)).collect();
    assert_eq!(orders.len(), number, "a place stands twice");
    orders
}

/// Every order of a table as it stands there, its cells written as the answers write them.
pub fn rows(table: &Path) -> Vec<Cells> {
    const LISTS: [&str; 3] = ["diagnoses", "guideline_rows", "open"];
    const PLAIN: [&str; 11] = [
        "record",
        "slot",
        "service_date",
        "age_years",
        "determination",
        "certainty",
        "flag",
        "grams",
        "auth_number",
        "auth_decision",
        "product_system",
    ];
    let frame = read_columns(table, &[&LISTS[..], &PLAIN[..]].concat()).unwrap();
    let mut rows = vec![Cells::new(); frame.height()];
    for name in PLAIN {
        let column = frame.column(name).unwrap();
        for (at, row) in rows.iter_mut().enumerate() {
            let cell = column.get(at).unwrap();
            let text = if cell.is_null() { String::new() } else { cell.str_value().into_owned() };
            row.insert(name.to_owned(), text);
        }
    }
    for name in LISTS {
        let lists = frame.column(name).unwrap().list().unwrap();
        for (at, row) in rows.iter_mut().enumerate() {
            let list = lists.get_as_series(at).unwrap_or_default();
            let words: Vec<String> = (0..list.len()).map(|at| list.get(at).unwrap().str_value().into_owned()).collect();
            row.insert(name.to_owned(), words.join("|"));
        }
    }
    rows
}

fn sorted(list: &str) -> String {
    let mut words: Vec<&str> = list.split('|').collect();
    words.sort_unstable();
    words.join("|")
}

/// What a run says of an order where the answers say otherwise.
fn differences(answer: &Cells, order: &Cells) -> Vec<String> {
    let kept: Vec<&str> = answer["diagnoses"].split('|').take(KEPT).collect();
    let (number, decision) = answer["auth"].split_once(' ').unwrap_or_default();
    let decision = match decision {
        "A" => "approved",
        "P" => "partial",
        "N" => "denied",
        other => other,
    };
    let grams =
        answer["grams_thousandths"].parse::<u64>().ok().map(|grams| format!("{}.{:03}", grams / 1000, grams % 1000));
    let mut pairs = vec![
        ("service date", answer["service_date"].clone(), order["service_date"].clone()),
        ("age", answer["age"].clone(), order["age_years"].clone()),
        ("diagnoses", kept.join("|"), order["diagnoses"].clone()),
        ("determination", answer["determination"].clone(), order["determination"].clone()),
        ("guideline rows", sorted(&answer["guideline_rows"]), sorted(&order["guideline_rows"])),
        ("open facts", sorted(&answer["open"]), sorted(&order["open"])),
        ("certainty", answer["certainty"].clone(), order["certainty"].clone()),
        ("flag", answer["flag"].clone(), order["flag"].clone()),
        ("authorization", number.to_owned(), order["auth_number"].clone()),
        ("decision", decision.to_owned(), order["auth_decision"].clone()),
    ];
    pairs.extend(grams.map(|grams| ("grams", grams, order["grams"].clone())));
    let differs = |(name, wanted, found): (&str, String, String)| {
        (wanted != found).then(|| format!("{name} is `{found}` and not `{wanted}`"))
    };
    pairs.into_iter().filter_map(differs).collect()
}

#[test]
fn every_order_of_every_shape_is_what_the_answers_say_and_no_other_line_is_an_order() {
    let mut wrong = Vec::new();
    for (shape, ..) in SHAPES {
        let audited = Audited::of(shape);
        let mut left = audited.orders.clone();
        for answer in audited.answers.iter().filter(|answer| answer["disposition"] == "in-scope") {
            let place = at(answer);
            match left.remove(&place) {
                None => wrong.push(format!("{shape} {place:?}: no order")),
                Some(order) => wrong
                    .extend(differences(answer, &order).into_iter().map(|said| format!("{shape} {place:?}: {said}"))),
            }
        }
        wrong.extend(left.keys().map(|place| format!("{shape} {place:?}: an order that the answers do not have")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_shape_is_recognised_by_its_header_and_counts_as_the_truth_does() {
    for (shape, layout, files) in SHAPES {
        let audited = Audited::of(shape);
        let truth = json(&PathBuf::from(repository(&format!("fixtures/exports/{shape}.truth.json"))));
        let manifest = audited.manifest();
        let inputs = manifest["inputs"].as_array().unwrap();
        assert_eq!(inputs.len(), files.len(), "{shape}");
        for input in inputs {
            assert_eq!(input["layout"], layout, "{shape}: {}", input["file"]);
            let role = input["role"].as_str().unwrap_or("lines");
            assert_eq!(input["records"], truth["files"][role]["records"], "{shape}: {role}");
        }
        let (counts, records) = (&manifest["counts"], &truth["records"]);
        assert_eq!(counts["records"]["read"], records["read"], "{shape}");
        assert_eq!(counts["records"]["in_scope"], records["with_orders"], "{shape}");
        assert_eq!(counts["records"]["out_of_scope"], records["out_of_scope"], "{shape}");
        assert_eq!(counts["records"]["rejected"], serde_json::json!({}), "{shape}");
        for name in ["total", "by_determination", "by_flag"] {
            assert_eq!(counts["orders"][name], truth["orders"][name], "{shape}: {name}");
        }
        let without_age = audited.orders.values().filter(|order| order["age_years"].is_empty()).count();
        assert_eq!(truth["orders"]["without_age"], without_age, "{shape}");
        let grams = counts["sums"]["grams"].as_str().map_or(0, |grams| grams.replace('.', "").parse::<u64>().unwrap());
        if truth["grams_thousandths"] != 0 {
            assert_eq!(truth["grams_thousandths"], grams, "{shape}");
        }
        assert_eq!(manifest["reconciliation"]["holds"], true, "{shape}");
    }
}

/// A check that cannot fail proves nothing.
#[test]
fn another_answer_is_a_difference() {
    let audited = Audited::of("mimic3");
    let answer = audited.answers("order", |answer, _| answer["disposition"] == "in-scope")[0];
    let order = audited.order(answer).unwrap();
    assert_eq!(differences(answer, order), Vec::<String>::new());
    for name in ["service_date", "age", "diagnoses", "determination", "guideline_rows", "flag", "grams_thousandths"] {
        let mut other = answer.clone();
        other.insert(name.to_owned(), "7".to_owned());
        assert_eq!(differences(&other, order).len(), 1, "{name}");
    }
}
