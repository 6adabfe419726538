//! Made tables, compared.

use std::error::Error;
use std::fs::File;
use std::path::Path;

use super::*;
use crate::table::Row;
use crate::table::parquet::ParquetAppender;

type Tested = Result<(), Box<dyn Error>>;

fn order(number: u64) -> Row {
    Row {
        source_file: "a.csv".to_owned(),
        record: number,
        order_id: Some(format!("O{number}")),
        patient_id: Some(format!("P{}", number % 40)),
        flag: ["clear", "review", "flagged"][(number % 3) as usize].to_owned(),
        determination: "consider".to_owned(),
        certainty: "stated".to_owned(),
        ruleset: "r@1".to_owned(),
        ..Row::default()
    }
}

fn table(folder: &Path, name: &str, rows: &[Row]) -> Result<Parts, Box<dyn Error>> {
    let path = folder.join(name);
    let mut table = ParquetAppender::new(File::create(&path)?)?;
    table.push(rows)?;
    table.finish()?;
    Ok(Parts::open(&path)?)
}

fn compared_within(old: &[Row], new: &[Row], limits: &Limits) -> Result<(Changes, Vec<Place>), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (old, new) = (table(folder.path(), "old", old)?, table(folder.path(), "new", new)?);
    let rulesets = BTreeMap::new();
    let side = |table| Side { table, rulesets: &rulesets };
    let (changes, marks) = changes_within(side(&old), side(&new), false, limits)?;
    let mut places = Vec::new();
    each_new_finding(&new, &marks, |place| {
        places.push(place);
        Ok::<(), TableError>(())
    })?;
    Ok((changes, places))
}

fn compared(old: &[Row], new: &[Row]) -> Result<Changes, Box<dyn Error>> {
    Ok(compared_within(old, new, &Limits::default())?.0)
}

#[test]
fn the_same_orders_in_a_file_of_another_name_and_in_another_order_are_unchanged() -> Tested {
    let old: Vec<Row> = (1..=30).map(order).collect();
    let renamed = |row: &Row| Row { source_file: "b.csv".to_owned(), record: 99 - row.record, ..row.clone() };
    let new: Vec<Row> = old.iter().rev().map(renamed).collect();
    let found = compared(&old, &new)?;
    assert_eq!((found.gone, found.added, found.matched, found.unchanged), (0, 0, 30, 30));
    assert_eq!((found.new_findings(), found.unchanged_findings.orders), (0, 20));
    Ok(())
}

#[test]
fn each_change_is_laid_to_the_first_cause_that_holds() -> Tested {
    let old: Vec<Row> = (0..5).map(|number| Row { flag: "clear".to_owned(), ..order(number) }).collect();
    let mut new = old.clone();
    for row in &mut new[1..] {
        row.flag = "flagged".to_owned();
    }
    new[1].ruleset = "r@2".to_owned();
    new[1].units = Some(7);
    new[2].ruleset = "r@2".to_owned();
    new[4].units = Some(7);
    let found = compared(&old, &new)?;
    let [order, data, rules, program] = found.new_findings.map(|tally| tally.orders);
    assert_eq!([order, data, rules, program], [0, 2, 1, 1]);
    assert_eq!(found.changed, found.new_findings);
    assert_eq!(found.moves[&("clear".to_owned(), "flagged".to_owned(), Reason::Data)], 2);
    Ok(())
}

#[test]
fn what_both_manifests_say_decides_between_rules_data_and_program() -> Tested {
    let folder = tempfile::tempdir()?;
    let (old, new) = (order(3), Row { flag: "review".to_owned(), ..order(3) });
    let (old, new) = (table(folder.path(), "old", &[old])?, table(folder.path(), "new", &[new])?);
    let rules = |digest: &str| BTreeMap::from([("r@1".to_owned(), digest.to_owned())]);
    let reason = |one: &BTreeMap<_, _>, other: &BTreeMap<_, _>, same_program| -> Result<_, SummaryError> {
        let (old, new) = (Side { table: &old, rulesets: one }, Side { table: &new, rulesets: other });
        let found = changes(old, new, same_program)?.0.changed;
        Ok(Reason::ALL.into_iter().find(|reason| found[*reason as usize].orders == 1))
    };
    assert_eq!(reason(&rules("x"), &rules("y"), true)?, Some(Reason::Rules));
    assert_eq!(reason(&rules("x"), &BTreeMap::new(), false)?, Some(Reason::Program), "one digest alone tells nothing");
    assert_eq!(reason(&rules("x"), &rules("x"), false)?, Some(Reason::Program));
    assert_eq!(reason(&rules("x"), &rules("x"), true)?, Some(Reason::Data), "something that is not stored");
    Ok(())
}

