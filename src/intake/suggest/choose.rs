//! Which field may hold which column: by its name, by its cells, or by both.

use super::cells::{Cells, Shape};
use super::hints::Hints;
use crate::intake::Role;
use crate::intake::binding::{Column, comparable};

/// Share of cells, in per cent, from which cells speak for a column.
const SPEAK: u64 = 50;
/// Share below which they speak against it.
const AGAINST: u64 = 20;
/// Years by which birth dates lie before dates of service, at least, on average.
const GENERATION: i32 = 8;

/// By which means a field was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Means {
    /// Its name, and its cells agree.
    Both,
    /// Its name; the cells say nothing.
    Name,
    /// Its cells only.
    Cells,
}

impl Means {
    /// How sure it is, and why.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Both => "sure: name and cells",
            Self::Name => "likely: by its name",
            Self::Cells => "perhaps: by its cells only",
        }
    }
}

/// A field that may hold a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The column.
    pub column: Column,
    /// The field.
    pub field: usize,
    /// How it was found.
    pub means: Means,
    /// What was found, in words; no cell.
    pub why: String,
    weight: u32,
}

impl Suggestion {
    /// Any text looks like an indication, so where fields have names the cells alone do not make it one.
    fn stands_beside_names(&self) -> bool {
        self.means != Means::Cells || self.column != Column::IndicationText
    }
}

/// Columns that several fields hold together.
#[must_use]
pub const fn takes_several(column: Column) -> bool {
    matches!(column, Column::Dx | Column::Modifier)
}

/// One field for each column at most, the best first taken; diagnoses and modifiers take all that fit.
#[must_use]
pub fn choose(header: &[String], named: bool, cells: &[Cells], hints: &Hints, role: Role) -> Vec<Suggestion> {
    let mut candidates = Vec::new();
    for (field, name) in header.iter().enumerate() {
        let once = header.iter().filter(|other| comparable(other) == comparable(name)).count() == 1;
        let Some(cells) = cells.get(field).filter(|_| once && !comparable(name).is_empty()) else { continue };
        let asked = hints.columns.iter().filter(|(column, known)| asked(role, **column, known.beside));
        let found = asked.filter_map(|(column, _)| {
            let by_name = if named { hints.fit(name, *column) } else { None };
            weigh(*column, field, by_name, cells, hints).filter(|each| !named || each.stands_beside_names())
        });
        candidates.extend(found);
    }
    candidates.extend(by_age(cells, hints).into_iter().filter(|each| asked(role, each.column, false)));
    candidates.sort_by_key(|each| (u32::MAX - each.weight, each.field, each.column));
    let mut chosen: Vec<Suggestion> = Vec::new();
    for candidate in candidates {
        let free = chosen.iter().all(|other| {
            other.field != candidate.field && (other.column != candidate.column || takes_several(candidate.column))
        });
        if free {
            chosen.push(candidate);
        }
    }
    if role == Role::Lines {
        one_list(&mut chosen, cells);
    }
    if named {
        siblings(&mut chosen, header);
    }
    if role == Role::Lines {
        name_as_text(&mut chosen);
    }
    chosen.sort_by_key(|each| (each.column, each.field));
    chosen
}

/// What a field's name and cells say of one column together.
fn weigh(
    column: Column,
    field: usize,
    by_name: Option<(u32, &str)>,
    cells: &Cells,
    hints: &Hints,
) -> Option<Suggestion> {
    let known = hints.columns.get(&column)?;
    let told = known.cells.iter().map(|shape| (cells.share(*shape), *shape)).max();
    let (share, shape) = told.unwrap_or((0, Shape::Word));
    let in_words = format!("{share} % {}", shape.in_words());
    let suggestion = |means, weight, why| Some(Suggestion { column, field, means, why, weight });
    match by_name {
        Some((weight, phrase)) if known.cells.is_empty() || cells.filled == 0 => {
            let empty = if cells.filled == 0 { "; all cells are empty" } else { "" };
            suggestion(Means::Name, weight, format!("`{phrase}`{empty}"))
        }
        Some((_, _)) if share < AGAINST => None,
        Some((weight, phrase)) if share >= SPEAK && hints.is_weak(phrase, column) => {
            let remark = "CHECK, such a column often holds something else";
            suggestion(Means::Name, weight + 30, format!("`{phrase}`; {in_words}; {remark}"))
        }
        Some((weight, phrase)) if share >= SPEAK => {
            suggestion(Means::Both, weight + 30, format!("`{phrase}`; {in_words}"))
        }
        Some((weight, phrase)) => suggestion(Means::Name, weight, format!("`{phrase}`; only {in_words}")),
        None if known.alone => alone(column, cells).and_then(|(weight, why)| suggestion(Means::Cells, weight, why)),
        None => None,
    }
}

