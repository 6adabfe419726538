//! What an order comes to in other readings: by its first listed diagnosis, by those that it points at, by the other
//! edition. The oracle is the order cut down, or the other ruleset, and a plain assessment of that.

use std::sync::{Arc, LazyLock};

use ivig_audit::assess::{Assessment, Screen, Variants, assess, assess_with_variants, screen};
use ivig_audit::guideline::Determination;
use ivig_audit::order::{Diagnosis, Order};
use ivig_audit::rules::Ruleset;
use proptest::prelude::*;

use crate::bench::{Bench, RULES};
use crate::pool::any_order;
use crate::properties::{any_bench, cases};

/// The edition before, with the products of the first.
static OTHER: LazyLock<Ruleset> = LazyLock::new(|| {
    let mut other = Ruleset::builtin("aanem-2009").unwrap_or_else(|error| panic!("{error}"));
    other.products = Arc::clone(&RULES.products);
    other
});

fn in_scope(order: &Order) -> ivig_audit::rules::ProductId {
    let Screen::InScope(product) = screen(&RULES, order) else { panic!("the order is in scope") };
    product
}

fn readings(order: &Order) -> (Assessment, Variants) {
    assess_with_variants(&RULES, Some(&OTHER), order, in_scope(order))
}

/// The determination of an order of which only some diagnoses are kept, by a plain assessment.
fn cut_down(order: &Order, keeps: impl Fn(usize, &Diagnosis) -> bool) -> Option<Determination> {
    let kept = order.diagnoses.iter().enumerate().filter(|(at, diagnosis)| keeps(*at, diagnosis));
    let diagnoses: Vec<Diagnosis> = kept.map(|(_, diagnosis)| *diagnosis).collect();
    let any = !diagnoses.is_empty();
    let order = Order { diagnoses, ..order.clone() };
    any.then(|| assess(&RULES, &order, in_scope(&order)).determination)
}

fn compare(order: &Order) -> Result<(), TestCaseError> {
    let (assessment, variants) = readings(order);
    let plain = assess(&RULES, order, in_scope(order));
    prop_assert_eq!(format!("{assessment:?}"), format!("{plain:?}"), "the assessment stays as it is");
    prop_assert_eq!(variants.first_listed, cut_down(order, |at, _| at == 0), "the first listed");
    prop_assert_eq!(variants.pointed, cut_down(order, |_, diagnosis| diagnosis.pointed), "those pointed at");
    let by_other = assess(&OTHER, order, in_scope(order)).determination;
    prop_assert_eq!(variants.other_edition, Some(by_other), "the other edition");
    Ok(())
}

/// Points at the diagnoses whose bits are set.
fn pointing(bench: &Bench, at: u8) -> Order {
    let mut order = bench.order();
    for (index, diagnosis) in order.diagnoses.iter_mut().enumerate() {
        diagnosis.pointed = at & (1 << (index % 8)) != 0;
    }
    order
}

proptest! {
    #![proptest_config(cases(2400))]

    #[test]
    fn a_variant_of_a_written_order_is_what_the_order_cut_down_comes_to(bench in any_bench(), at in any::<u8>()) {
        compare(&pointing(&bench, at))?;
    }

    #[test]
    fn a_variant_of_an_order_of_the_rules_own_is_what_the_order_cut_down_comes_to(bench in any_order(), at in any::<u8>()) {
        compare(&pointing(&bench, at))?;
    }
}

/// Diagnoses and text, the diagnoses pointed at as bits, and what it comes to: by all, the first, those pointed at, 2009.
const WORKED: &[(&str, &str, u8, &str)] = &[
    ("G61.81", "", 0, "recommended recommended - recommended"),
    ("I10 G61.81", "", 0, "recommended not_addressed - recommended"),
    ("G72.41 G61.81", "", 0b10, "recommended not_recommended recommended recommended"),
    ("G72.41 G61.81", "", 0b01, "recommended not_recommended not_recommended recommended"),
    ("D47.2 G63", "", 0, "indeterminate not_addressed - not_addressed"),
    ("G61.81 D83.9", "", 0b10, "recommended recommended other_use recommended"),
    ("ZZZ G61.81", "", 0, "recommended no_diagnosis - recommended"),
    ("I10 E78.5", "CIDP", 0b01, "recommended recommended recommended recommended"),
    ("", "CIDP", 0, "recommended - - recommended"),
    ("G70.80", "", 0, "recommended recommended - recommended"),
    ("M33.20", "", 0, "insufficient_evidence insufficient_evidence - insufficient_evidence"),
    ("B91", "post-polio syndrome", 0, "not_recommended not_recommended - not_addressed"),
];

#[test]
fn worked_orders_come_to_this_in_other_readings() {
    let word = |determination: Option<Determination>| determination.map_or("-", Determination::as_str);
    for (dx, text, at, expected) in WORKED {
        let (assessment, variants) = readings(&pointing(&Bench::dx(dx).text(text), *at));
        let Variants { first_listed, pointed, other_edition } = variants;
        let found = [Some(assessment.determination), first_listed, pointed, other_edition].map(word).join(" ");
        assert_eq!(&found, expected, "{dx} {text}");
    }
}

#[test]
fn without_another_edition_there_is_no_answer_of_one() {
    let order = Bench::dx("G61.81").order();
    let (_, variants) = assess_with_variants(&RULES, None, &order, in_scope(&order));
    assert_eq!(variants.other_edition, None);
}
