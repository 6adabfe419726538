//! Audits intravenous immune globulin orders against a clinical guideline.

pub mod assess;
pub mod codes;
pub mod guideline;
pub mod order;
pub mod rules;
