//! Names, ids and texts planted in copies of the demo exports, in every column of text and in records that are
//! rejected: they are in the auditors' files, and nowhere else, whatever is run and however it ends.

use std::path::{Path, PathBuf};
use std::process::Output;

use crate::command::{audit, code, latest, program, repository, run, stderr, stdout};

/// Part of every planted value. No path of the tests holds it.
const CANARY: &str = "CANARY";

/// A name, a number of a patient and an amount, which are told by themselves.
const ALSO: [&str; 4] = ["SMITHSON", "777000111", "98765432", "98,765,432"];

/// The name of a column that nothing reads.
const HEADER: &str = "CANARYHEADER notes of Jane Smithson";

/// What stands in the demo exports, and what stands there instead: each column of ids and text has its own canary.
const PLANTED: [(&str, &str); 26] = [
    ("O000", "CANARYORDER-O000"),
    ("L0000", "CANARYLINE-L0000"),
    ("C0000", "CANARYCLAIM-C0000"),
    ("P0000", "CANARYMRN-777000111-P0000"),
    ("98000000", "CANARYNPI-98000000"),
    (",F000", ",CANARYSITE-F000"),
    ("PAYER-", "CANARYPAYER-"),
    ("U00", "CANARYUSER-U00"),
    ("CLINIC", "CANARYCLINIC"),
    ("every 4 weeks", "every CANARYWEEKS weeks"),
    ("standard benefit", "CANARYPLAN of Jane Smithson"),
    ("SYNTHETIC/", "CANARYBATCH/"),
    (",A1", ",CANARYAUTH-A1"),
    (",A2", ",CANARYAUTH-A2"),
    ("CIDP", "CIDP, Jane Smithson, CANARYTEXT"),
    ("MG, stable", "MG, stable, mother is Ann Smithson CANARYTEXT"),
    ("bleeding", "bleeding, call 777000111 CANARYTEXT"),
    ("Privigen", "Privigen CANARYPRODUCT"),
    (";I10", ";CANARYDX;I10"),
    ("signed", "signed by CANARYSIGNER"),
    ("partial", "CANARYDECISION"),
    ("1947-04-25", "CANARYBIRTH"),
    ("2024-04-09", "CANARYDATE"),
    (",4058.40,", ",98765432.10,"),
    (",4031.37,", ",CANARYAMOUNT,"),
    ("entered_by", HEADER),
];

/// Records that cannot be read, or only in part; each with canaries where it breaks.
const BROKEN: [&str; 7] = [
    "CANARYORDER-1,CANARYMRN-1",
    "CANARYORDER-2,CANARYMRN-2,2024-05-01,1960-01-01,F,70,CLINIC,J1459,,\"Privigen CANARYOPEN",
    "CANARYORDER-3,CANARYMRN-3,2024-05-01,1960-01-01,F,70,CLINIC,J1459,,\"Privigen\"CANARYBEHIND,,40,G61.81",
    "CANARYMRN,CANARYMRN,CANARYMRN,CANARYMRN,CANARYMRN,CANARYMRN,CANARYMRN,CANARYMRN,CANARYMRN,CANARYMRN",
    "\u{0}CANARYNUL\u{0},\u{feff}CANARYMARK",
    "=CANARYFORMULA(\"Smithson\"),@CANARYFORMULA,+CANARYFORMULA",
    "{\"CANARYJSON\": \"Smithson\"}",
];

fn planted(name: &str) -> String {
    let mut text = std::fs::read_to_string(repository(&format!("fixtures/demo/{name}.csv"))).unwrap();
    for (from, to) in PLANTED {
        text = text.replace(from, to);
    }
    text
}

/// The exports with canaries, below `dir`.
fn exports(dir: &Path) -> [PathBuf; 2] {
    let [orders, claims] = ["orders", "claims"].map(planted);
    assert!(PLANTED.iter().all(|(_, to)| orders.contains(to) || claims.contains(to)), "each canary is planted");
    let orders = format!("{orders}{}\n", BROKEN.join("\n"));
    [("orders", orders), ("claims", claims)].map(|(name, text)| {
        let path = dir.join(format!("{name}.csv"));
        std::fs::write(&path, text).unwrap();
        path
    })
}

/// What was told, by where.
struct Told(Vec<(String, String)>);

impl Told {
    fn hear(&mut self, of: &str, output: &Output) {
        self.0.push((format!("stderr of {of}"), stderr(output)));
        self.0.push((format!("stdout of {of}"), stdout(output)));
    }

    fn hear_of(&mut self, of: &str, output: &Output, expected: i32) {
        assert_eq!(code(output), expected, "{of}: {}", stderr(output));
        self.hear(of, output);
    }

    /// Every file below a directory that is for others than auditors, and the name of every file.
    fn read(&mut self, dir: &Path) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !path.is_symlink() {
                self.read(&path);
            } else if !path.is_symlink()
                && !["parquet", "xlsx"].iter().any(|kind| name.ends_with(kind))
                && name != "findings.csv"
            {
                let bytes = std::fs::read(&path).unwrap();
                self.0.push((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
            }
            self.0.push((format!("a name below {}", dir.display()), name));
        }
    }

