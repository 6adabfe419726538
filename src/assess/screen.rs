//! Screening: is the product immune globulin given by vein? Nothing else is decoded before this is known.

use crate::order::ProductCodes;
use crate::rules::{ModifierMeaning, ProductId, ProductKind, Ruleset};

/// What screening found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// Immune globulin by vein.
    InScope(ProductId),
    /// Something else, by reason.
    OutOfScope(OutOfScope),
}

/// Why a record is out of scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutOfScope {
    /// A product code that is no immune globulin.
    NotImmuneGlobulin,
    /// Immune globulin given under the skin.
    Subcutaneous,
    /// Another globulin: hyperimmune, intramuscular or anti-lymphocyte.
    OtherGlobulin,
    /// An unlisted or unclassified drug that nothing identifies as immune globulin.
    UnclassifiedProduct,
    /// The service of giving a product, not the product.
    Administration,
    /// No product code.
    NoProduct,
    /// A product cell that holds no code.
    ProductUnreadable,
}

impl OutOfScope {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::NotImmuneGlobulin,
        Self::Subcutaneous,
        Self::OtherGlobulin,
        Self::UnclassifiedProduct,
        Self::Administration,
        Self::NoProduct,
        Self::ProductUnreadable,
    ];

    /// The word that stands in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotImmuneGlobulin => "not-immune-globulin",
            Self::Subcutaneous => "subcutaneous",
            Self::OtherGlobulin => "other-globulin",
            Self::UnclassifiedProduct => "unclassified-product",
            Self::Administration => "administration",
            Self::NoProduct => "no-product",
            Self::ProductUnreadable => "product-unreadable",
        }
    }
}

/// Tells whether a product is in scope. A dual-route code is by vein unless a modifier says otherwise.
#[must_use]
pub fn screen(ruleset: &Ruleset, product: &ProductCodes) -> Screen {
    let Some(code) = product.procedure else { return Screen::OutOfScope(OutOfScope::NoProduct) };
    let Some(id) = ruleset.products.find(code) else { return Screen::OutOfScope(OutOfScope::NotImmuneGlobulin) };
    let under_skin = || {
        product.modifiers.iter().any(|modifier| ruleset.products.modifier(*modifier) == ModifierMeaning::Subcutaneous)
    };
    match ruleset.products.get(id).kind {
        ProductKind::DualRoute if under_skin() => Screen::OutOfScope(OutOfScope::Subcutaneous),
        ProductKind::Intravenous | ProductKind::DualRoute => Screen::InScope(id),
        ProductKind::Subcutaneous => Screen::OutOfScope(OutOfScope::Subcutaneous),
        ProductKind::OtherGlobulin => Screen::OutOfScope(OutOfScope::OtherGlobulin),
        ProductKind::Unclassified => Screen::OutOfScope(OutOfScope::UnclassifiedProduct),
        ProductKind::Administration => Screen::OutOfScope(OutOfScope::Administration),
    }
}
