//! The grammar of quotes and delimiters within one physical line.

/// What reading one physical line found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// How the line ended.
    pub end: End,
    /// The column in which reading ended (0-based, counted from the record's first line).
    pub column: usize,
    /// Whether a quote stands in an unquoted field.
    pub bare_quote: bool,
    /// Whether the last field is empty and unquoted, after a delimiter.
    pub trailing: bool,
}

/// How a line ended for the record that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The record ends with the line; it has `column + 1` fields.
    Closed,
    /// A quoted field is open at the line's end.
    Open,
    /// A quoted field goes on after its closing quote.
    Malformed,
}

/// Reads `line` (no terminator) from the start of a record.
pub(super) fn read(line: &[u8], delimiter: u8, quote: u8) -> Reading {
    fields(line, delimiter, quote, 0, false)
}

/// Reads `line` (no terminator) on from inside a quoted field of `column`.
pub(super) fn read_on(line: &[u8], delimiter: u8, quote: u8, column: usize) -> Reading {
    fields(line, delimiter, quote, column, true)
}

fn fields(line: &[u8], delimiter: u8, quote: u8, mut column: usize, mut inside: bool) -> Reading {
    #[cfg(test)]
    effort::add(line.len());
    let mut rest = line;
    let mut bare_quote = false;
    loop {
        let reading = |end, trailing| Reading { end, column, bare_quote, trailing };
        if !inside && rest.first() != Some(&quote) {
            let field = rest.iter().position(|&byte| byte == delimiter);
            bare_quote |= rest[..field.unwrap_or(rest.len())].contains(&quote);
            let Some(len) = field else {
                let trailing = rest.is_empty() && column > 0;
                return Reading { end: End::Closed, column, bare_quote, trailing };
            };
            rest = &rest[len + 1..];
        } else {
            let opened = if inside { rest } else { &rest[1..] };
            let Some(len) = through_closing_quote(opened, quote) else {
                return reading(End::Open, false);
            };
            match opened[len..].split_first() {
                None => return reading(End::Closed, false),
                Some((&byte, after)) if byte == delimiter => rest = after,
                Some(_) => return reading(End::Malformed, false),
            }
            inside = false;
        }
        column += 1;
    }
}

/// Length of the text of a quoted field through its closing quote, or `None` when it does not close here.
fn through_closing_quote(text: &[u8], quote: u8) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text[at..].iter().position(|&byte| byte == quote)? + 1;
        if text.get(at) != Some(&quote) {
            return Some(at);
        }
        at += 1;
    }
}

/// Counts the bytes that were read, so that a test can hold framing to linear time without a clock.
#[cfg(test)]
pub(super) mod effort {
    use std::cell::Cell;

    thread_local!(static BYTES: Cell<usize> = const { Cell::new(0) });

    pub(in crate::framing) fn add(bytes: usize) {
        BYTES.set(BYTES.get() + bytes);
    }

    pub(in crate::framing) fn take() -> usize {
        BYTES.replace(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{End, read, read_on};

    fn ended(line: &str) -> (End, usize) {
        let reading = read(line.as_bytes(), b',', b'"');
        (reading.end, reading.column)
    }

    #[test]
    fn a_field_is_quoted_only_by_its_first_byte() {
        assert_eq!(ended(r#"a,"b,c",d"#), (End::Closed, 2));
        assert_eq!(ended(r#"a, "b,c",d"#), (End::Closed, 3));
        assert!(read(br#"a, "b""#, b',', b'"').bare_quote);
    }

    #[test]
    fn a_doubled_quote_does_not_close() {
        assert_eq!(ended(r#""a"",""b",c"#), (End::Closed, 1));
        for quotes in 1..9 {
            let end = if quotes % 2 == 0 { End::Closed } else { End::Open };
            assert_eq!(ended(&"\"".repeat(quotes)), (end, 0), "{quotes} quotes");
        }
    }

    #[test]
    fn text_after_the_closing_quote_is_malformed() {
        assert_eq!(ended(r#"a,"pt"500,c"#), (End::Malformed, 1));
        assert_eq!(ended(r#"a,"b" ,c"#), (End::Malformed, 1));
    }

    #[test]
    fn reading_goes_on_in_the_column_that_was_open() {
        let reading = read_on(br#"rest",x"#, b',', b'"', 3);
        assert_eq!((reading.end, reading.column), (End::Closed, 4));
        assert_eq!(read_on(b"no quote, here", b',', b'"', 3).end, End::Open);
    }

    #[test]
    fn a_trailing_delimiter_is_an_empty_unquoted_last_field() {
        assert!(read(b"a,b,", b',', b'"').trailing);
        assert!(!read(br#"a,b,"""#, b',', b'"').trailing);
        assert!(!read(b"", b',', b'"').trailing);
    }
}
