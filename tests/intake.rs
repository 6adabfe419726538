//! Intake: what a record's fields become, cell by cell, and what each header binds to.

#[path = "intake/cells.rs"]
mod cells;
#[path = "intake/headerless.rs"]
mod headerless;
#[path = "intake/known_text.rs"]
mod known_text;
#[path = "intake/layout_docs.rs"]
mod layout_docs;
#[path = "intake/shipped.rs"]
mod shipped;

use chrono::NaiveDate;
use ivig_audit::framing::{Dialect, Splitter};
use ivig_audit::intake::{
    Column, Decoded, Decoder, Framed, Layout, LayoutError, ProductCell, RecogniseError, Rejection, recognise,
};
use ivig_audit::order::{Age, Notice, ProductCodes};

#[path = "intake/recognition.rs"]
mod recognition;
#[path = "intake/shapes.rs"]
mod shapes;
#[path = "intake/slots.rs"]
mod slots;
#[path = "intake/worked_exports.rs"]
mod worked_exports;

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();

fn generic() -> Layout {
    Layout::open("generic").expect("the generic layout ships")
}

fn decode_bytes(header: &str, record: &[u8]) -> Result<Decoded, Rejection> {
    let layouts = [generic()];
    let recognised = recognise(header.as_bytes(), &layouts).expect("the header is recognised");
    let fields = recognised.binding.header.len();
    let dialect = Dialect {
        delimiter: recognised.delimiter,
        quote: Some(b'"'),
        fields,
        spans: vec![],
        allow_trailing_delimiter: true,
        ..Dialect::default()
    };
    let mut splitter = Splitter::new();
    let split = splitter.split(record, &dialect);
    assert_eq!(split.len(), fields, "the record has the header's fields");
    let field = |at: usize| split.get(at).unwrap_or_default();
    let decoder = Decoder::new(&layouts[0], &recognised.binding, AS_OF);
    let product = decoder.product(&field);
    decoder.decode(&field, &product, Framed::default())
}

fn decode(header: &str, record: &str) -> Decoded {
    decode_bytes(header, record.as_bytes()).expect("the record decodes")
}

fn diagnoses(decoded: &Decoded) -> Vec<String> {
    decoded.order.diagnoses.iter().map(|each| each.code.map_or("–".to_owned(), |code| code.to_string())).collect()
}

#[test]
fn diagnosis_columns_keep_their_order_and_gaps() {
    let decoded = decode("hcpcs,dx2,dx1,dx3", "J1459,G63,D47.2,");
    assert_eq!(diagnoses(&decoded), ["D47.2", "G63"]);
    let positions: Vec<u8> = decoded.order.diagnoses.iter().map(|each| each.position).collect();
    assert_eq!(positions, [1, 2]);
    let decoded = decode("hcpcs,dx1,dx2,dx3", "J1459,D47.2,,G63");
    assert_eq!(decoded.order.diagnoses[1].position, 3);
}

#[test]
fn a_delimited_list_is_read_whatever_parts_it() {
    for list in ["D47.2;G63", "D47.2|G63", "D47.2^G63", "D47.2 G63", " d472 ; g63 ", "\"D47.2, G63\""] {
        assert_eq!(diagnoses(&decode("hcpcs,diagnoses", &format!("J1459,{list}"))), ["D47.2", "G63"], "{list}");
    }
    assert_eq!(diagnoses(&decode("hcpcs,dx1,dx2", "J1459,\"D47.2, G63\",I10")), ["D47.2", "G63", "I10"]);
}

#[test]
fn null_tokens_are_no_diagnosis_and_malformed_cells_are_kept_as_such() {
    let decoded = decode("hcpcs,dx1,dx2,dx3,dx4", "J1459,~,NULL,ZZZ,G61.81");
    assert_eq!(diagnoses(&decoded), ["–", "G61.81"]);
}

#[test]
fn the_declared_version_decides_only_where_the_shape_does_not() {
    let conflict = decode("hcpcs,service_date,dx1,dx_version", "J1459,2024-01-01,357.0,ICD-10-CM");
    assert_eq!(diagnoses(&conflict), ["357.0"]);
    assert!(conflict.order.notices.contains(&Notice::VersionConflict));
    let declared = decode("hcpcs,service_date,dx1,dx_version", "J1459,2014-01-01,V420,9");
    assert_eq!(diagnoses(&declared), ["V42.0"]);
    assert!(!declared.order.notices.contains(&Notice::VersionConflict));
}

