//! The summary does not depend on how much of the table is held at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use ivig_audit::summary::{CourseRules, Limits, Measures, Summary, SummaryError, summarise_all};
use ivig_audit::table::Row;
use ivig_audit::table::parquet::ParquetAppender;

use super::{Outcome, orders};

const WHOLE: usize = 1 << 20;

/// Small enough that patients, ids and repeated orders each need several readings.
const LITTLE: usize = 128;

/// Orders with every column that is asked for taking several values, some orders twice and some in another file.
fn varied(number: u64) -> Vec<Row> {
    let mut rows = orders::orders(number, true);
    for (at, row) in rows.iter_mut().enumerate() {
        row.line_status = [None, Some("paid"), Some("denied")][at % 3].map(str::to_owned);
        if at % 5 == 0 {
            row.line_status = [Some("reversed"), Some("void"), Some("replacement")][at % 3].map(str::to_owned);
        }
        row.auth_decision =
            [None, Some("approved"), Some("partial"), Some("denied"), Some("pended")][at % 5].map(str::to_owned);
        row.product = (at % 6 != 0).then(|| format!("product-{}", at % 4));
        row.wasted = (at % 9 == 0).then(|| "yes".to_owned());
        row.modifier = row.wasted.as_ref().map(|_| "JW".to_owned());
        row.claim_id = (at % 7 != 0).then(|| format!("claim-{}", at / 4));
        row.paid = (at % 4 != 0).then(|| i64::try_from(at % 3).expect("small") * 500 - 200);
        row.ruleset = String::from(["aanem-2023@1.0.0", "aanem-2009@1.0.0"][usize::from(at % 5 == 0)]);
        row.certainty = String::from(["stated", "presumed", "text"][at / 7 % 3]);
        row.patient_id = (at % 11 != 0).then(|| format!("p{}", at * at % 37));
        row.indication = (at % 4 != 0).then(|| format!("indication-{}", at % 3));
        row.diagnoses = [vec!["Z00.0"], vec!["I10", "A1"], vec!["B2", "A1"], vec!["A1", "B2"], vec![]][at % 5]
            .iter()
            .map(ToString::to_string)
            .collect();
        row.warnings =
            [vec![], vec!["w-a"], vec!["w-a", "w-b", "w-a"]][at % 3].iter().map(ToString::to_string).collect();
    }
    let reversal = |row: &Row| Row {
        order_id: None,
        line_status: Some("reversed".to_owned()),
        units: row.units.map(|units| -units),
        ..row.clone()
    };
    let reversals: Vec<Row> = rows.iter().step_by(8).map(reversal).collect();
    rows.extend(reversals);
    let replacement =
        |row: &Row| Row { order_id: None, line_status: Some("replacement".to_owned()), paid: Some(7), ..row.clone() };
    let replacements: Vec<Row> = rows.iter().skip(4).step_by(8).map(replacement).collect();
    rows.extend(replacements);
    let again: Vec<Row> = rows.iter().step_by(3).cloned().collect();
    rows.extend(again.iter().step_by(2).cloned());
    rows.extend(again.into_iter().map(|row| Row { source_file: "later.csv".to_owned(), ..row }));
    rows
}

/// Made-up rules: `A1` is listed for two indications, `B2` for one.
fn listed(indication: &str, code: &str) -> Option<String> {
    let listed = [("indication-1", "A1"), ("indication-2", "A1"), ("indication-2", "B2")];
    let asked = |(one, _): &&(&str, &str)| indication.is_empty() || indication == *one;
    listed.iter().filter(asked).any(|(_, each)| *each == code).then(|| format!("Title of {code}"))
}

fn summarise_within(path: &Path, limits: &Limits) -> Result<Summary, SummaryError> {
    summarise_all(&[path], limits, &CourseRules::default(), &listed)
}

fn summarise(path: &Path) -> Result<Summary, SummaryError> {
    summarise_within(path, &Limits::default())
}

fn table(folder: &Path, rows: &[Row]) -> Result<std::path::PathBuf, Box<dyn Error>> {
    let path = folder.join("assessments.parquet");
    let mut table = ParquetAppender::new(std::fs::File::create(&path)?)?;
    table.push(rows)?;
    table.finish()?;
    Ok(path)
}

