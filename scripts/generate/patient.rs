//! Who a patient is: what the patient receives and why, age and diagnoses.

use chrono::{Days, NaiveDate};

use crate::export::catalogue::{Catalogue, Product, Scenario};
use crate::export::random::Random;
use crate::export::settings::{Export, Settings};

/// Most diagnoses of one record.
pub const MOST_DIAGNOSES: usize = 12;

/// One line in so many of a claim is the product.
pub const PRODUCT_LINES_ONE_IN: u64 = 4;

/// Why a patient comes.
#[derive(Clone, Copy)]
pub enum Care<'c> {
    /// Receives immune globulin by vein.
    Immune { scenario: &'c Scenario, place: usize, product: &'c Product },
    /// Receives something that resembles it.
    LookAlike { product: &'c Product },
    /// Comes for something else.
    Other,
}

/// What a patient receives, and why.
pub fn care<'c>(catalogue: &'c Catalogue, settings: &Settings, person: &mut Random) -> Care<'c> {
    let (immune, look_alike) = match settings.export {
        Export::Claims => (settings.in_scope * PRODUCT_LINES_ONE_IN, settings.in_scope * PRODUCT_LINES_ONE_IN / 3),
        Export::Orders => (940, 60),
    };
    let draw = person.below(1000);
    if draw < immune {
        let place = *catalogue.usual.draw(person);
        let scenario = &catalogue.scenarios[place];
        // A product that is newer than the scenario's last day gives way.
        let other = settings.other_means > 0 && person.per_mille(settings.other_means);
        let group = if other { &catalogue.other_intravenous } else { &catalogue.intravenous };
        let drawn =
            (0..8).map(|_| &catalogue.products[*group.draw(person)]).find(|product| product.from <= scenario.until);
        drawn.map_or(Care::Other, |product| Care::Immune { scenario, place, product })
    } else if draw < immune + look_alike {
        let other = settings.other_means > 0 && person.per_mille(settings.other_means);
        let group = if other { &catalogue.other_look_alike } else { &catalogue.look_alike };
        Care::LookAlike { product: &catalogue.products[*group.draw(person)] }
    } else {
        Care::Other
    }
}

/// A day on which the codes and the product are valid.
pub fn service_date(care: Care, shared: &mut Random) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    let last = first + Days::new(730);
    let (from, until) = match care {
        Care::Immune { scenario, product, .. } => (scenario.from.max(product.from), scenario.until),
        Care::LookAlike { product } => (product.from, last),
        Care::Other => (first, last),
    };
    let days = u64::try_from((until - from).num_days()).unwrap_or(0);
    from + Days::new(shared.below(days + 1))
}

/// The ages of a scenario hold on every service date of the two years.
pub fn birth_date(care: Care, service: NaiveDate, person: &mut Random) -> NaiveDate {
    let (low, high) = match care {
        Care::Immune { scenario, .. } => match scenario.ages {
            Some(ages) => ages,
            None => return service + Days::new(30 + person.below(400)),
        },
        Care::LookAlike { .. } => (19, 80),
        Care::Other => (1, 92),
    };
    let age = low + person.below(high.saturating_sub(2).saturating_sub(low) + 1);
    let days = age * 1461 / 4 + person.below(365);
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default() - Days::new(days)
}

/// Diagnoses and where the telling ones stand. Other diagnoses stand beside
/// them only where they change nothing.
pub fn diagnoses<'c>(
    catalogue: &'c Catalogue,
    care: Care<'c>,
    person: &mut Random,
    shared: &mut Random,
) -> (Vec<&'c str>, (usize, usize)) {
    let (lists, beside) = match care {
        Care::Immune { scenario, .. } => {
            (&scenario.dx, scenario.takes_comorbidity() && scenario.ages.is_some_and(|ages| ages.0 > 17))
        }
        Care::LookAlike { product } => (&product.dx, true),
        Care::Other => return (other_diagnoses(catalogue, shared), (0, 1)),
    };
    let telling = person.one(lists).map_or(&[][..], Vec::as_slice);
    let mut dx: Vec<&str> = telling.iter().map(String::as_str).collect();
    let mut first = 0;
    if beside {
        for _ in 0..shared.below(4) {
            let other = catalogue.comorbidities.draw(person).as_str();
            if !dx.contains(&other) {
                dx.push(other);
            }
        }
        if dx.len() > telling.len() && shared.per_mille(150) {
            first = dx.len() - telling.len();
            dx.rotate_left(telling.len());
        }
    }
    (dx, (first, telling.len().min(4)))
}

fn other_diagnoses<'c>(catalogue: &'c Catalogue, shared: &mut Random) -> Vec<&'c str> {
    let wanted = 1 + shared.below(5) + shared.below(3) * shared.below(4);
    let mut dx: Vec<&str> = Vec::with_capacity(MOST_DIAGNOSES);
    for _ in 0..wanted {
        let code = catalogue.diagnoses.draw(shared).as_str();
        if !dx.contains(&code) && dx.len() < MOST_DIAGNOSES {
            dx.push(code);
        }
    }
    dx
}
