//! A run of 100,000 findings: the page stays small, and the workbook opens and holds every one of them.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::command::{audit, code, json, latest, stderr};
use crate::published::{Workbook, listed, number};

const FINDINGS: usize = 100_000;

/// Diagnoses of which each makes an order a finding, whatever else is known.
const FINDINGS_OF: [&str; 10] =
    ["G72.41", "G70.00", "M33.22", "G14", "G54.5", "G90.09", "D47.2;G63", "G62.9", "G61.89", ""];

const TEXTS: [&str; 4] = ["", "weakness of both legs", "second opinion asked for", "to be given at home"];

fn export() -> String {
    let mut text = String::from(
        "order_id,patient_id,order_date,dob,sex,product_code,units,diagnoses,indication_text,npi,facility_id,payer,billed,auth_status\n",
    );
    for number in 0..FINDINGS {
        let (month, day) = (1 + number / 28 % 12, 1 + number % 28);
        let (dx, words) = (FINDINGS_OF[number % FINDINGS_OF.len()], TEXTS[number % TEXTS.len()]);
        let (npi, site, cents) = (number % 337, number % 41, number % 100);
        let decision = ["approved", "pended", "", "partial", "none"][number % 5];
        let (patient, code) = (number / 7 * 3 % 20_011, ["J1569", "J1459", "J1561"][number % 3]);
        writeln!(
            text,
            "O{number},P{patient},2025-{month:02}-{day:02},1960-06-01,F,{code},80,{dx},{words},N{npi},S{site},PAYER,{}.{cents:02},{decision}",
            1_000 + number % 7_919,
        )
        .unwrap();
    }
    text
}

#[test]
fn a_run_of_a_hundred_thousand_findings_has_a_small_page_and_a_workbook_with_all_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("orders.csv"), dir.path().join("out"));
    std::fs::write(&input, export()).unwrap();
    let output = audit(&[input.to_str().unwrap()], &out, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let run = latest(&out);
    let flags = &json(&run.join("summary.json"))["by_flag"];
    let found = ["flagged", "review", "clear"].map(|flag| flags[flag]["orders"].as_u64().unwrap());
    assert!(found[0] > 50_000 && found[1] > 10_000 && found[2] == 0, "{found:?}");
    let page = std::fs::metadata(run.join("report.html")).unwrap().len();
    assert!(page < 2 << 20, "a page of {page} bytes");
    let worklist = Workbook::open(&run).list("Worklist");
    let records: BTreeSet<i128> = worklist.iter().filter_map(|line| number(&line["Record"], 0)).collect();
    assert_eq!((worklist.len(), records.len()), (FINDINGS, FINDINGS), "each finding once");
    assert_eq!(records.last(), Some(&(FINDINGS as i128)));
    let of_list: i128 = listed(&run).iter().map(|finding| crate::published::minor(&finding["billed"], 2)).sum();
    let of_workbook: i128 = worklist.iter().filter_map(|line| number(&line["Billed"], 2)).sum();
    assert_eq!(of_list, of_workbook);
}
