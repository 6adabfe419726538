//! Showings: the ways in which an order could show the value of a fact, and the decision with one more of them.

use std::borrow::Cow;
use std::ops::ControlFlow;

use smallvec::SmallVec;

use crate::assess::determine::{Case, Outcome, Readings, suppose as decide_with};
use crate::assess::diagnosis::Codes;
use crate::assess::text::{self, TextReading};
use crate::order::{Age, DIAGNOSES_MAX};
use crate::rules::{ListId, ListSet, Telling};

/// One way in which an order could show a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Showing<'a> {
    /// One more sentence in the text.
    Words(&'a Telling),
    /// One more diagnosis, of a list.
    Code(ListId),
    /// An age, where the order has none or bounds of one.
    Age(Age),
}

/// The ways of showing one fact.
pub(super) type Showings<'a> = SmallVec<[Showing<'a>; 8]>;

/// How an order could show any value of a fact: in words, else by the name of an indication, else by a code; and
/// by an age where none is known to the year. An age that is known is not asked for again. `shown` is told one after the
/// other, until it has enough.
pub(super) fn each<'a>(
    case: &Case<'a>,
    index: u8,
    mut shown: impl FnMut(Showing<'a>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let (ruleset, fact) = (case.ruleset, &case.ruleset.facts[usize::from(index)]);
    for value in 0..fact.values.len() as u8 {
        let mut told = false;
        for telling in ruleset.phrases.tellings().of_value(index, value) {
            told = true;
            shown(Showing::Words(telling))?;
        }
        if told {
            continue;
        }
        let named = fact.named.iter().filter(|(_, own)| *own == value);
        for telling in named.filter_map(|(indication, _)| ruleset.phrases.tellings().of_name(*indication)) {
            told = true;
            shown(Showing::Words(telling))?;
        }
        for (list, _) in fact.codes.iter().filter(|(_, own)| *own == value && !told) {
            shown(Showing::Code(*list))?;
        }
    }
    if case.age.years().is_none() {
        let inside = fact.ages.iter().filter_map(|(from, below, _)| year_inside(case.age, *from, *below));
        for age in inside.map(Age::from_years).filter(|age| *age != Age::Unknown) {
            shown(Showing::Age(age))?;
        }
    }
    ControlFlow::Continue(())
}

/// All of them.
pub(super) fn all<'a>(case: &Case<'a>, index: u8) -> Showings<'a> {
    let mut all = Showings::new();
    let _ = each(case, index, |showing| {
        all.push(showing);
        ControlFlow::Continue(())
    });
    all
}

/// A year of an age window that the order's age leaves possible.
fn year_inside(age: Age, from: Option<i32>, below: Option<i32>) -> Option<i32> {
    let year = from.or(below.map(|below| below - 1))?;
    let Some(bounds) = age.bounds() else { return Some(year) };
    let year = year.clamp(*bounds.start(), *bounds.end());
    (from.is_none_or(|from| year >= from) && below.is_none_or(|below| year < below)).then_some(year)
}

/// What the same order would come to with something more on it. Where that is nothing but values of facts, and an age,
/// the readings that were decided upon are enough. The text is read again only where that could matter.
pub(super) fn suppose(case: &Case<'_>, readings: &mut Readings<'_>, showings: &[Showing<'_>]) -> Outcome {
    if !readings.are_whole() {
        return suppose_anew(case, showings);
    }
    if let [Showing::Words(telling)] = showings
        && telling.is_plain()
    {
        return readings.suppose(case, &[&telling.values]);
    }
    match told(case, showings) {
        Some((told, age)) => readings.suppose(&Case { age, ..*case }, &told),
        None => suppose_anew(case, showings),
    }
}

/// The values that sentences give.
type Told<'t> = SmallVec<[&'t [(u8, u8)]; 2]>;

