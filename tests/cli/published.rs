//! The files of one run, read again as the same figures: each file by a reader of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calamine::{Data, DataType, Reader, Xlsx, open_workbook};
use ivig_audit::table::parquet::read_columns;
use serde_json::Value;

use crate::command::json;

/// What some orders amount to; grams in thousandths, money in cents, nothing where no order has any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    pub patients: u64,
    pub orders: u64,
    pub grams: Option<i128>,
    pub billed: Option<i128>,
    pub allowed: Option<i128>,
    pub paid: Option<i128>,
}

/// One order or finding by the names of the table's columns, without those that are empty.
pub type Order = BTreeMap<String, String>;

/// The totals of some orders, added up one after the other.
pub fn totals<'it>(orders: impl IntoIterator<Item = &'it Order>) -> Totals {
    let mut found = Totals::default();
    let mut patients = BTreeSet::new();
    for order in orders {
        found.orders += 1;
        patients.extend(order.get("patient_id"));
        let Totals { grams, billed, allowed, paid, .. } = &mut found;
        for (name, sum, places) in
            [("grams", grams, 3), ("billed", billed, 2), ("allowed", allowed, 2), ("paid", paid, 2)]
        {
            if let Some(text) = order.get(name) {
                *sum = Some(sum.unwrap_or(0) + minor(text, places));
            }
        }
    }
    found.patients = patients.len() as u64;
    found
}

/// A decimal in its smallest unit.
pub fn minor(text: &str, places: usize) -> i128 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    assert!(part.len() <= places || part[places..].bytes().all(|digit| digit == b'0'), "{text}");
    format!("{whole}{part:0<places$.places$}").parse().unwrap_or_else(|_| panic!("{text}"))
}

/// The columns that are compared.
const COLUMNS: [&str; 14] = [
    "record",
    "slot",
    "order_id",
    "claim_id",
    "patient_id",
    "determination",
    "flag",
    "certainty",
    "ruleset",
    "grams",
    "billed",
    "allowed",
    "paid",
    "source_file",
];

/// The orders of `assessments.parquet`, with the rows that they rest on.
pub fn table(run: &Path) -> Vec<Order> {
    let names = [&COLUMNS[..], &["guideline_rows"]].concat();
    let frame = read_columns(&run.join("assessments.parquet"), &names).unwrap();
    let mut orders = vec![Order::new(); frame.height()];
    for name in COLUMNS {
        let column = frame.column(name).unwrap();
        for (at, order) in orders.iter_mut().enumerate() {
            let cell = column.get(at).unwrap();
            if !cell.is_null() {
                order.insert(name.to_owned(), cell.str_value().into_owned());
            }
        }
    }
    let lists = frame.column("guideline_rows").unwrap().list().unwrap();
    for (at, order) in orders.iter_mut().enumerate() {
        let list = lists.get_as_series(at).unwrap_or_default();
        let rows: Vec<String> = (0..list.len()).map(|at| list.get(at).unwrap().str_value().into_owned()).collect();
        if !rows.is_empty() {
            order.insert("guideline_rows".to_owned(), rows.join("|"));
        }
    }
    orders
}

/// The findings of `findings.csv`, as the table holds them.
pub fn listed(run: &Path) -> Vec<Order> {
    let mut reader = csv::Reader::from_path(run.join("findings.csv")).unwrap();
    let heads = reader.headers().unwrap().clone();
    let order = |record: csv::StringRecord| {
        let cells = heads.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(head, cell)| (head.to_owned(), cell.strip_prefix('\'').unwrap_or(cell).to_owned())).collect()
    };
    reader.records().map(|record| order(record.unwrap())).collect()
}

/// The sheets of `findings.xlsx`, each as rows of texts and numbers.
pub struct Workbook(BTreeMap<String, Vec<Vec<Data>>>);

impl Workbook {
    pub fn open(run: &Path) -> Self {
        let mut book: Xlsx<_> = open_workbook(run.join("findings.xlsx")).unwrap();
        let mut sheets = BTreeMap::new();
        for name in book.sheet_names() {
            let range = book.worksheet_range(&name).unwrap();
            sheets.insert(name, range.rows().map(<[Data]>::to_vec).collect());
        }
        Self(sheets)
    }

    /// The rows of a list, those of the sheets that it goes on in too, each by the words of its header.
    pub fn list(&self, name: &str) -> Vec<BTreeMap<String, Data>> {
        let goes_on = |sheet: &&String| sheet.strip_prefix(name).is_some_and(|rest| rest.trim().parse::<u32>().is_ok());
        let mut sheets: Vec<&String> = self.0.keys().filter(|sheet| *sheet == name || goes_on(sheet)).collect();
        sheets.sort_by_key(|sheet| (sheet.len(), *sheet));
        let rows = |sheet: &&String| {
            let (heads, rows) = self.0[*sheet].split_first().unwrap();
            let named = |row: &Vec<Data>| heads.iter().map(ToString::to_string).zip(row.iter().cloned()).collect();
            rows.iter().map(named).collect::<Vec<_>>()
        };
        sheets.iter().flat_map(rows).collect()
    }

