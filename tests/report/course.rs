//! The orders of one patient over time, counted by hand.

use std::error::Error;

use chrono::{Days, NaiveDate};
use ivig_audit::report::disclosure::Audience;
use ivig_audit::report::facts::Editions;
use ivig_audit::report::{catalogue, html, json};
use ivig_audit::summary::{
    Course, CourseRules, GramsAYear, Limits, ORDERS_OF_ONE_PATIENT, Pattern, REPEATS, Shape, Summary, summarise_all,
};
use ivig_audit::table::Row;
use ivig_audit::table::parquet::ParquetAppender;

use super::{Outcome, orders, results};

fn pattern(id: &str, shape: Shape) -> Pattern {
    let text = str::to_owned;
    Pattern {
        id: text(id),
        label: text(id),
        why: text("why"),
        look_at: text("look"),
        basis: text("local"),
        source: text("source"),
        confidence: text("low"),
        shape,
    }
}

pub(super) fn rules() -> CourseRules {
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    CourseRules {
        new_after_days: 90,
        observed_days: 90,
        refusals: list(&["denied"]),
        patterns: vec![
            pattern(
                "months",
                Shape::RepeatedMonths { rows: list(&["mg-exacerbation"]), in_a_row: 3, months: 4, within_months: 8 },
            ),
            pattern("long", Shape::LongCourse { rows: list(&["gbs-adult"]), days: 60, gap_days: 90 }),
            pattern(
                "moved",
                Shape::MovedAfterRefusal {
                    from: list(&["not_recommended", "other_use"]),
                    to: list(&["recommended"]),
                    days: 90,
                },
            ),
            pattern("two", Shape::LinesOfOneDay { different_products: true }),
            pattern("twice", Shape::LinesOfOneDay { different_products: false }),
            pattern("high", Shape::GramsAYear { thresholds: vec![(list(&["cidp"]), 100), (list(&["mmn"]), 200)] }),
        ],
    }
}

/// An order of 40 g for 1,000.00 on a day, counted from the beginning of 2024.
fn order(patient: &str, day: u64, row: &str, says: &str) -> Row {
    Row {
        source_file: "claims.csv".to_owned(),
        patient_id: Some(patient.to_owned()),
        service_date: NaiveDate::from_ymd_opt(2024, 1, 1).map(|first| first + Days::new(day)),
        product: Some("one".to_owned()),
        grams: Some(40_000),
        allowed: Some(100_000),
        guideline_rows: Some(row.to_owned()).filter(|row| !row.is_empty()).into_iter().collect(),
        determination: says.to_owned(),
        flag: if says == "recommended" { "clear" } else { "flagged" }.to_owned(),
        certainty: "stated".to_owned(),
        ruleset: "aanem-2023@1.0.0".to_owned(),
        ..Row::default()
    }
}

fn numbered(rows: Vec<Row>) -> Vec<Row> {
    let number = |(row, record): (Row, u64)| Row { record, order_id: Some(record.to_string()), ..row };
    rows.into_iter().zip(1..).map(number).collect()
}

fn summary(rows: &[Row], limits: &Limits) -> Result<Summary, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("assessments.parquet");
    let mut table = ParquetAppender::new(std::fs::File::create(&path)?)?;
    table.push(rows)?;
    table.finish()?;
    Ok(summarise_all(&[path], limits, &rules(), &|_, _| None)?)
}

fn course(rows: Vec<Row>) -> Result<Course, Box<dyn Error>> {
    Ok(summary(&numbered(rows), &Limits::default())?.course)
}

/// Patients, orders and instances of a pattern, and the records of the first instance.
fn shown(course: &Course, id: &str) -> (u64, u64, u64, Option<(u64, u64)>) {
    let found = course.patterns.iter().find(|found| found.pattern.id == id).expect("a pattern");
    let first = found.instances.first().map(|instance| (instance.first.record, instance.last.record));
    (found.measures.patients, found.measures.orders, found.instances_in_all, first)
}

#[test]
fn months_in_a_row_show_and_months_apart_do_not() -> Outcome {
    let mg = |patient, day| order(patient, day, "mg-exacerbation", "recommended");
    let apart = [0, 1, 40, 300, 330].map(|day| mg("apart", day));
    // January, February, March, and long after it one more.
    let run = [3, 4, 33, 62, 300].map(|day| mg("run", day));
    // January, March, June, August: four of eight months.
    let close = [3, 62, 153, 214].map(|day| mg("close", day));
    let course = course(apart.into_iter().chain(run).chain(close).collect())?;
    assert_eq!(shown(&course, "months"), (2, 8, 2, Some((6, 9))));
    Ok(())
}

