//! What a layout says of one record: shared columns, versions, systems, the line's own diagnosis, dates that were moved.

use std::fmt::Write as _;

use ivig_audit::framing::{Dialect, Splitter};
use ivig_audit::intake::{Column, Decoded, Decoder, Framed, Joined, Layout, LongDiagnosis, recognise};
use ivig_audit::order::Notice;

use crate::AS_OF;

/// A layout of commas whose columns, and whatever else is said, are these.
pub fn layout(rest: &str) -> Layout {
    Layout::parse("test.toml", &text(rest)).expect("the layout is valid")
}

/// Why such a layout is none.
pub fn wrong(rest: &str) -> String {
    Layout::parse("test.toml", &text(rest)).expect_err("the layout is not valid").to_string()
}

fn text(rest: &str) -> String {
    let mut text = String::from("id = \"test\"\nversion = \"1\"\nlabel = \"Test\"\n");
    let _ = write!(text, "{rest}");
    let missing = |table: &str| !rest.contains(table);
    if missing("[dialect]") {
        text.push_str("\n[dialect]\ndelimiters = [\",\"]\nquote = \"\\\"\"\n");
    }
    if missing("[dates]") {
        text.push_str("\n[dates]\nforms = [\"year-month-day\"]\n");
    }
    if missing("[[requires]]") {
        text.push_str("\n[[requires]]\nany-of = [\"product_code\", \"product_name\", \"ndc\"]\nwhy = \"a product\"\n");
    }
    text
}

/// One record of an export in that layout, beside what companions hold for it.
pub fn decode_beside(layout: &Layout, header: &str, record: &str, joined: &Joined) -> Decoded {
    let recognised = recognise(header.as_bytes(), std::slice::from_ref(layout)).expect("the header is recognised");
    let dialect = Dialect { fields: recognised.binding.header.len(), ..Dialect::default() };
    let mut splitter = Splitter::new();
    let split = splitter.split(record.as_bytes(), &dialect);
    let field = |at: usize| split.get(at).unwrap_or_default();
    let decoder = Decoder::new(layout, &recognised.binding, AS_OF).beside(joined);
    let product = decoder.product(&field);
    decoder.decode(&field, &product, Framed::default()).expect("the record decodes")
}

fn decode(layout: &Layout, header: &str, record: &str) -> Decoded {
    decode_beside(layout, header, record, Joined::NONE)
}

fn codes(decoded: &Decoded) -> Vec<String> {
    decoded.order.diagnoses.iter().filter_map(|each| each.code.ok().map(|code| code.to_string())).collect()
}

fn pointed(decoded: &Decoded) -> Vec<String> {
    let pointed = decoded.order.diagnoses.iter().filter(|each| each.pointed);
    pointed.filter_map(|each| each.code.ok().map(|code| code.to_string())).collect()
}

#[test]
fn several_names_share_a_column_as_the_layout_says() {
    let layout = layout(
        "[columns]\nproduct_code = [\"code\"]\nservice_date = { filled = [\"line_date\", \"claim_date\"] }\n\
         indication_text = { every = [\"reason\", \"comment\"] }\ndx = { every = [\"principal\", \"dx{1..3}\"] }\n",
    );
    let header = "code,line_date,claim_date,reason,comment,dx2,principal,dx1";
    let both = decode(&layout, header, "J1459,,2024-07-01,No CIDP,known MG,E11.9,G61.81,G70.00");
    assert_eq!(both.order.service_date, "2024-07-01".parse().ok());
    assert_eq!(codes(&both), ["G61.81", "G70.00", "E11.9"]);
    assert_eq!(both.order.text, "No CIDP;\nknown MG");
    let one = decode(&layout, header, "J1459,2024-07-02,2024-07-01,,known MG,,,");
    assert_eq!((one.order.service_date, one.order.text.as_str()), ("2024-07-02".parse().ok(), "known MG"));
}

