//! The generator's promises: the same bytes for the same seed, small files are
//! prefixes of large ones, and a truth that an independent reading confirms.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

#[path = "../scripts/generate/export.rs"]
mod export;
#[path = "generator/joined.rs"]
mod joined;

use export::Exporter;
use export::catalogue::Catalogue;
use export::settings::{Export, Settings};
use export::shapes;

fn generate(command: &str) -> (Vec<u8>, Value) {
    let settings = Settings::parse(command.split_whitespace().map(str::to_owned)).expect("a valid command");
    let mut bytes = Vec::new();
    let truth = Exporter::new(&settings).expect("readable tables").write(&mut bytes, None).expect("memory");
    (bytes, truth)
}

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn count(truth: &Value, path: &str) -> u64 {
    truth.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("no number at {path}"))
}

fn sum(truth: &Value, path: &str) -> u64 {
    truth.pointer(path).and_then(Value::as_object).expect(path).values().filter_map(Value::as_u64).sum()
}

const COMMANDS: [&str; 4] = [
    "claims --records 9000 --seed 11 --dirt 120 --in-scope-per-mille 200",
    "orders --records 9000 --seed 12 --dirt 120",
    "claims --records 20000 --seed 13",
    "orders --records 3000 --seed 14",
];

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    for command in COMMANDS {
        let first = generate(command);
        assert!(first == generate(command), "{command}");
        assert!(first.0 != generate(&command.replace("--seed 1", "--seed 2")).0, "{command}");
    }
}

#[test]
fn a_smaller_export_is_a_prefix_of_a_larger_one() {
    for command in COMMANDS {
        let large = generate(command).0;
        let records = command.split_whitespace().nth(2).expect("the number of records");
        for fewer in ["1", "2", "777", "2999"] {
            let small = generate(&command.replace(&format!("--records {records}"), &format!("--records {fewer}"))).0;
            assert!(large.starts_with(&small) && small.len() < large.len(), "{fewer} of {command}");
        }
    }
}

#[test]
fn the_sums_of_the_truth_add_up() {
    for command in COMMANDS {
        let (_, truth) = generate(command);
        let (in_scope, out, rejected) = (
            count(&truth, "/records/in_scope"),
            sum(&truth, "/records/out_of_scope"),
            sum(&truth, "/records/rejected"),
        );
        assert_eq!(count(&truth, "/records/read"), in_scope + out + rejected, "{command}");
        assert_eq!(in_scope, count(&truth, "/orders/total"), "{command}");
        assert_eq!(in_scope, sum(&truth, "/orders/by_determination"), "{command}");
        assert_eq!(in_scope, sum(&truth, "/orders/by_flag"), "{command}");
        let lines = count(&truth, "/lines/header")
            + count(&truth, "/lines/blank")
            + count(&truth, "/lines/accepted")
            + count(&truth, "/lines/rejected");
        assert_eq!(count(&truth, "/lines/physical"), lines, "{command}");
        assert!(in_scope > 0 && count(&truth, "/grams_thousandths") > 0, "{command}");
    }
}

#[test]
fn every_scenario_is_answered_in_the_contract_s_words() {
    let determinations = [
        "recommended",
        "consider",
        "insufficient_evidence",
        "not_recommended",
        "indeterminate",
        "other_use",
        "not_addressed",
        "no_diagnosis",
    ];
    for scenario in Catalogue::load(Export::Orders).expect("readable tables").scenarios {
        let rows = scenario.rows.len();
        let open = scenario.open.split_whitespace().count();
        assert!(scenario.open.split_whitespace().all(|answer| determinations.contains(&answer)), "{}", scenario.id);
        assert!(["clear", "review", "flagged"].contains(&scenario.flag.as_str()), "{}", scenario.id);
        assert!(["stated", "presumed", "text"].contains(&scenario.certainty.as_str()), "{}", scenario.id);
        match scenario.determination.as_str() {
            "indeterminate" => assert!(open > 1 && rows > 1, "{}", scenario.id),
            "other_use" | "not_addressed" | "no_diagnosis" => {
                assert!(open + rows == 0, "{}", scenario.id);
            }
            other => assert!(determinations.contains(&other) && open == 0 && rows > 0, "{}", scenario.id),
        }
    }
}

#[test]
fn every_kind_of_dirt_falls_on_a_large_dirty_export() {
    for command in &COMMANDS[..2] {
        let (_, truth) = generate(command);
        assert_eq!(truth["dirt"].as_object().map(serde_json::Map::len), Some(21), "{command}: {}", truth["dirt"]);
        for (reason, records) in truth["records"]["rejected"].as_object().expect("reasons") {
            assert!(records.as_u64() > Some(0) || reason == "unterminated-quote", "{command}: no {reason}");
        }
    }
}

