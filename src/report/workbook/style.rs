//! How cells look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// What a cell holds, as far as its look is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// A text on one line.
    Text,
    /// A text of several sentences.
    Wrapped,
    /// A number that is counted.
    Count,
    /// A number that names something, such as a record.
    Number,
    /// Units or grams.
    Grams,
    /// An amount of money.
    Money,
    /// A date.
    Date,
    /// A text that a reviewer writes.
    Entry,
    /// A date that a reviewer writes.
    EntryDate,
}

/// The formats of a workbook.
pub(super) struct Styles {
    pub(super) title: Format,
    pub(super) section: Format,
    pub(super) head: Format,
    text: Format,
    wrapped: Format,
    count: Format,
    number: Format,
    grams: Format,
    money: Format,
    date: Format,
    entry: Format,
    entry_date: Format,
}

const DATE: &str = "yyyy-mm-dd";

impl Styles {
    pub(super) fn new() -> Self {
        let base = || Format::new().set_align(FormatAlign::Top);
        let number = |form: &str| base().set_num_format(form);
        // A text stays a text when somebody edits its cell: without the mark, `=1+1` would become a formula then.
        let text = || base().set_quote_prefix();
        let entry = || {
            base()
                .set_background_color(Color::RGB(0x00FF_F8E1))
                .set_border(FormatBorder::Hair)
                .set_border_color(Color::Gray)
        };
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_background_color(Color::RGB(0x00DD_E6EE))
            .set_border_bottom(FormatBorder::Thin);
        Self {
            title: Format::new().set_bold().set_font_size(14),
            section: Format::new().set_bold().set_font_size(12),
            head,
            text: text(),
            wrapped: text().set_text_wrap(),
            count: number("#,##0"),
            number: number("0"),
            grams: number("#,##0.0##"),
            money: number("#,##0.00"),
            date: number(DATE),
            entry: entry().set_text_wrap(),
            entry_date: entry().set_num_format(DATE),
        }
    }

    pub(super) fn of(&self, style: Style) -> &Format {
        match style {
            Style::Text => &self.text,
            Style::Wrapped => &self.wrapped,
            Style::Count => &self.count,
            Style::Number => &self.number,
            Style::Grams => &self.grams,
            Style::Money => &self.money,
            Style::Date => &self.date,
            Style::Entry => &self.entry,
            Style::EntryDate => &self.entry_date,
        }
    }
}
