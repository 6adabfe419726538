//! Cells as exports have them and as they have them broken, for the tests that hold a quick reading against the full one.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Codes, dates, amounts, ids, words and nothings, as most are written.
const WRITTEN: [&str; 48] = [
    "",
    "A12.3",
    "a123",
    "AA1.1",
    "V42.01",
    "V4201",
    "E819.0",
    "E8190",
    "123.45",
    "2812.0",
    "12345",
    "123.0",
    "66",
    "A12.3;B34.5",
    "1234.0|123.0",
    "01234567890",
    "01234-5678-90",
    "1234-5678-90",
    "N401234567890",
    "00000000000",
    "2024-07-01",
    "2024-02-30",
    "2024-07-01 08:15:00",
    "2024-07-01T08:15",
    "20240701",
    "07/01/2024",
    "7/1/24",
    "01-JUL-2024",
    "20240701-20240707",
    "1437702123.0",
    "6.93217E+12",
    "5e+14",
    "-10000930037831",
    "L0001",
    "1000",
    "1,000.50",
    "$12.3",
    "-5.00",
    "(5.00)",
    "0.10",
    "5.",
    "999999999999",
    "1.005",
    "> 89",
    "NULL",
    "n/a",
    "Unknown",
    "XY",
];

/// What may stand in a cell where it should not: spaces, marks, quotes, digits of other scripts, letters that grow or shrink.
const ODD: [&str; 36] = [
    " ", "\t", "\n", "\u{a0}", "\u{85}", "\u{1f}", "\u{feff}", "\u{200b}", "\"", "'", "`", ".", ",", ";", "|", ":",
    "^", "-", "+", "/", "$", "(", ")", "~", "e", "E", "T", "0", "00", "9", "\u{7f}", "é", "İ", "ß", "１", "٣",
];

/// A cell with up to four characters put in, put over or taken out.
pub(crate) fn cells() -> impl Strategy<Value = String> {
    let change = (any::<Index>(), select(&ODD[..]), 0..4);
    (select(&WRITTEN[..]), vec(change, 0..5)).prop_map(|(written, changes)| {
        let mut cell: Vec<String> = written.chars().map(String::from).collect();
        for (at, odd, kind) in changes {
            let at = at.index(cell.len() + 1);
            match kind {
                0 | 1 => cell.insert(at, odd.to_owned()),
                2 if at < cell.len() => odd.clone_into(&mut cell[at]),
                _ if at < cell.len() => drop(cell.remove(at)),
                _ => cell.push(odd.to_owned()),
            }
        }
        cell.concat()
    })
}