#[test]
fn each_diagnosis_is_read_by_its_own_version_where_there_is_one() {
    let layout = layout(
        "[columns]\nproduct_code = [\"code\"]\ndx = [\"dx{1..4}\"]\ndx_version = [\"v{1..4}\"]\n\
         [version-words]\nicd10 = [\"0\"]\nicd9 = [\"9\"]\nother = [\"SCT\"]\n",
    );
    let all = decode(&layout, "code,dx1,v1,dx2,v2,dx4,v4", "J1459,V420,9,V420,0,38341003,sct");
    assert_eq!(codes(&all), ["V42.0", "V42.0"]);
    let versions: Vec<_> = all.order.diagnoses.iter().map(|each| each.code.unwrap().version()).collect();
    assert_ne!(versions[0], versions[1], "the same letters, two systems");
    assert_eq!(all.order.notices, [Notice::DiagnosisSystemNotRead]);
    let gap = decode(&layout, "code,dx1,dx3,v3", "J1459,G61.81,V420,9");
    assert_eq!(gap.order.diagnoses[1].code.unwrap().version(), versions[0], "pairs go by number");
}

#[test]
fn a_system_that_the_layout_fixes_needs_no_column() {
    let fixed = |system: &str| {
        layout(&format!("[columns]\nproduct_code = [\"code\"]\ndx = [\"dx\"]\n[systems]\ndx = \"{system}\"\n"))
    };
    let nine = decode(&fixed("icd9"), "code,dx", "J1459,V420").order.diagnoses[0].code.unwrap();
    let ten = decode(&fixed("icd10"), "code,dx", "J1459,V420").order.diagnoses[0].code.unwrap();
    assert_ne!(nine.version(), ten.version());
    let other = decode(&fixed("other"), "code,dx", "J1459,G61.81").order;
    assert_eq!((other.diagnoses.len(), other.notices), (0, vec![Notice::DiagnosisSystemNotRead]));
}

#[test]
fn product_codes_of_a_declared_system_have_no_other_reading() {
    let of = |system: &str, cell: &str| {
        let layout = layout(&format!(
            "[columns]\nproduct_code = [\"code\"]\ndx = [\"dx\"]\n[systems]\nproduct = [\"{system}\"]\n"
        ));
        let product = decode(&layout, "code,dx", &format!("{cell},I10")).order.product;
        (product.procedure.map(|code| (code.is_certain(), code.readings().count())), product.unreadable)
    };
    assert_eq!(of("rxnorm", "1234"), (Some((true, 1)), false));
    assert_eq!(of("icd9-procedure", "9914"), (Some((true, 1)), false));
    assert_eq!(of("icd9-procedure", "V4201"), (None, true), "a diagnosis in a procedure column is no code");
    assert_eq!(of("hcpcs", "1234"), (None, true));
}

#[test]
fn the_lines_own_diagnosis_is_the_one_that_counts() {
    let layout = layout("[columns]\nproduct_code = [\"code\"]\ndx = [\"dx{1..3}\"]\nline_dx = [\"line\"]\n");
    let header = "code,dx1,dx2,line";
    let among = decode(&layout, header, "J1459,E11.9,G61.81,G6181");
    assert_eq!(
        (codes(&among), pointed(&among)),
        (vec!["E11.9".to_owned(), "G61.81".to_owned()], vec!["G61.81".to_owned()])
    );
    let other = decode(&layout, header, "J1459,E11.9,I10,G61.81");
    assert_eq!((codes(&other)[0].as_str(), pointed(&other)), ("G61.81", vec!["G61.81".to_owned()]));
    let none = decode(&layout, header, "J1459,E11.9,I10,");
    assert_eq!((codes(&none).len(), pointed(&none).len()), (2, 0));
}

#[test]
fn a_code_stands_once_unless_pointers_count_positions() {
    let columns = "[columns]\nproduct_code = [\"code\"]\ndx = [\"dx{1..3}\"]\n";
    let once = decode(&layout(columns), "code,dx1,dx2,dx3", "J1459,G61.81,G6181,I10");
    assert_eq!(codes(&once), ["G61.81", "I10"]);
    let pointing = layout(&format!("{columns}dx_pointer = [\"ptr\"]\n"));
    let twice = decode(&pointing, "code,dx1,dx2,dx3,ptr", "J1459,G61.81,G6181,I10,3");
    assert_eq!((codes(&twice).len(), pointed(&twice)), (3, vec!["I10".to_owned()]));
}