    /// The lines of a sheet below the first one that begins with a text, until one begins with nothing.
    pub fn below(&self, sheet: &str, head: &str) -> Vec<Vec<Data>> {
        let rows = self.0[sheet].iter().skip_while(|row| row[0].get_string() != Some(head)).skip(1);
        rows.take_while(|row| !row[0].is_empty()).cloned().collect()
    }
}

/// A number of a workbook in its smallest unit; nothing if the cell is empty.
pub fn number(cell: &Data, places: u32) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "whole cents and thousandths of a gram")]
    cell.as_f64().map(|value| (value * f64::from(10_u32.pow(places))).round() as i128)
}

/// What `summary.json` says of some orders: four measures, and the amounts where it holds them.
pub fn stated(figures: &Value, amounts: &Value) -> Totals {
    let whole = |name: &str| figures[name].as_u64().unwrap_or_else(|| panic!("no {name} in {figures}"));
    let decimal = |of: &Value, name: &str, places| of[name].as_str().map(|text| minor(text, places));
    Totals {
        patients: whole("patients"),
        orders: whole("orders"),
        grams: decimal(figures, "grams", 3),
        billed: decimal(amounts, "billed", 2),
        allowed: decimal(amounts, "allowed", 2),
        paid: decimal(amounts, "paid", 2),
    }
}

pub fn summary(run: &Path) -> Value {
    json(&run.join("summary.json"))
}

/// A cell of the page's tables: the figure that it names, if any, and its text.
#[derive(Debug, Clone)]
pub struct Cell {
    pub figure: Option<String>,
    pub text: String,
}

/// `report.html`: its tables by the labels of their regions, each as lines of cells.
pub struct Page {
    pub text: String,
    tables: Vec<(String, Vec<Vec<Cell>>)>,
}

impl Page {
    pub fn open(run: &Path) -> Self {
        let text = std::fs::read_to_string(run.join("report.html")).unwrap();
        let tables = text.split("role=\"region\" aria-label=\"").skip(1).map(|region| {
            let (label, region) = region.split_once('"').unwrap();
            let table = region.split("</table>").next().unwrap();
            let is_cell = |part: &&str| part.starts_with(['d', 'h']) && !part.starts_with("head");
            let line = |line: &str| line.split("<t").skip(1).filter(is_cell).map(cell).collect();
            (unescaped(label), table.split("<tr").skip(1).map(line).collect())
        });
        let tables = tables.collect();
        Self { text, tables }
    }

    /// The lines of a table.
    pub fn table(&self, label: &str) -> &[Vec<Cell>] {
        let found = self.tables.iter().find(|(each, _)| each == label);
        &found.unwrap_or_else(|| panic!("no table {label}")).1
    }

    /// The texts of a table's line in which a cell names a figure.
    pub fn line(&self, label: &str, figure: &str) -> Option<Vec<&str>> {
        let names = |cell: &Cell| cell.figure.as_deref() == Some(figure);
        let line = self.table(label).iter().find(|line| line.iter().any(names))?;
        Some(line.iter().map(|cell| cell.text.as_str()).collect())
    }

    /// Every element that names a figure, wherever it stands, with its text.
    pub fn figures(&self) -> Vec<(String, String)> {
        let named = self.text.split("data-figure=\"").skip(1).map(|rest| {
            let (id, rest) = rest.split_once('"').unwrap();
            let text = rest.split_once('>').unwrap().1;
            (unescaped(id), plain(text.trim_start_matches("<strong>").split('<').next().unwrap()))
        });
        named.collect()
    }
}

/// A cell from what stands behind its `<t`.
fn cell(element: &str) -> Cell {
    let (head, body) = element.split_once('>').unwrap();
    let figure = head.split_once("data-figure=\"").map(|(_, rest)| unescaped(rest.split('"').next().unwrap()));
    let end = body.find("</td>").or_else(|| body.find("</th>")).unwrap_or(body.len());
    Cell { figure, text: plain(&body[..end]) }
}

/// A text of the page without its elements, and without the spaces around it.
fn plain(text: &str) -> String {
    let mut found = String::new();
    for part in text.split('<') {
        found.push_str(part.split_once('>').map_or(if found.is_empty() { part } else { "" }, |(_, rest)| rest));
    }
    unescaped(found.trim())
}

fn unescaped(text: &str) -> String {
    let mut found = text.to_owned();
    for (code, sign) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ] {
        found = found.replace(code, sign);
    }
    found
}
