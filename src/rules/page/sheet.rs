//! Headings, paragraphs and lists of a fixed width, as plain text.

/// Columns of a line.
const WIDTH: usize = 100;

/// Text while it is laid out.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    lines: Vec<String>,
}

impl Sheet {
    /// The name of the page.
    pub fn title(&mut self, text: &str) {
        self.lines.push(text.to_owned());
        self.lines.push("=".repeat(text.chars().count()));
        self.lines.push(String::new());
    }

    /// The name of a section, with an empty line before it.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        self.lines.push(text.to_owned());
        self.lines.push("-".repeat(text.chars().count()));
    }

    /// An empty line, unless there is one or a heading.
    pub fn gap(&mut self) {
        let is_text = |line: &String| !line.is_empty() && line.chars().any(|c| c != '-');
        if self.lines.last().is_some_and(is_text) {
            self.lines.push(String::new());
        }
    }

    /// A paragraph behind an indent.
    pub fn paragraph(&mut self, indent: usize, text: &str) {
        self.hanging(&" ".repeat(indent), &" ".repeat(indent), text);
    }

    /// An item of a list behind an indent.
    pub fn item(&mut self, indent: usize, text: &str) {
        self.hanging(&format!("{}- ", " ".repeat(indent)), &" ".repeat(indent + 2), text);
    }

    /// A line of two columns: a short cell, and text that wraps below itself.
    pub fn columns(&mut self, indent: usize, first: &str, first_width: usize, text: &str) {
        let lead = format!("{}{first:<first_width$}  ", " ".repeat(indent));
        let below = " ".repeat(indent + first_width + 2);
        self.hanging(&lead, &below, text);
    }

    fn hanging(&mut self, lead: &str, below: &str, text: &str) {
        let mut line = lead.to_owned();
        let mut is_fresh = true;
        for word in text.split_whitespace() {
            if !is_fresh && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.lines.push(std::mem::replace(&mut line, below.to_owned()));
                is_fresh = true;
            }
            if !is_fresh {
                line.push(' ');
            }
            line.push_str(word);
            is_fresh = false;
        }
        self.lines.push(line.trim_end().to_owned());
    }

    /// The text, ending in a line end.
    pub fn into_text(self) -> String {
        self.lines.join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_wrap_below_their_text_and_no_line_is_too_wide() {
        let mut sheet = Sheet::default();
        sheet.item(2, &"word ".repeat(60));
        sheet.columns(0, "one", 8, &"more ".repeat(40));
        let text = sheet.into_text();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH && line == line.trim_end()), "{text}");
        assert!(text.starts_with("  - word") && text.contains("\n    word"), "{text}");
        assert!(text.contains("\none       more") && text.contains("\n          more"), "{text}");
    }

    #[test]
    fn a_word_longer_than_a_line_is_kept_whole() {
        let mut sheet = Sheet::default();
        sheet.paragraph(4, &"x".repeat(150));
        assert_eq!(sheet.into_text().trim().len(), 150);
    }
}
