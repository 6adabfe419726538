//! Generated exports of several files, joined here by hand into one flat export that the generic layout reads: what the
//! generator expects of each order and each look-alike, the heart says. Whether the program's own joins bring the same
//! together is another question, which `scripts/check_join.py` asks of a run.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::Path;

use ivig_audit::intake::Layout;
use ivig_audit::rules::Rulebook;
use ivig_audit::scan::{Batch, Export, Pace};
use ivig_audit::table::Row;

use crate::export::shapes;
use crate::export::shapes::settings::{Settings, Shape};

type Cells = BTreeMap<String, String>;

fn rows(path: &Path, delimiter: u8) -> Vec<Cells> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_path(path).expect("a file");
    let names = reader.headers().expect("a header").clone();
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        names.iter().map(str::to_owned).zip(row.expect("a record").iter().map(str::to_owned)).collect()
    };
    reader.records().map(row).collect()
}

/// The answers of a generated export, each with the product that its line names, and the words of its diagnoses.
fn answers(shape: Shape, folder: &Path) -> Vec<(Cells, [String; 3], String)> {
    let dir = folder.join(shape.name());
    let file = folder.join("answers.csv");
    let command = format!(
        "{} --records 4000 --seed 8 --in-scope-per-mille 400 --dir {} --answers {}",
        shape.name(),
        dir.display(),
        file.display()
    );
    let settings = Settings::parse(command.split_whitespace().map(str::to_owned)).expect(&command);
    let truth = shapes::write(&settings).expect("files");
    let delimiter = if shape == Shape::Epic { b'\t' } else { b',' };
    let lines = rows(&dir.join(truth["files"]["lines"]["name"].as_str().expect("a name")), delimiter);
    let mut words: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if shape == Shape::Epic {
        let titles = rows(&dir.join("CLARITY_EDG.tsv"), delimiter);
        let titles: BTreeMap<_, _> = titles.iter().map(|row| (&row["DX_ID"], &row["DX_NAME"])).collect();
        for row in rows(&dir.join("ORDER_DX_MED.tsv"), delimiter) {
            words.entry(row["ORDER_MED_ID"].clone()).or_default().push(titles[&row["DX_ID"]].clone());
        }
    }
    let product = |answer: &Cells, line: &Cells| match shape {
        Shape::Mimic3 | Shape::Mimic4 => [String::new(), line["ndc"].clone(), line["drug"].clone()],
        Shape::Epic => [String::new(), String::new(), line["DISPLAY_NAME"].clone()],
        Shape::Idr => {
            let modifiers = ["HCPCS_1_MDFR_CD", "HCPCS_2_MDFR_CD"].map(|name| line[name].clone());
            [format!("{}-{}", answer["product"], modifiers.join("-")), String::new(), String::new()]
        }
        _ => [answer["product"].clone(), String::new(), String::new()],
    };
    let anchors = anchors(shape, &dir);
    let told = |mut answer: Cells| {
        let line = &lines[answer["record"].parse::<usize>().expect("a number") - 1];
        let words =
            line.get("ORDER_MED_ID").and_then(|id| words.get(id)).map_or(String::new(), |words| words.join(". "));
        let product = product(&answer, line);
        if let Some([age, year]) = line.get("subject_id").and_then(|patient| anchors.get(patient)) {
            let day = answer["service_date"].get(..4).and_then(|year| year.parse::<u32>().ok());
            answer.insert("age".to_owned(), day.map_or(String::new(), |day| (age + day - year).to_string()));
        }
        (answer, product, words)
    };
    rows(&file, b',').into_iter().map(told).collect()
}

/// Ages below the masked ones, and the years in which they were that: a flat export holds an age or none, and a year less
/// or more decides nothing here.
fn anchors(shape: Shape, dir: &Path) -> BTreeMap<String, [u32; 2]> {
    let of = |row: Cells| {
        let number = |name: &str| row[name].parse::<u32>().expect("a number");
        let anchor = [number("anchor_age"), number("anchor_year")];
        (anchor[0] < 90).then(|| (row["subject_id"].clone(), anchor))
    };
    if shape == Shape::Mimic4 {
        rows(&dir.join("patients.csv"), b',').into_iter().filter_map(of).collect()
    } else {
        BTreeMap::new()
    }
}

