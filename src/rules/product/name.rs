//! Names of products, as drug names and as mentions in a text: phrases, and words beside them that tell the route.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use super::{ProductId, ProductKind};
use crate::rules::phrase::{Break, Folded};

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
    /// The name is that of something given beside the product, such as a diluent.
    Beside,
    /// In a text: the product behind this word is not what was given ("instead of").
    NotGivenBefore,
    /// In a text: the product before this word is not what was given ("was stopped").
    NotGivenAfter,
    /// In a text: the product on either side of this word is not what was given ("failed").
    NotGiven,
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

/// A product that a text mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InText {
    /// The product and its kind.
    pub named: Named,
    /// First and last word.
    pub words: (usize, usize),
    /// Whether a word beside it says that it is not what was given.
    pub not_given: bool,
}

#[derive(Debug, Clone, Copy)]
enum Meaning {
    Product(ProductId),
    Word(Word),
}

/// How many words may stand between a word of the list and the product it speaks of.
const REACH: usize = 2;

/// All phrases of products with one automaton that finds them.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    automaton: Option<AhoCorasick>,
    phrases: Vec<(String, Meaning)>,
    index: HashMap<String, usize>,
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

    /// Builds the automaton, when all phrases are in.
    pub fn finish(&mut self) -> Result<(), String> {
        let built = AhoCorasick::new(self.phrases.iter().map(|(phrase, _)| phrase));
        self.automaton = Some(built.map_err(|error| error.to_string())?);
        Ok(())
    }

    /// The phrase of a product.
    pub fn phrase_of(&self, id: ProductId) -> &str {
        let own = |meaning: &Meaning| matches!(meaning, Meaning::Product(other) if *other == id);
        self.phrases.iter().find(|(_, meaning)| own(meaning)).map_or("", |(phrase, _)| phrase)
    }

    /// Whole-word phrases that are not part of a longer one, in text order.
    fn hits(&self, folded: &Folded) -> Vec<Hit> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let bytes = folded.text.as_bytes();
        let whole = |start: usize, end: usize| {
            (start == 0 || bytes[start - 1] == b' ') && (end == bytes.len() || bytes[end] == b' ')
        };
        let word = |at: usize| folded.words.partition_point(|word| word.start < at);
        let mut found: Vec<Hit> = automaton
            .find_overlapping_iter(&folded.text)
            .filter(|hit| whole(hit.start(), hit.end()))
            .map(|hit| Hit {
                meaning: self.phrases[hit.pattern().as_usize()].1,
                first: word(hit.start()),
                last: word(hit.end()) - 1,
            })
            .collect();
        let spans: Vec<(usize, usize)> = found.iter().map(|hit| (hit.first, hit.last)).collect();
        let inside = |hit: &Hit| {
            spans
                .iter()
                .any(|(first, last)| *first <= hit.first && hit.last <= *last && last - first > hit.last - hit.first)
        };
        found.retain(|hit| !inside(hit));
        found.sort_by_key(|hit| hit.first);
        found
    }

    /// What a drug name says. Globulins of another kind go before all others, then products under the skin, by vein, of
    /// either route, and last the general name; words tell the route of the last two.
    pub fn read(&self, name: &str, kind_of: impl Fn(ProductId) -> ProductKind) -> Option<Named> {
        if name.is_empty() {
            return None;
        }
        let hits = self.hits(&Folded::new(name));
        let says = |wanted: Word| hits.iter().any(|hit| matches!(hit.meaning, Meaning::Word(word) if word == wanted));
        if says(Word::Beside) {
            return None;
        }
        let products = hits.iter().filter_map(|hit| match hit.meaning {
            Meaning::Product(id) => Some(Named { id, kind: kind_of(id) }),
            Meaning::Word(_) => None,
        });
        let named = products.min_by_key(|named| rank(named.kind))?;
        let specific = named.kind.is_by_vein() && says(Word::Specific);
        Some(Named { kind: if specific { ProductKind::OtherGlobulin } else { routed(named.kind, says) }, ..named })
    }

    /// The products that a text mentions. A word of the route counts for the whole text.
    pub fn mentioned(&self, folded: &Folded, kind_of: impl Fn(ProductId) -> ProductKind) -> Vec<InText> {
        let hits = self.hits(folded);
        let under_skin = hits.iter().any(|hit| matches!(hit.meaning, Meaning::Word(Word::Subcutaneous)));
        let near = |left: &Hit, right: &Hit| {
            left.last < right.first
                && right.first - left.last <= REACH + 1
                && folded.strongest_break(left.last, right.first) < Break::Clause
        };
        let not_given = |product: &Hit| {
            hits.iter().any(|hit| match hit.meaning {
                Meaning::Word(Word::NotGivenBefore) => near(hit, product),
                Meaning::Word(Word::NotGivenAfter) => near(product, hit),
                Meaning::Word(Word::NotGiven) => near(hit, product) || near(product, hit),
                _ => false,
            })
        };
        let mention = |hit: &Hit| {
            let Meaning::Product(id) = hit.meaning else { return None };
            let says = |wanted: Word| wanted == Word::Subcutaneous && under_skin;
            let named = Named { id, kind: routed(kind_of(id), says) };
            Some(InText { named, words: (hit.first, hit.last), not_given: not_given(hit) })
        };
        hits.iter().filter_map(mention).collect()
    }
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
