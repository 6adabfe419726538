//! The refresh of code facts, run as a person runs it: on small made-up files of the form that CMS and the FDA
//! publish, against a small rules directory.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

#[path = "../scripts/refresh/command.rs"]
mod command;

const VALID: &str = "codes/valid/icd10cm.csv";
const NDC: &str = "products/ndc.csv";

const LIST: &str = "\
system,code,match,label,valid_from,valid_to,source,confidence
icd9cm,999.9,exact,not of this code system,,,made up,high
icd10cm,U9A.0,exact,Plain,2015-10-01,,made up,high
icd10cm,U9A.2,exact,\"Nobody, any more\",2015-10-01,,made up,high
icd10cm,U9A.31,exact,First form,2015-10-01,,made up,high
icd10cm,U9B,prefix,Syndromes,2015-10-01,,made up,high
";

const NDC_BEFORE: &str = "\
system,code,product,kind,mg_per_unit,valid_from,valid_to,source,confidence
ndc,99970-0001,By hand,intravenous,,,,label page,medium
ndc,99980-0001,Once listed,intravenous,,2001-01-01,,\"FDA NDC directory, October 2030\",high
ndc,99990-0101,\"Almaglob, 5 g\",subcutaneous,500,,,label page,medium
";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/refresh").join(name)
}

/// A rules directory with one list, the table of the edition of 2030, three NDC, and the shipped substances.
fn rules() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    put("codes/made-up.csv", LIST);
    put(VALID, "code,billable,valid_from,valid_to\n");
    put(NDC, NDC_BEFORE);
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/refresh/ndc-substances.csv");
    put("refresh/ndc-substances.csv", &fs::read_to_string(shipped).expect("the shipped table"));
    let first = icd10cm(&fixture("order-2030.txt"), "2029-10-01", "--category U9A --category U9B --write", &folder);
    assert_eq!(first.0, 0, "{}", first.1);
    folder
}

fn text(rules: &TempDir, name: &str) -> String {
    fs::read_to_string(rules.path().join(name)).expect("a table")
}

fn run(words: &[&str], more: &str, rules: &TempDir) -> (u8, String) {
    let rules = ["--rules", rules.path().to_str().expect("UTF-8")];
    command::run(words.iter().copied().chain(rules).chain(more.split_whitespace()).map(str::to_owned).collect())
}

fn icd10cm(order_file: &Path, effective: &str, more: &str, rules: &TempDir) -> (u8, String) {
    let order_file = order_file.to_str().expect("UTF-8");
    run(&["icd10cm", "--order-file", order_file, "--effective", effective], more, rules)
}

fn ndc(product: &Path, package: &Path, more: &str, rules: &TempDir) -> (u8, String) {
    let [product, package] = [product, package].map(|path| path.to_str().expect("UTF-8"));
    let more = if more.contains("--release") { more.to_owned() } else { format!("--release 2031-02 {more}") };
    run(&["ndc", "--product", product, "--package", package], &more, rules)
}

/// A copy of a fixture with some of its bytes exchanged.
fn spoiled(name: &str, from: &[u8], to: &[u8], folder: &TempDir) -> PathBuf {
    let bytes = fs::read(fixture(name)).expect("a fixture");
    let at = bytes.windows(from.len()).position(|window| window == from).expect("the bytes to spoil");
    let path = folder.path().join(name);
    fs::write(&path, [&bytes[..at], to, &bytes[at + from.len()..]].concat()).expect("a file");
    path
}

