//! Records that hold several lines, and records that are none.

use ivig_audit::assess::OutOfScope;
use ivig_audit::intake::{Layout, example};
use ivig_audit::rules::Rulebook;
use ivig_audit::scan::{Batch, Export, Found, Pace, Record};

use crate::AS_OF;
use crate::shapes::{layout, wrong};

fn scan(layout: &Layout, text: &str) -> Batch {
    let rulebook = Rulebook::open("aanem-2023").expect("the ruleset ships");
    let export = Export::open(std::io::Cursor::new(text.to_owned()), std::slice::from_ref(layout))
        .expect("the header is recognised");
    let mut all = Batch::default();
    let take = |batch: Batch| {
        all.tally += &batch.tally;
        all.rows.extend(batch.rows);
        all.rejected.extend(batch.rejected);
        Ok::<(), std::convert::Infallible>(())
    };
    let extent = export.scan(&rulebook, AS_OF, "test.csv", Pace::of(1), |_| {}, take).expect("it reads");
    assert_eq!(extent.lines.physical(), extent.seen);
    assert_eq!(extent.lines.all_records(), all.tally.records(), "every record is counted once");
    assert_eq!(all.tally.orders(), all.rows.len() as u64);
    all
}

const WIDE: &str = "[columns]\nclaim_id = [\"claim\"]\ndx = [\"dx{1..2}\"]\n\
    [[slots]]\nnumbers = \"1..3\"\nsystems = [\"hcpcs\"]\ncolumns = { product_code = [\"code_{i}\"], paid = [\"paid_{i}\"], line_dx = [\"ldx_{i}\"] }\n\
    [[slots]]\nnumbers = \"1..2\"\nsystems = [\"icd9-procedure\"]\nonly-if-none = true\ncolumns = { product_code = [\"proc_{i}\"] }\n";
const HEADER: &str = "claim,dx1,dx2,code_1,paid_1,ldx_1,code_2,paid_2,ldx_2,proc_1,proc_2\n";

#[test]
fn one_record_gives_an_order_for_each_filled_slot_in_scope() {
    let export = format!("{HEADER}C1,I10,,J1459,100.00,G61.81,J1569,50.00,G70.00,,\n");
    let batch = scan(&layout(WIDE), &export);
    let rows: Vec<_> =
        batch.rows.iter().map(|row| (row.record, row.slot, row.paid, row.product_code.clone())).collect();
    assert_eq!(
        rows,
        [(1, Some(1), Some(10_000), Some("J1459".to_owned())), (1, Some(2), Some(5_000), Some("J1569".to_owned()))]
    );
    assert_eq!(batch.rows[0].diagnoses, ["G61.81", "I10"]);
    assert_eq!((batch.tally.in_scope, batch.tally.orders()), (1, 2));
}

#[test]
fn a_procedure_beside_its_product_counts_once_and_alone_it_counts() {
    let export = format!("{HEADER}C1,G61.81,,J1459,,,99213,,,9914,\nC2,G61.81,,99213,,,,,,4019,9914\n");
    let batch = scan(&layout(WIDE), &export);
    let rows: Vec<_> = batch.rows.iter().map(|row| (row.record, row.slot, row.product_system.clone())).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!((rows[0].0, rows[0].1), (1, Some(1)));
    assert_eq!((rows[1].0, rows[1].1), (2, Some(5)), "slots of the second group follow those of the first");
}

#[test]
fn a_record_without_an_order_is_out_of_scope_for_the_nearest_reason() {
    let export = format!(
        "{HEADER}C1,I10,,99213,,,J1571,,,,\nC2,I10,,,,,,,,,\nC3,I10,,99213,,,,,,V4201,\nC4,I10,,,,,,,,V4201,\n"
    );
    let out = scan(&layout(WIDE), &export).tally.out_of_scope;
    let count = |reason| out.get(&reason).copied().unwrap_or(0);
    assert_eq!(count(OutOfScope::OtherGlobulin), 1);
    assert_eq!(count(OutOfScope::NoProduct), 1);
    assert_eq!(count(OutOfScope::NotImmuneGlobulin), 1);
    assert_eq!(count(OutOfScope::ProductUnreadable), 1, "a diagnosis code in a procedure column is no procedure");
}

#[test]
fn a_record_that_the_conditions_leave_out_is_no_line() {
    let layout = layout(
        "[columns]\nproduct_code = [\"code\"]\ndx = [\"dx\"]\n[[where]]\nname = \"type\"\nany-of = [\"CHARGE\", \"\"]\n\
         [[where]]\nname = \"absent\"\nany-of = [\"x\"]\n[[where]]\nname = \"state\"\nnone-of = [\"cancelled\"]\n",
    );
    let export =
        "code,dx,type,state\nJ1459,G61.81, charge ,\nJ1459,G61.81,PAYMENT,\nJ1459,G61.81,,Cancelled\nJ1459,G61.81,,x\n";
    let batch = scan(&layout, export);
    assert_eq!(batch.rows.iter().map(|row| row.record).collect::<Vec<_>>(), [1, 4]);
    assert_eq!(batch.tally.out_of_scope.get(&OutOfScope::NotALine), Some(&2));
    assert_eq!(batch.rows[0].slot, None);
}

/// A claim whose procedures stand on each of its lines.
const REPEATED: &str = "[columns]\nclaim_id = [\"claim\"]\ndx = [\"dx\"]\n\
    [[slots]]\nnumbers = \"1..1\"\nsystems = [\"hcpcs\"]\ncolumns = { product_code = [\"code\"] }\n\
    [[slots]]\nnumbers = \"1..2\"\nsystems = [\"icd9-procedure\"]\nonly-if-none = true\ncolumns = { product_code = [\"proc_{i}\"] }\n\
    [[slots.where]]\nname = \"line\"\nany-of = [\"1\", \"01\"]\n[[slots.where]]\nname = \"bill\"\nnone-of = [\"13*\"]\n";