#[test]
fn pointers_read_as_digits_letters_and_lists() {
    let pointed = |pointer: &str| {
        let decoded = decode("hcpcs,dx1,dx2,dx3,dx_pointer", &format!("J1459,G61.81,I10,E11.9,\"{pointer}\""));
        let marked: Vec<u8> =
            decoded.order.diagnoses.iter().filter(|each| each.pointed).map(|each| each.position).collect();
        (marked, decoded.order.notices.contains(&Notice::PointerUnreadable))
    };
    assert_eq!(pointed("1"), (vec![1], false));
    assert_eq!(pointed("1:3"), (vec![1, 3], false));
    assert_eq!(pointed("3,1"), (vec![1, 3], false));
    assert_eq!(pointed("AB"), (vec![1, 2], false));
    assert_eq!(pointed("7"), (vec![], true));
    assert_eq!(pointed("?"), (vec![], true));
    assert_eq!(pointed(""), (vec![], false));
}

#[test]
fn modifiers_come_from_their_columns_and_from_behind_the_code() {
    let modifiers = |header: &str, record: &str| -> Vec<String> {
        decode(header, record).order.product.modifiers.iter().map(|each| each.as_str().to_owned()).collect()
    };
    assert_eq!(modifiers("hcpcs,modifier,dx1", "J1561,jb,I10"), ["JB"]);
    assert_eq!(modifiers("hcpcs,modifier,dx1", "J1561,JB JW,I10"), ["JB", "JW"]);
    assert_eq!(modifiers("hcpcs,modifier1,modifier2,dx1", "J1561,JA,JW,I10"), ["JA", "JW"]);
    assert_eq!(modifiers("hcpcs,dx1", "J1561-JB,I10"), ["JB"]);
    let odd = decode("hcpcs,modifier,dx1", "J1561,J,I10");
    assert!(odd.order.notices.contains(&Notice::ModifierUnreadable));
}

#[test]
fn the_age_comes_from_the_birth_date_and_then_from_the_age_column() {
    let age = |record: &str| decode("hcpcs,service_date,dob,age,dx1", record).order;
    assert_eq!(age("J1459,2024-06-15,2006-06-15,3,I10").age, Age::from_years(18));
    assert_eq!(age("J1459,2024-06-15,,45,I10").age, Age::from_years(45));
    assert_eq!(age("J1459,,2006-06-15,45,I10").age, Age::from_years(45));
    let odd = age("J1459,2024-06-15,,middle-aged,I10");
    assert_eq!((odd.age, odd.notices), (Age::Unknown, vec![Notice::AgeUnreadable]));
    let unborn = age("J1459,2024-06-15,2025-01-01,,I10");
    assert_eq!((unborn.age, unborn.notices), (Age::Unknown, vec![Notice::BirthDateImplausible]));
}

#[test]
fn dates_that_cannot_be_read_mean_nothing_and_do_not_lose_the_order() {
    let order = |date: &str| decode("hcpcs,service_date,dx1", &format!("J1459,{date},I10")).order;
    assert_eq!(order("9999-12-31").service_date, None);
    assert_eq!(order("9999-12-31").notices, []);
    assert_eq!(order("31/12/2024").notices, [Notice::ServiceDateUnreadable]);
    assert_eq!(order("2026-01-02").notices, [Notice::ServiceInFuture]);
    assert_eq!(order("2026-01-01").notices, []);
}

#[test]
fn amounts_and_units_are_exact_or_unknown() {
    let decoded = decode("hcpcs,dx1,units,billed,allowed,paid", "J1459,I10,\"1,000.5\",$12.30,oops,(5.00)");
    let carried = &decoded.carried;
    assert_eq!(
        (carried.units, carried.billed, carried.allowed, carried.paid),
        (Some(1_000_500), Some(1230), None, Some(-500))
    );
    assert_eq!(decoded.order.notices, [Notice::AmountUnreadable]);
    assert_eq!(decode("hcpcs,dx1,units", "J1459,I10,-2").order.notices, [Notice::NegativeUnits]);
}

