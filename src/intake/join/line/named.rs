//! Diagnoses whose names and codes stand in a table of their own.

use super::{Column, Disagree, LongDiagnosis, Outcome, Search, Tag, View, agreed, position};

/// What a table of names says of a diagnosis.
type Named = Vec<(Column, Vec<u8>)>;

/// The columns that it may fill.
const NAMED: [Column; 3] = [Column::Dx, Column::DxVersion, Column::DxName];

impl<'s> Search<'s, '_> {
    /// Gives each diagnosis its name, or its code, from the table of names.
    pub(super) fn name_diagnoses(&mut self, companion: usize) -> Outcome {
        if !self.is_sought(companion) || self.diagnoses.is_empty() {
            return Outcome::NotSought;
        }
        let mut worst = Outcome::Found;
        for record in self.in_order() {
            let (names, outcome) = self.names_of(companion, record);
            worst = worst.max(outcome);
            let own_code = record.diagnoses().iter().any(|(code, _)| !code.is_empty());
            let names = if names.is_empty() { vec![Named::new()] } else { names };
            let names = if own_code { &names[..1] } else { &names[..] };
            self.others.extend(names.iter().flat_map(|names| long_diagnoses(record, names)));
        }
        self.diagnoses.clear();
        worst
    }

    /// What the names of one diagnosis say. Several codes of one diagnosis are as many diagnoses, in their order, since one
    /// condition may take two codes.
    fn names_of(&self, companion: usize, record: View<'_>) -> (Vec<Named>, Outcome) {
        let Some((_, key)) = self.key_of_diagnosis(companion, record) else { return (Vec::new(), Outcome::NoKey) };
        let Some(found) = self.joins.companions[companion].gathered.of(&key).filter(|found| !found.is_empty()) else {
            return (Vec::new(), Outcome::Missing);
        };
        if found.is_cut {
            return (Vec::new(), Outcome::Disagrees);
        }
        let cell = |each: View<'s>, column| each.get(Tag::Column(column)).map(|cell| (column, cell.to_vec()));
        if agreed(found.records().filter_map(|each| each.get(Tag::Column(Column::Dx)))).is_err() {
            let mut records: Vec<View<'s>> = found.records().collect();
            records.sort_by_key(|record| position(*record).unwrap_or(u64::MAX));
            let named = |each: View<'s>| NAMED.into_iter().filter_map(|column| cell(each, column)).collect();
            return (records.into_iter().map(named).collect(), Outcome::Found);
        }
        let mut cells = Vec::new();
        let mut outcome = Outcome::Found;
        for column in NAMED {
            match agreed(found.records().filter_map(|each| each.get(Tag::Column(column)))) {
                Ok(Some(cell)) => cells.push((column, cell.to_vec())),
                Ok(None) => {}
                Err(Disagree) => outcome = Outcome::Disagrees,
            }
        }
        (vec![cells], outcome)
    }
}

/// The diagnoses of one record; the table of names fills what the record leaves empty.
pub(super) fn long_diagnoses(record: View<'_>, names: &[(Column, Vec<u8>)]) -> Vec<LongDiagnosis> {
    let named = |column: Column| names.iter().find(|(other, _)| *other == column).map(|(_, cell)| cell.as_slice());
    let name = record.get(Tag::Column(Column::DxName)).or_else(|| named(Column::DxName)).unwrap_or_default();
    let long = |code: &[u8], version: &[u8], name: &[u8]| LongDiagnosis {
        code: Box::from(code),
        version: Box::from(version),
        name: Box::from(name),
    };
    let codes: Vec<_> = record.diagnoses().into_iter().filter(|(code, _)| !code.is_empty()).collect();
    if codes.is_empty() {
        let (code, version) = (named(Column::Dx).unwrap_or_default(), named(Column::DxVersion).unwrap_or_default());
        return if code.is_empty() && name.is_empty() { Vec::new() } else { vec![long(code, version, name)] };
    }
    // The name is that of the record, which is the first code's where a record holds several.
    let all = codes.into_iter().enumerate();
    all.map(|(at, (code, version))| long(code, version, if at == 0 { name } else { b"" })).collect()
}
