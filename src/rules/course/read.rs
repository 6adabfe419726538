//! From `patterns.toml` as written to what is looked for.

use toml::Spanned;

use super::file::{GramsAYear, Lines, LongCourse, PatternFile, PatternsFile, RepeatedMonths};
use super::{Course, Pattern, Shape};
use crate::rules::compile::parse;
use crate::rules::error::{Lines as LineNumbers, Problem, RulesError};

/// How many patterns are looked for: an order remembers in 32 bits which it shows.
const PATTERNS_MAX: usize = 32;

impl Course {
    /// The name of the file, beside the rulesets or in the directory of one.
    pub const FILE: &'static str = "patterns.toml";

    /// Reads what a file says.
    ///
    /// # Errors
    /// [`RulesError`] with every problem found, each with its line and what would be accepted.
    pub(in crate::rules) fn read(path: &str, text: &str) -> Result<Self, RulesError> {
        let file: PatternsFile = parse(path, text).map_err(RulesError::one)?;
        let mut page = Page { path, text, problems: Vec::new(), named_rows: Vec::new() };
        if file.course.refusals.iter().any(|word| word.trim().is_empty()) {
            page.problems.push(Problem::new(path, None, "`refusals` has an empty word; accepted is none at all"));
        }
        if file.patterns.len() > PATTERNS_MAX {
            let message = format!("{} patterns; accepted are at most {PATTERNS_MAX}", file.patterns.len());
            page.problems.push(Problem::new(path, None, message));
        }
        let mut patterns: Vec<Pattern> = Vec::new();
        for pattern in &file.patterns {
            if patterns.iter().any(|other| other.id == *pattern.id.get_ref()) {
                page.wrong(&pattern.id, "another pattern has this id; accepted is one of its own");
            }
            patterns.extend(page.pattern(pattern));
        }
        if !page.problems.is_empty() {
            return Err(RulesError { problems: page.problems });
        }
        Ok(Self {
            file: path.to_owned(),
            new_after_days: *file.course.new_after_days.get_ref(),
            observed_days: *file.course.observed_days.get_ref(),
            refusals: file.course.refusals,
            patterns,
            named_rows: page.named_rows,
            digest: blake3::hash(text.as_bytes()).to_hex().to_string(),
        })
    }
}

/// The file while it is read.
struct Page<'a> {
    path: &'a str,
    text: &'a str,
    problems: Vec<Problem>,
    named_rows: Vec<(String, usize)>,
}