#[test]
fn a_course_is_long_by_its_days_and_a_new_one_begins_after_a_gap() -> Outcome {
    let gbs = |patient, day| order(patient, day, "gbs-adult", "recommended");
    let two = [0, 4, 200, 204].map(|day| gbs("two courses", day));
    let sixty = [0, 60].map(|day| gbs("sixty days", day));
    let long = [300, 0, 61].map(|day| gbs("long", day));
    let course = course(two.into_iter().chain(sixty).chain(long).collect())?;
    assert_eq!(shown(&course, "long"), (1, 2, 1, Some((8, 9))));
    Ok(())
}

#[test]
fn a_diagnosis_moves_only_after_a_refusal_and_soon() -> Outcome {
    let refused =
        |patient, day, row, says| Row { auth_decision: Some("denied".to_owned()), ..order(patient, day, row, says) };
    let course = course(vec![
        refused("moved", 10, "sfn-idiopathic", "not_recommended"),
        order("moved", 40, "cidp", "recommended"),
        order("moved", 70, "cidp", "recommended"),
        refused("late", 10, "sfn-idiopathic", "not_recommended"),
        order("late", 101, "cidp", "recommended"),
        order("not refused", 10, "sfn-idiopathic", "not_recommended"),
        order("not refused", 11, "cidp", "recommended"),
        Row { line_status: Some("denied".to_owned()), ..order("same day", 10, "", "other_use") },
        order("same day", 10, "cidp", "recommended"),
        order("before", 10, "cidp", "recommended"),
        refused("before", 11, "sfn-idiopathic", "not_recommended"),
    ])?;
    assert_eq!(shown(&course, "moved"), (2, 4, 2, Some((1, 2))));
    let rows = &course.patterns[2].instances[0];
    assert_eq!((rows.first_rows.as_str(), rows.last_rows.as_str()), ("sfn-idiopathic", "cidp"));
    assert_eq!((rows.orders, rows.days, rows.grams), (2, 30, Some(80_000)));
    Ok(())
}

#[test]
fn lines_of_one_day_show_unless_they_are_equal_or_taken_back() -> Outcome {
    let cidp = |patient, day| order(patient, day, "cidp", "recommended");
    let status = |row: Row, status: &str| Row { line_status: Some(status.to_owned()), ..row };
    let other = |row: Row| Row { product: Some("other".to_owned()), ..row };
    let rows = numbered(vec![
        cidp("two", 1),
        other(cidp("two", 1)),
        cidp("twice", 1),
        cidp("twice", 1),
        cidp("replaced", 1),
        status(cidp("replaced", 1), "replacement"),
        cidp("reversed", 1),
        status(cidp("reversed", 1), "reversed"),
        other(cidp("reversed", 1)),
        Row { grams: Some(-40_000), ..cidp("negative", 1) },
        cidp("negative", 1),
        cidp("negative", 1),
        status(cidp("refused", 1), "denied"),
        cidp("refused", 1),
    ]);
    let equal = [rows[0].clone(), rows[5].clone()].map(|row| Row { patient_id: Some("equal".to_owned()), ..row });
    let equal = [equal[0].clone(), equal[0].clone(), Row { patient_id: None, ..rows[2].clone() }];
    let rows: Vec<Row> = rows.into_iter().chain(equal).collect();
    let course = summary(&rows, &Limits::default())?.course;
    assert_eq!(shown(&course, "two"), (1, 2, 1, Some((1, 2))));
    assert_eq!(shown(&course, "twice"), (1, 2, 1, Some((3, 4))));
    Ok(())
}

#[test]
fn grams_add_up_over_any_365_days() -> Outcome {
    let cidp = |patient, day| order(patient, day, "cidp", "recommended");
    let course = course(vec![
        cidp("high", 0),
        cidp("high", 300),
        cidp("high", 364),
        cidp("high", 664),
        cidp("just not", 0),
        cidp("just not", 100),
        cidp("just not", 365),
        Row { grams: None, ..cidp("unknown", 1) },
        order("another threshold", 1, "mmn", "recommended"),
        order("another threshold", 2, "mmn", "recommended"),
        order("another threshold", 3, "mmn", "recommended"),
    ])?;
    assert_eq!(shown(&course, "high"), (1, 4, 1, Some((1, 4))));
    Ok(())
}

#[test]
fn a_patient_is_new_in_a_row_if_the_first_days_of_the_export_hold_no_order_of_it() -> Outcome {
    let cidp = |patient, day| order(patient, day, "cidp", "recommended");
    let rows = numbered(vec![
        cidp("from the start", 0),
        cidp("from the start", 200),
        cidp("early", 89),
        cidp("new", 90),
        cidp("new", 120),
        order("new in this row", 5, "mmn", "recommended"),
        cidp("new in this row", 150),
        Row { service_date: None, ..cidp("no date", 0) },
        Row { patient_id: None, ..cidp("nobody", 100) },
    ]);
    let summary = summary(&rows, &Limits::default())?;
    let group = summary.by_row.iter().find(|row| row.key == "cidp").ok_or("a row")?;
    let row = summary.course.of_row(group).ok_or("its course")?;
    assert_eq!(summary.course.new_from, NaiveDate::from_ymd_opt(2024, 3, 31));
    assert_eq!((row.new.patients, row.new.orders, row.new.grams), (2, 3, Some(120_000)));
    assert_eq!((row.continuing.patients, row.continuing.orders), (2, 3));
    // 40 g in 200 days; nobody else was observed for 90 days.
    let rate = GramsAYear { patients: 1, lower_quartile: 73, median: 73, upper_quartile: 73 };
    assert_eq!(row.grams_a_year, Some(rate));
    // What repeats another order is a matter of its own: no figure crosses it with the determinations.
    for partition in summary.partitions[1..].iter().filter(|partition| partition.name != REPEATS) {
        let columns = |name: &str| partition.columns.contains(&name);
        assert!(columns("determination") && columns("flag"), "{}", partition.name);
    }
    Ok(())
}

