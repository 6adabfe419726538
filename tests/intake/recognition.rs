//! Which layout a header is told to be, and what is said when it is none.

use ivig_audit::intake::{Layout, RecogniseError, Role, recognise, recognise_beside};

use crate::generic;
use crate::shapes::layout;

fn told(id: &str, recognise: &str, rest: &str) -> Layout {
    let mut layout = layout(&format!(
        "[recognise]\n{recognise}\n[columns]\nproduct_code = [\"hcpcs\"]\nclaim_id = [\"claim_id\"]\ndx = [\"dx{{1..9}}\"]\n{rest}"
    ));
    layout.id = id.to_owned();
    layout
}

fn id(header: &str, layouts: &[Layout], given: &[Role]) -> Result<String, RecogniseError> {
    recognise_beside(header.as_bytes(), layouts, given).map(|recognised| layouts[recognised.layout].id.clone())
}

const NEEDS_DX: &str = "[[requires]]\nany-of = [\"dx\"]\nwhy = \"a diagnosis\"\n\
    [[companion]]\nrole = \"diagnoses\"\nlabel = \"the claim's diagnoses\"\nneeded = true\n\
    recognise = { all-of = [\"seq_num\", \"code\"] }\ncolumns = { dx = [\"code\"], claim_id = [\"claim_id\"] }\n\
    [[companion.join]]\non = [\"claim_id\"]\n";

#[test]
fn a_layout_that_is_told_by_its_names_goes_before_one_that_is_not() {
    let layouts = [generic(), told("own", "all-of = [\"hcpcs\", \"odd\"]", "")];
    assert_eq!(id("hcpcs,dx1,odd,payer,paid,billed", &layouts, &[]).unwrap(), "own");
    assert_eq!(id("hcpcs,dx1,payer", &layouts, &[]).unwrap(), "generic");
    let none_of = [generic(), told("own", "all-of = [\"hcpcs\"]\nnone-of = [\"payer\"]", "")];
    assert_eq!(id("hcpcs,dx1,payer", &none_of, &[]).unwrap(), "generic");
    let any_of = [generic(), told("own", "any-of = [\"odd\", \"even\"]", "")];
    assert_eq!(id("hcpcs,dx1,even", &any_of, &[]).unwrap(), "own");
    assert_eq!(id("hcpcs,dx1", &any_of, &[]).unwrap(), "generic");
}

#[test]
fn among_several_the_one_with_more_of_its_names_is_taken_and_a_tie_is_an_error() {
    let layouts = [told("one", "all-of = [\"hcpcs\"]", ""), told("two", "all-of = [\"hcpcs\", \"odd\"]", "")];
    assert_eq!(id("hcpcs,dx1,odd", &layouts, &[]).unwrap(), "two");
    let alike = [told("one", "all-of = [\"hcpcs\"]", ""), told("two", "all-of = [\"dx1\"]", "")];
    assert_eq!(
        id("hcpcs,dx1", &alike, &[]).unwrap_err(),
        RecogniseError::Ambiguous(vec!["one".to_owned(), "two".to_owned()])
    );
}

#[test]
fn a_layout_that_is_told_and_lacks_a_needed_file_says_so_and_is_not_read_as_another() {
    let layouts = [generic(), told("own", "all-of = [\"hcpcs\", \"odd\"]", NEEDS_DX)];
    let error = id("hcpcs,claim_id,dx1,odd", &layouts, &[]).unwrap_err().to_string();
    assert!(error.contains("`own`") && error.contains("diagnoses=FILE"), "{error}");
    assert!(!error.contains("`generic`"), "{error}");
    assert_eq!(id("hcpcs,claim_id,odd", &layouts, &[Role::Diagnoses]).unwrap(), "own", "its columns count as given");
}

#[test]
fn a_companion_given_as_lines_is_told_by_its_names() {
    let layouts = [generic(), told("own", "all-of = [\"hcpcs\", \"odd\"]", NEEDS_DX)];
    let error = id("claim_id,seq_num,code", &layouts, &[]).unwrap_err();
    assert!(matches!(&error, RecogniseError::Companion { layout, role: Role::Diagnoses, .. } if layout == "own"));
    assert!(error.to_string().contains("diagnoses=FILE beside lines=FILE"), "{error}");
}

#[test]
fn a_layout_that_was_chosen_need_not_be_told_and_must_have_what_it_requires() {
    let own = told("own", "all-of = [\"odd\"]", "[[requires]]\nany-of = [\"product_code\"]\nwhy = \"a product\"\n");
    assert!(recognise(b"hcpcs,dx1", std::slice::from_ref(&own)).is_ok());
    assert!(matches!(recognise(b"claim_id,dx1", std::slice::from_ref(&own)), Err(RecogniseError::Missing(_))));
}

#[test]
fn what_is_missing_names_the_file_that_would_hold_it() {
    let error = id("order_id,hcpcs", &[generic()], &[]).unwrap_err().to_string();
    assert!(error.contains("a file diagnoses=FILE"), "{error}");
    assert_eq!(id("order_id,hcpcs", &[generic()], &[Role::Diagnoses]).unwrap(), "generic");
}
