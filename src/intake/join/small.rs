//! Joining of what is in memory: executed examples, a few lines that are shown.

use super::{JoinedLine, Joins, Reading};
use crate::intake::Role;
use crate::intake::layout::Layout;
use crate::intake::recognise::split_line;

/// Joins one line to companions of which each is a header and records, in the layout's own delimiter and quote.
///
/// # Errors
/// A sentence if a companion's header fits the layout nowhere, or a record of it is no record.
pub fn join_small(
    layout: &Layout,
    lines_header: &[String],
    line: &[String],
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
            let records = split(layout, file);
            let Some((header, records)) = records.split_first() else { continue };
            companions.push((joins.bind_again(companion, header)?, records.to_vec()));
        }
        if other_lines.clone().next().is_none() {
            companions.push((joins.bind_again(companion, lines_header)?, vec![line.to_vec()]));
        }
    }
    for (binding, _) in &companions {
        joins.give(binding);
    }
    if let Some(companion) = joins.needed() {
        return Err(format!("the layout needs `{}`, {}", companion.role, companion.label));
    }
    if let Some(why) = joins.unjoinable(&lines) {
        return Err(why);
    }
    for companion in 0..layout.companions.len() {
        joins.want(companion, &lines, &|at| cell(line, at));
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
                    joins.add(companion, &ids, &kept);
                }
            }
        }
    }
    Ok(joins.joined_for(&lines, &|at| cell(line, at)))
}

fn cell(record: &[String], at: usize) -> &[u8] {
    record.get(at).map_or(b"", |cell| cell.as_bytes())
}

fn split(layout: &Layout, file: &[String]) -> Vec<Vec<String>> {
    let quote = layout.dialect.quote.map(|quote| quote as u8);
    let delimiter = layout.dialect.delimiters.iter().copied().max_by_key(|delimiter| {
        let fields = file.first().map_or(0, |header| header.matches(*delimiter).count());
        // Of two that are as frequent the one that the layout names first.
        (fields, std::cmp::Reverse(layout.dialect.delimiters.iter().position(|other| other == delimiter)))
    });
    let delimiter = delimiter.unwrap_or(',') as u8;
    file.iter().map(|line| split_line(line.as_bytes(), delimiter, quote)).collect()
}

type Opened = (super::CompanionBinding, Vec<Vec<String>>);

fn open(joins: &Joins<'_>, role: Role, file: &[String]) -> Result<Opened, String> {
    let mut records = split(joins.layout(), file);
    if records.is_empty() {
        return Err(format!("the file `{role}` has no header"));
    }
    let header = records.remove(0);
    Ok((joins.bind(role, &header)?, records))
}