#[test]
fn repeated_orders_are_paired_by_count_equal_ones_first() -> Tested {
    let one = |flag: &str, units| Row { flag: flag.to_owned(), units: Some(units), ..order(1) };
    let old = [one("clear", 1), one("flagged", 2), one("flagged", 2)];
    let new = [one("flagged", 2), one("clear", 1)];
    let found = compared(&old, &new)?;
    assert_eq!((found.gone, found.matched, found.unchanged, found.added), (1, 2, 2, 0));
    assert_eq!(found.gone_findings[Reason::Order as usize].orders, 1);
    let found = compared(&new, &[one("review", 5), one("review", 6), one("clear", 1)])?;
    assert_eq!((found.matched, found.unchanged, found.added), (2, 1, 1));
    assert_eq!(found.changed_findings[Reason::Data as usize].orders, 1, "flagged to review is a finding that changed");
    assert_eq!(found.new_findings[Reason::Order as usize].orders, 1);
    Ok(())
}

#[test]
fn an_order_without_an_id_is_known_by_its_place() -> Tested {
    let at = |record, slot| Row { order_id: None, claim_id: Some(String::new()), record, slot, ..order(1) };
    let old = [at(1, None), at(2, Some(1)), at(2, Some(2))];
    let moved = Row { patient_id: Some("other".to_owned()), ..at(2, Some(2)) };
    let found = compared(&old, &[moved, at(1, None), at(3, None)])?;
    assert_eq!((found.matched, found.gone, found.added, found.unchanged), (2, 1, 1, 2));
    Ok(())
}

#[test]
fn limits_change_no_answer_and_nothing_is_lost() -> Tested {
    let old: Vec<Row> = (1..=300).map(|number| order(number % 250)).collect();
    let other = |number: u64| match number % 7 {
        0 => Row { flag: "flagged".to_owned(), ..order(number) },
        1 => Row { units: Some(1), flag: "review".to_owned(), ..order(number) },
        _ => order(number),
    };
    let new: Vec<Row> = (50..=420).map(other).collect();
    let whole = compared_within(&old, &new, &Limits::default())?;
    assert_eq!(whole.1.len() as u64, whole.0.new_findings());
    for (part, memory) in [(200, 2_000), (1_000, 5_000), (33, 20_000)] {
        assert_eq!(compared_within(&old, &new, &Limits { part, memory })?, whole, "{part} rows, {memory} bytes");
    }
    Ok(())
}

#[test]
fn patients_are_counted_as_far_as_few_go() -> Tested {
    let new: Vec<Row> = (0..60).map(|number| Row { flag: "review".to_owned(), ..order(number) }).collect();
    let of_one: Vec<Row> = new.iter().map(|row| Row { patient_id: Some("P".to_owned()), ..row.clone() }).collect();
    assert_eq!(compared(&[], &new)?.new_findings[0], Tally { orders: 60, patients: PATIENTS_COUNTED });
    assert_eq!(compared(&[], &of_one)?.new_findings[0], Tally { orders: 60, patients: 1 });
    assert_eq!(compared(&of_one, &[])?.gone_findings[0], Tally { orders: 60, patients: 1 });
    Ok(())
}

#[test]
fn new_findings_come_by_place_and_by_row() -> Tested {
    let new =
        [order(3), Row { guideline_rows: vec!["a".to_owned(), "b".to_owned()], slot: Some(2), ..order(2) }, order(1)];
    let (found, places) = compared_within(&[order(1)], &new, &Limits { part: 1, memory: 100 })?;
    assert_eq!(found.new_by_row.len(), 1);
    assert_eq!((found.new_by_row[0].rows.as_str(), found.new_by_row[0].by_reason), ("a|b", [1, 0, 0, 0]));
    let [place] = &places[..] else { panic!("{places:?}") };
    assert_eq!((place.record, place.slot, place.reason.as_str()), (2, Some(2), "order"));
    assert_eq!(place.rows, ["a", "b"]);
    Ok(())
}
