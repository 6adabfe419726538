//! The published files agree with each other and with the rows they come from,
//! and hold nothing that identifies a patient.

#![cfg(feature = "table")]

#[path = "report/colours.rs"]
mod colours;
#[path = "report/concordance.rs"]
mod concordance;
#[path = "report/course.rs"]
mod course;
#[path = "report/disclosure.rs"]
mod disclosure;
#[path = "report/duplicates.rs"]
mod duplicates;
#[path = "report/editions.rs"]
mod editions;
#[path = "report/ledger.rs"]
mod ledger;
#[path = "report/money.rs"]
mod money;
#[path = "report/orders.rs"]
mod orders;
#[path = "report/page.rs"]
mod page;
#[path = "report/parts.rs"]
mod parts;
#[path = "report/prescribers.rs"]
mod prescribers;
#[path = "report/sensitivity.rs"]
mod sensitivity;
#[path = "report/workbook.rs"]
mod workbook;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use ivig_audit::manifest::Counts;
use ivig_audit::report::csv::FindingsWriter;
use ivig_audit::report::disclosure::Audience;
use ivig_audit::report::facts::{Editions, Exclusion, Results};
use ivig_audit::report::{catalogue, html, json, metrics, waterfall};
use ivig_audit::summary::{CourseRules, Limits, Summary, TOP_FINDINGS, summarise_all};
use ivig_audit::table::Row;
use ivig_audit::table::parquet::ParquetAppender;
use orders::{ORDER_CANARY, PATIENT_CANARY};

type Outcome = Result<(), Box<dyn Error>>;

/// Everything that one run would publish about some rows.
struct Published {
    summary: Summary,
    counts: Counts,
    html: String,
    json: String,
    csv: Vec<u8>,
    prom: String,
    steps: Vec<waterfall::Step>,
}

fn publish(rows: &[Row]) -> Result<Published, Box<dyn Error>> {
    publish_counted(rows, orders::counts(rows))
}

fn publish_counted(rows: &[Row], counts: Counts) -> Result<Published, Box<dyn Error>> {
    publish_by(rows, counts, &Editions { newest: orders::appendix(), earlier: vec![] })
}

fn publish_by(rows: &[Row], counts: Counts, editions: &Editions) -> Result<Published, Box<dyn Error>> {
    publish_with(rows, counts, editions, &CourseRules::default())
}

fn publish_with(
    rows: &[Row],
    counts: Counts,
    editions: &Editions,
    rules: &CourseRules,
) -> Result<Published, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("assessments.parquet");
    let mut table = ParquetAppender::new(std::fs::File::create(&path)?)?;
    let mut csv = Vec::new();
    let mut findings = FindingsWriter::new(&mut csv)?;
    for wave in rows.chunks(64) {
        table.push(wave)?;
        findings.push(wave)?;
    }
    table.finish()?;
    findings.finish()?;
    let listed = |_: &str, code: &str| code.starts_with("G61").then(|| format!("Title of {code}"));
    let summary = summarise_all(&[path], &Limits::default(), rules, &listed)?;
    let (ruleset, program) = (orders::ruleset(), orders::program());
    let (inputs, exclusions) = (orders::inputs(counts.records.read), orders::exclusions());
    let results = results(&summary, &counts, (&inputs, &ruleset, &program), &exclusions, editions);
    let told = catalogue::disclosed(Audience::Committee, &results);
    let html = html::render(&results, &told)?;
    let json = json::render(&results, &told)?;
    let steps = waterfall::steps(&results);
    let prom = metrics::render(&metrics::Metrics {
        counts: &counts,
        ruleset: &ruleset,
        program: &program,
        finished: 1_790_000_000,
        milliseconds: 1_234,
    });
    Ok(Published { summary, counts, html, json, csv, prom, steps })
}

fn results<'run>(
    summary: &'run Summary,
    counts: &'run Counts,
    (inputs, ruleset, program): (
        &'run [ivig_audit::manifest::Input],
        &'run ivig_audit::manifest::Ruleset,
        &'run ivig_audit::manifest::Program,
    ),
    exclusions: &'run [Exclusion],
    editions: &'run Editions,
) -> Results<'run> {
    Results {
        summary,
        counts,
        records_known: true,
        inputs,
        ruleset,
        program,
        content_digest: "0badcafe",
        exclusions,
        editions,
        previous: None,
        notes: &[],
    }
}

/// The plain way to count, as an oracle for the queries.
fn counted(rows: &[Row], part: impl Fn(&Row) -> bool) -> (u64, u64, Option<i128>, Option<i128>) {
    let part: Vec<&Row> = rows.iter().filter(|row| part(row)).collect();
    let patients: BTreeSet<&str> = part.iter().filter_map(|row| row.patient_id.as_deref()).collect();
    let sum = |value: fn(&Row) -> Option<i64>| {
        let known: Vec<i128> = part.iter().filter_map(|row| value(row)).map(i128::from).collect();
        (!known.is_empty()).then(|| known.iter().sum())
    };
    (patients.len() as u64, part.len() as u64, sum(|row| row.grams), sum(|row| row.allowed))
}

