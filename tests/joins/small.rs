//! One line and a few companion records.

use std::fmt::Write;

use ivig_audit::intake::join::{JoinedLine, Outcome, RECORDS_PER_KEY, join_small};
use ivig_audit::intake::{Column, Role};
use ivig_audit::order::{Notice, ProductCodes};

use super::layouts::{AGAIN, AUTHORIZATIONS, CLAIMS, DIAGNOSES, NAMES, PATIENTS, layout};

fn split(line: &str) -> Vec<String> {
    line.split(',').map(str::to_owned).collect()
}

fn join(companions: &[&str], lines: &str, files: &[(Role, &str)]) -> Result<JoinedLine, String> {
    let (header, line) = lines.split_once('\n').expect("a header and a line");
    let files: Vec<(Role, Vec<String>)> =
        files.iter().map(|(role, file)| (*role, file.split('\n').map(str::to_owned).collect())).collect();
    let at = header.split(',').position(|name| name == "hcpcs").expect("a product");
    let mut product = ProductCodes::default();
    product.read_code(line.split(',').nth(at).expect("a product"));
    join_small(&layout(companions), &split(header), &split(line), &product, &files)
}

fn cell(joined: &JoinedLine, column: Column) -> Option<String> {
    joined.joined.cell(column).map(|cell| String::from_utf8_lossy(cell).into_owned())
}

fn codes(joined: &JoinedLine) -> Vec<String> {
    let text = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
    joined
        .joined
        .diagnoses
        .iter()
        .map(|each| format!("{}/{}/{}", text(&each.code), text(&each.version), text(&each.name)))
        .collect()
}

const LINE: &str = "line_id,claim,site,hcpcs,day\nL1,12.0,A,J1459,2024-07-01";

#[test]
fn diagnoses_of_a_composite_key_come_in_their_order_and_conditions_leave_records_out() {
    let file = "claim_id,site,type,seq,code,version,name\n\
                12,A,D,2,G61.81,0,\n12,A,d,1,G70.01,0,crisis\n12,A,P,3,X1,,\n12,B,D,4,X2,,\n1,2A,D,5,X3,,\n12,A,D,,Z1,9,";
    let joined = join(&[DIAGNOSES], LINE, &[(Role::Diagnoses, file)]).unwrap();
    assert_eq!(codes(&joined), ["G70.01/0/crisis", "G61.81/0/", "Z1/9/"]);
    assert_eq!((joined.outcomes, joined.joined.notices), (vec![Outcome::Found], vec![]));
}

#[test]
fn a_key_is_an_identifier_and_an_empty_one_finds_nothing() {
    let file = "claim_id,site,type,code\n 12 ,A,D,G61.81\n0,A,D,X1\n,A,D,X2\n1.2E+1,A,D,X3\n012,A,D,X4";
    let found = |claim: &str| {
        let line = format!("line_id,claim,site,hcpcs\nL1,{claim},A,J1459");
        let joined = join(&[DIAGNOSES], &line, &[(Role::Diagnoses, file)]).unwrap();
        (codes(&joined), joined.outcomes[0])
    };
    for claim in ["12", "12.0", " 12 ", "'12'"] {
        assert_eq!(found(claim), (vec!["G61.81//".to_owned()], Outcome::Found), "{claim}");
    }
    for claim in ["", "0", "1.2E+1", "~"] {
        assert_eq!(found(claim), (vec![], Outcome::NoKey), "{claim}");
    }
    assert_eq!(found("13"), (vec![], Outcome::Missing));
}

#[test]
fn patients_are_found_by_the_claim_that_names_them() {
    let files = [
        (Role::Claims, "claim,site,member,dx1,version1,dx3,version3\n12,A,P9,G61.81,0,3570,9"),
        (Role::Patients, "member,born,sex\nP9,1960-06-01,\nP9,,F\nP8,1970-01-01,M"),
    ];
    let joined = join(&[CLAIMS, PATIENTS], LINE, &files).unwrap();
    assert_eq!(cell(&joined, Column::BirthDate).as_deref(), Some("1960-06-01"), "an empty and a filled cell are one");
    assert_eq!(cell(&joined, Column::Sex).as_deref(), Some("F"));
    assert_eq!(cell(&joined, Column::PatientId).as_deref(), Some("P9"));
    assert_eq!(codes(&joined), ["G61.81/0/", "3570/9/"], "each code with the version of its own number");
    assert_eq!(joined.outcomes, [Outcome::Found, Outcome::Found]);
    let own = join(&[CLAIMS, PATIENTS], "line_id,claim,site,hcpcs,dx1\nL1,12,A,J1459,G70.0", &files).unwrap();
    assert_eq!(codes(&own), [""; 0], "a claim's diagnoses stand in where the line has none");
    let refused = join(&[CLAIMS, PATIENTS], LINE, &files[1..]).unwrap_err();
    assert!(refused.contains("patient_id") && refused.contains("neither"), "{refused}");
}

#[test]
fn records_that_disagree_give_nothing_and_say_so() {
    let line = "line_id,patient,hcpcs\nL1,P9,J1459";
    let joined = |file: &str| join(&[PATIENTS], line, &[(Role::Patients, file)]).unwrap();
    let one = joined("patient,born,sex\nP9,1960-06-01,F\nP9,1961-06-01,F");
    assert_eq!((cell(&one, Column::BirthDate), cell(&one, Column::Sex).as_deref()), (None, Some("F")));
    assert_eq!((one.outcomes, one.joined.notices), (vec![Outcome::Disagrees], vec![Notice::CompanionDisagrees]));
    let twice = joined("patient,born\nP9,1960-06-01\nP9, 1960-06-01 ");
    assert_eq!((twice.outcomes, twice.joined.notices), (vec![Outcome::Found], vec![]));
    let none = joined("patient,born\nP1,1960-06-01");
    assert_eq!((none.outcomes, none.joined.notices), (vec![Outcome::Missing], vec![Notice::CompanionMissing]));
}

