//! What is wrong with a rules directory, and where.

use std::fmt;
use std::ops::Range;

/// One thing wrong in one file. `message` says what would be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path below the rules directory.
    pub file: String,
    /// 1-based line, where one is known.
    pub line: Option<usize>,
    /// What is wrong and what would be accepted.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(file: &str, line: Option<usize>, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into() }
    }

    /// A problem at a byte range of a file's text.
    pub(crate) fn at(file: &str, text: &str, span: &Range<usize>, message: impl Into<String>) -> Self {
        Self::new(file, Some(Lines::of(text).number(span.start)), message)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{}: {}", self.file, line, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// Tells the lines of places in a text. Places that are asked for in their order are counted from the one before.
pub(crate) struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    ends: usize,
}

impl<'t> Lines<'t> {
    pub fn of(text: &'t str) -> Self {
        Self { text: text.as_bytes(), at: 0, ends: 0 }
    }

    /// The 1-based line of a place; behind the text the last one.
    pub fn number(&mut self, at: usize) -> usize {
        let at = at.min(self.text.len());
        if at < self.at {
            (self.at, self.ends) = (0, 0);
        }
        self.ends += self.text[self.at..at].split(|byte| *byte == b'\n').count() - 1;
        self.at = at;
        self.ends + 1
    }
}

/// A ruleset that cannot be used, with everything that was found wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesError {
    /// At least one problem, in the order of the files.
    pub problems: Vec<Problem>,
}

impl RulesError {
    pub(crate) fn one(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for RulesError {}

/// The words of a list as "`a`, `b` or `c`", for messages that say what would be accepted.
pub(crate) fn accepted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn places_are_told_by_their_lines_in_any_order() {
        let mut lines = Lines::of("a\nb\n\nc");
        let told = [0, 1, 2, 5, 2, 6, 99].map(|at| lines.number(at));
        assert_eq!(told, [1, 1, 2, 4, 2, 4, 4]);
    }
}