/// What cells say without a name. Dates are told apart among all fields, by [`by_age`].
fn alone(column: Column, cells: &Cells) -> Option<(u32, String)> {
    let says = |shape: Shape| format!("{} % {}", cells.share(shape), shape.in_words());
    match column {
        Column::ProductCode if cells.are_procedures() => {
            Some((45, format!("{}, of globulins among them", says(Shape::Procedure))))
        }
        Column::Dx if cells.are_diagnoses() => {
            Some((40, if cells.of(Shape::Diagnoses) > 0 { says(Shape::Diagnoses) } else { says(Shape::Diagnosis) }))
        }
        Column::Ndc if cells.share(Shape::Ndc) >= 80 && cells.share(Shape::Number) < 100 => {
            Some((40, says(Shape::Ndc)))
        }
        Column::ProductName if cells.share(Shape::KnownProductName) > 0 && cells.distinct_share() <= 60 => {
            Some((38, says(Shape::KnownProductName)))
        }
        Column::Sex if cells.share(Shape::Sex) >= 90 && cells.share(Shape::Number) == 0 => Some((30, says(Shape::Sex))),
        Column::IndicationText if cells.share(Shape::Text) >= SPEAK => {
            Some((10 + cells.letters().min(19) as u32, says(Shape::Text)))
        }
        _ => None,
    }
}

/// Dates without a name: the latest may be the service, those that lie a generation before it the birth.
fn by_age(cells: &[Cells], hints: &Hints) -> Vec<Suggestion> {
    let asked = |column| hints.columns.get(&column).is_some_and(|known| known.alone);
    let years: Vec<(usize, i32)> = cells
        .iter()
        .enumerate()
        .filter(|(_, cells)| cells.share(Shape::Date) >= 80)
        .filter_map(|(field, cells)| Some((field, cells.mean_year()?)))
        .collect();
    let Some(latest) = years.iter().map(|(_, year)| *year).max() else { return Vec::new() };
    let suggestion = |(field, year): &(usize, i32)| {
        let is_birth = latest - year >= GENERATION;
        let (column, why) = if is_birth {
            (Column::BirthDate, "dates that lie many years before the others")
        } else {
            (Column::ServiceDate, "the latest dates")
        };
        asked(column).then(|| Suggestion {
            column,
            field: *field,
            means: Means::Cells,
            why: why.to_owned(),
            weight: 30,
        })
    };
    years.iter().filter_map(suggestion).collect()
}

/// Which columns a file of a role may hold; what joins it is found apart from them.
fn asked(role: Role, column: Column, beside: bool) -> bool {
    match role {
        Role::Lines => !beside,
        Role::Diagnoses | Role::Names => {
            matches!(column, Column::Dx | Column::DxName | Column::DxVersion) || (beside && role == Role::Diagnoses)
        }
        Role::Patients => matches!(column, Column::PatientId | Column::BirthDate | Column::Sex | Column::Age),
        Role::Authorizations => matches!(column, Column::AuthNumber | Column::AuthDecision),
        Role::Claims => !beside && !matches!(column, Column::OrderId | Column::Diagnoses),
    }
}

/// Header names that differ from a chosen diagnosis or modifier by their number only belong to it, however few of their
/// cells are filled: the third diagnosis is on few records.
fn siblings(chosen: &mut Vec<Suggestion>, header: &[String]) {
    let stem = |field: usize| numbered(&header[field]).map(|(stem, _)| stem);
    let mut more = Vec::new();
    for field in (0..header.len()).filter(|field| chosen.iter().all(|each| each.field != *field)) {
        let Some(own) = stem(field) else { continue };
        let like = chosen.iter().find(|each| takes_several(each.column) && stem(each.field).as_ref() == Some(&own));
        more.extend(like.map(|like| Suggestion {
            column: like.column,
            field,
            means: Means::Name,
            why: format!("numbered as {}; next to nothing stands in it here", header[like.field]),
            weight: 0,
        }));
    }
    chosen.extend(more);
}

/// One field of diagnoses in which several stand is the column of lists.
fn one_list(chosen: &mut [Suggestion], cells: &[Cells]) {
    let fields: Vec<usize> = chosen.iter().filter(|each| each.column == Column::Dx).map(|each| each.field).collect();
    if let [only] = fields[..]
        && cells.get(only).is_some_and(|cells| cells.share(Shape::Diagnoses) >= 5)
    {
        for each in chosen.iter_mut().filter(|each| each.column == Column::Dx) {
            each.column = Column::Diagnoses;
        }
    }
}

/// The names of diagnoses are the indication where nothing else tells one.
fn name_as_text(chosen: &mut [Suggestion]) {
    let told = [Column::Dx, Column::Diagnoses, Column::IndicationText];
    if chosen.iter().any(|each| told.contains(&each.column)) {
        return;
    }
    for each in chosen.iter_mut().filter(|each| each.column == Column::DxName) {
        each.column = Column::IndicationText;
    }
}

/// A name with its last number cut out; none where a zero leads, since a run writes none.
pub(super) fn numbered(name: &str) -> Option<(String, u32)> {
    let end = name.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = name[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + name[at..].chars().next().map_or(1, char::len_utf8));
    let digits = &name[start..end];
    let number = digits.parse().ok().filter(|_| !digits.starts_with('0') && !name.contains('{'))?;
    Some((format!("{}\0{}", &name[..start], &name[end..]), number))
}
