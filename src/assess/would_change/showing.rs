//! Showings: the ways in which an order could show the value of a fact, and the decision with one more of them.

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::assess::determine::{Case, Decided, suppose};
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
/// by an age where none is known to the year. An age that is known is not asked for again.
pub(super) fn of<'a>(case: &Case<'a>, index: u8) -> Showings<'a> {
    let (ruleset, fact) = (case.ruleset, &case.ruleset.facts[usize::from(index)]);
    let mut showings = Showings::new();
    for value in 0..fact.values.len() as u8 {
        let before = showings.len();
        showings.extend(ruleset.phrases.tellings().of_value(index, value).map(Showing::Words));
        if showings.len() == before {
            let named = fact.named.iter().filter(|(_, own)| *own == value);
            let names = named.filter_map(|(indication, _)| ruleset.phrases.tellings().of_name(*indication));
            showings.extend(names.map(Showing::Words));
        }
        if showings.len() == before {
            let lists = fact.codes.iter().filter(|(_, own)| *own == value).map(|(list, _)| *list);
            showings.extend(lists.map(Showing::Code));
        }
    }
    if case.age.years().is_none() {
        let inside = fact.ages.iter().filter_map(|(from, below, _)| year_inside(case.age, *from, *below));
        showings.extend(inside.map(Age::from_years).filter(|age| *age != Age::Unknown).map(Showing::Age));
    }
    showings
}

/// A year of an age window that the order's age leaves possible.
fn year_inside(age: Age, from: Option<i32>, below: Option<i32>) -> Option<i32> {
    let year = from.or(below.map(|below| below - 1))?;
    let Some(bounds) = age.bounds() else { return Some(year) };
    let year = year.clamp(*bounds.start(), *bounds.end());
    (from.is_none_or(|from| year >= from) && below.is_none_or(|below| year < below)).then_some(year)
}

/// The decision on the same order with something more on it. The text is read again only where that could matter.
pub(super) fn decide_with(case: &Case<'_>, showings: &[Showing<'_>]) -> Decided {
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
    suppose(&Case { ruleset: case.ruleset, codes: &codes, text: &text, order: case.order, age, product: case.product })
}

/// Reads the text with more sentences. Of a sentence that stands alone it is known from the rules what is in it.
fn read_again(case: &Case<'_>, sentences: &[&Telling], codes: ListSet) -> TextReading {
    let blank = case.order.text.trim().is_empty();
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
