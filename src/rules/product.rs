//! Products: which codes and names are immune globulin, by which route, and how much one billing unit holds.

mod load;
mod name;
mod piece;

use chrono::NaiveDate;
use serde::Deserialize;

use super::example::Example;
use super::quick::QuickMap;
use crate::codes::{Hcpcs, Modifier, Ndc, ProcedureCode, ProductCode};
pub use name::{InText, Mentioned, NAME_WORDS_MAX, Named, Route, Told};

/// What a product code or name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProductKind {
    /// Immune globulin given by vein.
    Intravenous,
    /// Immune globulin given by vein or under the skin; a modifier or a word tells, by vein if there is none.
    DualRoute,
    /// Immune globulin by its general name, which tells no route; a word beside it may.
    RouteUnstated,
    /// Immune globulin given under the skin.
    Subcutaneous,
    /// Another globulin: hyperimmune, intramuscular, anti-lymphocyte.
    OtherGlobulin,
    /// An unlisted or unclassified drug.
    Unclassified,
    /// A service of giving the product, not the product.
    Administration,
}

impl ProductKind {
    /// Whether such a product is given by vein, as far as its code or name tells.
    #[must_use]
    pub fn is_by_vein(self) -> bool {
        matches!(self, Self::Intravenous | Self::DualRoute | Self::RouteUnstated)
    }
}

/// What a modifier says of the route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModifierMeaning {
    /// By vein.
    Intravenous,
    /// Under the skin.
    Subcutaneous,
    /// Drug that was discarded.
    Wasted,
    /// Nothing for this audit.
    None,
}

/// One product code, or one name.
#[derive(Debug, Clone)]
pub struct Product {
    /// The code; none for a name.
    pub code: Option<ProductCode>,
    /// `hcpcs`, `cpt`, `icd10pcs`, `icd9proc`, `ndc`, `atc`, `rxnorm` or `name`.
    pub system: String,
    /// The product's name.
    pub name: String,
    /// What it stands for.
    pub kind: ProductKind,
    /// Milligrams in one billing unit, where the code defines them.
    pub mg_per_unit: Option<u32>,
    /// First and last day of validity.
    pub window: (Option<NaiveDate>, Option<NaiveDate>),
    /// Whether the row is carried although no official source has confirmed it.
    pub unverified: bool,
}

/// Index of a product in its ruleset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProductId(pub(crate) u16);

/// All products of a ruleset.
#[derive(Debug, Clone, Default)]
pub struct Products {
    listed: Vec<Product>,
    billing: QuickMap<Hcpcs, ProductId>,
    by_code: QuickMap<ProductCode, ProductId>,
    modifiers: QuickMap<Modifier, ModifierMeaning>,
    names: name::Names,
    examples: Vec<(usize, Example)>,
}

impl Products {
    /// The product with this very code; of an ATC code, the narrowest listed class that holds it.
    #[must_use]
    pub fn find(&self, code: ProductCode) -> Option<ProductId> {
        match code {
            ProductCode::Hcpcs(code) => self.billing.get(&code).copied(),
            ProductCode::Atc(class) => {
                class.lineage().find_map(|class| self.by_code.get(&ProductCode::Atc(class)).copied())
            }
            other => self.by_code.get(&other).copied(),
        }
    }

    /// The product that a procedure cell names: the first of its readings that is listed.
    #[must_use]
    pub fn find_procedure(&self, code: &ProcedureCode) -> Option<ProductId> {
        code.readings().find_map(|reading| self.find(reading))
    }

    /// The product that an NDC names, with the reading that names it. Where the cell leaves several readings, only one that is
    /// the sole listed one counts: a zero is never put back by guessing.
    #[must_use]
    pub fn find_ndc(&self, readings: &[Ndc]) -> Option<(Ndc, ProductId)> {
        let listed = |ndc: &Ndc| self.find(ProductCode::Ndc(ndc.product())).map(|id| (*ndc, id));
        let mut found = readings.iter().filter_map(listed);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// What a product's name tells, as order exports write it; of a long one, its first [`NAME_WORDS_MAX`] words.
    #[must_use]
    pub fn told(&self, name: &str) -> Told {
        self.names.read(name, |id| self.get(id).kind)
    }

    /// The route that a cell of its own tells, in the words that tell it beside a name.
    #[must_use]
    pub fn route(&self, cell: &str) -> Option<Route> {
        if cell.is_empty() { None } else { self.names.route(cell) }
    }

    /// The products that a text mentions, with the words that take them back.
    #[must_use]
    pub fn mentioned(&self, folded: &super::phrase::Folded) -> InText {
        self.names.mentioned(folded, |id| self.get(id).kind)
    }

    /// The product at an index of this ruleset.
    #[must_use]
    pub fn get(&self, id: ProductId) -> &Product {
        &self.listed[usize::from(id.0)]
    }

    /// All products, HCPCS and CPT first, then by file.
    pub fn all(&self) -> impl Iterator<Item = &Product> {
        self.listed.iter()
    }

    /// Products that are carried although no official source has confirmed them, with the code or phrase of each.
    pub fn unverified(&self) -> impl Iterator<Item = (String, &Product)> {
        let written = |(at, product): (usize, &Product)| match product.code {
            Some(code) => code.to_string(),
            None => self.names.phrase_of(ProductId(at as u16)).to_owned(),
        };
        let unverified = self.listed.iter().enumerate().filter(|(_, product)| product.unverified);
        unverified.map(move |(at, product)| (written((at, product)), product))
    }

    /// What a modifier says.
    #[must_use]
    pub fn modifier(&self, modifier: Modifier) -> ModifierMeaning {
        self.modifiers.get(&modifier).copied().unwrap_or(ModifierMeaning::None)
    }

    /// Executed examples of products with their line in [`Products::EXAMPLES`].
    #[must_use]
    pub fn examples(&self) -> &[(usize, Example)] {
        &self.examples
    }

    /// The file of the examples.
    pub const EXAMPLES: &'static str = "products/examples.toml";
}
