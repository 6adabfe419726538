//! The guideline's words, and the audit's: recommendation and evidence class belong to the statement,
//! determination, certainty and flag to the audit of one order. Every enum stands in order of precedence.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Defines an enum whose values have one spelling each in rule files (kebab) and in outputs (snake).
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in order of precedence.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands in rule files and outputs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value with this word, if there is one.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What the *guideline* says of one of its rows. Best supported first.
    Recommendation {
        /// "Is recommended".
        Recommended = "recommended",
        /// "Should be considered".
        Consider = "consider",
        /// "Insufficient evidence exists".
        InsufficientEvidence = "insufficient-evidence",
        /// "Is not recommended".
        NotRecommended = "not-recommended",
    }
}

words! {
    /// The statement's class of evidence, I the strongest. A row without one has none, not IV.
    EvidenceClass {
        /// Class I.
        I = "I",
        /// Class II.
        II = "II",
        /// Class III.
        III = "III",
        /// Class IV.
        IV = "IV",
    }
}

words! {
    /// What the *audit* says of one order.
    Determination {
        /// A recommended row governs.
        Recommended = "recommended",
        /// A should-be-considered row governs.
        Consider = "consider",
        /// An insufficient-evidence row governs.
        InsufficientEvidence = "insufficient_evidence",
        /// A not-recommended row governs.
        NotRecommended = "not_recommended",
        /// What is not known leaves more than one answer open.
        Indeterminate = "indeterminate",
        /// A use outside the statement's subject.
        OtherUse = "other_use",
        /// The diagnoses are usable, and the statement says nothing of them.
        NotAddressed = "not_addressed",
        /// No usable diagnosis and no asserted text.
        NoDiagnosis = "no_diagnosis",
    }
}

words! {
    /// What a determination rests on.
    Certainty {
        /// An exact code or field.
        Stated = "stated",
        /// A broad or proxy code, a combination, or a declared default.
        Presumed = "presumed",
        /// Text decided.
        Text = "text",
    }
}

words! {
    /// What a person should do. `Clear` asks for nothing; it never means "appropriate".
    Flag {
        /// Nothing is asked.
        Clear = "clear",
        /// Something should be looked at or completed.
        Review = "review",
        /// The statement does not support this use: a prompt for a clinician's review.
        Flagged = "flagged",
    }
}

words! {
    /// What gives a ruleset its authority. Remarks that assert coverage belong to `CoveragePolicy` only.
    Basis {
        /// A professional guideline.
        Guideline = "guideline",
        /// A payer's coverage policy.
        CoveragePolicy = "coverage-policy",
        /// A product's label.
        Label = "label",
        /// A site's own decision.
        Local = "local",
    }
}

words! {
    /// Whether the statement says a row outright or the row is a reading of it.
    CitationBasis {
        /// In the statement's words.
        Stated = "stated",
        /// Read from the statement by the rules' authors.
        Interpreted = "interpreted",
    }
}

impl From<Recommendation> for Determination {
    fn from(recommendation: Recommendation) -> Self {
        match recommendation {
            Recommendation::Recommended => Self::Recommended,
            Recommendation::Consider => Self::Consider,
            Recommendation::InsufficientEvidence => Self::InsufficientEvidence,
            Recommendation::NotRecommended => Self::NotRecommended,
        }
    }
}

impl Flag {
    /// Whether an assessment with this flag is a finding.
    #[must_use]
    pub fn is_finding(self) -> bool {
        self != Self::Clear
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_as_the_value_that_wrote_them() {
        for value in Determination::ALL {
            assert_eq!(Determination::from_word(value.as_str()), Some(*value));
        }
        assert_eq!(Flag::from_word("no such word"), None);
    }

    #[test]
    fn recommendations_stand_in_order_of_support() {
        assert!(Recommendation::Recommended < Recommendation::Consider);
        assert!(Recommendation::InsufficientEvidence < Recommendation::NotRecommended);
        assert!(Flag::Clear < Flag::Review && Flag::Review < Flag::Flagged);
    }
}
