//! Validity windows of ICD-10-CM codes: each is valid on its first day and told on the day before.

use chrono::{Days, NaiveDate};
use ivig_audit::codes::read_diagnosis;
use ivig_audit::rules::Validity;

use super::bench::{Bench, RULES};

/// Codes with the first day on which they were valid.
const BEGUN: [(&str, &str); 34] = [
    ("G61.81", "2015-10-01"),
    ("G61.82", "2016-10-01"),
    ("M33.03", "2017-10-01"),
    ("M33.13", "2017-10-01"),
    ("M33.93", "2017-10-01"),
    ("G12.25", "2017-10-01"),
    ("G71.00", "2018-10-01"),
    ("D81.30", "2019-10-01"),
    ("D81.31", "2019-10-01"),
    ("D81.39", "2019-10-01"),
    ("D84.81", "2020-10-01"),
    ("D84.821", "2020-10-01"),
    ("D84.822", "2020-10-01"),
    ("D84.89", "2020-10-01"),
    ("D59.10", "2020-10-01"),
    ("D59.11", "2020-10-01"),
    ("D59.19", "2020-10-01"),
    ("G71.20", "2020-10-01"),
    ("M35.81", "2021-01-01"),
    ("M35.06", "2021-10-01"),
    ("D81.82", "2022-10-01"),
    ("G90.A", "2022-10-01"),
    ("G71.031", "2022-10-01"),
    ("G71.0340", "2022-10-01"),
    ("D89.84", "2023-10-01"),
    ("G37.81", "2023-10-01"),
    ("C88.00", "2024-10-01"),
    ("C88.01", "2024-10-01"),
    ("G90.81", "2024-10-01"),
    ("G90.89", "2024-10-01"),
    ("G35.A", "2025-10-01"),
    ("G35.B0", "2025-10-01"),
    ("G35.C2", "2025-10-01"),
    ("G35.D", "2025-10-01"),
];

/// Codes with the last day on which they were valid.
const ENDED: [(&str, &str); 9] = [
    ("G71.0", "2018-09-30"),
    ("D81.3", "2019-09-30"),
    ("D59.1", "2020-09-30"),
    ("D84.8", "2020-09-30"),
    ("G71.2", "2020-09-30"),
    ("M35.8", "2020-12-31"),
    ("C88.0", "2024-09-30"),
    ("G90.8", "2024-09-30"),
    ("G35", "2025-09-30"),
];

fn validity(code: &str, on: NaiveDate) -> Validity {
    RULES.lists.validity(read_diagnosis(code, None, None).unwrap(), Some(on))
}

#[test]
fn codes_are_valid_from_their_first_day() {
    for (code, first) in BEGUN {
        let first: NaiveDate = first.parse().unwrap();
        assert_eq!(validity(code, first), Validity::Valid, "{code}");
        assert_eq!(validity(code, first - Days::new(1)), Validity::NotOnDate, "{code}");
    }
}

#[test]
fn codes_are_valid_to_their_last_day() {
    for (code, last) in ENDED {
        let last: NaiveDate = last.parse().unwrap();
        assert_eq!(validity(code, last), Validity::Valid, "{code}");
        assert_eq!(validity(code, last + Days::new(1)), Validity::NotOnDate, "{code}");
    }
}

/// The neighbours of the listed conditions (none of them in any row), and that their children are known.
#[test]
fn neighbouring_codes_are_not_addressed() {
    let near = [
        "G12.21", "G60.0", "G60.1", "G60.2", "G62.0", "G62.1", "G62.2", "G62.81", "G62.82", "G65.0", "G65.1", "G70.1",
        "G70.2", "G70.9", "G71.01", "G72.0", "G72.1", "G72.3", "G72.81", "G72.89", "G72.9", "G73.3", "G73.7", "G90.01",
        "G90.1", "G90.2", "G90.3", "G90.4", "G90.50", "G90.A", "G54.1", "G54.2", "G54.3", "G54.4", "G56.00", "G57.00",
        "G58.7", "E11.40", "E11.42", "M79.2", "M60.9", "R20.2", "G13.0", "B91", "D47.2", "G63",
    ];
    for dx in near {
        let said = Bench::dx(dx).said();
        assert_eq!(said.differs_from("not_addressed - review"), Vec::<String>::new(), "{dx}");
        assert!(!said.warnings.iter().any(|warning| warning.contains("code")), "{dx}: {:?}", said.warnings);
    }
    for dx in ["G12", "G12.2", "G13", "G65", "G71", "G71.0", "G71.03"] {
        let said = Bench::dx(dx).said();
        let known = if dx == "G71.0" {
            "not_addressed - review warns=code-not-valid-on-date"
        } else {
            "no_diagnosis - review warns=header-code"
        };
        assert_eq!(said.differs_from(known), Vec::<String>::new(), "{dx}");
    }
}
