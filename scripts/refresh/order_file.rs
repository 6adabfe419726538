//! The ICD-10-CM order file of CMS: one code a line at fixed columns, header codes among them.

use std::collections::{BTreeMap, BTreeSet};

use ivig_audit::codes::Icd10;

/// The codes of one edition, each with whether it is billable.
pub struct OrderFile {
    codes: BTreeMap<Icd10, bool>,
    /// Categories whose codes have a shape that the program does not read.
    pub unread: BTreeSet<String>,
}

impl OrderFile {
    /// Reads the bytes of an order file: order number (columns 1-5, counted from 1 without a gap), code (7-13, no
    /// dot), `0` for a header or `1` for a billable code (15), and titles from column 17 on, which are not read.
    ///
    /// # Errors
    /// A sentence with the line that has another form. A file with a gap is refused as a whole: every code that it
    /// has lost would be taken as ended.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let (mut codes, mut unread) = (BTreeMap::new(), BTreeSet::new());
        let mut parents = Vec::new();
        let whole = bytes.strip_suffix(b"\n").ok_or("the last line does not end: is the file whole?")?;
        for (index, line) in whole.split(|byte| *byte == b'\n').enumerate() {
            let number = index + 1;
            let (cell, billable) = entry(line, number).map_err(|what| format!("line {number}: {what}"))?;
            let Ok(code) = Icd10::parse(cell) else {
                unread.insert(cell[..3].to_owned());
                continue;
            };
            if codes.insert(code, billable).is_some() {
                return Err(format!("line {number}: {code} stands twice"));
            }
            parents.push((number, code));
        }
        for (number, code) in parents {
            // Placeholders make codes whose next shorter form is no header, so any header above will do.
            let above = (3..code.len()).rev().map(|len| code.prefix(len)).find_map(|prefix| codes.get(&prefix));
            if code.len() > 3 && above != Some(&false) {
                return Err(format!("line {number}: {code} stands under no header: is the file whole?"));
            }
        }
        Ok(Self { codes, unread })
    }

    /// The codes of a category, in order, each with whether it is billable.
    pub fn below(&self, category: Icd10) -> impl Iterator<Item = (Icd10, bool)> + '_ {
        let from = self.codes.range(category..).map(|(code, billable)| (*code, *billable));
        from.take_while(move |(code, _)| code.category() == category)
    }
}

fn entry(line: &[u8], number: usize) -> Result<(&str, bool), &'static str> {
    const FORM: &str =
        "accepted are an order number, a code at column 7, 0 or 1 at column 15, and titles from column 17";
    let cell = |from: usize, to: usize| line.get(from..to).and_then(|cell| std::str::from_utf8(cell).ok()).ok_or(FORM);
    let blank = |at: usize| line.get(at) == Some(&b' ');
    if !(blank(5) && blank(13) && blank(15)) {
        return Err(FORM);
    }
    if cell(0, 5)?.parse() != Ok(number) {
        return Err("the order number is not the number of the line: is the file whole?");
    }
    let code = cell(6, 13)?.trim_end();
    if code.len() < 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return Err(FORM);
    }
    match line[14] {
        b'0' => Ok((code, false)),
        b'1' => Ok((code, true)),
        _ => Err(FORM),
    }
}
