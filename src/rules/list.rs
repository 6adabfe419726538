//! Code lists: which concept a diagnosis code stands for, and whether the code existed on a day.

mod known;
mod load;
mod system;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::codes::{CodeVersion, DiagnosisCode};
use crate::rules::quick::{QuickMap, QuickSet};
use known::KnownCodes;
use system::System;

pub use known::Usable;
pub(super) use load::day;

/// A set of code lists by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct ListSet([u128; 2]);

/// The most code lists that one ruleset may use.
pub const LISTS_MAX: usize = 256;

impl ListSet {
    pub(crate) fn insert(&mut self, list: ListId) {
        self.0[list.word()] |= list.bit();
    }

    pub(crate) fn remove(&mut self, list: ListId) {
        self.0[list.word()] &= !list.bit();
    }

    pub(crate) fn contains(self, list: ListId) -> bool {
        self.0[list.word()] & list.bit() != 0
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self([self.0[0] & !other.0[0], self.0[1] & !other.0[1]])
    }

    pub(crate) fn intersects(self, other: Self) -> bool {
        self.0[0] & other.0[0] != 0 || self.0[1] & other.0[1] != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == [0, 0]
    }

    pub(crate) fn intersection(self, other: Self) -> Self {
        Self([self.0[0] & other.0[0], self.0[1] & other.0[1]])
    }

    /// Its lists in order of index; as many steps as there are lists in it.
    pub(crate) fn iter(self) -> impl Iterator<Item = ListId> {
        let of_word = |mut bits: u128, first: u8| {
            std::iter::from_fn(move || {
                let list = (bits != 0).then(|| ListId(first | bits.trailing_zeros() as u8))?;
                bits &= bits - 1;
                Some(list)
            })
        };
        of_word(self.0[0], 0).chain(of_word(self.0[1], 128))
    }
}

/// Index of a code list in its ruleset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListId(pub(crate) u8);

impl ListId {
    fn word(self) -> usize {
        usize::from(self.0 >> 7)
    }

    fn bit(self) -> u128 {
        1 << (self.0 & 127)
    }
}

/// One row of a code list file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRow {
    /// `icd10cm` or `icd9cm`.
    pub system: String,
    /// The code, with its dot.
    pub code: String,
    /// `exact` or `prefix`; in an overlay also `drop`, which takes the code out of the list.
    #[serde(rename = "match")]
    pub kind: String,
    /// The code's short title.
    pub label: String,
    /// First day of validity, or empty.
    pub valid_from: String,
    /// Last day of validity, or empty.
    pub valid_to: String,
    /// Where the fact comes from.
    pub source: String,
    /// `high` or `medium`.
    pub confidence: String,
}

impl ListRow {
    /// The row's code, read as one of its system.
    fn parsed(&self) -> Option<DiagnosisCode> {
        System::find(&self.system).and_then(|system| system.read(&self.code).ok())
    }
}

/// One code list as loaded.
#[derive(Debug, Clone)]
pub struct CodeList {
    /// File stem.
    pub id: String,
    /// Its rows, in file order.
    pub rows: Vec<ListRow>,
}

/// Whether a code may be used on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Valid on the day, or of a category that no rule touches and of the system that was in force.
    Valid,
    /// A real billable code, at another time.
    NotOnDate,
    /// A header: it was never billable.
    Header,
    /// A child of a touched category that never existed.
    Unknown,
}

/// All code lists of a ruleset with the index that assessment uses.
#[derive(Debug, Clone, Default)]
pub struct CodeLists {
    lists: Vec<CodeList>,
    exact: QuickMap<DiagnosisCode, ListSet>,
    prefix: QuickMap<DiagnosisCode, ListSet>,
    categories: QuickSet<DiagnosisCode>,
    valid: QuickMap<DiagnosisCode, Windows>,
    known: KnownCodes,
    /// The row of each code of each list, and whether what falls under the code is in the list too.
    titles: QuickMap<(ListId, DiagnosisCode), (u32, bool)>,
    systems: Vec<CodeVersion>,
    folders: Vec<String>,
}

#[derive(Debug, Clone, Default)]
struct Windows {
    billable: Vec<(Option<NaiveDate>, Option<NaiveDate>)>,
}

