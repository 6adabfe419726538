//! How a product is told: by codes of every system, by NDC, by name, and by the order's words.

use ivig_audit::assess::{OutOfScope, Screen, product_code, screen, screen_code};
use ivig_audit::order::{Order, ProductCodes};
use ivig_audit::rules::{Folded, NAME_WORDS_MAX, RuleFiles, Ruleset};
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
    match screen(ruleset, order) {
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

/// The routes that order exports write, and what an order of each is: by a general name, a brand of either route, its
/// billing code, and no name at all.
#[test]
fn a_route_of_its_own_tells_what_the_name_leaves_open() {
    let vein =
        ["IV", "IV DRIP", "iv drip", "IVPB", "IV BOLUS", "Intravenous", "IV - brief infusion (intravenous)", "IM/IV"];
    let skin = ["SC", "SUBCUT", "SubQ", "Subcutaneous (SC)", "SQ", "s.c."];
    let open = ["", "PO/NG", "PO", "IVP?", "IH", "TP", "DIALYS", "40220", "n/a", "IV tubing"];
    let with = |mut order: Order, route: &str| {
        order.product.route = route.to_owned();
        told(&RULES, &order)
    };
    let general = |route| with(order("", "", "Immune Globulin 10%"), route);
    let brand = |route| with(order("", "", "Gammagard Liquid"), route);
    let code = |route| with(order("J1569", "", ""), route);
    for route in vein.into_iter().chain(open) {
        assert_eq!([general(route), brand(route), code(route)], ["name ", "name ", "hcpcs J1569"], "{route}");
    }
    for route in skin {
        assert_eq!([general(route), brand(route), code(route)], ["subcutaneous"; 3], "{route}");
    }
    assert_eq!([general("IM"), brand("IM"), code("IM")], ["other-globulin", "name ", "hcpcs J1569"]);
    for route in vein.into_iter().chain(skin).chain(open).chain(["IM"]) {
        assert_eq!(with(order("", "", ""), route), "no-product", "{route} alone names nothing");
        assert_eq!(with(order("", "", "Heparin"), route), "not-immune-globulin", "{route}");
        assert_eq!(with(order("", "", "Privigen"), route), "name ", "a brand that is given by vein only, {route}");
        assert_eq!(with(order("", "", "Hizentra"), route), "subcutaneous", "{route}");
        assert_eq!(with(order("", "", "tetanus immune globulin"), route), "other-globulin", "{route}");
    }
    let by_modifier = |modifier: &str, route: &str| {
        let mut order = order(&format!("J1569-{modifier}"), "", "");
        order.product.route = route.to_owned();
        told(&RULES, &order)
    };
    assert_eq!(by_modifier("JB", "IV"), "subcutaneous", "what was billed goes before what was written");
    assert_eq!(by_modifier("JA", "SC"), "hcpcs J1569");
}

#[test]
fn a_general_name_with_a_route_of_its_own_is_not_open() {
    let warned = |route: &str| {
        let mut order = order("", "", "Immune Globulin 10%");
        order.product.route = route.to_owned();
        let Screen::InScope(id) = screen(&RULES, &order) else { panic!("it is in scope") };
        ivig_audit::assess::assess(&RULES, &order, id)
            .warnings
            .iter()
            .any(|each| each.as_str() == "product-route-unstated")
    };
    assert_eq!([warned(""), warned("IV DRIP"), warned("PO")], [true, false, true]);
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
    for cell in ["", "~", "see note", "J3590", "4401234", "9914", "1426680"] {
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
fn a_text_is_scoped_for_products_as_it_is_for_conditions() {
    let day = chrono::NaiveDate::from_ymd_opt(2024, 7, 1);
    let said = |text: &str| told(&RULES, &Order { text: text.to_owned(), service_date: day, ..order("J3490", "", "") });
    for text in [
        "not a candidate for Privigen, Octagam or Gamunex-C",
        "Octagam 2019, now rituximab",
        "Octagam (2019), now rituximab",
        "Privigen not available, given rituximab",
        "Privigen held today, rituximab given",
        "held Privigen",
        "Privigen 40 g IV held today, rituximab given",
        "IVIG 2 g/kg not available",
        "IVIG 40g daily x5 discontinued",
        "Octagam 40 g daily 2019",
        "allergy: Privigen",
        "Allergies: penicillin, Privigen",
        "allergic to Octagam",
        "Privigen vs rituximab",
        "IVIG years ago, now rituximab",
        "no longer on IVIG",
        "no Privigen or Octagam, given rituximab",
        "denies IVIG",
        "family history: mother had IVIG",
        "off IVIG",
    ] {
        assert_eq!(said(text), "unclassified-product", "{text}");
    }
    for text in [
        "Privigen 40 g IV",
        "IVIG",
        "start Privigen 1 g/kg",
        "IVIG (Octagam) 2 g/kg",
        "Octagam 2024-07-01",
        "history of CIDP on IVIG",
        "possible CIDP start IVIG",
        "CIDP vs MMN, start Privigen",
        "failed steroids, IVIG 2 g/kg",
        "CIDP on IVIG, relapses when stopped",
        "no known allergies. Privigen 40 g IV",
        "off-label IVIG 1 g/kg",
        "Privigen vs Octagam",
        "Privigen 40 g IV q3w, steroids held",
        "prednisone stopped, Privigen 40 g",
    ] {
        assert_eq!(said(text), "name ", "{text}");
    }
}

#[test]
fn a_site_s_item_number_is_no_code_against_a_name_or_an_ndc_of_its_own() {
    for (cell, ndc, name, expected) in [
        ("9914", "", "Heparin 5000 units", "not-immune-globulin"),
        ("9028380", "", "Heparin 5000 units", "not-immune-globulin"),
        ("1426680", "", "Heparin 5000 units", "not-immune-globulin"),
        ("9914", "00002-7510-01", "", "not-immune-globulin"),
        ("9914", "", "dextrose 5 % (diluent for Privigen)", "not-immune-globulin"),
        ("9914", "", "HIZENTRA 20 %", "subcutaneous"),
        ("1426680", "", "Rho(D) immune globulin", "other-globulin"),
        ("9914", "", "Privigen 10 %", "name "),
        ("9914", "44206-0437-05", "", "ndc 44206043705"),
        ("9914", "44206-0437-05", "Heparin 5000 units", "ndc 44206043705"),
        // nothing is told besides, or a globulin is: what the digits are listed as counts
        ("9914", "", "", "icd9proc 99.14"),
        ("9914", "", "1234-5", "icd9proc 99.14"),
        ("9914", "", "Injection or infusion of immunoglobulin", "icd9proc 99.14"),
        ("9914", "00002-7510-01", "INJECT GAMMA GLOBULIN", "icd9proc 99.14"),
        ("9028380", "", "", "cpt 90283"),
        ("1809671", "", "", "rxnorm 1809671"),
        // a dot, or the five digits of a billing code, leave no doubt
        ("99.14", "", "Heparin 5000 units", "icd9proc 99.14"),
        ("90283", "", "Heparin 5000 units", "cpt 90283"),
        // an unclassified code by the same reading
        ("9039980", "", "Heparin 5000 units", "not-immune-globulin"),
    ] {
        assert_eq!(told(&RULES, &order(cell, ndc, name)), expected, "{cell} {ndc} {name}");
    }
    let beside = Order { text: "IVIG for CIDP".to_owned(), ..order("9039980", "", "Heparin 5000 units") };
    assert_eq!(told(&RULES, &beside), "not-immune-globulin");
}

#[test]
fn a_name_is_read_to_its_limit_and_no_further() {
    let behind = |words: usize| format!("{}Privigen", "- other, ".repeat(words));
    assert_eq!(told(&RULES, &order("", "", &behind(NAME_WORDS_MAX - 1))), "name ");
    assert_eq!(told(&RULES, &order("", "", &behind(NAME_WORDS_MAX))), "not-immune-globulin");
    assert_eq!(told(&RULES, &order("", "", &"Privigen ".repeat(60_000))), "name ");
}

#[test]
fn every_listed_name_is_found_however_it_is_written() {
    let rows = RuleFiles::builtin().get("products/names.csv").unwrap().to_owned();
    let phrases: Vec<&str> = rows.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    for phrase in &phrases {
        let dotted = |word: &str| word.chars().flat_map(|letter| [letter, '.']).collect::<String>();
        let spelled: Vec<String> = phrase.split(' ').map(dotted).collect();
        for name in [phrase.to_uppercase(), phrase.replace(' ', "-"), format!("x {phrase}, y"), spelled.join(", ")] {
            let found = told(&RULES, &order("", "", &name));
            let lost = found == "not-immune-globulin" && Folded::new(&name).text.contains(phrase);
            assert!(!lost, "{name}: {found}");
        }
    }
    assert!(phrases.len() > 150, "{}", phrases.len());
}

#[test]
fn more_products_than_have_an_index_are_refused() {
    let mut files = RuleFiles::builtin();
    let row = |at: u32| format!("ndc,{:05}-{:04},A,intravenous,,,,s,high\n", 70_000 + at / 9_999, at % 9_999 + 1);
    files.insert("products/own.csv", format!("{LISTS}\n{}", (0..66_000).map(row).collect::<String>()));
    let message = Ruleset::load(&files, "aanem-2023").map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("accepted are at most 65535"), "{message}");
    assert_eq!(message.matches("products/own.csv:").count(), 1, "once, not a line for each row: {message}");
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
        let answer = screen(&RULES, &order);
        if let Some(decided) = screen_code(&RULES, &order.product) {
            prop_assert_eq!(decided, answer);
        }
        if let Screen::InScope(id) = answer {
            prop_assert!(RULES.products.get(id).kind.is_by_vein());
        }
    }
}
