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

/// A fact of one order, with what its state was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Derived {
    pub state: FactState,
    /// The values that codes and the age state.
    stated: u8,
    /// The values that the age leaves.
    left: u8,
    /// The values that the text gives.
    text: u8,
}

impl Derived {
    /// The state where one more sentence gives these values too. What presumptions, uncertain words and words for an end
    /// come to counts only where no sentence gives any.
    pub fn told(self, more: u8) -> FactState {
        match (self.stated, self.text | more) {
            _ if more == 0 => self.state,
            (0, text) => known(text, self.left, Tier::Text, Tier::Conflict),
            (stated, text) => known(stated | text, self.left, Tier::Stated, Tier::Conflict),
        }
    }

    /// A state of which nothing is told.
    #[cfg(test)]
    pub fn untold(state: FactState) -> Self {
        Self { state, stated: 0, left: u8::MAX, text: 0 }
    }
}

/// Derives one fact. `named` are the indications that the text asserts in the branch at hand. A presumption stands for orders
/// that say nothing: where an age is known only within bounds that leave several values, it does not pick among them.
pub(super) fn derive(case: &Case<'_>, index: u8, named: &[u16]) -> Derived {
    let fact = &case.ruleset.facts[usize::from(index)];
    let Stated { values: stated, left_by_age } = stated(case, fact);
    let left = left_by_age.unwrap_or(fact.all_values());
    let text = text(case, fact, index, named);
    let state = match (stated, text) {
        (0, 0) if left_by_age.is_some() => FactState { values: left, tier: Tier::Open },
        (0, 0) => doubted(case, index, presumed(case, fact)),
        (0, text) => known(text, left, Tier::Text, Tier::Conflict),
        (stated, 0) => over(case, index, known(stated, left, Tier::Stated, Tier::CodesDisagree)),
        (stated, text) => known(stated | text, left, Tier::Stated, Tier::Conflict),
    };
    Derived { state, stated, left, text }
}

/// What codes and age state of a fact.
struct Stated {
    /// The values stated.
    values: u8,
    /// The values that an age leaves open which is known only within bounds, if it leaves more than one.
    left_by_age: Option<u8>,
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

/// What is said of a fact: one value, or several that disagree with each other or with what the age leaves.
fn known(values: u8, left: u8, tier: Tier, several: Tier) -> FactState {
    if values & left != values {
        return FactState { values: values | left, tier: several };
    }
    FactState { values, tier: if values.is_power_of_two() { tier } else { several } }
}

/// The values that codes and the age state. An age that is known only within bounds states a value where all of its years
/// do; where they differ it leaves open what they state.
fn stated(case: &Case<'_>, fact: &Fact) -> Stated {
    let codes = fact.codes.iter().filter(|(list, _)| case.codes.lists.contains(*list)).map(|(_, value)| 1 << value);
    let codes = codes.fold(0, |mask, value: u8| mask | value);
    let of_year = |years: i32| {
        let inside = fact.ages.iter().filter(|(from, below, _)| {
            from.is_none_or(|from| years >= from) && below.is_none_or(|below| years < below)
        });
        inside.fold(0, |mask: u8, (.., value)| mask | 1 << value)
    };
    let Some(mut bounds) = case.age.bounds().filter(|_| !fact.ages.is_empty()) else {
        return Stated { values: codes, left_by_age: None };
    };
    let first = of_year(*bounds.start());
    if bounds.all(|years| of_year(years) == first) {
        return Stated { values: codes | first, left_by_age: None };
    }
    let all = case.age.bounds().into_iter().flatten().map(of_year);
    let left = all.fold(0, |mask, values| mask | if values == 0 { fact.all_values() } else { values });
    Stated { values: codes, left_by_age: Some(left) }
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
