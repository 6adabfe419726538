//! Folded text: lower case without accents, words apart by one space, with what stood between them.

use super::glyph::{Glyph, decomposed};
use super::stop::{self, Stop};

/// What stands between a word and the word before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Break {
    /// A space, or punctuation inside a term.
    #[default]
    None,
    /// A line end.
    Line,
    /// An opening bracket or a dash: what follows explains what came before.
    Open,
    /// A closing bracket.
    Close,
    /// A comma.
    Comma,
    /// A colon: what stands before it is a heading, or a name with its result.
    Colon,
    /// A full stop or semicolon.
    Clause,
}

/// What ties a word to the word before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tie {
    /// Nothing in particular.
    #[default]
    None,
    /// A slash without a space: the two are written as one item.
    Slash,
    /// A plus sign: the word before is a result that was found.
    Plus,
}

/// A word of folded text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Word {
    /// Byte offset in the folded text.
    pub start: usize,
    /// Byte offset behind it.
    pub end: usize,
    /// What stands before it.
    pub before: Break,
    /// Written without a space to the word before it.
    pub glued_left: bool,
    /// Written without a space to the word behind it.
    pub glued_right: bool,
    /// What ties it to the word before it.
    pub tie: Tie,
    /// A full stop before it that may end a sentence or an abbreviation.
    pub stop: Stop,
}

/// Text in which phrases are searched: lower case, accents folded, words separated by one space.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// The words.
    pub text: String,
    /// Where they are and what stands between them.
    pub words: Vec<Word>,
}

impl Folded {
    /// Folds text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::fold(text, usize::MAX)
    }

    /// Folds the first `words` words of a text, and does no work for those behind them.
    #[must_use]
    pub fn first_words(text: &str, words: usize) -> Self {
        let mut folded = Self::fold(text, words);
        folded.truncate(words);
        folded
    }

    /// Folds the first `words` words of a text; tells whether there are more.
    #[must_use]
    pub fn beginning(text: &str, words: usize) -> (Self, bool) {
        let mut folded = Self::fold(text, words);
        let more = folded.truncate(words);
        (folded, more)
    }

    fn fold(text: &str, words: usize) -> Self {
        let mut folding =
            Folding { text: Vec::with_capacity(text.len() + 8), words: Vec::with_capacity(text.len() / 6 + 4) };
        if text.is_ascii() {
            folding.read(text.as_bytes(), words);
        } else {
            folding.read(&decomposed(text), words);
        }
        let mut text = String::from_utf8(folding.text).unwrap_or_default();
        text.make_ascii_lowercase();
        Self { text, words: folding.words }
    }

    /// Keeps the first `words` words. Whether there were more.
    pub fn truncate(&mut self, words: usize) -> bool {
        let Some(end) = self.words.get(words).map(|_| words.checked_sub(1).map_or(0, |last| self.words[last].end))
        else {
            return false;
        };
        self.text.truncate(end);
        self.words.truncate(words);
        true
    }

    /// The word at an index.
    #[must_use]
    pub fn word_at(&self, index: usize) -> Option<&str> {
        self.words.get(index).map(|word| &self.text[word.start..word.end])
    }

    /// The strongest break between two words, the one before `first + 1` to the one before `last`.
    #[must_use]
    pub fn strongest_break(&self, first: usize, last: usize) -> Break {
        self.words[(first + 1).min(last + 1)..=last].iter().map(|word| word.before).max().unwrap_or_default()
    }
}

/// Text while it is folded.
struct Folding {
    /// The words, as UTF-8; letters of ASCII are put in lower case at the end, all at once.
    text: Vec<u8>,
    words: Vec<Word>,
}

