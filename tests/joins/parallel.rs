//! Random tables, joined by nested loops as the layout's words say, and by the program in parallel.

use std::convert::Infallible;
use std::fmt::Write;

use ivig_audit::intake::join::Joins;
use ivig_audit::intake::{Column, Role};
use ivig_audit::order::ProductCodes;
use ivig_audit::scan::{CompanionFile, Head, Pace};
use proptest::prelude::*;

use super::layouts::{DIAGNOSES, PATIENTS, layout};

/// `(claim, site, patient)` of a line.
type Line = (u8, u8, u8);
/// `(claim, site, kind, position, code)` of a diagnosis.
type Dx = (u8, u8, bool, u8, u8);
/// `(patient, birth, sex)`; zero is empty.
type Patient = (u8, u8, u8);

/// What nested loops find: diagnoses in order, birth dates and sexes that agree.
fn expected(line: Line, diagnoses: &[Dx], patients: &[Patient]) -> (Vec<String>, Option<String>, Option<String>) {
    let mut own: Vec<(u8, u8)> = Vec::new();
    for (claim, site, counts, position, code) in diagnoses {
        let is_own = *counts && (*claim, *site) == (line.0, line.1) && *claim != 0;
        if is_own && *code != 0 && !own.contains(&(*position, *code)) {
            own.push((*position, *code));
        }
    }
    own.sort_by_key(|(position, _)| *position);
    let agreed = |of: fn(&Patient) -> u8| {
        let mut values: Vec<u8> = patients
            .iter()
            .filter(|each| each.0 == line.2 && each.0 != 0)
            .map(of)
            .filter(|value| *value != 0)
            .collect();
        values.sort_unstable();
        values.dedup();
        if values.len() == 1 { Some(format!("v{}", values[0])) } else { None }
    };
    (own.iter().map(|(_, code)| format!("v{code}")).collect(), agreed(|each| each.1), agreed(|each| each.2))
}

fn value(number: u8) -> String {
    if number == 0 { String::new() } else { format!("v{number}") }
}

fn read(joins: &mut Joins<'_>, role: Role, text: &str, pace: Pace) {
    let companion = usize::from(role == Role::Patients);
    let file = CompanionFile::bind(Head::read(std::io::Cursor::new(text.to_owned())).unwrap(), joins, role).unwrap();
    assert_eq!(file.binding.companion, companion);
    let (tally, extent) = file.scan::<Infallible>(joins, pace, |_| {}, |_| Ok(())).unwrap();
    assert_eq!(tally.records(), extent.lines.all_records());
    assert_eq!(extent.seen, text.lines().count() as u64);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parallel_reading_finds_what_nested_loops_find(
        lines in prop::collection::vec((0u8..6, 1u8..3, 0u8..6), 1..12),
        diagnoses in prop::collection::vec((0u8..6, 1u8..3, any::<bool>(), 1u8..4, 0u8..5), 0..40),
        patients in prop::collection::vec((0u8..6, 0u8..3, 0u8..3), 0..12),
        threads in 1usize..3,
        chunk_size in 1usize..40,
    ) {
        let layout = layout(&[DIAGNOSES, PATIENTS]);
        let pace = Pace { threads, chunk_size };
        let mut dx_file = "claim_id,site,type,seq,code\n".to_owned();
        for (claim, site, counts, position, code) in &diagnoses {
            let kind = if *counts { "D" } else { "P" };
            writeln!(dx_file, "{},s{site},{kind},{position},{}", value(*claim), value(*code)).unwrap();
        }
        let mut patient_file = "patient,born,sex\n".to_owned();
        for (patient, born, sex) in &patients {
            writeln!(patient_file, "{},{},{}", value(*patient), value(*born), value(*sex)).unwrap();
        }
        let header: Vec<String> = ["claim", "site", "patient", "hcpcs"].map(str::to_owned).to_vec();
        let records: Vec<[String; 4]> =
            lines.iter().map(|line| [value(line.0), format!("s{}", line.1), value(line.2), "J1459".to_owned()]).collect();
        let mut joins = Joins::new(&layout);
        for (role, text) in [(Role::Diagnoses, &dx_file), (Role::Patients, &patient_file)] {
            let (_, binding) = joins.open(role, text.lines().next().unwrap().as_bytes()).unwrap();
            joins.give(&binding);
        }
        let keys = joins.bind_lines(&header);
        for (companion, role, text) in [(0, Role::Diagnoses, &dx_file), (1, Role::Patients, &patient_file)] {
            for record in &records {
                joins.want(companion, &keys, &|at| record[at].as_bytes());
            }
            read(&mut joins, role, text, pace);
        }
        let text = |cell: &[u8]| String::from_utf8(cell.to_vec()).unwrap();
        for (line, record) in lines.iter().zip(&records) {
            let found = joins.joined_for(&keys, &|at| record[at].as_bytes(), &ProductCodes::default()).joined;
            let codes: Vec<String> = found.diagnoses.iter().map(|each| text(&each.code)).collect();
            let joined = (codes, found.cell(Column::BirthDate).map(text), found.cell(Column::Sex).map(text));
            prop_assert_eq!(joined, expected(*line, &diagnoses, &patients));
        }
    }
}
