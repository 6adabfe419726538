//! From an assessed order to a row of the table.
//!
//! A row is filled over the one before it: the texts keep what they have allocated, and an export of many orders is
//! read without an allocation for each of its cells.

use crate::assess::explanation::Explanation;
use crate::assess::{Assessment, Variants, product_code};
use crate::codes::Modifier;
use crate::guideline::Determination;
use crate::intake::{Carried, Decoded};
use crate::order::Order;
use crate::rules::{ModifierMeaning, Ruleset};
use crate::table::Row;
use crate::table::schema::WASTED;

/// Fills the row of an assessed order; its place is still to be filled in. Gives what the row carried before.
pub(super) fn fill(row: &mut Row, ruleset: &Ruleset, decoded: Decoded, assessment: &Assessment) -> Carried {
    let Decoded { order, carried } = decoded;
    let product = ruleset.products.get(assessment.product);
    row.age_years = order.age.years();
    put_some(&mut row.product_system, &product.system);
    row.product_code = product_code(ruleset, &order.product, assessment.product);
    modifiers(&mut row.modifier, &order, &product.system);
    put_option(&mut row.wasted, is_wasted(ruleset, &order, &product.system).then_some(WASTED));
    put_some(&mut row.product, &product.name);
    row.grams = carried.grams.or_else(|| grams(carried.units, product.mg_per_unit));
    diagnoses(&mut row.diagnoses, &order);
    put_option(&mut row.indication, assessment.indication.map(|at| ruleset.indications[usize::from(at)].id.as_str()));
    put_all(&mut row.guideline_rows, assessment.rows.iter().map(|at| ruleset.rows[at].id.as_str()));
    put(&mut row.determination, assessment.determination.as_str());
    put_all(&mut row.open, assessment.open.iter().map(|answer| answer.as_str()));
    put_option(&mut row.wanting, assessment.wanting.map(|wanting| wanting.word(ruleset)));
    put_all(&mut row.evidence_class, assessment.evidence(ruleset).iter().map(|class| class.as_str()));
    put(&mut row.certainty, assessment.certainty.as_str());
    put(&mut row.flag, assessment.flag.as_str());
    put_all(&mut row.would_change, assessment.would_change.iter().map(|wanting| wanting.word(ruleset)));
    put_all(&mut row.also_matched, assessment.also_matched.iter().map(|at| ruleset.rows[at].id.as_str()));
    row.reason.clear();
    Explanation::new(ruleset, &order, assessment).write_reason(&mut row.reason);
    put_all(&mut row.warnings, assessment.warnings.iter().map(|warning| warning.as_str()));
    row.ruleset.clear();
    ruleset.info.write_name(&mut row.ruleset);
    carry(row, carried)
}

/// Fills in what the order comes to in other readings, `other` being the edition that it was compared by.
pub(super) fn fill_variants(row: &mut Row, other: Option<&Ruleset>, variants: Variants) {
    let Variants { first_listed, pointed, other_edition } = variants;
    put_option(&mut row.first_listed, first_listed.map(Determination::as_str));
    put_option(&mut row.pointed, pointed.map(Determination::as_str));
    match other {
        Some(other) => {
            let name = row.other_edition.get_or_insert_default();
            name.clear();
            other.info.write_name(name);
        }
        None => row.other_edition = None,
    }
    put_option(&mut row.other_edition_determination, other_edition.map(Determination::as_str));
}

fn put(cell: &mut String, text: &str) {
    cell.clear();
    cell.push_str(text);
}

fn put_some(cell: &mut Option<String>, text: &str) {
    put(cell.get_or_insert_default(), text);
}

fn put_option(cell: &mut Option<String>, text: Option<&str>) {
    match text {
        Some(text) => put_some(cell, text),
        None => *cell = None,
    }
}

fn put_all<'t>(cells: &mut Vec<String>, texts: impl Iterator<Item = &'t str>) {
    put_each(cells, texts, String::push_str);
}

/// Fills a list of texts over the one before it; `write` is given an empty text for each item.
fn put_each<T>(cells: &mut Vec<String>, items: impl Iterator<Item = T>, write: impl Fn(&mut String, T)) {
    let mut filled = 0;
    for item in items {
        if filled == cells.len() {
            cells.push(String::new());
        }
        cells[filled].clear();
        write(&mut cells[filled], item);
        filled += 1;
    }
    cells.truncate(filled);
}

/// Puts what an order carries into its row, and what stood there out of it.
fn carry(row: &mut Row, mut carried: Carried) -> Carried {
    row.service_date = carried.service_date;
    row.units = carried.units;
    row.billed = carried.billed;
    row.allowed = carried.allowed;
    row.paid = carried.paid;
    for (own, carried) in [
        (&mut row.order_id, &mut carried.order_id),
        (&mut row.claim_id, &mut carried.claim_id),
        (&mut row.patient_id, &mut carried.patient_id),
        (&mut row.sex, &mut carried.sex),
        (&mut row.provider_id, &mut carried.provider_id),
        (&mut row.facility_id, &mut carried.facility_id),
        (&mut row.payer, &mut carried.payer),
        (&mut row.place_of_service, &mut carried.place_of_service),
        (&mut row.auth_number, &mut carried.auth_number),
        (&mut row.auth_decision, &mut carried.auth_decision),
        (&mut row.line_status, &mut carried.line_status),
    ] {
        std::mem::swap(own, carried);
    }
    carried
}

/// The modifiers; what was written right behind a code is part of it, if it is no billing code.
fn own_modifiers<'order>(order: &'order Order, system: &str) -> impl Iterator<Item = &'order Modifier> {
    let glued = order.product.procedure.map_or(0, |code| code.glued_modifiers());
    let part_of_code = if matches!(system, "hcpcs" | "cpt") { 0 } else { glued };
    order.product.modifiers.iter().skip(part_of_code)
}

/// Whether a modifier says that the product was discarded: which ones do, the ruleset knows.
fn is_wasted(ruleset: &Ruleset, order: &Order, system: &str) -> bool {
    own_modifiers(order, system).any(|modifier| ruleset.products.modifier(*modifier) == ModifierMeaning::Wasted)
}

fn modifiers(cell: &mut Option<String>, order: &Order, system: &str) {
    let mut modifiers = own_modifiers(order, system).map(Modifier::as_str);
    put_option(cell, modifiers.next());
    if let Some(cell) = cell {
        for modifier in modifiers {
            cell.push(' ');
            cell.push_str(modifier);
        }
    }
}

fn diagnoses(cells: &mut Vec<String>, order: &Order) {
    let codes = order.diagnoses.iter().filter_map(|diagnosis| diagnosis.code.ok());
    put_each(cells, codes, |cell, code| code.push_to(cell));
}

/// Grams in thousandths, rounded to the nearest, from units in thousandths.
fn grams(units: Option<i64>, mg_per_unit: Option<u32>) -> Option<i64> {
    let micrograms = i128::from(units?) * i128::from(mg_per_unit?);
    let rounded = (micrograms.abs() + 500) / 1000 * micrograms.signum();
    i64::try_from(rounded).ok()
}

#[cfg(test)]
mod tests {
    use super::grams;

    #[test]
    fn grams_come_from_the_codes_own_billing_unit() {
        assert_eq!(grams(Some(80_000), Some(500)), Some(40_000));
        assert_eq!(grams(Some(80_000), Some(100)), Some(8_000));
        assert_eq!(grams(Some(-1_000), Some(500)), Some(-500));
        assert_eq!(grams(Some(1), Some(100)), Some(0));
        assert_eq!(grams(None, Some(500)), None);
        assert_eq!(grams(Some(80_000), None), None);
    }
}
