//! Names of products, as drug names and as mentions in a text: phrases, and words beside them that tell the route.

use std::collections::HashMap;

use serde::Deserialize;

use super::piece::Pieces;
use super::{ProductId, ProductKind};
use crate::rules::phrase::{Break, CueKind, Finder, Folded, Found};

/// The most words of a name that are read. A name that is longer is no name.
pub const NAME_WORDS_MAX: usize = 64;

/// What a word beside a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// By vein.
    Intravenous,
    /// Under the skin.
    Subcutaneous,
    /// Into a muscle.
    Intramuscular,
    /// Against one thing only: a general name beside it is that of a specific globulin.
    Specific,
    /// Speaks of globulin and names no product: a name with it is no sign of another drug.
    Globulin,
    /// The name is that of something given beside the product, such as a diluent.
    Beside,
    /// In a text: the product behind this word is not what was given ("instead of").
    NotGivenBefore,
    /// In a text: the product before this word is not what was given ("was stopped").
    NotGivenAfter,
    /// In a text: the product on either side of this word is not what was given ("failed").
    NotGiven,
    /// A unit or measure of a dose: in a text it belongs to the product before it.
    Dose,
    /// Holds a word of this list and does not mean it.
    None,
}

/// A product by its name, and its kind as the words beside it tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The product.
    pub id: ProductId,
    /// Its kind. [`ProductKind::RouteUnstated`] stays where no word tells the route.
    pub kind: ProductKind,
}

/// A way of giving a product, as a cell of its own tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// By vein.
    Vein,
    /// Under the skin.
    Skin,
    /// Into a muscle.
    Muscle,
}

/// What a product's name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Told {
    /// Nothing: there is no name, or no letter in it.
    #[default]
    Nothing,
    /// A listed product.
    Product(Named),
    /// A globulin, and not which.
    Globulin,
    /// Something else.
    Another,
}

/// A product in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mentioned {
    /// The product and its kind.
    pub named: Named,
    /// First and last word of its name.
    pub words: (usize, usize),
    /// The last word of the dose and route that stand right behind the name; the name's own if there are none.
    pub dose_to: usize,
}

/// What a text says of products, for the scoping of the text to judge.
#[derive(Debug, Clone, Default)]
pub struct InText {
    /// The products that it mentions.
    pub mentions: Vec<Mentioned>,
    /// Words that say that a product beside them was not given: what each is as a cue, with first and last word.
    pub cues: Vec<(&'static [CueKind], (usize, usize))>,
}

impl Word {
    /// What the word is to the scoping of a text. "Not given" is to a product what a negation is to a condition.
    fn cues(self) -> &'static [CueKind] {
        match self {
            Self::NotGivenBefore => &[CueKind::NegationBefore],
            Self::NotGivenAfter => &[CueKind::VerdictAfter],
            Self::NotGiven => &[CueKind::NegationBefore, CueKind::VerdictAfter],
            _ => &[],
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Meaning {
    Product(ProductId),
    Word(Word),
}

/// All phrases of products, and the search for them.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    finder: Finder,
    phrases: Vec<(String, Meaning)>,
    index: HashMap<String, usize>,
    pieces: Pieces,
}

/// A phrase where it stands.
struct Hit {
    meaning: Meaning,
    first: usize,
    last: usize,
}

impl Names {
    /// Adds a product's phrase. `false` if the phrase is there already.
    pub fn add_product(&mut self, phrase: &str, id: ProductId) -> bool {
        self.add(phrase, Meaning::Product(id))
    }

    /// Adds a word; one that is there already keeps its first meaning.
    pub fn add_word(&mut self, phrase: &str, word: Word) {
        self.add(phrase, Meaning::Word(word));
    }

    fn add(&mut self, phrase: &str, meaning: Meaning) -> bool {
        let next = self.phrases.len();
        if *self.index.entry(phrase.to_owned()).or_insert(next) != next {
            return false;
        }
        self.phrases.push((phrase.to_owned(), meaning));
        true
    }

