//! Texts: several columns that say why, and the names of diagnoses, as sentences of their own.

use std::borrow::Cow;

use super::{Column, Decoder, FieldAt, Notice, Order, add_notice};
use crate::codes::trim_cell;
use crate::source::text_cell;

/// What stands between two texts: the end of a sentence, so that a negation in one says nothing of the other.
const NEXT_SENTENCE: &str = ";\n";
/// What stands between two names of a product.
pub(super) const NEXT_NAME: &str = "; ";

/// Reads the indication texts, then the names of diagnoses.
pub(super) fn read<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>, order: &mut Order) {
    for column in [Column::IndicationText, Column::DxName] {
        let own = order.text.len();
        for at in decoder.places.fields(column) {
            add_cell(decoder, column, decoder.cell(field, *at), order);
            if decoder.places.is_first_filled(column) && order.text.len() > own {
                break;
            }
        }
        if order.text.len() == own
            && let Some(cell) = decoder.joined.cell(column)
        {
            add_cell(decoder, column, text_cell(cell), order);
        }
    }
    for diagnosis in &decoder.joined.diagnoses {
        add_cell(decoder, Column::DxName, text_cell(&diagnosis.name), order);
    }
}

fn add_cell(decoder: &Decoder<'_>, column: Column, cell: Cow<'_, str>, order: &mut Order) {
    match cell {
        Cow::Borrowed(text) => add(decoder, column, text, order),
        Cow::Owned(text) => {
            if !decoder.is_null(column, &text) {
                add_notice(order, Notice::TextEncoding);
                add(decoder, column, &text, order);
            }
        }
    }
}

fn add(decoder: &Decoder<'_>, column: Column, text: &str, order: &mut Order) {
    if decoder.is_null(column, text) {
        return;
    }
    if column == Column::DxName {
        // A name may be a path from the general to the particular; each step says something by itself.
        text.split('|').for_each(|step| add_sentence(step, order));
    } else {
        add_sentence(text, order);
    }
}

fn add_sentence(text: &str, order: &mut Order) {
    if trim_cell(text).is_empty() {
        return;
    }
    if order.text.is_empty() {
        text.clone_into(&mut order.text);
    } else if !order.text.split(NEXT_SENTENCE).any(|own| trim_cell(own) == trim_cell(text)) {
        order.text.push_str(NEXT_SENTENCE);
        order.text.push_str(text);
    }
}