#[test]
fn an_independent_framing_of_the_bytes_finds_the_same_counts() {
    for command in COMMANDS {
        let (bytes, truth) = generate(command);
        assert_framing(&bytes, &truth, command);
    }
    for demo in ["orders", "claims"] {
        let truth = serde_json::from_slice(&fixture(&format!("demo/{demo}.truth.json"))).expect("JSON");
        assert_framing(&fixture(&format!("demo/{demo}.csv")), &truth, demo);
    }
}

/// A dirty export of every length: each record takes its turn as the last one.
#[test]
fn the_truth_holds_wherever_the_file_ends() {
    let mut unterminated = 0;
    for records in (3..750).step_by(3) {
        let (bytes, truth) = generate(&format!("orders --records {records} --seed 15 --dirt 900"));
        assert_framing(&bytes, &truth, &format!("{records} orders"));
        unterminated += count(&truth, "/records/rejected/unterminated-quote");
    }
    assert!(unterminated > 5, "only {unterminated} files end in an open quote");
}

#[test]
fn the_csv_crate_reads_a_clean_export_record_for_record() {
    for command in &COMMANDS[2..] {
        let (bytes, truth) = generate(command);
        let records = csv::Reader::from_reader(bytes.as_slice())
            .into_records()
            .collect::<Result<Vec<_>, _>>()
            .expect("well-formed");
        assert_eq!(records.len() as u64, count(&truth, "/records/read"), "{command}");
        assert_eq!(count(&truth, "/lines/rejected") + count(&truth, "/lines/blank"), 0, "{command}");
    }
}

/// The commands in `fixtures/README.md` remake the committed files.
#[test]
fn the_committed_demo_exports_equal_a_regeneration_byte_for_byte() {
    let readme = String::from_utf8(fixture("README.md")).expect("UTF-8");
    let commands: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.split_once("--example generate -- "))
        .map(|parts| parts.1)
        .filter(|command| command.contains(" > fixtures/"))
        .collect();
    assert_eq!(commands.len(), 2, "one command for each demo export");
    for command in commands {
        let (command, target) = command.split_once(" > fixtures/").expect("a target");
        let (bytes, truth) = generate(command);
        assert!(bytes == fixture(target), "{target} is not what its command makes");
        let text = serde_json::to_string_pretty(&truth).expect("JSON") + "\n";
        assert!(
            text.as_bytes() == fixture(&target.replace(".csv", ".truth.json")),
            "the truth of {target} is not what its command makes"
        );
    }
}

/// The same of the exports of several files: every file, the truth and the answers.
#[test]
fn the_committed_exports_of_several_files_equal_a_regeneration_byte_for_byte() {
    let readme = String::from_utf8(fixture("README.md")).expect("UTF-8");
    let commands: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.split_once("--example generate -- "))
        .map(|parts| parts.1)
        .filter(|command| command.contains("--dir fixtures/exports/"))
        .collect();
    assert_eq!(commands.len(), shapes::settings::Shape::ALL.len(), "one command for each shape");
    let folder = tempfile::tempdir().expect("a folder");
    let target = format!("{}/", folder.path().display());
    for command in commands {
        let words = command.split_whitespace().map(|word| word.replace("fixtures/exports/", &target));
        let settings = shapes::settings::Settings::parse(words).expect("a valid command");
        let shape = settings.shape.name();
        assert_eq!(settings.truth, Some(folder.path().join(format!("{shape}.truth.json"))), "{shape}");
        let truth = shapes::write(&settings).expect("files");
        let text = serde_json::to_string_pretty(&truth).expect("JSON") + "\n";
        assert!(text.as_bytes() == fixture(&format!("exports/{shape}.truth.json")), "the truth of {shape}");
        let answers = std::fs::read(settings.answers.expect("answers")).expect("answers");
        assert!(answers == fixture(&format!("exports/{shape}.answers.csv")), "the answers of {shape}");
        for file in truth["files"].as_object().expect("files").values() {
            let name = file["name"].as_str().expect("a name");
            let made = std::fs::read(settings.dir.join(name)).expect("a file");
            assert!(
                made == fixture(&format!("exports/{shape}/{name}")),
                "{name} of {shape} is not what its command makes"
            );
        }
    }
}

