//! The orders that the export does not settle, and what would settle them.

use super::LIST_LIMIT;
use crate::report::catalogue::{listed, open_code_id, open_id, shown_first, wanting_id};
use crate::report::disclosure::{Disclosure, Texts};
use crate::report::facts::Results;
use crate::report::{figure, words};

/// The section on what is not settled.
pub(super) struct Open {
    pub(super) indeterminate: String,
    pub(super) no_diagnosis: String,
    pub(super) wanting: Vec<Line>,
    pub(super) groups: Vec<Line>,
    /// Groups that are not listed.
    pub(super) beyond: Option<String>,
    pub(super) codes: Vec<UnderCode>,
    /// Codes that are not listed.
    pub(super) codes_beyond: Option<String>,
}

/// The orders that come under one code.
pub(super) struct UnderCode {
    /// Empty where no code of theirs is listed.
    pub(super) code: String,
    pub(super) title: String,
    pub(super) indication: String,
    pub(super) figure: Texts,
}

/// A group of orders that are open in the same way.
pub(super) struct Line {
    pub(super) wanting: String,
    pub(super) indication: String,
    pub(super) answers: String,
    pub(super) figure: Texts,
}

impl Open {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let (summary, editions) = (results.summary, results.editions);
        let about = |id: &str| match id {
            "" => "several".to_owned(),
            id => editions.indication(id).to_owned(),
        };
        let wanting = |id: &str| match id {
            "" => "more than one fact".to_owned(),
            id => editions.fact(id).to_owned(),
        };
        let facts = listed(&summary.by_wanting, LIST_LIMIT, |group| &group.measures, wanting_id);
        let facts = shown_first(facts, told, wanting_id).into_iter().map(|group| Line {
            wanting: wanting(&group.key),
            indication: String::new(),
            answers: String::new(),
            figure: told.texts(&wanting_id(group)),
        });
        let groups = listed(&summary.not_settled, LIST_LIMIT, |group| &group.measures, open_id);
        let groups = shown_first(groups, told, open_id).into_iter().map(|group| Line {
            wanting: wanting(&group.wanting),
            indication: about(&group.indication),
            answers: group.open.iter().map(|answer| words::determination(answer)).collect::<Vec<_>>().join(" or "),
            figure: told.texts(&open_id(group)),
        });
        let codes = listed(&summary.open_by_code, LIST_LIMIT, |each| &each.measures, open_code_id);
        let codes = shown_first(codes, told, open_code_id).into_iter().map(|each| UnderCode {
            code: each.code.clone(),
            title: each.title.clone(),
            indication: about(&each.indication),
            figure: told.texts(&open_code_id(each)),
        });
        let beyond = |groups: usize| {
            let beyond = groups.saturating_sub(LIST_LIMIT);
            (beyond > 0).then(|| figure::count(beyond as u64))
        };
        Self {
            indeterminate: told.orders("by_determination/indeterminate"),
            no_diagnosis: told.orders("by_determination/no_diagnosis"),
            wanting: facts.collect(),
            groups: groups.collect(),
            beyond: beyond(summary.not_settled.len()),
            codes: codes.collect(),
            codes_beyond: beyond(summary.open_by_code.len()),
        }
    }
}
