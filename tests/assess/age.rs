//! An age that is known only within bounds: masked, of a birth year, of another year.

use ivig_audit::assess::explanation::Explanation;
use ivig_audit::assess::{Assessment, Screen, assess, screen};
use ivig_audit::order::{Age, Order};
use proptest::prelude::*;

use crate::bench::{Bench, RULES, Said};
use crate::properties::{any_bench, cases};

fn aged(bench: &Bench, age: Age) -> (Order, Assessment) {
    let order = Order { age, ..bench.order() };
    let Screen::InScope(product) = screen(&RULES, &order) else { panic!("the order is in scope") };
    let assessment = assess(&RULES, &order, product);
    (order, assessment)
}

fn said(bench: &Bench, age: Age) -> Said {
    Said::of(&aged(bench, age).1)
}

#[test]
fn a_masked_age_is_that_of_an_adult() {
    let bench = Bench::dx("G61.0");
    assert_eq!(said(&bench, Age::at_least(90)), said(&bench, Age::from_years(95)));
    let (order, assessment) = aged(&bench, Age::at_least(90));
    let lines = Explanation::new(&RULES, &order, &assessment).lines();
    assert!(lines.iter().any(|line| line.contains("is an adult: 18 years or older on the service date.")), "{lines:?}");
    assert!(assessment.would_change.iter().all(|wanting| wanting.id(&RULES) != "age-group"), "nothing more is asked");
}

#[test]
fn an_age_on_both_sides_of_a_band_leaves_both_rows() {
    let bench = Bench::dx("G61.0");
    for bounds in [Age::within(17, 18), Age::at_least(0)] {
        let (order, assessment) = aged(&bench, bounds);
        assert_eq!(Said::of(&assessment), bench.said(), "as where nothing is known");
        assert_eq!(Said::of(&assessment).rows, ["gbs-adult", "gbs-pediatric"]);
        let lines = Explanation::new(&RULES, &order, &assessment).lines();
        assert!(lines.iter().any(|line| line.contains("an adult is not known (18 years or older")), "{lines:?}");
    }
    assert_eq!(said(&bench, Age::within(16, 17)), said(&bench, Age::from_years(16)));
    assert_eq!(said(&bench, Age::within(18, 19)), said(&bench, Age::from_years(18)));
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn bounds_that_settle_an_answer_settle_it_for_every_age_within(
        bench in any_bench(), low in 0..40i32, more in 0..40i32,
    ) {
        let whole = said(&bench, Age::within(low, low + more));
        for years in low..=low + more {
            let one = said(&bench, Age::from_years(years));
            if low >= 18 || low + more < 18 {
                prop_assert_eq!(&whole, &one, "all years are of one band");
            } else if whole.determination != "indeterminate" {
                prop_assert_eq!(&whole.determination, &one.determination);
                prop_assert!(one.rows.iter().all(|row| whole.rows.contains(row)), "{:?} {:?}", whole, one);
            }
        }
    }
}
