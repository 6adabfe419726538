//! Which product a text says is given. Products are mentions like any other here, so that negations, hedges, histories
//! and years take them back as they take back conditions; the words of `products/words.csv` do so besides.

use chrono::NaiveDate;

use super::scope::{self, Meanings, NO_PHRASE, Span};
use super::{TEXT_WORDS_MAX, settle_stops, span};
use crate::rules::{
    Folded, InText, ListSet, Meaning, Mentioned, Occurrence, ProductId, ProductKind, Ruleset, Searched,
};

/// Immune globulin by vein that a text asserts, if it mentions no other globulin and none under the skin. A general name
/// without a route is not enough. A year behind a product is past or not by the service date.
pub(in crate::assess) fn given(ruleset: &Ruleset, text: &str, service: Option<NaiveDate>) -> Option<ProductId> {
    if text.trim().is_empty() {
        return None;
    }
    let mut folded = Folded::first_words(text, TEXT_WORDS_MAX);
    let products = ruleset.products.mentioned(&folded);
    if products.mentions.is_empty() || products.mentions.iter().any(|each| !each.named.kind.is_by_vein()) {
        return None;
    }
    let occurrences = ruleset.phrases.occurrences(&folded);
    settle_stops(ruleset, &mut folded, &occurrences);
    let searched = Searched { folded, occurrences };
    let folded = &searched.folded;
    let found = spans(ruleset, &searched, &products);
    let spans = scope::placed(folded, scope::without_contained(&found));
    let mut mentions = scope::mentions(folded, &found, &spans);
    scope::event::take_back(ruleset, folded, &spans, &mut mentions, service);
    scope::weighed_alone(folded, &spans, &mut mentions);
    let asserted = |product: &&Mentioned| {
        let own = |span: &Span| span.first == product.words.0 && span.products().next().is_some();
        mentions.iter().any(|mention| mention.status.is_none() && own(mention.span))
    };
    let mut with_route = products.mentions.iter().filter(|each| each.named.kind != ProductKind::RouteUnstated);
    with_route.find(asserted).map(|each| each.named.id)
}

/// The phrases of the text, the products, and the words about them. A phrase of the text that holds a product ("prior"
/// and its name) speaks of conditions; what it says of the product is for the cue in it, which then stands for itself.
fn spans(ruleset: &Ruleset, searched: &Searched, products: &InText) -> Vec<Span> {
    let touches_product = |found: &&Occurrence| {
        products.mentions.iter().any(|each| found.first <= each.words.1 && each.words.0 <= found.last)
    };
    let apart = searched.occurrences.iter().filter(|found| !touches_product(found));
    let mut found: Vec<Span> = apart.filter_map(|found| span(ruleset, searched, ListSet::default(), *found)).collect();
    let own = |meanings: Meanings, (first, last)| Span::new(NO_PHRASE, first, last, meanings);
    let product =
        |each: &Mentioned| own([Meaning::Product(each.named.id)].into_iter().collect(), (each.words.0, each.dose_to));
    found.extend(products.mentions.iter().map(product));
    found.extend(
        products.cues.iter().map(|(kinds, words)| own(kinds.iter().copied().map(Meaning::Cue).collect(), *words)),
    );
    found
}
