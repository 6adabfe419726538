//! One run, read from all five of its reports: the page, the workbook, the list, the summary and the table.
//!
//! The table is counted again order by order; what the other four say must be that, to the cent and the milligram. The
//! page rounds, and withholds exactly the figures that `summary.json` calls withheld.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calamine::{Data, DataType};

use crate::command::{audit, code, json, latest, repository, stderr};
use crate::export::Exporter;
use crate::export::settings::Settings;
use crate::published::{Order, Page, Totals, Workbook, listed, number, stated, summary, table, totals};

const DETERMINATIONS: [(&str, &str); 8] = [
    ("recommended", "Recommended"),
    ("consider", "Should be considered"),
    ("insufficient_evidence", "Insufficient evidence"),
    ("not_recommended", "Not recommended"),
    ("indeterminate", "Indeterminate"),
    ("other_use", "Other use, outside the statement"),
    ("not_addressed", "Not addressed by the statement"),
    ("no_diagnosis", "No usable diagnosis"),
];

const FLAGS: [(&str, &str); 3] = [("flagged", "Flagged"), ("review", "For review"), ("clear", "Clear")];

/// The determinations of which the report tells rows apart.
const DEFINITE: [&str; 4] = ["recommended", "consider", "insufficient_evidence", "not_recommended"];

const WITHHELD: &str = "withheld";

/// The orders of one run and its reports, each read by itself.
struct Run {
    orders: Vec<Order>,
    findings: Vec<Order>,
    workbook: Workbook,
    summary: serde_json::Value,
    page: Page,
    /// The column that stands for money.
    money: String,
}

/// A line of the table by guideline row: ruleset, determination, rows.
type RowKey = [String; 3];

impl Run {
    fn open(run: &Path) -> Self {
        let summary = summary(run);
        let money = summary["money_column"].as_str().unwrap().to_owned();
        let (orders, findings) = (table(run), listed(run));
        Self { orders, findings, workbook: Workbook::open(run), page: Page::open(run), summary, money }
    }

    fn having(&self, column: &str, value: &str) -> Totals {
        totals(self.orders.iter().filter(|order| order[column] == value))
    }

    fn money(&self, totals: &Totals) -> Option<i128> {
        match self.money.as_str() {
            "allowed" => totals.allowed,
            "paid" => totals.paid,
            _ => totals.billed,
        }
    }

    fn by_row(&self) -> BTreeMap<RowKey, Vec<&Order>> {
        let mut rows: BTreeMap<RowKey, Vec<&Order>> = BTreeMap::new();
        for order in &self.orders {
            let determination = order["determination"].clone();
            let is_definite = DEFINITE.contains(&determination.as_str());
            let rows_of = order.get("guideline_rows").filter(|_| is_definite).unwrap_or(&determination).clone();
            let ruleset = if is_definite { order["ruleset"].clone() } else { String::new() };
            rows.entry([ruleset, determination, rows_of]).or_default().push(order);
        }
        rows
    }

    fn is_withheld(&self, figure: &str) -> bool {
        self.summary["figures"][figure]["withheld"].as_bool().unwrap_or_else(|| panic!("no figure {figure}"))
    }
}

/// `summary.json` says of every cut what the table comes to.
fn summary_agrees(run: &Run) {
    let of = &run.summary;
    let by = |cut: &str, key: &str| stated(&of[format!("by_{cut}")][key], &of["amounts"][format!("by_{cut}")][key]);
    assert_eq!(stated(&of["totals"], &of["amounts"]["all"]), totals(&run.orders));
    for (code, _) in DETERMINATIONS {
        assert_eq!(by("determination", code), run.having("determination", code), "{code}");
    }
    for (code, _) in FLAGS {
        assert_eq!(by("flag", code), run.having("flag", code), "{code}");
    }
    let stated_rows = of["by_guideline_row"].as_array().unwrap();
    let counted = run.by_row();
    assert_eq!(stated_rows.len(), counted.len());
    for row in stated_rows {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let key = [text("ruleset"), text("determination"), text("guideline_rows")];
        let orders = &counted[&key];
        let found = totals(orders.iter().copied());
        let said = stated(row, &serde_json::Value::Null);
        assert_eq!((said.patients, said.orders, said.grams), (found.patients, found.orders, found.grams), "{key:?}");
        let money = row["money"].as_str().map(|text| crate::published::minor(text, 2));
        assert_eq!(money, run.money(&found), "{key:?}");
        for (flag, _) in FLAGS {
            let flagged = orders.iter().filter(|order| order["flag"] == flag).count();
            assert_eq!(row["orders_by_flag"][flag], flagged, "{key:?} {flag}");
        }
    }
}

