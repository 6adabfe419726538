//! Warnings of an assessment: what a reader should know besides the answer. They change no flag.

use smallvec::SmallVec;

use super::assessment::Assessment;
use super::assessment::Step;
use super::determine::Case;
use crate::order::Notice;
use crate::rules::FactSet;

/// One warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Warning {
    /// A diagnosis code that existed at another time than the service date.
    CodeNotValidOnDate,
    /// A diagnosis header that was never billable.
    HeaderCode,
    /// A diagnosis cell that is no code.
    MalformedDiagnosis,
    /// A well-formed diagnosis code that never existed.
    UnknownDiagnosis,
    /// A diagnosis of a code system that no list of the ruleset reads.
    CodeSystemNotCovered,
    /// A product code that existed at another time than the service date.
    ProductNotValidOnDate,
    /// An order that rests on a product row which no official source has confirmed.
    ProductUnverified,
    /// NDC or product name tell another product or route than the code.
    ProductEvidenceDiffers,
    /// A product name that tells no route; taken as by vein.
    ProductRouteUnstated,
    /// No service date.
    ServiceDateMissing,
    /// The service lies before the statement was in force.
    ServiceBeforeStatement,
    /// The text mentions an indication as uncertain.
    UncertainMention,
    /// The text negates the indication that governs.
    NegatedInText,
    /// The text is longer than what is read.
    TextTruncated,
    /// A governing indication's rule asks a reader to look at something else on the order.
    ReviewNote,
    /// Governing and other rows differ in what they say.
    SeveralRows,
    /// What intake noticed.
    Intake(Notice),
}

impl Warning {
    /// The word that stands in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CodeNotValidOnDate => "code-not-valid-on-date",
            Self::HeaderCode => "header-code",
            Self::MalformedDiagnosis => "malformed-diagnosis",
            Self::UnknownDiagnosis => "unknown-diagnosis",
            Self::CodeSystemNotCovered => "code-system-not-covered",
            Self::ProductNotValidOnDate => "product-not-valid-on-date",
            Self::ProductUnverified => "product-unverified",
            Self::ProductEvidenceDiffers => "product-evidence-differs",
            Self::ProductRouteUnstated => "product-route-unstated",
            Self::ServiceDateMissing => "service-date-missing",
            Self::ServiceBeforeStatement => "service-before-statement",
            Self::UncertainMention => "uncertain-mention",
            Self::NegatedInText => "negated-in-text",
            Self::TextTruncated => "text-truncated",
            Self::ReviewNote => "review-note",
            Self::SeveralRows => "several-rows",
            Self::Intake(notice) => notice.as_str(),
        }
    }
}

/// What a reader should know of the product.
fn of_product(case: &Case<'_>) -> impl Iterator<Item = Warning> {
    let (ruleset, product) = (case.ruleset, &case.order.product);
    let unverified = ruleset.products.get(case.product).unverified;
    let evidence = super::screen::Evidence::read(ruleset, product);
    [
        (unverified, Warning::ProductUnverified),
        (evidence.differs(), Warning::ProductEvidenceDiffers),
        (evidence.leaves_route_open(case.product), Warning::ProductRouteUnstated),
    ]
    .into_iter()
    .filter_map(|(holds, warning)| holds.then_some(warning))
}

/// All warnings of one order, sorted, without repeats.
pub(super) fn collect(case: &Case<'_>, assessment: &Assessment, asked: FactSet) -> Vec<Warning> {
    let (ruleset, order, codes, text) = (case.ruleset, case.order, case.codes, case.text);
    let mut warnings: SmallVec<[Warning; 8]> = SmallVec::from_slice(&codes.warnings);
    warnings.extend(order.notices.iter().copied().map(Warning::Intake));
    warnings.extend(of_product(case));
    match order.service_date {
        None if !order.dates_shifted && !order.notices.contains(&Notice::ServiceDateUnreadable) => {
            warnings.push(Warning::ServiceDateMissing);
        }
        None => {}
        Some(service) => {
            if service < ruleset.info.in_force_from.1 {
                warnings.push(Warning::ServiceBeforeStatement);
            }
            let (from, to) = ruleset.products.get(assessment.product).window;
            if from.is_some_and(|from| service < from) || to.is_some_and(|to| service > to) {
                warnings.push(Warning::ProductNotValidOnDate);
            }
        }
    }
    if text.uncertain(asked) {
        warnings.push(Warning::UncertainMention);
    }
    if assessment.rows.iter().any(|row| text.negates(ruleset.rows[row].indication)) {
        warnings.push(Warning::NegatedInText);
    }
    if text.truncated {
        warnings.push(Warning::TextTruncated);
    }
    if assessment.steps.iter().any(|step| matches!(step, Step::Noted { .. })) {
        warnings.push(Warning::ReviewNote);
    }
    if !assessment.also_matched.is_empty() {
        warnings.push(Warning::SeveralRows);
    }
    warnings.sort_unstable();
    warnings.dedup();
    warnings.to_vec()
}