#[test]
fn the_payers_decision_is_read_in_the_contracts_words() {
    let decision = |cell: &str| decode("hcpcs,dx1,auth_status", &format!("J1459,I10,{cell}")).carried.auth_decision;
    assert_eq!(decision("Approved").as_deref(), Some("approved"));
    assert_eq!(decision("N").as_deref(), Some("denied"));
    assert_eq!(decision("P").as_deref(), Some("partial"));
    assert_eq!(decision("whatever"), None);
    assert_eq!(decision(""), None);
}

#[test]
fn a_field_that_decides_must_be_valid_text_and_another_may_be_mended() {
    assert_eq!(decode_bytes("hcpcs,dx1,payer", b"J1459,G61.\xff,x").unwrap_err(), Rejection::InvalidEncoding);
    let order = decode_bytes("hcpcs,dx1,comments", b"J1459,G61.81,caf\xe9").unwrap().order;
    assert!(order.notices.contains(&Notice::TextEncoding));
    assert_eq!(order.text, "café", "text that is no UTF-8 is read as Windows-1252");
    let payer = decode_bytes("hcpcs,dx1,payer", b"J1459,G61.81,M\xfcller").unwrap();
    assert_eq!(payer.carried.payer.as_deref(), Some("Müller"));
    assert!(payer.order.notices.contains(&Notice::TextEncoding));
}

#[test]
fn a_product_cell_that_holds_no_code_is_told_from_an_empty_one() {
    let product = |cell: &str| {
        let layouts = [generic()];
        let recognised = recognise(b"hcpcs,dx1", &layouts).unwrap();
        let fields = [cell.as_bytes(), b"I10"];
        Decoder::new(&layouts[0], &recognised.binding, AS_OF).product(&|at: usize| fields[at])
    };
    assert!(matches!(product("see note"), ProductCell::Codes(codes) if codes.unreadable && codes.procedure.is_none()));
    assert!(matches!(product("~"), ProductCell::Codes(codes) if !codes.unreadable && codes.procedure.is_none()));
    assert!(matches!(product("XW133E7"), ProductCell::Codes(codes) if codes.procedure.is_some()));
    assert!(matches!(product(" j1459 "), ProductCell::Codes(codes) if codes.procedure.is_some()));
}

#[test]
fn a_file_may_name_its_products_by_ndc_or_by_name_alone() {
    let layouts = [generic()];
    for header in ["ndc,dx1", "medication,dx1", "drug_name,diagnoses", "product_name,ndc,indication"] {
        assert!(recognise(header.as_bytes(), &layouts).is_ok(), "{header}");
    }
    let RecogniseError::Missing(missing) = recognise(b"order_id,dx1", &layouts).unwrap_err() else {
        panic!("a file without any product column is refused")
    };
    let (why, names) = &missing[0].wanted[0];
    assert!(why.contains("NDC") && names.contains(&"ndc".to_owned()) && names.contains(&"hcpcs".to_owned()));
}

/// Code, NDC and name of a record, as screening asks for them where the code does not decide.
fn evidence(header: &str, record: &[&[u8]]) -> Result<ProductCodes, Rejection> {
    let layouts = [generic()];
    let recognised = recognise(header.as_bytes(), &layouts).unwrap();
    let decoder = Decoder::new(&layouts[0], &recognised.binding, AS_OF);
    let field = |at: usize| record[at];
    let ProductCell::Codes(mut codes) = decoder.product(&field) else { return Err(Rejection::InvalidEncoding) };
    decoder.product_evidence(&field, &mut codes).map(|()| codes)
}