#[test]
fn every_cut_of_the_summary_is_what_plain_counting_gives() -> Outcome {
    let rows = orders::orders(211, true);
    let summary = publish(&rows)?.summary;
    let figures =
        |measures: &ivig_audit::summary::Measures| (measures.patients, measures.orders, measures.grams, measures.money);
    assert_eq!(summary.money_column, Some("allowed"));
    assert_eq!(figures(&summary.totals), counted(&rows, |_| true));
    for group in &summary.by_determination {
        assert_eq!(figures(&group.measures), counted(&rows, |row| row.determination == group.key), "{}", group.key);
    }
    for group in &summary.by_flag {
        assert_eq!(figures(&group.measures), counted(&rows, |row| row.flag == group.key), "{}", group.key);
    }
    for group in &summary.by_row {
        let key = |row: &Row| match row.determination.as_str() {
            "recommended" | "consider" | "insufficient_evidence" | "not_recommended" => row.guideline_rows.join("|"),
            other => other.to_owned(),
        };
        assert_eq!(figures(&group.measures), counted(&rows, |row| key(row) == group.key), "{}", group.key);
        for flag in &group.by_flag {
            let expected = counted(&rows, |row| key(row) == group.key && row.flag == flag.key);
            assert_eq!(figures(&flag.measures), expected, "{} {}", group.key, flag.key);
        }
    }
    for group in &summary.not_settled {
        let expected =
            counted(&rows, |row| row.open == group.open && row.wanting.as_deref().unwrap_or_default() == group.wanting);
        assert_eq!(figures(&group.measures), expected);
    }
    assert!(summary.by_row.iter().any(|group| group.key == "sfn-ts-hds|sfn-fgfr3"), "the sample holds a joined row");
    assert_eq!(summary.orders_without_patient, rows.iter().filter(|row| row.patient_id.is_none()).count() as u64);
    let dates: Vec<_> = rows.iter().filter_map(|row| row.service_date).collect();
    assert_eq!(summary.period, dates.iter().min().copied().zip(dates.iter().max().copied()));
    let mut warned: BTreeMap<&str, u64> = BTreeMap::new();
    rows.iter().flat_map(|row| &row.warnings).for_each(|code| *warned.entry(code).or_default() += 1);
    assert_eq!(
        summary.warnings.iter().map(|(code, number)| (code.as_str(), *number)).collect::<BTreeMap<_, _>>(),
        warned
    );
    Ok(())
}

#[test]
fn the_top_findings_are_those_with_the_most_money() -> Outcome {
    let rows = orders::orders(211, true);
    let mut expected: Vec<&Row> = rows.iter().filter(|row| row.flag != "clear").collect();
    let amount = |row: &Row| (row.allowed.map_or(i64::MIN, |cents| cents), row.grams.map_or(i64::MIN, |grams| grams));
    expected.sort_by(|one, other| amount(other).cmp(&amount(one)).then(one.record.cmp(&other.record)));
    let top = publish(&rows)?.summary.top_findings;
    assert_eq!(top.len(), TOP_FINDINGS);
    for (found, row) in top.iter().zip(expected) {
        assert_eq!((found.record, &found.flag, &found.rows), (row.record, &row.flag, &row.guideline_rows));
        assert_eq!((&found.determination, &found.would_change), (&row.determination, &row.would_change));
    }
    Ok(())
}

#[test]
fn html_json_csv_and_metrics_give_the_same_totals() -> Outcome {
    let rows = orders::orders(1_211, true);
    let published = publish(&rows)?;
    let json: serde_json::Value = serde_json::from_str(&published.json)?;
    let csv_rows = csv::Reader::from_reader(published.csv.as_slice()).records().count() as u64;
    let findings = published.summary.orders_flagged("flagged") + published.summary.orders_flagged("review");
    assert_eq!(csv_rows, findings);
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["totals"]["orders"], published.counts.orders.total);
    for (name, number) in &published.counts.orders.by_determination {
        assert_eq!(json["by_determination"][name]["orders"], *number, "{name}");
        assert!(
            published.prom.contains(&format!("ivig_audit_orders{{determination=\"{name}\"}} {number}\n")),
            "{name}"
        );
    }
    for (name, number) in &published.counts.orders.by_flag {
        assert_eq!(json["by_flag"][name]["orders"], *number, "{name}");
        assert!(published.prom.contains(&format!("ivig_audit_orders_by_flag{{flag=\"{name}\"}} {number}\n")), "{name}");
    }
    assert_eq!(json["records"]["read"], published.counts.records.read);
    let total = &published.html[published.html.find("All orders").ok_or("the total line")?..];
    let cells: Vec<&str> =
        total.split("<td").skip(1).take(7).filter_map(|cell| cell.split(['>', '<']).nth(1)).collect();
    let (patients, orders, grams, money) = counted(&rows, |_| true);
    let rounded =
        |minor: Option<i128>, unit: i128| grouped(minor.map(|minor| (minor + unit / 2) / unit).unwrap_or_default());
    assert_eq!(cells[0], grouped(patients.into()));
    assert_eq!(cells[1], grouped(orders.into()));
    assert_eq!(cells[3], rounded(grams, 1000));
    assert_eq!(cells[5], rounded(money, 100));
    Ok(())
}

