//! Which values an order can give to facts: the ways that sources and defaults leave open.

use chrono::NaiveDate;

use crate::rules::phrase::Meaning;
use crate::rules::ruleset::Ruleset;

/// One way in which a fact gets a value: on which service days and at which ages it is open. First and last, inclusive.
#[derive(Debug, Clone, Copy)]
struct Way {
    ages: (i32, i32),
    days: (NaiveDate, NaiveDate),
}

impl Way {
    const ANY: Self = Self { ages: (0, i32::MAX), days: (NaiveDate::MIN, NaiveDate::MAX) };

    /// What is left when two ways must hold on one order.
    fn with(self, other: Self) -> Option<Self> {
        let ages = (self.ages.0.max(other.ages.0), self.ages.1.min(other.ages.1));
        let days = (self.days.0.max(other.days.0), self.days.1.min(other.days.1));
        (ages.0 <= ages.1 && days.0 <= days.1).then_some(Self { ages, days })
    }
}

/// Every way in which a fact gets a value. Codes, names and phrases may stand on any order.
fn ways(ruleset: &Ruleset, fact: u8, value: u8) -> Vec<Way> {
    let sources = &ruleset.facts[usize::from(fact)];
    let phrased = |meaning: &Meaning| {
        matches!(meaning, Meaning::Fact { fact: own, value: given, negated, .. }
            if *own == fact && (*given == value || *negated == Some(value)))
    };
    let by_words = ruleset.phrases.all().any(|(_, meanings)| meanings.iter().any(phrased));
    let by_code = sources.codes.iter().any(|(_, given)| *given == value);
    let by_name = sources.named.iter().any(|(_, given)| *given == value);
    let mut ways = Vec::new();
    if by_words || by_code || by_name {
        ways.push(Way::ANY);
    }
    for (from, below, _) in sources.ages.iter().filter(|(_, _, given)| *given == value) {
        let ages = (from.unwrap_or(0).max(0), below.map_or(i32::MAX, |below| below - 1));
        ways.extend(Way::ANY.with(Way { ages, ..Way::ANY }));
    }
    for default in sources.defaults.iter().filter(|default| default.value == value) {
        let days = (default.from.unwrap_or(NaiveDate::MIN), default.until.unwrap_or(NaiveDate::MAX));
        ways.extend(Way::ANY.with(Way { days, ..Way::ANY }));
    }
    ways
}

/// Why some order could not have all of these values at once; `None` if one could.
pub(super) fn obstacle(ruleset: &Ruleset, terms: &[(u8, u8)]) -> Option<Obstacle> {
    let mut left = vec![Way::ANY];
    for (at, term) in terms.iter().enumerate() {
        if let Some(other) = terms[..at].iter().find(|other| other.0 == term.0 && other.1 != term.1) {
            return Some(Obstacle::Contradiction(*other, *term));
        }
        let own = ways(ruleset, term.0, term.1);
        if own.is_empty() {
            return Some(Obstacle::NoSource(*term));
        }
        left = left.iter().flat_map(|one| own.iter().filter_map(|other| one.with(*other))).collect();
        if left.is_empty() {
            return Some(Obstacle::Impossible(*term));
        }
    }
    None
}

/// What keeps an order from having certain values.
#[derive(Debug, Clone, Copy)]
pub(super) enum Obstacle {
    /// No source and no default gives the value.
    NoSource((u8, u8)),
    /// One fact would have two values.
    Contradiction((u8, u8), (u8, u8)),
    /// The value is given at ages or on days at which the values before it are not.
    Impossible((u8, u8)),
}