impl CodeLists {
    /// The list with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<ListId> {
        self.lists.iter().position(|list| list.id == id).map(|at| ListId(at as u8))
    }

    /// The list at an index of this ruleset.
    #[must_use]
    pub fn get(&self, list: ListId) -> &CodeList {
        &self.lists[usize::from(list.0)]
    }

    /// The folders that the lists and windows were read from: the shared one, then those of the layers, the lowest first.
    /// What a later one says of a code takes the place of what an earlier one says.
    pub(crate) fn folders(&self) -> &[String] {
        &self.folders
    }

    /// All lists, in id order.
    pub fn all(&self) -> impl Iterator<Item = &CodeList> {
        self.lists.iter()
    }

    /// The lists that a code belongs to, whether or not it was valid on its day.
    #[must_use]
    pub fn lists_of(&self, code: DiagnosisCode) -> ListSet {
        self.usable(code, None).lists
    }

    /// All that is known of a code on a day; on an unknown day any time counts.
    #[must_use]
    pub fn usable(&self, code: DiagnosisCode, service: Option<NaiveDate>) -> Usable {
        self.known.usable(code, service)
    }

    /// The title of a code as a list carries it: of the code itself, or of the longest prefix it falls under.
    #[must_use]
    pub fn title(&self, list: ListId, code: DiagnosisCode) -> Option<&str> {
        let titled = |ancestor: DiagnosisCode| {
            let (row, below) = *self.titles.get(&(list, ancestor))?;
            (below || ancestor == code).then_some(row as usize)
        };
        let row = titled(code).or_else(|| code.ancestry().filter_map(titled).last())?;
        Some(&self.get(list).rows[row].label)
    }

    /// Notes where the title of each code stands. No list has two rows of one code: loading refuses them.
    fn note_titles(&mut self) {
        for (list, CodeList { rows, .. }) in self.lists.iter().take(LISTS_MAX).enumerate() {
            let list = ListId(list as u8);
            let codes = rows.iter().enumerate().filter_map(|(at, row)| Some((at as u32, row, row.parsed()?)));
            self.titles.extend(codes.map(|(at, row, code)| ((list, code), (at, row.kind == "prefix"))));
        }
    }

    /// Whether some list names this very code, which makes a header usable.
    #[must_use]
    pub fn is_named(&self, code: DiagnosisCode) -> bool {
        self.exact.contains_key(&code)
    }

    /// Whether any list holds codes of a system. Of a system that none holds nothing can be said.
    #[must_use]
    pub fn reads(&self, system: CodeVersion) -> bool {
        self.systems.contains(&system)
    }

    /// Whether a code existed on a day; on an unknown day any time counts. Of a category that no list touches
    /// only the system is known: it was in force on the day or it was not.
    #[must_use]
    pub fn validity(&self, code: DiagnosisCode, service: Option<NaiveDate>) -> Validity {
        self.usable(code, service).validity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_its_lists_in_order_of_index() {
        for wanted in [vec![], vec![0], vec![255], vec![0, 63, 127, 128, 129, 200, 255]] {
            let mut set = ListSet::default();
            for list in wanted.iter().rev() {
                set.insert(ListId(*list));
            }
            assert_eq!(set.iter().map(|list| list.0).collect::<Vec<_>>(), wanted);
        }
    }

    /// The title as the rows of the list say it, one by one.
    fn title_in_rows(lists: &CodeLists, list: ListId, code: DiagnosisCode) -> Option<&str> {
        let rows = lists.get(list).rows.iter().filter_map(|row| row.parsed().map(|own| (own, row)));
        let fits = |own: &DiagnosisCode, row: &ListRow| {
            *own == code || row.kind == "prefix" && code.ancestry().any(|ancestor| ancestor == *own)
        };
        let longest = rows.filter(|(own, row)| fits(own, row)).max_by_key(|(own, _)| own.as_bytes().len());
        longest.map(|(_, row)| row.label.as_str())
    }

    #[test]
    fn a_title_is_that_of_the_longest_row_that_a_code_falls_under() {
        let ruleset = crate::rules::Ruleset::builtin("aanem-2023").unwrap();
        let lists = &ruleset.lists;
        let named = lists.all().flat_map(|list| &list.rows).filter_map(ListRow::parsed);
        let longer = lists.all().flat_map(|list| &list.rows).filter_map(|row| {
            let system = System::find(&row.system)?;
            system.read(&format!("{}1", row.code)).or_else(|_| system.read(&format!("{}.1", row.code))).ok()
        });
        let codes: Vec<DiagnosisCode> = named.chain(longer).flat_map(|code| [code, code.category()]).collect();
        let mut titled = 0;
        for list in (0..lists.all().count()).map(|at| ListId(at as u8)) {
            for code in &codes {
                let title = lists.title(list, *code);
                assert_eq!(title, title_in_rows(lists, list, *code), "{code} in {}", lists.get(list).id);
                titled += usize::from(title.is_some());
            }
        }
        assert!(titled > 500, "{titled}");
    }

    #[test]
    fn an_intersection_holds_what_both_hold() {
        let (mut one, mut other) = (ListSet::default(), ListSet::default());
        for (list, same) in [(3, 4), (130, 130), (131, 200)] {
            one.insert(ListId(list));
            other.insert(ListId(same));
        }
        assert_eq!(one.intersection(other).iter().collect::<Vec<_>>(), [ListId(130)]);
    }
}