#[test]
fn new_ended_and_split_codes_get_their_windows() {
    let rules = rules();
    let (code, report) = icd10cm(&fixture("order-2031.txt"), "2030-10-01", "--write", &rules);
    assert_eq!(code, 0, "{report}");
    let expected = "\
code,billable,valid_from,valid_to
U9A,0,2029-10-01,
U9A.0,1,2029-10-01,2030-09-30
U9A.0,0,2030-10-01,
U9A.00,1,2030-10-01,
U9A.01,1,2030-10-01,
U9A.1,0,2029-10-01,2030-09-30
U9A.1,1,2030-10-01,
U9A.10,1,2029-10-01,2030-09-30
U9A.2,1,2029-10-01,2030-09-30
U9A.3,0,2029-10-01,
U9A.31,1,2029-10-01,
U9A.32,1,2030-10-01,
U9A.4,0,2030-10-01,
U9A.41,1,2030-10-01,
U9A.42,1,2030-10-01,
U9B,0,2029-10-01,
U9B.0,1,2029-10-01,
U9B.1,1,2030-10-01,
";
    assert_eq!(text(&rules, VALID), expected);
}

#[test]
fn lists_are_never_changed_and_a_person_is_told_what_to_place() {
    let rules = rules();
    let (_, report) = icd10cm(&fixture("order-2031.txt"), "2030-10-01", "--write", &rules);
    for told in [
        "codes/made-up.csv:3: U9A.0 was billable until 2030-09-30 and is a header now; its new codes must be placed",
        "codes/made-up.csv:4: U9A.2 ended on 2030-09-30, and the row has no valid_to",
        "U9A.00 is new: below the listed code U9A.0 of codes/made-up.csv:3",
        "U9A.01 is new: below the listed code U9A.0 of codes/made-up.csv:3",
        "U9A.32 is new: beside U9A.31 of codes/made-up.csv:5",
        "U9A.4 is new, 2 codes: beside U9A.0 of codes/made-up.csv:3",
        "U9B.1 is new: read under the prefix U9B of codes/made-up.csv:6",
    ] {
        assert!(report.lines().any(|line| line.trim() == told), "{told}\nis not in\n{report}");
    }
    assert!(!report.contains("U9C"), "no list touches it:\n{report}");
    assert_eq!(text(&rules, "codes/made-up.csv"), LIST);
}

#[test]
fn a_code_that_a_person_has_placed_or_ended_is_not_told_again() {
    let rules = rules();
    icd10cm(&fixture("order-2031.txt"), "2030-10-01", "--write", &rules);
    let ended = LIST.replace("any more\",2015-10-01,", "any more\",2015-10-01,2030-09-30");
    let placed = "icd10cm,U9A.32,exact,Second form,2030-10-01,,made up,high\n";
    fs::write(rules.path().join("codes/made-up.csv"), ended + placed).expect("a list");
    let (_, report) = icd10cm(&fixture("order-2031.txt"), "2030-10-01", "", &rules);
    assert!(!report.contains("U9A.2 ended") && !report.contains("U9A.32 is new"), "{report}");
    assert!(report.contains("U9A.01 is new"), "{report}");
}

