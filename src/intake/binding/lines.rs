//! Which records are lines, and the lines within a record.

use super::names::range;
use super::places::{self, Places};
use super::{Binding, Column};
use crate::codes::{ProductSystem, trim_cell};
use crate::intake::layout::{Layout, Names, Several, Slots, Where};

/// A condition tied to a header.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub field: usize,
    any_of: Vec<String>,
    none_of: Vec<String>,
}

impl Condition {
    /// The conditions whose field is in the header; one whose field is absent holds.
    pub fn bind(names: &[String], conditions: &[Where]) -> Vec<Self> {
        let lower = |words: &[String]| words.iter().map(|word| trim_cell(word).to_lowercase()).collect();
        conditions
            .iter()
            .filter_map(|own| {
                let field = places::place(names, &own.name)?;
                Some(Self { field, any_of: lower(&own.any_of), none_of: lower(&own.none_of) })
            })
            .collect()
    }

    pub fn holds(&self, cell: &[u8]) -> bool {
        let cell = String::from_utf8_lossy(cell);
        let trimmed = trim_cell(&cell);
        let lower = trimmed.to_lowercase();
        let is = |word: &String| match word.strip_suffix('*') {
            Some(beginning) => lower.starts_with(beginning),
            None => *word == lower,
        };
        (self.any_of.is_empty() || self.any_of.iter().any(is)) && !self.none_of.iter().any(is)
    }
}

/// One line of a record that may hold several.
#[derive(Debug, Clone)]
pub struct Slot {
    /// Its number among the slots of the layout, from 1.
    pub number: u32,
    /// The group that it belongs to, from 0.
    pub group: usize,
    /// Whether its group counts only where no group before it gave a line in scope.
    pub only_if_none: bool,
    /// What its product codes are; empty for all systems by shape.
    pub systems: Vec<ProductSystem>,
    pub(in crate::intake) places: Places,
    /// The fields of its own product columns, with the column: without any of them filled it is no line.
    products: Vec<(Column, usize)>,
    /// In which records it is looked at.
    pub(super) conditions: Vec<Condition>,
}

/// The columns that name a product.
pub(in crate::intake) const PRODUCT: [Column; 3] = [Column::ProductCode, Column::Ndc, Column::ProductName];

impl Slot {
    /// The slots of a layout whose product columns are in the header.
    pub(super) fn bind(names: &[String], layout: &Layout, record: &Places) -> Vec<Self> {
        let mut slots = Vec::new();
        let mut number = 0;
        for (group, own) in layout.slots.iter().enumerate() {
            let conditions = Condition::bind(names, &own.conditions);
            for nth in range(&own.numbers).into_iter().flatten() {
                number += 1;
                // Most layouts that are tried have none of their slots in the header.
                let named = PRODUCT.iter().filter_map(|column| own.columns.get(column));
                if !named
                    .map(|own| of_number(own, nth))
                    .any(|own| places::numbered(names, &own).iter().any(Option::is_some))
                {
                    continue;
                }
                let columns = numbered(own, nth);
                let mut places = record.clone();
                places.overlay(names, &columns);
                let named = PRODUCT.iter().filter(|column| columns.contains_key(column));
                let fields =
                    |column: &Column| places.fields(*column).iter().map(|at| (*column, *at)).collect::<Vec<_>>();
                let products: Vec<(Column, usize)> = named.flat_map(fields).collect();
                let systems = if own.systems.is_empty() { &layout.systems.product } else { &own.systems };
                let only_if_none = own.only_if_none;
                let (systems, conditions) = (systems.clone(), conditions.clone());
                slots.push(Self { number, group, only_if_none, systems, places, products, conditions });
            }
        }
        slots
    }

    /// The columns of its own product cells, one for each cell.
    pub(super) fn product_columns(&self) -> Vec<Column> {
        self.products.iter().map(|(column, _)| *column).collect()
    }

    /// Whether any of its product cells is filled, in a record in which it is looked at.
    pub fn is_filled<'f>(&self, binding: &Binding, field: &impl Fn(usize) -> &'f [u8]) -> bool {
        self.products.iter().any(|(_, at)| !binding.is_empty_cell(None, field(*at)))
            && self.conditions.iter().all(|condition| condition.holds(field(condition.field)))
    }
}

/// The names of a group's columns for one number.
fn numbered(slots: &Slots, number: u32) -> std::collections::BTreeMap<Column, Names> {
    slots.columns.iter().map(|(column, names)| (*column, of_number(names, number))).collect()
}

/// The names of one column of a group for one number.
fn of_number(names: &Names, number: u32) -> Names {
    let put = |names: &[String]| names.iter().map(|name| name.replace("{i}", &number.to_string())).collect();
    match names {
        Names::First(own) => Names::First(put(own)),
        Names::Several(Several::Filled(own)) => Names::Several(Several::Filled(put(own))),
        Names::Several(Several::Every(own)) => Names::Several(Several::Every(put(own))),
    }
}