/// `findings.csv` holds each finding of the table once, as it stands there.
fn list_agrees(run: &Run) {
    let findings: Vec<&Order> = run.orders.iter().filter(|order| order["flag"] != "clear").collect();
    assert_eq!(run.findings.len(), findings.len());
    for (listed, order) in run.findings.iter().zip(findings) {
        for (column, value) in order {
            assert_eq!(listed.get(column), Some(value), "{column} of record {}", order["record"]);
        }
        let more = ["patient_id", "grams", "billed", "allowed", "paid"]
            .iter()
            .find(|column| listed.contains_key(**column) && !order.contains_key(**column));
        assert_eq!(more, None, "record {}", order["record"]);
    }
}

/// Patients, orders, grams and money of a line of the workbook, from a column on.
fn measured(cells: &[Data]) -> [Option<i128>; 4] {
    [number(&cells[0], 0), number(&cells[1], 0), number(&cells[2], 3), number(&cells[3], 2)]
}

/// `findings.xlsx`: its worklist is the list, and its sums are those of the table.
fn workbook_agrees(run: &Run) {
    let expected = |found: &Totals| {
        [Some(i128::from(found.patients)), Some(i128::from(found.orders)), found.grams, run.money(found)]
    };
    for (head, column, words) in
        [("By determination", "determination", &DETERMINATIONS[..]), ("By flag", "flag", &FLAGS[..])]
    {
        let lines = run.workbook.below("Summary", head);
        for (code, label) in words {
            let line = lines.iter().find(|line| line[0].get_string() == Some(label) && line[1].is_empty());
            let found = run.having(column, code);
            let said = line.map_or([None; 4], |line| measured(&line[2..6]));
            let zero = |value: Option<i128>| value.unwrap_or_default();
            assert_eq!(said.map(zero), expected(&found).map(zero), "{label}");
        }
        if column == "determination" {
            let all = lines.iter().find(|line| line[0].get_string() == Some("All orders")).unwrap();
            assert_eq!(measured(&all[2..6]), expected(&totals(&run.orders)));
        }
    }
    let lines = run.workbook.below("By row", "Guideline row");
    let rows = run.by_row();
    assert_eq!(lines.len(), rows.len());
    for (key, orders) in rows {
        let ids = key[2].replace('|', "; ");
        let label = DETERMINATIONS.iter().find(|(code, _)| *code == key[1]).unwrap().1;
        let is_it = |line: &&Vec<Data>| match key[0].as_str() {
            "" => line[0].get_string() == Some(label) && line[2].is_empty(),
            ruleset => {
                line[1].get_string() == Some(&ids)
                    && line[2].get_string() == Some(ruleset)
                    && line[3].get_string() == Some(label)
            }
        };
        let line = lines.iter().find(is_it).unwrap_or_else(|| panic!("no line for {key:?}"));
        assert_eq!(measured(&line[5..9]), expected(&totals(orders.iter().copied())), "{key:?}");
        for (at, (flag, _)) in (9..).zip(FLAGS) {
            let flagged = orders.iter().filter(|order| order["flag"] == flag).count() as i128;
            assert_eq!(number(&line[at], 0), Some(flagged), "{key:?} {flag}");
        }
    }
    worklist_agrees(run);
}

fn worklist_agrees(run: &Run) {
    let worklist = run.workbook.list("Worklist");
    let mut expected: BTreeMap<(String, String, String), &Order> = BTreeMap::new();
    for finding in &run.findings {
        let slot = finding.get("slot").cloned().unwrap_or_default();
        expected.insert((finding["source_file"].clone(), finding["record"].clone(), slot), finding);
    }
    assert_eq!((expected.len(), worklist.len()), (run.findings.len(), run.findings.len()));
    for line in worklist {
        let text = |head: &str| line[head].to_string();
        let finding = expected.remove(&(text("File"), text("Record"), text("Slot"))).unwrap();
        for (head, column) in [("Order or line", "order_id"), ("Claim", "claim_id"), ("Patient", "patient_id")] {
            assert_eq!(text(head), finding.get(column).cloned().unwrap_or_default());
        }
        for (head, column, words) in
            [("Determination", "determination", &DETERMINATIONS[..]), ("Flag", "flag", &FLAGS[..])]
        {
            let said = words.iter().find(|(code, _)| *code == finding[column]).map(|(_, words)| *words);
            assert_eq!(Some(text(head).as_str()), said);
        }
        for (head, column, places) in
            [("Grams", "grams", 3), ("Billed", "billed", 2), ("Allowed", "allowed", 2), ("Paid", "paid", 2)]
        {
            let exact = finding.get(column).map(|text| crate::published::minor(text, places));
            assert_eq!(number(&line[head], places as u32), exact, "{head} of record {}", finding["record"]);
        }
    }
}