impl Page<'_> {
    fn wrong<T>(&mut self, at: &Spanned<T>, message: impl Into<String>) {
        self.problems.push(Problem::at(self.path, self.text, &at.span(), message));
    }

    fn pattern(&mut self, file: &PatternFile) -> Option<Pattern> {
        let id = file.id.get_ref();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
            self.wrong(&file.id, "accepted in an id are small letters, digits and hyphens");
        }
        for text in [&file.label, &file.why, &file.look_at, &file.source] {
            if text.get_ref().trim().is_empty() {
                self.wrong(text, "this is empty; a reader must know it");
            }
        }
        let shape = self.shape(file)?;
        Some(Pattern {
            id: id.clone(),
            label: file.label.get_ref().clone(),
            why: file.why.get_ref().clone(),
            look_at: file.look_at.get_ref().clone(),
            basis: file.basis,
            source: file.source.get_ref().clone(),
            confidence: file.confidence,
            shape,
        })
    }

    /// The one shape that a pattern has.
    fn shape(&mut self, file: &PatternFile) -> Option<Shape> {
        let moved = file.moved_after_refusal.as_ref().map(|moved| Shape::MovedAfterRefusal {
            from: moved.from.clone(),
            to: moved.to.clone(),
            days: *moved.days.get_ref(),
        });
        let lines = file.lines_of_one_day.as_ref();
        let shapes = [
            file.repeated_months.as_ref().map(|months| self.repeated_months(months)),
            file.long_course.as_ref().map(|course| self.long_course(course)),
            moved,
            lines.map(|lines| Shape::LinesOfOneDay { different_products: lines.products == Lines::Different }),
            file.grams_a_year.as_ref().map(|thresholds| self.grams_a_year(thresholds)),
        ];
        let mut shapes = shapes.into_iter().flatten();
        if let (Some(shape), None) = (shapes.next(), shapes.next()) {
            return Some(shape);
        }
        self.wrong(
            &file.id,
            "a pattern has one shape; accepted is one of the tables `repeated-months`, `long-course`, \
             `moved-after-refusal`, `lines-of-one-day` and `grams-a-year`",
        );
        None
    }

    fn repeated_months(&mut self, file: &RepeatedMonths) -> Shape {
        for months in [&file.in_a_row, &file.months] {
            if *months.get_ref() < 2 {
                self.wrong(months, "one month repeats nothing; accepted is 2 or more");
            }
        }
        if file.within_months.get_ref() < file.months.get_ref() {
            self.wrong(&file.within_months, "there are not so many months in it; accepted is at least `months`");
        }
        Shape::RepeatedMonths {
            rows: self.rows(&file.rows),
            in_a_row: *file.in_a_row.get_ref(),
            months: *file.months.get_ref(),
            within_months: *file.within_months.get_ref(),
        }
    }

    fn long_course(&mut self, file: &LongCourse) -> Shape {
        for days in [&file.days, &file.gap_days] {
            self.positive(days);
        }
        Shape::LongCourse {
            rows: self.rows(&file.rows),
            days: *file.days.get_ref(),
            gap_days: *file.gap_days.get_ref(),
        }
    }

    fn grams_a_year(&mut self, file: &[GramsAYear]) -> Shape {
        let mut thresholds: Vec<(Vec<String>, u32)> = Vec::new();
        for each in file {
            self.positive(&each.grams);
            for row in &each.rows {
                if thresholds.iter().any(|(rows, _)| rows.contains(row.get_ref())) {
                    self.wrong(row, "this row has a threshold already; accepted is one");
                }
            }
            thresholds.push((self.rows(&each.rows), *each.grams.get_ref()));
        }
        Shape::GramsAYear { thresholds }
    }

    fn positive(&mut self, number: &Spanned<u32>) {
        if *number.get_ref() == 0 {
            self.wrong(number, "this is zero; accepted is 1 or more");
        }
    }

    /// The rows, remembered with their lines; whether some edition has them is a lint's question.
    fn rows(&mut self, rows: &[Spanned<String>]) -> Vec<String> {
        let mut lines = LineNumbers::of(self.text);
        let named = rows.iter().map(|row| (row.get_ref().clone(), lines.number(row.span().start)));
        self.named_rows.extend(named);
        rows.iter().map(|row| row.get_ref().clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[course]\nnew-after-days = 90\nobserved-days = 90\nrefusals = []\n";
    const WORDS: &str =
        "label = \"a\"\nwhy = \"b\"\nlook-at = \"c\"\nbasis = \"local\"\nsource = \"d\"\nconfidence = \"low\"\n";

    fn problems(pattern: &str) -> Vec<String> {
        let text = format!("{HEAD}[[pattern]]\n{WORDS}{pattern}");
        let Err(error) = Course::read("patterns.toml", &text) else { return Vec::new() };
        error.problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_thing_wrong_is_told_with_its_line_and_what_is_accepted() {
        let months = "[pattern.repeated-months]\nrows = [\"x\"]\n";
        for (pattern, line, says) in [
            (format!("id = \"p\"\n{months}in-a-row = 1\nmonths = 3\nwithin-months = 6\n"), 15, "2 or more"),
            (format!("id = \"p\"\n{months}in-a-row = 2\nmonths = 7\nwithin-months = 6\n"), 17, "at least `months`"),
            ("id = \"P p\"\n[pattern.lines-of-one-day]\nproducts = \"same\"\n".to_owned(), 12, "small letters"),
            ("id = \"p\"\n".to_owned(), 12, "one of the tables"),
            ("id = \"p\"\n[pattern.long-course]\nrows = []\ndays = 0\ngap-days = 3\n".to_owned(), 15, "1 or more"),
            ("id = \"p\"\n[pattern.lines-of-one-day]\nproducts = \"some\"\n".to_owned(), 14, "same"),
            ("id = \"p\"\n[pattern.long-course]\nrows = []\nweeks = 3\n".to_owned(), 15, "weeks"),
        ] {
            let found = problems(&pattern);
            assert_eq!(found.len(), 1, "{pattern}: {found:?}");
            assert!(found[0].starts_with(&format!("patterns.toml:{line}: ")), "{found:?}");
            assert!(found[0].contains(says), "{found:?}");
        }
    }

    #[test]
    fn an_id_is_of_one_pattern_and_a_row_has_one_threshold() {
        let one = "id = \"p\"\n[pattern.lines-of-one-day]\nproducts = \"same\"\n";
        let twice = problems(&format!("{one}[[pattern]]\n{WORDS}{one}"));
        assert!(twice.len() == 1 && twice[0].contains("another pattern has this id"), "{twice:?}");
        let threshold = "[[pattern.grams-a-year]]\nrows = [\"x\"]\ngrams = 5\n";
        let twice = problems(&format!("id = \"p\"\n{threshold}{threshold}"));
        assert!(twice.len() == 1 && twice[0].contains("has a threshold already"), "{twice:?}");
    }
}
