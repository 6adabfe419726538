//! The header names that hold a column.

use serde::Deserialize;

/// Header names of one column. `{1..25}` in a name stands for a run of numbered names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Names {
    /// The first that is in the header.
    First(Vec<String>),
    /// Several of the header at once.
    Several(Several),
}

/// How several header names share a column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Several {
    /// In each record the first that is not empty.
    Filled(Vec<String>),
    /// All of them, in this order.
    Every(Vec<String>),
}

impl Names {
    /// All names that the layout accepts, in its order.
    #[must_use]
    pub fn accepted(&self) -> &[String] {
        match self {
            Self::First(names) | Self::Several(Several::Filled(names) | Several::Every(names)) => names,
        }
    }
}
