//! Dirt inside cells: what spreadsheets, fixed widths, masks and lost zeros make of codes, ids, dates and ages.

use ivig_audit::assess::{Screen, screen};
use ivig_audit::codes::{CodeVersion, Malformed};
use ivig_audit::intake::Rejection;
use ivig_audit::order::{Age, Notice, Order};
use ivig_audit::rules::Ruleset;

use crate::{decode, decode_bytes, diagnoses};

fn order(header: &str, record: &str) -> Order {
    decode(header, record).order
}

/// The word for what screening says of a product cell and an NDC cell.
fn screened(product: &str, ndc: &str) -> String {
    let ruleset = Ruleset::builtin("aanem-2023").unwrap_or_else(|error| panic!("{error}"));
    let mut order = order("hcpcs,ndc,dx1", &format!("{product},{ndc},G61.81"));
    order.product.read_ndc(ndc);
    match screen(&ruleset, &order) {
        Screen::InScope(_) => "in scope".to_owned(),
        Screen::OutOfScope(reason) => reason.as_str().to_owned(),
    }
}

#[test]
fn product_codes_are_found_through_what_programs_do_to_them() {
    for cell in ["J1459.0", "J-1459", "J 1459", "j1459", "  J1459    ", "J1459-JA", "90283.0", "9914.0"] {
        assert_eq!(screened(cell, ""), "in scope", "{cell}");
    }
    assert_eq!(screened("J145.9", ""), "product-unreadable");
    assert_eq!(screened("1.459E+3", ""), "product-unreadable");
}

#[test]
fn an_ndc_is_found_in_every_form_and_never_by_a_guess() {
    for cell in ["44206043705", "44206-0437-05", "442060437", "44206-0437", "44206043705.0", "   44206043705  "] {
        assert_eq!(screened("", cell), "in scope", "{cell}");
    }
    for cell in ["00944270002", "944270002", "009442700", "0944-2700-02", "944270002.0"] {
        assert_eq!(screened("", cell), "in scope", "{cell}");
    }
    assert_eq!(screened("", "651640"), "product-unreadable", "too short to be told");
    assert_eq!(screened("", "1234567890"), "product-unreadable", "three readings, none listed");
    assert_eq!(screened("", "4.4206E+10"), "product-unreadable");
    for zeros in ["0", "00000000000", "00000-0000-00"] {
        assert_eq!(screened("", zeros), "no-product", "{zeros}");
    }
    assert_eq!(screened("00000", "44206043705"), "in scope", "a procedure cell of zeros does not hide the NDC");
}

#[test]
fn two_code_systems_in_one_diagnosis_cell_are_typed_code_by_code() {
    for cell in ["\"358.00, G70.0\"", "358.00;G70.0", "358.00|G70.0", "358.00^G70.0", "358.00 G70.0", "35800  G700"] {
        assert_eq!(diagnoses(&decode("hcpcs,dx1", &format!("J1459,{cell}"))), ["358.00", "G70.0"], "{cell}");
    }
    let one = order("hcpcs,dx1,dx2", "J1459,\"358.00, G70.0\",I10");
    assert_eq!(one.diagnoses.iter().map(|each| each.position).collect::<Vec<_>>(), [1, 1, 2], "they share a place");
}

#[test]
fn dots_case_spaces_and_e_and_v_codes_do_not_matter() {
    let cells = decode(
        "hcpcs,dx1,dx2,dx3,dx4,dx5,dx6,service_date",
        "J1459,g61.,G6181  , 357.0 ,V42.0,E819.0,e8190,2014-01-01",
    );
    assert_eq!(diagnoses(&cells), ["G61", "G61.81", "357.0", "V42.0", "E819.0", "E819.0"]);
}

#[test]
fn a_number_that_may_have_lost_a_zero_is_no_code_and_says_so() {
    for cell in ["26.2", "66", "7", "2812.0", "35781.0", "1.1"] {
        let order = order("hcpcs,dx1", &format!("J1459,{cell}"));
        assert_eq!(order.diagnoses[0].code, Err(Malformed::Shape), "{cell}");
        assert_eq!(order.notices, [Notice::DiagnosisZeroLost], "{cell}");
    }
    for cell in ["357.0", "3570", "016.72", "-35800", "123456", "26.212"] {
        assert_eq!(order("hcpcs,dx1", &format!("J1459,{cell}")).notices, [], "{cell}");
    }
    assert!(order("hcpcs,dx1", "J1459,-35800").diagnoses[0].code.is_err());
}

#[test]
fn beside_a_code_that_turned_float_a_category_with_a_zero_behind_it_is_no_code_either() {
    let floated = order("hcpcs,dx1,dx2,dx3", "J1459,357.0,2812.0,G61.0");
    let read: Vec<bool> = floated.diagnoses.iter().map(|each| each.code.is_ok()).collect();
    assert_eq!(read, [false, false, true], "357.0 may be the category 357");
    assert_eq!(floated.notices, [Notice::DiagnosisZeroLost]);
    assert_eq!(diagnoses(&decode("hcpcs,dx1,dx2", "J1459,357.0,281.2")), ["357.0", "281.2"]);
}

