//! `products/`: from files as written to [`Products`].

use serde::Deserialize;
use toml::Spanned;

use super::{ModifierMeaning, Product, ProductId, ProductKind, Products};
use crate::codes::{Atc, Hcpcs, Icd9Procedure, Icd10Pcs, Malformed, Modifier, NdcProduct, ProductCode, RxNorm};
use crate::rules::error::{Lines, Problem, RulesError, accepted};
use crate::rules::example::Example;
use crate::rules::files::RuleFiles;
use crate::rules::list::day;
use crate::rules::phrase::Folded;
use crate::rules::rows::csv_rows;

/// The list that is read first; a ruleset needs it.
const BILLING_CODES: &str = "products/hcpcs.csv";
/// What modifiers say.
const MODIFIERS: &str = "products/modifiers.csv";
/// Words beside a name.
const WORDS: &str = "products/words.csv";
/// How many products all lists may have together.
const PRODUCTS_MAX: u16 = u16::MAX;
/// Code systems of a product row.
const SYSTEMS: [&str; 8] = ["hcpcs", "cpt", "icd10pcs", "icd9proc", "ndc", "atc", "rxnorm", "name"];

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordRow {
    phrase: String,
    meaning: super::name::Word,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExamplesFile {
    #[serde(rename = "example", default)]
    examples: Vec<Spanned<Example>>,
}

impl Products {
    /// Reads the product lists, modifiers, words and examples below `products/`. Every list has the same columns.
    pub(crate) fn load(files: &RuleFiles) -> Result<Self, RulesError> {
        let mut this = Self::default();
        let mut problems = Vec::new();
        this.load_list(BILLING_CODES, files.get(BILLING_CODES).unwrap_or_default(), &mut problems);
        if this.listed.is_empty() && problems.is_empty() {
            problems.push(Problem::new(BILLING_CODES, None, "no product; a ruleset needs at least one"));
        }
        let is_list = |path: &str| path.ends_with(".csv") && ![BILLING_CODES, MODIFIERS, WORDS].contains(&path);
        for (path, text) in files.below("products").filter(|(path, _)| is_list(path)) {
            this.load_list(path, text, &mut problems);
        }
        for (line, row) in csv_rows::<ModifierRow>(MODIFIERS, files.get(MODIFIERS).unwrap_or_default(), &mut problems) {
            match Modifier::parse(&row.modifier) {
                Ok(modifier) => drop(this.modifiers.insert(modifier, row.route)),
                Err(reason) => problems.push(Problem::new(MODIFIERS, Some(line), reason.to_string())),
            }
        }
        for (line, row) in csv_rows::<WordRow>(WORDS, files.get(WORDS).unwrap_or_default(), &mut problems) {
            match folded(&row.phrase) {
                Ok(()) => this.names.add_word(&row.phrase, row.meaning),
                Err(message) => problems.push(Problem::new(WORDS, Some(line), message)),
            }
        }
        if let Err(message) = this.names.finish() {
            problems.push(Problem::new(WORDS, None, message));
        }
        this.load_examples(files.get(Self::EXAMPLES).unwrap_or_default(), &mut problems);
        if problems.is_empty() { Ok(this) } else { Err(RulesError { problems }) }
    }

    fn load_list(&mut self, path: &str, text: &str, problems: &mut Vec<Problem>) {
        for (line, row) in csv_rows::<ProductRow>(path, text, problems) {
            let phrase = row.code.clone();
            let product = match product(row) {
                Ok(product) => product,
                Err(message) => {
                    problems.push(Problem::new(path, Some(line), message));
                    continue;
                }
            };
            let Some(id) = u16::try_from(self.listed.len()).ok().filter(|at| *at < PRODUCTS_MAX).map(ProductId) else {
                let message = format!("more products than are read; accepted are at most {PRODUCTS_MAX} in all lists");
                problems.push(Problem::new(path, Some(line), message));
                return;
            };
            let repeated = match product.code {
                Some(ProductCode::Hcpcs(code)) => self.billing.insert(code, id).is_some(),
                Some(code) => self.by_code.insert(code, id).is_some(),
                None => !self.names.add_product(&phrase, id),
            };
            if repeated {
                problems.push(Problem::new(path, Some(line), "the code is listed twice; accepted is one row a code"));
            }
            self.listed.push(product);
        }
    }

    fn load_examples(&mut self, text: &str, problems: &mut Vec<Problem>) {
        let mut lines = Lines::of(text);
        let mut line = |at: usize| lines.number(at);
        match toml::from_str::<ExamplesFile>(text) {
            Ok(file) => {
                let placed = |each: Spanned<Example>| (line(each.span().start), each.into_inner());
                self.examples = file.examples.into_iter().map(placed).collect();
            }
            Err(error) => {
                let at = error.span().map(|span| line(span.start));
                problems.push(Problem::new(Self::EXAMPLES, at, error.message()));
            }
        }
    }
}

fn product(row: ProductRow) -> Result<Product, String> {
    let confidences = ["high", "medium", "unverified"];
    if !confidences.contains(&row.confidence.as_str()) {
        return Err(format!("confidence `{}`; accepted are {}", row.confidence, accepted(confidences)));
    }
    let code = code(&row.system, &row.code)?;
    if row.mg_per_unit.is_some() && !matches!(code, Some(ProductCode::Hcpcs(_))) {
        return Err("mg_per_unit: only a billing code defines a unit; accepted is an empty cell".to_owned());
    }
    if row.kind == ProductKind::RouteUnstated && code.is_some() {
        return Err("kind `route-unstated` is for names; a code that tells no route is `dual-route`".to_owned());
    }
    Ok(Product {
        code,
        window: (day(&row.valid_from)?, day(&row.valid_to)?),
        system: row.system,
        name: row.name,
        kind: row.kind,
        mg_per_unit: row.mg_per_unit,
        unverified: row.confidence == "unverified",
    })
}

/// The code of a row; none for a name, which must be written as names are folded.
fn code(system: &str, written: &str) -> Result<Option<ProductCode>, String> {
    let read: Result<ProductCode, Malformed> = match system {
        "hcpcs" | "cpt" => Hcpcs::parse(written).map(ProductCode::Hcpcs),
        "icd10pcs" => Icd10Pcs::parse(written).map(ProductCode::Icd10Pcs),
        "icd9proc" => Icd9Procedure::parse(written).map(ProductCode::Icd9Procedure),
        "ndc" => NdcProduct::parse(written).map(ProductCode::Ndc),
        "atc" => Atc::parse(written).map(ProductCode::Atc),
        "rxnorm" => RxNorm::parse(written).map(ProductCode::RxNorm),
        "name" => return folded(written).map(|()| None),
        _ => return Err(format!("unknown system `{system}`; accepted are {}", accepted(SYSTEMS))),
    };
    read.map(Some).map_err(|reason| format!("`{written}`: {reason}"))
}

fn folded(phrase: &str) -> Result<(), String> {
    let folded = Folded::new(phrase).text;
    if !folded.is_empty() && folded == phrase {
        return Ok(());
    }
    Err(format!("the phrase would never be found; accepted is its folded form `{folded}`"))
}