/// One flat record for each answer.
fn flat(answers: &[(Cells, [String; 3], String)]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = [
        "order_id",
        "order_date",
        "age",
        "hcpcs",
        "modifier",
        "ndc",
        "drug_name",
        "diagnoses",
        "dx_version",
        "comments",
    ];
    writer.write_record(header).expect("memory");
    for (number, (answer, [code, ndc, name], words)) in (1..).zip(answers) {
        let version = if answer["coding"] == "icd9" { "9" } else { "10" };
        let codes = answer["diagnoses"].replace('|', ";");
        let (code, modifiers) = code.split_once('-').unwrap_or((code, ""));
        let modifier = modifiers.replace('-', " ");
        let id = number.to_string();
        let cells =
            [&id, &answer["service_date"], &answer["age"], code, modifier.trim(), ndc, name, &codes, version, words];
        writer.write_record(cells).expect("memory");
    }
    writer.into_inner().expect("memory")
}

fn read(bytes: &[u8]) -> BTreeMap<u64, Row> {
    let layouts = Layout::builtin().expect("the layouts ship");
    let export = Export::open(std::io::Cursor::new(bytes.to_vec()), &layouts).expect("the header is recognised");
    let rulebook = Rulebook::open("aanem-2023").expect("the ruleset ships");
    let as_of = chrono::NaiveDate::from_ymd_opt(2199, 12, 31).expect("a day");
    let mut all = Batch::default();
    let take = |batch: Batch| {
        all.rows.extend(batch.rows);
        all.rejected.extend(batch.rejected);
        Ok::<(), Infallible>(())
    };
    export.scan(&rulebook, as_of, "flat.csv", Pace::of(1), |_| {}, take).expect("a scan");
    assert_eq!(all.rejected, []);
    all.rows.into_iter().map(|row| (row.record, row)).collect()
}

fn differences(answer: &Cells, row: Option<&Row>) -> Vec<String> {
    let in_scope = answer["disposition"] == "in-scope";
    let Some(row) = row else {
        return if in_scope { vec!["is out of scope".to_owned()] } else { Vec::new() };
    };
    if !in_scope {
        return vec![format!("{} is in scope", answer["disposition"])];
    }
    let mut rows = row.guideline_rows.clone();
    rows.sort();
    let sorted = |cell: &str| {
        let mut words: Vec<&str> = cell.split('|').collect();
        words.sort_unstable();
        words.join("|")
    };
    let kept: Vec<&str> = answer["diagnoses"].split('|').filter(|code| !code.is_empty()).take(32).collect();
    let found = [
        ("determination", answer["determination"].clone(), row.determination.clone()),
        ("guideline_rows", sorted(&answer["guideline_rows"]), rows.join("|")),
        ("flag", answer["flag"].clone(), row.flag.clone()),
        ("certainty", answer["certainty"].clone(), row.certainty.clone()),
        ("diagnoses", kept.join("|"), row.diagnoses.join("|")),
        ("age", answer["age"].clone(), row.age_years.map_or(String::new(), |age| age.to_string())),
    ];
    let differs = |(name, wanted, found): (&str, String, String)| {
        (wanted != found).then(|| format!("{name} is {found} and not {wanted}"))
    };
    found.into_iter().filter_map(differs).collect()
}

#[test]
fn what_the_generator_expects_of_an_order_the_heart_says_once_the_files_are_joined() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut wrong = BTreeMap::<String, usize>::new();
    for (name, shape) in Shape::ALL {
        // A diluent is out of scope by its column and a procedure by its neighbour, which a flat export does not have.
        let answers = answers(shape, folder.path());
        let alone = |answer: &Cells| !["not-a-line", "beside"].contains(&answer["disposition"].as_str());
        let answers: Vec<_> = answers.into_iter().filter(|(answer, ..)| alone(answer)).collect();
        assert!(answers.len() > 200, "{name}: {} answers", answers.len());
        let found = read(&flat(&answers));
        for (record, (answer, product, _)) in (1..).zip(&answers) {
            for difference in differences(answer, found.get(&record)) {
                let product = product.join(" ");
                *wrong.entry(format!("{name}: {} ({product}): {difference}", answer["scenario"])).or_default() += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A check that cannot fail proves nothing.
#[test]
fn another_answer_is_a_difference() {
    let folder = tempfile::tempdir().expect("a folder");
    let answers = answers(Shape::Mimic3, folder.path());
    let of = |wanted: &str| answers.iter().map(|(answer, ..)| answer).find(|answer| answer["disposition"] == wanted);
    let (order, look_alike) = (of("in-scope").expect("an order"), of("other-globulin").expect("a look-alike"));
    assert_eq!(differences(order, None), ["is out of scope"]);
    assert_eq!(differences(look_alike, None), Vec::<String>::new());
    assert_eq!(differences(look_alike, Some(&Row::default())), ["other-globulin is in scope"]);
    for name in ["determination", "flag", "certainty", "diagnoses", "age"] {
        let found = differences(order, Some(&Row::default()));
        assert!(found.iter().any(|difference| difference.starts_with(name)), "{name}: {found:?}");
    }
}
