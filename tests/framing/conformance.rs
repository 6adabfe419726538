//! Named cases of the framing rule, each with the expected reading in full.
//!
//! The kinds of cases are those that public CSV suites test; the cases and what is expected of them are ours.
//! Line 1 is the header. A reading is written as `record@line fields` with `|` between fields, `~` after a record
//! with a bare quote, `!fault` (with the column of the quote or the number of fields found) for a rejection, `␊`
//! and `␍` for line ends inside a field, and `+n blank` at the end. Every case is read at several paces.

use ivig_audit::framing::{Dialect, Fault, Splitter};
use ivig_audit::scan::wave::{LineCounts, Pace};

use crate::oracle;
use crate::transcript::{Event, START, What, commas, read};

/// Name, input after the header, expected reading.
type Case = (&'static str, &'static str, &'static str);

fn check(dialect: &Dialect, cases: &[Case]) {
    for (name, input, expected) in cases {
        let bytes = input.as_bytes();
        let (events, counts) = oracle::read(bytes, START.line, START.offset, dialect);
        assert_eq!(rendered(&events, counts, dialect), *expected, "the oracle in {name}");
        for (threads, chunk_size) in [(1, 1 << 20), (1, 1), (2, 3), (3, 8)] {
            let found = read(bytes, dialect, Pace { threads, chunk_size });
            assert_eq!(rendered(&found.0, found.1, dialect), *expected, "{name}, chunk size {chunk_size}");
            assert_eq!(found, (events.clone(), counts), "{name}, chunk size {chunk_size}");
        }
    }
}

fn rendered(events: &[Event], counts: LineCounts, dialect: &Dialect) -> String {
    let mut splitter = Splitter::new();
    let mut parts: Vec<String> = Vec::new();
    for Event { place, what } in events {
        let said = match what {
            What::Record { content, bare_quote } => {
                let fields = splitter.split(content, dialect);
                let fields: Vec<_> = fields.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect();
                fields.join("|").replace('\n', "␊").replace('\r', "␍") + if *bare_quote { "~" } else { "" }
            }
            What::Rejected { fault: Fault::FieldCount { found }, .. } => format!("!field-count {found}"),
            What::Rejected { fault, column: Some(column) } => format!("!{} {column}", fault.id()),
            What::Rejected { fault, column: None } => format!("!{}", fault.id()),
        };
        parts.push(format!("{}@{} {said}", place.record, place.line));
    }
    if counts.blank > 0 {
        parts.push(format!("+{} blank", counts.blank));
    }
    parts.join("; ")
}

#[test]
fn line_ends() {
    check(
        &commas(3, &[]),
        &[
            ("nothing at all", "", ""),
            ("one record", "a,b,c\n", "1@2 a|b|c"),
            ("no line end at the end", "a,b,c", "1@2 a|b|c"),
            ("two records with LF", "a,b,c\nd,e,f\n", "1@2 a|b|c; 2@3 d|e|f"),
            ("two records with CRLF", "a,b,c\r\nd,e,f\r\n", "1@2 a|b|c; 2@3 d|e|f"),
            ("two records with CR", "a,b,c\rd,e,f\r", "1@2 a|b|c; 2@3 d|e|f"),
            (
                "all three line ends in one file",
                "a,b,c\nd,e,f\r\ng,h,i\rj,k,l",
                "1@2 a|b|c; 2@3 d|e|f; 3@4 g|h|i; 4@5 j|k|l",
            ),
            ("LF before CR is two line ends", "a,b,c\n\rd,e,f", "1@2 a|b|c; 2@4 d|e|f; +1 blank"),
            ("CR CR LF is two line ends", "a,b,c\r\r\nd,e,f", "1@2 a|b|c; 2@4 d|e|f; +1 blank"),
            ("CR at the end of input", "a,b,c\r", "1@2 a|b|c"),
            ("a CR inside a field ends the line", "a,b\rb,c\n", "1@2 !field-count 2; 2@3 !field-count 2"),
            ("a CR in quotes ends the line too", "a,\"b\rb\",c\n", "1@2 !quote-spans-lines 1; 2@3 !field-count 2"),
            ("a form feed is data", "a,b\u{c}b,c\n", "1@2 a|b\u{c}b|c"),
            ("a next-line character is data", "a,b\u{85}b,c\n", "1@2 a|b\u{85}b|c"),
            ("a line separator character is data", "a,b\u{2028}b,c\n", "1@2 a|b\u{2028}b|c"),
        ],
    );
}

#[test]
fn blank_lines() {
    check(
        &commas(3, &[]),
        &[
            ("only a line end", "\n", "+1 blank"),
            ("blank lines of every kind", "\n\r\n\r", "+3 blank"),
            ("first, between and last", "\na,b,c\n\n\nd,e,f\n\n", "1@3 a|b|c; 2@6 d|e|f; +4 blank"),
            ("a blank is not a record and takes no number", "a,b,c\n\nx\n", "1@2 a|b|c; 2@4 !field-count 1; +1 blank"),
            ("a line of a space is not blank", " \n", "1@2 !field-count 1"),
            ("a line of a tab is not blank", "\t\n", "1@2 !field-count 1"),
            ("a line of delimiters is a record of empty fields", ",,\n", "1@2 ||"),
            ("a line of too few delimiters", ",\n", "1@2 !field-count 2"),
        ],
    );
    check(
        &commas(1, &[]),
        &[
            ("an empty quoted field alone is a record", "\"\"\n", "1@2 "),
            ("with one column a space is a record", " \n", "1@2  "),
            ("with one column a blank line is still blank", "a\n\nb\n", "1@2 a; 2@4 b; +1 blank"),
        ],
    );
}

#[test]
fn field_counts() {
    check(
        &commas(3, &[]),
        &[
            ("one too few", "a,b\n", "1@2 !field-count 2"),
            ("one too many", "a,b,c,d\n", "1@2 !field-count 4"),
            ("a trailing delimiter", "a,b,c,\n", "1@2 !field-count 4"),
            ("empty fields", "a,,c\n,b,\n,,c\n", "1@2 a||c; 2@3 |b|; 3@4 ||c"),
            ("a wrong record between right ones", "a,b,c\nd\ne,f,g\n", "1@2 a|b|c; 2@3 !field-count 1; 3@4 e|f|g"),
            ("a wrong last record without line end", "a,b,c\nd,e", "1@2 a|b|c; 2@3 !field-count 2"),
            ("a trailer", "a,b,c\nTRAILER|000001\n", "1@2 a|b|c; 2@3 !field-count 1"),
            ("delimiters in quotes do not count", "\"a,a\",\",\",\",,\"\n", "1@2 a,a|,|,,"),
            ("another delimiter is data", "a;b;c\na,b;c,d\n", "1@2 !field-count 1; 2@3 a|b;c|d"),
        ],
    );
    let trailing = Dialect { allow_trailing_delimiter: true, ..commas(3, &[1]) };
    check(
        &trailing,
        &[
            ("allowed and there", "a,b,c,\n", "1@2 a|b|c|"),
            ("allowed and not there", "a,b,c\n", "1@2 a|b|c"),
            ("allowed once only", "a,b,c,,\n", "1@2 !field-count 5"),
            ("allowed, but the field holds something", "a,b,c, \n", "1@2 !field-count 4"),
            ("allowed, but the empty field is quoted", "a,b,c,\"\"\n", "1@2 !field-count 4"),
            ("allowed after a quoted field", "a,b,\"c\",\n", "1@2 a|b|c|"),
            ("allowed, one field short", "a,b,\n", "1@2 a|b|"),
            (
                "allowed after a note, whose last line then looks whole",
                "a,\"b\nb\",c,\n",
                "1@2 !swallowed-record 1; 2@3 b\"|c|~",
            ),
            (
                "a swallowed line with one is whole",
                "a,\"b\nd,e,f,\ng\",c\n",
                "1@2 !swallowed-record 1; 2@3 d|e|f|; 3@4 !field-count 2",
            ),
        ],
    );
}

#[test]
fn trailing_delimiters_after_notes() {
    let trailing = Dialect { allow_trailing_delimiter: true, ..commas(4, &[2]) };
    check(
        &trailing,
        &[
            ("after a note", "a,b,\"c\nc\",d,\n", "1@2 a|b|c␊c|d|"),
            ("not after a note", "a,b,\"c\nc\",d\n", "1@2 a|b|c␊c|d"),
            (
                "a note in the last place is not empty",
                "a,b,c,d,\"\n\"\n",
                "1@2 !quote-spans-lines 4; 2@3 !quote-spans-lines 0",
            ),
        ],
    );
}

#[test]
fn quoted_fields() {
    check(
        &commas(3, &[]),
        &[
            ("every field quoted", "\"a\",\"b\",\"c\"\n", "1@2 a|b|c"),
            ("quoted at the end of input", "a,b,\"c\"", "1@2 a|b|c"),
            ("quoted before CRLF", "a,b,\"c\"\r\nd,e,f\r\n", "1@2 a|b|c; 2@3 d|e|f"),
            ("quoted before CR", "a,b,\"c\"\rd,e,f\r", "1@2 a|b|c; 2@3 d|e|f"),
            ("empty quoted fields", "\"\",\"\",\"\"\n", "1@2 ||"),
            ("a doubled quote is one quote", "a,\"b \"\"b\"\" b\",c\n", "1@2 a|b \"b\" b|c"),
            ("doubled quotes at both ends", "\"\"\"a\"\"\",b,c\n", "1@2 \"a\"|b|c"),
            ("nothing but a doubled quote", "\"\"\"\",b,c\n", "1@2 \"|b|c"),
            ("two doubled quotes", "\"\"\"\"\"\",b,c\n", "1@2 \"\"|b|c"),
            ("doubled quote before a delimiter", "\"a\"\",b\",c,d\n", "1@2 a\",b|c|d"),
            ("spaces inside quotes are kept", "a,\" b \",c\n", "1@2 a| b |c"),
            ("spaces outside quotes are kept", " a , b , c \n", "1@2  a | b | c "),
            ("letters of other scripts", "\"ä\",\"日本\",\"é\"\n", "1@2 ä|日本|é"),
            ("an apostrophe is no quote", "a,'b,b',c\n", "1@2 !field-count 4"),
            ("a backslash escapes nothing", "a,\"b\\\",c\n", "1@2 a|b\\|c"),
            ("a typographic quote is no quote", "a,“b”,c\n", "1@2 a|“b”|c"),
            ("a NUL is data", "a,\u{0},c\n", "1@2 a|\u{0}|c"),
            ("a comment sign is data", "#a,b,c\n", "1@2 #a|b|c"),
            ("a formula is data", "=1+1,\"=HYPERLINK(\"\"x\"\")\",@c\n", "1@2 =1+1|=HYPERLINK(\"x\")|@c"),
        ],
    );
}

#[test]
fn bare_quotes() {
    check(
        &commas(3, &[1]),
        &[
            ("in the middle of a field", "a,b\"b,c\n", "1@2 a|b\"b|c~"),
            ("inches", "a,5\" pipe,c\n", "1@2 a|5\" pipe|c~"),
            ("at the end of a field", "a,b\",c\n", "1@2 a|b\"|c~"),
            ("at the end of the line", "a,b,c\"\n", "1@2 a|b|c\"~"),
            ("a whole quoted word inside a field", "a,b \"b\" b,c\n", "1@2 a|b \"b\" b|c~"),
            ("after a space", "a, \"b\",c\n", "1@2 a| \"b\"|c~"),
            ("after a space, so the delimiter counts", "a, \"b,b\",c\n", "1@2 !field-count 4"),
            ("doubled and bare stays doubled", "a,b\"\"b,c\n", "1@2 a|b\"\"b|c~"),
            ("after a byte order mark", "\u{feff}\"a\",b,c\n", "1@2 \u{feff}\"a\"|b|c~"),
            ("never opens over a line end", "a,b\"b,c\nd,e,f\n", "1@2 a|b\"b|c~; 2@3 d|e|f"),
            ("beside a quoted field", "a\",\"b\",c\n", "1@2 a\"|b|c~"),
            ("before a quoted field that spans", "a\",\"b\nb\",c\n", "1@2 a\"|b␊b|c~"),
            ("after a quoted field that spans", "a,\"b\nb\",c\"\n", "1@2 a|b␊b|c\"~"),
        ],
    );
}

#[test]
fn malformed_quotes() {
    check(
        &commas(3, &[1]),
        &[
            ("text after the closing quote", "a,\"b\"b,c\n", "1@2 !malformed-quote 1"),
            ("a space after the closing quote", "a,\"b\" ,c\n", "1@2 !malformed-quote 1"),
            ("a quote after a space after the closing quote", "a,\"b\" \"b\",c\n", "1@2 !malformed-quote 1"),
            ("in the first field", "\"a\"a,b,c\n", "1@2 !malformed-quote 0"),
            ("in the last field", "a,b,\"c\"c\n", "1@2 !malformed-quote 2"),
            ("in a column beyond the header", "a,b,c,\"d\"d\n", "1@2 !malformed-quote 3"),
            ("at the end of input", "a,b,\"c\"c", "1@2 !malformed-quote 2"),
            ("three quotes and a letter", "a,\"\"\"b\"\"c\"d,c\n", "1@2 !malformed-quote 1"),
            ("an empty quoted field and a letter", "a,\"\"b,c\n", "1@2 !malformed-quote 1"),
            ("a backslash before a quote", "a,\"b\\\"b\",c\n", "1@2 !malformed-quote 1"),
            ("the first of two faults is told", "\"a\"a,\"b,c\n", "1@2 !malformed-quote 0"),
            ("before a good record", "a,\"b\"b,c\nd,e,f\n", "1@2 !malformed-quote 1; 2@3 d|e|f"),
            (
                "in the second line of a note",
                "a,\"b\nb\"x,c\nd,e,f\n",
                "1@2 !malformed-quote 1; 2@3 !field-count 2; 3@4 d|e|f",
            ),
            ("a NUL after the closing quote", "a,\"b\"\u{0},c\n", "1@2 !malformed-quote 1"),
        ],
    );
}

#[test]
fn quotes_open_at_a_line_end() {
    check(
        &commas(3, &[]),
        &[
            ("a note in a column that may not span", "a,\"b\nb\",c\n", "1@2 !quote-spans-lines 1; 2@3 !field-count 2"),
            ("with CRLF", "a,\"b\r\nb\",c\r\n", "1@2 !quote-spans-lines 1; 2@3 !field-count 2"),
            ("the next record is not touched", "a,\"b,c\nd,e,f\n", "1@2 !quote-spans-lines 1; 2@3 d|e|f"),
            ("a blank line after it is blank", "a,\"b,c\n\nd,e,f\n", "1@2 !quote-spans-lines 1; 2@4 d|e|f; +1 blank"),
            ("in the last field", "a,b,\"\nd,e,f\n", "1@2 !quote-spans-lines 2; 2@3 d|e|f"),
            ("in a column beyond the header", "a,b,c,\"d\ne,f,g\n", "1@2 !quote-spans-lines 3; 2@3 e|f|g"),
            ("only a quote", "\"\n", "1@2 !quote-spans-lines 0"),
            ("at the last line end", "a,b,\"c\n", "1@2 !quote-spans-lines 2"),
            ("at the end of input", "a,b,\"c", "1@2 !unterminated-quote 2"),
            ("only a quote at the end of input", "\"", "1@2 !unterminated-quote 0"),
            ("a doubled quote does not close it", "a,b,\"c\"\"", "1@2 !unterminated-quote 2"),
            (
                "two open quotes, one after the other",
                "a,\"b,c\nd,\"e,f\n",
                "1@2 !quote-spans-lines 1; 2@3 !quote-spans-lines 1",
            ),
        ],
    );
}

#[test]
fn quotes_that_may_span_lines() {
    check(
        &commas(3, &[1]),
        &[
            ("two lines with LF", "a,\"b\nb\",c\n", "1@2 a|b␊b|c"),
            ("two lines with CRLF", "a,\"b\r\nb\",c\r\n", "1@2 a|b␍␊b|c"),
            ("two lines with CR", "a,\"b\rb\",c\r", "1@2 a|b␍b|c"),
            ("three lines and a record after", "a,\"b\nb\nb\",c\nd,e,f\n", "1@2 a|b␊b␊b|c; 2@5 d|e|f"),
            ("blank lines in a note are part of it", "a,\"b\n\n\r\nb\",c\n", "1@2 a|b␊␊␍␊b|c"),
            ("only line ends in a note", "a,\"\n\n\",c\n", "1@2 a|␊␊|c"),
            ("a note closed at the start of its last line", "a,\"b\n\",c\n", "1@2 a|b␊|c"),
            ("doubled quotes at a line end", "a,\"b \"\"b\"\"\nb\",c\n", "1@2 a|b \"b\"␊b|c"),
            ("a line end between doubled quotes", "a,\"b \"\"\n\"\" b\",c\n", "1@2 a|b \"␊\" b|c"),
            ("a delimiter in a note", "a,\"b\nb, b\",c\n", "1@2 !swallowed-record 1; 2@3 b| b\"|c~"),
            ("delimiters that make no whole line", "a,\"b\nb, b, b\",c\n", "1@2 a|b␊b, b, b|c"),
            ("in a column that may not", "\"a\na\",b,c\n", "1@2 !quote-spans-lines 0; 2@3 a\"|b|c~"),
            (
                "a second quote in a column that may not",
                "a,\"b\nb\",\"c\nc\"\n",
                "1@2 !quote-spans-lines 2; 2@3 !field-count 2; 3@4 !field-count 1",
            ),
            (
                "a record too short over two lines",
                "a,\"b\nb\"\nd,e,f\n",
                "1@2 !field-count 2; 2@3 !field-count 1; 3@4 d|e|f",
            ),
            ("a record too long over two lines", "a,\"b\nb\",c,d\n", "1@2 !swallowed-record 1; 2@3 b\"|c|d~"),
            ("the input ends in a note", "a,\"b\nb\n", "1@2 !unterminated-quote 1; 2@3 !field-count 1"),
            ("the input ends in a line of a note", "a,\"b\nb", "1@2 !unterminated-quote 1; 2@3 !field-count 1"),
            ("the input ends after the line that opens", "a,\"b\n", "1@2 !unterminated-quote 1"),
            ("a note in the last line", "d,e,f\na,\"b\nb\",c", "1@2 d|e|f; 2@3 a|b␊b|c"),
        ],
    );
    check(
        &commas(3, &[1, 2]),
        &[
            ("two notes in one record", "a,\"b\nb\",\"c\nc\"\n", "1@2 a|b␊b|c␊c"),
            ("two notes that meet in one line of three fields", "a,\"b\nx,y\",\"c\nc\"\n", "1@2 a|b␊x,y|c␊c"),
        ],
    );
    check(
        &commas(3, &[0]),
        &[
            (
                "a note in the first column looks whole at its end",
                "\"a\na\",b,c\n",
                "1@2 !swallowed-record 0; 2@3 a\"|b|c~",
            ),
            ("unless its last line holds a delimiter", "\"a\na,a\",b,c\n", "1@2 a␊a,a|b|c"),
        ],
    );
    check(
        &commas(1, &[0]),
        &[
            ("with one column every line is whole", "\"a\nb\"\n", "1@2 !swallowed-record 0; 2@3 b\"~"),
            ("with one column a blank line is not", "\"a\n\nb\"\n", "1@2 !swallowed-record 0; 2@4 b\"~; +1 blank"),
        ],
    );
}

#[test]
fn swallowed_records() {
    check(
        &commas(3, &[1]),
        &[
            ("the next line is whole", "a,\"b,c\nd,e,f\n", "1@2 !swallowed-record 1; 2@3 d|e|f"),
            ("whole at the end of input", "a,\"b,c\nd,e,f", "1@2 !swallowed-record 1; 2@3 d|e|f"),
            (
                "whole after a line that is not",
                "a,\"b\nb\nd,e,f\ng\",h\n",
                "1@2 !swallowed-record 1; 2@3 !field-count 1; 3@4 d|e|f; 4@5 !field-count 2",
            ),
            ("the line that closes is whole", "a,\"b\nd,e\",f\n", "1@2 !swallowed-record 1; 2@3 d|e\"|f~"),
            ("whole with quotes of its own", "a,\"b\nd,\"e\",f\n", "1@2 !swallowed-record 1; 2@3 d|e|f"),
            ("a line that opens a quote is not whole", "a,\"b\nd,\"e\nf\",g\n", "1@2 !malformed-quote 1; 2@3 d|e␊f|g"),
            (
                "a stray quote before a record with a note",
                "a,\"b,c\nd,\"e\ne\",f\ng,h,i\n",
                "1@2 !malformed-quote 1; 2@3 d|e␊e|f; 3@5 g|h|i",
            ),
            ("whole is told before malformed", "a,\"b\nd,e\"e,f\n", "1@2 !swallowed-record 1; 2@3 d|e\"e|f~"),
            (
                "stray quotes in every line",
                "a,\"b,c\nd,\"e,f\ng,\"h,i\n",
                "1@2 !malformed-quote 1; 2@3 !malformed-quote 1; 3@4 !unterminated-quote 1",
            ),
            (
                "two stray quotes with a good record between",
                "a,\"b,c\nd,e,f\ng,h\",i\n",
                "1@2 !swallowed-record 1; 2@3 d|e|f; 3@4 g|h\"|i~",
            ),
        ],
    );
}

#[test]
fn other_dialects() {
    check(
        &Dialect { delimiter: b'\t', ..commas(3, &[]) },
        &[("tabs", "a\tb,b\tc\n", "1@2 a|b,b|c"), ("tabs in quotes", "a\t\"b\tb\"\tc\n", "1@2 a|b\tb|c")],
    );
    check(&Dialect { delimiter: b'|', ..commas(3, &[]) }, &[("bars", "a|b|c\n||\n", "1@2 a|b|c; 2@3 ||")]);
    check(
        &Dialect { quote: Some(b'\''), ..commas(3, &[]) },
        &[
            ("an apostrophe as the quote", "a,'b,''b','c'\n", "1@2 a|b,'b|c"),
            ("the double quote is then data and not bare", "a,\"b,c\"\n", "1@2 a|\"b|c\""),
        ],
    );
    check(
        &Dialect { quote: None, ..commas(3, &[1]) },
        &[
            ("no quote: quotes are data and not bare", "a,\"b\",c\"\n", "1@2 a|\"b\"|c\""),
            ("no quote: delimiters in quotes count", "\"a,b\",c\n", "1@2 \"a|b\"|c"),
            ("no quote: nothing spans", "a,\"b\nb\",c\n", "1@2 !field-count 2; 2@3 !field-count 2"),
        ],
    );
}

#[test]
fn records_that_lack_their_last_fields() {
    check(
        &Dialect { allow_missing_fields: 1, ..commas(3, &[1]) },
        &[
            ("one short is a record", "a,b\na,b,c\n", "1@2 a|b; 2@3 a|b|c"),
            ("two short is none", "a\n", "1@2 !field-count 1"),
            ("one too many is none", "a,b,c,d\n", "1@2 !field-count 4"),
            (
                "a swallowed line that may be short is whole",
                "a,\"b\nc,d\ne\",f\n",
                "1@2 !swallowed-record 1; 2@3 c|d; 3@4 e\"|f~",
            ),
        ],
    );
}

#[test]
fn control_records() {
    check(
        &Dialect { control: vec!["HDR".to_owned(), "TRL".to_owned()], ..commas(3, &[1]) },
        &[
            (
                "a header and a trailer",
                "HDR,x\na,b,c\nTRL,1,2,3\n",
                "1@2 !control-record; 2@3 a|b|c; 3@4 !control-record",
            ),
            ("one of as many fields as a record", "TRL,b,c\n", "1@2 !control-record"),
            ("padded and quoted", "\"HDR \",\"x\n TRL ,\n", "1@2 !control-record; 2@3 !control-record"),
            ("the word in another place or as a part is data", "a,HDR,c\nHDRS,b,c\n", "1@2 a|HDR|c; 2@3 HDRS|b|c"),
            (
                "no quote swallows one",
                "a,\"b\nTRL,1\nc\",d\n",
                "1@2 !swallowed-record 1; 2@3 !control-record; 3@4 !field-count 2",
            ),
        ],
    );
}
