//! Which codes the rules list for which indication, as the summary asks it.

use crate::codes::{CodeVersion, DiagnosisCode, read_diagnosis};
use crate::rules::{Indication, ListId, Rulebook, Ruleset};

/// The title of a code that any edition of the rulebook lists for an indication; of an empty one, for any.
pub(super) fn listed_codes(rulebook: &Rulebook) -> impl Fn(&str, &str) -> Option<String> {
    move |indication, code| {
        // A table holds codes without their system; very few can be of both.
        let read = |version| read_diagnosis(code, Some(version), None).ok();
        let codes = [CodeVersion::Icd10, CodeVersion::Icd9].into_iter().filter_map(read);
        codes.flat_map(|code| rulebook.editions().map(move |ruleset| (ruleset, code))).find_map(|(ruleset, code)| {
            let asked = |each: &&Indication| indication.is_empty() || each.id == indication;
            ruleset.indications.iter().filter(asked).find_map(|each| title(ruleset, each, code))
        })
    }
}

fn title(ruleset: &Ruleset, indication: &Indication, code: DiagnosisCode) -> Option<String> {
    let lists = ruleset.lists.usable(code, None).lists;
    let named: Option<&ListId> =
        indication.matches.iter().flat_map(|each| &each.lists).find(|list| lists.contains(**list));
    named.map(|list| ruleset.lists.title(*list, code).unwrap_or_default().to_owned())
}
