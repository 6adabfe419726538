//! What tells a product besides its code: the NDC, the product's name, and, last of all, the indication text.

use crate::order::ProductCodes;
use crate::rules::{Break, CueKind, Folded, InText, Meaning, Named, ProductId, ProductKind, Ruleset};

/// The most words of a text that are read for a product.
const TEXT_WORDS_MAX: usize = 4000;
/// How many words a cue reaches forward, and how many back.
const REACH: (usize, usize) = (5, 3);

/// The product of a listed NDC. One of dual route goes under the skin where a modifier or the product's name says so.
pub(super) fn by_ndc(ruleset: &Ruleset, product: &ProductCodes) -> Option<Named> {
    let (_, id) = ruleset.products.find_ndc(&product.ndc)?;
    let kind = ruleset.products.get(id).kind;
    let named_under_skin = || by_name(ruleset, product).is_some_and(|named| named.kind == ProductKind::Subcutaneous);
    match kind {
        ProductKind::DualRoute if super::under_skin(ruleset, product) || named_under_skin() => {
            Some(Named { id, kind: ProductKind::Subcutaneous })
        }
        kind => Some(Named { id, kind }),
    }
}

/// The product that the name names; one of dual route goes under the skin where a modifier says so.
pub(super) fn by_name(ruleset: &Ruleset, product: &ProductCodes) -> Option<Named> {
    let named = ruleset.products.named(&product.name)?;
    match named.kind {
        ProductKind::DualRoute | ProductKind::RouteUnstated if super::under_skin(ruleset, product) => {
            Some(Named { kind: ProductKind::Subcutaneous, ..named })
        }
        _ => Some(named),
    }
}

/// Immune globulin by vein that a text asserts, if it mentions no other globulin and none under the skin. A general name
/// without a route is not enough.
pub(super) fn in_text(ruleset: &Ruleset, text: &str) -> Option<ProductId> {
    if text.trim().is_empty() {
        return None;
    }
    let mut folded = Folded::new(text);
    folded.truncate(TEXT_WORDS_MAX);
    let mentions = ruleset.products.mentioned(&folded);
    if mentions.iter().any(|mention| !mention.named.kind.is_by_vein()) {
        return None;
    }
    let cues = cues(ruleset, &folded, &mentions);
    let asserted = mentions.iter().find(|mention| {
        mention.named.kind != ProductKind::RouteUnstated
            && !mention.not_given
            && !cues.iter().any(|cue| cue.reaches(&folded, mention.words))
    })?;
    Some(asserted.named.id)
}

/// Whether NDC or name tell that an order, which its code puts in scope, is of something else or goes another way.
pub(in crate::assess) fn differs(ruleset: &Ruleset, product: &ProductCodes) -> bool {
    let elsewhere = |named: Option<Named>| named.is_some_and(|named| !named.kind.is_by_vein());
    elsewhere(by_ndc(ruleset, product)) || elsewhere(by_name(ruleset, product))
}

/// Whether an order is in scope by a general name that tells no route.
pub(in crate::assess) fn route_unstated(ruleset: &Ruleset, product: &ProductCodes, id: ProductId) -> bool {
    let by_name = || ruleset.products.named(&product.name).map(|named| named.kind);
    ruleset.products.get(id).kind == ProductKind::RouteUnstated && by_name() == Some(ProductKind::RouteUnstated)
}

/// A cue of the ruleset that takes an assertion back, where it stands.
struct Cue {
    words: (usize, usize),
    before: bool,
    after: bool,
}

impl Cue {
    /// Whether it reaches a phrase of the same clause.
    fn reaches(&self, folded: &Folded, (first, last): (usize, usize)) -> bool {
        let same_clause = |from: usize, to: usize| folded.strongest_break(from, to) < Break::Clause;
        let ahead = self.before
            && self.words.1 < first
            && first - self.words.1 <= REACH.0 + 1
            && same_clause(self.words.1, first);
        let behind =
            self.after && last < self.words.0 && self.words.0 - last <= REACH.1 + 1 && same_clause(last, self.words.0);
        ahead || behind
    }
}

/// The cues of a text that are no part of a longer phrase. A phrase that holds the product itself ("prior" and its name)
/// takes no cue away from it.
fn cues(ruleset: &Ruleset, folded: &Folded, mentions: &[InText]) -> Vec<Cue> {
    let mut found: Vec<Cue> = Vec::new();
    let occurrences = ruleset.phrases.occurrences(folded);
    for (phrase, first, last) in &occurrences {
        let kinds = ruleset.phrases.meanings(*phrase).iter().filter_map(|meaning| match meaning {
            Meaning::Cue(kind) => Some(*kind),
            _ => None,
        });
        let (mut before, mut after) = (false, false);
        for kind in kinds {
            match kind {
                CueKind::NegationBefore
                | CueKind::HedgeBefore
                | CueKind::HistoryBefore
                | CueKind::FamilyBefore
                | CueKind::DifferentialBefore => before = true,
                CueKind::NegationAfter
                | CueKind::VerdictAfter
                | CueKind::HedgeAfter
                | CueKind::HistoryAfter
                | CueKind::TimeAfter => after = true,
                CueKind::Differential
                | CueKind::Versus
                | CueKind::Condition
                | CueKind::Result
                | CueKind::NotAMention
                | CueKind::Conjunction
                | CueKind::NotACue => {}
            }
        }
        let holds_product = |from: &usize, to: &usize| {
            mentions.iter().any(|mention| *from <= mention.words.1 && mention.words.0 <= *to)
        };
        let part_of_another = occurrences
            .iter()
            .any(|(_, from, to)| from <= first && last <= to && to - from > last - first && !holds_product(from, to));
        if (before || after) && !part_of_another {
            found.push(Cue { words: (*first, *last), before, after });
        }
    }
    found
}
