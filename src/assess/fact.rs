//! Facts: the values that an order leaves possible, and where they come from.

use super::determine::Case;
use crate::rules::Fact;

/// Where a fact's value comes from. The order is the order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// A code or the age.
    Stated,
    /// The text.
    Text,
    /// A declared presumption, by its index in the fact.
    Presumed(u8),
    /// A declared presumption that only says that nothing was mentioned, by its index in the fact.
    Unmentioned(u8),
    /// Two sources disagree, and the text is one of them.
    Conflict,
    /// The order's codes and fields disagree with each other.
    CodesDisagree,
    /// Nothing says anything.
    Open,
}

/// A fact of one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FactState {
    /// The values that are possible, as a mask. Never empty.
    pub values: u8,
    pub tier: Tier,
}

/// Derives one fact. `named` are the indications that the text asserts in the branch at hand.
pub(super) fn derive(case: &Case<'_>, index: u8, named: &[u16]) -> FactState {
    let fact = &case.ruleset.facts[usize::from(index)];
    let stated = stated(case, fact);
    let text = text(case, fact, index, named);
    match (stated, text) {
        (0, 0) => doubted(case, index, presumed(case, fact)),
        (0, text) => known(text, Tier::Text, Tier::Conflict),
        (stated, 0) => over(case, index, known(stated, Tier::Stated, Tier::CodesDisagree)),
        (stated, text) => known(stated | text, Tier::Stated, Tier::Conflict),
    }
}

/// A presumption holds where nothing speaks against it; an uncertain word for another value does, and leaves
/// both open, unless the presumption is a firm one. A word that is said of something else leaves any open.
fn doubted(case: &Case<'_>, index: u8, presumed: FactState) -> FactState {
    let fact = &case.ruleset.facts[usize::from(index)];
    let firm = match presumed.tier {
        Tier::Presumed(at) | Tier::Unmentioned(at) => fact.defaults[usize::from(at)].firm,
        _ => false,
    };
    let uncertain = if firm { 0 } else { told(&case.text.uncertain_values, index) };
    let values = presumed.values | uncertain | told(&case.text.elsewhere_values, index);
    if values == presumed.values { presumed } else { FactState { values, tier: Tier::Open } }
}

/// A text that says that it is over contradicts the code that says that it is.
fn over(case: &Case<'_>, index: u8, stated: FactState) -> FactState {
    if stated.values & told(&case.text.over_values, index) == 0 {
        return stated;
    }
    FactState { values: case.ruleset.facts[usize::from(index)].all_values(), tier: Tier::Conflict }
}

/// The mask of values that phrases give a fact in one of the ways of a text.
fn told(values: &[(u8, u8)], index: u8) -> u8 {
    values.iter().find(|(fact, _)| *fact == index).map_or(0, |(_, values)| *values)
}

fn known(values: u8, tier: Tier, several: Tier) -> FactState {
    FactState { values, tier: if values.is_power_of_two() { tier } else { several } }
}

fn stated(case: &Case<'_>, fact: &Fact) -> u8 {
    let codes = fact.codes.iter().filter(|(list, _)| case.codes.lists.contains(*list)).map(|(_, value)| 1 << value);
    let years = case.age.years();
    let ages = fact.ages.iter().filter_map(|(from, below, value)| {
        let years = years?;
        let inside = from.is_none_or(|from| years >= from) && below.is_none_or(|below| years < below);
        inside.then_some(1 << value)
    });
    codes.chain(ages).fold(0, |mask, value: u8| mask | value)
}

fn text(case: &Case<'_>, fact: &Fact, index: u8, named: &[u16]) -> u8 {
    let phrases = told(&case.text.fact_values, index);
    let names = fact
        .named
        .iter()
        .filter(|(indication, _)| named.contains(indication))
        .fold(0, |mask, (_, value)| mask | 1 << value);
    phrases | names
}

fn presumed(case: &Case<'_>, fact: &Fact) -> FactState {
    let holds = |default: &crate::rules::Presumption| {
        let codes = default.codes.is_none_or(|list| case.codes.lists.contains(list));
        let dated = default.from.is_some() || default.until.is_some();
        let inside = match case.order.service_date {
            None => !dated,
            Some(service) => {
                default.from.is_none_or(|from| from <= service) && default.until.is_none_or(|until| service <= until)
            }
        };
        codes && inside
    };
    match fact.defaults.iter().position(holds) {
        Some(at) => {
            let tier = if fact.defaults[at].silent { Tier::Unmentioned(at as u8) } else { Tier::Presumed(at as u8) };
            FactState { values: 1 << fact.defaults[at].value, tier }
        }
        None => FactState { values: fact.all_values(), tier: Tier::Open },
    }
}
