//! Phrases: how free text is folded, and the one automaton that finds every phrase of a ruleset in it.
//!
//! Phrases are words, not regular expressions. What a phrase found means for an order (negated, hedged,
//! asserted) is for `assess`.

mod stop;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::list::ListSet;
pub use stop::Stop;

/// What a cue does to the phrases in its reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CueKind {
    /// "no", "without": the next phrase is not asserted.
    NegationBefore,
    /// "negative", "not met": the phrase before is not asserted.
    NegationAfter,
    /// "ruled out", "criteria not met": a verdict on the phrase before, also over a comma; it is not asserted.
    VerdictAfter,
    /// "possible", "?": the next phrase is uncertain.
    HedgeBefore,
    /// "suspected" behind a phrase.
    HedgeAfter,
    /// "history of": the next phrase is past.
    HistoryBefore,
    /// "resolved" behind a phrase: it is past.
    HistoryAfter,
    /// "mother": the rest of the clause is about somebody else.
    FamilyBefore,
    /// "or": the two names beside it are alternatives.
    Differential,
    /// "versus": the same, and a name against something that the rules do not know is uncertain.
    Versus,
    /// "differential includes": everything to the end of the sentence is uncertain.
    DifferentialBefore,
    /// "years ago", "in childhood": an event that it stands behind is past.
    TimeAfter,
    /// "when ... is withheld": events of the same sentence are spoken of as what may happen, not as what is there.
    Condition,
    /// A result that says nothing of its own here: what is said of it holds for the results beside it.
    Result,
    /// "inhibitor" behind an enzyme: holds a name or a fact's word and says nothing.
    NotAMention,
    /// "and", "or": carries a cue on to the next phrase.
    Conjunction,
    /// "prior authorization": holds the word of a cue and is none; the word in it does not count.
    NotACue,
}

/// What a phrase stands for in a ruleset. One phrase may have several meanings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Names an indication; `ambiguous` points at the conditions under which it counts.
    Name {
        /// Index of the indication.
        indication: u16,
        /// Index into the phrase book's ambiguous phrases.
        ambiguous: Option<u16>,
    },
    /// Gives a fact a value, and another one when it is negated.
    Fact {
        /// Index of the fact.
        fact: u8,
        /// Index of the value.
        value: u8,
        /// Index of the value that an explicit negation gives.
        negated: Option<u8>,
    },
    /// Changes what is said by others.
    Cue(CueKind),
    /// Supports or forbids an ambiguous phrase elsewhere in the text.
    Context,
}

/// When a short, ambiguous phrase counts as a name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ambiguous {
    pub with_codes: ListSet,
    /// Phrase indices of which one must be in the text if no code supports it.
    pub with_words: Vec<u16>,
    /// Phrase indices of which none may be in the text.
    pub not_with_words: Vec<u16>,
    pub not_after_number: bool,
    pub not_before: Vec<String>,
}

/// All phrases of a ruleset.
#[derive(Debug, Clone)]
pub struct PhraseBook {
    automaton: AhoCorasick,
    phrases: Vec<String>,
    meanings: Vec<Vec<Meaning>>,
    pub(crate) ambiguous: Vec<Ambiguous>,
    own: Vec<bool>,
}

/// Collects phrases while a ruleset is compiled.
#[derive(Debug, Default)]
pub(crate) struct PhraseCollector {
    phrases: Vec<String>,
    meanings: Vec<Vec<Meaning>>,
    index: std::collections::HashMap<String, u16>,
    pub ambiguous: Vec<Ambiguous>,
    own: Vec<bool>,
    /// Whether what is added now is written in the top layer.
    pub is_top: bool,
}

impl PhraseCollector {
    /// Adds a meaning to a phrase and returns the phrase's index.
    pub fn add(&mut self, phrase: &str, meaning: Meaning) -> u16 {
        let next = self.phrases.len() as u16;
        let at = *self.index.entry(phrase.to_owned()).or_insert(next);
        if at == next {
            self.phrases.push(phrase.to_owned());
            self.meanings.push(Vec::new());
            self.own.push(false);
        }
        self.own[usize::from(at)] |= self.is_top;
        let meanings = &mut self.meanings[usize::from(at)];
        if !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
        at
    }

    pub fn finish(self) -> Result<PhraseBook, String> {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&self.phrases)
            .map_err(|error| error.to_string())?;
        let (phrases, meanings, ambiguous, own) = (self.phrases, self.meanings, self.ambiguous, self.own);
        Ok(PhraseBook { automaton, phrases, meanings, ambiguous, own })
    }
}

impl PhraseBook {
    /// The phrase at an index, as the rules write it.
    #[must_use]
    pub fn phrase(&self, index: u16) -> &str {
        &self.phrases[usize::from(index)]
    }

    /// Every phrase with its meanings.
    pub fn all(&self) -> impl Iterator<Item = (&str, &[Meaning])> {
        self.phrases.iter().map(String::as_str).zip(self.meanings.iter().map(Vec::as_slice))
    }

