//! Screening: is the product immune globulin given by vein? Nothing else is decoded before this is known.
//!
//! The first line that fits decides; what stands below it is not asked.
//!
//! | what the order has | decides | out of scope as |
//! | --- | --- | --- |
//! | a listed procedure or drug code, of a shape that nothing else has | its kind; for a dual route the modifier, else the route, by vein without either | `subcutaneous`, `other-globulin`, `administration` |
//! | a listed code of an unclassified drug | the NDC if listed, else the product's name, else a product by vein that the text asserts | as these say, else `unclassified-product` |
//! | a well-formed code that is not listed | the code: it names another product, whatever name or text say | `not-immune-globulin` |
//! | digits that may be a code or an item number of the site's own | the NDC if listed, else the product's name; with neither, or a name that speaks of some globulin, the code if it is listed | as these say, else `not-immune-globulin` |
//! | no code, or a cell that is no code | the NDC if listed, else the product's name; never the text | as these say; another NDC or name: `not-immune-globulin`; nothing that can be read: `product-unreadable`; nothing: `no-product` |
//!
//! A name that tells no route ("immune globulin 10 %") is taken as by vein, as the codes of dual route are, so that no
//! order is lost unseen; the assessment carries a warning. A brand of dual route is by vein unless a modifier or a word of
//! the name says that it goes under the skin. Where the export has a column for the route, its words count like those of
//! the name; a route alone names no product.
//!
//! Digits beside the name of another drug go out: such a line is an item of the site's own price list far more often than a
//! procedure whose name is wrong, and in scope it would bring a flag on a drug that was never immune globulin.

mod evidence;

use super::text;
use crate::codes::ProcedureCode;
use crate::order::{Order, ProductCodes};
use crate::rules::{ModifierMeaning, ProductId, ProductKind, Route, Ruleset};
pub(super) use evidence::Evidence;

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
    /// No product code, no NDC and no product name.
    NoProduct,
    /// Product cells that hold no code and no name that tells.
    ProductUnreadable,
    /// A record of another kind, as the layout tells: a payment beside its charge, a diluent beside its drug. Intake finds
    /// it; no product is looked at.
    NotALine,
}

impl OutOfScope {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::NotImmuneGlobulin,
        Self::Subcutaneous,
        Self::OtherGlobulin,
        Self::UnclassifiedProduct,
        Self::Administration,
        Self::NoProduct,
        Self::ProductUnreadable,
        Self::NotALine,
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
            Self::NotALine => "not-a-line",
        }
    }

    /// Of the reasons for the lines of one record the one that stands for it: what comes nearest to immune globulin.
    #[must_use]
    pub fn nearest(self, other: Self) -> Self {
        let distance = |reason| match reason {
            Self::OtherGlobulin => 0,
            Self::Subcutaneous => 1,
            Self::Administration => 2,
            Self::UnclassifiedProduct => 3,
            Self::NotImmuneGlobulin => 4,
            Self::ProductUnreadable => 5,
            Self::NoProduct => 6,
            Self::NotALine => 7,
        };
        if distance(other) < distance(self) { other } else { self }
    }
}

/// Tells whether the product of an order is in scope, by its code, NDC and name; its text counts where its code is that of
/// an unclassified drug.
#[must_use]
pub fn screen(ruleset: &Ruleset, order: &Order) -> Screen {
    let product = &order.product;
    if let Some(decided) = screen_code(ruleset, product) {
        return decided;
    }
    let evidence = Evidence::read(ruleset, product);
    if let Some(named) = evidence.named() {
        return of_kind(named.id, named.kind);
    }
    let Some((code, id)) = product.procedure.and_then(|code| Some((code, ruleset.products.find_procedure(&code)?)))
    else {
        return Screen::OutOfScope(unnamed(product));
    };
    if !code.is_certain() && evidence.is_of_another() {
        return Screen::OutOfScope(OutOfScope::NotImmuneGlobulin);
    }
    match ruleset.products.get(id).kind {
        ProductKind::Unclassified => text::given(ruleset, &order.text, order.service_date)
            .map_or(Screen::OutOfScope(OutOfScope::UnclassifiedProduct), Screen::InScope),
        _ => of_code(ruleset, product, id),
    }
}