/// A number with thousands apart, as the page prints it.
fn grouped(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let parts: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap()).collect();
    format!("{}{}", if number < 0 { "−" } else { "" }, parts.join(","))
}

/// A sum in whole units, rounded half up; of no value what the page calls it.
fn rounded(sum: Option<i128>, unit: i128, missing: &str) -> String {
    let round = |sum: i128| grouped((sum.abs() + unit / 2) / unit * sum.signum());
    sum.map_or_else(|| missing.to_owned(), round)
}

/// Patients, orders, grams and money as the page prints them of a figure.
fn printed(run: &Run, figure: &str, found: &Totals) -> [String; 4] {
    if run.is_withheld(figure) {
        return [WITHHELD; 4].map(str::to_owned);
    }
    let none = found.orders == 0;
    [
        grouped(found.patients.into()),
        grouped(found.orders.into()),
        rounded(found.grams, 1_000, if none { "0" } else { "not in the export" }),
        rounded(run.money(found), 100, if none { "0" } else { "no amount" }),
    ]
}

/// Whether an amount stands for few orders anywhere in a part of the summary, so that its column may be withheld.
fn few_have(part: &serde_json::Value, name: &str) -> bool {
    let of_few = part[format!("orders_with_{name}")].as_u64().is_some_and(|orders| (1..=10).contains(&orders));
    let inside = part.as_object().into_iter().flatten().map(|(_, part)| part);
    of_few || inside.chain(part.as_array().into_iter().flatten()).any(|part| few_have(part, name))
}

/// The lines of the page's main tables are those of the table, but for what is withheld.
fn page_agrees(run: &Run) {
    let of_line = |label: &str, figure: &str, places: [usize; 4]| {
        let line = run.page.line(label, figure).unwrap_or_else(|| panic!("no line {figure} in {label}"));
        places.map(|at| line[at].to_owned())
    };
    for (label, cut, words) in
        [("By determination", "determination", &DETERMINATIONS[..]), ("By flag", "flag", &FLAGS[..])]
    {
        for (code, _) in words {
            let (figure, found) = (format!("by_{cut}/{code}"), run.having(cut, code));
            assert_eq!(of_line(label, &figure, [1, 2, 4, 6]), printed(run, &figure, &found), "{figure}");
        }
    }
    let all = totals(&run.orders);
    assert_eq!(of_line("By determination", "all", [1, 2, 4, 6]), printed(run, "all", &all));
    let amounts = of_line("Billed, allowed and paid amounts", "all", [1, 2, 3, 4]);
    assert_eq!(amounts[0], grouped(all.orders.into()));
    for (text, (name, sum)) in
        amounts[1..].iter().zip([("billed", all.billed), ("allowed", all.allowed), ("paid", all.paid)])
    {
        let is_of_few = few_have(&run.summary["amounts"], name) || few_have(&run.summary["ledger"], name);
        let exact = rounded(sum, 100, "not in the export");
        assert!(*text == exact || is_of_few && text == WITHHELD, "{name}: {text}, {exact}");
    }
    let rows = run.by_row();
    let on_page = rows.iter().filter(|([ruleset, determination, rows], orders)| {
        let figure = format!("by_row/{ruleset}/{determination}/{rows}");
        let found = totals(orders.iter().copied());
        let Some(line) = run.page.line("By guideline row", &figure) else { return false };
        let places = [3, 4, line.len() - 2, line.len() - 1];
        assert_eq!(places.map(|at| line[at].to_owned()), printed(run, &figure, &found), "{figure}");
        true
    });
    assert_eq!(on_page.count(), rows.len().min(60), "every line, or as many as a list of the page has");
}