/// The values that showings give facts, and the age, if they do nothing else. A sentence whose words might support or
/// forbid a name elsewhere does nothing else where it stands alone.
fn told<'t>(case: &Case<'_>, showings: &[Showing<'t>]) -> Option<(Told<'t>, Age)> {
    let (mut all, mut age) = (Told::new(), case.age);
    for showing in showings {
        match showing {
            Showing::Words(telling) if telling.is_plain() => all.push(&telling.values),
            Showing::Words(telling) if showings.len() == 1 && telling.is_plain_alone() && is_blank(case) => {
                all.push(&telling.values);
            }
            Showing::Age(years) => age = *years,
            Showing::Words(_) | Showing::Code(_) => return None,
        }
    }
    Some((all, age))
}

fn is_blank(case: &Case<'_>) -> bool {
    case.order.text.trim().is_empty()
}

/// The decision on the order with something more on it, from the codes and the text on.
fn suppose_anew(case: &Case<'_>, showings: &[Showing<'_>]) -> Outcome {
    let mut codes = Cow::Borrowed(case.codes);
    let mut text = Cow::Borrowed(case.text);
    let mut age = case.age;
    let mut sentences: SmallVec<[&Telling; 2]> = SmallVec::new();
    for showing in showings {
        match showing {
            Showing::Words(telling) if telling.is_plain() => {}
            Showing::Words(telling) => sentences.push(telling),
            Showing::Code(list) => add(codes.to_mut(), *list),
            Showing::Age(years) => age = *years,
        }
    }
    if !sentences.is_empty() || codes.lists != case.codes.lists {
        text = Cow::Owned(read_again(case, &sentences, codes.lists));
    }
    for showing in showings {
        if let Showing::Words(telling) = showing
            && telling.is_plain()
        {
            text.to_mut().tell(&telling.values);
        }
    }
    decide_with(&Case { codes: &codes, text: &text, age, ..*case })
}

/// Reads the text with more sentences. Of a sentence that stands alone it is known from the rules what is in it.
fn read_again(case: &Case<'_>, sentences: &[&Telling], codes: ListSet) -> TextReading {
    let blank = is_blank(case);
    match sentences {
        [alone] if blank => text::read_found(case.ruleset, alone.searched(), codes, case.order.service_date),
        [] if blank => TextReading::default(),
        _ => text::read(case.ruleset, &with(case, sentences), codes, case.order.service_date),
    }
}

/// The text with more sentences; in front of it where its end is not read.
fn with(case: &Case<'_>, sentences: &[&Telling]) -> String {
    let sentences: SmallVec<[&str; 2]> = sentences.iter().map(|telling| telling.words.as_str()).collect();
    let sentences = sentences.join("; ");
    if case.text.truncated {
        format!("{sentences}; {}", case.order.text)
    } else {
        format!("{}; {sentences}", case.order.text)
    }
}

/// Adds a diagnosis that belongs to one list, at a place of its own behind all that are read and added.
fn add(codes: &mut Codes, list: ListId) {
    let mut own = ListSet::default();
    own.insert(list);
    let behind = codes.usable.iter().map(|(index, _)| index + 1).max().unwrap_or(0).max(DIAGNOSES_MAX);
    codes.lists = codes.lists.union(own);
    codes.usable.push((behind, own));
}

/// A decision supposes two facts at most, each by one code at most; all places fit a mask of diagnoses.
const _: () = assert!(DIAGNOSES_MAX + 2 <= u64::BITS as usize);

#[cfg(test)]
mod tests {
    use super::{Codes, DIAGNOSES_MAX, ListId, add};
    use crate::rules::Ruleset;

    #[test]
    fn supposed_diagnoses_have_places_of_their_own() {
        let ruleset = Ruleset::builtin("aanem-2023").unwrap_or_else(|error| panic!("{error}"));
        let list = |id: &str| ruleset.lists.find(id).expect("the list ships");
        let [first, second]: [ListId; 2] = [list("cidp"), list("guillain-barre")];
        let mut codes = Codes::default();
        add(&mut codes, first);
        add(&mut codes, second);
        assert_eq!(codes.mask_of(&[first]), 1 << DIAGNOSES_MAX);
        assert_eq!(codes.mask_of(&[second]), 1 << (DIAGNOSES_MAX + 1));
        assert_eq!(codes.mask_of(&[first, second]), 0b11 << DIAGNOSES_MAX);
    }
}