/// The plain way to count.
fn measured<'rows>(rows: impl IntoIterator<Item = &'rows Row>) -> Measures {
    let rows: Vec<&Row> = rows.into_iter().collect();
    let patients: BTreeSet<&str> = rows.iter().filter_map(|row| row.patient_id.as_deref()).collect();
    let sum = |value: fn(&Row) -> Option<i64>| {
        let known: Vec<i128> = rows.iter().filter_map(|row| value(row)).map(i128::from).collect();
        ((!known.is_empty()).then(|| known.iter().sum()), known.len() as u64)
    };
    let ((grams, orders_with_grams), (money, orders_with_money)) = (sum(|row| row.grams), sum(|row| row.allowed));
    let (patients, orders) = (patients.len() as u64, rows.len() as u64);
    Measures { patients, orders, grams, orders_with_grams, money, orders_with_money }
}

fn cut<Key: Ord>(rows: &[Row], key: impl Fn(&Row) -> Option<Key>) -> BTreeMap<Key, Measures> {
    let mut groups: BTreeMap<Key, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        if let Some(key) = key(row) {
            groups.entry(key).or_default().push(row);
        }
    }
    groups.into_iter().map(|(key, rows)| (key, measured(rows))).collect()
}

/// Groups that have orders, by their key: those without any are listed too.
fn filled(groups: &[ivig_audit::summary::Group]) -> BTreeMap<String, Measures> {
    let filled = groups.iter().filter(|group| group.measures.orders > 0);
    filled.map(|group| (group.key.clone(), group.measures)).collect()
}

fn holds_what_plain_counting_gives(summary: &Summary, rows: &[Row]) {
    const ROW_BASED: [&str; 5] =
        ["recommended", "consider", "insufficient_evidence", "not_recommended", "indeterminate"];
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let is_open = |row: &Row| row.determination == "indeterminate";
    assert_eq!(summary.totals, measured(rows));
    assert_eq!(filled(&summary.by_determination), cut(rows, |row| Some(row.determination.clone())));
    assert_eq!(filled(&summary.by_flag), cut(rows, |row| Some(row.flag.clone())));
    assert_eq!(filled(&summary.by_certainty), cut(rows, |row| Some(row.certainty.clone())));
    let rows_only = |row: &Row| ROW_BASED.contains(&row.determination.as_str()).then(|| row.certainty.clone());
    assert_eq!(filled(&summary.by_certainty_of_rows), cut(rows, rows_only));
    assert_eq!(filled(&summary.by_line_status), cut(rows, |row| Some(text(&row.line_status))));
    assert_eq!(filled(&summary.by_wanting), cut(rows, |row| is_open(row).then(|| text(&row.wanting))));
    let crossings = summary.by_determination_and_flag.iter();
    let crossings: BTreeMap<_, _> =
        crossings.map(|each| ((each.determination.clone(), each.flag.clone()), each.measures)).collect();
    assert_eq!(crossings, cut(rows, |row| Some((row.determination.clone(), row.flag.clone()))));
    let open = summary.not_settled.iter();
    let open: BTreeMap<_, _> =
        open.map(|each| ((each.wanting.clone(), each.open.clone(), each.indication.clone()), each.measures)).collect();
    let key = |row: &Row| is_open(row).then(|| (text(&row.wanting), row.open.clone(), text(&row.indication)));
    assert_eq!(open, cut(rows, key));
    let codes = summary.open_by_code.iter();
    let codes: BTreeMap<_, _> =
        codes.map(|each| ((each.indication.clone(), each.code.clone()), each.measures)).collect();
    let code = |row: &Row| {
        let first = row.diagnoses.iter().find(|code| listed(row.indication.as_deref().unwrap_or(""), code).is_some());
        is_open(row).then(|| (text(&row.indication), first.cloned().unwrap_or_default()))
    };
    assert_eq!(codes, cut(rows, code));
    assert!(summary.open_by_code.iter().all(|each| each.title.is_empty() == each.code.is_empty()));
    let row_groups = summary.by_row.iter().filter(|group| !group.ruleset.is_empty());
    let row_groups: BTreeMap<_, _> = row_groups
        .map(|group| ((group.ruleset.clone(), group.determination.clone(), group.key.clone()), group.measures))
        .collect();
    let definite = |row: &Row| {
        let is_definite = ROW_BASED[..4].contains(&row.determination.as_str());
        is_definite.then(|| (row.ruleset.clone(), row.determination.clone(), row.guideline_rows.join("|")))
    };
    assert_eq!(row_groups, cut(rows, definite));
    holds_months_decisions_and_products(summary, rows);
    let decided = cut(rows, |row| Some(row.ruleset.clone())).into_iter().map(|(name, all)| (name, all.orders));
    assert_eq!(summary.by_ruleset, decided.collect::<Vec<_>>());
    let carrying = |code: &str| rows.iter().filter(|row| row.warnings.iter().any(|each| each == code)).count() as u64;
    assert_eq!(summary.warnings, [("w-a".to_owned(), carrying("w-a")), ("w-b".to_owned(), carrying("w-b"))]);
    assert_eq!(summary.orders_without_patient, rows.iter().filter(|row| row.patient_id.is_none()).count() as u64);
}

