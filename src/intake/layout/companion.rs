//! Companion files: what they hold, and how their records join to the lines.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::names::Names;
use super::shape::{Fits, Where};
use crate::intake::binding::Column;

/// A file beside the lines file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Companion {
    /// The role under which it is given.
    pub role: super::super::Role,
    /// What it is, for people.
    pub label: String,
    /// Whether nothing can be audited without it.
    #[serde(default)]
    pub needed: bool,
    /// Whether it is the lines files themselves, read a second time.
    #[serde(default)]
    pub again: bool,
    /// How its header is told.
    pub recognise: Option<Fits>,
    /// Which of its records count: all conditions must hold.
    #[serde(rename = "where", default)]
    pub conditions: Vec<Where>,
    /// Words of `dx_type` for the principal diagnosis, which stands before the others.
    #[serde(default)]
    pub principal: Vec<String>,
    /// Header names of its keys.
    #[serde(default)]
    pub keys: BTreeMap<String, Vec<String>>,
    /// Header names of its columns.
    pub columns: BTreeMap<Column, Names>,
    /// How its records join; the first whose keys the line fills decides.
    #[serde(rename = "join")]
    pub joins: Vec<Join>,
}

/// One rule by which a companion's records belong to a line.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Join {
    /// Keys or columns that must be equal, by their names in the layout.
    pub on: Vec<String>,
    /// Whether the product code must be the line's too.
    #[serde(default)]
    pub same_product: bool,
    /// Whether the line's service date must lie in the companion's period.
    #[serde(default)]
    pub in_period: bool,
    /// How many days the service dates may lie apart; without it they are not compared.
    pub within_days: Option<u32>,
}
