//! Joining of what is in memory: executed examples, a few lines that are shown.

use super::choose::{how_to_give, needed};
use super::{CompanionBinding, JoinedLine, Joins, Reading};
use crate::intake::Role;
use crate::intake::layout::Layout;
use crate::intake::recognise::split_line;
use crate::order::ProductCodes;

/// Joins one line of this product to companions of which each is a header and records, in a delimiter and the quote of the layout. Files of
/// the role `lines` are further lines, which a layout that reads its lines twice may need.
///
/// # Errors
/// A sentence if a companion's header fits the layout nowhere, or a record of it is no record.
pub fn join_small(
    layout: &Layout,
    lines_header: &[String],
    line: &[String],
    product: &ProductCodes,
    files: &[(Role, Vec<String>)],
) -> Result<JoinedLine, String> {
    let mut joins = Joins::new(layout);
    let lines = joins.bind_lines(lines_header);
    let mut companions = Vec::new();
    for (role, file) in files.iter().filter(|(role, _)| *role != Role::Lines) {
        companions.push(open(&joins, *role, file)?);
    }
    let other_lines = files.iter().filter(|(role, _)| *role == Role::Lines).map(|(_, file)| file);
    for (companion, _) in layout.companions.iter().enumerate().filter(|(_, companion)| companion.again) {
        for file in other_lines.clone() {
            let Some((header, lines)) = file.split_first() else { continue };
            let delimiter = delimiter_of(layout, header, lines_header.len());
            let header = records(layout, delimiter, std::slice::from_ref(header)).concat();
            companions.push((joins.bind_again(companion, &header)?, records(layout, delimiter, lines)));
        }
        companions.push((joins.bind_again(companion, lines_header)?, vec![line.to_vec()]));
    }
    for (binding, _) in &companions {
        joins.give(binding);
    }
    let roles: Vec<Role> = files.iter().map(|(role, _)| *role).collect();
    if let Some(companion) = needed(layout, &roles) {
        return Err(how_to_give(layout, companion));
    }
    if let Some(why) = joins.unjoinable(&lines) {
        return Err(why);
    }
    for companion in 0..layout.companions.len() {
        joins.want(companion, &lines, &|at| cell(line, at));
        let mut shelf = joins.shelf(companion);
        for (binding, records) in companions.iter().filter(|(binding, _)| binding.companion == companion) {
            for (number, record) in records.iter().enumerate() {
                if record.len() != binding.header.len() {
                    return Err(format!(
                        "record {} of `{}` has {} fields, its header {}",
                        number + 1,
                        layout.companions[companion].role,
                        record.len(),
                        binding.header.len()
                    ));
                }
                if let Reading::Kept(ids, kept) = joins.read(binding, &|at| cell(record, at)) {
                    shelf.add(&ids, &kept);
                }
            }
        }
        joins.shelve(companion, shelf);
    }
    Ok(joins.joined_for(&lines, &|at| cell(line, at), product))
}

/// The delimiter of a file of lines beside the line at hand, which has so many fields.
fn delimiter_of(layout: &Layout, header: &str, fields: usize) -> u8 {
    let all = || layout.dialect.delimiters.iter().copied();
    all().find(|delimiter| header.matches(*delimiter).count() + 1 == fields).or_else(|| all().next()).unwrap_or(',')
        as u8
}

fn cell(record: &[String], at: usize) -> &[u8] {
    record.get(at).map_or(b"", |cell| cell.as_bytes())
}

fn records(layout: &Layout, delimiter: u8, lines: &[String]) -> Vec<Vec<String>> {
    let quote = layout.dialect.quote.map(|quote| quote as u8);
    lines.iter().map(|line| split_line(line.as_bytes(), delimiter, quote)).collect()
}

type Opened = (CompanionBinding, Vec<Vec<String>>);

fn open(joins: &Joins<'_>, role: Role, file: &[String]) -> Result<Opened, String> {
    let Some((header, lines)) = file.split_first() else { return Err(format!("the file `{role}` has no header")) };
    let (delimiter, binding) = joins.open(role, header.as_bytes())?;
    Ok((binding, records(joins.layout(), delimiter, lines)))
}