fn grouped(number: i128) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|part| std::str::from_utf8(part).ok()).collect();
    parts.join(",")
}

#[test]
fn the_waterfall_adds_up() -> Outcome {
    let published = publish(&orders::orders(211, true))?;
    let mut before: BTreeMap<&str, u64> = BTreeMap::new();
    for step in &published.steps {
        let leaves: u64 = step.leaves.iter().map(|(_, number)| number).sum();
        if let Some(remained) = before.insert(step.unit, step.remains) {
            assert_eq!(remained - leaves, step.remains, "{}", step.id);
        }
    }
    let remains = |id: &str| published.steps.iter().find(|step| step.id == id).map(|step| step.remains);
    assert_eq!(remains("in-scope"), Some(published.counts.records.in_scope));
    assert_eq!(remains("orders"), Some(published.summary.totals.orders));
    let flagged_when_settled = published.summary.by_determination_and_flag.iter().filter(|each| {
        each.flag == "flagged" && !["indeterminate", "no_diagnosis"].contains(&each.determination.as_str())
    });
    assert_eq!(remains("flagged"), Some(flagged_when_settled.map(|each| each.measures.orders).sum()));
    Ok(())
}

#[test]
fn no_identifier_and_no_markup_of_a_record_reaches_the_page() -> Outcome {
    let published = publish(&orders::orders(211, true))?;
    for (name, text) in [("html", &published.html), ("json", &published.json), ("prom", &published.prom)] {
        for canary in [PATIENT_CANARY, ORDER_CANARY, "PRCANARY"] {
            assert!(!text.contains(canary), "{canary} in {name}");
        }
    }
    assert!(String::from_utf8(published.csv)?.contains(PATIENT_CANARY), "the canary is alive");
    assert!(!published.html.contains("<b>antibody"), "a list item is escaped");
    assert!(published.html.contains("antibody&#60;/b&#62;") || published.html.contains("antibody&lt;/b&gt;"));
    let lower = published.html.to_lowercase();
    for forbidden in ["<script", "javascript:", "http://", "https://", " onclick", "denied", "deny", "url(http"] {
        assert!(!lower.contains(forbidden), "{forbidden}");
    }
    Ok(())
}

#[test]
fn formula_cells_are_disarmed_in_the_csv() -> Outcome {
    let published = publish(&orders::orders(211, true))?;
    let mut reader = csv::Reader::from_reader(published.csv.as_slice());
    let order_id = reader.headers()?.iter().position(|name| name == "order_id").ok_or("no order_id")?;
    for record in reader.records() {
        let record = record?;
        assert!(record[order_id].starts_with("'=1+"));
        assert!(record.iter().all(|cell| !cell.starts_with(['=', '+', '@', '\t', '\r', '\n'])));
    }
    Ok(())
}

#[test]
fn the_page_is_well_formed_and_prints_a_missing_figure_as_missing() -> Outcome {
    let published = publish(&orders::orders(211, false))?;
    assert_eq!(published.summary.money_column, None);
    assert!(published.html.contains(">not in the export<"));
    balanced(&published.html)?;
    let ids: Vec<&str> = published.html.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "ids are unique");
    for target in published.html.split("href=\"#").skip(1).filter_map(|part| part.split('"').next()) {
        assert!(ids.contains(&target), "{target}");
    }
    Ok(())
}

/// Every element that is opened is closed in its order.
fn balanced(html: &str) -> Outcome {
    let body = html.split("</style>").nth(1).ok_or("a style")?;
    let mut open: Vec<&str> = vec!["html", "head"];
    for tag in body.split('<').skip(1).filter_map(|part| part.split('>').next()) {
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        if tag.ends_with('/') || ["br", "meta"].contains(&name) {
            continue;
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    Ok(())
}

#[test]
fn an_export_without_any_order_still_gives_a_page() -> Outcome {
    let published = publish(&[])?;
    assert_eq!(published.summary.totals.orders, 0);
    assert!(published.html.contains("No order was flagged"));
    balanced(&published.html)
}

#[test]
fn the_page_stays_small_with_many_findings() -> Outcome {
    let mut rows = orders::orders(100_000, true);
    for row in &mut rows {
        row.flag = "flagged".to_owned();
    }
    let published = publish(&rows)?;
    assert_eq!(published.summary.top_findings.len(), TOP_FINDINGS);
    assert!(published.html.len() < 2 << 20, "{} bytes", published.html.len());
    Ok(())
}

#[test]
fn the_same_rows_give_the_same_bytes() -> Outcome {
    let rows = orders::orders(2_000, true);
    let (one, other) = (publish(&rows)?, publish(&rows)?);
    assert!(one.html == other.html && one.json == other.json && one.csv == other.csv);
    assert_eq!(one.summary, other.summary);
    Ok(())
}
