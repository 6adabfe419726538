//! What an order comes to where it is read in another way: by fewer of its diagnoses, or by another edition.
//!
//! Audits differ in which diagnoses of a line they go by, and editions in what they say. How far an answer depends on
//! that is asked here of the code that decides; nobody reads its steps. No answer of the order itself depends on it.

use std::borrow::Cow;

use super::determine::{self, Case};
use super::diagnosis::{self, Codes};
use super::text::{self, Found};
use crate::guideline::Determination;
use crate::order::Diagnosis;
use crate::rules::Ruleset;

/// What an order comes to in other readings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Variants {
    /// If of its diagnoses only the first listed stood on it; `None` for an order without any.
    pub first_listed: Option<Determination>,
    /// If of its diagnoses only those stood on it that the line points at; `None` where it points at none.
    pub pointed: Option<Determination>,
    /// If another edition judged it; `None` where there is no other.
    pub other_edition: Option<Determination>,
}

/// Reads a decided order in the other ways. `found` is what was found in its text.
pub(super) fn of(case: &Case<'_>, found: &Found, determination: Determination, other: Option<&Ruleset>) -> Variants {
    let diagnoses = &case.order.diagnoses;
    let points_at = |at: usize| diagnoses.get(at).is_some_and(|diagnosis: &Diagnosis| diagnosis.pointed);
    let whole = (case.codes, determination);
    let first = || case.codes.only(|at| at == 0);
    let first_listed = (!diagnoses.is_empty()).then(|| match diagnoses.len() {
        1 => determination,
        _ => by_these(case, found, &first(), [whole, whole]),
    });
    let pointed = (0..diagnoses.len()).any(points_at).then(|| match first_listed {
        _ if (0..diagnoses.len()).all(points_at) => determination,
        Some(first_listed) => by_these(case, found, &case.codes.only(points_at), [whole, (&first(), first_listed)]),
        None => determination,
    });
    Variants { first_listed, pointed, other_edition: other.map(|other| by_edition(case, other)) }
}

/// What the order comes to by some of its diagnoses, if that is not known of one of these.
fn by_these(case: &Case<'_>, found: &Found, codes: &Codes, known: [(&Codes, Determination); 2]) -> Determination {
    if let Some((_, determination)) = known.iter().find(|(known, _)| known.bring_up_the_same(codes)) {
        return *determination;
    }
    let text = if found.rests_on_codes(case.ruleset) {
        Cow::Owned(found.read(case.ruleset, codes.lists, case.order.service_date))
    } else {
        Cow::Borrowed(case.text)
    };
    determine::suppose(&Case { codes, text: &text, ..*case }).determination
}

/// What the order comes to by another edition, which reads codes and text by its own lists and phrases.
fn by_edition(case: &Case<'_>, ruleset: &Ruleset) -> Determination {
    let order = case.order;
    let codes = diagnosis::read(ruleset, order);
    let text = text::read(ruleset, &order.text, codes.lists, order.service_date);
    determine::suppose(&Case { ruleset, codes: &codes, text: &text, ..*case }).determination
}
