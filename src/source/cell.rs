//! Windows-1252, and cells of text that are not UTF-8 although their export is.

use std::borrow::Cow;

/// What Windows-1252 has from 0x80 to 0x9f, where Latin-1 has control characters; `None` is undefined.
const ABOVE_ASCII: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

/// The character that a byte of Windows-1252 stands for, if there is one.
pub(super) fn character(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9f => ABOVE_ASCII[usize::from(byte - 0x80)],
        _ => Some(char::from(byte)),
    }
}

/// Reads bytes as Windows-1252; the five that it leaves undefined become U+FFFD.
#[must_use]
pub fn windows_1252(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| character(*byte).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Reads one cell of text: as UTF-8 where it is, and the bytes that are not as Windows-1252. The two stand side by
/// side in cells that an interface put together. Borrowed exactly if the cell is valid UTF-8.
///
/// It is for text that is shown or searched for words. Where a cell decides, no reading is right but the declared one.
#[must_use]
pub fn text_cell(cell: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(cell) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(
            cell.utf8_chunks().flat_map(|chunk| [chunk.valid().to_owned(), windows_1252(chunk.invalid())]).collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{text_cell, windows_1252};

    #[test]
    fn what_is_no_utf8_is_read_as_windows_1252_and_the_rest_stays() {
        assert!(matches!(text_cell("Guillain-Barré".as_bytes()), Cow::Borrowed("Guillain-Barré")));
        assert_eq!(text_cell(b"Guillain-Barr\xe9 syndrome"), "Guillain-Barré syndrome");
        assert_eq!(text_cell(b"Barr\xe9, Barr\xc3\xa9"), "Barré, Barré");
        assert_eq!(text_cell(b"\x93quoted\x94 \x80 10"), "“quoted” € 10");
        assert_eq!(text_cell(b"a\x81b"), "a\u{fffd}b");
    }

    #[test]
    fn every_byte_but_five_is_a_character() {
        let all: Vec<u8> = (0..=255).collect();
        let text = windows_1252(&all);
        assert_eq!(text.chars().count(), 256);
        assert_eq!(text.chars().filter(|c| *c == '\u{fffd}').count(), 5);
        assert!(text.starts_with('\0') && text.ends_with('ÿ'));
        assert_eq!(windows_1252(b"\xa0\x9f\x8e\x9e"), "\u{a0}ŸŽž");
    }
}
