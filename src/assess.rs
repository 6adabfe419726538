//! Row level: exactly one order and the ruleset, one answer.
//!
//! [`screen`] tells whether a product is in scope, [`assess`] what the guideline says of the order. Both are
//! pure and total: no input or output, no clock, no environment, no error, no other order in sight. Every
//! decision is recorded as a typed [`Step`] by the code that takes it; [`explanation`] turns steps into
//! sentences and decides nothing.

mod assessment;
mod candidate;
pub mod check;

mod determine;
mod diagnosis;

pub mod explanation;
mod fact;
pub mod moves;
mod resolve;
mod screen;
mod text;
mod variant;
mod warning;
mod would_change;

pub use assessment::Ground;
pub use assessment::{Assessment, RowSet, Step, Wanting};
pub use fact::Tier;
pub use screen::{OutOfScope, Screen, excluded_by_code, product_code, screen, screen_code};
pub use text::NotAsserted;
pub use variant::Variants;
pub use warning::Warning;

use crate::order::Order;
use crate::rules::{ProductId, Ruleset};

/// Assesses one order that [`screen`] found in scope.
///
/// ```
/// use ivig_audit::assess::{Screen, assess, screen};
/// use ivig_audit::codes::{ProcedureCode, read_diagnosis};
/// use ivig_audit::guideline::{Determination, Flag};
/// use ivig_audit::order::{Diagnosis, Order, ProductCodes};
/// use ivig_audit::rules::Ruleset;
///
/// let ruleset = Ruleset::builtin("aanem-2023")?;
/// let mut order = Order {
///     product: ProductCodes { procedure: ProcedureCode::parse("J1569").ok(), ..ProductCodes::default() },
///     ..Order::default()
/// };
/// order.diagnoses.push(Diagnosis { position: 1, code: read_diagnosis("G72.41", None, None), pointed: false });
///
/// let Screen::InScope(product) = screen(&ruleset, &order) else { panic!("immune globulin by vein is in scope") };
/// let assessment = assess(&ruleset, &order, product);
/// assert_eq!(assessment.determination, Determination::NotRecommended);
/// assert_eq!(assessment.flag, Flag::Flagged);
/// # Ok::<(), ivig_audit::rules::RulesError>(())
/// ```
#[must_use]
pub fn assess(ruleset: &Ruleset, order: &Order, product: ProductId) -> Assessment {
    let codes = diagnosis::read(ruleset, order);
    let text = text::read(ruleset, &order.text, codes.lists, order.service_date);
    assess_case(&determine::Case { ruleset, codes: &codes, text: &text, order, age: order.age, product })
}

/// Assesses one order, and says what it would come to by fewer of its diagnoses, and by the `other` edition. The
/// assessment is that of [`assess`].
#[must_use]
pub fn assess_with_variants(
    ruleset: &Ruleset,
    other: Option<&Ruleset>,
    order: &Order,
    product: ProductId,
) -> (Assessment, Variants) {
    let codes = diagnosis::read(ruleset, order);
    let found = text::find(ruleset, &order.text);
    let text = found.read(ruleset, codes.lists, order.service_date);
    let case = determine::Case { ruleset, codes: &codes, text: &text, order, age: order.age, product };
    let assessment = assess_case(&case);
    let variants = variant::of(&case, &found, assessment.determination, other);
    (assessment, variants)
}

fn assess_case(case: &determine::Case<'_>) -> Assessment {
    let mut decided = determine::decide(case);
    let change = would_change::of(case, &decided.assessment, decided.asked, &mut decided.readings);
    let warnings = warning::collect(case, &decided.assessment, decided.asked);
    Assessment { would_change: change.ask_for, together: change.together, warnings, ..decided.assessment }
}