fn holds_months_decisions_and_products(summary: &Summary, rows: &[Row]) {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let month = |row: &Row| row.service_date.map(|day| day.format("%Y-%m").to_string()).unwrap_or_default();
    assert!(summary.months.other.is_none(), "the sample has few months");
    let months: BTreeMap<_, _> = summary.months.all().map(|each| (each.month.clone(), each.measures)).collect();
    assert_eq!(months, cut(rows, |row| Some(month(row))));
    for each in summary.months.all() {
        let of_month = |row: &&Row| month(row) == each.month;
        let rows: Vec<Row> = rows.iter().filter(of_month).cloned().collect();
        assert_eq!(filled(&each.by_flag), cut(&rows, |row| Some(row.flag.clone())), "{}", each.month);
        assert_eq!(filled(&each.by_determination), cut(&rows, |row| Some(row.determination.clone())));
        assert_eq!(each.findings, measured(rows.iter().filter(|row| row.flag != "clear")));
    }
    let decisions = &summary.decisions;
    assert_eq!(filled(&decisions.by_decision), cut(rows, |row| Some(text(&row.auth_decision))));
    for found in &decisions.corners {
        let is_in = |row: &&Row| {
            row.determination == found.corner.determination
                && found.corner.decisions.contains(&text(&row.auth_decision).as_str())
        };
        assert_eq!(found.measures, measured(rows.iter().filter(is_in)), "{}", found.corner.id);
    }
    let products: BTreeMap<_, _> = summary
        .products
        .each()
        .flat_map(|each| [(each, "", each.given), (each, "yes", each.wasted)])
        .filter(|(.., priced)| priced.measures.orders > 0)
        .map(|(each, wasted, priced)| ((each.product.clone(), each.code.clone(), wasted.to_owned()), priced.measures))
        .collect();
    assert_eq!(products, cut(rows, |row| Some((text(&row.product), text(&row.product_code), text(&row.wasted)))));
}

#[test]
fn the_summary_does_not_depend_on_the_size_of_the_parts_or_on_memory() -> Outcome {
    let rows = varied(211);
    let folder = tempfile::tempdir()?;
    let path = table(folder.path(), &rows)?;
    let whole = summarise(&path)?;
    holds_what_plain_counting_gives(&whole, &rows);
    assert!(whole.duplicates.in_one_file.orders > 0 && whole.duplicates.across_files.orders > 0);
    for step in &whole.ledger.steps {
        assert!(step.out.measures.orders > 0 && step.out.measures.patients > 0, "{}", step.id);
    }
    assert!(whole.ledger.unmatched_reversals > 0 && whole.ledger.unmatched_replacements > 0);
    for (part, memory) in [(1, WHOLE), (7, WHOLE), (WHOLE, LITTLE * 64), (WHOLE, WHOLE), (0, WHOLE)] {
        assert_eq!(summarise_within(&path, &Limits { part, memory })?, whole, "parts of {part}, {memory} bytes");
    }
    // The readings of patients and of ids multiply, so the least memory has few orders to do.
    let path = table(folder.path(), &varied(20))?;
    let whole = summarise(&path)?;
    for (part, memory) in [(7, LITTLE), (WHOLE, LITTLE), (64, 0)] {
        assert_eq!(summarise_within(&path, &Limits { part, memory })?, whole, "parts of {part}, {memory} bytes");
    }
    Ok(())
}

#[test]
fn many_parts_give_what_plain_counting_gives() -> Outcome {
    let rows = varied(60_000);
    let folder = tempfile::tempdir()?;
    let path = table(folder.path(), &rows)?;
    let summary = summarise(&path)?;
    holds_what_plain_counting_gives(&summary, &rows);
    assert_eq!(summarise_within(&path, &Limits { memory: 1 << 18, ..Limits::default() })?, summary);
    Ok(())
}