    /// Prepares the search, when all phrases are in.
    pub fn finish(&mut self) -> Result<(), String> {
        self.finder = Finder::of(self.phrases.iter().map(|(phrase, _)| phrase.as_str()));
        let tells = |meaning: &Meaning| matches!(meaning, Meaning::Product(_) | Meaning::Word(Word::Globulin));
        let telling = self.phrases.iter().filter(|(_, meaning)| tells(meaning));
        self.pieces = Pieces::of(telling.map(|(phrase, _)| phrase.as_str()))?;
        Ok(())
    }

    /// The phrase of a product.
    pub fn phrase_of(&self, id: ProductId) -> &str {
        let own = |meaning: &Meaning| matches!(meaning, Meaning::Product(other) if *other == id);
        self.phrases.iter().find(|(_, meaning)| own(meaning)).map_or("", |(phrase, _)| phrase)
    }

    /// Whole-word phrases that are not part of a longer one, in text order.
    fn hits(&self, folded: &Folded) -> Vec<Hit> {
        let hit = |(phrase, first, last): Found| Hit { meaning: self.phrases[phrase as usize].1, first, last };
        let mut found: Vec<Hit> = self.finder.find(folded).into_iter().map(hit).collect();
        found.sort_unstable_by_key(|hit| (hit.first, std::cmp::Reverse(hit.last)));
        let mut read_to = None;
        found.retain(|hit| {
            let inside = read_to.is_some_and(|last| hit.last <= last);
            read_to = read_to.max(Some(hit.last));
            !inside
        });
        found
    }

    /// What a drug name says. Globulins of another kind go before all others, then products under the skin, by vein, of
    /// either route, and last the general name; words tell the route of the last two.
    pub fn read(&self, name: &str, kind_of: impl Fn(ProductId) -> ProductKind) -> Told {
        if !name.chars().any(char::is_alphabetic) {
            return Told::Nothing;
        }
        if !self.pieces.may_hold(name) {
            return Told::Another;
        }
        let hits = self.hits(&Folded::first_words(name, NAME_WORDS_MAX));
        let says = |wanted: Word| hits.iter().any(|hit| matches!(hit.meaning, Meaning::Word(word) if word == wanted));
        if says(Word::Beside) {
            return Told::Another;
        }
        let products = hits.iter().filter_map(|hit| match hit.meaning {
            Meaning::Product(id) => Some(Named { id, kind: kind_of(id) }),
            Meaning::Word(_) => None,
        });
        let Some(named) = products.min_by_key(|named| rank(named.kind)) else {
            return if says(Word::Globulin) { Told::Globulin } else { Told::Another };
        };
        let specific = named.kind.is_by_vein() && says(Word::Specific);
        Told::Product(Named {
            kind: if specific { ProductKind::OtherGlobulin } else { routed(named.kind, says) },
            ..named
        })
    }

    /// What a cell that holds the route says. Of several, by vein goes before the others: no order is lost by a doubt.
    pub fn route(&self, cell: &str) -> Option<Route> {
        let hits = self.hits(&Folded::first_words(cell, NAME_WORDS_MAX));
        let says = |wanted: Word| hits.iter().any(|hit| matches!(hit.meaning, Meaning::Word(word) if word == wanted));
        let routes =
            [(Word::Intravenous, Route::Vein), (Word::Subcutaneous, Route::Skin), (Word::Intramuscular, Route::Muscle)];
        routes.into_iter().find(|(word, _)| says(*word)).map(|(_, route)| route)
    }