#[test]
fn ndc_and_name_are_read_beside_the_code() {
    let ndc = |codes: &ProductCodes| codes.ndc.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let read = evidence("hcpcs,ndc,medication,dx1", &[b"J3590", b" 0944-2700-02 ", b"Some Product", b"I10"]).unwrap();
    assert_eq!((ndc(&read).as_str(), read.name.as_str()), ("00944270002", "Some Product"));
    let none = evidence("hcpcs,ndc,medication,dx1", &[b"", b"0", b"NULL", b"I10"]).unwrap();
    assert_eq!(none, ProductCodes::default(), "zero and null tokens are nothing");
    let odd = evidence("hcpcs,ndc,dx1", &[b"", b"see note", b"I10"]).unwrap();
    assert!(odd.unreadable && odd.ndc.is_empty());
    let instead = evidence("hcpcs,dx1", &[b"00944-2700-02", b"I10"]).unwrap();
    assert_eq!((ndc(&instead).as_str(), instead.procedure), ("00944270002", None));
    let both = evidence("hcpcs,ndc,dx1", &[b"00944-2700-02", b"44206043705", b"I10"]).unwrap();
    assert_eq!(ndc(&both), "44206043705", "the NDC column goes first");
}

#[test]
fn an_ndc_and_a_name_that_decide_must_be_valid_text_and_need_not_where_the_code_decides() {
    for record in [[&b"J3590"[..], b"\xff", b"", b"I10"], [b"", b"", b"caf\xe9", b"I10"]] {
        assert_eq!(evidence("hcpcs,ndc,medication,dx1", &record).unwrap_err(), Rejection::InvalidEncoding);
    }
    assert!(decode_bytes("hcpcs,ndc,medication,dx1", b"J1459,\xff,caf\xe9,I10").is_ok());
}

#[test]
fn the_delimiter_is_the_one_under_which_the_header_has_known_names() {
    let layouts = [generic()];
    for (header, delimiter) in [
        ("order_id,hcpcs,dx1", b','),
        ("order_id|hcpcs|dx1", b'|'),
        ("order_id\thcpcs\tdx1", b'\t'),
        ("order_id;hcpcs;dx1", b';'),
        ("\"order, id\"|hcpcs|dx1", b'|'),
    ] {
        assert_eq!(recognise(header.as_bytes(), &layouts).unwrap().delimiter, delimiter, "{header}");
    }
}

#[test]
fn unmapped_columns_are_known_and_a_repeated_name_is_an_error() {
    let layouts = [generic()];
    let recognised = recognise(b"hcpcs,dx1,weather", &layouts).unwrap();
    assert_eq!(recognised.binding.unmapped, [2]);
    assert_eq!(recognised.binding.field(Column::ProductCode), Some(0));
    assert_eq!(recognise(b"hcpcs,dx1,DX_1", &layouts).unwrap_err(), RecogniseError::Repeated("dx1".to_owned()));
    assert!(recognise(b"hcpcs,dx1,note,note", &layouts).is_ok(), "what nobody reads may repeat");
}

#[test]
fn two_layouts_that_fit_alike_are_an_error_that_names_both() {
    let mut other = generic();
    other.id = "other".to_owned();
    let error = recognise(b"hcpcs,dx1", &[generic(), other]).unwrap_err();
    assert_eq!(error, RecogniseError::Ambiguous(vec!["generic".to_owned(), "other".to_owned()]));
}

#[test]
fn every_shipped_layout_reads_its_own_examples() {
    let mut all = Vec::new();
    for layout in Layout::builtin().unwrap() {
        assert!(layout.examples.len() >= 3, "{}", layout.id);
        let differences = ivig_audit::intake::example::differences(&layout);
        all.extend(differences.into_iter().map(|difference| format!("{}: {difference}", layout.id)));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn a_layout_file_with_a_wrong_word_names_its_line_and_what_is_accepted() {
    let text = ivig_audit::intake::builtin_text("generic").unwrap();
    let wrong =
        |from: &str, to: &str| -> LayoutError { Layout::parse("own.toml", &text.replacen(from, to, 1)).unwrap_err() };
    let error = wrong("order_id         =", "orderid         =");
    assert!(error.line.is_some() && error.to_string().contains("order_id"), "{error}");
    let error = wrong("\"compact\"", "\"kompakt\"");
    assert!(error.line.is_some() && error.to_string().contains("compact"), "{error}");
    let error = wrong("quote      = \"\\\"\"", "quote      = \"é\"");
    assert!(error.to_string().contains("ASCII"), "{error}");
}
