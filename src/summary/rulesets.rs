//! Which rulesets decided, for those who must know it before a summary is made.

use std::collections::BTreeSet;
use std::path::Path;

use super::Limits;
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// The rulesets that decided the orders of a table, as `id@version`.
///
/// # Errors
/// [`TableError`] if a file cannot be read as an assessments table.
pub fn rulesets(paths: &[impl AsRef<Path>]) -> Result<BTreeSet<String>, TableError> {
    let table = Parts::open_all(paths)?;
    let mut found = BTreeSet::new();
    for part in table.each(&["ruleset"], Limits::default().part) {
        let part = part?.1;
        let names = part.column("ruleset").and_then(|column| column.str()).map_err(TableError::engine("read"))?;
        let mut last = "";
        for name in names.iter().flatten() {
            if name != last && !found.contains(name) {
                found.insert(name.to_owned());
            }
            last = name;
        }
    }
    Ok(found)
}
