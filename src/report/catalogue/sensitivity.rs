//! The figures of other readings of the orders.

use super::{Figure, listed, such};
use crate::summary::{Move, Partition, READINGS, Reading, Summary, Variant};

/// Moves of one reading that the page prints.
pub(in crate::report) const MOVES: usize = 20;

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    summary.sensitivity.variants.iter().flat_map(|variant| of_reading(summary, variant)).collect()
}

fn of_reading(summary: &Summary, variant: &Variant) -> Vec<Figure> {
    let reading = &variant.reading;
    let figure = |id: String, is_asked: &dyn Fn(&str, &str) -> bool, measures| {
        let asked = |kinds: &Partition, cell: usize| {
            answers(kinds, cell, reading).is_some_and(|[audited, so]| is_asked(audited, so))
        };
        such(summary, READINGS, id, asked, measures)
    };
    let mut all = vec![
        figure(id(reading, "compared"), &|_, _| true, variant.compared),
        figure(id(reading, "same"), &|audited, so| audited == so, variant.same),
    ];
    for group in &variant.as_audited {
        all.push(figure(audited_id(reading, &group.key), &|audited, _| audited == group.key, group.measures));
    }
    for group in &variant.read_so {
        all.push(figure(read_id(reading, &group.key), &|_, so| so == group.key, group.measures));
    }
    for each in moves(variant) {
        let is_asked = |audited: &str, so: &str| audited == each.from && so == each.to;
        all.push(figure(move_id(reading, each), &is_asked, each.measures));
    }
    all
}

/// The determination of a cell's orders and what they come to in a reading, if they can be read so.
fn answers<'it>(kinds: &'it Partition, cell: usize, reading: &Reading) -> Option<[&'it str; 2]> {
    let column = match reading {
        Reading::FirstListed => "first_listed",
        Reading::Pointed => "pointed",
        Reading::OtherEdition(name) if kinds.value(cell, "other_edition") == Some(name) => {
            "other_edition_determination"
        }
        Reading::OtherEdition(_) => return None,
    };
    let so = kinds.value(cell, column).filter(|so| !so.is_empty())?;
    Some([kinds.value(cell, "determination")?, so])
}

/// The moves of a reading that the page prints; the small ones last, by id.
pub(in crate::report) fn moves(variant: &Variant) -> Vec<&Move> {
    listed(&variant.moves, MOVES, |each| &each.measures, |each| format!("{}/{}", each.from, each.to))
}

/// The id of a figure of one reading.
pub(in crate::report) fn id(reading: &Reading, what: &str) -> String {
    format!("sensitivity/{}/{what}", reading.id())
}

/// The id of the orders of one determination, of those that can be read so.
pub(in crate::report) fn audited_id(reading: &Reading, determination: &str) -> String {
    id(reading, &format!("as_audited/{determination}"))
}

/// The id of the orders that come to one determination in a reading.
pub(in crate::report) fn read_id(reading: &Reading, determination: &str) -> String {
    id(reading, &format!("read_so/{determination}"))
}

/// The id of orders that come to something else in a reading.
pub(in crate::report) fn move_id(reading: &Reading, each: &Move) -> String {
    id(reading, &format!("moves/{}/{}", each.from, each.to))
}