#[test]
fn names_are_joined_to_each_diagnosis() {
    let files = [
        (Role::Diagnoses, "claim_id,site,type,seq,dx_id\n12,A,D,2,71\n12,A,D,1,70\n12,A,D,3,99"),
        (Role::Names, "dx_id,code,text\n70,G61.81,CIDP\n71,,Myasthenia gravis\n72,X,Other"),
    ];
    let joined = join(&[DIAGNOSES, NAMES], LINE, &files).unwrap();
    assert_eq!(codes(&joined), ["G61.81//CIDP", "//Myasthenia gravis"]);
    assert_eq!(joined.outcomes, [Outcome::Found, Outcome::Missing]);
    assert_eq!(joined.joined.notices, [Notice::CompanionMissing]);
    let without = join(&[DIAGNOSES, NAMES], LINE, &files[..1]).unwrap();
    assert_eq!((codes(&without).len(), without.joined.notices), (0, vec![]), "names were not given");
}

#[test]
fn an_authorization_is_found_by_its_number_or_else_by_patient_product_and_period() {
    let file = "number,decision,patient,code,from,to\n\
                A1,denied,P1,J1459,2024-01-01,2024-12-31\n\
                A2,approved,P1,J1459,2025-01-01,9999-12-31\n\
                A3,pended,P1,J1569,2024-01-01,2024-12-31\n\
                A4,approved,P2,J1459,2024-01-01,soon\n\
                A5,approved,P3,J1459,,\nA6,denied,P3,J1459,2024-01-01,";
    let decided = |auth: &str, patient: &str, product: &str, day: &str| {
        let line = format!("line_id,auth,patient,hcpcs,day\nL1,{auth},{patient},{product},{day}");
        let joined = join(&[AUTHORIZATIONS], &line, &[(Role::Authorizations, file)]).unwrap();
        (cell(&joined, Column::AuthNumber), cell(&joined, Column::AuthDecision), joined.outcomes[0])
    };
    let some = |word: &str| Some(word.to_owned());
    assert_eq!(decided("A3", "P1", "J1459", "2024-07-01"), (some("A3"), some("pended"), Outcome::Found));
    assert_eq!(decided("A9", "P1", "J1459", "2024-07-01"), (None, None, Outcome::Missing), "the number decides");
    assert_eq!(decided("", "P1", "j1459-JA", "2024-07-01"), (some("A1"), some("denied"), Outcome::Found));
    assert_eq!(decided("", "P1", "J1459", "2024-12-31").2, Outcome::Found);
    assert_eq!(decided("", "P1", "J1459", "2030-01-01"), (some("A2"), some("approved"), Outcome::Found));
    assert_eq!(decided("", "P1", "J1459", "2023-12-31").2, Outcome::Missing);
    assert_eq!(decided("", "P1", "J1459", "").2, Outcome::Missing, "without a day it is in no period");
    assert_eq!(decided("", "P2", "J1459", "2024-07-01").2, Outcome::Missing, "an end that is no date is not open");
    assert_eq!(decided("", "P3", "J1459", "2024-07-01"), (None, None, Outcome::Disagrees));
    assert_eq!(decided("", "P3", "J1459", "2020-07-01"), (some("A5"), some("approved"), Outcome::Found));
}

#[test]
fn lines_read_again_give_what_a_line_lacks_and_are_not_asked_otherwise() {
    let header = "line_id,claim,hcpcs,segment,day";
    let other = format!("{header}\nL1,C1,J1459,1,2024-07-01");
    let joined = |line: &str| join(&[AGAIN], &format!("{header}\n{line}"), &[(Role::Lines, &other)]).unwrap();
    let second = joined("L2,C1,J1459,2,");
    assert_eq!(cell(&second, Column::ServiceDate).as_deref(), Some("2024-07-01"));
    let first = joined("L1,C1,J1459,1,2024-07-02");
    assert_eq!((cell(&first, Column::ServiceDate), first.outcomes), (None, vec![Outcome::NotSought]));
    let alone = joined("L3,C3,J1459,2,");
    assert_eq!((alone.outcomes, alone.joined.notices), (vec![Outcome::Missing], vec![Notice::CompanionMissing]));
}

#[test]
fn a_key_with_more_records_than_are_kept_says_so() {
    let mut file = "claim_id,site,type,seq,code".to_owned();
    for number in 0..=RECORDS_PER_KEY {
        write!(file, "\n12,A,D,{number},G61.81").unwrap();
    }
    let joined = join(&[DIAGNOSES], LINE, &[(Role::Diagnoses, &file)]).unwrap();
    assert_eq!(joined.joined.notices, [Notice::DiagnosesTruncated]);
    assert_eq!(joined.joined.diagnoses.len(), RECORDS_PER_KEY);
}

#[test]
fn what_is_missing_is_said_with_what_was_found() {
    let needed = join(&[DIAGNOSES], LINE, &[]).unwrap_err();
    assert!(needed.contains("`diagnoses`"), "{needed}");
    let unfit = join(&[DIAGNOSES], LINE, &[(Role::Diagnoses, "encounter,code\n1,G61.0")]).unwrap_err();
    assert!(unfit.contains("claim_id") && unfit.contains("found: encounter, code"), "{unfit}");
    let unknown = join(&[DIAGNOSES], LINE, &[(Role::Patients, "patient,born\n1,")]).unwrap_err();
    assert!(unknown.contains("`patients`"), "{unknown}");
}
