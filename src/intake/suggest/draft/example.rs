//! The executed example of a drafted layout: the export's header and a record of made-up cells.

use crate::intake::binding::Column;
use crate::intake::suggest::Look;
use crate::intake::suggest::beside::Beside;
use crate::intake::suggest::choose::Suggestion;
use crate::intake::suggest::hints::Hints;

/// Completed years between the made-up birth and the made-up service.
const AGE: u32 = 64;

/// The key of the made-up line, where its column holds nothing else.
const KEY: &str = "1";

/// The example as TOML.
pub(super) fn of(look: &Look, others: &[Beside], hints: &Hints) -> String {
    let mut cells = vec![String::new(); look.header.len()];
    let mut expect = Vec::new();
    let mut taken = Vec::new();
    let (mut service, mut birth, mut age) = (false, false, false);
    for each in &look.suggestions {
        let column = if each.column == Column::Diagnoses { Column::Dx } else { each.column };
        let made_up = hints.columns.get(&column).map(|known| known.made_up.clone()).unwrap_or_default();
        if made_up.is_empty() || taken.contains(&each.column) {
            continue;
        }
        taken.push(each.column);
        let cell = if is_day(column) { day(look, each, &made_up) } else { Some(made_up.clone()) };
        let Some(cell) = cell else { continue };
        match column {
            Column::ProductCode => expect.push(format!("product = {}", super::quoted(&cell))),
            Column::Dx => expect.push(format!("diagnoses = [{}]", super::quoted(&cell))),
            Column::ServiceDate => {
                service = true;
                expect.push(format!("service-date = {}", super::quoted(&made_up)));
            }
            Column::BirthDate => birth = true,
            Column::Age => age = true,
            _ => {}
        }
        cells[each.field] = cell;
    }
    let mut files = Vec::new();
    for other in others {
        let Some(key) = other.key.filter(|_| other.joins()) else { continue };
        if cells[key.lines].is_empty() {
            KEY.clone_into(&mut cells[key.lines]);
        }
        let mut own = vec![String::new(); other.look.header.len()];
        own[key.own].clone_from(&cells[key.lines]);
        for each in &other.look.suggestions {
            let made_up = hints.columns.get(&each.column).map(|known| known.made_up.clone()).unwrap_or_default();
            match each.column {
                Column::Dx if !taken.contains(&Column::Dx) => {
                    expect.push(format!("diagnoses = [{}]", super::quoted(&made_up)));
                    taken.push(Column::Dx);
                    own[each.field] = made_up;
                }
                Column::BirthDate if !birth => {
                    let Some(cell) = day(&other.look, each, &made_up) else { continue };
                    birth = true;
                    own[each.field] = cell;
                }
                _ => {}
            }
        }
        files.push(format!(
            "{} = [{}, {}]",
            other.role,
            line(&other.look, &other.look.header),
            line(&other.look, &own)
        ));
    }
    if age || (service && birth) {
        expect.push(format!("age = {AGE}"));
    }
    format!(
        "# Made up, so that `ivig-audit layouts check` runs the layout; no cell is the export's. Add examples of your own.\n\
         [[example]]\nname   = \"a made-up line of this export\"\nheader = {}\nrecord = {}\n{}expect = {{ {} }}\n",
        line(look, &look.header),
        line(look, &cells),
        if files.is_empty() { String::new() } else { format!("files  = {{ {} }}\n", files.join(", ")) },
        expect.join(", "),
    )
}

/// A line as the file would write it, as TOML.
fn line(look: &Look, cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| wrapped(cell, look)).collect();
    super::quoted(&cells.join(&char::from(look.seen.delimiter).to_string()))
}

const fn is_day(column: Column) -> bool {
    matches!(column, Column::ServiceDate | Column::BirthDate)
}

/// A day in the form that most of the field's dates have, if that is read.
fn day(look: &Look, each: &Suggestion, iso: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let mut parts = iso.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    match *look.cells[each.field].dates.readable().first()? {
        "year-month-day" => Some(iso.to_owned()),
        "compact" => Some(format!("{year}{month}{day}")),
        "month-day-year" => Some(format!("{month}/{day}/{year}")),
        "day-month-year" => Some(format!("{day}/{month}/{year}")),
        "day-month-year-dots" => Some(format!("{day}.{month}.{year}")),
        "month-day-short-year" => Some(format!("{month}/{day}/{}", year.get(2..)?)),
        "range" => Some(format!("{year}{month}{day}-{year}{month}{day}")),
        "day-month-name-year" => {
            let name = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
            Some(format!("{day}-{name}-{year}"))
        }
        _ => None,
    }
}

/// A cell as the export would write it.
fn wrapped(cell: &str, look: &Look) -> String {
    match look.seen.quote {
        Some(_) if cell.contains(['"', char::from(look.seen.delimiter)]) => {
            format!("\"{}\"", cell.replace('"', "\"\""))
        }
        _ => cell.to_owned(),
    }
}
