//! What a Rust file says outside comments, literals and tests: enough of the grammar for the rules, no more.

/// A Rust file, taken apart.
pub struct RustSource {
    /// The text with comments and the insides of literals blanked; lines stay where they are.
    pub code: String,
    /// The same without items under `#[cfg(test)]`.
    pub shipped: String,
    /// The string literals outside items under `#[cfg(test)]`, with their lines, escapes resolved.
    pub literals: Vec<(usize, String)>,
    /// The first and last lines of items under `#[cfg(test)]`.
    pub tests: Vec<(usize, usize)>,
}

impl RustSource {
    pub fn read(text: &str) -> Self {
        let (code, all) = blank(text);
        let cut = test_items(&code);
        let mut shipped = code.clone().into_bytes();
        for range in &cut {
            for byte in &mut shipped[range.clone()] {
                *byte = if *byte == b'\n' { b'\n' } else { b' ' };
            }
        }
        let literals = all
            .into_iter()
            .filter(|(at, _)| !cut.iter().any(|range| range.contains(at)))
            .map(|(at, value)| (line_of(text, at), value))
            .collect();
        let tests = cut.iter().map(|range| (line_of(text, range.start), line_of(text, range.end))).collect();
        Self { shipped: String::from_utf8_lossy(&shipped).into_owned(), code, literals, tests }
    }
}

/// The 1-based line of a byte offset.
pub fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where a word stands in blanked code, not as a part of a longer one.
pub fn word_places<'code>(code: &'code str, word: &'code str) -> impl Iterator<Item = usize> + 'code {
    let bytes = code.as_bytes();
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let end = at + word.len();
        let starts =
            !word.starts_with(|first: char| first.is_ascii_alphanumeric()) || *at == 0 || !is_word(bytes[at - 1]);
        let ends =
            !word.ends_with(|last: char| last.is_ascii_alphanumeric()) || end == bytes.len() || !is_word(bytes[end]);
        starts && ends
    })
}

/// Blanks comments and literals; gives the string literals with their offsets.
fn blank(text: &str) -> (String, Vec<(usize, String)>) {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut literals = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text.as_bytes()[at..];
        let end = if rest.starts_with(b"//") {
            at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            block_comment_end(bytes, at)
        } else if let Some(hashes) = raw_string(bytes, at) {
            let open = at + rest.iter().position(|byte| *byte == b'"').unwrap_or(0) + 1;
            let close = format!("\"{}", "#".repeat(hashes));
            let shut = text[open..].find(&close).map_or(bytes.len(), |found| open + found);
            literals.push((at, text[open..shut].to_owned()));
            (shut + close.len()).min(bytes.len())
        } else if rest[0] == b'"' {
            let end = quoted_end(bytes, at, b'"');
            literals.push((at, unescape(&text[at + 1..end.saturating_sub(1).max(at + 1)])));
            end
        } else if rest[0] == b'\'' && is_char(text, at) {
            quoted_end(bytes, at, b'\'')
        } else {
            at += 1;
            continue;
        };
        for byte in code[at..end].iter_mut().filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
        at = end;
    }
    (String::from_utf8_lossy(&code).into_owned(), literals)
}

fn block_comment_end(bytes: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
            [b'*', b'/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The number of hashes, if a raw string begins here.
fn raw_string(bytes: &[u8], at: usize) -> Option<usize> {
    if at > 0 && is_word(bytes[at - 1]) {
        return None;
    }
    let rest = &bytes[at..];
    let after = rest.strip_prefix(b"br").or_else(|| rest.strip_prefix(b"r"))?;
    let hashes = after.iter().take_while(|byte| **byte == b'#').count();
    (after.get(hashes) == Some(&b'"')).then_some(hashes)
}

fn quoted_end(bytes: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from + 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// A quote opens a character, not a lifetime.
fn is_char(text: &str, at: usize) -> bool {
    let mut next = text[at + 1..].chars();
    matches!((next.next(), next.next()), (Some('\\'), _) | (Some(_), Some('\'')))
}

fn unescape(text: &str) -> String {
    let mut value = String::new();
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.next() {
        if next != '\\' {
            value.push(next);
            continue;
        }
        match rest.next() {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('\n') => while rest.next_if(|space| space.is_whitespace()).is_some() {},
            Some('u') => {
                let hex: String =
                    rest.by_ref().take_while(|digit| *digit != '}').filter(|digit| *digit != '{').collect();
                value.extend(u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32));
            }
            Some('x') => {
                let hex: String = rest.by_ref().take(2).collect();
                value.extend(u8::from_str_radix(&hex, 16).ok().map(char::from));
            }
            Some(other) => value.push(other),
            None => {}
        }
    }
    value
}

/// The byte ranges of items under `#[cfg(test)]`.
fn test_items(code: &str) -> Vec<std::ops::Range<usize>> {
    const MARK: &str = "#[cfg(test)]";
    let mut items: Vec<std::ops::Range<usize>> = Vec::new();
    for (start, _) in code.match_indices(MARK) {
        if items.last().is_none_or(|last| start >= last.end) {
            items.push(start..item_end(code.as_bytes(), start + MARK.len()));
        }
    }
    items
}

/// The end of the item that begins here: its semicolon, or the end of its braces.
pub fn item_end(code: &[u8], from: usize) -> usize {
    let (mut round, mut curly) = (0_i32, 0_i32);
    for (at, byte) in code.iter().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => round += 1,
            b')' | b']' => round -= 1,
            b'{' => curly += 1,
            b'}' => curly -= 1,
            _ => {}
        }
        if round == 0 && curly == 0 && matches!(byte, b';' | b'}') {
            return at + 1;
        }
    }
    code.len()
}

#[test]
fn comments_literals_and_tests_are_told_from_code() {
    let text = "/// unwrap\nfn a<'x>(q: &'x str) { b('\"', r#\"raw \" one\"#, \"two\\n\\u{e9}\"); /* c /* d */ e */ f() }\n\
                #[cfg(test)]\nmod tests {\n fn g() { h(\"three\") }\n}\nfn i() { \"four\" }\n";
    let source = RustSource::read(text);
    let found: Vec<_> = source.literals.iter().map(|(line, value)| (*line, value.as_str())).collect();
    assert_eq!(found, [(2, "raw \" one"), (2, "two\né"), (7, "four")]);
    assert!(!source.code.contains("unwrap") && !source.code.contains(" e ") && source.code.contains("f()"));
    assert!(source.code.contains("h(") && !source.shipped.contains("h(") && source.shipped.contains("fn i()"));
    assert_eq!(source.code.len(), text.len());
}
