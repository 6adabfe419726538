//! Where the columns of one line stand in a record.

use std::collections::BTreeMap;

use super::column::Column;
use super::names::{comparable, expanded};
use crate::intake::layout::{Names, Several};

/// The header's names as they are compared, by field.
pub(in crate::intake) fn compared(header: &[String]) -> Vec<String> {
    header.iter().map(|name| comparable(name)).collect()
}

/// The first field of this name among those of a header as they are compared.
pub(super) fn place(names: &[String], name: &str) -> Option<usize> {
    let wanted = comparable(name);
    names.iter().position(|other| *other == wanted)
}

/// The fields that hold the columns of one line. Each slot of a record has its own.
#[derive(Debug, Clone, Default)]
pub struct Places {
    fields: Vec<Vec<usize>>,
    /// Columns of which each record's first field that is not empty counts alone.
    filled: Vec<bool>,
    /// For each field of the diagnoses that of its version, where the layout has one a diagnosis.
    versions: Vec<Option<usize>>,
}

impl Places {
    pub(super) fn bind(names: &[String], columns: &BTreeMap<Column, Names>) -> Self {
        let mut places =
            Self { fields: vec![Vec::new(); Column::COUNT], filled: vec![false; Column::COUNT], versions: Vec::new() };
        places.overlay(names, columns);
        places
    }

    /// Binds some columns again; the others stay as they are.
    pub(super) fn overlay(&mut self, names: &[String], columns: &BTreeMap<Column, Names>) {
        for (column, own) in columns {
            self.fields[*column as usize] = numbered(names, own).into_iter().flatten().collect();
            self.filled[*column as usize] = matches!(own, Names::Several(Several::Filled(_)));
        }
        let (Some(dx), Some(versions)) = (columns.get(&Column::Dx), columns.get(&Column::DxVersion)) else { return };
        let (dx, versions) = (numbered(names, dx), numbered(names, versions));
        self.versions = if dx.len() == versions.len() && dx.len() > 1 {
            dx.iter().zip(versions).filter(|(dx, _)| dx.is_some()).map(|(_, version)| version).collect()
        } else {
            Vec::new()
        };
    }

    /// All fields that hold a column, in the order of the layout.
    #[must_use]
    pub fn fields(&self, column: Column) -> &[usize] {
        self.fields.get(column as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether of several fields of a column only the first that is not empty counts.
    #[must_use]
    pub(in crate::intake) fn is_first_filled(&self, column: Column) -> bool {
        self.filled.get(column as usize).copied().unwrap_or(false)
    }

    /// Whether each diagnosis has a version of its own.
    pub(in crate::intake) fn has_own_versions(&self) -> bool {
        !self.versions.is_empty()
    }

    /// The field of the version of the `nth` field of the diagnoses.
    pub(in crate::intake) fn version(&self, nth: usize) -> Option<usize> {
        self.versions.get(nth).copied().flatten()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        self.fields.iter().flatten().copied()
    }
}

/// The fields of a column, one for each name of the alias or the list that counts, `None` where the header lacks it.
pub(super) fn numbered(names: &[String], own: &Names) -> Vec<Option<usize>> {
    let run = |alias: &String| expanded(alias).iter().map(|name| place(names, name)).collect::<Vec<_>>();
    match own {
        Names::First(aliases) => {
            aliases.iter().map(run).find(|run| run.iter().any(Option::is_some)).unwrap_or_default()
        }
        Names::Several(Several::Filled(aliases) | Several::Every(aliases)) => aliases.iter().flat_map(run).collect(),
    }
}
