//! Standard output and standard error: buffered, with errors handled, since `println!` panics on a closed pipe.

use std::io::{self, BufWriter, Stdout, Write};

/// Standard output, buffered.
pub(super) struct Output {
    writer: BufWriter<Stdout>,
}

impl Output {
    pub fn stdout() -> Self {
        Self { writer: BufWriter::new(io::stdout()) }
    }

    /// Writes a line.
    pub fn line(&mut self, text: impl AsRef<str>) -> io::Result<()> {
        self.writer.write_all(text.as_ref().as_bytes())?;
        self.writer.write_all(b"\n")
    }

    /// Writes bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Says what is wrong on standard error; if nobody listens, nothing more can be done.
pub(super) fn complain(message: &str) {
    let _ = writeln!(io::stderr().lock(), "ivig-audit: {message}");
}

/// Says something that is no complaint on standard error.
pub(super) fn remark(message: &str) {
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// Text wrapped to a width, each line behind an indent.
pub(super) fn wrapped(text: &str, indent: &str, width: usize) -> String {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && indent.chars().count() + line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines.iter().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}
