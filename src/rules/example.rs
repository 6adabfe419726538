//! Executed examples: an order in a rule file, and what the audit must say of it.

use serde::Deserialize;

/// One example of a rule file. Only the expectations that are given are compared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Example {
    /// A sentence that says what the example shows.
    pub name: String,
    /// Whether it shows what the rule must *not* take for its own.
    #[serde(default)]
    pub near_miss: bool,
    /// The order.
    pub order: ExampleOrder,
    /// What must come out.
    pub expect: Expectation,
}

/// An example's order, in the words an export would use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExampleOrder {
    /// Diagnosis cells.
    #[serde(default)]
    pub dx: Vec<String>,
    /// Age in years at the service date.
    pub age: Option<i32>,
    /// Service date, `YYYY-MM-DD`; `""` for an order without one.
    pub date: Option<String>,
    /// Birth date, `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// Procedure code; a product that is always in scope if left out.
    pub product: Option<String>,
    /// Modifiers.
    #[serde(default)]
    pub modifiers: Vec<String>,
    /// Indication text.
    #[serde(default)]
    pub text: String,
    /// Several wordings of one order; the example runs once for each. Not together with `text`.
    #[serde(default)]
    pub texts: Vec<String>,
}

impl ExampleOrder {
    /// The wordings that the example runs with: one, or each of `texts`.
    pub fn wordings(&self) -> impl Iterator<Item = &str> {
        let one = self.texts.is_empty().then_some(self.text.as_str());
        one.into_iter().chain(self.texts.iter().map(String::as_str))
    }
}

/// What an example expects; a key that is left out is not compared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expectation {
    /// The determination's word.
    pub determination: Option<String>,
    /// Governing guideline rows, in any order.
    pub rows: Option<Vec<String>>,
    /// The flag's word.
    pub flag: Option<String>,
    /// The certainty's word.
    pub certainty: Option<String>,
    /// Evidence classes.
    pub evidence: Option<Vec<String>>,
    /// Open answers of an indeterminate order.
    pub open: Option<Vec<String>>,
    /// The fact that would settle it.
    pub wanting: Option<String>,
    /// Rows that also matched and did not govern.
    pub also: Option<Vec<String>>,
    /// Warnings that must be among those given.
    pub warnings: Option<Vec<String>>,
    /// The reason for which the product is out of scope.
    pub out_of_scope: Option<String>,
}
