//! The worked orders of `fixtures/worked-orders.csv`: read as an export is read, and answered as the table expects.

use std::collections::BTreeMap;
use std::convert::Infallible;

use chrono::NaiveDate;
use ivig_audit::intake::Layout;
use ivig_audit::rules::Rulebook;
use ivig_audit::scan::{Batch, Export, Pace};
use ivig_audit::table::Row;

/// The day of the audit: after every service date of the table.
const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();

/// What stands in a cell that expects nothing to be there; an empty cell expects nothing in particular.
const NONE: &str = "-";

type Wanted = csv::StringRecord;

/// The table as bytes, its header, and its lines.
fn table() -> (Vec<u8>, Wanted, Vec<Wanted>) {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/worked-orders.csv")).expect("the table");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().expect("a header").clone();
    let lines = reader.records().map(|line| line.expect("a line of as many cells as the header")).collect();
    (bytes, header, lines)
}

/// The row of each order in scope, by the number of its record.
fn read(bytes: &[u8]) -> (BTreeMap<u64, Row>, Batch) {
    let layouts = Layout::builtin().unwrap_or_else(|error| panic!("{error}"));
    let export = Export::open(std::io::Cursor::new(bytes.to_vec()), &layouts).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(export.layout.id, "generic");
    let rulebook = Rulebook::open("aanem-2023").unwrap_or_else(|error| panic!("{error}"));
    let mut all = Batch::default();
    let take = |batch: Batch| {
        all.rows.extend(batch.rows);
        all.rejected.extend(batch.rejected);
        Ok::<(), Infallible>(())
    };
    export
        .scan(&rulebook, AS_OF, "worked-orders.csv", Pace::of(1), |_| {}, take)
        .unwrap_or_else(|error| panic!("{error}"));
    (std::mem::take(&mut all.rows).into_iter().map(|row| (row.record, row)).collect(), all)
}

/// A list as the table writes it: in any order, joined by `|`.
fn listed(words: &[String]) -> String {
    let mut words = words.to_vec();
    words.sort();
    if words.is_empty() { NONE.to_owned() } else { words.join("|") }
}

fn sorted(cell: &str) -> String {
    listed(&cell.split('|').map(str::to_owned).collect::<Vec<_>>())
}

/// Where an answer is not the expected one. No row is an order out of scope.
fn differences(expected: &impl Fn(&str) -> String, row: Option<&Row>) -> Vec<String> {
    let Some(row) = row else {
        let wanted = expected("expect_determination");
        return (wanted != "out-of-scope").then(|| format!("{wanted} is out of scope")).into_iter().collect();
    };
    let found = [
        ("expect_determination", row.determination.clone()),
        ("expect_rows", listed(&row.guideline_rows)),
        ("expect_evidence", listed(&row.evidence_class)),
        ("expect_flag", row.flag.clone()),
        ("expect_certainty", row.certainty.clone()),
    ];
    let differs = |(column, found): (&str, String)| {
        let wanted = sorted(&expected(column));
        (!expected(column).is_empty() && wanted != found).then(|| format!("{column} is {found} and not {wanted}"))
    };
    found.into_iter().filter_map(differs).collect()
}

#[test]
fn every_worked_order_is_answered_as_the_table_expects() {
    let (bytes, header, lines) = table();
    let (rows, rest) = read(&bytes);
    assert_eq!(rest.rejected, []);
    let at = |column: &str| header.iter().position(|name| name == column).unwrap_or_else(|| panic!("no {column}"));
    let mut wrong = Vec::new();
    for (record, line) in (1..).zip(&lines) {
        let row = rows.get(&record);
        assert!(row.is_none_or(|row| row.order_id.as_deref() == Some(&line[at("order_id")])), "record {record}");
        let differences = differences(&|column| line[at(column)].to_owned(), row);
        if !differences.is_empty() {
            wrong.push(format!("{} ({}): {}", &line[at("order_id")], &line[at("why")], differences.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_expects_something_of_every_order_and_every_kind_of_answer() {
    let (_, header, lines) = table();
    let at = |column: &str| header.iter().position(|name| name == column).unwrap_or_else(|| panic!("no {column}"));
    let cells = |column: &str| lines.iter().map(|line| line[at(column)].to_owned()).collect::<Vec<String>>();
    let ids = cells("order_id");
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert!(ids.len() > 250 && once.len() == ids.len(), "{} orders, {} ids", ids.len(), once.len());
    assert!(cells("why").iter().all(|why| !why.is_empty()));
    let mut answers = cells("expect_determination");
    answers.sort();
    answers.dedup();
    let all = [
        "consider",
        "indeterminate",
        "insufficient_evidence",
        "no_diagnosis",
        "not_addressed",
        "not_recommended",
        "other_use",
        "out-of-scope",
        "recommended",
    ];
    assert_eq!(answers, all);
}

/// A check that cannot fail proves nothing: each column is compared, and `-` is not the same as an empty cell.
#[test]
fn each_expectation_is_compared() {
    let row = Row {
        determination: "recommended".into(),
        guideline_rows: vec!["b".into(), "a".into()],
        flag: "clear".into(),
        certainty: "stated".into(),
        ..Row::default()
    };
    let right = |column: &str| match column {
        "expect_determination" => "recommended",
        "expect_rows" => "a|b",
        "expect_evidence" => NONE,
        "expect_flag" => "clear",
        _ => "",
    };
    assert_eq!(differences(&|column| right(column).to_owned(), Some(&row)), Vec::<String>::new());
    for column in ["expect_determination", "expect_rows", "expect_evidence", "expect_flag", "expect_certainty"] {
        let wrong = |other: &str| if other == column { "other".to_owned() } else { right(other).to_owned() };
        assert_eq!(differences(&wrong, Some(&row)).len(), 1, "{column}");
    }
    assert_eq!(differences(&|column| right(column).to_owned(), None).len(), 1);
    assert!(differences(&|_| "out-of-scope".to_owned(), None).is_empty());
    assert_eq!(differences(&|_| "out-of-scope".to_owned(), Some(&row)).len(), 5);
}