/// What the truth counts is what the answers list, and every record is counted once.
#[test]
fn the_truth_of_an_export_of_several_files_adds_up() {
    let folder = tempfile::tempdir().expect("a folder");
    for (shape, _) in shapes::settings::Shape::ALL {
        let answers = folder.path().join("answers.csv");
        let dir = folder.path().join(shape);
        let command = format!(
            "{shape} --records 2500 --seed 3 --in-scope-per-mille 300 --dir {} --answers {}",
            dir.display(),
            answers.display()
        );
        let settings =
            shapes::settings::Settings::parse(command.split_whitespace().map(str::to_owned)).expect(&command);
        let truth = shapes::write(&settings).expect("files");
        let records = &truth["records"];
        let outside = sum(&truth, "/records/out_of_scope");
        assert_eq!(records["read"], 2500, "{shape}");
        assert_eq!(count(&truth, "/records/read"), count(&truth, "/records/with_orders") + outside, "{shape}");
        let total = count(&truth, "/orders/total");
        assert_eq!(total, sum(&truth, "/orders/by_determination"), "{shape}");
        assert_eq!(total, sum(&truth, "/orders/by_flag"), "{shape}");
        let mut rows = csv::Reader::from_path(&answers).expect("answers");
        let in_scope = rows.records().filter(|row| &row.as_ref().expect("a row")[3] == "in-scope").count();
        assert_eq!(total, in_scope as u64, "{shape}");
        assert!(total > 50, "{shape}: {total}");
        for file in truth["files"].as_object().expect("files").values() {
            let text = std::fs::read(dir.join(file["name"].as_str().expect("a name"))).expect("a file");
            let lines = text.split(|byte| *byte == b'\n').count() as u64 - 1;
            assert_eq!(Some(lines), file["records"].as_u64().map(|records| records + 1), "{shape}: {file}");
        }
    }
}

/// A larger export of the same seed begins with the same lines.
#[test]
fn fewer_lines_of_an_export_of_several_files_are_the_first_of_more() {
    let folder = tempfile::tempdir().expect("a folder");
    for (shape, _) in shapes::settings::Shape::ALL {
        let lines = |records: u64| {
            let dir = folder.path().join(format!("{shape}-{records}"));
            let command = format!("{shape} --records {records} --seed 4 --dir {}", dir.display());
            let words = command.split_whitespace().map(str::to_owned);
            let settings = shapes::settings::Settings::parse(words).expect(&command);
            let truth = shapes::write(&settings).expect("files");
            std::fs::read(dir.join(truth["files"]["lines"]["name"].as_str().expect("a name"))).expect("a file")
        };
        let (few, many) = (lines(40), lines(700));
        assert!(many.starts_with(&few) && few.len() < many.len(), "{shape}");
    }
}

/// The heart's own counts of an export whose products are told by NDC, name and codes of every system.
#[test]
fn products_told_by_other_means_are_counted_as_the_truth_says() {
    use ivig_audit::intake::Layout;
    use ivig_audit::rules::{Rulebook, Ruleset};
    use ivig_audit::scan::{Batch, Export, Pace};

    let rulebook = Rulebook::from(Ruleset::builtin("aanem-2023").expect("the ruleset ships"));
    for command in [
        "orders --records 4000 --seed 21 --other-means 600 --dirt 30",
        "claims --records 9000 --seed 22 --other-means 600 --in-scope-per-mille 200",
    ] {
        let (bytes, truth) = generate(command);
        let layouts = Layout::builtin().expect("the layouts ship");
        let export = Export::open(std::io::Cursor::new(bytes), &layouts).expect("the header is recognised");
        let as_of = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        let mut all = Batch::default();
        let take = |batch: Batch| -> Result<(), ()> {
            all.tally += &batch.tally;
            all.rows.extend(batch.rows);
            Ok(())
        };
        let pace = Pace { threads: 1, chunk_size: 1 << 20 };
        assert!(export.scan(&rulebook, as_of, "export.csv", pace, |_| {}, take).is_ok(), "{command}");
        assert_eq!(all.tally.in_scope, count(&truth, "/records/in_scope"), "{command}");
        let mut out: BTreeMap<String, u64> = BTreeMap::new();
        for (reason, records) in truth["records"]["out_of_scope"].as_object().expect("reasons") {
            out.insert(reason.clone(), records.as_u64().expect("a count"));
        }
        out.retain(|_, records| *records > 0);
        let found = all.tally.out_of_scope.iter().map(|(reason, count)| (reason.as_str().to_owned(), *count));
        assert_eq!(found.collect::<BTreeMap<_, _>>(), out, "{command}");
        for (determination, orders) in &all.tally.by_determination {
            let expected = truth["orders"]["by_determination"][determination.as_str()].as_u64();
            assert_eq!(Some(*orders), expected, "{command}: {determination}");
        }
        let grams: i64 = all.rows.iter().filter_map(|row| row.grams).sum();
        assert_eq!(u64::try_from(grams).ok(), Some(count(&truth, "/grams_thousandths")), "{command}");
        let systems: std::collections::BTreeSet<_> =
            all.rows.iter().filter_map(|row| row.product_system.as_deref()).collect();
        // RxNorm numbers are bare digits as a site's item numbers are, so beside a name it is the name that tells.
        for system in ["hcpcs", "cpt", "ndc", "icd10pcs", "icd9proc", "atc"] {
            assert!(systems.contains(system), "{command}: no {system} in {systems:?}");
        }
        let by_number = if command.starts_with("orders") { "name" } else { "rxnorm" };
        assert!(systems.contains(by_number), "{command}: no {by_number} in {systems:?}");
        let has_code =
            |row: &ivig_audit::table::Row| row.product_code.is_some() || row.product_system.as_deref() == Some("name");
        assert!(all.rows.iter().all(|row| has_code(row) && row.product.is_some()), "{command}");
    }
}

