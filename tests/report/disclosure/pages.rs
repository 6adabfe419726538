//! Whole pages of made-up orders that have everything of which a page gives figures.

use chrono::{Days, NaiveDate};
use ivig_audit::report::facts::Editions;
use ivig_audit::table::Row;
use proptest::prelude::*;

use super::super::{Published, course, orders, publish_with};
use super::holds_its_secrets;

/// A small generator of numbers: the orders of a seed are always the same.
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    /// One of some words, the first of them most often.
    fn word(&mut self, words: &[&str]) -> Option<String> {
        let at = self.below(words.len()).min(self.below(words.len() * 2));
        Some(words[at].to_owned()).filter(|word| !word.is_empty())
    }
}

/// Orders of which prescribers, sites, products, months, decisions, statuses and readings differ, with what is missing.
fn dressed(number: u64, seed: u64) -> Vec<Row> {
    let mut draws = Draws(seed);
    let mut rows = orders::orders(number, !seed.is_multiple_of(5));
    let (people, prescribers, sites, months) =
        (1 + number as usize / (1 + draws.below(6)), 1 + draws.below(6), 1 + draws.below(4), 1 + draws.below(9));
    let first = NaiveDate::from_ymd_opt(2024, 1, 9).unwrap_or_default();
    for row in &mut rows {
        row.patient_id = Some(format!("p{}", draws.below(people))).filter(|_| draws.below(30) > 0);
        row.provider_id = Some(format!("prescriber{}", draws.below(prescribers))).filter(|_| draws.below(20) > 0);
        row.facility_id = Some(format!("site{}", draws.below(sites))).filter(|_| draws.below(20) > 0);
        row.service_date = row.service_date.map(|_| first + Days::new(draws.below(months * 30) as u64));
        row.product = draws.word(&["Privigen", "Octagam", "Bivigam"]);
        row.product_code = draws.word(&["J1459", "J1568", "J1556", ""]);
        row.wasted = draws.word(&["", "yes"]).filter(|_| draws.below(4) == 0);
        row.auth_decision = draws.word(&["approved", "", "denied", "pended", "partial"]);
        row.line_status = draws.word(&["", "paid", "reversed", "replacement", "denied"]);
        row.first_listed = draws.word(&[&row.determination, "other_use", "recommended", ""]);
        row.pointed = draws.word(&["", &row.determination, "not_recommended"]);
        row.other_edition_determination = draws.word(&[&row.determination, "not_addressed"]);
        row.other_edition = Some("aanem-2009@1.0.0".to_owned());
        row.grams = row.grams.filter(|_| draws.below(9) > 0);
        row.allowed = row.allowed.filter(|_| draws.below(3) > 0);
        if draws.below(12) == 0 {
            row.warnings.push("negative-units".to_owned());
            row.grams = row.grams.map(|grams| -grams);
        }
    }
    let again: Vec<Row> = (0..draws.below(9)).filter_map(|_| rows.get(draws.below(rows.len())).cloned()).collect();
    rows.extend(again.into_iter().map(|row| Row { source_file: "later.csv".to_owned(), ..row }));
    rows
}

fn page(number: u64, seed: u64) -> Result<Published, TestCaseError> {
    let rows = dressed(number, seed);
    let editions = Editions { newest: orders::appendix(), earlier: vec![] };
    publish_with(&rows, orders::counts(&rows), &editions, &course::rules())
        .map_err(|error| TestCaseError::fail(error.to_string()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_page_gives_away_what_it_withholds(number in 20_u64..420, seed in any::<u64>()) {
        holds_its_secrets(&page(number, seed)?).map_err(|error| TestCaseError::fail(error.to_string()))?;
    }
}

#[test]
fn pages_of_a_few_hundred_orders_show_some_figures_and_withhold_some() -> Result<(), TestCaseError> {
    let page = page(400, 1)?.html;
    for cut in
        ["by_month/", "by_product/", "decisions/", "ledger/", "patterns/", "by_prescriber/", "by_site/", "sensitivity/"]
    {
        let figures: Vec<_> = super::printed(&page).into_iter().filter(|(id, _)| id.starts_with(cut)).collect();
        assert!(!figures.is_empty(), "no figure of {cut} is on the page");
    }
    let withheld = super::printed(&page).iter().filter(|(_, text)| text == super::WITHHELD).count();
    assert!(withheld > 20 && withheld < super::printed(&page).len() - 20, "{withheld}");
    Ok(())
}
