use std::error::Error;
use std::fs::File;

use chrono::{Days, NaiveDate};

use super::{Urgency, Worklist};
use crate::summary::Limits;
use crate::table::Row;
use crate::table::parquet::{ParquetAppender, TableError};
use crate::table::schema::{COLUMNS, Cell};

type Outcome = Result<(), Box<dyn Error>>;

/// The record of a finding, and its days left where something can still be changed.
type Listed = (u64, Option<i64>);

fn day(days: i64) -> NaiveDate {
    let today = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default();
    let size = Days::new(days.unsigned_abs());
    if days < 0 { today - size } else { today + size }
}

fn table(rows: &[Row]) -> Result<tempfile::NamedTempFile, Box<dyn Error>> {
    let file = tempfile::NamedTempFile::new()?;
    let mut table = ParquetAppender::new(File::create(file.path())?)?;
    table.push(rows)?;
    table.finish()?;
    Ok(file)
}

/// Records in the order of the list, with their days left where something can still be changed.
fn listed(rows: &[Row], part: usize, held: usize) -> Result<Vec<Listed>, Box<dyn Error>> {
    let file = table(rows)?;
    let limits = Limits { part, ..Limits::default() };
    let worklist = Worklist::open_within(&[file.path()], day(0), &limits, held)?;
    let mut listed = Vec::new();
    worklist.each(&mut |finding| {
        let record = match finding.cell(1) {
            Cell::Count(record) => record,
            _ => 0,
        };
        listed.push((record, finding.urgency.map(|urgency| urgency.days_left.unwrap_or(i64::MAX))));
        Ok::<(), TableError>(())
    })?;
    assert_eq!(listed.len() as u64, worklist.findings());
    assert_eq!(listed.iter().filter(|(_, days)| days.is_some()).count() as u64, worklist.urgent());
    Ok(listed)
}

fn order(record: u64, flag: &str, days: Option<i64>, decision: &str) -> Row {
    Row {
        source_file: "a.csv".to_owned(),
        record,
        flag: flag.to_owned(),
        service_date: days.map(day),
        auth_decision: (!decision.is_empty()).then(|| decision.to_owned()),
        ..Row::default()
    }
}

fn orders() -> Vec<Row> {
    vec![
        order(1, "review", Some(-3), ""),
        order(2, "flagged", Some(-9), "approved"),
        order(3, "clear", Some(5), "pended"),
        order(4, "review", Some(9), ""),
        order(5, "flagged", Some(2), "approved"),
        order(6, "flagged", Some(0), "pended"),
        order(7, "review", None, "pended"),
        order(8, "flagged", None, ""),
        order(9, "flagged", Some(1), ""),
        Row { line_status: Some("pended".to_owned()), ..order(10, "review", Some(-40), "approved") },
    ]
}

#[test]
fn what_can_still_be_changed_comes_first_by_the_days_left() -> Outcome {
    let all = orders();
    let expected = vec![
        (6, Some(0)),
        (9, Some(1)),
        (4, Some(9)),
        (10, Some(-40)),
        (7, Some(i64::MAX)),
        (5, Some(2)),
        (2, None),
        (8, None),
        (1, None),
    ];
    for part in [1, 2, 3, 7, 100] {
        assert_eq!(listed(&all, part, 100)?, expected, "parts of {part}");
    }
    Ok(())
}

#[test]
fn beyond_what_is_held_the_order_is_that_of_the_input_and_none_is_lost() -> Outcome {
    let all = orders();
    let numbers = |held| -> Result<Vec<u64>, Box<dyn Error>> {
        Ok(listed(&all, 3, held)?.into_iter().map(|(record, _)| record).collect())
    };
    assert_eq!(numbers(2)?, [6, 9, 4, 5, 7, 10, 2, 8, 1]);
    assert_eq!(numbers(0)?, [4, 5, 6, 7, 9, 10, 2, 8, 1]);
    Ok(())
}

#[test]
fn an_export_without_findings_gives_an_empty_list() -> Outcome {
    assert_eq!(listed(&[order(1, "clear", Some(4), "pended")], 10, 10)?, []);
    assert_eq!(listed(&[], 10, 10)?, []);
    Ok(())
}

#[test]
fn every_cell_comes_as_it_was_written_whether_it_waited_or_not() -> Outcome {
    let row = |record| Row {
        slot: Some(2),
        order_id: Some("=1+1".to_owned()),
        claim_id: Some(String::new()),
        age_years: Some(-4),
        units: Some(-1_500),
        paid: Some(i64::MAX / 1_000),
        diagnoses: vec!["A".to_owned(), "B".to_owned()],
        reason: "Größe".to_owned(),
        ..order(record, "flagged", Some(if record == 1 { 3 } else { -3 }), "")
    };
    let file = table(&[row(1), row(2)])?;
    let mut seen = Vec::new();
    Worklist::open(&[file.path()], day(0))?.each(&mut |finding| {
        let row = row(if finding.urgency.is_some() { 1 } else { 2 });
        for (number, column) in COLUMNS.iter().enumerate() {
            let written = match (column.cell)(&row) {
                Cell::TextList(items) => format!("{:?}", Cell::Text((!items.is_empty()).then_some(&items.join("|")))),
                cell => format!("{cell:?}"),
            };
            let found = match finding.cell(number) {
                Cell::Text(Some("")) if column.kind.name() == "list[str]" => Cell::Text(None),
                cell => cell,
            };
            assert_eq!(format!("{found:?}"), written, "{}", column.name);
        }
        seen.push(finding.urgency);
        Ok::<(), TableError>(())
    })?;
    assert_eq!(seen, [Some(Urgency { pended: false, approved: false, days_left: Some(3) }), None]);
    Ok(())
}