/// Orders of every pattern, of many patients and of one id that stands for nobody.
fn many(number: u64) -> Vec<Row> {
    let rows = ["mg-exacerbation", "gbs-adult", "cidp", "mmn", "sfn-idiopathic"];
    let row = |at: u64| {
        let says = if at % 5 == 4 { "not_recommended" } else { "recommended" };
        let mixed = at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let (patient, day) = (mixed % (number / 40 + 1), mixed / 65_536 % 700);
        let row = order(&format!("p{patient}"), day, rows[(at % 5) as usize], says);
        Row {
            product: Some(["one", "other"][usize::from(at.is_multiple_of(11))].to_owned()),
            auth_decision: (at.is_multiple_of(3)).then(|| "denied".to_owned()),
            line_status: (at.is_multiple_of(13)).then(|| "reversed".to_owned()),
            service_date: row.service_date.filter(|_| !at.is_multiple_of(17)),
            patient_id: row.patient_id.clone().filter(|_| !at.is_multiple_of(19)),
            grams: row.grams.filter(|_| !at.is_multiple_of(23)),
            ..row
        }
    };
    let placeholder =
        (0..ORDERS_OF_ONE_PATIENT as u64 + 9).map(|at| order("000000000", at % 700, "cidp", "recommended"));
    numbered((0..number).map(row).chain(placeholder).collect())
}

#[test]
fn parts_and_ranges_change_nothing() -> Outcome {
    let rows = many(20_000);
    let whole = summary(&rows, &Limits::default())?;
    assert!(whole.course.patterns.iter().all(|found| found.measures.patients > 0), "{:?}", whole.course.patterns);
    assert_eq!(whole.course.orders_of_crowds, ORDERS_OF_ONE_PATIENT as u64 + 9);
    for (part, memory) in [(7_919, 64 << 20), (1 << 15, 1 << 12)] {
        let found = summary(&rows, &Limits { part, memory })?;
        assert!(
            found.course == whole.course && found.partitions == whole.partitions,
            "parts of {part}, {memory} bytes"
        );
    }
    Ok(())
}

#[test]
fn the_page_withholds_a_pattern_of_few_patients_and_names_nobody() -> Outcome {
    let cidp = |patient: &str| (0..4).map(|at| order(patient, at * 80, "cidp", "recommended")).collect::<Vec<_>>();
    let high: Vec<Row> = (0..12).flat_map(|at| cidp(&format!("PTCANARY{at}"))).collect();
    let few = [order("PTCANARY0", 80, "cidp", "recommended"), order("PTCANARY1", 80, "cidp", "recommended")];
    let rows = numbered(high.into_iter().chain(few).collect());
    let summary = summary(&rows, &Limits::default())?;
    assert_eq!(shown(&summary.course, "high").0, 12);
    assert_eq!(shown(&summary.course, "twice"), (2, 4, 2, Some((2, 49))));
    let (counts, editions) = (orders::counts(&rows), Editions { newest: orders::appendix(), earlier: vec![] });
    let (ruleset, program, exclusions) = (orders::ruleset(), orders::program(), orders::exclusions());
    let inputs = orders::inputs(counts.records.read);
    let results = results(&summary, &counts, (&inputs, &ruleset, &program), &exclusions, &editions);
    let told = catalogue::disclosed(Audience::Committee, &results);
    let (page, document) = (html::render(&results, &told)?, json::render(&results, &told)?);
    let section = page.split("<section aria-labelledby=\"patterns\">").nth(1).ok_or("the section")?;
    let line = |id: &str| section.split("<tr>").find(|line| line.contains(&format!(">{id}</th>"))).unwrap_or_default();
    assert!(line("high").contains(">12<") && line("high").contains(">50<"), "{}", line("high"));
    assert_eq!(line("twice").matches(">withheld<").count(), 4, "{}", line("twice"));
    assert!(!page.contains("PTCANARY") && !document.contains("PTCANARY"));
    let document: serde_json::Value = serde_json::from_str(&document)?;
    assert_eq!(document["figures"]["patterns/twice"]["patients"], 2);
    assert_eq!(document["course"]["patterns"][4]["first_instances"][0]["last"]["record"], 49);
    Ok(())
}
