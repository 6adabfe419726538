//! How a product is told: by codes of every system, by NDC, by name, and by the order's words.

use ivig_audit::assess::{OutOfScope, Screen, product_code, screen_code, screen_order};
use ivig_audit::order::{Order, ProductCodes};
use ivig_audit::rules::{RuleFiles, Ruleset};
use proptest::prelude::*;

use crate::bench::{Bench, RULES};

const LISTS: &str = "system,code,product,kind,mg_per_unit,valid_from,valid_to,source,confidence";

/// The cells of a product: code, NDC, name.
fn order(code: &str, ndc: &str, name: &str) -> Order {
    let mut product = ProductCodes { name: name.to_owned(), ..ProductCodes::default() };
    product.read_code(code);
    product.read_ndc(ndc);
    Order { product, ..Order::default() }
}

/// System and code by which an order is in scope, or the reason for which it is not.
fn told(ruleset: &Ruleset, order: &Order) -> String {
    match screen_order(ruleset, order) {
        Screen::InScope(id) => {
            let code = product_code(ruleset, &order.product, id).unwrap_or_default();
            format!("{} {code}", ruleset.products.get(id).system)
        }
        Screen::OutOfScope(reason) => reason.as_str().to_owned(),
    }
}

/// The shipped rules with product lists of our own.
fn with_list(path: &str, rows: &str) -> Ruleset {
    let mut files = RuleFiles::builtin();
    files.insert(path, format!("{LISTS}\n{rows}"));
    Ruleset::load(&files, "aanem-2023").unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_zero_is_put_back_only_where_one_reading_is_listed() {
    let one = "ndc,00123-4567,A,intravenous,,,,s,high\n";
    let two = "ndc,12345-0678,B,intravenous,,,,s,high\n";
    // 1234567890 is 01234-5678-90, 12345-0678-90 or 12345-6789-00; 123456789 lacks a zero in front of one of them.
    let unique = with_list("products/ndc.csv", &format!("{one}{two}"));
    assert_eq!(told(&unique, &order("", "1234567890", "")), "ndc 12345067890");
    assert_eq!(told(&unique, &order("", "123456789", "")), "ndc 00123456789");
    let ambiguous = with_list("products/ndc.csv", &format!("{one}{two}ndc,01234-5678,C,subcutaneous,,,,s,high\n"));
    assert_eq!(told(&ambiguous, &order("", "1234567890", "")), "product-unreadable", "two readings are listed");
    assert_eq!(told(&ambiguous, &order("", "1234567890", "albumin")), "not-immune-globulin", "the name is another's");
    assert_eq!(told(&ambiguous, &order("", "12345-678-90", "")), "ndc 12345067890", "hyphens leave no doubt");
    assert_eq!(told(&unique, &order("", "1234500000", "")), "product-unreadable", "no reading is listed");
}

#[test]
fn a_labeler_alone_names_nothing() {
    for id in RULES.products.all().filter_map(|product| product.code).filter(|code| code.to_string().contains('-')) {
        let labeler = id.to_string()[..5].to_owned();
        assert_eq!(told(&RULES, &order("", &format!("{labeler}-9999-99"), "")), "not-immune-globulin", "{labeler}");
    }
}

#[test]
fn every_listed_ndc_is_found_in_every_form_that_leaves_no_doubt() {
    let mut seen = 0;
    for product in RULES.products.all().filter(|product| product.system == "ndc" && product.kind.is_by_vein()) {
        let code = product.code.unwrap().to_string();
        let (labeler, item) = code.split_once('-').unwrap();
        let mut forms =
            vec![format!("{labeler}{item}05"), format!("{labeler}-{item}-05"), format!("{labeler}-{item}-5")];
        forms.extend(labeler.strip_prefix('0').map(|short| format!("{short}-{item}-05")));
        forms.extend(item.strip_prefix('0').map(|short| format!("{labeler}-{short}-05")));
        for form in forms {
            assert_eq!(told(&RULES, &order("", &form, "")), format!("ndc {labeler}{item}05"), "{form}");
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen} forms");
}

#[test]
fn the_system_is_chosen_by_shape_and_list() {
    for (cell, expected) in [
        ("J1459", "hcpcs J1459"),
        ("90283", "cpt 90283"),
        ("30233S1", "icd10pcs 30233S1"),
        ("99.14", "icd9proc 99.14"),
        ("9914", "icd9proc 99.14"),
        ("J06BA02", "atc J06BA02"),
        ("1809671", "rxnorm 1809671"),
        ("J1569JA", "hcpcs J1569"),
        ("J1569JB", "subcutaneous"),
        ("9914123", "not-immune-globulin"),
        ("0636", "not-immune-globulin"),
    ] {
        assert_eq!(told(&RULES, &order(cell, "", "")), expected, "{cell}");
    }
}

#[test]
fn the_code_of_another_product_decides_alone_and_nothing_else_is_asked() {
    for cell in ["J0897", "99213", "3E0330M", "36.01", "L01FA01", "J0897-JZ", "99213-25"] {
        let decided = screen_code(&RULES, &order(cell, "44206043705", "Privigen").product);
        assert_eq!(decided, Some(Screen::OutOfScope(OutOfScope::NotImmuneGlobulin)), "{cell}");
    }
    for cell in ["", "~", "see note", "J3590", "4401234"] {
        assert_eq!(screen_code(&RULES, &order(cell, "44206043705", "Privigen").product), None, "{cell}");
    }
}

#[test]
fn units_are_grams_only_where_a_billing_code_defines_them() {
    for product in RULES.products.all().filter(|product| product.mg_per_unit.is_some()) {
        assert!(matches!(product.system.as_str(), "hcpcs" | "cpt") && !product.unverified, "{}", product.name);
    }
    let yimmugo = RULES.products.all().find(|product| product.name == "Yimmugo").unwrap();
    assert_eq!(yimmugo.mg_per_unit, Some(100));
}

#[test]
fn rows_that_no_official_source_has_confirmed_are_listed_and_marked() {
    let listed: Vec<String> = RULES.products.unverified().map(|(code, _)| code).collect();
    for code in ["Q9941", "1426680", "61953-0005"] {
        assert!(listed.contains(&code.to_owned()), "{code} of {listed:?}");
    }
    let warnings = Bench::dx("G61.81").with("product=Q9941 date=2005-06-01").said().warnings;
    assert!(warnings.contains(&"product-unverified".to_owned()));
    assert!(!Bench::dx("G61.81").said().warnings.contains(&"product-unverified".to_owned()));
    let named = with_list("products/own.csv", "name,own brand,Own Brand,intravenous,,,,s,unverified\n");
    assert!(named.products.unverified().any(|(phrase, product)| phrase == "own brand" && product.name == "Own Brand"));
}

#[test]
fn words_tell_an_unclassified_code_only_where_they_assert_it() {
    let said = |text: &str| told(&RULES, &Order { text: text.to_owned(), ..order("J3590", "", "") });
    for text in [
        "IVIG 2 g/kg over 5 days for CIDP",
        "CIDP. Start Privigen 1 g/kg q3w",
        "intravenous immunoglobulin for GBS; no fever",
        "Failed steroids. IVIG.",
        "Plan: IVIG monthly",
        "Gamunex-C 40 g",
    ] {
        assert_eq!(said(text), "name ", "{text}");
    }
    for text in [
        "",
        "CIDP",
        "no IVIG",
        "failed IVIG",
        "IVIG failed, switch to efgartigimod",
        "rituximab instead of IVIG",
        "possible IVIG later",
        "history of IVIG",
        "prior IVIG",
        "mother on IVIG",
        "IVIG, then Hizentra",
        "Gamunex-C subcutaneous",
        "cytomegalovirus immune globulin IV",
        "immune globulin",
    ] {
        assert_eq!(said(text), "unclassified-product", "{text}");
    }
    assert_eq!(told(&RULES, &Order { text: "IVIG for CIDP".to_owned(), ..order("", "", "") }), "no-product");
    assert_eq!(
        told(&RULES, &Order { text: "IVIG for CIDP".to_owned(), ..order("J0897", "", "") }),
        "not-immune-globulin"
    );
}

#[test]
fn every_look_alike_goes_out_whatever_stands_beside_it() {
    let mut seen = 0;
    for line in
        RuleFiles::builtin().get("products/names.csv").unwrap().lines().filter(|line| line.contains(",other-globulin,"))
    {
        let phrase = line.split(',').nth(1).unwrap();
        for name in [
            phrase.to_owned(),
            format!("{} 10 % IV solution", phrase.to_uppercase()),
            format!("immune globulin, {phrase}"),
        ] {
            assert_eq!(told(&RULES, &order("", "", &name)), "other-globulin", "{name}");
        }
        seen += 1;
    }
    assert!(seen > 80, "{seen} names");
}

#[test]
fn bad_product_rows_are_refused_by_line() {
    let refused = |path: &str, row: &str| {
        let mut files = RuleFiles::builtin();
        files.insert(path, format!("{LISTS}\n{row}\n"));
        Ruleset::load(&files, "aanem-2023").map(|_| ()).expect_err("a bad row is refused").to_string()
    };
    let own = "products/own.csv";
    for (row, said) in [
        ("ndc,00944,A,intravenous,,,,s,high", "has not the shape"),
        ("icd10pcs,30233O1,A,intravenous,,,,s,high", "has not the shape"),
        ("name,Own Brand,A,intravenous,,,,s,high", "`own brand`"),
        ("snomed,1,A,intravenous,,,,s,high", "unknown system"),
        ("atc,J06BA02,A,intravenous,,,,s,high", "listed twice"),
        ("ndc,00000-0001,A,intravenous,500,,,s,high", "mg_per_unit"),
        ("atc,A01AA01,A,route-unstated,,,,s,high", "route-unstated"),
        ("atc,A01AA01,A,intravenous,,,,s,low", "confidence"),
        ("atc,A01AA01,A,intravenous,,31/12/2020,,s,high", "YYYY-MM-DD"),
    ] {
        let message = refused(own, row);
        assert!(message.starts_with("products/own.csv:2") && message.contains(said), "{row}: {message}");
    }
}

proptest! {
    #[test]
    fn any_cells_give_one_answer_and_no_panic(code in "\\PC{0,14}", ndc in "[0-9N.-]{0,14}", name in "\\PC{0,40}") {
        let order = order(&code, &ndc, &name);
        let answer = screen_order(&RULES, &order);
        if let Some(decided) = screen_code(&RULES, &order.product) {
            prop_assert_eq!(decided, answer);
        }
        if let Screen::InScope(id) = answer {
            prop_assert!(RULES.products.get(id).kind.is_by_vein());
        }
    }
}