/// Whatever names a figure shows it as `summary.json` has it, or withholds it where that says so; small ones are withheld.
fn withholds_what_it_says(run: &Run) {
    let figures = run.summary["figures"].as_object().unwrap();
    let (mut shown, mut withheld) = (BTreeSet::new(), BTreeSet::new());
    for (figure, text) in run.page.figures() {
        let of = figures.get(&figure).unwrap_or_else(|| panic!("{figure} is in no summary"));
        // Prescribers and sites are compared by patients, all else is counted in orders.
        let of_peers = ["by_prescriber", "by_site", "prescribers/", "sites/"].iter().any(|cut| figure.starts_with(cut));
        let names = if of_peers { &["orders", "patients"][..] } else { &["orders"] };
        let mut counts = names.iter().map(|name| grouped(of[*name].as_u64().unwrap().into()));
        // What leaves at a step stands with a sign before it.
        let first = text.trim_start_matches('−').split(' ').next().unwrap_or_default();
        if of["withheld"] == true {
            assert!(text.starts_with(WITHHELD), "{figure}: {text}");
            withheld.insert(figure);
        } else {
            assert!(counts.any(|count| count == first), "{figure}: {text}, {of}");
            shown.insert(figure);
        }
    }
    assert!(!shown.is_empty() && !withheld.is_empty(), "{} shown, {} withheld", shown.len(), withheld.len());
    for (figure, of) in figures {
        let is_small = ["orders", "patients", "orders_with_grams", "orders_with_money"]
            .iter()
            .any(|name| (1..=10).contains(&of[name].as_u64().unwrap()));
        assert!(!is_small || of["withheld"] == true, "{figure} is small and shown");
        assert!(of["orders"] != 0 || of["withheld"] == false, "{figure} is nobody's and withheld");
    }
}

/// Records that could not be read are as many in every file that counts them.
fn rejections_agree(run: &Run, dir: &Path) {
    let rejected: u64 =
        run.summary["records"]["rejected"].as_object().unwrap().values().filter_map(serde_json::Value::as_u64).sum();
    assert!(rejected > 0, "a sample without rejected records shows nothing");
    let lines = csv::Reader::from_path(dir.join("rejected.csv")).unwrap().records().count() as u64;
    assert_eq!((lines, run.workbook.list("Rejected").len() as u64), (rejected, rejected));
    let read = run.summary["records"]["read"].as_u64().unwrap();
    let caption = format!("Records that could not be read: {} of {}", grouped(rejected.into()), grouped(read.into()));
    assert!(run.page.text.contains(&caption), "{caption}");
    assert_eq!(json(&dir.join("manifest.json"))["counts"]["records"]["rejected"], run.summary["records"]["rejected"]);
}

fn agrees(inputs: &[&str], more: &[&str]) {
    let out = tempfile::tempdir().unwrap();
    let output = audit(inputs, out.path(), more);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let dir = latest(out.path());
    let run = Run::open(&dir);
    summary_agrees(&run);
    list_agrees(&run);
    workbook_agrees(&run);
    page_agrees(&run);
    withholds_what_it_says(&run);
    rejections_agree(&run, &dir);
}

/// Writes a generated export and gives its path.
fn generated(dir: &Path, command: &str) -> String {
    let settings = Settings::parse(command.split_whitespace().map(str::to_owned)).unwrap();
    let path = dir.join(format!("{}.csv", command.split(' ').next().unwrap()));
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    Exporter::new(&settings).unwrap().write(&mut file, None).unwrap();
    path.display().to_string()
}

#[test]
fn all_five_reports_of_a_run_over_the_demo_exports_agree() {
    agrees(&[&repository("fixtures/demo/orders.csv"), &repository("fixtures/demo/claims.csv")], &[]);
}

#[test]
fn all_five_reports_of_a_run_over_generated_exports_agree() {
    let dir = tempfile::tempdir().unwrap();
    let claims = "claims --records 26000 --seed 61 --dirt 60 --in-scope-per-mille 250 --prescribers 40 --sites 7";
    let orders = "orders --records 6000 --seed 62 --dirt 60 --other-means 80";
    let (claims, orders) = (generated(dir.path(), claims), generated(dir.path(), orders));
    agrees(&[&claims], &["--max-rejected", "20"]);
    agrees(&[&orders, &claims], &["--max-rejected", "20", "--rules", "in-force"]);
}
