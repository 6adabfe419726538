//! Every code that the rules know, in one table: which lists it belongs to, and when it existed. Prepared when the lists
//! are loaded, so that an order's code is one look-up, whatever it falls under.

use chrono::NaiveDate;

use super::{ListSet, Validity, Windows};
use crate::codes::{CodeVersion, DiagnosisCode};
use crate::rules::quick::{QuickMap, QuickSet};

/// A code's system and characters in one number.
type Key = u64;

/// What the rules know of one code, by indices into [`KnownCodes`].
#[derive(Debug, Clone, Copy)]
struct Known {
    /// The lists that it belongs to.
    own: u32,
    /// The lists to which everything below it belongs.
    below: u32,
    /// Whether some list names this very code.
    named: bool,
    existence: Existence,
}

/// When a code existed.
#[derive(Debug, Clone, Copy)]
enum Existence {
    /// Its category is not in the files of valid codes.
    Untold,
    /// Never.
    Never,
    /// As a header, which was never billable.
    Header,
    /// Within some windows, from the first on.
    Within { first: u32, count: u32 },
}

/// What is known of one code on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usable {
    /// Whether it may be used on that day.
    pub validity: Validity,
    /// Whether some list names this very code, which makes a header usable.
    pub named: bool,
    /// The lists that it belongs to.
    pub lists: ListSet,
}

/// All codes that lists or the files of valid codes name.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownCodes {
    codes: QuickMap<Key, Known>,
    /// The categories that the files of valid codes touch.
    categories: QuickSet<Key>,
    /// Distinct sets of lists; the first is empty.
    sets: Vec<ListSet>,
    windows: Vec<(NaiveDate, NaiveDate)>,
}

/// The system in the highest byte that is set, the characters behind it.
fn key(code: DiagnosisCode) -> Key {
    let system = match code.version() {
        CodeVersion::Icd9 => 1,
        CodeVersion::Icd10 => 2,
    };
    code.as_bytes().iter().fold(system, |key, byte| key << 8 | u64::from(*byte))
}

impl KnownCodes {
    /// Prepares the table from the lists and the valid codes as they were read.
    pub fn of(
        exact: &QuickMap<DiagnosisCode, ListSet>,
        prefix: &QuickMap<DiagnosisCode, ListSet>,
        categories: &QuickSet<DiagnosisCode>,
        valid: &QuickMap<DiagnosisCode, Windows>,
    ) -> Self {
        let mut this = Self { sets: vec![ListSet::default()], ..Self::default() };
        this.categories = categories.iter().map(|code| key(*code)).collect();
        let mut set_at: QuickMap<[u128; 2], u32> = [([0; 2], 0)].into_iter().collect();
        for code in exact.keys().chain(prefix.keys()).chain(valid.keys()) {
            if this.codes.contains_key(&key(*code)) {
                continue;
            }
            let inherited = code.ancestry().filter_map(|ancestor| prefix.get(&ancestor));
            let below = inherited.fold(ListSet::default(), |lists, more| lists.union(*more));
            let own = exact.get(code).map_or(below, |lists| below.union(*lists));
            let [own, below] = [own, below].map(|set| {
                *set_at.entry(set.0).or_insert_with(|| {
                    this.sets.push(set);
                    (this.sets.len() - 1) as u32
                })
            });
            let existence = this.existence(categories.contains(&code.category()), valid.get(code));
            this.codes.insert(key(*code), Known { own, below, named: exact.contains_key(code), existence });
        }
        this
    }

    fn existence(&mut self, told: bool, windows: Option<&Windows>) -> Existence {
        match windows {
            _ if !told => Existence::Untold,
            None => Existence::Never,
            Some(windows) if windows.billable.is_empty() => Existence::Header,
            Some(windows) => {
                let first = self.windows.len() as u32;
                let ends = |(from, to): &(Option<NaiveDate>, Option<NaiveDate>)| {
                    (from.unwrap_or(NaiveDate::MIN), to.unwrap_or(NaiveDate::MAX))
                };
                self.windows.extend(windows.billable.iter().map(ends));
                Existence::Within { first, count: windows.billable.len() as u32 }
            }
        }
    }

    /// What is known of a code on a day.
    pub fn usable(&self, code: DiagnosisCode, service: Option<NaiveDate>) -> Usable {
        let Some(known) = self.codes.get(&key(code)) else {
            let touched = self.categories.contains(&key(code.category()));
            let validity = if touched { Validity::Unknown } else { by_system(code, service) };
            return Usable { validity, named: false, lists: self.inherited(code) };
        };
        let validity = match known.existence {
            Existence::Untold => by_system(code, service),
            Existence::Never => Validity::Unknown,
            Existence::Header => Validity::Header,
            Existence::Within { first, count } => {
                let windows = &self.windows[first as usize..][..count as usize];
                let holds = |service| windows.iter().any(|(from, to)| *from <= service && service <= *to);
                if service.is_none_or(holds) { Validity::Valid } else { Validity::NotOnDate }
            }
        };
        Usable { validity, named: known.named, lists: self.sets[known.own as usize] }
    }

    /// The lists of a code that the table does not have: those of the longest code that it falls under.
    fn inherited(&self, code: DiagnosisCode) -> ListSet {
        let (whole, category) = (key(code), code.category().as_bytes().len());
        let shorter = (category..code.as_bytes().len()).rev();
        let mut longest = shorter.map(|length| whole >> (8 * (code.as_bytes().len() - length)));
        let known = longest.find_map(|prefix| self.codes.get(&prefix));
        known.map_or(ListSet::default(), |known| self.sets[known.below as usize])
    }
}

/// Of a code whose category no file of valid codes touches only the system is known: it was in force on the day or it was
/// not.
fn by_system(code: DiagnosisCode, service: Option<NaiveDate>) -> Validity {
    let in_force = service.is_none_or(|service| code.is_of_the_system_in_force(service));
    if in_force { Validity::Valid } else { Validity::NotOnDate }
}