fn assert_framing(bytes: &[u8], truth: &Value, what: &str) {
    let found = frame(bytes);
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for (reason, records) in truth["records"]["rejected"].as_object().expect("reasons") {
        expected.insert(reason.clone(), records.as_u64().expect("a count"));
    }
    expected.insert("accepted".to_owned(), count(truth, "/records/in_scope") + sum(truth, "/records/out_of_scope"));
    expected.insert("accepted lines".to_owned(), count(truth, "/lines/accepted"));
    expected.insert("blank".to_owned(), count(truth, "/lines/blank"));
    expected.retain(|_, records| *records > 0);
    assert_eq!(found, expected, "{what}");
    assert_eq!(bytes.split(|byte| *byte == b'\n').count() as u64 - 1, count(truth, "/lines/physical"), "{what}");
}

/// The framing rule once more, line by line and byte by byte, knowing nothing
/// of the generator: one physical line a record, unless a quoted field in
/// `indication_text` spans lines of which none is by itself a whole record.
fn frame(bytes: &[u8]) -> BTreeMap<String, u64> {
    let mut lines: Vec<&[u8]> =
        bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    assert_eq!(lines.pop(), Some(&b""[..]), "the last line ends");
    let header: Vec<&[u8]> = lines[0].split(|byte| *byte == b',').collect();
    let text = header.iter().position(|name| *name == b"indication_text").expect("a text column");
    let whole = |line: &[u8]| matches!(fields(line), Fields::Closed(count) if count == header.len());
    let mut found = BTreeMap::new();
    let mut note = |what: &str, how_many: u64| *found.entry(what.to_owned()).or_insert(0) += how_many;
    let mut at = 1;
    while at < lines.len() {
        let (mut joined, mut spanned) = (lines[at].to_vec(), 1);
        let verdict = loop {
            break match fields(&joined) {
                _ if joined.is_empty() => "blank",
                _ if joined == lines[0] => "repeated-header",
                Fields::Malformed => "malformed-quote",
                Fields::Closed(count) if count == header.len() => "accepted",
                Fields::Closed(_) => "field-count",
                Fields::Open(column) if column != text => "quote-spans-lines",
                Fields::Open(_) => match lines.get(at + spanned) {
                    None => "unterminated-quote",
                    Some(next) if whole(next) => "swallowed-record",
                    Some(next) => {
                        joined = [&joined, &b"\n"[..], next].concat();
                        spanned += 1;
                        continue;
                    }
                },
            };
        };
        note(verdict, 1);
        if verdict == "accepted" {
            note("accepted lines", spanned as u64);
        }
        at += if verdict == "accepted" { spanned } else { 1 };
    }
    found
}

enum Fields {
    /// All quotes closed; so many fields.
    Closed(usize),
    /// The quote of this column is open at the end.
    Open(usize),
    /// A quoted field goes on after its closing quote.
    Malformed,
}

fn fields(line: &[u8]) -> Fields {
    let (mut at, mut column) = (0, 0);
    loop {
        if line.get(at) == Some(&b'"') {
            at += 1;
            loop {
                match (line.get(at), line.get(at + 1)) {
                    (None, _) => return Fields::Open(column),
                    (Some(b'"'), Some(b'"')) => at += 2,
                    (Some(b'"'), None | Some(b',')) => break at += 1,
                    (Some(b'"'), Some(_)) => return Fields::Malformed,
                    (Some(_), _) => at += 1,
                }
            }
        } else {
            at += line[at..].iter().position(|byte| *byte == b',').unwrap_or(line.len() - at);
        }
        if at >= line.len() {
            return Fields::Closed(column + 1);
        }
        at += 1;
        column += 1;
    }
}
