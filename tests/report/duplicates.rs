//! Orders that repeat another one, and what became of lines: counted in files, on the page and in `summary.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use ivig_audit::summary::{Duplicates, FILE_PAIRS, LINE_STATUSES, Measures, Summary, summarise};
use ivig_audit::table::Row;
use ivig_audit::table::parquet::{ParquetAppender, ROW_GROUP};
use proptest::prelude::*;

use super::{ORDER_CANARY, Outcome, PATIENT_CANARY, orders, publish};

const FILES: [&str; 3] = ["2024q2.csv", "2024q1.csv", "split-b.csv"];

fn summary(rows: &[Row]) -> Result<Summary, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("assessments.parquet");
    let mut table = ParquetAppender::new(std::fs::File::create(&path)?)?;
    table.push(rows)?;
    table.finish()?;
    Ok(summarise(&path)?)
}

/// What makes two orders duplicates, written out a second time.
fn key(row: &Row) -> Option<String> {
    let id = |id: &Option<String>| id.as_ref().is_some_and(|id| !id.is_empty());
    let ids = (&row.claim_id, &row.order_id, row.slot, &row.patient_id);
    let given = (&row.product, &row.product_code, row.service_date);
    let figures = (row.units, row.billed, row.allowed, row.paid, &row.diagnoses);
    let is_taken_back = matches!(row.line_status.as_deref(), Some("reversed" | "void"));
    (id(&row.claim_id) || id(&row.order_id)).then(|| format!("{ids:?}{given:?}{figures:?}{is_taken_back}"))
}

/// The plain way to count: one order after the other, against all before it.
fn counted(rows: &[Row]) -> Duplicates {
    let mut groups: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    let (mut within, mut across) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(key) = key(row) else { continue };
        let earlier = groups.entry(key).or_default();
        if earlier.iter().any(|other| other.source_file == row.source_file) {
            within.push(row);
        } else if !earlier.is_empty() {
            across.push(row);
        }
        earlier.push(row);
    }
    groups.retain(|_, rows| rows.len() > 1);
    let holds = |rows: &[&Row], file: &str| rows.iter().any(|row| row.source_file == file);
    let order: Vec<&str> = FILES.into_iter().filter(|file| rows.iter().any(|row| row.source_file == *file)).collect();
    let mut pairs = Vec::new();
    for (at, first) in order.iter().enumerate() {
        for second in &order[at + 1..] {
            let both = groups.values().filter(|rows| holds(rows, first) && holds(rows, second)).count() as u64;
            let (first, second) = ((*first).to_owned(), (*second).to_owned());
            pairs.extend((both > 0).then_some(ivig_audit::summary::FilePair { first, second, groups: both }));
        }
    }
    pairs.sort_by(|one, other| (other.groups, &one.first, &one.second).cmp(&(one.groups, &other.first, &other.second)));
    Duplicates {
        groups: groups.len() as u64,
        in_one_file: measured(&within),
        across_files: measured(&across),
        file_pairs_in_all: pairs.len() as u64,
        file_pairs: pairs,
    }
}

fn measured(rows: &[&Row]) -> Measures {
    let patients: BTreeSet<&str> = rows.iter().filter_map(|row| row.patient_id.as_deref()).collect();
    let sum = |value: fn(&Row) -> Option<i64>| {
        let known: Vec<i128> = rows.iter().filter_map(|row| value(row)).map(i128::from).collect();
        ((!known.is_empty()).then(|| known.iter().sum()), known.len() as u64)
    };
    let ((grams, orders_with_grams), (money, orders_with_money)) = (sum(|row| row.grams), sum(|row| row.paid));
    let (patients, orders) = (patients.len() as u64, rows.len() as u64);
    Measures { patients, orders, grams, orders_with_grams, money, orders_with_money }
}