/// What the procedure code alone decides; `None` where NDC, name or text must be asked. Nearly every record of a claims
/// export is decided here.
#[must_use]
pub fn screen_code(ruleset: &Ruleset, product: &ProductCodes) -> Option<Screen> {
    let code = product.procedure.filter(ProcedureCode::is_certain)?;
    let Some(id) = ruleset.products.find_procedure(&code) else {
        return Some(Screen::OutOfScope(OutOfScope::NotImmuneGlobulin));
    };
    (ruleset.products.get(id).kind != ProductKind::Unclassified).then(|| of_code(ruleset, product, id))
}

/// Why an order is out of scope by its procedure code, whatever modifiers and route say; `None` where they, or more, must
/// be asked.
#[must_use]
pub fn excluded_by_code(ruleset: &Ruleset, product: &ProductCodes) -> Option<OutOfScope> {
    let code = product.procedure.filter(ProcedureCode::is_certain)?;
    let Some(id) = ruleset.products.find_procedure(&code) else { return Some(OutOfScope::NotImmuneGlobulin) };
    match ruleset.products.get(id).kind {
        ProductKind::Unclassified | ProductKind::DualRoute => None,
        kind => match of_kind(id, kind) {
            Screen::InScope(_) => None,
            Screen::OutOfScope(reason) => Some(reason),
        },
    }
}

/// What a listed code says with its modifiers.
fn of_code(ruleset: &Ruleset, product: &ProductCodes, id: ProductId) -> Screen {
    match ruleset.products.get(id).kind {
        ProductKind::DualRoute if under_skin(ruleset, product) => of_kind(id, ProductKind::Subcutaneous),
        kind => of_kind(id, kind),
    }
}

/// The code of a product in scope as outputs carry it: the order's own NDC in eleven digits, or the listed code; none for a name.
#[must_use]
pub fn product_code(ruleset: &Ruleset, product: &ProductCodes, id: ProductId) -> Option<String> {
    let listed = ruleset.products.get(id).code?;
    let own = ruleset.products.find_ndc(&product.ndc).filter(|(_, named)| *named == id);
    Some(own.map_or_else(|| listed.to_string(), |(ndc, _)| ndc.to_string()))
}

/// Whether a modifier says that the product goes under the skin, or the route's own cell where no modifier says by vein.
fn under_skin(ruleset: &Ruleset, product: &ProductCodes) -> bool {
    let says = |meaning| product.modifiers.iter().any(|modifier| ruleset.products.modifier(*modifier) == meaning);
    let by_route = || ruleset.products.route(&product.route) == Some(Route::Skin);
    says(ModifierMeaning::Subcutaneous) || (!says(ModifierMeaning::Intravenous) && by_route())
}

fn of_kind(id: ProductId, kind: ProductKind) -> Screen {
    match kind {
        kind if kind.is_by_vein() => Screen::InScope(id),
        ProductKind::Subcutaneous => Screen::OutOfScope(OutOfScope::Subcutaneous),
        ProductKind::OtherGlobulin => Screen::OutOfScope(OutOfScope::OtherGlobulin),
        ProductKind::Administration => Screen::OutOfScope(OutOfScope::Administration),
        _ => Screen::OutOfScope(OutOfScope::UnclassifiedProduct),
    }
}

/// Why an order is out of scope whose code, NDC and name are those of no listed product.
fn unnamed(product: &ProductCodes) -> OutOfScope {
    let another_ndc = product.ndc.len() == 1;
    if product.procedure.is_some() || another_ndc || !product.name.trim().is_empty() {
        OutOfScope::NotImmuneGlobulin
    } else if product.unreadable || !product.ndc.is_empty() {
        OutOfScope::ProductUnreadable
    } else {
        OutOfScope::NoProduct
    }
}
