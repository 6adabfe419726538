//! Products: which codes are immune globulin, by which route, and how much one billing unit holds.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::error::{Problem, RulesError, accepted};
use super::files::RuleFiles;
use super::list::{csv_rows, day};
use crate::codes::{Hcpcs, Modifier};

/// What a product code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProductKind {
    /// Immune globulin given by vein.
    Intravenous,
    /// Immune globulin given by vein or under the skin; the modifier tells, by vein if there is none.
    DualRoute,
    /// Immune globulin given under the skin.
    Subcutaneous,
    /// Another globulin: hyperimmune, intramuscular, anti-lymphocyte.
    OtherGlobulin,
    /// An unlisted or unclassified drug.
    Unclassified,
    /// A service of giving the product, not the product.
    Administration,
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

/// One product code.
#[derive(Debug, Clone)]
pub struct Product {
    /// The code.
    pub code: Hcpcs,
    /// `hcpcs` or `cpt`.
    pub system: String,
    /// The product's name.
    pub name: String,
    /// What it stands for.
    pub kind: ProductKind,
    /// Milligrams in one billing unit, where the code defines them.
    pub mg_per_unit: Option<u32>,
    /// First and last day of validity.
    pub window: (Option<NaiveDate>, Option<NaiveDate>),
}

/// Index of a product in its ruleset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProductId(pub(crate) u16);

/// All products of a ruleset.
#[derive(Debug, Clone, Default)]
pub struct Products {
    listed: Vec<Product>,
    by_code: HashMap<Hcpcs, ProductId>,
    modifiers: HashMap<Modifier, ModifierMeaning>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductRow {
    system: String,
    code: String,
    #[serde(rename = "product")]
    name: String,
    kind: ProductKind,
    mg_per_unit: Option<u32>,
    valid_from: String,
    valid_to: String,
    #[serde(rename = "source")]
    _source: String,
    confidence: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModifierRow {
    modifier: String,
    route: ModifierMeaning,
    #[serde(rename = "source")]
    _source: String,
}

impl Products {
    /// Reads `products/hcpcs.csv` and `products/modifiers.csv`.
    pub(crate) fn load(files: &RuleFiles) -> Result<Self, RulesError> {
        let mut this = Self::default();
        let mut problems = Vec::new();
        let path = "products/hcpcs.csv";
        for (line, row) in csv_rows::<ProductRow>(path, files.get(path).unwrap_or_default(), &mut problems) {
            match Self::product(row) {
                Ok(product) => {
                    let id = ProductId(this.listed.len() as u16);
                    if this.by_code.insert(product.code, id).is_some() {
                        problems.push(Problem::new(
                            path,
                            Some(line),
                            "the code is listed twice; accepted is one row a code",
                        ));
                    }
                    this.listed.push(product);
                }
                Err(message) => problems.push(Problem::new(path, Some(line), message)),
            }
        }
        if this.listed.is_empty() && problems.is_empty() {
            problems.push(Problem::new(path, None, "no product; a ruleset needs at least one"));
        }
        let path = "products/modifiers.csv";
        for (line, row) in csv_rows::<ModifierRow>(path, files.get(path).unwrap_or_default(), &mut problems) {
            match Modifier::parse(&row.modifier) {
                Ok(modifier) => drop(this.modifiers.insert(modifier, row.route)),
                Err(reason) => problems.push(Problem::new(path, Some(line), reason.to_string())),
            }
        }
        if problems.is_empty() { Ok(this) } else { Err(RulesError { problems }) }
    }

    fn product(row: ProductRow) -> Result<Product, String> {
        if !matches!(row.system.as_str(), "hcpcs" | "cpt") {
            return Err(format!("unknown system `{}`; accepted are {}", row.system, accepted(["hcpcs", "cpt"])));
        }
        if !matches!(row.confidence.as_str(), "high" | "medium") {
            return Err(format!("confidence `{}`; accepted are {}", row.confidence, accepted(["high", "medium"])));
        }
        let code = Hcpcs::parse(&row.code).map_err(|reason| format!("`{}`: {reason}", row.code))?;
        let window = (day(&row.valid_from)?, day(&row.valid_to)?);
        Ok(Product { code, system: row.system, name: row.name, kind: row.kind, mg_per_unit: row.mg_per_unit, window })
    }

    /// The product with this code.
    #[must_use]
    pub fn find(&self, code: Hcpcs) -> Option<ProductId> {
        self.by_code.get(&code).copied()
    }

    /// The product at an index of this ruleset.
    #[must_use]
    pub fn get(&self, id: ProductId) -> &Product {
        &self.listed[usize::from(id.0)]
    }

    /// All products, in file order.
    pub fn all(&self) -> impl Iterator<Item = &Product> {
        self.listed.iter()
    }

    /// What a modifier says.
    #[must_use]
    pub fn modifier(&self, modifier: Modifier) -> ModifierMeaning {
        self.modifiers.get(&modifier).copied().unwrap_or(ModifierMeaning::None)
    }
}