    /// The products that a text mentions, and the words that take them back. A word of the route counts for the whole text.
    pub fn mentioned(&self, folded: &Folded, kind_of: impl Fn(ProductId) -> ProductKind) -> InText {
        let hits = self.hits(folded);
        let under_skin = hits.iter().any(|hit| matches!(hit.meaning, Meaning::Word(Word::Subcutaneous)));
        let says = |wanted: Word| wanted == Word::Subcutaneous && under_skin;
        let mut found = InText::default();
        for hit in &hits {
            let words = (hit.first, hit.last);
            match hit.meaning {
                Meaning::Product(id) => found.mentions.push(Mentioned {
                    named: Named { id, kind: routed(kind_of(id), says) },
                    words,
                    dose_to: dose_behind(folded, &hits, hit.last),
                }),
                Meaning::Word(word) if !word.cues().is_empty() => found.cues.push((word.cues(), words)),
                Meaning::Word(_) => {}
            }
        }
        found
    }
}

/// The last word of a dose behind a word: figures but a year's four, units and the route, without a break.
fn dose_behind(folded: &Folded, hits: &[Hit], last: usize) -> usize {
    let of_dose = |hit: &Hit| matches!(hit.meaning, Meaning::Word(Word::Dose | Word::Intravenous));
    let mut to = last;
    while let Some(word) = folded.word_at(to + 1).filter(|_| folded.words[to + 1].before == Break::None) {
        let year = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        let figure = !year && word.starts_with(|first: char| first.is_ascii_digit());
        let from = hits.partition_point(|hit| hit.first <= to);
        to = match hits.get(from).filter(|hit| hit.first == to + 1 && of_dose(hit)) {
            Some(hit) => hit.last,
            None if figure => to + 1,
            None => break,
        };
    }
    to
}

/// Which of several products in one name decides: the lowest.
fn rank(kind: ProductKind) -> u8 {
    match kind {
        ProductKind::OtherGlobulin => 0,
        ProductKind::Subcutaneous => 1,
        ProductKind::Intravenous => 2,
        ProductKind::DualRoute => 3,
        ProductKind::RouteUnstated => 4,
        ProductKind::Unclassified | ProductKind::Administration => 5,
    }
}

/// The kind of a product whose name leaves the route open, with what the words beside it say.
fn routed(kind: ProductKind, says: impl Fn(Word) -> bool) -> ProductKind {
    let open = matches!(kind, ProductKind::DualRoute | ProductKind::RouteUnstated);
    match kind {
        ProductKind::DualRoute if says(Word::Intravenous) => ProductKind::DualRoute,
        ProductKind::RouteUnstated if says(Word::Intravenous) => ProductKind::Intravenous,
        _ if open && says(Word::Subcutaneous) => ProductKind::Subcutaneous,
        ProductKind::RouteUnstated if says(Word::Intramuscular) => ProductKind::OtherGlobulin,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::default();
        for (at, phrase) in ["brand", "brand x", "brand x y"].into_iter().enumerate() {
            names.add_product(phrase, ProductId(at as u16));
        }
        names.add_word("glob", Word::Globulin);
        names.add_word("x", Word::NotGiven);
        names.finish().unwrap();
        names
    }

    fn read(name: &str) -> Told {
        names().read(name, |_| ProductKind::Intravenous)
    }

    #[test]
    fn the_longest_phrase_counts_and_what_lies_in_it_does_not() {
        let spans = |text: &str| -> Vec<(usize, usize)> {
            names().hits(&Folded::new(text)).iter().map(|hit| (hit.first, hit.last)).collect()
        };
        assert_eq!(spans("a brand x y b brand x c x brand"), [(1, 3), (5, 6), (8, 8), (9, 9)]);
    }

    #[test]
    fn a_long_name_is_cut_and_the_work_on_it_is_bounded() {
        let behind = |words: usize| format!("{}brand", "other ".repeat(words));
        assert!(matches!(read(&behind(NAME_WORDS_MAX - 1)), Told::Product(_)));
        assert_eq!(read(&behind(NAME_WORDS_MAX)), Told::Another);
        let folded = Folded::first_words(&"brand x y, ".repeat(50_000), NAME_WORDS_MAX);
        assert_eq!(folded.words.len(), NAME_WORDS_MAX, "what stands behind is not folded");
        assert!(names().hits(&folded).len() <= NAME_WORDS_MAX);
    }

    #[test]
    fn a_name_tells_nothing_a_product_a_globulin_or_something_else() {
        assert_eq!(read(" 9914 - 5"), Told::Nothing);
        assert_eq!(read("infusion of Glob"), Told::Globulin);
        assert_eq!(read("Glob, Brand"), Told::Product(Named { id: ProductId(0), kind: ProductKind::Intravenous }));
        assert_eq!(read("other"), Told::Another);
    }
}
