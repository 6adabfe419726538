//! The figures of what orders lack, and of their warnings: those that have it, and those that do not.

use super::{Figure, LIST_LIMIT, of, such};
use crate::summary::{Partition, QUALITY, Summary};

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let mut all = Vec::new();
    for each in &summary.quality.lacking {
        for (has, measures) in [("yes", each.with), ("no", each.without)] {
            let id = format!("has_{}/{has}", each.key);
            all.push(of(summary, QUALITY, id, &[(each.key.as_str(), has)], measures));
        }
    }
    let carries = |kinds: &Partition, cell: usize, code: &str| {
        kinds.value(cell, "warnings").is_some_and(|all| all.split('|').any(|each| each == code))
    };
    let carries_any = |kinds: &Partition, cell: usize| kinds.value(cell, "warnings").is_some_and(|all| !all.is_empty());
    if let Some(each) = &summary.quality.any_warning {
        all.push(such(summary, QUALITY, "any_warning/yes".to_owned(), carries_any, each.with));
        let has_none = |kinds: &Partition, cell: usize| !carries_any(kinds, cell);
        all.push(such(summary, QUALITY, "any_warning/no".to_owned(), has_none, each.without));
    }
    for each in summary.quality.warnings.iter().take(LIST_LIMIT) {
        let carries = |kinds: &Partition, cell: usize| carries(kinds, cell, &each.key);
        all.push(such(summary, QUALITY, format!("warning/{}", each.key), carries, each.with));
        let lacks = |kinds: &Partition, cell: usize| !carries(kinds, cell);
        all.push(such(summary, QUALITY, format!("no_warning/{}", each.key), lacks, each.without));
    }
    all
}