impl Folding {
    fn read<G: Glyph>(&mut self, glyphs: &[G], words: usize) {
        let mut pending = Break::None;
        let mut stop = Stop::None;
        let mut at = 0;
        while at < glyphs.len() && self.words.len() <= words {
            if glyphs[at].is(' ') {
                at += 1;
                continue;
            }
            if let Some((letters, end, ends)) = stop::dotted(glyphs, at) {
                self.word(&letters, std::mem::take(&mut pending));
                pending = if ends { Break::Clause } else { Break::None };
                (at, stop) = (end, Stop::None);
                continue;
            }
            let length = glyphs[at..].iter().take_while(|glyph| glyph.is_of_word()).count();
            if length > 0 {
                let gap = glyphs[..at].iter().rev().take_while(|glyph| !glyph.is_of_word()).count();
                self.word(&glyphs[at..at + length], std::mem::take(&mut pending));
                self.join(&glyphs[at - gap..at], std::mem::take(&mut stop));
                at += length;
                continue;
            }
            let one = glyphs[at].char();
            let (before, behind) = (&glyphs[..at], &glyphs[at + 1..]);
            let (left, right) = (before.last().map(|glyph| glyph.char()), behind.first().map(|glyph| glyph.char()));
            if one == '?' {
                let glued = [left, right].map(|beside| beside.is_some_and(char::is_alphanumeric));
                self.mark("?", std::mem::take(&mut pending), glued[0], glued[1]);
            } else if one == '&' {
                self.mark("and", std::mem::take(&mut pending), false, false);
            } else if let Some(sign) = compares(one).filter(|_| is_of_number(behind)) {
                self.mark(sign, std::mem::take(&mut pending), false, false);
            } else if let Some(sign) = either_sign(&glyphs[at..]) {
                self.mark("?", std::mem::take(&mut pending), true, false);
                at += sign - 1;
            } else if is_dash(one) && (self.is_negative_sign(left, right) || is_minus_alone(before, behind)) {
                self.mark("neg", std::mem::take(&mut pending), true, false);
            } else if is_dash(one) && written_out(behind) {
                self.mark("neg", std::mem::take(&mut pending), true, false);
                at += 2;
            } else {
                pending = pending.max(self.break_at(one, left, right));
                if one == '.' && right.is_none_or(char::is_whitespace) {
                    stop = stop::behind_short_word(glyphs, at);
                }
            }
            at += 1;
        }
    }

    fn word<G: Glyph>(&mut self, glyphs: &[G], before: Break) {
        let name = if let [one] = glyphs { spelled_out(one.char()) } else { None };
        match name {
            Some(name) => self.push(|text| text.extend_from_slice(name.as_bytes()), before),
            None => self.push(|text| G::push(glyphs, text), before),
        }
    }

    fn push(&mut self, write: impl FnOnce(&mut Vec<u8>), before: Break) {
        if !self.text.is_empty() {
            self.text.push(b' ');
        }
        let start = self.text.len();
        write(&mut self.text);
        self.words.push(Word { start, end: self.text.len(), before, ..Word::default() });
    }

    /// Notes what stands between the last word and the one before it.
    fn join<G: Glyph>(&mut self, gap: &[G], stop: Stop) {
        if let Some(last) = self.words.last_mut() {
            let holds = |one: char| gap.iter().any(|glyph| glyph.is(one));
            last.stop = stop;
            last.tie = if matches!(gap, [one] if one.is(' ')) {
                Tie::None
            } else if holds('+') {
                Tie::Plus
            } else if holds('/') && !gap.iter().any(|glyph| glyph.is_space()) {
                Tie::Slash
            } else {
                Tie::None
            };
        }
    }

    fn mark(&mut self, word: &str, before: Break, glued_left: bool, glued_right: bool) {
        self.push(|text| text.extend_from_slice(word.as_bytes()), before);
        if let Some(last) = self.words.last_mut() {
            (last.glued_left, last.glued_right) = (glued_left, glued_right);
        }
    }

    /// `X-` before a space or a stop is the laboratory's minus sign, and so is one alone in brackets; `anti-` is not.
    fn is_negative_sign(&self, left: Option<char>, right: Option<char>) -> bool {
        if matches!((left, right), (Some('('), Some(')')) | (Some('['), Some(']'))) {
            return true;
        }
        let behind_word = left.is_some_and(char::is_alphanumeric);
        let before_gap = right.is_none_or(|c| matches!(c, ' ' | ',' | ';' | ')' | '.'));
        behind_word && before_gap && !self.ends_with(b"anti") && !self.ends_with(b"non")
    }

    fn ends_with(&self, letters: &[u8]) -> bool {
        let from = self.text.len().saturating_sub(letters.len());
        self.text[from..].eq_ignore_ascii_case(letters)
    }

    fn break_at(&self, c: char, left: Option<char>, right: Option<char>) -> Break {
        match c {
            '\n' | '\r' => Break::Line,
            ',' => Break::Comma,
            ':' => Break::Colon,
            ';' => Break::Clause,
            '.' if right.is_none_or(char::is_whitespace) && !self.is_abbreviation() => Break::Clause,
            '(' | '[' => Break::Open,
            ')' | ']' => Break::Close,
            c if is_dash(c) && left.is_some_and(char::is_whitespace) && right.is_some_and(char::is_whitespace) => {
                Break::Open
            }
            _ => Break::None,
        }
    }

    /// A full stop behind a word of one or two letters ends an abbreviation, not a sentence.
    fn is_abbreviation(&self) -> bool {
        self.words.last().is_some_and(|word| word.end - word.start <= 2)
    }
}

/// The name of a Greek letter that stands alone, as types of chains and antibodies are written.
fn spelled_out(letter: char) -> Option<&'static str> {
    match letter {
        'κ' | 'Κ' => Some("kappa"),
        'λ' | 'Λ' => Some("lambda"),
        'γ' | 'Γ' => Some("gamma"),
        _ => None,
    }
}