#[test]
fn concept_numbers_in_a_diagnosis_cell_are_malformed_and_nothing_more() {
    let order = order("hcpcs,dx1,diagnoses", "J1459,24700007 128613002,24700007");
    assert!(order.diagnoses.len() == 3 && order.diagnoses.iter().all(|each| each.code.is_err()));
    assert_eq!(order.notices, []);
}

#[test]
fn ids_are_carried_without_what_a_float_adds_and_otherwise_as_they_are() {
    let carried = decode(
        "order_id,claim_id,patient_id,auth_number,npi,facility_id,hcpcs,dx1",
        "-D2AB3,540216036325700.0,=1+2,@7,1437702123.0,+9,J1459,I10",
    )
    .carried;
    let ids = [carried.order_id, carried.claim_id, carried.patient_id, carried.auth_number, carried.provider_id];
    assert_eq!(ids.map(Option::unwrap_or_default), ["-D2AB3", "540216036325700", "=1+2", "@7", "1437702123"]);
    assert_eq!(carried.facility_id.as_deref(), Some("+9"));
}

#[test]
fn an_id_in_scientific_notation_rejects_the_record_and_a_providers_does_not() {
    for column in ["order_id", "claim_id", "patient_id", "auth_number"] {
        let rejected = decode_bytes(&format!("{column},hcpcs,dx1"), b"6.93217E+12,J1459,I10").unwrap_err();
        assert_eq!(rejected, Rejection::IdInScientificNotation, "{column}");
    }
    let decoded = decode("npi,facility_id,hcpcs,dx1", "1.43770E+09,5E+14,J1459,I10");
    assert_eq!((decoded.carried.provider_id, decoded.carried.facility_id), (None, None));
    assert_eq!(decoded.order.notices, [Notice::ProviderIdUnreadable]);
}

#[test]
fn dates_nobody_believes_are_unreadable_and_sentinels_are_none() {
    let read = |date: &str| {
        let order = order("hcpcs,service_date,dx1", &format!("J1459,{date},I10"));
        (order.service_date.map(|day| day.to_string()).unwrap_or_default(), order.notices)
    };
    for date in ["292278994-08-17", "0001-01-01", "4000-01-01", "1440", "-75"] {
        assert_eq!(read(date), (String::new(), vec![Notice::ServiceDateUnreadable]), "{date}");
    }
    for date in ["1000-01-01", "9999-12-31", "1900-01-01"] {
        assert_eq!(read(date), (String::new(), vec![]), "{date}");
    }
    assert_eq!(read("2144-09-20 00:00:00").0, "2144-09-20");
    assert_eq!(read("2023-01-27T16:17:47Z").0, "2023-01-27");
}

#[test]
fn a_masked_age_is_at_least_so_many_years() {
    let order = order("hcpcs,age,dx1", "J1459,> 89,I10");
    assert_eq!((order.age, order.notices), (Age::at_least(90), vec![Notice::AgeMasked]));
}

#[test]
fn a_decision_in_an_unknown_word_is_no_decision_and_says_so() {
    let read = |word: &str| {
        let decoded = decode("hcpcs,dx1,auth_decision", &format!("J1459,I10,{word}"));
        (decoded.carried.auth_decision, decoded.order.notices)
    };
    assert_eq!(read("whatever"), (None, vec![Notice::AuthDecisionUnreadable]));
    assert_eq!(read(""), (None, vec![]));
    assert_eq!(read("A"), (Some("approved".to_owned()), vec![]));
}

#[test]
fn a_number_outside_the_diagnosis_columns_is_no_diagnosis() {
    let order = order("order_id,units,billed,hcpcs,dx1,reason", "3570,138,357.0,J1459,I10,DRG 357.0 and 35781");
    assert_eq!(order.diagnoses.len(), 1);
    assert_eq!(order.diagnoses[0].code.map(|code| code.to_string()).as_deref(), Ok("I10"));
}

#[test]
fn a_product_column_with_nothing_or_another_systems_numbers_is_told() {
    assert_eq!(screened("", ""), "no-product");
    assert_eq!(screened("~", "NULL"), "no-product");
    for diagnosis in ["4019", "2724", "25000", "V420", "G61.81"] {
        assert_ne!(screened(diagnosis, ""), "in scope", "{diagnosis}");
    }
}

#[test]
fn a_code_of_the_ninth_revision_in_an_impossible_year_is_read_by_its_column() {
    let code = |version: &str| {
        let record = format!("J1459,2144-09-20,V420,{version}");
        order("hcpcs,service_date,dx1,dx_version", &record).diagnoses[0].code.map(|code| code.version())
    };
    assert_eq!((code("9"), code("")), (Ok(CodeVersion::Icd9), Ok(CodeVersion::Icd10)), "the date is asked last");
}