#[test]
fn a_layouts_own_spellings_of_nothing_hold_where_it_says() {
    let layout = layout(
        "[columns]\nproduct_code = [\"code\"]\nndc = [\"ndc\"]\ndx = [\"dx{1..2}\"]\npatient_id = [\"patient\"]\n\
         [nulls]\nany = [\"???\"]\nndc = [\"999\"]\n",
    );
    let decoded = decode(&layout, "code,ndc,dx1,dx2,patient", "???,999,???,G61.81,999");
    let product = &decoded.order.product;
    assert!(product.procedure.is_none() && product.ndc.is_empty() && !product.unreadable);
    assert_eq!((codes(&decoded), decoded.carried.patient_id.as_deref()), (vec!["G61.81".to_owned()], Some("999")));
}

#[test]
fn a_dose_in_grams_is_grams_and_a_bills_frequency_goes_before_the_lines_word() {
    let layout = layout(
        "[columns]\nproduct_code = [\"code\"]\ndose = [\"dose\"]\ndose_unit = [\"unit\"]\nline_status = [\"status\"]\n\
         bill_type = [\"bill\"]\n[dose-words]\ngram = [\"g\", \"GM\"]\nmilligram = [\"mg\"]\n\
         [status-words]\npaid = [\"A\"]\ndenied = [\"N\"]\n[bill-frequency]\nvoid = [\"8\"]\nreplacement = [\"7\"]\n",
    );
    let header = "code,dose,unit,status,bill";
    let carried = |record: &str| decode(&layout, header, record).carried;
    assert_eq!(carried("J1459,\"10,000\",mg,A,131").grams, Some(10_000));
    assert_eq!(carried("J1459,40,gm,A,131").grams, Some(40_000));
    assert_eq!(carried("J1459,40,mL,A,131").grams, None);
    let status = |status: &str, bill: &str| carried(&format!("J1459,,,{status},{bill}")).line_status;
    assert_eq!(status("a", "131").as_deref(), Some("paid"));
    assert_eq!(status("A", "138").as_deref(), Some("void"));
    assert_eq!(status("A", "137").as_deref(), Some("replacement"));
    assert_eq!(status("@", "131"), None, "an unknown word stays unknown");
}

#[test]
fn dates_that_were_moved_give_an_age_and_no_date() {
    let layout = layout(
        "[columns]\nproduct_code = [\"code\"]\nservice_date = [\"start\"]\nbirth_date = [\"dob\"]\ndx = [\"dx\"]\n\
         [dates]\nforms = [\"year-month-day\"]\nshifted = true\n[ages]\nmasked-over = 89\n",
    );
    let decoded = decode(&layout, "code,start,dob,dx", "J1459,2144-09-20,2104-01-01,G61.81");
    assert_eq!((decoded.order.service_date, decoded.order.age.years()), (None, Some(40)));
    assert_eq!(decoded.carried.service_date, "2144-09-20".parse().ok());
    assert!(decoded.order.dates_shifted && decoded.order.notices.is_empty(), "{:?}", decoded.order.notices);
    let masked = decode(&layout, "code,start,dob,dx", "J1459,2144-09-20,1844-01-01,G61.81").order;
    assert_eq!((masked.age.years(), masked.notices), (None, vec![Notice::AgeMasked]));
}

#[test]
fn as_much_of_a_birth_as_is_given_bounds_the_age() {
    let layout = layout(
        "[columns]\nproduct_code = [\"code\"]\nservice_date = [\"start\"]\nbirth_year = [\"y\"]\nbirth_month = [\"m\"]\n\
         age = [\"age\"]\nage_year = [\"in\"]\n",
    );
    let ages = |record: &str| decode(&layout, "code,start,y,m,age,in", record).order.age.bounds();
    assert_eq!(ages("J1459,2016-05-01,1998,,,"), Some(17..=18));
    assert_eq!(ages("J1459,2016-05-01,1998,4,,"), Some(18..=18));
    assert_eq!(ages("J1459,2016-05-01,,,40,2011"), Some(44..=46));
    assert_eq!(ages("J1459,2016-05-01,2000,,30,2011"), None, "a birth in 2000 and 30 years in 2011");
    assert_eq!(ages("J1459,,,,40,2011"), None, "without a day of service the age of another year tells nothing");
}