/// An order of which most values are one of two or none, so that equal orders are common.
fn row() -> impl Strategy<Value = Row> {
    let text = |word: &'static str| prop_oneof![1 => Just(None), 4 => Just(Some(word.to_owned()))];
    let number = |value: i64| prop_oneof![1 => Just(None), 4 => Just(Some(value))];
    let ids = (text("c"), text("o"), text("p"), prop_oneof![4 => Just("J1"), 1 => Just("J2")]);
    let figures = (number(80_000), number(-5), number(7), number(9), number(40_000));
    let diagnoses = prop_oneof![1 => Just(vec![]), 1 => Just(vec!["A", "B"]), 3 => Just(vec!["A"])];
    let line = (prop_oneof![1 => Just(None), 4 => (1_u32..3).prop_map(Some)], text("Gammagard"));
    let status = prop::sample::select(vec![None, None, Some("paid"), Some("pended"), Some("reversed"), Some("void")]);
    let row = (ids, line, figures, diagnoses, 0_u64..3, 0_usize..3, status);
    row.prop_map(|((claim, order, patient, code), (slot, product), figures, diagnoses, day, file, status)| Row {
        line_status: status.map(str::to_owned),
        source_file: FILES[file].to_owned(),
        claim_id: claim,
        order_id: order,
        slot,
        patient_id: patient,
        product,
        product_code: Some(code.to_owned()),
        service_date: chrono::NaiveDate::from_ymd_opt(2024, 1, 1).map(|first| first + chrono::Days::new(day / 2)),
        units: figures.0,
        billed: figures.1,
        allowed: figures.2,
        paid: figures.3,
        grams: figures.4,
        diagnoses: diagnoses.into_iter().map(str::to_owned).collect(),
        ..Row::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn duplicates_are_what_comparing_each_order_with_all_before_it_finds(rows in prop::collection::vec(row(), 0..60)) {
        let mut rows: Vec<Row> = rows;
        // A file is read to its end before the next one is begun.
        rows.sort_by_key(|row| FILES.iter().position(|file| *file == row.source_file));
        let found = summary(&rows).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(found.duplicates, counted(&rows));
    }
}

/// An order with every value that duplicates share.
fn whole() -> Row {
    let text = |word: &str| Some(word.to_owned());
    Row {
        source_file: FILES[0].to_owned(),
        claim_id: text("c"),
        order_id: text("o"),
        slot: Some(1),
        patient_id: text("p"),
        product: text("Gammagard"),
        product_code: text("J1"),
        service_date: chrono::NaiveDate::from_ymd_opt(2024, 1, 1),
        units: Some(1),
        billed: Some(1),
        allowed: Some(1),
        paid: Some(1),
        diagnoses: vec!["A".to_owned(), "B".to_owned()],
        ..Row::default()
    }
}

#[test]
fn one_value_that_differs_or_is_missing_makes_another_order_and_nothing_else_does() -> Outcome {
    type Change = fn(&mut Row);
    let other: [Change; 17] = [
        |row| row.line_status = Some("reversed".to_owned()),
        |row| row.line_status = Some("void".to_owned()),
        |row| row.claim_id = None,
        |row| row.slot = Some(2),
        |row| row.slot = None,
        |row| row.product = None,
        |row| row.order_id = Some("other".to_owned()),
        |row| row.patient_id = None,
        |row| row.product_code = None,
        |row| row.service_date = None,
        |row| row.units = None,
        |row| row.billed = Some(2),
        |row| row.allowed = None,
        |row| row.paid = Some(0),
        |row| row.diagnoses.reverse(),
        |row| row.diagnoses.truncate(1),
        |row| (row.claim_id, row.order_id) = (None, None),
    ];
    for (at, change) in other.iter().enumerate() {
        let mut changed = whole();
        change(&mut changed);
        assert_eq!(summary(&[whole(), changed.clone()])?.duplicates.groups, 0, "change {at}");
        let ids = changed.claim_id.is_some() || changed.order_id.is_some();
        assert_eq!(summary(&[changed.clone(), changed])?.duplicates.groups, u64::from(ids), "twice change {at}");
    }
    let alike: [Change; 5] = [
        |row| row.record = 9,
        |row| row.line_status = Some("pended".to_owned()),
        |row| row.modifier = Some("JZ".to_owned()),
        |row| row.determination = "other_use".to_owned(),
        |row| row.auth_number = Some("a".to_owned()),
    ];
    for (at, change) in alike.iter().enumerate() {
        let mut changed = whole();
        change(&mut changed);
        assert_eq!(summary(&[whole(), changed])?.duplicates.in_one_file.orders, 1, "likeness {at}");
    }
    Ok(())
}

#[test]
fn a_duplicate_far_away_in_the_table_is_found_and_so_is_every_file_that_shares_it() -> Outcome {
    let filler = |at: u64| Row { order_id: Some(format!("f{at}")), record: at, ..whole() };
    let mut rows: Vec<Row> = (0..ROW_GROUP as u64 * 2 + 5).map(filler).collect();
    rows[3] = Row { grams: Some(10), ..whole() };
    rows[ROW_GROUP + 1] = Row { grams: Some(20), ..whole() };
    let many = (1..=7).map(|file| Row { source_file: format!("{file}.csv"), grams: Some(100), ..whole() });
    rows.extend(many);
    let found = summary(&rows)?.duplicates;
    assert_eq!((found.groups, found.in_one_file.grams, found.across_files.grams), (1, Some(20), Some(700)));
    assert_eq!((found.file_pairs.len(), found.file_pairs_in_all), (FILE_PAIRS, 28), "of eight files");
    assert!(found.file_pairs.iter().all(|pair| pair.groups == 1));
    Ok(())
}

#[test]
fn more_orders_that_repeat_others_than_are_compared_at_a_time_are_all_counted() -> Outcome {
    let quarter = |file: usize| {
        let order = move |at: u64| Row {
            source_file: FILES[file].to_owned(),
            order_id: Some(format!("o{at}")),
            patient_id: Some(format!("p{}", at % 40)),
            grams: Some(1),
            ..whole()
        };
        (0..ROW_GROUP as u64 * 5 / 2).map(order)
    };
    let rows: Vec<Row> = quarter(0).chain(quarter(1)).collect();
    let found = summary(&rows)?.duplicates;
    let all = ROW_GROUP as u64 * 5 / 2;
    assert_eq!((found.groups, found.in_one_file.orders, found.across_files.orders), (all, 0, all));
    assert_eq!((found.across_files.patients, found.across_files.grams), (40, Some(i128::from(all))));
    assert_eq!((found.file_pairs.len(), found.file_pairs[0].groups), (1, all));
    Ok(())
}

#[test]
fn the_page_and_the_summary_show_duplicates_without_any_id() -> Outcome {
    let plain = publish(&orders::orders(60, true))?;
    assert!(!plain.html.contains("repeat another one"), "no section where there is nothing to say");
    let mut rows = orders::orders(60, true);
    (rows[59].patient_id, rows[59].grams) = (Some(format!("{PATIENT_CANARY}x")), Some(30_000));
    let again: Vec<Row> =
        rows.iter().take(14).cloned().map(|row| Row { source_file: "b.csv".to_owned(), ..row }).collect();
    rows.push(rows[59].clone());
    rows.extend(again);
    let published = publish(&rows)?;
    let page = &published.html;
    assert!(page.contains("<caption>Orders that repeat another one</caption>"));
    assert!(page.contains("<th scope=\"row\">claims.csv</th><td>b.csv</td></tr>"));
    let line = page.split("Of an order in the same file").nth(1).and_then(|rest| rest.split("</tr>").next());
    let line = line.unwrap_or_default();
    assert_eq!(line.matches(">withheld<").count(), 4, "one patient: {line}");
    assert!(!page.contains(PATIENT_CANARY) && !page.contains(ORDER_CANARY));
    let json: serde_json::Value = serde_json::from_str(&published.json)?;
    assert_eq!(json["duplicates"]["groups"], 15);
    assert_eq!(json["duplicates"]["in_one_file"]["orders"], 1);
    assert_eq!(json["duplicates"]["across_files"]["orders"], 14);
    assert_eq!(json["duplicates"]["across_files"]["paid"], serde_json::Value::Null, "no amount is not zero");
    assert_eq!(json["duplicates"]["file_pairs"][0]["files"], serde_json::json!(["claims.csv", "b.csv"]));
    assert_eq!(json["totals"]["orders"], 75, "each is counted");
    Ok(())
}

#[test]
fn what_became_of_lines_is_counted_apart_and_changes_no_total() -> Outcome {
    let mut rows = orders::orders(90, true);
    let unsaid = publish(&rows)?;
    assert!(!unsaid.html.contains("Line status") && !unsaid.html.contains("own word"));
    for (row, at) in rows.iter_mut().zip(0..) {
        row.line_status = LINE_STATUSES.get(at % 10).map(|status| (*status).to_owned());
    }
    let published = publish(&rows)?;
    let json: serde_json::Value = serde_json::from_str(&published.json)?;
    for status in LINE_STATUSES {
        assert_eq!(json["by_line_status"][status]["orders"], 9, "{status}");
    }
    assert_eq!(json["orders_without_line_status"], 18);
    assert!(published.html.contains("a service that was paid for (denied by the payer: withheld;"), "9 orders each");
    assert!(published.html.contains("Denied by the payer") && published.html.contains("The payer’s own decision"));
    let before: serde_json::Value = serde_json::from_str(&unsaid.json)?;
    for figures in ["totals", "by_determination", "by_flag", "by_guideline_row", "duplicates"] {
        assert_eq!(json[figures], before[figures], "{figures}");
    }
    Ok(())
}