    fn holds_no_canary(&self) {
        for (place, text) in &self.0 {
            let text = text.to_uppercase();
            for value in [CANARY].iter().chain(&ALSO) {
                // Sums of summary.json are exact, and a group of one order has the amount of that order.
                let is_amount = place.ends_with("summary.json") && value.starts_with("98");
                let at = text.find(value).filter(|_| !is_amount);
                let around = at.map(|at| {
                    text.chars().skip(text[..at].chars().count().saturating_sub(80)).take(200).collect::<String>()
                });
                assert_eq!(around, None, "{value} in {place}");
            }
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn canaries_of_every_column_are_in_the_files_of_auditors_and_nowhere_else() {
    let dir = tempfile::tempdir().unwrap();
    let [orders, claims] = exports(dir.path());
    let (one, two, again) = (dir.path().join("one"), dir.path().join("two"), dir.path().join("again"));
    let prom = dir.path().join("metrics.prom");
    let mut told = Told(Vec::new());
    let most = ["--max-rejected", "50"];
    let json = [&most[..], &["--log-format", "json", "-v", "--metrics-file", text(&prom)]].concat();
    told.hear_of("audit", &audit(&[text(&orders)], &one, &json), 0);
    let before = latest(&one);
    let more = [&json[..], &["--previous", text(&before), "--fail-on", "new"]].concat();
    told.hear_of("audit with --previous", &audit(&[text(&orders), text(&claims)], &two, &more), 8);
    let after = latest(&two);
    told.hear_of("changes", &run(&["changes", text(&before), text(&after)]), 0);
    let list = dir.path().join("new-findings.txt");
    told.hear_of(
        "changes as JSON",
        &run(&["changes", text(&after), text(&before), "--json", "--findings", text(&list)]),
        0,
    );
    told.hear_of("report", &run(&["report", text(&before), text(&after), "--out", text(&again)]), 0);
    for input in [&orders, &claims] {
        // It is asked for the names of a header, and shows nothing below it.
        let output = run(&["inspect", text(input)]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        told.0.push(("inspect".to_owned(), stderr(&output) + &stdout(&output).replace(HEADER, "")));
    }
    for out in [&one, &two, &again] {
        told.read(out);
    }
    told.0.push(("metrics".to_owned(), std::fs::read_to_string(&prom).unwrap()));
    told.0.push(("changes".to_owned(), std::fs::read_to_string(&list).unwrap()));
    told.holds_no_canary();

    let findings = std::fs::read_to_string(after.join("findings.csv")).unwrap();
    for alive in ["CANARYORDER", "CANARYLINE", "CANARYCLAIM", "CANARYMRN-777000111", "CANARYNPI", "CANARYSITE"] {
        assert!(findings.contains(alive), "{alive} is alive");
    }
    assert!(!findings.contains("CANARYTEXT") && !findings.contains("Smithson"), "no free text, not even for auditors");
}

#[test]
fn runs_that_fail_tell_no_canary_either() {
    let dir = tempfile::tempdir().unwrap();
    let [orders, claims] = exports(dir.path());
    let out = dir.path().join("out");
    let mut told = Told(Vec::new());
    let body = std::fs::read_to_string(&orders).unwrap();
    let (header, lines) = body.split_once('\n').unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    };
    let mut fails = |of: &str, expected: i32, inputs: &[&str], more: &[&str]| {
        for format in ["text", "json"] {
            let output = audit(inputs, &out, &[more, &["--log-format", format, "-v"]].concat());
            assert_eq!(code(&output), expected, "{of}: {}", stderr(&output));
            told.hear(of, &output);
        }
    };
    fails("too many rejected records", 5, &[text(&orders)], &["--max-rejected", "0"]);
    fails("flagged orders", 8, &[text(&claims)], &["--fail-on", "flagged", "--max-rejected", "50"]);
    fails("no header", 4, &[&file("headless.csv", lines.as_bytes())], &[]);
    fails("a wrong layout", 4, &[text(&orders)], &["--layout", "synpuf-carrier"]);
    fails(
        "lines and claims of one kind",
        4,
        &[&format!("lines={}", text(&orders)), &format!("claims={}", text(&claims))],
        &["--layout", "epic-orders"],
    );
    let cut = header.split_once("product_code").unwrap().0.trim_end_matches(',');
    fails("columns are missing", 4, &[&file("cut.csv", format!("{cut}\n{lines}").as_bytes())], &[]);
    let wide =
        [b"\xff\xfe".as_slice(), &body.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()[..3_001]].concat();
    fails("half a character", 4, &[&file("cut-utf16.csv", &wide)], &[]);
    fails(
        "a member that is cut",
        4,
        &[&file("cut.csv.gz", &[b"\x1f\x8b\x08\x00".as_slice(), body.as_bytes()].concat())],
        &[],
    );
    let piped = |args: &[&str]| program(args).stdin(std::fs::File::open(&orders).unwrap()).output().unwrap();
    told.hear("stdin", &piped(&["audit", "-", "--out", text(&out), "--max-rejected", "0"]));
    let table = file("other.parquet", body.as_bytes());
    told.hear("report of no table", &run(&["report", &table, "--out", text(&dir.path().join("no"))]));
    told.hear("changes of no table", &run(&["changes", &table, &table]));
    told.read(&out);
    assert!(told.0.iter().any(|(place, _)| place.ends_with("report.html")), "a run that is held has a page too");
    told.holds_no_canary();
}