#[test]
fn without_write_nothing_is_written_and_a_second_run_has_nothing_to_do() {
    let rules = rules();
    let before = text(&rules, VALID);
    let (code, dry) = icd10cm(&fixture("order-2031.txt"), "2030-10-01", "", &rules);
    assert_eq!((code, text(&rules, VALID)), (1, before), "{dry}");
    let (code, written) = icd10cm(&fixture("order-2031.txt"), "2030-10-01", "--write", &rules);
    assert_eq!(code, 0, "{written}");
    let told =
        |report: &str| report.lines().filter(|line| line.starts_with("  ")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(told(&dry), told(&written));

    let once = text(&rules, VALID);
    for more in ["", "--write"] {
        let (code, report) = icd10cm(&fixture("order-2031.txt"), "2030-10-01", more, &rules);
        assert_eq!(code, 0);
        assert!(report.lines().next().expect("a line").ends_with("nothing to do"), "{report}");
    }
    assert_eq!(text(&rules, VALID), once);
}

/// CMS mends a file now and then: the mended one must leave no trace of the first.
#[test]
fn a_corrected_edition_of_the_same_day_takes_the_first_one_back() {
    let rules = rules();
    let before = text(&rules, VALID);
    icd10cm(&fixture("order-2031.txt"), "2030-10-01", "--write", &rules);
    let (code, report) = icd10cm(&fixture("order-2030.txt"), "2030-10-01", "--write", &rules);
    assert_eq!((code, text(&rules, VALID)), (0, before), "{report}");
}

#[test]
fn files_are_read_in_order_of_time() {
    let rules = rules();
    let after = text(&rules, VALID);
    let (code, report) = icd10cm(&fixture("order-2031.txt"), "2028-10-01", "--write", &rules);
    assert_eq!((code, text(&rules, VALID)), (3, after), "{report}");
    assert!(report.contains("holds changes of 2029-10-01"), "{report}");
}

#[test]
fn a_category_that_the_table_lacks_is_not_filled_from_one_edition_alone() {
    let rules = rules();
    let list = rules.path().join("codes/made-up.csv");
    fs::write(&list, format!("{LIST}icd10cm,U9C,prefix,Findings,,,made up,high\n")).expect("a list");
    let (_, report) = icd10cm(&fixture("order-2031.txt"), "2030-10-01", "--write", &rules);
    assert!(report.contains("U9C: listed, and not in the table"), "{report}");
    assert!(!text(&rules, VALID).contains("U9C"));
    for (file, effective) in [("order-2030.txt", "2029-10-01"), ("order-2031.txt", "2030-10-01")] {
        icd10cm(&fixture(file), effective, "--category U9C --write", &rules);
    }
    let own: Vec<String> = text(&rules, VALID).lines().filter(|line| line.contains("U9C")).map(str::to_owned).collect();
    assert_eq!(own, ["U9C,1,2029-10-01,2030-09-30", "U9C,0,2030-10-01,", "U9C.0,1,2030-10-01,"]);
}

#[test]
fn an_order_file_of_another_form_is_refused_with_its_line() {
    let rules = rules();
    let before = text(&rules, VALID);
    let title = " Made-up disorder, plain, at rest";
    for (from, to, told) in [
        ("00003 U9A00   1", "00003 U9A00   2", "line 3: accepted are"),
        ("00003 U9A00   1", "00003 U9a00   1", "line 3: accepted are"),
        ("00003 U9A00   1", "00003,U9A00   1", "line 3: accepted are"),
        ("00003 U9A00   1", "00004 U9A00   1", "line 3: the order number"),
        ("00003 U9A00   1", "00003 U9A0    1", "line 3: U9A.0 stands twice"),
        ("00012 U9B     0", "00012 U9D     0", "line 13: U9B.0 stands under no header"),
        (title, "\r\n", "line 3: accepted are"),
    ] {
        let file = spoiled("order-2031.txt", from.as_bytes(), to.as_bytes(), &rules);
        let (code, report) = icd10cm(&file, "2030-10-01", "--write", &rules);
        assert_eq!(code, 3, "{to}: {report}");
        assert!(report.contains(told), "{to}: {report}");
    }
    let bytes = fs::read(fixture("order-2031.txt")).expect("a fixture");
    let line = bytes.iter().position(|byte| *byte == b'\n').expect("a line") + 1;
    for (cut, told) in [(bytes.len() - 9, "does not end"), (line, "category U9B is not in the order file")] {
        let file = rules.path().join("cut.txt");
        fs::write(&file, &bytes[..cut]).expect("a file");
        let (code, report) = icd10cm(&file, "2030-10-01", "--write", &rules);
        assert_eq!(code, 3, "{report}");
        assert!(report.contains(told), "{report}");
    }
    assert_eq!(text(&rules, VALID), before, "a refused file changes nothing");
}

#[test]
fn no_shipped_list_holds_a_code_that_ended_unnoticed_or_a_category_that_the_table_lacks() {
    let rules = rules();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for entry in fs::read_dir(shipped.join("codes")).expect("a folder").flatten().filter(|entry| entry.path().is_file())
    {
        fs::copy(entry.path(), rules.path().join("codes").join(entry.file_name())).expect("a list");
    }
    fs::copy(shipped.join(VALID), rules.path().join(VALID)).expect("the shipped table");
    let (_, report) = icd10cm(&fixture("order-2030.txt"), "2029-10-01", "--category U9A --category U9B", &rules);
    assert!(report.contains("for a person to decide"), "the made-up list is read too:\n{report}");
    for slip in ["has no valid_to", "is a header now", "listed, and not in the table"] {
        assert!(!report.contains(slip), "{report}");
    }
}

#[test]
fn the_shipped_table_stands_in_the_form_that_the_tool_writes() {
    let rules = rules();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let table = fs::read_to_string(shipped.join(VALID)).expect("the shipped table");
    fs::write(rules.path().join(VALID), &table).expect("a table");
    let (code, report) = icd10cm(&fixture("order-2030.txt"), "2029-10-01", "--category U9A --write", &rules);
    assert_eq!(code, 0, "{report}");
    let written = text(&rules, VALID);
    let (own, others): (Vec<&str>, Vec<&str>) = written.lines().partition(|line| line.starts_with("U9A"));
    assert_eq!(own.len(), 7);
    assert_eq!(others.join("\n") + "\n", table);
}

#[test]
fn globulins_of_the_directory_are_entered_by_route() {
    let rules = rules();
    let (code, report) = ndc(&fixture("product.txt"), &fixture("package.txt"), "--write", &rules);
    assert_eq!(code, 0, "{report}");
    let expected = "\
system,code,product,kind,mg_per_unit,valid_from,valid_to,source,confidence
ndc,09999-2202,Bothways “C”,dual-route,,2021-03-01,,\"FDA NDC directory, February 2031\",high
ndc,99970-0001,By hand,intravenous,,,,label page,medium
ndc,99980-0001,Once listed,intravenous,,2001-01-01,,\"FDA NDC directory, October 2030\",high
ndc,99990-0101,\"Almaglob, 5 g\",intravenous,500,2020-01-15,,\"FDA NDC directory, February 2031\",high
ndc,99990-0303,Underskin,subcutaneous,,2019-06-01,2030-06-30,\"FDA NDC directory, February 2031\",high
ndc,99990-0404,Musclglob,other-globulin,,2018-01-01,,\"FDA NDC directory, February 2031\",high
ndc,99990-0505,Dogbite IV,other-globulin,,2017-01-01,,\"FDA NDC directory, February 2031\",high
";
    assert_eq!(text(&rules, NDC), expected);
    for told in [
        "+ 99990-0404 Musclglob  new, other-globulin",
        "~ 99990-0101 Almaglob®  kind subcutaneous is intravenous, valid_from empty is 2020-01-15, \
         confidence medium is high, source label page is FDA NDC directory, February 2031",
        "99970-0001 By hand: not in the directory; kept as it was entered by hand",
        "99980-0001 Once listed: gone from the directory; kept, for old claims carry it",
    ] {
        assert!(report.lines().any(|line| line.trim() == told), "{told}\nis not in\n{report}");
    }
}

#[test]
fn what_the_directory_leaves_open_is_told_and_not_entered() {
    let rules = rules();
    let (_, report) = ndc(&fixture("product.txt"), &fixture("package.txt"), "", &rules);
    for (product, why) in [
        ("99990-0606 Kitglob", "that refresh/ndc-substances.csv does not tell"),
        ("99990-0707 Twice", "listed twice in the directory, not as the same kind"),
        ("99990-0808 Refused listing", "the directory excludes it"),
        ("99990-0111 No package", "package.txt has no package of it"),
    ] {
        let told = report.lines().any(|line| line.contains(product) && line.contains(why));
        assert!(told && !report.contains(&format!("+ {product}")), "{product}\n{report}");
    }
    assert!(!report.contains("Saline"), "{report}");
}

#[test]
fn a_second_reading_of_the_directory_has_nothing_to_do_and_a_row_keeps_its_release() {
    let rules = rules();
    let (code, report) = ndc(&fixture("product.txt"), &fixture("package.txt"), "", &rules);
    assert_eq!((code, text(&rules, NDC).as_str()), (1, NDC_BEFORE), "{report}");
    ndc(&fixture("product.txt"), &fixture("package.txt"), "--write", &rules);
    let once = text(&rules, NDC);
    let (code, report) = ndc(&fixture("product.txt"), &fixture("package.txt"), "--write --release 2031-03", &rules);
    assert_eq!((code, text(&rules, NDC)), (0, once));
    assert!(report.lines().next().expect("a line").ends_with("nothing to do"), "{report}");
}

#[test]
fn the_directory_is_read_in_windows_1252_and_in_utf_8() {
    let rules = rules();
    let bytes = fs::read(fixture("product.txt")).expect("a fixture");
    assert!(std::str::from_utf8(&bytes).is_err(), "the fixture is in Windows-1252");
    let (_, old) = ndc(&fixture("product.txt"), &fixture("package.txt"), "", &rules);
    assert!(old.contains("Almaglob®") && old.contains("Bothways “C”"), "{old}");
    let mut file = spoiled("product.txt", b"Almaglob\xAE", "Almaglob®".as_bytes(), &rules);
    let (_, new) = ndc(&file, &fixture("package.txt"), "", &rules);
    assert_eq!(old, new);
    file = spoiled("product.txt", b"Almaglob\xAE", b"Almaglob\x81", &rules);
    let (code, report) = ndc(&file, &fixture("package.txt"), "", &rules);
    assert_eq!(code, 3);
    assert!(report.contains("line 2: the byte 81"), "{report}");
}

#[test]
fn a_directory_of_another_form_is_refused_with_its_line() {
    let rules = rules();
    for (from, to, told) in [
        ("\tROUTENAME", "\tROUTE", "line 1: no column ROUTENAME"),
        ("\t20210301\t", "\t03/01/2021\t", "line 3: a marketing date is not YYYYMMDD"),
        ("\t9999-2202\t", "\t99992202\t", "line 3: PRODUCTNDC"),
        ("\t20210301\t", "\t", "line 3: 20 columns are accepted"),
    ] {
        let file = spoiled("product.txt", from.as_bytes(), to.as_bytes(), &rules);
        let (code, report) = ndc(&file, &fixture("package.txt"), "--write", &rules);
        assert_eq!(code, 3, "{to}: {report}");
        assert!(report.contains(told), "{to}: {report}");
    }
    let bytes = fs::read(fixture("product.txt")).expect("a fixture");
    let header = bytes.iter().position(|byte| *byte == b'\n').expect("a line") + 1;
    let cut = rules.path().join("cut.txt");
    fs::write(&cut, &bytes[..header]).expect("a file");
    let (code, report) = ndc(&cut, &fixture("package.txt"), "--write", &rules);
    assert!(code == 3 && report.contains("no globulin is in it"), "{report}");
    let file = spoiled("package.txt", b"NDCPACKAGECODE", b"PACKAGE", &rules);
    let (code, report) = ndc(&fixture("product.txt"), &file, "--write", &rules);
    assert_eq!(code, 3, "{report}");
    assert_eq!(text(&rules, NDC), NDC_BEFORE, "a refused file changes nothing");
}

#[test]
fn what_is_typed_wrongly_is_told_with_the_usage() {
    let rules = rules();
    let order_file = fixture("order-2030.txt");
    for (effective, more) in
        [("2030-10-02", ""), ("next autumn", ""), ("2030-10-01", "--category U9A.0"), ("2030-10-01", "--product x")]
    {
        let (code, report) = icd10cm(&order_file, effective, more, &rules);
        assert_eq!(code, 2, "{effective} {more}: {report}");
    }
    assert_eq!(command::run(Vec::new()).0, 2);
    let (code, help) = command::run(vec!["--help".to_owned()]);
    assert_eq!(code, 0);
    assert!(help.contains("exit codes: 0 nothing to do, or written; 1 changes that are not written"), "{help}");
}
