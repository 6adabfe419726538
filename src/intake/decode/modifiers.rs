//! Modifiers: several columns of them, or several in one cell.

use super::{Column, Decoder, FieldAt};
use crate::codes::{Malformed, Modifier, trim_cell};
use crate::order::{Notice, Order};

/// What separates modifiers in one cell.
const BETWEEN_MODIFIERS: [char; 5] = [' ', ',', ':', ';', '|'];

/// Adds the modifiers of a cell. Nearly every cell is empty or holds one.
pub(super) fn read(cell: &[u8], modifiers: &mut Vec<Modifier>) {
    if cell.is_empty() {
        return;
    }
    let cell = String::from_utf8_lossy(cell);
    if let Ok(only) = Modifier::parse(&cell) {
        modifiers.push(only);
    } else {
        let each = trim_cell(&cell).split(BETWEEN_MODIFIERS);
        modifiers.extend(each.filter_map(|each| Modifier::parse(each).ok()));
    }
}

/// Notes that some modifier could not be read.
pub(super) fn notice<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>, order: &mut Order) {
    let unreadable = |cell: &str| matches!(Modifier::parse(cell), Err(Malformed::Shape | Malformed::Character(_)));
    let cells =
        decoder.places.fields(Column::Modifier).iter().filter_map(|at| decoder.filled_at(Column::Modifier, field, *at));
    let mut several = cells.filter(|cell| Modifier::parse(cell).is_err());
    if several.any(|cell| cell.split(BETWEEN_MODIFIERS).any(unreadable)) {
        order.notices.push(Notice::ModifierUnreadable);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::cells;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn one_modifier_in_a_cell_is_read_as_several_are(cell in prop_oneof![cells(), "[ '\"]?[A-Za-z0-9]{1,2}[ ,]?[A-Z0-9-]{0,3}"]) {
            let mut read = Vec::new();
            super::read(cell.as_bytes(), &mut read);
            let each = trim_cell(&cell).split(BETWEEN_MODIFIERS).filter_map(|each| Modifier::parse(each).ok());
            prop_assert_eq!(read, each.collect::<Vec<_>>());
        }
    }
}
