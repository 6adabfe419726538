//! Every shipped layout: it parses, says where its names are known from, and has examples. That they hold is tested beside.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ivig_audit::intake::{Column, Layout};

/// Examples that a layout has at least: an ordinary line, its dirt, and one that must not be read as it seems.
const EXAMPLES_MIN: usize = 3;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/layouts");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of layouts")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}

#[test]
fn every_shipped_layout_parses_under_the_id_of_its_file() {
    for path in files() {
        let text = std::fs::read_to_string(&path).expect("a layout is text");
        let layout = Layout::parse(&path.display().to_string(), &text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(Some(layout.id.as_str()), path.file_stem().and_then(|stem| stem.to_str()), "{}", path.display());
        assert!(layout.id == "generic" || !layout.basis.is_empty(), "{}: where are its names known from?", layout.id);
        assert!(layout.id == "generic" || layout.recognise.is_some(), "{}: how is it told from others?", layout.id);
        assert!(layout.examples.len() >= EXAMPLES_MIN, "{}: {} examples", layout.id, layout.examples.len());
    }
}

#[test]
fn examples_of_one_layout_have_names_of_their_own() {
    for layout in Layout::builtin().expect("the shipped layouts are valid") {
        let mut names: Vec<&str> = layout.examples.iter().map(|example| example.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), layout.examples.len(), "{}: two examples share a name", layout.id);
    }
}

/// Header names that hold money of a line, by layout. A name is added here only once its grain is known.
const MONEY_OF_A_LINE: &[(&str, &[&str])] = &[
    ("cms-idr", &["CLM_LINE_SBMT_CHRG_AMT", "CLM_LINE_ALOWD_CHRG_AMT", "CLM_LINE_CVRD_PD_AMT"]),
    ("cms-qpp", &["CWFB_ALOW_CHRG_AMT"]),
    ("cms-rif-carrier", &["LINE_SBMTD_CHRG_AMT", "LINE_ALOWD_CHRG_AMT", "LINE_NCH_PMT_AMT"]),
    ("cms-rif-inpatient-lines", &["REV_CNTR_TOT_CHRG_AMT"]),
    ("cms-rif-outpatient", &["REV_CNTR_TOT_CHRG_AMT", "REV_CNTR_PMT_AMT_AMT"]),
    ("generic", &["billed", "allowed", "paid"]),
    ("marketscan-outpatient", &["PAY", "NETPAY"]),
    ("optum-medical", &["CHARGE"]),
    ("synpuf-carrier", &["LINE_ALOWD_CHRG_AMT_{i}", "LINE_NCH_PMT_AMT_{i}"]),
    ("synthea", &["TOTALCOST", "PAYER_COVERAGE"]),
    ("tuva", &["charge_amount", "allowed_amount", "paid_amount"]),
    ("x12-837i", &["SV203", "billed", "allowed", "paid"]),
    ("x12-837p", &["SV102", "billed", "allowed", "paid"]),
];

/// Header names that hold money of a whole claim, which stands on each of its lines where header and lines are one file.
const MONEY_OF_A_CLAIM: &[&str] = &[
    "CLM_PMT_AMT",
    "CLM_TOT_CHRG_AMT",
    "CLM_SBMT_CHRG_AMT",
    "CLM_ALOWD_CHRG_AMT",
    "CLM_CVRD_PD_AMT",
    "NCH_CARR_CLM_SBMTD_CHRG_AMT",
    "NCH_CARR_CLM_ALOWD_AMT",
    "NCH_CLM_PRVDR_PMT_AMT",
    "NCH_PRMRY_PYR_CLM_PD_AMT",
    "CLM_PASS_THRU_PER_DIEM_AMT",
    "CLM02",
    "total_charge",
];

fn is_money(column: Column) -> bool {
    matches!(column, Column::Billed | Column::Allowed | Column::Paid)
}

#[test]
fn money_of_a_claim_is_never_taken_for_money_of_a_line() {
    let known: BTreeMap<&str, &[&str]> = MONEY_OF_A_LINE.iter().copied().collect();
    for layout in Layout::builtin().expect("the shipped layouts are valid") {
        let columns = layout.columns.iter().chain(layout.slots.iter().flat_map(|slots| &slots.columns));
        let names = columns.filter(|(column, _)| is_money(**column)).flat_map(|(_, names)| names.accepted());
        let found: BTreeSet<&str> = names.map(String::as_str).collect();
        let expected: BTreeSet<&str> = known.get(layout.id.as_str()).into_iter().copied().flatten().copied().collect();
        assert_eq!(found, expected, "{}: is each of these the money of one line?", layout.id);
        for name in &found {
            assert!(!MONEY_OF_A_CLAIM.iter().any(|claim| claim.eq_ignore_ascii_case(name)), "{}: {name}", layout.id);
        }
        for companion in &layout.companions {
            let gives = companion.columns.keys().any(|column| is_money(*column));
            assert!(!gives, "{}, {}: its money would count once for each line", layout.id, companion.role);
        }
    }
}