#[test]
fn of_a_birth_and_an_age_the_more_exact_counts_and_a_contradiction_leaves_none() {
    let layout = layout(
        "[columns]\nproduct_code = [\"code\"]\nservice_date = [\"start\"]\nbirth_date = [\"born\"]\nbirth_year = [\"y\"]\nage = [\"age\"]\n",
    );
    let read = |cells: &str| {
        let order = decode(&layout, "code,start,born,y,age", &format!("J1459,2016-05-01,{cells}")).order;
        (order.age.bounds(), order.notices)
    };
    assert_eq!(read(",1998,18"), (Some(18..=18), vec![]), "of 17 and 18 the age says which");
    assert_eq!(read(",1998,17"), (Some(17..=17), vec![]));
    assert_eq!(read(",1998,"), (Some(17..=18), vec![]));
    assert_eq!(read(",1998,>= 18"), (Some(18..=18), vec![]), "a bound tells too");
    assert_eq!(read("1998-05-02,1950,60"), (Some(17..=17), vec![]), "a birth date goes before both");
    assert_eq!(read(",1998,45"), (None, vec![Notice::AgeDisagrees]));
    assert_eq!(read(",1998,??"), (Some(17..=18), vec![Notice::AgeUnreadable]));
    assert_eq!(read(",2017,30"), (Some(30..=30), vec![Notice::BirthDateImplausible]));
}

#[test]
fn the_lines_own_diagnosis_has_a_version_of_its_own() {
    let layout = layout(
        "[columns]\nproduct_code = [\"code\"]\ndx = [\"dx{1..2}\"]\ndx_version = [\"v{1..2}\"]\nline_dx = [\"own\"]\nline_dx_version = [\"ownv\"]\n\
         [version-words]\nicd10 = [\"0\"]\nicd9 = [\"9\"]\nother = [\"s\"]\n",
    );
    let header = "code,dx1,v1,dx2,v2,own,ownv";
    let nine = decode(&layout, header, "J1459,G61.81,0,,,V700,9");
    assert_eq!(
        (codes(&nine), pointed(&nine)),
        (vec!["V70.0".to_owned(), "G61.81".to_owned()], vec!["V70.0".to_owned()])
    );
    let ten = decode(&layout, header, "J1459,G61.81,0,,,V700,0");
    assert_eq!(pointed(&ten), ["V70.0"], "{:?}", ten.order.diagnoses);
    assert_ne!(nine.order.diagnoses[0].code, ten.order.diagnoses[0].code, "V700 is a code of both versions");
    let other = decode(&layout, header, "J1459,G61.81,0,,,V700,s");
    assert_eq!((codes(&other), pointed(&other)), (vec!["G61.81".to_owned()], vec![]));
    assert_eq!(other.order.notices, [Notice::DiagnosisSystemNotRead]);
}

#[test]
fn of_several_days_one_that_means_none_is_no_day() {
    let layout = layout(
        "[columns]\nproduct_code = [\"code\"]\nservice_date = { filled = [\"line\", \"claim\"] }\nbirth_date = { filled = [\"born\", \"dob\"] }\n\
         [nulls]\nany = [\"~\"]\n[dates]\nforms = [\"year-month-day\", \"compact\"]\nsentinels = [\"9999-12-31\", \"1900-01-01\"]\n",
    );
    let read = |cells: &str| {
        let order = decode(&layout, "code,line,claim,born,dob", &format!("J1459,{cells}")).order;
        (order.service_date.map(|day| day.to_string()).unwrap_or_default(), order.age.years(), order.notices)
    };
    let day = "2016-05-01".to_owned();
    assert_eq!(read("9999-12-31,2016-05-01,1900-01-01,1970-05-02"), (day.clone(), Some(45), vec![]));
    assert_eq!(read("99991231 00:00:00,20160501,,"), (day.clone(), None, vec![]));
    assert_eq!(read("~,2016-05-01,NULL,1970-05-02"), (day, Some(45), vec![]));
    assert_eq!(read("9999-12-31,1900-01-01,,"), (String::new(), None, vec![]), "all mean none");
    assert_eq!(read("soon,2016-05-01,,").2, [Notice::ServiceDateUnreadable], "what is no date is not passed over");
}

