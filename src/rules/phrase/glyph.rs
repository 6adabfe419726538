//! Characters as folding reads them. In ASCII text a character is a byte, and what kind of character it is needs no
//! table; all other text is decomposed first, as far as it is not ASCII.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A character of a text that is folded.
pub(super) trait Glyph: Copy {
    /// The character.
    fn char(self) -> char;

    /// Appends characters of a word as UTF-8, in lower case but for letters of ASCII.
    fn push(word: &[Self], text: &mut Vec<u8>);

    /// Whether it is a letter or a digit, and so part of a word.
    fn is_of_word(self) -> bool {
        self.char().is_alphanumeric()
    }

    fn is_letter(self) -> bool {
        self.char().is_alphabetic()
    }

    fn is_space(self) -> bool {
        self.char().is_whitespace()
    }

    fn is_capital(self) -> bool {
        self.char().is_uppercase()
    }

    fn is(self, one: char) -> bool {
        self.char() == one
    }
}

/// Which bytes are letters or digits of ASCII.
static OF_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

impl Glyph for u8 {
    fn char(self) -> char {
        char::from(self)
    }

    fn push(word: &[Self], text: &mut Vec<u8>) {
        text.extend_from_slice(word);
    }

    fn is_of_word(self) -> bool {
        OF_WORD[usize::from(self)]
    }

    fn is_letter(self) -> bool {
        self.is_ascii_alphabetic()
    }

    fn is_space(self) -> bool {
        matches!(self, b' ' | 9..=13)
    }

    fn is_capital(self) -> bool {
        self.is_ascii_uppercase()
    }
}

impl Glyph for char {
    fn char(self) -> char {
        self
    }

    fn push(word: &[Self], text: &mut Vec<u8>) {
        let mut bytes = [0; 4];
        for c in word.iter().flat_map(|c| c.to_lowercase()) {
            text.extend_from_slice(c.encode_utf8(&mut bytes).as_bytes());
        }
    }
}

/// The characters of a text, decomposed, without marks over letters. ASCII stands for itself and parts what it stands
/// between, so only what is not ASCII is looked up.
pub(super) fn decomposed(text: &str) -> Vec<char> {
    let mut chars = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let ascii = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (plain, behind) = rest.split_at(ascii);
        chars.extend(plain.chars());
        let other = behind.bytes().position(|byte| byte.is_ascii()).unwrap_or(behind.len());
        let (foreign, behind) = behind.split_at(other);
        chars.extend(foreign.nfkd().filter(|c| !is_combining_mark(*c)));
        rest = behind;
    }
    chars
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ascii_is_of_the_same_kind_by_its_byte_as_by_its_character() {
        for byte in 0..=127_u8 {
            let c = char::from(byte);
            assert_eq!(byte.is_of_word(), c.is_alphanumeric(), "{byte}");
            assert_eq!(byte.is_letter(), c.is_alphabetic(), "{byte}");
            assert_eq!(byte.is_space(), c.is_whitespace(), "{byte}");
            assert_eq!(byte.is_capital(), c.is_uppercase(), "{byte}");
            let (mut by_byte, mut by_char) = (Vec::new(), Vec::new());
            u8::push(&[byte.to_ascii_lowercase()], &mut by_byte);
            char::push(&[c], &mut by_char);
            assert_eq!(by_byte, by_char, "{byte}");
        }
    }

    proptest! {
        #[test]
        fn decomposing_by_parts_is_decomposing_the_whole(text in "([ -~]|[à-ÿ]|[ﬁ①½Ａ]|[\u{300}-\u{320}]|가|ẛ̣|\\PC){0,24}") {
            let whole: Vec<char> = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
            prop_assert_eq!(decomposed(&text), whole);
        }
    }
}
