//! Records of shipped layouts, read with the files beside them, screened and assessed: what the examples of a layout cannot
//! say, since they end where the order is read.

use ivig_audit::assess::{OutOfScope, Screen, assess, screen};
use ivig_audit::intake::join::join_small;
use ivig_audit::intake::{Decoder, Framed, Layout, ProductCell, Role, recognise_beside};
use ivig_audit::rules::Rulebook;

use crate::AS_OF;

/// The rows that the one line of an export matches, or why it is out of scope. The program finds the layout itself.
fn answered(expected: &str, header: &str, record: &str, files: &[(Role, &[&str])]) -> Result<Vec<String>, OutOfScope> {
    let layouts = Layout::builtin().expect("the shipped layouts are valid");
    let roles: Vec<Role> = files.iter().map(|(role, _)| *role).collect();
    let recognised = recognise_beside(header.as_bytes(), &layouts, &roles).expect("the header is recognised");
    let layout = &layouts[recognised.layout];
    assert_eq!(layout.id, expected);
    let fields: Vec<String> = record.split(char::from(recognised.delimiter)).map(str::to_owned).collect();
    assert_eq!(fields.len(), recognised.binding.header.len(), "the record has the header's fields");
    let field = |at: usize| fields.get(at).map_or(&b""[..], String::as_bytes);
    let read = Decoder::new(layout, &recognised.binding, AS_OF);
    let ProductCell::Codes(product) = read.product(&field) else { panic!("the product is text") };
    let files: Vec<(Role, Vec<String>)> =
        files.iter().map(|(role, lines)| (*role, lines.iter().map(|line| (*line).to_owned()).collect())).collect();
    let joined = join_small(layout, &recognised.binding.header, &fields, &product, &files).expect("the files join");
    let decoder = read.beside(&joined.joined);
    let order = decoder.decode(&field, &ProductCell::Codes(product), Framed::default()).expect("it decodes").order;
    let rulebook = Rulebook::open("aanem-2023").expect("the ruleset ships");
    let ruleset = rulebook.on(order.service_date);
    match screen(ruleset, &order) {
        Screen::InScope(product) => Ok(assess(ruleset, &order, product).rows.ids(ruleset)),
        Screen::OutOfScope(reason) => Err(reason),
    }
}

#[test]
fn a_path_that_names_a_crisis_speaks_beside_the_code_of_a_stable_myasthenia() {
    let header = "medicationid,patientunitstayid,drugordercancelled,drugname,routeadmin";
    let dx = "diagnosisid,patientunitstayid,diagnosisstring,icd9code,diagnosispriority";
    let rows = |string: &str| {
        let crisis = format!("2,1400,{string},,Major");
        let files = [(
            Role::Diagnoses,
            &[dx, "1,1400,neurologic|disorders of neuromuscular junction|myasthenia gravis,358.00,Primary", &crisis][..],
        )];
        answered("eicu-medication", header, "501,1400,No,IMMUNE GLOBULIN 10 % IV SOLN,IV", &files)
    };
    let crisis = rows("neurologic|disorders of neuromuscular junction|myasthenia gravis|myasthenic crisis");
    assert_eq!(crisis, Ok(vec!["mg-exacerbation".to_owned()]));
    let pressure = rows("cardiovascular|ventricular disorders|hypertension");
    assert_eq!(pressure, Ok(vec!["mg-stable".to_owned()]), "without it the code speaks alone");
}

#[test]
fn a_number_that_the_list_of_products_does_not_have_yields_to_the_name() {
    let header = "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION,DISPENSES,REASONCODE,REASONDESCRIPTION";
    let order = |name: &str| {
        let record = format!("2023-01-27T16:17:47Z,,aa-1,ee-1,1111111,{name},1,,Myasthenia gravis in crisis");
        answered("synthea", header, &record, &[])
    };
    let in_crisis = Ok(vec!["mg-exacerbation".to_owned()]);
    assert_eq!(order("Privigen 10 % intravenous solution"), in_crisis);
    assert_eq!(order("human immunoglobulin G 100 MG/ML Injectable Solution [Gamunex-C]"), in_crisis);
    assert_eq!(order("Loratadine 5 MG Chewable Tablet"), Err(OutOfScope::NotImmuneGlobulin));
}

#[test]
fn a_modifier_of_revenue_lines_tells_the_route_wherever_it_stands() {
    let outpatient = "BENE_ID|CLM_ID|CLM_FROM_DT|ICD_DGNS_CD1|ICD_DGNS_VRSN_CD1|CLM_LINE_NUM|REV_CNTR|REV_CNTR_DT|HCPCS_CD|\
                      HCPCS_1ST_MDFR_CD|HCPCS_2ND_MDFR_CD|HCPCS_3RD_MDFR_CD|HCPCS_4TH_MDFR_CD";
    let inpatient = outpatient.replace("|REV_CNTR_DT|", "|");
    let line = |modifiers: &str| format!("77|2004|02-Jun-2017|G7001|0|1|0636|02-Jun-2017|J1569|{modifiers}");
    for modifiers in ["JB|||", "59||JB|", "59|||JB"] {
        let out = answered("cms-rif-outpatient", outpatient, &line(modifiers), &[]);
        assert_eq!(out, Err(OutOfScope::Subcutaneous), "{modifiers}");
        let record = line(modifiers).replace("|0636|02-Jun-2017|", "|0636|");
        let out = answered("cms-rif-inpatient-lines", &inpatient, &record, &[]);
        assert_eq!(out, Err(OutOfScope::Subcutaneous), "{modifiers}");
    }
    let by_vein = answered("cms-rif-outpatient", outpatient, &line("JA|||"), &[]);
    assert_eq!(by_vein, Ok(vec!["mg-exacerbation".to_owned()]));
}

#[test]
fn a_base_claim_of_a_stay_is_told_from_its_revenue_lines_and_from_base_claims_of_others() {
    let base = "BENE_ID,CLM_ID,CLM_FROM_DT,CLM_ADMSN_DT,ICD_DGNS_CD1,ICD_PRCDR_CD1";
    let layouts = Layout::builtin().expect("the shipped layouts are valid");
    let id = |header: &str| {
        recognise_beside(header.as_bytes(), &layouts, &[]).map(|found| layouts[found.layout].id.clone()).ok()
    };
    assert_eq!(id(base).as_deref(), Some("cms-rif-inpatient"));
    assert_eq!(id(&format!("{base},CLM_LINE_NUM,REV_CNTR,HCPCS_CD")).as_deref(), Some("cms-rif-inpatient"));
    assert_eq!(
        id("BENE_ID,CLM_ID,CLM_LINE_NUM,REV_CNTR,HCPCS_CD,ICD_DGNS_CD1").as_deref(),
        Some("cms-rif-inpatient-lines")
    );
    let carrier = Layout::open("cms-rif-carrier").expect("it ships");
    let companion = carrier.companions.iter().find(|each| each.role == Role::Diagnoses).expect("its base claims");
    let fits = companion.recognise.as_ref().expect("it is told by names");
    let admitted = |name: &String| name == "CLM_ADMSN_DT";
    assert!(base.contains("CLM_ADMSN_DT") && fits.none_of.iter().any(admitted), "a stay is no claim of a carrier");
}