#[test]
fn companions_stand_in_where_the_line_is_empty_and_their_diagnoses_come_after_its_own() {
    let layout = layout(
        "[columns]\nproduct_code = [\"code\"]\nndc = [\"ndc\"]\ndx = [\"dx\"]\nsex = [\"sex\"]\nindication_text = [\"reason\"]\n\
         [version-words]\nicd9 = [\"9\"]\n",
    );
    let long = |code: &str, version: &str, name: &str| LongDiagnosis {
        code: Box::from(code.as_bytes()),
        version: Box::from(version.as_bytes()),
        name: Box::from(name.as_bytes()),
    };
    let cell = |cell: &str| Box::from(cell.as_bytes());
    let joined = Joined {
        cells: vec![
            (Column::Sex, cell("F")),
            (Column::Ndc, cell("44206043705")),
            (Column::BirthDate, cell("1990-01-01")),
        ],
        diagnoses: vec![long("G61.81", "", "CIDP"), long("V420", "9", ""), long("", "", "named only")],
        notices: vec![Notice::CompanionDisagrees],
    };
    let decoded = decode_beside(&layout, "code,ndc,dx,sex,reason", ",,G61.81,,No myasthenia", &joined);
    assert_eq!(codes(&decoded), ["G61.81", "V42.0"]);
    assert_eq!(decoded.carried.sex.as_deref(), Some("F"));
    assert_eq!(decoded.order.product.ndc.len(), 1);
    assert_eq!(decoded.order.text, "No myasthenia;\nCIDP;\nnamed only");
    assert_eq!(decoded.order.notices, [Notice::CompanionDisagrees]);
    let own = decode_beside(&layout, "code,ndc,dx,sex,reason", "J1459,,I10,M,", &joined);
    assert_eq!(own.carried.sex.as_deref(), Some("M"));
}

#[test]
fn a_layout_that_cannot_be_meant_is_refused_with_what_would_be_accepted() {
    let columns = "[columns]\nproduct_code = [\"code\"]\ndx = [\"dx{1..3}\"]\n";
    for (rest, word) in [
        ("[columns]\nproduct_code = [\"c\"]\ndx = [\"dx{1..101}\"]\n", "at most 100"),
        ("[columns]\nproduct_code = [\"c\"]\ndx = [\"dx{1..x}\"]\n", "range"),
        ("[columns]\nproduct_code = { every = [\"a\", \"b\"] }\n", "one value"),
        ("[columns]\nproduct_code = []\n", "no header names"),
        (&format!("{columns}dx_version = [\"v{{1..2}}\"]\n"), "as many names"),
        (&format!("{columns}[dates]\nforms = [\"month-day-year\", \"day-month-year\"]\n"), "two days"),
        (&format!("{columns}[dialect]\ndelimiters = [\"|\"]\nquote = \"|\"\n"), "one of the delimiters"),
        (&format!("{columns}[dialect]\ndelimiters = [\"|\"]\nspans = [\"dx\"]\n"), "span"),
        (&format!("{columns}[dialect]\ndelimiters = [\"|\"]\nheader = [\"a\", \"A \"]\n"), "once"),
        (&format!("{columns}[nulls]\nndcs = [\"0\"]\n"), "ndcs"),
        (&format!("{columns}[[where]]\nname = \"kind\"\n"), "any-of"),
        (&format!("{columns}[[slots]]\nnumbers = \"1..3\"\ncolumns = {{ ndc = [\"ndc\"] }}\n"), "{i}"),
        (&format!("{columns}[[slots]]\nnumbers = \"3\"\ncolumns = {{ ndc = [\"ndc_{{i}}\"] }}\n"), "range"),
        (
            &format!("{columns}[[slots]]\nnumbers = \"1..3\"\ncolumns = {{ paid = [\"paid_{{i}}\"] }}\n"),
            "product column",
        ),
        (
            &format!(
                "{columns}[[companion]]\nrole = \"patients\"\nlabel = \"p\"\ncolumns = {{ sex = [\"sex\"] }}\n[[companion.join]]\non = [\"stay\"]\n"
            ),
            "`stay`",
        ),
        (
            &format!(
                "{columns}[[companion]]\nrole = \"patients\"\nlabel = \"p\"\ncolumns = {{ sex = [\"sex\"], patient_id = [\"p\"] }}\n[[companion.join]]\non = [\"patient_id\"]\n"
            ),
            "neither the lines",
        ),
        (
            &format!(
                "{columns}[[companion]]\nrole = \"patients\"\nlabel = \"p\"\ncolumns = {{ sexe = [\"sex\"] }}\n[[companion.join]]\non = [\"dx\"]\n"
            ),
            "sexe",
        ),
        (
            &format!("{columns}[[example]]\nname = \"e\"\nheader = \"code,dx1\"\nrecord = \"J1459,I10\"\n"),
            "one of expect",
        ),
    ] {
        let error = wrong(rest);
        assert!(error.contains(word), "{word}: {error}");
    }
}