/// Whether a dash apart from the word before it is a minus: nothing stands behind it in its clause. Before another
/// word it is a dash.
fn is_minus_alone<G: Glyph>(before: &[G], behind: &[G]) -> bool {
    let apart = before.last().is_some_and(|glyph| glyph.is_space() && !glyph.is('\n'));
    let said_of = before.iter().rev().find(|glyph| !glyph.is_space());
    apart && said_of.is_some_and(|glyph| glyph.is_of_word() || matches!(glyph.char(), ':' | '=')) && ends_clause(behind)
}

/// Whether nothing more stands in the clause.
fn ends_clause<G: Glyph>(behind: &[G]) -> bool {
    let next = behind.iter().map(|glyph| glyph.char()).find(|c| !c.is_whitespace() || matches!(c, '\n' | '\r'));
    next.is_none_or(|c| matches!(c, ',' | ';' | ')' | ']' | '.' | '\n' | '\r'))
}

/// How long a sign is that says neither found nor not found, at the end of a clause.
fn either_sign<G: Glyph>(glyphs: &[G]) -> Option<usize> {
    let length = match glyphs {
        [one, ..] if one.is('±') => 1,
        [plus, slash, dash, ..] if plus.is('+') && slash.is('/') && is_dash(dash.char()) => 3,
        _ => return None,
    };
    ends_clause(&glyphs[length..]).then_some(length)
}

/// The word for a sign that compares numbers.
fn compares(c: char) -> Option<&'static str> {
    match c {
        '<' | '≤' => Some("<"),
        '>' | '≥' => Some(">"),
        _ => None,
    }
}

/// Whether a number stands behind a sign; alone it is the word of a rule.
fn is_of_number<G: Glyph>(behind: &[G]) -> bool {
    behind.iter().map(|glyph| glyph.char()).find(|c| !matches!(c, ' ' | '=')).is_none_or(|c| c.is_ascii_digit())
}

/// Whether a dash is that of "-ve", negative.
fn written_out<G: Glyph>(behind: &[G]) -> bool {
    let letters =
        |wanted: &str| behind.iter().zip(wanted.chars()).all(|(glyph, c)| glyph.char().eq_ignore_ascii_case(&c));
    behind.len() >= 2 && letters("ve") && behind.get(2).is_none_or(|glyph| !glyph.is_of_word())
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_punctuation_fold_to_words() {
        assert_eq!(Folded::new("Crème—Brûlée/X-1 (Y.2)").text, "creme brulee x 1 y 2");
    }

    #[test]
    fn a_minus_behind_a_word_reads_as_negative_and_a_hyphen_does_not() {
        assert_eq!(Folded::new("abc-, anti-xyz, q-fever anti- xyz").text, "abc neg anti xyz q fever anti xyz");
    }

    #[test]
    fn breaks_are_kept_beside_the_words() {
        let folded = Folded::new("one, two (three) vs. four. Five");
        let breaks: Vec<Break> = folded.words.iter().map(|word| word.before).collect();
        assert_eq!(breaks, [Break::None, Break::Comma, Break::Open, Break::Close, Break::None, Break::Clause]);
    }

    #[test]
    fn a_minus_in_brackets_or_spelled_out_reads_as_negative() {
        assert_eq!(
            Folded::new("abc (-), def [-], ghi -ve; jkl -very (- x)").text,
            "abc neg def neg ghi neg jkl very x"
        );
    }

    #[test]
    fn a_minus_apart_is_one_only_where_the_clause_ends() {
        assert_eq!(
            Folded::new("abc -, de – ; fg: -\nhi - jk (lm -) no -").text,
            "abc neg de neg fg neg hi jk lm neg no neg"
        );
    }

    #[test]
    fn below_a_number_is_a_word_and_both_signs_at_once_are_a_doubt() {
        assert_eq!(
            Folded::new("abc < 20, de ≤5, fg <hi>; jk +/-, lm ± no >= 3").text,
            "abc < 20 de < 5 fg hi jk ? lm no > 3"
        );
    }

    #[test]
    fn an_ampersand_is_a_word_and_a_greek_letter_alone_has_its_name() {
        assert_eq!(Folded::new("abc & def, xy-κ, λ").text, "abc and def xy kappa lambda");
    }

    #[test]
    fn a_question_mark_knows_its_side() {
        let folded = Folded::new("?abc def?");
        let marks: Vec<(bool, bool)> = folded
            .words
            .iter()
            .filter(|word| &folded.text[word.start..word.end] == "?")
            .map(|word| (word.glued_left, word.glued_right))
            .collect();
        assert_eq!(marks, [(false, true), (true, false)]);
    }
}
