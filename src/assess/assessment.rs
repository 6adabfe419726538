//! The answer to one order, with the steps that led to it.

use super::fact::Tier;
use super::text::NotAsserted;
use super::warning::Warning;
use crate::guideline::{Certainty, Determination, Flag};
use crate::rules::{ListId, ProductId, Ruleset, Strength};

/// A set of guideline rows, by index in the ruleset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct RowSet(pub(super) u128);

impl FromIterator<usize> for RowSet {
    fn from_iter<I: IntoIterator<Item = usize>>(rows: I) -> Self {
        rows.into_iter().fold(Self::default(), |set, row| set.union(Self::of(row)))
    }
}

impl RowSet {
    pub(super) fn of(row: usize) -> Self {
        Self(1 << row)
    }

    pub(super) fn insert(&mut self, row: usize) {
        self.0 |= 1 << row;
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether no row is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Row indices, in ruleset order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let row = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(row)
        })
    }

    /// Row ids, in ruleset order.
    #[must_use]
    pub fn ids(self, ruleset: &Ruleset) -> Vec<String> {
        self.iter().map(|row| ruleset.rows[row].id.clone()).collect()
    }
}

/// What would settle or move an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wanting {
    /// A fact of the ruleset.
    Fact(u8),
    /// The diagnosis itself.
    Diagnosis,
}

impl Wanting {
    /// The word that stands in outputs.
    #[must_use]
    pub fn id(self, ruleset: &Ruleset) -> String {
        self.word(ruleset).to_owned()
    }

    /// The same, as it stands in the rules.
    pub(crate) fn word(self, ruleset: &Ruleset) -> &str {
        match self {
            Self::Fact(fact) => &ruleset.facts[usize::from(fact)].id,
            Self::Diagnosis => "diagnosis",
        }
    }

    /// What is wanting, for people.
    #[must_use]
    pub fn label(self, ruleset: &Ruleset) -> &str {
        match self {
            Self::Fact(fact) => &ruleset.facts[usize::from(fact)].label,
            Self::Diagnosis => &ruleset.conflict.label,
        }
    }

    /// What to ask for, as a phrase.
    #[must_use]
    pub fn ask(self, ruleset: &Ruleset) -> &str {
        match self {
            Self::Fact(fact) => &ruleset.facts[usize::from(fact)].ask,
            Self::Diagnosis => &ruleset.conflict.ask,
        }
    }
}

/// One thing that the deciding code did. Holds indices and words of the rules, never a record's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A diagnosis, by its index in the order, made an indication a candidate.
    Matched {
        /// Index of the diagnosis in the order.
        diagnosis: usize,
        /// The code list that holds it.
        list: ListId,
        /// Index of the indication in the ruleset.
        indication: u16,
        /// How closely the list stands for the indication.
        strength: Strength,
        /// Index of the match in the indication.
        rule: usize,
    },
    /// Several diagnoses together made an indication a candidate.
    Combined {
        /// The diagnoses, one bit an index in the order.
        diagnoses: u64,
        /// Index of the indication in the ruleset.
        indication: u16,
        /// How closely the combination stands for the indication.
        strength: Strength,
        /// Index of the match in the indication.
        rule: usize,
    },
    /// The text asserts an indication, by a phrase of the rules.
    Named {
        /// Index of the indication in the ruleset.
        indication: u16,
        /// Index of the phrase in the ruleset.
        phrase: u16,
    },
    /// The text mentions an indication without asserting it.
    Mentioned {
        /// Index of the indication in the ruleset.
        indication: u16,
        /// Index of the phrase in the ruleset.
        phrase: u16,
        /// Why the mention does not count.
        how: NotAsserted,
    },
    /// A fact, its possible values and where they come from.
    Fact {
        /// Index of the fact in the ruleset.
        fact: u8,
        /// The values that are possible, one bit an index in the fact.
        values: u8,
        /// Where they come from.
        tier: Tier,
    },
    /// A candidate removed another.
    Refined {
        /// Index of the narrower indication.
        by: u16,
        /// Index of the broader one, which no longer counts.
        removed: u16,
    },
    /// The text names an indication against a code of another with another answer.
    Contradicted {
        /// Index of the indication that the text names.
        named: u16,
        /// Index of the indication that a code stands for.
        coded: u16,
        /// Whether the code stands for it exactly; if not, it covers it and something else.
        exact: bool,
    },
    /// The text weighs two indications against each other.
    Differential {
        /// Index of one indication.
        first: u16,
        /// Index of the other.
        second: u16,
    },
    /// A row that the determination rests on.
    Governs {
        /// Index of the row in the ruleset.
        row: usize,
    },
    /// A row that also matched.
    AlsoMatched {
        /// Index of the row in the ruleset.
        row: usize,
    },
    /// A code of a use outside the statement.
    Outside {
        /// Index of the diagnosis in the order.
        diagnosis: usize,
        /// The code list that holds it.
        list: ListId,
        /// Whether the ruleset counts the use among the established ones.
        established: bool,
    },
    /// A note of a governing indication applies.
    Noted {
        /// Index of the indication in the ruleset.
        indication: u16,
        /// Index of the note in the indication.
        note: usize,
    },
    /// A flag was lowered because of what it rests on.
    Capped {
        /// Why.
        ground: Ground,
        /// The flag before.
        from: Flag,
        /// The flag after.
        to: Flag,
    },
}