#[test]
fn what_a_claim_repeats_on_each_line_is_read_on_the_first() {
    let export = "claim,line,bill,dx,code,proc_1,proc_2\nC1,1,111,G61.81,99213,9914,\nC1,2,111,G61.81,,9914,\nC1,3,111,G61.81,J1459,9914,\n\
                  C2,01,131,G61.81,99213,9914,\nC3, 1 ,111,G61.81,J1459,9914,\n";
    let batch = scan(&layout(REPEATED), export);
    let rows: Vec<_> = batch.rows.iter().map(|row| (row.record, row.slot)).collect();
    assert_eq!(rows, [(1, Some(2)), (3, Some(1)), (5, Some(1))], "one procedure a claim, none of an outpatient bill");
    let count = |reason| batch.tally.out_of_scope.get(&reason).copied().unwrap_or(0);
    assert_eq!(count(OutOfScope::NoProduct), 1, "a line on which only the procedures stand has no product of its own");
    let unnumbered = scan(&layout(REPEATED), "claim,dx,code,proc_1,proc_2\nC1,G61.81,,9914,\n");
    assert_eq!(unnumbered.rows.len(), 1, "a condition on a field that the header lacks holds");
}

#[test]
fn a_condition_of_a_slot_says_something() {
    let with = |condition: &str| wrong(&REPEATED.replace("none-of = [\"13*\"]", condition));
    assert!(with("any-of = []").contains("bill"), "{}", with("any-of = []"));
    assert!(with("any-of = [\"*\"]").contains("every record"), "{}", with("any-of = [\"*\"]"));
}

#[test]
fn all_lines_of_a_record_are_found_by_its_number() {
    let layout = layout(WIDE);
    let export = format!("{HEADER}C1,G61.81,,J1459,,,99213,,,,\n");
    let rulebook = Rulebook::open("aanem-2023").unwrap();
    let export = Export::open(std::io::Cursor::new(export), std::slice::from_ref(&layout)).unwrap();
    let Found::Record(record) = export.find(&rulebook, AS_OF, 1).unwrap() else { panic!("it is there") };
    let Record::Slots(lines) = *record else { panic!("it holds several lines") };
    assert_eq!(lines.iter().map(|(slot, _)| *slot).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn an_export_without_a_header_line_is_read_by_the_names_of_its_layout() {
    let layout = layout(
        "[dialect]\ndelimiters = [\"\\t\", \",\"]\nheader = [\"code\", \"dx\", \"claim\"]\nallow-missing-fields = 1\n\
         control = [\"HDR\", \"TRL\"]\n[columns]\nproduct_code = [\"code\"]\ndx = [\"dx\"]\nclaim_id = [\"claim\"]\n",
    );
    let rows = |export: &str| {
        let batch = scan(&layout, export);
        let rejected: Vec<_> = batch.rejected.iter().map(|each| (each.place.record, each.reason)).collect();
        let rows: Vec<_> =
            batch.rows.iter().map(|row| (row.record, row.warnings.contains(&"short-record".to_owned()))).collect();
        (rows, rejected)
    };
    assert_eq!(rows("J1459\tG61.81\tC1\nJ1459\tG61.81\n").0, [(1, false), (2, true)]);
    assert_eq!(rows("\u{feff}J1459\tG61.81\tC1\n").0, [(1, false)]);
    assert_eq!(rows("Code\tDX\tClaim\nJ1459\tG61.81\tC1\n").0, [(1, false)], "a header line is still one");
    let controlled = rows("HDR\t2024\nJ1459\tG61.81\tC1\nTRL\t1\n");
    assert_eq!(controlled, (vec![(2, false)], vec![(1, "control-record"), (3, "control-record")]));
    let behind = rows("HDR\t2024\ncode\tdx\tclaim\nJ1459\tG61.81\tC1\nTRL\t1\n");
    assert_eq!(
        behind,
        (vec![(1, false)], vec![(2, "control-record")]),
        "control records before a header are lines of it"
    );
    let error = Export::open(&b"1,2,3,4,5\n"[..], std::slice::from_ref(&layout)).unwrap_err().to_string();
    assert!(error.contains("3 columns") && error.contains("5 fields"), "{error}");
}

#[test]
fn examples_say_what_each_line_of_a_record_is_and_where_it_differs() {
    let with = |example: &str| {
        let text = format!("{WIDE}[[example]]\nname = \"e\"\nheader = \"{}\"\n{example}\n", HEADER.trim());
        example::differences(&layout(&text))
    };
    let record = "record = \"C1,I10,,J1459,100,G61.81,J1569,,,,\"\n";
    assert_eq!(
        with(&format!(
            "{record}lines = [{{ slot = 1, product = \"J1459\", paid = 100, pointed = [\"G61.81\"] }}, {{ slot = 2, diagnoses = [\"I10\"] }}]"
        )),
        Vec::<String>::new()
    );
    assert!(with(&format!("{record}expect = {{ slot = 1 }}"))[0].contains("1, 2"));
    assert!(with(&format!("{record}lines = [{{ slot = 1 }}, {{ paid = 1 }}]"))[0].contains("slot 2: paid"));
    assert!(with(&format!("{record}outside = \"not-a-line\""))[0].contains("found a line"));
}