    /// Whether the ruleset itself writes a phrase, and not only one that it is laid over.
    pub(crate) fn is_own(&self, index: u16) -> bool {
        self.own[usize::from(index)]
    }

    pub(crate) fn meanings(&self, index: u16) -> &[Meaning] {
        &self.meanings[usize::from(index)]
    }

    /// Whole-word occurrences of every phrase: phrase index, first and last word.
    pub(crate) fn occurrences(&self, folded: &Folded) -> Vec<(u16, usize, usize)> {
        let bytes = folded.text.as_bytes();
        let mut found = Vec::new();
        for hit in self.automaton.find_overlapping_iter(&folded.text) {
            let starts = hit.start() == 0 || bytes[hit.start() - 1] == b' ';
            let ends = hit.end() == bytes.len() || bytes[hit.end()] == b' ';
            if starts && ends {
                let first = folded.words.partition_point(|word| word.start < hit.start());
                let last = folded.words.partition_point(|word| word.start < hit.end()) - 1;
                found.push((hit.pattern().as_u32() as u16, first, last));
            }
        }
        found
    }
}

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
#[derive(Debug, Clone, Copy, Default)]
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
#[derive(Debug, Clone, Default)]
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
        let chars: Vec<char> = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
        let mut folded = Self::default();
        let mut pending = Break::None;
        let mut stop = Stop::None;
        let mut at = 0;
        while at < chars.len() {
            if let Some((letters, end, ends)) = stop::dotted(&chars, at) {
                folded.word(&letters, std::mem::take(&mut pending));
                pending = if ends { Break::Clause } else { Break::None };
                (at, stop) = (end, Stop::None);
                continue;
            }
            let word_end = at + chars[at..].iter().take_while(|c| c.is_alphanumeric()).count();
            if word_end > at {
                let gap: Vec<char> = chars[..at].iter().rev().take_while(|c| !c.is_alphanumeric()).copied().collect();
                folded.word(&chars[at..word_end], std::mem::take(&mut pending));
                folded.join(&gap, std::mem::take(&mut stop));
                at = word_end;
                continue;
            }
            let (left, right) = (at.checked_sub(1).map(|i| chars[i]), chars.get(at + 1).copied());
            if chars[at] == '?' {
                folded.mark(
                    "?",
                    std::mem::take(&mut pending),
                    left.is_some_and(char::is_alphanumeric),
                    right.is_some_and(char::is_alphanumeric),
                );
            } else if chars[at] == '&' {
                folded.mark("and", std::mem::take(&mut pending), false, false);
            } else if is_dash(chars[at]) && folded.is_negative_sign(left, right) {
                folded.mark("neg", std::mem::take(&mut pending), true, false);
            } else if is_dash(chars[at]) && written_out(&chars[at + 1..]) {
                folded.mark("neg", std::mem::take(&mut pending), true, false);
                at += 2;
            } else {
                pending = pending.max(folded.break_at(chars[at], left, right));
                if chars[at] == '.' && right.is_none_or(char::is_whitespace) {
                    stop = stop::behind_short_word(&chars, at);
                }
            }
            at += 1;
        }
        folded
    }

    fn word(&mut self, chars: &[char], before: Break) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        let start = self.text.len();
        match spelled_out(chars) {
            Some(word) => self.text.push_str(word),
            None => self.text.extend(chars.iter().flat_map(|c| c.to_lowercase())),
        }
        self.words.push(Word { start, end: self.text.len(), before, ..Word::default() });
    }

    /// Notes what stands between the last word and the one before it.
    fn join(&mut self, gap: &[char], stop: Stop) {
        if let Some(last) = self.words.last_mut() {
            last.stop = stop;
            last.tie = match gap {
                gap if gap.contains(&'+') => Tie::Plus,
                gap if gap.contains(&'/') && !gap.iter().any(|c| c.is_whitespace()) => Tie::Slash,
                _ => Tie::None,
            };
        }
    }

    fn mark(&mut self, word: &str, before: Break, glued_left: bool, glued_right: bool) {
        self.word(&word.chars().collect::<Vec<_>>(), before);
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
        behind_word && before_gap && !self.text.ends_with("anti") && !self.text.ends_with("non")
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

/// The name of a Greek letter that stands alone, as types of chains and antibodies are written.
fn spelled_out(chars: &[char]) -> Option<&'static str> {
    match chars {
        ['κ' | 'Κ'] => Some("kappa"),
        ['λ' | 'Λ'] => Some("lambda"),
        ['γ' | 'Γ'] => Some("gamma"),
        _ => None,
    }
}

/// Whether a dash is that of "-ve", negative.
fn written_out(behind: &[char]) -> bool {
    let word: String = behind.iter().take_while(|c| c.is_alphanumeric()).collect();
    word.eq_ignore_ascii_case("ve")
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