/// The steps of a decision as it is taken. What is only supposed is decided without keeping them.
#[derive(Debug)]
pub(super) struct Steps {
    taken: Vec<Step>,
    kept: bool,
}

/// How many steps most decisions take.
const STEPS_USUAL: usize = 8;

impl Steps {
    /// Steps that are kept for the reader.
    pub fn kept() -> Self {
        Self { taken: Vec::with_capacity(STEPS_USUAL), kept: true }
    }

    /// Steps that nobody will read.
    pub fn dropped() -> Self {
        Self { taken: Vec::new(), kept: false }
    }

    pub fn push(&mut self, step: Step) {
        if self.kept {
            self.taken.push(step);
        }
    }

    /// Takes a step unless it was taken before.
    pub fn push_once(&mut self, step: Step) {
        if self.kept && !self.taken.contains(&step) {
            self.taken.push(step);
        }
    }

    /// Whether they are kept.
    pub fn are_kept(&self) -> bool {
        self.kept
    }

    pub fn taken(self) -> Vec<Step> {
        self.taken
    }
}

/// Why a flag was lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ground {
    /// Only proxy codes.
    ProxyOnly,
    /// Text, and no usable diagnosis code.
    TextWithoutDiagnosis,
    /// Text, and no code that goes with it.
    TextWithoutSupportingCode,
    /// A row that the statement does not say outright.
    Interpreted,
    /// A row that a site's policy lowers.
    RowPolicy,
    /// Codes that a site's policy lowers.
    CodePolicy,
}

/// What the audit says of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The answer.
    pub determination: Determination,
    /// What a person should do.
    pub flag: Flag,
    /// What it rests on.
    pub certainty: Certainty,
    /// The governing indication, by index; none where none governs or several are open.
    pub indication: Option<u16>,
    /// The rows that the determination rests on.
    pub rows: RowSet,
    /// Other rows on the order that did not govern.
    pub also_matched: RowSet,
    /// The possible answers of an indeterminate order, best supported first.
    pub open: Vec<Determination>,
    /// What would settle an indeterminate order.
    pub wanting: Option<Wanting>,
    /// What would change a finding, most telling first.
    pub would_change: Vec<Wanting>,
    /// Two of these that change it only together; none where each does alone.
    pub together: Option<[Wanting; 2]>,
    /// Sorted, without repeats.
    pub warnings: Vec<Warning>,
    /// The product that was ordered.
    pub product: ProductId,
    /// How the answer came about.
    pub steps: Vec<Step>,
}

impl Assessment {
    /// The evidence classes of the rows it rests on, strongest first, without repeats.
    #[must_use]
    pub fn evidence(&self, ruleset: &Ruleset) -> Vec<crate::guideline::EvidenceClass> {
        let mut classes: Vec<_> = self.rows.iter().filter_map(|row| ruleset.rows[row].evidence).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }
}
